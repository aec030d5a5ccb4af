"""Alarms over a plant, with values and time that the test gives."""

from __future__ import annotations

from typing import Any

from engineering_api.storage.database import Database
from runtime_data.alarms.alarm import Alarm, EventKind
from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import AlarmFilter
from runtime_data.alarms.reports import AlarmReport, AlarmSnapshot
from runtime_data.values import Value
from tests.runtime_data.plant import Plant

START = 1_780_000_000_000_000
SECOND = 1_000_000
HIGH = AlarmDefinition(
    name="High", tag="memory:level", trigger="greater", limit=80, texts={"en-US": "{tag} is {value}, over {limit}"}
)


class Bench:
    """Alarms whose values and time come from the test."""

    def __init__(self, plant: Plant, database: Database | None = None) -> None:
        self.time = START
        self.alarms = Alarms(plant.runtime, plant.definitions, database or plant.database, lambda: self.time)

    async def see(self, after: float = 0.0, **values: Any) -> None:
        """Move the clock by some seconds, and take values of tags of `memory`."""
        self.time += int(after * SECOND)
        self.alarms.take([Value(f"memory:{path}", value) for path, value in values.items()])
        await self.alarms.advance()

    async def report(self, *reports: AlarmReport | AlarmSnapshot) -> None:
        """Move the clock by a second, and take reports of CPUs."""
        self.time += SECOND
        self.alarms.report(reports)
        await self.alarms.advance()

    def the(self, name: str = "High") -> Alarm:
        """Return the alarm of a definition."""
        (found,) = self.alarms.active(AlarmFilter(names=[name]))
        return found

    async def kinds(self) -> list[EventKind]:
        """Return what the journal says happened, in its order."""
        return [each.kind for each in await self.alarms.journal(0, 2 * START, oldest_first=True)]
