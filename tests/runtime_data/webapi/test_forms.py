"""Values of the Web API, against struct, decimal and datetime."""

from __future__ import annotations

import datetime as dt
import math
import struct
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime_data.data_types import accept, publish
from runtime_data.webapi.forms import FormError, from_raw, from_simple, spell, to_raw, to_simple, web_name
from simatic_xml.program.types.types import ELEMENTARY

FORMATS = {
    "SInt": ">b",
    "Int": ">h",
    "DInt": ">i",
    "LInt": ">q",
    "USInt": ">B",
    "UInt": ">H",
    "UDInt": ">I",
    "ULInt": ">Q",
    "Byte": ">B",
    "Word": ">H",
    "DWord": ">I",
    "LWord": ">Q",
    "Time": ">i",
    "LTime": ">q",
    "Date": ">H",
}
"""How struct packs the counts of each type."""
LONG = {name for name, code in FORMATS.items() if code[1] in "qQ"}
ALL = sorted({each.name for each in ELEMENTARY.values() if not each.base} - {"Timer", "Counter"})
FIRST_DATE = dt.date(1990, 1, 1)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def counts(data_type: str) -> st.SearchStrategy[int]:
    bits = struct.calcsize(FORMATS[data_type]) * 8
    signed = FORMATS[data_type][1].islower()
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else st.integers(0, 2**bits - 1)


@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_counts(data_type: str, data: st.DataObject) -> None:
    count = data.draw(counts(data_type))
    assert to_raw(data_type, count) == list(struct.pack(FORMATS[data_type], count))
    assert from_raw(data_type, list(struct.pack(FORMATS[data_type], count))) == count
    simple = to_simple(data_type, count)
    assert simple == (str(count) if data_type in LONG else count)
    assert from_simple(data_type, simple) == from_simple(data_type, str(count)) == count


@given(st.floats())
def test_long_floating_point_numbers(value: float) -> None:
    raw = to_raw("LReal", value)
    assert raw == list(struct.pack(">d", value))
    assert struct.pack(">d", from_raw("LReal", raw)) == struct.pack(">d", value)
    assert to_simple("LReal", value) == (value if math.isfinite(value) else None)
    if math.isfinite(value):
        assert from_simple("LReal", value) == value


@given(st.floats(width=32))
def test_short_floating_point_numbers(value: float) -> None:
    assert to_raw("Real", value) == list(struct.pack(">f", value))
    simple = to_simple("Real", value)
    if not math.isfinite(value):
        assert simple is None
        return
    assert struct.pack(">f", simple) == struct.pack(">f", value)
    assert len(Decimal(repr(simple)).normalize().as_tuple().digits) <= 9


@given(st.dates(FIRST_DATE, dt.date(2168, 12, 31)))
def test_a_date_is_the_number_of_days(day: dt.date) -> None:
    simple = to_simple("Date", accept("Date", day.isoformat()))
    assert simple == (day - FIRST_DATE).days
    assert publish("Date", from_simple("Date", simple) or 0)[0] == day.isoformat()


@given(st.integers(0, 86_400_000 - 1))
def test_a_time_of_day_is_milliseconds(count: int) -> None:
    expected = (dt.datetime(1, 1, 1) + dt.timedelta(milliseconds=count)).time()  # noqa: DTZ001
    found, _ = publish("Time_Of_Day", from_simple("Time_Of_Day", count) or 0)
    assert dt.time.fromisoformat(found.ljust(12, "0") if "." in found else found) == expected
    assert to_simple("Time_Of_Day", count) == count
    assert to_raw("Time_Of_Day", count) == list(struct.pack(">I", count))
    assert to_simple("LTime_Of_Day", count * 10**6) == str(count * 10**6)


