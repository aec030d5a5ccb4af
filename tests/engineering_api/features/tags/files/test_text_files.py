"""CSV and SDF: any delimiter, encoding, language and order of columns; no error hidden."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engineering_api.features.tags.files import ConstantRow, TableFileError, TagRow, read_csv, read_sdf, write_csv
from tests.engineering_api.features.tags.files.strategies import sheets


def errors_of(text: str) -> list[tuple[str, int, str]]:
    return [(error.code, error.row, error.column) for error in read_csv(text.encode()).errors]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings_are_found(delimiter: str, encoding: str) -> None:
    text = "Name|Datentyp|Adresse|Kommentar\r\nTür_zu|Bool|E0.0|geschlossen, größer\r\n".replace("|", delimiter)
    if delimiter == ",":
        text = text.replace("geschlossen, größer", '"geschlossen, größer"')
    tags = read_csv(text.encode(encoding)).tags
    assert tags == [TagRow(2, "", "Tür_zu", "Bool", "%I0.0", "geschlossen, größer")]


def test_columns_are_found_by_title_in_any_order_and_unknown_ones_are_ignored() -> None:
    text = "Mine;HMI Writeable;Logische Adresse;Pfad;Datentyp;NAME;Hmi Visible\nx;FALSCH;MW4;A\\B;int;Level;WAHR\n"
    assert read_csv(text.encode()).tags == [TagRow(2, "A\\B", "Level", "Int", "%MW4", "", True, True, False)]


def test_short_and_blank_records_and_the_line_of_excel() -> None:
    text = "sep=;\nName;Data Type;Address;Comment\n\nRun;Bool;Q0.0\n;;;\nStop;Bool;Q0.1;x;;\n"
    assert [(tag.row, tag.name, tag.comment) for tag in read_csv(text.encode()).tags] == [
        (4, "Run", ""),
        (6, "Stop", "x"),
    ]


def test_a_row_with_a_value_is_a_constant() -> None:
    text = "Name,Data Type,Address,Value\nMax,Int,,7\nRun,Bool,M0.0,\nBoth,Int,MW2,3\n"
    sheet = read_csv(text.encode())
    assert sheet.constants == [ConstantRow(2, "", "Max", "Int", "7")]
    assert [tag.name for tag in sheet.tags] == ["Run"]
    assert [(error.code, error.row) for error in sheet.errors] == [("constant_value.with_address", 4)]


def test_missing_columns_are_one_error_with_all_names() -> None:
    with pytest.raises(TableFileError) as refused:
        read_csv(b"Name;Comment\nx;y\n", file="list.csv")
    assert refused.value.code == "tag_file.missing_columns"
    assert "'Data Type', 'Logical Address'" in str(refused.value)
    assert str(refused.value).startswith("list.csv: ")


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(TableFileError, match="'Address' and 'Logical Address'"):
        read_csv(b"Name,Data Type,Address,Logical Address\n")


def test_all_errors_of_all_rows_are_reported() -> None:
    text = 'Name;Data Type;Address;Hmi Visible\n;Bool;M0.0;\nA"b;;X9;\n Run;Int;M0.0;maybe\nok;Bool;M0.1;1\n'
    text = text.replace('A"b', '"A""b"')
    assert errors_of(text) == [
        ("tag_name.empty", 2, "Name"),
        ("tag_name.character", 3, "Name"),
        ("tag_type.missing", 3, "Data Type"),
        ("tag_address.form", 3, "Address"),
        ("tag_name.blank", 4, "Name"),
        ("tag_address.width", 4, "Address"),
        ("tag_flag.value", 4, "Hmi Visible"),
    ]


def test_long_and_duplicate_names() -> None:
    text = f"Name;Data Type;Address\n{'n' * 129};Bool;M0.0\nMotor;Bool;M0.1\nMOTOR;Bool;M0.2\n{'n' * 128};Bool;\n"
    sheet = read_csv(text.encode())
    assert [(error.code, error.row) for error in sheet.errors] == [("tag_name.too_long", 2), ("tag_name.duplicate", 4)]
    assert "row 4 is already used in row 3" in sheet.errors[1].message
    assert [tag.row for tag in sheet.tags] == [3, 5]


def test_more_cells_than_the_header_are_not_dropped() -> None:
    text = "Name,Data Type,Address,Comment\nRun,Bool,M0.0,runs, or stands\n"
    assert errors_of(text) == [("tag_row.surplus", 2, "")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'Name,Data Type,Address\n"open,Bool,M0.0\n', "tag_file.broken_csv"),
        (b"Name,Data Type,Address\n\x81,Bool,M0.0\n", "tag_file.encoding"),
        (b"", "tag_file.missing_columns"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, code: str) -> None:
    with pytest.raises(TableFileError) as refused:
        read_csv(content)
    assert refused.value.code == code


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(TableFileError, match="Check the path"):
        read_csv(tmp_path / "none.csv")


def test_a_line_number_counts_the_lines_inside_of_fields() -> None:
    text = 'Name;Data Type;Address;Comment\nA;Bool;M0.0;"two\nlines"\nB;Bool;M0.9;\n'
    assert errors_of(text) == [("tag_address.range", 4, "Address")]


@settings(max_examples=60)
@given(rows=sheets, delimiter=st.sampled_from(",;\t"), bom=st.booleans(), mnemonics=st.sampled_from(["en", "de"]))
def test_csv_round_trip(
    tmp_path: Path, rows: tuple[list[TagRow], list[ConstantRow]], delimiter: str, bom: bool, mnemonics: str
) -> None:
    path = tmp_path / "tags.csv"
    write_csv(path, *rows, delimiter=delimiter, bom=bom, mnemonics="de" if mnemonics == "de" else "en")
    sheet = read_csv(path)
    assert sheet.errors == []
    assert [replace(tag, row=0) for tag in sheet.tags] == rows[0]
    assert [replace(constant, row=0) for constant in sheet.constants] == rows[1]


def test_written_csv_is_what_excel_expects(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    write_csv(path, [TagRow(0, "Line", "Run", "Bool", "%I0.0")], mnemonics="de")
    assert path.read_bytes() == (
        b"\xef\xbb\xbfName;Path;Data Type;Logical Address;Comment;Hmi Visible;Hmi Accessible;Hmi Writeable\r\n"
        b"Run;Line;Bool;%E0.0;;True;True;True\r\n"
    )


def test_what_csv_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableFileError, match="surrogate"):
        write_csv(tmp_path / "a.csv", [TagRow(0, "", "a\ud800", "Bool", "")])
    with pytest.raises(TableFileError, match="not a delimiter"):
        write_csv(tmp_path / "a.csv", [], delimiter="|")


def test_sdf_has_fixed_columns_without_header() -> None:
    content = (
        b'"Run","%M0.0","Bool","True","False","False","Runs, always","","True"\r\n'
        b'"Max","CONSTANT","Int","","","","Limit","222",""\r\n'
        b'"Short","%MW4","Int"\r\n'
    )
    sheet = read_sdf(content)
    assert sheet.tags == [
        TagRow(1, "", "Run", "Bool", "%M0.0", "Runs, always", False, True, True),
        TagRow(3, "", "Short", "Int", "%MW4"),
    ]
    assert sheet.constants == [ConstantRow(2, "", "Max", "Int", "222", "Limit")]
    assert sheet.errors == []


def test_sdf_with_header_and_with_errors() -> None:
    sheet = read_sdf(b'"Name","Address","Data type"\n"Run","%M0.8","Bool"\n', file="a.sdf")
    assert [(error.code, error.file, error.row, error.column) for error in sheet.errors] == [
        ("tag_address.range", "a.sdf", 2, "Logical Address")
    ]
    with pytest.raises(TableFileError, match="Line 1 has 2 fields"):
        read_sdf(b'"Run","%M0.0"\n')
