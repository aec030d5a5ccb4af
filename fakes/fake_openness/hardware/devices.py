"""Devices (stations) and the groups that they are sorted into.

Facts: docs/facts/openness-hardware.md#devices; names of stations and racks:
docs/facts/hardware-catalog.md#names-of-hardware.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import require_type
from fake_openness.core.compiling import ICompilable
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import (
    GROUP_LENGTH,
    already_exists,
    levels_above,
    require_length,
    require_levels,
    require_name,
)
from fake_openness.core.objects import EngineeringObject, NamedComposition
from fake_openness.core.showing import View, require_user_interface
from fake_openness.core.upward import UpwardCall
from fake_openness.hardware import plugging
from fake_openness.hardware.articles import PREFIX, Article
from fake_openness.hardware.device_index import DeviceIndex
from fake_openness.hardware.device_items import (
    CPU_ID,
    FIRST_MODULE_ID,
    DeviceItem,
    DeviceItemComposition,
    HardwareObject,
)
from fake_openness.hardware.hardware_check import compile_station
from fake_openness.hardware.io_addresses import Address, move_out_of_the_way
from fake_openness.hardware.item_parts import HwIdentifier, HwIdentifierComposition
from fake_openness.hardware.slots import STATIONS, Station, positions, station_for
from fake_openness.hardware.structures import Part
from fake_openness.network.network import NetworkInterface
from fake_openness.network.stations import _NetworkStation

if TYPE_CHECKING:
    from fake_openness.hardware.hardware import Hardware

STATION_ID = 32
create_device: UpwardCall[[DeviceComposition, EngineeringObject], Device] = UpwardCall()
"""Makes a station from a master copy."""
STANDALONE = frozenset({"cpu", "head", "panel", "pc", "single"})
_STATION_NAMES = {"S7-1500": "S7-1500/ET200MP station", "Generic": "Device"}
_GSD_STATION = Station("Generic", "", "GSD device", "", "Rack_0", "Rack", 256)


class Device(HardwareObject, _NetworkStation):
    """A station: a rack, what is plugged into it, and its program."""

    def __init__(
        self, parent: EngineeringObject, hardware: Hardware, name: str, type_identifier: str, system: str
    ) -> None:
        """Make an empty station outside of any collection."""
        super().__init__(parent)
        self._hardware, self._name, self._type_identifier = hardware, name, type_identifier
        self._station_system = system
        self._device = self
        self._device_items = DeviceItemComposition(self)
        self._unplugged = DeviceItemComposition(self)
        self._identifiers, self._identifier = HwIdentifierComposition(self), HwIdentifier(self, STATION_ID)
        self._index: DeviceIndex | None = None
        self._hardware_dirty = True
        self._folder = ""
        self._home: DeviceComposition | None = None
        station = STATIONS.get(system, _GSD_STATION)
        self._dynamic = {"TypeName": station.type_name, "Author": self._context.machine.user, "Comment": ""}

    @property
    def Name(self) -> str:
        """The station's name; unique in the project."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_name(require_type(value, str, "value"), "device", GROUP_LENGTH)
        self._require_offline("Renaming a device")
        self._hardware.require_free_device_name(value, but=self)
        assert self._home is not None  # noqa: S101 - a living device is in a collection
        self._home._rename(self, value)
        self._touch()

    @property
    def IsGsd(self) -> bool:
        """Whether the device comes from a GSD file."""
        return self._type_identifier.startswith("GSD:")

    @property
    def UnpluggedItems(self) -> DeviceItemComposition:
        """Modules that no slot holds, as after a change of the CPU's type."""
        return self._unplugged

    @property
    def HwIdentifiers(self) -> HwIdentifierComposition:
        """The hardware identifier of a station with a CPU; other stations have none."""
        head = self._head()
        with_cpu = head is not None and head._software is not None
        self._identifiers._items = [self._identifier] if with_cpu else []
        return self._identifiers

    def ShowInEditor(self, view: View) -> None:
        """Show the device in the editor "Devices & networks".

        Raises:
            EngineeringTargetInvocationException: TIA Portal has no user interface.
        """
        require_type(view, View, "view")
        require_user_interface(self)

    def Delete(self) -> None:
        """Delete the device with its program and its connections.

        Raises:
            EngineeringTargetInvocationException: The device is online.
        """
        self._require_offline("Deleting a device")
        for item in self._device_items._items:
            item._leave()
        assert self._home is not None  # noqa: S101 - a living device is in a collection
        self._home._remove(self)
        self._die()

    # -- inside -----------------------------------------------------------------------

    @property
    def _system(self) -> str:
        return self._station_system

    def _touch(self) -> None:
        """Note that the hardware changed since it was last compiled."""
        self._assign("_hardware_dirty", True)

    def _require_offline(self, action: str) -> None:
        self._context.require_offline(self._name, action)

    def _networks(self) -> Hardware:
        return self._hardware

    def _give_way(self) -> None:
        move_out_of_the_way(self, self._addresses())

    def _all_items(self) -> Iterator[DeviceItem]:
        yield from self._below()

    def _interfaces(self) -> tuple[NetworkInterface, ...]:
        return self._get_index().interfaces

    def _addresses(self) -> tuple[Address, ...]:
        return self._get_index().addresses

    def _get_index(self) -> DeviceIndex:
        if self._index is None:
            self._index = DeviceIndex.of(self)
        return self._index

    def _modules(self) -> Iterator[DeviceItem]:
        """Yield the plugged and unplugged modules, without built-in items."""
        yield from (item for item in self._all_items() if not item._built_in)
        yield from self._unplugged._items

    def _space(self) -> list[Device]:
        """Return the devices that share one process image: the CPU's station first, then those of its IO systems."""
        return self._hardware.address_space(self)

    def _head(self) -> DeviceItem | None:
        """Return the CPU or interface module."""
        return self._get_index().head

    def _next_hardware_id(self, article: Article | None) -> int:
        """Return the identifier of a new module; fixed for a CPU."""
        if article is not None and article.kind == "cpu":
            return CPU_ID
        taken = {h._number for item in (*self._all_items(), *self._unplugged) for h in item._identifiers._items}
        return next(number for number in range(FIRST_MODULE_ID, 65536) if number not in taken)

    def _require_free_item_name(self, name: str, but: DeviceItem | None = None) -> None:
        if any(i is not but and i._name.casefold() == name.casefold() for i in self._modules()):
            raise already_exists(name, "module")

    def _require_free_head_name(self, article: Article | None, name: str, but: DeviceItem | None = None) -> None:
        """Refuse a name of a CPU or head module that another one in the project has."""
        if article is not None and article.kind in {"cpu", "head"}:
            self._hardware.require_free_head_name(name, but)

    def _free_item_name(self, name: str) -> str:
        stem = re.sub(r"_\d+$", "", name)
        taken = {item._name.casefold() for item in self._modules()}
        return next(f"{stem}_{n}" for n in range(1, len(taken) + 2) if f"{stem}_{n}".casefold() not in taken)

    def _unplug_what_does_not_fit(self) -> None:
        head = self._head()
        for item in list(self._device_items._items):
            container, article = item._container, item._article
            if article is None or not isinstance(container, DeviceItem) or article.kind in {"rack", "cpu", "head"}:
                continue
            if item._position not in positions(article, container._type_identifier, head._article if head else None):
                item._unplug()

    def _compile_service(self, owner: HardwareObject) -> dict[type, Callable[[], Any]]:
        """Return the service of the station, which compiles hardware and software, or of its CPU: hardware only."""
        return {ICompilable: lambda: ICompilable(owner, lambda: compile_station(self, programs=owner is self))}

    def _services(self) -> dict[type, Callable[[], Any]]:
        offered = self._head() is not None or any(item._runtime is not None for item in self._all_items())
        return self._compile_service(self) if offered else {}

    def _children(self) -> list[EngineeringObject]:
        return [self._device_items, self._unplugged, self._identifiers, self._identifier]

    def _writable(self, name: str) -> bool:
        return name in {"Author", "Comment"}


