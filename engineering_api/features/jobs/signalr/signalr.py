"""SignalR 2: what happens to jobs, and what an assistant says, for clients that were written for it.

Each answer, server-sent event or WebSocket message carries a cursor. A client comes back with the last cursor that it got, over
any transport, and gets what came later: each message once. Facts: docs/facts/signalr.md.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from engineering_api.features.jobs.signalr.connections import Connection, Connections
from engineering_api.features.jobs.signalr.messages import Message, hubs_of, messages_of
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.events import Event, Subscription
from engineering_api.security.identities import Identities
from engineering_api.security.scopes import Scopes

HOLD = 60.0
"""Seconds that a poll is held when nothing happens."""
ALIVE = 10.0
"""Seconds after which an empty message shows clients of other transports that the connection is alive."""
PROTOCOLS = {"1.2": "1.2", "1.3": "1.3", "1.4": "1.4", "1.5": "1.5", "2.0": "2.0", "2.1": "2.0"}
"""The version of the protocol that a client names, and the one that the server answers."""
USUAL_PROTOCOL = "1.5"
"""Answered to clients that name none of these."""
Batch = tuple[int, list[Message]]
"""The number of the latest event, and the messages up to it that were not sent before."""


class SignalR:
    """The events of one service for clients of SignalR."""

    def __init__(self, service: Service, hold: float) -> None:
        """Report what happens in this service; hold a poll for so many seconds."""
        self._service, self._hold = service, hold
        self._connections = Connections(service.settings.max_connections)
        self._boot = secrets.token_hex(4)

    def negotiate(self, connection_data: str, protocol: str, caller: Caller, *, web_sockets: bool) -> dict[str, Any]:
        """Return the answer to a client that wants to connect.

        Args:
            connection_data: The hubs that it wants, as JSON; all when empty.
            protocol: The version of the protocol that it speaks.
            caller: Who asks.
            web_sockets: Whether the client can identify itself when it opens a WebSocket.

        Raises:
            Problem: The hubs are no list of names, or there are too many clients.
        """
        number = self._service.hub.number
        token = self._connections.open(Connection(caller.name, hubs_of(connection_data), number))
        return {
            "Url": "/signalr",
            "ConnectionToken": token,
            "ConnectionId": token,
            "MessageId": self._cursor(number),
            "KeepAliveTimeout": 2 * ALIVE,
            "DisconnectTimeout": 30.0,
            "ConnectionTimeout": self._hold + 50.0,
            "TryWebSockets": web_sockets,
            "ProtocolVersion": PROTOCOLS.get(protocol, USUAL_PROTOCOL),
            "TransportConnectTimeout": 5.0,
            "LongPollDelay": 0.0,
        }

    def get(self, token: str, caller: Caller) -> Connection:
        """Return the connection of a caller's token.

        Raises:
            Problem: There is none; the client negotiates again.
        """
        return self._connections.get(token, caller)

    def abort(self, token: str, caller: Caller) -> None:
        """Remove a client; what it waits for ends."""
        closed = self._connections.close(token, caller)
        if closed is not None:
            self._listen(closed, None)

    def first(self, connection: Connection, last: int) -> dict[str, Any]:
        """Return the first message to a client that connects and got an event last: only after it does the client start."""
        return {"C": self._cursor(last), "S": 1, "G": connection.groups, "M": []}

    async def poll(self, connection: Connection, caller: Caller, last: int) -> dict[str, Any]:
        """Return what happened after an event; wait until something does, or the poll has been held long enough."""
        messages: list[Message] = []
        async with aclosing(self._batches(connection, caller, last, self._hold)) as batches:
            async for number, found in batches:
                last, messages = number, found
                break
        return self._document(last, messages) | {"G": connection.groups}

    async def follow(
        self, connection: Connection, caller: Caller, last: int
    ) -> AsyncGenerator[tuple[int, dict[str, Any]]]:
        """Yield what happens after an event, with the number of the latest one; an empty document when nothing does.

        It ends with the connection, its next request that listens, the caller's key or login, or the service.
        """
        async with aclosing(self._batches(connection, caller, last, ALIVE)) as batches:
            async for number, messages in batches:
                yield number, self._document(number, messages) if messages else {}

    def last_of(self, message_id: str, connection: Connection, seen: str = "") -> int:
        """Return the number of the event that a client got last.

        Args:
            message_id: The cursor that it got last; one of another process, or none, is no reason to lose or repeat an event.
            connection: The client.
            seen: The number itself, of an EventSource that connects again by itself; empty for others.
        """
        boot, _, text = message_id.partition(",")
        try:
            number = int(seen) if seen else int(text, 16) if boot == self._boot else connection.begin
        except ValueError:
            return connection.begin
        return number if connection.begin <= number <= self._service.hub.number else connection.begin

    def _cursor(self, number: int) -> str:
        return f"{self._boot},{number:X}"

    def _document(self, number: int, messages: list[Message]) -> dict[str, Any]:
        return {"C": self._cursor(number), "M": messages}

    async def _batches(
        self, connection: Connection, caller: Caller, last: int, patience: float
    ) -> AsyncGenerator[Batch]:
        """Yield messages as they come; none after so many seconds without."""
        identities = self._service.part(Identities)
        deadline = time.monotonic() + patience
        with self._service.hub.subscribe(after=last) as events:
            self._listen(connection, events)
            while True:
                batch = await _take(events.queue, deadline - time.monotonic())
                connection.seen = time.monotonic()
                if batch is None or not identities.holds(caller):
                    return
                messages = [each for event in batch for each in await self._visible(event, connection, caller)]
                last = batch[-1].number if batch else last
                if messages or not batch:
                    yield last, messages
                    deadline = time.monotonic() + patience

    def _listen(self, connection: Connection, events: Subscription | None) -> None:
        """Let a connection listen with one subscription, and no longer with another one."""
        if connection.listening is not None:
            self._service.hub.leave(connection.listening)
        connection.listening = events

    async def _visible(self, event: Event, connection: Connection, caller: Caller) -> list[Message]:
        """Return the messages of an event that a caller may see, for the hubs of its connection."""
        shown = await self._service.part(Scopes).show(caller, event)
        if shown is None:
            return []
        return [each for each in await messages_of(self._service, shown, caller) if each["H"] in connection.hubs]


async def _take(queue: asyncio.Queue[Event | None], seconds: float) -> list[Event] | None:
    """Return the events that are there, or the next one in so many seconds: an empty list for none, None after the last."""
    if seconds <= 0:
        return []
    try:
        async with asyncio.timeout(seconds):
            found = [await queue.get()]
    except TimeoutError:
        return []
    while found[-1] is not None and not queue.empty():
        found.append(queue.get_nowait())
    if len(found) > 1 and found[-1] is None:
        queue.put_nowait(None)  # the end comes after these
    return [event for event in found if event is not None] or None
