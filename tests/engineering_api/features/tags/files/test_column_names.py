"""The table of titles: no title with two meanings, every title of every language found, and the page that lists them."""

from __future__ import annotations

import csv

import pytest

from engineering_api.features.tags.files.columns import Fields, meaning_of
from tests import ROOT

TABLE = ROOT / "engineering_api" / "features" / "tags" / "files" / "column_names.csv"
NAMES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
PAGE = (ROOT / "docs" / "tag-files.md").read_text(encoding="utf-8")
LANGUAGES = ("en", "de", "fr", "es", "it")


@pytest.mark.parametrize("row", NAMES, ids=lambda row: f"{row['language']}-{row['title']}")
def test_each_title_has_one_meaning(row: dict[str, str]) -> None:
    for written in (row["title"], row["title"].upper(), f"  {row['title']} (PLC)", row["title"].replace(" ", "_")):
        meaning = meaning_of(written)
        assert meaning is not None
        assert (Fields._fields[meaning.place], str(meaning.rank)) == (row["field"], row["rank"])


def test_every_field_has_a_title_in_every_language() -> None:
    listed = {(row["field"], row["language"]) for row in NAMES}
    assert listed == {(field, language) for field in Fields._fields for language in LANGUAGES}


@pytest.mark.parametrize("field", Fields._fields)
def test_the_page_lists_the_titles_of_the_table(field: str) -> None:
    ranked: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for row in NAMES:
        if row["field"] == field:
            ranked[row["rank"] == "1"][f"`{row['title']}`"] = None
    assert f"| {', '.join(ranked[True])} | {', '.join(ranked[False])} |" in PAGE
