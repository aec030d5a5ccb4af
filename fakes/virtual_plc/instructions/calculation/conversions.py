"""Every conversion of a value to another type, written by the user or put in by the compiler.

Between bit strings and integers the pattern counts, extended by the sign of the source; between numbers the value, and
what does not fit keeps its lowest bits with ENO 0; REAL to integer rounds, half to even; REAL becomes DWORD and
LREAL LWORD as its pattern, and back so by name, while the compiler's own conversion back takes the value. Times and
dates go through nanoseconds. Marks: docs/conformance-plc/instructions.md.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from simatic_xml.program.types.conversions import SIGNED, UNSIGNED
from simatic_xml.program.types.literal_text import format_literal
from simatic_xml.program.types.ranges import number_limits
from simatic_xml.program.types.types import ELEMENTARY, DataType, Elementary, Kind, Special, Structure, Text
from simatic_xml.program.types.values import literal
from virtual_plc.faults import BcdFault
from virtual_plc.instructions.calculation.numbers import holding, is_real, range_of, wrapping
from virtual_plc.instructions.texts import dates, text_numbers

Conversion = Callable[[Any], tuple[Any, bool]]
"""Returns the converted value and whether it is right (ENO)."""


def conversion(source: DataType, target: DataType, function: str = "") -> Callable[[Any], Any]:
    """Return what a conversion makes of a value.

    Args:
        source: type of the value.
        target: type that it becomes.
        function: the instruction as written (`ROUND`, `BCD16_TO_INT`), empty for an implicit conversion.

    Raises:
        TypeError: there is no such conversion.
    """
    checked = checked_conversion(source, target, function)
    return lambda value: checked(value)[0]


@cache
def _find_conversion(source: DataType, target: DataType, function: str) -> Conversion:
    named = _NAMED.get(function)
    if named is not None and isinstance(source, Elementary) and isinstance(target, Elementary):
        return named(source, target)
    by_name = isinstance(source, Elementary) and isinstance(target, Text) and function.endswith(BY_NAME)
    if by_name and _family(source) in ("count", "real"):
        return _number_to_text(source, target, text_numbers.signed_text_of)
    if source == target or isinstance(source, Special) or isinstance(target, Special):
        return _same
    if not function and isinstance(source, Elementary) and isinstance(target, Elementary) and is_real(target):
        source = UNSIGNED[source.bits] if source.kind is Kind.BITS else source
    pair = (_family(source), _family(target))
    makers = _MAKERS_BY_NAME if function and pair in _MAKERS_BY_NAME else _MAKERS
    made = makers.get(pair)
    if made is None:
        message = f"There is no conversion from {source} to {target}."
        raise TypeError(message)
    return made(source, target)


def checked_conversion(source: DataType, target: DataType, function: str = "") -> Conversion:
    """Return what a conversion makes of a value, with whether it is right; arguments as for `conversion`.

    Raises:
        TypeError: there is no such conversion.
    """
    return _find_conversion(source, target, function.upper())


def _family(data_type: DataType) -> str:
    """Return the kind of a type: `bool`, `count` (integers, bit strings), `real`, `char`, `span`, `moment`, `text`."""
    match data_type:
        case Text():
            return "text"
        case Structure():
            return "moment" if dates.is_dtl(data_type) else ""
        case Elementary():
            return _FAMILIES.get(data_type.kind, "count")
    return ""


_FAMILIES: Final = {
    Kind.BOOL: "bool",
    Kind.REAL: "real",
    Kind.CHARACTER: "char",
    Kind.DURATION: "span",
    Kind.TIME_OF_DAY: "span",
    Kind.DATE: "moment",
    Kind.DATE_AND_TIME: "moment",
}


def _same(value: Any) -> tuple[Any, bool]:
    return value, True


# Whole numbers and bit strings ---------------------------------------------------------------------------------------


def _count(source: Elementary, target: Elementary) -> Conversion:
    keep, (least, most) = wrapping(target), _find_limits(source, target)
    if source.kind is Kind.BITS and _is_shortened(source, target):
        read = wrapping(SIGNED[source.bits])
        return lambda value: (keep(value), least <= read(value) <= most)
    return lambda value: (keep(value), least <= value <= most)


def _count_by_name(source: Elementary, target: Elementary) -> Conversion:
    """Convert as the user asks for it: a negative number has no bit string, so ENO is 0."""
    if source.kind is Kind.INTEGER and target.kind is Kind.BITS:
        keep, most = wrapping(target), (1 << target.bits) - 1
        return lambda value: (keep(value), 0 <= value <= most)
    return _count(source, target)


def _find_limits(source: Elementary, target: Elementary) -> tuple[int, int]:
    """Return the numbers that a conversion keeps: the values of the target, or any pattern of its width."""
    if target.unit and not (source.kind is Kind.BITS and target.kind is Kind.DURATION):
        return range_of(target)
    if Kind.BITS not in (source.kind, target.kind) or _is_shortened(source, target):
        return number_limits(target)
    return -(1 << target.bits - 1), (1 << target.bits) - 1


def _is_shortened(source: Elementary, target: Elementary) -> bool:
    """Return whether a pattern becomes a signed number of fewer bits: it is read as a signed number then."""
    return target.kind is Kind.INTEGER and target.signed and target.bits < source.bits


def _to_bool(_: DataType, __: DataType) -> Conversion:
    """Return the lowest bit; any other one that is set makes ENO 0."""
    return lambda value: (value & 1 == 1, value in (0, 1))


def _of_bool(_: DataType, target: DataType) -> Conversion:
    return lambda value: ((1.0 if value else 0.0) if is_real(target) else int(value), True)


def _to_char(source: Elementary, target: Elementary) -> Conversion:
    mask = (1 << target.bits) - 1
    number = ord if source.kind is Kind.CHARACTER else int
    return lambda value: (chr(number(value) & mask), 0 <= number(value) <= mask)


def _of_char(_: Elementary, target: Elementary) -> Conversion:
    keep, (_least, most) = wrapping(target), number_limits(target)
    return lambda value: (keep(ord(value)), ord(value) <= most)


# REAL ----------------------------------------------------------------------------------------------------------------


def _to_real(source: Elementary, target: Elementary) -> Conversion:
    if source.kind is Kind.BITS and source.bits == target.bits:
        return _make_repacking(_PATTERNS[source.bits], _REALS[target.bits])
    hold = holding(target)
    return lambda value: (hold(float(value)), True)


def _between_reals(_: Elementary, target: Elementary) -> Conversion:
    hold = holding(target)

    def convert(value: float) -> tuple[float, bool]:
        held = hold(value)
        return held, math.isfinite(held)

    return convert


def _of_real(source: Elementary, target: Elementary) -> Conversion:
    if target.kind is Kind.BITS and source.bits == target.bits:
        return _make_repacking(_REALS[source.bits], _PATTERNS[target.bits])
    return rounding(round, target)


def rounding(rule: Callable[[float], int], target: Elementary) -> Conversion:
    """Return the conversion of a floating-point number that makes it whole by a rule; INF and NaN give 0 with ENO 0."""
    if target.kind is Kind.REAL:
        hold = holding(target)
        return lambda value: (hold(float(rule(value))), True) if math.isfinite(value) else (value, False)
    keep, (least, most) = wrapping(target), range_of(target)

    def convert(value: float) -> tuple[int, bool]:
        if not math.isfinite(value):
            return 0, False
        whole = rule(value)
        return keep(whole), least <= whole <= most

    return convert


_REALS: Final = {32: struct.Struct(">f"), 64: struct.Struct(">d")}
_PATTERNS: Final = {32: struct.Struct(">I"), 64: struct.Struct(">Q")}


def _make_repacking(source: struct.Struct, target: struct.Struct) -> Conversion:
    return lambda value: (target.unpack(source.pack(value))[0], True)


# Times and dates -----------------------------------------------------------------------------------------------------


def _between_spans(source: Elementary, target: Elementary) -> Conversion:
    return lambda value: dates.of_span(dates.span(value, source), target)


def _between_moments(source: DataType, target: DataType) -> Conversion:
    whole_days = isinstance(target, Elementary) and target.kind is Kind.DATE

    def convert(value: Any) -> tuple[Any, bool]:
        try:
            found = dates.moment(value, source)
        except ValueError:
            return dates.of_moment(0, target)[0], False
        return dates.of_moment(found - found % dates.DAY if whole_days else found, target)

    return convert


def _moment_to_span(source: DataType, target: Elementary) -> Conversion:
    """Convert a moment to its time of day; as a duration to the time since 1970."""
    clock = target.kind is Kind.TIME_OF_DAY

    def convert(value: Any) -> tuple[int, bool]:
        try:
            found = dates.moment(value, source)
        except ValueError:
            return 0, False
        return dates.of_span(found % dates.DAY if clock else found, target)

    return convert


def _span_to_moment(source: Elementary, target: DataType) -> Conversion:
    """Convert a duration to the moment that long after 1970; a time of day to that time on the first day of the type."""
    start = dates.first_moment(target) if source.kind is Kind.TIME_OF_DAY else 0
    return lambda value: dates.of_moment(start + dates.span(value, source), target)


def _moment_count(source: DataType, target: DataType) -> Conversion:
    """Convert counts of dates and moments as numbers of their unit."""
    if isinstance(source, Elementary) and isinstance(target, Elementary):
        return _count(source, target)
    message = "A DTL is not a number."
    raise TypeError(message)


# Text ----------------------------------------------------------------------------------------------------------------


def _text_to_number(_: Text, target: Elementary) -> Conversion:
    return lambda value: text_numbers.number_of(value, target)


def _number_to_text(source: Any, target: Any, text_of: Callable[..., str] = text_numbers.text_of) -> Conversion:
    fit = _fitting(lambda value: text_of(value, source), target)

    def convert(value: float) -> tuple[str, bool]:
        found, right = fit(value)
        return found, right and math.isfinite(value)

    return convert


def _between_texts(source: DataType, target: Text) -> Conversion:
    """Convert texts; characters that a String does not have become question marks."""
    if target.name == "WString" or (isinstance(source, Text) and source.name == "String"):
        return _fitting(str, target)
    plain = _fitting(lambda value: value.encode("latin-1", "replace").decode("latin-1"), target)

    def convert(value: str) -> tuple[str, bool]:
        found, right = plain(value)
        return found, right and all(ord(char) < 256 for char in value)

    return convert


def _text_to_char(_: Text, target: Elementary) -> Conversion:
    """Return the first character; an empty text has none."""
    mask = (1 << target.bits) - 1
    return lambda value: (value[0], ord(value[0]) <= mask) if value else ("\0", False)


def _fitting(text: Callable[[Any], str], target: Text) -> Conversion:
    """Cut a text to the length of its target."""
    length = target.length

    def convert(value: Any) -> tuple[str, bool]:
        found = text(value)
        return found[:length], length is None or len(found) <= length

    return convert


def _time_to_text(source: DataType, target: Text) -> Conversion:
    def text(value: Any) -> str:
        plain = isinstance(source, Elementary) and (source.unit or source.kind is Kind.DURATION)
        if plain:
            return format_literal(value, source).partition("#")[2]
        return format_literal(dates.moment(value, source), _LDT).partition("#")[2]

    return _fitting(text, target)


def _text_to_time(_: Text, target: DataType) -> Conversion:
    nothing: Any = dates.of_moment(0, target)[0] if dates.is_moment(target) else 0
    has_time = _family(target) == "moment" and target != ELEMENTARY["DATE"]
    name = target.name if isinstance(target, Elementary) and not has_time else "LDT"

    def convert(value: str) -> tuple[Any, bool]:
        bare = value.strip().rpartition("#")[2]
        found = literal(f"{name.upper()}#{bare}")
        if found is None or not isinstance(found[0], int):
            return nothing, False
        return (found[0], True) if name != "LDT" else dates.of_moment(found[0], target)

    return convert


# BCD -----------------------------------------------------------------------------------------------------------------


def _from_bcd(source: Elementary, _: Elementary) -> Conversion:
    """Read three or seven decimal digits behind a sign; the highest bit of the sign means minus.

    Raises:
        BcdFault: a digit that is none (when called).
    """
    sign, digits = source.bits - 1, source.bits // 4 - 1

    def convert(word: int) -> tuple[int, bool]:
        text = f"{word & (1 << 4 * digits) - 1:0{digits}x}"
        if not text.isdecimal():
            raise BcdFault(f"16#{word:0{digits + 1}X} is not a BCD number.")
        return (-int(text) if word >> sign & 1 else int(text)), True

    return convert


def _to_bcd(_: Elementary, target: Elementary) -> Conversion:
    """Write a number as BCD; one with too many digits stays as it is, with ENO 0 (as ITB and DTB)."""
    digits, keep = target.bits // 4 - 1, wrapping(target)

    def convert(value: int) -> tuple[int, bool]:
        if abs(value) >= 10**digits:
            return keep(value), False
        return int(str(abs(value)), 16) | ((0xF << 4 * digits) if value < 0 else 0), True

    return convert


def _rounding_by(rule: Callable[[float], int]) -> Callable[[Elementary, Elementary], Conversion]:
    return lambda _, target: rounding(rule, target)


BY_NAME: Final = ("_TO_STRING", "_TO_WSTRING")
"""How the conversions by name to texts end."""
_LDT: Final = ELEMENTARY["LDT"]
_NAMED: Final[dict[str, Callable[[Elementary, Elementary], Conversion]]] = {
    "ROUND": _rounding_by(round),
    "TRUNC": _rounding_by(math.trunc),
    "CEIL": _rounding_by(math.ceil),
    "FLOOR": _rounding_by(math.floor),
    "BCD16_TO_INT": _from_bcd,
    "BCD32_TO_DINT": _from_bcd,
    "WORD_BCD16_TO_INT": _from_bcd,
    "DWORD_BCD32_TO_DINT": _from_bcd,
    "BCD_TO_INT": _from_bcd,
    "BCD_TO_DINT": _from_bcd,
    "WORD_BCD_TO_INT": _from_bcd,
    "DWORD_BCD_TO_DINT": _from_bcd,
    "INT_TO_BCD16": _to_bcd,
    "DINT_TO_BCD32": _to_bcd,
    "INT_TO_BCD16_WORD": _to_bcd,
    "DINT_TO_BCD32_DWORD": _to_bcd,
    "INT_TO_BCD": _to_bcd,
    "INT_TO_BCD_WORD": _to_bcd,
    "DINT_TO_BCD": _to_bcd,
    "DINT_TO_BCD_DWORD": _to_bcd,
}
_MAKERS: Final[dict[tuple[str, str], Callable[..., Conversion]]] = {
    ("bool", "count"): _of_bool,
    ("bool", "real"): _of_bool,
    ("bool", "bool"): lambda *_: _same,
    ("count", "bool"): _to_bool,
    ("count", "count"): _count,
    ("count", "char"): _to_char,
    ("char", "char"): _to_char,
    ("char", "count"): _of_char,
    ("count", "real"): _to_real,
    ("real", "count"): _of_real,
    ("real", "real"): _between_reals,
    ("span", "span"): _between_spans,
    ("span", "count"): _count,
    ("count", "span"): _count,
    ("moment", "moment"): _between_moments,
    ("moment", "span"): _moment_to_span,
    ("span", "moment"): _span_to_moment,
    ("moment", "count"): _moment_count,
    ("count", "moment"): _moment_count,
    ("text", "count"): _text_to_number,
    ("text", "real"): _text_to_number,
    ("count", "text"): _number_to_text,
    ("real", "text"): _number_to_text,
    ("text", "text"): _between_texts,
    ("char", "text"): _between_texts,
    ("text", "char"): _text_to_char,
    ("span", "text"): _time_to_text,
    ("moment", "text"): _time_to_text,
    ("text", "span"): _text_to_time,
    ("text", "moment"): _text_to_time,
}
_MAKERS_BY_NAME: Final[dict[tuple[str, str], Callable[..., Conversion]]] = {("count", "count"): _count_by_name}
"""The conversions that the user writes where they differ from those of the compiler."""
