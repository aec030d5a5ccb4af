"""Whether a process is the only one that works with a data folder.

`tia mcp` may serve from the folder of a running service. Only one of them may settle what an earlier process left unfinished:
to the other, what the first one does would look the same.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


class Claim:
    """A lock on a file that the operating system releases when its holder ends, however it ends.

    Attributes:
        alone: Whether it is this process that holds it.
    """

    def __init__(self, file: Path) -> None:
        """Take the lock, unless another process has it.

        Raises:
            sqlite3.Error: The file cannot be used.
        """
        self._connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
            self.alone = True
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                self._connection.close()
                raise
            self.alone = False

    def release(self) -> None:
        """Release it."""
        self._connection.close()
