"""Imports one SimaticML file of any kind to where its kind belongs.

Openness has an Import at each collection and takes only its own kind there. Several
files share the transaction of the caller, if there is one.
Facts: docs/facts/openness.md#import-and-export-options, docs/facts/openness-program.md#blocks,
docs/facts/openness-program.md#data-types, docs/facts/openness-program.md#tags-and-constants,
docs/facts/openness-program.md#watch-and-force-tables, docs/facts/technology-objects.md#files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openness_bridge import groups
from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.files import temporary
from openness_bridge.importing import Languages, import_objects
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction

BLOCK_KINDS = ("OB", "FB", "FC", "GlobalDB", "InstanceDB", "ArrayDB")


@dataclass(frozen=True, slots=True)
class Home:
    """The place of objects of a kind.

    Attributes:
        root: The PLC program's member with the root folder.
        collection: The folder's member with the objects.
        code: The problem's code for a refused import.
    """

    root: str
    collection: str
    code: str


_TOLERANT = ("Blocks", "Types")
"""Collections whose Import has SWImportOptions."""
_BLOCKS = Home("BlockGroup", "Blocks", "block.import_refused")
_HOMES = dict.fromkeys(BLOCK_KINDS, _BLOCKS) | {
    "TechnologicalInstanceDB": Home(
        "TechnologicalObjectGroup", "TechnologicalObjects", "technology_object.import_refused"
    ),
    "UDT": Home("TypeGroup", "Types", "udt.import_refused"),
    "TagTable": Home("TagTableGroup", "TagTables", "tag_table.import_refused"),
    "WatchTable": Home("WatchAndForceTableGroup", "WatchTables", "watch_table.import_refused"),
    "ForceTable": Home("WatchAndForceTableGroup", "ForceTables", "force_table.import_refused"),
}

KINDS = frozenset(_HOMES)
"""The kinds of objects of a PLC program, as the JSON form of simatic_xml names them."""


def find_home(kind: str) -> Home:
    """Return the place of objects of a kind, by the kind's name in the JSON form of simatic_xml.

    Raises:
        Problem: Objects of this kind do not belong to a PLC program.
    """
    found = _HOMES.get(kind)
    if found is None:
        msg = f"A {kind} cannot be imported into a PLC: use one of {', '.join(_HOMES)}."
        raise Problem("import.kind", msg)
    return found


def import_xml(
    session: Session,
    device: str,
    kind: str,
    xml: bytes,
    folder: str,
    *,
    override: bool,
    languages: Languages = "activate",
    ignore_missing: bool = False,
) -> list[Any]:
    """Import the objects of a SimaticML file, all of the same kind. On the portal's thread.

    Args:
        session: The portal.
        device: The PLC.
        kind: The kind of the objects.
        xml: The file.
        folder: Folder below the root of the kind, made where it is missing; a force table has none.
        override: Whether objects of the same names in that folder are replaced.
        languages: What happens to texts in languages that are not active in the project.
        ignore_missing: Whether data types and blocks that the objects need may be missing.

    Returns:
        The handles of the objects.

    Raises:
        Problem: TIA Portal refuses the file or the folder.
    """
    where = find_home(kind)
    root = getattr(plc(session, device), where.root)
    require_folders(session, root, below(folder), device)
    with transaction(session, f"Import {kind}"), temporary(".xml") as path:
        group = root if kind == "ForceTable" else groups.find_or_create(root, below(folder), device)
        path.write_bytes(xml)
        with refused_as(where.code, Kind.REFUSED, device=device):
            collection = getattr(group, where.collection)
            return import_objects(
                session,
                collection,
                path,
                override=override,
                languages=languages,
                ignore_missing=ignore_missing and where.collection in _TOLERANT,
            )


def folder_of(session: Session, device: str, kind: str, names: Iterable[str]) -> str:
    """Return the folder of the first object that a file of a kind would replace, where it does not say another one.

    A name is unique in a PLC: an import into another folder is refused, also with Override. On the portal's thread.

    Args:
        session: The portal.
        device: The PLC.
        kind: The kind of the objects.
        names: Those of the objects in the file, in their order.

    Returns:
        Its path below the root of the kind; empty for the root, and where the PLC has none of the objects.
    """
    where = find_home(kind)
    root = getattr(plc(session, device), where.root)
    found = (folder for name in names for _, folder in groups.find_all(root, where.collection, name))
    return groups.join(next(found, ()))


def require_folders(session: Session, root: Any, folder: str, device: str) -> None:
    """Refuse a folder of technology objects in a TIA Portal that has none.

    Raises:
        Problem: A folder is named, and the root has no folders.
    """
    if folder and not hasattr(root, "Groups"):
        msg = f"TIA Portal V{session.model.version} has no folders of technology objects: leave the folder out, or use V21."
        raise Problem("technology_object.no_folders", msg, kind=Kind.UNSUPPORTED).at(device=device)


def below(folder: str) -> str:
    """Return a folder path without the root's name, which clients may put first."""
    return groups.join(names[1:] if (names := groups.split(folder))[:1] == ("Program blocks",) else names)
