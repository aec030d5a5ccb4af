"""Instances of instructions as types: their data in the catalogue of instructions, where no table lists more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from simatic_xml.instructions import find
from simatic_xml.instructions.instances import Row, rows
from simatic_xml.instructions.model import Instruction, Parameter
from simatic_xml.program.types.system_types import open_type, system_type
from simatic_xml.program.types.type_text import TypeTextError, parse
from simatic_xml.program.types.types import LREAL, REAL, UNKNOWN, DataType, Structure, Variable

_NUMBERS = ("Real", "LReal")


@cache
def find_predefined(name: str, family: str = "S7-1500") -> Structure | None:
    """Return the system type of a name, or the type of the instances of an instruction; None when there is neither.

    An instance has the members that a table of `simatic_xml.instructions.instances` lists, else the parameters of its
    instruction; its further content is not known, so it is open.

    Args:
        name: of the type, without regard to case.
        family: CPU family, which decides start values and numbers of motion control instructions.
    """
    known = system_type(name)
    if known is not None and known.members:
        return known
    found = find(name)
    if found is None or name.casefold() not in (each.casefold() for each in found.instruction.instance):
        return known
    instruction = found.instruction
    listed = rows(instruction.name)
    if listed:
        return Structure(instruction.name, "system", _listed(listed), instruction.name, open=True)
    starts = instruction.starts.get(family, {})
    members = (
        Variable(
            each.name, _number(instruction, each, family) or _type(each.type), each.direction, starts.get(each.name, "")
        )
        for each in instruction.parameters
    )
    return Structure(instruction.name, "system", tuple(members), instruction.name, open=True)


def _number(instruction: Instruction, parameter: Parameter, family: str) -> DataType | None:
    """Return the type of a parameter that is Real on an S7-1200 and LReal on an S7-1500, None for any other."""
    if instruction.group != "motion" or instruction.variables.get(parameter.type) != _NUMBERS:
        return None
    return REAL if family == "S7-1200" else LREAL


def of_data_block(known: Structure | None, name: str, members: tuple[Variable, ...]) -> Structure:
    """Return the type of an instance data block: what is known of its members, with its start values, then its other ones.

    Args:
        known: the open type of the instance, None where only its name is known.
        name: of the type.
        members: that the data block declares itself.
    """
    if known is None:
        return Structure(name, "system", members, open=True) if members else open_type(name)
    own = {each.name.casefold(): each for each in members}
    filled = tuple(_filled(each, own.get(each.name.casefold())) for each in known.members)
    complete = (*filled, *(each for each in members if each.name.casefold() not in known.by_name))
    return known if complete == known.members else replace(known, members=complete, extent=None)


def _filled(known: Variable, own: Variable | None) -> Variable:
    if own is None:
        return known
    data_type = known.type
    if isinstance(data_type, Structure) and data_type.open and isinstance(own.type, Structure):
        data_type = of_data_block(data_type, data_type.name, own.type.members)
    return replace(known, type=data_type, start=own.start or known.start, retain=own.retain or known.retain)


def _listed(listed: Iterable[Row], depth: int = 0) -> tuple[Variable, ...]:
    """Return the members of a table; a part of a path that several rows begin with is one structure."""
    grouped: dict[str, list[Row]] = {}
    for row in listed:
        grouped.setdefault(row.path.split(".")[depth], []).append(row)
    return tuple(_member(name, group, depth) for name, group in grouped.items())


def _member(name: str, group: list[Row], depth: int) -> Variable:
    first = group[0]
    section = "None" if depth else first.section
    if first.path.count(".") == depth:
        return Variable(name, _type(first.type), section, first.start, first.retain)
    inner = Structure("", "struct", _listed(group, depth + 1), open=True)
    retain = "Retain" if all(each.retain for each in group) else ""
    return Variable(name, inner, section, retain=retain)


def _type(text: str) -> DataType:
    """Return the type of a parameter; unknown where a type variable decides it."""
    try:
        return parse(text, lambda name, _: system_type(name), lambda _: None)
    except TypeTextError:
        return UNKNOWN
