"""Absolute addresses, values as bytes, and requests for many of them."""

from __future__ import annotations

import datetime as dt
import math
import struct
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snap7.tags import parse_tag
from snap7.util import get_date_time_object, get_dt, get_string, get_wstring, set_string, set_wstring

from openness_bridge.errors import Problem
from runtime_data import byte_values, data_types
from runtime_data.absolute import Range
from runtime_data.sources.s7 import requests
from runtime_data.sources.s7.addresses import parse
from runtime_data.sources.s7.requests import AnswerError, WriteItem

GOOD_ONES = {
    "DB1.DBD0:REAL": (Range("DataBlock", 1, 0, 4), None, "Real"),
    "db1.dbd0:real": (Range("DataBlock", 1, 0, 4), None, "Real"),
    "DB5.DBX0.7": (Range("DataBlock", 5, 0, 1), 7, "Bool"),
    "DB1.DBB10:String[20]": (Range("DataBlock", 1, 10, 22), None, "String[20]"),
    "DB1.DBB10:WString[20]": (Range("DataBlock", 1, 10, 44), None, "WString[20]"),
    "DB1.DBB8:Date_And_Time": (Range("DataBlock", 1, 8, 8), None, "Date_And_Time"),
    "DB1.DBL8:LReal": (Range("DataBlock", 1, 8, 8), None, "LReal"),
    "M10.0": (Range("Marker", 0, 10, 1), 0, "Bool"),
    "MB3:SInt": (Range("Marker", 0, 3, 1), None, "SInt"),
    "IW4": (Range("Input", 0, 4, 2), None, "Word"),
    "QD8:DInt": (Range("Output", 0, 8, 4), None, "DInt"),
    "MW2:S5Time": (Range("Marker", 0, 2, 2), None, "S5Time"),
    "T5": (Range("Timer", 0, 10, 2), None, "S5Time"),
    "C3": (Range("Counter", 0, 6, 2), None, "Counter"),
}


@pytest.mark.parametrize("path", GOOD_ONES)
def test_what_an_address_names(path: str) -> None:
    found = parse(path)
    assert (found.range, found.bit, found.data_type) == GOOD_ONES[path]


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("%DB1.DBD0:REAL", "DB1.DBD0:Real"),
        ("DB01.DBD0", "DB1.DBD0"),
        ("E0.0", "I0.0"),
        ("AW2", "QW2"),
        ("MX1.0", "M1.0"),
        ("Z3", "C3"),
        ("T05", "T5"),
        ("MW2:WORD", "MW2"),
        ("DB1.DBB0:String[254]", "DB1.DBB0:String"),
        ("DB1.DBX00.1", "DB1.DBX0.1"),
        ("MD4:TOD", "MD4:Time_Of_Day"),
        ("M1.0:BOOL", "M1.0"),
    ],
)
def test_another_spelling_is_refused_with_the_right_one(path: str, canonical: str) -> None:
    with pytest.raises(Problem, match=f"write {canonical.replace('[', '.').replace(']', '.')}"):
        parse(path)
    assert parse(canonical).path == canonical


@pytest.mark.parametrize(
    "path",
    [
        "",
        "DB0.DBB0",
        "DB1.DBX0",
        "DB1.DBW0.1",
        "DB1.DBW0:REAL",
        "MB0:BOOL",
        "M0.8",
        "MW65535",
        "MB0:Struct",
        "X1",
        "DB1",
        "M1.0:INT",
        "DB1.DBD0:",
        "MW1:Nope",
        "T",
        "IW-1",
        "MB0:Timer",
    ],
)
def test_what_is_no_address(path: str) -> None:
    with pytest.raises(Problem) as refused:
        parse(path)
    assert refused.value.code == "s7.address"


@given(st.text(max_size=30))
def test_any_text_as_an_address(text: str) -> None:
    try:
        found = parse(text)
    except Problem:
        return
    assert parse(found.path) == found


def test_another_library_reads_the_same_addresses() -> None:
    for path in ("DB1.DBD0:REAL", "DB5.DBX0.7:BOOL", "MW2:INT", "M10.0", "IW4:WORD"):
        other, ours = parse_tag(path, strict=False), parse(path.replace(":WORD", "").replace(":BOOL", ""))
        assert (other.byte_offset, other.size) == (ours.range.start, ours.range.length)


NUMBERS = {
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
    "LTime_Of_Day": "Q",
    "LDT": "Q",
}
BELOW = {"Time_Of_Day": 86_400_000, "LTime_Of_Day": 86_400_000_000_000, "LDT": 2**63}
"""Types that do not have every number of their width."""


@given(st.sampled_from(sorted(NUMBERS)), st.binary(min_size=8, max_size=8))
def test_whole_numbers(data_type: str, content: bytes) -> None:
    packing = struct.Struct(f">{NUMBERS[data_type]}")
    assert byte_values.size_of(data_type) == packing.size
    content = content[: packing.size]
    (number,) = packing.unpack(content)
    if number >= BELOW.get(data_type, number + 1):
        with pytest.raises(Problem):
            byte_values.decode(data_type, content)
        return
    value = byte_values.decode(data_type, content)
    assert value == number
    assert byte_values.encode(data_type, value) == content


