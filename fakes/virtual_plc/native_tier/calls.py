"""Calls of blocks in C: values go in before the call in the order of the parameters, and come back behind it."""

from __future__ import annotations

from collections.abc import Callable

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import VOID, Array, DataType, Structure, Variable, type_name
from virtual_plc.code.c_text import NOTHING, TRUTH, C, c
from virtual_plc.code.naming import Name, attribute
from virtual_plc.memory.shapes import is_plain
from virtual_plc.native_tier import expressions, places
from virtual_plc.native_tier.block_text import PARAMETERS, BlockText, Context, NotNative, bound_names, local_name

CPU = c("c")
AfterCall = Callable[[], None]


def function_name(block: typed_blocks.Block) -> Name:
    """Return the C name of a block."""
    return Name(block.kind.lower(), "_", attribute(block.name))


def parameters(block: typed_blocks.Block) -> list[Variable]:
    """Return what the C function of an FC or OB takes: its parameters, then its result."""
    sections = ("Return",) if block.kind == "FB" else (*PARAMETERS, "Return")
    return [v for v in block.variables if v.section in sections and v.type != VOID]


def is_by_value(variable: Variable) -> bool:
    """Return whether a parameter of a C function is a value; else it is an address."""
    return variable.section == "Input" and is_plain(variable.type)


def head(context: Context, block: typed_blocks.Block) -> C:
    """Return the head of the C function of a block; it returns ENO.

    Raises:
        NotNative: a parameter has a type that native code does not have.
    """
    given = [c("struct cpu *c")]
    if block.kind == "FB":
        given.append(c("struct {} *self", context.forms.record(context.program.instances[block.name.casefold()]).name))
    for variable in parameters(block):
        form = context.forms.of(variable.type)
        if form is None:
            what = f"The parameter '{variable.name}' of the type {type_name(variable.type)}"
            raise NotNative(what, Place(block.name, member=variable.name))
        given.append(c("{} {}" if is_by_value(variable) else "{} *{}", form.text, local_name(variable)))
        given += [c("int32_t {}", each) for pair in bound_names(variable) for each in pair]
    return c("static uint8_t {}({})", function_name(block), given)


def is_open(block: typed_blocks.Block) -> bool:
    """Return whether a block takes an array of open length, so that only the program can call it."""
    return any(bound_names(each) for each in parameters(block))


def block_call(code: BlockText, node: n.BlockCall) -> C:
    """Write the call of a block; return its result, the address of one with parts.

    Raises:
        NotNative: native code does not have it.
    """
    callee = code.context.program.blocks[node.callee.casefold()]
    if node.kind == "FB":
        _function_block(code, node, callee)
        return NOTHING
    return _function(code, node, callee)


def _write_call(
    code: BlockText, node: n.BlockCall, callee: typed_blocks.Block, given: list[C], after: list[AfterCall]
) -> None:
    """Write the call itself, what comes back, and ENO."""
    code.line("enter(c);")
    eno = code.keep_value(TRUTH, "{}({})", function_name(callee), [CPU, *given])
    code.line("c->depth--;")
    for each in after:
        each()
    if node.eno is not None:
        expressions.store(code, node.eno, eno)
    code.report(eno)


# Function blocks -----------------------------------------------------------------------------------------------------


def _function_block(code: BlockText, node: n.BlockCall, callee: typed_blocks.Block) -> None:
    if node.instance is None:
        raise NotNative(f"A call of '{node.callee}' without an instance", node.place)
    instance = instance_of(code, node.instance)
    after: list[AfterCall] = []
    structure = code.context.program.instances[callee.name.casefold()]
    for argument in node.arguments:
        formal = _formal(callee, argument)
        text = code.member(c("(*{})", instance), structure, formal.name, node.place)
        if code.is_pointer(structure, formal.name):
            _require_alike(argument, formal.type)
            code.line("{} = {};", text, expressions.address(code, argument.value))
        else:
            place = places.InMemory(text, formal.type, code.form(formal.type, node.place))
            after += _exchange(code, argument, place)
    _write_call(code, node, callee, [instance], after)


def instance_of(code: BlockText, node: n.Expression) -> C:
    """Write what finds an instance; return a name that points to it. A new one replaces one that does not exist."""
    found = places.locate_in_memory(code, node, expressions.value)
    return code.keep_value(c("{} *const", found.form.text), "{}", found.address(code))


def _formal(callee: typed_blocks.Block, argument: n.Argument) -> Variable:
    wanted = argument.name.casefold()
    return next(v for v in callee.variables if v.section in PARAMETERS and v.name.casefold() == wanted)


