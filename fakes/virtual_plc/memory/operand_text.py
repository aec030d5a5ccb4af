"""Absolute addresses as people and tag tables write them: `%MW10`, `%I0.0:P`, `%DB1.DBX0.0`, `%T5`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPERAND = re.compile(
    r"""%?(?:
      DB(?P<block>\d+)\.DB(?P<data_width>[XBWDL])(?P<data_byte>\d+)(?:\.(?P<data_bit>[0-7]))?
    | (?P<numbered>[TCZ])(?P<number>\d+)
    | (?P<peripheral>P)?(?P<area>[IQEAM])(?P<width>[XBWDL]?)(?P<byte>\d+)(?:\.(?P<bit>[0-7]))?
    )(?P<direct>:P)?""",
    re.VERBOSE | re.IGNORECASE,
)
_INTERNATIONAL = {"E": "I", "A": "Q", "Z": "C"}
_BITS = {"": 1, "X": 1, "B": 8, "W": 16, "D": 32, "L": 64}


@dataclass(frozen=True, slots=True)
class Operand:
    """An absolute address.

    Attributes:
        area: `I`, `Q`, `M`, `T`, `C` or `DB`.
        bits: width of the access.
        byte: number of the byte, of the timer or counter.
        bit: bit in it.
        block: number of the data block.
        peripheral: whether it goes past the process image.
    """

    area: str
    bits: int
    byte: int
    bit: int = 0
    block: int | None = None
    peripheral: bool = False


def parse_operand(text: str) -> Operand | None:
    """Return an address, in either language of mnemonics; None when the text is none."""
    found = _OPERAND.fullmatch(text.strip())
    if found is None:
        return None
    if found["numbered"]:
        return Operand(_area(found["numbered"]), 16, int(found["number"]))
    in_block = found["block"] is not None
    width, byte, bit = found.group(*(("data_width", "data_byte", "data_bit") if in_block else ("width", "byte", "bit")))
    bits = _BITS[width.upper()]
    peripheral = bool(found["direct"] or found["peripheral"])
    area = "DB" if in_block else _area(found["area"])
    if (bits == 1) != (bit is not None) or (peripheral and area not in ("I", "Q")):
        return None
    return Operand(area, bits, int(byte), int(bit or 0), int(found["block"]) if in_block else None, peripheral)


def _area(letter: str) -> str:
    return _INTERNATIONAL.get(letter.upper(), letter.upper())
