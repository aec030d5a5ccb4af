"""How many calls into the object model the example of each operation may take in the project of 300 blocks.

Each call is a round trip to another process on a real system. `python -m tests.openness_bridge.calls.limits` measures and writes the
table again; the reasons stay.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.openness_bridge.calls.groups import groups
from tests.openness_bridge.calls.stage import Stage

FILE = Path(__file__).with_name("limits.csv")
FEW = 100
"""Calls that an operation may take that is not in the table."""
MANY = 400
"""Calls that need a reason."""


@dataclass(frozen=True)
class Limit:
    """A row of the table.

    Attributes:
        calls: At most.
        why: What it takes a call for each of; empty where it takes few.
    """

    operation: str
    calls: int
    why: str = ""


def limits() -> dict[str, Limit]:
    """The table, by operation."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [Limit(row["operation"], int(row["calls"]), row["why"]) for row in csv.DictReader(file)]
    return {row.operation: row for row in rows}


def main() -> None:
    """Write the table: what was measured, and a tenth more, in tens."""
    kept = limits()
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        found = {name: calls.total() for group in groups() for name, calls in stage.counts(group).items()}
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["operation", "calls", "why"])
        for name, calls in sorted(found.items()):
            if calls:
                table.writerow([name, ceil(calls * 0.11) * 10, kept[name].why if name in kept else ""])
    sys.stdout.write(f"{len(found)} operations measured\n")


if __name__ == "__main__":
    main()
