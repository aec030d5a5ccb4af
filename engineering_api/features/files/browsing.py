"""Lists folders of the server, because a server without a desktop cannot show file dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

import msgspec

from engineering_api.files.roots import Roots
from engineering_api.storage.clock import now
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.project.projects import PROJECT_FILE

Wanted = Callable[[Path], bool]


EntryKind = Annotated[str, one_of("EntryKind", "folder", "file", "project")]


class Entry(msgspec.Struct, rename="camel", frozen=True):
    """A folder or file.

    Attributes:
        kind: folder, file or project.
        path: What other routes take.
        size: Of a file, in bytes.
    """

    name: str
    path: str
    kind: EntryKind
    size: int | None
    modified_at: str


class Listing(msgspec.Struct, rename="camel", frozen=True):
    """What a folder has: folders first, then files, each by name.

    Attributes:
        path: The folder.
        parent: The folder above it, where that is allowed.
        roots: The allowed folders, to start from.
        truncated: Whether there is more than the limit.
    """

    path: str
    parent: str | None
    roots: list[str]
    entries: list[Entry]
    truncated: bool


def list_folder(roots: Roots, text: str, wanted: Wanted, limit: int) -> Listing:
    """List a folder that clients may use.

    Args:
        roots: What they may use.
        text: The folder; the workspace when empty.
        wanted: Whether a file is listed; folders always are.
        limit: How many entries at most.

    Raises:
        Problem: The folder is outside of the allowed ones, not there, or cannot be read.
    """
    folder = roots.resolve(text) if text else roots.workspace
    place = Place(path=text or str(folder))
    if folder.is_file():
        raise Problem("file.wrong_kind", f"'{folder}' is a file: name a folder.", kind=Kind.INVALID, place=place)
    if not folder.is_dir():
        raise Problem("folder.not_found", f"There is no folder '{folder}'.", kind=Kind.MISSING, place=place)
    try:
        entries = sorted(
            _entries(roots, folder, wanted), key=lambda each: (each.kind != "folder", each.name.casefold())
        )
    except PermissionError:
        msg = f"The service may not read '{folder}': choose another folder, or let its user read it."
        raise Problem("folder.unreadable", msg, kind=Kind.FORBIDDEN, place=place) from None
    parent = str(folder.parent) if folder != folder.parent and roots.allows(folder.parent) else None
    return Listing(str(folder), parent, [str(each) for each in roots.folders], entries[:limit], len(entries) > limit)


def files(pattern: str) -> Wanted:
    """Select files whose name fits a pattern such as *.xml, or one of several joined by ; — without regard to case."""
    patterns = [each.strip().casefold() for each in pattern.split(";") if each.strip()] or ["*"]
    return lambda path: any(fnmatch(path.name.casefold(), each) for each in patterns)


def projects(path: Path) -> bool:
    """Select files that are a TIA Portal project."""
    return bool(PROJECT_FILE.search(path.name))


def select_none(_: Path) -> bool:
    """Select no file."""
    return False


def _entries(roots: Roots, folder: Path, wanted: Wanted) -> Iterator[Entry]:
    """Yield what is listed of a folder. A link that leads out of the allowed folders, or nowhere, is not."""
    for path in folder.iterdir():
        is_folder = path.is_dir()
        if not (is_folder or (path.is_file() and wanted(path))) or not roots.allows(path):
            continue
        about = path.stat()
        kind = "folder" if is_folder else "project" if projects(path) else "file"
        yield Entry(path.name, str(path), kind, None if is_folder else about.st_size, now(about.st_mtime))