def _exchange(code: BlockText, argument: n.Argument, place: places.InMemory) -> list[AfterCall]:
    """Write what goes into an instance for one parameter; return what brings back what comes out."""
    if argument.direction == "Output":
        return [lambda: _give_back(code, argument, place)]
    if not is_plain(place.type):
        _require_alike(argument, place.type)
        source = expressions.address(code, argument.value)
        expressions.require_complete(code, argument.value)
        place.copy(code, source)
        return []
    if argument.direction == "Input":
        place.write(code, expressions.value_for(code, argument.value, place.type))
        return []
    actual = places.locate(code, argument.value, expressions.value)
    place.write(code, actual.read(code))
    return [lambda: actual.write(code, place.read(code))]


def _give_back(code: BlockText, argument: n.Argument, place: places.InMemory) -> None:
    """Write an output to its target, converted as the call needs it."""
    give_value(code, argument, place.read(code) if is_plain(place.type) else place.address(code))


def give_value(code: BlockText, argument: n.Argument, given: C) -> None:
    """Write the value of an output to its target, converted as the call needs it."""
    if isinstance(argument.value, n.Broken):
        return
    outer, code.returned = code.returned, given
    if argument.store is not None and not isinstance(argument.store, n.Returned):
        given = expressions.value(code, argument.store)
    code.returned = outer
    expressions.store(code, argument.value, given)


# Functions -----------------------------------------------------------------------------------------------------------


def _function(code: BlockText, node: n.BlockCall, callee: typed_blocks.Block) -> C:
    by_name = {argument.name.casefold(): argument for argument in node.arguments}
    given: list[C] = []
    after: list[AfterCall] = []
    result = NOTHING
    for variable in parameters(callee):
        if variable.section == "Return":
            name, read = _result(code, variable, node)
            given.append(name)
            result = read
            continue
        argument = by_name.get(variable.name.casefold())
        if argument is None:
            raise NotNative(f"A call of '{callee.name}' without its parameter '{variable.name}'", node.place)
        given += _write_argument(code, argument, variable, after)
    _write_call(code, node, callee, given, after)
    return result


def _result(code: BlockText, variable: Variable, node: n.BlockCall) -> tuple[C, C]:
    """Write where a function puts its result; return its address and how the result is read."""
    form, name = code.form(variable.type, node.place), code.name()
    code.hold(name, form)
    pointer = c("{}" if form.count else "&{}", name)
    return pointer, c("{}", name) if is_plain(variable.type) else pointer


def _write_argument(code: BlockText, argument: n.Argument, variable: Variable, after: list[AfterCall]) -> list[C]:
    """Write what one parameter of a function gets; return it, with the bounds of an array of open length behind it."""
    if not is_plain(variable.type):
        return _write_reference(code, argument, variable)
    if argument.direction == "Input":
        return [expressions.value_for(code, argument.value, variable.type)]
    form, name = code.form(variable.type, argument.value.place), code.name()
    place = places.InMemory(c("{}", name), variable.type, form)
    if argument.direction == "Output":
        code.line("{} {} = 0;", form.text, name)
        after.append(lambda: _give_back(code, argument, place))
    else:
        actual = places.locate(code, argument.value, expressions.value)
        code.line("{} {} = {};", form.text, name, actual.read(code))
        after.append(lambda: actual.write(code, c("{}", name)))
    return [c("&{}", name)]


def _write_reference(code: BlockText, argument: n.Argument, variable: Variable) -> list[C]:
    """Write what hands data with parts over as themselves."""
    _require_alike(argument, variable.type)
    form = code.form(variable.type, argument.value.place)
    if not form.open:
        return [code.keep_value(form.parameter, "{}", expressions.address(code, argument.value))]
    actual = places.locate_in_memory(code, argument.value, expressions.value)
    bounds = [c("{}", each) for pair in places.bounds_of(actual) for each in pair]
    return [code.keep_value(form.parameter, "{}", actual.address(code)), *bounds]


def _require_alike(argument: n.Argument, formal: DataType) -> None:
    """Refuse handing over data whose members have other names: a copy would be needed that comes back.

    Raises:
        NotNative: the members of both types have different names, or an output is converted.
    """
    converted = argument.store is not None and not isinstance(argument.store, n.Returned)
    if converted or not alike(argument.value.type, formal):
        raise NotNative(f"Data of another type at the parameter '{argument.name}'", argument.value.place)


def alike(left: DataType, right: DataType) -> bool:
    """Return whether two types have the same members by name and type, and as many elements; open bounds take any."""
    if isinstance(left, Array) and isinstance(right, Array):
        same = left.bounds == right.bounds or (None in right.bounds and len(left.bounds) == len(right.bounds))
        return same and alike(left.element, right.element)
    if not isinstance(left, Structure) or not isinstance(right, Structure):
        return left == right
    pairs = zip(left.members, right.members, strict=False)
    return left is right or (
        len(left.members) == len(right.members) and all(a.name == b.name and alike(a.type, b.type) for a, b in pairs)
    )
