"""GEO2LOG and LOG2GEO: a hardware identifier and its geographical address.

Facts: docs/facts/communication.md#geographical-addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from simatic_xml.program.types.types import Structure
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import KEEP, Reference, Site, register_maker
from virtual_plc.surroundings.geography import Kind, Position, positions

NO_MODULE, NO_TYPE, NO_SYSTEM, NO_STATION, NO_SLOT, NO_SUBSLOT = 0x8090, 0x8091, 0x8094, 0x8095, 0x8096, 0x8097
_KINDS: Final = (Kind.IO_SYSTEM, Kind.DEVICE, Kind.MODULE, Kind.SUBMODULE)


def _address(reference: Reference | None) -> Any:
    """Return the GEOADDR that a VARIANT points to, None if it points to something else."""
    is_address = reference is not None and isinstance(reference.type, Structure) and reference.type.name == "GEOADDR"
    return reference.get() if reference is not None and is_address else None


@register_maker("LOG2GEO", "LADDR &GEOADDR", "RET ENO")
def _find_position(site: Site) -> Callable[[int, Reference | None], tuple[int, bool]]:
    modules = site.services.surroundings.modules

    def find(LADDR: int, GEOADDR: Reference | None) -> tuple[int, bool]:
        found, target = positions(modules).get(LADDR), _address(GEOADDR)
        if found is None or target is None:
            return as_int(NO_MODULE), False
        target.HWTYPE, target.AREA, target.IOSYSTEM = int(found.kind), found.area, found.system
        target.STATION, target.SLOT, target.SUBSLOT = found.station, found.slot, 0
        return 0, True

    return find


@register_maker("GEO2LOG", "&GEOADDR", "LADDR RET ENO")
def _find_identifier(site: Site) -> Callable[[Reference | None], tuple[Any, int, bool]]:
    modules = site.services.surroundings.modules

    def find(GEOADDR: Reference | None) -> tuple[Any, int, bool]:
        wanted = _address(GEOADDR)
        if wanted is None or wanted.HWTYPE not in _KINDS:
            return KEEP, as_int(NO_TYPE), False
        known = positions(modules)
        position = Position(Kind(wanted.HWTYPE), wanted.IOSYSTEM)
        if position.kind is not Kind.IO_SYSTEM:
            position = Position(position.kind, wanted.IOSYSTEM, wanted.STATION)
        if position.kind is Kind.MODULE:
            position = Position(position.kind, wanted.IOSYSTEM, wanted.STATION, wanted.SLOT)
        found = next((identifier for identifier, each in known.items() if each == position), None)
        if found is not None:
            return found, 0, True
        return KEEP, as_int(_error(known.values(), wanted)), False

    return find


def _error(known: Iterable[Position], wanted: Any) -> int:
    """Return the number of the first part of an address that does not exist."""
    system = [each for each in known if each.system == wanted.IOSYSTEM]
    if wanted.HWTYPE == Kind.IO_SYSTEM or not (system or wanted.IOSYSTEM == 0):
        return NO_SYSTEM
    station = [each for each in system if each.station == wanted.STATION and each.kind is not Kind.IO_SYSTEM]
    if wanted.HWTYPE == Kind.DEVICE or not (station or wanted.IOSYSTEM == wanted.STATION == 0):
        return NO_STATION
    return NO_SUBSLOT if any(each.slot == wanted.SLOT and each.kind is Kind.MODULE for each in station) else NO_SLOT
