"""Calls as SCL writes them: the callee of `#x(...)`, `"X"(...)`, `"DB".TON(...)` and `LIMIT(...)`."""

from __future__ import annotations

import re

from simatic_xml import instructions
from simatic_xml.instructions.model import Instruction
from simatic_xml.instructions.typing import accepts
from simatic_xml.program.call_binding import ActualParameter
from simatic_xml.program.calls import block_call, instruction_call, instruction_of
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Argument, Broken, DataBlock, Expression, InstructionCall
from simatic_xml.program.scl.context import Context
from simatic_xml.program.scl.names import drop_namespace, resolve_name
from simatic_xml.program.scl.paths import follow
from simatic_xml.program.symbols import BlockSymbol
from simatic_xml.program.targets import is_operand, is_referable
from simatic_xml.program.types.types import (
    ELEMENTARY,
    UNKNOWN,
    DataType,
    Reference,
    Special,
    Structure,
    Text,
    Unknown,
    referenced,
    type_name,
)
from simatic_xml.scl import nodes as tree

_GENERAL = frozenset(("CONVERT", "S_CONV", "T_CONV"))
"""Conversions that have their types at the box in LAD and FBD."""
_NUMBERED = re.compile(r"%?(?P<kind>FC|FB|SFC|SFB)(?P<number>\d+)", re.IGNORECASE)


def call(context: Context, node: tree.Call, expected: DataType | None = None) -> Expression:
    """Return the typed form of a call; EN is left to the statement that contains the call.

    Args:
        context: where it is.
        node: the call.
        expected: type of the target, which a conversion without types makes.
    """
    callee, place = drop_namespace(context.scope, node.callee), context.place(node)
    instance, name = _callee(context, callee)
    given = _read_parameters(context, node, _formal_types(context, name))
    if isinstance(instance, Broken):
        return Broken(UNKNOWN, place)
    if isinstance(name, BlockSymbol):
        return block_call(context.scope, name.name, instance, given, place)
    if name.upper() == "REF":
        return _reference(context, given, place)
    found = instructions.find(name)
    if found is not None and "SCL" not in found.instruction.languages:
        message = (
            f"'{found.instruction.name}' does not exist in SCL; write it as an expression, or use a network of LAD."
        )
        context.scope.error("call.language", message, place)
        return Broken(UNKNOWN, place)
    if found is not None and found.instruction.name in _GENERAL:
        return _conversion(context, found.instruction, given, expected, place)
    return instruction_call(context.scope, name, instance, given, place)


def _conversion(
    context: Context, called: Instruction, given: list[ActualParameter], expected: DataType | None, place: Place
) -> Expression:
    """Return a conversion without types as the one by name that it is in SCL (`INT_TO_STRING`)."""
    source = [each.value.type for each in given if each.value is not None and each.name.upper() != "ENO"]
    if any(isinstance(each, Unknown) for each in source):
        return Broken(UNKNOWN, place)
    pair = [each for each in (*source, expected) if each is not None and accepts(called.variables["S"], each)]
    name = "_TO_".join(each.name if isinstance(each, Text) else type_name(each) for each in pair)
    if instructions.conversion(name) is None:
        message = f"'{called.name}' does not convert this to its target; use a conversion by name (INT_TO_STRING)."
        context.scope.error("type.parameter", message, place)
        return Broken(UNKNOWN, place)
    return instruction_call(context.scope, name, None, given, place)


Callee = tuple[Expression | None, BlockSymbol | str]


def _callee(context: Context, callee: tree.Variable) -> Callee:
    """Return the instance of a call, None without one, and the block or the name of the instruction."""
    scope = context.scope
    local = scope.variable(callee.name) if callee.mark in ("", "#", '#"') else None
    is_instance = local is not None and isinstance(local.type, Structure | Unknown)
    if not callee.path and not is_instance and not callee.mark.startswith("#"):
        return _by_name(context, callee)
    path, last = callee.path[:-1], callee.path[-1] if callee.path else None
    place = context.place(callee)
    base = resolve_name(scope, callee.name, callee.mark, place)
    if isinstance(last, tree.Member) and not last.quoted:
        owner = follow(context, base, path)
        if instructions.find(last.name) is not None and not _has_member(owner, last.name):
            return owner, last.name
        return _instance(context, follow(context, owner, [last]))
    return _instance(context, follow(context, base, callee.path))


