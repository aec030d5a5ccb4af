"""Rows of watch and force tables: read, added, removed, cleared, imported.

Rows with operands come only with an import, so the table is exported, gets its
new rows and is imported in its place; so are comment rows, for the row that a call
makes has no member for its text (openness_bridge/manifest).
Facts: docs/facts/openness-program.md#watch-and-force-tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec

import simatic_xml
from engineering_api.features.blocks.documents import parse
from engineering_api.features.watch.watch_tags import Entry, named_tags
from engineering_api.operations.fields import Model, named
from openness_bridge import groups
from openness_bridge.enumerations import DisplayFormat, Trigger, one_of, values_of
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.groups import Names
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import imports, watch
from openness_bridge.program.watch import Row, WatchTableInfo
from openness_bridge.project import texts
from simatic_xml import Document, ForceTable, WatchEntry, WatchTable

FORMATS = tuple(each for each in values_of(DisplayFormat) if each != "Undef")
TRIGGERS = tuple(each for each in values_of(Trigger) if each != "Undef")
_BIT = re.compile(r"^%?(?:[IQME]\d+\.[0-7]|DB\d+\.DBX\d+\.[0-7])(?::P)?$", re.IGNORECASE)


RowFormat = Annotated[str, one_of("RowFormat", *FORMATS)]
RowTrigger = Annotated[str, one_of("RowTrigger", *TRIGGERS)]


class NewEntry(Model):
    """A row to add: an operand by name or address, or only a comment."""

    name: Annotated[
        str,
        named(
            'Symbol of the operand, such as "bStart" or "Motor_DB".speed, with or without quotes.', "tagName", "symbol"
        ),
    ] = ""
    address: Annotated[str, named("Address of the operand, such as %I0.0; a row with a name takes its tag's.")] = ""
    display_format: Annotated[RowFormat | None, named("How the value is shown.", "format")] = None
    monitor_trigger: Annotated[RowTrigger | None, named("When the value is read.")] = None
    modify_trigger: Annotated[RowTrigger | None, named("When the value is written.")] = None
    modify_value: Annotated[str | int | float | bool | None, named("The value to be written.")] = None
    modify_intention: Annotated[bool | None, named("Whether the row is marked for writing.")] = None
    comment: Annotated[str, named("Comment in the project's editing language.")] = ""


class TableContent(Model):
    """A table with its rows."""

    name: str
    folder: str
    is_consistent: bool
    entry_count: int
    entries: list[Entry]


def read(session: Session, device: str, table: Any, folder: Names) -> TableContent:
    """Return a table with its rows: their operands from the objects, their comments from one export."""
    about = watch.info(table, folder)
    culture = texts.editing_culture(session)
    comments = [row.comment.get(culture, "") for row in _export(session, device, table)[1].entries]
    rows = watch.rows(table)
    paired = zip(rows, comments if len(comments) == len(rows) else [""] * len(rows), strict=True)
    return TableContent(
        name=about.name,
        folder=about.folder,
        is_consistent=about.is_consistent,
        entry_count=about.entry_count,
        entries=named_tags(session, device, [_entry(row, comment) for row, comment in paired]),
    )


def add(session: Session, device: str, name: str, entries: list[NewEntry]) -> TableContent:
    """Append rows to a watch table, which keeps its folder: all or none. On the portal's thread.

    Raises:
        Problem: No such table, or a row cannot be; with a pointer to it.
    """
    table, folder = watch.find_watch(session, device, name)
    culture = texts.editing_culture(session)
    rows = [_row(entry, culture, f"/entries/{index}") for index, entry in enumerate(entries)]
    with transaction(session, f"Add rows to {table.Name}"):
        table = _with_rows(session, device, table, folder, rows)
    return read(session, device, table, folder)


def remove(session: Session, device: str, name: str, operands: list[str], numbers: list[int]) -> TableContent:
    """Remove rows of a watch table by operand or number: all of them, or none. On the portal's thread.

    Args:
        session: The portal.
        device: The PLC.
        name: The table.
        operands: Names or addresses; every row with one of them goes.
        numbers: 1-based places.

    Raises:
        Problem: No such table, or something named is not in it.
    """
    table, folder = watch.find_watch(session, device, name)
    rows = watch.rows(table)
    found = {operand: {row.number for row in rows if _is_named(row, operand)} for operand in operands}
    missing = [operand for operand, where in found.items() if not where]
    missing += [str(number) for number in numbers if not 1 <= number <= len(rows)]
    if missing:
        details = [Detail("entry.not_found", f"There is no row '{one}'.") for one in missing]
        msg = f"The table '{table.Name}' has no row {', '.join(missing)}: nothing was removed."
        raise Problem(
            "entry.not_found", msg, kind=Kind.MISSING, place=Place(device=device, table=name), details=details
        )
    watch.remove_rows(session, table, set(numbers).union(*found.values()))
    return read(session, device, table, folder)


def clear(session: Session, device: str, name: str) -> TableContent:
    """Remove all rows of a watch table. On the portal's thread."""
    table, folder = watch.find_watch(session, device, name)
    watch.remove_rows(session, table, set(range(1, int(table.Entries.Count) + 1)))
    return read(session, device, table, folder)


