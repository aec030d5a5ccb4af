"""No exported file has a cell that a spreadsheet program runs, and the import gets every text as it was."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engineering_api.features.tags.files import ConstantRow, TagRow, read_csv, read_xlsx, write_csv, write_xlsx
from engineering_api.files.csv_text import neutralised, neutralised_value, restored, restored_value

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = ['=cmd|"/C calc"!A0', "+1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "'=1", "''=1",
            '=HYPERLINK("http://x","y")', "＝1+1", "-"]  # fmt: skip
texts = st.one_of(st.sampled_from(FORMULAS), st.text(alphabet="'=+-@\t\r\n a1;\"＝", max_size=8), st.text(max_size=30))
values = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.text(alphabet="=+-@ a1", max_size=6).map(lambda text: f"'{text}'"),
    st.sampled_from(["T#-2s", "16#FF", "TRUE", "-1_000"]),
    st.sampled_from(FORMULAS).filter(lambda text: not text.endswith("'")),
)
FEW = settings(max_examples=300)


def runs(cell: str) -> bool:
    """Whether a spreadsheet program may take a cell for a formula; it does not ask for blanks before."""
    return cell.lstrip(" ").startswith(STARTS) and not re.fullmatch(r"[+-]?[\d_.]+(e[+-]?\d+)?", cell, re.IGNORECASE)


@FEW
@given(texts)
def test_a_text_is_no_formula_and_comes_back(text: str) -> None:
    assert not neutralised(text).lstrip(" ").startswith(STARTS)
    assert restored(neutralised(text)) == text


@FEW
@given(values)
def test_a_value_is_no_formula_and_comes_back(value: str) -> None:
    assert not runs(neutralised_value(value))
    assert restored_value(neutralised_value(value)) == value


@pytest.mark.parametrize("number", ["-5", "+5", "-1.5", "-1.5e-3", "'-'", "'+5'", "-1_000"])
def test_numbers_and_texts_of_a_plc_stay_as_they_are(number: str) -> None:
    assert neutralised_value(number) == restored_value(number) == number


comments = st.one_of(st.sampled_from(FORMULAS), st.text(alphabet="'=+-@\t\r\n a1;\"", max_size=12))


@FEW
@given(
    comment=comments,
    table=comments,
    delimiter=st.sampled_from(",;\t"),
    value=st.sampled_from(["-5", "1", "'-'", "=1", "-x"]),
)
def test_a_csv_file_of_tags_holds_no_formula_and_loses_nothing(
    tmp_path: Path, comment: str, table: str, delimiter: str, value: str
) -> None:
    tag = TagRow(0, table, "-Motor", "Bool", "%M0.0", comment)
    constant = ConstantRow(0, table, "=Limit", "Int", value, comment)
    file = tmp_path / "tags.csv"
    write_csv(file, [tag], [constant], delimiter=delimiter)
    rows = list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), delimiter=delimiter))
    assert not [cell for row in rows for cell in row if runs(cell)]
    found = read_csv(file)
    assert found.errors == []
    assert [(each.name, each.table, each.comment) for each in (*found.tags, *found.constants)] == [
        ("-Motor", table, comment),
        ("=Limit", table, comment),
    ]
    assert found.constants[0].value == value


@pytest.mark.parametrize("text", [text for text in FORMULAS if "\r" not in text])
def test_a_workbook_holds_no_formula_and_loses_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tags.xlsx"
    write_xlsx(file, [TagRow(0, "T", "Motor", "Bool", "%M0.0", text)])
    with zipfile.ZipFile(file) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets" in name]
    assert sheets
    assert not re.search(r"<f[ >]", "".join(sheets))
    assert read_xlsx(file).tags[0].comment == text
