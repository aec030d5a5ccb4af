"""A value of a tag as clients get it. The form: docs/runtime/values.md."""

from __future__ import annotations

from typing import Literal

import msgspec

from openness_bridge.errors import Detail
from openness_bridge.plcsim.values import elementary
from openness_bridge.program_identity import ProgramState
from runtime_data.quality import Quality
from runtime_data.values import RuntimeScalar, Value, moment

Int64 = Literal["number", "string"]
"""How integers of 64 bits are written: many readers of JSON keep only 53 bits of a number."""


class RuntimeValue(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """The value of a tag at a moment.

    Attributes:
        tag: source:path.
        value: A truth value, a number or a text; null where there is none, and for NaN and infinities, which `text` names.
        data_type: Such as Real; empty where it is not known.
        status_code: The status code of OPC UA.
        source_time: When the source took the value, in UTC; null where it never did. An unchanged value keeps it.
        server_time: When the service got it, in UTC.
        online: Whether the CPU of the source executes the program of the open project; unknown for sources without one.
        text: The value as TIA Portal writes it, where JSON does not say all of it: T#2s, NaN.
        unit: The tag's unit.
        error: Why there is no value.
    """

    tag: str
    value: RuntimeScalar
    data_type: str
    quality: Quality
    status_code: int
    source_time: str | None
    server_time: str | None
    online: ProgramState
    text: str = ""
    unit: str = ""
    error: Detail | None = None


def show(value: Value, int64: Int64 = "number", online: ProgramState = "unknown") -> RuntimeValue:
    """Return a value as clients get it.

    Args:
        value: The value.
        online: Whether its CPU executes the program of the open project.
        int64: "string" writes the integers of types with 64 bits as texts.
    """
    shown = value.value
    if int64 == "string" and _is_long(value):
        shown = str(shown)
    return RuntimeValue(
        value.tag,
        shown,
        value.data_type,
        value.quality,
        value.status,
        rfc3339(value.source_time),
        rfc3339(value.server_time),
        online,
        value.text,
        value.unit,
        value.error,
    )


def rfc3339(microseconds: int) -> str | None:
    """Return a moment in UTC with microseconds, such as 2026-11-22T17:30:00.123456Z; None for 0, which is no moment."""
    if not microseconds:
        return None
    return moment(microseconds).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _is_long(value: Value) -> bool:
    kind = elementary(value.data_type)
    return kind is not None and kind.bits == 64 and isinstance(value.value, int)
