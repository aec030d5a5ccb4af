"""PEEK and POKE: memory by area, number and offset; and the process image out of turn.

Areas: 16#81 inputs, 16#82 outputs, 16#83 markers, 16#84 data block, 16#01 peripheral inputs, 16#02 peripheral outputs.
Of data blocks only those with standard access have addresses. What does not exist is an error of area length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.types import BYTE, DataType, Elementary
from virtual_plc.faults import Fault, IndexReadFault, IndexWriteFault, MissingBlockFault
from virtual_plc.instructions.registry import Site, register_maker

_AREAS: Final = {
    0x81: "inputs",
    0x82: "outputs",
    0x83: "markers",
    0x01: "peripheral_inputs",
    0x02: "peripheral_outputs",
}
_DATA_BLOCK: Final = 0x84


def _area(memory: Any, area: int, block: int, fault: type[Fault]) -> bytearray:
    """Return the bytes of an area.

    Raises:
        MissingBlockFault: there is no such data block.
        Fault: there is no such area, or the data block has no addresses.
    """
    if area in _AREAS:
        held: bytearray = getattr(memory, _AREAS[area])
        return held
    if area != _DATA_BLOCK:
        raise fault(f"16#{area:02X} is not a memory area.")
    data = memory.by_number.get(block)
    if data is None:
        raise MissingBlockFault(f"There is no data block {block}.")
    buffer = getattr(data, "_buffer", None) or getattr(data, "buffer", None)
    if not isinstance(buffer, bytearray):
        raise fault(f"Data block {block} has optimized access and no addresses; give it standard access.")
    return buffer


def _check_range(data: bytearray, first: int, count: int, fault: type[Fault]) -> bytearray:
    if first < 0 or first + count > len(data):
        raise fault(f"Bytes {first} to {first + count - 1} do not exist; the area has {len(data)}.")
    return data


def _size(data_type: DataType) -> int:
    return (data_type.bits if isinstance(data_type, Elementary) else BYTE.bits) // 8


@register_maker("PEEK", "AREA DBNUMBER BYTEOFFSET")
def _peek(site: Site) -> Callable[[int, int, int], int]:
    memory, size = site.memory, _size(site.result)

    def peek(AREA: int, DBNUMBER: int, BYTEOFFSET: int) -> int:
        data = _check_range(_area(memory, AREA, DBNUMBER, IndexReadFault), BYTEOFFSET, size, IndexReadFault)
        return int.from_bytes(data[BYTEOFFSET : BYTEOFFSET + size], "big")

    return peek


@register_maker("PEEK_BOOL", "AREA DBNUMBER BYTEOFFSET BITOFFSET")
def _peek_bool(site: Site) -> Callable[[int, int, int, int], bool]:
    memory = site.memory

    def peek(AREA: int, DBNUMBER: int, BYTEOFFSET: int, BITOFFSET: int) -> bool:
        byte, bit = BYTEOFFSET + BITOFFSET // 8, BITOFFSET % 8
        data = _check_range(_area(memory, AREA, DBNUMBER, IndexReadFault), byte, 1, IndexReadFault)
        return data[byte] >> bit & 1 == 1

    return peek


@register_maker("POKE", "AREA DBNUMBER BYTEOFFSET VALUE", "")
def _poke(site: Site) -> Callable[[int, int, int, int], None]:
    memory, size = site.memory, _size(site.type_of("VALUE", "VALUE"))

    def poke(AREA: int, DBNUMBER: int, BYTEOFFSET: int, VALUE: int) -> None:
        data = _check_range(_area(memory, AREA, DBNUMBER, IndexWriteFault), BYTEOFFSET, size, IndexWriteFault)
        data[BYTEOFFSET : BYTEOFFSET + size] = VALUE.to_bytes(size, "big")

    return poke


@register_maker("POKE_BOOL", "AREA DBNUMBER BYTEOFFSET BITOFFSET VALUE", "")
def _poke_bool(site: Site) -> Callable[[int, int, int, int, bool], None]:
    memory = site.memory

    def poke(AREA: int, DBNUMBER: int, BYTEOFFSET: int, BITOFFSET: int, VALUE: bool) -> None:
        byte, bit = BYTEOFFSET + BITOFFSET // 8, 1 << BITOFFSET % 8
        data = _check_range(_area(memory, AREA, DBNUMBER, IndexWriteFault), byte, 1, IndexWriteFault)
        data[byte] = data[byte] | bit if VALUE else data[byte] & ~bit & 0xFF

    return poke


@register_maker("POKE_BLK", "AREA_SRC DBNUMBER_SRC BYTEOFFSET_SRC AREA_DEST DBNUMBER_DEST BYTEOFFSET_DEST COUNT", "")
def _poke_block(site: Site) -> Callable[..., None]:
    memory = site.memory

    def poke(AREA: int, DB: int, FIRST: int, AREA_TO: int, DB_TO: int, TO: int, COUNT: int) -> None:
        source = _check_range(_area(memory, AREA, DB, IndexReadFault), FIRST, COUNT, IndexReadFault)
        target = _check_range(_area(memory, AREA_TO, DB_TO, IndexWriteFault), TO, COUNT, IndexWriteFault)
        target[TO : TO + COUNT] = source[FIRST : FIRST + COUNT]

    return poke


def _update(source: str, target: str) -> Callable[[Site], Callable[[int], tuple[int, int, bool]]]:
    """Return what makes UPDAT_PI or UPDAT_PO; there are no partitions, so that each part is everything."""

    def make(site: Site) -> Callable[[int], tuple[int, int, bool]]:
        def update(_: int) -> tuple[int, int, bool]:
            getattr(site.memory, target)[:] = getattr(site.memory, source)
            return 0, 0, True

        return update

    return make


register_maker("UPDAT_PI|SYNC_PI", "PART", "FLADDR RET ENO")(_update("peripheral_inputs", "inputs"))
register_maker("UPDAT_PO|SYNC_PO", "PART", "FLADDR RET ENO")(_update("outputs", "peripheral_outputs"))
