"""Folders of a PLC's program: tag tables, types, blocks and sources are in trees of the same shape.

A path names a folder: the names from the root joined by /, where %2F is a slash in a name and %25 a per cent
sign. Find searches only one folder, so every search here walks. Facts: docs/facts/openness.md#collections,
docs/facts/openness-program.md#groups; docs/facts/tia-rules.md#names (any character may be in a folder's name).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from openness_bridge.errors import Kind, Problem, not_found, refused_as
from simatic_xml import limits

Names = tuple[str, ...]
FOLDER = "Folder"
_KINDS = {
    "Types": "UDT",
    "TagTables": "TagTable",
    "WatchTables": "WatchTable",
    "ForceTables": "ForceTable",
    "ExternalSources": "ExternalSource",
    "MasterCopies": "MasterCopy",
}


class Listed(NamedTuple):
    """A folder, named by its path, or an object in one, as a list of changes names it."""

    kind: str
    name: str


def split(path: str) -> Names:
    """Return the names in a folder path."""
    return tuple(part.replace("%2F", "/").replace("%2f", "/").replace("%25", "%") for part in path.split("/") if part)


def join(names: Names) -> str:
    """Return the folder path of names."""
    return "/".join(name.replace("%", "%25").replace("/", "%2F") for name in names)


def require_path(path: str) -> Names:
    """Return the names in the path of a folder that is to be made.

    Raises:
        LimitError: It has too many levels.
    """
    names = split(path)
    limits.require("folder_levels", len(names))
    return names


def walk(group: Any, collection: str, names: Names = ()) -> Iterator[tuple[Any, Names]]:
    """Yield every object of a folder and of those in it, with the names of its folders.

    Args:
        group: The folder to start from.
        collection: Its content: TagTables, Types, Blocks.
        names: The names of the folders above.
    """
    for folder, path in folders(group, "Groups", names):
        for item in getattr(folder, collection):
            yield item, path


def folders(top: Any, inner: str, names: Names = (), below: str = "") -> Iterator[tuple[Any, Names]]:
    """Yield a folder and all below it, each before those in it, however deep.

    A folder without the member has no folders in it: technology objects have folders from V21 on.

    Args:
        top: The folder to start from.
        inner: The member with its folders: Groups, Folders.
        names: The names of the folders above.
        below: The member with the folders of a folder in it, where that differs.
    """
    pending = [(top, names, inner)]
    while pending:
        folder, path, member = pending.pop()
        yield folder, path
        found = [(each, (*path, str(each.Name)), below or inner) for each in getattr(folder, member, ())]
        pending += reversed(found)


def find_all(group: Any, collection: str, name: str, names: Names = ()) -> Iterator[tuple[Any, Names]]:
    """Return every object of a name, in any folder."""
    for folder, path in folders(group, "Groups", names):
        found = getattr(folder, collection).Find(name)
        if found is not None:
            yield found, path


def folder(root: Any, path: str) -> Any:
    """Return the folder of a path, or None; the empty path is the root."""
    group = root
    for name in split(path):
        group = group.Groups.Find(name)
        if group is None:
            return None
    return group


def existing(root: Any, path: str, device: str) -> Any:
    """Return the folder of a path.

    Raises:
        Problem: There is none.
    """
    group = folder(root, path)
    if group is None:
        raise not_found("folder", path, device=device)
    return group


def find_or_create(root: Any, path: str, device: str) -> Any:
    """Return the folder of a path, made where it is missing.

    Raises:
        LimitError: It has too many levels.
        Problem: TIA Portal refuses a name.
    """
    group = root
    for name in require_path(path):
        inner = group.Groups.Find(name)
        if inner is None:
            with refused_as("folder.refused", Kind.REFUSED, device=device, object=name):
                inner = group.Groups.Create(name)
        group = inner
    return group


def create(root: Any, path: str, device: str) -> None:
    """Make a folder and those above it.

    Raises:
        Problem: The path is empty, the folder exists, or TIA Portal refuses a name.
    """
    if not split(path):
        raise Problem("folder.empty_path", "Name the folder to create.", kind=Kind.INVALID).at(device=device)
    require_path(path)
    if folder(root, path) is not None:
        raise Problem("folder.exists", f"The folder '{path}' exists already.", kind=Kind.CONFLICT).at(device=device)
    find_or_create(root, path, device)


def list_content(top: Any, inner: str, collection: str, path: str) -> list[Listed]:
    """Return a folder and everything in it: each folder before what it has.

    Args:
        top: The folder.
        inner: The member with its folders: Groups, Folders.
        collection: The member with its objects. Blocks have the kind of their type.
        path: Its path.
    """
    found: list[Listed] = []
    for folder, names in folders(top, inner, split(path)):
        found.append(Listed(FOLDER, join(names)))
        found += [
            Listed(_KINDS.get(collection) or type(item).__name__, str(item.Name))
            for item in getattr(folder, collection)
        ]
    return found


def delete(root: Any, path: str, collection: str, device: str, *, force: bool) -> list[Listed]:
    """Delete a folder; returns it and its content.

    Raises:
        Problem: No such folder, the root, or one that is not empty while force is not set.
    """
    group = existing(root, path, device)
    if not split(path):
        raise Problem("folder.root", "The root folder cannot be deleted: name a folder in it.", kind=Kind.CONFLICT)
    if not force and (getattr(group, collection).Count or group.Groups.Count):
        msg = f"The folder '{path}' is not empty: set force to delete it with its content."
        raise Problem("folder.not_empty", msg, kind=Kind.CONFLICT).at(device=device)
    gone = list_content(group, "Groups", collection, path)
    with refused_as("folder.delete_refused", Kind.CONFLICT, device=device, object=path):
        group.Delete()
    return gone
