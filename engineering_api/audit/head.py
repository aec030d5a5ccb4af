"""The end of the chain, noted outside the database: rows that are missing at its end are found.

The note is one short line at the beginning of a file, written in place and synchronised before the entry is acknowledged,
always after the row itself is committed. So a note that is ahead of the database proves that rows are gone, and one that
is behind only that the service ended in between.
"""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

from engineering_api.audit.chain import Link

FILE = "audit.head"
LINE = re.compile(rb"(\d{15}) ([0-9a-f]{64})\n")


class Head:
    """The note. From any thread."""

    def __init__(self, file: Path) -> None:
        """Use this file."""
        self._file = file
        self._guard = threading.Lock()
        self._written = -1

    def read(self) -> Link | None:
        """Return what is noted; None where nothing is.

        Raises:
            ValueError: The file holds something else.
        """
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return None
        found = LINE.fullmatch(content)
        if found is None:
            msg = f"{self._file} is damaged: it does not have the form that the service writes."
            raise ValueError(msg)
        return Link(int(found[1]), found[2].decode("ascii"))

    def write(self, link: Link) -> None:
        """Note the end of the chain, durably; a note of a later row that is there stays.

        Raises:
            OSError: It cannot be written.
        """
        with self._guard:
            if link.number <= self._written:
                return
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            try:
                os.write(descriptor, b"%015d %s\n" % (link.number, link.hash.encode("ascii")))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._written = link.number
