"""What it costs that a written memory tag is on the disk before the answer: python -m benchmarks.reports.memory_writes

Writes of one tag by 1, 4, 16 and 64 writers at once, each compared with a bare loop that commits a row to SQLite as durably.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from engineering_api.storage.database import Database
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from runtime_data.sources.memory import MemorySource, MemoryTag

SECONDS = 2.0
WRITERS = (1, 4, 16, 64)


def floor(folder: Path) -> float:
    """Return how many commits a second a bare loop does."""
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE value (name TEXT PRIMARY KEY, content BLOB)")
        done, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < SECONDS:
            connection.execute("INSERT OR REPLACE INTO value VALUES ('tag', ?)", (str(done).encode(),))
            done += 1
        return done / (time.perf_counter() - begin)


def writes(memory: MemorySource, writers: int) -> float:
    """Return how many writes a second so many writers do."""
    begin = time.perf_counter()

    def write(number: int) -> int:
        done = 0
        while time.perf_counter() - begin < SECONDS:
            if memory.write([(f"t{number}", done)], {}, atomic=False) != [None]:
                raise SystemExit("A write was refused.")
            done += 1
        return done

    with ThreadPoolExecutor(writers) as pool:
        return sum(pool.map(write, range(writers))) / (time.perf_counter() - begin)


def main() -> None:
    """Measure, and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(folder / "service.db")
        memory = MemorySource("memory", RuntimeDefinitions(database))
        for number in range(max(WRITERS)):
            memory.define(MemoryTag(f"t{number}", "DInt"))
        for count in WRITERS:
            bare = floor(_fresh(folder, count))
            found = writes(memory, count)
            print(f"{count:3} writers: {found:7.0f} writes/s, {found / bare:6.2f} of the {bare:.0f} bare commits/s")
        memory.close()
        database.close()


def _fresh(folder: Path, number: int) -> Path:
    made = folder / str(number)
    made.mkdir()
    return made


if __name__ == "__main__":
    main()
