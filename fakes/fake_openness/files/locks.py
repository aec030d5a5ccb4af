"""The lock on an open project: a second opener learns who has it; a killed process leaves no lock."""

from __future__ import annotations

import os
import sys
import weakref
from pathlib import Path
from typing import IO

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.machine import Machine


class FileLock:
    """A lock file that the operating system releases when its holder dies."""

    def __init__(self, project_file: Path, machine: Machine) -> None:
        """Take the lock.

        Raises:
            EngineeringTargetInvocationException: Another user has the project open.
        """
        self._path = project_file.with_suffix(".lock")
        self._file: IO[str] | None = self._path.open("a+", encoding="utf-8")
        if not _try_lock(self._file):
            self._file.seek(0)
            holder = self._file.read().strip() or "somebody else"
            self._file.close()
            msg = f"'{project_file.name}' cannot be opened: it is open already by {holder}."
            raise EngineeringTargetInvocationException(msg, code="project.locked")
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"user {machine.user} on computer {machine.name} (process {os.getpid()})")
        self._file.flush()
        weakref.finalize(self, self._file.close)

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._path.unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
