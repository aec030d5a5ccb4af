"""Messages of Sparkplug B, and the values of metrics by their data type.

Facts: docs/facts/sparkplug.md#payload, docs/facts/sparkplug.md#data-types.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Any

import msgspec

from openness_bridge.errors import Kind, Problem
from runtime_data.sinks.sparkplug.protobuf import LIMITS, Field, Limits, Message, decode, encode


class DataType(IntEnum):
    """The data types of metrics and properties, with their numbers."""

    UNKNOWN = 0
    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATE_TIME = 13
    TEXT = 14
    UUID = 15
    DATA_SET = 16
    BYTES = 17
    FILE = 18
    TEMPLATE = 19
    PROPERTY_SET = 20
    PROPERTY_SET_LIST = 21
    INT8_ARRAY = 22
    INT16_ARRAY = 23
    INT32_ARRAY = 24
    INT64_ARRAY = 25
    UINT8_ARRAY = 26
    UINT16_ARRAY = 27
    UINT32_ARRAY = 28
    UINT64_ARRAY = 29
    FLOAT_ARRAY = 30
    DOUBLE_ARRAY = 31
    BOOLEAN_ARRAY = 32
    STRING_ARRAY = 33
    DATE_TIME_ARRAY = 34


GOOD, STALE, BAD = 192, 500, 0
"""The values of the property Quality."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The one value that a metric or property has; at most one is not None."""

    int_value: int | None = None
    long_value: int | None = None
    float_value: float | None = None
    double_value: float | None = None
    boolean_value: bool | None = None
    string_value: str | None = None


class PropertyValue(Choice, frozen=True, kw_only=True):
    """The value of a property."""

    type: int | None = None
    is_null: bool | None = None
    propertyset_value: PropertySet | None = None
    propertysets_value: PropertySetList | None = None


class PropertySet(msgspec.Struct, frozen=True, kw_only=True):
    """Properties: their names, and as many values."""

    keys: list[str] = []
    values: list[PropertyValue] = []


class PropertySetList(msgspec.Struct, frozen=True, kw_only=True):
    """Several sets of properties."""

    propertyset: list[PropertySet] = []


