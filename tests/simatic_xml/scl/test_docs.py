"""The examples of the documentation are true."""

import doctest

from tests import ROOT

PAGE = ROOT / "docs" / "scl.md"


def test_the_examples_of_the_documentation_are_true() -> None:
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.attempted > 8
    assert results.failed == 0
