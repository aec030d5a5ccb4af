"""Compare tag tables, watch tables and force tables."""

from collections.abc import Iterator

from simatic_xml.diff.changes import Change, Kind
from simatic_xml.diff.common import attributes, beyond, format_flag, texts
from simatic_xml.diff.matching import match, out_of_order
from simatic_xml.model import Tag, TagTable, UserConstant, WatchEntry, WatchTable


def compare_tag_tables(path: str, before: TagTable, after: TagTable) -> Iterator[Change]:
    """Compare tags and user constants by name; the order of a tag table means nothing."""
    yield from attributes(path, before.attributes, after.attributes)
    yield from beyond(path, before.extra, after.extra)
    tags = match(before.tags, after.tags, lambda tag: tag.name)
    for tag in tags.removed:
        yield Change(f"{path}/{tag.name}", Kind.TAG_REMOVED, f"{tag.data_type} {tag.address}".strip())
    for tag in tags.added:
        yield Change(f"{path}/{tag.name}", Kind.TAG_ADDED, None, f"{tag.data_type} {tag.address}".strip())
    for old, new in tags.pairs:
        yield from _row(f"{path}/{new.name}", old, new)
    yield from _constants(path, before, after)


def _constants(path: str, before: TagTable, after: TagTable) -> Iterator[Change]:
    constants = match(before.constants, after.constants, lambda constant: constant.name)
    for each in constants.removed:
        yield Change(f"{path}/{each.name}", Kind.CONSTANT_REMOVED, f"{each.data_type} := {each.value}")
    for each in constants.added:
        yield Change(f"{path}/{each.name}", Kind.CONSTANT_ADDED, None, f"{each.data_type} := {each.value}")
    for old, new in constants.pairs:
        yield from _row(f"{path}/{new.name}", old, new)


def _row(path: str, old: Tag | UserConstant, new: Tag | UserConstant) -> Iterator[Change]:
    if old.data_type != new.data_type:
        yield Change(path, Kind.DATA_TYPE_CHANGED, old.data_type, new.data_type)
    yield from texts(path, Kind.COMMENT_CHANGED, old.comment, new.comment)
    yield from attributes(path, _own(old), _own(new))
    yield from attributes(path, old.attributes, new.attributes)
    yield from beyond(path, old.extra, new.extra)


def _own(row: Tag | UserConstant) -> dict[str, str | None]:
    if isinstance(row, UserConstant):
        return {"value": row.value}
    flags = {
        "external accessible": row.external_accessible,
        "external visible": row.external_visible,
        "external writable": row.external_writable,
    }
    return {"address": row.address} | {name: format_flag(flag is not False) for name, flag in flags.items()}


def compare_watch_tables(path: str, before: WatchTable, after: WatchTable) -> Iterator[Change]:
    """Compare the entries of a watch or force table by operand, and their order."""
    yield from attributes(path, before.attributes, after.attributes)
    yield from beyond(path, before.extra, after.extra)
    matched = match(before.entries, after.entries, _operand)
    for entry in matched.removed:
        yield Change(f"{path}/{_operand(entry)}", Kind.ENTRY_REMOVED)
    for entry in matched.added:
        yield Change(f"{path}/{_operand(entry)}", Kind.ENTRY_ADDED)
    yield from _compare_entries(path, before, after, matched.pairs)


def _compare_entries(
    path: str, before: WatchTable, after: WatchTable, pairs: list[tuple[WatchEntry, WatchEntry]]
) -> Iterator[Change]:
    was = {id(entry): number for number, entry in enumerate(before.entries, start=1)}
    now = {id(entry): number for number, entry in enumerate(after.entries, start=1)}
    moved = out_of_order([was[id(old)] for old, _ in pairs])
    for index, (old, new) in enumerate(pairs):
        place = f"{path}/{_operand(new)}"
        if index in moved:
            yield Change(place, Kind.ENTRY_MOVED, f"row {was[id(old)]}", f"row {now[id(new)]}")
        yield from texts(place, Kind.COMMENT_CHANGED, old.comment, new.comment)
        yield from attributes(place, _entry(old), _entry(new))
        yield from beyond(place, old.extra, new.extra)


def _entry(entry: WatchEntry) -> dict[str, str | None]:
    return {"address": entry.address, "display format": entry.display_format, **entry.attributes}


def _operand(entry: WatchEntry) -> str:
    return entry.name or entry.address or ""
