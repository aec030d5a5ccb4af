"""Sinks over the tags of `memory`, without HTTP of the service, with a clock that the test moves."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.targets import SINKS, Targets
from engineering_api.storage.vault import Vault
from runtime_data.runtime import Write
from runtime_data.sinks.definition import Definition
from runtime_data.sinks.sinks import Sinks
from runtime_data.sinks.spool import Push, Spool
from runtime_data.sinks.tools import Tools
from runtime_data.values import microseconds
from tests.runtime_data.plant import Plant, plant_in

ADMINISTRATOR = Caller("ada", Right.ADMINISTER)
SECOND = 10**6
PATIENCE = 60.0


def at(text: str) -> int:
    """Microseconds of a time as RFC 3339 writes it."""
    import datetime as dt

    return microseconds(dt.datetime.fromisoformat(text))


class HandClock:
    """A clock that only the test moves."""

    def __init__(self, moment: int) -> None:
        self._now = moment
        self._moved: set[asyncio.Event] = set()

    def now(self) -> int:
        return self._now

    def move(self, seconds: float) -> None:
        self.move_to(self._now + int(seconds * SECOND))

    def move_to(self, moment: int) -> None:
        self._now = moment
        for event in self._moved:
            event.set()

    async def wait(self, until: int, news: asyncio.Event) -> None:
        moved = asyncio.Event()
        self._moved.add(moved)
        waits = [asyncio.ensure_future(each.wait()) for each in (moved, news)]
        try:
            if self._now < until:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
            self._moved.discard(moved)


class Works:
    """A runtime with `memory` and sinks."""

    def __init__(self, plant: Plant, folder: Path, clock: HandClock, **more: Any) -> None:
        self.plant, self.clock = plant, clock
        self.spool = Spool(folder / "runtime" / "spool.db")
        targets = Targets(["127.0.0.1", "localhost"], SINKS)
        tools = Tools(plant.runtime, self.spool, Vault(folder), targets, clock, **more)
        self.sinks = Sinks(plant.definitions, tools)

    async def write(self, **values: Any) -> None:
        """Write tags of `memory`."""
        done = await self.plant.runtime.write(
            ADMINISTRATOR, [Write(f"memory:{tag}", value) for tag, value in values.items()]
        )
        assert [each.error for each in done] == [None] * len(done)

    async def value(self, tag: str) -> Any:
        """The value of a tag of `memory`."""
        (found,) = await self.plant.runtime.read(ADMINISTRATOR, [f"memory:{tag}"])
        return found.value

    async def add(self, **given: Any) -> None:
        """Define a sink."""
        await self.sinks.add(msgspec.convert({"name": "Erp"} | given, Definition), ADMINISTRATOR)

    async def pushes(self, status: str = "") -> list[Push]:
        """The pushes of the sink, oldest first."""
        return (await self.sinks.deliveries("Erp", status, 1000))[::-1]

    async def until_seen(self, tag: str, value: Any) -> None:
        """Wait until a poll has seen a value, and a sink that listens has kept it."""
        await until(lambda: self.seen(tag) == value)

    def seen(self, tag: str) -> Any:
        """What the sink counts as the former value of a tag that fires it."""
        working = self.sinks._working["Erp"]
        return next(e.state for key, e in working._edges.items() if f'"memory:{tag}"' in key)


async def until(condition: Callable[[], Any]) -> Any:
    """Wait until a condition, which may be awaitable, holds; return what it gives."""
    end = time.monotonic() + PATIENCE
    while True:
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < end, "it did not come to that"
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def works_in(folder: Path, clock: HandClock, /, tags: dict[str, str], **more: Any) -> AsyncIterator[Works]:
    """Sinks that work, over a data folder that may have been used before."""
    with plant_in(folder) as plant:
        known = {tag.tag.partition(":")[2] for tag in plant.memory().tags()}
        plant.memory(**{name: kind for name, kind in tags.items() if name not in known})
        works = Works(plant, folder, clock, **more)
        await works.sinks.start()
        try:
            yield works
        finally:
            await works.sinks.stop()
            plant.runtime.close()
