"""The protocol tia.runtime.v1, spoken by the client of another library over a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from litestar.exceptions import WebSocketDisconnect
from litestar.testing import TestClient
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from engineering_api.app import create_app
from engineering_api.operations.terms import Right
from engineering_api.security.identities import Identities
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from tests.runtime_data.native.live import SUBPROTOCOL, Live, Socket, live
from tests.support.service import KEY, Client, settings

POLICY, TOO_LARGE, ENDS = 1008, 1009, (1001, 1012)


def run(folder: Path, scenario: Callable[[Live], Awaitable[None]], **given: Any) -> None:
    async def whole() -> None:
        async with live(folder, **given) as server:
            await asyncio.wait_for(scenario(server), 240)

    asyncio.run(whole())


async def closed(socket: Socket) -> int | None:
    """The code with which the service ends a connection."""
    try:
        while True:
            await socket.receive()
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


def test_subscribe_change_unsubscribe(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(a="Real", b="DInt")
        await server.put(a=1, b=1)
        async with server.socket() as socket:
            answer = await socket.ask("subscribe", tags=["memory:a", "MEMORY:b"], period=50)
            assert answer["data"] == {"tags": ["memory:a", "memory:b"]}
            await socket.until(a=1.0, b=1)
            await server.put(a=2, b=2)
            await socket.until(a=2.0, b=2)
            assert (await socket.ask("change", tags=["memory:a"], deadband=10))["type"] == "done"
            assert (await socket.ask("unsubscribe", tags=["memory:b"]))["data"] == {"tags": ["memory:b"]}
            await server.put(a=3, b=3)
            await server.put(a=30)
            await socket.until(a=30.0)
            assert socket.values["memory:b"]["value"] == 2
            assert (await socket.ask("unsubscribe"))["data"] == {"tags": ["memory:a"]}
            assert (await socket.ask("ping"))["data"] == {}

    run(tmp_path, scenario)


REFUSED = [
    ('{"type": "subscribe", "id": 7}', "request.message"),
    ('{"type": "subscribe", "id": 7, "tags": []}', "request.message"),
    ('{"type": "subscribe", "id": 7, "tags": ["memory:"]}', "runtime.tag"),
    ('{"type": "subscribe", "id": 7, "tags": ["nowhere:x"]}', "source.not_found"),
    ('{"type": "subscribe", "id": 7, "tags": ["memory:x"], "period": 1}', "request.period"),
    ('{"type": "subscribe", "id": 7, "tags": ["memory:x"], "every": true}', "request.message"),
    ('{"type": "change", "id": 7, "tags": ["memory:x"]}', "runtime.not_subscribed"),
    ('{"type": "unsubscribe", "id": 7, "tags": ["memory:x"]}', "runtime.not_subscribed"),
    ('{"type": "delete", "id": 7}', "request.message"),
    ('{"id": 7}', "request.message"),
]


def test_a_refused_message_names_its_id_and_why(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        async with server.socket() as socket:
            for message, code in REFUSED:
                await socket.connection.send(message)
                answer = await socket.receive()
                assert (answer["type"], answer["id"], answer["error"]["code"]) == ("refused", 7, code), message
                assert answer["error"]["message"]
            for message in ("{", "[]", '"ping"', "[" * 5000, '{"type": "ping", "id": {"a": 1}}'):
                await socket.connection.send(message)
                answer = await socket.receive()
                assert (answer["type"], answer["id"]) == ("refused", None), message
            assert (await socket.ask("ping"))["type"] == "done"

    run(tmp_path, scenario)


def test_nothing_comes_before_the_login(tmp_path: Path) -> None:
    firsts = [
        {"type": "login", "id": 1, "key": "wrong"},
        {"type": "login", "id": 1, "token": "wrong"},
        {"type": "login", "id": 1},
        {"type": "subscribe", "id": 1, "tags": ["memory:a"]},
    ]

    async def scenario(server: Live) -> None:
        for first in firsts:
            async with server.socket(key="") as socket:
                await socket.connection.send(json.dumps(first))
                answer = await socket.receive()
                assert answer["type"] == "refused" and answer["error"]["code"].startswith("auth."), first
                assert await closed(socket) == POLICY

    run(tmp_path, scenario)


def test_a_caller_who_is_limited_to_projects_has_no_values(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        _, key = await server.service.part(Identities).keys.make("lina", Right.ADMINISTER, "me", projects=["Line*"])
        async with server.socket(key="") as socket:
            await socket.send("login", key=key)
            assert (await socket.receive())["error"]["code"] == "auth.scope"
            assert await closed(socket) == POLICY
        answer = await server.http.get(
            "/api/runtime/values/stream", params={"tag": "memory:a"}, headers={"X-API-Key": key}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "auth.scope")

    run(tmp_path, scenario)


def test_a_client_that_does_not_log_in_is_sent_away(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        async with server.socket(key="") as socket:
            assert (await socket.receive())["error"]["code"] == "auth.required"
            assert await closed(socket) == POLICY

    run(tmp_path, scenario, head_timeout=0.2)


def test_a_token_of_a_login_and_its_end(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        users = server.service.part(Identities).users
        await users.make("eva", "correct horse battery staple", Right.VIEW, "me")
        token = (await users.login("eva", "correct horse battery staple", "")).access
        async with server.socket(key="") as socket:
            answer = await socket.ask("login", token=token)
            assert answer["data"] == {"name": "user:eva", "right": "viewer"}
            await users.remove("eva")
            await socket.send("ping")
            assert (await socket.receive())["error"]["code"] == "auth.expired"
            assert await closed(socket) == POLICY

    run(tmp_path, scenario)


async def refused(url: str, **options: Any) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(url, **({"subprotocols": [SUBPROTOCOL]} | options)):
            pass
    answer = refusal.value.response
    return answer.status_code, json.loads(answer.body or b"{}").get("error", {}).get("code", "")


def test_who_may_not_even_connect(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        url = server.url.replace("http", "ws") + "/api/runtime/ws"
        page = "https://evil.example"
        assert await refused(url, origin=page) == (403, "request.origin")
        assert await refused(url, additional_headers={"Host": "evil.example"}) == (421, "request.host")
        assert await refused(f"{url}?token=abc") == (400, "request.secret_in_url")
        assert await refused(url, subprotocols=None) == (400, "request.subprotocol")
        assert await refused(url, subprotocols=["graphql-transport-ws"]) == (400, "request.subprotocol")
        for elsewhere in ("/api/runtime/values/stream", "/api/health", "/nowhere"):
            assert (await refused(server.url.replace("http", "ws") + elsewhere))[0] in (403, 404)
        for good in (server.url, "https://hmi.plant.local"):
            async with server.socket(origin=good) as socket:
                assert (await socket.ask("ping"))["type"] == "done"

    run(tmp_path, scenario, cors_origins=["https://hmi.plant.local"])


def test_the_route_asks_http_clients_to_upgrade(client: Client) -> None:
    client.refused(426, "request.upgrade", "GET", "/api/runtime/ws")
    del client.http.headers["X-API-Key"]
    client.refused(401, "auth.required", "GET", "/api/runtime/ws")


def test_a_message_that_is_too_large_ends_the_connection(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        async with server.socket() as socket:
            await socket.send("subscribe", tags=["memory:" + "a" * 20_000])
            assert await closed(socket) == TOO_LARGE
        async with server.socket() as socket:
            await socket.connection.send(b"\x00")
            assert await closed(socket) == 1003

    run(tmp_path, scenario, max_message=10_000)


def test_the_limit_of_a_message_counts_without_a_server_too(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, max_message=1000))
    with TestClient(app) as http, http.websocket_connect("/api/runtime/ws", subprotocols=[SUBPROTOCOL]) as socket:
        socket.send_json({"type": "login", "id": 1, "key": KEY})
        assert socket.receive_json()["type"] == "done"
        socket.send_text("x" * 1001)
        with pytest.raises(WebSocketDisconnect) as end:
            while socket.receive_json()["type"] == "beat":
                pass
        assert end.value.code == TOO_LARGE


def test_limits_of_tags_messages_and_streams(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        async with server.socket() as socket:
            answer = await socket.ask("subscribe", tags=[f"memory:t{number}" for number in range(4)])
            assert answer["error"]["code"] == "runtime.stream_tags"
            assert (await socket.ask("subscribe", tags=["memory:a", "memory:b"]))["type"] == "done"
            assert (await socket.ask("subscribe", tags=["memory:b", "memory:c"]))["type"] == "done"
            assert (await socket.ask("subscribe", tags=["memory:d"]))["error"]["code"] == "runtime.stream_tags"
            async with server.socket() as second:
                assert (await second.receive())["error"]["code"] == "runtime.streams"
                assert await closed(second) == POLICY
            codes = set()
            for _ in range(200):
                await socket.connection.send('{"type": "ping", "id": 1}')
            for _ in range(200):
                while (answer := await socket.receive())["type"] == "values":
                    pass
                codes.add(answer.get("error", {}).get("code", answer["type"]))
            assert codes == {"done", "runtime.messages"}

    run(tmp_path, scenario, runtime_streams=1, runtime_stream_tags=3, runtime_messages=10)


def test_messages_count_as_requests(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        async with server.socket() as socket:
            codes = [(await socket.ask("ping"))["type"] for _ in range(3)]
            for _ in range(20):
                await socket.connection.send('{"type": "ping", "id": 1}')
            answers = [await socket.receive() for _ in range(20)]
            assert codes == ["done"] * 3
            assert any(each.get("error", {}).get("code") == "request.too_many" for each in answers)

    run(tmp_path, scenario, rate_limit=12)


def test_rules_keep_tags_from_a_client(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(a="DInt")
        await server.put(a=1)
        rules = server.service.part(Runtime).rules
        await asyncio.to_thread(rules.replace, [Rule("memory:a", ["administrator"])])
        _, key = await server.service.part(Identities).keys.make("victor", Right.VIEW, "me")
        async with server.socket(key) as socket:
            await socket.send("subscribe", tags=["memory:a"])
            while "memory:a" not in socket.values:
                await socket.receive()
            assert socket.values["memory:a"]["error"]["code"] == "runtime.read_denied"
            assert socket.values["memory:a"]["value"] is None

    run(tmp_path, scenario)


@pytest.mark.slow
def test_a_client_that_does_not_read_gets_the_newest_values(tmp_path: Path) -> None:
    """It reads nothing while megabytes of values change; then it gets the last of each tag, and not all of them."""
    count, turns = 200, 300

    async def scenario(server: Live) -> None:
        names = [f"t{number}" for number in range(count)]
        await server.define(**dict.fromkeys(names, "String[254]"))
        async with server.socket(max_queue=1) as socket:
            await socket.ask("subscribe", tags=[f"memory:{name}" for name in names])
            for turn in range(turns):
                await server.put(**dict.fromkeys(names, f"{turn:04}" + "x" * 200))
            last = f"{turns - 1:04}" + "x" * 200
            await socket.until(**dict.fromkeys(names, last))
            assert socket.messages < turns / 2

    run(tmp_path, scenario)


def test_a_connection_ends_with_the_service(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        async with server.socket() as socket:
            server.server.should_exit = True
            assert await closed(socket) in ENDS

    run(tmp_path, scenario, shutdown_limit=200)


def test_a_connection_outlives_the_limits_of_a_request(tmp_path: Path) -> None:
    """The timers for heads and bodies end when the connection becomes a WebSocket."""

    async def scenario(server: Live) -> None:
        async with server.socket() as socket:
            for _ in range(4):
                await asyncio.sleep(0.3)
                assert (await socket.ask("ping"))["type"] == "done"

    run(tmp_path, scenario, head_timeout=0.5, body_timeout=0.5, keep_alive=1)


def test_writing_is_checked_and_audited_as_over_http(tmp_path: Path) -> None:
    async def scenario(server: Live) -> None:
        await server.define(a="DInt", b="DInt")
        keys = server.service.part(Identities).keys
        _, operator = await keys.make("olga", Right.OPERATE, "me")
        _, viewer = await keys.make("victor", Right.VIEW, "me")
        writes = [{"tag": "memory:a", "value": 7}, {"tag": "memory:b", "value": "much"}]
        async with server.socket(operator) as socket:
            await socket.ask("subscribe", tags=["memory:a"])
            answer = await socket.ask("write", writes=writes)
            assert (answer["data"]["written"], answer["data"]["refused"]) == (1, 1)
            await socket.until(a=7)
            refused = await socket.ask("write", writes=[{"tag": "memory:a", "values": 1}])
            assert (refused["type"], refused["error"]["code"].partition(".")[0]) == ("refused", "request")
        async with server.socket(viewer) as socket:
            assert (await socket.ask("write", writes=writes))["error"]["code"] == "auth.right"
        entries = (await server.http.get("/api/audit", params={"operation": "runtime_values.write"})).json()["data"]
        found = json.dumps(entries)
        assert "olga" in found and "victor" in found and "auth.right" in found

    run(tmp_path, scenario)
