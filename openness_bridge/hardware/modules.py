"""The inside of a device: its tree of items, free slots, and modules plugged and unplugged.

Only racks, and CPUs with a place for a board, take modules. TIA Portal answers whether one fits, slot by slot.
Facts: docs/facts/openness-hardware.md#modules (compatible-slots, hardware-details).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from openness_bridge import attribute_values
from openness_bridge.attribute_values import Scalar
from openness_bridge.enumerations import AddressDirection, ChannelDirection, ChannelKind
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.hardware import catalog
from openness_bridge.hardware.catalog import CatalogEntry
from openness_bridge.hardware.interfaces import Interface, InterfaceState, interfaces, state
from openness_bridge.lookup import items, locate
from openness_bridge.portal.portal import Session
from openness_bridge.project.overview import article
from openness_bridge.values import enum_name

PROBE = "probe of free slots"
# Shown as separate fields, or not values of the module.
_OWN_FIELDS = {
    "Name",
    "TypeIdentifier",
    "PositionNumber",
    "Classification",
    "IsBuiltIn",
    "IsPlugged",
    "OrderNumber",
    "FirmwareVersion",
    "TypeName",
    "IsGsd",
}


class AddressInfo(msgspec.Struct, rename="camel", frozen=True):
    """An address range in the process image.

    Attributes:
        start: First byte.
        length: In bits.
    """

    io_type: AddressDirection
    start: int
    length: int


class ChannelInfo(msgspec.Struct, rename="camel", frozen=True):
    """One channel of a module."""

    number: int
    type: ChannelKind
    io_type: ChannelDirection


class AttributeValue(msgspec.Struct, rename="camel", frozen=True):
    """An attribute by its name; a list of these keeps the names as they are."""

    name: str
    value: Scalar


class ItemDetails(msgspec.Struct, rename="camel", frozen=True):
    """A device item with everything in it.

    Attributes:
        rack: The item that it is plugged into.
        order_number: Null for built-in items.
        identifiers: Hardware identifiers.
    """

    name: str
    type_identifier: str
    type_name: str | None
    order_number: str | None
    firmware_version: str | None
    position_number: int
    rack: str | None
    classification: str
    is_built_in: bool
    is_plugged: bool
    identifiers: list[int]
    addresses: list[AddressInfo]
    channels: list[ChannelInfo]
    interface: InterfaceState | None
    attributes: list[AttributeValue]
    items: list[ItemDetails]


class HardwareDetails(msgspec.Struct, rename="camel", frozen=True):
    """A device down to its channels."""

    name: str
    type_identifier: str
    folder: str
    attributes: list[AttributeValue]
    items: list[ItemDetails]
    unplugged: list[ItemDetails]


class FreeSlot(msgspec.Struct, rename="camel", frozen=True):
    """A free slot.

    Attributes:
        fits: Type identifiers of the articles that were tried and fit.
    """

    label: str
    position: int
    fits: list[str]


class RackSlots(msgspec.Struct, rename="camel", frozen=True):
    """The modules that can be plugged into a rack or CPU.

    Attributes:
        articles: The articles that were tried.
        truncated: Whether there are more articles than were tried; request one by its order number.
    """

    rack: str
    type_identifier: str
    slots: list[FreeSlot]
    articles: list[CatalogEntry]
    truncated: bool


class CompatibleSlots(msgspec.Struct, rename="camel", frozen=True):
    """The free slots of a device."""

    device_name: str
    racks: list[RackSlots]


@dataclass(frozen=True, slots=True)
class NewModule:
    """A module to be plugged.

    Attributes:
        name: None for the stem with the next free number.
        slot: None for the first that takes it.
        rack: Name of the rack or CPU; None for the first that takes it.
    """

    type_identifier: str
    name: str | None
    stem: str
    slot: int | None = None
    rack: str | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The inputs of one walk through a device."""

    session: Session
    interfaces: list[Interface]


