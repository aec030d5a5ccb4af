"""The pages of rules name tests that exist, and mark how sure each rule is."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests import ROOT

PAGES = {
    "conformance.md": 40,
    "conformance-hmi.md": 12,
    "conformance-libraries.md": 35,
    "conformance-security.md": 10,
    "conformance-service.md": 20,
    "conformance-software.md": 80,
    "conformance-plc/alarms.md": 25,
    "conformance-plc/control.md": 10,
    "conformance-plc/cpu.md": 50,
    "conformance-plc/devices.md": 10,
    "conformance-plc/execution.md": 15,
    "conformance-plc/graph.md": 15,
    "conformance-plc/instructions.md": 5,
    "conformance-plc/motion.md": 30,
    "conformance-plc/online.md": 30,
    "conformance-plc/plcsim.md": 50,
    "conformance-plc/stl.md": 15,
    "conformance-plc/storage.md": 1,
}
"""How many tests each page names at least."""
MARKED = {
    "conformance-plc/alarms.md",
    "conformance-plc/cpu.md",
    "conformance-plc/execution.md",
    "conformance-plc/graph.md",
}
"""Pages whose rows have four cells: the rule, its source, its mark and its tests."""
NAME = re.compile(r"`(?:tests/[\w/]+/)?(test_\w+)(?:\.py)?(?:::(test_\w+))?`")
CELLS = re.compile(r"(?<!\\)\|")
MARK = re.compile(r"-|[DCSU]\b.*")


@cache
def names_defined() -> frozenset[str]:
    """Return the names of all test modules and functions."""
    files = list((ROOT / "tests").rglob("test_*.py"))
    functions = (name for file in files for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8")))
    return frozenset([*(file.stem for file in files), *functions])


def read(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def test_no_page_is_missing_here() -> None:
    docs = ROOT / "docs"
    pages = [*docs.glob("conformance*.md"), *docs.glob("conformance-plc/*.md")]
    with_tests = {str(Path(page).relative_to(docs)) for page in pages if NAME.search(page.read_text(encoding="utf-8"))}
    assert with_tests == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_every_rule_names_tests_that_exist(page: str) -> None:
    named = {name for found in NAME.finditer(read(page)) for name in found.groups() if name}
    assert len(named) >= PAGES[page]
    assert named - names_defined() == set()


@pytest.mark.parametrize("page", sorted(MARKED))
def test_every_rule_has_a_mark(page: str) -> None:
    rows = [[cell.strip() for cell in CELLS.split(line)[1:-1]] for line in read(page).splitlines() if line[:2] == "| "]
    rules = [row for row in rows if len(row) == 4 and row[0] not in ("Rule", "---", "Where")]
    assert len(rules) >= PAGES[page] // 4
    assert [rule for rule, _, mark, _ in rules if not MARK.match(mark)] == []
