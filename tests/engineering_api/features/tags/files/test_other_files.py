"""JSON, the classic XML, and finding out which kind a file is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from engineering_api.features.tags.files import (
    ConstantRow,
    TableFileError,
    TagRow,
    read,
    read_classic_xml,
    read_json,
    write_csv,
    write_json,
    write_xlsx,
)
from tests.engineering_api.features.tags.files.strategies import sheets

TAG = TagRow(0, "T", "Run", "Bool", "%M0.0")
CLASSIC = (
    "\ufeff<?xml version='1.0' encoding='utf-8'?>\n"
    "<Tagtable name='Line'>\n"
    "  <Tag type='Bool' hmiVisible='False' hmiWriteable='True' remark='läuft' addr='%E0.0'>Run</Tag>\n"
    "  <Tag type='Int' addr='%MW9.1'>Level</Tag>\n"
    "  <Constant type='Int' remark='Limit' value='222'>Max</Constant>\n"
    "</Tagtable>\n"
)


@settings(max_examples=40)
@given(rows=sheets)
def test_json_round_trip(tmp_path: Path, rows: tuple[list[TagRow], list[ConstantRow]]) -> None:
    path = tmp_path / "tags.json"
    write_json(path, *rows, mnemonics="de")
    sheet = read_json(path)
    assert sheet.errors == []
    assert [replace(tag, row=0) for tag in sheet.tags] == rows[0]
    assert [replace(constant, row=0) for constant in sheet.constants] == rows[1]


def test_json_keys_are_found_like_titles() -> None:
    content = json.dumps(
        [
            {"Name": "Run", "DataType": "bool", "LogicalAddress": "E0.0", "ExternalVisible": False, "Id": [1]},
            {"name": 21010, "type": "Int", "address": None, "value": 7},
            {"name": "run", "dataType": "Bool"},
        ]
    )
    sheet = read_json(content.encode(), file="a.json")
    assert sheet.tags == [TagRow(1, "", "Run", "Bool", "%I0.0", hmi_visible=False)]
    assert sheet.constants == [ConstantRow(2, "", "21010", "Int", "7")]
    assert [(error.code, error.file, error.sheet, error.row) for error in sheet.errors] == [
        ("tag_name.duplicate", "a.json", "tags", 3)
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "line 1 column 2"),
        ("[" * 100_000, "nested too deep"),
        ("{}", "neither 'tags' nor 'constants'"),
        ("3", "'tags' is not a list"),
        ('{"tags": {}}', "'tags' is not a list"),
        ("[1]", "entry 1 of 'tags' is not an object"),
        ('[{"name": {}}]', "'name' in entry 1"),
        ('[{"name": "a", "Name": "b"}]', "'Name' in entry 1"),
    ],
)
def test_json_of_another_shape(content: str, why: str) -> None:
    with pytest.raises(TableFileError, match=why) as refused:
        read_json(content.encode())
    assert refused.value.code == "tag_file.broken_json"


def test_classic_xml() -> None:
    sheet = read_classic_xml(CLASSIC.encode())
    assert sheet.tags == [TagRow(3, "Line", "Run", "Bool", "%I0.0", "läuft", False, True, True)]
    assert sheet.constants == [ConstantRow(5, "Line", "Max", "Int", "222", "Limit")]
    assert [(error.code, error.row) for error in sheet.errors] == [("tag_address.form", 4)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<Tagtable", "tag_file.broken_xml"),
        (b"<!DOCTYPE Tagtable [<!ENTITY a 'b'>]><Tagtable name='T'><Tag>&a;</Tag></Tagtable>", "tag_file.broken_xml"),
        (b"<Document/>", "tag_file.not_a_tag_table"),
    ],
)
def test_xml_of_another_kind(content: bytes, code: str) -> None:
    with pytest.raises(TableFileError) as refused:
        read(content)
    assert refused.value.code == code


def test_the_content_tells_the_kind_whatever_the_name_says(tmp_path: Path) -> None:
    for name, write in (("a.csv", write_xlsx), ("b.xml", write_csv), ("c.txt", write_json)):
        write(tmp_path / name, [TAG])
        assert [tag.name for tag in read(tmp_path / name).tags] == ["Run"]
    assert [tag.name for tag in read(CLASSIC.encode(), file="d.csv").tags] == ["Run"]
    assert [tag.name for tag in read(b'"Run","%M0.0","Bool"\n').tags] == ["Run"]
    assert [tag.name for tag in read(b"Run,%M0.0,Bool\n", file="e.SDF").tags] == ["Run"]
    assert [tag.name for tag in read(b'"Name","Type","Address"\n"Run","Bool","M0.0"\n', file="f.sdf").tags] == ["Run"]
    assert [tag.name for tag in read("Name\tType\tAddress\nRun\tBool\tM0.0\n".encode("utf-16")).tags] == ["Run"]


def test_a_long_file_is_recognised_by_its_beginning() -> None:
    lines = "".join(f"Tür_{number};Bool;M0.0\n" for number in range(6000))
    assert len(read(f"Name;Type;Address\n{lines}".encode()).tags) == 6000
    one_line = json.dumps([{"name": "Run", "type": "Bool", "comment": "Á" * 70_000}], ensure_ascii=False)
    assert [len(tag.comment) for content in (one_line, " " + one_line) for tag in read(content.encode()).tags] == [
        70_000
    ] * 2


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"%PDF-1.7", "tags.xlsx", "tag_file.not_a_workbook"),
        (b"\x7fELF\0\0", "tags.csv", "tag_file.unknown_format"),
        (b"hello", "notes.txt", "tag_file.missing_columns"),
        (b"", "empty.csv", "tag_file.missing_columns"),
    ],
)
def test_files_that_hold_no_tags(content: bytes, name: str, code: str) -> None:
    with pytest.raises(TableFileError) as refused:
        read(content, file=name)
    assert (refused.value.code, refused.value.file) == (code, name)
