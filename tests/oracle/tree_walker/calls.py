"""Calls of blocks and instructions: what is handed over, what comes back, and in which order.

Values go in before the call, in the order of the parameters; what comes back is written behind it, in the same order.
Operands with parts are handed to a function as themselves and copied into and out of an instance; an in/out without
parts is copied in and out. Operands of in/outs are looked up once, before the call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks
from simatic_xml.program.types.coercion import names_instance
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Special, Structure, Variable
from tests.oracle.tree_walker import expressions, operands
from tests.oracle.tree_walker.activation import Activation, activation, home, is_handed_over
from tests.oracle.tree_walker.places import Whole, put
from virtual_plc.code.naming import attribute
from virtual_plc.faults import MissingBlockFault
from virtual_plc.instructions import ENO, KEEP, RESULT, Binding, bind, keeps_target
from virtual_plc.memory.call_names import call_site
from virtual_plc.memory.shapes import copy_into, is_plain
from virtual_plc.memory.storage import new

AfterCall = Callable[[], None]


def call_block(caller: Activation, call: n.BlockCall) -> Any:
    """Call a function or function block; return the result of a function."""
    machine = caller.machine
    callee = machine.program.blocks[call.callee.casefold()]
    inner = activation(machine, callee, _instance(caller, call))
    after = [_hand_over(caller, inner, argument) for argument in call.arguments]
    _execute(caller, call, inner)
    for each in after:
        each()
    _answer(caller, call, inner.eno)
    return result_of(inner)


def _execute(caller: Activation, call: n.BlockCall, inner: Activation) -> None:
    """Execute a block, and keep its call for those that ask for the names in it."""
    sites = caller.machine.services.sites
    sites.append(call_site(call))
    try:
        caller.machine.execute(inner)
    finally:
        sites.pop()


def _instance(caller: Activation, call: n.BlockCall) -> Any:
    """Return the instance of a call, for one without parameters (UC FB1) what the DI register has opened."""
    if call.instance is not None:
        return operands.locate(caller, call.instance).get()
    if call.kind == "FB" and not caller.machine.program.blocks[call.callee.casefold()].instance:
        return new(Structure(call.callee, "fb", ()))
    return operands.block_data(caller, "DI", None, call.place) if call.kind == "FB" else None


def _answer(caller: Activation, call: n.BlockCall | n.InstructionCall, eno: bool) -> None:
    """Say at ENO how a call went."""
    caller.answered = eno
    if call.eno is not None:
        expressions.write(caller, call.eno, eno)
    caller.report(eno)


def result_of(inner: Activation) -> Any:
    """Return what a function that was executed returns, None without a result."""
    returned = next((each for each in inner.block.variables if each.section == "Return"), None)
    name = "" if returned is None else attribute(returned.name)
    return getattr(inner.frame, name, None)


def _hand_over(caller: Activation, inner: Activation, argument: n.Argument) -> AfterCall:
    """Give one parameter what the call says; return what is to be done behind the call."""
    variable = _formal(inner.block, argument.name)
    if is_handed_over(inner, variable) and not is_plain(variable.type):
        return _refer(caller, inner, variable, argument)
    place = operands.of_variable(inner, variable)
    if isinstance(variable.type, Special):
        place.set(expressions.place_of(caller, argument.value))
        return _nothing
    if is_numbered(variable.type):
        put(place, number_of(caller, argument.value))
        return _nothing
    if argument.direction == "Input":
        put(place, expressions.evaluate_for(caller, argument.value, variable.type))
        return _nothing
    if argument.direction == "InOut":
        return _copy_in_and_out(caller, place, argument)
    return lambda: _give_back(caller, argument, place.get())


def _formal(block: typed_blocks.Block, name: str) -> Variable:
    sections = ("Input", "Output", "InOut", "Return")
    wanted = name.casefold()
    return next(each for each in block.variables if each.section in sections and each.name.casefold() == wanted)


def is_numbered(data_type: DataType) -> bool:
    """Tell whether a parameter is handed the number of a timer or counter."""
    return isinstance(data_type, Elementary) and data_type.kind in (Kind.TIMER, Kind.COUNTER)


def number_of(caller: Activation, timer: n.Expression) -> int:
    """Return the number of a timer or counter."""
    if isinstance(timer, n.Indirect) and timer.pointer is not None:
        return int(expressions.evaluate(caller, timer.pointer))
    return int(operands.locate(caller, timer).key)


def _nothing() -> None:
    pass


def _copy_in_and_out(caller: Activation, place: Any, argument: n.Argument) -> AfterCall:
    try:
        actual = operands.locate(caller, argument.value)
    except operands.Missing:
        put(place, new(place.type))
        return _nothing
    put(place, expressions.evaluate(caller, argument.value))
    return lambda: put(actual, place.get())


def _give_back(caller: Activation, argument: n.Argument, value: Any) -> None:
    """Write what an output gives to its target, converted as the call says."""
    outer, caller.returned = caller.returned, value
    try:
        converted = value if argument.store is None else expressions.evaluate(caller, argument.store)
    finally:
        caller.returned = outer
    expressions.write(caller, argument.value, converted)


def _refer(caller: Activation, inner: Activation, variable: Variable, argument: n.Argument) -> AfterCall:
    """Hand an operand with parts over as itself; one whose members have other names, as a copy."""
    holder, _ = home(inner, variable)
    if names_instance(argument.value.type, variable.type):
        setattr(holder, attribute(variable.name), _named_instance(caller, argument.value, variable.type))
        return _nothing
    try:
        actual = operands.locate(caller, argument.value, writing=argument.direction == "Output")
    except operands.Missing:
        actual = Whole(new(variable.type), variable.type)
    value = actual.get()
    if isinstance(variable.type, Array) and isinstance(actual.type, Array) and None in variable.type.bounds:
        inner.arrays[variable.name.casefold()] = actual.type
    if _alike(actual.type, variable.type):
        setattr(holder, attribute(variable.name), value)
        return _nothing
    made = new(variable.type)
    if argument.direction == "Output" and not isinstance(argument.store, n.Returned | None):
        setattr(holder, attribute(variable.name), made)
        return lambda: _give_back(caller, argument, made)
    copy_into(made, value)
    setattr(holder, attribute(variable.name), made)
    return _nothing if argument.direction == "Input" else lambda: copy_into(value, made)


def _named_instance(caller: Activation, given: n.Expression, wanted: DataType) -> Any:
    """Return the instance that a DB_ANY names, an empty one behind a fault."""
    found = caller.machine.memory.by_number.get(expressions.evaluate(caller, given))
    structure = getattr(found, "_structure", None)
    if isinstance(wanted, Structure) and structure is not None and structure.name.casefold() == wanted.name.casefold():
        return found
    operands.missing(caller, MissingBlockFault("A DB_ANY names no instance of the function block.", given.place))
    return new(wanted)


def _alike(actual: DataType, formal: DataType) -> bool:
    """Tell whether the members of two types have the same names."""
    if isinstance(actual, Array) and isinstance(formal, Array):
        return _alike(actual.element, formal.element)
    if not isinstance(actual, Structure) or not isinstance(formal, Structure):
        return True
    return actual is formal or (
        len(actual.members) == len(formal.members)
        and all(
            a.name == b.name and _alike(a.type, b.type) for a, b in zip(actual.members, formal.members, strict=True)
        )
    )


# Instructions --------------------------------------------------------------------------------------------------------


def call_instruction(caller: Activation, call: n.InstructionCall, capacity: int | None = None) -> Any:
    """Execute an instruction; return its value.

    Args:
        caller: the running block.
        call: the instruction.
        capacity: how many characters the string holds that the value goes to, None where it is none or not known.
    """
    return call_checked(caller, call, capacity)[0]


def call_checked(caller: Activation, call: n.InstructionCall, capacity: int | None = None) -> tuple[Any, bool]:
    """Execute an instruction; return its value and ENO. Arguments as for `call_instruction`."""
    bound = _bound(caller, call, capacity)
    failed, caller.failed = caller.failed, False
    instance = None if call.instance is None else operands.locate(caller, call.instance).get()
    values = {
        argument.name.casefold(): _taken(caller, bound, argument)
        for argument in call.arguments
        if argument.direction != "Output" or _is_referred_to(bound, argument.name)
    }
    arguments = [values.get(each.name.casefold(), _absent(bound, instance, each.name)) for each in bound.takes]
    found = bound.function(*([instance] if bound.memory else []), *arguments)
    results = _results(bound, found)
    right = results.pop(ENO.casefold(), True) and not (call.name == "CALCULATE" and caller.failed)
    caller.failed = failed
    for argument in call.arguments:
        written = right or not keeps_target(call)
        if argument.direction == "Output" and not _is_referred_to(bound, argument.name) and written:
            _give_output(caller, argument, results, instance)
    _answer(caller, call, right)
    return results.get(RESULT), right


def _bound(caller: Activation, call: n.InstructionCall, capacity: int | None) -> Binding:
    """Return how an instruction is called at its place; kept, because it stays the same."""
    machine = caller.machine
    key = id(call)
    if key not in machine.bound:
        more = {"block": caller.block.name, "capacity": capacity}
        machine.bound[key] = bind(call, machine.services, machine.memory, **more)
    return machine.bound[key]


def _is_referred_to(bound: Binding, name: str) -> bool:
    return any(each.by_reference and each.name.casefold() == name.casefold() for each in bound.takes)


def _taken(caller: Activation, bound: Binding, argument: n.Argument) -> Any:
    if not _is_referred_to(bound, argument.name):
        return expressions.evaluate_for(caller, argument.value, argument.type)
    try:
        return expressions.place_of(caller, argument.value)
    except operands.Missing:
        return Whole(new(argument.value.type), argument.value.type)


def _absent(bound: Binding, instance: Any, name: str) -> Any:
    """Return what a parameter has that the call does not give: what the instance holds, else None."""
    return getattr(instance, attribute(name), None) if bound.memory else None


def _results(bound: Binding, found: Any) -> dict[str, Any]:
    """Return what an instruction gives by casefolded name."""
    values = (found,) if len(bound.gives) == 1 else found or ()
    return {name.casefold(): value for name, value in zip(bound.gives, values, strict=False)}


def _give_output(caller: Activation, argument: n.Argument, results: dict[str, Any], instance: Any) -> None:
    name = argument.name.casefold()
    value = results.get(name)
    if value is KEEP:
        return
    if name not in results and instance is not None:
        value = getattr(instance, attribute(argument.name))
    elif name not in results:
        value = results.get(RESULT)
    _give_back(caller, argument, value)
