"""Merging rows into tables, without a portal: laws that hold for all rows."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import simatic_xml
from engineering_api.features.tags.files import ConstantRow, TagRow, TagSheet
from engineering_api.features.tags.tag_merge import Holder, Merge, Mode, holder_of
from engineering_api.features.tags.tag_sheets import Origin, Rows
from simatic_xml import Document, TagTable

CULTURE = "de-DE"
Table = dict[str, Any]

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=8)
names = st.text("abcXYZ_.-/ä 1", min_size=1, max_size=6).filter(lambda text: text == text.strip())
paths = st.sampled_from(["", "Line", "Hall\\Motors", "Default tag table"])
flags = st.booleans()


@st.composite
def sheets(draw: st.DrawFn) -> Rows:
    """Rows with names that occur once."""
    chosen = draw(st.lists(names, unique_by=str.casefold, max_size=12))
    sheet = TagSheet()
    for number, name in enumerate(chosen, 2):
        if draw(flags):
            row = TagRow(number, draw(paths), name, "Bool", "%I0.0", draw(texts), draw(flags), draw(flags), draw(flags))
            sheet.tags.append(row)
        else:
            value = str(draw(st.integers(0, 9)))
            sheet.constants.append(ConstantRow(number, draw(paths), name, "Int", value, draw(texts)))
    return Rows(sheet, Origin("t.xlsx", "PLC Tags", "Constants", "Name", "Path", "Value"))


def holders() -> list[Holder]:
    made = []
    for name, default in (("Default tag table", True), ("Line", False)):
        table = TagTable(name)
        made.append(Holder(name, (), default, Document("V20", [table]), table))
    return made


def merged(rows: Rows, tables: list[Holder], mode: Mode = "update", target: Holder | None = None) -> Merge:
    merge = Merge(rows, mode, CULTURE, "V20", tables, target, tables[0])
    merge.run()
    return merge


def written(tables: list[Holder]) -> list[Holder]:
    """The tables after a way through SimaticML."""
    for holder in tables:
        holder.changed = False
    return [holder_of(holder.file()) for holder in tables]


@given(sheets())
def test_every_row_of_a_new_plc_is_created_in_its_table(rows: Rows) -> None:
    tables = holders()
    merge = merged(rows, tables)
    count = len(rows.sheet.tags) + len(rows.sheet.constants)
    assert (merge.counts.created, merge.errors) == (count, [])
    found = {entry.name: str(holder) for holder in tables for entry in (*holder.table.tags, *holder.table.constants)}
    assert found == {row.name: row.table or "Default tag table" for row in (*rows.sheet.tags, *rows.sheet.constants)}


@given(sheets())
def test_same_rows_again_change_nothing(rows: Rows) -> None:
    tables = holders()
    merged(rows, tables)
    again = merged(rows, written(tables))
    assert again.counts.unchanged == len(rows.sheet.tags) + len(rows.sheet.constants)
    assert (again.list_changed(), again.errors) == ([], [])


@given(sheets(), sheets())
def test_tags_that_no_row_names_stay_as_they_are(first: Rows, second: Rows) -> None:
    tables = holders()
    merged(first, tables)
    before = {entry.name: simatic_xml.Tag(**_fields(entry)) for holder in tables for entry in holder.table.tags}
    merged(second, tables)
    named = {row.name.casefold() for row in (*second.sheet.tags, *second.sheet.constants)}
    after = {entry.name: entry for holder in tables for entry in holder.table.tags}
    assert all(after[name] == tag for name, tag in before.items() if name.casefold() not in named)


@given(sheets(), sheets())
def test_each_row_is_counted_once(first: Rows, second: Rows) -> None:
    tables = holders()
    merged(first, tables)
    for mode in ("create", "skip", "update"):
        merge = merged(second, tables, mode)
        counts = merge.counts
        rows = len(second.sheet.tags) + len(second.sheet.constants)
        assert counts.created + counts.updated + counts.unchanged + counts.skipped + len(merge.errors) == rows


@given(sheets(), sheets())
def test_names_stay_unique_over_all_tables(first: Rows, second: Rows) -> None:
    tables = holders()
    merged(first, tables)
    merged(second, tables, target=tables[1])
    found = [e.name.casefold() for holder in tables for e in (*holder.table.tags, *holder.table.constants)]
    assert len(found) == len(set(found))


def test_other_languages_keep_their_comments() -> None:
    tables = holders()
    tables[0].table.tags.append(simatic_xml.Tag("A", "Bool", "", {"en-US": "a", CULTURE: "alt"}))
    rows = Rows(TagSheet([TagRow(1, "", "A", "Bool", "", "neu")]), Origin())
    assert merged(rows, tables).counts.updated == 1
    assert tables[0].table.tags[0].comment == {"en-US": "a", CULTURE: "neu"}


def _fields(tag: simatic_xml.Tag) -> dict[str, Any]:
    return {
        name: getattr(tag, name)
        for name in ("name", "data_type", "address", "external_accessible", "external_visible", "external_writable")
    } | {"comment": dict(tag.comment)}
