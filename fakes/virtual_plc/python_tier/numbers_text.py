"""Arithmetic as Python text: integers that wrap, REAL of 32 bits, quotients towards zero, conversions between numbers.

The limits of each expression are computed along the way; what certainly fits is not wrapped. A sum, difference or
product inside of another one is not wrapped either: the bits that are kept at the end are the same.
"""

from __future__ import annotations

from simatic_xml.program import nodes as n
from simatic_xml.program.types.ranges import number_limits
from simatic_xml.program.types.types import DataType, Elementary, Kind
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.naming import Name
from virtual_plc.code.python_text import Range, Text, expression, literal
from virtual_plc.instructions.calculation.arithmetic import checked_operation
from virtual_plc.instructions.calculation.arithmetic import operation as calculated
from virtual_plc.instructions.calculation.conversions import BY_NAME
from virtual_plc.instructions.calculation.numbers import quotient, remainder
from virtual_plc.python_tier.access.elements import range_of
from virtual_plc.python_tier.block_code import BlockCode, require
from virtual_plc.python_tier.evaluation import in_order, value

_LINEAR = {"+": "{} + {}", "-": "{} - {}", "*": "{} * {}"}
_ZEROS = (literal(0.0), literal(-0.0))
_WIDEST = 1 << 200


def is_real(data_type: DataType) -> bool:
    """Return whether a type is REAL or LREAL."""
    return isinstance(data_type, Elementary) and data_type.kind is Kind.REAL


# Whole numbers -------------------------------------------------------------------------------------------------------


def operation(code: BlockCode, node: n.Binary) -> Text:
    """Return `+ - * / MOD **` of two numbers."""
    if is_real(node.type):
        return _real(code, node)
    return fit(code, _calculate(code, node), require(node.type, Elementary, node.place))


def fit(code: BlockCode, text: Text, data_type: Elementary) -> Text:
    """Return a whole number with the bits that its type keeps; if it does not fit and ENO reports, ENO is FALSE."""
    low, high = number_limits(data_type)
    if text.range is not None and low <= text.range[0] and text.range[1] <= high:
        return text
    mask = (1 << data_type.bits) - 1
    if not data_type.signed and not code.reports:
        return expression("{} & {}", text, mask, range=(0, mask), safe=text.safe)
    name = code.temp()
    kept = _keep_bits(name.with_range(text.range), data_type)
    if code.reports:
        kept = expression("((eno := False), {})[1]", kept)
    template = "{0} if {1} <= ({0} := {2}) <= {3} else {4}"
    if text.range is not None and low <= text.range[0]:
        template = "{0} if ({0} := {2}) <= {3} else {4}"
    elif text.range is not None and text.range[1] <= high:
        template = "{0} if {1} <= ({0} := {2}) else {4}"
    return expression(template, name, low, text, high, kept, range=(low, high), safe=text.safe and not code.reports)


def _keep_bits(text: Text, data_type: Elementary) -> Text:
    """Return the number that the lowest bits of one that does not fit mean.

    One that exceeds one limit only, by less than all numbers of the type, is moved by their count.
    """
    (low, high), size, half = number_limits(data_type), 1 << data_type.bits, 1 << data_type.bits - 1
    if data_type.signed and text.range is not None:
        if low <= text.range[0] and text.range[1] <= high + size:
            return expression("{} - {}", text, size)
        if low - size <= text.range[0] and text.range[1] <= high:
            return expression("{} + {}", text, size)
    template = "({0} + {1} & {2}) - {1}" if data_type.signed else "{0} & {2}"
    return expression(template, text, half, size - 1)


def _operand(code: BlockCode, node: n.Expression, data_type: DataType) -> Text:
    """Return the operand of a sum or product, which need not be wrapped when it is one itself."""
    if not isinstance(node, n.Binary) or node.operator not in _LINEAR or node.type != data_type or code.reports:
        return value(code, node)
    found = _calculate(code, node)
    wide = found.range is None or max(abs(found.range[0]), abs(found.range[1])) > _WIDEST
    return fit(code, found, require(data_type, Elementary, node.place)) if wide else found


