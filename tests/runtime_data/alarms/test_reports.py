"""Alarms that a CPU reports: the states of the service are those of a CPU that the test keeps by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openness_bridge.plcsim.alarms import AlarmChange, CpuAlarm, CpuAlarmEvent
from runtime_data.alarms.alarm import EventKind
from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.filters import ALL
from runtime_data.alarms.reports import AlarmReport, AlarmSnapshot
from runtime_data.alarms.state import State
from tests.runtime_data.alarms.bench import SECOND, START, Bench
from tests.runtime_data.plant import Plant, plant_in
from tests.support.examples import examples

TAG = "PLC_1:Plant.high"
STATES = {
    # pending, acknowledged: state of the service
    (True, False): State.ACTIVE_UNACKNOWLEDGED,
    (True, True): State.ACTIVE_ACKNOWLEDGED,
    (False, False): State.CLEARED_UNACKNOWLEDGED,
    None: State.NORMAL,
}
CPU: dict[tuple[bool, bool] | None, dict[AlarmChange, tuple[bool, bool] | None]] = {
    None: {"raised": (True, False)},
    (True, False): {"cleared": (False, False), "acknowledged": (True, True)},
    (True, True): {"cleared": None},
    (False, False): {"raised": (True, False), "acknowledged": None},
}
"""What a CPU does with an alarm: by its state the changes that are possible. Written by hand."""


def event(change: AlarmChange, time: int = START) -> CpuAlarmEvent:
    return CpuAlarmEvent(
        path="Plant.high",
        change=change,
        origin="program",
        time=time,
        cpu_time=7,
        values=[95.5, None],
        texts={"en-US": "Level 95.5"},
    )


def report(change: AlarmChange, time: int = START) -> AlarmReport:
    return AlarmReport(tag=TAG, event=event(change, time))


def snapshot(status: tuple[bool, bool] | None, time: int = START) -> AlarmSnapshot:
    found = {} if status is None else {TAG.casefold(): CpuAlarm(event("raised", time), *status)}
    return AlarmSnapshot("PLC_1", found, time)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        yield plant


@examples(25)
@example([(0, "lose"), (0, "snapshot")])
@example([(0, "report"), (1, "report"), (0, "lose"), (0, "snapshot")])
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["report", "lose", "snapshot"])), max_size=12))
def test_the_service_follows_a_cpu_through_all_states(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, str]]
) -> None:
    """Some reports are lost; a snapshot puts all right."""

    async def work(plant: Plant) -> None:
        bench, cpu, is_right = Bench(plant), None, True
        for choice, how in moves:
            possible = list(CPU[cpu])
            change = possible[choice % len(possible)]
            cpu = CPU[cpu][change]
            if how == "report" and is_right:
                await bench.report(report(change, bench.time))
            elif how == "snapshot":
                await bench.report(snapshot(cpu, bench.time))
                is_right = True
            else:
                is_right = False
            if is_right:
                (found,) = bench.alarms.active(ALL) or [None]
                state = State.NORMAL if found is None else found.state
                gone = cpu is None and state is State.CLEARED_UNACKNOWLEDGED
                assert state is STATES[cpu] or gone

    with plant_in(tmp_path_factory.mktemp("plant")) as plant:
        asyncio.run(work(plant))


def test_a_reported_alarm_needs_no_definition(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.report(report("raised", START + SECOND))
        found = bench.the(TAG)
        assert (found.tag, found.state, found.value, found.values) == (
            TAG,
            State.ACTIVE_UNACKNOWLEDGED,
            95.5,
            [95.5, None],
        )
        assert (found.raised_at, found.cpu_time, found.origin) == (START + SECOND, 7, "program")
        assert (found.texts, found.area, found.priority) == ({"en-US": "Level 95.5"}, "PLC_1/Program", 500)
        assert bench.alarms.definitions() == []
        (outcome,) = await bench.alarms.acknowledge([TAG.upper()], "olga")
        assert outcome.error is None
        await bench.report(report("acknowledged", bench.time), report("cleared", bench.time + SECOND))
        assert bench.alarms.active(ALL) == []
        assert await bench.kinds() == [EventKind.RAISED, EventKind.ACKNOWLEDGED, EventKind.CLEARED]

    asyncio.run(work())


def test_what_no_cpu_reports_any_more_is_cleared_and_stays_until_it_is_acknowledged(plant: Plant) -> None:
    async def work() -> None:
        before = Bench(plant)
        await before.report(report("raised"))
        after = Bench(plant)
        await after.alarms.load()
        await after.report(AlarmSnapshot("PLC_2", {}, START))
        assert after.the(TAG).state is State.ACTIVE_UNACKNOWLEDGED
        await after.report(AlarmSnapshot("PLC_1", {}, START))
        assert after.the(TAG).state is State.CLEARED_UNACKNOWLEDGED
        (outcome,) = await after.alarms.acknowledge([after.the(TAG).id], "olga")
        assert outcome.error is None
        assert after.alarms.active(ALL) == []

    asyncio.run(work())


def test_a_definition_gives_an_alarm_its_name_and_one_that_is_not_enabled_hides_it(plant: Plant) -> None:
    async def work() -> None:
        bench, tag = Bench(plant), "memory:Plant.high"
        own = AlarmDefinition(
            name="Overflow", tag=tag, trigger="program", priority=900, texts={"en-US": "{name} @1%d@"}, needs_reset=True
        )
        await bench.alarms.define(own)
        await bench.report(AlarmReport(tag=tag.upper(), event=event("raised")))
        found = bench.the("Overflow")
        assert (found.texts, found.priority, found.state) == (
            {"en-US": "Overflow 95"},
            900,
            State.ACTIVE_UNACKNOWLEDGED,
        )
        await bench.report(*(AlarmReport(tag=tag, event=event(each)) for each in ("acknowledged", "cleared")))
        assert bench.the("Overflow").state is State.LATCHED
        await bench.alarms.define(msgspec.structs.replace(own, enabled=False, needs_reset=False))
        await bench.alarms.reset(["Overflow"], "olga")
        await bench.report(AlarmReport(tag=tag, event=event("raised")))
        assert bench.alarms.active(ALL) == []

    asyncio.run(work())


def test_reports_that_cannot_be_written_are_taken_again(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        bench = Bench(plant)
        with monkeypatch.context() as patch:
            patch.setattr(plant.database, "run", broken)
            with pytest.raises(OSError, match="No space"):
                await bench.report(report("raised"))
        assert bench.alarms.active(ALL) == []
        await bench.alarms.advance()
        assert bench.the(TAG).state is State.ACTIVE_UNACKNOWLEDGED

    async def broken(_: object) -> None:
        raise OSError(28, "No space left on device")

    asyncio.run(work())
