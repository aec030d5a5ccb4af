"""Conversions that are called by their own name: CONVERT, rounding, S_CONV, T_CONV."""

from __future__ import annotations

from collections.abc import Callable

from simatic_xml.program.types.types import DataType, Text
from virtual_plc.instructions.calculation.conversions import Conversion, checked_conversion
from virtual_plc.instructions.registry import Site, register_maker


def target_of(site: Site) -> DataType:
    """Return the type of the result, with the length of the string that it goes to."""
    if isinstance(site.result, Text) and site.capacity is not None:
        return Text(site.result.name, site.capacity)
    return site.result


def _make_converter(function: str) -> Callable[[Site], Conversion]:
    return lambda site: checked_conversion(site.type_of("S", "IN"), target_of(site), function)


for _name in ("CONVERT", "CONV", "S_CONV", "T_CONV", "ROUND", "TRUNC", "CEIL", "FLOOR"):
    register_maker(_name, "IN", "RET ENO")(_make_converter(_name))