def _calculate(code: BlockCode, node: n.Binary) -> Text:
    """Return a whole number before it is made to fit."""
    inner = node.type if node.operator in _LINEAR else None

    def read(_: BlockCode, side: n.Expression) -> Text:
        return value(code, side) if inner is None else _operand(code, side, inner)

    left, right = in_order(code, (node.left, node.right), read)
    if node.operator in _LINEAR:
        found = _linear_range(node.operator, left.range, right.range)
        steady, safe = left.steady and right.steady, left.safe and right.safe
        return expression(_LINEAR[node.operator], left, right, range=found, steady=steady, safe=safe)
    if node.operator == "/":
        return _divide(code, left, right)
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


def _divide(code: BlockCode, left: Text, right: Text) -> Text:
    """Return a quotient towards zero; division by zero gives zero."""
    safe = left.safe and right.safe
    limit = None if left.range is None else max(abs(left.range[0]), abs(left.range[1]))
    found = None if limit is None else (-limit, limit)
    if right.range and right.range[0] > 0:
        if left.range and left.range[0] >= 0:
            found = left.range[0] // right.range[1], left.range[1] // right.range[0]
            return expression("{} // {}", left, right, range=found, safe=safe)
        left, right = code.keep_value(left), code.keep_value(right)
        if limit is not None and right.range is not None:
            found = (-(limit // right.range[0]), limit // right.range[0])
        return expression("{0} // {1} if {0} >= 0 else -(-{0} // {1})", left, right, range=found)
    return _call_helper(code, left, right, code.bind("quotient", quotient), found)


def _remaining(code: BlockCode, left: Text, right: Text) -> Text:
    """Return what a division leaves, with the sign of the dividend; division by zero leaves zero."""
    limit = None if right.range is None else max(abs(right.range[0]), abs(right.range[1])) - 1
    found = None if limit is None else (-max(limit, 0), max(limit, 0))
    if right.range and right.range[0] > 0:
        if left.range and left.range[0] >= 0:
            found = 0, right.range[1] - 1
            return expression("{} % {}", left, right, range=found, safe=left.safe and right.safe)
        left, right = code.keep_value(left), code.keep_value(right)
        return expression("{0} % {1} if {0} >= 0 else -(-{0} % {1})", left, right, range=found)
    return _call_helper(code, left, right, code.bind("remainder", remainder), found)


def _call_helper(code: BlockCode, left: Text, right: Text, function: Name, found: Range | None) -> Text:
    if right.range and not right.range[0] <= 0 <= right.range[1]:
        return expression("{}({}, {})", function, left, right, range=found, safe=left.safe and right.safe)
    left, right = code.keep_value(left), code.keep_value(right)
    zero = expression("((eno := False), 0)[1]") if code.reports else literal(0)
    return expression("{0}({1}, {2}) if {2} else {3}", function, left, right, zero, range=found, safe=not code.reports)


def _power(code: BlockCode, node: n.Binary, left: Text, right: Text) -> Text:
    if code.reports:
        return _report_operation(code, node, left, right)
    limits = number_limits(require(node.type, Elementary, node.place))
    power = code.bind("power", calculated("**", node.type))
    return expression("{}({}, {})", power, left, right, range=limits, safe=left.safe and right.safe)


def _report_operation(code: BlockCode, node: n.Binary, left: Text, right: Text) -> Text:
    """Return the result of an operation that reports whether it is right, and copy the report to ENO."""
    function = code.bind("checked", checked_operation(node.operator, node.type))
    return report_result(code, expression("{}({}, {})", function, left, right), node.type)


def report_result(code: BlockCode, call: Text, data_type: DataType) -> Text:
    """Return the value of a call that also returns whether it is right, which goes to ENO."""
    result, right = code.temp(), code.temp()
    code.writer.line("{}, {} = {}", result, right, call)
    code.writer.line("eno = eno and {}", right)
    return result.with_range(range_of(data_type))


def negative(code: BlockCode, node: n.Unary) -> Text:
    """Return unary minus."""
    inner = value(code, node.operand)
    found = None if inner.range is None else (-inner.range[1], -inner.range[0])
    text = expression("-{}", inner, range=found, safe=inner.safe)
    return text if is_real(node.type) else fit(code, text, require(node.type, Elementary, node.place))


# Floating point ------------------------------------------------------------------------------------------------------


def _real(code: BlockCode, node: n.Binary) -> Text:
    left, right = in_order(code, (node.left, node.right), value)
    if code.reports:
        return _report_operation(code, node, left, right)
    if node.operator == "**":
        power = code.bind("power", calculated("**", node.type))
        return expression("{}({}, {})", power, left, right, safe=left.safe and right.safe)
    found = _quotient(code, left, right) if node.operator == "/" else _combine(node.operator, left, right)
    return round_single(code, found) if require(node.type, Elementary, node.place).bits == 32 else found


def _combine(operator: str, left: Text, right: Text) -> Text:
    return expression(_LINEAR[operator], left, right, safe=left.safe and right.safe)


def _quotient(code: BlockCode, left: Text, right: Text) -> Text:
    if right.constant and right not in _ZEROS:
        return expression("{} / {}", left, right, safe=left.safe)
    left, right = code.keep_value(left), code.keep_value(right)
    return expression("{0} / {1} if {1} else real_quotient({0}, {1})", left, right)


def round_single(code: BlockCode, text: Text) -> Text:
    """Return a number rounded to 32 bits, in a separate name."""
    name = code.temp()
    code.writer.line("SINGLE[0] = {}", text)
    code.writer.line("{} = SINGLE[0]", name)
    return name


# Conversions ---------------------------------------------------------------------------------------------------------


def convert_inline(code: BlockCode, node: n.Convert) -> Text | None:
    """Return a conversion that Python can write as an expression, None for another one."""
    source, target = node.operand.type, node.type
    if node.function not in ("", "CONVERT", "CONV") and "_TO_" not in node.function:
        return None
    if "BCD" in node.function.upper() or code.reports:
        return None
    if isinstance(source, TextType) and isinstance(target, TextType):
        return _shorten(code, node, target)
    if not isinstance(source, Elementary):
        return None
    counts = (Kind.INTEGER, Kind.BITS)
    if isinstance(target, TextType) and source.kind in counts and node.function.upper().endswith(BY_NAME):
        return _as_text(code, node, source, target)
    if not isinstance(target, Elementary):
        return None
    if source.kind in counts and target.kind in counts:
        return fit_pattern(value(code, node.operand), target)
    if target.kind is Kind.REAL and source.kind in (Kind.INTEGER, Kind.INTEGER if node.function else Kind.BITS):
        return _as_real(code, node, source, target)
    if source.kind is target.kind is Kind.REAL:
        inner = value(code, node.operand)
        return round_single(code, inner) if target.bits < source.bits else inner
    return None


def _shorten(code: BlockCode, node: n.Convert, target: TextType) -> Text | None:
    if not isinstance(node.operand.type, TextType) or node.operand.type.name != target.name:
        return None
    inner = value(code, node.operand)
    return expression("{}[:{}]", inner, 254 if target.length is None else target.length, safe=inner.safe)


def _as_text(code: BlockCode, node: n.Convert, source: Elementary, target: TextType) -> Text:
    """Return a whole number as its sign and digits.

    Python compiles `%s` with a tuple to its fastest way of formatting.
    """
    inner = code.keep_value(value(code, node.operand))
    template = "'+%s' % ({0},) if {0} >= 0 else '%s' % ({0},)" if source.signed else "'+%s' % ({},)"
    longest = max(len(f"{each:+d}") for each in inner.range or number_limits(source))
    text = expression(template, inner, longest=longest)
    if target.length is None or longest <= target.length:
        return text
    return expression("{}[:{}]", text, target.length, safe=text.safe, longest=target.length)


def fit_pattern(text: Text, target: Elementary) -> Text:
    """Return a whole number as the pattern of another type."""
    low, high = number_limits(target)
    if text.range is not None and low <= text.range[0] and text.range[1] <= high:
        return text
    mask, half = (1 << target.bits) - 1, 1 << target.bits - 1
    if not target.signed:
        return expression("{} & {}", text, mask, range=(low, high), safe=text.safe)
    return expression("({0} & {1} ^ {2}) - {2}", text, mask, half, range=(low, high), safe=text.safe)


def _as_real(code: BlockCode, node: n.Convert, source: Elementary, target: Elementary) -> Text:
    inner = value(code, node.operand)
    text = expression("{} + 0.0", inner, safe=inner.safe)
    if inner.constant and inner.range is not None:
        text = literal(float(inner.range[0]))
    return round_single(code, text) if target.bits == 32 and source.bits > 16 else text


__all__ = ["convert_inline", "fit", "fit_pattern", "negative", "operation", "round_single"]
