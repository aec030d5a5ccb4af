"""Who listens to which tags: one reading for each source and period, whose changes all listeners share.

A source that tells its changes at once is followed and not polled. Each source has a thread of its own, so that one that
does not answer delays no other. What was given to listeners has a number, so that a listener that comes back gets
only what it missed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engineering_api import background
from openness_bridge.errors import Detail, Problem
from runtime_data.latest import Latest, aged
from runtime_data.polls import Find, Poll
from runtime_data.quality import NO_COMMUNICATION
from runtime_data.values import Value, now, split

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PERIOD", "Latest", "Listener", "Newest", "Subscriptions"]
log = logging.getLogger(__name__)
PERIOD = 0.5
"""Seconds from one reading to the next, where a listener names none."""
LATE = 3
"""Periods after which a value that was not refreshed is the last usable one."""
SHORTEST_LATE = 1.0
"""Seconds that a reading may take however short its period is."""
CHECK = 1.0
"""Seconds after which it is checked whether a source that is followed was replaced."""
IDLE = 32
"""Readings without listeners whose values are kept for those who come back."""
Changes = Callable[[Sequence[Value]], None]
"""Takes the values that have changed, on the event loop. It must not block."""


@dataclass(eq=False)
class Listener:
    """One that wants to know of changes.

    Attributes:
        changed: Is given the present value of each tag, then every change.
        ended: Is called when there are no more changes, because the service ends.
        polls: The reading of each tag.
        deadbands: By how much a number must change to be given; tags without one are not in it.
        given: The value that was given last, of tags with a deadband.
    """

    changed: Changes
    ended: Callable[[], None] = lambda: None
    polls: dict[str, Poll[Listener]] = field(default_factory=dict)
    deadbands: dict[str, float] = field(default_factory=dict)
    given: dict[str, Value] = field(default_factory=dict)

    def takes(self, value: Value) -> bool:
        """Return whether a value differs enough from the one that was given last."""
        band = self.deadbands.get(value.tag)
        if band is None:
            return True
        last = self.given.get(value.tag)
        if last is not None and last.status == value.status and _is_within(band, last.value, value.value):
            return False
        self.given[value.tag] = value
        return True


class Subscriptions:
    """All listeners. On the event loop only."""

    def __init__(self, find: Find, latest: Latest) -> None:
        """Read these sources."""
        self._find, self._latest = find, latest
        self._polls: dict[tuple[str, float], Poll[Listener]] = {}
        self._listeners: set[Listener] = set()
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._first = self.number = now()

    @contextmanager
    def listen(
        self, tags: Iterable[str] | Mapping[str, float], changed: Changes, period: float = PERIOD, deadband: float = 0.0
    ) -> Iterator[Listener]:
        """Give each change of some tags to a function while the block runs, beginning with their present values.

        Args:
            tags: Full names: source:path, or these with the period of each. One that does not exist has a value with the
                status of that.
            changed: Takes the changes, on the event loop.
            period: Seconds from one reading to the next; sources that tell their changes at once are not polled.
            deadband: By how much a number must change.
        """
        listener = self.open(changed)
        try:
            by_period: dict[float, list[str]] = {}
            for tag in tags:
                by_period.setdefault(tags[tag] if isinstance(tags, Mapping) else period, []).append(tag)
            for seconds, names in by_period.items():
                self.add(listener, names, seconds, deadband)
            yield listener
        finally:
            self.leave(listener)

    def open(self, changed: Changes, ended: Callable[[], None] = lambda: None) -> Listener:
        """Return a listener without tags."""
        listener = Listener(changed, ended)
        self._listeners.add(listener)
        return listener

    def add(
        self,
        listener: Listener,
        tags: Iterable[str],
        period: float = PERIOD,
        deadband: float = 0.0,
        *,
        every: bool = False,
        after: int | None = None,
    ) -> None:
        """Give a listener further tags, or tags that it has at another pace.

        Args:
            listener: Who listens.
            tags: Full names.
            period: Seconds from one reading to the next.
            deadband: By how much a number must change; 0 for every change.
            every: Give the value of each reading, changed or not.
            after: The number up to which the listener has all values of these tags; they are given from there on.
        """
        has_some = after is not None and self._first <= after <= self.number
        present: list[Value] = []
        for tag in tags:
            self.remove(listener, [tag])
            poll = self._poll((split(tag)[0], period))
            self._catch_up(poll, tag)
            known = poll.given.get(tag)
            is_fresh = tag in poll.wanted
            listener.polls[tag] = poll
            poll.add(tag, listener, every=every)
            if deadband > 0:
                listener.deadbands[tag] = deadband
            if known is not None and has_some:
                if known[0] > (after or 0):
                    present.append(known[1])
            elif known is not None and is_fresh:
                present.append(known[1])
            else:
                poll.awaited.setdefault(tag, set()).add(listener)
        self._give({listener: [value for value in present if listener.takes(value)]})

    def catch_up(self, listener: Listener, tags: Iterable[str]) -> None:
        """Give all who listen what somebody has read of tags since their last reading.

        So a value that is older than one that was given already is a change again, and nobody keeps the older one.
        """
        for tag in tags:
            if (poll := listener.polls.get(tag)) is not None:
                self._catch_up(poll, tag)

    def _catch_up(self, poll: Poll[Listener], tag: str) -> None:
        given, latest = poll.given.get(tag), self._latest.get(tag)
        if given is not None and latest is not None and latest.server_time > given[1].server_time:
            self._publish(poll, [latest])

    def remove(self, listener: Listener, tags: Iterable[str]) -> None:
        """Take tags from a listener."""
        for tag in tags:
            poll = listener.polls.pop(tag, None)
            listener.deadbands.pop(tag, None)
            listener.given.pop(tag, None)
            if poll is not None:
                poll.remove(tag, listener)
                if not poll.wanted:
                    self._rest(poll)

    def leave(self, listener: Listener) -> None:
        """Take all tags from a listener, and forget it."""
        self.remove(listener, list(listener.polls))
        self._listeners.discard(listener)

    def close(self) -> None:
        """End all readings and all listeners."""
        for listener in list(self._listeners):
            self.leave(listener)
            listener.ended()
        self._polls.clear()

    def _poll(self, key: tuple[str, float]) -> Poll[Listener]:
        poll = self._polls.get(key)
        if poll is None:
            poll = self._polls[key] = Poll(*key, self._find)
        if poll.task is None:
            threads = self._threads.get(poll.source)
            if threads is None:
                threads = self._threads[poll.source] = ThreadPoolExecutor(1, f"runtime {poll.source}")
            poll.task = background.begin(self._keep(poll, threads))
        return poll

    def _rest(self, poll: Poll[Listener]) -> None:
        """Read no more for a poll that nobody listens to; what it gave is kept for a while."""
        poll.stop()
        if all(each.task is None for each in self._polls.values() if each.source == poll.source):
            self._threads.pop(poll.source).shutdown(wait=False)
        key = (poll.source, poll.period)
        self._polls[key] = self._polls.pop(key)
        idle = [key for key, each in self._polls.items() if each.task is None]
        for old in idle[: max(0, len(idle) - IDLE)]:
            del self._polls[old]

    async def _keep(self, poll: Poll[Listener], threads: ThreadPoolExecutor) -> None:
        """Read a source again and again, or follow it."""
        loop = asyncio.get_running_loop()

        def tell(take: Callable[[], Sequence[Value]]) -> None:
            loop.call_soon_threadsafe(lambda: self._publish(poll, take()))

        while True:
            begun = time.monotonic()
            poll.news.clear()
            wanted, awaited = poll.names()
            reading = loop.run_in_executor(threads, poll.turn, wanted, awaited, tell)
            try:
                done, _ = await asyncio.wait({reading}, timeout=max(LATE * poll.period, SHORTEST_LATE))
                if not done:
                    self._publish(poll, [aged(poll.given[tag][1]) for tag in wanted if tag in poll.given])
                    await asyncio.wait({reading})
                self._publish(poll, _outcome(reading, wanted))
            except Exception:  # one bad reading must not end the others
                log.exception("The source %s could not be read", poll.source)
            finally:
                reading.cancel()
            await poll.pause(poll.period - (time.monotonic() - begun), CHECK)

    def _publish(self, poll: Poll[Listener], values: Iterable[Value]) -> None:
        """Keep values and give to the listeners of a poll what they do not have yet."""
        news: dict[Listener, list[Value]] = {}
        for each in values:
            value, tag = self._latest.put(each)[0], each.tag
            listeners = poll.wanted.get(tag)
            if listeners is None:
                continue
            known = poll.given.get(tag)
            if known is None or not value.same(known[1]):
                self.number += 1
                poll.given[tag] = (self.number, value)
                poll.awaited.pop(tag, None)
            else:
                listeners = poll.awaited.pop(tag, set()) | poll.every.get(tag, set())
            for listener in listeners:
                if not listener.deadbands or listener.takes(value):
                    news.setdefault(listener, []).append(value)
        self._give(news)

    @staticmethod
    def _give(news: Mapping[Listener, Sequence[Value]]) -> None:
        for listener, values in news.items():
            try:
                if values:
                    listener.changed(values)
            except Exception:  # a listener's error must not keep values from the others
                log.exception("A listener could not take %d values", len(values))


class Newest:
    """What a listener that may be slow has not got yet: of each tag the newest value, never a queue."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._waiting: dict[str, Value] = {}
        self._news = asyncio.Event()
        self.has_ended = False

    def add(self, values: Sequence[Value]) -> None:
        """Replace what waits by newer values."""
        self._waiting.update((value.tag, value) for value in values)
        self._news.set()

    def drop(self, tags: Iterable[str]) -> None:
        """Forget what waits of some tags."""
        for tag in tags:
            self._waiting.pop(tag, None)

    def end(self) -> None:
        """Say that nothing comes any more."""
        self.has_ended = True
        self._news.set()

    async def wait(self) -> None:
        """Wait until there is something, or nothing comes any more."""
        await self._news.wait()

    def drain(self) -> list[Value]:
        """Return all of it; nothing where there is nothing."""
        if not self.has_ended:
            self._news.clear()
        taken, self._waiting = self._waiting, {}
        return list(taken.values())

    async def take(self) -> list[Value]:
        """Wait until there is something, and return all of it; nothing when nothing comes any more."""
        await self.wait()
        return self.drain()

    async def __aiter__(self) -> AsyncIterator[list[Value]]:
        """Take again and again."""
        while not self.has_ended:
            yield await self.take()


def _outcome(reading: asyncio.Future[list[Value]], wanted: Iterable[str]) -> list[Value]:
    """Return what a reading found; of a source that is not there any more, that it is lost."""
    try:
        return reading.result()
    except Problem as problem:
        error, at = Detail(problem.code, problem.message), now()
        return [Value(tag, None, status=NO_COMMUNICATION.code, server_time=at, error=error) for tag in wanted]


def _is_within(band: float, old: object, new: object) -> bool:
    """Return whether two numbers differ by no more than that; a truth value is no number."""
    if isinstance(old, bool) or isinstance(new, bool):
        return False
    return isinstance(old, int | float) and isinstance(new, int | float) and abs(new - old) <= band
