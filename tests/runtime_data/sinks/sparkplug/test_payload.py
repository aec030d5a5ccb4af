"""Sparkplug's messages are the bytes that Google's library makes, and bytes of anybody are read within limits."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from runtime_data.sinks.sparkplug import payload as sparkplug
from runtime_data.sinks.sparkplug.payload import DataType as T
from runtime_data.sinks.sparkplug.payload import Metric, Payload, PropertySet, PropertySetList, PropertyValue
from runtime_data.sinks.sparkplug.protobuf import Limits
from tests.runtime_data.sinks.sparkplug import official

NUMBER64 = st.integers(0, 2**64 - 1)
NUMBER32 = st.integers(0, 2**32 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SINGLE = st.floats(width=32, allow_nan=False)


def choice(*more: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    kinds = {
        "int_value": NUMBER32,
        "long_value": NUMBER64,
        "float_value": SINGLE,
        "double_value": st.floats(allow_nan=False),
        "boolean_value": st.booleans(),
        "string_value": TEXT,
    }
    return st.one_of(st.just({}), *(st.fixed_dictionaries({name: each}) for name, each in kinds.items()), *more)


def made(form: Any, one: st.SearchStrategy[dict[str, Any]], **optional: Any) -> st.SearchStrategy[Any]:
    others: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({}, optional=optional)
    return st.tuples(one, others).map(lambda both: form(**both[0], **both[1]))


def property_sets(depth: int) -> st.SearchStrategy[PropertySet]:
    inner: list[st.SearchStrategy[dict[str, Any]]] = []
    if depth:
        sets = property_sets(depth - 1)
        lists = st.lists(sets, max_size=2).map(lambda each: PropertySetList(propertyset=each))
        inner = [
            st.fixed_dictionaries({"propertyset_value": sets}),
            st.fixed_dictionaries({"propertysets_value": lists}),
        ]
    value = made(PropertyValue, choice(*inner), type=NUMBER32, is_null=st.booleans())
    return st.builds(PropertySet, keys=st.lists(TEXT, max_size=2), values=st.lists(value, max_size=2))


META = made(
    sparkplug.MetaData,
    st.just({}),
    is_multi_part=st.booleans(),
    content_type=TEXT,
    size=NUMBER64,
    seq=NUMBER64,
    file_name=TEXT,
    file_type=TEXT,
    md5=TEXT,
    description=TEXT,
)
METRIC = made(
    Metric,
    choice(st.fixed_dictionaries({"bytes_value": st.binary(max_size=9)})),
    name=TEXT,
    alias=NUMBER64,
    timestamp=NUMBER64,
    datatype=NUMBER32,
    is_historical=st.booleans(),
    is_transient=st.booleans(),
    is_null=st.booleans(),
    metadata=META,
    properties=property_sets(1),
)
PAYLOAD = made(
    Payload,
    st.just({}),
    timestamp=NUMBER64,
    seq=NUMBER64,
    uuid=TEXT,
    body=st.binary(max_size=9),
    metrics=st.lists(METRIC, max_size=3),
)

SAMPLE = Payload(
    timestamp=1486144502122,
    seq=255,
    metrics=[
        Metric(name="bdSeq", alias=2**63, timestamp=1, datatype=T.INT64, long_value=2**64 - 1, is_historical=True),
        Metric(
            name="Ä",
            is_null=True,
            is_transient=False,
            metadata=sparkplug.MetaData(size=7, md5="x"),
            properties=PropertySet(keys=["Quality"], values=[PropertyValue(type=T.INT32, int_value=500)]),
        ),
        Metric(alias=3, float_value=1.5),
        Metric(alias=4, double_value=-0.1),
        Metric(alias=5, boolean_value=False),
        Metric(alias=6, string_value=""),
        Metric(alias=7, bytes_value=b"\x00\xff", datatype=T.BYTES),
    ],
)
"""A message with each type of the wire. RECORDED is what Google's library (Python, 4.23.2) made of it."""
RECORDED = (
    "08eaf2f5a8a02b12230a056264536571108080808080808080800118012004280158ffffffffffffffffff0112210a02c384"
    "30003801420518073a01784a100a075175616c6974791205080318f40312071003650000c03f120b1004699a9999999999b9"
    "bf120410057000120410067a0012091007201182010200ff18ff01"
)


@given(PAYLOAD)
def test_a_message_that_is_written_is_read_again(payload: Payload) -> None:
    assert sparkplug.unpack(sparkplug.pack(payload)) == payload


