"""Sets the network address of an interface: checks everything, then sets it in the order that TIA Portal needs.

The order: subnet, protocol, router off, address, mask, router, PROFINET name, IO
system. Facts: docs/facts/openness-hardware.md#networks (configure-network).
"""

from __future__ import annotations

from typing import Any

import msgspec

from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.hardware import ipv4
from openness_bridge.hardware.interfaces import Interface, InterfaceState, choose, interfaces, state
from openness_bridge.lookup import all_devices, locate
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import enum, set_attribute, with_attributes


class NetworkSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings to change; None leaves one as it is.

    Attributes:
        interface: Label (X1), name, or "module/label".
        router: Empty for none.
        profinet_name: Empty for the one that TIA Portal generates.
        subnet: Made when there is none of that name.
        io_system: A controller's is made, a device joins it.
        allow_collision: Accept an address or PROFINET name that another node of the subnet has.
    """

    interface: str = "X1"
    address: str | None = None
    mask: str | None = None
    router: str | None = None
    profinet_name: str | None = None
    subnet: str | None = None
    io_system: str | None = None
    allow_collision: bool = False


class _Plan(msgspec.Struct, frozen=True):
    """The IP settings wanted afterwards; None leaves a setting as it is."""

    address: str | None = None
    mask: str | None = None
    router: str | None = None


def configure(session: Session, device_name: str, settings: NetworkSettings) -> InterfaceState:
    """Set address, names and connections of one interface; all or nothing.

    Returns:
        The interface as it reads afterwards.

    Raises:
        Problem: A value is malformed, does not fit the others, collides in the subnet, or is refused.
    """
    device = locate(session, device_name).device
    interface = choose(session, device, settings.interface)
    now = state(session, interface)
    _require_something(settings)
    _require_kind(settings, now)
    plan = _ip_plan(settings, now)
    if settings.profinet_name:
        ipv4.require_profinet_name(settings.profinet_name)
    if not settings.allow_collision:
        _require_free(session, interface, settings, settings.subnet or now.subnet)
    with (
        transaction(session, f"Configure the network of {device_name}"),
        refused_as("network.refused", Kind.REFUSED, device=device_name, object=now.name),
    ):
        _connect(session, interface.node, settings.subnet, now.subnet)
        _set_ip(session, interface.node, plan, now)
        _set_profinet_name(session, interface.node, settings.profinet_name)
        _set_io_system(session, interface, settings.io_system)
    return state(session, interface)


def _require_something(settings: NetworkSettings) -> None:
    wanted = (
        settings.address,
        settings.mask,
        settings.router,
        settings.profinet_name,
        settings.subnet,
        settings.io_system,
    )
    if all(value is None for value in wanted):
        msg = "Nothing to set: give ipAddress, subnetMask, routerAddress, profinetName, subnet or ioSystem."
        raise Problem("network.nothing", msg, kind=Kind.INVALID)


def _require_kind(settings: NetworkSettings, now: InterfaceState) -> None:
    if now.node is None:
        raise Problem("network.no_node", f"The interface '{now.name}' has no node, so it has no address.")
    only_ip = (settings.mask, settings.router, settings.profinet_name)
    if now.type != "Ethernet" and any(value is not None for value in only_ip):
        msg = f"'{now.name}' is a {now.type} interface: it has only an address from 0 to 126."
        raise Problem("network.interface_type", msg, place=Place(object=now.name))


def _ip_plan(settings: NetworkSettings, now: InterfaceState) -> _Plan:
    """Return the address, mask and router that fit each other."""
    if (settings.address, settings.mask, settings.router) == (None, None, None):
        return _Plan()
    if now.type != "Ethernet":
        return _Plan(_bus_address(settings.address or ""))
    address = ipv4.require_address(now.address or "" if settings.address is None else settings.address)
    mask = ipv4.require_mask(now.subnet_mask or "" if settings.mask is None else settings.mask)
    ipv4.require_host(address, mask)
    present = now.router_address if now.use_router else ""
    router = present if settings.router is None else settings.router.strip()
    if not router or router == ipv4.NO_ROUTER:
        return _Plan(address, mask, "")
    return _Plan(address, mask, ipv4.require_router(router, address, mask))


def _bus_address(text: str) -> str:
    if not text.isdecimal() or int(text) > 126:
        msg = f"'{text}' is not a bus address: use a number from 0 to 126."
        raise Problem("network.address", msg, place=Place(pointer="/ipAddress"))
    return text


def _require_free(session: Session, own: Interface, settings: NetworkSettings, subnet: str | None) -> None:
    """Refuse an address or PROFINET name that another node of the subnet has."""
    if subnet is None or (settings.address is None and not settings.profinet_name):
        return
    for device, _ in all_devices(session.project):
        for other in interfaces(session, device):
            if other.node is not None and other.node != own.node:
                _require_different(str(device.Name), state(session, other), settings, subnet)


def _require_different(device: str, other: InterfaceState, settings: NetworkSettings, subnet: str) -> None:
    if (other.subnet or "").casefold() != subnet.casefold():
        return
    advice = "choose another one, or set allowCollision"
    if settings.address is not None and other.address == settings.address.strip():
        msg = f"The address {other.address} is that of '{device}' ({other.name}) in the subnet '{subnet}': {advice}."
        raise Problem("network.collision", msg, kind=Kind.CONFLICT, place=Place(device=device, pointer="/ipAddress"))
    if settings.profinet_name and (other.pn_device_name or "").casefold() == settings.profinet_name.casefold():
        msg = f"The PROFINET name '{other.pn_device_name}' is that of '{device}' ({other.name}): {advice}."
        raise Problem(
            "network.name_collision", msg, kind=Kind.CONFLICT, place=Place(device=device, pointer="/profinetName")
        )


def _connect(session: Session, node: Any, wanted: str | None, present: str | None) -> None:
    """Connect the node to a subnet, which is made when missing."""
    if wanted is None or (present or "").casefold() == wanted.casefold():
        return
    if present is not None:
        node.DisconnectFromSubnet()
    subnet = session.project.Subnets.Find(wanted)
    if subnet is None:
        node.CreateAndConnectToSubnet(wanted)
    else:
        node.ConnectToSubnet(subnet)


def _set_ip(session: Session, node: Any, plan: _Plan, now: InterfaceState) -> None:
    if plan.address is None:
        return
    node = with_attributes(session.model, node)
    if now.ip_protocol not in {None, "Project"}:
        node.SetAttribute("IpProtocolSelection", enum(session.model, "IpProtocolSelection", "Project"))
    if now.use_router:
        node.SetAttribute("UseRouter", False)
    node.SetAttribute("Address", plan.address)
    if plan.mask is not None:
        node.SetAttribute("SubnetMask", plan.mask)
    if plan.router:
        node.SetAttribute("UseRouter", True)
        node.SetAttribute("RouterAddress", plan.router)


def _set_profinet_name(session: Session, node: Any, name: str | None) -> None:
    """Set the node's name; with an empty one TIA Portal generates it."""
    if name is None:
        return
    node = with_attributes(session.model, node)
    node.SetAttribute("PnDeviceNameAutoGeneration", not name)
    if name:
        node.SetAttribute("PnDeviceName", name)


