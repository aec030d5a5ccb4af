"""Absolute addresses as paths of tags: DB1.DBD0:REAL, M10.0, IW4, DB5.DBX0.0, T5. The types are those of TIA Portal.

An address with a type has one spelling, apart from case and blanks, so that another one does not get around a rule.
Facts: docs/runtime/s7.md#addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from openness_bridge.errors import Kind, Problem
from runtime_data import byte_values, data_types
from runtime_data.absolute import Range
from runtime_data.patterns import fold

_BLOCK = re.compile(r"%?DB(\d{1,5})\.DB(X|B|W|D|L)(\d{1,5})(?:\.([0-7]))?(?::(.+))?", re.IGNORECASE | re.ASCII)
_AREA = re.compile(r"%?(I|E|Q|A|M)(X|B|W|D|L)?(\d{1,5})(?:\.([0-7]))?(?::(.+))?", re.IGNORECASE | re.ASCII)
_NUMBERED = re.compile(r"%?(T|C|Z)(\d{1,5})", re.IGNORECASE | re.ASCII)
_AREAS = {"I": "Input", "E": "Input", "Q": "Output", "A": "Output", "M": "Marker"}
_LETTERS = {"Input": "I", "Output": "Q", "Marker": "M"}
_TYPES = {"X": "Bool", "B": "Byte", "W": "Word", "D": "DWord", "L": "LWord"}
_WIDTHS = {"X": 1, "B": 0, "W": 2, "D": 4, "L": 8}
"""Bytes of a type behind an address; a byte may begin any type."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a value is in a CPU.

    Attributes:
        path: Its only spelling.
        range: Its bytes.
        bit: Of Bool, which bit.
        data_type: Its type.
        writable: Whether it may be written: timers and counters are only read.
    """

    path: str
    range: Range
    bit: int | None
    data_type: str
    writable: bool = True


@lru_cache(maxsize=20_000)
def parse(path: str) -> Address:
    """Return what a path names.

    Raises:
        Problem: It is no absolute address, its type does not fit it, or it has another spelling.
    """
    found = _parse(path.strip())
    if fold(path) != fold(found.path):
        raise _wrong(path, f"write {found.path}")
    return found


def _parse(text: str) -> Address:
    if found := _BLOCK.fullmatch(text):
        block, width, byte, bit, data_type = found.groups()
        begin = f"DB{int(block)}.DB{width.upper()}"
        return _address(text, begin, Range("DataBlock", int(block), int(byte), 0), width.upper(), bit, data_type)
    if found := _AREA.fullmatch(text):
        letter, width, byte, bit, data_type = found.groups()
        area = _AREAS[letter.upper()]
        begin = f"{_LETTERS[area]}{width.upper() if width and width.upper() != 'X' else ''}"
        return _address(text, begin, Range(area, 0, int(byte), 0), (width or "X").upper(), bit, data_type)
    if found := _NUMBERED.fullmatch(text):
        is_timer, number = found[1].upper() == "T", int(found[2])
        where = Range("Timer" if is_timer else "Counter", 0, 2 * number, 2)
        return Address(
            f"{'T' if is_timer else 'C'}{number}", where, None, "S5Time" if is_timer else "Counter", writable=False
        )
    raise _wrong(text, "it is none")


def _address(text: str, begin: str, where: Range, width: str, bit: str | None, named: str | None) -> Address:
    if (width == "X") != (bit is not None):
        raise _wrong(text, "a bit has the form .0 to .7, and only a bit has it")
    if where.area == "DataBlock" and not where.block:
        raise _wrong(text, "there is no DB0")
    try:
        data_type = data_types.spelled(named).replace("[254]", "") if named else _TYPES[width]
    except Problem as problem:
        raise _wrong(text, problem.message) from None
    size = byte_values.size_of(data_type)
    if (data_type == "Bool") != (width == "X") or (_WIDTHS[width] and size != _WIDTHS[width]):
        raise _wrong(text, f"{data_type} does not fit it; write DBB or B for the first byte of a type of another size")
    if where.start + size > 0x10000:
        raise _wrong(text, "an area has 65,536 bytes at most")
    path = (
        f"{begin}{where.start}" + (f".{bit}" if bit else "") + ("" if data_type == _TYPES[width] else f":{data_type}")
    )
    return Address(path, where._replace(length=size), None if bit is None else int(bit), data_type)


def _wrong(path: str, why: str) -> Problem:
    msg = f"'{path}' is not an absolute address, such as DB1.DBD0:REAL, DB5.DBX0.0, M10.0, IW4 or T5: {why}."
    return Problem("s7.address", msg, kind=Kind.INVALID)
