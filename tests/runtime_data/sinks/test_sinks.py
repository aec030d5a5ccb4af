"""Sinks from the change of a tag to the answer that is written back, with a receiver that fails."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from openness_bridge.errors import Problem
from openness_bridge.program_identity import ProgramState
from tests.engineering_api.features.webhooks.receiver import Receiver, answered, cut, receiving
from tests.runtime_data.sinks.kit import HandClock, Works, at, until, works_in

BEGIN = at("2026-11-23T12:00:00Z")
TAGS = {
    "done": "Bool",
    "order": "String[20]",
    "count": "Int",
    "free": "Bool",
    "status": "Int",
    "next": "Int",
    "raw": "String",
}
PERIOD = "50ms"


def send(receiver: Receiver, **more: Any) -> dict[str, Any]:
    template = {"order": "{tag:memory:order}", "count": "{tag:memory:count}", "key": "{key}"}
    return {"url": receiver.url, "body": {"template": template}} | more


async def equal(sources: Collection[str]) -> Mapping[str, ProgramState]:
    return dict.fromkeys(sources, "equal")


async def prepared(works: Works, **values: Any) -> None:
    await works.write(**({"done": False, "order": "4711", "count": 1, "free": True} | values))


def test_a_rising_tag_is_pushed_once_with_the_values_of_that_moment(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        async with works_in(tmp_path, HandClock(BEGIN), TAGS, programs=equal) as works:
            await prepared(works)
            await works.add(when=[{"change": "memory:done", "rising": True, "period": PERIOD}], send=send(receiver))
            await works.until_seen("done", False)
            await works.write(done=True, count=7)
            (push,) = await until(lambda: works.pushes("Delivered"))
            (came,) = receiver.received
            assert came.payload == {"order": "4711", "count": 7, "key": push.key}
            assert came.headers["Idempotency-Key"] == push.key
            assert came.headers["Content-Type"] == "application/json"
            assert came.headers["X-Online"] == "memory=equal"
            await works.write(done=False)
            await works.until_seen("done", False)
            await works.write(done=True, count=8)
            await until(lambda: len(receiver.received) == 2)
            assert receiver.received[1].payload["count"] == 8
            assert receiver.received[1].headers["Idempotency-Key"] != push.key

    with receiving() as receiver:
        asyncio.run(play(receiver))


def test_a_receiver_that_fails_gets_the_same_key_later_and_in_order(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        clock = HandClock(BEGIN)
        receiver.planned += [503, cut, 429]
        async with works_in(tmp_path, clock, TAGS, programs=equal) as works:
            await prepared(works)
            await works.add(when=[{"change": "memory:count", "period": PERIOD}], send=send(receiver))
            await works.until_seen("count", 1)
            await works.write(count=2)
            await until(lambda: len(receiver.received) == 1)
            await works.write(count=3)
            await until(lambda: works.pushes())
            for delay, tried in ((2, 2), (6, 3), (18, 4)):
                first = await until(lambda tried=tried: _tried(works, tried - 1))
                assert first.next == clock.now() + delay * 10**6
                clock.move(delay - 0.001)
                assert len(receiver.received) == tried - 1
                clock.move(0.001)
                await until(lambda tried=tried: len(receiver.received) >= tried)
            await until(lambda: len(receiver.received) == 5)
            await until(lambda: _count(works, "Delivered", 2))
            counts = [came.payload["count"] for came in receiver.received]
            keys = [came.headers["Idempotency-Key"] for came in receiver.received]
            assert counts == [2, 2, 2, 2, 3]
            assert len(set(keys[:4])) == 1 and keys[4] not in keys[:4]
            programs = [came.headers["X-Online"] for came in receiver.received]
            assert programs[:4] == ["memory=equal", *["memory=unknown"] * 3], "what has waited is of the past"

    with receiving() as receiver:
        asyncio.run(play(receiver))


async def _tried(works: Works, times: int) -> Any:
    push = next(iter(await works.pushes()), None)
    return push if push is not None and push.attempts == times else None


async def _count(works: Works, status: str, count: int) -> bool:
    return len(await works.pushes(status)) == count


def test_what_a_receiver_refuses_for_good_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        receiver.planned += [422, 302]
        async with works_in(tmp_path, HandClock(BEGIN), TAGS) as works:
            await prepared(works)
            await works.add(
                when=[{"change": "memory:count", "period": PERIOD}],
                send=send(receiver),
                answer={"status": "memory:status"},
            )
            await works.until_seen("count", 1)
            for count, status in ((2, 422), (3, 302), (4, 200)):
                await works.write(count=count)
                await until(lambda status=status: _value(works, "status", status))
            assert [(each.status, each.answer) for each in await works.pushes()] == [
                ("Failed", 422),
                ("Failed", 302),
                ("Delivered", 200),
            ]
            (refused, *_) = await works.pushes()
            again = await works.sinks.redeliver("Erp", refused.key)
            assert again.key == refused.key
            await until(lambda: len(receiver.received) == 4)
            assert receiver.received[3].headers["Idempotency-Key"] == refused.key
            assert receiver.received[3].body == receiver.received[0].body
            with pytest.raises(Problem) as unknown:
                await works.sinks.redeliver("Erp", "nope")
            assert unknown.value.code == "push.not_found"

    with receiving() as receiver:
        asyncio.run(play(receiver))


async def _value(works: Works, tag: str, value: Any) -> bool:
    return bool(await works.value(tag) == value)


def test_free_order_does_not_wait_for_the_first(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        receiver.planned += [503]
        async with works_in(tmp_path, HandClock(BEGIN), TAGS) as works:
            await prepared(works)
            when = [{"change": "memory:count", "period": PERIOD}]
            await works.add(when=when, send=send(receiver), spool={"order": "free"})
            await works.until_seen("count", 1)
            await works.write(count=2)
            await until(lambda: _tried(works, 1))
            await works.write(count=3)
            await until(lambda: works.pushes("Delivered"))
            assert [each.status for each in await works.pushes()] == ["Pending", "Delivered"]
            assert await works.sinks.flush("Erp") == 1
            await until(lambda: _count(works, "Delivered", 2))
            assert [came.payload["count"] for came in receiver.received] == [2, 3, 2]

    with receiving() as receiver:
        asyncio.run(play(receiver))


def test_a_handshake_is_set_back_after_the_delivery_and_the_answer(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        clock = HandClock(BEGIN)
        receiver.planned += [503, answered(json.dumps({"order": {"number": 815}}).encode())]
        async with works_in(tmp_path, clock, TAGS) as works:
            await prepared(works, done=True)
            await works.add(
                when=[{"change": "memory:done", "ack": True, "period": PERIOD, "condition": "memory:free"}],
                send=send(receiver),
                answer={"status": "memory:status", "body": {"memory:next": "/order/number", "memory:raw": ""}},
            )
            await until(lambda: _value(works, "status", 503))
            assert await works.value("done") is True
            clock.move(2)
            await until(lambda: _value(works, "done", False))
            assert (await works.value("status"), await works.value("next")) == (200, 815)
            assert json.loads(await works.value("raw")) == {"order": {"number": 815}}
            await works.write(free=False)
            await works.write(done=True, order="4712")
            await works.until_seen("done", True)
            await works.write(done=False)
            await works.until_seen("done", False)
            await works.write(free=True)
            await works.write(done=True, order="4713")
            await until(lambda: len(receiver.received) == 3)
            assert [came.payload["order"] for came in receiver.received] == ["4711", "4711", "4713"]

    with receiving() as receiver:
        asyncio.run(play(receiver))


def test_what_waits_survives_the_end_of_the_service_and_nothing_is_sent_anew(tmp_path: Path) -> None:
    when = [{"change": "memory:done", "ack": True, "period": PERIOD}, {"change": "memory:count", "period": PERIOD}]

    async def before(receiver: Receiver) -> None:
        receiver.planned += [cut]
        async with works_in(tmp_path, HandClock(BEGIN), TAGS) as works:
            await prepared(works, done=True)
            await works.add(when=when, send=send(receiver))
            await until(lambda: _tried(works, 1))
            await works.until_seen("count", 1)

    async def after(receiver: Receiver) -> None:
        clock = HandClock(BEGIN + 60 * 10**6)
        async with works_in(tmp_path, clock, TAGS) as works:
            await until(lambda: _value(works, "done", False))
            await works.write(count=5)
            await until(lambda: _count(works, "Delivered", 2))
            keys = [came.headers["Idempotency-Key"] for came in receiver.received]
            assert [came.payload["count"] for came in receiver.received] == [1, 1, 5]
            assert keys[0] == keys[1] != keys[2]

    async def change_meanwhile() -> None:
        async with works_in(tmp_path, HandClock(BEGIN), TAGS) as works:
            await works.sinks.change("Erp", {"enabled": False}, ADMIN)
            await works.write(count=9)
            await works.sinks.change("Erp", {"enabled": True}, ADMIN)
            await until(lambda: _count(works, "Delivered", 3))

    from tests.runtime_data.sinks.kit import ADMINISTRATOR as ADMIN

    with receiving() as receiver:
        asyncio.run(before(receiver))
        asyncio.run(after(receiver))
        asyncio.run(change_meanwhile())
        assert receiver.received[-1].payload["count"] == 9


def test_what_is_too_old_or_too_much_is_dropped_and_counted(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        clock = HandClock(BEGIN)
        receiver.planned += [cut] * 10
        async with works_in(tmp_path, clock, TAGS) as works:
            await prepared(works)
            big = {"template": "{tag:memory:count}" + "x" * 700, "format": "text"}
            await works.add(
                when=[{"change": "memory:count", "period": PERIOD}],
                send=send(receiver, body=big),
                spool={"size": "2KiB", "keep": "1h"},
            )
            await works.until_seen("count", 1)
            for count in (2, 3, 4):
                await works.write(count=count)
                await until(lambda count=count: _count(works, "", count - 1))
            assert [each.status for each in await works.pushes()] == ["Dropped", "Pending", "Pending"]
            waiting = await works.sinks.waiting("Erp")
            assert (waiting.pushes, waiting.counts) == (2, {"Dropped": 1}) and waiting.size <= 2048
            clock.move(3601)
            await until(lambda: _count(works, "Dropped", 2))
            assert (await works.sinks.waiting("Erp")).counts == {"Dropped": 3}

    with receiving() as receiver:
        asyncio.run(play(receiver))


def test_a_deadband_is_measured_from_what_fired_last(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        async with works_in(tmp_path, HandClock(BEGIN), TAGS) as works:
            await prepared(works, count=10)
            await works.add(when=[{"change": "memory:count", "deadband": 5, "period": PERIOD}], send=send(receiver))
            await works.until_seen("count", 10)
            await works.write(count=15)
            await works.write(count=16)
            await until(lambda: _count(works, "Delivered", 1))
            await works.write(count=11)
            await works.write(count=30)
            await until(lambda: _count(works, "Delivered", 2))
            assert [came.payload["count"] for came in receiver.received] == [16, 30]

    with receiving() as receiver:
        asyncio.run(play(receiver))


def test_a_test_is_sent_aside_and_leaves_nothing(tmp_path: Path) -> None:
    async def play(receiver: Receiver) -> None:
        receiver.planned += [answered(b"thanks", 201), 500]
        async with works_in(tmp_path, HandClock(BEGIN), TAGS) as works:
            await prepared(works)
            await works.add(when=[{"every": "1h"}], send=send(receiver), enabled=False)
            push, answer = await works.sinks.test("Erp")
            assert (answer.ok, answer.status, answer.body) == (True, 201, b"thanks")
            assert receiver.received[0].payload == {"order": "4711", "count": 1, "key": push.key}
            _, answer = await works.sinks.test("Erp")
            assert (answer.ok, answer.status) == (False, 500)
            assert await works.pushes() == []

    with receiving() as receiver:
        asyncio.run(play(receiver))


def test_an_event_that_fires_again_after_a_restore_has_the_same_key(tmp_path: Path) -> None:
    template = {"count": "{tag:memory:count}", "at": "{now}"}
    clock = HandClock(BEGIN)

    async def play(receiver: Receiver) -> None:
        async with works_in(tmp_path, clock, TAGS) as works:
            await prepared(works)
            when = [{"change": "memory:count", "period": PERIOD}, {"shift": {"early": "06:00", "late": "14:00"}}]
            await works.add(when=when, send={"url": receiver.url, "body": {"template": template}})
            await works.until_seen("count", 1)
            await works.write(count=2)
            await until(lambda: _count(works, "Delivered", 1))
        shutil.copytree(tmp_path / "runtime", tmp_path / "backup")
        async with works_in(tmp_path, clock, TAGS) as works:
            await works.until_seen("count", 2)
            await works.write(count=3)
            await until(lambda: _count(works, "Delivered", 2))
            clock.move(2 * 3600)
            await until(lambda: _count(works, "Delivered", 3))
        shutil.rmtree(tmp_path / "runtime")
        shutil.copytree(tmp_path / "backup", tmp_path / "runtime")
        async with works_in(tmp_path, clock, TAGS) as works:
            await until(lambda: _count(works, "Delivered", 3))

    with receiving() as receiver:
        asyncio.run(play(receiver))
    keys = [each.headers["Idempotency-Key"] for each in receiver.received]
    assert (len(keys), len(set(keys))) == (5, 3)
    assert set(keys[1:3]) == set(keys[3:])
