"""Decides which process runs which test files: each file in one process, each process about as long as the others."""

from __future__ import annotations

import os
from collections.abc import Sequence

from engineering_api.features.plc_tests.files.extent import count_cycles
from engineering_api.features.plc_tests.files.reading import Case

START = 150
"""A start of a test, in cycles that take as long."""
LEAST = 20_000
"""A further process pays off from so many cycles on, as it has to prepare the program too."""


def count_processes(cases: Sequence[Case]) -> int:
    """Return in how many processes tests are run fastest: no more than this computer has cores for, and than pay off."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, sum(_weight(each) for each in cases) // LEAST))


def share_out(cases: Sequence[Case], processes: int) -> list[list[int]]:
    """Return the numbers of the tests for each process, in their order; no more processes than there are files."""
    files: dict[str, list[int]] = {}
    for number, case in enumerate(cases):
        files.setdefault(case.file, []).append(number)
    weights = {file: sum(_weight(cases[number]) for number in numbers) for file, numbers in files.items()}
    shares: list[list[int]] = [[] for _ in range(max(1, min(processes, len(files))))]
    loads = [0] * len(shares)
    for file in sorted(files, key=lambda each: -weights[each]):
        least = loads.index(min(loads))
        shares[least] += files[file]
        loads[least] += weights[file]
    return [sorted(share) for share in shares]


def _weight(case: Case) -> int:
    return START + count_cycles(case.test)
