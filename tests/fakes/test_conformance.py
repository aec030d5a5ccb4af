"""The list of rules names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("page", "rules"), [("conformance.md", 40), ("conformance-software.md", 80)])
def test_every_rule_of_the_list_names_a_test(page: str, rules: int) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "fakes").glob("test_*.py"))
    assert len(named) > rules
    assert named - set(re.findall(r"def (test_\w+)", sources)) == set()
