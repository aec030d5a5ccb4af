"""Texts and arrays of characters, hexadecimal digits, and numbers as formatted text.

Facts: S7-1200 manual, STRG_VAL, VAL_STRG, Strg_TO_Chars, Chars_TO_Strg, ATH, HTA. FORMAT: bit 0 a decimal comma, bit 1
exponential notation, bit 2 always a sign. The values of RET_VAL for errors are unverified.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.types import INT, Elementary, Kind
from virtual_plc.instructions.calculation.numbers import holding, range_of
from virtual_plc.instructions.data.runs import run_of
from virtual_plc.instructions.registry import KEEP, Reference, Site, plain, register_maker
from virtual_plc.instructions.texts.strings import longest

_COMMA, _EXPONENT, _SIGN = 1, 2, 4
_NO_DIGIT: Final = 0x0007
_TOO_SHORT: Final = 0x8182
_FIXED: Final = re.compile(r" *(?P<number>[+-]?\d*(?:\.\d*)?)", re.ASCII)
_EXPONENTIAL: Final = re.compile(r" *(?P<number>[+-]?\d*(?:\.\d*)?(?:[eE][+-]?\d+)?)", re.ASCII)


@register_maker("STRG_VAL", "IN FORMAT P", "OUT ENO")
def _text_to_value(site: Site) -> Callable[[str, int, int], tuple[Any, bool]]:
    """Read the number that begins at a position; its other separator is skipped as one of thousands."""
    target = site.type_of("OUT", "OUT")
    target = target if isinstance(target, Elementary) else INT
    nothing: Any = 0.0 if target.kind is Kind.REAL else 0

    def read(IN: str, FORMAT: int, P: int) -> tuple[Any, bool]:
        if FORMAT > 3 or not 1 <= P <= max(len(IN), 1):
            return nothing, False
        point, group = (",", ".") if FORMAT & _COMMA else (".", ",")
        text = IN[P - 1 :].replace(group, "").replace(point, ".")
        found = (_EXPONENTIAL if FORMAT & _EXPONENT else _FIXED).match(text)
        number = found["number"] if found else ""
        if not any(char.isdigit() for char in number):
            return nothing, False
        return _hold(float(number) if target.kind is Kind.REAL else _whole(number), target, nothing)

    return read


def _whole(number: str) -> int:
    """Return the whole part of a number, exactly."""
    if "e" in number.lower():
        return int(float(number))
    return int(number.partition(".")[0] or "0") if number.partition(".")[0] not in ("+", "-") else 0


def _hold(value: float, target: Elementary, nothing: Any) -> tuple[Any, bool]:
    if target.kind is Kind.REAL:
        held = holding(target)(value)
        return (held, True) if math.isfinite(held) else (nothing, False)
    least, most = range_of(target)
    return (value, True) if least <= value <= most else (nothing, False)


def _format(value: float, PREC: int, FORMAT: int) -> str:
    sign = "+" if FORMAT & _SIGN else "-"
    kind = "E" if FORMAT & _EXPONENT else "f"
    if isinstance(value, int) and not FORMAT & _EXPONENT:
        digits = f"{abs(value):0{PREC + 1}d}"
        mark = "-" if value < 0 else "+" if FORMAT & _SIGN else ""
        text = mark + (f"{digits[:-PREC]}.{digits[-PREC:]}" if PREC else digits)
    else:
        text = f"{value:{sign}.{PREC}{kind}}"
    return text.replace(".", ",") if FORMAT & _COMMA else text


@register_maker("VAL_STRG", "IN SIZE PREC FORMAT P &OUT", "ENO")
def _value_to_text(site: Site) -> Callable[..., bool]:
    """Write a number into SIZE characters of a text from a position on, at the right; with SIZE 0 as many as it needs.

    An integer has a point before its last PREC digits. Blanks fill the text up to a position behind its end (S7-1200
    manuals of 2011 and 2014; that of 2016 calls such a position an error).
    """
    most = longest(site.actual["OUT"])

    def write(IN: float, SIZE: int, PREC: int, FORMAT: int, P: int, OUT: Reference) -> bool:
        before = OUT.get()
        if FORMAT > 7 or not 1 <= P <= most or not math.isfinite(IN):
            return False
        before = before.ljust(P - 1)
        text = _format(IN, PREC, FORMAT).rjust(SIZE)
        if SIZE and len(text) > SIZE:
            return False
        found = before[: P - 1] + text + before[P - 1 + len(text) :]
        if len(found) > most:
            return False
        OUT.set(found)
        return True

    return write


# Arrays of characters ------------------------------------------------------------------------------------------------


def _is_character(data_type: Any) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind is Kind.CHARACTER


@plain("Strg_TO_Chars", "STRG PCHARS &CHARS", "CNT ENO")
def text_to_characters(STRG: str, PCHARS: int, CHARS: Reference | None) -> tuple[int, bool]:
    """Copy characters into an array from a place on, counted from 0; return how many."""
    if CHARS is None or PCHARS < 0:
        return 0, False
    target = run_of(CHARS)
    count = max(min(len(STRG), len(target) - PCHARS), 0)
    for index, char in enumerate(STRG[:count]):
        target.set(PCHARS + index, char if _is_character(target.element) else ord(char))
    return count, count == len(STRG)


@register_maker("Chars_TO_Strg", "&CHARS PCHARS CNT", "STRG ENO")
def _characters_to_text(site: Site) -> Callable[..., tuple[Any, bool]]:
    """Copy characters out of an array, all of them with CNT 0."""
    most = longest(site.actual["STRG"])

    def copy(CHARS: Reference | None, PCHARS: int, CNT: int) -> tuple[Any, bool]:
        if CHARS is None or PCHARS < 0:
            return KEEP, False
        source = run_of(CHARS)
        wanted = CNT or max(len(source) - PCHARS, 0)
        count = max(min(wanted, len(source) - PCHARS, most), 0)
        found = [each if isinstance(each, str) else chr(each) for each in source.values(PCHARS, count)]
        return "".join(found), count == wanted

    return copy


def _characters(reference: Reference) -> str:
    value = reference.get()
    if isinstance(value, str):
        return value
    run = run_of(reference)
    return "".join(each if isinstance(each, str) else chr(each & 0xFF) for each in run.values(0, len(run)))


@plain("ATH", "&IN N &OUT", "RET ENO")
def hexadecimal_to_bytes(IN: Reference | None, N: int, OUT: Reference | None) -> tuple[int, bool]:
    """Turn N hexadecimal digits into bytes; with an odd number the last byte has its second digit 0."""
    if IN is None or OUT is None:
        return _TOO_SHORT, False
    digits = _characters(IN)[:N]
    if len(digits) < N:
        return _TOO_SHORT, False
    clean = "".join(char if char in "0123456789abcdefABCDEF" else "0" for char in digits)
    content = bytes.fromhex(clean + "0" * (len(clean) % 2))
    status = 0 if clean == digits else _NO_DIGIT
    return (status, status == 0) if _put_units(OUT, content) else (_TOO_SHORT, False)


@plain("HTA", "&IN N &OUT", "RET ENO")
def bytes_to_hexadecimal(IN: Reference | None, N: int, OUT: Reference | None) -> tuple[int, bool]:
    """Turn N bytes into hexadecimal digits, two for each."""
    if IN is None or OUT is None:
        return _TOO_SHORT, False
    content = _units(IN)[:N]
    text = content.hex().upper()
    if len(content) < N:
        return _TOO_SHORT, False
    if isinstance(OUT.get(), str):
        right = len(text) <= longest(OUT.type)
        OUT.set(text if right else OUT.get())
    else:
        right = _put_units(OUT, text.encode("ascii"))
    return (0, True) if right else (_TOO_SHORT, False)


def _width(data_type: Any) -> int:
    return data_type.bits // 8 if isinstance(data_type, Elementary) and not _is_character(data_type) else 1


def _units(reference: Reference) -> bytes:
    """Return the bytes of characters, bytes or words in a row."""
    run = run_of(reference)
    size = _width(run.element)
    values = (ord(each) if isinstance(each, str) else each for each in run.values(0, len(run)))
    return b"".join((each & (1 << 8 * size) - 1).to_bytes(size, "big") for each in values)


def _put_units(reference: Reference, content: bytes) -> bool:
    """Write bytes into characters, bytes or words in a row; return False when they are too few."""
    run = run_of(reference)
    size = _width(run.element)
    padded = content + bytes(-len(content) % size)
    if len(padded) // size > len(run):
        return False
    for index in range(len(padded) // size):
        unit = int.from_bytes(padded[index * size : index * size + size], "big")
        run.set(index, chr(unit) if _is_character(run.element) else unit)
    return True