@given(st.sampled_from(["Real", "LReal"]), st.floats(width=32))
def test_floats(data_type: str, number: float) -> None:
    form = ">f" if data_type == "Real" else ">d"
    assert byte_values.encode(data_type, number) == struct.pack(form, number)
    found = byte_values.decode(data_type, struct.pack(form, number))
    assert found == number or (math.isnan(number) and math.isnan(float(found)))


@given(st.datetimes(dt.datetime.fromisoformat("1990-01-01"), dt.datetime.fromisoformat("2089-12-31")))
def test_date_and_time(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    raw = data_types.accept("Date_And_Time", moment.isoformat(timespec="milliseconds"))
    content = byte_values.encode("Date_And_Time", raw)
    assert get_date_time_object(bytearray(content), 0) == moment
    assert get_dt(bytearray(content), 0)[:19] == moment.isoformat()[:19]
    assert content[7] & 0xF == moment.isoweekday() % 7 + 1
    value, _ = data_types.publish("Date_And_Time", byte_values.decode("Date_And_Time", content))
    assert dt.datetime.fromisoformat(str(value)) == moment


@given(st.integers(0, 999), st.integers(0, 3))
def test_s5time(count: int, base: int) -> None:
    content = struct.pack(">H", base << 12 | int(str(count), 16))
    value, _ = data_types.publish("S5Time", byte_values.decode("S5Time", content))
    assert Decimal(value) / 1000 == Decimal(count) * Decimal("0.01") * 10**base


@given(st.text(st.characters(max_codepoint=255), max_size=20))
def test_strings(text: str) -> None:
    content = byte_values.encode("String[20]", text)
    assert len(content) == 22 and get_string(bytearray(content), 0, "latin-1") == text
    other = bytearray(22)
    set_string(other, 0, text, 20, "latin-1")
    assert byte_values.decode("String[20]", bytes(other)) == text


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20))
def test_wide_strings(text: str) -> None:
    content = byte_values.encode("WString[20]", text)
    assert len(content) == 44 and get_wstring(bytearray(content), 0) == text
    other = bytearray(44)
    set_wstring(other, 0, text, 20)
    assert byte_values.decode("WString[20]", bytes(other)) == text


def test_values_that_do_not_fit() -> None:
    for data_type, text in (("String[3]", "abcd"), ("String[3]", "€"), ("Char", "€"), ("Nope", "x")):
        with pytest.raises(Problem):
            byte_values.encode(data_type, text)
    for data_type, content in (("Date_And_Time", bytes(8)), ("S5Time", b"\x0f\xff"), ("Counter", b"\x0f\xff")):
        with pytest.raises(Problem):
            byte_values.decode(data_type, content)


RANGES = st.lists(
    st.builds(
        Range, st.sampled_from(["Marker", "DataBlock"]), st.integers(1, 2), st.integers(0, 300), st.integers(1, 60)
    ).map(lambda each: each._replace(block=each.block if each.area == "DataBlock" else 0)),
    max_size=60,
)


@given(RANGES, st.sampled_from([240, 480, 960]))
def test_merged_ranges_cover_all(ranges: list[Range], size: int) -> None:
    merged = requests.merge(ranges, requests.room(size))
    for each in ranges:
        assert any(
            (one.area, one.block) == (each.area, each.block)
            and one.start <= each.start
            and each.start + each.length <= one.start + one.length
            for one in merged
        )
    assert all(each.length <= requests.room(size) for each in merged)
    for batch in requests.pack(merged, size):
        assert len(requests.build_read(1, batch)) <= size and len(batch) <= 20
        assert 14 + sum(4 + each.length + each.length % 2 for each in batch) <= size


def test_many_neighbours_take_few_requests() -> None:
    wanted = [Range("DataBlock", 1, 4 * number, 4) for number in range(1000)]
    assert len(list(requests.pack(requests.merge(wanted, requests.room(480)), 480))) == 9


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_as_an_answer(content: bytes, begins_well: bool) -> None:
    ranges = [Range("Marker", 0, 0, 3), Range("Marker", 0, 9, 2)]
    if begins_well:
        content = struct.pack(">BBHHHHH", 0x32, 3, 0, 7, 2, len(content), 0) + b"\4\2" + content
    for parse_answer in (lambda: requests.parse_read(7, content, ranges), lambda: requests.parse_write(7, content, 2)):
        with suppress(AnswerError):
            assert len(parse_answer()) == 2


def test_writes_keep_their_order_and_fit() -> None:
    items = [WriteItem(parse(f"DB1.DBB{number}"), bytes((number % 256,))) for number in range(100)]
    batches = list(requests.pack_writes(items, 240))
    assert [each for batch in batches for each in batch] == items
    assert all(len(requests.build_write(1, batch)) <= 240 for batch in batches)
