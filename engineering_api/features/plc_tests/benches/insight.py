"""What a simulated instance reports beyond the PLCSIM Advanced API: coverage, and why its CPU stopped.

A real instance has no such type (`SimulationInsight`); then there is no coverage, and only the state says that it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from openness_bridge.plcsim.runtime import Handle
from simatic_xml.program.diagnostics import Place

K = TypeVar("K")
TYPE = "SimulationInsight"
NOT_MEASURED = (
    "A real PLCSIM Advanced does not report which parts of its program are reached: run the tests on the simulated one."
)


@dataclass(slots=True)
class CoverageCounts:
    """How often each statement ran, and each branch of a condition was taken; those that were never reached count 0."""

    statements: dict[Place, int] = field(default_factory=dict)
    branches: dict[tuple[Place, bool], int] = field(default_factory=dict)

    def add(self, other: CoverageCounts) -> None:
        """Add the counts of another time."""
        _add(self.statements, other.statements)
        _add(self.branches, other.branches)


def sum_counts(parts: Iterable[CoverageCounts]) -> CoverageCounts:
    """Return the counts of several times together."""
    total = CoverageCounts()
    for part in parts:
        total.add(part)
    return total


def _add(counts: dict[K, int], others: dict[K, int]) -> None:
    for key, count in others.items():
        counts[key] = counts.get(key, 0) + count


def count_reached(handle: Handle) -> bool:
    """Count what is reached of the program that is downloaded next; return whether that is possible."""
    if not handle.model.has(TYPE):
        return False
    with handle.use() as api:
        handle.model.SimulationInsight.CountReached(api)
    return True


def read_counts(handle: Handle) -> CoverageCounts | None:
    """Return the counts since the download; None where nothing is counted."""
    if not handle.model.has(TYPE):
        return None
    with handle.use() as api:
        found: Any = handle.model.SimulationInsight.Reached(api)
    return None if found is None else CoverageCounts(dict(found.statements), dict(found.branches))


@dataclass(frozen=True, slots=True)
class ProgramFault:
    """A fault of the program.

    Attributes:
        number: it grows from fault to fault; 0 for none.
        text: what went wrong, as a sentence.
        place: where in the code of a block, None where that is not known.
    """

    number: int = 0
    text: str = ""
    place: Place | None = None


def last_fault(handle: Handle) -> ProgramFault:
    """Return the newest fault of the program; one with the number 0 where the instance reports none."""
    if not handle.model.has(TYPE):
        return ProgramFault()
    with handle.use() as api:
        fault: Any = handle.model.SimulationInsight.LastFault(api)
    return ProgramFault() if fault is None else ProgramFault(int(fault.serial), str(fault.text), fault.place)
