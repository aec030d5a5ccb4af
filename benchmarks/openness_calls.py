"""Calls into the object model of each request, at several sizes of a project: `python -m benchmarks.openness_calls`.

Prints for each request of tests/calls/limits.csv the calls at 100 and at 1,000 blocks, the calls that each further
block costs, the share of the limit that is used, and the least time that the calls take through pythonnet on an object
model in the same process (measured per kind of call on Mono). A real TIA Portal is another process: it takes longer.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.calls.stage import BLOCKS, limits, stage

FEW = 100
MICROSECONDS = {"GetAttribute": 7.6, "GetAttributes": 7.6, "GetService": 16.0, "GetEnumerator": 4.0}
PROPERTY = 1.3
Calls = Counter[tuple[str, str]]


def main() -> int:
    """Measure and print; 1 when a limit is exceeded."""
    few, many = _measured(FEW), _measured(BLOCKS)
    print(f"{'request':60} {FEW:>7} {BLOCKS:>7} {'per block':>10} {'of limit':>9} {'least ms':>9}")
    over = False
    for limit in limits():
        key = f"{limit.method} {limit.path}"
        first, second = few[key].total(), many[key].total()
        each, share = (second - first) / (BLOCKS - FEW), second / limit.calls
        print(f"{key:60} {first:7} {second:7} {each:10.3f} {share:9.0%} {_milliseconds(many[key]):9.2f}")
        over |= share > 1
    return int(over)


def _milliseconds(calls: Calls) -> float:
    return sum(MICROSECONDS.get(member, PROPERTY) * number for (_, member), number in calls.items()) / 1000


def _measured(blocks: int) -> dict[str, Calls]:
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder), blocks) as made:
        return {f"{limit.method} {limit.path}": made.calls(limit) for limit in limits()}


if __name__ == "__main__":
    sys.exit(main())
