"""Checks that the value of a user constant is one of its data type, before TIA Portal refuses it without a reason.

Facts: docs/facts/tia-rules.md#addresses, docs/facts/tia-rules.md#data-types; ranges of the elementary data types of
S7-1200/1500.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engineering_api.features.tags.files import normalise_data_type

_BITS = {"Byte": 8, "Word": 16, "DWord": 32, "LWord": 64}
_SIGNED = {"SInt": 8, "Int": 16, "DInt": 32, "LInt": 64}
_UNSIGNED = {"USInt": 8, "UInt": 16, "UDInt": 32, "ULInt": 64}
_RANGES = (
    {name: (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) for name, bits in _SIGNED.items()}
    | {name: (0, (1 << bits) - 1) for name, bits in _UNSIGNED.items()}
    | {name: (0, (1 << bits) - 1) for name, bits in _BITS.items()}
)
_BASES = {"2#": 2, "8#": 8, "16#": 16}
_DIGITS = re.compile(r"[+-]?[0-9A-Fa-f]+(?:_[0-9A-Fa-f]+)*\Z")
_REAL = re.compile(r"[+-]?\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?\Z")
_LARGEST = {"Real": 3.402823466e38, "LReal": 1.7976931348623157e308}

_UNITS = {
    "d": 86_400_000_000_000,
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|ns|d|h|m|s)_?", re.IGNORECASE)
_DURATIONS = {
    "Time": ("T", 1_000_000, (1 << 31) * 1_000_000),
    "LTime": ("LT", 1, 1 << 63),
    "S5Time": ("S5T", 10_000_000, 9_990_000_000_001),
}
"""Prefix, resolution and first value too large, in nanoseconds."""

_SHAPES = {
    "Char": re.compile(r"'(?:\$..?|[^$'])'\Z"),
    "WChar": re.compile(r"'(?:\$.{1,4}|[^$'])'\Z"),
    "String": re.compile(r"'.*'\Z", re.DOTALL),
    "WString": re.compile(r"'.*'\Z", re.DOTALL),
    "Date": re.compile(r"(?:D|DATE)#\d{4}-\d{1,2}-\d{1,2}\Z", re.IGNORECASE),
    "Time_Of_Day": re.compile(r"(?:TOD|TIME_OF_DAY)#\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,3})?\Z", re.IGNORECASE),
    "LTime_Of_Day": re.compile(r"(?:LTOD|LTIME_OF_DAY)#\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,9})?\Z", re.IGNORECASE),
}


def why_not(data_type: str, value: str) -> str | None:
    """Return why a value is none of a data type, or None where it is one or the type is not checked here.

    Args:
        data_type: Data type of the constant, in any spelling.
        value: The value as text, such as 16#FF, -5, TRUE or T#2s.
    """
    kind = normalise_data_type(data_type)
    check = _CHECKS.get(kind)
    if check is None or check(kind, value.strip()):
        return None
    return f"{value!r} is not a value of the type {kind}{_hint(kind)}."


def _hint(kind: str) -> str:
    if kind in _RANGES:
        low, high = _RANGES[kind]
        return f", which goes from {low} to {high}"
    return f", which is written like {_EXAMPLES[kind]}" if kind in _EXAMPLES else ""


def _is_bool(_: str, text: str) -> bool:
    return text.casefold() in {"true", "false", "0", "1"}


def _is_whole(kind: str, text: str) -> bool:
    prefix = next((prefix for prefix in _BASES if text.startswith(prefix)), "")
    digits = text.removeprefix(prefix)
    if not _DIGITS.match(digits):
        return False
    try:
        number = int(digits, _BASES.get(prefix, 10))
    except ValueError:
        return False
    low, high = _RANGES[kind]
    return low <= number <= high


def _is_real(kind: str, text: str) -> bool:
    return bool(_REAL.match(text)) and abs(float(text.replace("_", ""))) <= _LARGEST[kind]


def _is_duration(kind: str, text: str) -> bool:
    prefix, resolution, limit = _DURATIONS[kind]
    head, mark, rest = text.partition("#")
    sign, body = (-1, rest[1:]) if rest.startswith("-") else (1, rest)
    if not mark or head.upper() not in {prefix, kind.upper()} or not re.fullmatch(f"(?:{_PART.pattern})+", body, re.I):
        return False
    length = sum(float(number) * _UNITS[unit.lower()] for number, unit in _PART.findall(body))
    return (sign > 0 or kind != "S5Time") and length >= 0 and length < limit + (resolution if sign < 0 else 0)


def _has_shape(kind: str, text: str) -> bool:
    return bool(_SHAPES[kind].match(text))


Check = Callable[[str, str], bool]
_CHECKS: dict[str, Check] = (
    dict[str, Check]({"Bool": _is_bool})
    | dict.fromkeys(_RANGES, _is_whole)
    | dict.fromkeys(_LARGEST, _is_real)
    | dict.fromkeys(_DURATIONS, _is_duration)
    | dict.fromkeys(_SHAPES, _has_shape)
)
_EXAMPLES = {"Bool": "TRUE or FALSE", "Real": "1.5", "LReal": "1.5", "Time": "T#2s", "LTime": "LT#5us",
             "S5Time": "S5T#2s", "Char": "'a'", "WChar": "'a'", "String": "'text'", "WString": "'text'",
             "Date": "D#2024-01-31", "Time_Of_Day": "TOD#12:30:00", "LTime_Of_Day": "LTOD#12:30:00"}  # fmt: skip
