"""Values of S7 data types as the runtime publishes them, and as clients may write them.

A duration is a number of milliseconds (LTime: nanoseconds) with its text, a date or time of day an ISO text. 64-bit
integers stay exact. NaN and infinities have no number in JSON: they are None with their name as text. Bytes that are no value of
their type, such as a Time_Of_Day of 24 hours or half of a surrogate pair, are None with their hexadecimal digits.
The table: docs/runtime/values.md.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from openness_bridge.errors import Kind as ProblemKind
from openness_bridge.errors import Problem
from openness_bridge.plcsim.values import as_text, convert, elementary
from runtime_data.values import Scalar
from simatic_xml.program.types.ranges import fits, real32, shortest
from simatic_xml.program.types.types import Elementary, Kind

FIRST_DATE = dt.date(1990, 1, 1)
_DAY = 86_400 * 10**9
_ISO_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z?", re.ASCII)
_ISO_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)", re.ASCII)
_DT = "Date_And_Time"
"""A text in all parts of the service, because its eight bytes are decimal digits: the day, a hyphen, the time."""
_S5_BASES = (10, 100, 1000, 10_000)
"""Milliseconds of one count of an S5Time, by its time base."""
_TEXT_TYPE = re.compile(r"(W?String)(?:\[(\d{1,5})\])?", re.IGNORECASE)
_USUAL_LENGTH = 254
_LONGEST = {"string": 254, "wstring": 16_382}
_WITH_LIMITS = (Kind.BITS, Kind.INTEGER, Kind.REAL, Kind.DURATION)
_CHECKED = (Kind.TIME_OF_DAY, Kind.DATE_AND_TIME, Kind.CHARACTER)
"""Types with counts or codes that are no value of them."""
NAMED = {"NaN", "Infinity", "-Infinity"}
"""The texts of values that JSON has no number for."""


def publish(data_type: str, raw: Scalar) -> tuple[Any, str]:
    """Return a value as it is published, and its text where the value alone does not say all.

    Args:
        data_type: Its type, such as Time.
        raw: As a controller has it: durations, dates and times as counts of their unit.
    """
    kind = elementary(data_type)
    if kind is None:
        return raw, ""
    if kind.kind is Kind.REAL:
        return _number(float(raw), kind.bits)
    if kind.name == "S5Time" or kind.kind is Kind.TIMER:
        text = as_text(data_type, raw)
        return (_s5_milliseconds(int(raw)) if f"{int(raw) & 0xFFF:x}".isdecimal() else None), text
    if kind.kind is Kind.DURATION:
        return raw, as_text(data_type, raw)
    if kind.name == _DT and not isinstance(raw, str):
        return None, as_text(data_type, raw)
    if kind.name == _DT:
        return str(raw).replace("-", "T", 3).replace("T", "-", 2), as_text(data_type, raw)
    if kind.kind in _CHECKED and not fits(raw, kind):
        return None, f"16#{ord(raw) if isinstance(raw, str) else int(raw):0{kind.bits // 4}X}"
    if kind.kind in (Kind.DATE, Kind.TIME_OF_DAY, Kind.DATE_AND_TIME):
        return _iso(kind, int(raw) * kind.unit), as_text(data_type, raw)
    return raw, ""


def accept(data_type: str, given: Scalar) -> Scalar:
    """Return a value that a client writes as a controller takes it.

    Args:
        data_type: The tag's type; of an unknown one any value is taken.
        given: As `publish` returns it, or as TIA Portal writes it, such as T#2s and 16#FF.

    Raises:
        Problem: The type does not have this value.
    """
    kind = elementary(data_type)
    if kind is None:
        return _text(data_type, given)
    if kind.kind is Kind.TIMER:
        return accept("S5Time", given)
    if kind.name == _DT and isinstance(given, str) and (moment := _ISO_MOMENT.fullmatch(given)):
        return convert(data_type, f"DT#{moment[1]}-{moment[2]}")
    if isinstance(given, str) and kind.unit and (found := _of_iso(kind, given.strip())) is not None:
        return convert(data_type, found)
    if kind.name == "S5Time" and isinstance(given, int) and not isinstance(given, bool):
        return _s5_count(given)
    if kind.kind is Kind.REAL and isinstance(given, str) and given in NAMED:
        return float(given)
    return convert(data_type, given)


def require_within(data_type: str, given: Scalar, minimum: float | None, maximum: float | None, tag: str) -> None:
    """Refuse a value that a client writes where it is not of the type, or outside limits. NaN is outside any limit.

    Args:
        data_type: The tag's type.
        given: The value.
        minimum: The smallest value as it is published, such as milliseconds of Time; None without a limit.
        maximum: The largest one.
        tag: What the message calls the tag.

    Raises:
        Problem: It is.
    """
    published, text = publish(data_type, accept(data_type, given))
    number = float(text) if text in NAMED else published
    if isinstance(number, bool) or not isinstance(number, int | float):
        return
    if minimum is not None and not number >= minimum:
        raise Problem("runtime.range", f"{given} is below {minimum:g}, the smallest value of {tag}.")
    if maximum is not None and not number <= maximum:
        raise Problem("runtime.range", f"{given} is above {maximum:g}, the largest value of {tag}.")


def require_limits(data_type: str, minimum: float | None, maximum: float | None) -> None:
    """Refuse limits that a type cannot have.

    Raises:
        Problem: It has none, or the smallest value is above the largest.
    """
    if minimum is None and maximum is None:
        return
    kind = elementary(data_type)
    if kind is None or kind.kind not in _WITH_LIMITS:
        raise Problem(
            "runtime.limits", f"{data_type} has no limits: leave minimum and maximum out.", kind=ProblemKind.INVALID
        )
    if minimum is not None and maximum is not None and minimum > maximum:
        raise Problem("runtime.limits", "The minimum is above the maximum.", kind=ProblemKind.INVALID)


def spelled(data_type: str) -> str:
    """Return a type of a single value as TIA Portal spells it.

    Raises:
        Problem: It is none that a tag of the service can have.
    """
    kind = elementary(data_type.strip())
    if kind is not None and kind.kind not in (Kind.TIMER, Kind.COUNTER):
        return kind.name
    found = _TEXT_TYPE.fullmatch(data_type.strip())
    length = int(found[2] or _USUAL_LENGTH) if found else 0
    if found is None or not 1 <= length <= _LONGEST[found[1].casefold()]:
        msg = f"'{data_type}' is not a type of a single value: use one such as Bool, Int, Real, Time, String[20] or WString[20]."
        raise Problem("runtime.data_type", msg, kind=ProblemKind.INVALID)
    name = "WString" if found[1].casefold() == "wstring" else "String"
    return f"{name}[{length}]" if found[2] else name


def name_of(data_type: str) -> str:
    """Return an elementary type as TIA Portal spells it, of an API's spelling such as TimeOfDay; other types as they are."""
    kind = elementary(data_type)
    return data_type if kind is None else kind.name


