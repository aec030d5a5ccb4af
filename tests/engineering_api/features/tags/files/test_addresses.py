"""One spelling for each address, and the form that the data type asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.tags.files import TableFileError, in_mnemonics, normalise_address, normalise_data_type
from tests.engineering_api.features.tags.files.strategies import addressed_types


@pytest.mark.parametrize(
    ("text", "data_type", "expected"),
    [
        ("i0.0", "Bool", "%I0.0"),
        (" %i00.7 ", "BOOL", "%I0.7"),
        ("E0.1", "Bool", "%I0.1"),
        ("A4.2", "Bool", "%Q4.2"),
        ("EB5", "Byte", "%IB5"),
        ("aw10", "Int", "%QW10"),
        ("ED4", "Real", "%ID4"),
        ("AD8", "Time_Of_Day", "%QD8"),
        ("mw2", "Hw_Hsc", "%MW2"),
        ("Z3", "Counter", "%C3"),
        ("C3", "Counter", "%C3"),
        ("T12", "Timer", "%T12"),
        ("M20.0", "LReal", "%M20.0"),
        ("M20.0", '"UDT_Motor"', "%M20.0"),
    ],
)
def test_spellings_become_one(text: str, data_type: str, expected: str) -> None:
    assert normalise_address(text, data_type) == expected


@pytest.mark.parametrize(
    ("text", "data_type", "code"),
    [
        ("", "Bool", "tag_address.form"),
        ("M5", "Bool", "tag_address.form"),
        ("MB5.1", "Byte", "tag_address.form"),
        ("TW1", "Timer", "tag_address.form"),
        ("T1.0", "Timer", "tag_address.form"),
        ("DB1.DBX0.0", "Bool", "tag_address.form"),
        ("I٣.0", "Bool", "tag_address.form"),
        ("I0.8", "Bool", "tag_address.range"),
        ("IW65536", "Int", "tag_address.range"),
        ("MW10", "Bool", "tag_address.width"),
        ("M10.0", "Int", "tag_address.width"),
        ("MD20", "LReal", "tag_address.width"),
        ("M20.1", '"UDT_Motor"', "tag_address.width"),
        ("C1", "Timer", "tag_address.width"),
    ],
)
def test_wrong_addresses_are_refused(text: str, data_type: str, code: str) -> None:
    with pytest.raises(TableFileError) as refused:
        normalise_address(text, data_type)
    assert refused.value.code == code


def test_a_peripheral_address_says_where_it_belongs() -> None:
    with pytest.raises(TableFileError, match="operand in the program"):
        normalise_address("%I0.0:P", "Bool")


@given(addressed_types.filter(lambda pair: pair[1]), st.booleans())
def test_normalising_undoes_german_mnemonics_and_case(pair: tuple[str, str], lower: bool) -> None:
    data_type, address = pair
    german = in_mnemonics(address, "de")
    assert normalise_address(german.lower() if lower else german, data_type) == address


def test_mnemonics() -> None:
    assert [in_mnemonics(address, "de") for address in ("%I0.0", "%QB1", "%C2", "%MD4", "%T1", "")] == [
        "%E0.0",
        "%AB1",
        "%Z2",
        "%MD4",
        "%T1",
        "",
    ]
    assert in_mnemonics("%I0.0", "en") == "%I0.0"


@pytest.mark.parametrize(
    ("text", "expected"), [("BOOL", "Bool"), ("tod", "Time_Of_Day"), (" s5time ", "S5Time"), ("MyType", "MyType")]
)
def test_data_types_have_one_spelling(text: str, expected: str) -> None:
    assert normalise_data_type(text) == expected
