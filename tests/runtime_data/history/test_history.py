"""What is logged of tags, and the answers to questions about it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from engineering_api import processes
from openness_bridge.errors import Problem
from runtime_data.history.buffer import Buffer
from runtime_data.history.day_files import DayFiles
from runtime_data.history.logger import Course, Logger
from runtime_data.history.model import DAY, HOUR, SECOND, Row, Sample, Series
from runtime_data.quality import LOCAL_OVERRIDE, NO_DATA
from runtime_data.sources.source import Source
from runtime_data.subscriptions import Latest, Subscriptions
from runtime_data.values import Value, now
from tests import ROOT
from tests.runtime_data.history.trial import MakeStore, trial
from tests.runtime_data.plant import VIEWER


def test_changes_are_logged_and_survive_a_restart(tmp_path: Path) -> None:
    async def first() -> None:
        async with trial(tmp_path, level="LReal") as plant:
            series = await plant.history.define(Series("memory:level", period=0.05))
            assert series.number == 1
            for value in (1.0, 2.0, 2.0, 3.0):
                await plant.write("level", value)
                await plant.has_newest("level", value)
            assert [each for each in await plant.values("level") if each] == [1.0, 2.0, 3.0]

    async def second() -> None:
        async with trial(tmp_path, level="LReal") as plant:
            (series,) = await plant.history.series()
            assert (series.tag, series.number, series.period) == ("memory:level", 1, 0.05)
            values = [each for each in await plant.samples("level") if each.value is not None]
            assert [each.value for each in values[:3]] == [1.0, 2.0, 3.0]
            assert [each.status for each in await plant.samples("level")].count(NO_DATA.code) == 1

    asyncio.run(first())
    asyncio.run(second())


def test_values_by_hand_are_marked(tmp_path: Path) -> None:
    async def work() -> None:
        async with trial(tmp_path, order="String[20]") as plant:
            await plant.history.define(Series("memory:order"))
            at = now() - 10 * SECOND
            await plant.history.insert("memory:order", [(at, "A-1")])
            (sample,) = await plant.history.query("memory:order", at, at + 1)
            assert sample == Sample(at, "A-1", LOCAL_OVERRIDE.code) and sample.is_good
            for wrong in (now() + HOUR, 1):
                with pytest.raises(Problem) as refused:
                    await plant.history.insert("memory:order", [(wrong, "A-2")])
                assert refused.value.code == "runtime.history_time"

    asyncio.run(work())


def test_a_cycle_logs_the_present_value_again_and_again(tmp_path: Path, reopen: MakeStore) -> None:
    async def work() -> None:
        async with trial(tmp_path, reopen(), level="LReal") as plant:
            await plant.write("level", 2.0)
            await plant.history.define(Series("memory:level", mode="cycle", period=0.1))
            deadline = time.monotonic() + 60
            while len(found := await plant.samples("level")) < 4:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.01)
            assert {each.value for each in found} == {2.0}
            assert all(each.time % (SECOND // 10) == 0 for each in found)

    asyncio.run(work())


def test_a_tag_that_is_logged_again_has_its_former_values(tmp_path: Path, reopen: MakeStore) -> None:
    async def work() -> None:
        async with trial(tmp_path, reopen(), level="LReal", other="Int") as plant:
            first = await plant.history.define(Series("memory:level", period=0.05))
            await plant.write("level", 1.0)
            await plant.has_newest("level", 1.0)
            await plant.history.remove("MEMORY:level")
            assert await plant.history.series() == []
            await plant.write("level", 2.0)
            second = await plant.history.define(Series("memory:other"))
            assert second.number != first.number
            assert (await plant.history.define(Series("memory:level", keep=9))).number == first.number
            await plant.has_newest("level", 2.0)
            statuses = [each.status for each in await plant.samples("level") if each.value != 0.0]
            assert NO_DATA.code in statuses

    asyncio.run(work())


def test_a_change_that_another_reading_has_found_is_logged(tmp_path: Path) -> None:
    async def work() -> None:
        async with trial(tmp_path, level="LReal") as plant:
            await plant.history.define(Series("memory:level", period=3600))
            await plant.has_newest("level", None)
            await plant.write("level", 5.0)
            await plant.plant.runtime.read(VIEWER, ["memory:level"])
            await plant.has_newest("level", 5.0)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("deadband", "values", "logged"),
    [
        (0.0, [1.0, 1.0, 1.1, 1.0], [1.0, 1.1, 1.0]),
        (0.5, [1.0, 1.5, 1.6, 1.2, 1.09], [1.0, 1.6, 1.09]),
        (5.0, [True, False, "a", "b", 1, None], [True, False, "a", "b", 1, None]),
    ],
)
def test_the_deadband(deadband: float, values: list[object], logged: list[object]) -> None:
    course = Course(Series("a:b", deadband=deadband), begun=0)
    found = [course.change(Value("a:b", value, source_time=n, server_time=n)) for n, value in enumerate(values)]
    assert [each.value for each in found if each is not None] == logged


@pytest.mark.parametrize(
    ("source", "server", "logged"),
    [(900, 1000, 1000), (1500, 1600, 1500), (0, 1600, 1600), (9000, 1600, 1600), (1, 3 * DAY, 3 * DAY)],
)
def test_moments_are_those_of_the_source_where_they_can_be(source: int, server: int, logged: int) -> None:
    course = Course(Series("a:b"), begun=1000)
    sample = course.change(Value("a:b", 1, source_time=source, server_time=server))
    assert sample is not None and sample.time == logged
    again = course.change(Value("a:b", 2, source_time=source, server_time=server))
    assert again is not None and again.time > sample.time


class Silent:
    """A source without a value."""

    def read(self, _: Sequence[str]) -> list[Value]:
        return []


def test_a_day_begins_with_the_values_of_the_day_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question of one day needs the file of that day only."""
    midnight = 20_000 * DAY
    rows: list[Row] = []

    async def work() -> None:
        clock = midnight - SECOND
        monkeypatch.setattr("runtime_data.history.logger.now", lambda: clock)
        subscriptions = Subscriptions(lambda _: cast("Source", Silent()), Latest())
        logger = Logger(subscriptions, Latest(), rows.extend)
        logger.log([Series("memory:level", number=1)])
        logger.take([Value("memory:level", 4.5, source_time=clock, server_time=clock)])
        clock = midnight + SECOND
        deadline = time.monotonic() + 60
        while len(rows) < 2:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        logger.end()
        subscriptions.close()

    asyncio.run(work())
    assert rows[:2] == [(1, Sample(midnight - SECOND, 4.5)), (1, Sample(midnight, 4.5))]


