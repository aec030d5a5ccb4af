"""The networks of a project as one picture: subnets, IO systems, nodes and cables.

Facts: docs/facts/openness-hardware.md#networks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from openness_bridge.enumerations import NetKind
from openness_bridge.hardware import interfaces
from openness_bridge.hardware.interfaces import InterfaceState
from openness_bridge.lookup import all_devices
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum_name


class NodeInfo(msgspec.Struct, rename="camel", frozen=True):
    """An interface of a device."""

    device: str
    interface: InterfaceState


class IoSystemInfo(msgspec.Struct, rename="camel", frozen=True):
    """A PROFINET IO system or DP master system.

    Attributes:
        controllers: Devices that control it; devices: devices that belong to it.
    """

    name: str
    number: int
    controllers: list[str]
    devices: list[str]


class SubnetInfo(msgspec.Struct, rename="camel", frozen=True):
    """A subnet with its connected nodes."""

    name: str
    type: NetKind
    nodes: list[NodeInfo]
    io_systems: list[IoSystemInfo]


class PortInfo(msgspec.Struct, rename="camel", frozen=True):
    """One end of a cable."""

    device: str
    interface: str
    port: str


class CableInfo(msgspec.Struct, rename="camel", frozen=True):
    """Two ports that are connected."""

    a: PortInfo
    b: PortInfo


class Infrastructure(msgspec.Struct, rename="camel", frozen=True):
    """The networks of the open project.

    Attributes:
        unconnected: Interfaces without a subnet.
    """

    subnets: list[SubnetInfo]
    unconnected: list[NodeInfo]
    cables: list[CableInfo]


@dataclass(frozen=True, slots=True)
class _FoundInterface:
    """One interface found on the walk, with its data."""

    device: str
    found: interfaces.Interface
    state: InterfaceState

    @property
    def info(self) -> NodeInfo:
        return NodeInfo(self.device, self.state)


def infrastructure(session: Session) -> Infrastructure:
    """Return subnets, IO systems, nodes and port connections of the open project, in one walk."""
    seen = list(_walk(session))
    return Infrastructure(
        subnets=[_subnet(subnet, seen) for subnet in session.project.Subnets],
        unconnected=[one.info for one in seen if one.state.subnet is None],
        cables=list(_cables(seen)),
    )


def _walk(session: Session) -> Iterator[_FoundInterface]:
    for device, _ in all_devices(session.project):
        for found in interfaces.interfaces(session, device):
            yield _FoundInterface(str(device.Name), found, interfaces.state(session, found))


def _subnet(subnet: Any, seen: list[_FoundInterface]) -> SubnetInfo:
    name = str(subnet.Name)
    members = [one for one in seen if one.state.subnet == name]
    systems = [_io_system(system, members) for system in subnet.IoSystems]
    return SubnetInfo(name, enum_name(subnet.NetType), [one.info for one in members], systems)


def _io_system(system: Any, members: list[_FoundInterface]) -> IoSystemInfo:
    name = str(system.Name)
    inside = [one for one in members if one.state.io_system == name]
    controllers = [one.device for one in inside if any(c.IoSystem is not None for c in one.found.service.IoControllers)]
    return IoSystemInfo(
        name, int(system.Number), controllers, [o.device for o in inside if o.device not in controllers]
    )


def _cables(seen: list[_FoundInterface]) -> Iterator[CableInfo]:
    """Yield each cable once: from the port that was met first."""
    ports = [(port, one, number) for one in seen for number, port in enumerate(one.found.service.Ports, 1)]
    for index, (port, one, number) in enumerate(ports):
        for partner in port.ConnectedPorts:
            other = next((entry for entry in ports[index + 1 :] if entry[0] == partner), None)
            if other is not None:
                yield CableInfo(_port(one, number), _port(other[1], other[2]))


def _port(one: _FoundInterface, number: int) -> PortInfo:
    return PortInfo(one.device, one.state.label, f"P{number}")
