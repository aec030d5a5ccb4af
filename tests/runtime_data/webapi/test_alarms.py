"""Alarms that a CPU lists, in the alarms of the service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime_data.alarms.engine import Alarms
from runtime_data.sources.registry import SourceDefinition
from tests.runtime_data.plant import OPERATOR, Plant, plant_in
from tests.runtime_data.webapi import cpu as webcpu
from tests.runtime_data.webapi.cpu import Cpu, running


@pytest.fixture
def cpu() -> Iterator[Cpu]:
    with running() as cpu:
        cpu.password = ""
        yield cpu


@pytest.fixture
def plant(tmp_path: Path, cpu: Cpu) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        connection = {"host": "127.0.0.1", "port": cpu.port, "user": "web", "plainHttp": True, "alarms": True}
        plant.sources.create(SourceDefinition("Press", "webapi", connection=connection))
        yield plant


def entry(status: str, *, acknowledged: bool | None = False, number: int = 7) -> dict[str, Any]:
    found = {
        "id": f"994788866985774{number}",
        "alarm_number": number,
        "status": status,
        "alarm_text": f"Text {number}",
        "timestamp": "2026-01-01T00:00:01.500000123Z",
    }
    if acknowledged is None:
        return found
    return found | {"acknowledgement": {"state": "acknowledged" if acknowledged else "not_acknowledged"}}


def show(cpu: Cpu, *entries: dict[str, Any]) -> None:
    """The CPU lists these alarms from now on."""
    modified = f"2026-01-01T00:00:{len(cpu.calls):02}Z"
    cpu.alarms = {"entries": list(entries), "last_modified": modified, "count_current": len(entries)}


def states(alarms: Alarms) -> dict[int, str]:
    return {each.number: each.state.value for each in alarms.active()}


def test_the_life_of_an_alarm(plant: Plant, cpu: Cpu) -> None:
    async def live() -> None:
        alarms = Alarms(plant.runtime, plant.definitions, plant.database)
        await alarms.load()
        show(cpu, entry("incoming"), entry("incoming", acknowledged=None, number=8))
        await alarms.ask_controllers()
        first, second = sorted(alarms.active(), key=lambda each: each.number)
        assert (first.texts, first.raised_at, first.alarm_class) == ({"en-US": "Text 7"}, 1_767_225_601_500_000, "CPU")
        assert first.needs_acknowledge and not second.needs_acknowledge
        sent = cpu.count("Alarms.Browse")
        await alarms.ask_controllers()
        assert cpu.count("Alarms.Browse") == sent + 1, "the list is asked for only where it has changed"
        (done,) = await alarms.acknowledge([first.id], "olga", "seen", OPERATOR)
        assert done.error is None and done.alarm is not None and done.alarm.user == "olga"
        assert cpu.alarms["entries"][0]["acknowledgement"]["state"] == "acknowledged"
        show(cpu, entry("outgoing", acknowledged=True))
        await alarms.ask_controllers()
        assert states(alarms) == {}
        kinds = sorted(each.kind.value for each in await alarms.journal(0, 2**60))
        assert kinds == ["acknowledged", "cleared", "cleared", "raised", "raised"]

    asyncio.run(live())


def test_an_acknowledgement_that_the_cpu_refuses(plant: Plant, cpu: Cpu) -> None:
    async def live() -> None:
        alarms = Alarms(plant.runtime, plant.definitions, plant.database)
        await alarms.load()
        show(cpu, entry("incoming"))
        await alarms.ask_controllers()
        (alarm,) = alarms.active()
        cpu.fail("Alarms.Acknowledge", webcpu.drop)
        (lost,) = await alarms.acknowledge([alarm.name], "olga", "", OPERATOR)
        assert lost.error is not None and lost.error.code == "runtime.outcome_unknown"
        assert not alarms.active()[0].acknowledged and cpu.count("Alarms.Acknowledge") == 1
        await alarms.ask_controllers()
        assert states(alarms) == {7: alarm.state.value}, "a CPU that is not reached keeps its alarms"

    asyncio.run(live())


def test_an_alarm_that_went_unseen(plant: Plant, cpu: Cpu) -> None:
    async def live() -> None:
        alarms = Alarms(plant.runtime, plant.definitions, plant.database)
        await alarms.load()
        show(cpu, entry("outgoing"))
        await alarms.ask_controllers()
        (alarm,) = alarms.active()
        assert not alarm.active and not alarm.acknowledged
        await alarms.ask_controllers()
        again = Alarms(plant.runtime, plant.definitions, plant.database)
        await again.load()
        assert [each.id for each in again.active()] == [alarm.id], "it survives a restart"
        cpu.alarms = {"entries": [], "last_modified": "later"}
        await again.ask_controllers()
        assert again.active() == []

    asyncio.run(live())
