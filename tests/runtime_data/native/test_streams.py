"""Values as server-sent events, read from a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.identities import Identities
from engineering_api.web import value_stream
from runtime_data.feeds import Feeds, Pace
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from tests.runtime_data.native.live import Live, live


def run(folder: Path, scenario: Callable[[Live], Awaitable[None]], **settings: Any) -> None:
    async def whole() -> None:
        async with live(folder, **settings) as server:
            await asyncio.wait_for(scenario(server), 240)

    asyncio.run(whole())


def test_values_come_as_they_change_and_continue_after_the_last_event(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(count="DInt", name="String[20]")
        await server.put(count=1, name="a")
        tags = {"tag": ["memory:count", "memory:name"]}
        async with server.events(**tags) as events:
            values = await events.until(count=1, name="a")
            count = values["memory:count"]
            assert (count["quality"], count["statusCode"], count["dataType"]) == ("Good", 0, "DInt")
            assert count["sourceTime"].endswith("Z")
            await server.put(count=2)
            assert [each["tag"] for each in await events.take()] == ["memory:count"]
            last = events.last
        await server.put(count=3)
        async with server.events({"Last-Event-ID": last}, **tags) as events:
            assert [(each["tag"], each["value"]) for each in await events.take()] == [("memory:count", 3)]
        for of_another_time in ("5", "nothing"):
            async with server.events({"Last-Event-ID": of_another_time}, **tags) as events:
                await events.until(count=3, name="a")

    run(tmp_path, scenario)


def test_the_pace_of_each_tag(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(calm="Real", exact="Real", again="DInt", big="LInt")
        await server.put(calm=1, exact=1, again=1, big=2**60 + 1)
        pace = {"tag": ["memory:calm", "memory:exact"], "deadband": ["5", "0"], "period": "20"}
        async with server.events(**pace) as events:
            await events.until(calm=1.0, exact=1.0)
            await server.put(calm=4)
            await server.put(exact=4)
            assert [each["tag"] for each in await events.take()] == ["memory:exact"]
            await server.put(calm=7)
            await events.until(calm=7.0)
        async with server.events(tag="memory:again", changeOnly="false", period="20") as events:
            assert [(await events.take())[0]["value"] for _ in range(4)] == [1] * 4
        async with server.events(tag="memory:big", int64="string") as events:
            await events.until(big=str(2**60 + 1))
        async with server.events(tag="memory:big") as events:
            await events.until(big=2**60 + 1)

    run(tmp_path, scenario)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 400, "request.missing_field"),
        ({"tag": "memory:"}, 400, "runtime.tag"),
        ({"tag": "nowhere:x"}, 404, "source.not_found"),
        ({"tag": "memory:x", "period": "1"}, 400, "request.period"),
        ({"tag": "memory:x", "period": "often"}, 400, "request.pace"),
        ({"tag": "memory:x", "period": "nan"}, 400, "request.period"),
        ({"tag": "memory:x", "deadband": "-1"}, 400, "request.deadband"),
        ({"tag": ["memory:x", "memory:y"], "deadband": ["1", "2", "3"]}, 400, "request.pace"),
        ({"tag": "memory:x", "int64": "float"}, 400, "request.int64"),
        ({"tag": "memory:x", "token": "x"}, 400, "request.secret_in_url"),
    ],
)
def test_what_cannot_be_streamed_is_refused(client: Any, query: Any, status: int, code: str) -> None:
    client.refused(status, code, "GET", "/api/runtime/values/stream", **query)


def test_limits_of_streams_and_tags(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(a="DInt")
        path = "/api/runtime/values/stream"
        async with server.events(tag="memory:a") as first, server.events(tag="memory:a") as second:
            await first.until(a=None)
            await second.until(a=None)
            refused = await server.http.get(path, params={"tag": "memory:a"})
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "runtime.streams")
        async with asyncio.timeout(60):
            while True:  # the server notices that the first two have gone
                try:
                    async with server.events(tag=["memory:a", "memory:b", "memory:c", "memory:d"]) as events:
                        await events.take()
                except AssertionError as error:
                    if "runtime.stream_tags" in str(error):
                        break
                await asyncio.sleep(0.05)

    run(tmp_path, scenario, runtime_streams=2, runtime_stream_tags=3)


def test_rules_keep_tags_from_a_stream(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(open="DInt", hidden="DInt")
        await server.put(open=1, hidden=1)
        rules = server.service.part(Runtime).rules
        await asyncio.to_thread(rules.replace, [Rule("memory:hidden", ["administrator"])])
        _, key = await server.service.part(Identities).keys.make("victor", Right.VIEW, "me")
        async with server.events({"X-API-Key": key}, tag=["memory:open", "memory:hidden"]) as events:
            values = await events.until(open=1, hidden=None)
            assert values["memory:hidden"]["error"]["code"] == "runtime.read_denied"
            await asyncio.to_thread(rules.replace, [Rule("memory:open", ["administrator"])])
            await server.put(open=2, hidden=2)
            values = await events.until(open=None, hidden=2)
            assert values["memory:open"]["error"]["code"] == "runtime.read_denied"

    run(tmp_path, scenario)


def test_a_stream_ends_with_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime_data.native.runtime_stream_operations.ALIVE", 0.05)

    async def scenario(server: Live) -> None:
        await server.define(a="DInt")
        keys = server.service.part(Identities).keys
        made, key = await keys.make("victor", Right.VIEW, "me")
        async with server.events({"X-API-Key": key}, tag="memory:a") as events:
            await events.until(a=None)
            await keys.revoke(made.id)
            with pytest.raises(EOFError):
                await events.take()
        assert value_stream.ALIVE > 1

    run(tmp_path, scenario)


def test_a_quiet_stream_beats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first beat comes at once, and further ones although nothing changes."""
    monkeypatch.setattr("engineering_api.operations.streaming.beats.BEAT", 0.05)

    async def scenario(server: Live) -> None:
        await server.define(a="DInt")
        async with server.events(tag="memory:a") as events:
            await events.until(a=None)
            await events.listen(beats=4)
        assert [each["online"] for each in events.beats] == [{"memory": "unknown"}] * 4
        times = [each["time"] for each in events.beats]
        assert times == sorted(times) and times[0] < times[3]

    run(tmp_path, scenario)


