"""A time zone by the rules of a TimeTransformationRule (SET_TIMEZONE): offset, and two changeovers in a year.

Facts: docs/facts/communication.md#time-zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Changeover:
    """When the time changes: the n-th weekday of a month; week 5 is the last one, weekday 1 is Sunday."""

    month: int
    week: int
    weekday: int
    hour: int
    minute: int = 0

    def in_year(self, year: int) -> datetime:
        """Return the changeover of a year, as a clock shows it before the change."""
        first = datetime(year, self.month, 1, self.hour, self.minute)  # noqa: DTZ001 - a local time
        wanted = (self.weekday + 5) % 7
        found = first + timedelta(days=(wanted - first.weekday()) % 7 + 7 * (self.week - 1))
        return found if found.month == self.month else found - timedelta(days=7)


class RuleZone(tzinfo):
    """A time zone of offset and changeovers."""

    def __init__(self, bias: int, daylight_bias: int, daylight: Changeover, standard: Changeover) -> None:
        """Keep the rules.

        Args:
            bias: minutes of the standard time after UTC.
            daylight_bias: minutes by which the clock is ahead in summer; 0 for no daylight saving time.
            daylight: when the daylight saving time begins, in standard time.
            standard: when it ends, in daylight saving time.
        """
        self._bias, self._daylight_bias = timedelta(minutes=bias), timedelta(minutes=daylight_bias)
        self._daylight, self._standard = daylight, standard

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """Return the offset of a local time."""
        return self._bias + self.dst(dt)

    def dst(self, dt: datetime | None) -> timedelta:
        """Return how much a local time is ahead of the standard time."""
        if dt is None or not self._daylight_bias:
            return timedelta()
        shown = dt.replace(tzinfo=None)
        begin, end = self._daylight.in_year(shown.year), self._standard.in_year(shown.year)
        ended = end - self._daylight_bias if dt.fold else end
        summer = begin <= shown < ended if begin < end else shown >= begin or shown < ended
        return self._daylight_bias if summer else timedelta()

    def tzname(self, dt: datetime | None) -> str:
        """Return no name."""
        del dt
        return ""

    def fromutc(self, dt: datetime) -> datetime:
        """Return the local time of a UTC time."""
        plain = dt.replace(tzinfo=None) + self._bias
        if not self._daylight_bias:
            return plain.replace(tzinfo=self)
        begin = self._daylight.in_year(plain.year)
        end = self._standard.in_year(plain.year) - self._daylight_bias
        summer = begin <= plain < end if begin < end else plain >= begin or plain < end
        shown = plain + self._daylight_bias if summer else plain
        again = not summer and end <= plain < end + self._daylight_bias
        return shown.replace(tzinfo=self, fold=int(again))
