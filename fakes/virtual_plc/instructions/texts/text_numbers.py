"""Numbers as text and text as numbers, as S_CONV and the conversions of strings have them.

Facts: S7-1200 manual, S_CONV: digits up to the first other character count, commas between them are skipped, exponents
ignored; a number is at the right of a field as wide as its type needs. Field widths of LINT and ULINT are unverified. An LREAL
has 21 characters (TIA Portal's help): 14 digits behind the point, with an exponent of three digits 13 (unverified).
The conversions by name (`DINT_TO_STRING`), which S_CONV is in SCL, write a sign in front of every number and no blanks
(TIA Portal's help, data type conversion for S7-1500).
"""

from __future__ import annotations

import math
import re
from typing import Final

from simatic_xml.program.types.types import Elementary, Kind
from virtual_plc.instructions.calculation.numbers import holding, range_of

_NUMBER: Final = re.compile(r" *(?P<sign>[+-]?)(?P<whole>[\d,]*)(?:\.(?P<fraction>\d*))?", re.ASCII)
_WIDTHS: Final = {"USInt": 4, "SInt": 4, "UInt": 6, "Int": 6, "UDInt": 11, "DInt": 11, "Real": 14}
_LONG: Final = 21


def number_of(text: str, target: Elementary) -> tuple[float, bool]:
    """Return the number that a text begins with, and whether there is one that the type holds; else 0."""
    found = _NUMBER.match(text)
    whole = found["whole"].replace(",", "") if found else ""
    fraction = (found["fraction"] or "") if found else ""
    if found is None or not (whole or fraction):
        return (0.0 if target.kind is Kind.REAL else 0), False
    sign = -1 if found["sign"] == "-" else 1
    if target.kind is Kind.REAL:
        value = holding(target)(sign * float(f"{whole or 0}.{fraction or 0}"))
        return (value, True) if math.isfinite(value) else (0.0, False)
    least, most = range_of(target)
    number = sign * int(whole or 0)
    return (number, True) if least <= number <= most else (0, False)


def text_of(value: float, source: Elementary) -> str:
    """Return a number as text, at the right of its field (S_CONV)."""
    text = _real_text(value, source) if source.kind is Kind.REAL else str(value)
    return text.rjust(_WIDTHS.get(source.name, _LONG))


def signed_text_of(value: float, source: Elementary) -> str:
    """Return a number as conversions by name write it (`DINT_TO_STRING`): without blanks, with sign."""
    if source.kind is Kind.REAL:
        return _real_text(value, source)
    return f"{value:+d}"


def _real_text(value: float, source: Elementary) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{value:+}".upper()
    text = f"{value:+.{6 if source.bits == 32 else 14}E}"
    return text if len(text) <= _LONG else f"{value:+.13E}"
