"""Lists, creates, opens, saves, closes, archives and retrieves global libraries.

A library that is open for writing is locked for others. Closing drops unsaved changes. Only libraries of users can be
saved, closed and archived. In a transaction only saving is possible.
Facts: docs/facts/openness-libraries.md#global-libraries; docs/facts/tia-operations.md#libraries,
docs/facts/tia-rules.md#files.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from openness_bridge.enumerations import GlobalLibraryKind
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.library import libraries
from openness_bridge.library.libraries import Which
from openness_bridge.portal.portal import Session
from openness_bridge.values import di, enum, enum_name, fi

LIBRARY_FILE = re.compile(r"\.al\d+(_\d+)?$", re.IGNORECASE)
ARCHIVE_FILE = re.compile(r"\.zal\d+(_\d+)?$", re.IGNORECASE)


class GlobalLibraryInfo(msgspec.Struct, rename="camel", frozen=True):
    """A global library.

    Attributes:
        library_type: System, Corporate or User.
        is_read_only: Whether it is open read-only, or can only be opened so.
    """

    name: str
    path: str
    library_type: GlobalLibraryKind
    is_open: bool
    is_read_only: bool
    is_modified: bool


class LibraryRef(msgspec.Struct, rename="camel", frozen=True):
    """Name and file of a global library."""

    name: str
    path: str


class LibraryArchive(msgspec.Struct, rename="camel", frozen=True):
    """An archive that was written; its size is in bytes."""

    name: str
    path: str
    size: int


def list_libraries(session: Session) -> list[GlobalLibraryInfo]:
    """Return the global libraries that the portal knows."""
    modified = {str(each.Path.FullName): bool(each.IsModified) for each in session.portal.GlobalLibraries}
    return [_info(each, modified) for each in session.portal.GlobalLibraries.GetGlobalLibraryInfos()]


def create(session: Session, folder: Path, name: str) -> LibraryRef:
    """Create folder/name/name.alNN and open it for writing.

    Raises:
        Problem: The folder exists, or TIA Portal refuses the name.
    """
    if (folder / name).exists():
        msg = f"'{folder / name}' exists already: choose another name or folder."
        raise Problem("library.exists", msg, kind=Kind.CONFLICT, place=Place(path=str(folder / name)))
    folder.mkdir(parents=True, exist_ok=True)
    with refused_as("library.create_refused", object=name):
        made = session.portal.GlobalLibraries.Create[session.model.UserGlobalLibrary](di(session.model, folder), name)
    return _ref(made)


def open_library(session: Session, path: Path, *, read_only: bool = False, upgrade: bool = False) -> LibraryRef:
    """Open a library file; an older one only with upgrade, as a copy that can be written.

    Raises:
        Problem: No library file, read-only and upgrade at once, or TIA Portal refuses: open, locked, another version.
    """
    _require_kind(path, LIBRARY_FILE, "library file (.alNN)")
    _require_one(read_only=read_only, upgrade=upgrade)
    found = session.portal.GlobalLibraries
    with refused_as("library.open_refused", Kind.CONFLICT, path=str(path)):
        file = fi(session.model, path)
        return _ref(found.OpenWithUpgrade(file) if upgrade else found.Open(file, _mode(session, read_only=read_only)))


def save(session: Session, which: Which) -> LibraryRef:
    """Save an open library.

    Raises:
        Problem: None is open, or it is read-only.
    """
    library = libraries.find_library(session, which)
    with refused_as("library.save_refused", Kind.CONFLICT, object=str(library.Name)):
        library.Save()
    return _ref(library)


def save_as(session: Session, which: Which, folder: Path) -> LibraryRef:
    """Save an open library into a new folder and continue there."""
    library = libraries.find_library(session, which)
    with refused_as("library.save_refused", Kind.CONFLICT, path=str(folder)):
        library.SaveAs(di(session.model, folder))
    return _ref(library)


def close(session: Session, which: Which, *, save_first: bool = False, discard: bool = False) -> LibraryRef:
    """Close an open library.

    Raises:
        Problem: It has changes that are not saved and neither save_first nor discard is set, or is not of a user.
    """
    library = libraries.find_library(session, which)
    if library.IsModified and save_first:
        save(session, which)
    if library.IsModified and not discard:
        msg = f"The library '{library.Name}' has changes that are not saved: set save to keep them or discard to drop them."
        raise Problem("library.not_saved", msg, kind=Kind.CONFLICT)
    if not hasattr(library, "Close"):
        msg = f"'{library.Name}' is a system or corporate library: those cannot be closed."
        raise Problem("library.not_closable", msg, kind=Kind.CONFLICT)
    ref = _ref(library)
    with refused_as("library.close_refused", Kind.CONFLICT, object=ref.name):
        library.Close()
    return ref


def archive(session: Session, which: Which, target: Path | None, folder: Path, *, save_first: bool) -> LibraryArchive:
    """Write a saved library to a .zalNN file.

    Args:
        session: The portal.
        which: The library.
        target: The file; name.zalNN in `folder` when it is left out.
        folder: Where to.
        save_first: Whether to save first.

    Raises:
        Problem: It has changes that are not saved, or the file exists.
    """
    library = libraries.find_library(session, which)
    path = target or folder / f"{library.Name}.z{Path(str(library.Path.FullName)).suffix[1:]}"
    _require_kind(path, ARCHIVE_FILE, "library archive (.zalNN)")
    if library.IsModified and save_first:
        save(session, which)
    if library.IsModified:
        msg = f"The library '{library.Name}' has changes that are not saved: set save, or save it first."
        raise Problem("library.not_saved", msg, kind=Kind.CONFLICT)
    if path.exists():
        raise Problem("file.exists", f"'{path}' exists already.", kind=Kind.CONFLICT, place=Place(path=str(path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = enum(session.model, "LibraryArchivationMode", "Compressed")
    with refused_as("library.archive_refused", Kind.CONFLICT, path=str(path)):
        library.Archive(di(session.model, path.parent), path.name, mode)
    return LibraryArchive(path.name, str(path), path.stat().st_size)


def retrieve(
    session: Session, source: Path, folder: Path, *, read_only: bool = False, upgrade: bool = False
) -> LibraryRef:
    """Unpack an archive below a folder and open it.

    Raises:
        Problem: No library archive, damaged, of another version, or its folder exists.
    """
    _require_kind(source, ARCHIVE_FILE, "library archive (.zalNN)")
    _require_one(read_only=read_only, upgrade=upgrade)
    folder.mkdir(parents=True, exist_ok=True)
    found = session.portal.GlobalLibraries
    call = found.RetrieveWithUpgrade if upgrade else found.Retrieve
    with refused_as("library.retrieve_refused", Kind.REFUSED, path=str(source)):
        return _ref(call(fi(session.model, source), di(session.model, folder), _mode(session, read_only=read_only)))


def _mode(session: Session, *, read_only: bool) -> Any:
    return enum(session.model, "OpenMode", "ReadOnly" if read_only else "ReadWrite")


def _require_one(*, read_only: bool, upgrade: bool) -> None:
    if read_only and upgrade:
        msg = "An upgrade writes a new library: leave readOnly out, or open the library with its own version."
        raise Problem("library.upgrade_read_only", msg, kind=Kind.INVALID)


def _require_kind(path: Path, pattern: re.Pattern[str], what: str) -> None:
    if not pattern.search(path.suffix):
        raise Problem(
            "file.wrong_kind", f"'{path.name}' is not a {what}.", kind=Kind.INVALID, place=Place(path=str(path))
        )


def _ref(library: Any) -> LibraryRef:
    return LibraryRef(str(library.Name), str(library.Path.FullName))


def _info(found: Any, modified: dict[str, bool]) -> GlobalLibraryInfo:
    path = str(found.Path.FullName)
    return GlobalLibraryInfo(
        name=str(found.Name),
        path=path,
        library_type=enum_name(found.LibraryType),
        is_open=bool(found.IsOpen),
        is_read_only=bool(found.IsReadOnly),
        is_modified=modified.get(path, False),
    )
