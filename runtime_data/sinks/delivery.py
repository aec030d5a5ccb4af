"""Sends what waits for one receiver, each push until it has arrived, failed or grown too old; then writes its answer to tags."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec

from openness_bridge.errors import Problem
from runtime_data.runtime import Write
from runtime_data.sinks import answers
from runtime_data.sinks.definition import Stored, duration
from runtime_data.sinks.edges import is_true, is_usable
from runtime_data.sinks.making import caller_of
from runtime_data.sinks.spool import DELIVERED, FAILED, PENDING, Push
from runtime_data.sinks.tools import Tools
from runtime_data.sinks.transport import Answer, Outgoing, Transport
from runtime_data.values import Scalar, Value, sources_of

log = logging.getLogger(__name__)
DELAYS = (2, 6, 18, 54, 162, 486, 900)
"""Seconds between attempts; the last one again and again, until the push is too old."""
LATE = 5 * 10**6
"""Microseconds after which a push counts as one that has waited, though it was not tried before."""
CLEANED = 60 * 10**6
"""Microseconds between two searches for pushes that are too old."""
IDLE = 3600 * 10**6


class Delivery:
    """Sends the pushes of one sink. On the event loop only."""

    def __init__(
        self, sink: Stored, tools: Tools, connect: Callable[[], Transport], released: Callable[[Push], Awaitable[None]]
    ) -> None:
        """Send them.

        Args:
            sink: What they are pushes of.
            tools: What sinks use.
            connect: Makes the transport; it may raise a problem, then it is called again.
            released: Is awaited with a push whose tag has been set back to false.
        """
        self._sink, self._tools, self._connect, self._released = sink, tools, connect, released
        self._transport: Transport | None = None
        self._news = asyncio.Event()
        self._cleaned = 0
        self._doubtful: set[int] | None = None

    def wake(self) -> None:
        """Look at the spool again, soon."""
        self._news.set()

    async def run(self) -> None:
        """Send until it is cancelled."""
        try:
            while True:
                self._news.clear()
                try:
                    until = await self._step()
                except Problem as problem:  # the disk is full, say: what waits is tried again
                    log.warning("The sink %s cannot go on: %s", self._sink.name, problem.message)
                    until = self._tools.clock.now() + DELAYS[0] * 10**6
                if until:
                    await self._tools.clock.wait(until, self._news)
        finally:
            await self._close()

    async def attempt_alone(self, push: Push) -> Answer:
        """Send a push once over a connection of its own."""
        try:
            return await self.attempt(push)
        finally:
            await self._close()

    async def attempt(self, push: Push) -> Answer:
        """Send a push once, whatever waits; nothing is noted."""
        late = push.attempts > 0 or self._tools.clock.now() - push.time > LATE
        outgoing = Outgoing(push.key, push.time, push.values, push.body, push.media_type, late)
        try:
            caller_of(self._sink, self._tools)
            if not late:
                programs = await self._tools.programs(sources_of(each.tag for each in push.values))
                outgoing = msgspec.structs.replace(outgoing, programs=programs)
            return await self._connected().send(outgoing)
        except Problem as problem:
            return Answer(ok=False, error=problem.message)
        except Exception as error:  # a transport that fails must not end the sink
            log.exception("The push %s of the sink %s could not be sent", push.key, self._sink.name)
            return Answer(ok=False, error=f"{type(error).__name__}: see the log of the service.")

    async def _close(self) -> None:
        if self._transport is not None:
            try:
                await self._transport.close()
            except Exception:  # that of a plugin, as a rule: the sink ends anyway
                log.exception("The connection of the sink %s could not be ended", self._sink.name)

    def _connected(self) -> Transport:
        if self._transport is None:
            self._transport = self._connect()
        return self._transport

    async def _step(self) -> int:
        """Send one push that is due; return until when there is nothing to do, 0 where there may be more."""
        clock, spool, name = self._tools.clock, self._tools.spool, self._sink.name
        if clock.now() - self._cleaned >= CLEANED:
            await spool.drop_before(name, clock.now() - duration(self._sink.spool.keep), clock.now())
            self._cleaned = clock.now()
        again = await self._acknowledge_all()
        push = await (spool.first(name) if self._sink.spool.order == "strict" else spool.soonest(name))
        if push is None or push.next > clock.now():
            due = clock.now() + IDLE if push is None else min(push.next, self._cleaned + CLEANED)
            return min(due, again) if again else due
        await self._send(push)
        return 0

    async def _send(self, push: Push) -> None:
        answer = await self.attempt(push)
        tried, now = push.attempts + 1, self._tools.clock.now()
        if answer.ok:
            push = msgspec.structs.replace(push, status=DELIVERED, ended=now, error="")
        elif answer.lasting:
            push = msgspec.structs.replace(push, status=FAILED, ended=now, error=answer.error)
        else:
            delay = DELAYS[min(tried, len(DELAYS)) - 1] * 10**6
            push = msgspec.structs.replace(push, status=PENDING, next=now + delay, error=answer.error)
        push = msgspec.structs.replace(push, attempts=tried, answer=answer.status)
        await self._tools.spool.note(push)
        if wrong := await self._write_answer(answer):
            await self._tools.spool.note(msgspec.structs.replace(push, error=f"{push.error} {wrong}".strip()))

    async def _write_answer(self, answer: Answer) -> str:
        """Write what was answered to tags; return what could not be written."""
        wanted = self._sink.answer
        found: dict[str, Scalar] = {wanted.status: answer.status or 0} if wanted.status else {}
        missing: list[str] = []
        if answer.ok and wanted.body:
            more, missing = await asyncio.to_thread(answers.fields, answer.body, wanted.body)
            found |= more
        return " ".join([*missing, *(await self._write(found) if found else [])])

    async def _write(self, values: dict[str, Scalar]) -> list[str]:
        """Write tags in the right of the sink; return why some were not."""
        try:
            done = await self._tools.runtime.write(
                caller_of(self._sink, self._tools), [Write(*each) for each in values.items()]
            )
        except Problem as problem:
            return [problem.message]
        if self._tools.note_writes is not None:
            await self._tools.note_writes(self._sink.name, values)
        return [f"{each.tag}: {each.error.message}" for each in done if each.error is not None]

    # -- handshakes -------------------------------------------------------------------

    async def _acknowledge_all(self) -> int:
        """Set tags of pushes that have arrived back to false; return when to try again, 0 where nothing is left."""
        left = await self._tools.spool.unacknowledged(self._sink.name)
        newest = {push.trigger: push.number for push in left}
        if self._doubtful is None:
            self._doubtful = {push.number for push in left if push.status == DELIVERED}
        again = 0
        for push in left:
            if push.number != newest[push.trigger]:
                if push.status != PENDING:  # the program has withdrawn it and asked again since
                    await self._tools.spool.note(msgspec.structs.replace(push, ack=""))
            elif push.status == DELIVERED and not await self._acknowledge(push):
                again = self._tools.clock.now() + DELAYS[0] * 10**6
        return again

    async def _acknowledge(self, push: Push) -> bool:
        """Set the tag of a push back to false; return whether that is done.

        After a restart it is not known whether it was done before. Then a tag that is true asks for the same push where the
        values of the push are still the same, and for another one otherwise.
        """
        if self._doubtful and push.number in self._doubtful:
            now = await self._values_now(push)
            if now is None:
                return False
            self._doubtful.discard(push.number)
            if not is_true(now[0]) or not all(map(Value.same, now[1:], push.values)):
                await self._released(push)
                return True
        if wrong := await self._write({push.ack: False}):
            error = f"The tag was not set back: {' '.join(wrong)}"
            if error != push.error:
                await self._tools.spool.note(msgspec.structs.replace(push, error=error))
            return False
        await self._released(push)
        return True

    async def _values_now(self, push: Push) -> list[Value] | None:
        """Return the present values of the tag of a handshake and of those of its push; None while they cannot be read."""
        names = [push.ack, *(value.tag for value in push.values)]
        try:
            found = await self._tools.runtime.read(caller_of(self._sink, self._tools), names)
        except Problem:
            return None
        return found if all(map(is_usable, found)) else None
