"""Literals: text to value to text, and what is no literal."""

import itertools
import math

from hypothesis import assume, given
from hypothesis import strategies as st

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.literal_text import format_literal
from simatic_xml.program.types.ranges import fits, limits, real32, wrap
from simatic_xml.program.types.types import BOOL, ELEMENTARY, INT, REAL, UNKNOWN, Kind, Text, type_name
from simatic_xml.program.types.values import adapt, constant, literal

COUNTED = [each for each in dict.fromkeys(ELEMENTARY.values()) if limits(each) and not each.base]


LITERALS = [
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
    ("32767", 32767, "Int"),
    ("32768", 32768, "DInt"),
    ("- 32_768", -32768, "Int"),
    ("-32769", -32769, "DInt"),
    ("2147483648", 1 << 31, "LInt"),
    ("9223372036854775808", 1 << 63, "ULInt"),
    ("18446744073709551616", 1 << 64, "ULInt"),
    ("0" * 399 + "5", 5, "Int"),
    ("16#0", 0, "Word"),
    ("16#-1", -1, "Int"),
    ("16#FFFF", 0xFFFF, "Word"),
    ("16#1_0000", 0x10000, "DWord"),
    ("16#1_0000_0000", 1 << 32, "LWord"),
    ("16#1_0000_0000_0000_0000", 1 << 64, "LWord"),
    ("0.1", real32(0.1), "Real"),
    ("3.5e38", 3.5e38, "LReal"),
    ("bool#false", False, "Bool"),
    ("BOOL#TRUE", True, "Bool"),
    ("BOOL#1", True, "Bool"),
    ("INT#16#8000", -32768, "Int"),
    ("INT#16#0", 0, "Int"),
    ("INT#16#1_0000", 0x10000, "Int"),
    ("INT#65535", 65535, "Int"),
    ("SINT#256", 256, "SInt"),
    ("BYTE#300", 300, "Byte"),
    ("BYTE#-129", -129, "Byte"),
    ("REAL#16#FF", 255, "Real"),
    ("REAL#1e39", 1e39, "Real"),
    ("LREAL#1e39", 1e39, "LReal"),
    ("W#(0,255)", 255, "Word"),
    ("C#999", 0x999, "Word"),
    ("T#1s_1ms", 1001, "Time"),
    ("T#+1m_0_5s", 65_000, "Time"),
    ("T#1.25h", 4_500_000, "Time"),
    ("T#0.001s", 1, "Time"),
    ("S5T#9ms", 0, "S5Time"),
    ("S5T#9s999ms", 0x0999, "S5Time"),
    ("S5T#1m39s900ms", 0x1999, "S5Time"),
    ("S5T#16m39s", 0x2999, "S5Time"),
    ("S5T#16m40s", 0x3100, "S5Time"),
    ("S5T#16m49s999ms", 0x3100, "S5Time"),
    ("S5T#2h46m39s", 0x3999, "S5Time"),
    ("D#1990-1-2", 1, "Date"),
    ("TOD#0:0:0.001", 1, "Time_Of_Day"),
    ("TOD#1:1:1", 3_661_000, "Time_Of_Day"),
    ("LTOD#23:59:59.999999999", 86_399_999_999_999, "LTime_Of_Day"),
    ("LDT#1970-01-02-00:00:00", 86_400_000_000_000, "LDT"),
    ("DT#1990-01-01-00:00:00", "1990-01-01-00:00:00", "Date_And_Time"),
    ("DT#2089-12-31-00:00:00", "2089-12-31-00:00:00", "Date_And_Time"),
    ("DTL#1970-01-01-00:00:00", "1970-01-01-00:00:00", "DTL"),
    ("DTL#2262-04-11-10:20:30", "2262-04-11-10:20:30", "DTL"),
    ("'$41$5$p$R$t$''", "A\5\f\r\t'", "String[6]"),
    ("CHAR#a", "a", "Char"),
    ("CHAR#5", "5", "Char"),
    ("CHAR#65", "A", "Char"),
    ("CHAR#255", "\xff", "Char"),
    ("WCHAR#65535", "\uffff", "WChar"),
    ("P#M10.0", "P#M10.0", "Pointer"),
    ("P#DB1.DBX0.0", "P#DB1.DBX0.0", "Pointer"),
]
NO_LITERALS = [
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
    "0" * 400 + "5",
    "1e400",
    "REAL#1e400",
    "REAL#x",
    "INT#1.5",
    "BOOL#2",
    "B#(1)",
    "B#(1,2,3)",
    "B#(255,256)",
    "T#--5ms",
    "T#+-5ms",
    "T#5",
    "T#1s_1s",
    "T#0.0001ms",
    "S5T#-2s",
    "TOD#23:60:00",
    "TOD#23:59:60",
    "TOD#0:0:0.0001",
    "LTOD#0:0:0.0000000001",
    "LDT#2024-02-30-00:00:00",
    "LDT#2024-02-28-24:00:00",
    "DTL#1969-12-31-23:59:59",
    "DTL#2263-01-01-00:00:00",
    "CHAR#'",
    "CHAR#''",
    "CHAR#'ab'",
    "CHAR#256",
    "WCHAR#65536",
    "STRING#x",
    "TIMER#5",
    "COUNTER#5",
]


