"""Durations, dates and times as text and as counts: `T#1h30m`, `D#2024-02-29`, `TOD#12:00:00.5`, `S5T#2s`.

A count is in the unit of its type, from zero o'clock for times of day, from 1 January 1990 for Date and from 1 January
1970 for LDT. S5TIME is its word of time base and three decimal digits. Facts: help of TIA Portal, "Data types".
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import pairwise

from simatic_xml.program.types.types import Elementary

_NANOSECONDS = {
    "d": 86_400_000_000_000,
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
_PART = re.compile(r"(?P<number>\d[\d_]*(?:\.\d[\d_]*)?)_*(?P<unit>ms|us|ns|[dhms])_*", re.I)
_DATE = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2})(?:\.(?P<fraction>[\d_]{1,11}))?"
_DATE_ONLY = re.compile(_DATE)
_CLOCK_ONLY = re.compile(_CLOCK)
_BOTH = re.compile(_DATE + "-" + _CLOCK)
_SHORT_YEAR = re.compile(r"\d\d-")
_EPOCH_DATE = date(1990, 1, 1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - an LDT has no zone
_YEARS = {"DATE_AND_TIME": (1990, 2089), "DTL": (1970, 2262)}


def duration(text: str, data_type: Elementary) -> int | None:
    """Return the count of a duration without its prefix (`1d_2h`, `-5ms`), None if the text is not a duration."""
    negative = text.startswith("-")
    unsigned = text[1:] if text.startswith(("-", "+")) else text
    parts = list(_PART.finditer(unsigned))
    written = "".join(part[0] for part in parts)
    if not parts or written != unsigned or not _descend([part["unit"].lower() for part in parts]):
        return None
    total = sum(_nanoseconds(part["number"], part["unit"].lower()) for part in parts)
    if data_type.name == "S5Time":
        return None if negative else s5time(total // 1_000_000)
    return (-total if negative else total) // data_type.unit if total % data_type.unit == 0 else None


def _descend(units: list[str]) -> bool:
    order = list(_NANOSECONDS)
    places = [order.index(unit) for unit in units]
    return all(a < b for a, b in pairwise(places))


def _nanoseconds(number: str, unit: str) -> int:
    whole, _, fraction = number.replace("_", "").partition(".")
    scale: int = _NANOSECONDS[unit]
    return int(whole) * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)


def duration_text(count: int, data_type: Elementary) -> str:
    """Return a count as a duration with its prefix."""
    if data_type.name == "S5Time":
        return f"S5T#{_parts(s5time_milliseconds(count) * 1_000_000) or '0ms'}"
    prefix, none = ("LT#", "0ns") if data_type.bits == 64 else ("T#", "0ms")
    parts = _parts(abs(count) * data_type.unit)
    return f"{prefix}{'-' if count < 0 else ''}{parts or none}"


def _parts(nanoseconds: int) -> str:
    found = []
    for unit, scale in _NANOSECONDS.items():
        number, nanoseconds = divmod(nanoseconds, scale)
        found += [f"{number}{unit}"] if number else []
    return "_".join(found)


def s5time(milliseconds: int) -> int | None:
    """Return the word of an S5TIME, with the finest time base that holds it; None when it is too long.

    The remainder below the time base is dropped.
    """
    for base in range(4):
        count = milliseconds // 10 ** (base + 1)
        if count <= 999:
            return base << 12 | int(str(count), 16)
    return None


def s5time_milliseconds(word: int) -> int:
    """Return the duration of the word of an S5TIME."""
    return int(f"{word & 0xFFF:x}") * int(10 ** ((word >> 12 & 3) + 1))


def day(text: str) -> int | None:
    """Return the days of `2024-02-29` since 1990, None when there is no such day."""
    found = _DATE_ONLY.fullmatch(text)
    parsed = _date(found) if found else None
    return None if parsed is None else (parsed - _EPOCH_DATE).days


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def day_text(count: int) -> str:
    """Return days since 1990 as `D#2024-02-29`."""
    return f"D#{_EPOCH_DATE + timedelta(days=count)}"


def clock(text: str, data_type: Elementary) -> int | None:
    """Return the count of `12:30:00.5` since zero o'clock, None when there is no such time."""
    found = _CLOCK_ONLY.fullmatch(text)
    nanoseconds = _clock(found) if found else None
    return None if nanoseconds is None or nanoseconds % data_type.unit else nanoseconds // data_type.unit


def _clock(found: re.Match[str]) -> int | None:
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    digits = (found["fraction"] or "").replace("_", "")
    if hour > 23 or minute > 59 or second > 59 or len(digits) > 9:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + int(digits.ljust(9, "0"))


def clock_text(count: int, data_type: Elementary) -> str:
    """Return a count since zero o'clock as `TOD#12:30:00.500`."""
    prefix = "LTOD#" if data_type.bits == 64 else "TOD#"
    return prefix + _clock_digits(count * data_type.unit)


def _clock_digits(nanoseconds: int) -> str:
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    rest = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{rest}"


def moment(text: str) -> int | None:
    """Return the nanoseconds of `2024-02-29-12:30:00.5` since 1970, None when there is no such moment."""
    found = _BOTH.fullmatch(text)
    parsed = _date(found) if found else None
    nanoseconds = _clock(found) if found else None
    if parsed is None or nanoseconds is None:
        return None
    return (parsed - _EPOCH.date()).days * _NANOSECONDS["d"] + nanoseconds


def moment_text(count: int) -> str:
    """Return nanoseconds since 1970 as `LDT#2024-02-29-12:30:00.5`."""
    days, rest = divmod(count, _NANOSECONDS["d"])
    return f"LDT#{_EPOCH.date() + timedelta(days=days)}-{_clock_digits(rest)}"


def calendar_time(text: str, type_name: str) -> str | None:
    """Return a time of DATE_AND_TIME or DTL as `2012-07-12-12:30:00.5`, None when the text is none of the type.

    DATE_AND_TIME takes years of two digits, as its memory has them: 90 to 99 are 1990 to 1999, 00 to 89 are 2000 to 2089
    (docs/facts/execution.md#dates).
    """
    name = type_name.upper()
    if name == "DATE_AND_TIME" and _SHORT_YEAR.match(text):
        text = ("19" if text >= "90" else "20") + text
    count = moment(text)
    if count is None:
        return None
    written = moment_text(count).removeprefix("LDT#")
    first, last = _YEARS[name]
    return written if first <= int(written[:4]) <= last else None