class DeviceComposition(NamedComposition[Device]):
    """Devices of the project, of a group, or of the ungrouped ones."""

    def __init__(self, parent: EngineeringObject, hardware: Hardware) -> None:
        """Start empty."""
        super().__init__(parent)
        self._hardware = hardware

    def CreateWithItem(self, typeIdentifier: str, name: str, deviceName: str | None) -> Device:
        """Make a station around a CPU, interface module, panel or GSD head.

        Raises:
            EngineeringTargetInvocationException: Not in the catalogue, no head of a station, or a name is used.
        """
        require_type(typeIdentifier, str, "deviceItemTypeId")
        require_name(require_type(name, str, "deviceItemName"), "device item", GROUP_LENGTH)
        if typeIdentifier.startswith("GSD:"):
            return self._with_gsd_head(typeIdentifier, name, deviceName)
        article = plugging.require_article(typeIdentifier, self._context.version)
        if article.kind not in STANDALONE:
            msg = f"'{article.type_name}' is not a station: create its station, then plug it."
            raise EngineeringTargetInvocationException(msg, code="device.not_a_head")
        station = station_for(article)
        device = self._empty(deviceName, station, station.device)
        device._require_free_head_name(article, name)
        self._adopt(device)
        container: HardwareObject = self._rack(device, station) if station.rack else device
        slots = positions(article, station.rack, None)
        container._new_item(plugging.Plan(article.type_identifier, article, name, slots.start))
        return device

    def Create(self, typeIdentifier: str, name: str | None) -> Device:
        """Make an empty station of a System: or GSD: type.

        Raises:
            EngineeringTargetInvocationException: No station type, or the name is used.
        """
        require_type(typeIdentifier, str, "deviceTypeId")
        if typeIdentifier.startswith("GSD:"):
            return self._adopt(self._empty(name, _GSD_STATION, typeIdentifier))
        station = next((s for s in STATIONS.values() if s.device.casefold() == typeIdentifier.casefold()), None)
        if station is None:
            advice = "use CreateWithItem for an article" if typeIdentifier.startswith(PREFIX) else "use System:Device.…"
            msg = f"'{typeIdentifier}' is not a type of station: {advice}."
            raise EngineeringTargetInvocationException(msg, code="device.type")
        return self._adopt(self._empty(name, station, station.device))

    def CreateFrom(self, masterCopy: EngineeringObject) -> Device:
        """Make a station from a master copy.

        Raises:
            EngineeringTargetInvocationException: The copy holds no station; nothing was changed.
        """
        return create_device(self, masterCopy)

    def _empty(self, name: str | None, station: Station, type_identifier: str) -> Device:
        stem = _STATION_NAMES.get(station.system, f"{station.system} station")
        if type_identifier.startswith("GSD:"):
            stem = "GSD device"
        chosen = require_type(name, str, "deviceName") if name else self._hardware.free_device_name(stem)
        require_name(chosen, "device", GROUP_LENGTH)
        self._hardware.require_free_device_name(chosen)
        return Device(self._parent or self, self._hardware, chosen, type_identifier, station.system)

    def _adopt(self, device: Device) -> Device:
        device._home = self
        device._folder = device._folder or self._hardware.new_folder(device._name)
        return self._add(device)

    def _rack(self, device: Device, station: Station) -> DeviceItem:
        rack = DeviceItem(device, device, Part(station.rack_name, 0), station.rack)
        rack._dynamic = {"TypeName": station.rack_type_name}
        return device._device_items._add(rack)

    def _with_gsd_head(self, type_identifier: str, item_name: str, device_name: str | None) -> Device:
        parts = type_identifier.split("/")
        if len(parts) < 2 or not (parts[1] == "DAP" or parts[1] == "M"):
            msg = f"'{type_identifier}' is not the head module of a GSD device: write GSD:FILE/DAP or GSD:FILE/DAP/ID."
            raise EngineeringTargetInvocationException(msg, code="catalog.type_identifier")
        device = self._adopt(self._empty(device_name, _GSD_STATION, f"{parts[0]}/D"))
        rack = DeviceItem(device, device, Part("Rack_0", 0), "/".join([parts[0], "R", *parts[2:]]))
        device._device_items._add(rack)
        head = rack._new_item(plugging.Plan(type_identifier, None, item_name, 0))
        network = "Ethernet" if "GSDML" in parts[0].upper() else "Profibus"
        name = "PROFINET interface" if network == "Ethernet" else "DP interface"
        head._build(Part(name, 32768, "X1", network, "IoDevice"))
        return device


