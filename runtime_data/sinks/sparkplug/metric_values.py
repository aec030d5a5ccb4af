"""Values of tags as metrics of Sparkplug B, and back.

Facts: docs/facts/sparkplug.md#values-of-tags.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from openness_bridge.errors import Kind, Problem
from runtime_data.data_types import NAMED
from runtime_data.sinks.sparkplug import payload as sparkplug
from runtime_data.sinks.sparkplug.payload import DataType as T
from runtime_data.values import Scalar, Value, microseconds, moment

_KINDS = {
    "bool": T.BOOLEAN,
    "sint": T.INT8,
    "int": T.INT16,
    "dint": T.INT32,
    "lint": T.INT64,
    "usint": T.UINT8,
    "uint": T.UINT16,
    "udint": T.UINT32,
    "ulint": T.UINT64,
    "byte": T.UINT8,
    "word": T.UINT16,
    "dword": T.UINT32,
    "lword": T.UINT64,
    "real": T.FLOAT,
    "lreal": T.DOUBLE,
    "char": T.STRING,
    "wchar": T.STRING,
    "string": T.STRING,
    "wstring": T.STRING,
    "time": T.INT32,
    "ltime": T.INT64,
    "s5time": T.UINT32,
    "timer": T.UINT32,
    "counter": T.UINT16,
    "date": T.DATE_TIME,
    "date_and_time": T.DATE_TIME,
    "dt": T.DATE_TIME,
    "ldt": T.DATE_TIME,
    "dtl": T.DATE_TIME,
    "tod": T.STRING,
    "time_of_day": T.STRING,
    "ltod": T.STRING,
    "ltime_of_day": T.STRING,
}
"""Data types of TIA Portal, in small letters without a length."""
_ARRAY = re.compile(r"array\s*\[[^\],]*\]\s*of\s+(.*)", re.IGNORECASE)
_ARRAYS = {kind: T(kind + 21) for kind in range(T.INT8, T.STRING + 1)} | {T.DATE_TIME: T.DATE_TIME_ARRAY}
_OF_PYTHON: tuple[tuple[type, T], ...] = (
    (bool, T.BOOLEAN),
    (int, T.INT64),
    (float, T.DOUBLE),
)
"""Of values whose data type says nothing; other ones are texts, lists and objects as JSON."""


def kind_of(value: Value) -> T:
    """Return the data type of a tag's metric."""
    name = value.data_type
    if array := _ARRAY.fullmatch(name):
        return _ARRAYS.get(_scalar(array[1]), T.STRING)
    found = _scalar(name)
    if found is not T.UNKNOWN and not isinstance(value.value, list | dict):
        return found
    return next((kind for form, kind in _OF_PYTHON if isinstance(value.value, form)), T.STRING)


def quality_of(value: Value) -> int:
    """Return the quality as Sparkplug has it: good, stale for an uncertain or inexact one, bad."""
    found = {"Good": sparkplug.GOOD, "Uncertain": sparkplug.STALE}.get(value.quality, sparkplug.BAD)
    return sparkplug.STALE if found == sparkplug.GOOD and _loses_digits(value) else found


def _loses_digits(value: Value) -> bool:
    """Return whether a moment is finer than the milliseconds of a DateTime."""
    given = value.value
    if not isinstance(given, str) or kind_of(value) is not T.DATE_TIME:
        return False
    return bool(given.partition(".")[2][3:].strip("0"))


def fields_for(kind: T, value: Value) -> dict[str, Any]:
    """Return the fields of a metric that has this value, by the type of its birth; a null where it has no form there."""
    try:
        return sparkplug.fields_of(kind, _converted(kind, value))
    except (Problem, ValueError):
        return sparkplug.fields_of(kind, None)


def written_value(kind: T, value: Any, data_type: str) -> Scalar:
    """Return the value of a command as the runtime writes it.

    Args:
        kind: The type of the metric.
        value: Its value.
        data_type: The type of the tag; a Date takes the day of a moment.

    Raises:
        Problem: It is a null, an array or bytes, which no tag takes.
    """
    if kind is T.DATE_TIME and isinstance(value, int) and value <= 253_402_300_799_999:
        written = moment(value * 1000).replace(tzinfo=None)
        if data_type == "Date" and written.time() == dt.time():
            return written.date().isoformat()
        return written.isoformat(timespec="milliseconds")
    if isinstance(value, bool | int | float | str):
        return value
    msg = f"A command with {kind.name} cannot be written: send one number, truth value or text."
    raise Problem("sink.sparkplug_value", msg, kind=Kind.INVALID)


def _scalar(name: str) -> T:
    return _KINDS.get(name.partition("[")[0].strip().strip('"').casefold(), T.UNKNOWN)


def _converted(kind: T, value: Value) -> Any:
    given = value.value
    if given is None:
        return (
            float(value.text.replace("Infinity", "inf"))
            if value.text in NAMED and kind in (T.FLOAT, T.DOUBLE)
            else None
        )
    if kind is T.DATE_TIME and isinstance(given, str):
        return _milliseconds(given)
    if kind is T.DATE_TIME_ARRAY and isinstance(given, list):
        return [_milliseconds(each) for each in given]
    if kind is T.STRING and not isinstance(given, str):
        return json.dumps(given, ensure_ascii=False)
    return given


def _milliseconds(text: str) -> int:
    return microseconds(dt.datetime.fromisoformat(text)) // 1000
