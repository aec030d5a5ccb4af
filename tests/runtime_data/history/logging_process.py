"""Logs a counter of `memory` until it is killed, and says of each value when it was written: python -m ... FOLDER"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from runtime_data.history.model import Series
from tests.runtime_data.history.trial import trial


async def main(folder: Path) -> None:
    async with trial(folder, count="DInt") as plant:
        await plant.history.define(Series("memory:count", period=0.05))
        for number in range(1_000_000):
            await plant.write("count", number)
            print(number, time.monotonic(), flush=True)  # noqa: T201 - what the test reads
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
