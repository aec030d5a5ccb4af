"""Removes lock files of a git that was killed with its service: no process holds them, but every later git refuses.

Only a service's first use of a repository searches for them, so that no git of this service can run there; another one
that began before this service did is given time to end.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

log = logging.getLogger(__name__)
PATIENCE = 2.0
"""Seconds that a git which still runs may take."""


def release(folder: Path, started: float, patience: float = PATIENCE) -> list[Path]:
    """Delete the locks of a repository that are older than this service. Returns which those were.

    Args:
        folder: The work tree.
        started: Since when the service runs; POSIX time.
        patience: Seconds in which their owners may release them.
    """
    deadline = time.monotonic() + patience
    while (stale := _older(folder / ".git", started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for lock in stale:
        log.warning("A git was stopped in %s and has left %s: it is deleted.", folder, lock.name)
        lock.unlink(missing_ok=True)
    return stale


def _older(git: Path, moment: float) -> list[Path]:
    found = [*git.glob("*.lock"), *(git / "refs").rglob("*.lock")]
    return [lock for lock in found if _get_change_time(lock) < moment]


def _get_change_time(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
