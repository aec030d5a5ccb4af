"""A sink publishes to a real broker, survives its absence, and writes what commands say as far as rules allow it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import socket
import ssl
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from engineering_api.security.targets import SINKS, Targets
from runtime_data.rules import Rule
from runtime_data.sinks.certificates import Tls
from runtime_data.sinks.mqtt import connection
from runtime_data.sinks.mqtt import transport as mqtt
from runtime_data.sinks.mqtt.transport import MqttSend, MqttTransport
from runtime_data.sinks.transport import Around
from runtime_data.values import Value
from tests.runtime_data.sinks.mqtt.brokers import (
    SECRET,
    OnePassword,
    around,
    broker,
    plant_with,
    publish,
    push,
    reader,
    repeat,
    until,
)

AT = 1_780_000_000_123_456


def test_a_push_without_a_tag_in_its_topic_is_one_message(tmp_path: Path) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path) as plant:
            async with broker() as server, reader(server.port, "plant/#") as found:
                transport = MqttTransport(MqttSend(url=server.url, topic="plant/{sink}/orders"), around(plant, "A+/B"))
                answer = await transport.send(push(body=b'{"order": 5}'))
                await until(lambda: found.messages)
                await transport.close()
                assert answer.ok
                assert [(each.topic.value, each.payload) for each in found.messages] == [
                    ("plant/A__B/orders", b'{"order": 5}')
                ]

    asyncio.run(scenario())


def test_each_value_is_a_message_where_the_topic_names_the_tag(tmp_path: Path) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path) as plant:
            async with broker() as server, reader(server.port, "#") as found:
                send = MqttSend(url=server.url, topic="{source}/{path}", retained=True)
                transport = MqttTransport(send, around(plant))
                speed = Value("PLC_1:Motor.a/b+#", 1480.5, "Real", 0, AT, AT, "1/min")
                wait = Value("PLC_1:Wait", 2000, "Time", 0x40900000, AT, AT, text="T#2s")
                assert (await transport.send(push(speed, wait))).ok
                await until(lambda: len(found.messages) == 2)
                await transport.close()
                assert found.topics == ["PLC_1/Motor/a_b__", "PLC_1/Wait"]
                first, second = (json.loads(bytes(each.payload)) for each in found.messages)
                assert first == {
                    "tag": "PLC_1:Motor.a/b+#",
                    "value": 1480.5,
                    "dataType": "Real",
                    "quality": "Good",
                    "statusCode": 0,
                    "online": "unknown",
                    "unit": "1/min",
                    "sourceTime": "2026-05-28T20:26:40.123456Z",
                }
                assert (second["value"], second["text"], second["quality"]) == (2000, "T#2s", "Uncertain")
                async with reader(server.port, "PLC_1/Wait") as later:
                    await until(lambda: later.messages)
                    assert later.messages[0].retain

    asyncio.run(scenario())


def test_nothing_is_lost_while_the_broker_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "CONNECTING", 0.2)

    async def send(transport: MqttTransport, number: int) -> bool:
        return (await transport.send(push(body=str(number).encode()))).ok

    async def scenario() -> None:
        with plant_with(tmp_path) as plant:
            async with broker() as server:
                transport = MqttTransport(MqttSend(url=server.url, topic="orders"), around(plant))
                async with reader(server.port, "orders") as before:
                    assert all([await send(transport, number) for number in range(4)])
                    await until(lambda: len(before.messages) == 4)
                    await server.stop()
                assert not await send(transport, 4)
                await server.start()
                async with reader(server.port, "orders") as after:
                    for number in range(4, 9):
                        await repeat(lambda number=number: send(transport, number))
                    await until(lambda: len(after.messages) == 5)
                await transport.close()
                assert [int(bytes(each.payload)) for each in (*before.messages, *after.messages)] == list(range(9))

    asyncio.run(scenario())


def test_a_message_that_is_not_acknowledged_has_not_arrived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.5)

    async def serve(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        await incoming.read(2)
        outgoing.write(b"\x20\x02\x00\x00")  # the connection is accepted, and nothing else is ever answered
        while await incoming.read(1000):
            pass
        outgoing.close()

    async def scenario() -> None:
        with plant_with(tmp_path) as plant:
            async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
                port = server.sockets[0].getsockname()[1]
                for qos, expected in ((0, True), (1, False)):
                    send = MqttSend(url=f"mqtt://127.0.0.1:{port}", topic="orders", qos=qos)
                    transport = MqttTransport(send, around(plant))
                    assert (await transport.send(push(body=b"1"))).ok is expected
                    await transport.close()

    asyncio.run(scenario())


def test_a_broker_that_is_not_there_or_not_allowed_is_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "CONNECTING", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def scenario() -> None:
        with plant_with(tmp_path) as plant:
            known = around(plant)
            for targets, reason in ((known.targets, "There is no connection"), (Targets([], SINKS), "TIA_SINK_HOSTS")):
                elsewhere = Around("a", known.runtime, known.caller, targets)
                transport = MqttTransport(MqttSend(url=f"mqtt://127.0.0.1:{port}", topic="orders"), elsewhere)
                await until(lambda transport=transport, reason=reason: reason in transport._connection.error)
                answer = await transport.send(push(body=b"1"))
                await transport.close()
                assert not answer.ok
                assert reason in answer.error

    asyncio.run(scenario())


def test_a_wrong_password_is_refused_and_the_right_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "CONNECTING", 2.0)
    plugins: dict[str, Any] = {f"{OnePassword.__module__}.{OnePassword.__name__}": {}}

    async def scenario() -> None:
        with plant_with(tmp_path) as plant:
            async with broker(**plugins) as server:
                for password, expected in (("wrong", False), (SECRET, True)):
                    send = MqttSend(url=server.url, topic="orders", user="line", password=password)
                    transport = MqttTransport(send, around(plant))
                    assert (await transport.send(push(body=b"1"))).ok is expected
                    await transport.close()

    asyncio.run(scenario())


def test_commands_write_only_what_a_rule_allows(tmp_path: Path) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path, Setpoint="Int", Limited="Int", Free="Int") as plant:
            plant.rules.replace(
                [
                    Rule("memory:Setpoint", write=["operator"]),
                    Rule("memory:Limited", write=["operator"], minimum=0, maximum=10),
                ]
            )
            async with broker() as server, reader(server.port, "answers") as found:
                await publish(server.port, "commands", b'{"tag": "memory:Setpoint", "value": 99}', retain=True)
                send = MqttSend(url=server.url, topic="t", commands="commands", answers="answers")
                transport = MqttTransport(send, around(plant))
                assert (await transport.send(push(body=b"1"))).ok
                given: list[Any] = [
                    {"tag": "memory:Setpoint", "value": 5},
                    {"writes": [{"tag": "memory:Limited", "value": 11}, {"tag": "memory:Setpoint", "value": 6}]},
                    {"tag": "memory:Free", "value": 5},
                    {"tag": "nothing:Free", "value": 5},
                    {"tag": "memory:Setpoint"},
                    "text",
                    {"writes": [{"tag": "memory:Setpoint", "value": 7}] * 101},
                    {"tag": "memory:Setpoint", "value": "text"},
                ]
                for command in given:
                    await publish(server.port, "commands", msgspec.json.encode(command))
                await until(lambda: len(found.messages) == len(given))
                await transport.close()
                answers = [
                    [each.get("code", "ok") for each in json.loads(payload)] for payload in found.payloads("answers")
                ]
                assert answers == [
                    ["ok"],
                    ["runtime.range", "ok"],
                    ["runtime.write_denied"],
                    ["source.not_found"],
                    ["sink.command"],
                    ["sink.command"],
                    ["sink.command"],
                    ["plcsim.value"],
                ]
                memory = plant.memory()
                values = {path: memory.read([path])[0].value for path in ("Setpoint", "Limited", "Free")}
                assert values == {"Setpoint": 6, "Limited": None, "Free": None}

    asyncio.run(scenario())


URL = "mqtt://127.0.0.1"


@pytest.mark.parametrize(
    ("send", "pointer"),
    [
        (MqttSend(url="http://a", topic="t"), "/url"),
        (MqttSend(url="mqtt://a:b@c", topic="t"), "/url"),
        (MqttSend(url="mqtt://a/b", topic="t"), "/url"),
        (MqttSend(url="mqtt://a:99999", topic="t"), "/url"),
        (MqttSend(url=URL, topic="t", password=SECRET), "/user"),
        (MqttSend(url=URL, topic="t/+"), "/topic"),
        (MqttSend(url=URL, topic="t/{x}"), "/topic"),
        (MqttSend(url=URL, topic="t}"), "/topic"),
        (MqttSend(url=URL, topic="t", answers="a"), "/answers"),
    ],
)
def test_a_definition_that_cannot_work_is_refused(send: MqttSend, pointer: str) -> None:
    assert [each.place.pointer for each in mqtt.check(send) if each.place] == [pointer]


def test_a_definition_that_works_is_not_refused() -> None:
    assert mqtt.check(MqttSend(url="mqtts://broker.plant.example", topic="a/{source}/{path}", commands="c/#")) == []


def own_certificate(folder: Path) -> tuple[Path, Path, str]:
    """Write a certificate that only the name localhost has, not its address; return certificate, key and the former's PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin - dt.timedelta(days=1))
        .not_valid_after(begin + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "own.crt", folder / "own.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return *files, files[0].read_text(encoding="ascii")


@pytest.mark.slow
def test_the_certificate_must_have_the_name_of_the_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "CONNECTING", 3.0)
    certificate, key, trusted = own_certificate(tmp_path)

    async def serve(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        await incoming.read(2)
        outgoing.write(b"\x20\x02\x00\x00")  # the connection is accepted
        with contextlib.suppress(OSError):
            while await incoming.read(1000):
                pass
        outgoing.close()

    async def scenario() -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        with plant_with(tmp_path) as plant:
            async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
                port = server.sockets[0].getsockname()[1]
                for host, ca, expected in (
                    ("localhost", trusted, True),
                    ("127.0.0.1", trusted, False),
                    ("localhost", "", False),
                ):
                    send = MqttSend(url=f"mqtts://{host}:{port}", topic="t", qos=0, tls=Tls(ca=ca))
                    assert mqtt.check(send) == []
                    transport = MqttTransport(send, around(plant))
                    assert (await transport.send(push(body=b"1"))).ok is expected
                    assert expected or "certificate" in transport._connection.error.casefold()
                    await transport.close()

    asyncio.run(scenario())
