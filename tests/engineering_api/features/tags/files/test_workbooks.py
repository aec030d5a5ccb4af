"""Workbooks: TIA Portal's own layout in and out, and files that only pretend to be one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree
from openpyxl import Workbook, load_workbook

from engineering_api.features.tags.files import (
    DEFAULT_TABLE,
    ConstantRow,
    TableFileError,
    TagRow,
    read_xlsx,
    write_xlsx,
)
from engineering_api.files.tables.workbook_guard import Limits, check_workbook
from tests.engineering_api.features.tags.files.shared_strings import shared_strings_workbook
from tests.engineering_api.features.tags.files.strategies import sheets

TAG = TagRow(0, "Line\\Conveyor", "Conveyor_Run", "Bool", "%Q0.0", "runs")
HEADER = ["Name", "Path", "Data Type", "Logical Address", "Comment"]


def workbook_of(sheets_by_name: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    workbook = Workbook()
    del workbook["Sheet"]
    for title, rows in sheets_by_name.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, part: str, change: tuple[bytes, bytes]) -> bytes:
    """The workbook with one text in one part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        assert part in old.namelist()
        for name in old.namelist():
            data = old.read(name)
            assert name != part or change[0] in data
            new.writestr(name, data.replace(*change) if name == part else data)
    return buffer.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(TableFileError) as refused:
        read_xlsx(content)
    return refused.value.code