def test_the_bytes_are_those_that_googles_library_made() -> None:
    assert sparkplug.pack(SAMPLE).hex() == RECORDED
    assert sparkplug.unpack(bytes.fromhex(RECORDED)) == SAMPLE


def test_the_bytes_are_those_that_googles_library_makes() -> None:
    pytest.importorskip("google.protobuf", reason="Google's protobuf library is not installed")
    kind = official.payload_class()

    @given(PAYLOAD)
    def compare(payload: Payload) -> None:
        theirs = official.fill(kind(), payload)
        assert sparkplug.pack(payload) == theirs.SerializeToString(deterministic=True)
        assert sparkplug.unpack(theirs.SerializeToString()) == payload

    compare()


def test_a_message_by_hand() -> None:
    payload = Payload(timestamp=300, seq=1, metrics=[Metric(name="A", timestamp=300, datatype=3, int_value=2**32 - 1)])
    metric = b"\x0a\x01A" + b"\x18\xac\x02" + b"\x20\x03" + b"\x50\xff\xff\xff\xff\x0f"
    assert sparkplug.pack(payload) == b"\x08\xac\x02" + b"\x12" + bytes([len(metric)]) + metric + b"\x18\x01"
    assert sparkplug.value_of(T.INT32, payload.metrics[0]) == -1


def test_of_a_choice_the_last_field_counts_and_unknown_fields_are_skipped() -> None:
    unknown = b"\xa0\x06\x07" + b"\xa2\x06\x02hi" + b"\xa5\x06\0\0\0\0" + b"\xa1\x06" + bytes(8)
    metric = b"\x50\x05" + unknown + b"\x70\x01"
    found = sparkplug.unpack(unknown + b"\x12" + bytes([len(metric)]) + metric)
    assert found == Payload(metrics=[Metric(boolean_value=True)])


INTEGERS = {
    T.INT8: (-(2**7), 2**7 - 1),
    T.INT16: (-(2**15), 2**15 - 1),
    T.INT32: (-(2**31), 2**31 - 1),
    T.INT64: (-(2**63), 2**63 - 1),
    T.UINT8: (0, 2**8 - 1),
    T.UINT16: (0, 2**16 - 1),
    T.UINT32: (0, 2**32 - 1),
    T.UINT64: (0, 2**64 - 1),
    T.DATE_TIME: (0, 2**64 - 1),
}
VALUES: dict[T, st.SearchStrategy[Any]] = {
    **{kind: st.integers(low, high) for kind, (low, high) in INTEGERS.items()},
    T.FLOAT: SINGLE,
    T.DOUBLE: st.floats(allow_nan=False),
    T.BOOLEAN: st.booleans(),
    T.STRING: TEXT,
    T.TEXT: TEXT,
    T.UUID: st.uuids().map(str),
    T.BYTES: st.binary(),
    T.FILE: st.binary(),
}
for _number in range(1, 12):
    VALUES[T(_number + 21)] = st.lists(VALUES[T(_number)])
VALUES[T.STRING_ARRAY] = st.lists(TEXT.filter(lambda text: "\0" not in text))
VALUES[T.DATE_TIME_ARRAY] = st.lists(VALUES[T.DATE_TIME])


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), st.none() | VALUES[kind])))
def test_a_value_of_each_type_is_read_as_it_was_written(case: tuple[T, Any]) -> None:
    kind, value = case
    metric = Metric(name="x", datatype=kind, **sparkplug.fields_of(kind, value))
    [found] = sparkplug.unpack(sparkplug.pack(Payload(metrics=[metric]))).metrics
    read = sparkplug.value_of(sparkplug.data_type(found.datatype), found)
    assert (read, type(read)) == (value, type(value))


def test_a_number_that_is_none_is_a_float_too() -> None:
    assert math.isnan(sparkplug.value_of(T.FLOAT, Metric(**sparkplug.fields_of(T.FLOAT, math.nan))))


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (T.INT8_ARRAY, [-17, 123], "ef7b"),
        (T.INT16_ARRAY, [-30000, 30000], "d08a3075"),
        (T.INT32_ARRAY, [123456789, 987654321], "15cd5b07b168de3a"),
        (T.UINT8_ARRAY, [23, 250], "17fa"),
        (T.UINT16_ARRAY, [30, 52360], "1e0088cc"),
        (T.UINT32_ARRAY, [52, 3293969225], "3400000049fb55c4"),
        (T.UINT64_ARRAY, [52, 16444743074749521625], "3400000000000000d99e02d1b27637e4"),
        (T.STRING_ARRAY, ["ABC", "hello"], "4142430068656c6c6f00"),
        (T.BOOLEAN_ARRAY, [bool(int(bit)) for bit in "001101001101"], "0c00000034d0"),
    ],
)
def test_arrays_are_the_bytes_of_the_specification(kind: T, values: list[Any], expected: str) -> None:
    assert sparkplug.fields_of(kind, values)["bytes_value"].hex() == expected


