"""Values as the literals of their types, for declarations and texts: the opposite of `values.literal`."""

from __future__ import annotations

from collections.abc import Callable

from simatic_xml.program.nodes import Value
from simatic_xml.program.types import moments
from simatic_xml.program.types.ranges import shortest
from simatic_xml.program.types.types import INT, REAL, DataType, Elementary, Kind, Special, Structure, Text, Unknown

NUMBERED_AREAS = {Kind.TIMER: "T", Kind.COUNTER: "CZ"}
"""Letters of the areas whose operands have numbers."""


def format_literal(value: Value, data_type: DataType) -> str:
    """Return a value as the literal of its type, with the type in front of it where the text does not show it."""
    match data_type:
        case Text():
            return ("WSTRING#" if data_type.name == "WString" else "") + _quote(str(value), data_type.name == "WString")
        case Elementary() if data_type.kind in NUMBERED_AREAS:
            return f"{NUMBERED_AREAS[data_type.kind][0]} {value}"
        case Elementary() if data_type.kind in _SPELLERS:
            return _SPELLERS[data_type.kind](value, data_type)
        case Structure() | Elementary() if isinstance(value, str):
            return f"{data_type.name.upper()}#{value}"
        case Special() | Unknown():
            return str(value)
    return str(value)


def default_text(data_type: DataType) -> str:
    """Return the literal of the value that a variable or constant without one has; empty for a type without literals."""
    match data_type:
        case Text():
            return format_literal("", data_type)
        case Elementary() if data_type.kind in _DEFAULTS and (
            data_type.unit or data_type.kind is not Kind.DATE_AND_TIME
        ):
            return format_literal(_DEFAULTS[data_type.kind], data_type)
        case Elementary(name="Date_And_Time"):
            return "DT#1990-01-01-00:00:00"
        case Structure(name="DTL"):
            return "DTL#1970-01-01-00:00:00"
    return ""


_DEFAULTS: dict[Kind, Value] = {
    Kind.BOOL: False,
    Kind.BITS: 0,
    Kind.INTEGER: 0,
    Kind.REAL: 0.0,
    Kind.DURATION: 0,
    Kind.DATE: 0,
    Kind.TIME_OF_DAY: 0,
    Kind.DATE_AND_TIME: 0,
    Kind.CHARACTER: " ",
}


def _quote(value: str, wide: bool) -> str:
    digits, last = (4, 0xFFFF) if wide else (2, 0xFF)
    plain = {"'": "$'", "$": "$$"}
    hexadecimal = (f"${ord(char):0{digits}X}" for char in value)
    pairs = zip(value, hexadecimal, strict=True)
    kept = (plain.get(char) or (code if not char.isprintable() and ord(char) <= last else char) for char, code in pairs)
    return f"'{''.join(kept)}'"


def _spell_real(value: Value, data_type: Elementary) -> str:
    number = float(value)
    text = shortest(number) if data_type.bits == 32 else repr(number)
    text = text if any(char in text for char in ".en") else f"{text}.0"
    return text if data_type is REAL else f"LREAL#{text}"


def _spell_character(value: Value, data_type: Elementary) -> str:
    wide = data_type.bits == 16
    return ("WCHAR#" if wide else "CHAR#") + _quote(str(value), wide)


_SPELLERS: dict[Kind, Callable[[Value, Elementary], str]] = {
    Kind.BOOL: lambda value, _: "TRUE" if value else "FALSE",
    Kind.BITS: lambda value, each: f"{each.name.upper()}#16#{value:X}",
    Kind.INTEGER: lambda value, each: str(value) if each is INT else f"{each.name.upper()}#{value}",
    Kind.REAL: _spell_real,
    Kind.DURATION: lambda value, each: moments.duration_text(int(value), each),
    Kind.DATE: lambda value, _: moments.day_text(int(value)),
    Kind.TIME_OF_DAY: lambda value, each: moments.clock_text(int(value), each),
    Kind.DATE_AND_TIME: lambda value, each: moments.moment_text(int(value)) if each.unit else f"DT#{value}",
    Kind.CHARACTER: _spell_character,
}