class DeviceGroup(EngineeringObject):
    """What device groups share: a name and devices."""

    def __init__(self, parent: EngineeringObject, hardware: Hardware, name: str) -> None:
        """Start empty."""
        super().__init__(parent)
        self._hardware, self._name = hardware, name
        self._devices = DeviceComposition(self, hardware)
        self._groups = DeviceUserGroupComposition(self, hardware)

    @property
    def Devices(self) -> DeviceComposition:
        """The devices directly in the group."""
        return self._devices

    def _every_device(self) -> Iterator[Device]:
        yield from self._devices._items
        for group in self._groups._items:
            yield from group._every_device()

    def _children(self) -> list[EngineeringObject]:
        return [self._devices, self._groups]


class DeviceSystemGroup(DeviceGroup):
    """The group of the devices that are in no other group."""

    @property
    def Name(self) -> str:
        """The group's fixed name."""
        return self._name


class DeviceUserGroup(DeviceGroup):
    """A folder of devices."""

    @property
    def Name(self) -> str:
        """The folder's name."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_length(require_type(value, str, "value"), "device group")
        home = self._home()
        if value.casefold() != self._name.casefold() and home._find_by_name(value) is not None:
            raise already_exists(value, "device group")
        home._rename(self, value)

    @property
    def Groups(self) -> DeviceUserGroupComposition:
        """The groups in the group."""
        return self._groups

    def Delete(self) -> None:
        """Delete the folder and every device in it.

        Raises:
            EngineeringTargetInvocationException: A device in it is online.
        """
        devices = list(self._every_device())
        for device in devices:
            device._require_offline("Deleting a device")
        for device in devices:
            device.Delete()
        self._home()._remove(self)
        self._die()

    def _home(self) -> DeviceUserGroupComposition:
        parent = self._parent
        return parent._groups if isinstance(parent, DeviceGroup) else self._hardware.groups


class DeviceUserGroupComposition(NamedComposition[DeviceUserGroup]):
    """The device groups of the project or of a group."""

    def __init__(self, parent: EngineeringObject, hardware: Hardware) -> None:
        """Start empty."""
        super().__init__(parent)
        self._hardware = hardware

    def Create(self, name: str) -> DeviceUserGroup:
        """Make a group.

        Raises:
            EngineeringTargetInvocationException: The name is used here, or its length is not 1 to 128.
        """
        require_length(require_type(name, str, "name"), "device group")
        if self._find_by_name(name) is not None:
            raise already_exists(name, "device group")
        require_levels(levels_above(self, DeviceUserGroup))
        return self._add(DeviceUserGroup(self._parent or self, self._hardware, name))