def _set_io_system(session: Session, interface: Interface, name: str | None) -> None:
    """Join the IO system of that name on the subnet, or make it where the interface is a controller."""
    if name is None:
        return
    subnet = interface.node.ConnectedSubnet
    if subnet is None:
        msg = f"'{interface.item.Name}' is not connected: name a subnet as well."
        raise Problem("network.not_connected", msg, place=Place(pointer="/subnet"))
    present = next((system for system in subnet.IoSystems if str(system.Name).casefold() == name.casefold()), None)
    connector = next(iter(interface.service.IoConnectors), None)
    if present is not None and connector is not None:
        _join(connector, present)
    else:
        _make(session, interface, name)


def _join(connector: Any, system: Any) -> None:
    joined = connector.ConnectedToIoSystem
    if joined is not None and joined == system:
        return
    if joined is not None:
        connector.DisconnectFromIoSystem()
    connector.ConnectToIoSystem(system)


def _make(session: Session, interface: Interface, name: str) -> None:
    controller = next(iter(interface.service.IoControllers), None)
    if controller is None:
        msg = f"There is no IO system '{name}' on this subnet: set it on the IO controller first."
        raise Problem(
            "network.io_system_not_found", msg, kind=Kind.MISSING, place=Place(object=name, pointer="/ioSystem")
        )
    own = controller.IoSystem
    if own is None:
        controller.CreateIoSystem(name)
    elif str(own.Name).casefold() != name.casefold():
        set_attribute(session.model, own, "Name", name)
