"""Values arrive as lines at a server, with its token."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from runtime_data.sinks import line_transport
from runtime_data.sinks.http_form import Auth
from runtime_data.sinks.line_transport import LineSend, LineTransport
from runtime_data.sinks.transport import Answer
from runtime_data.values import Value
from tests.runtime_data.sinks.mqtt.brokers import around, plant_with, push

AT = 1_780_000_000_123_456


class Database:
    """Notes what is posted, and answers 204, or 401 without the token."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], str]] = []

    async def serve(self, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        head = (await incoming.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.casefold(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await incoming.readexactly(int(headers["content-length"]))
        self.requests.append((first, headers, body.decode()))
        known = headers.get("authorization") == "Token of-the-tests"
        outgoing.write(b"HTTP/1.1 204 No Content\r\n\r\n" if known else b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
        await outgoing.drain()
        outgoing.close()
        await outgoing.wait_closed()


async def post(folder: Path, values: list[Value], **options: Any) -> tuple[Answer, Database]:
    database = Database()
    with plant_with(folder) as plant:
        async with await asyncio.start_server(database.serve, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/v2/write?org=a&bucket=b&precision=ns"
            transport = LineTransport(LineSend(url=url, **options), around(plant))
            answer = await transport.send(push(*values, body=b"ignored"))
            await transport.close()
    return answer, database


TOKEN = Auth(kind="apiKey", header="Authorization", secret="Token of-the-tests")  # noqa: S106 - no real one


def test_each_value_is_a_line(tmp_path: Path) -> None:
    values = [
        Value("PLC_1:Motor.speed", 1480.5, "Real", 0, AT),
        Value("PLC_1:Count", 5, "UInt", 0x40900000, AT),
        Value("PLC_1:Nothing", None, "Int", 0x80000000, AT),
    ]
    answer, database = asyncio.run(
        post(tmp_path, values, auth=TOKEN, series="{source}.{path}", labels={"plant": "North 1"}, unsigned=True)
    )
    assert (answer.ok, answer.status) == (True, 204)
    [(first, headers, body)] = database.requests
    assert first == "POST /api/v2/write?org=a&bucket=b&precision=ns HTTP/1.1"
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert body.splitlines() == [
        r'PLC_1.Motor.speed,plant=North\ 1,quality=Good,source=PLC_1,tag=Motor.speed value=1480.5,online="unknown" 1780000000123456000',
        r'PLC_1.Count,plant=North\ 1,quality=Uncertain,source=PLC_1,tag=Count value=5u,online="unknown" 1780000000123456000',
    ]


def test_a_wrong_token_is_an_answer(tmp_path: Path) -> None:
    answer, database = asyncio.run(post(tmp_path, [Value("a:b", 1)]))
    assert (answer.ok, answer.status, len(database.requests)) == (False, 401, 1)


def test_nothing_is_posted_without_a_value(tmp_path: Path) -> None:
    answer, database = asyncio.run(post(tmp_path, [Value("a:b", None)], auth=TOKEN))
    assert (answer.ok, database.requests) == (True, [])


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"series": "{x}"}, "/series"),
        ({"series": " "}, "/series"),
        ({"labels": {"": "a"}}, "/labels"),
        ({"labels": {"quality": "a"}}, "/labels"),
        ({"labels": {str(number): "a" for number in range(21)}}, "/labels"),
        ({"url": "mqtt://a"}, "/url"),
    ],
)
def test_a_definition_that_cannot_work_is_refused(options: dict[str, Any], pointer: str) -> None:
    send = LineSend(**{"url": "http://a", **options})
    assert [each.place.pointer for each in line_transport.check(send) if each.place] == [pointer]
