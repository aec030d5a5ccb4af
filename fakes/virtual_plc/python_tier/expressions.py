"""Expressions as Python text: one expression where Python allows it, and lines before it for the rest.

What S7 promises and Python does not is kept: both sides of AND and OR are evaluated where that makes a difference,
integers wrap, REAL is rounded to 32 bits after each operation, an operand is read before a call on its right changes
it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Special, Structure
from simatic_xml.program.types.types import Reference as ReferenceType
from virtual_plc.code.naming import Name
from virtual_plc.code.python_text import Text, expression, literal
from virtual_plc.instructions.calculation.conversions import checked_conversion, conversion
from virtual_plc.instructions.calculation.ordering import sort_key, unequal
from virtual_plc.instructions.control import s5_counters, s5_timers
from virtual_plc.memory.starting_values import convert_constant
from virtual_plc.python_tier import moments_text, numbers_text
from virtual_plc.python_tier.access import operands, references
from virtual_plc.python_tier.access.elements import range_of
from virtual_plc.python_tier.block_code import BlockCode, require
from virtual_plc.python_tier.evaluation import PythonOperand, in_order, value

_COMPARISONS = {"=": "{} == {}", "<>": "{} != {}", "<": "{} < {}", "<=": "{} <= {}", ">": "{} > {}", ">=": "{} >= {}"}
_IDENTITIES = {"=": "{} is {}", "<>": "{} is not {}"}
_LONGEST_CHAIN = 40
_LAZY = {"AND": "{} and {}", "OR": "{} or {}"}
_PATTERNS = {"AND": "{} & {}", "OR": "{} | {}", "XOR": "{} ^ {}"}


# Constants -----------------------------------------------------------------------------------------------------------


def constant(code: BlockCode, node: n.Constant) -> Text:
    """Return a constant as data hold it."""
    found = node.value
    if isinstance(node.type, ReferenceType) or (isinstance(node.type, Special) and node.type.name == "Null"):
        return literal(None)
    if isinstance(found, str) and not isinstance(node.type, Special):
        found = _of_text(found, node.type)
    if isinstance(found, str):
        return code.text(found)
    if isinstance(found, int) and not isinstance(found, bool) and _is_real(node.type):
        found = float(found)
    if isinstance(found, bool | int | float) or found is None:
        return literal(found)
    return expression("{}", code.bind("constant", found), steady=True, constant=True)


def _of_text(text: str, data_type: DataType) -> Any:
    """Return the value of a constant that is kept as text: a string, or a date and time."""
    found = convert_constant(text, data_type)
    return moments_text.dtl_object(found) if isinstance(found, dict) else found


def _is_real(data_type: DataType) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind is Kind.REAL


# Operators -----------------------------------------------------------------------------------------------------------


def _unary(code: BlockCode, node: n.Unary) -> Text:
    data_type = require(node.type, Elementary, node.place)
    if node.operator == "-":
        return numbers_text.negative(code, node)
    inner = value(code, node.operand)
    if data_type.kind is Kind.BOOL:
        return expression("not {}", inner, safe=inner.safe)
    mask = (1 << data_type.bits) - 1
    return expression("{} ^ {}", inner, mask, range=(0, mask), safe=inner.safe)


def _binary(code: BlockCode, node: n.Binary) -> Text:
    """Return an operation; a long chain of them is cut into pieces, because Python nests only so deep."""
    chain = [node]
    while isinstance(left := chain[-1].left, n.Binary):
        chain.append(left)
    if len(chain) <= _LONGEST_CHAIN:
        return _operation(code, node)
    text = _operation(code, chain[_LONGEST_CHAIN * ((len(chain) - 1) // _LONGEST_CHAIN)])
    for end in range(_LONGEST_CHAIN * ((len(chain) - 1) // _LONGEST_CHAIN), 0, -_LONGEST_CHAIN):
        piece = chain[end - _LONGEST_CHAIN : end]
        left_side: Any = PythonOperand(code.keep_value(text), chain[end].type, chain[end].place)
        for each in reversed(piece):
            left_side = n.Binary(each.operator, left_side, each.right, each.type, each.place)
        text = _operation(code, left_side)
    return text


def _operation(code: BlockCode, node: n.Binary) -> Text:
    if node.operator in _COMPARISONS:
        return _comparison(code, node)
    if node.operator in _PATTERNS:
        return _logic(code, node)
    if moments_text.is_moment_operation(node):
        return moments_text.operation(code, node)
    return numbers_text.operation(code, node)


def _logic(code: BlockCode, node: n.Binary) -> Text:
    """Return AND, OR, XOR; the right side is left out by Python only where that makes no difference."""
    left, right = _chain(code, node)
    safe = left.safe and right.safe
    if operands.is_bool(node.type):
        return _of_bools(node.operator, left, right, safe=safe)
    return expression(_PATTERNS[node.operator], left, right, range=range_of(node.type), safe=safe)


def _of_bools(operator: str, left: Text, right: Text, *, safe: bool) -> Text:
    if operator == "XOR":
        return expression("{} != {}", left, right, safe=safe)
    if right.safe:
        return expression(_LAZY[operator], left, right, safe=safe)
    return expression(_PATTERNS[operator], left, right, safe=False)


def _chain(code: BlockCode, node: n.Binary) -> tuple[Text, Text]:
    left, right = in_order(code, (node.left, node.right), value)
    return left, right


def _comparison(code: BlockCode, node: n.Binary) -> Text:
    if any(isinstance(each.type, Special) and each.type.name == "Variant" for each in (node.left, node.right)):
        return _comparison_of_variants(code, node)
    left, right = in_order(code, (node.left, node.right), value)
    safe = left.safe and right.safe
    if literal(None) in (left, right):
        return expression(_IDENTITIES[node.operator], left, right, safe=safe)
    key = _key(code, node.left.type)
    if key is not None:
        left, right = expression("{}({})", key, left), expression("{}({})", key, right)
    elif node.operator == "<>" and _is_real(node.left.type):
        return expression("{}({}, {})", code.bind("unequal", unequal), left, right, safe=safe)
    return expression(_COMPARISONS[node.operator], left, right, safe=safe)


def _comparison_of_variants(code: BlockCode, node: n.Binary) -> Text:
    """Return the comparison of what a VARIANT points to with another operand, or with NULL."""
    left, right = in_order(code, (node.left, node.right), references.reference)
    if literal(None) in (left, right):
        return expression(_IDENTITIES[node.operator], left, right, safe=False)
    found = expression("{}({}, {})", code.bind("agree", references.agree), left, right, safe=False)
    return found if node.operator == "=" else expression("not {}", found, safe=False)


def _key(code: BlockCode, data_type: DataType) -> Name | None:
    """Return the name of the function that values are compared by, None for themselves."""
    if isinstance(data_type, Structure) and data_type.name != "DTL":
        return code.bind("plain", moments_text.plain)
    if isinstance(data_type, Structure) or (isinstance(data_type, Elementary) and data_type.name == "S5Time"):
        return code.bind("sort_key", sort_key(data_type))
    return code.bind("plain", moments_text.plain) if isinstance(data_type, Array) else None


# Conversions ---------------------------------------------------------------------------------------------------------


def _convert(code: BlockCode, node: n.Convert) -> Text:
    found = numbers_text.convert_inline(code, node)
    if found is not None:
        return found
    if node.function == "?=":
        attempt = code.bind("attempt", references.attempt)
        inner = references.reference(code, node.operand)
        return expression("{}({}, {})", attempt, inner, code.bind("wanted", node.type), safe=False)
    inner = value(code, node.operand)
    source = node.operand.type
    if isinstance(source, Elementary) and source.kind in (Kind.TIMER, Kind.COUNTER):
        return _state(code, inner, source)
    return _by_function(code, node, inner)


def _state(code: BlockCode, number: Text, data_type: Elementary) -> Text:
    """Return the state of an S5 timer or counter."""
    if data_type.kind is Kind.COUNTER:
        return expression("{}({})", code.bind("counter_state", s5_counters.output), number)
    return expression("{}({}, cpu.now)", code.bind("timer_state", s5_timers.output), number)


def _by_function(code: BlockCode, node: n.Convert, inner: Text) -> Text:
    try:
        checked = checked_conversion(node.operand.type, node.type, node.function)
        convert = conversion(node.operand.type, node.type, node.function)
    except TypeError as error:
        raise code.refuse(str(error), node.place) from error
    name = node.function or "convert"
    if not code.reports:
        return expression("{}({})", code.bind(name, convert), inner, range=range_of(node.type), safe=False)
    return numbers_text.report_result(
        code, expression("{}({})", code.bind(f"{name}_checked", checked), inner), node.type
    )


def checked_convert(code: BlockCode, node: n.Convert) -> tuple[Text, Text]:
    """Write a conversion; return names of its value and of whether it is right, which goes to ENO, too."""
    checked = checked_conversion(node.operand.type, node.type, node.function)
    inner = value(code, node.operand)
    result, right = code.temp(), code.temp()
    code.writer.line("{}, {} = {}({})", result, right, code.bind(f"{node.function}_checked", checked), inner)
    if code.reports:
        code.writer.line("eno = eno and {}", right)
    return result, right


READERS: dict[type, Callable[[BlockCode, Any], Text]] = {
    n.Constant: constant,
    n.Unary: _unary,
    n.Binary: _binary,
    n.Convert: _convert,
}
