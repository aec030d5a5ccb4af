"""The project library and the open global libraries: the choice of one, its folders and their content.

Master copies and types are in two trees of folders. Names are unique in their folder only, so a path identifies an
object: the names of the folders and their own, joined by /, where %2F is a slash in a name. A name alone is enough as
long as only one object has it. Facts: docs/facts/openness-libraries.md#libraries; docs/facts/tia-rules.md#names,
docs/facts/tia-operations.md#libraries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Problem, not_found, refused_as
from openness_bridge.groups import Names
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import enum_name

COPIES, TYPES = "MasterCopies", "Types"
_ROOTS = {COPIES: "MasterCopyFolder", TYPES: "TypeFolder"}
_KINDS = {COPIES: "master copy", TYPES: "library type"}


LibraryNodeKind = Annotated[str, one_of("LibraryNodeKind", "Folder", "UserFolder", "MasterCopy", "Type", "Version")]


@dataclass(frozen=True, slots=True)
class Which:
    """Which library: the project's, or a global one by its name, or the only one that is open.

    Attributes:
        name: None for the project library; for a global library its name, or empty.
    """

    name: str | None = None


PROJECT = Which()


class LibraryInfo(msgspec.Struct, rename="camel", frozen=True):
    """A library that is open.

    Attributes:
        name: The name of a global library, or of the project that the library belongs to.
        path: The file of the library or project.
    """

    name: str
    path: str
    is_global: bool
    is_modified: bool
    is_read_only: bool
    languages: list[str]
    master_copy_count: int
    type_count: int
    version_count: int
    folder_count: int


class LibraryNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder, master copy, type or version of the tree.

    Attributes:
        node_type: Folder, UserFolder, MasterCopy, Type or Version.
        path: Its name in other calls; of a version, its type's path.
    """

    name: str
    node_type: LibraryNodeKind
    is_folder: bool
    path: str
    children: list[LibraryNode] = []


class LibraryTree(msgspec.Struct, rename="camel", frozen=True):
    """A library with its two trees."""

    name: str
    master_copies: LibraryNode
    types: LibraryNode


def find_library(session: Session, which: Which) -> Any:
    """Return the requested library.

    Raises:
        Problem: No project is open, no such library is, or several are and none is named.
    """
    if which.name is None:
        return session.project.ProjectLibrary
    found = list(session.portal.GlobalLibraries)
    if which.name:
        found = [each for each in found if str(each.Name).casefold() == which.name.casefold()]
    if not found:
        what = f"The global library '{which.name}' is not open" if which.name else "No global library is open"
        raise Problem("library.not_open", f"{what}: open or create it first.", kind=Kind.CONFLICT)
    if len(found) > 1:
        names = ", ".join(str(each.Name) for each in found)
        raise Problem(
            "library.ambiguous", f"Several global libraries are open: name one of {names}.", kind=Kind.CONFLICT
        )
    return found[0]


def info(session: Session, which: Which) -> LibraryInfo:
    """Return the known facts about a library."""
    library = find_library(session, which)
    owner = session.project if which.name is None else library
    copies, types = (root(library, collection) for collection in (COPIES, TYPES))
    versions = [each.Versions.Count for each, _ in walk(types, TYPES)]
    return LibraryInfo(
        name=str(owner.Name),
        path=str(owner.Path.FullName),
        is_global=which.name is not None,
        is_modified=bool(owner.IsModified),
        is_read_only=which.name is not None and bool(library.IsReadOnly),
        languages=_languages(owner),
        master_copy_count=sum(1 for _ in walk(copies, COPIES)),
        type_count=len(versions),
        version_count=sum(int(count) for count in versions),
        folder_count=_folders(copies) + _folders(types),
    )


def _languages(owner: Any) -> list[str]:
    return [str(language.Culture.Name) for language in owner.LanguageSettings.ActiveLanguages]


def tree(session: Session, which: Which) -> LibraryTree:
    """Return a library with its folders and their content."""
    library = find_library(session, which)
    owner = session.project if which.name is None else library
    return LibraryTree(
        str(owner.Name), _node(root(library, COPIES), COPIES, ()), _node(root(library, TYPES), TYPES, ())
    )


def changing(session: Session, which: Which, text: str) -> Any:
    """Open a transaction on the owner of a library: the project, or the global library itself."""
    return transaction(session, text, None if which.name is None else find_library(session, which))


# -- folders ------------------------------------------------------------------------------


def root(library: Any, collection: str) -> Any:
    """Return the root folder of the master copies or of the types."""
    return getattr(library, _ROOTS[collection])


def walk(folder: Any, collection: str, names: Names = ()) -> Iterator[tuple[Any, Names]]:
    """Yield the content of a folder and of those below it, each with the names of its folders."""
    for each, path in groups.folders(folder, "Folders", names):
        for item in getattr(each, collection):
            yield item, path


