"""The hardware of a project as one object, for Project and the compiler.

Facts: docs/facts/openness-hardware.md#devices; uniqueness of names: docs/facts/tia-rules.md#names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fake_openness.core.machine import Process
from fake_openness.core.names import already_exists
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.store import file_name
from fake_openness.core.texts import LanguageSettings
from fake_openness.hardware.catalog import HardwareUtilityComposition
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.devices import Device, DeviceComposition, DeviceSystemGroup, DeviceUserGroupComposition
from fake_openness.network import ip
from fake_openness.network.io_systems import IoConnector, IoSystem
from fake_openness.network.network import Node
from fake_openness.network.subnets import SubnetComposition

FIRST_NET = "192.168.{}.1"
FOLDER = "devices"
"""Folder of the store for what belongs to devices."""


class _ProjectRoot(EngineeringObject):
    """A project as far as the layers below need it."""

    _file: Path
    _hardware: Hardware
    _language_settings: LanguageSettings

    @property
    def Name(self) -> str:
        """The project's name."""
        return self._file.stem

    @property
    def _portal(self) -> Process | None:
        """The portal that the project is open in."""
        process: Process | None = getattr(self._parent, "_process", None)
        return process


class Hardware:
    """Devices, groups and networks of one project; not itself a .NET object."""

    def __init__(self, project: _ProjectRoot) -> None:
        """Start without devices."""
        self.project = project
        self.devices = DeviceComposition(project, self)
        self.groups = DeviceUserGroupComposition(project, self)
        self.ungrouped = DeviceSystemGroup(project, self, "Ungrouped devices")
        self.subnets = SubnetComposition(project, self)
        self.utilities = HardwareUtilityComposition(project)
        self.saved: set[str] = set()

    def roots(self) -> list[EngineeringObject]:
        """Return the objects that die with the project."""
        return [self.devices, self.groups, self.ungrouped, self.subnets, self.utilities]

    def in_exclusive_access(self) -> bool:
        """Return whether a client of the portal holds exclusive access."""
        portal = self.project._portal
        return portal is not None and portal.exclusive is not None

    # -- looking around ---------------------------------------------------------------

    def every_device(self) -> Iterator[Device]:
        """Yield all devices, in all groups."""
        yield from self.devices._items
        for group in self.groups._items:
            yield from group._every_device()
        yield from self.ungrouped._every_device()

    def nodes(self) -> Iterator[Node]:
        """Yield all network nodes."""
        for device in self.every_device():
            for interface in device._interfaces():
                yield interface._node

    def io_systems(self) -> Iterator[IoSystem]:
        """Yield all IO systems."""
        for subnet in self.subnets._items:
            yield from subnet._io_systems._items

    def address_space(self, device: Device) -> list[Device]:
        """Return the devices whose addresses must not overlap: the controller's station, then its IO devices."""
        joined = [system for system in map(_system_of, connectors_of(device)) if system is not None]
        root = joined[0]._controller._interface._item._station if joined else device
        assert isinstance(root, Device)  # noqa: S101 - every station is one
        own = [c._io_system for interface in root._interfaces() for c in interface._controllers._items]
        systems = {system for system in own if system is not None}
        if not systems:
            return [root]
        members = (d for d in self.every_device() if d is not root)
        return [root, *(d for d in members if any(_system_of(c) in systems for c in connectors_of(d)))]

    # -- names and addresses ----------------------------------------------------------

    def require_free_device_name(self, name: str, but: Device | None = None) -> None:
        """Refuse a device name that another device has.

        Raises:
            EngineeringTargetInvocationException: The name is used.
        """
        if any(d is not but and d._name.casefold() == name.casefold() for d in self.every_device()):
            raise already_exists(name, "device")

    def require_free_head_name(self, name: str, but: DeviceItem | None = None) -> None:
        """Refuse a name of a CPU or interface module that another one has.

        Raises:
            EngineeringTargetInvocationException: The name is used.
        """
        heads = (d._head() for d in self.every_device())
        if any(h is not None and h is not but and h._name.casefold() == name.casefold() for h in heads):
            raise already_exists(name, "CPU or interface module")

    def free_device_name(self, stem: str) -> str:
        """Return the first of stem_1, stem_2 … that no device has."""
        taken = {d._name.casefold() for d in self.every_device()}
        return next(f"{stem}_{n}" for n in range(1, len(taken) + 2) if f"{stem}_{n}".casefold() not in taken)

    def free_ip(self, interface: int, but: Node) -> str:
        """Return the next free address: 192.168.0.x for the first interface of a device, 192.168.1.x for the second."""
        taken = {str(node._dynamic["Address"]) for node in self.nodes() if node is not but}
        return ip.next_address(FIRST_NET.format(interface - 1), taken)

    def new_folder(self, name: str) -> str:
        """Return a folder of the store for a new device; it stays when the device is renamed."""
        taken = {d._folder.casefold() for d in self.every_device()} | {
            path.split("/")[1].casefold() for path in self.saved
        }
        stem = file_name(name)
        names = [stem, *(f"{stem}~{n}" for n in range(2, len(taken) + 3))]
        return next(name for name in names if name.casefold() not in taken)

    def new_software_folder(self, device: Device) -> str:
        """Return a folder of the store for the program of a new CPU."""
        return f"{FOLDER}/{device._folder}/software"

    def new_runtime_folder(self, device: Device) -> str:
        """Return a folder of the store for what a new panel shows."""
        return f"{FOLDER}/{device._folder}/hmi"

    def free_runtime_name(self, name: str) -> str:
        """Return the first of HMI_RT_1, HMI_RT_2 … that no runtime of the project has."""
        items = (item for device in self.every_device() for item in device._all_items())
        taken = {item._name.casefold() for item in items if item._part.software}
        stem = name.rpartition("_")[0]
        return next(f"{stem}_{n}" for n in range(1, len(taken) + 2) if f"{stem}_{n}".casefold() not in taken)


def connectors_of(device: Device) -> Iterator[IoConnector]:
    """Yield the connectors of all interfaces of a device."""
    for interface in device._interfaces():
        yield from interface._connectors._items


def _system_of(connector: IoConnector) -> IoSystem | None:
    return connector._io_system
