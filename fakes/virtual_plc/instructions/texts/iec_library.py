"""The IEC library of S7-300 and S7-400: comparisons of dates and texts, conversions between texts and numbers.

Facts: STEP 7, "System and Standard Functions", IEC functions (docs/facts/stl.md#sources-of-step-7): an earlier moment is the
smaller one; texts compare character by character, and a longer text is greater than its beginning; numbers have a sign.
What a conversion returns for a text that is no number is unverified.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import DINT, INT, REAL, DataType
from virtual_plc.instructions.registry import Site, plain, register_maker
from virtual_plc.instructions.texts.strings import capacity

_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "GE": operator.ge,
    "GT": operator.gt,
    "LE": operator.le,
    "LT": operator.lt,
}
_WHOLE: Final = re.compile(r"[+-]?\d+")
_REAL: Final = re.compile(r"[+-]?\d\.\d{1,7}E[+-]\d{2}", re.IGNORECASE)

for _name, _compare in _COMPARISONS.items():
    plain(f"{_name}_DT", "DT1 DT2", "RET")(_compare)
    plain(f"{_name}_STRNG", "S1 S2", "RET")(_compare)


def _spelled(spell: Callable[[Any], str]) -> Callable[[Site], Callable[[Any], tuple[str, bool]]]:
    """Return what makes a function that writes a number; a text too long for its target is cut with ENO 0."""

    def make(site: Site) -> Callable[[Any], tuple[str, bool]]:
        most = capacity(site)

        def write(number: Any) -> tuple[str, bool]:
            text = spell(number)
            return text[:most], len(text) <= most

        return write

    return make


def _exponential(number: float) -> str:
    """Return a Real with seven decimals and an exponent of two digits (`+1.5000000E+01`)."""
    return f"{number:+.7E}"


register_maker("I_STRNG|DI_STRNG", "I", "RET ENO")(_spelled("{:+d}".format))
register_maker("R_STRNG", "IN", "RET ENO")(_spelled(_exponential))


def _read(
    form: re.Pattern[str], longest: int, number: type[float], target: DataType
) -> Callable[[str], tuple[float, bool]]:
    """Return a function that reads a number of a form; 0 with ENO 0 for any other text."""

    def read(text: str) -> tuple[float, bool]:
        value = number(text) if len(text) <= longest and form.fullmatch(text) else None
        return (number(0), False) if value is None or not fits(value, target) else (value, True)

    return read


plain("STRNG_I", "S", "RET ENO")(_read(_WHOLE, 6, int, INT))
plain("STRNG_DI", "S", "RET ENO")(_read(_WHOLE, 11, int, DINT))
plain("STRNG_R", "S", "RET ENO")(_read(_REAL, 14, float, REAL))
