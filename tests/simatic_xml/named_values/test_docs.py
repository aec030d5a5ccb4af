"""The examples of the documentation are true."""

import doctest

from tests import ROOT


def test_the_examples_of_the_documentation_are_true() -> None:
    results = doctest.testfile(str(ROOT / "docs" / "software-units.md"), module_relative=False, encoding="utf-8")
    assert results.attempted > 3
    assert results.failed == 0
