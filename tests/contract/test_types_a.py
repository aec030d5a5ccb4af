"""The types of what engineers work with: each free object and each bare text that is left has a reason in a table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engineering_api.app import catalogue
from tests.contract.schema_walk import Property, bare_texts, free_names, free_objects, in_folders

FOLDERS = (
    *("blocks", "design", "devices", "files", "history", "hmi", "libraries", "program", "program_check", "projects"),
    *("protection", "tags", "udts", "watch"),
)
FINDERS = {"name": free_names, "object": free_objects, "text": bare_texts}
TABLE = Path(__file__).parent / "free_types_a.tsv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def listed(what: str) -> set[Property]:
    return {Property(row["struct"], row["property"]) for row in rows() if row["what"] == what}


@pytest.mark.parametrize("what", FINDERS)
def test_each_has_a_reason_and_each_reason_is_needed(what: str) -> None:
    found = FINDERS[what](in_folders(catalogue(), FOLDERS))
    assert sorted(found - listed(what)) == [], "Give it a type, or a line with the reason."
    assert sorted(listed(what) - found) == [], "It has a type now: remove the line."


def test_each_line_has_a_reason_of_some_words() -> None:
    assert [row for row in rows() if len(row["reason"].split()) < 3] == []
    keys = [(row["what"], row["struct"], row["property"]) for row in rows()]
    assert keys == sorted(set(keys))
