"""Global libraries that a client can use: those that the portal has, and files in the server's workspace."""

from __future__ import annotations

from pathlib import Path

from engineering_api.files.roots import Roots
from openness_bridge.library import global_libraries
from openness_bridge.library.global_libraries import LIBRARY_FILE, GlobalLibraryInfo
from openness_bridge.portal.portal import Session


def available(session: Session, roots: Roots) -> list[GlobalLibraryInfo]:
    """Return the libraries that the portal knows, then those that are in the workspace and not open."""
    known = global_libraries.list_libraries(session)
    paths = {Path(each.path).resolve() for each in known}
    within = (path for path in roots.workspace.rglob("*.al*") if roots.allows(path))
    files = (path for path in within if path.is_file() and LIBRARY_FILE.match(path.suffix))
    closed = sorted(path for path in files if path.resolve() not in paths)
    return known + [
        GlobalLibraryInfo(path.stem, str(path), "User", is_open=False, is_read_only=False, is_modified=False)
        for path in closed
    ]


def file_of(session: Session, roots: Roots, name: str) -> Path | None:
    """Return the only closed library of a name in the workspace, for clients that know no path."""
    found = [each for each in available(session, roots) if not each.is_open and each.name.casefold() == name.casefold()]
    return Path(found[0].path) if len(found) == 1 else None
