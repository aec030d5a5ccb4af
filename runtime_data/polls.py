"""The reading of one source with one period, for all who listen to its tags with that period."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

import msgspec

from runtime_data.sources.source import Source, Watching
from runtime_data.values import Value, split

L = TypeVar("L", bound=Hashable)
Find = Callable[[str], Source]
"""Gives the source of a name. From worker threads.

Raises:
    Problem: There is none.
"""
Tell = Callable[[Callable[[], Sequence[Value]]], None]
"""Takes a function that gives the changes of a source."""
KEPT = 2000
"""Tags without listeners whose value is kept."""


class Poll(Generic[L]):
    """What is read of a source, and for whom. On the event loop, except for `turn` and what it uses.

    Attributes:
        source: The source's name.
        period: Seconds from one reading to the next.
        wanted: Who listens to each tag.
        awaited: Who has not got a value of a tag yet.
        every: Who wants the value of each reading of a tag.
        given: The value of each tag that was given last, with the number of that.
        news: Set when somebody waits for a first value.
        task: What reads; None while nobody listens.
    """

    def __init__(self, source: str, period: float, find: Find) -> None:
        """Begin without tags."""
        self.source, self.period, self._find = source, period, find
        self.wanted: dict[str, set[L]] = {}
        self.awaited: dict[str, set[L]] = {}
        self.every: dict[str, set[L]] = {}
        self.given: dict[str, tuple[int, Value]] = {}
        self.news = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._names: tuple[str, ...] | None = None
        self._unread: set[str] = set()
        self._paths: tuple[tuple[str, ...], tuple[str, ...]] = (), ()
        self._following: _Following | None = None
        self._lock = threading.Lock()

    def add(self, tag: str, listener: L, *, every: bool) -> None:
        """Read a tag for a listener."""
        if tag not in self.wanted:
            self._names = None
            self._unread.add(tag)
            self.news.set()
        self.wanted.setdefault(tag, set()).add(listener)
        if every:
            self.every.setdefault(tag, set()).add(listener)
            self.news.set()

    def remove(self, tag: str, listener: L) -> None:
        """Read a tag no more for a listener. The value that was given last is kept, for one that comes back."""
        for each in (self.wanted, self.awaited, self.every):
            listeners = each.get(tag, set())
            listeners.discard(listener)
            if not listeners:
                each.pop(tag, None)
        if tag not in self.wanted:
            self._names = None
            if len(self.given) > len(self.wanted) + KEPT:
                self.given = {name: known for name, known in self.given.items() if name in self.wanted}

    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return all tags, and those for which a source that is followed is asked in this turn."""
        if self._names is None:
            self._names = tuple(self.wanted)
        asked = tuple({*self.awaited, *self.every, *self._unread} & self.wanted.keys())
        self._unread = set()
        return self._names, asked

    def stop(self) -> None:
        """Read no more."""
        if self.task is not None:
            self.task.cancel()
            self.task = None
        self._follow(None)

    async def pause(self, seconds: float, check: float) -> None:
        """Wait until the next turn.

        Args:
            seconds: Until the next reading.
            check: Seconds after which a source that is followed is looked at; news come at once.
        """
        is_followed = self._following is not None and self._following.end is not None
        if not is_followed or self.every:
            await asyncio.sleep(max(0.0, seconds))
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(check):
                await self.news.wait()

    def turn(self, wanted: tuple[str, ...], asked: tuple[str, ...], tell: Tell) -> list[Value]:
        """Return the values that the source has to be asked for. In a worker thread, never two at once.

        Args:
            wanted: All tags.
            asked: The tags to ask for where the source is followed.
            tell: Takes what a source tells that is followed; any thread.

        Raises:
            Problem: There is no such source.
        """
        source, following = self._find(self.source), self._following
        if following is None or following.source is not source:
            following, asked = _Following(source, tell), wanted
            self._follow(following)
        following.expect(wanted)
        names = wanted if following.end is None else asked
        return source.read(self._paths_of(names)) if names else []

    def _follow(self, following: _Following | None) -> None:
        """Follow a source from now on, and not the one before. A reading may end after the poll did."""
        with self._lock:
            before, self._following = self._following, following if self.task is not None else None
        for each in (before, following if self._following is None else None):
            if each is not None and each.end is not None:
                each.end()

    def _paths_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if self._paths[0] is not names:
            self._paths = names, tuple(split(name)[1] for name in names)
        return self._paths[1]


class _Following:
    """Takes what a source tells at once to the event loop: of each tag the newest value, many in one call. Any thread.

    Attributes:
        source: The source.
        end: Ends it; None where the source has to be polled.
    """

    def __init__(self, source: Source, tell: Tell) -> None:
        """Follow a source, as far as it can be followed."""
        self._tell, self._lock = tell, threading.Lock()
        self._wanted: tuple[str, ...] = ()
        self._spelled: dict[str, list[str]] = {}
        self._changes: dict[str, Value] = {}
        self.source = source
        self.end = source.follow(self._hear)

    def expect(self, wanted: tuple[str, ...]) -> None:
        """Take the values of these tags, as they are spelled."""
        if wanted is self._wanted:
            return
        spelled: dict[str, list[str]] = {}
        for tag in wanted:
            spelled.setdefault(tag.casefold(), []).append(tag)
        self._wanted, self._spelled = wanted, spelled
        if self.end is not None and isinstance(self.source, Watching):
            self.source.watch(self._hear, [split(tag)[1] for tag in wanted])

    def _hear(self, values: Sequence[Value]) -> None:
        heard = {
            tag: value if tag == value.tag else msgspec.structs.replace(value, tag=tag)
            for value in values
            for tag in self._spelled.get(value.tag.casefold(), ())
        }
        with self._lock:
            is_first = bool(heard) and not self._changes
            self._changes |= heard
        if is_first:
            with suppress(RuntimeError):  # the service has ended
                self._tell(self._take)

    def _take(self) -> Sequence[Value]:
        with self._lock:
            changes, self._changes = self._changes, {}
        return list(changes.values())
