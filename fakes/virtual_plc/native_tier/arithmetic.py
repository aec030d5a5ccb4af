"""Operators in C: integers that wrap, quotients towards zero, REAL of 32 bits; and when they report a wrong result."""

from __future__ import annotations

from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import DataType, Elementary, Kind, type_name
from virtual_plc.code.c_text import CERTAIN, TRUTH, C, c
from virtual_plc.native_tier.block_text import BlockText, NotNative, require
from virtual_plc.native_tier.forms import Form

_COMPARISONS = {"=": c("=="), "<>": c("!="), "<": c("<"), "<=": c("<="), ">": c(">"), ">=": c(">=")}
_LOGIC = {"AND": c("&"), "OR": c("|"), "XOR": c("^")}
_BUILTINS = {"+": c("add"), "-": c("sub"), "*": c("mul")}
_SIGNS = {"+": c("+"), "-": c("-"), "*": c("*")}
_FUNCTIONS = {"/": c("quotient"), "**": c("power")}
_WHOLE = (Kind.BITS, Kind.INTEGER, Kind.DURATION)
_DIVISIONS = {"/": c("divide"), "MOD": c("modulo")}
Result = tuple[C, C]
"""C of a value, and of whether it is right (`1` when it always is)."""


def binary(code: BlockText, node: n.Binary, left: C, right: C) -> C:
    """Write an operator with its evaluated operands; return its value.

    Raises:
        NotNative: native code does not have it for these types.
    """
    form = code.form(node.type, node.place)
    if node.operator in _COMPARISONS:
        check_compared(node.left.type, node.place)
        return code.keep_value(TRUTH, "{} {} {}", left, _COMPARISONS[node.operator], right)
    if node.operator in _LOGIC:
        return code.keep_value(form.const, "({})({} {} {})", form.text, left, _LOGIC[node.operator], right)
    types = (node.left.type, node.right.type)
    value, fits = write_calculation(
        code, node.operator, (left, right), (*types, node.type), node.place, checks=bool(code.flags)
    )
    code.report(fits)
    return value


def check_compared(data_type: DataType, place: Place) -> None:
    """Refuse the comparison of values that are not compared as numbers.

    Raises:
        NotNative: an S5TIME, or data with parts.
    """
    plain = isinstance(data_type, Elementary) and not (data_type.kind is Kind.DURATION and not data_type.unit)
    if not plain:
        raise NotNative(f"Comparing data of the type {type_name(data_type)}", place)


def write_calculation(
    code: BlockText,
    operator: str,
    operands: tuple[C, C],
    types: tuple[DataType, ...],
    place: Place,
    *,
    checks: bool,
) -> Result:
    """Write `+ - * / MOD **`; return its value and whether it is right.

    Args:
        code: the block.
        operator: the operator.
        operands: C of both operands.
        types: their types, and that of the result.
        place: where it is.
        checks: whether ENO depends on whether it is right.

    Raises:
        NotNative: native code does not have it for these types.
    """
    left, right = operands
    form = code.form(types[2], place)
    if form.letter in ("f", "d"):
        return _real(code, operator, left, right, form)
    _check_units(operator, types, place)
    if operator in _DIVISIONS:
        return _write_division(code, operator, left, right, form)
    if operator not in _BUILTINS:
        raise NotNative(f"'{operator}' for whole numbers", place)
    if not checks:
        return code.keep_value(
            form.const, "({})((uint64_t){} {} (uint64_t){})", form.text, left, _SIGNS[operator], right
        ), CERTAIN
    result = code.keep_value(form.text, "0")
    overflow = c("!__builtin_{}_overflow({}, {}, &{})", _BUILTINS[operator], left, right, result)
    return result, code.keep_value(TRUTH, "{}", overflow)


def _check_units(operator: str, types: tuple[DataType, ...], place: Place) -> None:
    """Refuse dates, and times of different units in one sum."""
    units = set()
    for each in types:
        if not isinstance(each, Elementary) or each.kind not in _WHOLE or each.name == "S5Time":
            raise NotNative(f"'{operator}' with data of the type {type_name(each)}", place)
        units.add(each.unit)
    if len(units - {0}) > 1 or (units != {0} and operator == "MOD"):
        raise NotNative(f"'{operator}' with times of different units", place)


def _write_division(code: BlockText, operator: str, left: C, right: C, form: Form) -> Result:
    value = code.keep_value(form.const, "{}_{}({}, {})", _DIVISIONS[operator], form.text, left, right)
    fits = c("({} != 0)", right)
    if operator == "/" and form.least is not None:
        fits = c("({0} != 0 && !({0} == -1 && {1} == {2}))", right, left, form.least)
    return value, fits


def _real(code: BlockText, operator: str, left: C, right: C, form: Form) -> Result:
    if operator in _FUNCTIONS:
        value = code.keep_value(form.const, "({}){}({}, {})", form.text, _FUNCTIONS[operator], left, right)
    else:
        value = code.keep_value(form.const, "{} {} {}", left, _SIGNS[operator], right)
    return value, c("(isfinite({}) != 0)", value)


def unary(code: BlockText, node: n.Unary, value: C) -> C:
    """Write `NOT x` or `-x`; return its value."""
    form = code.form(node.type, node.place)
    data_type = require(node.type, Elementary, node.place)
    if node.operator == "NOT":
        text = c("!{}", value) if data_type.kind is Kind.BOOL else c("({})~{}", form.text, value)
        return code.keep_value(form.const, "{}", text)
    result, fits = negative(code, value, data_type, form)
    code.report(fits)
    return result


def negative(code: BlockText, value: C, data_type: Elementary, form: Form) -> Result:
    """Write unary minus; return its value and whether it is right."""
    if data_type.kind is Kind.REAL:
        return code.keep_value(form.const, "-{}", value), c("(isfinite({}) != 0)", value)
    result = code.keep_value(form.const, "({})(0 - (uint64_t){})", form.text, value)
    return result, c("({0} == 0 || {0} != {1})", value, result) if data_type.signed else c("({} == 0)", value)
