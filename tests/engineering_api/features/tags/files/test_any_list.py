"""Any list with the same tags is read as the same tags: whatever its titles, language, order of columns, blanks and format."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from engineering_api.features.tags.files import Reading, TableFileError, TagRow, TypeNames, in_mnemonics, read
from tests import ROOT
from tests.engineering_api.features.tags.files.lists import Row, one_sheet, text

TABLE = ROOT / "engineering_api" / "features" / "tags" / "files" / "column_names.csv"
FIELDS = ("name", "address", "data_type", "comment", "table")
TITLES: dict[tuple[str, str], list[str]] = {}
for _row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()):
    if _row["rank"] == "1":
        TITLES.setdefault((_row["language"], _row["field"]), []).append(_row["title"])

words = st.from_regex(r"[A-Za-zÄÖÜäöüéñ]{1,12}", fullmatch=True)
addressed = st.one_of(
    st.tuples(
        st.just("Bool"), st.builds("%{}{}.{}".format, st.sampled_from("IQM"), st.integers(0, 9999), st.integers(0, 7))
    ),
    st.tuples(
        st.sampled_from(["Int", "Word", "UInt"]),
        st.builds("%{}W{}".format, st.sampled_from("IQM"), st.integers(0, 9999)),
    ),
    st.tuples(
        st.sampled_from(["Real", "DInt"]), st.builds("%{}D{}".format, st.sampled_from("IQM"), st.integers(0, 9999))
    ),
    st.tuples(
        st.sampled_from(["Byte", "USInt"]), st.builds("%{}B{}".format, st.sampled_from("IQM"), st.integers(0, 9999))
    ),
)


@st.composite
def tag_lists(draw: st.DrawFn) -> list[TagRow]:
    count = draw(st.integers(1, 8))
    rows = []
    for number in range(count):
        data_type, address = draw(addressed)
        comment = draw(st.one_of(st.just(""), st.lists(words, min_size=2, max_size=4).map(" ".join)))
        rows.append(
            TagRow(
                0,
                draw(st.sampled_from(["", "Line", "Hall\\Line"])),
                f"{draw(words)}_{number}",
                data_type,
                address,
                comment,
            )
        )
    return rows


@st.composite
def spelled(draw: st.DrawFn, address: str) -> str:
    """An address as somebody may write it."""
    plain = in_mnemonics(address, draw(st.sampled_from(["en", "de"]))).removeprefix("%")
    digits = next(place for place, letter in enumerate(plain) if letter.isdigit())
    blanks = draw(st.sampled_from(["", " ", "   "]))
    written = plain[:digits] + blanks + plain[digits:]
    if draw(st.booleans()):
        written = "%" + draw(st.sampled_from(["", " "])) + written
    if draw(st.booleans()):
        written = written.lower()
    return draw(st.sampled_from(["", " "])) + written + draw(st.sampled_from(["", "  "]))


@st.composite
def written_lists(draw: st.DrawFn) -> tuple[list[TagRow], list[Row], int]:
    """Tags, a list that means them, and how many of its rows are no tags and have text."""
    tags = draw(tag_lists())
    language = draw(st.sampled_from(["en", "de", "fr", "es", "it"]))
    fields: list[str] = draw(st.permutations([*FIELDS, "number"]))
    titles = {field: draw(st.sampled_from(TITLES[language, field])) for field in FIELDS} | {"number": "Nr."}
    case = draw(st.sampled_from([str, str.upper, str.lower]))
    blank = draw(st.sampled_from(["", " "]))
    rows: list[Row] = [[f"Title {number}"] for number in range(draw(st.integers(0, 14)))]
    rows.append([blank + case(titles[field]) + blank for field in fields])
    others = 0
    for number, tag in enumerate(tags):
        cells = {
            "name": tag.name,
            "address": draw(spelled(tag.address)),
            "data_type": draw(st.sampled_from([str, str.upper, str.lower]))(tag.data_type)
            + draw(st.sampled_from(["", " "])),
            "comment": tag.comment,
            "table": tag.table,
            "number": str(number),
        }
        rows.append([cells[field] for field in fields])
        between = draw(st.sampled_from(["", "", "blank", "heading", "comment", "total"]))
        if between == "blank":
            rows.append([""] * len(fields))
        elif between:
            others += 1
            wording = {"heading": "Valves of the hall", "comment": "// checked", "total": "Total 3"}[between]
            rows.append([wording if field == "name" else "" for field in fields])
    return tags, rows, others


def as_text(rows: Sequence[Row], delimiter: str, encoding: str) -> bytes:
    width = max(map(len, rows))
    return text([[*row, *[""] * (width - len(row))] for row in rows], delimiter).encode(encoding)


def check(written: bytes, tags: list[TagRow], others: int) -> None:
    sheet = read(written)
    assert sheet.errors == []
    found = [(tag.name, tag.table, tag.data_type, tag.address, tag.comment) for tag in sheet.tags]
    assert found == [(tag.name, tag.table, tag.data_type, tag.address, tag.comment) for tag in tags]
    assert len(sheet.skipped) == others


@settings(max_examples=60)
@given(written_lists())
def test_a_workbook_means_its_tags(written: tuple[list[TagRow], list[Row], int]) -> None:
    tags, rows, others = written
    check(one_sheet(rows), tags, others)


@settings(max_examples=100)
@given(written_lists(), st.sampled_from(";,\t"), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
def test_a_text_means_its_tags(written: tuple[list[TagRow], list[Row], int], delimiter: str, encoding: str) -> None:
    tags, rows, others = written
    check(as_text(rows, delimiter, encoding), tags, others)


cells = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            " ",
            "Bool",
            "INT",
            "Integer",
            "FB 1",
            "E 0.0",
            "%QW4",
            "M0.9",
            "PEW 2",
            "%IX0.0",
            "Reserve",
            "Summe",
            "# x",
        ]
    ),
    st.sampled_from(["Name", "Data Type", "Address", "Pump_1", "Pumps of the hall", "1,5", "T#2s", "-", "x" * 600]),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)
tables = st.lists(st.lists(cells, min_size=5, max_size=6), max_size=12)


@settings(max_examples=200)
@given(tables, st.booleans(), st.sampled_from(["refuse", "convert"]))
def test_every_row_is_a_tag_a_constant_an_error_or_reported(
    rows: list[list[str]], with_value: bool, names: TypeNames
) -> None:
    header = ["Name", "Data Type", "Address", "Value" if with_value else "Comment", "Nr."]
    sheet = read(text([header, *rows], "\t").encode("utf-16"), reading=Reading(names))
    (use,) = sheet.sheets
    assert use.header_row == 1
    filled = {number for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)}
    entries = [*sheet.tags, *sheet.constants, *sheet.errors, *sheet.skipped]
    assert {entry.row for entry in entries} == filled
    assert len(filled) == use.tags + use.constants + use.wrong + use.skipped


@settings(max_examples=200)
@given(tables)
def test_any_table_is_read_or_refused_with_a_sentence(rows: list[list[str]]) -> None:
    for written in (one_sheet(rows), text(rows).encode()):
        try:
            sheet = read(written)
        except TableFileError as error:
            assert error.message.endswith((".", ")"))
        else:
            assert sheet.sheets
