"""Logical addresses of PLC tags: one spelling, checked against the data type.

People write ``i0.0``, ``E 0.0`` or ``%I0.0`` and mean the same input. TIA Portal has one form for each data type; which
one is a fact of its exports (64-bit and structured types stand at the bit form of their first byte).
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Literal

from engineering_api.files.tables.errors import TableFileError

Mnemonics = Literal["en", "de"]

MAX_BYTE = 0xFFFF
"""An S7 pointer has 16 bits for the byte; what the CPU really has is checked by TIA Portal, as a warning."""

_ADDRESS = re.compile(r"%?(?:P(?=[IQEA][BWD]))?([IQMEATCZ])([BWD]?)([0-9]{1,9})(?:[.,]([0-9]{1,9}))?")
_DATA_BLOCK = re.compile(r'%?(?:DB[0-9]+|"[^"]+")\.\S+')
_IEC_BIT = re.compile(r"%?[IQMEA]X[0-9]+\.[0-9]+")
_ENGLISH = {"E": "I", "A": "Q", "Z": "C"}
_GERMAN = str.maketrans({"I": "E", "Q": "A", "C": "Z"})


class Form(Enum):
    """Form of an address; the value is the word that error messages use."""

    BIT = "a bit"
    BYTE = "a byte"
    WORD = "a word"
    DOUBLE_WORD = "a double word"
    TIMER = "a timer"
    COUNTER = "a counter"
    STRUCTURE = "bit 0 of the first byte"


_EXAMPLES = {
    Form.BIT: "%M10.0",
    Form.BYTE: "%MB10",
    Form.WORD: "%MW10",
    Form.DOUBLE_WORD: "%MD10",
    Form.TIMER: "%T1",
    Form.COUNTER: "%C1",
    Form.STRUCTURE: "%M10.0",
}
_SIZES = {"B": Form.BYTE, "W": Form.WORD, "D": Form.DOUBLE_WORD}
_COUNTED = {"T": Form.TIMER, "C": Form.COUNTER}

_USUAL_NUMBER = "(?:0|[1-9][0-9]{0,3}|[1-5][0-9]{4})"
_USUAL = {
    form: re.compile(f"%[IQM]{size}{_USUAL_NUMBER}{bit}").fullmatch
    for form, size, bit in (
        (Form.BIT, "", r"\.[0-7]"),
        (Form.BYTE, "B", ""),
        (Form.WORD, "W", ""),
        (Form.DOUBLE_WORD, "D", ""),
        (Form.STRUCTURE, "", r"\.0"),
    )
}
"""Addresses that are normalised and right already, by form; most of a file are."""

_TYPES_OF_FORM = {
    Form.BIT: "Bool",
    Form.BYTE: "Byte SInt USInt Char",
    Form.WORD: "Word Int UInt WChar Date S5Time Pip Port Rtm",
    Form.DOUBLE_WORD: "DWord DInt UDInt Real Time Time_Of_Day",
    Form.TIMER: "Timer",
    Form.COUNTER: "Counter",
    Form.STRUCTURE: "LReal LInt ULInt LWord LTime LTime_Of_Day LDT DTL Date_And_Time String WString",
}
_FORM_OF_TYPE = {name.casefold(): form for form, names in _TYPES_OF_FORM.items() for name in names.split()}
_SPELLING = {name.casefold(): name for names in _TYPES_OF_FORM.values() for name in names.split()} | {
    "tod": "Time_Of_Day",
    "ltod": "LTime_Of_Day",
    "dt": "Date_And_Time",
}
_SYSTEM_PREFIXES = {"hw_": Form.WORD, "ob_": Form.WORD, "conn_": Form.WORD, "event_": Form.DOUBLE_WORD}


@lru_cache(maxsize=4096)
def normalise_data_type(text: str) -> str:
    """Return a data type in TIA Portal's spelling: ``BOOL`` is ``Bool``; types of the user stay as they are."""
    return _SPELLING.get(text.strip().casefold(), text.strip())


@lru_cache(maxsize=4096)
def form_of(data_type: str) -> Form:
    """Return the form that an address must have for this data type; a UDT or unknown type counts as a structure."""
    key = normalise_data_type(data_type).casefold()
    for prefix, form in _SYSTEM_PREFIXES.items():
        if key.startswith(prefix):
            return form
    return _FORM_OF_TYPE.get(key, Form.STRUCTURE)


