"""The guide about an ERP: its sink, run with a clock that the test moves, against an ERP that is away and forgets answers."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from engineering_api.app import create_app
from runtime_data.sinks.delivery import DELAYS
from runtime_data.sources.memory import MemorySource, MemoryTag
from runtime_data.sources.registry import SourceDefinition
from tests.engineering_api.features.webhooks.receiver import Receiver, answered, cut, receiving
from tests.runtime_data.sinks.kit import ADMINISTRATOR, HandClock, Works, at, until, works_in
from tests.support.pages import Page, assert_shown
from tests.support.service import Client, settings

PAGE = Page("guides/erp.md")
NAME = "Shift report"
CONFIRMED = answered(json.dumps({"ConfirmationGroup": "0000008151"}).encode(), 201)


def definition(receiver: Receiver) -> dict[str, Any]:
    """The sink of the page, which sends to the receiver of the test."""
    _, _, body, _ = next(PAGE.requests())
    body["send"]["url"] = receiver.url
    found: dict[str, Any] = body
    return found


def define_tags(works: Works) -> None:
    """The tags of the page's table; `Line` is a source of the service here."""
    works.plant.sources.create(SourceDefinition("Line", "memory"))
    line = works.plant.sources.find("Line")
    assert isinstance(line, MemorySource)
    for tag, kind in re.findall(r"^\| `Line:([\w.]+)` \| (\w+) \|", PAGE.text, re.MULTILINE):
        line.define(MemoryTag(tag, kind))


async def count(works: Works, **values: Any) -> None:
    line = works.plant.sources.find("Line")
    errors = await asyncio.to_thread(line.write, list(values.items()), {}, atomic=True)
    assert errors == [None] * len(values)


async def of_line(works: Works, tag: str) -> Any:
    (found,) = await works.plant.runtime.read(ADMINISTRATOR, [f"Line:{tag}"])
    return found.value


def booked(receiver: Receiver) -> list[Any]:
    """What an ERP that looks for keys has booked."""
    accepted = {came.payload["ExternalKey"]: came.payload for came in receiver.received}
    return list(accepted.values())


def test_the_report_of_the_page_arrives(tmp_path: Path) -> None:
    shown = next(
        json.loads(each) for each in re.findall(r"```json\n(.*?)```", PAGE.text, re.DOTALL) if "OrderID" in each
    )

    async def play(receiver: Receiver) -> None:
        receiver.planned += [CONFIRMED]
        clock = HandClock(at("2026-11-23T12:59:00Z"))
        async with works_in(tmp_path, clock, {}) as works:
            define_tags(works)
            await works.add(**definition(receiver))
            await count(works, Order="1000471", Good=480, Scrap=3, Steel=1920.5)
            await asyncio.sleep(0)
            await until(lambda: states(works))
            assert receiver.received == []
            clock.move(60)
            await until(lambda: of_status(works, 201))
            await until(lambda: of_document(works))
            (came,) = receiver.received
            assert_shown(shown, came.payload, "the body")
            assert came.payload["ExternalKey"] == came.headers["Idempotency-Key"]
            assert came.headers["X-Plant"] == "North"

    with receiving() as receiver:
        asyncio.run(play(receiver))


async def of_status(works: Works, status: int) -> bool:
    return bool(await of_line(works, "Erp.status") == status)


async def of_document(works: Works) -> bool:
    return bool(await of_line(works, "Erp.document") == "0000008151")


async def states(works: Works) -> Any:
    """Whether the sink has noted since when it waits for the end of a shift."""
    return await works.spool.states(NAME)


def test_nothing_is_lost_and_nothing_is_booked_twice(tmp_path: Path) -> None:
    """The ERP is away over two ends of shifts and a restart; then it books a report whose answer is lost."""

    async def early_and_late(receiver: Receiver) -> None:
        clock = HandClock(at("2026-11-23T12:59:59Z"))
        receiver.planned += [503] * 100
        async with works_in(tmp_path, clock, {}) as works:
            define_tags(works)
            await works.add(**definition(receiver))
            await until(lambda: states(works))
            await count(works, Order="1000471", Good=480, Scrap=3, Steel=1920.5)
            clock.move(1)
            for tried, delay in enumerate(DELAYS, 1):
                await until(lambda tried=tried: attempts(works, tried))
                await until(lambda: of_status(works, 503))
                clock.move(delay)
            await count(works, Good=455, Scrap=0, Steel=1821.0)
            clock.move_to(at("2026-11-23T21:00:00Z"))
            await until(lambda: pending(works, 2))

    async def night(receiver: Receiver) -> None:
        clock = HandClock(at("2026-11-24T04:59:00Z"))
        receiver.planned[:] = [cut, CONFIRMED, CONFIRMED, CONFIRMED]
        async with works_in(tmp_path, clock, {}) as works:
            await until(lambda: len(receiver.received) > sent_before)
            await count(works, Good=470, Scrap=1, Steel=1880.0)
            clock.move_to(at("2026-11-24T05:00:00Z"))
            clock.move(2000)
            await until(lambda: delivered(works, 3))
            assert receiver.planned == []

    with receiving() as receiver:
        asyncio.run(early_and_late(receiver))
        sent_before = len(receiver.received)
        asyncio.run(night(receiver))
    reports = booked(receiver)
    assert [each["Shift"] for each in reports] == ["Early", "Late", "Night"]
    assert [each["ConfirmationYieldQuantity"] for each in reports] == [480, 455, 470]
    assert [each["MaterialMovements"][0]["Quantity"] for each in reports] == [1920.5, 1821.0, 1880.0]
    assert [each["ShiftEnd"][:16] for each in reports] == ["2026-11-23T13:00", "2026-11-23T21:00", "2026-11-24T05:00"]
    assert all(each["ShiftBegin"] == before["ShiftEnd"] for before, each in itertools.pairwise(reports))
    for came in receiver.received:
        assert came.payload["ExternalKey"] == came.headers["Idempotency-Key"]


async def attempts(works: Works, times: int) -> bool:
    found = await works.sinks.deliveries(NAME, "", 10)
    return bool(found) and found[-1].attempts == times


async def pending(works: Works, count: int) -> bool:
    return len(await works.sinks.deliveries(NAME, "Pending", 10)) == count


async def delivered(works: Works, count: int) -> bool:
    return len(await works.sinks.deliveries(NAME, "Delivered", 10)) == count


def test_the_requests_of_the_page_are_answered_as_it_shows(tmp_path: Path) -> None:
    hosts = re.findall(r"TIA_SINK_HOSTS=(\S+)", PAGE.text)
    with TestClient(create_app(settings(tmp_path, sink_hosts=hosts))) as http:
        client = Client(http)
        assert PAGE.play(lambda method, path, body: client.ok(method, path, body)) == 2
        assert "the-password-of-line-1" not in http.get(f"/api/runtime/sinks/{NAME}").text
