"""Keeps the data folder readable by its owner alone: other users of the computer read nothing in it.

On Windows a folder of the user's profile has that by inheritance, and nothing is done here.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)
OTHERS = stat.S_IRWXG | stat.S_IRWXO
FILES = ("service.db*", "*.key", "*.json", "*.lock", "*.head")
FOLDERS = (
    "source-control",
    "uploads",
    "rescued",
    "runtime",
    "plc-tests",
    "simulation-profiles",
    "temporary",
    "worker",
    "runtime",
    "before-restore-*",
)
"""What the service itself keeps in a data folder. The workspace holds files of clients, whose modes stay as they are."""


def write_for_owner_alone() -> None:
    """Let this process make files and folders that its user alone can read, wherever it writes."""
    os.umask(OTHERS)


def make_private(data_dir: Path) -> None:
    """Make the data folder if it is missing, and close it and what the service keeps in it to other users.

    Raises:
        OSError: It cannot be made.
    """
    data_dir.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    if sys.platform == "win32":
        return
    for path in (data_dir, *_own(data_dir)):
        try:
            _close(path)
        except OSError as error:  # another user's, or gone meanwhile
            log.warning("Other users may be able to read %s: %s", path, error.strerror)


def _own(data_dir: Path) -> Iterator[Path]:
    for pattern in FILES:
        yield from data_dir.glob(pattern)
    for pattern in FOLDERS:
        for folder in data_dir.glob(pattern):
            yield from (folder, *folder.rglob("*"))


def _close(path: Path) -> None:
    about = path.lstat()
    shared = stat.S_ISLNK(about.st_mode) or about.st_mode & stat.S_ISVTX  # such as /tmp
    if not shared and about.st_mode & OTHERS:
        path.chmod(stat.S_IMODE(about.st_mode) & ~OTHERS)
