"""When a time-of-day interrupt is due: the start, and then every minute, hour, day, week, month or year.

Facts: instructions SET_TINT and SET_TINTL (codes of the period); a month without the day of the start has no interrupt;
a periodic start in the past continues with its next moment (help of TIA Portal, "Time-of-day interrupts").
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from enum import IntEnum

from virtual_plc.cpu.clock import DAY, HOUR, MINUTE, SECOND

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - moments of a clock, in any time zone
_SEARCHED_MONTHS = 12 * 8
"""A 29 February comes again within eight years."""


class Period(IntEnum):
    """How often, with the code that the instructions take."""

    ONCE = 0x0000
    MINUTE = 0x0201
    HOUR = 0x0401
    DAY = 0x1001
    WEEK = 0x1201
    MONTH = 0x1401
    YEAR = 0x1801
    END_OF_MONTH = 0x2001


_FIXED = {Period.MINUTE: MINUTE, Period.HOUR: HOUR, Period.DAY: DAY, Period.WEEK: 7 * DAY}


def following(start: int, period: Period, after: int) -> int | None:
    """Return the first moment of a series that is later than another one, None where there is none.

    Args:
        start: first moment, nanoseconds since 1970.
        period: how often.
        after: nanoseconds since 1970 by the same clock.
    """
    if start > after and period is not Period.END_OF_MONTH:
        return start
    if period is Period.ONCE:
        return None
    step = _FIXED.get(period)
    if step is not None:
        return start + ((after - start) // step + 1) * step
    return _following_month(start, period, max(after, start - 1))


def _following_month(start: int, period: Period, after: int) -> int | None:
    first = _EPOCH + timedelta(seconds=start // SECOND)
    now = _EPOCH + timedelta(seconds=after // SECOND)
    for ahead in range(_SEARCHED_MONTHS + 1):
        year, month = divmod(now.year * 12 + now.month - 1 + ahead, 12)
        found = _in_month(first, period, year, month + 1)
        if found is None:
            continue
        moment = (found - _EPOCH) // timedelta(seconds=1) * SECOND + start % SECOND
        if moment > after:
            return moment
    return None


def _in_month(first: datetime, period: Period, year: int, month: int) -> datetime | None:
    """Return the moment of a series in a month, None where it has none."""
    last = calendar.monthrange(year, month)[1]
    if period is Period.YEAR and month != first.month:
        return None
    day = last if period is Period.END_OF_MONTH else first.day
    return first.replace(year=year, month=month, day=day) if day <= last else None
