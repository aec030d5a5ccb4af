"""Values of expressions. Both sides of an operator are always evaluated, the left one first."""

from __future__ import annotations

from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import DataType, Elementary, Kind, Reference, Special, Structure, Text, type_name
from tests.oracle.tree_walker import calls, operands, stl_bits, stl_status
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.operators import binary, unary
from tests.oracle.tree_walker.places import Location, Whole, put
from virtual_plc.code.naming import attribute
from virtual_plc.instructions import keeps_target
from virtual_plc.instructions.calculation.conversions import checked_conversion
from virtual_plc.instructions.control.timers import refresh, refreshes
from virtual_plc.memory.shapes import plain
from virtual_plc.memory.starting_values import convert_constant
from virtual_plc.memory.storage import new

_UPDATED = ("q", "et")


def evaluate(activation: Activation, expression: n.Expression) -> Any:
    """Return the value of an expression: as `storage` keeps it; objects and lists are those of the operand itself."""
    match expression:
        case n.Constant():
            return _constant(expression)
        case n.Convert():
            return _converted(activation, expression)
        case n.Unary():
            value, right = unary(expression.operator, evaluate(activation, expression.operand), expression.type)
            activation.report(right)
            return value
        case n.Binary():
            return _joined(activation, expression)
        case n.BlockCall():
            return calls.call_block(activation, expression)
        case n.InstructionCall():
            return calls.call_instruction(activation, expression)
        case n.Returned():
            return activation.returned
        case n.StatusBit():
            return stl_status.status(activation, expression.name)
        case n.Broken():
            message = f"A program with errors is executed: {expression.place}"
            raise AssertionError(message)
    return _read(activation, expression)


def evaluate_for(activation: Activation, expression: n.Expression, target: DataType) -> Any:
    """Return the value of an expression for a place of a type: what only passes through goes as a place."""
    if isinstance(target, Special):
        return place_of(activation, expression)
    if isinstance(expression, n.DataBlock) and isinstance(target, Elementary):
        return activation.machine.program.data_blocks[expression.name.casefold()].number
    if isinstance(target, Text) and isinstance(expression, n.InstructionCall):
        return calls.call_instruction(activation, expression, target.length)
    return evaluate(activation, expression)


def place_of(activation: Activation, expression: n.Expression) -> Location | None:
    """Return the place of an operand as a VARIANT refers to it; of a value, a place of its own; None for NULL."""
    if isinstance(expression.type, Special | Reference):
        found: Location | None = evaluate(activation, expression)
        return found
    if isinstance(expression, operands.OPERANDS):
        return operands.locate(activation, expression)
    return Whole(evaluate(activation, expression), expression.type)


def assign(activation: Activation, target: n.Expression, value: n.Expression) -> None:
    """Write a value to an operand: the value is evaluated first, and a target that does not exist stays unwritten."""
    if not keeps_target(value):
        write(activation, target, evaluate_for(activation, value, target.type))
        return
    found, right = _checked(activation, value)
    if right:
        write(activation, target, found)


def _checked(activation: Activation, value: n.Expression) -> tuple[Any, bool]:
    """Return the value of a conversion, and whether it is right."""
    if not isinstance(value, n.Convert):
        assert isinstance(value, n.InstructionCall)
        return calls.call_checked(activation, value)
    convert = checked_conversion(value.operand.type, value.type, value.function)
    found, right = convert(evaluate(activation, value.operand))
    activation.report(right)
    return found, right


def write(activation: Activation, target: n.Expression, value: Any) -> None:
    """Write what was evaluated to an operand."""
    try:
        put(operands.locate(activation, target, writing=True), value)
    except operands.Missing:
        return


def _read(activation: Activation, operand: n.Expression) -> Any:
    """Return what an operand holds; Q and ET of a timer are brought up to date before, and what is missing is empty."""
    try:
        place = operands.locate(activation, operand)
    except operands.Missing:
        return new(operand.type)
    if isinstance(operand, n.Field) and operand.member.name.casefold() in _UPDATED and refreshes(operand.base.type):
        refresh(place.container, activation.machine.services.now)
    return place.get()


def _constant(constant: n.Constant) -> Any:
    if isinstance(constant.type, Reference) or (isinstance(constant.type, Special) and constant.type.name == "Null"):
        return None
    value = convert_constant(constant.value, constant.type)
    if not isinstance(value, dict):
        return value
    made = new(constant.type)
    for name, part in value.items():
        setattr(made, attribute(name), part)
    return made


def _converted(activation: Activation, conversion: n.Convert) -> Any:
    value = evaluate(activation, conversion.operand)
    if conversion.function == "?=":
        return _attempted(value, conversion.type)
    source = conversion.operand.type
    if isinstance(source, Elementary) and source.kind in (Kind.TIMER, Kind.COUNTER):
        return stl_bits.state(activation, conversion.operand)
    result, right = checked_conversion(source, conversion.type, conversion.function)(value)
    activation.report(right)
    return result


def _agree(one: Location | None, other: Location | None) -> bool:
    """Tell whether two places hold equal values of one type, a text of any length; or whether both are NULL."""
    if one is None or other is None:
        return one is other
    kinds = [each.type.name if isinstance(each.type, Text) else type_name(each.type) for each in (one, other)]
    return kinds[0] == kinds[1] and bool(plain(one.get()) == plain(other.get()))


def _attempted(place: Location | None, target: DataType) -> Location | None:
    """Return a place when it is one of the type that a reference is to, else NULL."""
    if place is None or not isinstance(target, Reference):
        return place
    found = place.type.name if isinstance(place.type, Structure | Text) else type_name(place.type)
    return place if found.casefold() == target.target.strip('"').casefold() else None


def _joined(activation: Activation, operation: n.Binary) -> Any:
    if any(
        isinstance(each.type, Special) and each.type.name == "Variant" for each in (operation.left, operation.right)
    ):
        one, other = place_of(activation, operation.left), place_of(activation, operation.right)
        return _agree(one, other) is (operation.operator == "=")
    left = evaluate(activation, operation.left)
    right = evaluate(activation, operation.right)
    types = (operation.left.type, operation.right.type, operation.type)
    value, fits = binary(operation.operator, left, right, types)
    activation.report(fits)
    return value
