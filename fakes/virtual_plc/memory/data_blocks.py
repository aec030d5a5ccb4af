"""Data blocks as they are created: the start values of their type, then those that the block sets itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.types import Array, DataType, Structure, Variable, type_name
from simatic_xml.program.types.values import literal
from virtual_plc.code.naming import attribute
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.memory.shapes import by_reference, is_plain
from virtual_plc.memory.starting_values import Constants, Slot, put, slot, value_of
from virtual_plc.memory.storage import new
from virtual_plc.memory.views import new_view


def new_data_block(program: Program, declaration: DataBlockDeclaration) -> Any:
    """Return the data of a data block: a storage object (a list for an ArrayDB), or a view for standard access.

    Raises:
        ProgramError: its structure is not known, or a start value is neither a literal of its type nor a constant.
    """
    data_type = declaration.type
    if not isinstance(data_type, Structure | Array):
        raise ProgramError([_problem(declaration, "", "program.type", "The structure of the data block is not known.")])
    made = new(data_type) if declaration.optimized else new_view(data_type)
    failed = [*_write_constants(program, made, data_type, ""), *_own(program, declaration, made)]
    if failed:
        raise ProgramError([_unreadable(declaration, *each) for each in failed])
    return made


def _own(program: Program, declaration: DataBlockDeclaration, made: Any) -> Iterator[tuple[str, str, DataType]]:
    """Write the start values of the block itself; yield those that cannot be understood."""
    constants = _constants(program, declaration.instance_of)
    for path, text in declaration.starts:
        target = slot(made, declaration.type, path)
        if target is not None and is_settable(target.type) and not put(target, text, constants):
            yield path, text, target.type


def is_settable(data_type: DataType) -> bool:
    """Return whether a start value of this type is a single literal: that of an inner structure is not."""
    return is_plain(data_type) or (isinstance(data_type, Structure) and data_type.name == "DTL")


def _write_constants(
    program: Program, made: Any, data_type: DataType, owner: str
) -> Iterator[tuple[str, str, DataType]]:
    """Write the start values of a type that name constants; yield those that cannot be understood."""
    if not _names_constants(data_type):
        return
    if isinstance(data_type, Array):
        for each in made:
            yield from _write_constants(program, each, data_type.element, owner)
        return
    structure = cast("Structure", data_type)
    owner = structure.name if structure.origin == "fb" else owner
    constants = _constants(program, owner)
    for member in structure.members:
        name = attribute(member.name)
        if not by_reference(structure, member):
            yield from _write_constants(program, getattr(made, name), member.type, owner)
        for path, text in _find_named_starts(member):
            target = Slot(made, name, member.type) if not path else slot(getattr(made, name), member.type, path)
            if target is not None and not put(target, text, constants):
                yield f".{member.name}{path}", text, target.type


@lru_cache(maxsize=4096)
def _names_constants(data_type: DataType) -> bool:
    """Return whether any start value in a type names a constant."""
    if isinstance(data_type, Array):
        return _names_constants(data_type.element)
    if not isinstance(data_type, Structure):
        return False
    return any(
        next(_find_named_starts(member), None) is not None
        or (not by_reference(data_type, member) and _names_constants(member.type))
        for member in data_type.members
    )


def _find_named_starts(member: Variable) -> Iterator[tuple[str, str]]:
    """Yield path and text of a member's start values that are no literals."""
    whole = [("", member.start)] if member.start and is_settable(member.type) else []
    for path, text in (*whole, *member.starts):
        if literal(text) is None and (path or value_of(text, member.type) is None):
            yield path, text


def _constants(program: Program, owner: str) -> Constants:
    """Return how the constants are looked up that a function block's start values may name: its own ones first."""
    block = program.blocks.get(owner.casefold())
    own = {each.name.casefold(): each for each in (block.variables if block else ()) if each.section == "Constant"}

    def value(name: str) -> Any:
        found = own.get(name.casefold())
        return program.constant(name) if found is None else literal(found.start, found.type)

    return value


def _unreadable(declaration: DataBlockDeclaration, path: str, text: str, data_type: DataType) -> Diagnostic:
    message = f"{text} is neither a value of {type_name(data_type)} nor a constant; write a literal of this type."
    return _problem(declaration, path.removeprefix("."), "value.invalid", message)


def _problem(declaration: DataBlockDeclaration, member: str, code: str, message: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, code, message, Place(declaration.name, member=member))
