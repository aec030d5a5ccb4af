"""Device items: racks, CPUs, modules and what is built into them.

A module belongs to its device (Parent, DeviceItems) and is in a rack
(Container, Items): the rack's own DeviceItems are empty. So are those of a panel: its interfaces and its runtime
belong to the device. Facts: docs/facts/openness-hardware.md#devices and real
listings of stations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import require_type
from fake_openness.core.associations import Association
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.upward import UpwardCall
from fake_openness.hardware import plugging
from fake_openness.hardware.articles import Article
from fake_openness.hardware.device_index import IndexedComposition
from fake_openness.hardware.io_addresses import (
    AddressComposition,
    Channel,
    ChannelComposition,
    give_addresses,
    move_out_of_the_way,
)
from fake_openness.hardware.item_parts import (
    DeviceItemClassifications,
    HwIdentifier,
    HwIdentifierComposition,
    PlugLocation,
    SoftwareContainer,
    _Configuration,
    _Software,
    catalog_attributes,
)
from fake_openness.hardware.plc_protection import Protection, services_of
from fake_openness.hardware.structures import FIRST_INTERFACE, INTERFACE_STEP, Part, parts_of
from fake_openness.hardware.type_change import change_type
from fake_openness.network.network import NetworkInterface
from fake_openness.network.ports import NetworkPort
from fake_openness.network.stations import _NetworkItem

if TYPE_CHECKING:
    from fake_openness.hardware.devices import Device

CPU_ID = 49
FIRST_MODULE_ID = 272
make_program: UpwardCall[[DeviceItem, str, str], _Software] = UpwardCall()
"""Makes the program of a CPU item, by name and folder."""
make_runtime: UpwardCall[[DeviceItem, str, str, bool], _Software | None] = UpwardCall()
"""Makes the software of a panel's runtime, by name, folder, and whether it is Unified; none before V17 for those."""
online_services: UpwardCall[[DeviceItem], dict[type, Callable[[], Any]]] = UpwardCall()
"""The services of a CPU that work over a network."""


class DeviceItemComposition(IndexedComposition["DeviceItem"]):
    """The items that belong to a device or to an item."""


class DeviceItemAssociation(Association["DeviceItem"]):
    """The items that are plugged into a device, rack or CPU."""


