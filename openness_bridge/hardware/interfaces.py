"""Finds network interfaces of a device by label or name, and reads them with node, subnet and IO system.

An interface is a service of an item that is built into a CPU, head module or
communication module, so the bridge searches below those. Facts: docs/facts/openness-hardware.md#networks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from openness_bridge import attribute_values
from openness_bridge.enumerations import IpProtocol, NetKind
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum_name, service

NODE_ATTRIBUTES = (
    "Address",
    "SubnetMask",
    "UseRouter",
    "RouterAddress",
    "IpProtocolSelection",
    "PnDeviceName",
    "PnDeviceNameAutoGeneration",
    "PnDeviceNameConverted",
)


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface and where it is.

    Attributes:
        label: X1 for the first interface of its module, and so on.
        module: The module that it is built into.
        item: The device item.
        service: The NetworkInterface.
    """

    label: str
    module: Any
    item: Any
    service: Any

    @property
    def node(self) -> Any:
        """The first node, or None where the interface has none."""
        return next(iter(self.service.Nodes), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the interface: label, name, and each with the module before it."""
        own, module = str(self.item.Name), str(self.module.Name)
        return self.label, own, f"{module}/{self.label}", f"{module}/{own}"


class InterfaceState(msgspec.Struct, rename="camel", frozen=True):
    """An interface with its address.

    Attributes:
        type: Ethernet, Profibus, Mpi …
        mode: IoController, IoDevice, both, or None.
        address: IPv4 address, or bus address of PROFIBUS.
        ip_protocol: The source of the address: Project, Dhcp, UserProgram, OtherPath or ViaIoController.
        pn_device_name_converted: The converted PROFINET name, which the network uses.
        io_system: The IO system that it controls or belongs to.
    """

    name: str
    label: str
    module: str
    type: NetKind
    mode: str
    node: str | None
    address: str | None
    subnet_mask: str | None
    use_router: bool | None
    router_address: str | None
    ip_protocol: IpProtocol | None
    pn_device_name: str | None
    pn_device_name_auto: bool | None
    pn_device_name_converted: str | None
    subnet: str | None
    io_system: str | None


def interfaces(session: Session, device: Any) -> Iterator[Interface]:
    """Yield every interface of a device, in the order of its modules."""
    counts: dict[str, int] = {}
    for module, item in _built_in(device, None):
        found = service(item, session.model.NetworkInterface)
        if found is not None:
            name = str(module.Name)
            counts[name] = counts.get(name, 0) + 1
            yield Interface(f"X{counts[name]}", module, item, found)


def choose(session: Session, device: Any, wanted: str) -> Interface:
    """Return the interface of that label or name; the first one where several modules have it.

    Raises:
        Problem: The device has no interface, or none of that name.
    """
    found = sorted(interfaces(session, device), key=_heads_first)
    if not found:
        msg = f"The device '{device.Name}' has no network interface."
        raise Problem("network.no_interface", msg).at(device=str(device.Name))
    for interface in found:
        if wanted.casefold() in (name.casefold() for name in interface.names):
            return interface
    known = ", ".join(f"{interface.names[2]} ({interface.item.Name})" for interface in found)
    msg = f"The device '{device.Name}' has no interface '{wanted}': it has {known}."
    raise Problem("network.interface_not_found", msg, kind=Kind.MISSING).at(device=str(device.Name), object=wanted)


def state(session: Session, interface: Interface) -> InterfaceState:
    """Read an interface. Not inside a transaction."""
    node = interface.node
    values = {} if node is None else attribute_values.read(session, node, NODE_ATTRIBUTES)
    subnet = None if node is None else node.ConnectedSubnet
    return InterfaceState(
        name=str(interface.item.Name),
        label=interface.label,
        module=str(interface.module.Name),
        type=enum_name(interface.service.InterfaceType),
        mode=enum_name(interface.service.InterfaceOperatingMode),
        node=None if node is None else str(node.Name),
        address=values.get("Address"),
        subnet_mask=values.get("SubnetMask"),
        use_router=values.get("UseRouter"),
        router_address=values.get("RouterAddress"),
        ip_protocol=enum_name(values["IpProtocolSelection"]) if "IpProtocolSelection" in values else None,
        pn_device_name=values.get("PnDeviceName"),
        pn_device_name_auto=values.get("PnDeviceNameAutoGeneration"),
        pn_device_name_converted=values.get("PnDeviceNameConverted"),
        subnet=None if subnet is None else str(subnet.Name),
        io_system=next((str(system.Name) for system in io_systems(interface)), None),
    )


def io_systems(interface: Interface) -> Iterator[Any]:
    """Yield the IO systems that an interface controls or takes part in."""
    for controller in interface.service.IoControllers:
        if controller.IoSystem is not None:
            yield controller.IoSystem
    for connector in interface.service.IoConnectors:
        if connector.ConnectedToIoSystem is not None:
            yield connector.ConnectedToIoSystem


def addresses(session: Session, device: Any) -> list[str]:
    """Return the IP addresses of a device."""
    nodes = [
        found.node for found in interfaces(session, device) if enum_name(found.service.InterfaceType) == "Ethernet"
    ]
    read = (attribute_values.read(session, node, ["Address"]) for node in nodes if node is not None)
    return [str(values["Address"]) for values in read if "Address" in values]


def _built_in(parent: Any, module: Any) -> Iterator[tuple[Any, Any]]:
    """Yield module and item; what is built into a panel belongs to the device and has the panel as its container."""
    for item in parent.DeviceItems:
        owner = item
        if item.IsBuiltIn:
            owner = item.Container if module is None else module
        yield owner, item
        yield from _built_in(item, owner)


def _heads_first(interface: Interface) -> bool:
    return enum_name(interface.module.Classification) == "None"
