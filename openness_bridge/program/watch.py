"""Lists, reads, makes, deletes, imports and exports watch tables and the force table of a PLC.

A PLC has exactly one force table, which can neither be made nor deleted. Rows are
read-only objects that can be deleted; only comment rows can be made by a call,
an import makes all others. Facts: docs/facts/openness-program.md#watch-and-force-tables,
docs/facts/openness.md#what-openness-cannot-do.
"""

from __future__ import annotations

from typing import Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import WatchFormat, WatchTrigger
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.groups import Names
from openness_bridge.lookup import plc, program_of
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import imports
from openness_bridge.values import enum, enum_name, fi

WATCH = "WatchTables"


class WatchTableInfo(msgspec.Struct, rename="camel", frozen=True):
    """A watch table or the force table.

    Attributes:
        folder: Names of its folders, joined by /; a slash in a name is %2F.
    """

    name: str
    entry_count: int
    is_consistent: bool
    folder: str


class Row(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """A row. One without name and address is a comment.

    Attributes:
        number: 1-based place in the table.
        name: The operand's symbol as TIA Portal writes it, with quotes.
        address: The operand's address, such as %I0.0.
    """

    number: int
    name: str = ""
    address: str = ""
    display_format: WatchFormat = ""
    monitor_trigger: WatchTrigger = ""
    modify_trigger: WatchTrigger = ""
    modify_value: str = ""
    modify_intention: bool = False
    force_value: str = ""
    force_intention: bool = False


# -- watch tables -------------------------------------------------------------------------


def list_watch(session: Session, device: str) -> list[WatchTableInfo]:
    """Return all watch tables of a device, from all its folders; none where it has no program, such as a panel."""
    software = program_of(session, device)
    found = groups.walk(software.WatchAndForceTableGroup, WATCH) if software else ()
    return [info(table, folder) for table, folder in found]


def find_watch(session: Session, device: str, name: str) -> tuple[Any, Names]:
    """Return a watch table by its path (folders and name), or by its name when only one has it.

    Raises:
        Problem: There is none, or there are several of that name.
    """
    root = _root(session, device)
    *above, last = groups.split(name) or ("",)
    folder = groups.folder(root, groups.join(tuple(above)))
    table = None if folder is None else folder.WatchTables.Find(last)
    if table is not None:
        return table, tuple(above)
    found = list(groups.find_all(root, WATCH, name))
    if not found:
        raise not_found("watch table", name, device=device, table=name)
    if len(found) > 1:
        paths = ", ".join(groups.join((*names, str(each.Name))) for each, names in found)
        msg = f"Several watch tables have the name '{name}': name one of them with its folder: {paths}."
        raise Problem("watch_table.ambiguous", msg, kind=Kind.CONFLICT).at(device=device, table=name)
    return found[0]


def create(session: Session, device: str, name: str, folder: str = "") -> WatchTableInfo:
    """Make an empty watch table; its folder is made where it is missing.

    Raises:
        Problem: The name is used in that folder, or refused.
    """
    root = _root(session, device)
    group = groups.folder(root, folder)
    if group is not None and group.WatchTables.Find(name) is not None:
        msg = f"A watch table '{name}' exists already: choose another name or folder."
        raise Problem("watch_table.exists", msg, kind=Kind.CONFLICT).at(device=device, table=name)
    with (
        transaction(session, f"Create {name}"),
        refused_as("watch_table.refused", Kind.REFUSED, device=device, table=name),
    ):
        made = groups.find_or_create(root, folder, device).WatchTables.Create(name)
    return info(made, groups.split(folder))


def delete(session: Session, device: str, name: str) -> WatchTableInfo:
    """Delete a watch table with its rows; returns the deleted table."""
    table, folder = find_watch(session, device, name)
    gone = info(table, folder)
    with refused_as("watch_table.delete_refused", Kind.CONFLICT, device=device, table=name):
        table.Delete()
    return gone


def create_folder(session: Session, device: str, path: str) -> None:
    """Make a folder for watch tables."""
    with transaction(session, f"Create folder {path}"):
        groups.create(_root(session, device), path, device)


def delete_folder(session: Session, device: str, path: str, *, force: bool) -> list[groups.Listed]:
    """Delete a folder of watch tables; one that is not empty only with force. Returns it and its content."""
    return groups.delete(_root(session, device), path, WATCH, device, force=force)


# -- the force table ----------------------------------------------------------------------


def list_force(session: Session, device: str) -> list[WatchTableInfo]:
    """Return the force table of a PLC, as a list of one."""
    return [info(table, ()) for table in _root(session, device).ForceTables]


def find_force(session: Session, device: str, name: str) -> Any:
    """Return the force table by its name, which depends on the language of TIA Portal.

    Raises:
        Problem: It has another name.
    """
    table = _root(session, device).ForceTables.Find(name)
    if table is None:
        raise not_found("force table", name, device=device, table=name)
    return table


# -- content ------------------------------------------------------------------------------


def info(table: Any, folder: Names) -> WatchTableInfo:
    """Return the known facts about a table without its rows."""
    return WatchTableInfo(
        name=str(table.Name),
        entry_count=int(table.Entries.Count),
        is_consistent=bool(table.IsConsistent),
        folder=groups.join(folder),
    )


def rows(table: Any) -> list[Row]:
    """Return the rows of a table; no live values, and for the force table the configured rows, not the active."""
    return [_row(entry, number) for number, entry in enumerate(table.Entries, 1)]


def export_xml(session: Session, table: Any, device: str) -> bytes:
    """Return a table as SimaticML."""
    name = str(table.Name)
    with temporary(".xml") as path, refused_as("watch_table.export_refused", Kind.CONFLICT, device=device, table=name):
        table.Export(fi(session.model, path), enum(session.model, "ExportOptions", "WithDefaults"))
        return path.read_bytes()


def replace(session: Session, device: str, kind: str, xml: bytes, folder: Names) -> Any:
    """Import a table in place of the one of its name and folder; returns the new handle; the old one is dead."""
    return imports.import_xml(session, device, kind, xml, groups.join(folder), override=True)[0]


def remove_rows(session: Session, table: Any, numbers: set[int]) -> None:
    """Delete rows by their 1-based numbers, from the last to the first, all or none."""
    entries = list(table.Entries)
    with (
        transaction(session, f"Remove rows of {table.Name}"),
        refused_as("watch_table.entry_refused", Kind.CONFLICT, table=str(table.Name)),
    ):
        for number in sorted(numbers, reverse=True):
            entries[number - 1].Delete()


def _root(session: Session, device: str) -> Any:
    return plc(session, device).WatchAndForceTableGroup


def _row(entry: Any, number: int) -> Row:
    """Return one row.

    Raises:
        Problem: Before V17 the object model has the rows, but not their content.
    """
    kind = type(entry).__name__
    if kind not in ("PlcWatchTableEntry", "PlcForceTableEntry"):
        return Row(number=number)
    try:
        start = Row(
            number=number,
            name=str(entry.Name),
            address=str(entry.Address),
            display_format=enum_name(entry.DisplayFormat),
            monitor_trigger=enum_name(entry.MonitorTrigger),
        )
    except AttributeError as error:
        msg = "Rows of tables can be read from TIA Portal V17 on: export the table instead."
        raise Problem("watch_table.rows_not_readable", msg, kind=Kind.UNSUPPORTED) from error
    if kind == "PlcForceTableEntry":
        return msgspec.structs.replace(
            start, force_value=str(entry.ForceValue), force_intention=bool(entry.ForceIntention)
        )
    return msgspec.structs.replace(
        start,
        modify_trigger=enum_name(entry.ModifyTrigger),
        modify_value=str(entry.ModifyValue),
        modify_intention=bool(entry.ModifyIntention),
    )
