"""The types that a program has without declaring them: what several tables know of a name, put together."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from simatic_xml.program.types.instances import find_predefined, of_data_block
from simatic_xml.program.types.technology import technology_structure
from simatic_xml.program.types.technology_objects import technology_object
from simatic_xml.program.types.types import Elementary, Structure, Variable


@cache
def predefined(name: str, family: str) -> Structure | None:
    """Return the system type of a name on a CPU family, without regard to case; None when there is none.

    The members that a CPU executes come first: those of axes and of instances of instructions. The table of technology
    objects adds the tags that only engineering needs.

    Args:
        name: of a technology object, a system type or the instance of an instruction.
        family: CPU family, such as `S7-1500`.
    """
    known = technology_object(name, family) or find_predefined(name, family)
    listed = technology_structure(name, family)
    if listed is None or known is None:
        return known or listed
    if not known.members:
        return listed
    members = tuple(_of_family(each, listed.by_name.get(each.name.casefold())) for each in known.members)
    return of_data_block(replace(known, members=members, extent=None), known.name, listed.members)


def _of_family(member: Variable, listed: Variable | None) -> Variable:
    """Return a member with the elementary type that it has on a CPU family: `PV_PER` of CONT_C differs."""
    differs = listed is not None and listed.type != member.type
    if (
        listed is None
        or not differs
        or not isinstance(listed.type, Elementary)
        or not isinstance(member.type, Elementary)
    ):
        return member
    return replace(member, type=listed.type, start=listed.start)
