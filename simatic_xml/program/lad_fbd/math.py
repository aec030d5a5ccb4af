"""Comparison, arithmetic and word logic of LAD and FBD as plain operations.

An operation that can fail (an overflow) and whose ENO leads somewhere stays a call of its instruction, which reports it at
its ENO; so does a division that may have floating-point numbers, because by zero the box DIV gives another quotient than the
operator. Everything else is an operator and an assignment.
"""

from __future__ import annotations

from functools import reduce

from simatic_xml.flgnet.model import Part
from simatic_xml.program import nodes as n
from simatic_xml.program.lad_fbd.boxes import instruction_box
from simatic_xml.program.lad_fbd.calculate import calculate
from simatic_xml.program.lad_fbd.lowering import Handler, Lowering, negation
from simatic_xml.program.lad_fbd.move import move
from simatic_xml.program.lad_fbd.operation_types import check_type, find_numbered_inputs, operands
from simatic_xml.program.types.coercion import differ_in_precision
from simatic_xml.program.types.types import BOOL, Elementary, Kind

_COMPARISONS = {"Eq": "=", "Ne": "<>", "Gt": ">", "Ge": ">=", "Lt": "<", "Le": "<="}
_ARITHMETIC = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "Mod": "MOD"}
_WORDS = {"And": "AND", "Or": "OR", "Xor": "XOR"}
_STEPS = {"Inc": "+", "Dec": "-"}


def _compare(low: Lowering, part: Part) -> None:
    place = low.at(part.uid)
    power = low.bit(part, "pre", default=True)
    _, (left, right) = operands(low, part, ("in1", "in2"), _COMPARISONS[part.name])
    if differ_in_precision(left, right):
        low.scope.error("type.pin", f"{part.name} cannot compare a Real and an LReal; convert one of them.", place)
    compared = n.Binary(_COMPARISONS[part.name], left, right, BOOL, place)
    low.let_through(part, power, compared)


def _range(low: Lowering, part: Part) -> None:
    place = low.at(part.uid)
    power = low.bit(part, "pre", default=True)
    _, (least, value, most) = operands(low, part, ("min", "in", "max"), "<=")
    value = low.stable(value)
    inside: n.Expression = n.Binary(
        "AND",
        n.Binary("<=", least, value, BOOL, place),
        n.Binary("<=", value, most, BOOL, place),
        BOOL,
        place,
    )
    found = inside if part.name == "InRange" else negation(inside, place)
    low.let_through(part, power, found)


def _operation(operator: str) -> Handler:
    """Return the statements of a box of two or more inputs."""

    def handle(low: Lowering, part: Part) -> None:
        if part.name in _ARITHMETIC and (low.reports(part) or _may_divide_reals(low, part)):
            instruction_box(low, part)
            return
        with low.box(part):
            data_type, (first, *others) = operands(low, part, find_numbered_inputs(low, part), operator)
            place = low.at(part.uid)
            result = reduce(lambda left, right: n.Binary(operator, left, right, data_type, place), others, first)
            low.drive(part, "out", result)

    return handle


def _may_divide_reals(low: Lowering, part: Part) -> bool:
    data_type = low.template(part, "SrcType")
    return part.name == "Div" and not (isinstance(data_type, Elementary) and data_type.kind is not Kind.REAL)


def _negative(low: Lowering, part: Part) -> None:
    if low.reports(part):
        instruction_box(low, part)
        return
    with low.box(part):
        data_type, (value,) = operands(low, part, ("in",), "-")
        low.drive(part, "out", n.Unary("-", value, data_type, low.at(part.uid)))


def _step(operator: str) -> Handler:
    """Return the statements of a box that counts its operand up or down by one."""

    def handle(low: Lowering, part: Part) -> None:
        if low.reports(part):
            instruction_box(low, part)
            return
        with low.box(part):
            operand = low.target(part, "operand")
            data_type, place = check_type(low, part, operand.type), low.at(part.uid)
            one = n.Constant(1, data_type, place)
            low.assign(operand, n.Binary(operator, operand, one, data_type, place))

    return handle


MATH: dict[str, Handler] = {
    **dict.fromkeys(_COMPARISONS, _compare),
    **dict.fromkeys(("InRange", "OutRange"), _range),
    **{name: _operation(operator) for name, operator in (_ARITHMETIC | _WORDS).items()},
    **{name: _step(operator) for name, operator in _STEPS.items()},
    "Neg": _negative,
    "Calc": calculate,
    **dict.fromkeys(("Move", "MOVE", "S_Move"), move),
}
"""The function that writes each part of comparison, arithmetic, word logic and MOVE."""
