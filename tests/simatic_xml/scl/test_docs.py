"""The examples of the documentation are true."""

import doctest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "scl.md"


def test_the_examples_of_the_documentation_are_true() -> None:
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.attempted > 8
    assert results.failed == 0
