"""Values of S7 types in OPC UA: against struct and datetime, and back."""

from __future__ import annotations

import datetime as dt
import math
import struct
from typing import Any

import pytest
from asyncua import ua
from asyncua.ua.ua_binary import variant_to_binary
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from runtime_data import data_types
from runtime_data.opcua.types import from_ua, is_bytes, to_ua, ua_type
from runtime_data.values import Value

INTEGERS = {
    "SInt": "b",
    "USInt": "B",
    "Byte": "B",
    "Int": "h",
    "UInt": "H",
    "Word": "H",
    "DInt": "i",
    "UDInt": "I",
    "DWord": "I",
    "LInt": "q",
    "ULInt": "Q",
    "LWord": "Q",
    "Time": "i",
    "LTime": "q",
    "Date": "H",
    "Time_Of_Day": "I",
    "LTOD": "Q",
    "LDT": "q",
}
"""The code of struct of each type that is an integer in OPC UA, by the table of the documentation."""


def published(data_type: str, raw: Any) -> Value:
    value, text = data_types.publish(data_type, raw)
    return Value("a:b", value, data_type, text=text)


def on_the_wire(data_type: str, raw: Any) -> bytes:
    """The bytes behind the type of a value, as a server sends them."""
    variant = ua.Variant(to_ua(published(data_type, raw)), ua.VariantType[ua_type(data_type)])
    return bytes(variant_to_binary(variant)[1:])


@pytest.mark.parametrize(("data_type", "code"), INTEGERS.items())
def test_integers_and_counts_have_the_bytes_of_their_width(data_type: str, code: str) -> None:
    bits = 8 * struct.calcsize(code)
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if code.islower() else (0, (1 << bits) - 1)
    if data_type in ("Date", "Time_Of_Day", "LTOD", "LDT"):
        low, high = 0, {"Date": 65_378, "Time_Of_Day": 86_399_999, "LTOD": 86_400 * 10**9 - 1, "LDT": high}[data_type]
    for raw in (low, 1, 77, high):
        assert on_the_wire(data_type, raw) == struct.pack(f"<{code}", raw)


@given(st.floats(width=32))
def test_real_has_the_bits_of_a_float(value: float) -> None:
    packed = on_the_wire("Real", value)
    assert packed == struct.pack("<f", value) or (math.isnan(value) and math.isnan(struct.unpack("<f", packed)[0]))


@given(st.floats())
def test_lreal_has_the_bits_of_a_double(value: float) -> None:
    packed = on_the_wire("LReal", value)
    assert packed == struct.pack("<d", value) or (math.isnan(value) and math.isnan(struct.unpack("<d", packed)[0]))


@given(st.datetimes(*(dt.datetime.fromisoformat(each) for each in ("1990-01-01", "2089-12-31T23:59:59"))))
def test_date_and_time_is_bcd_with_the_day_of_the_week(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    raw = moment.strftime("%Y-%m-%d-%H:%M:%S.") + f"{moment.microsecond // 1000:03}"
    found = to_ua(published("Date_And_Time", raw))
    digits = moment.strftime("%y%m%d%H%M%S") + f"{moment.microsecond // 1000:03}{(moment.weekday() + 1) % 7 + 1}"
    assert bytes(found).hex() == digits
    assert data_types.accept("Date_And_Time", from_ua("Date_And_Time", found)) == data_types.accept(
        "Date_And_Time", published("Date_And_Time", raw).value
    )


@given(st.dates(dt.date(1990, 1, 1), dt.date(2168, 12, 31)))
def test_date_counts_days_since_1990(day: dt.date) -> None:
    value = Value("a:b", day.isoformat(), "Date")
    assert to_ua(value) == (day - dt.date(1990, 1, 1)).days
    assert from_ua("Date", to_ua(value)) == day.isoformat()


@pytest.mark.parametrize(
    ("data_type", "raw"),
    [
        ("Bool", True),
        ("Char", "x"),
        ("WChar", "Ω"),
        ("S5Time", 0x2127),
        ("String[5]", "hi"),
        ("WString", "Ω"),
        ("Real", -0.5),
    ],
)
def test_what_is_read_can_be_written_back(data_type: str, raw: Any) -> None:
    value = published(data_type, raw)
    given = from_ua(data_type, to_ua(value))
    assert data_types.equal(data_type, given, value.value, value.text)


def test_what_has_no_type_or_no_value() -> None:
    assert ua_type("Struct") == "" and is_bytes("DateAndTime") and not is_bytes("DTL")
    assert to_ua(Value("a:b", None, "Int")) is None
    for data_type, wrong in (
        ("S5Time", 0x0A00),
        ("S5Time", 0x4000),
        ("Date_And_Time", [1, 2, 3]),
        ("Date_And_Time", [0xAA] * 8),
    ):
        with pytest.raises(Problem):
            from_ua(data_type, wrong)
