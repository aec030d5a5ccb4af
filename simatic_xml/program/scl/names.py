"""The first name of an SCL operand and its meaning, in the block before the program.

Facts: local names are searched before global ones; `#x` is local, `"x"` is global, a bare name is either.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from simatic_xml.program.absolute import absolute, looks_absolute
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import (
    Area,
    Broken,
    Constant,
    DataBlock,
    Eno,
    Expression,
    Field,
    Indirect,
    Local,
    TagOperand,
)
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import BlockSymbol, ConstantSymbol, TagSymbol
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types import values
from simatic_xml.program.types.types import UNKNOWN, DataType, Elementary, Kind, Structure, Unknown, Variable
from simatic_xml.scl import nodes as tree

_NUMBERED: dict[Kind, Area] = {Kind.TIMER: "T", Kind.COUNTER: "C"}


def drop_namespace(scope: Scope, node: tree.Variable) -> tree.Variable:
    """Return an operand or callee without the namespace in front of its object, `Demo.Motor` or `_.Motor`; any other one as it is."""
    if node.mark or not node.path or scope.variable(node.name) or scope.symbols.lookup(node.name):
        return node
    name = node.name
    for count, step in enumerate(node.path, 1):
        if not isinstance(step, tree.Member):
            break
        name += f".{step.name}"
        if scope.symbols.lookup(name) is not None:
            return replace(node, name=scope.symbols.plain_name(name), mark='"', path=node.path[count:])
    return node


def resolve_name(scope: Scope, name: str, mark: str, place: Place, expected: DataType | None = None) -> Expression:
    """Return the operand of a name, or report that there is none.

    Args:
        scope: the block.
        name: the name without its marks.
        mark: `#` for a local name, `"` for a quoted one, `#"` for both, empty for a bare name.
        place: its place.
        expected: the type that an absolute operand without `%` should take.
    """
    if mark.startswith("#"):
        variable = scope.variable(name)
        return _report_undefined(scope, name, place) if variable is None else _local(variable, place)
    if mark:
        return _global(scope, name, place)
    variable = scope.variable(name)
    if variable is not None:
        return _local(variable, place)
    if name.upper() == "ENO":
        return Eno(place)
    if looks_absolute(name, scope.symbols.cpu):
        return absolute(scope, name, place, expected)
    return _global(scope, name, place)


def _local(variable: Variable, place: Place) -> Expression:
    if variable.section != "Constant":
        return by_number(Local(variable, place))
    return _constant(variable, place)


def _global(scope: Scope, name: str, place: Place) -> Expression:
    found = scope.globally(name)
    match found:
        case TagSymbol():
            return _tag(scope, found, place)
        case ConstantSymbol():
            if found.value is None:
                return Broken(found.type, place)
            return Constant(found.value, found.type, place, found.name, "global", fixed=True)
        case DataBlockDeclaration():
            return DataBlock(found.name, found.type, place)
        case BlockSymbol():
            return _block(scope, found, place)
        case Structure():
            message = f"'{name}' is a data type; an operand is needed here."
            scope.error("name.not_operand", message, place)
            return Broken(UNKNOWN, place)
    hint = f"Write #{name} for a variable of the block." if scope.variable(name) else ""
    message = f"'{name}' is not defined; declare it, or correct the name."
    scope.error("name.undefined", message, place, hint)
    return Broken(UNKNOWN, place)


def _block(scope: Scope, found: BlockSymbol, place: Place) -> Expression:
    """Return the result of the function being typed; another block is not an operand."""
    variable = scope.variable(found.name) if found.name.casefold() == scope.block.name.casefold() else None
    if variable is not None and variable.section == "Return":
        return Local(variable, place)
    message = f"'{found.name}' is a block; call it, or name an operand."
    scope.error("name.not_operand", message, place)
    return Broken(UNKNOWN, place)


def _report_undefined(scope: Scope, name: str, place: Place) -> Expression:
    message = f"'#{name}' is not declared in '{scope.block.name}'; declare it, or correct the name."
    like = get_close_matches(name, [each.name for each in scope.variables], 1)
    scope.error("name.undefined", message, place, f"Did you mean #{like[0]}?" if like else "")
    return Broken(UNKNOWN, place)


def _constant(declared: Variable, place: Place) -> Expression:
    """Return a declared constant with its value; a value that cannot be read was reported at the declaration."""
    found = values.literal(declared.start, declared.type)
    if found is None or isinstance(declared.type, Unknown):
        return Broken(declared.type, place)
    return Constant(found[0], declared.type, place, declared.name, "local", fixed=True)


def _tag(scope: Scope, tag: TagSymbol, place: Place) -> Expression:
    """Return a tag as an operand; one of an unknown data type is left out of the program, so nothing can use it."""
    if isinstance(tag.type, Unknown):
        message = (
            f"The data type of the tag '{tag.name}' is not known; create the data type, or give the tag another one."
        )
        scope.error("type.unknown", message, place)
        return Broken(UNKNOWN, place)
    return TagOperand(tag.name, tag.address, tag.type, place)


def by_number(variable: Local | Field) -> Expression:
    """Return a variable; a parameter of type TIMER or COUNTER holds a number, and means the timer of that number."""
    data_type = variable.type
    area = _NUMBERED.get(data_type.kind) if isinstance(data_type, Elementary) else None
    return variable if area is None else Indirect(area, 0, data_type, variable.place, pointer=variable)
