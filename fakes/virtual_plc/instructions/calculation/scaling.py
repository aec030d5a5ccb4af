"""SCALE_X, NORM_X, SCALE and UNSCALE.

SCALE_X and NORM_X do not limit: a value out of the range continues along the line; what does not fit the result keeps
its lowest bits with ENO 0, as does MAX not above MIN (S7-1200 manual). SCALE and UNSCALE limit and return W#16#0008
when they did (S7-300 manual, FC 105 and FC 106).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.types import REAL, DataType, Elementary
from virtual_plc.instructions.calculation.conversions import Conversion, rounding
from virtual_plc.instructions.calculation.numbers import holding, is_real, real_quotient, single
from virtual_plc.instructions.registry import Site, register_maker

_LIMITED = 0x0008
_FULL = 27648.0


def _number(data_type: DataType) -> Elementary:
    return data_type if isinstance(data_type, Elementary) else REAL


@register_maker("SCALE_X", "MIN VALUE MAX", "RET ENO")
def _scale_x(site: Site) -> Callable[[Any, float, Any], tuple[Any, bool]]:
    """Calculate OUT = VALUE * (MAX - MIN) + MIN, rounded half to even for a whole number."""
    result = _number(site.result)
    convert = _make_holding(result) if is_real(result) else rounding(round, result)

    def scale(MIN: Any, VALUE: float, MAX: Any) -> tuple[Any, bool]:
        found, right = convert(VALUE * (MAX - MIN) + MIN)
        return found, right and MIN < MAX

    return scale


def _make_holding(data_type: Elementary) -> Conversion:
    hold = holding(data_type)
    return lambda value: (hold(value), math.isfinite(hold(value)))


@register_maker("NORM_X", "MIN VALUE MAX", "RET ENO")
def _norm_x(site: Site) -> Callable[[Any, Any, Any], tuple[float, bool]]:
    """Calculate OUT = (VALUE - MIN) / (MAX - MIN)."""
    hold = holding(_number(site.result))

    def normalize(MIN: Any, VALUE: Any, MAX: Any) -> tuple[float, bool]:
        result = hold(real_quotient(float(VALUE - MIN), float(MAX - MIN)))
        return result, MIN < MAX and math.isfinite(result)

    return normalize


@register_maker("SCALE", "IN HI_LIM LO_LIM BIPOLAR", "OUT RET ENO")
def _scale(_: Site) -> Callable[[int, float, float, bool], tuple[float, int, bool]]:
    def scale(IN: int, HI_LIM: float, LO_LIM: float, BIPOLAR: bool) -> tuple[float, int, bool]:
        least = -_FULL if BIPOLAR else 0.0
        value = min(max(float(IN), least), _FULL)
        result = single((value - least) / (_FULL - least) * (HI_LIM - LO_LIM) + LO_LIM)
        return result, 0 if value == IN else _LIMITED, value == IN

    return scale


@register_maker("UNSCALE", "IN HI_LIM LO_LIM BIPOLAR", "OUT RET ENO")
def _unscale(_: Site) -> Callable[[float, float, float, bool], tuple[int, int, bool]]:
    def unscale(IN: float, HI_LIM: float, LO_LIM: float, BIPOLAR: bool) -> tuple[int, int, bool]:
        least = -_FULL if BIPOLAR else 0.0
        value = min(max(IN, LO_LIM), HI_LIM)
        part = real_quotient(value - LO_LIM, HI_LIM - LO_LIM)
        result = round(part * (_FULL - least) + least) if math.isfinite(part) else 0
        right = value == IN and math.isfinite(part)
        return result, 0 if right else _LIMITED, right

    return unscale
