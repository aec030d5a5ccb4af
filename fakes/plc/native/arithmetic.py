"""Operators in C: integers that wrap, quotients towards zero, REAL of 32 bits; and when they report a wrong result."""

from __future__ import annotations

from fakes.plc.native.block_text import BlockText, NotNative
from fakes.plc.native.forms import Form
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types import DataType, Elementary, Kind, type_name

_COMPARISONS = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LOGIC = {"AND": "&", "OR": "|", "XOR": "^"}
_BUILTINS = {"+": "add", "-": "sub", "*": "mul"}
_WHOLE = (Kind.BITS, Kind.INTEGER, Kind.DURATION)
_DIVISIONS = {"/": "divide", "MOD": "modulo"}
Checked = tuple[str, str]
"""C text of a value, and of whether it is right (`1` when it always is)."""


def binary(code: BlockText, node: n.Binary, left: str, right: str) -> str:
    """Write an operator with its evaluated operands; return its value.

    Raises:
        NotNative: native code does not have it for these types.
    """
    form = code.form(node.type, node.place)
    if node.operator in _COMPARISONS:
        check_compared(node.left.type, node.place)
        return code.kept("const uint8_t", f"{left} {_COMPARISONS[node.operator]} {right}")
    if node.operator in _LOGIC:
        return code.kept(f"const {form.text}", f"({form.text})({left} {_LOGIC[node.operator]} {right})")
    types = (node.left.type, node.right.type)
    value, fits = calculated(
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


def calculated(
    code: BlockText,
    operator: str,
    operands: tuple[str, str],
    types: tuple[DataType, ...],
    place: Place,
    *,
    checks: bool,
) -> Checked:
    """Write `+ - * / MOD **`; return its value and whether it is right.

    Args:
        code: the block.
        operator: the operator.
        operands: C text of both operands.
        types: their types, and that of the result.
        place: where it stands.
        checks: whether anyone wants to know if it is right.

    Raises:
        NotNative: native code does not have it for these types.
    """
    left, right = operands
    form = code.form(types[2], place)
    if form.letter in ("f", "d"):
        return _real(code, operator, left, right, form)
    _check_units(operator, types, place)
    if operator in _DIVISIONS:
        return _divided(code, operator, left, right, form)
    if operator not in _BUILTINS:
        raise NotNative(f"'{operator}' for whole numbers", place)
    if not checks:
        return code.kept(f"const {form.text}", f"({form.text})((uint64_t){left} {operator} (uint64_t){right})"), "1"
    result = code.kept(form.text, "0")
    overflow = f"!__builtin_{_BUILTINS[operator]}_overflow({left}, {right}, &{result})"
    return result, code.kept("const uint8_t", overflow)


def _check_units(operator: str, types: tuple[DataType, ...], place: Place) -> None:
    """Refuse dates, and times of different units in one sum."""
    units = set()
    for each in types:
        if not isinstance(each, Elementary) or each.kind not in _WHOLE or each.name == "S5Time":
            raise NotNative(f"'{operator}' with data of the type {type_name(each)}", place)
        units.add(each.unit)
    if len(units - {0}) > 1 or (units != {0} and operator == "MOD"):
        raise NotNative(f"'{operator}' with times of different units", place)


def _divided(code: BlockText, operator: str, left: str, right: str, form: Form) -> Checked:
    value = code.kept(f"const {form.text}", f"{_DIVISIONS[operator]}_{form.text}({left}, {right})")
    fits = f"({right} != 0)"
    if operator == "/" and form.text.startswith("int"):
        least = f"{form.text[:-2].upper()}_MIN"
        fits = f"({right} != 0 && !({right} == -1 && {left} == {least}))"
    return value, fits


def _real(code: BlockText, operator: str, left: str, right: str, form: Form) -> Checked:
    functions = {"/": "quotient", "**": "power"}
    text = (
        f"({form.text}){functions[operator]}({left}, {right})"
        if operator in functions
        else f"{left} {operator} {right}"
    )
    value = code.kept(f"const {form.text}", text)
    return value, f"(isfinite({value}) != 0)"


def unary(code: BlockText, node: n.Unary, value: str) -> str:
    """Write `NOT x` or `-x`; return its value."""
    form = code.form(node.type, node.place)
    assert isinstance(node.type, Elementary)  # noqa: S101 (the compiler has seen to it)
    if node.operator == "NOT":
        text = f"!{value}" if node.type.kind is Kind.BOOL else f"({form.text})~{value}"
        return code.kept(f"const {form.text}", text)
    result, fits = negative(code, value, node.type, form)
    code.report(fits)
    return result


def negative(code: BlockText, value: str, data_type: Elementary, form: Form) -> Checked:
    """Write unary minus; return its value and whether it is right."""
    if data_type.kind is Kind.REAL:
        return code.kept(f"const {form.text}", f"-{value}"), f"(isfinite({value}) != 0)"
    result = code.kept(f"const {form.text}", f"({form.text})(0 - (uint64_t){value})")
    return result, f"({value} == 0 || {value} != {result})" if data_type.signed else f"({value} == 0)"
