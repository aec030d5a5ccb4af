"""The contract: its committed table fits the descriptions, and what breaks clients is named by a decision."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from typing import Any

import pytest

from engineering_api import VERSION, generation
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Section
from engineering_api.web import contract
from engineering_api.web.contract import Contract, Promise, Promises
from engineering_api.web.openapi.contract_rows import Row, simplify
from engineering_api.web.openapi.document import FORMS
from tests import ROOT
from tests.contract.breaks import find_breaks
from tests.support.state.api import CATALOGUE

DECISIONS = ROOT / "docs" / "decisions"
TABLE = (ROOT / generation.CONTRACT).read_text(encoding="utf-8")
NAMED = re.compile(r"^- `([^`]+)`: (.+)$", re.MULTILINE)


def named(page: str, release: str) -> dict[str, str]:
    """The breaks that a decision page names since a release, each with its reason."""
    section = re.search(rf"^## Breaks after {re.escape(release)}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return dict(NAMED.findall(section[1])) if section else {}


def decided(release: str) -> dict[str, str]:
    """The breaks that all decisions name since a release."""
    return {
        broken: reason
        for page in sorted(DECISIONS.glob("[0-9]*.md"))
        for broken, reason in named(page.read_text(encoding="utf-8"), release).items()
    }


@pytest.fixture(scope="module")
def present() -> Promises:
    return contract.promises(CATALOGUE)


def test_the_committed_table_fits_the_descriptions(present: Promises) -> None:
    committed, made = TABLE, contract.write(contract.follow(contract.read(TABLE), present))
    changed = sorted(set(committed.splitlines()) ^ set(made.splitlines()))
    assert changed == [], "The contract changed. If that is meant: python3 dev.py generate, and commit the table."
    assert committed == made


def test_what_breaks_clients_is_named_by_a_decision(present: Promises) -> None:
    last = contract.read(TABLE)
    broken, listed = set(map(str, find_breaks(last.released, present))), decided(last.release)
    assert sorted(broken - listed.keys()) == [], (
        f"This breaks clients. Keep what was promised, or name it in a page of docs/decisions below '## Breaks after {VERSION}'."
    )
    assert sorted(listed.keys() - broken) == [], "No such break: remove the line."
    assert [each for each, reason in listed.items() if len(reason.split()) < 3] == []


def test_the_release_is_the_one_that_the_decision_names() -> None:
    last = contract.read(TABLE)
    page = (DECISIONS / "0010-breaking-changes.md").read_text(encoding="utf-8")
    assert last.release == VERSION
    assert f"| {VERSION} | `{last.checksum}` |" in page, (
        "The rows of the release changed: docs/decisions/0010-breaking-changes.md"
    )


def test_a_page_names_breaks_in_the_section_of_their_release() -> None:
    page = "# 9. X\n\n- `a b`: no\n\n## Breaks after 1.0\n\nFrom:\n\n- `a b removed`: it was wrong\n\n## Rest\n\n- `c`: no\n"
    assert named(page, "1.0") == {"a b removed": "it was wrong"}
    assert named(page, "1") == named(page, "1.0.1") == {}


def test_each_route_has_a_row(present: Promises) -> None:
    for version, form in FORMS.items():
        listed = {promise.row.type for promise in present if promise.version == version and not promise.row.place}
        assert {
            f"{route.method} {path.replace('/v2/', '/', 1) if version == 2 else path} {each.right.word}"
            for each in (*CATALOGUE, *CATALOGUE.endpoints)
            for path, route in form.routes(each)
        } <= listed


def promise(name: str, kind: str = "string") -> Promise:
    return Promise(1, Row("Tag", name, kind))


def test_rows_of_the_release_stay_until_the_next_one() -> None:
    old, new = frozenset({promise("name"), promise("size")}), frozenset({promise("name"), promise("size", "integer")})
    first = contract.follow(None, old, "1.0")
    after = contract.follow(first, new, "1.0")
    assert contract.write(after).splitlines() == [
        "change\tversion\tsubject\tplace\ttype",
        "=\t\trelease\t\t1.0",
        "=\t1\tTag\tname\tstring",
        "+\t1\tTag\tsize\tinteger",
        "-\t1\tTag\tsize\tstring",
    ]
    assert (after.released, after.present, after.checksum) == (old, new, first.checksum)
    assert contract.follow(after, old, "1.0") == first
    assert contract.follow(after, new, "1.1") == Contract("1.1", new, new)
    assert contract.follow(after, new, "1.1").checksum != first.checksum


@pytest.mark.parametrize("version", [[1], [2], [1, 2]], ids=str)
def test_a_table_is_read_as_it_was_written(version: list[int], present: Promises) -> None:
    some = frozenset(each for each in present if each.version in version)
    for made in (Contract("1", some, present), Contract("1", present, some), contract.follow(None, some)):
        assert contract.read(contract.write(made)) == made


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "=======", "=\t1\tTag\tname", ""])
def test_a_table_with_other_lines_is_refused(line: str) -> None:
    table = contract.write(contract.follow(None, frozenset({promise("name")})))
    with pytest.raises(ValueError, match=r"dev\.py generate"):
        contract.read(f"{table}{line}\n")


def test_versions_share_the_rows_in_which_they_agree() -> None:
    both = [
        promise("name"),
        promise("name")._replace(version=2),
        promise("size"),
        promise("size", "null")._replace(version=2),
    ]
    lines = contract.write(contract.follow(None, frozenset(both))).splitlines()[2:]
    assert lines == ["=\t12\tTag\tname\tstring", "=\t1\tTag\tsize\tstring", "=\t2\tTag\tsize\tnull"]


@pytest.mark.parametrize(
    ("schema", "short"),
    [
        ({"type": "string", "description": "A name.", "title": "Name"}, "string"),
        ({"$ref": "#/components/schemas/Tag", "description": "It."}, "Tag"),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Tag"}]}, ["Tag", "string"]),
        ({"type": "array", "items": {"type": "string"}}, {"items": "string"}),
        ({"type": "string", "enum": ["b", "a"]}, {"enum": ["a", "b"]}),
        ({"const": 1}, {"enum": [1]}),
        ({"type": "integer", "default": None}, "integer"),
        ({"type": "integer", "default": 0}, {"type": "integer", "default": 0}),
        (
            {"type": "object", "properties": {"title": {"type": "null"}}},
            {"type": "object", "properties": {"title": "null"}},
        ),
        ({}, {}),
    ],
    ids=str,
)
def test_a_type_is_written_without_notes(schema: Any, short: Any) -> None:
    assert simplify(schema) == short


@pytest.mark.parametrize("how", [builtins.list, builtins.reversed], ids=["as it is", "backwards"])
def test_the_order_of_the_catalogue_makes_no_difference(how: Callable[[Any], Any], present: Promises) -> None:
    section = Section("All")
    section.operations = list(how(CATALOGUE.operations))
    section.endpoints = list(CATALOGUE.endpoints)
    assert contract.promises(Catalogue((section,))) == present
