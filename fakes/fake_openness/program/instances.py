"""Instance data blocks: their FB determines their content.

Facts: docs/facts/tia-rules.md#sections-and-retention (sections of an instance DB),
docs/facts/tia-operations.md#consistency (interface change of an FB).
"""

from __future__ import annotations

import copy

from fake_openness.program.elements import _Element
from fake_openness.program.plc import _Plc
from simatic_xml.model import Block, Member, PlcType, Section

SECTIONS = ("Input", "Output", "InOut", "Static")


def parent_of(plc: _Plc, name: str | None) -> Block | None:
    """Return the content of the FB of a name, or None where there is none."""
    element = plc._program.find(name or "")
    if element is None or element._state.kind != "FB":
        return None
    content = element._read()
    return content if isinstance(content, Block) else None


def fill(plc: _Plc, block: Block) -> None:
    """Give an instance DB the interface of its FB or data type, where that exists."""
    element = plc._program.find(block.instance_of or "")
    content = None if element is None else element._read()
    if isinstance(content, PlcType):
        block.instance_of_type = "UDT"
        block.interface = [Section("Static", copy.deepcopy(content.members))]
    elif content is not None and content.kind == "FB":
        block.instance_of_type = "FB"
        block.interface = interface_for(content)


def interface_for(parent: Block) -> list[Section]:
    """Return the interface of an instance DB of an FB."""
    return [Section(name, copy.deepcopy(found.members) if (found := parent.section(name)) else []) for name in SECTIONS]


def matches(instance: Block, parent: Block) -> bool:
    """Return whether an instance DB has exactly the members of its FB."""
    return _shape(instance) == _shape(parent)


def _shape(block: Block) -> list[tuple[str, list[object]]]:
    return [(name, _members(found.members) if (found := block.section(name)) else []) for name in SECTIONS]


def _members(members: list[Member]) -> list[object]:
    return [(m.name.casefold(), m.data_type.casefold(), _members(m.members)) for m in members]


def update(element: _Element) -> bool:
    """Bring an instance DB up to date with its FB, keeping start values. Returns whether it was changed."""
    present = element._read()
    if not isinstance(present, Block):
        return False
    parent = parent_of(element._plc, present.instance_of)
    if parent is None or matches(present, parent):
        return False
    content = copy.copy(present)
    old = {(section.name, member.name): member for section in content.interface for member in section.members}
    content.interface = interface_for(parent)
    for section in content.interface:
        section.members = [_choose_member(old.get((section.name, m.name)), m) for m in section.members]
    element._write(content)
    return True


def _choose_member(old: Member | None, new: Member) -> Member:
    return old if old is not None and old.data_type == new.data_type else new