class HardwareObject(EngineeringObject):
    """What devices and device items have in common: a name, a type, items, slots."""

    _name: str
    _type_identifier: str
    _device: Device
    _device_items: DeviceItemComposition

    @property
    def TypeIdentifier(self) -> str:
        """The type, such as OrderNumber:6ES7 511-1AK02-0AB0/V2.9; empty for built-in items."""
        return self._type_identifier

    @property
    def DeviceItems(self) -> DeviceItemComposition:
        """The items that belong to this object."""
        return self._device_items

    @property
    def Items(self) -> DeviceItemAssociation:
        """The items that are plugged into this object, by position."""
        return DeviceItemAssociation(self, self._list_plugged())

    def GetPlugLocations(self) -> NetList[PlugLocation]:
        """Return the free slots."""
        return NetList([PlugLocation(label, number) for label, number in plugging.free_slots(self)])

    def CanPlugNew(self, typeIdentifier: str, name: str, positionNumber: int) -> bool:
        """Return whether PlugNew would be accepted; 65535 means any free slot."""
        self._declare_plug(typeIdentifier, name, positionNumber)
        return _is_accepted(lambda: plugging.plan(self, typeIdentifier, name, positionNumber))

    def PlugNew(self, typeIdentifier: str, name: str, positionNumber: int) -> DeviceItem:
        """Plug a new module.

        Raises:
            EngineeringTargetInvocationException: Unknown type, wrong or taken slot, name in use, or online.
        """
        self._declare_plug(typeIdentifier, name, positionNumber)
        self._device._require_offline("Plugging a module")
        plan = plugging.plan(self, typeIdentifier, name, positionNumber)
        self._device._require_free_head_name(plan.article, name)
        return self._new_item(plan)

    def CanPlugMove(self, deviceItem: DeviceItem, positionNumber: int) -> bool:
        """Return whether PlugMove would be accepted."""
        require_type(deviceItem, DeviceItem, "deviceItem")
        return _is_accepted(lambda: plugging.move_slot(self, deviceItem, positionNumber))

    def PlugMove(self, deviceItem: DeviceItem, positionNumber: int) -> DeviceItem:
        """Move a module of this device to another slot, or plug one that is unplugged.

        Raises:
            EngineeringTargetInvocationException: Not movable, wrong or taken slot, or online.
        """
        require_type(deviceItem, DeviceItem, "deviceItem")
        self._device._require_offline("Moving a module")
        slot = plugging.move_slot(self, deviceItem, require_type(positionNumber, int, "positionNumber"))
        deviceItem._plug_into(self, slot)
        return deviceItem

    def CanPlugCopy(self, deviceItem: DeviceItem, positionNumber: int) -> bool:
        """Return whether PlugCopy would be accepted."""
        require_type(deviceItem, DeviceItem, "deviceItem")
        return _is_accepted(lambda: plugging.copy_slot(self, deviceItem, positionNumber))

    def PlugCopy(self, deviceItem: DeviceItem, positionNumber: int) -> DeviceItem:
        """Plug a copy of a module under the next free name; its addresses are new.

        Raises:
            EngineeringTargetInvocationException: Not copyable, wrong or taken slot, or online.
        """
        require_type(deviceItem, DeviceItem, "deviceItem")
        self._device._require_offline("Plugging a module")
        slot = plugging.copy_slot(self, deviceItem, require_type(positionNumber, int, "positionNumber"))
        name = self._device._free_item_name(deviceItem._name)
        return self._new_item(plugging.Plan(deviceItem._type_identifier, deviceItem._article, name, slot))

    def _declare_plug(self, type_identifier: str, name: str, position: int) -> None:
        require_type(type_identifier, str, "typeIdentifier")
        require_type(name, str, "name")
        require_type(position, int, "positionNumber")

    def _new_item(self, plan: plugging.Plan) -> DeviceItem:
        owner = self._holder()
        identifier = 0 if plan.rack else self._device._next_hardware_id(plan.article)
        part = Part(plan.name, plan.position, hardware_id=identifier)
        item = DeviceItem(owner, self, part, plan.type_identifier, plan.article)
        owner._device_items._add(item)
        if plan.article is not None:
            self._fill(item, parts_of(plan.article, plan.name, plan.position))
            item._make_software()
        self._device._touch()
        return item

    def _fill(self, item: DeviceItem, parts: tuple[Part, ...]) -> None:
        """Add what is built in; an item that gets no addresses is taken out again."""
        try:
            for part in parts:
                item._build(part)
        except EngineeringTargetInvocationException:
            item._owner()._device_items._remove(item)
            raise

    def _list_plugged(self) -> list[DeviceItem]:
        return sorted(
            (i for i in self._holder()._device_items._items if i._container is self), key=lambda i: i._position
        )

    def _find_plugged(self, category: str) -> list[DeviceItem]:
        return [i for i in self._list_plugged() if i._article is not None and i._article.category == category]

    def _holder(self) -> HardwareObject:
        """Return the object whose DeviceItems have what is in this one."""
        return self._device if self._is_rack() else self

    def _is_rack(self) -> bool:
        return False

    def _takes_boards(self) -> bool:
        return False

    @property
    def _system(self) -> str:
        raise NotImplementedError

    def _below(self) -> Iterator[DeviceItem]:
        for item in self._device_items._items:
            yield item
            yield from item._below()


