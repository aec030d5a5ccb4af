"""Compare two documents: their objects by name, and each object by its kind."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from simatic_xml.diff.changes import Change, Diff, Kind
from simatic_xml.diff.common import attributes, beyond, format_flag, texts
from simatic_xml.diff.lines import compare_lines
from simatic_xml.diff.matching import Matches, match
from simatic_xml.diff.members import compare_members, compare_sections
from simatic_xml.diff.plain_xml import xml_lines
from simatic_xml.diff.tables import compare_tag_tables, compare_watch_tables
from simatic_xml.files import load
from simatic_xml.model import Block, Document, Opaque, PlcObject, PlcType, TagTable, WatchTable

Readable = Document | bytes | str | Path


def diff(before: Readable, after: Readable) -> Diff:
    """Compare two documents.

    Objects are matched by name; where each document has just one, of the same kind, these are compared in any case.
    Networks are matched by what they say, not by number.

    Args:
        before: A document, the content of a file, or its path.
        after: Another one.

    Raises:
        SimaticMLError: A file is no SimaticML, or not safe to read.
        OSError: A file cannot be read.
    """
    return Diff(list(_documents(_to_document(before), _to_document(after))))


def _to_document(source: Readable) -> Document:
    return source if isinstance(source, Document) else load(source)


def _documents(before: Document, after: Document) -> Iterator[Change]:
    versions = before.engineering, after.engineering
    if before.objects and after.objects and versions[0] != versions[1]:
        yield Change("Document", Kind.ATTRIBUTE_CHANGED, *versions, detail="TIA Portal")
    yield from beyond("Document", before.extra, after.extra)
    matched = _match_objects(before.objects, after.objects)
    for node in matched.removed:
        yield Change(node.name, Kind.OBJECT_REMOVED, node.kind)
    for node in matched.added:
        yield Change(node.name, Kind.OBJECT_ADDED, None, node.kind)
    for old, new in matched.pairs:
        yield from _objects(old, new)


def _match_objects(before: list[PlcObject], after: list[PlcObject]) -> Matches[PlcObject]:
    if len(before) == len(after) == 1 and _family(before[0]) == _family(after[0]):
        return Matches([(before[0], after[0])])
    return match(before, after, lambda node: (_family(node), node.name))


def _family(node: PlcObject) -> str:
    """Return what can be compared with each other: all blocks, tables of one kind..."""
    return "block" if isinstance(node, Block) else node.kind


def _objects(old: PlcObject, new: PlcObject) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(new.name, Kind.OBJECT_RENAMED, old.name, new.name)
    match old, new:
        case Block(), Block():
            yield from _blocks(old, new)
        case PlcType(), PlcType():
            yield from _types(old, new)
        case TagTable(), TagTable():
            yield from compare_tag_tables(new.name, old, new)
        case WatchTable(), WatchTable():
            yield from compare_watch_tables(new.name, old, new)
        case Opaque(), Opaque():
            yield from compare_lines(new.name, xml_lines(old.element), xml_lines(new.element))


def _blocks(old: Block, new: Block) -> Iterator[Change]:
    yield from attributes(new.name, _properties(old), _properties(new))
    yield from _compare_common(old, new)
    yield from compare_sections(new.name, old.interface, new.interface)
    if old.networks or new.networks:
        from simatic_xml.diff.networks import compare_networks  # loads the languages, which few callers need

        yield from compare_networks(new.name, old.networks, new.networks)


def _properties(block: Block) -> dict[str, str | None]:
    return {
        "kind": block.kind,
        "number": None if block.number is None else str(block.number),
        "automatic number": format_flag(block.auto_number),
        "language": block.language,
        "memory layout": block.memory_layout,
        "event class": block.secondary_type,
        "instance of": block.instance_of,
        "instance of type": block.instance_of_type,
    }


def _types(old: PlcType, new: PlcType) -> Iterator[Change]:
    yield from _compare_common(old, new)
    yield from compare_members(f"{new.name}/", old.members, new.members)


def _compare_common(old: Block | PlcType, new: Block | PlcType) -> Iterator[Change]:
    """Compare what blocks and data types have in common."""
    yield from attributes(new.name, old.attributes, new.attributes)
    yield from texts(new.name, Kind.TITLE_CHANGED, old.title, new.title)
    yield from texts(new.name, Kind.COMMENT_CHANGED, old.comment, new.comment)
    yield from _parts(new.name, old.parts, new.parts)
    yield from beyond(new.name, old.extra, new.extra)


def _parts(path: str, before: Mapping[str, etree._Element], after: Mapping[str, etree._Element]) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        old, new = (xml_lines(parts[name]) if name in parts else [] for parts in (before, after))
        yield from compare_lines(f"{path}/{name}", old, new)
