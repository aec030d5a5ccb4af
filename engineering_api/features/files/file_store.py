"""Files of the allowed folders, for clients on other machines: what they are, and deleting them."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Annotated

from engineering_api.files.roots import Roots
from engineering_api.operations.fields import Model
from engineering_api.storage.clock import now
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.portal.portal import Session

FileKind = Annotated[str, one_of("FileKind", "file", "folder")]


class FileInfo(Model):
    """A file or folder.

    Attributes:
        kind: file or folder.
        size: In bytes; of a folder, of all its files.
        files: How many files a folder has.
        sha256: Of a file's content, in hexadecimal digits.
        etag: What If-None-Match and If-Range take when a file is downloaded.
    """

    name: str
    path: str
    kind: FileKind
    size: int
    files: int
    modified_at: str
    sha256: str | None
    etag: str | None


def tag_of_file(about: os.stat_result) -> str:
    """Return the entity tag of a file: another one when its content may be another one."""
    return f'"{about.st_mtime_ns:x}-{about.st_size:x}"'


def info(roots: Roots, text: str) -> FileInfo:
    """Describe a file or folder.

    Raises:
        Problem: It is outside of the allowed folders, or not there.
    """
    path = roots.resolve(text)
    if path.is_dir():
        sizes = [each.lstat().st_size for each in path.rglob("*") if each.is_file() and not each.is_symlink()]
        return FileInfo(
            name=path.name,
            path=str(path),
            kind="folder",
            size=sum(sizes),
            files=len(sizes),
            modified_at=now(path.stat().st_mtime),
            sha256=None,
            etag=None,
        )
    with roots.opened(roots.existing(text)) as file:
        about = os.fstat(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileInfo(
        name=path.name,
        path=str(path),
        kind="file",
        size=about.st_size,
        files=1,
        modified_at=now(about.st_mtime),
        sha256=digest,
        etag=tag_of_file(about),
    )


def require_free(session: Session | None, path: Path) -> None:
    """Refuse to touch the folder of the open project.

    Args:
        session: The portal; None without one.
        path: What is going to be replaced or deleted.

    Raises:
        Problem: `file.in_use`.
    """
    home = session.call(lambda: _home(session)) if session is not None else None
    if home is not None and (path.is_relative_to(home) or home.is_relative_to(path)):
        msg = f"The open project is in '{home}': close it first."
        raise Problem("file.in_use", msg, kind=Kind.CONFLICT, place=Place(path=str(path)))


def _home(session: Session) -> Path | None:
    """Return the folder of the open project, without links."""
    try:
        return Path(str(session.project.Path.FullName)).resolve().parent
    except Problem:
        return None


def delete(roots: Roots, text: str, session: Session | None, *, recursive: bool) -> FileInfo:
    """Delete a file, or a folder with everything in it.

    Args:
        roots: Where files may be.
        text: Which.
        session: The portal, whose project stays.
        recursive: Whether a folder is deleted that has something in it.

    Raises:
        Problem: It is not there, is an allowed folder itself, is in use, or is a folder with something in it.
    """
    path = roots.resolve(text)
    place = Place(path=text)
    if not path.exists():
        raise Problem("file.not_found", f"There is no file or folder '{path}'.", kind=Kind.MISSING, place=place)
    if any(root.is_relative_to(path) for root in roots.folders):
        raise Problem(
            "folder.needed",
            f"'{path}' is a folder that the server needs: name a file or folder in it.",
            kind=Kind.CONFLICT,
            place=place,
        )
    require_free(session, path)
    about = FileInfo(
        name=path.name,
        path=str(path),
        kind="folder" if path.is_dir() else "file",
        size=path.lstat().st_size,
        files=1,
        modified_at=now(path.lstat().st_mtime),
        sha256=None,
        etag=None,
    )
    with roots.hold(path.parent) as folder:
        if not path.is_dir():
            folder.remove(path.name)
            return about
    if not recursive and any(path.iterdir()):
        msg = f"'{path}' is not empty: set recursive to delete it with its content."
        raise Problem("folder.not_empty", msg, kind=Kind.CONFLICT, place=place)
    shutil.rmtree(path)
    return about
