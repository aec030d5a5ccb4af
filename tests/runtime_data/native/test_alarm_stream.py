"""The stream of alarms: what is sent first, after a break, and to a listener that is too slow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engineering_api.operations.streaming.streams import Message
from runtime_data.alarms.filters import VISIBLE
from runtime_data.native import alarm_stream
from runtime_data.native.alarm_stream import follow
from runtime_data.rules import Rule
from tests.runtime_data.alarms.bench import HIGH, Bench
from tests.runtime_data.plant import VIEWER, Plant, plant_in
from tests.support.service import Client


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        yield plant


def content(message: Message) -> Any:
    return json.loads(message.data)


def listening(bench: Bench, after: int | None = None) -> aclosing[AsyncGenerator[Message]]:
    return aclosing(follow(bench.alarms, VISIBLE, VIEWER, "", after))


async def flutter(bench: Bench, times: int) -> None:
    """Raise and clear the alarm so many times."""
    for _ in range(times):
        await bench.see(1, level=90)
        await bench.see(1, level=10)


def test_all_alarms_come_first_then_what_happens(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        await bench.see(level=90)
        async with listening(bench) as messages:
            first = await anext(messages)
            assert (first.event, first.number, [each["name"] for each in content(first)]) == ("alarms", 1, ["High"])
            waiting = asyncio.ensure_future(anext(messages))
            await bench.alarms.acknowledge(["High"], "olga")
            line = await waiting
            assert (line.event, line.number, content(line)["event"]) == ("alarm", 2, "acknowledged")

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_listener_continues_where_it_was(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        await flutter(bench, 2)
        async with listening(bench, after=2) as messages:
            assert [(await anext(messages)).number for _ in range(2)] == [3, 4]

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_listener_of_another_journal_begins_again(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        async with listening(bench, after=99) as messages:
            assert (await anext(messages)).event == "alarms"
            await flutter(bench, 1)
            assert [(await anext(messages)).number for _ in range(2)] == [1, 2]

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_listener_that_missed_too_much_begins_again(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm_stream, "MOST_WAITING", 3)

    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH)
        await flutter(bench, 2)
        async with listening(bench, after=0) as messages:
            assert (await anext(messages)).event == "alarms"
            await flutter(bench, 2)
            again = await anext(messages)
            assert (again.event, again.number) == ("alarms", 8)

    asyncio.run(asyncio.wait_for(work(), 60))


def test_rules_keep_lines_from_listeners(plant: Plant) -> None:
    async def work() -> None:
        bench = Bench(plant)
        await bench.alarms.define(HIGH, msgspec.structs.replace(HIGH, name="Open", tag="memory:other"))
        await flutter(bench, 1)
        await bench.see(other=90)
        await asyncio.to_thread(plant.rules.replace, [Rule("memory:level", read=["nobody"])])
        async with listening(bench) as messages:
            assert [each["name"] for each in content(await anext(messages))] == ["Open"]
        async with listening(bench, after=0) as messages:
            assert content(await anext(messages))["alarm"]["name"] == "Open"

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_priority_that_is_none_is_refused(client: Client) -> None:
    client.refused(400, "request.priority", "GET", "/api/runtime/alarms/stream", lowest="high")
