"""MQTT: each value is one document on the topic of its tag, and commands write every type."""

from __future__ import annotations

import asyncio
import json

from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from runtime_data.sinks.mqtt.transport import MqttSend, MqttTransport
from runtime_data.sinks.transport import Around
from tests.runtime_data.plant import OPERATOR
from tests.runtime_data.servers.s7.kit import Served
from tests.runtime_data.sinks.mqtt.brokers import LOOPBACK, SINK, broker, publish, push, reader, until
from tests.runtime_data.type_interfaces.cases import CASES, SOUND
from tests.runtime_data.type_interfaces.program import BLOCK, image, path_of

STATUS = {"Good": 0, "Uncertain": 0x40000000}
SHOWN = [each for each in CASES if each.name != "Date_And_Time_broken"]


def test_each_value_is_a_document_and_a_command_writes_it(cpu: Served) -> None:
    async def work() -> None:
        runtime = Runtime(cpu.plant.sources, cpu.plant.rules)
        values = await runtime.read(OPERATOR, list(map(path_of, SHOWN)))
        async with broker() as server, reader(server.port, "#") as found:
            send = MqttSend(url=server.url, topic="{source}/{path}", commands="write", answers="done")
            transport = MqttTransport(send, Around("Line", runtime, SINK, LOOPBACK))
            assert (await transport.send(push(*values))).ok
            await until(lambda: len(found.messages) == len(SHOWN))
            documents = [json.loads(bytes(each.payload)) for each in found.messages]
            assert {each["tag"]: each | {"sourceTime": ""} for each in documents} == {
                path_of(each): {
                    "tag": path_of(each),
                    "value": each.value,
                    "dataType": each.type,
                    "quality": each.quality,
                    "statusCode": STATUS[each.quality],
                    "sourceTime": "",
                    "online": "unknown",
                }
                | ({"text": each.text} if each.text else {})
                for each in SHOWN
            }
            writes = [{"tag": path_of(each), "value": each.written} for each in SOUND]
            await publish(server.port, "write", json.dumps({"writes": writes}).encode())
            await until(lambda: found.payloads("done"))
            outcomes = json.loads(found.payloads("done")[0])
            assert [each for each in outcomes if not each["ok"]] == [] and len(outcomes) == len(SOUND)
            await transport.close()
        runtime.subscriptions.close()

    cpu.plant.rules.replace([Rule("PLC_1:Types.*", write=["operator"])])
    try:
        asyncio.run(work())
    finally:
        cpu.plant.rules.replace([])
    content, _ = image()
    with cpu.client() as client:
        assert bytes(client.db_read(BLOCK, 0, len(content))).hex() == content.hex()
