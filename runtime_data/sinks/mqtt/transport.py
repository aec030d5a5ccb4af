"""The transport `mqtt`: pushes as messages of a broker, and commands from it.

Page: docs/runtime/mqtt.md.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from engineering_api.operations.fields import named
from openness_bridge.errors import Detail, Place
from openness_bridge.program_identity import ProgramState
from runtime_data.runtime import Write, Written
from runtime_data.sinks import names
from runtime_data.sinks.mqtt import broker, commands
from runtime_data.sinks.mqtt.broker import Broker
from runtime_data.sinks.mqtt.connection import Connection, NotDelivered, Post
from runtime_data.sinks.transport import Answer, Around, Outgoing, TransportKind
from runtime_data.values import Scalar, Value, moment

CONNECTING = 5.0
"""Seconds in which a push waits for the connection before it has failed."""
MOST_WRITES = 100
"""Writes in one command."""
LONGEST_TOPIC = 1000
_RESERVED = {ord(each): "_" for each in "/+#\0$"}


class MqttSend(Broker, kw_only=True):
    """Where and how pushes are published."""

    topic: Annotated[
        str,
        named("The topic, with {sink}; with {tag}, {source} or {path} each value is its own message.", max_length=500),
    ]
    qos: Annotated[int, named("0 at most once, 1 at least once, 2 exactly once.", ge=0, le=2)] = 1
    retained: Annotated[bool, named("Whether the broker keeps the last message of a topic.")] = False
    commands: Annotated[str, named("The topic of commands that write tags; empty for none.", max_length=500)] = ""
    answers: Annotated[str, named("The topic of the answers to commands; empty for none.", max_length=500)] = ""


class Command(msgspec.Struct):
    """A command as JSON: one write, or several."""

    tag: str = ""
    value: Scalar | None = None
    writes: Annotated[list[Command], msgspec.Meta(max_length=MOST_WRITES)] = []


class MqttTransport:
    """Publishes the pushes of a sink, and writes what commands say."""

    def __init__(self, send: MqttSend, around: Around) -> None:
        """Begin to connect."""
        self._send, self._around = send, around
        self._connection = Connection(send, f"tia-{around.sink}", around.targets, self)

    async def send(self, outgoing: Outgoing) -> Answer:
        """Publish a push; with QoS 1 or 2 it has arrived when the broker acknowledged it."""
        if not await self._connection.ready(CONNECTING):
            return Answer(ok=False, error=self._connection.error)
        try:
            await self._connection.publish(self._posts(outgoing))
        except NotDelivered as error:
            return Answer(ok=False, error=str(error))
        return Answer(ok=True)

    async def close(self) -> None:
        """End the connection."""
        await self._connection.close()

    def will(self) -> Post | None:
        """Return None: readers see the time of the last value."""
        return None

    def topics(self) -> list[str]:
        """Return the topic of commands."""
        return [self._send.commands] if self._send.commands else []

    def wants_kept(self, topic: str) -> bool:
        """Return False: a command that the broker kept may be years old."""
        del topic
        return False

    async def opened(self) -> None:
        """Do nothing: pushes follow."""

    async def closing(self) -> None:
        """Do nothing: nobody waits for more."""

    async def received(self, topic: str, payload: bytes) -> bool:
        """Write what a command says, and answer it."""
        del topic
        try:
            command = msgspec.json.decode(payload, type=Command)
            given = command.writes or [command]
            writes = [Write(each.tag, each.value) for each in given if each.value is not None and each.tag]
        except msgspec.DecodeError as error:
            await self._answer([{"ok": False, "code": "sink.command", "message": f"This is not a command: {error}."}])
            return False
        if len(writes) < len(given):
            msg = 'A command is {"tag": "PLC_1:Setpoint", "value": 5}, or {"writes": [...]} with several.'
            await self._answer([{"ok": False, "code": "sink.command", "message": msg}])
            return False
        await self._answer([_outcome(each) for each in await commands.write(self._around, writes)])
        return False

    async def _answer(self, outcomes: list[dict[str, Any]]) -> None:
        if self._send.answers:
            await self._connection.publish([Post(self._send.answers, msgspec.json.encode(outcomes), qos=1)])

    def _posts(self, outgoing: Outgoing) -> list[Post]:
        template, sink = self._send.topic, self._around.sink
        if not names.names_a_tag(template):
            return [self._post(_topic(template, sink), outgoing.body)]
        return [
            self._post(_topic(template, sink, each.tag), _document(each, outgoing.program_of(each.tag)))
            for each in outgoing.values
        ]

    def _post(self, topic: str, payload: bytes) -> Post:
        return Post(topic, payload, self._send.qos, self._send.retained)


def check(send: MqttSend) -> list[Detail]:
    """Return what is wrong with a definition."""
    found = broker.check(send)
    unknown = names.find_unknown(send.topic)
    if unknown or not send.topic or any(each in send.topic for each in "+#\0"):
        what = f"{{{unknown}}} is not a placeholder" if unknown else "it is empty, or has + or #"
        msg = f"This is not a topic to publish on, because {what}: write one such as plant/{{source}}/{{path}}."
        found.append(Detail("sink.topic", msg, Place(pointer="/topic")))
    if send.answers and (not send.commands or any(each in send.answers for each in "+#\0")):
        msg = "Answers need a topic of commands, and a topic without + and # for themselves."
        found.append(Detail("sink.topic", msg, Place(pointer="/answers")))
    return found


def _topic(template: str, sink: str, tag: str = "") -> str:
    """Return the topic of a push or a tag: the points of a path part the levels, reserved characters become _."""
    made = []
    for level in template.split("/"):
        filled = names.fill(level, sink, tag).translate(_RESERVED)
        made.append(filled.replace(".", "/") if "{path}" in level else filled)
    return "/".join(made)[:LONGEST_TOPIC]


def _document(value: Value, online: ProgramState) -> bytes:
    """Return a value as JSON."""
    document: dict[str, Any] = {
        "tag": value.tag,
        "value": value.value,
        "dataType": value.data_type,
        "quality": value.quality,
        "statusCode": value.status,
        "online": online,
    }
    if value.text:
        document["text"] = value.text
    if value.unit:
        document["unit"] = value.unit
    if value.source_time:
        document["sourceTime"] = moment(value.source_time).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return msgspec.json.encode(document)


def _outcome(written: Written) -> dict[str, Any]:
    if written.error is None:
        return {"tag": written.tag, "ok": True}
    return {"tag": written.tag, "ok": False, "code": written.error.code, "message": written.error.message}


KIND = TransportKind("mqtt", MqttSend, check, MqttTransport, broker.urls)
