"""Functions of texts and characters."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.kit import array, call, checked, slot, value
from virtual_plc.instructions.registry import KEEP

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)


@given(TEXT, TEXT, st.integers(1, 40))
def test_joined_texts_are_cut_to_their_target(first: str, second: str, capacity: int) -> None:
    found = checked("CONCAT", first, second, result="String", capacity=capacity)
    assert found == ((first + second)[:capacity], len(first + second) <= capacity)


def test_without_a_known_target_a_string_has_254_characters() -> None:
    assert checked("CONCAT", "a" * 200, "b" * 60, result="String") == ("a" * 200 + "b" * 54, False)


@given(TEXT, st.integers(-2, 70))
def test_the_ends_of_a_text(text: str, length: int) -> None:
    right = length > 0
    more = {"result": "String"}
    assert checked("LEFT", text, length, **more) == (text[: max(length, 0)], right)
    assert checked("RIGHT", text, length, **more) == (text[max(len(text) - max(length, 0), 0) :], right)
    assert value("LEN", text) == len(text)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("MID", ("ABCDEF", 3, 2), ("BCD", True)),
        ("MID", ("ABCDEF", 9, 4), ("DEF", True)),
        ("MID", ("ABC", 1, 4), ("", False)),
        ("MID", ("ABC", 0, 1), ("", False)),
        ("DELETE", ("ABCDEF", 2, 3), ("ABEF", True)),
        ("DELETE", ("ABCDEF", 9, 3), ("AB", True)),
        ("DELETE", ("ABC", 0, 1), ("ABC", True)),
        ("DELETE", ("ABC", 1, 4), ("ABC", False)),
        ("DELETE", ("ABC", 1, 0), ("", False)),
        ("INSERT", ("ABEF", "CD", 2), ("ABCDEF", True)),
        ("INSERT", ("AB", "X", 0), ("XAB", True)),
        ("INSERT", ("AB", "X", 5), ("ABX", False)),
        ("INSERT", ("AB", "X", -1), ("", False)),
        ("REPLACE", ("ABCDEF", "xyz", 2, 3), ("ABxyzEF", True)),
        ("REPLACE", ("ABC", "x", 0, 2), ("AxBC", True)),
        ("REPLACE", ("ABC", "x", 1, 9), ("ABCx", False)),
        ("REPLACE", ("ABC", "x", 1, 0), ("", False)),
    ],
)
def test_parts_of_texts(name: str, arguments: tuple[str | int, ...], expected: tuple[str, bool]) -> None:
    assert checked(name, *arguments, result="String") == expected


def test_what_a_text_holds_and_may_hold() -> None:
    assert value("FIND", "ABCBC", "BC") == 2
    assert value("FIND", "ABC", "X") == 0
    assert value("FIND", "ABC", "") == 0
    assert call("MAX_LEN", {"IN": "ab"}, actual={"IN": "String[20]"}) == {"": 20}
    assert call("MAX_LEN", {"IN": "ab"}, actual={"IN": "String"}) == {"": 254}
    assert call("S_MOVE", {"IN": "abcd"}, actual={"OUT": "String[3]"}) == {"OUT": "abc", "ENO": False}


# Numbers with a format -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "layout", "position", "target", "expected"),
    [
        ("Temp=  27.5C", 0, 6, "Real", (27.5, True)),
        ("1.234,5", 1, 1, "Real", (1234.5, True)),
        ("1,234.5", 0, 1, "Int", (1234, True)),
        ("67.89", 0, 1, "Int", (68, True)),
        ("-67,89", 1, 1, "LInt", (-68, True)),
        ("1.6e2", 2, 1, "USInt", (160, True)),
        ("255.7", 0, 1, "USInt", (0, False)),
        ("1e999", 2, 1, "Int", (0, False)),
        ("12,345.67", 1, 1, "LReal", (12.345, True)),
        ("1.234.567", 0, 1, "LReal", (1.234, True)),
        ("123,45", 0, 1, "Real", (12345.0, True)),
        (".00123AB", 1, 1, "Real", (123.0, True)),
        ("3.4e39", 2, 1, "Real", (inf, False)),
        ("-1e309", 2, 1, "LReal", (-inf, False)),
        ("1.1754943e-38", 2, 1, "Real", (0.0, True)),
        ("E5", 2, 1, "Real", (0.0, False)),
        (",.,5", 0, 1, "Real", (0.0, False)),
        ("", 0, 1, "Int", (0, False)),
        ("+-123", 0, 1, "Int", (0, False)),
        ("-2.5E+2", 2, 1, "Real", (-250.0, True)),
        ("2.5E+2", 0, 1, "Real", (2.5, True)),
        ("70000", 0, 1, "Int", (0, False)),
        ("abc", 0, 1, "Int", (0, False)),
        ("1", 4, 1, "Int", (0, False)),
        ("1", 0, 3, "Int", (0, False)),
        ("9007199254740993", 0, 1, "LInt", (9007199254740993, True)),
        ("-.5", 0, 1, "Int", (0, True)),
    ],
)
def test_a_number_inside_of_a_text(
    text: str, layout: int, position: int, target: str, expected: tuple[float, bool]
) -> None:
    found = call("STRG_VAL", {"IN": text, "FORMAT": layout, "P": position}, actual={"OUT": target})
    assert (found["OUT"], found["ENO"]) == expected


@pytest.mark.parametrize(
    ("number", "size", "digits", "layout", "position", "before", "expected"),
    [
        (123, 10, 0, 0, 16, "Current Temp = xxxxxxxxxx C", "Current Temp =        123 C"),
        (-321, 8, 2, 0, 1, "", "   -3.21"),
        (5, 6, 2, 1, 1, "", "  0,05"),
        (5, 3, 0, 4, 1, "", " +5"),
        (-412.345, 10, 2, 0, 1, "", "   -412.35"),
        (-12345.6, 10, 3, 2, 1, "", " -1.235E+4"),
        (-0.00123, 10, 4, 6, 1, "", "-1.2300E-3"),
        (1.5e120, 0, 1, 7, 1, "", "+1,5E+120"),
        (-5, 0, 1, 2, 1, "", "-0.5"),
        (0, 5, 2, 6, 1, "", "+0.00"),
        (7, 0, 0, 0, 3, "n=", "n=7"),
    ],
)
def test_a_number_is_written_into_a_text(
    number: float, size: int, digits: int, layout: int, position: int, before: str, expected: str
) -> None:
    target = slot(before, "String[40]")
    given = {"IN": number, "SIZE": size, "PREC": digits, "FORMAT": layout, "P": position, "OUT": target}
    assert call("VAL_STRG", given) == {"ENO": True}
    assert target.get() == expected


@pytest.mark.parametrize(
    "wrong", [{"FORMAT": 8}, {"P": 0}, {"P": 41}, {"P": 40}, {"SIZE": 2}, {"SIZE": 60}, {"SIZE": 2, "IN": nan}]
)
def test_a_number_that_does_not_go_into_the_text_changes_nothing(wrong: dict[str, float]) -> None:
    target = slot("abc", "String[40]")
    given = {"IN": 12345, "SIZE": 8, "PREC": 0, "FORMAT": 0, "P": 1, "OUT": target, **wrong}
    assert call("VAL_STRG", given) == {"ENO": False}
    assert target.get() == "abc"


@pytest.mark.parametrize(("number", "expected"), [(-inf, "  -INF C"), (inf, "  +INF C"), (nan, "   NaN C")])
def test_what_is_not_a_number_is_named(number: float, expected: str) -> None:
    target = slot("xxxxxx C", "String[40]")
    given = {"IN": number, "SIZE": 6, "PREC": 4, "FORMAT": 2, "P": 1, "OUT": target}
    assert call("VAL_STRG", given) == {"ENO": False}
    assert target.get() == expected


def test_blanks_lead_to_a_position_behind_the_end_of_the_text() -> None:
    target = slot("ab", "String[40]")
    given = {"IN": 7, "SIZE": 3, "PREC": 0, "FORMAT": 0, "P": 6, "OUT": target}
    assert call("VAL_STRG", given) == {"ENO": True}
    assert target.get() == "ab     7"


# Arrays of characters ------------------------------------------------------------------------------------------------


def test_a_text_goes_into_an_array_and_comes_back() -> None:
    chars = array([" "] * 6, "Array[1..6] of Char")
    assert call("Strg_TO_Chars", {"STRG": "abc", "PCHARS": 2, "CHARS": chars}) == {"CNT": 3, "ENO": True}
    assert chars.get() == [" ", " ", "a", "b", "c", " "]
    given = {"CHARS": chars, "PCHARS": 2, "CNT": 3}
    assert call("Chars_TO_Strg", given, actual={"STRG": "String"}) == {"STRG": "abc", "ENO": True}
    assert call("Chars_TO_Strg", {**given, "CNT": 0}, actual={"STRG": "String"})["STRG"] == "abc "
    assert call("Chars_TO_Strg", given, actual={"STRG": "String[2]"}) == {"STRG": "ab", "ENO": False}


def test_an_array_that_is_too_short_takes_what_it_can() -> None:
    codes = array([0, 0], "Array[0..1] of Byte")
    assert call("Strg_TO_Chars", {"STRG": "abc", "PCHARS": 0, "CHARS": codes}) == {"CNT": 2, "ENO": False}
    assert codes.get() == [97, 98]
    assert call("Strg_TO_Chars", {"STRG": "abc", "PCHARS": 0, "CHARS": None}) == {"CNT": 0, "ENO": False}
    assert call("Chars_TO_Strg", {"CHARS": None, "PCHARS": 0, "CNT": 0}, actual={"STRG": "String"})["STRG"] is KEEP


@pytest.mark.parametrize(
    ("place", "count", "expected"),
    [(0, 0, ("ab", True)), (1, 1, ("b", True)), (1, 9, ("b", True)), (3, 0, ("c", True)), (3, 2, ("c", False))],
)
@pytest.mark.parametrize("data_type", ["Char", "Byte", "WChar", "Word"])
def test_characters_end_at_the_first_zero(data_type: str, place: int, count: int, expected: tuple[str, bool]) -> None:
    codes = [97, 98, 0, 99]
    chars = array([chr(each) for each in codes] if "Char" in data_type else codes, f"Array[-1..2] of {data_type}")
    found = call("Chars_TO_Strg", {"CHARS": chars, "PCHARS": place, "CNT": count}, actual={"STRG": "String"})
    assert (found["STRG"], found["ENO"]) == expected


@pytest.mark.parametrize("place", [-1, 4, 7])
def test_a_place_outside_of_the_characters_is_not_read(place: int) -> None:
    given = {"CHARS": array(["a"] * 4, "Array[1..4] of Char"), "PCHARS": place, "CNT": 1}
    assert call("Chars_TO_Strg", given, actual={"STRG": "String"}) == {"STRG": KEEP, "ENO": False}
