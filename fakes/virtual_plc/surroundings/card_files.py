"""The files that a program keeps on its memory card: data logs, recipes, user files.

They are in memory; `fake_plcsim` stores them with the card. Paths are those of the card (`DataLogs/Batch.csv`).
Facts: docs/facts/communication.md#memory-card.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

DATA_LOGS: Final = "DataLogs"
RECIPES: Final = "Recipes"
USER_FILES: Final = "UserFiles"
CAPACITY: Final = 24 << 20
"""Bytes that the files may have together, those of a 24 MB card."""
FORBIDDEN: Final = frozenset('\\/:*?"<>| ')
"""Characters that the name of a data log must not have."""


@dataclass(slots=True)
class DataLog:
    """A data log as the CPU knows it.

    Attributes:
        path: its file.
        records: how many records it has.
        timestamp: 0 without a time, 1 with UTC, 2 with local time.
        header: names of the columns of the data, separated by commas; empty for no header row.
        rows: the lines of its records.
        written: how many records were written; the next one is written over the oldest when all are written.
        source: the data of a record, None until the program names them (after a restart with another memory).
    """

    path: str
    records: int
    timestamp: int
    header: str
    rows: list[str] = field(default_factory=list)
    written: int = 0
    source: Any = None


@dataclass(slots=True)
class CardFiles:
    """The files by path; names differ in more than their case, as on a FAT file system.

    Attributes:
        files: content by path.
        logs: data logs by identifier.
        open_logs: identifiers of the data logs that are open.
        capacity: bytes that the files may have together.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    logs: dict[int, DataLog] = field(default_factory=dict)
    open_logs: set[int] = field(default_factory=set)
    capacity: int = CAPACITY

    def find(self, path: str) -> str | None:
        """Return a path as it is written on the card, None without such a file."""
        wanted = path.casefold()
        return next((each for each in self.files if each.casefold() == wanted), None)

    def has_room(self, path: str, size: int) -> bool:
        """Return whether a file of a size fits, instead of the one that is there."""
        others = sum(len(content) for each, content in self.files.items() if each.casefold() != path.casefold())
        return others + size <= self.capacity

    def write(self, path: str, content: bytes) -> bool:
        """Write a file; return whether it fits."""
        if not self.has_room(path, len(content)):
            return False
        self.files[self.find(path) or path] = content
        return True

    def delete(self, path: str) -> bool:
        """Delete a file; return whether there was one."""
        found = self.find(path)
        if found is not None:
            del self.files[found]
        return found is not None

    def close(self) -> None:
        """Close all data logs, as a STOP does."""
        self.open_logs.clear()
