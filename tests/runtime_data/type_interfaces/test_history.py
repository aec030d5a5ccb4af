"""History keeps the value of every type, answers it and calculates with it, or says that there is none to calculate with."""

from __future__ import annotations

import asyncio
import csv
import json
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from openness_bridge.errors import Problem
from runtime_data.history.day_files import DayFiles
from runtime_data.history.history import KIND, History
from runtime_data.history.model import HOUR, SECOND, Mode, Sample, Series
from runtime_data.native.history_answers import of_sample
from runtime_data.native.history_export import pieces_of
from runtime_data.quality import GOOD, LOCAL_OVERRIDE, NO_DATA, NOT_A_NUMBER
from runtime_data.runtime import Runtime, Write
from runtime_data.values import now
from tests.runtime_data.plant import OPERATOR
from tests.runtime_data.servers.s7.kit import Served
from tests.runtime_data.type_interfaces.cases import CASES, SOUND, TEXTS, Case
from tests.runtime_data.type_interfaces.program import path_of

LOGGED = [each for each in (*CASES, *TEXTS) if each.name not in ("Date_And_Time_broken", "WString_broken")]
NUMBERS = {each.type for each in CASES} - {
    "Date",
    "Time_Of_Day",
    "LTime_Of_Day",
    "Date_And_Time",
    "LDT",
    "Char",
    "WChar",
}
"""Types of which aggregates calculate; a duration is the number of its unit."""


def tag_of(case: Case) -> str:
    return f"memory:v_{case.name}" if case in TEXTS else path_of(case)


def kept(case: Case) -> Any:
    """The value of a sample: that of the table, or the float that JSON has no number for."""
    return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(case.text, case.value)


def same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)


@asynccontextmanager
async def logging(cpu: Served, folder: Path) -> AsyncIterator[History]:
    """A history with a series for each case."""
    runtime = Runtime(cpu.plant.sources, cpu.plant.rules)
    series = {tag_of(each): Series(tag_of(each), number=number) for number, each in enumerate(LOGGED, 1)}
    cpu.plant.definitions.put_all(KIND, series)
    cpu.plant.memory(**{f"v_{each.name}": each.type for each in TEXTS if not each.broken})
    texts = [Write(tag_of(each), each.value) for each in TEXTS if not each.broken]
    assert [each.error for each in await runtime.write(OPERATOR, texts)] == [None] * len(texts)
    history = History(runtime, cpu.plant.definitions, DayFiles(folder / "history"))
    await history.start()
    try:
        yield history
    finally:
        await history.stop()
        runtime.close()


async def newest(history: History, case: Case) -> Sample | None:
    found = await history.query(tag_of(case), now() - HOUR, now() + HOUR, limit=1, order="descending")
    return found[0] if found else None


def test_what_is_logged_is_what_the_tag_had(cpu: Served, tmp_path: Path) -> None:
    async def work() -> None:
        async with logging(cpu, tmp_path) as history:
            deadline = time.monotonic() + 60
            while None in (found := [await newest(history, each) for each in LOGGED]):
                assert time.monotonic() < deadline
                await history.flush()
                await asyncio.sleep(0.1)
            samples = {each.name: sample for each, sample in zip(LOGGED, found, strict=True) if sample}
            for each in LOGGED:
                sample = samples[each.name]
                status = GOOD if each.quality == "Good" else NOT_A_NUMBER
                assert same(sample.value, kept(each)) and sample.status == status.code, each
                shown = of_sample(sample, "number")
                assert same(shown.value, each.value), each
                assert shown.text == (each.text if isinstance(kept(each), float) and each.value is None else "")
                if each.type in ("LWord", "ULInt", "LInt", "LTime"):
                    assert of_sample(sample, "string").value == str(each.value)
            await check_exports(history)

    asyncio.run(work())


async def check_exports(history: History) -> None:
    """Each tag has its row in the file, with the value that JSON or the cell of a table has."""
    tags = [tag_of(each) for each in LOGGED]
    begin, end = now() - HOUR, now() + HOUR
    lines = b"".join([each async for each in pieces_of(history, tags, begin, end, "ndjson")]).splitlines()
    rows = {row["tag"]: row for row in map(json.loads, lines)}
    table = b"".join([each async for each in pieces_of(history, tags, begin, end, "csv")]).decode()
    cells = {row[0]: row[2] for row in csv.reader(table.splitlines())}
    for each in LOGGED:
        text = each.text if each.text in ("NaN", "Infinity", "-Infinity") else ""
        assert same(rows[tag_of(each)]["value"], each.value) and rows[tag_of(each)].get("text", "") == text
        cell = cells[tag_of(each)].removeprefix("'")
        if each.value is None or isinstance(each.value, str):
            assert cell == (each.value or text), each
        else:
            assert same(json.loads(cell), each.value), each


def test_values_by_hand_are_those_of_the_type(cpu: Served, tmp_path: Path) -> None:
    """Each value is entered as clients write it; what aggregates make of it is the value, or nothing."""

    async def work() -> None:
        async with logging(cpu, tmp_path) as history:
            begin = now() // SECOND * SECOND - 100 * SECOND
            for each in (*SOUND, *TEXTS[:2]):
                await history.insert(tag_of(each), [(begin, each.written)])
                (sample,) = await history.query(tag_of(each), begin, begin + 1)
                assert same(sample.value, kept(each)) and sample.status == LOCAL_OVERRIDE.code, each
            for each in SOUND:
                await check_aggregates(history, each, begin)
            for path, wrong in (("Int_low", 40_000), ("Time_Of_Day_low", "25:00:00"), ("Bool_low", "yes")):
                with pytest.raises(Problem) as refused:
                    await history.insert(f"PLC_1:Types.v_{path}", [(begin, wrong)])
                assert refused.value.code == "plcsim.value"

    asyncio.run(work())


async def check_aggregates(history: History, case: Case, begin: int) -> None:
    async def of(mode: Mode) -> tuple[Any, int]:
        (bucket,) = await history.aggregate(tag_of(case), begin, begin + SECOND, mode)
        return bucket.value, bucket.status

    number = case.value if case.type in NUMBERS else None
    wanted: dict[Mode, Any] = {
        "Average": number if number is None else float(number),
        "Sum": number if number is None else number + 0,
        "MinMax": number if number is None else [number, number],
        "Range": number if number is None else 0,
        "Variance": number if number is None else 0.0,
    }
    for mode, value in wanted.items():
        assert await of(mode) == (value, NO_DATA.code if value is None else GOOD.code), (case, mode)
    last, status = await of("LastValue")
    assert same(last, kept(case)) and status == GOOD.code
    assert await of("Count") == (1, GOOD.code) and await of("PctGood") == (100.0, GOOD.code)
