"""Which files of this machine a client may name, and how they are opened."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from io import BufferedReader
from pathlib import Path

from engineering_api.files import guarded, path_rules
from engineering_api.files.git_names import counterparts, is_git_name
from engineering_api.files.guarded import Folder
from openness_bridge.errors import Kind, Place, Problem

DRAFT = ".part-"
"""How the name of a file begins that is not complete yet."""
RESCUED = "rescued"
"""The folder of the data folder with copies of unsaved work."""
LARGEST = 256 << 20
"""Bytes of a file that is read as a whole."""


_may_write: ContextVar[bool] = ContextVar("may_write", default=True)


@contextmanager
def writing(*, declared: bool) -> Iterator[None]:
    """Let the block write files that clients name only where that is declared: the right to write files follows from it."""
    token = _may_write.set(declared)
    try:
        yield
    finally:
        _may_write.reset(token)


def require_apart(roots: list[Path], workspace: Path, data: Path) -> None:
    """Refuse a root by which clients could reach the service's own files, such as its database and its keys.

    Raises:
        Problem: `settings.roots`: a root contains the data folder, or is in it, in neither the workspace nor the copies
            of unsaved work.
    """
    own = data.resolve()
    shared = (workspace.resolve(), own / RESCUED)
    for root in roots:
        real = root.resolve()
        inside = real.is_relative_to(own) and not any(real.is_relative_to(each) for each in shared)
        if inside or own.is_relative_to(real):
            msg = f"--root (TIA_ROOTS) cannot be {root}: clients could change the service's own files in {own}. Name a folder apart from it."
            raise Problem("settings.roots", msg, kind=Kind.INVALID)


class Roots:
    """The folders that clients' paths must be in, by their text and after links are resolved."""

    def __init__(self, workspace: Path, roots: list[Path]) -> None:
        """Allow the workspace, from which relative paths start, and further folders."""
        given = [workspace, *roots]
        self._allowed = list(dict.fromkeys(root.resolve() for root in given))
        self._spelled = list(dict.fromkeys([*self._allowed, *(root.absolute() for root in given)]))
        self.workspace = self._allowed[0]

    @property
    def folders(self) -> list[Path]:
        """The allowed folders, the workspace first."""
        return list(self._allowed)

    def allows(self, path: Path) -> bool:
        """Return whether a path is in an allowed folder, after links are resolved."""
        try:
            return self._root_of(path.resolve()) is not None
        except (OSError, RuntimeError):  # a link to itself
            return False

    def check(self, named: Iterable[str]) -> None:
        """Check the paths of a request, by their text: no file is touched.

        Raises:
            Problem: One cannot be a path, or is outside.
        """
        for text in named:
            path_rules.inside(text, self.workspace, self._spelled)

    def resolve(self, text: str) -> Path:
        """Turn a client's path into an absolute one inside the allowed folders, without links.

        Raises:
            Problem: It is empty, is no path for Linux and Windows alike, is longer than this system's paths, or is
                outside or in a git folder.
        """
        path = path_rules.inside(text, self.workspace, self._spelled)
        try:
            real = path.resolve()
            real.exists()
        except (OSError, RuntimeError) as error:
            why = getattr(error, "strerror", "") or "its links form a loop"
            raise path_rules.invalid(
                text, f"{path_rules.quote(text)} cannot be a path on this server: {why}"
            ) from error
        root = self._root_of(real)
        if root is None:
            msg = path_rules.outside(text, self._allowed)
            raise Problem("path.outside_roots", msg, kind=Kind.FORBIDDEN, place=Place(path=text))
        for path in (real, *real.parents):
            if path == root:
                break
            self.require_no_git_folder(path.parent, path.name)
        return real

    @staticmethod
    def require_no_git_folder(folder: Path, name: str) -> None:
        """Refuse a name in a folder that git would take for a repository, or that makes the folder one.

        Raises:
            Problem: `path.invalid`.
        """
        if is_git_name(name) or any(os.path.lexists(folder / each) for each in counterparts(name)):
            raise guarded.in_git_folder(folder / name)

    def existing(self, text: str) -> Path:
        """Return the same for a file that must be there.

        Raises:
            Problem: As resolve, or there is no such file.
        """
        path = self.resolve(text)
        if not path.is_file():
            raise Problem("file.not_found", f"There is no file '{path}'.", kind=Kind.MISSING, place=Place(path=text))
        return path

    def new(self, text: str, *, overwrite: bool = False) -> Path:
        """Return the same for a file to be written; its folder is made.

        Raises:
            Problem: As resolve, or the file is there already.
        """
        path = self.resolve(text)
        if not _may_write.get():
            msg = "This operation writes a file that no field of its request declares (path_field, writes=True)."
            raise RuntimeError(msg)
        if path.exists() and not (overwrite and path.is_file()):
            way = "name a file in it" if path.is_dir() else "delete it, choose another name, or set overwrite"
            msg = f"'{path}' exists already{' and is a folder' * path.is_dir()}: {way}."
            raise Problem("file.exists", msg, kind=Kind.CONFLICT, place=Place(path=text))
        with self.hold(path.parent, make=True):
            return path

    def read(self, text: str) -> bytes:
        """Return the content of a file that a client names.

        Raises:
            Problem: As existing, it became a link meanwhile, or has more than LARGEST bytes.
        """
        with self.opened(self.existing(text)) as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            msg = f"'{text}' is larger than {LARGEST >> 20} MB, the limit for reading."
            raise Problem("file.too_large", msg, kind=Kind.TOO_LARGE, place=Place(path=text))
        return content

    def opened(self, path: Path) -> BufferedReader:
        """Open a file that resolve has answered, to be read.

        Raises:
            Problem: It became a link meanwhile, or is gone.
        """
        try:
            with self.hold(path.parent) as folder:
                return folder.read(path.name)
        except FileNotFoundError as error:
            raise Problem("file.not_found", f"There is no file '{path}'.", kind=Kind.MISSING) from error

    def write(self, path: Path, content: bytes) -> int:
        """Put a whole file, or none, at a path that new has answered. Returns its size in bytes.

        Raises:
            Problem: A folder on the way became a link meanwhile.
        """
        with self.hold(path.parent) as folder:
            draft = f"{DRAFT}{uuid.uuid4().hex}"
            try:
                with folder.create(draft) as file:
                    size = file.write(content)
                folder.publish(draft, path.name, overwrite=True)
            finally:
                folder.remove(draft)
        return size

    def hold(self, folder: Path, *, make: bool = False) -> AbstractContextManager[Folder]:
        """Hold a folder that resolve has answered, as guarded.hold does.

        Raises:
            Problem: It is outside.
        """
        root = self._root_of(folder)
        if root is None:
            raise Problem("path.outside_roots", path_rules.outside(str(folder), self._allowed), kind=Kind.FORBIDDEN)
        return guarded.hold(root, folder, make=make)

    def _root_of(self, path: Path) -> Path | None:
        """Return the allowed folder that a path without links is in."""
        return next((root for root in self._allowed if path.is_relative_to(root)), None)