def test_a_literal_has_a_value_and_a_type() -> None:
    for text, value, name in LITERALS:
        found = literal(f" {text} ")
        assert found is not None, text
        assert (found[0], type(found[0]), type_name(found[1])) == (value, type(value), name), text


def test_what_is_no_literal_is_none() -> None:
    assert [text for text in NO_LITERALS if literal(text) is not None] == []


EXPECTED = [
    ("5", "Real", 5.0),
    ("16777217", "Real", 16777216.0),
    ("5", "USInt", 5),
    ("0", "USInt", 0),
    ("255", "Byte", 255),
    ("-1", "Byte", 255),
    ("-128", "Byte", 128),
    ("-32768", "Word", 32768),
    ("16#8000", "Int", -32768),
    ("16#FF", "SInt", -1),
    ("16#FF", "Byte", 255),
    ("1", "Bool", True),
    ("0", "Bool", False),
    ("3.14159265358979", "LReal", 3.14159265358979),
    ("0.1", "LReal", 0.1),
    ("0.1", "Real", real32(0.1)),
    ("'a'", "Char", "a"),
    ("'\xff'", "Char", "\xff"),
    ("P#544.0", "DWord", 544 * 8),
    ("P#M1.1", "DWord", 0x83000009),
    ("257", "HW_IO", 257),
    ("T 24", "Timer", 24),
    ("C3", "Counter", 3),
    ("z 3", "Counter", 3),
]
NOT_EXPECTED = {
    "Byte": ("300", "-129", "1.5", "TRUE"),
    "UInt": ("-1", "65536"),
    "Int": ("1.5", "'a'", "NULL", "32768"),
    "SInt": ("16#100", "128"),
    "Word": ("-32769",),
    "Char": ("'ab'", "5", "'\u0100'", "''"),
    "WChar": ("'a'",),
    "Bool": ("2", "-1", "1.0"),
    "Real": ("1" + "0" * 39, "1e39", "'a'", "TRUE"),
    "Time": ("5",),
    "DWord": ("P#DB1.DBX0.0", "1.0"),
}


def test_a_literal_takes_the_type_that_is_expected() -> None:
    found = [(text, name, literal(text, ELEMENTARY[name.upper()])) for text, name, _ in EXPECTED]
    assert found == [(text, name, (value, ELEMENTARY[name.upper()])) for text, name, value in EXPECTED]
    assert all(type(taken and taken[0]) is type(row[2]) for row, (_, _, taken) in zip(EXPECTED, found, strict=True))


def test_a_literal_keeps_its_type_where_the_value_does_not_fit() -> None:
    for name, texts in NOT_EXPECTED.items():
        for text in texts:
            assert literal(text, ELEMENTARY[name.upper()]) == literal(text), (text, name)
    others = [("5", "Timer"), ("C3", "Timer"), ("T3", "Counter"), ("P#XY1.0", "DWord")]
    assert [each for each in others if literal(each[0], ELEMENTARY[each[1].upper()]) is not None] == []
    assert literal("P#M1.1", INT) == literal("P#M1.1")


