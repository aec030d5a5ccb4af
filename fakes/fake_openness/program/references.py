"""Which names a content mentions, as the state of an element keeps them, and how a rename rewrites them.

Facts: docs/facts/simaticml.md#access-calls-and-references, docs/facts/simaticml.md#interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from fake_openness.program.state import TECHNOLOGY_KIND
from simatic_xml.model import Block, Member, PlcType, Section
from simatic_xml.references import object_references

_GLOBAL_KINDS = {"global", "call", "type"}
_GLOBAL_SCOPES = {"GlobalVariable", "GlobalConstant"}
_LAST_TYPE = re.compile(r'(?:^|\bof\s+)"([^"]+)"\s*$', re.IGNORECASE)


def known_of(content: Block | PlcType) -> dict[str, Any]:
    """Return the fields of a state that list what a content mentions: used names, interface types, instance_of."""
    used = {r.name for r in object_references(content) if r.kind in _GLOBAL_KINDS or r.scope == "global"}
    known: dict[str, Any] = {"uses": tuple(sorted(used)), "types": tuple(sorted(set(types_of(content))))}
    if isinstance(content, Block) and content.kind == TECHNOLOGY_KIND:
        return known | {"uses": (), "types": (), "instance_of": content.instance_of or ""}
    if isinstance(content, Block) and content.instance_of:
        known["instance_of"] = content.instance_of
        known["types"] = tuple(sorted({*known["types"], content.instance_of}))
    return known


def types_of(content: Block | PlcType) -> Iterator[str]:
    """Yield the PLC data types and FBs in an interface, without quotes."""
    for member in members_of(content):
        found = _LAST_TYPE.search(member.data_type)
        if found:
            yield found[1]


def sections_of(content: Block | PlcType) -> list[Section]:
    """Return the sections of a block; a data type has one without a name."""
    return [Section("None", content.members)] if isinstance(content, PlcType) else content.interface


def members_of(content: Block | PlcType) -> Iterator[Member]:
    """Yield all members that the content itself declares, nested structures included."""
    for section in sections_of(content):
        yield from _walk_nested(section.members)


def _walk_nested(members: list[Member]) -> Iterator[Member]:
    for member in members:
        yield member
        yield from _walk_nested(member.members)


def everywhere(content: Block | PlcType) -> Iterator[Member]:
    """Yield all members, those of instance data and base types included."""
    pending = list(sections_of(content))
    while pending:
        section = pending.pop()
        pending += section.base
        for member in _walk_nested(section.members):
            pending += member.sections
            yield member


def rename(content: Block | PlcType, old: str, new: str) -> None:
    """Rewrite every mention of a global name."""
    for network in content.networks if isinstance(content, Block) else ():
        for element in () if network.source is None else _mentions(network.source):
            if element.get("Name", "").casefold() == old.casefold():
                element.set("Name", new)
    quoted = re.compile(f'"{re.escape(old)}"', re.IGNORECASE)
    for member in everywhere(content):
        member.data_type = quoted.sub(lambda _: f'"{new}"', member.data_type)
    if isinstance(content, Block) and (content.instance_of or "").casefold() == old.casefold():
        content.instance_of = new


def _mentions(source: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a network whose Name is that of a global object."""
    for element in source.iter("{*}Access", "{*}Instance", "{*}CallInfo"):
        if etree.QName(element).localname == "CallInfo":
            yield element
        elif element.get("Scope") in _GLOBAL_SCOPES:
            places = (element.find(f"{{*}}{path}") for path in ("Symbol/{*}Component", "Component", "Constant"))
            yield from [place for place in places if place is not None][:1]
