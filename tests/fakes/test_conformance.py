"""The list of rules names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


PAGES = {
    "conformance.md": (40, ("fakes",)),
    "conformance-software.md": (80, ("fakes",)),
    "conformance-hmi.md": (12, ("fakes", "bridge", "api")),
    "conformance-service.md": (
        20,
        ("api", "audit", "files", "gateway", "observability", "reliability", "secrets", "security"),
    ),
}
"""Pages with rules: how many tests each names at least, and the folders that have them."""


@pytest.mark.parametrize(("page", "rules", "folders"), [(page, *how) for page, how in PAGES.items()])
def test_every_rule_of_the_list_names_a_test(page: str, rules: int, folders: tuple[str, ...]) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    files = (path for folder in folders for path in (ROOT / "tests" / folder).glob("test_*.py"))
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    assert len(named) > rules
    assert named - set(re.findall(r"def (test_\w+)", sources)) == set()
