"""Values as lines of the line protocol, which InfluxDB, QuestDB and VictoriaMetrics read.

Facts: docs/facts/line-protocol.md.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

from openness_bridge.program_identity import ProgramState
from runtime_data.values import Value

_REAL = {"real", "lreal"}
_UNSIGNED = {"byte", "word", "dword", "lword", "usint", "uint", "udint", "ulint"}
_LARGEST, _LARGEST_UNSIGNED = 2**63 - 1, 2**64 - 1
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def line(
    series: str, value: Value, tags: Mapping[str, str], time: int, *, unsigned: bool, online: ProgramState = "unknown"
) -> str | None:
    """Return the line of a value; None where line protocol has no form for it: no value, or a number that is too large.

    Args:
        series: The name of the series (measurement, table).
        value: Its value; its quality becomes the tag `quality`, Uncertain where control characters of its text became blanks.
        tags: More tags of the line.
        time: Microseconds since 1970, UTC, where the value has no time.
        unsigned: Whether unsigned numbers have the suffix u, which only InfluxDB reads; else all integers have i.
        online: Whether the CPU executes the project's program; a field, because another label would begin another series.
    """
    shown = _value(value, unsigned)
    if shown is None:
        return None
    inexact = value.is_good and isinstance(value.value, str) and _plain(value.value) != value.value
    labels = {**tags, "quality": "Uncertain" if inexact else value.quality}
    parts = [_series(series), *(f"{_name(key)}={_name(labels[key])}" for key in sorted(labels) if labels[key])]
    return f'{",".join(parts)} value={shown},online="{online}" {(value.source_time or time) * 1000}'


def _value(value: Value, unsigned: bool) -> str | None:
    given, kind = value.value, value.data_type.casefold()
    if given is None:
        return None
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, float) or (isinstance(given, int) and kind in _REAL):
        return repr(float(given)) if math.isfinite(given) else None
    if isinstance(given, int):
        if unsigned and kind in _UNSIGNED:
            return f"{given}u" if 0 <= given <= _LARGEST_UNSIGNED else None
        return f"{given}i" if -_LARGEST - 1 <= given <= _LARGEST else None
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return '"' + _plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _series(text: str) -> str:
    """Return the name of a series. A line that begins with # is a comment."""
    return _escaped(f"_{text[1:]}" if text.startswith("#") else text, ", ")


def _name(text: str) -> str:
    return _escaped(text, ",= ")


def _escaped(text: str, special: str) -> str:
    """Return a name with a backslash before special characters.

    A backslash itself has no form there: before a special character it would escape it. So it becomes a slash.
    """
    return "".join(f"\\{each}" if each in special else each for each in _plain(text).replace("\\", "/"))


def _plain(text: str) -> str:
    """Return a text without line ends and control characters, which end a line or have no form; blanks are in their place."""
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode()
