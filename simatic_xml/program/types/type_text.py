"""Read the text of a declaration as a data type: `Array[0..9] of "Motor"`, `String["LEN"]`, `REF_TO Int`.

The caller looks names up, so that the same text can be read for a block, a data type or a literal. A text with an error
raises `TypeTextError`, which describes it in the words of a finding. Limits: help of TIA Portal, "Data types".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from simatic_xml.limits import most
from simatic_xml.program.types.types import (
    ELEMENTARY,
    Array,
    DataType,
    Reference,
    Special,
    Structure,
    Text,
    referenced,
)

_ARRAY = re.compile(r'array\s*\[(?P<bounds>(?:"[^"]*"|[^\]"])*)\]\s*of\s+(?P<element>.+)', re.I | re.S)
_TEXT = re.compile(r"(?P<name>w?string)\s*(?:[\[(](?P<length>.*)[\])])?", re.I | re.S)
_REFERENCE = re.compile(r"ref_to\s+(?P<target>.+)", re.I | re.S)
_DERIVED = re.compile(r"(?:TON|TOF|TP|TONR|CTU|CTD|CTUD)(?:_\w+)?", re.I)
_NUMBER = re.compile(r"[+-]?\s*\d[\d_]*")
_BASED = re.compile(r"(?P<base>2|8|16)#(?P<digits>[0-9a-f_]+)", re.I)
_PREFIX = re.compile(r"[usld]*int#", re.I)
_LONGEST = {"String": "string_length", "WString": "wstring_length"}
_UNSPECIFIED = 254
_BOUND_LIMITS = (-(2**31), 2**31 - 1)
_SPECIAL = {
    name.upper(): name
    for name in (
        "Variant",
        "Any",
        "Pointer",
        "Void",
        "Block_FB",
        "Block_FC",
        "Block_DB",
        "Block_SDB",
        "Block_SFB",
        "Block_SFC",
        "Block_UD",
        "Remote",
        "ResolvedSymbol",
        "Instance",
        "Parameter",
    )
}

Named = Callable[[str, bool], DataType | None]
"""Gives the type of a name; the flag says whether it was in quotes. None: there is none."""
Constants = Callable[[str], int | None]
"""Gives the value of a constant written in a bound or length (`"MAX"`, `#N`, `N`); None: there is none."""


class TypeTextError(Exception):
    """A type text with an error.

    Attributes:
        code: code of the finding.
        message: what is wrong and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code
        self.message = message


def parse(text: str, named: Named, constants: Constants, struct: DataType | None = None) -> DataType:
    """Read the text of a type.

    Args:
        text: as written in a declaration.
        named: gives PLC data types, function blocks and system types.
        constants: gives the constants of bounds and lengths.
        struct: the meaning of `Struct`, whose members are declared elsewhere.

    Raises:
        TypeTextError: it is not a type, or not a possible one.
    """
    text = text.strip()
    if array := _ARRAY.fullmatch(text):
        return _array(array["bounds"], parse(array["element"], named, constants, struct), constants)
    if reference := _REFERENCE.fullmatch(text):
        return _reference(reference["target"].strip(), named, constants)
    if string := _TEXT.fullmatch(text):
        return _string(string["name"], string["length"], constants)
    if text.casefold() == "struct":
        return struct if struct is not None else Structure("", "struct")
    return _find_by_name(text, named)


