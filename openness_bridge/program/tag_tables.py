"""Lists, makes, renames, deletes, imports and exports tag tables of a PLC.

A name identifies a table in any folder, because a name occurs once in a PLC; a path (folders and name) works as well.
An import with Override replaces the table in its own folder and kills the old handle.
Facts: docs/facts/openness.md#import-and-export-options, docs/facts/openness-program.md#tags-and-constants,
docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

import simatic_xml
from openness_bridge import groups
from openness_bridge.attributes import writable
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.groups import Names
from openness_bridge.importing import Languages, import_objects
from openness_bridge.lookup import plc, program_of
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import enum, fi, moment, set_attribute
from simatic_xml import TagTable

Report = Callable[[float, str], None]
TABLES = "TagTables"


TableNodeKind = Annotated[str, one_of("TableNodeKind", "Folder", "UserFolder", "TagTable")]


class TableInfo(msgspec.Struct, rename="camel", frozen=True):
    """A tag table.

    Attributes:
        folder: Names of its folders from the root, joined by /; a slash in a name is %2F.
    """

    name: str
    tag_count: int
    is_default: bool
    folder: str
    user_constant_count: int
    system_constant_count: int
    modified_date: str | None


class TableNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder or table of the tree."""

    name: str
    node_type: TableNodeKind
    is_folder: bool
    children: list[TableNode] = []
    table_info: TableInfo | None = None


@dataclass(frozen=True, slots=True)
class TableFile:
    """A tag table as SimaticML, and the folders that it belongs in."""

    name: str
    folder: Names
    is_default: bool
    xml: bytes


def list_tables(session: Session, device: str) -> list[TableInfo]:
    """Return all tag tables of a device, from all its folders; none where it has no program, such as a panel."""
    software = program_of(session, device)
    found = groups.walk(software.TagTableGroup, TABLES) if software else ()
    return [_info(table, folder) for table, folder in found]


def tree(session: Session, device: str) -> TableNode:
    """Return the folders of a PLC with their tag tables."""
    return _node(plc(session, device).TagTableGroup, ())


def find(session: Session, device: str, name: str) -> tuple[Any, Names]:
    """Return a tag table by its name or path, with the names of its folders.

    Raises:
        Problem: There is none.
    """
    root = plc(session, device).TagTableGroup
    found = next(groups.find_all(root, TABLES, name), None)
    if found is not None:
        return found
    *above, last = groups.split(name) or ("",)
    folder = groups.folder(root, groups.join(tuple(above))) if above else None
    table = None if folder is None else folder.TagTables.Find(last)
    if table is None:
        known = (str(each.Name) for each, _ in groups.walk(root, TABLES))
        raise not_found("tag table", name, known, device=device, table=name)
    return table, tuple(above)


def find_or_default(session: Session, device: str, name: str | None) -> tuple[Any, Names]:
    """Return a table as `find`, or the PLC's default table, whose name depends on TIA Portal's language."""
    if name is not None:
        return find(session, device, name)
    return next(found for found in groups.walk(plc(session, device).TagTableGroup, TABLES) if found[0].IsDefault)


def describe(session: Session, device: str, name: str) -> TableInfo:
    """Return the known facts about a tag table without its content."""
    return _info(*find(session, device, name))


def create(session: Session, device: str, name: str, folder: str = "") -> TableInfo:
    """Make an empty tag table; its folder is made where it is missing.

    Raises:
        Problem: The name is used in this PLC, or TIA Portal refuses it.
    """
    root = plc(session, device).TagTableGroup
    _require_free(root, name, device)
    with (
        transaction(session, f"Create {name}"),
        refused_as("tag_table.refused", Kind.REFUSED, device=device, table=name),
    ):
        made = groups.find_or_create(root, folder, device).TagTables.Create(name)
    return _info(made, groups.split(folder))


def rename(session: Session, device: str, name: str, new_name: str) -> TableInfo:
    """Give a tag table another name. Before V20 it is exported, imported under that name, and the old one deleted.

    Raises:
        Problem: No such table, the default table, or the name is used or refused.
    """
    table, folder = find(session, device, name)
    _refuse_default(table, "renamed", device)
    if new_name.casefold() != str(table.Name).casefold():
        _require_free(plc(session, device).TagTableGroup, new_name, device)
    with (
        transaction(session, f"Rename {name}"),
        refused_as("tag_table.refused", Kind.REFUSED, device=device, table=name),
    ):
        if writable(session, table, "Name"):
            set_attribute(session.model, table, "Name", new_name)
        else:
            table = _copy(session, device, table, folder, new_name)
    return _info(table, folder)


def delete(session: Session, device: str, name: str) -> TableInfo:
    """Delete a tag table with its tags; returns the deleted table.

    Raises:
        Problem: No such table, or the default table.
    """
    table, folder = find(session, device, name)
    _refuse_default(table, "deleted", device)
    gone = _info(table, folder)
    with refused_as("tag_table.delete_refused", Kind.CONFLICT, device=device, table=name):
        table.Delete()
    return gone


def create_folder(session: Session, device: str, path: str) -> None:
    """Make a folder for tag tables."""
    with transaction(session, f"Create folder {path}"):
        groups.create(plc(session, device).TagTableGroup, path, device)


