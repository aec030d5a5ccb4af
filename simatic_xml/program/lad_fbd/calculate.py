"""CALCULATE of LAD and FBD: the formula is SCL whose only names are the inputs of the box."""

from __future__ import annotations

from simatic_xml.flgnet.model import Part
from simatic_xml.program import nodes as n
from simatic_xml.program import operands as texts
from simatic_xml.program.lad_fbd.lowering import Lowering
from simatic_xml.program.lad_fbd.operation_types import find_numbered_inputs, operands
from simatic_xml.program.scope import Scope
from simatic_xml.program.substitution import substitute
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.types import BOOL, DataType, Elementary, Kind, Variable


class _Formula(Scope):
    """The block as a formula sees it: nothing but the inputs; findings and uses are those of the block."""

    def __init__(self, scope: Scope, inputs: dict[str, Variable]) -> None:
        vars(self).update(vars(scope))
        self.inputs = inputs

    def variable(self, name: str) -> Variable | None:
        return self.inputs.get(name.upper())


def calculate(low: Lowering, part: Part) -> None:
    """Write the assignment of a CALCULATE; each input is read once.

    The formula is the parameter OUT of a call of CALCULATE, unless it cannot fail: if a part of it fails, nothing is
    transferred to OUT (TIA Portal's help, LAD (S7-1200, S7-1500), CALCULATE).
    """
    place = low.at(part.uid)
    if not (part.equation or "").strip():
        low.scope.error("network.formula_missing", "CALCULATE has no formula; write one such as IN1 + IN2.", place)
        return
    with low.box(part, fails=True) as eno:
        pins = find_numbered_inputs(low, part)
        data_type, given = operands(low, part, pins, "+")
        values = [low.stable(value) for value in given]
        names = [pin.upper() for pin in pins]
        inputs = {name: Variable(name, data_type, "Input") for name in names}
        formula = texts.operand(_Formula(low.scope, inputs), part.equation or "", place, data_type)
        result = substitute(formula, dict(zip(names, values, strict=True)))
        result = coerce(low.scope, result, data_type, place)
        if eno is None and not _can_fail(data_type):
            low.drive(part, "out", result)
            return
        right = low.wire(BOOL, place) if eno is None else eno
        result = low.stable(_reporting(result, right))
        with low.when(right, place):
            low.drive(part, "out", result)


def _can_fail(data_type: DataType) -> bool:
    return not (isinstance(data_type, Elementary) and data_type.kind in (Kind.BITS, Kind.BOOL))


def _reporting(formula: n.Expression, eno: n.Wire) -> n.InstructionCall:
    argument = n.Argument("OUT", "Input", formula.type, formula)
    return n.InstructionCall("CALCULATE", None, (argument,), {"T": formula.type}, formula.type, formula.place, eno)
