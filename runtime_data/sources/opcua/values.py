"""Values of a foreign OPC UA server as the runtime has them, and back; the status of a value is the server's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from asyncua import ua

from openness_bridge.errors import Detail, Place, Problem
from runtime_data import data_types
from runtime_data.opcua.types import S7_TYPES
from runtime_data.quality import NOT_A_NUMBER, quality_of
from runtime_data.sources.opcua.catalogue import Leaf
from runtime_data.values import EPOCH, Scalar, Value, microseconds, moment, now

REFUSED = "runtime.opcua_status"


def from_server(tag: str, leaf: Leaf, found: Any) -> Value:
    """Return the value of a variable.

    Args:
        tag: Its full name.
        leaf: The variable.
        found: What the server says.
    """
    at = now()
    status = found.StatusCode.value if found.StatusCode is not None else 0
    source = found.SourceTimestamp or found.ServerTimestamp
    taken = microseconds(source) if source is not None else at
    variant = found.Value
    if quality_of(status) == "Bad":
        return Value(tag, None, leaf.data_type, status, taken, at, error=refusal(tag, found.StatusCode))
    if variant is None or variant.Value is None:
        return Value(tag, None, leaf.data_type, max(status, NOT_A_NUMBER.code), taken, at)
    data_type = S7_TYPES.get(variant.VariantType.name, "")
    if not data_type:
        msg = f"The variable is of the type {variant.VariantType.name}, which no tag has."
        return Value(
            tag,
            None,
            "",
            ua.StatusCodes.BadTypeMismatch,
            taken,
            at,
            error=Detail("runtime.data_type", msg, Place(object=tag)),
        )
    if isinstance(variant.Value, list):
        parts = [_publish(data_type, each)[0] for each in _flat(variant.Value)]
        return Value(tag, parts, f"Array of {data_type}", status, taken, at)
    value, text = _publish(data_type, variant.Value)
    return Value(
        tag, value, data_type, max(status, NOT_A_NUMBER.code) if value is None else status, taken, at, "", text
    )


def to_server(leaf: Leaf, given: Scalar) -> ua.DataValue:
    """Return a value that is written as the server takes it.

    Raises:
        Problem: It is none of the variable's type, or out of its range.
    """
    raw = data_types.accept(leaf.data_type, given)
    value: Any = moment(int(raw) // 1000) if leaf.type is ua.VariantType.DateTime else raw
    return ua.DataValue(ua.Variant(value, leaf.type), StatusCode=None)


def refusal(tag: str, status: Any) -> Detail:
    """Return the error of a status code."""
    return Detail(REFUSED, f"The OPC UA server answers {status.name}: {status.doc}", Place(object=tag))


def _publish(data_type: str, value: Any) -> tuple[Any, str]:
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        value = (aware - EPOCH) // dt.timedelta(microseconds=1) * 1000
    try:
        return data_types.publish(data_type, value)
    except (OverflowError, ValueError, Problem):  # a moment before 1970 or after 2262, as LDT has none
        return None, str(value)


def _flat(value: Any) -> list[Any]:
    return [inner for each in value for inner in _flat(each)] if isinstance(value, list) else [value]
