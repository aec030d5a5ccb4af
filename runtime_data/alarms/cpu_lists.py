"""Alarms that a controller itself keeps: its list is asked for again and again, and an acknowledgement goes to the controller first.

A source that implements `Alarming` gives them. They have no definition of the service: the one that the table needs is made of
what the controller says, as it is for the alarms that a simulated CPU reports.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from openness_bridge.errors import Detail, Place, Problem
from runtime_data.alarms.alarm import CONTROLLER, Alarm
from runtime_data.alarms.changes import Changes, key_of
from runtime_data.alarms.definition import PROGRAM, AlarmDefinition
from runtime_data.alarms.reports import define_again
from runtime_data.alarms.state import Step
from runtime_data.alarms.table import AlarmTable
from runtime_data.sources.registry import Sources
from runtime_data.sources.source import Alarming, ListedAlarm
from runtime_data.values import split

PERIOD = 2.0
"""Seconds from one question to the next."""
FOLDER = "Alarms."
"""What the paths of these alarms begin with; rules for tags use them, such as Press:Alarms.*."""
CLASS = "CPU"


class CpuAlarmLists:
    """The lists of all sources that have one. On the event loop, except where said otherwise."""

    def __init__(self, sources: Sources, table: AlarmTable) -> None:
        """Note the alarms of these sources in this table."""
        self._sources, self._table = sources, table

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            await self.ask()
            await asyncio.sleep(PERIOD)

    async def ask(self) -> None:
        """Ask each source once, all at a time. One that cannot be reached keeps its alarms."""
        names = await asyncio.to_thread(self._names)
        await asyncio.gather(*(self._ask(name) for name in names))

    async def acknowledge(self, ids: Iterable[str], may_read: Callable[[str], bool]) -> dict[str, Detail]:
        """Acknowledge those of these alarms that are of a controller, there; return why one was not, by the id that was given."""
        by_id = {each.id: each for each in self._table.alarms.values()}
        refused: dict[str, Detail] = {}
        for given in dict.fromkeys(ids):
            alarm = by_id.get(given) or self._table.alarms.get(key_of(given))
            if alarm is None or not _is_listed(alarm) or not may_read(alarm.tag) or alarm.acknowledged:
                continue
            try:
                await asyncio.to_thread(self._acknowledge, alarm.tag)
            except Problem as problem:
                refused[given] = Detail(problem.code, problem.message, Place(object=alarm.name))
        return refused

    def _acknowledge(self, tag: str) -> None:
        name, path = split(tag)
        source = self._sources.find(name)
        if isinstance(source, Alarming):
            source.acknowledge_alarm(path.removeprefix(FOLDER))

    def _names(self) -> list[str]:
        return [each.name for each in self._sources.definitions().values() if each.connection.get("alarms")]

    async def _ask(self, name: str) -> None:
        try:
            found = await asyncio.to_thread(self._list, name)
        except Problem:
            return
        if found is not None:
            await self._table.change(lambda changes, time: self._compare(changes, time, name, found))

    def _list(self, name: str) -> Sequence[ListedAlarm] | None:
        source = self._sources.find(name)
        return source.alarms() if isinstance(source, Alarming) else None

    def _compare(self, changes: Changes, time: int, name: str, found: Sequence[ListedAlarm]) -> None:
        """Make the alarms of a source those of its list."""
        alarms = self._table.alarms.items()
        gone = {key for key, each in alarms if _is_listed(each) and each.tag.startswith(f"{name}:")}
        for listed in found:
            definition = _define(name, listed)
            gone.discard(key_of(definition.name))
            alarm = changes.alarm(definition)
            if not alarm.active and (listed.active or (alarm.acknowledged and not listed.acknowledged)):
                changes.step(definition, Step.RAISE, listed.time or time, also={"origin": CONTROLLER})
            if not listed.active:
                changes.step(definition, Step.CLEAR, listed.time or time)
            if listed.acknowledged:
                changes.step(definition, Step.ACKNOWLEDGE, time, comment="Acknowledged at the CPU.")
        for key in gone:
            definition = define_again(self._table.alarms[key])
            comment = "The CPU does not list it any more."
            changes.step(definition, Step.CLEAR, time, comment=comment)
            changes.step(definition, Step.ACKNOWLEDGE, time, comment=comment)


def _is_listed(alarm: Alarm) -> bool:
    return alarm.origin == CONTROLLER


def _define(name: str, listed: ListedAlarm) -> AlarmDefinition:
    tag = f"{name}:{FOLDER}{listed.id}"
    return AlarmDefinition(
        name=tag,
        tag=tag,
        trigger=PROGRAM,
        number=listed.number,
        texts={listed.language: listed.text},
        alarm_class=CLASS,
        area=name,
        needs_acknowledge=listed.needs_acknowledge,
    )