def _has_member(owner: Expression, name: str) -> bool:
    return isinstance(owner.type, Structure) and not owner.type.open and owner.type.member(name) is not None


def _by_name(context: Context, callee: tree.Variable) -> Callee:
    """Return the callee of a global name: an instruction, a block, or the instance that is a data block."""
    scope, place = context.scope, context.place(callee)
    if not callee.mark and instructions.find(callee.name) is not None:
        return None, callee.name
    numbered = _NUMBERED.fullmatch(callee.name) if not callee.mark else None
    if numbered:
        found = scope.symbols.find_by_number(numbered["kind"].upper().removeprefix("S"), int(numbered["number"]))
        return (None, found) if isinstance(found, BlockSymbol) else (None, callee.name)
    symbol = scope.globally(callee.name)
    if isinstance(symbol, BlockSymbol):
        return None, symbol
    if symbol is None and not callee.mark:
        return None, callee.name
    return _instance(context, resolve_name(scope, callee.name, callee.mark or '"', place))


def _instance(context: Context, instance: Expression) -> Callee:
    """Return an instance with its block or instruction."""
    owner, scope = instance.type, context.scope
    if isinstance(instance, Broken) or isinstance(owner, Unknown):
        return Broken(UNKNOWN, instance.place), ""
    if isinstance(owner, Structure) and owner.origin == "fb":
        block = scope.globally(owner.name)
        if isinstance(block, BlockSymbol):
            return instance, block
    name = instruction_of(owner)
    if name:
        return instance, name
    if not isinstance(owner, Special):
        what = "a data block" if isinstance(instance, DataBlock) else "a variable"
        kind = "" if isinstance(owner, Structure) and not owner.name else f" of type {type_name(owner)}"
        message = f"This is {what}{kind}, which cannot be called; call a block, an instance or an instruction."
        hint = "Name the instruction after it, as in .TON(...)." if isinstance(owner, Structure) else ""
        scope.error("call.not_callable", message, instance.place, hint)
    return Broken(UNKNOWN, instance.place), ""


def _formal_types(context: Context, name: BlockSymbol | str) -> dict[str, DataType]:
    """Return the types that literals take, by casefolded parameter, as far as known before the call is solved."""
    if isinstance(name, BlockSymbol):
        return {each.name.casefold(): each.type for each in name.variables}
    found = instructions.find(name) if name else None
    if found is None:
        return {}
    return {
        each.name.casefold(): context.scope.data_type(each.type)
        for each in found.instruction.parameters
        if each.type not in found.instruction.variables and each.type.upper() in ELEMENTARY
    }


def _read_parameters(context: Context, node: tree.Call, types: dict[str, DataType]) -> list[ActualParameter]:
    """Return the actual parameters of a call, without EN."""
    return [
        ActualParameter(
            each.name, each.operator, _value(context, each, types.get(each.name.casefold())), context.place(each)
        )
        for each in node.arguments
        if each.name.upper() != "EN"
    ]


def _value(context: Context, argument: tree.Argument, expected: DataType | None) -> Expression | None:
    if argument.value is None:
        return None
    if argument.operator == "=>":
        return context.operand_or_value(argument.value, expected)
    return context.expression(argument.value, expected)


def _reference(context: Context, given: list[ActualParameter], place: Place) -> Expression:
    """Return `REF(x)`: a reference to the operand in parentheses, which is a variable of optimized memory."""
    if len(given) != 1 or given[0].value is None:
        context.scope.error("call.parameter_missing", "REF needs one operand; write REF(#x).", place)
        return Broken(UNKNOWN, place)
    value = given[0].value
    if isinstance(value.type, Unknown):
        return Broken(UNKNOWN, place)
    if not is_operand(value):
        message = "REF needs a variable; a value has no address in memory."
        context.scope.error("call.in_out_operand", message, given[0].place)
        return Broken(UNKNOWN, place)
    if not is_referable(context.scope, value):
        message = (
            "REF needs a static variable or data of a global data block, with optimized access and without write protection; "
            "copy the value into one."
        )
        context.scope.error("call.reference", message, given[0].place)
    target = Reference(referenced(value.type))
    argument = Argument("IN", "InOut", value.type, value)
    return InstructionCall("REF", None, (argument,), {}, target, place)
