"""Texts and arrays of characters, and numbers as formatted text.

Facts: TIA Portal's help, extended instructions (S7-1200, S7-1500): STRG_VAL, VAL_STRG, Strg_TO_Chars, Chars_TO_Strg.
FORMAT: bit 0 a decimal comma, bit 1 exponential notation, bit 2 always a sign.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from simatic_xml.program.types.types import INT, DataType, Elementary, Kind
from virtual_plc.instructions.calculation.numbers import holding, range_of
from virtual_plc.instructions.data.runs import run_of
from virtual_plc.instructions.registry import KEEP, Reference, Site, plain, register_maker
from virtual_plc.instructions.texts.strings import longest

_COMMA, _EXPONENT, _SIGN = 1, 2, 4
_FORM: Final = r" *([+-]?{group}*(?:\d[\d{group}]*(?:\{point}\d*)?|\{point}\d+){exponent})"
_FORMS: Final = tuple(
    re.compile(_FORM.format(point=point, group=group, exponent=exponent), re.ASCII)
    for exponent in ("", r"(?:[eE][+-]?\d+)?")
    for point, group in ((".", ","), (",", r"\."))
)
"""How a number is written, by FORMAT."""
_SMALLEST: Final = {32: 2.0**-126, 64: 2.0**-1022}
"""The smallest numbers of REAL and LREAL that have all their digits, by their bits."""


@register_maker("STRG_VAL", "IN FORMAT P", "OUT ENO")
def _text_to_value(site: Site) -> Callable[[str, int, int], tuple[Any, bool]]:
    """Read the number that begins at a position; before its point the other separator is skipped, behind it ends it."""
    target = site.type_of("OUT", "OUT")
    target = target if isinstance(target, Elementary) else INT
    hold, nothing = (_hold_real, 0.0) if target.kind is Kind.REAL else (_hold_whole, 0)

    def read(IN: str, FORMAT: int, P: int) -> tuple[Any, bool]:
        found = _FORMS[FORMAT].match(IN, P - 1) if FORMAT <= _COMMA | _EXPONENT and 1 <= P <= len(IN) else None
        if found is None:
            return nothing, False
        point, group = (",", ".") if FORMAT & _COMMA else (".", ",")
        return hold(found[1].replace(group, "").replace(point, "."), target)

    return read


def _hold_real(number: str, target: Elementary) -> tuple[float, bool]:
    """Return a number as REAL or LREAL: infinite when it is too large, 0 when it is too small."""
    value = float(number)
    held = holding(target)(value) if abs(value) >= _SMALLEST[target.bits] else 0.0
    return held, math.isfinite(held)


def _hold_whole(number: str, target: Elementary) -> tuple[int, bool]:
    """Return a number rounded to an integer, exactly where it has no exponent; 0 when it is too large."""
    value = float(number) if "e" in number.lower() else Decimal(number)
    least, most = range_of(target)
    whole = round(value) if math.isfinite(value) else most + 1
    return (whole, True) if least <= whole <= most else (0, False)


def _format(value: float, PREC: int, FORMAT: int) -> str:
    """Return a number as text; an integer has no exponent, and its point before its last PREC digits."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{value:+}".upper()
    sign = "+" if FORMAT & _SIGN else "-"
    if isinstance(value, int):
        digits = f"{value:{sign}0{PREC + 1 + (value < 0 or sign == '+')}d}"
        text = f"{digits[:-PREC]}.{digits[-PREC:]}" if PREC else digits
    elif FORMAT & _EXPONENT:
        mantissa, exponent = f"{value:{sign}.{PREC}E}".split("E")
        text = f"{mantissa}E{int(exponent):+d}"
    else:
        text = f"{value:{sign}.{PREC}f}"
    return text.replace(".", ",") if FORMAT & _COMMA else text


@register_maker("VAL_STRG", "IN SIZE PREC FORMAT P &OUT", "ENO")
def _value_to_text(site: Site) -> Callable[..., bool]:
    """Write a number into SIZE characters of a text from a position on, at the right; with SIZE 0 as many as it needs.

    What is not a number is named, with ENO 0. Blanks fill the text up to a position behind its end (S7-1200
    manuals of 2011 and 2014; that of 2016 calls such a position an error).
    """
    most = longest(site.actual["OUT"])

    def write(IN: float, SIZE: int, PREC: int, FORMAT: int, P: int, OUT: Reference) -> bool:
        before = OUT.get()
        if FORMAT > 7 or not 1 <= P <= most:
            return False
        before = before.ljust(P - 1)
        text = _format(IN, PREC, FORMAT).rjust(SIZE)
        if SIZE and len(text) > SIZE:
            return False
        found = before[: P - 1] + text + before[P - 1 + len(text) :]
        if len(found) > most:
            return False
        OUT.set(found)
        return math.isfinite(IN)

    return write


# Arrays of characters ------------------------------------------------------------------------------------------------


def is_character(data_type: DataType) -> bool:
    """Return whether a type is CHAR or WCHAR."""
    return isinstance(data_type, Elementary) and data_type.kind is Kind.CHARACTER


@plain("Strg_TO_Chars", "STRG PCHARS &CHARS", "CNT ENO")
def text_to_characters(STRG: str, PCHARS: int, CHARS: Reference | None) -> tuple[int, bool]:
    """Copy characters into an array from a place on, counted from 0; return how many."""
    if CHARS is None or PCHARS < 0:
        return 0, False
    target = run_of(CHARS)
    count = max(min(len(STRG), len(target) - PCHARS), 0)
    for index, char in enumerate(STRG[:count]):
        target.set(PCHARS + index, char if is_character(target.element) else ord(char))
    return count, count == len(STRG)


@register_maker("Chars_TO_Strg", "&CHARS PCHARS CNT", "STRG ENO")
def _characters_to_text(site: Site) -> Callable[..., tuple[Any, bool]]:
    """Copy characters out of an array up to the first `$00`, all of them with CNT 0."""
    most = longest(site.actual["STRG"])

    def copy(CHARS: Reference | None, PCHARS: int, CNT: int) -> tuple[Any, bool]:
        source = run_of(CHARS) if CHARS is not None else None
        if source is None or not 0 <= PCHARS < len(source):
            return KEEP, False
        rest = len(source) - PCHARS
        values = source.values(PCHARS, min(CNT or rest, rest))
        found, end, _ = "".join(each if isinstance(each, str) else chr(each) for each in values).partition("\0")
        return found[:most], len(found) <= most and (bool(end) or rest >= CNT)

    return copy
