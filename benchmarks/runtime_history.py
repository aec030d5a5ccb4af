"""What the history of values costs: python -m benchmarks.runtime_history

Rows a second in batches, compared with the same rows in a bare table of SQLite; a question about an hour of a value each
second, as values and as averages of minutes.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.figures import Figure, run
from runtime_data.history import answers
from runtime_data.history.aggregates import split_evenly
from runtime_data.history.buffer import Buffer
from runtime_data.history.day_files import DayFiles
from runtime_data.history.model import DAY, HOUR, SECOND, Row, Sample

ROWS, BATCH, TAGS = 200_000, 5000, 500
FIRST = 20_000 * DAY
REPEATED = 11
LONGEST = 20
"""Milliseconds that a question should take at most."""
TABLE = "CREATE TABLE sample(series INTEGER, t INTEGER, v, q INTEGER, PRIMARY KEY(series, t)) WITHOUT ROWID"


def batches(rows: int) -> list[list[Row]]:
    """Values of many tags, by time."""
    all_rows = [(n % TAGS, Sample(FIRST + n // TAGS * SECOND, n * 0.1)) for n in range(rows)]
    return [all_rows[begin : begin + BATCH] for begin in range(0, rows, BATCH)]


def writing(folder: Path, parts: Sequence[Sequence[Row]]) -> tuple[float, float]:
    """Seconds to insert rows into a bare table with the same pragmas, and to log them; in turn, so that both meet the same load."""
    alone = whole = 0.0
    with closing(sqlite3.connect(folder / "bare.db")) as connection, closing(DayFiles(folder / "ours")) as store:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(TABLE)
        buffer = Buffer(store)
        for part in parts:
            begin = time.perf_counter()
            with connection:
                rows = [(series, sample.time, sample.value, sample.status) for series, sample in part]
                connection.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", rows)
            between = time.perf_counter()
            buffer.add(part)
            buffer.flush()
            alone, whole = alone + between - begin, whole + time.perf_counter() - between
    return alone, whole


def milliseconds(work: Callable[[], object]) -> float:
    """The time of some work, in the middle of several."""
    times = []
    for _ in range(REPEATED):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def questions(folder: Path) -> dict[str, float]:
    """Milliseconds of questions about an hour of one of twenty tags with a value each second."""
    end = FIRST + HOUR
    with closing(DayFiles(folder)) as store:
        for second in range(0, 3600, 600):
            times = range(second, second + 600)
            store.write([(tag, Sample(FIRST + each * SECOND, each * 0.1)) for each in times for tag in range(20)])
        edges = split_evenly(FIRST, end, 60 * SECOND)
        found = answers.samples(store, 7, FIRST, end, 10_000, "ascending", bounds=False)
        assert len(found) == 3600
        return {
            "an hour of values": milliseconds(
                lambda: answers.samples(store, 7, FIRST, end, 10_000, "ascending", bounds=False)
            ),
            "an hour of averages of minutes": milliseconds(
                lambda: answers.buckets(store, 7, edges, "Average", now=end, interpolate=False)
            ),
        }


def measure(short: bool) -> Iterator[Figure]:
    """Write, then ask."""
    with tempfile.TemporaryDirectory() as name:
        alone, whole = writing(Path(name), batches(ROWS // 20 if short else ROWS))
        yield Figure("rows of history written", "bare inserts of SQLite", alone / whole, at_least=0.5)
        for what, taken in questions(Path(name) / "asked").items():
            yield Figure(what, "20 ms", taken / LONGEST, at_most=1)


if __name__ == "__main__":
    run(measure)
