"""The pages about execution name tests that exist, and each rule has one of the marks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGES = HERE.parents[1] / "docs" / "conformance-plc"
TESTS = {name for path in HERE.glob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))}
FILES = {path.name for path in HERE.glob("test_*.py")}
MARK = re.compile(r"-|[DCSU]\b.*")


@pytest.mark.parametrize("page", ["execution", "stl", "graph"])
def test_rows_have_marks_and_tests_that_exist(page: str) -> None:
    text = (PAGES / f"{page}.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in text.splitlines() if line[:2] == "| "
    ]
    rules = [row for row in rows if len(row) == 4 and row[0] not in ("Rule", "---", "Where")]
    assert len(rules) > 15
    for rule, _, mark, tests in rules:
        named = re.findall(r"`(test_\w+(?:\.py)?)(?:::(test_\w+))?`", tests)
        assert MARK.match(mark) or page == "stl", rule
        for first, second in named:
            assert first in TESTS | FILES, f"{rule}: {first}"
            assert second in TESTS | {""}, f"{rule}: {second}"
