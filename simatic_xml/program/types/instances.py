"""Instances of instructions as types: their data in the catalogue of instructions, where no table lists more."""

from __future__ import annotations

from functools import cache

from simatic_xml.instructions import find
from simatic_xml.program.types.system_types import system_type
from simatic_xml.program.types.type_text import TypeTextError, parse
from simatic_xml.program.types.types import UNKNOWN, DataType, Structure, Variable


@cache
def predefined(name: str) -> Structure | None:
    """Return the system type of a name, or the type of the instances of an instruction; None when there is neither.

    An instance has the parameters of its instruction; its further content is not known, so it is open.
    """
    known = system_type(name)
    if known is not None and known.members:
        return known
    found = find(name)
    if found is None or name.casefold() not in (each.casefold() for each in found.instruction.instance):
        return known
    instruction = found.instruction
    members = tuple(Variable(each.name, _type(each.type), each.direction) for each in instruction.parameters)
    return Structure(instruction.name, "system", members, instruction.name, open=True)


def _type(text: str) -> DataType:
    """Return the type of a parameter; unknown where a type variable decides it."""
    try:
        return parse(text, lambda name, _: system_type(name), lambda _: None)
    except TypeTextError:
        return UNKNOWN
