"""Spelling of constants: when the text of a literal shows its data type, and when the type must be written in front.

A literal has its own data type in the XML (``Int`` and ``5``); in text it is ``5`` where the pin says the type or
the spelling does, and ``UInt#5`` elsewhere. A typed constant carries its type in its value (``T#5s``), as the user
spelled it. A pointer (``P#M10.0 BYTE 4``) is a literal of the type Any at every pin.
Facts: docs/facts/simaticml.md#access-calls-and-references, SimaticML exports of TIA Portal V15 to V21.
"""

import re

ELEMENTARY = (
    *("Bool", "Byte", "Word", "DWord", "LWord", "SInt", "Int", "DInt", "LInt", "USInt", "UInt", "UDInt", "ULInt"),
    *("Real", "LReal", "Char", "WChar", "String", "WString", "S5Time", "Time", "LTime", "Date", "Time_Of_Day", "LDT"),
    "DTL",
)
DATA_TYPES = frozenset(ELEMENTARY).union(
    ("LTime_Of_Day", "Date_And_Time", "Variant", "Any", "Pointer", "DB_ANY", "OB_ANY", "HW_ANY", "HW_IO", "HW_DEVICE"),
    ("HW_SUBMODULE", "HW_INTERFACE", "HW_IOSYSTEM", "HW_HSC", "HW_PWM", "HW_IEPORT", "HW_DPSLAVE", "HW_DPMASTER"),
    ("HW_MODULE", "HW_SYSTEM", "CONN_ANY", "CONN_OUC", "CONN_PRG", "PORT", "RTM", "PIP", "EVENT_ANY", "EVENT_ATT"),
    ("EVENT_HWINT", "OB_ATT", "OB_DELAY", "OB_TOD", "OB_CYCLIC", "OB_PCYCLE", "OB_HWINT", "OB_DIAG", "OB_TIMEERROR"),
    ("OB_STARTUP", "Block_FB", "Block_FC", "Block_DB", "AOM_IDENT"),
)

_LONGEST_NUMBER = 400
_INTEGER = re.compile(r"[+-]?\d[\d_]*\Z")
_REAL = re.compile(r"[+-]?\d[\d_]*(\.\d[\d_]*)?([eE][+-]?\d+)?\Z")
_BASED = re.compile(r"(2|8|16)#([0-9A-Fa-f_]+)\Z")
_POINTER = re.compile(r"P#.*?\d+\.[0-7](?P<length>\s+\w+\s+\d+)?\Z", re.IGNORECASE)
_PREFIXED = re.compile(r"([A-Za-z]\w*)#(.*)\Z", re.DOTALL)
_NAMED_VALUE = re.compile(r"((?:_\.)?[^\W\d]\w*(?:\.\w+)*)#[^\W\d]\w*\Z")
_PREFIXES = frozenset(each.upper() for each in DATA_TYPES) | frozenset(
    ("T", "LT", "S5T", "TIME", "LTIME", "S5TIME", "D", "TOD", "LTOD", "DT", "LDT", "B", "W", "DW", "LW", "C", "L", "P"),
).union(("TIME_OF_DAY", "LTIME_OF_DAY", "DATE_AND_TIME", "DATE_AND_LTIME", "LDATE_AND_TIME", "BOOL", "S", "WS"))
_INT_LIMITS = ((-(2**15), 2**15 - 1, "Int"), (-(2**31), 2**31 - 1, "DInt"), (-(2**63), 2**63 - 1, "LInt"))
_BIT_STRINGS = ((16, "Word"), (32, "DWord"), (64, "LWord"))


def natural_type(value: str) -> str | None:
    """Return the data type that the spelling of a literal says by itself, None when it says none."""
    if len(value) > _LONGEST_NUMBER and value[0] != "'":
        return None
    if value.upper() in ("TRUE", "FALSE"):
        return "Bool"
    if _INTEGER.match(value):
        number = int(value.replace("_", ""))
        return next((name for low, high, name in _INT_LIMITS if low <= number <= high), "ULInt")
    if _REAL.match(value):
        return "Real"
    if based := _BASED.match(value):
        return _bit_string(based[1], based[2])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return "String"
    return _pointer_type(value)


def _pointer_type(value: str) -> str | None:
    """Return the type of a pointer: Any with a length, else Pointer; None for another constant."""
    pointer = _POINTER.match(value)
    if pointer is None:
        return None
    return "Any" if pointer["length"] else "Pointer"


def _bit_string(base: str, digits: str) -> str | None:
    try:
        size = int(digits.replace("_", ""), int(base)).bit_length()
    except ValueError:
        return None
    return next((name for bits, name in _BIT_STRINGS if size <= bits), None)


def split_prefix(text: str) -> tuple[str, str] | None:
    """Split ``UInt#5`` into data type and value; None when the text is not a literal with its type in front.

    Only the exact spelling of a data type counts, so that a typed constant as ``DINT#5`` or ``T#5s`` stays one.
    """
    found = _PREFIXED.match(text)
    return (found[1], found[2]) if found and found[1] in DATA_TYPES else None


def is_named_value(text: str) -> bool:
    """Return whether the text is a value of a named value data type, as ``Demo.Colors#RED``: no type of a literal is its prefix."""
    found = _NAMED_VALUE.match(text)
    return found is not None and found[1].upper() not in _PREFIXES


def is_typed_constant(text: str) -> bool:
    """Return whether the text is a constant whose value carries its type, as ``T#5s`` or ``S5T#1s``."""
    return bool(_PREFIXED.match(text)) and split_prefix(text) is None and _pointer_type(text) is None


def literal_text(data_type: str, value: str, expected: str | None) -> str | None:
    """Write a literal as text; None when no text says exactly this literal.

    Args:
        data_type: the literal's data type.
        value: the value as the user spelled it.
        expected: the data type of the pin, where it is known.
    """
    if natural_type(value) and data_type == (_pointer_type(value) or expected or natural_type(value)):
        return value
    return f"{data_type}#{value}" if data_type in DATA_TYPES else None


def literal_value(text: str, expected: str | None) -> tuple[str, str] | None:
    """Read a literal: its data type and value; None when the text is not a literal."""
    if prefixed := split_prefix(text):
        return prefixed
    natural = natural_type(text)
    return (_pointer_type(text) or expected or natural, text) if natural else None
