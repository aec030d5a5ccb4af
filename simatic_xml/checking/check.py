"""What TIA Portal would refuse in a document, found without a TIA Portal and without its schemas."""

from collections.abc import Iterator

from simatic_xml.checking.interface import check_block_interface, check_name, check_type_members
from simatic_xml.checking.problem import Problem
from simatic_xml.model import Block, Document, Opaque, PlcObject, PlcType, Tag, TagTable, UserConstant, WatchTable
from simatic_xml.model.blocks import CODE_BLOCKS

HIGHEST_NUMBER = 65535
"""Highest block number. Facts: behaviour of TIA Portal."""


def check(document: Document) -> list[Problem]:
    """Check a document: names, interfaces, networks, tags.

    Whether names outside the document exist is not checked; that takes the whole program.

    Returns:
        The findings in the order of the document; empty for one that is as TIA Portal writes it.
    """
    return list(_document(document))


def _document(document: Document) -> Iterator[Problem]:
    for path in document.unknown:
        message = f"TIA Portal is not known to write the element {path}; check its name."
        yield Problem("warning", "unknown-element", message)
    seen: set[tuple[str, str]] = set()
    for index, node in enumerate(document.objects):
        pointer = f"/objects/{index}" if len(document.objects) != 1 else ""
        yield from _object(node, pointer)
        key = (_name_space(node), node.name.casefold())
        if key in seen and not isinstance(node, Opaque):
            message = f"The document has two objects with the name {node.name!r}; rename one."
            yield Problem("error", "duplicate-object", message, node.name, pointer)
        seen.add(key)


def _name_space(node: PlcObject) -> str:
    """Return what a name must be unique among; blocks and PLC data types share their names."""
    return "program" if isinstance(node, Block | PlcType) else node.kind


def _object(node: PlcObject, pointer: str) -> Iterator[Problem]:
    if not isinstance(node, Opaque):
        yield from check_name(node.name, node.kind, node.name, pointer)
    match node:
        case Block():
            yield from _block(node, pointer)
        case PlcType():
            yield from check_type_members(node, pointer)
        case TagTable():
            yield from _tag_table(node, pointer)
        case WatchTable():
            yield from _watch_table(node, pointer)


def _block(block: Block, pointer: str) -> Iterator[Problem]:
    if block.number is not None and not 0 <= block.number <= HIGHEST_NUMBER:
        message = f"The number {block.number} is not possible; choose one up to {HIGHEST_NUMBER}."
        yield Problem("error", "number", message, block.name, f"{pointer}/number")
    if block.kind == "InstanceDB" and not block.instance_of:
        message = "The instance data block names no function block or data type; add one."
        yield Problem("error", "instance-of", message, block.name, pointer)
    if block.networks and block.kind not in CODE_BLOCKS:
        message = f"A block of the kind {block.kind} has no networks; remove them."
        yield Problem("error", "networks", message, block.name, f"{pointer}/networks")
    yield from check_block_interface(block, pointer)
    if block.networks:
        from simatic_xml.checking.networks import check_networks  # loads the languages, which few callers need

        yield from check_networks(block, pointer)


def _tag_table(table: TagTable, pointer: str) -> Iterator[Problem]:
    """Check tags and user constants, which share their names."""
    rows: list[tuple[str, str, Tag | UserConstant]] = [
        *((f"{pointer}/tags/{index}", "tag", tag) for index, tag in enumerate(table.tags)),
        *((f"{pointer}/constants/{index}", "constant", each) for index, each in enumerate(table.constants)),
    ]
    seen: set[str] = set()
    for place, what, row in rows:
        yield from check_name(row.name, what, table.name, place)
        if row.name.casefold() in seen:
            message = f"{row.name!r} is already in the table; names that differ only in case are the same. Rename one."
            yield Problem("error", "duplicate-tag", message, table.name, place)
        seen.add(row.name.casefold())
        if not row.data_type:
            yield Problem("error", "missing-type", f"{row.name!r} has no data type; add one.", table.name, place)


def _watch_table(table: WatchTable, pointer: str) -> Iterator[Problem]:
    for index, entry in enumerate(table.entries):
        if not entry.name and not entry.address and not any(entry.comment.values()):
            message = "The row has neither a name nor an address; add one of them, or remove the row."
            yield Problem("warning", "empty-row", message, table.name, f"{pointer}/entries/{index}")
