"""Hexadecimal digits as characters and as numbers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.kit import array, call, slot

WORDS = "Array[0..7] of Word"


@given(st.binary(min_size=1, max_size=20))
def test_hexadecimal_digits_and_back(content: bytes) -> None:
    digits = slot("", "String[100]")
    source = array(list(content), f"Array[1..{len(content)}] of Byte")
    assert call("HTA", {"IN": source, "N": len(content), "OUT": digits}) == {"": 0, "ENO": True}
    assert digits.get() == content.hex().upper()
    back = array([0] * len(content), f"Array[1..{len(content)}] of Byte")
    assert call("ATH", {"IN": digits, "N": 2 * len(content), "OUT": back}) == {"": 0, "ENO": True}
    assert bytes(back.get()) == content


def test_hexadecimal_into_words_and_what_is_no_digit() -> None:
    word = slot(0, "Word")
    assert call("ATH", {"IN": slot("12A", "String"), "N": 3, "OUT": word})["ENO"]
    assert word.get() == 0x12A0
    assert call("ATH", {"IN": slot("1X", "String"), "N": 2, "OUT": slot(0, "Byte")}) == {"": 7, "ENO": False}
    assert not call("ATH", {"IN": slot("1", "String"), "N": 2, "OUT": slot(0, "Byte")})["ENO"]
    assert not call("HTA", {"IN": slot(0x1234, "Word"), "N": 2, "OUT": slot("", "String[3]")})["ENO"]
    assert not call("HTA", {"IN": None, "N": 2, "OUT": slot("", "String[3]")})["ENO"]


def _reference(value: Any, data_type: str) -> Any:
    return array(value, data_type) if data_type.startswith("Array") else slot(value, data_type)


@pytest.mark.parametrize(
    ("source", "given_type", "count", "target", "result_type", "expected", "status"),
    [
        ("0a23", "String", 4, 0, "UInt", 0x0A23, 0),
        ("ffff", "WString", 4, 0, "Int", -1, 0),
        ("123aFx1a23", "String", 10, 0, "LWord", 0x123AF01A_23000000, 7),
        ("a23", "String", 3, 0, "Word", 0xA230, 0),
        ("0a23", "String", 4, [0, 7], "Array[0..1] of Word", [0x0A23, 7], 0),
        ("0a", "String", 2, 0x1234, "Word", 0x0A34, 0),
        ("aFbE", "String", 1, "x", "Char", "A", 0),
        ("0ax3", "String", 4, ["?"] * 4, "Array[0..3] of WChar", list("0A03"), 7),
        ("123aFC1a23", "String", 10, "old", "WString", "123AFC1A23", 0),
        ([0x39, 0x32, 0x35], "Array[0..2] of Byte", 3, 0, "Word", 0x9250, 0),
        ([0x1234, 0x32, 0x31, 0], "Array[0..3] of Word", 3, 0, "Word", 0x0210, 7),
        ([0xAB31, 0x32AF, 0x4333, 0x34], "Array[0..3] of Word", 4, 0, "Word", 0x0004, 7),
        ([ord(each) for each in "4567ABCD"], WORDS, 8, 0, "DWord", 0x4567ABCD, 0),
        ("0a23bc", "String", 6, 5, "Word", 5, 0x8482),
        ("0a23bc", "String", 6, "old", "String[5]", "old", 0x8482),
        ("0a", "String", 4, 5, "Word", 5, 0x8182),
        ([1, 2], "Array[0..1] of Int", 2, 5, "Word", 5, 0x8151),
        ("0a", "String", 2, 0.0, "Real", 0.0, 0x8451),
    ],
)
def test_characters_to_hexadecimal_numbers(
    source: Any, given_type: str, count: int, target: Any, result_type: str, expected: Any, status: int
) -> None:
    output = _reference(target, result_type)
    found = call("ATH", {"IN": _reference(source, given_type), "N": count, "OUT": output})
    assert (output.get(), found) == (expected, {"": status, "ENO": status == 0})


@pytest.mark.parametrize(
    ("source", "given_type", "count", "target", "result_type", "expected", "status"),
    [
        (-1, "Int", 2, "", "WString", "FFFF", 0),
        (0xABE3, "Word", 2, ["?"] * 5, "Array[0..4] of WChar", list("ABE3?"), 0),
        (0x9250, "Word", 2, [0] * 4, "Array[0..3] of Byte", [0x39, 0x32, 0x35, 0x30], 0),
        ([0x123A, 0, 0xABCD], "Array[0..2] of Word", 2, [0] * 4, "Array[0..3] of Word", [0x31, 0x32, 0x33, 0x41], 0),
        ([0xA8000037, 0x41], "Array[0..1] of DWord", 1, "", "String", "A8", 0),
        (list("0A23"), "Array[0..3] of WChar", 2, "", "String", "3041", 0),
        ("123AFC1A23", "String", 5, "", "String", "3132334146", 0),
        ("A", "Char", 1, "", "String", "41", 0),
        (0x1234, "Word", 2, "", "String[3]", "123", 0x8482),
        (0x1234, "Word", 2, [0] * 3, "Array[0..2] of Byte", [0x31, 0x32, 0x33], 0x8482),
        (0x1234, "Word", 3, "old", "String", "old", 0x8182),
        (1.5, "Real", 2, "old", "String", "old", 0x8151),
        (0x1234, "Word", 2, 5, "DWord", 5, 0x8451),
    ],
)
def test_hexadecimal_numbers_to_characters(
    source: Any, given_type: str, count: int, target: Any, result_type: str, expected: Any, status: int
) -> None:
    output = _reference(target, result_type)
    found = call("HTA", {"IN": _reference(source, given_type), "N": count, "OUT": output})
    assert (output.get(), found) == (expected, {"": status, "ENO": status == 0})