@pytest.mark.parametrize("number", [-56 % 2**32, -56 % 2**8])
def test_a_short_negative_number_is_read_in_either_form(number: int) -> None:
    assert sparkplug.value_of(T.INT8, Metric(int_value=number)) == -56


def test_an_unsigned_number_of_32_bits_is_read_from_either_field() -> None:
    assert sparkplug.fields_of(T.UINT32, 2**32 - 1) == {"int_value": 2**32 - 1}
    assert sparkplug.value_of(T.UINT32, Metric(long_value=2**32 - 1)) == 2**32 - 1


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (T.INT8, 128),
        (T.UINT64, -1),
        (T.INT32, True),
        (T.INT32, 1.5),
        (T.FLOAT, 1e300),
        (T.DOUBLE, "1"),
        (T.DOUBLE, False),
        (T.BOOLEAN, 1),
        (T.STRING, 5),
        (T.BYTES, "x"),
        (T.STRING_ARRAY, ["a\0b"]),
        (T.INT8_ARRAY, [1000]),
        (T.INT8_ARRAY, 5),
        (T.DATA_SET, [1]),
        (T.UNKNOWN, 1),
    ],
)
def test_a_value_of_another_type_is_refused(kind: T, value: Any) -> None:
    with pytest.raises(Problem) as found:
        sparkplug.fields_of(kind, value)
    assert found.value.code == "runtime.sparkplug_value"


@pytest.mark.parametrize(
    ("kind", "metric"),
    [
        (T.INT32, Metric(string_value="1")),
        (T.BOOLEAN, Metric(int_value=1)),
        (T.UNKNOWN, Metric(int_value=1)),
        (T.INT16_ARRAY, Metric(bytes_value=b"abc")),
        (T.STRING_ARRAY, Metric(bytes_value=b"abc")),
        (T.BOOLEAN_ARRAY, Metric(bytes_value=b"\xff\xff\xff\xff\0")),
        (T.DATA_SET, Metric(bytes_value=b"")),
    ],
)
def test_a_metric_with_a_value_of_another_type_is_refused(kind: T, metric: Metric) -> None:
    with pytest.raises(Problem) as found:
        sparkplug.value_of(kind, metric)
    assert found.value.code == "runtime.sparkplug_value"


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        value = b"\x4a" + bytes([len(data)]) + data
        data = b"\x12" + bytes([len(value)]) + value
    metric = b"\x4a" + bytes([len(data)]) + data
    return b"\x12" + bytes([len(metric)]) + metric


@pytest.mark.parametrize(
    ("data", "limits", "reason"),
    [
        (b"\x08", Limits(), "ends within a number"),
        (b"\x12\x05ab", Limits(), "ends within a field"),
        (b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f", Limits(), "ends within a field"),
        (b"\x08" + b"\xff" * 11, Limits(), "more than 64 bits"),
        (b"\x08" + b"\xff" * 9 + b"\x02", Limits(), "more than 64 bits"),
        (b"\x00\x01", Limits(), "number 0"),
        (b"\x0b", Limits(), "wire type 3"),
        (b"\xa1\x06" + bytes(7), Limits(), "ends within a field"),
        (b"\x22\x01\xff", Limits(), "UTF-8"),
        (bytes(101), Limits(size=100), "100"),
        (b"\x12\x00" * 51, Limits(fields=50), "more than 50 fields"),
        (nested(5), Limits(), "levels deep"),
    ],
)
def test_bytes_that_are_no_message_are_refused(data: bytes, limits: Limits, reason: str) -> None:
    with pytest.raises(Problem, match=reason) as found:
        sparkplug.unpack(data, limits)
    assert found.value.code == "runtime.protobuf"


@given(
    st.binary(max_size=60) | PAYLOAD.map(sparkplug.pack).flatmap(lambda data: st.permutations(list(data)).map(bytes))
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = sparkplug.unpack(data)
    except Problem as problem:
        assert problem.code == "runtime.protobuf"
        return
    again = sparkplug.unpack(sparkplug.pack(found))
    assert again == found or "nan" in repr(found)
