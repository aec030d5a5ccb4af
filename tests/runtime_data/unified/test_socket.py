"""Subscriptions over graphql-transport-ws, spoken by the client of another library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from engineering_api.security.identities import Identities
from tests.runtime_data.unified.kit import Unified, run

VALUES = """subscription($n: [String!]!) { tagValues(names: $n) {
  name value { value } error { code } notificationReason } }"""
ALARMS = "subscription { activeAlarms { name state notificationReason } }"


def payload(message: Any) -> Any:
    assert message["type"] == "next", message
    return next(iter(message["payload"]["data"].values()))


def test_values_as_they_change(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        async with client.socket() as socket:
            name = await socket.start(VALUES, n=["memory:Level", "Memory:Count", "nowhere:x"])
            messages = [await socket.take() for _ in range(3)]
            first = {payload(each)["name"]: payload(each) for each in messages}
            programs = {payload(each)["name"]: each["payload"].get("extensions") for each in messages}
            of_memory = {"online": {"memory": "unknown"}}
            assert programs == {"memory:Level": of_memory, "Memory:Count": of_memory, "nowhere:x": None}
            assert {key: each["value"]["value"] for key, each in first.items()} == {
                "memory:Level": 20.5,
                "Memory:Count": 7,
                "nowhere:x": None,
            }
            assert {each["notificationReason"] for each in first.values()} == {"Added"}
            assert first["nowhere:x"]["error"]["code"] == "2"
            await client.server.put(Count=8)
            found = payload((await socket.until(lambda each: payload(each)["value"]["value"] == 8))[-1])
            assert (found["name"], found["notificationReason"]) == ("Memory:Count", "Modified")
            await socket.connection.send(json.dumps({"id": name, "type": "complete"}))
            query = await socket.start("{ session { user { name } } }")
            last = await socket.until(lambda each: each["type"] == "complete")
            assert [each["id"] for each in last if each["id"] == query] == [query, query]

    run(tmp_path, scenario)


def test_alarms_as_they_come_and_go(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("olga")
        async with client.socket() as socket:
            await socket.start(ALARMS)
            await client.server.put(Level=60.0)
            raised = await socket.take()
            assert payload(raised) == {"name": "Tank hot", "state": "RAISED", "notificationReason": "Added"}
            assert "extensions" not in raised["payload"], "an alarm is of the moment when it came"
            await client.ask('mutation { acknowledgeAlarms(input: [{name: "Tank hot"}]) { alarmName } }')
            found = payload(await socket.take())
            assert (found["state"], found["notificationReason"]) == ("RAISED_ACKNOWLEDGED", "Modified")
            await client.server.put(Level=0.0)
            found = payload(await socket.take())
            assert (found["state"], found["notificationReason"]) == ("NORMAL", "Removed")
            redundancy = await socket.start("subscription { reduState { value { value } } }")
            message = await socket.take()
            assert message["id"] == redundancy
            assert payload(message) == {"value": {"value": "ACTIVE"}}

    run(tmp_path, scenario)


def test_ping_errors_and_wrong_documents(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        async with client.socket() as socket:
            await socket.connection.send('{"type": "ping"}')
            assert await socket.take() == {"type": "pong"}
            await socket.start("subscription { nothing }")
            assert (await socket.take())["type"] == "error"
            await socket.start('subscription { activeAlarms(filterString: "?") { name } }')
            message = await socket.take()
            assert message["type"] == "error", message

    run(tmp_path, scenario)


CLOSED = [
    (['{"type": "subscribe", "id": "1", "payload": {"query": "{ nonce }"}}'], 4401),
    (['{"type": "connection_init", "payload": {"Authorization": "Bearer x"}}'], 4401),
    (['{"type": "connection_init"}'], 4401),
    ([None, '{"type": "connection_init"}'], 4429),
    ([None, '{"type": "dance"}'], 4400),
    ([None, "[]"], 4400),
    ([None, "{"], 4400),
    ([None, '{"type": "subscribe", "id": "1"}'], 4400),
    ([None, '{"type": "subscribe", "id": 1, "payload": {"query": "{ nonce }"}}'], 4400),
    (
        [
            None,
            *[
                '{"type": "subscribe", "id": "1", "payload": {"query": "subscription { reduState { notificationReason } }"}}'
            ]
            * 2,
        ],
        4409,
    ),
]


def test_how_the_protocol_ends(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        good = json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {client.token}"}})
        for messages, code in CLOSED:
            async with client.connection() as connection:
                for message in messages:
                    await connection.send(good if message is None else message)
                with pytest.raises(ConnectionClosed) as ended:
                    while True:
                        await connection.recv()
                assert ended.value.rcvd is not None
                assert ended.value.rcvd.code == code, messages

    run(tmp_path, scenario)


def test_a_subscription_ends_with_its_login(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        async with client.socket() as socket:
            await socket.start(VALUES, n=["memory:Count"])
            await socket.take()
            assert await client.ask("mutation { logout }") == {"logout": True}
            await client.server.put(Count=99)
            with pytest.raises(ConnectionClosed) as ended:
                await socket.until(lambda _: False)
            assert ended.value.rcvd is not None
            assert ended.value.rcvd.code == 4401
        assert client.server.service.part(Identities) is not None

    run(tmp_path, scenario)


def test_a_page_of_another_origin_is_refused(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        connection = client.connection()
        connection.additional_headers = {"Origin": "http://evil.example"}
        with pytest.raises(InvalidStatus):
            async with connection:
                pass

    run(tmp_path, scenario)
