"""Program blocks: listed, exported, imported, renamed, deleted, and their folders.

Openness creates only FBs and instance DBs itself; every other block comes in as
SimaticML or from a source. A block is always looked up anew: an import with
Override replaces it and the old handle dies. Facts: openness-map 2.8 and 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from openness_bridge.errors import Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.lookup import plc
from openness_bridge.portal import Session
from openness_bridge.values import enum, enum_name, fi, moment


class BlockInfo(msgspec.Struct, rename="camel", frozen=True):
    """A block.

    Attributes:
        type: OB, FB, FC, GlobalDB, InstanceDB, ArrayDB.
        folder: Names of its folders from "Program blocks", joined by /; a slash in a name is %2F.
    """

    name: str
    type: str
    number: int
    language: str
    folder: str
    is_consistent: bool
    is_know_how_protected: bool
    modified_date: str | None
    instance_of: str | None = None


class BlockNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder or block of the tree."""

    name: str
    node_type: str
    is_folder: bool
    children: list[BlockNode] = []
    block_info: BlockInfo | None = None


def list_blocks(session: Session, device: str) -> list[BlockInfo]:
    """All blocks of a PLC, whatever folder they are in."""
    return [_info(block, folder) for block, folder in _walk(plc(session, device).BlockGroup, ())]


def tree(session: Session, device: str) -> BlockNode:
    """The folders of a PLC with their blocks."""
    return _node(plc(session, device).BlockGroup, ())


def find(session: Session, device: str, name: str) -> tuple[Any, tuple[str, ...]]:
    """A block and the names of its folders.

    Raises:
        Problem: There is no such block.
    """
    found = _find(plc(session, device).BlockGroup, name, ())
    if found is None:
        raise not_found("block", name, device=device, block=name)
    return found


def describe(session: Session, device: str, name: str) -> BlockInfo:
    """What is known of a block without its content."""
    return _info(*find(session, device, name))


def export_xml(session: Session, device: str, name: str) -> bytes:
    """A block as SimaticML.

    Raises:
        Problem: No such block, or it is inconsistent or protected.
    """
    block, _ = find(session, device, name)
    with temporary(".xml") as path:
        _export(session, block, path, device)
        return path.read_bytes()


def export_file(session: Session, device: str, name: str, path: Path) -> None:
    """Write a block to a new SimaticML file."""
    _export(session, find(session, device, name)[0], path, device)


def import_file(session: Session, device: str, path: Path, folder: str, *, override: bool) -> list[BlockInfo]:
    """Import the blocks of a SimaticML file into a folder, which is made when it is missing.

    Raises:
        Problem: The file is refused; then none of its blocks is imported.
    """
    group = require_folder(session, device, folder)
    options = enum(session.model, "ImportOptions", "Override" if override else "None")
    with refused_as("block.import_refused", 422, device=device):
        made = list(group.Blocks.Import(fi(session.model, path), options))
    return [_info(block, split(folder)) for block in made]


def import_xml(session: Session, device: str, xml: bytes, folder: str, *, override: bool) -> list[BlockInfo]:
    """The same for SimaticML in memory."""
    with temporary(".xml") as path:
        path.write_bytes(xml)
        return import_file(session, device, path, folder, override=override)


def rename(session: Session, device: str, name: str, new_name: str) -> BlockInfo:
    """Give a block another name; calls by text in inconsistent callers are not rewritten."""
    block, folder = find(session, device, name)
    with refused_as("block.rename_refused", 409, device=device, block=name):
        block.Name = new_name
    return _info(block, folder)


def delete(session: Session, device: str, name: str) -> None:
    """Delete a block; whatever uses it becomes inconsistent."""
    with refused_as("block.delete_refused", 409, device=device, block=name):
        find(session, device, name)[0].Delete()


def require_folder(session: Session, device: str, folder: str) -> Any:
    """The group of a folder path, made where it is missing."""
    group = plc(session, device).BlockGroup
    for name in split(folder):
        inner = group.Groups.Find(name)
        if inner is None:
            with refused_as("folder.refused", 422, device=device, object=name):
                inner = group.Groups.Create(name)
        group = inner
    return group


def create_folder(session: Session, device: str, folder: str) -> str:
    """Make a folder; the last one of the path must be new.

    Raises:
        Problem: It is there already, or its name is refused.
    """
    if _group(session, device, folder) is not None:
        raise Problem("folder.exists", f"The folder '{folder}' exists already.", status=409).at(device=device)
    require_folder(session, device, folder)
    return folder


def delete_folder(session: Session, device: str, folder: str, *, force: bool) -> None:
    """Delete a folder.

    Raises:
        Problem: No such folder, or it is not empty and force is not set.
    """
    group = _group(session, device, folder) if folder else None
    if group is None:
        raise not_found("folder", folder, device=device)
    if not force and (group.Blocks.Count or group.Groups.Count):
        msg = f"The folder '{folder}' is not empty: set force to delete what is in it."
        raise Problem("folder.not_empty", msg, status=409).at(device=device)
    group.Delete()


def split(folder: str) -> tuple[str, ...]:
    """The names of a folder path; %2F stands for a slash in a name."""
    parts = [part for part in folder.strip("/").split("/") if part]
    if parts[:1] == ["Program blocks"]:
        parts = parts[1:]
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in parts)


def join(names: tuple[str, ...]) -> str:
    """The folder path of names."""
    return "/".join(name.replace("%", "%25").replace("/", "%2F") for name in names)


def _group(session: Session, device: str, folder: str) -> Any:
    group = plc(session, device).BlockGroup
    for name in split(folder):
        group = group.Groups.Find(name)
        if group is None:
            return None
    return group


def _walk(group: Any, folder: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for block in group.Blocks:
        yield block, folder
    for inner in group.Groups:
        yield from _walk(inner, (*folder, str(inner.Name)))


def _find(group: Any, name: str, folder: tuple[str, ...]) -> tuple[Any, tuple[str, ...]] | None:
    block = group.Blocks.Find(name)
    if block is not None:
        return block, folder
    for inner in group.Groups:
        found = _find(inner, name, (*folder, str(inner.Name)))
        if found is not None:
            return found
    return None


def _node(group: Any, folder: tuple[str, ...]) -> BlockNode:
    folders = [_node(inner, (*folder, str(inner.Name))) for inner in group.Groups]
    blocks = [BlockNode(i.name, i.type, False, [], i) for i in (_info(block, folder) for block in group.Blocks)]
    name = str(group.Name) if folder else "Program blocks"
    return BlockNode(name, "UserFolder" if folder else "Folder", True, folders + blocks)


def _info(block: Any, folder: tuple[str, ...]) -> BlockInfo:
    kind = type(block).__name__
    return BlockInfo(
        name=str(block.Name),
        type=kind,
        number=int(block.Number),
        language=enum_name(block.ProgrammingLanguage),
        folder=join(folder),
        is_consistent=bool(block.IsConsistent),
        is_know_how_protected=bool(block.IsKnowHowProtected),
        modified_date=moment(block.ModifiedDate),
        instance_of=str(block.InstanceOfName) if kind == "InstanceDB" else None,
    )


def _export(session: Session, block: Any, path: Path, device: str) -> None:
    with refused_as("block.export_refused", 409, device=device, block=str(block.Name)):
        block.Export(fi(session.model, path), enum(session.model, "ExportOptions", "WithDefaults"))
