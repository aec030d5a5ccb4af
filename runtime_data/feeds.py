"""Streams of values to clients: of each tag the newest value that a client does not have, encoded once for all clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.streaming.beats import BEAT
from engineering_api.security.rate_limit import exceeds
from engineering_api.settings import Settings, variable
from openness_bridge.errors import Kind, Problem
from openness_bridge.program_identity import ProgramState
from runtime_data.documents import Int64, show
from runtime_data.program_states import ProgramStates
from runtime_data.quality import ACCESS_DENIED
from runtime_data.runtime import Runtime
from runtime_data.subscriptions import PERIOD, Newest
from runtime_data.values import Value, now, sources_of, split

GATHER = 0.02
"""Seconds that lie between two messages to a client at least: what changes meanwhile is one message."""
REMEMBERED = 20_000
"""Values whose JSON is kept for further clients."""


class Pace(msgspec.Struct, frozen=True):
    """How a client wants the values of some tags.

    Attributes:
        period: Seconds from one reading to the next.
        deadband: By how much a number must change; 0 for every change.
        every: Whether it wants the value of each reading, changed or not.
    """

    period: float = PERIOD
    deadband: float = 0.0
    every: bool = False


class Batch(NamedTuple):
    """Values for a client.

    Attributes:
        number: The client has everything up to this number when it has these.
        values: JSON of each.
    """

    number: int
    values: list[bytes]

    @property
    def document(self) -> bytes:
        """The values as one list in JSON."""
        return b"[" + b",".join(self.values) + b"]"


class Feeds:
    """The streams of a service. On the event loop only."""

    def __init__(self, runtime: Runtime, settings: Settings, programs: ProgramStates) -> None:
        """Stream the values of this runtime, to as many clients as the settings allow."""
        self.runtime, self.settings, self._programs = runtime, settings, programs
        self._online: dict[str, tuple[float, ProgramState]] = {}
        self._open = 0
        self._encoder = msgspec.json.Encoder()
        self._encoded: dict[tuple[str, Int64], tuple[Value, ProgramState, bytes]] = {}

    def require_room(self) -> None:
        """Refuse a stream beyond the limit.

        Raises:
            Problem: There are as many as there may be.
        """
        limit = self.settings.runtime_streams
        if exceeds(self._open + 1, limit):
            msg = f"{limit} streams of values are open, the limit ({variable('runtime_streams')}): end one, or try again later."
            raise Problem("runtime.streams", msg, kind=Kind.UNAVAILABLE)

    @contextmanager
    def open(self, caller: Caller, int64: Int64 = "number") -> Iterator[Feed]:
        """Open a stream for the block.

        Args:
            caller: Who gets the values; the rules may keep tags from them.
            int64: "string" writes integers of 64 bits as texts.

        Raises:
            Problem: As require_room.
        """
        self.require_room()
        self._open += 1
        feed = Feed(self, caller, int64)
        try:
            yield feed
        finally:
            self._open -= 1
            feed.close()

    async def online(self, tags: Sequence[str]) -> dict[str, ProgramState]:
        """Return `programs` of the sources of tags, given by their full names."""
        return await self.programs(sources_of(tags))

    async def programs(self, sources: Collection[str]) -> dict[str, ProgramState]:
        """Return by source whether its CPU executes the program of the open project; found out once a beat for all clients."""
        oldest = time.monotonic() - BEAT / 2
        asked = [each for each in sources if self._online.get(each, (0.0, "unknown"))[0] < oldest]
        if asked:
            found = await self._programs.find_states(asked)
            at = time.monotonic()
            self._online |= {source: (at, state) for source, state in found.items()}
        return {source: self._online[source][1] for source in sorted(sources)}

    def encode(self, value: Value, int64: Int64) -> bytes:
        """Return the JSON of a value with the program of its source, made once for all clients."""
        key = (value.tag, int64)
        known = self._encoded.get(key)
        _, online = self._online.get(split(value.tag)[0], (0.0, "unknown"))
        if known is not None and known[0] is value and known[1] == online:
            return known[2]
        if len(self._encoded) >= REMEMBERED:
            self._encoded.clear()
        made = self._encoder.encode(show(value, int64, online))
        self._encoded[key] = value, online, made
        return made


class Feed:
    """The stream of one client. A slow client gets fewer messages, each with the newest values; nothing queues up."""

    def __init__(self, feeds: Feeds, caller: Caller, int64: Int64) -> None:
        """Begin without tags."""
        self._feeds, self._caller, self._int64 = feeds, caller, int64
        self._runtime = feeds.runtime
        self._newest = Newest()
        self._listener = self._runtime.subscriptions.open(self._newest.add, self._newest.end)
        self._paces: dict[str, Pace] = {}
        self._rules = self._runtime.rules.rules
        self._sent = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether nothing comes any more, because the service ends."""
        return self._newest.has_ended

    def close(self) -> None:
        """Listen no more."""
        self._runtime.subscriptions.leave(self._listener)

    async def add(self, tags: Sequence[str], pace: Pace, after: int | None = None) -> list[str]:
        """Give the client further tags, or tags that it has at another pace; return their full names.

        A tag that the rules keep from the client has a value with the status of that.

        Args:
            tags: source:path, or a path of the default source.
            pace: How the client wants them.
            after: The number up to which the client has all values of these tags.

        Raises:
            Problem: A text is no tag, there is no such source, or there are too many tags.
        """
        names = list(dict.fromkeys(await self._runtime.full(tags)))
        limit, found = self._feeds.settings.runtime_stream_tags, len(self._paces.keys() | set(names))
        if exceeds(found, limit):
            msg = f"{found} tags are more than the {limit} of one stream ({variable('runtime_stream_tags')}): open several."
            raise Problem("runtime.stream_tags", msg, kind=Kind.TOO_LARGE).beyond(limit, found)
        self._paces |= dict.fromkeys(names, pace)
        allowed = await self._allowed(names)
        self._listen([name for name in names if name in allowed], pace, after)
        return names

    async def remove(self, tags: Sequence[str]) -> list[str]:
        """Take tags from the client; return their full names.

        Raises:
            Problem: A text is no tag, there is no such source, or the client does not have the tag.
        """
        names = await self.require(tags)
        for name in names:
            self._paces.pop(name, None)
        self._runtime.subscriptions.remove(self._listener, names)
        self._newest.drop(names)
        return names

    async def require(self, tags: Sequence[str]) -> list[str]:
        """Return the full names of tags that the client has.

        Raises:
            Problem: A text is no tag, there is no such source, or the client does not have one of the tags.
        """
        names = list(dict.fromkeys(await self._runtime.full(tags)))
        for name in names:
            if name not in self._paces:
                raise Problem(
                    "runtime.not_subscribed", f"You do not listen to '{name}': subscribe to it.", kind=Kind.MISSING
                )
        return names

    @property
    def tags(self) -> list[str]:
        """The full names of the client's tags."""
        return list(self._paces)

    async def take(self, patience: float) -> Batch | None:
        """Wait for values; return them in JSON, or None where none came for so many seconds."""
        if (values := await self.take_values(patience)) is None:
            return None
        number = self._runtime.subscriptions.number
        return Batch(number, [self._feeds.encode(value, self._int64) for value in values])

    async def take_values(self, patience: float) -> list[Value] | None:
        """Wait for values; return them, or None where none came for so many seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._newest.wait()
        except TimeoutError:
            return None
        await asyncio.sleep(max(0.0, self._sent + GATHER - time.monotonic()))
        if self._runtime.rules.rules is not self._rules:
            await self._obey()  # before anything is sent that the rules keep from the client now
        self._sent = time.monotonic()
        return self._newest.drain()

    async def _obey(self) -> None:
        """Keep to rules that have changed."""
        self._rules = self._runtime.rules.rules
        names = list(self._paces)
        allowed = await self._allowed(names)
        heard = self._listener.polls.keys()
        lost = [name for name in names if name not in allowed and name in heard]
        self._runtime.subscriptions.remove(self._listener, lost)
        for name in names:
            if name in self._paces and name in allowed and name not in heard:
                self._listen([name], self._paces[name], None)

    async def _allowed(self, names: Sequence[str]) -> set[str]:
        """Return the tags that the caller may read; the client is given why it may not read the others."""
        refuse, caller = self._runtime.rules.refuse_read, self._caller
        refused = await asyncio.to_thread(lambda: {name: why for name in names if (why := refuse(caller, name))})
        if refused:
            at, status = now(), ACCESS_DENIED.code
            self._newest.drop(refused)
            self._newest.add(
                [Value(name, None, status=status, server_time=at, error=why) for name, why in refused.items()]
            )
        return set(names) - refused.keys()

    def _listen(self, names: Sequence[str], pace: Pace, after: int | None) -> None:
        self._runtime.subscriptions.add(
            self._listener, names, pace.period, pace.deadband, every=pace.every, after=after
        )