def test_a_stream_ends_with_the_service(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(a="DInt")
        async with server.events(tag="memory:a") as events:
            await events.until(a=None)
            server.server.should_exit = True
            with pytest.raises((EOFError, httpx.HTTPError)):
                await events.take()

    run(tmp_path, scenario, shutdown_limit=200)


def test_a_slow_client_gets_the_newest_value_once(tmp_path: Path) -> None:
    """What a client takes that looks seldom: one message, however many changes there were."""

    async def scenario(server: Live) -> None:
        await server.define(a="DInt", b="DInt")
        feeds = server.service.part(Feeds)
        with feeds.open(Caller("victor", Right.VIEW)) as feed:
            await feed.add(["memory:a", "memory:b"], Pace())
            async with server.events(tag="memory:a", deadband="498") as other:
                await other.until(a=None)
                for number in range(500):
                    await server.put(a=number, b=-number)
                await other.until(a=499)
            batch = await feed.take(60)
            assert batch is not None and len(batch.values) == 2
            assert b'"value":499' in batch.document and b'"value":-499' in batch.document

    run(tmp_path, scenario)


def test_a_value_is_encoded_once_for_all_clients(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(a="DInt")
        feeds = server.service.part(Feeds)
        caller = Caller("victor", Right.VIEW)
        with feeds.open(caller) as one, feeds.open(caller) as two, feeds.open(caller, "string") as third:
            for feed in (one, two, third):
                await feed.add(["memory:a"], Pace())
                assert await feed.take(60)
            await server.put(a=5)
            first, second = [await feed.take(60) for feed in (one, two)]
            assert first is not None and second is not None
            assert first.values[0] is second.values[0]

    run(tmp_path, scenario)