def equal(data_type: str, written: Scalar, value: Any, text: str) -> bool:
    """Return whether a published value is what was written, by the precision of its type."""
    try:
        return publish(data_type, accept(data_type, written)) == (value, text)
    except Problem:
        return False


def _text(data_type: str, given: Scalar) -> Scalar:
    """Return a text of String or WString; with a length behind it, such as String[20], no longer one."""
    found = _TEXT_TYPE.fullmatch(data_type)
    if found is None:
        return given
    longest = int(found[2] or _USUAL_LENGTH)
    if not isinstance(given, str) or len(given) > longest:
        raise Problem(
            "runtime.value", f"{given!r} is not a text of at most {longest} characters, as {data_type} takes."
        )
    return given


def _number(value: float, bits: int) -> tuple[Any, str]:
    if math.isfinite(value):
        return (float(shortest(real32(value))) if bits == 32 else value), ""
    return None, "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _s5_milliseconds(count: int) -> int:
    digits = ((count >> place & 0xF) for place in (8, 4, 0))
    return sum(digit * weight for digit, weight in zip(digits, (100, 10, 1), strict=True)) * _S5_BASES[count >> 12 & 3]


def _s5_count(milliseconds: int) -> int:
    for base, unit in enumerate(_S5_BASES):
        if 0 <= milliseconds <= 999 * unit and milliseconds % unit == 0:
            return base << 12 | int(str(milliseconds // unit), 16)
    msg = f"{milliseconds} ms is not a value of S5Time: it has three digits and a base of 10 ms to 10 s, up to 9,990 s."
    raise Problem("runtime.value", msg)


def _iso(kind: Elementary, nanoseconds: int) -> str:
    """Return the ISO text of so many nanoseconds since the beginning of the type."""
    days, rest = divmod(nanoseconds, _DAY)
    if kind.kind is Kind.DATE:
        return (FIRST_DATE + dt.timedelta(days)).isoformat()
    seconds, fraction = divmod(rest, 10**9)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    clock += f".{fraction:09}".rstrip("0") if fraction else ""
    if kind.kind is Kind.TIME_OF_DAY:
        return clock
    return f"{(dt.date(1970, 1, 1) + dt.timedelta(days)).isoformat()}T{clock}"


def _of_iso(kind: Elementary, text: str) -> int | None:
    """Return the count of a date or time that is written as `_iso` writes it; None where it is not."""
    try:
        day, _, clock = text.rpartition("T") if kind.kind is Kind.DATE_AND_TIME else ("", "", text)
        if kind.kind is Kind.DATE:
            return (dt.date.fromisoformat(text) - FIRST_DATE).days
        days = (dt.date.fromisoformat(day) - dt.date(1970, 1, 1)).days if day else 0
    except ValueError:
        return None
    found = _ISO_TIME.fullmatch(clock)
    if found is None or kind.kind not in (Kind.TIME_OF_DAY, Kind.DATE_AND_TIME):
        return None
    hours, minutes, seconds = (int(part) for part in found.groups()[:3])
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    nanoseconds = int((found[4] or "").ljust(9, "0"))
    count, finer = divmod((days * 86_400 + hours * 3600 + minutes * 60 + seconds) * 10**9 + nanoseconds, kind.unit)
    return None if finer else count
