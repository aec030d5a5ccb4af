"""Conversions, beside `struct`, `decimal` and `datetime`."""

import math
import struct
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import instructions as catalogue
from simatic_xml.program.types.conversions import rules
from simatic_xml.program.types.types import ELEMENTARY, Elementary, Kind, Special
from tests.fakes.virtual_plc.instructions.kit import checked, of
from virtual_plc.faults import BcdFault
from virtual_plc.instructions.calculation.conversions import checked_conversion, conversion
from virtual_plc.memory.storage import new

COUNTS = sorted({each.name for each in ELEMENTARY.values() if each.kind in (Kind.INTEGER, Kind.BITS) and not each.base})


def _number(text: str) -> st.SearchStrategy[int]:
    bits, signed = of(text).bits, of(text).signed
    return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) if signed else st.integers(0, (1 << bits) - 1)


@pytest.mark.parametrize("source", COUNTS)
@pytest.mark.parametrize("target", COUNTS)
@given(data=st.data())
def test_whole_numbers_keep_their_lowest_bits(source: str, target: str, data: st.DataObject) -> None:
    number = data.draw(_number(source))
    size, signed = of(target).bits // 8, of(target).signed
    pattern = number.to_bytes(16, "little", signed=True)[:size]
    found, right = checked_conversion(of(source), of(target))(number)
    assert found == int.from_bytes(pattern, "little", signed=signed)
    assert right or found != number


@given(st.floats(width=32))
def test_double_word_and_real_are_the_same_pattern(number: float) -> None:
    pattern = struct.unpack(">I", struct.pack(">f", number))[0]
    assert conversion(of("Real"), of("DWord"), "REAL_TO_DWORD")(number) == pattern
    for function in ("DWORD_TO_REAL", "CONVERT"):
        back = conversion(of("DWord"), of("Real"), function)(pattern)
        assert struct.pack(">f", back) == struct.pack(">f", number)


@given(st.floats(-1e5, 1e5, width=32))
def test_rounding_is_that_of_decimal_arithmetic(number: float) -> None:
    exact = Decimal(number)
    expected = {
        "ROUND": int(exact.to_integral_value(ROUND_HALF_EVEN)),
        "TRUNC": int(exact),
        "CEIL": math.ceil(exact),
        "FLOOR": math.floor(exact),
    }
    for name, whole in expected.items():
        assert checked_conversion(of("Real"), of("DInt"), name)(number) == (whole, True)
        assert checked_conversion(of("Real"), of("Real"), name)(number) == (float(whole), True)
    assert checked_conversion(of("Real"), of("DInt"), "REAL_TO_DINT")(number) == (expected["ROUND"], True)


@pytest.mark.parametrize(("number", "whole"), [(10.5, 10), (11.5, 12), (-10.5, -10), (2.5, 2)])
def test_halves_are_rounded_to_even_numbers(number: float, whole: int) -> None:
    assert checked("ROUND", number, types={"S": "Real", "D": "DInt"}, result="DInt") == (whole, True)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_zero_without_eno(number: float) -> None:
    for name in ("ROUND", "TRUNC", "CEIL", "FLOOR"):
        assert checked(name, number, types={"S": "Real"}, result="DInt") == (0, False)


def test_a_real_that_is_too_large_keeps_its_lowest_bits() -> None:
    assert checked("REAL_TO_INT", 70000.0, result="Int", actual={"IN": "Real"}) == (70000 - 65536, False)
    assert checked_conversion(of("LReal"), of("Real"))(1e300) == (math.inf, False)


@given(st.integers(-(2**31), 2**31 - 1))
def test_integers_become_the_nearest_real(number: int) -> None:
    assert conversion(of("DInt"), of("Real"))(number) == struct.unpack("<f", struct.pack("<f", number))[0]


def test_bool_is_the_lowest_bit() -> None:
    assert conversion(of("Byte"), of("Bool"))(0xFE) is False
    assert conversion(of("Byte"), of("Bool"))(0x03) is True
    assert checked_conversion(of("Byte"), of("Bool"))(0x03) == (True, False)
    assert conversion(of("Bool"), of("Word"))(True) == 1