def clear_force(session: Session, device: str, name: str) -> TableContent:
    """Empty the force table: an empty one is imported in its place. On the portal's thread."""
    table = watch.find_force(session, device, name)
    empty = Document(f"V{session.model.version}", [ForceTable(str(table.Name))])
    with transaction(session, f"Clear {table.Name}"):
        table = watch.replace(session, device, "ForceTable", simatic_xml.dump(empty), ())
    return read(session, device, table, ())


def kind_of(found: Iterable[str], folder: str) -> str:
    """Return the kind of the tables of a file, by the kinds of its objects.

    Raises:
        Problem: It holds anything else or both kinds, or a force table for a folder.
    """
    kinds = set(found)
    if len(kinds) != 1 or not kinds <= {"WatchTable", "ForceTable"}:
        msg = f"The file holds {', '.join(sorted(kinds)) or 'nothing'}: import watch tables, or a force table, alone."
        raise Problem("watch_table.wrong_kind", msg)
    kind = kinds.pop()
    if kind == "ForceTable" and folder:
        msg = "The force table is in the root folder: leave the folder out."
        raise Problem("force_table.folder", msg, kind=Kind.INVALID, place=Place(pointer="/folder"))
    return kind


def import_tables(
    session: Session, device: str, kind: str, xml: bytes, folder: str, *, override: bool
) -> list[WatchTableInfo]:
    """Import the watch tables or the force table of a file, all or none. On the portal's thread.

    Raises:
        Problem: TIA Portal refuses it.
    """
    with transaction(session, "Import watch and force tables"):
        made = imports.import_xml(session, device, kind, xml, folder, override=override)
        return [watch.info(table, groups.split(folder)) for table in made]


def _with_rows(session: Session, device: str, table: Any, folder: Names, rows: list[WatchEntry]) -> Any:
    document, content = _export(session, device, table)
    content.entries.extend(rows)
    return watch.replace(session, device, content.kind, simatic_xml.dump(document), folder)


def _export(session: Session, device: str, table: Any) -> tuple[Document, WatchTable]:
    document = parse(watch.export_xml(session, table, device))
    return document, next(item for item in document.objects if isinstance(item, WatchTable))


def _entry(row: Row, comment: str) -> Entry:
    kind = "Operand" if row.name or row.address else "Comment"
    return Entry(**msgspec.structs.asdict(row), kind=kind, comment=comment)


def _row(entry: NewEntry, culture: str, pointer: str) -> WatchEntry:
    """Return the row in SimaticML; one with a name has no address there, because its tag has it."""
    comment = {culture: entry.comment} if entry.comment else {}
    if not entry.name and not entry.address:
        if not comment or list(_attributes(entry, pointer)) or entry.display_format:
            msg = "A row needs a name or an address, or else a comment alone."
            raise Problem("entry.no_operand", msg, place=Place(pointer=pointer))
        return WatchEntry(comment=comment)
    shown = _spell(entry.display_format, FORMATS, f"{pointer}/displayFormat")
    if shown is None and not entry.name and _BIT.match(entry.address):
        shown = "Bool"
    name, address = (quote(entry.name), None) if entry.name else (None, _absolute(entry.address))
    return WatchEntry(name, address, shown, comment, dict(_attributes(entry, pointer)))


def _attributes(entry: NewEntry, pointer: str) -> Iterator[tuple[str, str]]:
    triggers = {"MonitorTrigger": entry.monitor_trigger, "ModifyTrigger": entry.modify_trigger}
    for name, value in triggers.items():
        known = _spell(value, TRIGGERS, f"{pointer}/{name[0].lower()}{name[1:]}")
        if known is not None:
            yield name, known
    if entry.modify_value is not None:
        written = entry.modify_value
        yield "ModifyValue", str(written).lower() if isinstance(written, bool) else str(written)
    if entry.modify_intention is not None:
        yield "ModifyIntention", str(entry.modify_intention).lower()


def quote(name: str) -> str:
    """Return a symbol as TIA Portal writes it: the name of the tag or data block in quotes."""
    if '"' in name:
        return name
    first, dot, rest = name.partition(".")
    return f'"{first}"{dot}{rest}'


def _absolute(address: str) -> str:
    return address if address.startswith("%") else f"%{address}"


def _spell(value: str | None, names: tuple[str, ...], pointer: str) -> str | None:
    if value is None:
        return None
    found = next((name for name in names if name.casefold() == value.casefold()), None)
    if found is None:
        msg = f"'{value}' is not known: use one of {', '.join(names)}."
        raise Problem("entry.value", msg, kind=Kind.INVALID, place=Place(pointer=pointer))
    return found


def _is_named(row: Row, operand: str) -> bool:
    wanted = {operand.casefold(), quote(operand).casefold(), _absolute(operand).casefold()}
    return bool({row.name.casefold(), row.address.casefold()} & wanted)
