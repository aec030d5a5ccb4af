"""The threat model names tests; each of them exists."""

from __future__ import annotations

import re

import pytest

from tests import ROOT

HERE = ROOT
PAGE = (HERE / "docs" / "security.md").read_text(encoding="utf-8")
WAYS = [line for line in PAGE.splitlines() if line.count("|") == 6 and not line.startswith(("| who |", "|---"))]


def named(row: str) -> list[str]:
    """The tests of a row; `::name` stands for one of the file before."""
    found, file = [], ""
    for text in re.findall(r"`((?:tests/[\w/.]+)?(?:::\w+)?)`", row.split("|")[4]):
        path, _, function = text.partition("::")
        file = path or file
        found.append(f"{file}::{function}" if function else file)
    return found


@pytest.mark.parametrize("row", WAYS, ids=lambda row: row.split("|")[2].strip()[:40])
def test_every_way_has_a_test_that_exists(row: str) -> None:
    tests = named(row)
    assert tests, row
    for test in tests:
        path, _, function = test.partition("::")
        place = HERE / path
        assert place.exists(), test
        assert not function or re.search(rf"def {function}\(", place.read_text(encoding="utf-8")), test


def test_the_page_lists_ways() -> None:
    assert len(WAYS) > 20
