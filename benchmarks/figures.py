"""The figures of the benchmarks: ratios to a floor of the same run, and the command line that all benchmarks share."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one measurement found.

    Attributes:
        what: The measured work; the same in the short form.
        floor: What it is compared with.
        ratio: How many times as much time as the floor it takes, or how many times its rate.
        at_most: The goal of a ratio of times.
        at_least: The goal of a ratio of rates.
        is_steady: Whether a quiet machine is not needed: both sides are computing time of one process, measured in turns,
            and the short form measures the same. The tests compare such a figure with docs/performance.md.
    """

    what: str
    floor: str
    ratio: float
    at_most: float | None = None
    at_least: float | None = None
    is_steady: bool = False

    @property
    def goal(self) -> str:
        """The goal as text; empty where there is none."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"

    @property
    def is_reached(self) -> bool:
        """Whether the goal is reached."""
        return (self.at_most is None or self.ratio <= self.at_most) and (
            self.at_least is None or self.ratio >= self.at_least
        )

    def is_worse_than(self, ratio: float, tolerance: float) -> bool:
        """Return whether this is worse than a ratio by more than a share of it."""
        if self.at_least is not None:
            return self.ratio < ratio / (1 + tolerance)
        return self.ratio > ratio * (1 + tolerance)


Measure = Callable[[bool], Iterator[Figure]]
"""Measures: (whether the short form is wanted) -> figures, one after the other."""


def least_seconds(actions: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the computing time of some actions in seconds, each in its quickest round; they run in turns."""
    least = [float("inf")] * len(actions)
    for _ in range(rounds):
        for number, action in enumerate(actions):
            least[number] = min(least[number], seconds(action))
    return least


def seconds(action: Callable[[], object]) -> float:
    """Return the computing time of an action in seconds; the search for garbage of the work before it is not part of it."""
    gc.collect()
    begin = time.process_time()
    action()
    return time.process_time() - begin


def run(measure: Measure, arguments: Sequence[str] | None = None) -> None:
    """Measure, and print each figure as soon as it is known."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="measure less, for CI")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to a file")
    given = parser.parse_args(arguments)
    figures: list[Figure] = []
    for figure in measure(given.short):
        figures.append(figure)
        sys.stdout.write(f"{line(figure)}\n")
        sys.stdout.flush()
    if given.json:
        given.json.write_bytes(msgspec.json.encode(figures))


def line(figure: Figure) -> str:
    """Return a figure as a line of a report."""
    missed = "" if figure.is_reached else "   missed"
    return f"{figure.what} / {figure.floor}: {figure.ratio:.3g}   goal {figure.goal or '-'}{missed}"
