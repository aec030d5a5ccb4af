"""The list of rules names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_rule_of_the_list_names_a_test() -> None:
    text = (ROOT / "docs" / "conformance-software.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "fakes").glob("test_*.py"))
    assert len(named) > 80
    assert named - set(re.findall(r"def (test_\w+)", sources)) == set()