def test_characters_are_their_codes() -> None:
    assert conversion(of("Char"), of("Int"))("A") == 65
    assert conversion(of("Int"), of("Char"))(65) == "A"
    assert checked_conversion(of("Int"), of("Char"))(0x141) == ("A", False)
    assert checked_conversion(of("WChar"), of("Char"))("Ω")[1] is False
    assert checked_conversion(of("String"), of("Char"))("") == ("\0", False)
    assert conversion(of("Char"), of("String"))("x") == "x"


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("123.45", "Int", (123, True)),
        ("00123AB", "Int", (123, True)),
        ("12,345.67", "Real", (12345.669921875, True)),
        ("12345", "SInt", (0, False)),
        ("A123", "Int", (0, False)),
        ("", "Int", (0, False)),
        ("++123", "Int", (0, False)),
        ("1.23e-4", "LReal", (1.23, True)),
        ("  -7", "Int", (-7, True)),
        ("-1.5", "Real", (-1.5, True)),
        ("1e99", "Real", (1.0, True)),
    ],
)
def test_texts_become_numbers(text: str, target: str, expected: tuple[float, bool]) -> None:
    types = {"S": "String", "D": target}
    assert checked("S_CONV", text, types=types, result=target) == expected


@pytest.mark.parametrize(
    ("number", "source", "expected"),
    [
        (123, "USInt", " 123"),
        (-128, "SInt", "-128"),
        (5, "UInt", "     5"),
        (-32768, "Int", "-32768"),
        (4294967295, "UDInt", " 4294967295"),
        (1, "DInt", "          1"),
        (3.402823e38, "Real", " +3.402823E+38"),
        (-1.175495e-38, "Real", " -1.175495E-38"),
        (-1.7976931348623e308, "LReal", "-1.7976931348623E+308"),
    ],
)
def test_numbers_become_texts_at_the_right_of_their_field(number: float, source: str, expected: str) -> None:
    assert checked("S_CONV", number, types={"S": source}, result="String") == (expected, True)


@pytest.mark.parametrize(
    ("number", "source", "expected"),
    [
        (907, "DInt", "+907"),
        (-907, "DInt", "-907"),
        (0, "Int", "+0"),
        (7, "UInt", "+7"),
        (0, "ULInt", "+0"),
        (1.5, "Real", "+1.500000E+00"),
        (-0.001, "LReal", "-1.00000000000000E-03"),
        (1e-300, "LReal", "+1.0000000000000E-300"),
    ],
)
def test_conversions_by_name_write_the_sign_and_no_blanks(number: float, source: str, expected: str) -> None:
    for target in ("String", "WString"):
        function = f"{source}_TO_{target}"
        assert checked_conversion(of(source), of(target), function)(number) == (expected, True)


def test_what_is_not_a_number_is_named_without_eno() -> None:
    assert checked_conversion(of("Real"), of("String"), "REAL_TO_STRING")(math.inf) == ("+INF", False)
    assert checked("S_CONV", math.nan, types={"S": "LReal"}, result="String") == ("NaN".rjust(21), False)


def test_a_text_is_cut_to_its_target() -> None:
    assert checked("S_CONV", 5, types={"S": "Int"}, result="String", capacity=3) == ("   ", False)
    assert checked_conversion(of("String[20]"), of("String[3]"))("abcdef") == ("abc", False)
    assert checked_conversion(of("WString"), of("String"))("aΩ") == ("a?", False)


@given(st.integers(-999, 999))
def test_bcd_and_back(number: int) -> None:
    packed, right = checked_conversion(of("Int"), of("Word"), "INT_TO_BCD16")(number)
    assert right
    assert f"{packed & 0xFFF:x}" == str(abs(number))
    assert (packed >> 15 == 1) == (number < 0)
    assert checked_conversion(of("Word"), of("Int"), "BCD16_TO_INT")(packed) == (number, True)


def test_bcd_with_too_many_or_wrong_digits() -> None:
    assert checked_conversion(of("Int"), of("Word"), "INT_TO_BCD16")(1000) == (1000, False)
    assert conversion(of("DWord"), of("DInt"), "BCD32_TO_DINT")(0xF1234567) == -1234567
    with pytest.raises(BcdFault):
        conversion(of("Word"), of("Int"), "BCD16_TO_INT")(0x00A0)


