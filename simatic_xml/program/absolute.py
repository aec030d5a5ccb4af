"""Absolute operands: `%MW10`, `%I0.0:P`, `%DB1.DBX0.0`, `T5`, and which of them are allowed.

Facts: areas and sizes from the system manuals of S7-1200 and S7-1500; absolute access needs a data block with standard
access.
"""

from __future__ import annotations

import re
from typing import cast

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Absolute, Area, Broken, DataBlock, Expression
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types import layout
from simatic_xml.program.types.types import BOOL, BYTE, DWORD, ELEMENTARY, LWORD, UNKNOWN, WORD, DataType, Elementary

_OPERAND = re.compile(
    r"""%?(?:
      (?:DB(?P<block>\d+)\.)?D(?P<kind>[BI])(?P<data_width>[XBWDL])(?P<data_byte>\d+)(?:\.(?P<data_bit>\d+))?
    | DB(?P<whole>\d+)
    | (?P<number_area>[TCZ])(?P<number>\d+)
    | (?P<peripheral>P)?(?P<area>[IQEAML])(?P<width>[XBWDL]?)(?P<byte>\d+)(?:\.(?P<bit>\d+))?
    )(?P<direct>:P)?""",
    re.VERBOSE | re.IGNORECASE,
)
_GERMAN: dict[str, str] = {"E": "I", "A": "Q", "Z": "C"}
_WIDTHS = {"": 1, "X": 1, "B": 8, "W": 16, "D": 32, "L": 64}
_TYPES: dict[int, DataType] = {1: BOOL, 8: BYTE, 16: WORD, 32: DWORD, 64: LWORD}
_NUMBERED = {"T": ELEMENTARY["TIMER"], "C": ELEMENTARY["COUNTER"]}


def looks_absolute(text: str, cpu: Cpu) -> bool:
    """Return whether a word without `%` is an absolute operand; a letter and a number without bit (`M5`) is a name."""
    match = _OPERAND.fullmatch(text)
    return match is not None and _knows(cpu, match) and (match["area"] is None or _has_its_bit(match))


def _knows(cpu: Cpu, match: re.Match[str]) -> bool:
    """Return whether an area is written in the mnemonics of the CPU; the international ones always are."""
    letter = (match["area"] or match["number_area"] or "").upper()
    return letter not in _GERMAN or cpu.mnemonics == "german"


def _has_its_bit(match: re.Match[str]) -> bool:
    """Return whether an access to a bit names one from 0 to 7, and a wider one none."""
    in_block = match["data_byte"] is not None
    width, bit = (match["data_width"], match["data_bit"]) if in_block else (match["width"], match["bit"])
    return (_WIDTHS[width.upper()] == 1) == (bit is not None) and int(bit or 0) <= 7


def absolute(scope: Scope, text: str, place: Place, expected: DataType | None = None) -> Expression:
    """Return the operand of an absolute address; without a tag its type is a bit string as wide as the access.

    Args:
        scope: the block that contains it.
        text: the operand, with or without `%`.
        place: its place.
        expected: an elementary type of the same width that the operand takes instead.
    """
    match = _OPERAND.fullmatch(text)
    if match is None or not _knows(scope.symbols.cpu, match):
        message = f"'{text}' is not an absolute operand; write it like %MW10, %I0.0 or %DB1.DBX0.0."
        scope.error("address.form", message, place)
        return Broken(UNKNOWN, place)
    if match["whole"]:
        return _data_block(scope, int(match["whole"]), place)
    if match["number"]:
        return _build_numbered(scope, match, place)
    return _memory(scope, match, place, expected)


def _data_block(scope: Scope, number: int, place: Place) -> Expression:
    found = scope.symbols.find_by_number("DB", number)
    if not isinstance(found, DataBlockDeclaration):
        scope.error("name.undefined", f"There is no data block with the number {number}.", place)
        return Broken(UNKNOWN, place)
    scope.globally(found.name)
    return DataBlock(found.name, found.type, place)


def _build_numbered(scope: Scope, match: re.Match[str], place: Place) -> Expression:
    letter = match["number_area"].upper()
    area = cast("Area", _GERMAN.get(letter, letter))
    number = int(match["number"])
    operand = Absolute(area, 16, number, 0, _NUMBERED[area], place)
    _check_size(scope, operand, number, match.group())
    return operand


def _memory(scope: Scope, match: re.Match[str], place: Place, expected: DataType | None) -> Expression:
    in_block = match["data_byte"] is not None
    letter = f"D{match['kind']}".upper() if in_block else match["area"].upper()
    area = cast("Area", _GERMAN.get(letter, letter))
    width = match["data_width"] if in_block else match["width"]
    byte, bit = (match["data_byte"], match["data_bit"]) if in_block else (match["byte"], match["bit"])
    bits = _WIDTHS[width.upper()]
    if not _has_its_bit(match):
        message = f"'{match.group()}' needs a byte number and, only for a bit, a bit number from 0 to 7."
        scope.error("address.form", message, place)
        return Broken(UNKNOWN, place)
    peripheral = bool(match["direct"] or match["peripheral"])
    block = int(match["block"]) if match["block"] else None
    data_type = _adapt_type(bits, expected)
    operand = Absolute(area, bits, int(byte), int(bit or 0), data_type, place, block, peripheral)
    _check_access(scope, operand, match.group())
    return operand


def _adapt_type(bits: int, expected: DataType | None) -> DataType:
    if isinstance(expected, Elementary) and expected.bits == bits and not expected.base:
        return expected
    return _TYPES[bits]


def _check_access(scope: Scope, operand: Absolute, text: str) -> None:
    """Report an access past the process image to another area, and one beyond the area or the data block."""
    if operand.peripheral and operand.area not in ("I", "Q"):
        message = f"':P' is for inputs and outputs only; remove it from '{text}'."
        scope.error("address.peripheral", message, operand.place)
    last = operand.byte + (operand.bits + 7) // 8 - 1
    if operand.block is None:
        _check_size(scope, operand, last, text)
        return
    found = scope.symbols.find_by_number("DB", operand.block)
    if not isinstance(found, DataBlockDeclaration):
        scope.error("name.undefined", f"There is no data block with the number {operand.block}.", operand.place)
        return
    scope.globally(found.name)
    check_standard(scope, found, operand.place)
    size = layout.size_bits(found.type) // 8
    if not found.optimized and size and last >= size:
        message = f"'{text}' is beyond the end of '{found.name}', which has {size} bytes."
        scope.error("address.range", message, operand.place)


def _check_size(scope: Scope, operand: Absolute, last: int, text: str) -> None:
    size = scope.symbols.cpu.limits.size(operand.area)
    if size is not None and last >= size:
        rest = f"ends before {size}" if size else "does not exist there"
        cpu = scope.symbols.cpu.family
        scope.error("address.range", f"'{text}' is outside of the area of the {cpu}, which {rest}.", operand.place)


def check_standard(scope: Scope, block: DataBlockDeclaration, place: Place) -> None:
    """Report absolute access into a data block with optimized access."""
    if block.optimized:
        message = (
            f"'{block.name}' has optimized access and cannot be addressed absolutely; use the names of its members."
        )
        scope.error("address.optimized", message, place)
