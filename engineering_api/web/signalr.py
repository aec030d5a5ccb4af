"""SignalR 2 by long polling: what happens to jobs, and what an assistant says, for clients that were written for it.

Only what such clients use: negotiate, then start and held polls, with or without connect before; no server methods, no other
transport. A poll is held until something happens, and ends early when a client comes back with what it saw last, so nothing
is lost between polls. Everyone else has server-sent events. Facts: docs/facts/t-ia-connect.md#signalr.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.events import Event
from engineering_api.operations.runner import Runner
from engineering_api.security.scopes import Scopes
from engineering_api.storage.jobs import COMPLETED, FAILED
from engineering_api.web.bind import LARGE
from openness_bridge.errors import Kind, Problem

Message = dict[str, Any]
JOBS, ASSISTANT = "jobhub", "assistanthub"
HOLD = 60.0
"""Seconds that a poll is held when nothing happens."""
FORGOTTEN_AFTER = 600.0
"""Seconds without a poll after which a connection is forgotten."""
ASSISTANT_EVENTS = {
    "assistant.intermediate": "onIntermediateResponse",
    "assistant.user": "onUserMessage",
    "assistant.tool": "onToolExecution",
    "assistant.response": "onAssistantResponse",
    "assistant.tokens": "onTokenUsage",
}
"""Event to the client method that gets its `content`."""


@dataclass(slots=True)
class Connection:
    """A client that negotiated.

    Attributes:
        hubs: The hubs that it asked for, in lower case.
        begin: Number of the latest event when it came; later ones are for it.
        groups: Its groups token, which never changes: every listener gets every event.
    """

    hubs: frozenset[str]
    begin: int
    groups: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    seen: float = field(default_factory=time.monotonic)


class Connections:
    """The clients that negotiated, by their tokens."""

    def __init__(self, forgotten_after: float = FORGOTTEN_AFTER) -> None:
        """Start without any."""
        self._forgotten_after = forgotten_after
        self._by_token: dict[str, Connection] = {}

    def open(self, hubs: Iterable[str], begin: int) -> str:
        """Take a client in; returns its token."""
        oldest = time.monotonic() - self._forgotten_after
        self._by_token = {token: found for token, found in self._by_token.items() if found.seen > oldest}
        token = secrets.token_urlsafe(24)
        self._by_token[token] = Connection(frozenset(hubs), begin)
        return token

    def get(self, token: str) -> Connection:
        """Return the connection of a token.

        Raises:
            Problem: There is none; the client negotiates again.
        """
        found = self._by_token.get(token)
        if found is None:
            raise Problem("signalr.connection", "This connection is unknown: negotiate again.", kind=Kind.INVALID)
        found.seen = time.monotonic()
        return found

    def close(self, token: str) -> None:
        """Forget a client."""
        self._by_token.pop(token, None)


class SignalR:
    """The transport of one service."""

    def __init__(self, service: Service, hold: float) -> None:
        """Report what happens in this service."""
        self._service, self._hold = service, hold
        self._connections = Connections()
        self._boot = secrets.token_hex(4)

    def negotiate(self, connection_data: str) -> dict[str, Any]:
        """Return the answer to a client that wants to connect."""
        number = self._service.hub.number
        token = self._connections.open(_hubs(connection_data), number)
        return {
            "Url": "/signalr",
            "ConnectionToken": token,
            "ConnectionId": token,
            "MessageId": self._cursor(number),
            "KeepAliveTimeout": None,
            "DisconnectTimeout": 30.0,
            "ConnectionTimeout": self._hold + 50.0,
            "TryWebSockets": False,
            "ProtocolVersion": "1.5",
            "TransportConnectTimeout": 5.0,
            "LongPollDelay": 0.0,
        }

    def connect(self, token: str) -> dict[str, Any]:
        """Return the first answer to clients that connect before they start."""
        connection = self._connections.get(token)
        return {"C": self._cursor(connection.begin), "S": 1, "G": connection.groups, "M": []}

    def start(self, token: str) -> dict[str, Any]:
        """Return the answer to a client that is ready."""
        self._connections.get(token)
        return {"Response": "started"}

    def abort(self, token: str) -> None:
        """Remove a client."""
        self._connections.close(token)

    async def poll(self, token: str, message_id: str, caller: Caller) -> dict[str, Any]:
        """Return what happened since a message id; wait until something does, or the poll has been held long enough."""
        connection = self._connections.get(token)
        last = self._last(message_id, connection)
        messages: list[Message] = []
        deadline = time.monotonic() + self._hold
        with self._service.hub.subscribe(after=last) as events:
            while not messages:
                batch = await _batch(events.queue, deadline - time.monotonic())
                if not batch:
                    break
                for event in batch:
                    last = event.number
                    if not await self._service.part(Scopes).sees(caller, event):
                        continue
                    messages += [each for each in await self._messages(event) if each["H"] in connection.hubs]
        connection.seen = time.monotonic()
        return {"C": self._cursor(last), "G": connection.groups, "M": messages}

    def _cursor(self, number: int) -> str:
        return f"{self._boot},{number:X}"

    def _last(self, message_id: str, connection: Connection) -> int:
        """Return the number in a message id of this process; anything else is no reason to lose or repeat an event."""
        boot, _, number = message_id.partition(",")
        try:
            return int(number, 16) if boot == self._boot else connection.begin
        except ValueError:
            return connection.begin

    async def _messages(self, event: Event) -> list[Message]:
        if event.kind in ASSISTANT_EVENTS:
            return [_message(ASSISTANT, ASSISTANT_EVENTS[event.kind], pascal(event.data.get("content")))]
        if event.kind == "job.progress":
            return [_message(JOBS, "jobProgressChanged", event.subject, event.data["progress"], event.data["message"])]
        if event.kind in {"job.created", "job.status"}:
            return [await self._status(event)]
        return []

    async def _status(self, event: Event) -> Message:
        """Return a job's new state; its result goes with its end, and clients read the whole job over HTTP."""
        status = event.data.get("status", "Pending")
        record = await self._service.part(Runner).job(event.subject)
        operation = self._service.catalogue.named(record.operation)
        description = record.operation if operation is None else operation.summary.rstrip(".")
        if status == FAILED:
            description = record.error or description
        result = await _result(bytes(record.result)) if status == COMPLETED and record.result else None
        return _message(JOBS, "jobStatusChanged", event.subject, status, result, description)