def normalise_address(text: str, data_type: str) -> str:
    """Return the address as TIA Portal writes it, such as ``%QW4`` for ``aw4``.

    Args:
        text: Address in English or German mnemonics, with or without ``%``, in either case, blanks anywhere. A comma
            before the bit counts as a point. ``PEW 256`` and ``PIW256`` of STEP 7 are ``%IW256``.
        data_type: Data type of the tag, which decides the form.

    Raises:
        TableFileError: ``tag_address.form`` for what is no address of a tag, ``tag_address.range`` for a bit above 7 or a
            byte above 65535, ``tag_address.width`` for a form that does not suit the data type.
    """
    usual = _USUAL.get(form_of(data_type))
    if usual is not None and usual(text):
        return text
    form, area, size, number, bit = _parse(text)
    _check_form(text, form, bit, data_type)
    return f"%{area}{size}{number}" if bit is None else f"%{area}{number}.{bit}"


def form_of_address(text: str) -> Form:
    """Return the form of an address.

    Raises:
        TableFileError: ``tag_address.form`` or ``tag_address.range``.
    """
    return _parse(text)[0]


def is_operand(text: str) -> bool:
    """Return whether a cell is an input, output or bit memory."""
    return _form_or_none(text) not in (None, Form.TIMER, Form.COUNTER)


def is_counted(text: str) -> bool:
    """Return whether a cell is a timer or counter; `T1` and `C1` may be the names of devices, too."""
    return _form_or_none(text) in (Form.TIMER, Form.COUNTER)


def _form_or_none(text: str) -> Form | None:
    try:
        return _parse(text)[0]
    except TableFileError:
        return None


def is_peripheral(text: str) -> bool:
    """Return whether an address is one of STEP 7's peripheral area, such as ``PEW 256``."""
    return "".join(text.split()).upper().removeprefix("%").startswith("P")


def _parse(text: str) -> tuple[Form, str, str, int, int | None]:
    """Return the form, area, size letter, number and bit of an address."""
    found = _ADDRESS.fullmatch("".join(text.split()).upper())
    if found is None:
        raise TableFileError("tag_address.form", _why_no_address(text))
    letter, size, digits, bit = found.groups()
    area = _ENGLISH.get(letter, letter)
    form = _SIZES[size] if size else _COUNTED.get(area, Form.BIT)
    if (form is Form.BIT) != (bit is not None) or (size and area in _COUNTED):
        raise TableFileError("tag_address.form", _why_no_address(text))
    if int(digits) > MAX_BYTE or (bit and int(bit) > 7):
        raise TableFileError(
            "tag_address.range", f"The address {text!r} is out of range: bits are 0 to 7, bytes 0 to {MAX_BYTE}."
        )
    return form, area, size, int(digits), None if bit is None else int(bit)


def in_mnemonics(address: str, mnemonics: Mnemonics) -> str:
    """Return a normalised address in the asked mnemonics: ``%I0.0`` is ``%E0.0`` in ``de``."""
    return address[:2].translate(_GERMAN) + address[2:] if mnemonics == "de" else address


def _check_form(text: str, form: Form, bit: int | None, data_type: str) -> None:
    needed = form_of(data_type)
    if needed is form or (needed is Form.STRUCTURE and bit == 0):
        return
    raise TableFileError(
        "tag_address.width",
        f"The address {text!r} does not suit the data type {data_type}, which needs {needed.value}, "
        f"such as {_EXAMPLES[needed]}. Change the address or the data type.",
    )


def _why_no_address(text: str) -> str:
    plain = "".join(text.split()).upper()
    if plain.endswith(":P"):
        return f"The address {text!r} ends with ':P', which belongs to an operand in the program. Leave it out."
    if _DATA_BLOCK.fullmatch(plain):
        return f"The address {text!r} is in a data block, which has no PLC tags. Remove the row, or its address."
    if _IEC_BIT.fullmatch(plain):
        return (
            f"The address {text!r} has the form of CODESYS and TwinCAT, whose words count in words and not in bytes. "
            f"Convert the addresses of the list, and write bits such as %I0.0."
        )
    return f"{text!r} is not the address of a PLC tag. Write one such as %I0.0, %QB4, %MW10, %MD20, %T1 or %C1."
