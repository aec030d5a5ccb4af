"""Put the start values that a data block assigns behind BEGIN into the members they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from simatic_xml.model import Member, Section, Subelement
from simatic_xml.scl.nodes import Index, Literal, Unary, Variable
from simatic_xml.scl.nodes import Member as Step


@dataclass(frozen=True, slots=True)
class Types:
    """The members of the PLC data types and function blocks that a source declares; keys are casefolded."""

    sections: Mapping[str, list[Section]] = field(default_factory=dict)

    def of(self, data_type: str) -> list[Section] | None:
        """Return a fresh copy of the sections of a type, without start values; None for an unknown one."""
        name = data_type.rpartition(" of ")[2].strip('"').casefold()
        known = self.sections.get(name)
        return None if known is None else [_bare(section) for section in known]


def _bare(section: Section) -> Section:
    """Return a section as it appears inside an instance: names and types, no values of its own."""
    return Section(section.name, [_bare_member(member) for member in section.members])


def _bare_member(member: Member) -> Member:
    inner = [_bare_member(each) for each in member.members]
    return Member(member.name, member.data_type, version=member.version, members=inner)


def assign(sections: list[Section], target: Variable, value: str, types: Types) -> bool:
    """Set one start value; return False where the declarations have no such member."""
    member = _find(sections, target.name)
    indices: list[str] = []
    for step in target.path:
        if member is None:
            return False
        if isinstance(step, Index):
            indices.extend(_constant(index) for index in step.indices)
        elif isinstance(step, Step):
            member = _inner(member, step.name, types)
        else:
            return False
    if member is None or "" in indices:
        return False
    if indices:
        _set_element(member, ",".join(indices), value)
    else:
        member.start_value = value
    return True


def _find(sections: list[Section], name: str) -> Member | None:
    members = (member for section in sections for member in section.members)
    return next((member for member in members if member.name.casefold() == name.casefold()), None)


def _inner(member: Member, name: str, types: Types) -> Member | None:
    """Return a member of a structure, or of the type that a member has."""
    if member.members:
        return _find([Section("", member.members)], name)
    if not member.sections:
        member.sections = deepcopy(types.of(member.data_type) or [])
    return _find(member.sections, name)


def _set_element(member: Member, path: str, value: str) -> None:
    existing = next((element for element in member.subelements if element.path == path), None)
    if existing is None:
        member.subelements.append(Subelement(path, value))
    else:
        existing.start_value = value


def _constant(node: object) -> str:
    """Return an index as text; empty for anything but a number."""
    if isinstance(node, Literal):
        return node.text
    if isinstance(node, Unary) and node.operator == "-" and isinstance(node.operand, Literal):
        return f"-{node.operand.text}"
    return ""
