"""Lists, exports, imports, renames and deletes program blocks and their folders.

Openness creates only FBs and instance DBs itself; it imports every other block as SimaticML or from a source. Each call
looks a block up again: an import with Override replaces it and the old handle dies.
Facts: docs/facts/openness.md#import-and-export-options, docs/facts/openness-program.md#blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.enumerations import BlockKind, ProgrammingLanguage, one_of, values_of
from openness_bridge.errors import Kind, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.importing import Languages, import_objects
from openness_bridge.lookup import plc, program_of
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import imports, origins
from openness_bridge.program.origins import Origin
from openness_bridge.values import enum, enum_name, fi, moment, set_attribute

ROOT = "Program blocks"
"""What clients see as the name of the root folder."""
SHOWN = ("Name", "Number", "ProgrammingLanguage", "IsConsistent", "IsKnowHowProtected", "ModifiedDate")
"""The attributes of each block in lists."""


ShownBlockKind = Annotated[str, one_of("ShownBlockKind", *values_of(BlockKind), "DB")]
BlockNodeKind = Annotated[str, one_of("BlockNodeKind", "Folder", "UserFolder", *values_of(ShownBlockKind))]
"""The kind of a node in the tree of blocks: the root, another folder, or the kind of a block."""


class BlockInfo(msgspec.Struct, rename="camel", frozen=True):
    """A block.

    Attributes:
        type: OB, FB, FC, GlobalDB, InstanceDB, ArrayDB.
        folder: Names of its folders from "Program blocks", joined by /; a slash in a name is %2F.
    """

    name: str
    type: ShownBlockKind
    number: int
    language: ProgrammingLanguage
    folder: str
    is_consistent: bool
    is_know_how_protected: bool
    modified_date: str | None
    instance_of: str | None = None


class BlockNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder or block of the tree."""

    name: str
    node_type: BlockNodeKind
    is_folder: bool
    children: list[BlockNode] = []
    block_info: BlockInfo | None = None


def list_blocks(session: Session, device: str) -> list[BlockInfo]:
    """Return all blocks of a device, from all its folders; none where it has no program, such as a panel."""
    software = program_of(session, device)
    found = groups.walk(software.BlockGroup, "Blocks") if software else ()
    return [_info(session, block, folder) for block, folder in found]


def tree(session: Session, device: str) -> BlockNode:
    """Return the folders of a device with their blocks; an empty root where it has no program.

    All data blocks are of type DB here, as clients of T-IA Connect expect it.
    """
    software = program_of(session, device)
    return _node(session, software.BlockGroup, ()) if software else BlockNode(ROOT, "Folder", True)


def find(session: Session, device: str, name: str) -> tuple[Any, tuple[str, ...]]:
    """Return a block and the names of its folders.

    Raises:
        Problem: There is no such block.
    """
    found = next(groups.find_all(plc(session, device).BlockGroup, "Blocks", name), None)
    if found is None:
        raise not_found("block", name, _names(session, device), device=device, block=name)
    return found


def _names(session: Session, device: str) -> Iterator[str]:
    return (str(block.Name) for block, _ in groups.walk(plc(session, device).BlockGroup, "Blocks"))


def describe(session: Session, device: str, name: str) -> BlockInfo:
    """Return the known facts about a block without its content."""
    return _info(session, *find(session, device, name))


def find_origin(session: Session, device: str, name: str) -> Origin | None:
    """Return the text that this service made a block of, if nobody has changed the block since.

    Raises:
        Problem: There is no such block.
    """
    return origins.find(session, str(plc(session, device).Name), find(session, device, name)[0])


def export_xml(session: Session, device: str, name: str) -> bytes:
    """Return a block as SimaticML.

    Raises:
        Problem: No such block, or it is inconsistent or protected.
    """
    return xml_of(session, find(session, device, name)[0], device, name)


def xml_of(session: Session, block: Any, device: str, name: str) -> bytes:
    """Return the SimaticML of a found block: a search for each takes several calls."""
    with temporary(".xml") as path:
        _export(session, block, path, device, name)
        return path.read_bytes()


def export_file(session: Session, device: str, name: str, path: Path) -> None:
    """Write a block to a new SimaticML file."""
    _export(session, find(session, device, name)[0], path, device, name)


