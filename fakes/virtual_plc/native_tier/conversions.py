"""Conversions in C between truth values, numbers, bit strings, characters, times, like `instructions.conversions`."""

from __future__ import annotations

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.ranges import limits, number_limits
from simatic_xml.program.types.types import DataType, Elementary, Kind, type_name
from virtual_plc.code.c_text import CERTAIN, TRUTH, C, c, join_pieces
from virtual_plc.native_tier.arithmetic import Result
from virtual_plc.native_tier.block_text import BlockText, NotNative
from virtual_plc.native_tier.forms import Form

_ROUNDING = {"ROUND": c("rint"), "TRUNC": c("trunc"), "CEIL": c("ceil"), "FLOOR": c("floor")}
_COUNTS = (Kind.BITS, Kind.INTEGER, Kind.DURATION)


def write_conversion(
    code: BlockText, value: C, source: DataType, target: DataType, function: str, place: Place
) -> Result:
    """Write a conversion; return its value and whether it is right.

    Args:
        code: the block.
        value: C of the value.
        source: its type.
        target: type that it becomes.
        function: the instruction as written, empty for an implicit conversion.
        place: where it is.

    Raises:
        NotNative: native code does not have this conversion.
    """
    made = f"The conversion from {type_name(source)} to {type_name(target)}"
    if not isinstance(source, Elementary) or not isinstance(target, Elementary) or "BCD" in function.upper():
        raise NotNative(made, place)
    form = code.form(target, place)
    rule = _ROUNDING.get(function.upper())
    if rule is not None and source.kind is Kind.REAL:
        return _write_rounding(code, rule, value, target, form)
    if source == target:
        return value, CERTAIN
    found = _convert(code, value, source, target, form)
    if found is None:
        raise NotNative(made, place)
    return found


def _convert(code: BlockText, value: C, source: Elementary, target: Elementary, form: Form) -> Result | None:
    if source.kind is Kind.BOOL and target.kind in (*_COUNTS, Kind.REAL):
        return code.keep_value(form.const, "{}", value), CERTAIN
    if source.kind is Kind.REAL:
        return _of_real(code, value, source, target, form)
    if source.kind is Kind.CHARACTER:
        return _write_count(code, value, source, target, form) if target.kind in (*_COUNTS, Kind.CHARACTER) else None
    if source.kind not in _COUNTS or _is_bcd(source) or _is_bcd(target):
        return None
    if target.kind is Kind.BOOL:
        return code.keep_value(TRUTH, "{} & 1", value), CERTAIN
    if target.kind is Kind.REAL:
        return _to_real(code, value, source, target, form) if not source.unit else None
    if source.unit and target.unit:
        return _between_times(code, value, source, target, form)
    return _write_count(code, value, source, target, form) if target.kind in (*_COUNTS, Kind.CHARACTER) else None


def _is_bcd(data_type: Elementary) -> bool:
    return data_type.kind is Kind.DURATION and not data_type.unit


def _write_count(code: BlockText, value: C, source: Elementary, target: Elementary, form: Form) -> Result:
    result = code.keep_value(form.const, "({}){}", form.text, value)
    low, high = _find_limits(source, target)
    least, most = number_limits(source)
    tests = [c("(__int128){} >= {}", value, _wide(low))] if least < low else []
    tests += [c("(__int128){} <= {}", value, _wide(high))] if most > high else []
    return result, c("({})", join_pieces("{} && {}", tests)) if tests else CERTAIN


def _find_limits(source: Elementary, target: Elementary) -> tuple[int, int]:
    """Return the numbers that a conversion keeps: the values of the target, or any pattern of its width."""
    if target.unit:
        return limits(target) or number_limits(target)
    if Kind.CHARACTER in (source.kind, target.kind) or Kind.BITS not in (source.kind, target.kind):
        return number_limits(target)
    return -(1 << target.bits - 1), (1 << target.bits) - 1


def _wide(number: int) -> C:
    if number == -(1 << 63):
        return c("(__int128)INT64_MIN")
    return c("{}ULL" if number >= 1 << 63 else "{}LL", number)


def _to_real(code: BlockText, value: C, source: Elementary, target: Elementary, form: Form) -> Result:
    if source.kind is Kind.BITS and source.bits == target.bits:
        return code.keep_value(form.const, "real_of({})" if source.bits == 32 else "lreal_of({})", value), CERTAIN
    return code.keep_value(form.const, "({})(double){}", form.text, value), CERTAIN


def _of_real(code: BlockText, value: C, source: Elementary, target: Elementary, form: Form) -> Result | None:
    if target.kind is Kind.REAL:
        result = code.keep_value(form.const, "({}){}", form.text, value)
        return result, c("(isfinite({}) != 0)", result)
    if target.kind is Kind.BITS and source.bits == target.bits:
        return code.keep_value(form.const, "bits_of({})" if source.bits == 32 else "long_bits_of({})", value), CERTAIN
    return (
        _write_rounding(code, _ROUNDING["ROUND"], value, target, form)
        if target.kind in (Kind.BITS, Kind.INTEGER)
        else None
    )


def _write_rounding(code: BlockText, rule: C, value: C, target: Elementary, form: Form) -> Result:
    """Write the conversion that makes a number whole; a zero has no sign then."""
    whole = code.keep_value(c("const double"), "{}((double){}) + 0.0", rule, value)
    finite = c("isfinite({})", value)
    if target.kind is Kind.REAL:
        return code.keep_value(form.const, "({}){}", form.text, whole), c("({} != 0)", finite)
    low, high = number_limits(target)
    result = code.keep_value(form.const, "({})whole({})", form.text, whole)
    return result, c("({0} && {1} >= {2} && {1} < {3})", finite, whole, float(low), float(high + 1))


def _between_times(code: BlockText, value: C, source: Elementary, target: Elementary, form: Form) -> Result:
    if source.unit >= target.unit:
        exact = c("(__int128){} * {}", value, source.unit // target.unit)
    else:
        exact = c("(__int128){} / {}", value, target.unit // source.unit)
    name = code.keep_value(c("const __int128"), "{}", exact)
    result = code.keep_value(form.const, "({}){}", form.text, name)
    return result, c("({} == {})", result, name)
