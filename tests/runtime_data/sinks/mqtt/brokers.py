"""A real broker on loopback for tests, a reader of its messages, and what a transport has around it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

import aiomqtt
from amqtt.broker import Broker
from amqtt.mqtt.publish import PublishPacket
from amqtt.plugins.base import BaseAuthPlugin, BasePlugin
from amqtt.session import Session

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.targets import SINKS, Targets
from runtime_data.sinks.transport import Around, Outgoing
from runtime_data.values import Value, now
from tests.runtime_data.plant import Plant, plant_in

DEADLINE = 60.0
SECRET = "of the tests"  # noqa: S105 - no real one
LOOPBACK = Targets(["127.0.0.1", "::1", "localhost"], SINKS)
SINK = Caller("sink", Right.OPERATE)


class OnePassword(BaseAuthPlugin):
    """Lets in who has the password."""

    async def authenticate(self, *, session: Session) -> bool:
        return bool(session.username == "line" and session.password == SECRET)


class Published(BasePlugin):
    """Notes how each message was published: amqtt forwards messages at the QoS of the subscription."""

    packets: ClassVar[list[tuple[str, int, bool]]] = []

    async def on_mqtt_packet_received(self, *, packet: Any, session: Session | None = None) -> None:
        if isinstance(packet, PublishPacket):
            self.packets.append((packet.topic_name, packet.qos, packet.retain_flag))


class LocalBroker:
    """A broker that can go away and come back on the same port."""

    def __init__(self, **plugins: dict[str, Any]) -> None:
        self.port = 0
        self._plugins = plugins or {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
        self._plugins = {**self._plugins, f"{__name__}.Published": {}}
        self._broker: Broker | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    async def start(self) -> None:
        listener = {"type": "tcp", "bind": f"127.0.0.1:{self.port}"}
        self._broker = Broker({"listeners": {"default": listener}, "plugins": self._plugins})
        await self._broker.start()
        self.port = self._broker._servers["default"].instance.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """End it. `wait_for` of Python 3.11 may lose a cancellation, for which amqtt then waits: so cancel again."""
        if self._broker is None:
            return
        closing = asyncio.create_task(self._broker.shutdown())
        self._broker = None
        while not (await asyncio.wait([closing], timeout=1))[0]:
            for task in asyncio.all_tasks():
                if task.cancelling():
                    task.cancel()
        await closing


@contextlib.asynccontextmanager
async def broker(**plugins: dict[str, Any]) -> AsyncIterator[LocalBroker]:
    made = LocalBroker(**plugins)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


class Reader:
    """Messages that a subscriber got, in their order."""

    def __init__(self) -> None:
        self.messages: list[aiomqtt.Message] = []

    async def follow(self, client: aiomqtt.Client) -> None:
        with contextlib.suppress(aiomqtt.MqttError):
            async for message in client.messages:
                self.messages.append(message)

    @property
    def topics(self) -> list[str]:
        return [message.topic.value for message in self.messages]

    def payloads(self, part: str) -> list[bytes]:
        return [bytes(each.payload) for each in self.messages if part in each.topic.value]


@contextlib.asynccontextmanager
async def reader(port: int, *topics: str, **options: Any) -> AsyncIterator[Reader]:
    """Read what is published on topics, and publish through `client`."""
    found = Reader()
    async with aiomqtt.Client("127.0.0.1", port, **options) as client:
        for topic in topics:
            await client.subscribe(topic, qos=1)
        task = asyncio.create_task(found.follow(client))
        try:
            yield found
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def publish(port: int, topic: str, payload: bytes, **options: Any) -> None:
    async with aiomqtt.Client("127.0.0.1", port) as client:
        await client.publish(topic, payload, qos=1, **options)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for a condition."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        await asyncio.sleep(0.02)


async def repeat(attempt: Callable[[], Awaitable[bool]]) -> None:
    """Try until it works."""
    end = time.monotonic() + DEADLINE
    while not await attempt():
        assert time.monotonic() < end, "it did not work in time"
        await asyncio.sleep(0.02)


def around(plant: Plant, sink: str = "Line 1") -> Around:
    return Around(sink, plant.runtime, SINK, LOOPBACK)


def push(*values: Value, body: bytes = b"", late: bool = False) -> Outgoing:
    return Outgoing("key", now(), list(values), body, "application/json", late)


@contextlib.contextmanager
def plant_with(folder: Path, **tags: str) -> Any:
    with plant_in(folder) as plant:
        plant.memory(**tags)
        yield plant
