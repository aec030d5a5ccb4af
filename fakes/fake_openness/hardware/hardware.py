"""The hardware of a project as one piece: what Project and the compiler ask it.

Facts: docs/facts/openness-hardware.md#devices; uniqueness of names: docs/facts/tia-rules.md#names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fake_openness.core.machine import Process
from fake_openness.core.names import already_exists
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.store import Store, file_name
from fake_openness.hardware import hardware_files
from fake_openness.hardware.catalog import HardwareUtilityComposition
from fake_openness.hardware.cax import CaxProvider
from fake_openness.hardware.device_items import DeviceItem, HardwareObject
from fake_openness.hardware.devices import Device, DeviceComposition, DeviceSystemGroup, DeviceUserGroupComposition
from fake_openness.network import ip
from fake_openness.network.io_systems import IoConnector, IoSystem
from fake_openness.network.network import Node
from fake_openness.network.subnets import SubnetComposition
from fake_openness.online.upload import StationUploadProvider

if TYPE_CHECKING:
    from fake_openness.program.software import PlcSoftware
    from fake_openness.project.project import Project

FIRST_NET = "192.168.{}.1"


class Hardware:
    """Devices, groups and networks of one project; not itself a .NET object."""

    def __init__(self, project: Project) -> None:
        """Start without devices."""
        self.project = project
        self.devices = DeviceComposition(project, self)
        self.groups = DeviceUserGroupComposition(project, self)
        self.ungrouped = DeviceSystemGroup(project, self, "Ungrouped devices")
        self.subnets = SubnetComposition(project, self)
        self.utilities = HardwareUtilityComposition(project)
        self._saved: set[str] = set()

    def roots(self) -> list[EngineeringObject]:
        """The objects that die with the project."""
        return [self.devices, self.groups, self.ungrouped, self.subnets, self.utilities]

    def project_services(self) -> dict[type, Callable[[], Any]]:
        """The services that a project offers because of its hardware."""
        return {
            CaxProvider: lambda: CaxProvider(self),
            StationUploadProvider: lambda: StationUploadProvider(self),
        }

    def in_exclusive_access(self) -> bool:
        """Whether a client of the portal holds exclusive access."""
        return self.portal is not None and self.portal.exclusive is not None

    @property
    def portal(self) -> Process | None:
        """The portal that the project is open in."""
        process: Process | None = getattr(self.project._parent, "_process", None)
        return process

    # -- looking around ---------------------------------------------------------------

    def every_device(self) -> Iterator[Device]:
        """All devices, in whatever group."""
        yield from self.devices._items
        for group in self.groups._items:
            yield from group._every_device()
        yield from self.ungrouped._every_device()

    def nodes(self) -> Iterator[Node]:
        """All network nodes."""
        for device in self.every_device():
            for interface in device._interfaces():
                yield interface._node

    def io_systems(self) -> Iterator[IoSystem]:
        """All IO systems."""
        for subnet in self.subnets._items:
            yield from subnet._io_systems._items

    def software(self) -> Iterator[PlcSoftware]:
        """The programs of all CPUs."""
        for device in self.every_device():
            yield from software_of(device)

    def address_space(self, device: Device) -> list[Device]:
        """The devices whose addresses must not overlap: the controller's station, then its IO devices."""
        joined = [system for system in map(_system_of, _connectors(device)) if system is not None]
        root = joined[0]._controller._interface._item._device if joined else device
        own = [c._io_system for interface in root._interfaces() for c in interface._controllers._items]
        systems = {system for system in own if system is not None}
        if not systems:
            return [root]
        members = (d for d in self.every_device() if d is not root)
        return [root, *(d for d in members if any(_system_of(c) in systems for c in _connectors(d)))]

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
        """The first of stem_1, stem_2 … that no device has."""
        taken = {d._name.casefold() for d in self.every_device()}
        return next(f"{stem}_{n}" for n in range(1, len(taken) + 2) if f"{stem}_{n}".casefold() not in taken)

    def free_ip(self, interface: int, but: Node) -> str:
        """The next free address: 192.168.0.x for the first interface of a device, 192.168.1.x for the second."""
        taken = {str(node._dynamic["Address"]) for node in self.nodes() if node is not but}
        return ip.next_address(FIRST_NET.format(interface - 1), taken)

    def new_folder(self, name: str) -> str:
        """A folder of the store for a new device; it stays when the device is renamed."""
        taken = {d._folder.casefold() for d in self.every_device()} | {
            path.split("/")[1].casefold() for path in self._saved
        }
        stem = file_name(name)
        names = [stem, *(f"{stem}~{n}" for n in range(2, len(taken) + 3))]
        return next(name for name in names if name.casefold() not in taken)

    def new_software_folder(self, device: Device) -> str:
        """A folder of the store for the program of a new CPU."""
        return f"{hardware_files.FOLDER}/{device._folder}/software"

    def new_runtime_folder(self, device: Device) -> str:
        """A folder of the store for what a new panel shows."""
        return f"{hardware_files.FOLDER}/{device._folder}/hmi"

    def free_runtime_name(self, name: str) -> str:
        """The first of HMI_RT_1, HMI_RT_2 … that no runtime of the project has."""
        items = (item for device in self.every_device() for item in device._all_items())
        taken = {item._name.casefold() for item in items if item._part.software}
        stem = name.rpartition("_")[0]
        return next(f"{stem}_{n}" for n in range(1, len(taken) + 2) if f"{stem}_{n}".casefold() not in taken)

    # -- compile ----------------------------------------------------------------------

    def compilable(self, owner: HardwareObject) -> Any:
        """The compile service of a station (hardware and software) or a CPU item (hardware)."""
        from fake_openness.compiler.compiler import hardware_compilable

        return hardware_compilable(owner)

    # -- files ------------------------------------------------------------------------

    @property
    def _store(self) -> Store:
        store = self.project._context.store
        assert store is not None  # noqa: S101 - a project has one
        return store

    def _load(self) -> None:
        """Read everything from the project's files."""
        self._saved = hardware_files.load(self, self._store)

    def _save(self) -> None:
        """Write what changed to the project's files and delete those of deleted devices."""
        self._saved = hardware_files.save(self, self._store, self._saved)


def software_of(device: Device) -> list[PlcSoftware]:
    """The programs of a device: none or one."""
    return [item._software._software for item in device._all_items() if item._software is not None]


def _connectors(device: Device) -> Iterator[IoConnector]:
    for interface in device._interfaces():
        yield from interface._connectors._items


def _system_of(connector: IoConnector) -> IoSystem | None:
    return connector._io_system
