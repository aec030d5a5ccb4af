"""The examples of the documentation are true, and its page of findings is complete."""

import doctest
import re

from tests import ROOT

DOCS = ROOT / "docs"
SOURCES = (ROOT / "simatic_xml" / "sd").glob("*.py")


def test_the_examples_of_the_documentation_are_true() -> None:
    results = doctest.testfile(str(DOCS / "sd.md"), module_relative=False, encoding="utf-8")
    assert results.attempted > 6
    assert results.failed == 0


def test_every_finding_is_explained() -> None:
    reported = {code for path in SOURCES for code in re.findall(r'"(sd\.[a-z_]+)"', path.read_text("utf-8"))}
    explained = set(
        re.findall(r"^\| `(sd\.[a-z_]+)`", (DOCS / "diagnostics" / "sd.md").read_text("utf-8"), re.MULTILINE)
    )
    assert reported == explained
