"""What a program allows from outside, as the open project says it: which tags are accessible from HMI and OPC UA, and writable.

The tag list of PLCSIM Advanced does not say it. Without the project, nothing is known, and everything is accessible.
Facts: docs/facts/runtime.md#visibility-in-hmi.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from openness_bridge.errors import Problem, without_candidates
from openness_bridge.portal.portal import Portals
from openness_bridge.program import program_reading
from runtime_data.patterns import fold
from runtime_data.values import TagInfo, split
from simatic_xml.model import Block, Member, PlcType, Tag

PATIENCE = 60.0
"""Seconds that reading the program may wait for TIA Portal."""
DEEPEST = 32
ACCESSIBLE, WRITABLE, BLOCK = "ExternalAccessible", "ExternalWritable", "DBAccessibleFromOPCUA"
_INDEX = re.compile(r"\[[^\]]*\]")
_TYPE = re.compile(r'"([^"]+)"\s*$')


@dataclass(slots=True)
class Accessibility:
    """What a program allows. Paths are without case, quotes, blanks and indexes; what is said of one holds for all below it.

    Attributes:
        hidden: What is not accessible.
        fixed: What is not writable.
        instances: The data blocks that are instances of function blocks.
    """

    hidden: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)
    instances: set[str] = field(default_factory=set)

    def apply(self, infos: Iterable[TagInfo]) -> list[TagInfo]:
        """Return the tags that are accessible; those that the program protects are not writable."""
        found = []
        for info in infos:
            above = list(_above(fold(_INDEX.sub("", split(info.tag)[1]))))
            if not self.hidden.isdisjoint(above):
                continue
            is_fixed = info.writable and not self.fixed.isdisjoint(above)
            found.append(msgspec.structs.replace(info, writable=False) if is_fixed else info)
        return found

    def is_instance(self, block: str) -> bool:
        """Return whether a data block is the instance of a function block."""
        return fold(block) in self.instances


def read_accessibility(portals: Portals, plc: str) -> Accessibility:
    """Return what the open project says of a PLC; nothing where there is none, or TIA Portal is busy. From worker threads.

    Args:
        portals: The portals of the service.
        plc: The PLC's name.
    """
    session = portals.current
    if session is None:
        return Accessibility()
    try:
        with without_candidates():
            items = session.call_within(PATIENCE, lambda: list(program_reading.read(session, plc).items))
    except Problem:
        return Accessibility()
    return accessibility_of(items)


def accessibility_of(items: Iterable[object]) -> Accessibility:
    """Return what blocks, data types and tags allow."""
    found, all_items = Accessibility(), list(items)
    types: Mapping[str, Block | PlcType] = {
        fold(each.name): each for each in all_items if isinstance(each, Block | PlcType)
    }
    for each in all_items:
        if isinstance(each, Tag):
            _note(
                found,
                fold(each.name),
                accessible=each.external_accessible is not False,
                writable=each.external_writable is not False,
            )
        elif isinstance(each, Block) and each.kind.endswith("DB"):
            name = fold(each.name)
            _note(found, name, accessible=not _is_false(each.attributes.get(BLOCK)), writable=True)
            if each.kind == "InstanceDB" and each.instance_of_type == "FB":
                found.instances.add(name)
            model = types.get(fold(each.instance_of or ""), each)
            for path, member in _members(model, types, 0):
                marks = {mark.name: mark.value for mark in member.attributes}
                _note(
                    found,
                    f"{name}.{path}",
                    accessible=not _is_false(marks.get(ACCESSIBLE)),
                    writable=not _is_false(marks.get(WRITABLE)),
                )
    return found


def _members(of: Block | PlcType, types: Mapping[str, Block | PlcType], level: int) -> Iterator[tuple[str, Member]]:
    sections = [of.members] if isinstance(of, PlcType) else [each.members for each in of.interface]
    for members in sections:
        for member in members:
            yield from _walk(member, types, level)


def _walk(member: Member, types: Mapping[str, Block | PlcType], level: int) -> Iterator[tuple[str, Member]]:
    name = fold(member.name)
    yield name, member
    if level >= DEEPEST:
        return
    typed = _TYPE.search(member.data_type)
    inner = types.get(fold(typed[1])) if typed else None
    below = [each for one in member.members for each in _walk(one, types, level + 1)]
    if inner is not None:
        below += _members(inner, types, level + 1)
    yield from ((f"{name}.{path}", each) for path, each in below)


def _note(found: Accessibility, path: str, *, accessible: bool, writable: bool) -> None:
    if not accessible:
        found.hidden.add(path)
    if not writable:
        found.fixed.add(path)


def _is_false(text: str | None) -> bool:
    return (text or "").casefold() == "false"


def _above(path: str) -> Iterator[str]:
    """Yield a path, and those of what it belongs to."""
    while path:
        yield path
        path = path.rpartition(".")[0]
