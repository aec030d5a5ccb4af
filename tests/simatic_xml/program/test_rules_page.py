"""The page of type rules says what the rules say, and names tests that exist."""

import re
from pathlib import Path

from simatic_xml.program.rules_page import page
from tests import ROOT


def test_the_page_is_current() -> None:
    """`python -m simatic_xml.program.rules_page > docs/conformance-types.md` mends it."""
    assert (ROOT / "docs" / "conformance-types.md").read_text(encoding="utf-8") == page()


def test_the_tests_that_it_names_exist() -> None:
    """Each rule beside the tables has a test."""
    named = set(re.findall(r"\b(test_\w+\.py)", page()))
    assert {name for name in named if not (Path(__file__).parent / name).exists()} == set()
