"""Values of S7 data types as OPC UA carries them, and back. The table: docs/runtime/opcua.md#types.

Nothing of asyncua is imported here: a type of OPC UA is its name, as ua.VariantType has it.
"""

from __future__ import annotations

from typing import Any

from openness_bridge.errors import Problem
from openness_bridge.plcsim import calendar
from openness_bridge.plcsim.values import elementary
from runtime_data import data_types
from runtime_data.values import Scalar, Value
from simatic_xml.program.types.types import Elementary, Kind

TEXT = "String"
DATE_AND_TIME = "Date_And_Time"
_INTEGERS = {8: ("Byte", "SByte"), 16: ("UInt16", "Int16"), 32: ("UInt32", "Int32"), 64: ("UInt64", "Int64")}
_CHARACTERS = {8: "Byte", 16: "UInt16"}
_SIGNED_MOMENTS = {"LDT"}
S7_TYPES = {
    "Boolean": "Bool",
    "SByte": "SInt",
    "Byte": "USInt",
    "Int16": "Int",
    "UInt16": "UInt",
    "Int32": "DInt",
    "UInt32": "UDInt",
    "Int64": "LInt",
    "UInt64": "ULInt",
    "Float": "Real",
    "Double": "LReal",
    "String": "WString",
    "DateTime": "LDT",
}
"""The S7 type that a value of a foreign server has here, by its type in OPC UA; others have none."""


def ua_type(data_type: str) -> str:
    """Return the type in OPC UA of a single value; empty where it has none.

    Args:
        data_type: Such as Time or String[20].
    """
    kind = elementary(data_type)
    if kind is None:
        return TEXT if data_type.partition("[")[0].casefold() in ("string", "wstring") else ""
    match kind.kind:
        case Kind.BOOL:
            return "Boolean"
        case Kind.REAL:
            return "Float" if kind.bits == 32 else "Double"
        case Kind.CHARACTER:
            return _CHARACTERS[kind.bits]
    if kind.name == DATE_AND_TIME:
        return "Byte"
    return _INTEGERS[kind.bits][kind.signed or kind.name in _SIGNED_MOMENTS]


def is_bytes(data_type: str) -> bool:
    """Return whether a single value of a type is an array of eight bytes in OPC UA, as Date_And_Time is."""
    kind = elementary(data_type)
    return kind is not None and kind.name == DATE_AND_TIME


def to_ua(value: Value) -> Any:
    """Return a value of the runtime as OPC UA carries it: counts of durations, dates and times; None where there is none.

    Raises:
        Problem: It is not a value of its type.
    """
    kind = elementary(value.data_type)
    if kind is None:
        if value.value is not None and not isinstance(value.value, str):
            raise Problem("runtime.value", f"{value.value!r} is not a text, as {value.data_type} is.")
        return value.value
    if kind.kind is Kind.REAL and value.value is None and value.text in data_types.NAMED:
        return float(value.text)
    if value.value is None:
        return None
    raw = data_types.accept(value.data_type, value.value)
    if kind.kind is Kind.CHARACTER:
        return ord(str(raw))
    return list(calendar.encode(str(raw))) if kind.name == DATE_AND_TIME else raw


def from_ua(data_type: str, given: Any) -> Scalar:
    """Return a value that a client writes by OPC UA as the runtime takes it.

    Args:
        data_type: The tag's type.
        given: The value, of the type that `ua_type` says.

    Raises:
        Problem: It is no value of the type (runtime.value).
    """
    kind = elementary(data_type)
    if kind is None:
        return str(given)
    if kind.kind is Kind.CHARACTER:
        return chr(given)
    if kind.name == DATE_AND_TIME:
        try:
            return calendar.decode(bytes(given))
        except (TypeError, ValueError) as error:
            raise Problem("runtime.value", str(error)) from None
    if kind.name == "S5Time":
        _require_digits(given)
    published, text = data_types.publish(data_type, given)
    return text if published is None else _scalar(published, kind)


def _scalar(value: Any, kind: Elementary) -> Scalar:
    return bool(value) if kind.kind is Kind.BOOL else value


def _require_digits(count: int) -> None:
    if any(count >> place & 0xF > 9 for place in (8, 4, 0)) or count >> 14:
        raise Problem("runtime.value", f"16#{count:04X} is not a value of S5Time: its digits are decimal.")