async def _result(encoded: bytes) -> Any:
    """Return a job's result as events carry it; a large one is read in a worker thread."""

    def read() -> Any:
        return pascal(msgspec.json.decode(encoded))

    return read() if len(encoded) < LARGE else await asyncio.to_thread(read)


def pascal(value: Any) -> Any:
    """Return a value whose names begin with capitals, as events carry them."""
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: pascal(each) for name, each in value.items()}
    return [pascal(each) for each in value] if isinstance(value, list) else value


def _hubs(connection_data: str) -> list[str]:
    """Return the names of the hubs that a client wants: both, when it does not say.

    Raises:
        Problem: The text is not a list of names.
    """
    if not connection_data:
        return [JOBS, ASSISTANT]
    try:
        wanted = msgspec.json.decode(connection_data, type=list[dict[str, Any]])
        return [str(each["name"]).lower() for each in wanted]
    except (msgspec.MsgspecError, KeyError):
        msg = 'connectionData must be a list of hubs, such as [{"name":"jobhub"}].'
        raise Problem("signalr.connection_data", msg, kind=Kind.INVALID) from None


async def _batch(queue: asyncio.Queue[Event | None], seconds: float) -> list[Event]:
    """Return the events that are there, or the next one in so many seconds; none when it ends without."""
    if seconds <= 0:
        return []
    try:
        found = [await asyncio.wait_for(queue.get(), seconds)]
    except TimeoutError:
        return []
    while not queue.empty():
        found.append(queue.get_nowait())
    return [] if None in found and found[0] is None else [event for event in found if event is not None]


def _message(hub: str, method: str, *arguments: Any) -> Message:
    return {"H": hub, "M": method, "A": list(arguments)}