class Broken(DayFiles):
    """A disk that is full until it is not."""

    full = True

    def write(self, rows: Sequence[Row]) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        super().write(rows)


def test_a_full_disk_is_counted_and_leaves_a_gap(tmp_path: Path) -> None:
    store = Broken(tmp_path)
    buffer = Buffer(store, largest=3)
    buffer.add([(1, Sample(time, time)) for time in range(1, 6)])
    with pytest.raises(OSError, match="No space"):
        buffer.flush()
    assert (buffer.waiting, buffer.lost, buffer.written) == (3, 2, 0)
    store.full = False
    buffer.flush()
    buffer.add([(1, Sample(9, 9))])
    buffer.flush()
    assert (buffer.waiting, buffer.lost, buffer.written) == (0, 2, 5)
    found = store.read(1, 0, 99, 99)
    assert [(each.time, each.value) for each in found] == [(1, 1), (2, 2), (3, 3), (4, None), (9, 9)]
    assert found[3].status == NO_DATA.code
    store.close()


def test_a_disk_that_has_room_again_gets_what_waited(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Broken(tmp_path)
    buffer = Buffer(store, period=0.01)
    buffer.start()
    buffer.add([(1, Sample(1, 1))])
    deadline = time.monotonic() + 60
    while not buffer.error:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert "No space left" in buffer.error and "cannot be written" in caplog.text
    store.full = False
    buffer.stop()
    assert (buffer.error, buffer.written, buffer.lost) == ("", 1, 0)
    assert [each.value for each in store.read(1, 0, 9, 9)] == [1]
    store.close()


@pytest.mark.slow
def test_a_killed_process_loses_at_most_a_second(tmp_path: Path) -> None:
    """A batch is due each second; on a busy computer it may come some tenths later."""
    command = [sys.executable, "-m", "tests.runtime_data.history.logging_process", str(tmp_path)]
    written: list[tuple[int, float]] = []
    with processes.start(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            number, moment = line.split()
            written.append((int(number), float(moment)))
            if written[-1][1] - written[0][1] > 5:
                process.kill()
                break
    with_file = DayFiles(tmp_path / "history")
    kept = {each.value for each in with_file.read(1, 0, 1 << 60, 100_000)}
    with_file.close()
    lost = [moment for number, moment in written if number > max(each for each in kept if isinstance(each, int))]
    assert written[-1][1] - min(lost, default=written[-1][1]) <= 1.5

    async def again() -> None:
        async with trial(tmp_path, count="DInt") as plant:
            assert NO_DATA.code in [each.status for each in await plant.samples("count")]

    asyncio.run(again())
