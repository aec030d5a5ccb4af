"""How far the areas of a CPU go, and how large its program may be: one table for import, compiler and virtual CPU.

`limits.csv` has a row for each family and for the order numbers that differ. Facts, with the marks of the table:
docs/facts/hardware-catalog.md#cpu-limits. Where data sheets differ by firmware, the row has the largest value.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a CPU.

    Attributes:
        image: bytes of the process image of inputs; outputs have as many.
        memory: bytes of bit memory.
        timers: how many S7 timers there are.
        counters: how many S7 counters there are.
        blocks: how many blocks a program may have; 0 where it is not known.
        calls: how deep calls may nest; 0 where it is not known.
    """

    image: int
    memory: int
    timers: int
    counters: int
    blocks: int
    calls: int

    def size(self, area: str) -> int | None:
        """Return the bytes of `I`, `Q` or `M`, the number of timers (`T`) or counters (`C`); None for another area."""
        image = self.image
        return {"I": image, "Q": image, "M": self.memory, "T": self.timers, "C": self.counters}.get(area)


def limits_of(family: str, order_number: str = "") -> Limits:
    """Return the limits of a CPU: those of its order number, otherwise those of the largest CPU of its family.

    Args:
        family: `S7-1200`, `S7-1500`, `S7-300` or `S7-400`.
        order_number: as `6ES7 315-2EH14-0AB0`; empty where it is not known.
    """
    return _find_limits(family, order_number)


@cache
def _find_limits(family: str, order_number: str) -> Limits:
    usual, *others = [row for row in _read_rows() if row[0] == family] or [
        ("", "", Limits(65536, 65536, 2048, 2048, 0, 0))
    ]
    plain = order_number.replace(" ", "")[4:]
    return next((limits for _, article, limits in others if re.match(article, plain)), usual[2])


@cache
def _read_rows() -> list[tuple[str, str, Limits]]:
    """Return the rows: family, beginning of the order number behind its first four characters, limits."""
    with Path(__file__).with_name("limits.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["family"], row["article"], Limits(*(int(row[name]) for name in Limits.__slots__)))
            for row in csv.DictReader(file)
        ]
