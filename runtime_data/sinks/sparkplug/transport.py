"""The transport `sparkplug`: a sink as an edge node of Sparkplug B.

Page: docs/runtime/mqtt.md#sparkplug-b.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

import msgspec

from engineering_api.operations.fields import Model, named
from openness_bridge.errors import Detail, Place, Problem
from runtime_data.runtime import Write
from runtime_data.sinks.mqtt import broker, commands
from runtime_data.sinks.mqtt.broker import Broker
from runtime_data.sinks.mqtt.connection import Connection, NotDelivered, Post
from runtime_data.sinks.sparkplug.edge_node import NAMESPACE, REBIRTH, EdgeNode, Message, Tag
from runtime_data.sinks.transport import Answer, Around, Outgoing, TransportKind
from runtime_data.values import sources_of, split

log = logging.getLogger(__name__)
CONNECTING = 5.0
"""Seconds in which a push waits for the connection before it has failed."""
MOST_METRICS = 5000
MOST_WRITES = 100
"""Writes in one command."""
_RESERVED = frozenset("+/#\0")


class MetricSend(Model, kw_only=True):
    """A tag that the edge node publishes."""

    tag: Annotated[str, named("The tag with its source, such as PLC_1:Motor.speed.", max_length=500)]
    name: Annotated[str, named("The name of the metric; by default the path, with / for the points.")] = ""
    device: Annotated[str, named("The device that it belongs to; empty for that of the sink.", max_length=200)] = ""


class SparkplugSend(Broker, kw_only=True):
    """Where and how the edge node publishes."""

    group: Annotated[str, named("The group of edge nodes.", min_length=1, max_length=200)]
    node: Annotated[str, named("The edge node; no other one of the group has this name.", min_length=1, max_length=200)]
    device: Annotated[str, named("The device of the metrics that name none; empty for the node.", max_length=200)] = ""
    metrics: Annotated[list[MetricSend], named("All tags that are published.", min_length=1, max_length=MOST_METRICS)]
    primary_host: Annotated[str, named("The host that must be online; empty for none.", max_length=200)] = ""
    commands: Annotated[bool, named("Whether commands write tags, as far as rules allow it.")] = False


class State(msgspec.Struct):
    """Whether a host is online, as it says."""

    online: bool
    timestamp: int


class SparkplugTransport:
    """Publishes the pushes of a sink as data of an edge node."""

    def __init__(self, send: SparkplugSend, around: Around) -> None:
        """Begin to connect."""
        self._send, self._around = send, around
        self._node = EdgeNode(send.group, send.node, _tags(send))
        self._host_online, self._host_time = not send.primary_host, 0
        self._lock = asyncio.Lock()
        client_id = f"tia-{send.group}-{send.node}"
        self._connection = Connection(send, client_id, around.targets, self)

    async def send(self, outgoing: Outgoing) -> Answer:
        """Publish the values of a push.

        Sparkplug publishes data at QoS 0, so it has arrived when the connection took it. What had to wait is historical.
        """
        if not await self._connection.ready(CONNECTING):
            return Answer(ok=False, error=self._connection.error)
        async with self._lock:
            if not self._host_online:
                return Answer(ok=False, error=f"The primary host {self._send.primary_host} is not online.")
            try:
                if not self._node.born or self._node.needs_birth(outgoing.values):
                    await self._give_birth()
                await self._publish(
                    self._node.data(
                        outgoing.values, outgoing.time, historical=outgoing.late, programs=outgoing.programs
                    )
                )
            except NotDelivered as error:
                self._node.born = False
                return Answer(ok=False, error=str(error))
        return Answer(ok=True)

    async def close(self) -> None:
        """Publish the death of the node, and end the connection."""
        await self._connection.close()

    def will(self) -> Post | None:
        """Return the death of the node."""
        topic, payload = self._node.will()
        return Post(topic, payload, qos=1)

    def topics(self) -> list[str]:
        """Return the topics of commands, and that of the primary host."""
        return [*self._node.command_topics(), *([self._state_topic] if self._send.primary_host else [])]

    def wants_kept(self, topic: str) -> bool:
        """Return whether a topic is that of the primary host, whose state the broker keeps."""
        return topic == self._state_topic

    async def opened(self) -> None:
        """Publish the births, unless the primary host has to come online first."""
        async with self._lock:
            self._host_online = not self._send.primary_host
            if self._host_online:
                await self._give_birth()

    async def closing(self) -> None:
        """Publish the death of the node: a broker does not do it after an intended end."""
        async with self._lock:
            self._node.born = False
            topic, payload = self._node.death()
            await self._connection.publish([Post(topic, payload, qos=1)])

    async def received(self, topic: str, payload: bytes) -> bool:
        """Follow the state of the primary host, or do what a command asks for."""
        if topic == self._state_topic:
            return await self._follow_host(payload)
        try:
            command = self._node.command(topic, payload)
        except Problem as problem:
            log.warning("The sink %s refused a command: %s", self._around.sink, problem.message)
            return False
        if command.rebirth:
            async with self._lock:
                if self._host_online:
                    await self._give_birth()
        if command.writes and not self._send.commands:
            log.warning("The sink %s refused a command: commands are off", self._around.sink)
        elif len(command.writes) > MOST_WRITES:
            log.warning("The sink %s refused a command with more than %d writes", self._around.sink, MOST_WRITES)
        elif command.writes:
            await commands.write(self._around, [Write(*each) for each in command.writes])
        return False

    @property
    def _state_topic(self) -> str:
        return f"{NAMESPACE}/STATE/{self._send.primary_host}"

    async def _follow_host(self, payload: bytes) -> bool:
        """Give birth when the host comes online; end the connection, with a death, when it goes."""
        try:
            state = msgspec.json.decode(payload, type=State)
        except msgspec.DecodeError:
            log.warning("The state of the host %s cannot be read", self._send.primary_host)
            return False
        if state.timestamp < self._host_time:
            return False
        self._host_time = state.timestamp
        if not state.online:
            was_online, self._host_online = self._host_online, False
            if was_online:
                await self.closing()
            return was_online
        async with self._lock:
            self._host_online = True
            if not self._node.born:
                await self._give_birth()
        return False

    async def _give_birth(self) -> None:
        """Publish all births with the present values."""
        values = await self._around.runtime.read(self._around.present(), self._node.tags)
        programs = await self._around.programs(sources_of(self._node.tags))
        births = self._node.births(dict(zip(self._node.tags, values, strict=True)), programs)
        try:
            await self._publish(births)
        except NotDelivered:
            self._node.born = False
            raise

    async def _publish(self, messages: list[Message]) -> None:
        await self._connection.publish([Post(topic, payload) for topic, payload in messages])


def check(send: SparkplugSend) -> list[Detail]:
    """Return what is wrong with a definition."""
    found = broker.check(send)
    names = {"/group": send.group, "/node": send.node, "/device": send.device, "/primaryHost": send.primary_host}
    names |= {f"/metrics/{number}/device": each.device for number, each in enumerate(send.metrics)}
    for pointer, name in names.items():
        if _RESERVED & set(name):
            found.append(Detail("sink.sparkplug_name", "A name has no +, / and #.", Place(pointer=pointer)))
    seen: set[tuple[str, str]] = set()
    tags: set[str] = set()
    for number, (given, each) in enumerate(zip(send.metrics, _tags(send), strict=True)):
        pointer = f"/metrics/{number}"
        if not all(given.tag.partition(":")):
            msg = "Write the tag with its source, such as PLC_1:Motor.speed."
            found.append(Detail("runtime.tag", msg, Place(pointer=f"{pointer}/tag")))
        elif (each.device, each.name) in seen or each.tag.casefold() in tags or each.name in (REBIRTH, "bdSeq"):
            msg = "Each tag and each name of a metric is there once, and bdSeq and Node Control/Rebirth are reserved."
            found.append(Detail("sink.sparkplug_metric", msg, Place(pointer=pointer)))
        seen.add((each.device, each.name))
        tags.add(each.tag.casefold())
    return found


def _tags(send: SparkplugSend) -> list[Tag]:
    return [
        Tag(each.tag, each.name or _name(each.tag), each.device or send.device, alias)
        for alias, each in enumerate(send.metrics, 1)
    ]


def _name(tag: str) -> str:
    return split(tag)[1].replace(".", "/") if tag.partition(":")[2] else tag


def _published(send: SparkplugSend) -> list[str]:
    return [each.tag for each in send.metrics]


KIND = TransportKind("sparkplug", SparkplugSend, check, SparkplugTransport, broker.urls, _published)
