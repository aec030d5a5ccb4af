"""Calls of STL: CALL with parameters, UC and CC without.

A function returns its parameter `Ret_Val`; in STL it becomes the last output of the call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from simatic_xml import instructions
from simatic_xml.flgnet.raw import child, children
from simatic_xml.program import calls, nodes
from simatic_xml.program.calls import ActualParameter
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.operands import operand
from simatic_xml.program.scope import Scope
from simatic_xml.program.stl.operands import CODE_BLOCKS, operand_of
from simatic_xml.program.symbols import BlockSymbol
from simatic_xml.program.targets import check_target
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.types import UNKNOWN, VOID, DataType, Special, Structure
from simatic_xml.stl.model import Call

_RESULTS = ("ret_val", "out")


@dataclass(frozen=True, slots=True)
class ResolvedCall:
    """A call, or the value of an instruction (a conversion), with the target of that value."""

    value: nodes.Expression
    target: nodes.Expression | None = None


def call_of(scope: Scope, call: Call, access: etree._Element, place: Place) -> ResolvedCall:
    """Return the call of a CALL statement.

    Args:
        scope: the block that calls.
        call: the called block or instruction.
        access: the element of the call, which holds its parameters.
        place: its place.
    """
    instance = operand(scope, call.instance, place) if call.instance else None
    if isinstance(instance, nodes.Broken):
        return ResolvedCall(instance)
    of_block = bool(call.name) and bool(call.block_type)
    name = call.name
    if instance is not None and not name:
        name = calls.instruction_of(instance.type)
        of_block = not name
        name = name or _owner(instance)
    given = _read_parameters(scope, access, name if of_block else "", place)
    if of_block:
        return block_called(scope, name, instance, given, place)
    explicit = next((scope.data_type(each.value) for each in call.templates if each.kind == "Type"), None)
    return instruction_called(scope, name, instance, given, place, explicit)


def _owner(instance: nodes.Expression) -> str:
    """Return the block or instruction of a multi-instance."""
    return instance.type.name if isinstance(instance.type, Structure) else ""


def _read_parameters(scope: Scope, access: etree._Element, block: str, place: Place) -> list[ActualParameter]:
    """Return the actual parameters; a literal takes the type of its parameter."""
    found = scope.symbols.lookup(block) if block else None
    types = {each.name.casefold(): each.type for each in found.variables} if isinstance(found, BlockSymbol) else {}
    called = child(access, "CallInfo")
    holder = called if called is not None else child(access, "Instruction")
    given = []
    for each in [] if holder is None else children(holder, "Parameter"):
        name, value = each.get("Name", ""), child(each, "Access")
        actual = None if value is None else operand_of(scope, value, place, types.get(name.casefold()))
        given.append(ActualParameter(name, "", actual, place))
    return given


def block_called(
    scope: Scope, name: str, instance: nodes.Expression | None, given: list[ActualParameter], place: Place
) -> ResolvedCall:
    """Return the call of a block; the parameter `Ret_Val` takes the result of a function."""
    found = scope.symbols.lookup(name)
    result = found.result if isinstance(found, BlockSymbol) and found.kind == "FC" else VOID
    returned, rest = _split(given, _RESULTS[:1]) if result != VOID else (None, given)
    call = calls.block_call(scope, name, instance, rest, place)
    if not isinstance(call, nodes.BlockCall) or result == VOID:
        return ResolvedCall(call)
    if returned is None or returned.value is None:
        scope.error("call.parameter_missing", f"The call of '{name}' needs 'Ret_Val'; supply it.", place)
        return ResolvedCall(call)
    return ResolvedCall(replace(call, arguments=(*call.arguments, _result(scope, returned, returned.value, result))))


def instruction_called(
    scope: Scope,
    name: str,
    instance: nodes.Expression | None,
    given: list[ActualParameter],
    place: Place,
    explicit: DataType | None = None,
) -> ResolvedCall:
    """Return the call of an instruction; `OUT` or `Ret_Val` takes the value of one that has no such parameter."""
    found = instructions.find(name)
    own = [each for each in _RESULTS if found is None or found.instruction.parameter(each) is None]
    returns = found is not None and bool(found.instruction.result)
    returned, rest = _split(given, tuple(own)) if returns else (None, given)
    made = calls.instruction_call(scope, name, instance, rest, place, explicit)
    if returned is None or returned.value is None or isinstance(made, nodes.Broken):
        return ResolvedCall(made)
    if isinstance(made, nodes.InstructionCall):
        result = _result(scope, returned, returned.value, made.type)
        return ResolvedCall(replace(made, arguments=(*made.arguments, result)))
    check_target(scope, returned.value, place)
    return ResolvedCall(coerce(scope, made, returned.value.type, place), returned.value)


def _split(
    given: list[ActualParameter], names: tuple[str, ...]
) -> tuple[ActualParameter | None, list[ActualParameter]]:
    """Take the parameter for the result out of the actual parameters."""
    returned = next((each for each in given if each.name.casefold() in names), None)
    return returned, [each for each in given if each is not returned]


def _result(scope: Scope, given: ActualParameter, target: nodes.Expression, data_type: DataType) -> nodes.Argument:
    if not check_target(scope, target, given.place):
        target = nodes.Broken(UNKNOWN, given.place)
    returned = nodes.Returned(data_type, given.place)
    return nodes.Argument(given.name, "Output", data_type, target, coerce(scope, returned, target.type, given.place))


def find_callee(scope: Scope, access: etree._Element, call: Call | None, place: Place) -> nodes.Expression:
    """Return the callee of UC and CC: a block by name or number, or one that a parameter of the block passes."""
    address = child(access, "Address")
    if call is not None:
        found = scope.globally(call.name)
        name = call.name
    elif address is not None and address.get("Area") in ("FC", "FB"):
        number = int(address.get("BlockNumber", "0"))
        found = scope.symbols.find_by_number(address.get("Area", ""), number)
        name = f"{address.get('Area')}{number}"
    else:
        return _passed_block(operand_of(scope, access, place), place)
    if not isinstance(found, BlockSymbol) or found.kind == "OB":
        scope.error("name.undefined", f"There is no block '{name}'; create it, or correct the name.", place)
        return nodes.Broken(UNKNOWN, place)
    scope.uses.add(found.name.casefold())
    if calls.block_parameters(found):
        message = f"UC and CC pass no parameters, and '{found.name}' has some; use CALL."
        scope.warning("stl.call_parameters", message, place)
    return nodes.BlockCall(found.name, "FB" if found.kind == "FB" else "FC", None, (), VOID, place)


def _passed_block(operand: nodes.Expression, place: Place) -> nodes.Expression:
    """Return the callee of UC and CC that a parameter of the type BLOCK_FC or BLOCK_FB passes by its number."""
    area = CODE_BLOCKS.get(operand.type.name) if isinstance(operand.type, Special) else None
    return operand if area is None else nodes.Indirect(area, 0, VOID, place, "", 0, operand)
