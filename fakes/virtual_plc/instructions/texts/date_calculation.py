"""Calculate with times and dates: T_ADD and its relatives, and the functions of S7-300 and S7-400.

What leaves the range of the result keeps what its type can hold, with ENO 0; a time of day continues after midnight
(S7-1200 manual, T_ADD; the values after an overflow are unverified but for DTL).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.types import ELEMENTARY, TIME, Elementary
from virtual_plc.instructions.calculation.conversions import checked_conversion
from virtual_plc.instructions.calculation.operators import binary_operation
from virtual_plc.instructions.registry import Site, plain, register_maker
from virtual_plc.instructions.texts import dates

_DATE_AND_TIME = ELEMENTARY["DATE_AND_TIME"]
_DATE = ELEMENTARY["DATE"]
_TIME_OF_DAY = ELEMENTARY["TIME_OF_DAY"]
_S5TIME = ELEMENTARY["S5TIME"]


def _calculation(operator: str) -> Callable[[Site], Callable[..., Any]]:
    """Return what makes a box that adds or takes away its second input."""

    def make(site: Site) -> Callable[..., Any]:
        return binary_operation(operator, site.type_of("A", "IN1"), site.type_of("B", "IN2"), site.result)

    return make


@register_maker("T_DIFF", "IN1 IN2", "RET ENO")
def _difference(site: Site) -> Callable[[Any, Any], tuple[Any, bool]]:
    """Subtract; the difference of two DTL that its type does not hold is 0 (help: Extended instructions, T_DIFF)."""
    first = site.type_of("A", "IN1")
    subtract = binary_operation("-", first, site.type_of("B", "IN2"), site.result)

    def difference(IN1: Any, IN2: Any) -> tuple[Any, bool]:
        found, right = subtract(IN1, IN2)
        return (found if right or not dates.is_dtl(first) else 0), right

    return difference


register_maker("T_ADD", "IN1 IN2", "RET ENO")(_calculation("+"))
register_maker("T_SUB", "IN1 IN2", "RET ENO")(_calculation("-"))
register_maker("T_COMBINE|CONCAT_DATE_TOD|CONCAT_DATE_LTOD", "IN1 IN2", "RET ENO")(_calculation("+"))
plain("AD_DT_TM", "T D", "RET ENO")(binary_operation("+", _DATE_AND_TIME, TIME, _DATE_AND_TIME))
plain("SB_DT_TM", "T D", "RET ENO")(binary_operation("-", _DATE_AND_TIME, TIME, _DATE_AND_TIME))
plain("SB_DT_DT", "DT1 DT2", "RET ENO")(binary_operation("-", _DATE_AND_TIME, _DATE_AND_TIME, TIME))
plain("D_TOD_DT", "IN1 IN2", "RET ENO")(binary_operation("+", _DATE, _TIME_OF_DAY, _DATE_AND_TIME))


def _converter(source: Elementary, target: Elementary) -> Callable[[Any], Any]:
    return checked_conversion(source, target)


plain("TIM_S5TI", "IN", "RET ENO")(_converter(TIME, _S5TIME))
plain("S5TI_TIM", "IN", "RET ENO")(_converter(_S5TIME, TIME))
plain("DT_DATE", "IN", "RET ENO")(_converter(_DATE_AND_TIME, _DATE))
plain("DT_TOD", "IN", "RET ENO")(_converter(_DATE_AND_TIME, _TIME_OF_DAY))


@plain("DT_DAY", "IN")
def day_of_week(IN: int) -> int:
    """Return the weekday of a Date_And_Time, 1 on Sundays; 1 January 1970 was a Thursday."""
    return (IN // dates.DAY + 4) % 7 + 1
