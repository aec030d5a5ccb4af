"""Literals of SCL, LAD and STL: their text, their value and their type.

`nodes.Value` describes the form of a value. A literal without a type (`5`, `16#FF`, `'a'`) takes the expected type if
it fits, else the smallest usual one. Facts: help of TIA Portal, "Constants".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.folding import fold
from simatic_xml.program.nodes import Constant, Value
from simatic_xml.program.types import moments
from simatic_xml.program.types.literal_text import NUMBERED_AREAS
from simatic_xml.program.types.ranges import fits, real32, wrap
from simatic_xml.program.types.system_types import system_type
from simatic_xml.program.types.types import (
    BOOL,
    DINT,
    ELEMENTARY,
    INT,
    LINT,
    LREAL,
    REAL,
    SINT,
    ULINT,
    WORD,
    DataType,
    Elementary,
    Kind,
    Special,
    Text,
)

__all__ = ["constant", "fits", "fold", "literal", "wrap"]

Literal = tuple[Value, DataType]

_LONGEST = 400
_INTEGER = re.compile(r"[+-]?\s*\d(?:_?\d)*")
_REAL = re.compile(r"[+-]?\s*\d(?:_?\d)*(?:\.\d(?:_?\d)*)?(?:e[+-]?\d+)?", re.I)
_BASED = re.compile(r"(?P<base>2|8|10|16)#(?P<sign>[+-]?)(?P<digits>[0-9a-f](?:_?[0-9a-f])*)", re.I)
_PREFIXED = re.compile(r"(?P<type>[a-z]\w*)#(?P<value>.*)", re.I | re.S)
_POINTER = re.compile(r"p#\s?(?:db\s?\d+\.)?(?:[a-z]{1,3}\s*)?\d+\.[0-7](?P<length>\s+[a-z_]+\s+\d+)?", re.I)
_AREA_POINTER = re.compile(r"p#(?P<area>[a-z]{0,3})\s*(?P<byte>\d+)\.(?P<bit>[0-7])", re.I)
AREA_CODES = {
    "": 0,
    "P": 0x80,
    "I": 0x81,
    "E": 0x81,
    "Q": 0x82,
    "A": 0x82,
    "M": 0x83,
    "DBX": 0x84,
    "DIX": 0x85,
    "L": 0x86,
    "V": 0x87,
}
"""How pointers code areas."""
_BYTES = re.compile(r"(?:[dl]?w#|b#)\((?P<bytes>\s*\d+\s*(?:,\s*\d+\s*){1,7})\)", re.I)
_LISTED = {2: WORD, 4: ELEMENTARY["DWORD"], 8: ELEMENTARY["LWORD"]}
"""Types of bytes in brackets by their number."""
_NUMBERED = re.compile(r"(?P<area>[tcz])\s*(?P<number>\d{1,5})", re.I)
_COUNT = re.compile(r"c#(?P<digits>\d{1,3})", re.I)
_STRING = re.compile(r"'(?P<text>(?:[^'$]|\$.)*)'", re.S)
_ESCAPE = re.compile(r"\$(?:(?P<code>[0-9a-f]{2}|\d)|(?P<mark>.))", re.I | re.S)
_WIDE_ESCAPE = re.compile(r"\$(?:(?P<code>[0-9a-f]{4})|(?P<mark>.))", re.I | re.S)
_ESCAPES = {"L": "\n", "N": "\r\n", "P": "\f", "R": "\r", "T": "\t"}
_SHORT = {
    "T": "TIME",
    "LT": "LTIME",
    "S5T": "S5TIME",
    "D": "DATE",
    "B": "BYTE",
    "W": "WORD",
    "DW": "DWORD",
    "LW": "LWORD",
    "L": "DINT",
    "DATE_AND_LTIME": "LDT",
}
_NATURAL = (INT, DINT, LINT, ULINT)
_NATURAL_BITS = (WORD, ELEMENTARY["DWORD"], ELEMENTARY["LWORD"])
_NULL = Special("Null")


def constant(text: str, place: Place, expected: DataType | None = None) -> Constant | None:
    """Return a literal as a constant, with the mark whether its type was written; None if it is not a literal."""
    found = literal(text, expected)
    if found is None:
        return None
    value, data_type = found
    return Constant(value, data_type, place, fixed=is_typed(text))


def is_typed(text: str) -> bool:
    """Return whether a literal names its type (`INT#5`, `T#1s`, `TRUE`)."""
    text = text.strip()
    return text.upper() in ("TRUE", "FALSE") or _PREFIXED.fullmatch(text) is not None


def literal(text: str, expected: DataType | None = None) -> Literal | None:
    """Return value and type of a literal.

    Args:
        text: any literal of SCL, LAD or STL.
        expected: the type wanted in its place; a literal without a type takes it if the value fits.

    Returns:
        None when the text is not a literal. A literal with a type may have a value outside of it: check `fits`.
    """
    text = text.strip()
    if text[:1] == "'":
        return _parse_string(text, expected)
    if isinstance(expected, Elementary) and expected.kind in NUMBERED_AREAS:
        return _number_of(text, expected)
    if len(text) > _LONGEST:
        return None
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE", BOOL
    if text.upper() == "NULL":
        return "NULL", _NULL
    untyped = _number(text)
    if untyped is not None:
        return _adapt_literal(untyped, expected)
    return _special(text) or _pointer(text, expected) or _parse_prefixed(text)


def _number_of(text: str, expected: Elementary) -> Literal | None:
    """Return the number of a timer (`T 24`) or counter (`C 3`, German `Z 3`), which an instance has for its parameter."""
    found = _NUMBERED.fullmatch(text)
    fits_area = found is not None and found["area"].upper() in NUMBERED_AREAS[expected.kind]
    return (int(found["number"]), expected) if found is not None and fits_area else None


def _number(text: str) -> Literal | None:
    """Return a number without a type: whole, real or with a base."""
    if _INTEGER.fullmatch(text):
        value = int(text.replace("_", "").replace(" ", ""))
        return value, next((each for each in _NATURAL if fits(value, each)), ULINT)
    if _REAL.fullmatch(text):
        number = float(text.replace("_", "").replace(" ", ""))
        return (number, REAL if fits(number, REAL) else LREAL) if math.isfinite(number) else None
    based = _BASED.fullmatch(text)
    value_or_none = _parse_based(based) if based else None
    if value_or_none is None:
        return None
    types = _NATURAL if text.startswith("10#") or value_or_none < 0 else _NATURAL_BITS
    return value_or_none, next((each for each in types if fits(value_or_none, each)), types[-1])


def _parse_based(found: re.Match[str]) -> int | None:
    try:
        value = int(found["digits"].replace("_", ""), int(found["base"]))
    except ValueError:
        return None
    return -value if found["sign"] == "-" else value


def _adapt_literal(found: Literal, expected: DataType | None) -> Literal:
    """Return an untyped number as the expected type if it fits, else as its natural type."""
    value = None if expected is None else adapt(found[0], found[1], expected)
    if value is not None and expected is not None:
        return value, expected
    return (real32(found[0]), REAL) if isinstance(found[0], float) and found[1] is REAL else found


def adapt(value: Value, natural: DataType, target: DataType) -> Value | None:
    """Return the value that an untyped literal has in another type, None when it is none there.

    A literal with a base is a pattern: `16#8000` is an Int, too (seen in exports). A bit string takes signed numbers.

    Args:
        value: of the literal.
        natural: its type without an expected one.
        target: the type that is wanted.
    """
    if isinstance(target, Text) and isinstance(natural, Text):
        return value if target.name == natural.name else None
    if not isinstance(target, Elementary) or isinstance(value, bool):
        return None
    if target.kind is Kind.CHARACTER and isinstance(natural, Text):
        return value if natural.name == "String" and target.bits == 8 and fits(value, target) else None
    if isinstance(value, str):
        return None
    if target.kind is Kind.BOOL:
        return bool(value) if isinstance(value, int) and value in (0, 1) else None
    if target.kind is Kind.REAL:
        return _as_real(value, target)
    if target.kind not in (Kind.INTEGER, Kind.BITS) or not isinstance(value, int):
        return None
    if isinstance(natural, Elementary) and natural.kind is Kind.BITS and value.bit_length() <= target.bits:
        return wrap(value, target)
    if value < 0 and target.kind is Kind.BITS:
        return _signed_pattern(value, target)
    return value if fits(value, target) else None


def _signed_pattern(value: int, target: Elementary) -> int | None:
    return wrap(value, target) if -value <= 1 << target.bits - 1 else None


def _as_real(value: float, target: Elementary) -> float | None:
    """Return a number as Real or LReal; one that was rounded to 32 bits means its shortest decimal."""
    if not fits(value, target):
        return None
    return real32(float(value)) if target.bits == 32 else float(value)


def _parse_string(text: str, expected: DataType | None) -> Literal | None:
    value = _unescape(text, wide=False)
    if value is None:
        return None
    character = isinstance(expected, Elementary) and expected.kind is Kind.CHARACTER
    if expected is not None and character and adapt(value, Text("String"), expected) is not None:
        return value, expected
    return value, Text("String", len(value))


def _unescape(text: str, *, wide: bool) -> str | None:
    """Return the text between quotation marks, with `$` sequences replaced; None when it is not a string."""
    found = _STRING.fullmatch(text)
    if found is None:
        return None
    escape = _WIDE_ESCAPE if wide else _ESCAPE
    return escape.sub(_escape, found["text"])


def _escape(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return chr(int(found["code"], 16))
    return _ESCAPES.get(found["mark"].upper(), found["mark"])


def _special(text: str) -> Literal | None:
    """Return `C#`, and bytes in brackets."""
    if found := _COUNT.fullmatch(text):
        return int(found["digits"], 16), WORD
    if found := _BYTES.fullmatch(text):
        numbers = [int(each) for each in found["bytes"].split(",")]
        if len(numbers) not in _LISTED or max(numbers) > 255:
            return None
        return int.from_bytes(bytes(numbers), "big"), _LISTED[len(numbers)]
    return None


def _pointer(text: str, expected: DataType | None) -> Literal | None:
    """Return a pointer; as a double word, which STL loads, it is its area and the number of its bit."""
    whole = _POINTER.fullmatch(text)
    if whole is None:
        return None
    found = _AREA_POINTER.fullmatch(text)
    if found is None or not isinstance(expected, Elementary) or expected.kind is not Kind.BITS:
        return text, Special("Any" if whole["length"] else "Pointer")
    area = AREA_CODES.get(found["area"].upper())
    return None if area is None else (area << 24 | int(found["byte"]) * 8 + int(found["bit"]), ELEMENTARY["DWORD"])


def _parse_prefixed(text: str) -> Literal | None:
    found = _PREFIXED.fullmatch(text)
    if found is None:
        return None
    name = _SHORT.get(found["type"].upper(), found["type"].upper())
    if name in ("STRING", "WSTRING"):
        return _parse_prefixed_string(name, found["value"])
    if name == "DTL":
        dtl, time = system_type("DTL"), moments.calendar_time(found["value"], "DTL")
        return (time, dtl) if dtl and time else None
    data_type = ELEMENTARY.get(name)
    value = None if data_type is None else _parse_value(found["value"], data_type)
    return None if value is None or data_type is None else (value, data_type)


def _parse_prefixed_string(name: str, text: str) -> Literal | None:
    value = _unescape(text, wide=name == "WSTRING")
    return None if value is None else (value, Text("WString" if name == "WSTRING" else "String", len(value)))


def _parse_value(text: str, data_type: Elementary) -> Value | None:
    """Return the value after a prefix."""
    return _READERS[data_type.kind](text, data_type)


def _read_bool(text: str, _: Elementary) -> Value | None:
    return {"TRUE": True, "FALSE": False, "1": True, "0": False}.get(text.upper())


def _read_number(text: str, data_type: Elementary) -> Value | None:
    """Return a whole number; with a base it is a pattern, and SINT# takes decimal patterns, too."""
    found = _number(text)
    if found is None or not isinstance(found[0], int):
        return None
    if data_type.kind is Kind.BITS:
        adapted = adapt(found[0], found[1], data_type)
        return found[0] if adapted is None else adapted
    pattern = found[1] in _NATURAL_BITS or data_type is SINT
    return wrap(found[0], data_type) if pattern and 0 <= found[0] < 1 << data_type.bits else found[0]


