"""A sink is an edge node at a real broker: births, data, deaths, rebirths, commands, and a primary host."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from runtime_data.rules import Rule
from runtime_data.sinks.sparkplug import payload as sparkplug
from runtime_data.sinks.sparkplug import transport as sparkplug_transport
from runtime_data.sinks.sparkplug.payload import DataType as T
from runtime_data.sinks.sparkplug.payload import Metric, Payload
from runtime_data.sinks.sparkplug.transport import MetricSend, SparkplugSend, SparkplugTransport
from runtime_data.values import Value, now
from tests.runtime_data.plant import OPERATOR, Plant
from tests.runtime_data.sinks.mqtt.brokers import (
    LocalBroker,
    Published,
    Reader,
    around,
    broker,
    plant_with,
    publish,
    push,
    reader,
    repeat,
    until,
)

COUNT, LIMIT = "memory:Count", "memory:Limit"
METRICS = [MetricSend(tag=COUNT, device="Line"), MetricSend(tag=LIMIT, name="Limits/high")]


def sent(server: LocalBroker, **options: Any) -> SparkplugSend:
    return SparkplugSend(**{"url": server.url, "group": "Plant", "node": "Edge", "metrics": METRICS, **options})


def verbs(found: Reader) -> list[str]:
    return [topic.split("/")[2] for topic in found.topics if "/STATE/" not in topic and "CMD" not in topic]


def messages(found: Reader) -> list[tuple[str, Payload]]:
    return [
        (each.topic.value.split("/")[2], sparkplug.unpack(bytes(each.payload)))
        for each in found.messages
        if "/STATE/" not in each.topic.value and "CMD" not in each.topic.value
    ]


def bd_seq(payload: Payload) -> int | None:
    return next(each.long_value for each in payload.metrics if each.name == "bdSeq")


async def value_of(plant: Plant, tag: str) -> Value:
    return (await plant.runtime.read(OPERATOR, [tag]))[0]


def test_a_session_begins_with_births_and_ends_with_a_death(tmp_path: Path) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path, Count="DInt", Limit="Real") as plant:
            plant.memory().write([("Count", 5), ("Limit", 1.5)], {}, atomic=False)
            Published.packets.clear()
            async with broker() as server, reader(server.port, "spBv1.0/#") as found:
                transport = SparkplugTransport(sent(server), around(plant))
                assert (await transport.send(push(Value(COUNT, 6, "DInt", 0, now())))).ok
                assert (await transport.send(push(Value(COUNT, 7, "DInt", 0, now()), late=True))).ok
                await until(lambda: verbs(found).count("DDATA") == 2)
                await transport.close()
                await until(lambda: "NDEATH" in verbs(found))
                assert verbs(found) == ["NBIRTH", "DBIRTH", "DDATA", "DDATA", "NDEATH"]
                published = [(topic.split("/")[2], qos, retained) for topic, qos, retained in Published.packets]
                assert set(published[:-1]) == {("NBIRTH", 0, False), ("DBIRTH", 0, False), ("DDATA", 0, False)}
                assert published[-1] == ("NDEATH", 1, False)
                birth, device, first, second, death = (payload for _, payload in messages(found))
                assert [each.seq for each in (birth, device, first, second, death)] == [0, 1, 2, 3, None]
                assert bd_seq(birth) == bd_seq(death) == 0
                assert [(each.name, each.int_value) for each in device.metrics] == [("Count", 5)]
                assert [(each.alias, each.int_value, each.is_historical) for each in first.metrics] == [(1, 6, None)]
                assert [(each.alias, each.int_value, each.is_historical) for each in second.metrics] == [(1, 7, True)]

    asyncio.run(scenario())


def test_a_connection_that_breaks_is_a_death_and_another_birth(tmp_path: Path) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path, Count="DInt", Limit="Real") as plant:
            async with broker() as server:
                transport = SparkplugTransport(sent(server), around(plant))
                async with reader(server.port, "spBv1.0/#") as found:
                    await until(lambda: transport._node.born)
                    client = transport._connection._client
                    assert client is not None
                    socket = client._client.socket()
                    assert socket is not None
                    socket.shutdown(2)
                    await until(lambda: verbs(found)[-3:] == ["NDEATH", "NBIRTH", "DBIRTH"])
                    assert [bd_seq(payload) for verb, payload in messages(found)[-3:-1]] == [0, 1]
                    assert (await transport.send(push(Value(COUNT, 7, "DInt", 0, now()), late=True))).ok
                    await until(lambda: verbs(found)[-1] == "DDATA")
                    await transport.close()

    asyncio.run(scenario())


@pytest.mark.slow
def test_values_wait_while_the_broker_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparkplug_transport, "CONNECTING", 0.2)

    async def scenario() -> None:
        with plant_with(tmp_path, Count="DInt", Limit="Real") as plant:
            async with broker() as server:
                transport = SparkplugTransport(sent(server), around(plant))
                await until(lambda: transport._node.born)
                await server.stop()
                waiting = push(Value(COUNT, 7, "DInt", 0, now()), late=True)

                async def attempt() -> bool:
                    return (await transport.send(waiting)).ok

                async def is_refused() -> bool:
                    return not await attempt()

                await repeat(is_refused)
                await server.start()
                async with reader(server.port, "spBv1.0/#") as found:
                    await repeat(attempt)
                    await until(lambda: "DDATA" in verbs(found))
                    [metric] = next(payload for verb, payload in messages(found) if verb == "DDATA").metrics
                    assert (metric.int_value, metric.is_historical) == (7, True)
                    await transport.close()

    asyncio.run(scenario())


def test_commands_write_and_ask_for_births(tmp_path: Path) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path, Count="DInt", Limit="Real") as plant:
            plant.memory().write([("Count", 5), ("Limit", 1.5)], {}, atomic=False)
            plant.rules.replace([Rule(COUNT, write=["operator"])])
            async with broker() as server, reader(server.port, "spBv1.0/#") as found:
                transport = SparkplugTransport(sent(server, commands=True), around(plant))
                await until(lambda: transport._node.born)

                async def command(topic: str, *metrics: Metric) -> None:
                    await publish(server.port, f"spBv1.0/Plant/{topic}", sparkplug.pack(Payload(metrics=list(metrics))))

                await publish(server.port, "spBv1.0/Plant/NCMD/Edge", b"no message")
                await command("NCMD/Edge", Metric(alias=2, float_value=9.5))  # no rule allows it
                await command("DCMD/Edge/Line", Metric(alias=1, int_value=2**32 - 9))
                await command("NCMD/Edge", Metric(name="Node Control/Rebirth", datatype=T.BOOLEAN, boolean_value=True))
                await until(lambda: verbs(found).count("DBIRTH") == 2)
                births = [payload for verb, payload in messages(found) if verb == "NBIRTH"]
                assert [each.seq for each in births] == [0, 0]
                assert bd_seq(births[0]) == bd_seq(births[1])
                assert (await value_of(plant, COUNT)).value == -9
                assert (await value_of(plant, LIMIT)).value == 1.5
                await transport.close()

    asyncio.run(scenario())


def test_commands_are_off_unless_the_definition_has_them(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path, Count="DInt", Limit="Real") as plant:
            plant.rules.replace([Rule(COUNT, write=["operator"])])
            async with broker() as server:
                transport = SparkplugTransport(sent(server), around(plant))
                await until(lambda: transport._node.born)
                data = sparkplug.pack(Payload(metrics=[Metric(alias=1, datatype=T.INT32, int_value=9)]))
                await publish(server.port, "spBv1.0/Plant/DCMD/Edge/Line", data)
                await until(lambda: "commands are off" in caplog.text)
                assert (await value_of(plant, COUNT)).value is None
                await transport.close()

    asyncio.run(scenario())


def test_births_wait_for_the_primary_host_and_end_with_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        with plant_with(tmp_path, Count="DInt", Limit="Real") as plant:
            async with broker() as server, reader(server.port, "spBv1.0/#") as found:

                async def state(online: bool, timestamp: int) -> None:
                    document = msgspec.json.encode({"online": online, "timestamp": timestamp})
                    await publish(server.port, "spBv1.0/STATE/Scada", document, retain=True)

                transport = SparkplugTransport(sent(server, primary_host="Scada"), around(plant))
                answer = await transport.send(push(Value(COUNT, 6, "DInt", 0, now())))
                assert (answer.ok, "Scada" in answer.error, verbs(found)) == (False, True, [])
                await state(True, 1000)
                await until(lambda: verbs(found) == ["NBIRTH", "DBIRTH"])
                await state(False, 999)  # tck-id-operational-behavior-edge-node-termination-host-offline-timestamp
                assert (await transport.send(push(Value(COUNT, 7, "DInt", 0, now())))).ok
                await state(False, 1001)
                await until(lambda: verbs(found) == ["NBIRTH", "DBIRTH", "DDATA", "NDEATH"])
                await state(True, 1002)
                await until(lambda: verbs(found)[4:] == ["NBIRTH", "DBIRTH"])
                assert [bd_seq(payload) for verb, payload in messages(found) if verb == "NBIRTH"] == [0, 1]
                await transport.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"group": "a/b"}, "/group"),
        ({"node": "a+"}, "/node"),
        ({"device": "#"}, "/device"),
        ({"primary_host": "a/b"}, "/primaryHost"),
        ({"metrics": [MetricSend(tag="Count")]}, "/metrics/0/tag"),
        ({"metrics": [MetricSend(tag="a:B"), MetricSend(tag="A:b", name="c")]}, "/metrics/1"),
        ({"metrics": [MetricSend(tag="a:B"), MetricSend(tag="a:C", name="B")]}, "/metrics/1"),
        ({"metrics": [MetricSend(tag="a:B", name="bdSeq")]}, "/metrics/0"),
        ({"metrics": [MetricSend(tag="a:B", device="x/y")]}, "/metrics/0/device"),
        ({"url": "http://a"}, "/url"),
    ],
)
def test_a_definition_that_cannot_work_is_refused(options: dict[str, Any], pointer: str) -> None:
    send = SparkplugSend(**{"url": "mqtt://a", "group": "g", "node": "n", "metrics": METRICS, **options})
    assert [each.place.pointer for each in sparkplug_transport.check(send) if each.place] == [pointer]
