"""When the time fires a trigger: intervals, crontabs and ends of shifts. Pure: the moment is always given."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from engineering_api.operations.crontab import crontab
from openness_bridge.errors import Problem
from runtime_data.sinks.definition import Trigger, duration
from runtime_data.values import microseconds, moment

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
SHORTEST = 100_000
"""Microseconds between two firings of an interval at least."""
MOST_SHIFTS = 24
LONGEST_MISSED = 35 * 86_400 * 10**6
"""Microseconds: ends of shifts that were missed longer ago are not made up for."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A moment at which the time fires a trigger.

    Attributes:
        time: When; microseconds since 1970, UTC.
        shift: The name of the shift that has ended; empty for other triggers.
        begin: When that shift began; 0 for other triggers.
    """

    time: int
    shift: str = ""
    begin: int = 0


class Timing:
    """The moments of one trigger."""

    def __init__(self, trigger: Trigger) -> None:
        """Read them.

        Raises:
            Problem: An interval, a crontab, a time of day or the zone cannot be used.
        """
        self._every = duration(trigger.every) if trigger.every else 0
        if self._every and self._every < SHORTEST:
            raise Problem("sink.every", "An interval is 100ms at least.")
        self._zone = _zone(trigger.zone)
        self._cron = _cron(trigger.schedule, self._zone) if trigger.schedule else None
        self._shifts = sorted((_clock(text), name) for name, text in trigger.shift.items())
        if len({clock for clock, _ in self._shifts}) < len(self._shifts) or len(self._shifts) > MOST_SHIFTS:
            raise Problem("sink.shift", f"A day has {MOST_SHIFTS} shifts at most, and no two begin at the same time.")

    def next(self, after: int) -> Firing | None:
        """Return the first moment after another one; None where there is none any more."""
        if self._every:
            return Firing((after // self._every + 1) * self._every)
        if self._cron is not None:
            begin = moment(after + 1)
            found = self._cron.get_next_fire_time(None, begin.astimezone(self._zone))
            return None if found is None else Firing(microseconds(found))
        today = moment(after).astimezone(self._zone).date()
        begins = [each for day in range(-2, 3) for each in self._begins(today + dt.timedelta(day))]
        ends = (Firing(end, name, begin) for (begin, name), (end, _) in pairwise(begins))
        return next(each for each in ends if each.time > after)

    def missed(self, last: int, now: int) -> list[Firing]:
        """Return what to make up for when the service was away: the end of every shift, and a crontab once.

        Args:
            last: The moment of the last firing.
            now: The present moment.
        """
        if self._every:
            return []
        found: list[Firing] = []
        begin = last if self._cron is not None else max(last, now - LONGEST_MISSED)
        while (each := self.next(begin)) is not None and each.time <= now:
            found.append(each)
            begin = now if self._cron is not None else each.time
        return found

    def _begins(self, day: dt.date) -> list[tuple[int, str]]:
        """Return when the shifts of a day begin, with their names."""
        return [(microseconds(dt.datetime.combine(day, clock, self._zone)), name) for clock, name in self._shifts]


def is_timed(trigger: Trigger) -> bool:
    """Return whether the time fires a trigger."""
    return bool(trigger.every or trigger.schedule or trigger.shift)


def _cron(fields: str, zone: ZoneInfo) -> CronTrigger:
    if len(fields.split()) != 5:
        msg = f"'{fields}' does not have the five fields of a crontab: minute, hour, day, month, weekday."
        raise Problem("sink.schedule", msg)
    try:
        return crontab(fields, zone)
    except ValueError as error:
        raise Problem("sink.schedule", f"'{fields}' cannot be used as a crontab: {error}.") from None


def _clock(text: str) -> dt.time:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise Problem("sink.shift", f"'{text}' is not a time of day: write it as 06:00.")
    return dt.time(int(found[1]), int(found[2]))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Problem("sink.zone", f"'{name}' is not a time zone: write one such as Europe/Berlin.") from None
