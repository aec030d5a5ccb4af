"""A history over tags of `memory`, without HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from runtime_data.history.day_files import DayFiles
from runtime_data.history.history import History
from runtime_data.history.model import HOUR, Sample, Store
from runtime_data.runtime import Write
from runtime_data.values import now
from tests.runtime_data.plant import OPERATOR, Plant, plant_in

MakeStore = Callable[[], Store]
"""Opens a store; each time the same, as after a restart."""


class Trial:
    """A history over tags of `memory`."""

    def __init__(self, plant: Plant, history: History) -> None:
        self.plant, self.history = plant, history

    async def write(self, path: str, value: Any) -> None:
        (written,) = await self.plant.runtime.write(OPERATOR, [Write(f"memory:{path}", value)])
        assert written.error is None

    async def samples(self, path: str) -> list[Sample]:
        await self.history.flush()
        return await self.history.query(f"memory:{path}", now() - HOUR, now() + HOUR)

    async def values(self, path: str) -> list[Any]:
        return [each.value for each in await self.samples(path)]

    async def has_newest(self, path: str, value: Any) -> None:
        """Until this is the newest value."""
        deadline = time.monotonic() + 60
        while (await self.values(path))[-1:] != [value]:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)


@asynccontextmanager
async def trial(folder: Path, store: Store | None = None, **tags: str) -> AsyncIterator[Trial]:
    with plant_in(folder) as plant:
        plant.memory(**tags)
        history = History(plant.runtime, plant.definitions, store or DayFiles(folder / "history"))
        await history.start()
        try:
            yield Trial(plant, history)
        finally:
            await history.stop()
            plant.runtime.close()
