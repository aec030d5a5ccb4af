"""Date_And_Time as a CPU keeps it: eight bytes of decimal digits, the last one is the day of the week, Sunday is 1.

Years 90 to 99 are 1990 to 1999, 00 to 89 are 2000 to 2089 (docs/facts/execution.md#dates). The value is a text such as
2026-11-22-17:30:00.5, because the bytes are not a number.
"""

from __future__ import annotations

import datetime as dt
import re

FIRST_YEAR, LAST_YEAR = 1990, 2089
LENGTH = 8
_TEXT = re.compile(r"(?:DT#)?(\d{4})-(\d\d?)-(\d\d?)-(\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,3}))?", re.ASCII)


def normalize(text: str) -> str:
    """Return a moment in its one spelling.

    Raises:
        ValueError: It is not a moment that the type has.
    """
    return decode(encode(text))


def encode(text: str) -> bytes:
    """Return the bytes of a moment.

    Raises:
        ValueError: It is not a moment that the type has.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        msg = f"'{text}' is not a value of Date_And_Time: write it as DT#2026-11-22-17:30:00.5."
        raise ValueError(msg)
    milliseconds = int((found[7] or "0").ljust(3, "0"))
    moment = dt.datetime(*(int(part) for part in found.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001 - a CPU has no zone
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        msg = f"{moment.year} is not a year of Date_And_Time: it has {FIRST_YEAR} to {LAST_YEAR}."
        raise ValueError(msg)
    return bytes.fromhex(f"{moment:%y%m%d%H%M%S}{milliseconds:03}{moment.isoweekday() % 7 + 1}")


def decode(content: bytes) -> str:
    """Return the moment of eight bytes; the day of the week follows from the date.

    Raises:
        ValueError: They are not a moment.
    """
    digits = content.hex()
    if len(content) != LENGTH or not digits[:15].isdecimal():
        msg = "Date_And_Time is eight bytes of two decimal digits each."
        raise ValueError(msg)
    year, month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, 12, 2))
    year += 1900 if year >= FIRST_YEAR % 100 else 2000
    moment = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a CPU has no zone
    fraction = digits[12:15].rstrip("0")
    return f"{moment:%Y-%m-%d-%H:%M:%S}" + (f".{fraction}" if fraction else "")
