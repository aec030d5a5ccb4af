"""Every code that the typed program reports is documented and tested, and nothing else is documented."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import ROOT

CODE = re.compile(r"[a-z]+\.[a-z_]+")
ROW = re.compile(r"^\| `([a-z]+\.[a-z_*]+)` \|", re.MULTILINE)
FOLDERS = ("named_values", "program", "sd", "stl")


def emitted() -> Iterator[str]:
    """Yield every text in the packages that report that has the form of a code."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / "simatic_xml" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value


def documented() -> set[str]:
    """Return the codes of all tables, without the families that another page explains."""
    pages = (page.read_text(encoding="utf-8") for page in sorted((ROOT / "docs" / "diagnostics").glob("*.md")))
    return {code for page in pages for code in ROW.findall(page) if not code.endswith("*")}


@cache
def mentioned() -> frozenset[str]:
    """Return everything in the tests that has the form of a code."""
    paths = (path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
    return frozenset(code for path in paths for code in CODE.findall(path.read_text(encoding="utf-8")))


CODES = sorted(code for code in set(emitted()) if not code.endswith(".csv"))


def test_the_pages_and_the_program_have_the_same_codes() -> None:
    """A code that is reported stands in a table, and no table explains what is not reported."""
    assert set(CODES) - documented() == set()
    assert documented() - set(CODES) == set()


@pytest.mark.parametrize("code", CODES)
def test_a_test_mentions_the_code(code: str) -> None:
    """Each code is triggered somewhere."""
    assert code in mentioned()