class MetaData(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the bytes or the file that a metric has."""

    is_multi_part: bool | None = None
    content_type: str | None = None
    size: int | None = None
    seq: int | None = None
    file_name: str | None = None
    file_type: str | None = None
    md5: str | None = None
    description: str | None = None


class Metric(Choice, frozen=True, kw_only=True):
    """A value with its name or alias. Times are milliseconds since 1970, UTC."""

    name: str | None = None
    alias: int | None = None
    timestamp: int | None = None
    datatype: int | None = None
    is_historical: bool | None = None
    is_transient: bool | None = None
    is_null: bool | None = None
    metadata: MetaData | None = None
    properties: PropertySet | None = None
    bytes_value: bytes | None = None


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """A message of an edge node or to one."""

    timestamp: int | None = None
    metrics: list[Metric] = []
    seq: int | None = None
    uuid: str | None = None
    body: bytes | None = None


def _choices(first: int) -> tuple[Field, ...]:
    """Return the fields of Choice, which have successive numbers."""
    return (
        Field(first, "int_value", "uint32", choice=True),
        Field(first + 1, "long_value", "uint64", choice=True),
        Field(first + 2, "float_value", "float", choice=True),
        Field(first + 3, "double_value", "double", choice=True),
        Field(first + 4, "boolean_value", "bool", choice=True),
        Field(first + 5, "string_value", "string", choice=True),
    )


PROPERTY_SET, PROPERTY_SET_LIST, PROPERTY_VALUE = (
    Message(PropertySet),
    Message(PropertySetList),
    Message(PropertyValue),
)
PROPERTY_VALUE.fields = (
    Field(1, "type", "uint32"),
    Field(2, "is_null", "bool"),
    *_choices(3),
    Field(9, "propertyset_value", PROPERTY_SET, choice=True),
    Field(10, "propertysets_value", PROPERTY_SET_LIST, choice=True),
)
PROPERTY_SET.fields = (
    Field(1, "keys", "string", repeated=True),
    Field(2, "values", PROPERTY_VALUE, repeated=True),
)
PROPERTY_SET_LIST.fields = (Field(1, "propertyset", PROPERTY_SET, repeated=True),)
META_DATA = Message(
    MetaData,
    (
        Field(1, "is_multi_part", "bool"),
        Field(2, "content_type", "string"),
        Field(3, "size", "uint64"),
        Field(4, "seq", "uint64"),
        Field(5, "file_name", "string"),
        Field(6, "file_type", "string"),
        Field(7, "md5", "string"),
        Field(8, "description", "string"),
    ),
)
METRIC = Message(
    Metric,
    (
        Field(1, "name", "string"),
        Field(2, "alias", "uint64"),
        Field(3, "timestamp", "uint64"),
        Field(4, "datatype", "uint32"),
        Field(5, "is_historical", "bool"),
        Field(6, "is_transient", "bool"),
        Field(7, "is_null", "bool"),
        Field(8, "metadata", META_DATA),
        Field(9, "properties", PROPERTY_SET),
        *_choices(10),
        Field(16, "bytes_value", "bytes", choice=True),
    ),
)
PAYLOAD = Message(
    Payload,
    (
        Field(1, "timestamp", "uint64"),
        Field(2, "metrics", METRIC, repeated=True),
        Field(3, "seq", "uint64"),
        Field(4, "uuid", "string"),
        Field(5, "body", "bytes"),
    ),
)

_T = DataType
_INTEGERS = {
    _T.INT8: (8, True),
    _T.INT16: (16, True),
    _T.INT32: (32, True),
    _T.INT64: (64, True),
    _T.UINT8: (8, False),
    _T.UINT16: (16, False),
    _T.UINT32: (32, False),
    _T.UINT64: (64, False),
    _T.DATE_TIME: (64, False),
}
"""Bits, and whether there is a sign."""
_FIELDS: dict[DataType, tuple[str, type[Any]]] = {
    _T.FLOAT: ("float_value", float),
    _T.DOUBLE: ("double_value", float),
    _T.BOOLEAN: ("boolean_value", bool),
    _T.STRING: ("string_value", str),
    _T.TEXT: ("string_value", str),
    _T.UUID: ("string_value", str),
    _T.BYTES: ("bytes_value", bytes),
    _T.FILE: ("bytes_value", bytes),
}
"""The field and the type of a value that goes as it is."""
_ITEMS = {
    _T.INT8_ARRAY: "b",
    _T.INT16_ARRAY: "h",
    _T.INT32_ARRAY: "i",
    _T.INT64_ARRAY: "q",
    _T.UINT8_ARRAY: "B",
    _T.UINT16_ARRAY: "H",
    _T.UINT32_ARRAY: "I",
    _T.UINT64_ARRAY: "Q",
    _T.FLOAT_ARRAY: "f",
    _T.DOUBLE_ARRAY: "d",
    _T.DATE_TIME_ARRAY: "Q",
}
"""Arrays of items of one size, with the letter that `struct` has for an item."""


def pack(payload: Payload) -> bytes:
    """Return a message as bytes.

    Raises:
        Problem: A number is out of the range of its field.
    """
    return encode(PAYLOAD, payload)


def unpack(data: bytes, limits: Limits = LIMITS) -> Payload:
    """Return the message that bytes hold.

    Raises:
        Problem: They are no message, or exceed a limit (runtime.protobuf).
    """
    found: Payload = decode(PAYLOAD, data, limits)
    return found


def fields_of(kind: DataType, value: Any) -> dict[str, Any]:
    """Return the fields of a metric or property that has this value; of None those of a null.

    Args:
        kind: The data type. A DateTime is a number of milliseconds since 1970, UTC.
        value: The value; of an array a list.

    Raises:
        Problem: The value is not of this type (runtime.sparkplug_value).
    """
    if value is None:
        return {"is_null": True}
    try:
        if kind in _INTEGERS:
            bits, signed = _INTEGERS[kind]
            low = -(1 << bits - 1) if signed else 0
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value < low + (1 << bits):
                raise ValueError
            # A negative number has the form of 32 bits also where its type is shorter, so that readers may cut or cast it.
            return {"long_value": value % (1 << 64)} if bits == 64 else {"int_value": value % (1 << 32)}
        if kind in _FIELDS:
            name, form = _FIELDS[kind]
            if isinstance(value, int) and not isinstance(value, bool) and form is float:
                value = float(value)
            if not isinstance(value, form):
                raise ValueError
            return {name: _single(value) if kind is _T.FLOAT else value}
        return {"bytes_value": _packed(kind, list(value))}
    except (ValueError, TypeError, OverflowError, struct.error, AttributeError):
        raise _refused(kind, repr(value)[:80]) from None


def value_of(kind: DataType, given: Metric) -> Any:
    """Return the value of a metric; None where it is null.

    Args:
        kind: Its data type; that of the metric's birth where it names none.
        given: The metric. Publishers differ in whether a UInt32 is the short or the long integer: either is read.

    Raises:
        Problem: It has no value of this type (runtime.sparkplug_value).
    """
    if given.is_null:
        return None
    if kind in _INTEGERS:
        bits, signed = _INTEGERS[kind]
        number = given.long_value if given.int_value is None else given.int_value
        if number is None:
            raise _refused(kind, "the value")
        number %= 1 << bits
        return number - (1 << bits) if signed and number >> bits - 1 else number
    name = _FIELDS[kind][0] if kind in _FIELDS else "bytes_value"
    found = getattr(given, name, None)
    if found is None:
        raise _refused(kind, "the value")
    if kind in _FIELDS:
        return found
    try:
        return _unpacked(kind, found)
    except (ValueError, struct.error):
        raise _refused(kind, "the value") from None


def data_type(number: int | None) -> DataType:
    """Return the data type of a number; UNKNOWN where there is none."""
    try:
        return DataType(number or 0)
    except ValueError:
        return DataType.UNKNOWN


def _single(value: float) -> float:
    """Return a number as 32 bits have it.

    Raises:
        OverflowError: It is too large.
    """
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def _packed(kind: DataType, items: list[Any]) -> bytes:
    if kind in _ITEMS:
        return struct.pack(f"<{len(items)}{_ITEMS[kind]}", *items)
    if kind is _T.BOOLEAN_ARRAY:
        bits = "".join("1" if each else "0" for each in items)
        whole = bits.ljust(-(-len(bits) // 8) * 8, "0")
        return struct.pack("<I", len(items)) + bytes(int(whole[at : at + 8], 2) for at in range(0, len(whole), 8))
    if kind is _T.STRING_ARRAY and not any("\0" in each for each in items):
        return b"".join(each.encode("utf-8", "replace") + b"\0" for each in items)
    raise ValueError(kind)


def _unpacked(kind: DataType, data: bytes) -> list[Any]:
    if kind in _ITEMS:
        return [each[0] for each in struct.iter_unpack(f"<{_ITEMS[kind]}", data)]
    if kind is _T.BOOLEAN_ARRAY:
        count = struct.unpack_from("<I", data)[0]
        if len(data) != 4 + -(-count // 8):
            raise ValueError(kind)
        return [bool(data[4 + at // 8] >> 7 - at % 8 & 1) for at in range(count)]
    if kind is _T.STRING_ARRAY and (not data or data.endswith(b"\0")):
        return [each.decode() for each in data.split(b"\0")[:-1]]
    raise ValueError(kind)


def _refused(kind: DataType, what: str) -> Problem:
    msg = f"{what} is not a value of {kind.name} as Sparkplug B has it: send one, with the data type of the metric's birth."
    return Problem("runtime.sparkplug_value", msg, kind=Kind.INVALID)
