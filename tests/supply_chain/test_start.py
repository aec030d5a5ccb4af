"""docs/dependencies.md has a row for each command whose start the benchmark measures."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks import start
from tests import ROOT

SECTION = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").partition("## Start times")[2]


def test_the_page_has_each_command(tmp_path: Path) -> None:
    names = re.findall(r"^\| `([^`]+)` \| [\d.]+ \| [\d.]+ \|$", SECTION, re.MULTILINE)
    assert names == [name for name in start.commands(tmp_path) if name != start.BARE]
    assert start.__name__ in SECTION