@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2262, 1, 1)))  # noqa: DTZ001 - a controller's moment
def test_a_long_date_and_time_is_nanoseconds_as_a_text(moment: dt.datetime) -> None:
    count = (moment - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1) * 1000  # noqa: DTZ001
    assert to_simple("LDT", accept("LDT", moment.isoformat())) == str(count)
    assert from_simple("LDT", str(count)) == count
    assert to_raw("LDT", count) == list(struct.pack(">Q", count))


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2089, 12, 31, 23, 59, 59)))  # noqa: DTZ001
def test_a_date_and_time_is_an_object_or_decimal_digits(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    controller = accept("Date_And_Time", moment.isoformat(timespec="milliseconds"))
    simple = to_simple("Date_And_Time", controller)
    assert simple.pop("day_of_week") == WEEKDAYS[moment.weekday()]
    assert Decimal(str(simple.pop("second"))) == Decimal(moment.second) + Decimal(moment.microsecond) / 10**6
    assert simple == {name: getattr(moment, name) for name in ("year", "month", "day", "hour", "minute")}
    whole = simple | {"second": moment.second + moment.microsecond / 1e6}
    again, _ = publish("Date_And_Time", from_simple("Date_And_Time", whole) or "")
    assert dt.datetime.fromisoformat(again) == moment
    raw = to_raw("Date_And_Time", controller)
    digits = bytes(raw).hex()
    assert digits[:10] == f"{moment:%y%m%d%H%M}" and digits[10:15] == f"{moment:%S}{moment.microsecond // 1000:03}"
    assert int(digits[15]) == (moment.isoweekday() % 7) + 1
    assert dt.datetime.fromisoformat(publish("Date_And_Time", from_raw("Date_And_Time", raw))[0]) == moment


@given(st.sampled_from([10, 100, 1000, 10_000]), st.integers(0, 999))
def test_an_s5time_is_a_basis_and_a_value(basis: int, value: int) -> None:
    word = from_simple("S5Time", {"basis": basis, "value": value})
    assert isinstance(word, int) and publish("S5Time", word)[0] == basis * value
    assert to_simple("S5Time", word) == {"basis": basis, "value": value}
    assert from_simple("S5Time", {"basic": basis, "value": value}) == word
    assert f"{word & 0xFFF:03x}" == f"{value:03}"
    assert to_raw("S5Time", word) == list(struct.pack(">H", word))


@given(st.characters(max_codepoint=0xD7FF))
def test_characters(sign: str) -> None:
    assert from_raw("WChar", to_raw("WChar", sign)) == to_simple("WChar", sign) == from_simple("WChar", sign) == sign
    assert bytes(to_raw("WChar", sign)).decode("utf-16-be") == sign
    if ord(sign) < 256:
        assert bytes(to_raw("Char", sign)).decode("latin-1") == sign
        assert to_simple("Char", sign) == (sign if ord(sign) < 128 else None)


@given(st.text(st.characters(min_codepoint=1, max_codepoint=0xD7FF), max_size=20))
def test_texts(text: str) -> None:
    assert from_simple("WString[20]", to_simple("WString[20]", text)) == text
    raw = to_raw("WString[20]", text)
    assert len(raw) == 4 + 40 and raw[:4] == list(struct.pack(">HH", 20, len(text)))
    assert bytes(raw[4 : 4 + 2 * len(text)]).decode("utf-16-be") == from_raw("WString[20]", raw) == text
    if text.isascii():
        assert from_raw("String[20]", to_raw("String[20]", text)) == text


@pytest.mark.parametrize("data_type", ALL)
def test_every_elementary_type_has_a_name_and_a_form(data_type: str) -> None:
    name, _ = web_name(data_type)
    assert name == data_type.casefold() and spell(name) == data_type
    value = accept(data_type, {"Bool": False, "Char": "x", "WChar": "x"}.get(data_type, _sample(data_type)))
    assert from_simple(data_type, to_simple(data_type, value)) == value
    assert from_raw(data_type, to_raw(data_type, value)) == value


def _sample(data_type: str) -> Any:
    samples = {
        "Date": "2024-02-29",
        "Time_Of_Day": "12:34:56.789",
        "LTime_Of_Day": "12:34:56.789012345",
        "Date_And_Time": "2024-02-29T12:34:56.789",
        "LDT": "2024-02-29T12:34:56.789012345",
    }
    return samples.get(data_type, 20)


@pytest.mark.parametrize(
    ("data_type", "given_"),
    [
        ("Bool", 1),
        ("Bool", "true"),
        ("Int", 32_768),
        ("Int", "x"),
        ("Int", 1.5),
        ("Int", True),
        ("ULInt", "-1"),
        ("LInt", str(2**63)),
        ("Real", "1.5"),
        ("Real", 1e300),
        ("Char", "xy"),
        ("Char", 120),
        ("Date", "2024-01-01"),
        ("Time_Of_Day", 86_400_000),
        ("S5Time", {"basis": 5, "value": 1}),
        ("S5Time", 100),
        ("Int", [0, 1]),
        ("Date_And_Time", {"year": 2024, "month": 2, "day": 30, "hour": 0, "minute": 0, "second": 0}),
        ("Date_And_Time", {"year": 1970, "month": 2, "day": 3, "hour": 0, "minute": 0, "second": 0}),
        ("Date_And_Time", "2024-01-01"),
        ("String", 5),
        ("Struct", 1),
    ],
)
def test_what_is_no_value(data_type: str, given_: Any) -> None:
    with pytest.raises(FormError):
        from_simple(data_type, given_)


@pytest.mark.parametrize(
    ("data_type", "given_"),
    [
        ("Int", [0]),
        ("Int", [0, 256]),
        ("Int", [0, True]),
        ("Int", 5),
        ("Int", "AA"),
        ("S5Time", [0, 0x0A]),
        ("Date_And_Time", [0xFF] * 8),
        ("String[4]", [4, 9, 1, 2]),
        ("Time_Of_Day", [0xFF] * 4),
    ],
)
def test_what_are_no_bytes(data_type: str, given_: Any) -> None:
    with pytest.raises(FormError):
        from_raw(data_type, given_)
