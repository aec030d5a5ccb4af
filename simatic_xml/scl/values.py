"""Put the start values that a data block assigns after BEGIN into the members they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from simatic_xml.model import Member, Section, Subelement
from simatic_xml.scl.nodes import Assignment, Index, Literal, Node, Statement, Unary, Variable
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
    """Return a section as it appears inside an instance: names and types without values."""
    return Section(section.name, [_bare_member(member) for member in section.members])


def _bare_member(member: Member) -> Member:
    inner = [_bare_member(each) for each in member.members]
    return Member(member.name, member.data_type, version=member.version, members=inner)


NO_PROGRAM = "A data block has start values only, no program; write the statement into a code block."


class StartValues:
    """Puts start values into the members of one data block; each list of members is indexed once."""

    def __init__(self, sections: list[Section], types: Types) -> None:
        """Start with the declarations of the block."""
        self._sections, self._types = sections, types
        self._members: dict[int, dict[str, Member]] = {}
        self._elements: dict[int, dict[str, Subelement]] = {}

    def assign_all(
        self, statements: Iterable[Statement], text: Callable[[Node], str]
    ) -> Iterator[tuple[Statement, str]]:
        """Set the start values of assignments; yield each undeclared target, and no target with another statement."""
        for statement in statements:
            if not isinstance(statement, Assignment) or set(statement.operators) != {":="}:
                yield statement, ""
                continue
            for target in statement.targets:
                if not (isinstance(target, Variable) and self.assign(target, text(statement.value))):
                    yield statement, text(target)

    def assign(self, target: Variable, value: str) -> bool:
        """Set one start value; return False where the declarations have no such member."""
        member = self._find(id(self._sections), self._sections, target.name)
        indices: list[str] = []
        for step in target.path:
            if member is None:
                return False
            if isinstance(step, Index):
                indices.extend(_constant(index) for index in step.indices)
            elif isinstance(step, Step):
                member = self._inner(member, step.name)
            else:
                return False
        if member is None or "" in indices:
            return False
        if indices:
            self._set_element(member, ",".join(indices), value)
        else:
            member.start_value = value
        return True

    def _find(self, key: int, sections: list[Section], name: str) -> Member | None:
        if key not in self._members:
            members = [member for section in sections for member in section.members]
            self._members[key] = {member.name.casefold(): member for member in reversed(members)}
        return self._members[key].get(name.casefold())

    def _inner(self, member: Member, name: str) -> Member | None:
        """Return a member of a structure, or of the type that a member has."""
        if member.members:
            return self._find(id(member), [Section("", member.members)], name)
        if not member.sections:
            member.sections = self._types.of(member.data_type) or []
        return self._find(id(member), member.sections, name)

    def _set_element(self, member: Member, path: str, value: str) -> None:
        if id(member) not in self._elements:
            self._elements[id(member)] = {element.path: element for element in reversed(member.subelements)}
        elements = self._elements[id(member)]
        if path in elements:
            elements[path].start_value = value
        else:
            elements[path] = Subelement(path, value)
            member.subelements.append(elements[path])


def _constant(node: object) -> str:
    """Return an index as text; empty for anything but a number."""
    if isinstance(node, Literal):
        return node.text
    if isinstance(node, Unary) and node.operator == "-" and isinstance(node.operand, Literal):
        return f"-{node.operand.text}"
    return ""
