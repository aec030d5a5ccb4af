"""Every block of the collection that compiles by itself does the same on every tier."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.virtual_plc.agreement import TIERS, Run
from tests.fakes.virtual_plc.corpus_programs import (
    EXPORTS,
    SOURCES,
    cases,
    programs,
)
from tests.fakes.virtual_plc.corpus_runs import compare

ABSENT = pytest.mark.skipif(not SOURCES, reason="the collection of real programs is not here")


@pytest.mark.slow
@ABSENT
@pytest.mark.parametrize(("paths", "least"), [(SOURCES, 270), (EXPORTS, 80)], ids=["sources", "exports"])
def test_blocks_agree(paths: list[Path], least: int) -> None:
    ended: Counter[str] = Counter()
    blocks = 0
    for name, program in programs(paths):
        runs = {tier: Run(program, make) for tier, make in TIERS.items()}
        for case in cases(program):
            blocks += 1
            ended += Counter(compare(name, runs, case))
    assert blocks >= least
    assert ended[""] > 3 * least
