"""Source times never go back, for nobody who reads or listens: a later one has a later value."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from asyncua import ua
from hypothesis import given
from hypothesis import strategies as st

from runtime_data.latest import Latest
from runtime_data.servers.servers import Servers
from runtime_data.subscriptions import Subscriptions
from runtime_data.values import Value, now
from tests.runtime_data.opcua.kit import OPEN, Rig, connect, run, until
from tests.runtime_data.plant import Plant, plant_in

COUNT = "PLC_1:Data.count"


@pytest.fixture
def cpu(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        plant.start_cpu()
        yield plant


def test_a_later_reading_has_a_later_value(cpu: Plant) -> None:
    """A program counts each cycle, and several threads read."""
    source, found = cpu.sources.find("PLC_1"), []
    limit = threading.Event()

    def read() -> None:
        for _ in range(300):
            (value,) = source.read(["Data.count"])
            found.append((value.source_time, value.value))
        limit.set()

    threads = [threading.Thread(target=read) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(found) == 1800
    found.sort()
    assert all(before[1] <= after[1] for before, after in pairwise(found))


class Scripted:
    """A source that is polled, and whose tag has what the test says."""

    name, kind, real, atomic = "s", "scripted", False, False

    def __init__(self) -> None:
        self.value: int = 0

    def read(self, paths: Sequence[str]) -> list[Value]:
        return [Value(f"s:{path}", self.value, "Int", 0, at := now(), at) for path in paths]

    def follow(self, changed: Any) -> None:
        del changed

    def write(self, values: Any, expected: Mapping[str, Any], *, atomic: bool) -> list[None]:
        raise NotImplementedError


@given(st.lists(st.sampled_from(["change", "back", "read", "listen", "wait"]), min_size=3, max_size=25))
def test_each_listener_gets_later_values_only_and_the_last_one(steps: list[str]) -> None:
    source, latest = Scripted(), Latest()

    async def play() -> None:
        hub = Subscriptions(lambda _: source, latest)
        heard: list[list[Value]] = []
        for step in [*steps, "listen"]:
            if step == "change":
                source.value += 1
            elif step == "back":
                source.value = 0
            elif step == "read":
                latest.put(source.read(["x"])[0])
            elif step == "listen":
                got: list[Value] = []
                heard.append(got)
                hub.add(hub.open(got.extend), ["s:x"], 0.01)
            else:
                await asyncio.sleep(0.002)
        async with asyncio.timeout(60):
            while not all(got and got[-1].value == source.value for got in heard):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.002)
        hub.close()
        for got in heard:
            assert all(before.source_time <= after.source_time for before, after in pairwise(got))

    asyncio.run(play())


def test_a_new_listener_gets_what_somebody_has_read_since() -> None:
    """The poll waits for its period of a minute, so only the reading of somebody else is newer."""
    source, latest = Scripted(), Latest()

    async def play() -> tuple[list[Value], list[Value]]:
        hub = Subscriptions(lambda _: source, latest)
        first: list[Value] = []
        second: list[Value] = []
        hub.add(hub.open(first.extend), ["s:x"], 60)
        async with asyncio.timeout(60):
            while not first:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.002)
        source.value = 1
        latest.put(source.read(["x"])[0])
        hub.add(hub.open(second.extend), ["s:x"], 60)
        hub.close()
        return first, second

    first, second = asyncio.run(play())
    assert ([each.value for each in first], [each.value for each in second]) == ([0, 1], [1])


class Notes:
    """Every notification of a monitored item, in its order."""

    def __init__(self) -> None:
        self.values: list[ua.DataValue] = []

    def datachange_notification(self, node: Any, value: Any, data: Any) -> None:
        del node, value
        self.values.append(data.monitored_item.Value)


@pytest.mark.slow
def test_a_new_monitored_item_gets_no_older_value(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        url, chance = await rig.serve(**OPEN), random.Random(3)  # noqa: S311
        async with connect(url) as client:
            node = client.get_node('ns=3;s="Data"."count"')
            notes = []
            for _ in range(12):
                heard = Notes()
                notes.append(heard)
                subscription = await client.create_subscription(10, heard)
                await subscription.subscribe_data_change(node)
                for _ in range(chance.randrange(4)):
                    await node.read_value()
                await asyncio.sleep(chance.random() / 10)  # time: items are made at any moment of a period
            await until(lambda: all(len(each.values) > 3 for each in notes))
        for each in notes:
            times = [value.SourceTimestamp for value in each.values]
            assert times == sorted(times)
            assert [value.Value.Value for value in each.values] == sorted(value.Value.Value for value in each.values)

    run(tmp_path, scenario)


@pytest.mark.slow
def test_a_batch_that_was_read_earlier_takes_no_newer_value_back(tmp_path: Path) -> None:
    """What a new item has read comes before a batch that was read earlier and waited for its turn."""

    async def scenario(rig: Rig) -> None:
        await rig.live.define(count="DInt")
        await rig.live.put(count=1)
        (early,) = await asyncio.to_thread(rig.live.memory.read, ["count"])
        await rig.live.put(count=2)
        heard = Notes()
        async with connect(await rig.serve(**OPEN | {"source": "memory"})) as client:
            subscription = await client.create_subscription(10, heard)
            await subscription.subscribe_data_change(client.get_node('ns=3;s="count"'))
            await until(lambda: heard.values)
            server: Any = rig.live.service.part(Servers).running("opcua")
            pushed = asyncio.run_coroutine_threadsafe(server._around.monitoring.push([early]), server._thread.loop)
            await asyncio.wrap_future(pushed)
            await rig.live.put(count=3)
            await until(lambda: heard.values[-1].Value.Value == 3)
        assert [each.Value.Value for each in heard.values] == [2, 3]

    run(tmp_path, scenario)
