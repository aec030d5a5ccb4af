"""Calls of instructions as Python lines: the functions of `virtual_plc.instructions`, bound to their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import VOID, Structure
from virtual_plc.code.naming import mangle
from virtual_plc.code.python_text import Text, expression
from virtual_plc.instructions import ENO, KEEP, RESULT, bind, keeps_target
from virtual_plc.instructions.registry import Binding, Inline, Parameter, operands_of
from virtual_plc.memory.shapes import is_opaque
from virtual_plc.python_tier.access import references
from virtual_plc.python_tier.access.elements import open_bounds, range_of
from virtual_plc.python_tier.block_calls import NOTHING, TRUE, give_back, pass_argument, store_eno, write_call
from virtual_plc.python_tier.block_code import BlockCode, require
from virtual_plc.python_tier.evaluation import After, in_order, value
from virtual_plc.python_tier.sharing.recipes import InstructionOf

_OTHER_TIMERS = ("PRESET_TIMER", "RESET_TIMER")


def instruction_call(code: BlockCode, node: n.InstructionCall) -> Text:
    """Write the call of an instruction; return its value."""
    own = _OWN.get(node.name)
    found = None if own is None else own(code, node)
    if found is not None:
        return found
    bound = _bind(code, node)
    code.capacity = None
    simple = node.eno is None and not code.reports and bound.gives[:1] == (RESULT,)
    if bound.inline is not None and simple and all(_is_input(node, each) for each in bound.takes):
        return _inline(code, node, bound, bound.inline)
    return _call(code, node, bound)


def checked_call(code: BlockCode, node: n.InstructionCall) -> tuple[Text, Text]:
    """Write the call of an instruction that has ENO; return its value and ENO."""
    bound = _bind(code, node)
    (given,) = in_order(code, bound.takes, lambda _, taken: _pass_parameter(code, node, taken, None, []))
    result, eno = code.temp(), code.temp()
    write_call(code, [result, eno], code.bind(node.name, bound.function), [given])
    if code.reports:
        code.writer.line("eno = eno and {}", eno)
    store_eno(code, node.eno, eno)
    return result, eno


def _bind(code: BlockCode, node: n.InstructionCall) -> Binding:
    context, draft = code.context, code.draft
    actual = tuple((each.name, each.value.type) for each in node.arguments)
    types = tuple(node.types.items())
    key = (node.name, code.block.name, code.capacity, node.type, types, actual, tuple(operands_of(node).items()))
    if key in draft.bound:
        return draft.bound[key]
    try:
        made = bind(node, context.services, context.memory, block=code.block.name, capacity=code.capacity)
        draft.instructions[id(made.function)] = InstructionOf(node, code.block.name, code.capacity)
        return draft.bound.setdefault(key, made)
    except KeyError as error:
        raise code.refuse(f"The instruction '{node.name}' cannot be executed.", node.place) from error


def _argument(node: n.InstructionCall, name: str) -> n.Argument | None:
    return next((each for each in node.arguments if each.name.casefold() == name.casefold()), None)


def _is_input(node: n.InstructionCall, taken: Parameter) -> bool:
    argument = _argument(node, taken.name)
    plain_input = argument is not None and argument.direction == "Input" and not is_opaque(argument.type)
    return plain_input and not taken.by_reference


def _inline(code: BlockCode, node: n.InstructionCall, bound: Binding, inline: Inline) -> Text:
    arguments = [each for taken in bound.takes if (each := _argument(node, taken.name)) is not None]
    after: list[After] = []
    values = in_order(code, arguments, lambda _, each: pass_argument(code, each, after))
    operands = [each if each.is_path and each.safe else code.keep_value(each) for each in values]
    return inline(*operands).with_range(range_of(node.type))


def _call(code: BlockCode, node: n.InstructionCall, bound: Binding) -> Text:
    instance = None
    if node.instance is not None:
        instance = value(code, node.instance)
        instance = instance if instance.is_path else code.keep_value(instance)
    after: list[After] = []
    given = in_order(code, bound.takes, lambda _, taken: _pass_parameter(code, node, taken, instance, after))
    arguments = [instance, *given] if bound.memory and instance is not None else given
    names = _names_of(code, node, bound)
    function = code.bind(node.name, bound.function)
    write_call(code, names, function, arguments)
    for line in after:
        line()
    if node.name in _OTHER_TIMERS:
        code.fresh.clear()
    elif instance is not None and instance.is_path:
        code.fresh.add(instance.text)
    return _results(code, node, bound, names, instance)


def _pass_parameter(
    code: BlockCode, node: n.InstructionCall, taken: Parameter, instance: Text | None, after: list[After]
) -> Text:
    argument = _argument(node, taken.name)
    if argument is None:
        held = instance is not None and node.instance is not None and _holds(node.instance, taken.name)
        return expression("{}.{}", instance, mangle(taken.name)) if held else NOTHING
    if taken.by_reference:
        return references.reference(code, argument.value, after)
    return pass_argument(code, argument, after)


def _holds(instance: n.Expression, name: str) -> bool:
    return isinstance(instance.type, Structure) and name.casefold() in instance.type.by_name


def _names_of(code: BlockCode, node: n.InstructionCall, bound: Binding) -> list[Text]:
    """Return names for what the function returns; none when nothing of it is used."""
    used = node.type != VOID or node.eno is not None or code.reports
    used = used or any(_argument(node, name) is not None for name in bound.gives)
    return [code.temp() for _ in bound.gives] if used else []


def _results(
    code: BlockCode, node: n.InstructionCall, bound: Binding, names: Sequence[Text], instance: Text | None
) -> Text:
    """Write outputs and ENO to their targets; return the value of the function."""
    values = {given.casefold(): name for given, name in zip(bound.gives, names, strict=False)}
    result = values.get(RESULT, NOTHING).with_range(range_of(node.type))
    eno = values.get(ENO.casefold(), TRUE)
    referred = {each.name.casefold() for each in bound.takes if each.by_reference}
    for argument in node.arguments:
        name = argument.name.casefold()
        if argument.direction != "Output" or name in referred:
            continue
        if name in values:
            _give(code, argument, values[name].with_range(range_of(argument.type)))
        elif instance is not None and node.instance is not None and _holds(node.instance, name):
            give_back(code, argument, _in_instance(node.instance, instance, argument))
        elif keeps_target(node):
            code.writer.line("if {}:", eno)
            with code.branch():
                give_back(code, argument, result)
        else:
            give_back(code, argument, result)
    if code.reports and not eno.constant:
        code.writer.line("eno = eno and {}", eno)
    store_eno(code, node.eno, eno)
    return result


def _in_instance(instance: n.Expression, text: Text, argument: n.Argument) -> Text:
    member = require(instance.type, Structure, instance.place).by_name[argument.name.casefold()]
    return expression("{}.{}", text, mangle(member.name), range=range_of(argument.type))


def _give(code: BlockCode, argument: n.Argument, returned: Text) -> None:
    """Write an output that the instruction may leave as it is."""
    code.writer.line("if {} is not {}:", returned, code.bind("KEEP", KEEP))
    with code.branch():
        give_back(code, argument, returned)


# What this tier does itself ------------------------------------------------------------------------------------------


def _limit_of_array(which: int) -> Callable[[BlockCode, n.InstructionCall], Text | None]:
    """Return what reads a limit of an array whose bounds came with the parameter."""

    def read(code: BlockCode, node: n.InstructionCall) -> Text | None:
        array, dimension = _argument(node, "ARR"), _argument(node, "DIM")
        if array is None or dimension is None or not isinstance(dimension.value, n.Constant):
            return None
        bounds = open_bounds(code, array.value)
        return expression("{}[{}][{}]", bounds, int(dimension.value.value) - 1, which, range=range_of(node.type))

    return read


def _ref(code: BlockCode, node: n.InstructionCall) -> Text:
    return references.reference(code, node.arguments[0].value)


def _calculate(code: BlockCode, node: n.InstructionCall) -> Text:
    """Return the formula of a CALCULATE; its ENO reports whether a part of it failed."""
    formula = node.arguments[0].value
    if node.eno is None:
        return value(code, formula)
    outer, code.reports = code.reports, True
    before, reported = code.temp(), code.temp()
    code.writer.line("{}, eno = eno, True", before)
    found = code.keep_value(value(code, formula))
    code.reports = outer
    restored = expression("{} and eno", before) if code.block.set_eno else before
    code.writer.line("{}, eno = eno, {}", reported, restored)
    store_eno(code, node.eno, reported)
    return found


_OWN: dict[str, Callable[[BlockCode, n.InstructionCall], Text | None]] = {
    "LOWER_BOUND": _limit_of_array(0),
    "UPPER_BOUND": _limit_of_array(1),
    "REF": _ref,
    "CALCULATE": _calculate,
}

READERS: dict[type, Any] = {n.InstructionCall: instruction_call}