def import_file(
    session: Session,
    device: str,
    path: Path,
    folder: str,
    *,
    override: bool,
    languages: Languages = "activate",
    ignore_missing: bool = False,
    origin: Origin | None = None,
) -> list[BlockInfo]:
    """Import the blocks of a SimaticML file into a folder, which is made when it is missing.

    Args:
        session: The portal.
        device: The PLC.
        path: The file.
        folder: The folder.
        override: Whether blocks of the same names in that folder are replaced.
        languages: What happens to texts in languages that are not active in the project.
        ignore_missing: Whether data types and blocks that the blocks need may be missing.
        origin: What the client sent, for the places of compile messages.

    Raises:
        Problem: TIA Portal refuses the file; then it imports none of its blocks.
    """
    software = plc(session, device)
    with transaction(session, f"Import {path.name}"):
        group = groups.find_or_create(software.BlockGroup, imports.below(folder), device)
        with refused_as("block.import_refused", Kind.REFUSED, device=device):
            made = import_objects(
                session,
                group.Blocks,
                path,
                override=override,
                languages=languages,
                ignore_missing=ignore_missing,
            )
    found = [_info(session, block, groups.split(imports.below(folder))) for block in made]
    if origin is not None:
        origins.remember(session, str(software.Name), [(each.name, each.modified_date) for each in found], origin)
    return found


def import_xml(
    session: Session, device: str, xml: bytes, folder: str, *, override: bool, origin: Origin | None = None
) -> list[BlockInfo]:
    """Import blocks of SimaticML in memory; its texts must be in active languages."""
    with temporary(".xml") as path:
        path.write_bytes(xml)
        return import_file(session, device, path, folder, override=override, languages="refuse", origin=origin)


def rename(session: Session, device: str, name: str, new_name: str) -> BlockInfo:
    """Give a block another name; calls by text in inconsistent callers are not rewritten."""
    block, folder = find(session, device, name)
    with refused_as("block.rename_refused", Kind.CONFLICT, device=device, block=name):
        set_attribute(session.model, block, "Name", new_name)
    return _info(session, block, folder)


def delete(session: Session, device: str, name: str) -> None:
    """Delete a block; all that use it become inconsistent."""
    with refused_as("block.delete_refused", Kind.CONFLICT, device=device, block=name):
        find(session, device, name)[0].Delete()


def create_folder(session: Session, device: str, path: str) -> None:
    """Make a folder with those above it; it must be new."""
    groups.create(plc(session, device).BlockGroup, imports.below(path), device)


def delete_folder(session: Session, device: str, path: str, *, force: bool) -> list[groups.Listed]:
    """Delete a folder; one that is not empty only with force. Returns it and its content."""
    return groups.delete(plc(session, device).BlockGroup, imports.below(path), "Blocks", device, force=force)


def _node(session: Session, group: Any, folder: tuple[str, ...]) -> BlockNode:
    folders = [_node(session, inner, (*folder, str(inner.Name))) for inner in group.Groups]
    infos = [_info(session, block, folder) for block in group.Blocks]
    shown = [msgspec.structs.replace(each, type="DB") if each.type.endswith("DB") else each for each in infos]
    blocks = [BlockNode(each.name, each.type, False, [], each) for each in shown]
    name = str(group.Name) if folder else ROOT
    return BlockNode(name, "UserFolder" if folder else "Folder", True, folders + blocks)


def _info(session: Session, block: Any, folder: tuple[str, ...]) -> BlockInfo:
    kind = type(block).__name__
    name, number, language, consistent, protected, modified = read_together(session, block, *SHOWN)
    return BlockInfo(
        name=str(name),
        type=kind,
        number=int(number),
        language=enum_name(language),
        folder=groups.join(folder),
        is_consistent=bool(consistent),
        is_know_how_protected=bool(protected),
        modified_date=moment(modified),
        instance_of=str(block.InstanceOfName) if kind == "InstanceDB" else None,
    )


def _export(session: Session, block: Any, path: Path, device: str, name: str) -> None:
    with refused_as("block.export_refused", Kind.CONFLICT, device=device, block=name):
        block.Export(fi(session.model, path), enum(session.model, "ExportOptions", "WithDefaults"))
