"""The types of requests and answers: each free object and each bare text that is left has a reason in a table."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import msgspec
import pytest

from engineering_api.app import catalogue
from tests.contract.schema_walk import Property, bare_texts, free_names, free_objects

FINDERS = {"name": free_names, "object": free_objects, "text": bare_texts}
TABLE = Path(__file__).parent / "free_types.tsv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def listed(what: str) -> set[Property]:
    return {Property(row["struct"], row["property"]) for row in rows() if row["what"] == what}


@pytest.mark.parametrize("what", FINDERS)
def test_each_has_a_reason_and_each_reason_is_needed(what: str) -> None:
    found = FINDERS[what](catalogue())
    assert sorted(found - listed(what)) == [], "Give it a type, or a line with the reason."
    assert sorted(listed(what) - found) == [], "It has a type now: remove the line."


def test_each_line_has_a_reason_of_some_words() -> None:
    assert [row for row in rows() if len(row["reason"].split()) < 3] == []
    keys = [(row["what"], row["struct"], row["property"]) for row in rows()]
    assert keys == sorted(set(keys))


class Part(msgspec.Struct):
    kind: str


class Whole(msgspec.Struct):
    parts: dict[str, list[Part]]
    free: dict[str, Any] | None
    also_free: list[Any]
    name: str
    state: Annotated[str, msgspec.Meta(extra_json_schema={"enum": ["a"]})]
    by_name: dict[str, int]


def test_free_values_and_bare_words_are_seen() -> None:
    operations: Any = [SimpleNamespace(request=Whole, answer=None)]
    assert {each.name for each in free_objects(operations)} == {"free", "also_free"}
    assert bare_texts(operations) == {Property("test_free_types.Part", "kind")}
