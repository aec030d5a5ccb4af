"""`tia explain`: a page for each code, also those of the tables of the documentation and of the lint rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engineering_api.cli.commands import main
from engineering_api.documentation import codes
from engineering_api.documentation.code_pages import FILE
from openness_bridge.errors import Kind
from simatic_xml.lint import RULES
from tests import ROOT


def explain(code: str) -> Result:
    return CliRunner().invoke(main, ["explain", code])


def test_the_pages_are_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == codes.text()


def test_each_code_of_the_compilers_has_a_page() -> None:
    rows = [
        row for page in (ROOT / "docs" / "diagnostics").glob("*.md") for row in page.read_text("utf-8").splitlines()
    ]
    listed = {found[1] for row in rows if (found := re.match(r"\| `([a-z_0-9]+\.[a-z_.0-9]+)` \|", row))}
    assert len(listed) > 100
    assert not [code for code in listed if explain(code).exit_code]


def test_each_lint_rule_has_a_page_by_number_and_name() -> None:
    for rule in RULES.values():
        assert explain(rule.id).exit_code == 0
        assert explain(rule.name).output == explain(rule.id).output


def test_each_code_that_the_service_raises_has_a_page() -> None:
    """An independent look at the sources: the first text of each Problem that is written at its place."""
    found = set()
    for package in ("engineering_api", "runtime_data", "openness_bridge"):
        for file in (ROOT / package).rglob("*.py"):
            found |= set(
                re.findall(r"\b(?:Http)?Problem\(\s*\"([a-z_]+\.[a-z_.0-9]+)\"", file.read_text(encoding="utf-8"))
            )
    assert len(found) > 200
    pages = json.loads(FILE.read_text(encoding="utf-8"))
    assert found - set(pages) == set()
    assert not [code for code, page in pages.items() if not page["text"].strip()]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("name.undefined", "Declare it, or correct the name."),
        ("[device.not_found]", "Name something that exists."),
        ("L301", "case-else"),
        ("request.wrong_type", "HTTP status: 400"),
        ("compile.refused", "HTTP status: 409"),
    ],
)
def test_a_page(code: str, said: str) -> None:
    done = explain(code)
    assert (done.exit_code, said in done.output) == (0, True), done.output


def test_an_unknown_code_is_answered_with_similar_ones() -> None:
    done = explain("name.undefind")
    assert done.exit_code == 2
    assert "'name.undefined'" in done.output


def test_each_kind_of_problem_has_advice() -> None:
    assert set(codes.advice()) == {kind.name for kind in Kind}


def test_the_page_as_json() -> None:
    assert json.loads(CliRunner().invoke(main, ["explain", "L301", "--json"]).output)["also"] == "case-else"


def test_a_sentence_belongs_to_the_code_that_is_raised_with_it(tmp_path: Path) -> None:
    source = """
def first(name):
    msg = "The first is wrong: correct it."
    if name:
        raise Problem("one.wrong", msg)
    msg = f"The other {name} is wrong: remove it."
    raise Problem("other.wrong", msg)

def last():
    msg = "The last is wrong: send it again."
    raise Problem("last.wrong", msg)
"""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lint.md").touch()
    (tmp_path / "simatic_xml").mkdir()
    (tmp_path / "simatic_xml" / "example.py").write_text(source, encoding="utf-8")
    said = {code: page["text"].splitlines()[0] for code, page in codes.pages(tmp_path).items()}
    assert said == {
        "one.wrong": "Messages: The first is wrong: correct it.",
        "other.wrong": "Messages: The other … is wrong: remove it.",
        "last.wrong": "Messages: The last is wrong: send it again.",
    }