def _reference(text: str, named: Named, constants: Constants) -> Reference:
    """Return a reference; limits of arrays are spelled as numbers, names stay as written.

    Rules: TIA Portal's help, "References (S7-1500)", heading "Declaring references".
    """
    string = _TEXT.fullmatch(text)
    named_type = text.upper() not in ("BOOL", *_SPECIAL) and not _DERIVED.fullmatch(text)
    impossible = not named_type or _REFERENCE.fullmatch(text) or (string and string["length"])
    if not impossible and not _ARRAY.fullmatch(text):
        return Reference(referenced(_find_elementary(text) or Special(text)))
    target = None if impossible else parse(text, named, constants)
    if not isinstance(target, Array) or None in target.bounds or isinstance(target.element, Reference):
        message = (
            f"A reference to {text} is not possible: it needs a type with a fixed size that is not a Bool, a "
            "pointer, or a timer or counter of an instruction (IEC_TIMER is possible), arrays with limits, texts without a length."
        )
        raise TypeTextError("type.reference", message)
    return Reference(referenced(target))


def _find_by_name(text: str, named: Named) -> DataType:
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    name = text[1:-1] if quoted else text
    found = named(name, quoted) if quoted else _find_elementary(name) or named(name, quoted)
    if found is None:
        message = (
            f"The data type {text} does not exist. Declare it as a PLC data type or function block, "
            "or correct the name."
        )
        raise TypeTextError("type.unknown", message)
    return found


def _find_elementary(name: str) -> DataType | None:
    key = name.upper()
    return ELEMENTARY.get(key) or (Special(_SPECIAL[key]) if key in _SPECIAL else None)


def _array(bounds: str, element: DataType, constants: Constants) -> Array:
    dimensions = _split(bounds)
    if isinstance(element, Array):
        message = "The elements of an array cannot be arrays. Give the array several dimensions instead."
        raise TypeTextError("type.array_element", message)
    if not 1 <= len(dimensions) <= most("array_dimensions"):
        message = f"An array has one to {most('array_dimensions')} dimensions, this one has {len(dimensions)}."
        raise TypeTextError("type.bounds", message)
    return Array(element, tuple(_dimension(each, constants) for each in dimensions))


def _split(bounds: str) -> list[str]:
    return [part.strip() for part in re.findall(r'(?:"[^"]*"|[^,"])+', bounds)]


def _dimension(text: str, constants: Constants) -> tuple[int, int] | None:
    if text == "*":
        return None
    low, separator, high = text.partition("..")
    if not separator:
        raise TypeTextError("type.bounds", f"The array limits '{text}' must be written as low..high.")
    first, last = (_whole(each.strip(), constants, "type.bounds") for each in (low, high))
    if first > last:
        message = f"The lower array limit {first} is above the upper one {last}. Exchange them."
        raise TypeTextError("type.bounds", message)
    if first < _BOUND_LIMITS[0] or last > _BOUND_LIMITS[1]:
        raise TypeTextError("type.bounds", f"The array limits {first}..{last} are outside of the range of DInt.")
    return first, last


def _string(name: str, length: str | None, constants: Constants) -> Text:
    spelled: Literal["String", "WString"] = "WString" if name.casefold() == "wstring" else "String"
    if length is None:
        return Text(spelled, _UNSPECIFIED)
    if length.strip() == "*":
        return Text(spelled)
    number = _whole(length.strip(), constants, "type.length")
    longest = most(_LONGEST[spelled])
    if not 1 <= number <= longest:
        message = f"A {spelled} has 1 to {longest} characters, not {number}."
        raise TypeTextError("type.length", message)
    return Text(spelled, number)


def _whole(text: str, constants: Constants, code: str) -> int:
    """Return a whole number or the value of a constant."""
    plain = _PREFIX.sub("", text, count=1)
    if _NUMBER.fullmatch(plain):
        return int(plain.replace("_", "").replace(" ", ""))
    if based := _BASED.fullmatch(plain):
        return _digits(based["digits"], int(based["base"]), text, code)
    value = constants(text)
    if value is None:
        message = f"{text} is not a constant with a whole number. Declare it as a constant, or write a number."
        raise TypeTextError(code, message)
    return value


def _digits(digits: str, base: int, text: str, code: str) -> int:
    try:
        return int(digits.replace("_", ""), base)
    except ValueError:
        raise TypeTextError(code, f"{text} is not a number.") from None