def test_a_pointer_as_a_double_word_has_the_code_of_its_area() -> None:
    codes = {
        "P": 0x80,
        "I": 0x81,
        "E": 0x81,
        "Q": 0x82,
        "A": 0x82,
        "M": 0x83,
        "DBX": 0x84,
        "DIX": 0x85,
        "L": 0x86,
        "V": 0x87,
    }
    found = {area: literal(f"P#{area} 2.7", ELEMENTARY["DWORD"]) for area in codes}
    assert found == {area: (code << 24 | 23, ELEMENTARY["DWORD"]) for area, code in codes.items()}


def test_a_text_adapts_to_its_own_kind_of_string_only() -> None:
    narrow, wide = Text("String", 3), Text("WString", 3)
    pairs = itertools.product((narrow, wide), repeat=2)
    assert [adapt("a", *pair) for pair in pairs] == ["a", None, None, "a"]
    assert adapt("a", wide, ELEMENTARY["CHAR"]) is None and adapt(1, INT, narrow) is None
    assert adapt(True, BOOL, INT) is None and adapt(5, INT, UNKNOWN) is None


def test_a_typed_literal_outside_of_its_type_is_told_by_fits() -> None:
    value, data_type = literal("INT#70000") or (None, INT)
    assert data_type is INT
    assert not fits(value, data_type)


def test_a_constant_knows_whether_its_type_was_written() -> None:
    texts = {
        "5": False,
        "16#5": False,
        "'a'": False,
        "INT#5": True,
        "T#1s": True,
        "true": True,
        " FALSE ": True,
        "B#16#5": True,
    }
    found = {text: constant(text, Place("Block")) for text in texts}
    assert {text: each and each.fixed for text, each in found.items()} == texts
    assert constant("x", Place("Block")) is None


SPELLED: list[tuple[int, str, str]] = [
    (0, "Time", "T#0ms"),
    (-1, "Time", "T#-1ms"),
    (-1500, "Time", "T#-1s_500ms"),
    (90_061_001, "Time", "T#1d_1h_1m_1s_1ms"),
    (0, "LTime", "LT#0ns"),
    (1001, "LTime", "LT#1us_1ns"),
    (0x0000, "S5Time", "S5T#0ms"),
    (0x0001, "S5Time", "S5T#10ms"),
    (0x1100, "S5Time", "S5T#10s"),
    (0x2999, "S5Time", "S5T#16m_39s"),
    (0x3999, "S5Time", "S5T#2h_46m_30s"),
    (0, "Time_Of_Day", "TOD#00:00:00"),
    (86_399_999, "Time_Of_Day", "TOD#23:59:59.999"),
    (3_600_500, "Time_Of_Day", "TOD#01:00:00.5"),
    (1, "LTime_Of_Day", "LTOD#00:00:00.000000001"),
    (59, "Date", "D#1990-03-01"),
    (86_400_000_000_000 + 60_000_000_000, "LDT", "LDT#1970-01-02-00:01:00"),
]


def test_counts_are_spelled_by_their_parts() -> None:
    assert [format_literal(count, ELEMENTARY[name.upper()]) for count, name, _ in SPELLED] == [
        each[2] for each in SPELLED
    ]


@given(st.data(), st.sampled_from(COUNTED))
def test_a_spelled_count_is_the_count_again(data, data_type):
    low, high = limits(data_type) or (0, 0)
    value = data.draw(st.integers(low, high))
    assert literal(format_literal(value, data_type), data_type) == (value, data_type)


@given(st.integers(0, 999), st.integers(0, 3))
def test_a_spelled_s5time_is_the_same_duration(count: int, base: int) -> None:
    found = literal(format_literal(base << 12 | int(str(count), 16), ELEMENTARY["S5TIME"]))
    assert found is not None and isinstance(found[0], int)
    digits = f"{found[0]:04x}"
    assert int(digits[1:]) * 10 ** int(digits[0]) == count * 10**base


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