def _read_real(text: str, data_type: Elementary) -> Value | None:
    if based := _BASED.fullmatch(text):
        return _parse_based(based)
    if not _REAL.fullmatch(text):
        return None
    value = float(text.replace("_", "").replace(" ", ""))
    if math.isinf(value):
        return None
    return real32(value) if data_type.bits == 32 and fits(value, data_type) else value


def _read_character(text: str, data_type: Elementary) -> Value | None:
    value = _unescape(text, wide=data_type.bits == 16)
    if value is None and len(text) == 1 and text != "'":
        return text
    if value is None and text.isdigit() and int(text) < 1 << data_type.bits:
        return chr(int(text))
    return value if value is not None and len(value) == 1 else None


def _read_moment(text: str, data_type: Elementary) -> Value | None:
    return moments.moment(text) if data_type.unit else moments.calendar_time(text, data_type.name)


_READERS: dict[Kind, Callable[[str, Elementary], Value | None]] = {
    Kind.BOOL: _read_bool,
    Kind.BITS: _read_number,
    Kind.INTEGER: _read_number,
    Kind.REAL: _read_real,
    Kind.DURATION: moments.duration,
    Kind.DATE: lambda text, _: moments.day(text),
    Kind.TIME_OF_DAY: moments.clock,
    Kind.DATE_AND_TIME: _read_moment,
    Kind.CHARACTER: _read_character,
    Kind.TIMER: lambda *_: None,
    Kind.COUNTER: lambda *_: None,
}