def find(session: Session, which: Which, collection: str, path: str) -> tuple[Any, Names]:
    """Return a master copy or type by its path, by its GUID where it has one, or by its name when only one has it.

    Raises:
        Problem: There is none, or several have that name.
    """
    top = root(find_library(session, which), collection)
    *above, last = groups.split(path) or ("",)
    folder = folder_at(top, groups.join(tuple(above)))
    item = None if folder is None else getattr(folder, collection).Find(last)
    if item is not None:
        return item, tuple(above)
    return _require_one(list(walk(top, collection)), collection, path)


def _require_one(items: list[tuple[Any, Names]], collection: str, path: str) -> tuple[Any, Names]:
    kind, key = _KINDS[collection], path.casefold()
    found = [pair for pair in items if str(pair[0].Name).casefold() == key]
    if not found and collection == TYPES:
        found = [pair for pair in items if str(pair[0].Guid.ToString()).casefold() == key]
    if not found:
        raise not_found(kind, path)
    if len(found) > 1:
        paths = ", ".join(groups.join((*names, str(item.Name))) for item, names in found)
        msg = f"Several objects have the name '{path}': name one of them with its folder: {paths}."
        raise Problem(f"{kind.replace(' ', '_')}.ambiguous", msg, kind=Kind.CONFLICT).at(object=path)
    return found[0]


def folder_at(top: Any, path: str) -> Any:
    """Return the folder of a path, or None; the empty path is the root."""
    folder = top
    for name in groups.split(path):
        folder = folder.Folders.Find(name)
        if folder is None:
            return None
    return folder


def find_or_create_folder(top: Any, path: str) -> Any:
    """Return the folder of a path, made where it is missing.

    Raises:
        Problem: TIA Portal refuses a name, or the library is read-only.
    """
    folder = top
    for name in groups.require_path(path):
        inner = folder.Folders.Find(name)
        if inner is None:
            with refused_as("library.folder_refused", Kind.REFUSED, object=name):
                inner = folder.Folders.Create(name)
        folder = inner
    return folder


def create_folder(session: Session, which: Which, collection: str, path: str) -> str:
    """Make a folder and those above it; returns its path.

    Raises:
        Problem: The path is empty, the folder exists, or TIA Portal refuses a name.
    """
    names = groups.split(path)
    top = root(find_library(session, which), collection)
    if not names:
        raise Problem("folder.empty_path", "Name the folder to create.", kind=Kind.INVALID)
    if folder_at(top, path) is not None:
        raise Problem("folder.exists", f"The folder '{path}' exists already.", kind=Kind.CONFLICT)
    with changing(session, which, f"Create folder {path}"):
        find_or_create_folder(top, path)
    return groups.join(names)


def delete_folder(session: Session, which: Which, collection: str, path: str, *, force: bool) -> list[groups.Listed]:
    """Delete a folder that a user made; one that is not empty only with force. Returns it and its content.

    Raises:
        Problem: No such folder, the root, not empty, or TIA Portal refuses: types are not deleted with their folder.
    """
    folder = folder_at(root(find_library(session, which), collection), path)
    if folder is None:
        raise not_found("folder", path)
    if not groups.split(path):
        raise Problem("folder.root", "The root folder cannot be deleted: name a folder in it.", kind=Kind.CONFLICT)
    if not force and (getattr(folder, collection).Count or folder.Folders.Count):
        raise Problem(
            "folder.not_empty", f"The folder '{path}' is not empty: set force to delete it.", kind=Kind.CONFLICT
        )
    gone = groups.list_content(folder, "Folders", collection, path)
    with refused_as("library.folder_delete_refused", Kind.CONFLICT, object=path):
        folder.Delete()
    return gone


def _folders(folder: Any) -> int:
    return sum(1 + _folders(inner) for inner in folder.Folders)


def _node(folder: Any, collection: str, names: Names) -> LibraryNode:
    children = [_node(inner, collection, (*names, str(inner.Name))) for inner in folder.Folders]
    for item in getattr(folder, collection):
        path = groups.join((*names, str(item.Name)))
        if collection == COPIES:
            children.append(LibraryNode(str(item.Name), "MasterCopy", False, path))
        else:
            children.append(LibraryNode(str(item.Name), "Type", False, path, _versions(item, path)))
    kind = "UserFolder" if names else "Folder"
    return LibraryNode(str(folder.Name), kind, True, groups.join(names), children)


def _versions(library_type: Any, path: str) -> list[LibraryNode]:
    return [
        LibraryNode(f"{each.VersionNumber.ToString()} {enum_name(each.State)}", "Version", False, path)
        for each in library_type.Versions
    ]