def delete_folder(session: Session, device: str, path: str, *, force: bool) -> list[groups.Listed]:
    """Delete a folder of tag tables; one that is not empty only with force. Returns it and its content."""
    return groups.delete(plc(session, device).TagTableGroup, path, TABLES, device, force=force)


# -- SimaticML ----------------------------------------------------------------------------


def export_xml(session: Session, device: str, name: str, options: str = "WithDefaults") -> bytes:
    """Return a tag table as SimaticML."""
    return xml_of(session, find(session, device, name)[0], device, options)


def xml_of(session: Session, table: Any, device: str, options: str = "WithDefaults") -> bytes:
    """Return the SimaticML of a found table: a search for each takes several calls."""
    with temporary(".xml") as path, refused_as("tag_table.export_refused", Kind.CONFLICT, device=device):
        table.Export(fi(session.model, path), enum(session.model, "ExportOptions", options))
        return path.read_bytes()


def content(session: Session, device: str, table: Any) -> TagTable:
    """Return the rows of a table, by one export in place of several calls for each row."""
    document = simatic_xml.load(xml_of(session, table, device, "None"), own=True)
    return next(item for item in document.objects if isinstance(item, TagTable))


def import_file(
    session: Session, device: str, path: Path, folder: str, *, override: bool, languages: Languages = "activate"
) -> list[TableInfo]:
    """Import the tag tables of a SimaticML file into a folder, which is made where it is missing.

    Raises:
        Problem: TIA Portal refuses the file; then it imports nothing.
    """
    group_of = plc(session, device).TagTableGroup
    with transaction(session, f"Import {path.name}"):
        made = _import(
            session,
            groups.find_or_create(group_of, folder, device),
            path,
            device,
            override=override,
            languages=languages,
        )
        return [_info(table, groups.split(folder)) for table in made]


def table_file(session: Session, device: str, name: str) -> TableFile:
    """Return a tag table as SimaticML, with its place."""
    table, folder = find(session, device, name)
    return TableFile(str(table.Name), folder, bool(table.IsDefault), xml_of(session, table, device, "None"))


def replace_all(session: Session, device: str, files: list[TableFile], report: Report) -> None:
    """Replace the tables of the same names, or make them: all in one step, or none.

    Args:
        session: The portal.
        device: The PLC.
        files: The tables, each in its own folder.
        report: Called with the share that is done, from 0 to 1; an exception in it undoes everything.

    Raises:
        Problem: TIA Portal refuses one of them; then nothing is changed.
    """
    root = plc(session, device).TagTableGroup
    with transaction(session, "Import tags"):
        for number, file in enumerate(files):
            report(number / len(files), f"Importing {file.name}")
            group = groups.find_or_create(root, groups.join(file.folder), device)
            with _write_file(file.xml) as path, _add_place(file.name):
                _import(session, group, path, device, override=True)
        report(1, "Imported")


@contextmanager
def _add_place(table: str) -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        raise problem.at(table=table) from problem


@contextmanager
def _write_file(xml: bytes) -> Iterator[Path]:
    with temporary(".xml") as path:
        path.write_bytes(xml)
        yield path


def _import(
    session: Session, group: Any, path: Path, device: str, *, override: bool, languages: Languages = "activate"
) -> Iterable[Any]:
    with refused_as("tag_table.import_refused", Kind.REFUSED, device=device):
        return import_objects(session, group.TagTables, path, override=override, languages=languages)


def _copy(session: Session, device: str, table: Any, folder: Names, name: str) -> Any:
    """Replace a table by its copy under another name: names of tags occur once, so it goes before the copy comes."""
    document = simatic_xml.load(xml_of(session, table, device, "None"), own=True)
    for item in document.objects:
        if isinstance(item, TagTable):
            item.name = name
    table.Delete()
    group = groups.existing(plc(session, device).TagTableGroup, groups.join(folder), device)
    with _write_file(simatic_xml.dump(document)) as path:
        return next(iter(_import(session, group, path, device, override=False)))


def _require_free(root: Any, name: str, device: str) -> None:
    taken = next(groups.find_all(root, TABLES, name), None)
    if taken is not None:
        msg = f"A tag table '{taken[0].Name}' exists already: choose another name."
        raise Problem("tag_table.exists", msg, kind=Kind.CONFLICT, place=Place(device=device, table=name))


def _refuse_default(table: Any, action: str, device: str) -> None:
    if table.IsDefault:
        msg = f"The default tag table cannot be {action}: use another table."
        raise Problem("tag_table.default", msg, kind=Kind.CONFLICT, place=Place(device=device, table=str(table.Name)))


def _node(group: Any, folder: Names) -> TableNode:
    folders = [_node(inner, (*folder, str(inner.Name))) for inner in group.Groups]
    infos = [_info(table, folder) for table in group.TagTables]
    tables = [TableNode(info.name, "TagTable", False, [], info) for info in infos]
    return TableNode(str(group.Name), "UserFolder" if folder else "Folder", True, folders + tables)


def _info(table: Any, folder: Names) -> TableInfo:
    return TableInfo(
        name=str(table.Name),
        tag_count=int(table.Tags.Count),
        is_default=bool(table.IsDefault),
        folder=groups.join(folder),
        user_constant_count=int(table.UserConstants.Count),
        system_constant_count=int(table.SystemConstants.Count),
        modified_date=moment(table.ModifiedTimeStamp),
    )
