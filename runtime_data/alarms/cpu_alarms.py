"""Follows the alarms of simulated CPUs: hands what they report to the table, and acknowledgements to them.

Where the service has missed something (at its start, after a download to another instance), it compares all alarms.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim import alarms as plcsim_alarms
from openness_bridge.plcsim.runtime import Handle, Simulation
from runtime_data.alarms.alarm import AlarmEvent, EventKind
from runtime_data.alarms.reports import AlarmReport, AlarmSnapshot
from runtime_data.alarms.table import AlarmTable
from runtime_data.values import now, split

log = logging.getLogger(__name__)
PERIOD = 0.25
"""Seconds between two readings of the CPUs."""


class CpuAlarms:
    """Follows the alarms of simulated CPUs; their source is the instance of the same name."""

    def __init__(self, simulation: Simulation, table: AlarmTable, sources: Callable[[], Iterable[str]]) -> None:
        """Follow these CPUs; `run` begins.

        Args:
            simulation: The CPUs.
            table: Where their alarms are kept.
            sources: Returns the names of all sources of values.
        """
        self._simulation, self._table, self._sources = simulation, table, sources
        self._seen: dict[str, tuple[Handle, int]] = {}
        self._asked: list[str] = []
        self._news = asyncio.Event()

    def compare(self) -> None:
        """Compare all alarms with the next reading."""
        self._seen = {}

    async def run(self) -> None:
        """Follow, until the task is cancelled, or the simulation reports no alarms at all."""
        with self._table.listen(self._note):
            while await self._look():
                try:
                    async with asyncio.timeout(PERIOD):
                        await self._news.wait()
                except TimeoutError:
                    continue
                self._news.clear()

    async def _look(self) -> bool:
        """Take what the CPUs report; return whether it makes sense to look again."""
        asked, self._asked = self._asked, []
        try:
            found = await asyncio.to_thread(self._read, asked)
        except Problem as problem:
            if problem.kind is Kind.UNSUPPORTED:
                return False
            self._asked = asked + self._asked
            return True
        except Exception:
            log.exception("The alarms of the simulated PLCs cannot be read; it is tried again")
            return True
        if found is None:
            return False
        if found:
            self._table.report(found)
        return True

    def _read(self, asked: Sequence[str]) -> list[AlarmReport | AlarmSnapshot] | None:
        """Acknowledge the alarms that users have acknowledged, and return the news; None where CPUs do not report alarms."""
        simulation, seen = self._simulation, self._seen
        if not simulation.model.has(plcsim_alarms.TYPE):
            return None
        names = [each.name for each in simulation.instances()]
        found: list[AlarmReport | AlarmSnapshot] = []
        for name in names:
            handle = simulation.handle(name)
            own = [path for source, path in map(split, asked) if source.casefold() == name.casefold()]
            if own:
                plcsim_alarms.acknowledge_alarms(handle, own)
            known, number = seen.get(name, (None, 0))
            events = plcsim_alarms.read_alarm_events(handle, number) if known is handle else None
            if events is None:
                number, alarms = plcsim_alarms.read_alarms(handle)
                found.append(
                    AlarmSnapshot(name, {f"{name}:{each.raised.path}".casefold(): each for each in alarms}, now())
                )
            elif events:
                number = events[-1].number
                found += [AlarmReport(tag=f"{name}:{each.path}", event=each) for each in events]
            seen[name] = (handle, number)
        for gone in set(seen) - set(names) | self._left_alone():
            seen.pop(gone, None)
            found.append(AlarmSnapshot(gone, {}, now()))
        return found

    def _left_alone(self) -> set[str]:
        """Return the sources of active alarms that are not there any more."""
        active = {split(each.tag)[0] for each in list(self._table.alarms.values()) if each.is_reported and each.active}
        present = {each.casefold() for each in self._sources()} if active else set()
        return {each for each in active if each.casefold() not in present}

    def _note(self, events: Sequence[AlarmEvent]) -> None:
        """Note what the CPUs have to be told: what a user has acknowledged, or what needs no acknowledgement here."""
        told = [each.alarm.tag for each in events if each.alarm.is_reported and _is_acknowledgement(each)]
        if told:
            self._asked += told
            self._news.set()


def _is_acknowledgement(event: AlarmEvent) -> bool:
    by_user = event.kind is EventKind.ACKNOWLEDGED and bool(event.user)
    return by_user or (event.kind is EventKind.RAISED and event.alarm.acknowledged)
