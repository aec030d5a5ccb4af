"""Calls of blocks and instructions as Python lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fakes.plc.instructions import ENO, RESULT, bind
from fakes.plc.instructions.registry import Bound, Taken
from fakes.plc.naming import attribute
from fakes.plc.python_code import operands, references
from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.evaluation import in_order, value
from fakes.plc.python_code.signatures import Signature
from fakes.plc.python_code.text import Level, Text
from fakes.plc.shapes import is_plain
from simatic_xml.program import nodes as n
from simatic_xml.program.types import VOID, Structure, Variable
from simatic_xml.program.types import Text as TextType

_TRUE = Text("True", steady=True, constant=True)
_OTHER_TIMERS = ("PRESET_TIMER", "RESET_TIMER")


# Blocks --------------------------------------------------------------------------------------------------------------


def block_call(code: BlockCode, node: n.BlockCall) -> Text:
    """Write the call of a block; return its result, or nothing that may be used."""
    if node.callee.casefold() not in code.context.program.blocks:
        raise code.refuse(f"There is no block '{node.callee}'.", node.place)
    signature = code.context.signature(node.callee)
    result = _function_block(code, node, signature) if node.kind == "FB" else _function(code, node, signature)
    code.fresh.clear()
    return result


def _function_block(code: BlockCode, node: n.BlockCall, signature: Signature) -> Text:
    if node.instance is None:
        raise code.refuse(f"'{node.callee}' is called without an instance.", node.place)
    instance = value(code, node.instance)
    if not (instance.steady or instance.text.replace(".", "").isidentifier()):
        instance = code.kept(instance)
    for argument in node.arguments:
        if argument.direction != "Output":
            _put_in(code, instance, argument)
    given = [str(instance), *(_bounds(code, node, each) for each in signature.open)]
    eno = _called(code, f"{signature.function}({', '.join(given)})", signature, node)
    for argument in node.arguments:
        if argument.direction == "Output" or (argument.direction == "InOut" and is_plain(argument.type)):
            returned = Text(f"{instance}.{attribute(argument.name)}", range=operands.range_of(argument.type))
            give_back(code, argument, returned)
    _store_eno(code, node.eno, eno)
    return Text("None", steady=True)


def _put_in(code: BlockCode, instance: Text, argument: n.Argument) -> None:
    """Write an input or in/out into the instance: by value, an in/out with parts as itself."""
    name = f"{instance}.{attribute(argument.name)}"
    if references.is_reference(argument.type):
        code.writer.effect(f"{name} = {references.reference(code, argument.value)}")
    elif is_plain(argument.type) or argument.direction == "InOut":
        given = value(code, argument.value)
        code.writer.effect(f"{name} = {_cut(given, argument)}")
    else:
        given = value(code, argument.value)
        code.writer.effect(f"copy_into({name}, {given})")


def _cut(given: Text, argument: n.Argument) -> Text:
    formal, actual = argument.type, argument.value.type
    return operands.shortened(given, formal, actual) if isinstance(formal, TextType) else given


def _called(code: BlockCode, call: str, signature: Signature, node: n.BlockCall) -> Text:
    """Write the call of a function that returns nothing but ENO; return that."""
    if not signature.gives_eno or node.eno is None:
        code.writer.effect(call)
        return _TRUE
    name = code.temp()
    code.writer.effect(f"{name} = {call}")
    return Text(name, steady=True)


def _bounds(code: BlockCode, node: n.BlockCall, variable: Variable) -> str:
    """Return the bounds of what is given for an array of open length."""
    for argument in node.arguments:
        if argument.name.casefold() == variable.name.casefold():
            return operands.open_bounds(code, argument.value)
    return "()"


def _function(code: BlockCode, node: n.BlockCall, signature: Signature) -> Text:
    by_name = {argument.name.casefold(): argument for argument in node.arguments}
    targets: dict[str, n.Expression] = {}
    readers = [_actual(code, by_name.get(each.name.casefold()), each, targets) for each in signature.taken]
    given = list(map(str, in_order(code, readers, lambda _, read: read())))
    given += [_bounds(code, node, each) for each in signature.open]
    names = [code.temp() for _ in signature.given] + ([code.temp()] if signature.gives_eno else [])
    left = ", ".join(names) + (" = " if names else "")
    code.writer.effect(f"{left}{signature.function}({', '.join(given)})")
    result = Text("None", steady=True)
    for variable, name in zip(signature.given, names, strict=False):
        returned = Text(name, range=operands.range_of(variable.type), steady=True)
        if variable.section == "Return":
            result = returned
        elif variable.name.casefold() in by_name:
            argument = by_name[variable.name.casefold()]
            give_back(code, argument, returned, targets.get(argument.name))
    returning = [each for each in node.arguments if each.direction == "Output" and not _declared(signature, each)]
    for argument in returning:
        give_back(code, argument, result)
    _store_eno(code, node.eno, Text(names[-1], steady=True) if signature.gives_eno else _TRUE)
    return result


def _declared(signature: Signature, argument: n.Argument) -> bool:
    """Tell whether a parameter is one of the interface; STL gives the result as one more output."""
    names = {each.name.casefold() for each in (*signature.taken, *signature.given) if each.section != "Return"}
    return argument.name.casefold() in names


def _actual(code: BlockCode, argument: n.Argument | None, variable: Variable, targets: dict[str, n.Expression]) -> Any:
    """Return what reads the actual parameter of a function."""
    if argument is None:
        return lambda: Text(code.bind("default", _default(variable)), steady=True)
    if references.is_reference(variable.type):
        return lambda: references.reference(code, argument.value)
    if argument.direction == "InOut" and is_plain(variable.type):
        targets[argument.name] = steady = operands.steady_target(code, argument.value)
        return lambda: value(code, steady)
    return lambda: _cut(value(code, argument.value), argument)


def _default(variable: Variable) -> Any:
    from fakes.plc.storage import new  # noqa: PLC0415

    return new(variable.type)


def give_back(code: BlockCode, argument: n.Argument, returned: Text, target: n.Expression | None = None) -> None:
    """Write what a parameter gives back to its target, converted as the program says."""
    target = target or argument.value
    if isinstance(target, n.Broken):
        return
    outer, code.returned = code.returned, returned
    stored = argument.store
    given = returned if stored is None else value(code, stored)
    code.returned = outer
    operands.store(code, target, given, argument.type if stored is None else stored.type)


def _store_eno(code: BlockCode, target: n.Expression | None, eno: Text) -> None:
    if target is not None:
        operands.store(code, target, eno, target.type)


# Instructions --------------------------------------------------------------------------------------------------------


def instruction_call(code: BlockCode, node: n.InstructionCall) -> Text:
    """Write the call of an instruction; return its value."""
    own = _OWN.get(node.name)
    if own is not None:
        found = own(code, node)
        if found is not None:
            return found
    bound = _bound(code, node)
    simple = node.eno is None and not code.reports and bound.gives[:1] == (RESULT,)
    if bound.inline and simple and all(_is_input(node, each) for each in bound.takes):
        return _inline(code, node, bound)
    return _call(code, node, bound)


def _bound(code: BlockCode, node: n.InstructionCall) -> Bound:
    context = code.context
    try:
        return bind(node, context.services, context.memory, block=code.block.name, capacity=code.capacity)
    except KeyError as error:
        message = f"The instruction '{node.name}' cannot be executed."
        raise code.refuse(message, node.place) from error


def _is_input(node: n.InstructionCall, taken: Taken) -> bool:
    argument = _argument(node, taken.name)
    return argument is not None and argument.direction == "Input" and not taken.by_reference


def _argument(node: n.InstructionCall, name: str) -> n.Argument | None:
    return next((each for each in node.arguments if each.name.casefold() == name.casefold()), None)


def _inline(code: BlockCode, node: n.InstructionCall, bound: Bound) -> Text:
    arguments = [_argument(node, each.name) for each in bound.takes]
    values = in_order(code, [each.value for each in arguments if each])
    kept = [code.kept(each).within(Level.ATOM) for each in values]
    return Text(f"({bound.inline.format(*kept)})", range=operands.range_of(node.type))


def _call(code: BlockCode, node: n.InstructionCall, bound: Bound) -> Text:
    instance = None
    if node.instance is not None:
        instance = value(code, node.instance)
        if not (instance.steady or instance.text.replace(".", "").isidentifier()):
            instance = code.kept(instance)
    after: list[str] = []
    given = in_order(code, bound.takes, lambda _, taken: _taken(code, node, taken, instance, after))
    arguments = [str(each) for each in given]
    if bound.memory and instance is not None:
        arguments.insert(0, str(instance))
    names = _names_of(code, node, bound)
    left = ", ".join(names) + (" = " if names else "")
    code.writer.effect(f"{left}{code.bind(node.name, bound.function)}({', '.join(arguments)})")
    for line in after:
        code.writer.effect(line)
    if node.name in _OTHER_TIMERS:
        code.fresh.clear()
    elif instance is not None and "[" not in instance.text:
        code.fresh.add(instance.text)
    return _results(code, node, bound, names, instance)


def _taken(code: BlockCode, node: n.InstructionCall, taken: Taken, instance: Text | None, after: list[str]) -> Text:
    argument = _argument(node, taken.name)
    if argument is None:
        held = instance is not None and isinstance(node.instance, n.Expression) and _holds(node.instance, taken.name)
        return Text(f"{instance}.{attribute(taken.name)}") if held else Text("None", steady=True)
    if taken.by_reference:
        return references.reference(code, argument.value, after)
    return value(code, argument.value)


def _holds(instance: n.Expression, name: str) -> bool:
    return isinstance(instance.type, Structure) and name.casefold() in instance.type.by_name


def _names_of(code: BlockCode, node: n.InstructionCall, bound: Bound) -> list[str]:
    """Return names for what the function returns; none when nothing of it is used."""
    used = node.type != VOID or node.eno is not None or code.reports
    used = used or any(_argument(node, name) is not None for name in bound.gives)
    return [code.temp() for _ in bound.gives] if used else []


def _results(
    code: BlockCode, node: n.InstructionCall, bound: Bound, names: Sequence[str], instance: Text | None
) -> Text:
    """Write outputs and ENO to their targets; return the value of the function."""
    values = dict(zip(bound.gives, names, strict=False))
    result = Text(values.get(RESULT, "None"), range=operands.range_of(node.type), steady=True)
    for argument in node.arguments:
        if argument.direction == "Input":
            continue
        if argument.name in values:
            _give(code, argument, Text(values[argument.name], range=operands.range_of(argument.type), steady=True))
        elif bound.memory and instance is not None and argument.direction == "Output":
            _from_instance(code, node, argument, instance)
        elif argument.direction == "Output" and not any(each.name == argument.name for each in bound.takes):
            give_back(code, argument, result)
    eno = Text(values[ENO], steady=True) if ENO in values else _TRUE
    if code.reports and not eno.constant:
        code.writer.line(f"eno = eno and {eno}")
    _store_eno(code, node.eno, eno)
    return result


def _from_instance(code: BlockCode, node: n.InstructionCall, argument: n.Argument, instance: Text) -> None:
    if node.instance is None or not _holds(node.instance, argument.name):
        return
    assert isinstance(node.instance.type, Structure)
    member = node.instance.type.by_name[argument.name.casefold()]
    give_back(code, argument, Text(f"{instance}.{attribute(member.name)}", range=operands.range_of(argument.type)))


def _give(code: BlockCode, argument: n.Argument, returned: Text) -> None:
    """Write an output that the instruction may leave as it is."""
    code.writer.line(f"if {returned} is not KEEP:")
    with code.branch():
        give_back(code, argument, returned)


# What this tier does itself ------------------------------------------------------------------------------------------


def _bound_of_array(which: int) -> Any:
    def read(code: BlockCode, node: n.InstructionCall) -> Text | None:
        array, dimension = _argument(node, "ARR"), _argument(node, "DIM")
        if array is None or dimension is None:
            return None
        bounds = operands.open_bounds(code, array.value)
        index = value(code, dimension.value)
        return Text(f"{bounds}[{index} - 1][{which}]", range=operands.range_of(node.type), safe=False)

    return read


def _ref(code: BlockCode, node: n.InstructionCall) -> Text:
    return references.reference(code, node.arguments[0].value)


def _calculate(code: BlockCode, node: n.InstructionCall) -> Text | None:
    """Return the formula of a CALCULATE; its ENO reports what happens inside, too."""
    formula = node.arguments[0].value
    if node.eno is None:
        return value(code, formula)
    outer, code.reports = code.reports, True
    code.writer.line("eno_before, eno = eno, True")
    found = code.kept(value(code, formula))
    code.reports = outer
    reported = code.temp()
    code.writer.line(f"{reported}, eno = eno, eno_before")
    _store_eno(code, node.eno, Text(reported, steady=True))
    return found


_OWN: dict[str, Any] = {
    "LOWER_BOUND": _bound_of_array(0),
    "UPPER_BOUND": _bound_of_array(1),
    "REF": _ref,
    "CALCULATE": _calculate,
}


READERS: dict[type, Any] = {n.BlockCall: block_call, n.InstructionCall: instruction_call}
