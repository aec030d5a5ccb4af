"""Arithmetic as Python text: integers that wrap, REAL of 32 bits, quotients towards zero, conversions between numbers.

The limits of each expression are computed along the way; what certainly fits is not wrapped. A sum, difference or product
inside of another one is not wrapped either: the bits that are kept at the end are the same.
"""

from __future__ import annotations

from fakes.plc.instructions.arithmetic import checked_operation
from fakes.plc.instructions.arithmetic import operation as calculated
from fakes.plc.instructions.numbers import quotient, remainder
from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.constants import real
from fakes.plc.python_code.elements import range_of
from fakes.plc.python_code.evaluation import in_order, value
from fakes.plc.python_code.text import Level, Range, Text, whole
from simatic_xml.program import nodes as n
from simatic_xml.program.ranges import number_limits
from simatic_xml.program.types import DataType, Elementary, Kind
from simatic_xml.program.types import Text as TextType

_LINEAR = {"+": Level.SUM, "-": Level.SUM, "*": Level.PRODUCT}
_WIDEST = 1 << 200


def is_real(data_type: DataType) -> bool:
    """Tell whether a type is REAL or LREAL."""
    return isinstance(data_type, Elementary) and data_type.kind is Kind.REAL


# Whole numbers -------------------------------------------------------------------------------------------------------


def operation(code: BlockCode, node: n.Binary) -> Text:
    """Return `+ - * / MOD **` of two numbers."""
    if is_real(node.type):
        return _real(code, node)
    assert isinstance(node.type, Elementary)  # noqa: S101 (the compiler has seen to it)
    return fitted(code, _unwrapped(code, node), node.type)


def fitted(code: BlockCode, text: Text, data_type: Elementary) -> Text:
    """Return a whole number with the bits that its type keeps; where it does not fit and ENO reports, ENO becomes FALSE."""
    low, high = number_limits(data_type)
    if text.range is not None and low <= text.range[0] and text.range[1] <= high:
        return text
    mask, half = (1 << data_type.bits) - 1, 1 << data_type.bits - 1
    if not data_type.signed and not code.reports:
        return Text(f"{text.within(Level.BIT_AND)} & {mask}", Level.BIT_AND, (0, mask), safe=text.safe)
    name = code.temp()
    kept = f"({name} + {half} & {mask}) - {half}" if data_type.signed else f"{name} & {mask}"
    if code.reports:
        kept = f"((eno := False), {kept})[1]"
    wrapped = f"{name} if {low} <= ({name} := {text}) <= {high} else {kept}"
    return Text(wrapped, Level.CHOICE, (low, high), safe=text.safe and not code.reports)


def _operand(code: BlockCode, node: n.Expression, data_type: DataType) -> Text:
    """Return the operand of a sum or product, which need not be wrapped when it is one itself."""
    linear = isinstance(node, n.Binary) and node.operator in _LINEAR and node.type == data_type and not code.reports
    if not linear:
        return value(code, node)
    assert isinstance(node, n.Binary)  # noqa: S101 (the compiler has seen to it)
    found = _unwrapped(code, node)
    wide = found.range is None or max(abs(found.range[0]), abs(found.range[1])) > _WIDEST
    assert isinstance(data_type, Elementary)  # noqa: S101 (the compiler has seen to it)
    return fitted(code, found, data_type) if wide else found


def _unwrapped(code: BlockCode, node: n.Binary) -> Text:
    """Return a whole number before it is made to fit."""
    inner = node.type if node.operator in _LINEAR else None

    def read(_: BlockCode, side: n.Expression) -> Text:
        return value(code, side) if inner is None else _operand(code, side, inner)

    left, right = in_order(code, (node.left, node.right), read)
    if node.operator in _LINEAR:
        level = _LINEAR[node.operator]
        text = f"{left.within(level)} {node.operator} {right.within(Level(level + 1))}"
        return Text(text, level, _linear_range(node.operator, left.range, right.range), safe=left.safe and right.safe)
    if node.operator == "/":
        return _divided(code, left, right)
    if node.operator == "MOD":
        return _remaining(code, left, right)
    return _power(code, node, left, right)


