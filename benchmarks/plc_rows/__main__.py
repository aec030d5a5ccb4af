"""What generated Python takes for each kind of statement, as a multiple of the same scan written by hand in Python.

    python3 -m benchmarks.plc_rows

Both ways run in turn, in CPU time; the ratio is that of their shortest repeats. Before, both run 500 scans with changing inputs
and must have the same data behind each.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.figures import Figure, run
from benchmarks.plc_rows import calls, logic, texts
from benchmarks.plc_rows.row import CALLS, INSTANCE, Row, differs
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.python_tier import PythonExecutable, compile_program

ROWS: tuple[Callable[[], Row], ...] = (
    logic.rungs,
    logic.timers,
    logic.machines,
    logic.instances,
    calls.structures,
    calls.functions,
    calls.function_blocks,
    texts.functions,
    texts.edits,
    texts.moves,
)
CYCLE = 10
_CHECKED = 500


class Ours:
    """A row on the Python tier."""

    def __init__(self, row: Row) -> None:
        """Generate the code."""
        memory, self._services = Memory(row.program), PlainServices()
        self.executable: PythonExecutable = compile_program(row.program, memory, self._services)
        self.data: Any = memory.data_blocks[INSTANCE.casefold()]

    def scan(self, now: int) -> None:
        """Run a scan."""
        self._services.now = now * 1_000_000
        self._services.budget = 10_000_000
        self.executable.run("Main")


class ByHand:
    """A row by hand."""

    def __init__(self, row: Row) -> None:
        """Compile the text."""
        names: dict[str, Any] = {}
        exec(compile(row.hand, f"<{row.name} by hand>", "exec"), names)  # noqa: S102 - our own text
        self.data, self._scan = row.data(), names["scan"]

    def scan(self, now: int) -> None:
        """Run a scan."""
        scan, data = self._scan, self.data
        for _ in range(CALLS):
            scan(data, now)


def measure_row(row: Row, scans: int, repeats: int) -> float:
    """Return the ratio of a row.

    Raises:
        SystemExit: both ways have different data behind a scan.
    """
    ways: tuple[Ours | ByHand, ...] = (Ours(row), ByHand(row))
    for number in range(_CHECKED):
        for each in ways:
            row.inputs(each.data, number)
            each.scan(number * CYCLE)
        if difference := differs(ways[0].data, ways[1].data):
            sys.exit(f"{row.name}, scan {number}: {difference}")
    least = [float("inf"), float("inf")]
    for repeat in range(repeats):
        for at, each in enumerate(ways):
            row.inputs(each.data, _CHECKED + repeat)
            least[at] = min(least[at], _measure_scans(each, (_CHECKED + repeat * scans) * CYCLE, scans))
    return least[0] / least[1]


def _measure_scans(way: Ours | ByHand, now: int, scans: int) -> float:
    began = time.process_time()
    for number in range(scans):
        way.scan(now + number * CYCLE)
    return time.process_time() - began


def measure(short: bool) -> Iterator[Figure]:
    """Measure one row after the other."""
    for make in ROWS:
        row = make()
        ratio = measure_row(row, 10, 5 if short else 15)
        yield Figure(row.name, "the same by hand in Python", ratio, at_most=1.3, is_steady=True)


if __name__ == "__main__":
    run(measure)
