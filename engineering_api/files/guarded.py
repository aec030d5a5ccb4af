"""Holds folders while the service works in them, so that a link made meanwhile leads nowhere.

A path that was checked can lead elsewhere a moment later, when one of its folders has become a link. Here each folder
on the way is opened in the one before it, and a link on the way is refused. Windows cannot open a file relative to a
folder: there, the opened file is compared with what the path names afterwards.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from engineering_api.files import path_rules
from engineering_api.files.git_names import counterparts
from openness_bridge.errors import Kind, Place, Problem

RELATIVE = os.open in os.supports_dir_fd
"""Whether files can be opened relative to a folder that is held."""
_HELD = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is held.

    Attributes:
        path: Where it is, without links.
        fd: Its descriptor; None where the system has none for this.
    """

    path: Path
    fd: int | None

    def _at(self, name: str) -> str:
        return name if self.fd is not None else str(self.path / name)

    def read(self, name: str) -> BufferedReader:
        """Open a file of it to be read.

        Raises:
            Problem: It is a link, or no file.
            OSError: It is not there, or cannot be read.
        """
        return os.fdopen(self._open(name, os.O_RDONLY), "rb")

    def create(self, name: str) -> BinaryIO:
        """Make a new file in it.

        Raises:
            OSError: There is one of that name already, or it cannot be made.
        """
        file = os.fdopen(self._open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")
        try:
            self._require_no_git_folder(name)
        except Problem:
            file.close()
            self.remove(name)
            raise
        return file

    def publish(self, draft: str, name: str, *, overwrite: bool) -> None:
        """Give a file that is complete its name.

        Raises:
            FileExistsError: There is something of that name, and it is not to be replaced.
            Problem: It would make the folder one of git's.
        """
        self._require_no_git_folder(name)
        if overwrite:
            os.replace(self._at(draft), self._at(name), src_dir_fd=self.fd, dst_dir_fd=self.fd)
        elif self.fd is None:
            (self.path / draft).rename(self.path / name)  # Windows does not replace
        else:
            self._link(draft, name)
        try:
            self._require_no_git_folder(name)
        except Problem:
            self.remove(name)
            raise

    def _link(self, draft: str, name: str) -> None:
        """Give a file its name if nothing has it, in one step where the file system has hard links."""
        try:
            os.link(draft, name, src_dir_fd=self.fd, dst_dir_fd=self.fd, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:
            if os.path.lexists(self.path / name):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name) from None
            os.rename(draft, name, src_dir_fd=self.fd, dst_dir_fd=self.fd)
        else:
            os.unlink(draft, dir_fd=self.fd)

    def remove(self, name: str) -> None:
        """Remove a file of it, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self.fd)

    def _require_no_git_folder(self, name: str) -> None:
        """Refuse an entry that makes a git folder together with one that is there, or has come meanwhile."""
        if any(_is_there(self.fd, self._at(each)) for each in counterparts(name)):
            raise in_git_folder(self.path / name)

    def _open(self, name: str, flags: int) -> int:
        try:
            found = os.open(self._at(name), flags | _PLAIN, 0o666, dir_fd=self.fd)
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.EMLINK}:
                raise leads_elsewhere(self.path / name) from error
            raise
        about = os.fstat(found)
        if stat.S_ISREG(about.st_mode) and (self.fd is not None or _is_at(about, self.path / name)):
            return found
        os.close(found)
        raise leads_elsewhere(self.path / name)


@contextmanager
def hold(root: Path, folder: Path, *, make: bool = False) -> Iterator[Folder]:
    """Hold a folder within the block.

    Args:
        root: A folder that is trusted.
        folder: The same or one below it, without links.
        make: Whether folders on the way that are missing are made.

    Raises:
        Problem: A folder on the way is a link.
        OSError: One is not there, is none, or cannot be used.
    """
    if not RELATIVE:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        if folder.resolve(strict=True) != folder:
            raise leads_elsewhere(folder)
        yield Folder(folder, None)
        return
    fd = os.open(root, _HELD & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for name in folder.relative_to(root).parts:
            inner = _open_folder(fd, name, make=make)
            os.close(fd)
            fd = inner
        yield Folder(folder, fd)
    finally:
        os.close(fd)


def in_git_folder(path: Path) -> Problem:
    """Return the refusal of a path that is in a git folder, or would make one."""
    msg = f"{path_rules.quote(str(path))} is in a folder that git would take for a repository: choose other names."
    return Problem("path.invalid", msg, kind=Kind.INVALID, place=Place(path=str(path)))


def leads_elsewhere(path: Path) -> Problem:
    """Return the refusal of a path that has become a link, or is no file."""
    msg = f"{path_rules.quote(str(path))} is a link or not a regular file: name the file itself."
    return Problem("path.outside_roots", msg, kind=Kind.FORBIDDEN)


def _open_folder(fd: int, name: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=fd)
            if any(_is_there(fd, each) for each in counterparts(name)):
                os.rmdir(name, dir_fd=fd)
                raise in_git_folder(Path(name))
    try:
        return os.open(name, _HELD, dir_fd=fd)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK} or _is_link(fd, name):
            raise leads_elsewhere(Path(name)) from error
        raise


def _is_there(fd: int | None, name: str) -> bool:
    try:
        os.stat(name, dir_fd=fd, follow_symlinks=False)
    except OSError:
        return False
    return True


def _is_link(fd: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _is_at(about: os.stat_result, path: Path) -> bool:
    """Return whether an opened file is the one that a path without links leads to."""
    try:
        return path.resolve(strict=True) == path and os.path.samestat(about, path.lstat())
    except OSError:
        return False
