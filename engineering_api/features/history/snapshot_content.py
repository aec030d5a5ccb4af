"""What a snapshot holds, for people and programs, and what changed since."""

from __future__ import annotations

from typing import Annotated

import msgspec

from engineering_api.features.blocks.block_content import WITH_SOURCE, first_text
from engineering_api.features.blocks.documents import parse, understood
from engineering_api.storage.snapshots import SnapshotInfo
from openness_bridge.enumerations import one_of
from simatic_xml import Block, TagTable, scl
from simatic_xml.diff import diff, to_text
from simatic_xml.diff.changes import Change, Kind
from simatic_xml.model import Tag, UserConstant

ChangeKind = Annotated[str, one_of("ChangeKind", *map(str, Kind))]


class TagEntry(msgspec.Struct, rename="camel", frozen=True):
    """A tag of a tag table."""

    name: str
    data_type: str
    logical_address: str
    comment: str


class ConstantEntry(msgspec.Struct, rename="camel", frozen=True):
    """A user constant of a tag table."""

    name: str
    data_type: str
    value: str
    comment: str


class SnapshotContent(msgspec.Struct, rename="camel", frozen=True):
    """A snapshot with everything in it.

    Attributes:
        raw_xml: The SimaticML, as TIA Portal exported it.
        source_text: The SCL source, for SCL blocks and data blocks.
        listing: The object as plain text, in any language.
        tags: Of a tag table.
        constants: Of a tag table.
    """

    snapshot: SnapshotInfo
    raw_xml: str
    source_text: str | None
    listing: str
    tags: list[TagEntry]
    constants: list[ConstantEntry]


class SnapshotChange(msgspec.Struct, rename="camel", frozen=True):
    """One difference.

    Attributes:
        path: Where, such as Motor/Input/start.
        kind: What happened, such as member-added.
        network: Counted from 1.
        detail: Name of the attribute, pin or language, or the line in the network.
        text: The whole difference as one line.
    """

    path: str
    kind: ChangeKind
    before: str | None
    after: str | None
    network: int | None
    detail: str
    text: str


class Comparison(msgspec.Struct, rename="camel", frozen=True):
    """What changed from one state of an object to another.

    Attributes:
        other: The snapshot that is compared with, or None for the object as it is now.
    """

    snapshot: SnapshotInfo
    other: SnapshotInfo | None
    equal: bool
    changes: list[SnapshotChange]


def content(snapshot: SnapshotInfo, xml: bytes) -> SnapshotContent:
    """Return everything about a snapshot.

    Raises:
        Problem: The stored content is not SimaticML.
    """
    document = parse(xml)
    tables = [item for item in document.objects if isinstance(item, TagTable)]
    with understood():
        return SnapshotContent(
            snapshot=snapshot,
            raw_xml=xml.decode("utf-8-sig"),
            source_text=scl.source(xml) if any(_has_source(item) for item in document.objects) else None,
            listing=to_text(document),
            tags=[_tag(tag) for table in tables for tag in table.tags],
            constants=[_constant(constant) for table in tables for constant in table.constants],
        )


def compare(snapshot: SnapshotInfo, xml: bytes, other: SnapshotInfo | None, other_xml: bytes) -> Comparison:
    """Return what changed from a snapshot to another one, or to the object as it is now.

    Numbers that only the file needs, dates and layout do not count.
    """
    with understood():
        found = diff(xml, other_xml)
    changes = [SnapshotChange(*fields_of(each)) for each in found]
    return Comparison(snapshot, other, not changes, changes)


def fields_of(change: Change) -> tuple[str, ChangeKind, str | None, str | None, int | None, str, str]:
    """Return a difference as the fields of `SnapshotChange`, in their order."""
    return change.path, str(change.kind), change.before, change.after, change.network, change.detail, str(change)


def _has_source(item: object) -> bool:
    return isinstance(item, Block) and item.language in WITH_SOURCE


def _tag(tag: Tag) -> TagEntry:
    return TagEntry(tag.name, tag.data_type, tag.address, first_text(tag.comment))


def _constant(constant: UserConstant) -> ConstantEntry:
    return ConstantEntry(constant.name, constant.data_type, constant.value, first_text(constant.comment))
