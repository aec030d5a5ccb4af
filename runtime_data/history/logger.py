"""Decides which values of tags become samples: each change, or the present value once a period."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from engineering_api import background
from runtime_data.history.model import DAY, SECOND, Row, Sample, Series, gap, sample_of
from runtime_data.subscriptions import Latest, Subscriptions
from runtime_data.values import Value, now

Add = Callable[[Sequence[Row]], None]


@dataclass
class Course:
    """The newest sample of a series.

    Attributes:
        begun: When logging began: a value that is older is known from then on.
        seen: The newest value that was looked at.
        last: The newest sample.
    """

    series: Series
    begun: int
    seen: Value | None = None
    last: Sample | None = None

    def change(self, value: Value) -> Sample | None:
        """Return the sample of a value that has changed; None where the change is within the deadband."""
        self.seen = value
        time = value.source_time
        earliest = self.last.time + 1 if self.last else self.begun
        if not earliest <= time <= value.server_time or time < value.server_time - DAY:
            time = max(value.server_time, earliest)
        sample = sample_of(value, time)
        if self.last is not None and not _differs(sample, self.last, self.series.deadband):
            return None
        self.last = sample
        return sample

    def again(self, time: int) -> Sample | None:
        """Return the newest sample once more, at a later moment; None where there is none."""
        if self.last is None or self.last.time >= time:
            return None
        self.last = Sample(time, self.last.value, self.last.status)
        return self.last


def _differs(sample: Sample, last: Sample, deadband: float) -> bool:
    if sample.status != last.status or type(sample.value) is not type(last.value):
        return True
    if not deadband or isinstance(sample.value, bool) or sample.number is None or last.number is None:
        return bool(sample.value != last.value)
    return abs(sample.number - last.number) > deadband


class Logger:
    """Logs series while it is started. On the event loop only."""

    def __init__(self, subscriptions: Subscriptions, latest: Latest, add: Add) -> None:
        """Take values from here and give samples there."""
        self._subscriptions, self._latest, self._add = subscriptions, latest, add
        self._courses: dict[str, Course] = {}
        self._listening = ExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._day = now() // DAY

    def log(self, series: Sequence[Series]) -> None:
        """Log these series from now on, and no others."""
        kept = {each.tag: self._courses.get(each.tag) for each in series}
        self.end(set(kept))
        for each in series:
            course = self._courses.setdefault(each.tag, Course(each, now()))
            course.series = each
        for (mode, period), tags in _by_period(series).items():
            changed = self.take if mode == "change" else _ignore
            self._listening.enter_context(self._subscriptions.listen(tags, changed, period))
            if mode == "cycle":
                self._tasks.append(background.begin(self._sample_repeatedly(tags, period)))
        if series:
            self._tasks.append(background.begin(self._look_repeatedly()))

    def end(self, further: set[str] | None = None) -> None:
        """End logging; of series that are not logged further, note that nothing is known from here on."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._listening.close()
        further = further or set()
        gone = [course for tag, course in self._courses.items() if tag not in further and course.last]
        self._add([(each.series.number, gap(max(now(), each.last.time + 1))) for each in gone if each.last])
        self._courses = {tag: course for tag, course in self._courses.items() if tag in further}

    def take(self, values: Sequence[Value]) -> None:
        """Log what is new of these values."""
        rows: list[Row] = []
        for value in values:
            course = self._courses.get(value.tag)
            if course is not None and course.seen is not value and (sample := course.change(value)) is not None:
                rows.append((course.series.number, sample))
        self._add(rows)

    async def _look_repeatedly(self) -> None:
        """Note changes that a reading by others has found, and begin each day with the values of the day before."""
        while True:
            await asyncio.sleep(1.0)
            changing = [each for each in self._courses.values() if each.series.mode == "change"]
            found = (self._latest.get(each.series.tag) for each in changing)
            self.take([value for value in found if value is not None])
            if (day := now() // DAY) != self._day:
                self._day = day
                again = ((each.series.number, each.again(day * DAY)) for each in changing)
                self._add([(number, sample) for number, sample in again if sample is not None])

    async def _sample_repeatedly(self, tags: Sequence[str], period: float) -> None:
        step = max(1, int(period * SECOND))
        while True:
            at = (now() // step + 1) * step
            await asyncio.sleep(max(0.0, (at - now()) / SECOND))
            rows: list[Row] = []
            for tag in tags:
                value, course = self._latest.get(tag), self._courses.get(tag)
                if value is not None and course is not None:
                    course.last = sample_of(value, at)
                    rows.append((course.series.number, course.last))
            self._add(rows)


def _by_period(series: Sequence[Series]) -> dict[tuple[str, float], list[str]]:
    found: dict[tuple[str, float], list[str]] = {}
    for each in series:
        found.setdefault((each.mode, each.period), []).append(each.tag)
    return found


def _ignore(_: Sequence[Value]) -> None:
    """Ignore changes: they are kept as the latest values, which are looked at each period."""
