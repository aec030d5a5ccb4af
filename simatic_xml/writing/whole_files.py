"""Writes files as a whole or not at all: the only writer of files that users name and of the service's small files.

A finished draft takes the place of a regular file in one step. Everything else keeps its place: what a symbolic link
names is replaced and the link stays, and a device or a pipe gets the bytes, because a rename would replace it by a
regular file (``-o /dev/null`` as root).
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_whole(path: str | Path, content: bytes, *, private: bool = False, durable: bool = False) -> None:
    """Write a file as a whole, or leave it as it was.

    Args:
        path: The file. A link is followed; a device or a pipe gets the bytes.
        content: The bytes.
        private: Whether only the owner may read it; otherwise it keeps its mode, and a new file gets that of the user's mask.
        durable: Whether it is on the disk when this returns.

    Raises:
        OSError: It cannot be written. A regular file is as it was.
    """
    target = Path(path)
    if not is_replaceable(target):
        with target.open("wb") as stream:
            stream.write(content)
        return
    real = _follow(target)
    draft = real.with_name(f".{real.name[:100]}.{os.urandom(8).hex()}")
    try:
        with os.fdopen(os.open(draft, _NEW, 0o600 if private else 0o666), "wb") as stream:
            stream.write(content)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        if not private and real.exists():
            draft.chmod(stat.S_IMODE(real.stat().st_mode))
        draft.replace(real)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    if durable:
        _flush(real.parent)


def publish(draft: Path, path: str | Path) -> None:
    """Give a finished file of the same file system its name, as write_whole does.

    Args:
        draft: The file; it is gone afterwards.
        path: Its name.

    Raises:
        OSError: It cannot be written. A regular file is as it was.
    """
    target = Path(path)
    if is_replaceable(target):
        draft.replace(_follow(target))
        return
    with draft.open("rb") as source, target.open("wb") as stream:
        shutil.copyfileobj(source, stream)
    draft.unlink()


def is_replaceable(path: Path) -> bool:
    """Return whether a name is free or that of a regular file, also by way of links."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def _follow(path: Path) -> Path:
    """Return the file that a link names, which may be missing; otherwise the path."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _flush(folder: Path) -> None:
    """Write the folder's entries to the disk; Windows does that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
