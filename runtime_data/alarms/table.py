"""The definitions and the alarms there are. They change one batch after the other: computed, written, then announced.

Values that come while one batch is written wait for the next one, so a burst costs few transactions.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from runtime_data.alarms.alarm import Alarm, AlarmEvent
from runtime_data.alarms.changes import Changes, key_of
from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.journal import Also, Journal
from runtime_data.alarms.monitor import Monitor
from runtime_data.alarms.reports import AlarmReport, AlarmSnapshot, define, define_again
from runtime_data.alarms.state import State, Step
from runtime_data.values import Value

log = logging.getLogger(__name__)
T = TypeVar("T")
KIND = "alarm"
MOST_WAITING = 1000
"""Readings that wait for the database at most; of older ones only the newest value of each tag stays."""
Listener = Callable[[Sequence[AlarmEvent]], None]
"""Takes lines of the journal as they are written, on the event loop. It must not block."""


class AlarmTable:
    """Definitions and alarms by key. On the event loop only.

    Attributes:
        definitions: All definitions.
        alarms: The alarms that are not Normal, or are hidden.
        by_tag: The enabled definitions that need the value of a tag.
        reported: The definitions of alarms that a CPU reports, by casefolded tag.
        news: Set when there is something to do.
        last: The number of the newest line of the journal.
    """

    def __init__(self, kept: RuntimeDefinitions, journal: Journal, clock: Callable[[], int]) -> None:
        """Begin with none; `load` reads what there was.

        Args:
            kept: Where the definitions are kept.
            journal: Where the alarms are kept, and what happened to them.
            clock: Gives the present moment in microseconds since 1970.
        """
        self._kept, self._journal, self._clock = kept, journal, clock
        self.definitions: dict[str, AlarmDefinition] = {}
        self.alarms: dict[str, Alarm] = {}
        self.by_tag: dict[str, list[AlarmDefinition]] = {}
        self.reported: dict[str, list[AlarmDefinition]] = {}
        self.news = asyncio.Event()
        self.last = 0
        self._monitors: dict[str, Monitor] = {}
        self._waiting: set[str] = set()
        self._readings: list[tuple[int, Sequence[Value]]] = []
        self._reports: list[AlarmReport | AlarmSnapshot] = []
        self._changing = asyncio.Lock()
        self._listeners: list[Listener] = []

    async def load(self) -> None:
        """Read the definitions and the alarms there were before."""
        found = await asyncio.to_thread(self._kept.all, KIND, AlarmDefinition)
        self.definitions = {key_of(name): each for name, each in found.items()}
        self.alarms = {key_of(each.name): each for each in await self._journal.alarms()}
        self.last = await self._journal.last()
        self._waiting = set(self.alarms)
        self._index()

    @contextmanager
    def listen(self, notify: Listener) -> Iterator[None]:
        """Give each line of the journal to a function when it is written, while the block runs."""
        self._listeners.append(notify)
        try:
            yield
        finally:
            self._listeners.remove(notify)

    def take(self, values: Sequence[Value]) -> None:
        """Take changed values; they count with the next `advance`."""
        self._readings.append((self._clock(), values))
        if len(self._readings) > MOST_WAITING:
            newest = {value.tag: value for _, part in self._readings for value in part}
            self._readings = [(self._clock(), list(newest.values()))]
        self.news.set()

    def report(self, reports: Sequence[AlarmReport | AlarmSnapshot]) -> None:
        """Take what CPUs report; it counts with the next `advance`."""
        self._reports += reports
        self.news.set()

    def find(self, key: str) -> AlarmDefinition | None:
        """Return the definition of a key; that of a reported alarm, which nobody has defined, is made of it."""
        alarm = self.alarms.get(key)
        return self.definitions.get(key) or (define_again(alarm) if alarm is not None and alarm.is_reported else None)

    async def advance(self) -> None:
        """Do what the values and reports that were taken and the time that has passed make of the alarms."""
        async with self._changing:
            taken, self._readings = self._readings, []
            reports, self._reports = self._reports, []
            changes = self._begin()
            for time, values in taken:
                self._elapse(changes, time)
                for value in values:
                    for definition in self.by_tag.get(value.tag, ()):
                        changes.take(definition, value, time)
            for report in reports:
                if isinstance(report, AlarmReport):
                    self._take_report(changes, report)
                else:
                    self._take_snapshot(changes, report)
            self._elapse(changes, self._clock())
            try:
                await self._commit(changes)
            except BaseException:  # what cannot be written is computed again from the same values
                self._readings = taken + self._readings
                self._reports = reports + self._reports
                raise

    def next_moment(self) -> int:
        """Return when a delay or shelving ends next, in microseconds since 1970; 0 where nothing waits."""
        moments = [self._monitors[key].due for key in self._waiting if key in self._monitors]
        moments += [self.alarms[key].shelved_until for key in self._waiting if key in self.alarms]
        return min((each for each in moments if each), default=0)

    async def define(self, definitions: Sequence[AlarmDefinition]) -> None:
        """Add or replace definitions, all or none."""

        async def work() -> None:
            async with self._changing:
                changes, time = self._begin(), self._clock()
                for new in definitions:
                    if old := self.definitions.get(key_of(new.name)):
                        changes.replace(old, new, time)
                await self._commit(changes, self._kept.putting(KIND, {each.name: each for each in definitions}))
                self.definitions |= {key_of(each.name): each for each in definitions}
                self._index()

        await _finish(work())

    async def remove(self, definition: AlarmDefinition, user: str) -> None:
        """Remove a definition and its alarm."""

        async def work() -> None:
            async with self._changing:
                changes = self._begin()
                changes.remove(definition, self._clock(), user)
                await self._commit(changes, self._kept.removing(KIND, definition.name))
                self.definitions.pop(key_of(definition.name), None)
                self._monitors.pop(key_of(definition.name), None)
                self._index()

        await _finish(work())

    async def change(self, work: Callable[[Changes, int], T]) -> T:
        """Let a function change alarms, given the present moment; return what it returns, once it is written."""

        async def whole() -> T:
            async with self._changing:
                changes = self._begin()
                done = work(changes, self._clock())
                await self._commit(changes)
                return done

        return await _finish(whole())

    def _take_report(self, changes: Changes, report: AlarmReport) -> None:
        """Take a report; what ends an alarm ends also one that was raised before it had a definition."""
        own = [define(report)]
        defined = self.reported.get(report.tag.casefold())
        if report.step is Step.RAISE:
            own = [each for each in defined if each.enabled] if defined is not None else own
        else:
            own += defined or []
        for definition in own:
            changes.report(definition, report)

    def _take_snapshot(self, changes: Changes, snapshot: AlarmSnapshot) -> None:
        """Make the alarms of a source those that its CPU has."""
        mine = {
            key for key, each in self.alarms.items() if each.is_reported and each.tag.startswith(f"{snapshot.source}:")
        }
        for tag, found in snapshot.alarms.items():
            report = AlarmReport(tag=f"{snapshot.source}:{found.raised.path}", event=found.raised)
            defined = self.reported.get(tag)
            for definition in [define(report)] if defined is None else [each for each in defined if each.enabled]:
                mine.discard(key_of(definition.name))
                alarm = changes.alarm(definition)
                if alarm.active and alarm.acknowledged and alarm.needs_acknowledge and not found.acknowledged:
                    changes.step(definition, Step.CLEAR, snapshot.time)  # it cleared and was raised again
                    alarm = changes.alarm(definition)
                if not alarm.active and (found.pending or (alarm.state is State.NORMAL and not found.acknowledged)):
                    changes.report(definition, report)
                if changes.alarm(definition).active and not found.pending:
                    changes.step(definition, Step.CLEAR, snapshot.time)
                if found.acknowledged and not changes.alarm(definition).acknowledged:
                    changes.step(definition, Step.ACKNOWLEDGE, snapshot.time)
        for key in mine:
            if (known := self.find(key)) is not None:
                changes.step(known, Step.CLEAR, snapshot.time, comment="The CPU does not report it any more.")

    def _begin(self) -> Changes:
        return Changes(self.alarms, self._monitors)

    def _elapse(self, changes: Changes, time: int) -> None:
        """Do what waited for moments until this one, in their order."""
        past = []
        for key in self._waiting | changes.delayed:
            if definition := self.find(key):
                moments = (changes.monitor(key).due, changes.alarm(definition).shelved_until)
                past += [(each, key, definition) for each in moments if 0 < each <= time]
        for moment, _, definition in sorted(past, key=lambda each: each[:2]):
            changes.elapse(definition, moment)

    async def _commit(self, changes: Changes, also: Also | None = None) -> None:
        """Write changes, then let them count, then announce them."""
        written: list[AlarmEvent] = []
        if changes.events or also is not None:
            written = await self._journal.write(list(changes.alarms.values()), changes.events, also)
        self.alarms |= changes.alarms
        self._monitors |= changes.monitors
        for key in {*changes.alarms, *changes.monitors}:
            alarm = self.alarms.get(key)
            if alarm is not None and not alarm.matters:
                del self.alarms[key]
            waits = self._monitors.get(key, Monitor()).due or (alarm and alarm.shelved)
            (self._waiting.add if waits else self._waiting.discard)(key)
        if not written:
            return
        self.last = written[-1].number
        for notify in list(self._listeners):
            try:
                notify(written)
            except Exception:  # one listener must not keep the others from knowing
                log.exception("A listener to alarms failed")

    def _index(self) -> None:
        self.by_tag, self.reported = {}, {}
        for definition in self.definitions.values():
            if definition.is_reported:
                self.reported.setdefault(definition.tag.casefold(), []).append(definition)
            for tag in dict.fromkeys(definition.watched) if definition.enabled else ():
                self.by_tag.setdefault(tag, []).append(definition)
        self.news.set()


async def _finish(work: Coroutine[Any, Any, T]) -> T:
    """Do some work to its end, also when the caller goes: what is written must count."""
    return await asyncio.shield(asyncio.ensure_future(work))
