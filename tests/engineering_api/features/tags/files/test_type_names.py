"""Data types of other systems: a suggestion for each, and conversion only where the address leaves one type."""

from __future__ import annotations

import csv

import pytest

from engineering_api.features.tags.files import Reading, TagSheet, normalise_address, read_csv
from engineering_api.features.tags.files.data_types import read_type
from simatic_xml.program.types.types import ELEMENTARY
from tests import ROOT

TABLE = ROOT / "engineering_api" / "features" / "tags" / "files" / "type_names.csv"
FOREIGN = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
SPELLINGS = {each.name for each in ELEMENTARY.values()} | {"DTL", "String"}


def sheet_of(data_type: str, address: str, reading: Reading) -> TagSheet:
    return read_csv(f'Name;Data Type;Address\nA;"{data_type}";{address}\n'.encode(), reading=reading)


@pytest.mark.parametrize("written", ["BOOL", "bool", "Bool", " Bool "])
def test_case_and_blanks_make_no_difference(written: str) -> None:
    assert [tag.data_type for tag in sheet_of(written, "I0.0", Reading()).tags] == ["Bool"]


@pytest.mark.parametrize(
    ("written", "address", "meant"),
    [
        ("Boolean", "M110.0", "Bool"),
        ("Boolean", "M110.1", "Bool"),
        ("Integer", "MW10", "Int"),
        ("Integer", "MD10", "DInt"),
        ("float", "MD20", "Real"),
        ("Real32", "MD20", "Real"),
        ("Double", "M20.0", "LReal"),
        ("Int32", "MD20", "DInt"),
        ("Word [Signed]", "MW2", "Int"),
        ("double word", "MD2", "DWord"),
        ("uint8", "MB2", "USInt"),
        ("DI", "E 0.0", "Bool"),
        ("Int4", "MD4", "DInt"),
    ],
)
def test_a_name_of_another_system(written: str, address: str, meant: str) -> None:
    refused = sheet_of(written, address, Reading())
    assert [(error.code, error.row, error.column) for error in refused.errors] == [("tag.data_type", 2, "Data Type")]
    assert f"Did you mean {meant}?" in refused.errors[0].message
    converted = sheet_of(written, address, Reading("convert"))
    assert [(tag.data_type, tag.address) for tag in converted.tags] == [(meant, normalise_address(address, meant))]
    assert [(note.code, note.row) for note in converted.notes] == [("tag_type.converted", 2)]


@pytest.mark.parametrize(
    ("written", "address"), [("Integer", ""), ("AI", "IW64"), ("Double", "MD20"), ("Boolean", "MW0")]
)
def test_what_is_ambiguous_or_does_not_fit_is_never_converted(written: str, address: str) -> None:
    sheet = sheet_of(written, address, Reading("convert"))
    assert ([error.code for error in sheet.errors], sheet.tags, sheet.notes) == (["tag.data_type"], [], [])


@pytest.mark.parametrize("written", ["Nonsense", "FB 1", "String[999]"])
def test_a_wrong_type_is_never_an_address_rule(written: str) -> None:
    sheet = sheet_of(written, "M0.1", Reading())
    assert [error.code for error in sheet.errors] == ([] if written == "FB 1" else ["tag.data_type"])


def test_a_constant_of_another_system() -> None:
    content = b"Name;Data Type;Value\nA;Boolean;TRUE\nB;Integer;3\n"
    assert [error.code for error in read_csv(content).errors] == ["tag.data_type"] * 2
    converted = read_csv(content, reading=Reading("convert"))
    assert [constant.data_type for constant in converted.constants] == ["Bool"]
    assert [error.row for error in converted.errors] == [3]


@pytest.mark.parametrize("row", FOREIGN, ids=lambda row: row["name"])
def test_each_row_of_the_table_names_types_that_exist(row: dict[str, str]) -> None:
    assert row["name"] not in SPELLINGS
    assert set(row["means"].split()) <= SPELLINGS
    assert read_type(row["name"].upper()).means == tuple(row["means"].split())


def test_no_name_is_twice_in_the_table() -> None:
    keys = ["".join(row["name"].casefold().split()) for row in FOREIGN]
    assert len(keys) == len(set(keys))
