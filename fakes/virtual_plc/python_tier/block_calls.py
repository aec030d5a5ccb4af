"""Calls of user blocks as Python lines: what is passed, what comes back, and in which order.

Values go in before the call in the order of the parameters, what comes back is written behind it in the same order; an
operand of an in/out is found once, before the call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.coercion import names_instance
from simatic_xml.program.types.technology_objects import is_object
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Structure, Variable
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.naming import Name, mangle
from virtual_plc.code.python_text import Text, expression, literal
from virtual_plc.memory.call_names import call_site
from virtual_plc.memory.shapes import copy_into, is_opaque, is_plain
from virtual_plc.memory.storage import new
from virtual_plc.python_tier.access import operands, references, targets
from virtual_plc.python_tier.access.elements import default, longest_of, open_bounds, range_of
from virtual_plc.python_tier.access.targets import Target
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.evaluation import After, in_order, value
from virtual_plc.python_tier.signatures import Signature, is_open

TRUE = literal(True)
NOTHING = literal(None)


def block_call(code: BlockCode, node: n.BlockCall) -> Text:
    """Write the call of a block; return its result, or nothing that may be used."""
    if code.draft.lookups.block(node.callee) is None:
        raise code.refuse(f"There is no block '{node.callee}'.", node.place)
    signature = code.draft.lookups.signature(node.callee)
    result = _function_block(code, node, signature) if node.kind == "FB" else _function(code, node, signature)
    code.fresh.clear()
    return result


def pass_argument(code: BlockCode, argument: n.Argument, after: list[After]) -> Text:
    """Return what is passed for a parameter: a value, an object, or a reference where the type needs one."""
    if names_instance(argument.value.type, argument.type):
        number, wanted = value(code, argument.value), code.bind("type", argument.type)
        return expression("addressing.parameter_instance({}, {})", number, wanted, safe=False)
    if is_opaque(argument.type) and not isinstance(argument.value, n.Constant):
        return references.reference(code, argument.value, after)
    if isinstance(argument.type, Elementary) and argument.type.kind in (Kind.TIMER, Kind.COUNTER):
        return _number_of_timer(code, argument.value)
    return targets.shorten(value_for(code, argument.value, argument.type), argument.type, argument.value.type)


def value_for(code: BlockCode, node: n.Expression, target: DataType) -> Text:
    """Return a value for a variable of a type: of a data block its number, where the type holds one (DB_ANY)."""
    if isinstance(node, n.DataBlock) and isinstance(target, Elementary):
        return literal(code.draft.lookups.number_of_data(node.name))
    found = value(code, node)
    if isinstance(node, n.Constant) and isinstance(node.type, TextType) and isinstance(target, TextType):
        return code.shorten_text(found, longest_of(target))
    return found


def _number_of_timer(code: BlockCode, node: n.Expression) -> Text:
    """Return the number of a timer or counter, which is what a parameter of their types holds."""
    if isinstance(node, n.Indirect) and node.pointer is not None:
        return value(code, node.pointer)
    if isinstance(node, n.TagOperand):
        return literal(int(operands.tag_place(code, node)[1]))
    if not isinstance(node, n.Absolute):
        raise code.refuse("Pass a timer or counter by its name or number.", node.place)
    return literal(int(node.byte))


def give_back(code: BlockCode, argument: n.Argument, returned: Text, target: Target | None = None) -> None:
    """Write the value that a parameter returns to its target, converted as the program needs it."""
    if isinstance(argument.value, n.Broken):
        return
    outer, code.returned = code.returned, returned
    stored = argument.store
    given = returned if stored is None else value(code, stored)
    code.returned = outer
    source = argument.type if stored is None else stored.type
    if target is None:
        targets.store(code, argument.value, given, source)
    else:
        targets.put(code, target, given, source)


def store_eno(code: BlockCode, target: n.Expression | None, eno: Text) -> None:
    """Write ENO of a call to where it goes."""
    if target is not None:
        targets.store(code, target, eno, target.type)


def _call(code: BlockCode, node: n.BlockCall, names: list[Text], function: Name, given: Sequence[Text]) -> None:
    """Write the call itself; a block that handles its own faults, also those of its arguments, not those of others."""
    traced = code.draft.lookups.is_traced(node.callee)
    if code.facts.handles_faults or traced:
        given = [_evaluate(code, each) for each in given]
    if code.facts.handles_faults:
        code.writer.line("cpu.local = False")
    if traced:
        code.writer.line("cpu.sites.append({})", code.bind("site", call_site(node)))
    write_call(code, names, function, given)
    if traced:
        code.writer.line("cpu.sites.pop()")
    if code.facts.handles_faults:
        code.writer.line("cpu.local = True")


def write_call(code: BlockCode, names: Sequence[Text], function: Name, given: Sequence[Text]) -> None:
    """Write a call and the names that keep what it returns, if any."""
    if names:
        code.writer.effect("{} = {}({})", names, function, given)
    else:
        code.writer.effect("{}({})", function, given)


def _evaluate(code: BlockCode, text: Text) -> Text:
    name = code.temp()
    code.writer.effect("{} = {}", name, text)
    return name


def _eno(code: BlockCode, node: n.BlockCall, signature: Signature, eno: Text) -> None:
    store_eno(code, node.eno, eno)
    if code.block.set_eno and signature.gives_eno:
        code.writer.line("eno = eno and {}", eno)


# Function blocks -----------------------------------------------------------------------------------------------------


def _function_block(code: BlockCode, node: n.BlockCall, signature: Signature) -> Text:
    if node.instance is None:
        _on_opened_instance(code, node, signature)
        return NOTHING
    instance = value(code, node.instance)
    if not instance.is_path:
        instance = code.keep_value(instance)
    after: list[After] = []
    lines: list[After] = []
    for argument in node.arguments:
        back = _put_in(code, instance, argument, lines)
        after += [] if back is None else [back]
    names = [code.temp()] if signature.gives_eno and (node.eno is not None or code.block.set_eno) else []
    given = [instance, *(_bounds(code, node, each) for each in signature.open)]
    _call(code, node, names, signature.function, given)
    for line in lines:
        line()
    for each in after:
        each()
    _eno(code, node, signature, names[0] if names else TRUE)
    return NOTHING


def _on_opened_instance(code: BlockCode, node: n.BlockCall, signature: Signature) -> None:
    """Write UC and CC of a function block, which works on the instance that OPN DI has opened."""
    own = expression("self") if code.block.kind == "FB" else None
    instance = code.temp()
    callee = code.draft.lookups.block(node.callee)
    if callee is not None and callee.instance:
        code.writer.effect("{} = addressing.instance(di, {}, {})", instance, own, code.bind("callee", node.callee))
    else:
        code.writer.line("{} = {}", instance, code.bind("empty", new(Structure(node.callee, "fb", ()))))
    names = [code.temp()] if signature.gives_eno and node.eno is not None else []
    code.writer.line("if {} is not None:", instance)
    with code.branch():
        _call(code, node, names, signature.function, [instance])
        _eno(code, node, signature, names[0] if names else TRUE)


def _put_in(code: BlockCode, instance: Text, argument: n.Argument, lines: list[After]) -> After | None:
    """Write an input or in/out into the instance; return what is to be done behind the call."""
    name = expression("{}.{}", instance, mangle(argument.name))
    held = name.with_range(range_of(argument.type))
    if argument.direction == "Output":
        return lambda: give_back(code, argument, held)
    if argument.direction == "InOut" and is_plain(argument.type) and not is_opaque(argument.type):
        target = targets.find(code, argument.value, lasting=True)
        code.writer.effect("{} = {}", name, targets.read_checked(code, target))
        return lambda: targets.put(code, target, held, argument.type)
    given = pass_argument(code, argument, lines)
    if is_plain(argument.type) or argument.direction == "InOut" or is_object(argument.type):
        made, back = _alike_object(code, argument, given)
        code.writer.effect("{} = {}", name, made)
        return back
    code.writer.effect("{}({}, {})", code.bind("copy_into", copy_into), name, given)
    return None


def _bounds(code: BlockCode, node: n.BlockCall, variable: Variable) -> Text:
    """Return the bounds of what is given for an array of open length."""
    wanted = variable.name.casefold()
    found = next((each for each in node.arguments if each.name.casefold() == wanted), None)
    return expression("()") if found is None else open_bounds(code, found.value)


# Functions -----------------------------------------------------------------------------------------------------------


def _function(code: BlockCode, node: n.BlockCall, signature: Signature) -> Text:
    formals = {each.name.casefold(): each for each in (*signature.taken, *signature.given) if each.section != "Return"}
    handed: dict[str, n.Argument] = {}
    found: dict[str, Target] = {}
    backs: list[After] = []
    lines: list[After] = []

    def read(_: BlockCode, argument: n.Argument) -> Text:
        if argument.direction == "InOut" and is_plain(argument.type) and not is_opaque(argument.type):
            found[argument.name] = targets.find(code, argument.value, lasting=True)
            return targets.read_checked(code, found[argument.name])
        given, back = _alike_object(code, argument, pass_argument(code, argument, lines))
        backs.extend([] if back is None else [back])
        return given

    taken = {id(each) for each in signature.taken}
    for argument in node.arguments:
        formal = formals.get(argument.name.casefold())
        if formal is not None and id(formal) in taken:
            handed[argument.name.casefold()] = argument
    values = dict(zip(handed, in_order(code, list(handed.values()), read), strict=True))
    given = [values.get(each.name.casefold()) or default(code, each.type) for each in signature.taken]
    given += [_bounds(code, node, each) for each in signature.open]
    names = [code.temp() for _ in (*signature.given, *([None] if signature.gives_eno else []))]
    _call(code, node, names, signature.function, given)
    for line in lines:
        line()
    for back in backs:
        back()
    result = _results(code, node, signature, names, found)
    _eno(code, node, signature, names[-1] if signature.gives_eno else TRUE)
    return result


def _results(
    code: BlockCode, node: n.BlockCall, signature: Signature, names: list[Text], found: dict[str, Target]
) -> Text:
    """Write what a function gives back; return its result."""
    returned = {
        "" if variable.section == "Return" else variable.name.casefold(): name.with_range(range_of(variable.type))
        for variable, name in zip(signature.given, names, strict=False)
    }
    result = returned.get("", NOTHING)
    in_place = {each.name.casefold() for each in signature.taken if not is_plain(each.type) or is_opaque(each.type)}
    for argument in node.arguments:
        name = argument.name.casefold()
        if argument.direction == "Input" or name in in_place:
            continue
        give_back(code, argument, returned.get(name, result), found.get(argument.name))
    return result


def _alike_object(code: BlockCode, argument: n.Argument, given: Text) -> tuple[Text, After | None]:
    """Return an object whose members have the names of the formal type: the given one, or a copy that goes back."""
    formal = argument.type
    if is_opaque(formal) or is_plain(formal) or is_object(formal) or alike(argument.value.type, formal):
        return given, None
    given = code.keep_value(given)
    copy, name = code.bind("copy_into", copy_into), code.temp()
    code.writer.line("{} = {}({})", name, code.bind("new", new), code.bind("type", formal))
    code.writer.line("{}({}, {})", copy, name, given)
    if argument.direction == "Input":
        return name, None
    return name, lambda: code.writer.effect("{}({}, {})", copy, given, name)


def alike(actual: DataType, formal: DataType) -> bool:
    """Return whether the members of two types have the same names."""
    if isinstance(actual, Array) and isinstance(formal, Array):
        return alike(actual.element, formal.element)
    if not isinstance(actual, Structure) or not isinstance(formal, Structure) or actual is formal:
        return True
    pairs = zip(actual.members, formal.members, strict=False)
    same_count = len(actual.members) == len(formal.members)
    return same_count and all(a.name == b.name and alike(a.type, b.type) for a, b in pairs)


READERS: dict[type, Any] = {n.BlockCall: block_call}

__all__ = ["READERS", "block_call", "give_back", "is_open", "pass_argument", "store_eno"]