class DeviceItem(HardwareObject, _NetworkItem):
    """A rack, CPU, module, submodule, interface or port."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"ChangeType": "19"}

    def __init__(
        self,
        owner: HardwareObject,
        container: HardwareObject,
        part: Part,
        type_identifier: str = "",
        article: Article | None = None,
    ) -> None:
        """Make an item without anything in it; `_build` and `_make_software` add that."""
        super().__init__(owner)
        self._device = owner._device
        self._container: HardwareObject | None = container
        self._name, self._position, self._label = part.name, part.position, part.label
        self._part, self._type_identifier, self._article = part, type_identifier, article
        self._built_in = not type_identifier
        self._device_items = DeviceItemComposition(self)
        self._addresses, self._channels = AddressComposition(self), ChannelComposition(self)
        self._identifiers = HwIdentifierComposition(self)
        self._identifiers._items = [HwIdentifier(self, part.hardware_id)] if part.hardware_id else []
        self._channels._items = [Channel(self, kind, n) for kind, count in part.channels for n in range(count)]
        self._interface = self._new_interface(part) if part.network not in {"", "Port"} else None
        self._port = NetworkPort(self) if part.network == "Port" else None
        self._software: SoftwareContainer[_Software] | None = None
        self._software_folder = ""
        self._runtime: SoftwareContainer[_Software] | None = None
        self._protection = Protection()
        self._way: _Configuration | None = None
        self._dynamic = catalog_attributes(article)

    # -- public -----------------------------------------------------------------------

    @property
    def Name(self) -> str:
        """The item's name."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_name(require_type(value, str, "value"), "device item", GROUP_LENGTH)
        self._device._require_offline("Renaming a module")
        if not self._built_in:
            self._device._require_free_item_name(value, but=self)
            self._device._require_free_head_name(self._article, value, but=self)
        self._rename(value)

    @property
    def PositionNumber(self) -> int:
        """The slot, or the fixed position of a built-in item."""
        return self._position

    @property
    def Classification(self) -> DeviceItemClassifications:
        """CPU or head module, or neither."""
        kind = self._article.kind if self._article is not None else ""
        if (
            kind == ""
            and self._position == 0
            and self._type_identifier.startswith("GSD:")
            and "/DAP" in self._type_identifier
        ):
            return DeviceItemClassifications.HM
        return {"cpu": DeviceItemClassifications.CPU, "head": DeviceItemClassifications.HM}.get(
            kind, DeviceItemClassifications.None_
        )

    @property
    def Container(self) -> HardwareObject | None:
        """The rack, CPU or device that the item is plugged into; None for an unplugged one."""
        return self._container

    @property
    def IsBuiltIn(self) -> bool:
        """Whether the item is a fixed part of another."""
        return self._built_in

    @property
    def IsPlugged(self) -> bool:
        """Whether the item is in a slot."""
        return self._container is not None

    @property
    def Addresses(self) -> AddressComposition:
        """Input and output addresses; on a module's submodule, not on the module itself."""
        return self._addresses

    @property
    def Channels(self) -> ChannelComposition:
        """The channels."""
        return self._channels

    @property
    def HwIdentifiers(self) -> HwIdentifierComposition:
        """The hardware identifiers."""
        return self._identifiers

    def Delete(self) -> None:
        """Delete the item and everything in it.

        Raises:
            EngineeringTargetInvocationException: Built in, or the device is online.
        """
        self._device._require_offline("Deleting a module")
        if self._built_in:
            msg = f"'{self._name}' is built in and cannot be deleted: delete the module that it is part of."
            raise EngineeringTargetInvocationException(msg, code="module.built_in")
        for item in self._list_plugged():
            if not item._built_in:
                item.Delete()
            elif item._owner() is not self:
                item._vanish()
        self._leave()
        self._owner()._device_items._remove(self)
        self._device._touch()
        self._die()

    def ChangeType(self, typeIdentifier: str) -> None:
        """Change the item's type in place. Modules that do not fit the new type become unplugged; the program stays."""
        change_type(self, typeIdentifier)

    # -- inside -----------------------------------------------------------------------

    @property
    def _station(self) -> Device:
        return self._device

    def _new_interface(self, part: Part) -> NetworkInterface:
        number = max(1, (part.position - FIRST_INTERFACE) // INTERFACE_STEP + 1)
        return NetworkInterface(self, part.network, part.role, number)

    def _ports(self) -> list[NetworkPort]:
        return [item._port for item in self._device_items._items if item._port is not None]

    def _pn_name(self) -> str:
        """Return the PROFINET name of an interface: its module's, with its own where a CPU has several."""
        module = self._module()
        article = module._article
        several = article is not None and article.kind == "cpu" and article.system != "S7-1200"
        return (f"{module._name}.{self._name}" if several else module._name).lower()

    def _owner(self) -> HardwareObject:
        assert isinstance(self._parent, HardwareObject)  # noqa: S101 - set by the constructor
        return self._parent

    def _module(self) -> DeviceItem:
        """Return the plugged module that this item is, or is a part of."""
        return self._container._module() if self._built_in and isinstance(self._container, DeviceItem) else self

    def _path(self) -> list[str]:
        """Return the names from the device down to this item."""
        above = self._parent._path() if isinstance(self._parent, DeviceItem) else [self._device._name]
        return [*above, self._name]

    def _rename(self, name: str) -> None:
        for part in self._device_items._items:
            if part._built_in and part._name == self._name:
                part._assign("_name", name)
        for container in (self._software, self._runtime):
            if container is not None:
                container._software._assign("_name", name)
        self._assign("_name", name)
        self._device._touch()

    def _build(self, part: Part) -> DeviceItem:
        """Add a built-in item and what is built into that."""
        holder = self._holder()
        item = DeviceItem(holder, self, part)
        if part.software:
            item._name = self._device._hardware.free_runtime_name(part.name)
        holder._device_items._add(item)
        if item._interface is not None:
            item._interface._node._propose_address()
        give_addresses(item, part.inputs, part.outputs, (part.input_start, part.output_start))
        for below in part.parts:
            item._build(below)
        if part.software:
            item._make_runtime()
        return item

    def _make_software(self) -> None:
        if self._article is not None and self._article.kind == "cpu" and self._software is None:
            self._hold_software(self._device._hardware.new_software_folder(self._device))

    def _hold_software(self, folder: str) -> _Software:
        software = make_program(self, self._name, folder)
        self._software_folder = folder
        self._software = SoftwareContainer(self, software)
        return software

    def _make_runtime(self) -> None:
        """Give a panel its software: HmiTarget, or HmiSoftware for a Unified panel."""
        if self._runtime is None:
            self._hold_runtime(self._device._hardware.new_runtime_folder(self._device))

    def _hold_runtime(self, folder: str) -> None:
        article = self._module()._article
        unified = article is not None and article.category == "HMI Unified panel"
        made = make_runtime(self, self._name, folder, unified)
        self._runtime = None if made is None else SoftwareContainer(self, made)

    def _plug_into(self, container: HardwareObject, slot: int) -> None:
        if self._container is None:
            self._device._unplugged._remove(self)
            self._device._device_items._add(self)
            own = [address for item in (self, *self._below()) for address in item._addresses._items]
            move_out_of_the_way(self._device, own)
        self._assign("_container", container)
        self._assign("_position", slot)
        self._device._touch()

    def _unplug(self) -> None:
        self._owner()._device_items._remove(self)
        self._device._unplugged._add(self)
        self._assign("_container", None)

    def _vanish(self) -> None:
        """Remove a built-in item together with what it is built into."""
        self._leave()
        self._owner()._device_items._remove(self)
        self._die()

    def _leave(self) -> None:
        """Take the item out of everything outside its device: networks, topology, program files."""
        for item in (self, *self._below()):
            if item._interface is not None:
                item._interface._leave()
            if item._port is not None:
                item._port._leave()
            if item._software is not None:
                item._software._software._delete_files()
            if item._runtime is not None:
                item._runtime._software._delete_files()

    def _services(self) -> dict[type, Callable[[], Any]]:
        services: dict[type, Callable[[], Any]] = {}
        if self._software is not None:
            services[SoftwareContainer] = lambda: self._software
            services |= self._device._compile_service(self)
            services |= online_services(self) | services_of(self)
        if self._runtime is not None:
            services[SoftwareContainer] = lambda: self._runtime
        if self._interface is not None:
            services[NetworkInterface] = lambda: self._interface
        if self._port is not None:
            services[NetworkPort] = lambda: self._port
        return services

    def _children(self) -> list[EngineeringObject]:
        inside = (self._interface, self._port, self._software, self._runtime)
        parts = (self._device_items, self._addresses, self._channels, self._identifiers)
        return [*(p for p in parts), *(s for s in inside if s is not None)]

    def _is_rack(self) -> bool:
        return self._container is self._device and not self._built_in and self._device._system != "HMI"

    def _holder(self) -> HardwareObject:
        is_panel = self._article is not None and self._article.kind == "panel"
        return self._device if is_panel else super()._holder()

    def _takes_boards(self) -> bool:
        return self._article is not None and (self._article.system, self._article.kind) == ("S7-1200", "cpu")

    @property
    def _system(self) -> str:
        return self._device._system

    def _writable(self, name: str) -> bool:
        return name in {"Author", "Comment"}


def _is_accepted(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except EngineeringTargetInvocationException:
        return False
    return True
