"""The alarms of a service over its own tags, with a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
import sqlalchemy as sa

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.storage.database import Database
from openness_bridge.errors import Problem
from runtime_data.alarms.alarm import AlarmEvent, EventKind
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import AlarmFilter
from runtime_data.alarms.state import State
from runtime_data.quality import NO_COMMUNICATION
from runtime_data.values import Value
from tests.runtime_data.alarms.bench import HIGH, SECOND, START, Bench
from tests.runtime_data.plant import Plant, plant_in

T = TypeVar("T")


class Fragile(Database):
    """A database that can be made to fail, as on a full disk."""

    fails = False

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        if self.fails:
            raise OSError(28, "No space left on device")
        return await super().run(work)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        yield plant


def test_an_alarm_is_raised_acknowledged_and_clears(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        await bench.see(level=80)
        assert bench.alarms.active() == []
        await bench.see(1, level=81.5)
        raised = bench.the()
        assert (raised.state, raised.value, raised.raised_at) == (State.ACTIVE_UNACKNOWLEDGED, 81.5, START + SECOND)
        assert raised.texts == {"en-US": "memory:level is 81.5, over 80"}
        (outcome,) = await bench.alarms.acknowledge([raised.id], "olga", "seen")
        assert outcome.error is None and outcome.alarm is not None
        assert (outcome.alarm.state, outcome.alarm.user) == (State.ACTIVE_ACKNOWLEDGED, "olga")
        await bench.see(1, level=20)
        assert bench.alarms.active() == []
        assert await bench.kinds() == [EventKind.RAISED, EventKind.ACKNOWLEDGED, EventKind.CLEARED]

    asyncio.run(work())


def test_alarms_survive_a_restart(plant: Plant) -> None:
    async def work() -> None:
        before = Bench(plant)
        await before.alarms.define(HIGH)
        await before.see(level=90)
        after = Bench(plant)
        await after.alarms.load()
        assert after.the() == before.the()
        await after.see(1, level=10)
        assert (after.the().state, after.the().id) == (State.CLEARED_UNACKNOWLEDGED, before.the().id)

    asyncio.run(work())


def test_a_bad_value_neither_raises_nor_clears(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        await bench.see(level=90)
        bench.alarms.take([Value("memory:level", None, status=NO_COMMUNICATION.code)])
        await bench.alarms.advance()
        assert (bench.the().state, bench.the().status) == (State.ACTIVE_UNACKNOWLEDGED, NO_COMMUNICATION.code)
        await bench.see(1, level=91)
        assert await bench.kinds() == [EventKind.RAISED, EventKind.VALUE_BAD, EventKind.VALUE_GOOD]

    asyncio.run(work())


def test_shelving_ends_by_itself(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        await bench.alarms.shelve(["HIGH"], 60, "olga", "being cleaned")
        await bench.see(level=90)
        assert bench.alarms.active() == [] and bench.the().active
        await bench.see(59)
        assert bench.the().shelved
        await bench.see(30)
        assert not bench.the().shelved and bench.alarms.active() == [bench.the()]
        journal = await bench.alarms.journal(0, 2 * START)
        assert (journal[0].kind, journal[0].time) == (EventKind.UNSHELVED, START + 60 * SECOND)

    asyncio.run(work())


def test_a_condition_suppresses_by_design(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(msgspec.structs.replace(HIGH, condition_tag="memory:running"))
        await bench.see(running=False, level=90)
        assert bench.alarms.active() == [] and bench.the().suppressed_by_design and bench.the().active
        await bench.alarms.suppress(["High"], "olga")
        await bench.see(1, running=True)
        assert bench.alarms.active() == []
        await bench.alarms.unsuppress(["High"], "olga")
        assert [each.name for each in bench.alarms.active()] == ["High"]

    asyncio.run(work())


def test_nobody_hears_of_what_is_not_written(plant: Plant, tmp_path: Path) -> None:
    async def work(database: Fragile) -> None:
        bench, heard = Bench(plant, database), list[AlarmEvent]()
        await bench.alarms.define(HIGH)
        with bench.alarms.listen(heard.extend):
            database.fails = True
            with pytest.raises(OSError, match="No space"):
                await bench.see(level=90)
            assert heard == []
            assert bench.alarms.active() == []
            database.fails = False
            await bench.see(5)
            assert [(each.kind, each.time, each.number) for each in heard] == [(EventKind.RAISED, START, 1)]
            database.fails = True
            with pytest.raises(OSError, match="No space"):
                await bench.alarms.acknowledge(["High"], "olga")
            assert bench.the().state is State.ACTIVE_UNACKNOWLEDGED
            database.fails = False
        assert heard == await bench.alarms.journal(0, 2 * START)

    database = Fragile(tmp_path / "other.db")
    try:
        asyncio.run(work(database))
    finally:
        database.close()


def test_a_burst_is_one_transaction(plant: Plant) -> None:
    async def work() -> None:
        bench, batches = Bench(plant), list[Sequence[AlarmEvent]]()
        many = [msgspec.structs.replace(HIGH, name=f"High {n}", tag=f"memory:level{n}") for n in range(500)]
        await bench.alarms.define(*many)
        with bench.alarms.listen(batches.append):
            await bench.see(**{f"level{n}": 100 for n in range(500)})
        (batch,) = batches
        assert [each.number for each in batch] == list(range(1, 501))
        assert len(bench.alarms.active()) == 500

    asyncio.run(work())


def test_callers_who_are_limited_to_tags_see_only_alarms_on_them(plant: Plant) -> None:
    async def work() -> None:
        bench, caller = Bench(plant), Caller("panel", Right.OPERATE, tags=("memory:level",))
        other = msgspec.structs.replace(HIGH, name="Other", tag="memory:other")
        await bench.alarms.define(HIGH, other)
        await bench.see(level=90, other=90)
        assert [each.name for each in bench.alarms.active(caller=caller)] == ["High"]
        assert [each.name for each in bench.alarms.definitions(caller)] == ["High"]
        done, refused = await bench.alarms.acknowledge(["High", "Other"], "panel", caller=caller)
        assert done.error is None
        assert refused.error is not None and refused.error.code == "runtime.alarm_not_found"
        with pytest.raises(Problem) as denied:
            await bench.alarms.define(msgspec.structs.replace(other, tag="memory:level"), caller=caller)
        assert denied.value.code == "runtime.read_denied"

    asyncio.run(work())


def test_latched_alarms_are_reset(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(msgspec.structs.replace(HIGH, needs_reset=True))
        await bench.see(level=90)
        await bench.see(1, level=10)
        (refused,) = await bench.alarms.reset(["High"], "olga")
        assert refused.error is not None and refused.error.code == "runtime.alarm_state"
        await bench.alarms.acknowledge(["High"], "olga")
        assert bench.the().state is State.LATCHED
        await bench.alarms.reset([bench.the().id], "olga")
        assert bench.alarms.active(AlarmFilter()) == []

    asyncio.run(work())


def test_old_lines_of_the_journal_go(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        await bench.see(level=90)
        await bench.see(10 * 86_400, level=10)
        assert await bench.alarms.remove_old(5) == 1
        assert await bench.kinds() == [EventKind.CLEARED]
        assert await bench.alarms.remove_old(0, most=0) == 1
        assert await bench.kinds() == []

    asyncio.run(work())


def test_tags_are_watched_while_the_service_runs(plant: Plant) -> None:
    memory = plant.memory(level="Real")

    async def work() -> None:
        alarms = Alarms(plant.runtime, plant.definitions, plant.database)
        events: asyncio.Queue[AlarmEvent] = asyncio.Queue()

        def heard(lines: Sequence[AlarmEvent]) -> None:
            for each in lines:
                events.put_nowait(each)

        await alarms.start()
        try:
            with alarms.listen(heard):
                await alarms.define(msgspec.structs.replace(HIGH, delay_on=0.05))
                await asyncio.to_thread(memory.write, [("level", 99.0)], {}, atomic=True)
                assert (await events.get()).kind is EventKind.RAISED
                await alarms.shelve(["High"], 0.05, "olga")
                assert (await events.get()).kind is EventKind.SHELVED
                assert (await events.get()).kind is EventKind.UNSHELVED
        finally:
            await alarms.stop()
            plant.runtime.close()

    asyncio.run(asyncio.wait_for(work(), 60))


def test_the_end_comes_at_once_also_when_there_is_news(plant: Plant) -> None:
    async def work() -> None:
        alarms = Alarms(plant.runtime, plant.definitions, plant.database)
        await alarms.start()
        await alarms.advance()
        alarms.take([Value("memory:level", 99.0)])
        await alarms.stop()
        plant.runtime.close()

    asyncio.run(asyncio.wait_for(work(), 60))
