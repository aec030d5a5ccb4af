"""The rules for plugging a module, without the objects that they apply to.

Each function returns a plan or refuses, so that CanPlug and Plug never
disagree. Facts: docs/facts/openness-hardware.md#modules, docs/facts/hardware-catalog.md#type-identifiers
(firmware is part of the type identifier; only the rack takes modules, not the station).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, require_name
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware.articles import PREFIX, Article, find_article, normalise, versions_of
from fake_openness.hardware.slots import ANY_SLOT, STATIONS, positions, rack_slots, system_of, takes

if TYPE_CHECKING:
    from fake_openness.hardware.device_items import DeviceItem, HardwareObject

BOARD_SLOT = 3
ACCESSORY_SLOTS = range(256)


@dataclass(frozen=True, slots=True)
class Plan:
    """A module that may be plugged.

    Attributes:
        type_identifier: As it reads afterwards.
        article: The catalogue row; None for GSD and System types.
        rack: Whether it is a rack, which has no hardware identifier.
    """

    type_identifier: str
    article: Article | None
    name: str
    position: int
    rack: bool = False


def refuse(code: str, text: str, **place: str | int) -> EngineeringTargetInvocationException:
    """Return a refusal of a hardware change."""
    return EngineeringTargetInvocationException(text, code=code, place=place)


def require_article(type_identifier: str, version: TiaVersion) -> Article:
    """Return the article of a type identifier.

    Raises:
        EngineeringTargetInvocationException: Not in this version's catalogue; the sentence lists firmware that is.
    """
    article = find_article(type_identifier, version)
    if article is not None:
        return article
    known = versions_of(type_identifier, version)
    advice = f"use one of the firmware versions {', '.join(known)}" if known else "look the article up in the catalogue"
    msg = f"'{type_identifier}' is not in the hardware catalogue of TIA Portal {version.engineering}: {advice}."
    raise refuse("catalog.unknown", msg)


def plan(container: HardwareObject, type_identifier: str, name: str, position: int) -> Plan:
    """Decide on plugging a new module.

    Raises:
        EngineeringTargetInvocationException: Unknown type, wrong rack, wrong or taken slot, or a name that is used.
    """
    kind = type_identifier.partition(":")[0]
    if kind + ":" == PREFIX:
        article = require_article(type_identifier, container._context.version)
        slot = _slot_for(container, article, position)
        type_identifier = article.type_identifier
    elif kind in {"GSD", "System"}:
        article, slot = None, _free(container, _range_without_article(container, type_identifier), position)
    else:
        msg = f"'{type_identifier}' is not a type identifier: begin with OrderNumber:, GSD: or System:."
        raise refuse("catalog.type_identifier", msg)
    container._device._require_free_item_name(require_name(name, "module", GROUP_LENGTH))
    rack = container is container._device and (article is None or article.kind == "rack")
    return Plan(type_identifier, article, name, slot, rack)


def move_slot(container: HardwareObject, item: DeviceItem, position: int) -> int:
    """Return the slot that a plugged module may move to in the container.

    Raises:
        EngineeringTargetInvocationException: Built in, another device, or the slot is wrong or taken.
    """
    if item._built_in or item._device is not container._device:
        msg = f"'{item._name}' cannot be moved: it is built in, or it belongs to another device."
        raise refuse("module.not_movable", msg)
    return copy_slot(container, item, position)


def copy_slot(container: HardwareObject, item: DeviceItem, position: int) -> int:
    """Return the slot that a copy of a module may take in the container.

    Raises:
        EngineeringTargetInvocationException: Built in, or the slot is wrong or taken.
    """
    if item._built_in:
        msg = f"'{item._name}' is built in: plug a separate module instead."
        raise refuse("module.built_in", msg)
    if item._article is None:
        return _free(container, _range_without_article(container, item._type_identifier), position)
    return _slot_for(container, item._article, position)


def free_slots(container: HardwareObject) -> list[tuple[str, int]]:
    """Return label and position of the free slots."""
    taken = {item._position for item in container._list_plugged()}
    return [(label, number) for label, number in _all_slots(container) if number not in taken]


def _all_slots(container: HardwareObject) -> list[tuple[str, int]]:
    if container._takes_boards():
        return [("1 3", BOARD_SLOT)]
    if container is container._device:
        return [(str(number), number) for number in _rack_numbers(container._system)]
    if not container._is_rack():
        return []
    return [(str(number), number) for number in rack_slots(container._type_identifier, _head_of(container))]


def _rack_numbers(system: str) -> range:
    return range({"S7-300": 4, "S7-400": 22}.get(system, 1))


def _slot_for(container: HardwareObject, article: Article, position: int) -> int:
    if article.kind == "rack":
        return _rack_slot(container, article, position)
    if article.kind == "board":
        return _board_slot(container, article, position)
    if article.kind == "accessory":
        return _accessory_slot(container, article, position)
    if not container._is_rack() or not takes(container._type_identifier, article):
        msg = f"'{article.type_name}' cannot be plugged into '{container._name}': use a rack of {article.system}."
        raise refuse("slot.wrong_rack", msg, device=container._device._name)
    if article.kind in {"cpu", "head"} and _head_of(container) is not None:
        msg = f"'{container._device._name}' has a CPU or interface module already."
        raise refuse("slot.second_head", msg, device=container._device._name)
    allowed = positions(article, container._type_identifier, _head_of(container))
    return _free(container, allowed, position)


def _rack_slot(container: HardwareObject, article: Article, position: int) -> int:
    if container is not container._device or system_of(article.type_identifier) != container._system:
        msg = f"'{article.type_identifier}' cannot be plugged into '{container._name}': use a station of {article.system}."
        raise refuse("slot.wrong_rack", msg, device=container._device._name)
    return _free(container, _rack_numbers(container._system), position)


def _board_slot(container: HardwareObject, article: Article, position: int) -> int:
    if not container._takes_boards():
        msg = f"'{article.type_name}' cannot be plugged into '{container._name}': plug a signal board into an S7-1200 CPU."
        raise refuse("slot.wrong_rack", msg, device=container._device._name)
    return _free(container, range(BOARD_SLOT, BOARD_SLOT + 1), position)


def _accessory_slot(container: HardwareObject, article: Article, position: int) -> int:
    """Return the slot of an accessory: a base unit shares that of its module, a bus adapter that of its head."""
    host = getattr(container, "_article", None)
    kinds = {"head", "cpu"} if article.category == "bus adapter" else {"module"}
    if host is None or host.system != "ET 200SP" or host.kind not in kinds or container._find_plugged(article.category):
        msg = f"'{article.type_name}' cannot be plugged into '{container._name}', or a module is plugged there already."
        raise refuse("slot.wrong_rack", msg, device=container._device._name)
    return _free(container, ACCESSORY_SLOTS, position)


def _range_without_article(container: HardwareObject, type_identifier: str) -> range:
    if container is container._device:
        rack = normalise(type_identifier)
        expected = STATIONS[container._system].rack if container._system in STATIONS else ""
        if "RACK" in rack or "/R" in rack or rack == normalise(expected):
            return _rack_numbers(container._system)
    elif container._is_rack() and system_of(container._type_identifier) in {"", "Generic"}:
        return range(257)
    msg = f"'{type_identifier}' cannot be plugged into '{container._name}'."
    raise refuse("slot.wrong_rack", msg, device=container._device._name)


def _free(container: HardwareObject, allowed: range, position: int) -> int:
    taken = {item._position: item._name for item in container._list_plugged()}
    place: dict[str, str | int] = {"device": container._device._name, "rack": container._name}
    if position == ANY_SLOT:
        slot = next((n for n in allowed if n not in taken), None)
        if slot is None:
            raise refuse("slot.full", f"'{container._name}' has no free slot for the module.", **place)
        return slot
    if position not in allowed:
        where = f"slots {allowed.start} to {allowed.stop - 1}" if len(allowed) else "no slot of this station"
        msg = f"The module cannot be plugged into slot {position} of '{container._name}': it fits into {where}."
        raise refuse("slot.not_allowed", msg, slot=position, **place)
    if position in taken:
        msg = f"Slot {position} of '{container._name}' is taken by '{taken[position]}': choose a free slot."
        raise refuse("slot.taken", msg, slot=position, **place)
    return position


def _head_of(container: HardwareObject) -> Article | None:
    heads = (item._article for item in container._list_plugged() if item._article is not None)
    return next((article for article in heads if article.kind in {"cpu", "head"}), None)