# Times ---------------------------------------------------------------------------------------------------------------


def test_durations() -> None:
    assert conversion(of("Time"), of("LTime"))(5) == 5_000_000
    assert checked_conversion(of("LTime"), of("Time"))(-1_500_000) == (-1, True)
    assert checked_conversion(of("LTime"), of("Time"))(10**18)[1] is False
    assert checked_conversion(of("Time"), of("S5Time"))(2500) == (0x0250, True)
    assert checked_conversion(of("S5Time"), of("Time"))(0x2127) == (127_000, True)
    assert checked_conversion(of("Time"), of("S5Time"))(-1) == (0x3999, False)
    assert conversion(of("Time"), of("DInt"))(-5) == -5
    assert checked_conversion(of("Time"), of("Time_Of_Day"))(86_400_001) == (1, False)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2089, 12, 31)))  # noqa: DTZ001 - a CPU's clock has no zone here
def test_moments_keep_their_parts(moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    nanoseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    parts = conversion(of("Date_And_Time"), of("DTL"))(nanoseconds)
    shown = (parts.YEAR, parts.MONTH, parts.DAY, parts.HOUR, parts.MINUTE, parts.SECOND, parts.NANOSECOND // 1000)
    assert shown == (*moment.timetuple()[:6], moment.microsecond)
    assert moment.isoweekday() % 7 + 1 == parts.WEEKDAY
    assert conversion(of("DTL"), of("LDT"))(parts) == nanoseconds
    assert conversion(of("DTL"), of("Date"))(parts) == (moment.date() - date(1990, 1, 1)).days
    clock = timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
    assert (
        conversion(of("DTL"), of("Time_Of_Day"))(parts)
        == clock // timedelta(milliseconds=1) + moment.microsecond // 1000
    )


def test_a_dtl_that_is_no_moment_is_refused() -> None:
    parts = conversion(of("LDT"), of("DTL"))(0)
    parts.MONTH = 13
    assert checked_conversion(of("DTL"), of("LDT"))(parts) == (0, False)
    assert checked_conversion(of("DTL"), of("Time_Of_Day"))(parts) == (0, False)
    parts.MONTH, parts.HOUR = 1, 24
    assert checked_conversion(of("DTL"), of("Date"))(parts)[1] is False


def test_moments_outside_of_a_type_become_its_nearest() -> None:
    assert checked_conversion(of("LDT"), of("Date_And_Time"))(0)[1] is False
    assert checked_conversion(of("LDT"), of("Date"))(0) == (0, False)


def test_times_as_text_and_back() -> None:
    for text, count in (("Time", -90_500), ("LTime", 12), ("Date", 400), ("Time_Of_Day", 3_600_001), ("LDT", 10**18)):
        spelled = conversion(of(text), of("String"))(count)
        assert checked_conversion(of("String"), of(text))(spelled) == (count, True)
    assert checked_conversion(of("String"), of("Time"))("soon") == (0, False)


# Everything ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(each for each in catalogue.conversions() if "BLOCK_DB" not in each))
def test_every_conversion_of_the_catalogue_converts_the_default(name: str) -> None:
    found = catalogue.conversion(name)
    assert found is not None
    source, target = found.parameters[0].type, found.result
    value, _ = checked_conversion(of(source), of(target), name)(new(of(source)))
    assert isinstance(value, type(new(of(target))))


def test_a_data_block_is_its_number() -> None:
    block = Special("Block_DB")
    assert conversion(of("Word"), block, "WORD_TO_BLOCK_DB")(7) == 7
    assert conversion(block, of("Word"), "BLOCK_DB_TO_WORD")(7) == 7


def test_every_implicit_conversion_converts_the_default() -> None:
    for rule in rules():
        value, _ = checked_conversion(of(rule.source), of(rule.target))(new(of(rule.source)))
        assert isinstance(value, type(new(of(rule.target)))), rule


def test_there_is_no_conversion_of_structures() -> None:
    with pytest.raises(TypeError):
        conversion(of("TON_TIME"), of("Int"))
    assert isinstance(of("Int"), Elementary)