def test_the_layout_of_tia_portal(tmp_path: Path) -> None:
    path = tmp_path / "PLCTags.xlsx"
    write_xlsx(path, [replace(TAG, comment="=1+1"), TagRow(0, "", "21010", "Int", "%IW2")])
    workbook = load_workbook(path)
    assert workbook.sheetnames == ["PLC Tags", "TagTable Properties"]
    assert [[cell.value or "" for cell in row] for row in workbook["TagTable Properties"].iter_rows()] == [
        ["Path", "BelongsToUnit", "Accessibility"],
        ["Line\\Conveyor", "", ""],
        [DEFAULT_TABLE, "", ""],
    ]
    assert [[cell.value or "" for cell in row] for row in workbook["PLC Tags"].iter_rows()] == [
        [
            *("Name", "Path", "Data Type", "Logical Address", "Comment"),
            *("Hmi Visible", "Hmi Accessible", "Hmi Writeable", "Typeobject ID", "Version ID"),
        ],
        ["Conveyor_Run", "Line\\Conveyor", "Bool", "%Q0.0", "=1+1", "True", "True", "True", "", ""],
        ["21010", DEFAULT_TABLE, "Int", "%IW2", "", "True", "True", "True", "", ""],
    ]
    assert {cell.data_type for row in workbook["PLC Tags"].iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    assert workbook["PLC Tags"]["E2"].quotePrefix
    with zipfile.ZipFile(path) as archive:
        sheet_xml = archive.read("xl/worksheets/sheet1.xml")
    assert set(re.findall(rb'<c [^>]*t="(\w+)"', sheet_xml)) == {b"inlineStr"}
    assert b"<f" not in sheet_xml


def test_sheets_are_there_when_they_have_rows(tmp_path: Path) -> None:
    path = tmp_path / "tags.xlsx"
    write_xlsx(path, [], [ConstantRow(0, "T", "Max", "Int", "7")], mnemonics="de")
    assert load_workbook(path).sheetnames == ["Constants", "TagTable Properties"]
    assert read_xlsx(path).constants == [ConstantRow(2, "T", "Max", "Int", "7")]
    write_xlsx(path, [TAG], [ConstantRow(0, "T", "Max", "Int", "7")], mnemonics="de")
    assert load_workbook(path).sheetnames == ["PLC Tags", "Constants", "TagTable Properties"]
    assert load_workbook(path)["PLC Tags"]["D2"].value == "%A0.0"
    write_xlsx(path, [])
    assert read_xlsx(path).tags == []


@pytest.mark.parametrize("tags", [[], [TAG]])
def test_the_version_of_the_form_is_there_as_the_import_of_tia_portal_wants_it(
    tmp_path: Path, tags: list[TagRow]
) -> None:
    path = tmp_path / "tags.xlsx"
    write_xlsx(path, tags)
    with zipfile.ZipFile(path) as archive:
        properties = etree.fromstring(archive.read("docProps/custom.xml"))
        assert b"docProps/custom.xml" in archive.read("_rels/.rels")
    assert [(each.get("name"), "".join(each.itertext())) for each in properties] == [("TIA_Version", "1.0")]
    assert properties[0][0].tag.endswith("}lpwstr")


@settings(max_examples=40)
@given(rows=sheets)
def test_xlsx_round_trip(tmp_path: Path, rows: tuple[list[TagRow], list[ConstantRow]]) -> None:
    path = tmp_path / "tags.xlsx"
    write_xlsx(path, *rows)
    sheet = read_xlsx(path)
    assert sheet.errors == []
    assert [replace(tag, row=0) for tag in sheet.tags] == [
        replace(tag, table=tag.table or DEFAULT_TABLE) for tag in rows[0]
    ]
    assert [replace(row, row=0) for row in sheet.constants] == [
        replace(row, table=row.table or DEFAULT_TABLE) for row in rows[1]
    ]


def test_numbers_and_booleans_of_excel_become_text() -> None:
    content = workbook_of(
        {
            "PLC Tags": [
                [*HEADER, "Hmi Visible", "Hmi Writeable"],
                [21010, "T", "Bool", "E0.0", 3.5, True, 0],
            ],
            "Constants": [["Name", "Path", "Data Type", "Value"], ["Max", "T", "Int", 7], ["Half", "T", "Real", 0.5]],
        }
    )
    sheet = read_xlsx(content)
    assert sheet.tags == [TagRow(2, "T", "21010", "Bool", "%I0.0", "3.5", True, True, False)]
    assert sheet.constants == [ConstantRow(2, "T", "Max", "Int", "7"), ConstantRow(3, "T", "Half", "Real", "0.5")]


def test_sheets_and_headers_are_found_by_their_columns() -> None:
    content = workbook_of(
        {
            "Notes": [["anything"], ["Name of the plant"]],
            "TagTable Properties": [["Path", "BelongsToUnit", "Accessibility"], ["T", "", ""]],
            "Variablen": [["Line 7"], [], ["Adresse", "Name", "Datentyp"], [], ["A0.0", "Run", "Bool"]],
        }
    )
    assert read_xlsx(content).tags == [TagRow(5, "", "Run", "Bool", "%Q0.0")]


def test_errors_tell_sheet_row_and_column_and_names_are_unique_over_sheets() -> None:
    content = workbook_of(
        {
            "PLC Tags": [HEADER, ["Max", "T", "Int", "M0.0", ""]],
            "Constants": [["Name", "Path", "Data Type", "Value"], ["MAX", "T", "Int", ""]],
        }
    )
    errors = read_xlsx(content, file="list.xlsx").errors
    assert [(error.code, error.file, error.sheet, error.row, error.column) for error in errors] == [
        ("tag_address.width", "list.xlsx", "PLC Tags", 2, "Logical Address"),
        ("tag_name.duplicate", "list.xlsx", "Constants", 2, "Name"),
        ("constant_value.missing", "list.xlsx", "Constants", 2, "Value"),
    ]
    assert "row 2 of sheet 'PLC Tags'" in errors[1].message


def test_missing_columns_name_the_sheet() -> None:
    with pytest.raises(
        TableFileError, match="sheet 'PLC Tags': The header has no column 'Data Type', 'Logical Address'"
    ):
        read_xlsx(workbook_of({"PLC Tags": [["Name", "Path"]]}))
    assert code_of(workbook_of({"Other": [["a", "b"]]})) == "tag_file.no_tags"


def test_progress_ends_with_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "tags.xlsx"
    write_xlsx(path, (replace(TAG, name=f"Tag_{number}") for number in range(4500)))
    seen: list[tuple[int, int]] = []
    assert len(read_xlsx(path, lambda done, total: seen.append((done, total))).tags) == 4500
    assert seen == [(2000, 4501), (4000, 4501), (4501, 4501)]


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"%PDF-1.7 rest", "tag_file.not_a_workbook", "a PDF document"),
        (b"<html></html>", "tag_file.not_a_workbook", "XML or HTML"),
        (b"", "tag_file.not_a_workbook", "empty"),
        (b"Name;Type", "tag_file.not_a_workbook", "another kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "tag_file.old_workbook", ".xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "tag_file.encrypted",
            "password",
        ),
        (b"PK\x03\x04 and nothing more", "tag_file.damaged", "damaged"),
    ],
)
def test_files_that_are_no_workbook(content: bytes, code: str, word: str) -> None:
    with pytest.raises(TableFileError, match=word) as refused:
        read_xlsx(content)
    assert refused.value.code == code


