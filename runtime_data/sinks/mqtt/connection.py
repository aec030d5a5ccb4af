"""One connection to an MQTT broker that is made again whenever it ends.

The client needs an event loop that watches sockets, which the usual one of Windows does not. So each connection has a
thread with its own loop; everything that a session does runs on the loop of the service.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from engineering_api import background
from engineering_api.extras import Extra
from engineering_api.security.targets import Targets
from openness_bridge.errors import Problem
from runtime_data.sinks.mqtt.broker import Broker, address, encryption

if TYPE_CHECKING:
    import aiomqtt

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE = 10.0
"""Seconds in which the broker answers a connection, a subscription or a message."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds from the end of a connection to the next attempt: the pause doubles while there is none."""
LARGEST_RECEIVED = 256 << 10
"""Bytes of a message that is read."""
MOST_WAITING = 1000
"""Received messages that wait; more are dropped."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message to publish.

    Attributes:
        qos: 0, 1 or 2: at most once, at least once, exactly once.
    """

    topic: str
    payload: bytes
    qos: int = 0
    retained: bool = False


class NotDelivered(Exception):  # noqa: N818 - a state, not a mistake
    """A message was not delivered; the text says why."""


class Session(Protocol):
    """What is done with a connection. Its methods run on the event loop of the service, except for `will`."""

    def will(self) -> Post | None:
        """Return the message that the broker publishes when the connection breaks. It is asked before each connection."""

    def topics(self) -> list[str]:
        """Return the topics to subscribe to, at QoS 1."""

    async def opened(self) -> None:
        """Do what a new connection begins with, after the subscriptions."""

    async def received(self, topic: str, payload: bytes) -> bool:
        """Take a message, but none that the broker had kept unless `wants_kept`; return whether to connect again."""

    async def closing(self) -> None:
        """Do what an intended end of the connection begins with."""

    def wants_kept(self, topic: str) -> bool:
        """Return whether retained messages of a topic are given to `received`."""


class Connection:
    """A connection that is kept up until it is closed."""

    def __init__(self, broker: Broker, client_id: str, targets: Targets, session: Session) -> None:
        """Begin to connect. On the event loop of the service.

        Args:
            broker: Where.
            client_id: The name of the connection where the broker's definition has none.
            targets: Which hosts are allowed.
            session: What is done with it.

        Raises:
            Problem: The extra `mqtt` is not installed.
        """
        with Extra("mqtt"):
            import aiomqtt  # noqa: F401 - it must be there before the thread needs it
        self._broker, self._client_id, self._targets, self._session = broker, client_id, targets, session
        self._service = asyncio.get_running_loop()
        self._loop = asyncio.SelectorEventLoop()
        self._client: aiomqtt.Client | None = None
        self._connected = asyncio.Event()
        self._closing = False
        self.error = "There is no connection to the broker yet."
        self._thread = threading.Thread(target=self._work, name=f"mqtt {client_id}", daemon=True)
        self._thread.start()

    async def ready(self, seconds: float) -> bool:
        """Wait until there is a connection on which the session has begun; return whether there is one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._connected.wait()
        return self._connected.is_set()

    async def publish(self, posts: list[Post]) -> None:
        """Publish messages one after another. At QoS 1 and 2 each was acknowledged when this returns.

        Raises:
            NotDelivered: There is no connection, or it ended before all were acknowledged.
        """
        await asyncio.wrap_future(self._to_client(self._publish(posts)))

    async def close(self) -> None:
        """End the connection, and wait until it has ended; an attempt to reach a host that does not answer ends later."""
        if self._closing:
            return
        self._closing = True
        if self._connected.is_set():
            with suppress(NotDelivered):
                await self._session.closing()
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end_now)
        await asyncio.to_thread(self._thread.join, PATIENCE)

    def _to_client(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        try:
            return background.submit(work, self._loop)
        except RuntimeError:  # the loop has ended
            work.close()
            raise NotDelivered(self.error) from None

    async def _publish(self, posts: list[Post]) -> None:
        import aiomqtt

        for each in posts:
            client = self._client
            if client is None:
                raise NotDelivered(self.error)
            try:
                await client.publish(each.topic, each.payload, each.qos, each.retained)
            except (aiomqtt.MqttError, ValueError) as error:
                raise NotDelivered(f"The broker did not take the message: {error}.") from error
            except asyncio.CancelledError:
                if self._closing:
                    raise NotDelivered("The connection to the broker was closed.") from None
                raise

    # What follows runs in the thread of the connection.

    def _work(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._keep_up())
        except asyncio.CancelledError:
            log.debug("The connection to %s was closed", self._broker.url)

    def _end_now(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    async def _keep_up(self) -> None:
        import aiomqtt

        pause = FIRST_PAUSE
        while not self._closing and not self._service.is_closed():
            try:
                await self._connect_once()
                self.error = "The connection to the broker was closed."
                pause = FIRST_PAUSE
            except Exception as error:
                if self._client is not None:
                    pause = FIRST_PAUSE
                self.error = f"There is no connection to the broker: {error}"
                is_usual = isinstance(error, (aiomqtt.MqttError, NotDelivered, OSError, Problem))
                log.log(logging.INFO if is_usual else logging.ERROR, "%s", self.error, exc_info=not is_usual)
            finally:
                self._client = None
                with suppress(RuntimeError):  # the loop of the service has ended
                    self._service.call_soon_threadsafe(self._connected.clear)
            if not self._closing:  # the end of a client may replace a cancellation by its own error
                await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connect_once(self) -> None:
        """Connect, and use the connection until it ends or the session wants a new one."""
        import aiomqtt

        host, port = address(self._broker)
        found = await self._targets.resolve(host, port)
        will = self._session.will()
        client = aiomqtt.Client(
            found[0],
            port,
            username=self._broker.user or None,
            password=self._broker.password or None,
            identifier=self._broker.client_id or self._client_id,
            keepalive=self._broker.keep_alive,
            clean_session=True,
            timeout=PATIENCE,
            tls_context=await asyncio.to_thread(encryption, self._broker),
            max_queued_incoming_messages=MOST_WAITING,
            will=None if will is None else aiomqtt.Will(will.topic, will.payload, will.qos, will.retained),
            logger=log,
        )
        async with client:
            self._client = client
            for topic in self._session.topics():
                await client.subscribe(topic, qos=1)
            await self._on_service(self._session.opened())
            self._service.call_soon_threadsafe(self._connected.set)
            async for message in client.messages:
                if await self._is_enough(message):
                    break

    async def _is_enough(self, message: aiomqtt.Message) -> bool:
        """Give a message to the session; return whether it wants a new connection."""
        topic, payload = message.topic.value, message.payload
        if not isinstance(payload, bytes) or len(payload) > LARGEST_RECEIVED:
            log.warning("A message on %s is too large and was dropped", topic)
            return False
        if message.retain and not self._session.wants_kept(topic):
            return False
        try:
            return await self._on_service(self._session.received(topic, payload))
        except NotDelivered as error:
            log.info("%s", error)
        except Exception:  # one bad message must not end the connection
            log.exception("A message on %s could not be used", topic)
        return False

    async def _on_service(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._service))
