"""One stream of events from which every push channel takes: server-sent events now, others later."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

import msgspec

log = logging.getLogger(__name__)


PATTERN = re.compile(r"[a-z_*?]+(\.[a-z_*?]+)?")
"""What a pattern of event kinds looks like: project.saved, job.*, *."""


KINDS = (
    "project.opened", "project.saved", "project.closed", "project.archived", "project.changed", "compile.finished",
    "plc_tests.finished", "online.connected", "online.disconnected", "download.finished", "upload.finished",
    "operation.failed", "job.created", "job.status", "job.progress", "pipeline.started", "pipeline.finished",
    "fleet.changed", "webhook.ping", "assistant.user", "assistant.intermediate", "assistant.tool", "assistant.response", "assistant.tokens",
)  # fmt: skip
"""All kinds of events that the service publishes."""


def names_events(pattern: str) -> bool:
    """Return whether a pattern is that of at least one kind of events."""
    return PATTERN.fullmatch(pattern) is not None and any(fnmatchcase(kind, pattern) for kind in KINDS)


def matches(patterns: Iterable[str], kind: str) -> bool:
    """Return whether one of some patterns is that of a kind of events."""
    return any(fnmatchcase(kind, pattern) for pattern in patterns)


class Event(msgspec.Struct, rename="camel", frozen=True):
    """Something that happened.

    Attributes:
        number: Counts up from 1; a client that reconnects names the last one it saw.
        kind: job.created, job.status, job.progress, project.opened, and so on.
    """

    number: int
    kind: str
    subject: str
    data: dict[str, Any]


class Subscription:
    """One listener's events, from the moment it was made."""

    def __init__(self, hub: Hub, subject: str | None) -> None:
        """Make a hub's subscription to the events of one subject, or all."""
        self._hub, self._subject = hub, subject
        self.queue: asyncio.Queue[Event | None] = asyncio.Queue()

    def wants(self, event: Event) -> bool:
        """Return whether an event is for this listener."""
        return self._subject in {None, event.subject}

    def __aiter__(self) -> Subscription:
        """Go through the events as they come."""
        return self

    async def __anext__(self) -> Event:
        """Return the next event; the iteration ends when the hub closes or cuts this listener off."""
        event = await self.queue.get()
        if event is None:
            raise StopAsyncIteration
        return event

    def __enter__(self) -> Subscription:
        """Listen while the block runs."""
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self._hub.leave(self)


class Hub:
    """Publishes events to all listeners and remembers the latest for those who reconnect."""

    def __init__(self, remembered: int = 1000, backlog: int = 1000) -> None:
        """Remember so many events; a listener that falls so far behind is cut off and must reconnect."""
        self._number, self._closed = 0, False
        self._recent: deque[Event] = deque(maxlen=remembered)
        self._backlog = backlog
        self._listeners: set[Subscription] = set()

    @property
    def number(self) -> int:
        """The number of the latest event; 0 before the first."""
        return self._number

    @property
    def listening(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def publish(self, kind: str, subject: str, **data: Any) -> None:
        """Send an event to all listeners. On the event loop only."""
        self._number += 1
        event = Event(self._number, kind, subject, data)
        self._recent.append(event)
        for listener in [listener for listener in self._listeners if listener.wants(event)]:
            if listener.queue.qsize() < self._backlog:
                listener.queue.put_nowait(event)
            else:
                self.leave(listener)

    def subscribe(self, subject: str | None = None, after: int | None = None) -> Subscription:
        """Return events from now on, of one subject or all, preceded by those remembered after a number."""
        listener = Subscription(self, subject)
        for event in self._recent:
            if after is not None and event.number > after and listener.wants(event):
                listener.queue.put_nowait(event)
        self._listeners.add(listener)
        return listener

    async def follow(self, handle: Callable[[Event], Awaitable[None]], after: int) -> None:
        """Hand every event after a number on, one after the other, until the hub is closed and all are handed on.

        What a handler raises is logged: the next event is handed on anyway.
        """
        while not self._closed:
            with self.subscribe(after=after) as events:
                async for event in events:
                    after = event.number
                    try:
                        await handle(event)
                    except Exception:
                        log.exception("An event was not handled: %s of %s", event.kind, event.subject)

    def leave(self, listener: Subscription) -> None:
        """End a listener."""
        if listener in self._listeners:
            self._listeners.remove(listener)
            listener.queue.put_nowait(None)

    def close(self) -> None:
        """End all listeners once they have all published events."""
        self._closed = True
        self.release()

    def release(self) -> None:
        """End those who listen now, such as streams over HTTP; followers come back."""
        for listener in list(self._listeners):
            self.leave(listener)
