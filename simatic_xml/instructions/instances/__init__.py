"""Tables of the data that an instance of an instruction holds: one CSV file for each instruction.

A row is one elementary member: its section, its path (`Config.InputScaling.UpperPointIn`), its type, start value and
retentivity, and a mark (D documented, S secondary source, U unverified). Members are in the order of the data block. A table lists what is
documented; the instance may have further members, so its type stays open. Facts: docs/facts/pid.md#data-of-instances.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """One elementary member of an instance."""

    section: str
    path: str
    type: str
    start: str
    retain: str
    mark: str


@cache
def rows(instruction: str) -> tuple[Row, ...]:
    """Return the members of the instances of an instruction, by its name in the catalogue; none without a table."""
    file = Path(__file__).with_name(f"{instruction}.csv")
    if not file.is_file():
        return ()
    return tuple(Row(**row) for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def tables() -> list[str]:
    """Return the names of the instructions that have a table."""
    return sorted(file.stem for file in Path(__file__).parent.glob("*.csv"))
