"""Cross references of blocks, data types, tags and tag tables: objects that use them, and that they use.

From V18 TIA Portal lists them itself; before, and for objects without an answer, the bridge makes the same list from
the exported program. Members of a data block follow it as separate objects.
Facts: docs/facts/openness-program.md#cross-references; docs/facts/t-ia-connect.md#cross-references.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import ReferenceAccess, ReferenceFilter, ReferenceKind, values_of
from openness_bridge.errors import Kind, not_found, refused_as
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.program import blocks, tag_tables, udts
from openness_bridge.values import enum, enum_name, service

FILTERS = values_of(ReferenceFilter)
_WIRE = {"Multiinstance": "MultiInstance"}
"""Kinds of access whose spelling for clients differs from Openness."""


class LocationInfo(msgspec.Struct, rename="camel", frozen=True):
    """A place.

    Attributes:
        reference_location: Block and network, such as @Main ▶ NW1 (Start).
        reference_type: Uses, UsedBy, TypeInstance, InstanceType, OverlapsWith...
        access: Read, Write, RW, Call, InstanceDB, MultiInstance, Declaration...
        name: The operand, where only a part of the object is used.
    """

    reference_location: str
    reference_type: ReferenceKind
    access: ReferenceAccess
    name: str


class ReferenceInfo(msgspec.Struct, rename="camel", frozen=True):
    """An object at the other end."""

    name: str
    type_name: str
    address: str
    device: str
    path: str
    locations: list[LocationInfo]


class SourceInfo(msgspec.Struct, rename="camel", frozen=True):
    """A requested object or one of its members."""

    name: str
    type_name: str
    address: str
    device: str
    path: str
    reference_objects: list[ReferenceInfo]


class BlockReferences(msgspec.Struct, rename="camel", frozen=True):
    """The cross references of a block.

    Attributes:
        source_count: The number of sources.
        total_reference_count: The number of places of use.
    """

    block_name: str
    source_count: int
    total_reference_count: int
    sources: list[SourceInfo]


class ObjectReferences(msgspec.Struct, rename="camel", frozen=True):
    """The cross references of a data type, tag, constant or tag table."""

    name: str
    source_count: int
    total_reference_count: int
    sources: list[SourceInfo]


def of_block(session: Session, device: str, name: str, which: str = FILTERS[0]) -> BlockReferences:
    """Return the uses of a block and the objects that it uses.

    Args:
        session: The portal.
        device: The PLC.
        name: The block.
        which: One of FILTERS.

    Raises:
        Problem: No such block.
    """
    block, _ = blocks.find(session, device, name)
    sources = _sources(session, device, block, which)
    return BlockReferences(str(block.Name), len(sources), _total(sources), sources)


def of_udt(session: Session, device: str, name: str, which: str = FILTERS[0]) -> ObjectReferences:
    """Return the uses of a data type and the objects that it uses."""
    udt, _ = udts.find(session, device, name)
    return _answer(session, device, udt, which)


def of_tag(session: Session, device: str, name: str, which: str = FILTERS[0]) -> ObjectReferences:
    """Return the uses of a tag or user constant in any table.

    Raises:
        Problem: There is none of that name.
    """
    return _answer(session, device, _row(session, device, name), which)


def of_table(session: Session, device: str, name: str, which: str = FILTERS[0]) -> ObjectReferences:
    """Return the uses of the tags and user constants of a tag table."""
    table, _ = tag_tables.find(session, device, name)
    return _answer(session, device, table, which)


def _answer(session: Session, device: str, thing: Any, which: str) -> ObjectReferences:
    sources = _sources(session, device, thing, which)
    return ObjectReferences(str(thing.Name), len(sources), _total(sources), sources)


def _row(session: Session, device: str, name: str) -> Any:
    for table, _ in groups.walk(plc(session, device).TagTableGroup, tag_tables.TABLES):
        found = table.Tags.Find(name)
        found = table.UserConstants.Find(name) if found is None else found
        if found is not None:
            return found
    raise not_found("tag", name, device=device)


def _sources(session: Session, device: str, thing: Any, which: str) -> list[SourceInfo]:
    """Return TIA Portal's list of an object or table; where it offers none, the one of the exported program."""
    offered = session.model.has("CrossReferenceService")
    lister = service(thing, session.model.CrossReferenceService) if offered else None
    if lister is None:
        return list(_compute(session, device, _names(thing), which))
    with refused_as("cross_references.refused", Kind.REFUSED, device=device, object=str(thing.Name)):
        result = lister.GetCrossReferences(enum(session.model, "CrossReferenceFilter", which))
        return [each for source in result.Sources for each in _list_sources(source)]


def _names(thing: Any) -> list[str]:
    """Return the name of an object, or those of a table's rows."""
    if not hasattr(thing, "UserConstants"):
        return [str(thing.Name)]
    return [str(row.Name) for rows in (thing.Tags, thing.UserConstants) for row in rows]


def _list_sources(source: Any) -> Iterator[SourceInfo]:
    references = [_reference(each) for each in source.References]
    yield SourceInfo(
        str(source.Name), str(source.TypeName), str(source.Address), str(source.Device), str(source.Path), references
    )
    for child in source.Children:
        yield from _list_sources(child)


def _reference(found: Any) -> ReferenceInfo:
    locations = [
        _location(str(each.ReferenceLocation), enum_name(each.ReferenceType), enum_name(each.Access), str(each.Name))
        for each in found.Locations
    ]
    return ReferenceInfo(
        str(found.Name), str(found.TypeName), str(found.Address), str(found.Device), str(found.Path), locations
    )


def _location(text: str, kind: str, access: str, name: str) -> LocationInfo:
    return LocationInfo(text, kind, _WIRE.get(access, access), name)


def _total(sources: list[SourceInfo]) -> int:
    return sum(len(reference.locations) for source in sources for reference in source.reference_objects)


def _compute(session: Session, device: str, names: list[str], which: str) -> Iterator[SourceInfo]:
    from openness_bridge.program import program_reading

    reading = program_reading.read(session, device)
    pending = [source for name in names for source in reading.cross_references(name, which)][::-1]
    while pending:
        source = pending.pop()
        references = [
            ReferenceInfo(
                **_thing(each.thing, reading.name),
                locations=[_location(at.text, at.reference_type, at.access, at.name) for at in each.locations],
            )
            for each in source.references
        ]
        yield SourceInfo(**_thing(source.thing, reading.name), reference_objects=references)
        pending += reversed(source.children)


def _thing(thing: Any, device: str) -> dict[str, Any]:
    shown = {"name": thing.name, "type_name": thing.type_name, "address": thing.address, "path": thing.path}
    return shown | {"device": device if thing.path else ""}