def details(session: Session, device_name: str) -> HardwareDetails:
    """Return the tree of a device with attributes, addresses, channels, interfaces and nodes."""
    found = locate(session, device_name)
    device = found.device
    reading = _Reading(session, list(interfaces(session, device)))
    return HardwareDetails(
        name=str(device.Name),
        type_identifier=str(device.TypeIdentifier),
        folder="/".join(found.folder),
        attributes=_others(attribute_values.read(session, device, attribute_values.names(session, device))),
        items=[_details(reading, item) for item in device.DeviceItems],
        unplugged=[_details(reading, item) for item in device.UnpluggedItems],
    )


def compatible(session: Session, device_name: str, order_number: str | None, limit: int) -> CompatibleSlots:
    """Return the free slots of a device and which articles fit into them.

    Args:
        session: The portal.
        device_name: Which device.
        order_number: Try only articles with this in their number or name.
        limit: How many articles are tried in each rack; each one costs a question for each slot.
    """
    device = locate(session, device_name).device
    racks = [_rack_slots(session, rack, order_number or "", limit) for rack in _containers(device)]
    return CompatibleSlots(str(device.Name), [rack for rack in racks if rack.slots])


def plug(session: Session, device_name: str, wanted: NewModule) -> ItemDetails:
    """Plug a new module; without a slot into the first that takes it.

    The bridge tries slots with an unused name, so that TIA Portal's refusal of a forbidden name is clear.

    Raises:
        Problem: It fits nowhere, its name is used, or TIA Portal refuses it.
    """
    device = locate(session, device_name).device
    name = _free_name(device, wanted)
    for container in _containers(device, wanted.rack):
        position = _position(container, wanted)
        if position is not None:
            with refused_as("module.refused", Kind.CONFLICT, device=device_name, object=name):
                item = container.PlugNew(wanted.type_identifier, name, position)
            return read_item(session, device, item)
    where = f"slot {wanted.slot}" if wanted.slot is not None else "any free slot"
    advice = "GET /api/devices/compatible-slots lists the modules that fit"
    msg = f"'{wanted.type_identifier}' does not fit into {where} of '{device_name}': {advice}."
    raise Problem("module.does_not_fit", msg, kind=Kind.CONFLICT).at(device=device_name)


def read_item(session: Session, device: Any, item: Any) -> ItemDetails:
    """Return an item of a device with everything in it."""
    return _details(_Reading(session, list(interfaces(session, device))), item)


def unplug(session: Session, device_name: str, item_name: str) -> str:
    """Delete a module and everything in it. Returns its name.

    Raises:
        Problem: There is none of that name, it is built in, or it is the rack or head of the station.
    """
    device = locate(session, device_name).device
    item = next((i for i in _modules(device) if str(i.Name).casefold() == item_name.casefold()), None)
    if item is None:
        raise not_found("module", item_name, device=device_name)
    if enum_name(item.Classification) != "None" or item in _racks(device):
        msg = f"'{item.Name}' holds the modules of the station: delete the device instead."
        raise Problem("module.head", msg, kind=Kind.CONFLICT).at(device=device_name, object=item_name)
    name = str(item.Name)
    with refused_as("module.refused", Kind.CONFLICT, device=device_name, object=name):
        item.Delete()
    return name


# -- slots --------------------------------------------------------------------------


def _modules(device: Any) -> Iterator[Any]:
    yield from (item for item in items(device) if not item.IsBuiltIn)
    yield from device.UnpluggedItems


def _racks(device: Any) -> list[Any]:
    """Return the items directly in the device that are no head: racks and rails."""
    return [item for item in device.DeviceItems if not item.IsBuiltIn and item.Container == device]


def _containers(device: Any, rack: str | None = None) -> Iterator[Any]:
    """Yield what modules can be plugged into: racks and rails first, then CPUs, then the station itself."""
    racks = _racks(device)
    others = [item for item in items(device) if not item.IsBuiltIn and item not in racks]
    for container in (*racks, *others, device):
        if rack is None or str(container.Name).casefold() == rack.casefold():
            yield container


