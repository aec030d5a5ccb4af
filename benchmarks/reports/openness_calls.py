"""Calls into the object model of each operation, at two sizes of a project: `python -m benchmarks.reports.openness_calls`.

Prints for each operation of tests/openness_bridge/calls/limits.csv the calls of its example at 100 and at 1,000 blocks, the calls that each
further block costs, the share of the limit that is used, and the least time that the calls take through pythonnet on an
object model in the same process (measured per kind of call on Mono). A real TIA Portal is another process: it takes longer.
Names of groups (tests/openness_bridge/calls/groups.py) measure only those, such as `reads`; all of them take some minutes.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.openness_bridge.calls.groups import groups
from tests.openness_bridge.calls.limits import limits
from tests.openness_bridge.calls.stage import BLOCKS, Counts, Stage

FEW = 100
MICROSECONDS = {"GetAttribute": 7.6, "GetAttributes": 7.6, "GetService": 16.0, "GetEnumerator": 4.0}
PROPERTY = 1.3
Calls = Counter[tuple[str, str]]


def main(names: list[str]) -> int:
    """Measure and print; 1 when a limit is exceeded."""
    few, many = _measure(FEW, names), _measure(BLOCKS, names)
    print(f"{'operation':44} {FEW:>7} {BLOCKS:>7} {'per block':>10} {'of limit':>9} {'least ms':>9}")
    over = False
    for name, limit in limits().items():
        if name in few and name in many:
            first, second = few[name].total(), many[name].total()
            each, share = (second - first) / (BLOCKS - FEW), second / limit.calls
            print(f"{name:44} {first:7} {second:7} {each:10.3f} {share:9.0%} {_milliseconds(many[name]):9.2f}")
            over |= share > 1
    return int(over)


def _milliseconds(calls: Calls) -> float:
    return sum(MICROSECONDS.get(member, PROPERTY) * number for (_, member), number in calls.items()) / 1000


def _measure(blocks: int, names: list[str]) -> Counts:
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), blocks)
        chosen = [group for group in groups() if not names or group.name in names]
        return {name: calls for group in chosen for name, calls in stage.counts(group).items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