def _linear_range(operator: str, a: Range | None, b: Range | None) -> Range | None:
    if a is None or b is None:
        return None
    if operator == "+":
        return a[0] + b[0], a[1] + b[1]
    if operator == "-":
        return a[0] - b[1], a[1] - b[0]
    products = [x * y for x in a for y in b]
    return min(products), max(products)


def _divided(code: BlockCode, left: Text, right: Text) -> Text:
    """Return a quotient towards zero; division by zero gives zero."""
    safe = left.safe and right.safe
    limit = None if left.range is None else max(abs(left.range[0]), abs(left.range[1]))
    found = None if limit is None else (-limit, limit)
    if right.range and right.range[0] > 0:
        floor = f"{left.within(Level.PRODUCT)} // {right.within(Level.SIGN)}"
        if left.range and left.range[0] >= 0:
            return Text(
                floor, Level.PRODUCT, (left.range[0] // right.range[1], left.range[1] // right.range[0]), safe=safe
            )
        left, right = code.kept(left), code.kept(right)
        if limit is not None and right.range is not None:
            found = (-(limit // right.range[0]), limit // right.range[0])
        text = f"{left} // {right} if {left} >= 0 else -(-{left.within(Level.SIGN)} // {right})"
        return Text(text, Level.CHOICE, found)
    return _helped(code, left, right, code.bind("quotient", quotient), found)


def _remaining(code: BlockCode, left: Text, right: Text) -> Text:
    """Return what a division leaves, with the sign of the dividend; division by zero leaves zero."""
    limit = None if right.range is None else max(abs(right.range[0]), abs(right.range[1])) - 1
    found = None if limit is None else (-max(limit, 0), max(limit, 0))
    if right.range and right.range[0] > 0:
        if left.range and left.range[0] >= 0:
            text = f"{left.within(Level.PRODUCT)} % {right.within(Level.SIGN)}"
            return Text(text, Level.PRODUCT, (0, right.range[1] - 1), safe=left.safe and right.safe)
        left, right = code.kept(left), code.kept(right)
        text = f"{left} % {right} if {left} >= 0 else -(-{left.within(Level.SIGN)} % {right})"
        return Text(text, Level.CHOICE, found)
    return _helped(code, left, right, code.bind("remainder", remainder), found)


def _helped(code: BlockCode, left: Text, right: Text, function: str, found: Range | None) -> Text:
    if right.range and not right.range[0] <= 0 <= right.range[1]:
        return Text(f"{function}({left}, {right})", range=found, safe=left.safe and right.safe)
    left, right = code.kept(left), code.kept(right)
    zero = "((eno := False), 0)[1]" if code.reports else "0"
    return Text(f"{function}({left}, {right}) if {right} else {zero}", Level.CHOICE, found, safe=not code.reports)


def _power(code: BlockCode, node: n.Binary, left: Text, right: Text) -> Text:
    assert isinstance(node.type, Elementary)  # noqa: S101 (the compiler has seen to it)
    if code.reports:
        return _reported(code, node, left, right)
    power = code.bind(f"power_{node.type.name}", calculated("**", node.type))
    return Text(f"{power}({left}, {right})", range=number_limits(node.type), safe=left.safe and right.safe)


def _reported(code: BlockCode, node: n.Binary, left: Text, right: Text) -> Text:
    """Return a result of an operation that says whether it is right, and pass that on to ENO."""
    function = code.bind("checked", checked_operation(node.operator, node.type))
    return reported(code, f"{function}({left}, {right})", node.type)


def reported(code: BlockCode, call: str, data_type: DataType) -> Text:
    """Return the value of a call that also tells whether it is right, which goes to ENO."""
    result, right = code.temp(), code.temp()
    code.writer.line(f"{result}, {right} = {call}")
    code.writer.line(f"eno = eno and {right}")
    return Text(result, range=range_of(data_type), steady=True)


def negative(code: BlockCode, node: n.Unary) -> Text:
    """Return unary minus."""
    inner = value(code, node.operand)
    found = None if inner.range is None else (-inner.range[1], -inner.range[0])
    text = Text(f"-{inner.within(Level.SIGN)}", Level.SIGN, found, safe=inner.safe)
    assert isinstance(node.type, Elementary)  # noqa: S101 (the compiler has seen to it)
    return text if is_real(node.type) else fitted(code, text, node.type)


# Floating point ------------------------------------------------------------------------------------------------------


def _real(code: BlockCode, node: n.Binary) -> Text:
    left, right = in_order(code, (node.left, node.right), value)
    assert isinstance(node.type, Elementary)  # noqa: S101 (the compiler has seen to it)
    if code.reports:
        return _reported(code, node, left, right)
    if node.operator == "**":
        power = code.bind(f"power_{node.type.name}", calculated("**", node.type))
        return Text(f"{power}({left}, {right})", safe=left.safe and right.safe)
    found = _quotient(code, left, right) if node.operator == "/" else _joined(node.operator, left, right)
    return rounded(code, found) if node.type.bits == 32 else found


def _joined(operator: str, left: Text, right: Text) -> Text:
    level = _LINEAR[operator]
    text = f"{left.within(level)} {operator} {right.within(Level(level + 1))}"
    return Text(text, level, safe=left.safe and right.safe)


def _quotient(code: BlockCode, left: Text, right: Text) -> Text:
    if right.constant and right.text not in ("0.0", "-0.0"):
        return Text(f"{left.within(Level.PRODUCT)} / {right.within(Level.SIGN)}", Level.PRODUCT, safe=left.safe)
    left, right = code.kept(left), code.kept(right)
    text = f"{left.within(Level.PRODUCT)} / {right.within(Level.SIGN)} if {right} else real_quotient({left}, {right})"
    return Text(text, Level.CHOICE)


def rounded(code: BlockCode, text: Text) -> Text:
    """Return a number rounded to 32 bits, in a name of its own."""
    name = code.temp()
    code.writer.line(f"SINGLE[0] = {text}")
    code.writer.line(f"{name} = SINGLE[0]")
    return Text(name, steady=True)


# Conversions ---------------------------------------------------------------------------------------------------------


def converted(code: BlockCode, node: n.Convert) -> Text | None:
    """Return a conversion that Python says in a few words, None for another one."""
    source, target = node.operand.type, node.type
    if node.function not in ("", "CONVERT", "CONV") and "_TO_" not in node.function:
        return None
    if "BCD" in node.function.upper() or code.reports:
        return None
    if isinstance(source, TextType) and isinstance(target, TextType):
        return _shortened(code, node, target)
    if not isinstance(source, Elementary) or not isinstance(target, Elementary):
        return None
    counts = (Kind.INTEGER, Kind.BITS)
    if source.kind in counts and target.kind in counts:
        return fitted_pattern(value(code, node.operand), target)
    if source.kind is Kind.INTEGER and target.kind is Kind.REAL:
        return _as_real(code, node, source, target)
    if source.kind is target.kind is Kind.REAL:
        inner = value(code, node.operand)
        return rounded(code, inner) if target.bits < source.bits else inner
    return None


def _shortened(code: BlockCode, node: n.Convert, target: TextType) -> Text | None:
    if not isinstance(node.operand.type, TextType) or node.operand.type.name != target.name:
        return None
    inner = value(code, node.operand)
    return Text(f"{inner.within(Level.ATOM)}[:{254 if target.length is None else target.length}]", safe=inner.safe)


def fitted_pattern(text: Text, target: Elementary) -> Text:
    """Return a whole number as the pattern of another type."""
    low, high = number_limits(target)
    if text.range is not None and low <= text.range[0] and text.range[1] <= high:
        return text
    mask, half = (1 << target.bits) - 1, 1 << target.bits - 1
    if not target.signed:
        return Text(f"{text.within(Level.BIT_AND)} & {mask}", Level.BIT_AND, (low, high), safe=text.safe)
    inner = f"({text.within(Level.BIT_AND)} & {mask} ^ {half}) - {half}"
    return Text(inner, Level.SUM, (low, high), safe=text.safe)


def _as_real(code: BlockCode, node: n.Convert, source: Elementary, target: Elementary) -> Text:
    inner = value(code, node.operand)
    if inner.constant and inner.range is not None:
        text = real(float(inner.range[0]))
    else:
        text = Text(f"{inner.within(Level.SUM)} + 0.0", Level.SUM, safe=inner.safe)
    return rounded(code, text) if target.bits == 32 and source.bits > 16 else text


__all__ = ["converted", "fitted", "fitted_pattern", "negative", "operation", "rounded", "whole"]