def _rack_slots(session: Session, container: Any, part: str, limit: int) -> RackSlots:
    name, kind = str(container.Name), str(container.TypeIdentifier or "")
    free = list(container.GetPlugLocations())
    articles = _newest(catalog.pluggable(session, kind, part)) if free and kind else []
    tried = articles[:limit]
    slots = [
        FreeSlot(str(f.Label), int(f.PositionNumber), _fitting(container, tried, int(f.PositionNumber))) for f in free
    ]
    return RackSlots(name, kind, slots, tried, len(articles) > limit)


def _fitting(container: Any, tried: list[CatalogEntry], position: int) -> list[str]:
    return [e.type_identifier for e in tried if container.CanPlugNew(e.type_identifier, PROBE, position)]


def _newest(entries: list[CatalogEntry]) -> list[CatalogEntry]:
    """Return the newest firmware of each article."""
    newest: dict[str, CatalogEntry] = {}
    for entry in sorted(entries, key=catalog.newest_first):
        newest.setdefault(entry.article_number, entry)
    return list(newest.values())


def _position(container: Any, wanted: NewModule) -> int | None:
    """Return the requested or first free slot, if the container takes the module there."""
    offered = [int(free.PositionNumber) for free in container.GetPlugLocations()]
    tried = [number for number in offered if wanted.slot in {None, number}]
    return next((number for number in tried if container.CanPlugNew(wanted.type_identifier, PROBE, number)), None)


def _free_name(device: Any, wanted: NewModule) -> str:
    """Return the requested name, refused where it is used; otherwise the next free one."""
    taken = {str(item.Name).casefold() for item in _modules(device)}
    name = wanted.name
    if name is None:
        numbered = (f"{wanted.stem}_{number}" for number in range(1, len(taken) + 2))
        return next(made for made in numbered if made.casefold() not in taken)
    if name.casefold() in taken:
        msg = f"The device '{device.Name}' has a module '{name}' already: choose another name."
        raise Problem("module.exists", msg, kind=Kind.CONFLICT).at(device=str(device.Name), object=name)
    return name


# -- reading ------------------------------------------------------------------------


def _details(reading: _Reading, item: Any) -> ItemDetails:
    values = attribute_values.read(reading.session, item, attribute_values.names(reading.session, item))
    number, version = article(str(item.TypeIdentifier or ""))
    container = item.Container
    interface = next((found for found in reading.interfaces if found.item == item), None)
    return ItemDetails(
        name=str(item.Name),
        type_identifier=str(item.TypeIdentifier or ""),
        type_name=values.get("TypeName"),
        order_number=values.get("OrderNumber") or number,
        firmware_version=values.get("FirmwareVersion") or version,
        position_number=int(item.PositionNumber),
        rack=None if container is None else str(container.Name),
        classification=enum_name(item.Classification),
        is_built_in=bool(item.IsBuiltIn),
        is_plugged=bool(item.IsPlugged),
        identifiers=[int(identifier.Identifier) for identifier in item.HwIdentifiers],
        addresses=[AddressInfo(enum_name(a.IoType), int(a.StartAddress), int(a.Length)) for a in item.Addresses],
        channels=[ChannelInfo(int(c.Number), enum_name(c.Type), enum_name(c.IoType)) for c in item.Channels],
        interface=None if interface is None else state(reading.session, interface),
        attributes=_others(values),
        items=[_details(reading, inner) for inner in item.DeviceItems],
    )


def _others(values: dict[str, Any]) -> list[AttributeValue]:
    """Return the attributes that no separate field shows."""
    return [
        AttributeValue(name, attribute_values.scalar(value))
        for name, value in sorted(values.items())
        if name not in _OWN_FIELDS and attribute_values.is_scalar(value)
    ]
