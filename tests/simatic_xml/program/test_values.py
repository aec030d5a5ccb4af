"""Literals: text to value to text, and what is no literal."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.literal_text import format_literal
from simatic_xml.program.types.ranges import fits, limits, real32, wrap
from simatic_xml.program.types.types import BOOL, ELEMENTARY, INT, REAL, Kind, Text, type_name
from simatic_xml.program.types.values import constant, literal

COUNTED = [each for each in dict.fromkeys(ELEMENTARY.values()) if limits(each) and not each.base]


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("5", 5, "Int"),
        ("1_000", 1000, "Int"),
        ("40000", 40000, "DInt"),
        ("-3_000_000_000", -3_000_000_000, "LInt"),
        ("16#FF", 255, "Word"),
        ("2#1010_1010", 170, "Word"),
        ("8#17", 15, "Word"),
        ("10#+44", 44, "Int"),
        ("1.5", 1.5, "Real"),
        ("1e3", 1000.0, "Real"),
        ("TRUE", True, "Bool"),
        ("BOOL#0", False, "Bool"),
        ("INT#-5", -5, "Int"),
        ("INT#10#+44", 44, "Int"),
        ("SINT#255", -1, "SInt"),
        ("SINT#16#FF", -1, "SInt"),
        ("UDINT#16#F0", 240, "UDInt"),
        ("L#7", 7, "DInt"),
        ("B#16#1F", 31, "Byte"),
        ("W#16#1F", 31, "Word"),
        ("B#(1, 2)", 258, "Word"),
        ("DW#(0,0,1,0)", 256, "DWord"),
        ("B#(0,0,0,0,0,0,1,0)", 256, "LWord"),
        ("LW#16#F0", 240, "LWord"),
        ("LW#+26_123", 26_123, "LWord"),
        ("BYTE#10#15", 15, "Byte"),
        ("DWORD#10#+15_793_935", 15_793_935, "DWord"),
        ("W#-1", 0xFFFF, "Word"),
        ("BYTE#10#-128", 0x80, "Byte"),
        ("DATE_AND_LTIME#1970-01-01-00:00:00.000_000_001", 1, "LDT"),
        ("C#123", 0x123, "Word"),
        ("T#1h30m", 5_400_000, "Time"),
        ("t#-5ms", -5, "Time"),
        ("TIME#1d_2h", 93_600_000, "Time"),
        ("T#1.5s", 1500, "Time"),
        ("LT#1us", 1000, "LTime"),
        ("S5T#0ms", 0x0000, "S5Time"),
        ("S5T#9s990ms", 0x0999, "S5Time"),
        ("S5T#10s", 0x1100, "S5Time"),
        ("S5T#2s", 0x0200, "S5Time"),
        ("S5T#2h46m30s", 0x3999, "S5Time"),
        ("S5TIME#100s", 0x2100, "S5Time"),
        ("D#1990-01-01", 0, "Date"),
        ("DATE#2169-06-06", 65535, "Date"),
        ("TOD#23:59:59.999", 86_399_999, "Time_Of_Day"),
        ("LTOD#0:0:0.000_000_001", 1, "LTime_Of_Day"),
        ("LDT#1970-01-01-00:00:01", 1_000_000_000, "LDT"),
        ("DT#2024-02-29-12:00:00", "2024-02-29-12:00:00", "Date_And_Time"),
        ("DT#12-7-1-1:02:3.50", "2012-07-01-01:02:03.5", "Date_And_Time"),
        ("DATE_AND_TIME#90-01-01-00:00:00", "1990-01-01-00:00:00", "Date_And_Time"),
        ("dt#89-12-31-23:59:59.999", "2089-12-31-23:59:59.999", "Date_And_Time"),
        ("DTL#2024-02-29-12:00:00", "2024-02-29-12:00:00", "DTL"),
        ("'it$'s'", "it's", "String[4]"),
        ("'a$0D$l$$'", "a\r\n$", "String[4]"),
        ("'$N'", "\r\n", "String[2]"),
        ("''", "", "String[0]"),
        ("WSTRING#'$00e4'", "ä", "WString[1]"),
        ("CHAR#'a'", "a", "Char"),
        ("WCHAR#'$03A9'", "Ω", "WChar"),
        ("NULL", "NULL", "Null"),
        ("P#M10.0 BYTE 4", "P#M10.0 BYTE 4", "Any"),
        ("P#DB1.DBX0.0 INT 5", "P#DB1.DBX0.0 INT 5", "Any"),
        ("REAL#1.1", real32(1.1), "Real"),
        ("LREAL#1.1", 1.1, "LReal"),
    ],
)
def test_a_literal_has_a_value_and_a_type(text, value, name):
    found = literal(text)
    assert found is not None
    assert found[0] == value
    assert type(found[0]) is type(value)
    assert type_name(found[1]) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "#x",
        "16#G",
        "2#3",
        "1__0",
        "T#",
        "T#5x",
        "T#1s_2h",
        "D#2023-02-30",
        "TOD#24:00:00",
        "TOD#12:30",
        "INT#x",
        "'open",
        "LDT#2024-01-01",
        "DT#1989-12-31-00:00:00",
        "DT#2090-01-01-00:00:00",
        "DT#7-1-1-00:00:00",
        "DT#00-02-30-00:00:00",
        "DTL#12-07-12-12:30:00",
        "D#12-07-12",
        "C#1000",
        "B#(300,1)",
        "MOTOR#5",
        "P#",
        "S5T#2h46m40s",
    ],
)
def test_what_is_no_literal_is_none(text):
    assert literal(text) is None


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("5", "Real", 5.0),
        ("5", "USInt", 5),
        ("16#8000", "Int", -32768),
        ("1", "Bool", True),
        ("3.14159265358979", "LReal", 3.14159265358979),
        ("'a'", "Char", "a"),
        ("P#544.0", "DWord", 544 * 8),
        ("P#M1.1", "DWord", 0x83000009),
        ("257", "HW_IO", 257),
    ],
)
def test_a_literal_takes_the_type_that_is_expected(text, expected, value):
    found = literal(text, ELEMENTARY[expected.upper()])
    assert found == (value, ELEMENTARY[expected.upper()])


@pytest.mark.parametrize(
    ("text", "expected"), [("300", "Byte"), ("-1", "UInt"), ("1.5", "Int"), ("'ab'", "Char"), ("2", "Bool")]
)
def test_a_literal_keeps_its_type_where_the_value_does_not_fit(text, expected):
    found = literal(text, ELEMENTARY[expected.upper()])
    assert found is not None
    assert found[1] != ELEMENTARY[expected.upper()]


def test_a_typed_literal_outside_of_its_type_is_told_by_fits():
    value, data_type = literal("INT#70000") or (None, INT)
    assert data_type is INT
    assert not fits(value, data_type)


@pytest.mark.parametrize(
    ("text", "fixed"), [("5", False), ("16#5", False), ("'a'", False), ("INT#5", True), ("T#1s", True)]
)
def test_a_constant_knows_whether_its_type_was_written(text, fixed):
    found = constant(text, Place("Block"))
    assert found is not None
    assert found.fixed is fixed


@given(st.data(), st.sampled_from(COUNTED))
def test_a_spelled_count_is_the_count_again(data, data_type):
    low, high = limits(data_type) or (0, 0)
    value = data.draw(st.integers(low, high))
    assert literal(format_literal(value, data_type), data_type) == (value, data_type)


@given(st.integers(0, 999), st.integers(0, 3))
def test_a_spelled_s5time_is_the_same_duration(count, base):
    from simatic_xml.program.types.moments import s5time_milliseconds

    word = base << 12 | int(str(count), 16)
    found = literal(format_literal(word, ELEMENTARY["S5TIME"]))
    assert found is not None
    assert isinstance(found[0], int)
    assert s5time_milliseconds(found[0]) == s5time_milliseconds(word)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_spelled_real_is_the_real_again(value):
    assert literal(format_literal(value, REAL)) == (value, REAL)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_spelled_lreal_is_the_lreal_again(value):
    assert literal(format_literal(value, ELEMENTARY["LREAL"])) == (value, ELEMENTARY["LREAL"])


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_a_spelled_string_is_the_string_again(value):
    assert literal(format_literal(value, Text("String", 254))) == (value, Text("String", len(value)))


@given(st.text(st.characters(max_codepoint=0xD7FF), max_size=40))
def test_a_spelled_wstring_is_the_wstring_again(value):
    assert literal(format_literal(value, Text("WString", 254))) == (value, Text("WString", len(value)))


@given(st.sampled_from(["Char", "WChar"]), st.characters(max_codepoint=255))
def test_a_spelled_character_is_the_character_again(name, value):
    data_type = ELEMENTARY[name.upper()]
    assert literal(format_literal(value, data_type)) == (value, data_type)


@given(st.booleans())
def test_a_spelled_bool_is_the_bool_again(value):
    assert literal(format_literal(value, BOOL)) == (value, BOOL)


@given(st.text(max_size=30))
def test_any_text_is_a_literal_or_none(text):
    found = literal(text)
    assert found is None or len(found) == 2


@given(st.integers(), st.sampled_from([each for each in COUNTED if each.kind in (Kind.INTEGER, Kind.BITS)]))
def test_wrapping_keeps_the_low_bits(value, data_type):
    held = wrap(value, data_type)
    assert fits(held, data_type)
    assert (held - value) % (1 << data_type.bits) == 0


@given(st.floats(allow_nan=False))
def test_rounding_to_32_bits_is_stable(value):
    rounded = real32(value)
    assume(not math.isinf(rounded))
    assert real32(rounded) == rounded
    assert fits(rounded, REAL)
