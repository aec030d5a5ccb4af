"""Hexadecimal digits as characters and as numbers: ATH and HTA.

Facts: TIA Portal's help, extended instructions (S7-1200, S7-1500), ATH and HTA: a word counts as one character; digits
that go to characters stay characters; what is behind the written bytes of the output stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from string import hexdigits
from typing import Final

from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Text
from virtual_plc.instructions.data.runs import Run, run_of
from virtual_plc.instructions.registry import Reference, plain
from virtual_plc.instructions.texts.characters import is_character
from virtual_plc.instructions.texts.strings import longest

_NO_DIGIT: Final = 0x0007
_IN, _OUT = 0x8100, 0x8400
_INVALID, _OTHER_TYPE, _TOO_SMALL = 0x20, 0x51, 0x82


@plain("ATH", "&IN N &OUT", "RET ENO")
def to_numbers(IN: Reference | None, N: int, OUT: Reference | None) -> tuple[int, bool]:
    """Turn N characters into hexadecimal digits, other characters into 0; after an odd number there is one more 0."""
    status = _find_problem(_IN, IN, _holds_characters) or _find_problem(_OUT, OUT, _holds_digits)
    if status or IN is None or OUT is None:
        return status, False
    given = _characters(run_of(IN))
    if len(given) < N:
        return _IN + _TOO_SMALL, False
    digits = "".join(char.upper() if char in hexdigits else "0" for char in given[:N])
    output = run_of(OUT)
    if _is_text(output.element):
        fits = len(digits) <= _size(output)
        fits = fits and _put_characters(output, digits)
    else:
        fits = _put_bytes(output, bytes.fromhex(digits + "0" * (len(digits) % 2)))
    if not fits:
        return _OUT + _TOO_SMALL, False
    status = 0 if set(given[:N]) <= set(hexdigits) else _NO_DIGIT
    return status, status == 0


@plain("HTA", "&IN N &OUT", "RET ENO")
def to_characters(IN: Reference | None, N: int, OUT: Reference | None) -> tuple[int, bool]:
    """Turn N bytes into two characters each, as many as the output holds."""
    status = _find_problem(_IN, IN, _holds_digits) or _find_problem(_OUT, OUT, _holds_characters)
    if status or IN is None or OUT is None:
        return status, False
    content = _bytes(run_of(IN))
    if len(content) < N:
        return _IN + _TOO_SMALL, False
    fits = _put_characters(run_of(OUT), content[:N].hex().upper())
    return (0, True) if fits else (_OUT + _TOO_SMALL, False)


def _find_problem(parameter: int, reference: Reference | None, holds: Callable[[DataType], bool]) -> int:
    """Return the error of a parameter that refers to nothing or to a wrong type, else 0."""
    if reference is None:
        return parameter + _INVALID
    data_type = reference.type.element if isinstance(reference.type, Array) else reference.type
    return 0 if holds(data_type) else parameter + _OTHER_TYPE


def _is_text(data_type: DataType) -> bool:
    return isinstance(data_type, Text) or is_character(data_type)


def _holds_characters(data_type: DataType) -> bool:
    return _is_text(data_type) or (isinstance(data_type, Elementary) and data_type.name in ("Byte", "Word"))


def _holds_digits(data_type: DataType) -> bool:
    return _is_text(data_type) or (isinstance(data_type, Elementary) and data_type.kind in (Kind.BITS, Kind.INTEGER))


def _size(run: Run) -> int:
    """Return how many characters go into a run."""
    return longest(run.element) if isinstance(run.element, Text) else len(run)


def _characters(run: Run) -> str:
    values = run.values(0, 1 if isinstance(run.element, Text) else len(run))
    return "".join(each if isinstance(each, str) else chr(each) for each in values)


def _put_characters(run: Run, text: str) -> bool:
    """Write one character into each place, as far as there are places; return whether there are enough."""
    fitting = text[: _size(run)]
    if isinstance(run.element, Text):
        run.set(0, fitting)
    else:
        for index, char in enumerate(fitting):
            run.set(index, char if is_character(run.element) else ord(char))
    return fitting == text


def _width(data_type: DataType) -> int:
    return data_type.bits // 8 if isinstance(data_type, Elementary) else 1


def _bytes(run: Run) -> bytes:
    """Return numbers byte by byte, of each character its code."""
    if _is_text(run.element):
        return _characters(run).encode("latin-1", "replace")
    size = _width(run.element)
    return b"".join((each & (1 << 8 * size) - 1).to_bytes(size, "big") for each in run.values(0, len(run)))


def _put_bytes(run: Run, content: bytes) -> bool:
    """Write bytes into numbers in a row and keep the rest of the last one; return False when they are too few."""
    size, before = _width(run.element), _bytes(run)
    if len(content) > len(before):
        return False
    after = content + before[len(content) :]
    signed = isinstance(run.element, Elementary) and run.element.signed
    for index in range(-(-len(content) // size)):
        run.set(index, int.from_bytes(after[index * size : index * size + size], "big", signed=signed))
    return True