def test_an_archive_of_another_kind() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert code_of(buffer.getvalue()) == "tag_file.not_a_workbook"


def test_a_broken_sheet_is_a_damaged_workbook() -> None:
    content = workbook_of({"PLC Tags": [HEADER]})
    assert code_of(repacked(content, "xl/workbook.xml", (b"</workbook>", b"</work"))) == "tag_file.damaged"


@pytest.mark.parametrize("cut", [slice(40, 60), slice(200, 300), slice(-12, -8)])
def test_lost_bytes_are_a_damaged_workbook(cut: slice) -> None:
    content = bytearray(workbook_of({"PLC Tags": [HEADER]}))
    del content[cut]
    assert code_of(bytes(content)) == "tag_file.damaged"


def test_unpacked_size_is_bounded_before_parsing() -> None:
    content = workbook_of({"PLC Tags": [HEADER, *[["x" * 100]] * 2000]})
    with pytest.raises(TableFileError, match="unpacked it has") as refused:
        check_workbook(content, "a.xlsx", Limits(unpacked=50_000))
    assert refused.value.code == "tag_file.too_large"


@pytest.mark.parametrize("reference", [b"A1048576", b"XFD1", b"ZZZZZ1", b"CV500000"])
def test_far_off_cells_are_refused_before_parsing(reference: bytes) -> None:
    content = workbook_of({"PLC Tags": [HEADER, ["Run"]]})
    content = repacked(content, "xl/worksheets/sheet1.xml", (b'r="A2"', b'r="' + reference + b'"'))
    assert code_of(content) == "tag_file.too_large"


@pytest.mark.parametrize("hidden_end", ["", "<!--</si>-->", "<![CDATA[</si>]]>"])
def test_one_long_text_in_many_cells_is_refused_before_parsing(hidden_end: str) -> None:
    content = shared_strings_workbook([["x"] * 5] * 2000, raw_texts=[("x" * 20_000 + hidden_end) * 10])
    with pytest.raises(TableFileError, match="cells with texts of up to") as refused:
        check_workbook(content, "a.xlsx", Limits(text=1_000_000_000))
    assert refused.value.code == "tag_file.too_large"


def test_shared_texts_and_one_long_comment_are_no_bomb() -> None:
    rows = [[f"Tag_{number}", "Tür", "Bool", "M0.0", "x" * 30_000 if number == 7 else ""] for number in range(3000)]
    tags = read_xlsx(shared_strings_workbook([HEADER, *rows])).tags
    assert len(tags) == 3000
    assert tags[7] == TagRow(9, "Tür", "Tag_7", "Bool", "%M0.0", "x" * 30_000)


def test_a_part_that_lies_about_its_size_is_damaged() -> None:
    content = workbook_of({"PLC Tags": [HEADER, *[["x" * 100]] * 2000]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    assert code_of(content.replace(size, (10).to_bytes(4, "little"))) == "tag_file.damaged"


@pytest.mark.parametrize("comment", ["bell \x07", "x" * 32768, "half \ud800", "none \uffff"])
def test_what_a_workbook_cannot_hold_is_refused(tmp_path: Path, comment: str) -> None:
    with pytest.raises(TableFileError, match="cannot hold") as refused:
        write_xlsx(tmp_path / "tags.xlsx", [replace(TAG, comment=comment)])
    assert (refused.value.code, refused.value.sheet) == ("tag_file.unwritable_text", "PLC Tags")
