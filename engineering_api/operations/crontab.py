"""Crontabs as people write them, for APScheduler, which counts weekdays otherwise."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAY = re.compile(r"(\*|[0-7])(?:-([0-7]))?(?:/([1-7]))?")


def crontab(fields: str, zone: ZoneInfo | None) -> CronTrigger:
    """Return the schedule of the five fields of a crontab.

    Args:
        fields: Minute, hour, day, month and weekday, with blanks between them.
        zone: Their time zone; None for that of the server.

    Raises:
        ValueError: A field cannot be used.
    """
    minute, hour, day, month, weekday = fields.split()
    return CronTrigger(
        minute=minute,
        hour=hour,
        day=day,
        month=month,
        day_of_week=_weekdays(weekday),
        timezone=zone,
    )


def _weekdays(field_: str) -> str:
    """Return weekdays by name: in a crontab 0 and 7 are Sunday, APScheduler counts from Monday."""
    return field_ if field_ == "*" else ",".join(_weekday(part) for part in field_.split(","))


def _weekday(part: str) -> str:
    found = _DAY.fullmatch(part)
    if not found:
        return part
    first, last, step = found.groups()
    begin = 0 if first == "*" else int(first)
    end = 6 if first == "*" else int(last or (6 if step else first))
    if end < begin:
        raise ValueError(f"the weekdays {part} end before they begin")
    return ",".join(dict.fromkeys(_DAYS[day % 7] for day in range(begin, end + 1, int(step or 1))))
