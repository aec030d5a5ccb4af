"""The benchmark of start times runs, and docs/dependencies.md has a row for each command that it measures."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from benchmarks import start
from tests import ROOT

SECTION = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").partition("## Start times")[2]


def test_the_page_has_each_command(tmp_path: Path) -> None:
    names = re.findall(r"^\| `([^`]+)` \| [\d.]+ \| [\d.]+ \|$", SECTION, re.MULTILINE)
    assert names == [name for name in start.commands(tmp_path) if name != start.BARE]
    assert start.__name__ in SECTION


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no CPU time of child processes")
def test_each_command_runs_and_takes_longer_than_python_alone(capsys: pytest.CaptureFixture[str]) -> None:
    start.main(["--short"])
    lines = capsys.readouterr().out.splitlines()
    ratios = {line[:40].strip(): float(line.split()[-1]) for line in lines[1:-1]}
    assert ratios.pop(start.BARE) == 1.0
    assert len(ratios) == len(lines) - 3 == 6
