"""Floating-point constants as Python text."""

from __future__ import annotations

import math

from fakes.plc.python_code.text import Level, Text


def real(number: float) -> Text:
    """Return a floating-point number."""
    if math.isnan(number):
        return Text("nan", steady=True, constant=True)
    if math.isinf(number):
        return Text("inf" if number > 0 else "-inf", Level.SIGN, steady=True, constant=True)
    return Text(repr(number), Level.ATOM if math.copysign(1, number) > 0 else Level.SIGN, steady=True, constant=True)
