"""One sink at work: it watches its triggers, writes a push for each that fires into the spool, and delivers what waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

import msgspec

from engineering_api import background
from openness_bridge.errors import Problem
from runtime_data.secrets import each_secret
from runtime_data.sinks.definition import AlarmFilter, Stored, Trigger, duration, size
from runtime_data.sinks.delivery import Delivery
from runtime_data.sinks.edges import Edge, is_true, state_key
from runtime_data.sinks.making import Fired, caller_of, make
from runtime_data.sinks.reading import Sending
from runtime_data.sinks.spool import PENDING, Push
from runtime_data.sinks.timing import Firing, Timing, is_timed
from runtime_data.sinks.tools import News, Tools
from runtime_data.sinks.transport import Answer, Around, Transport
from runtime_data.values import Value

log = logging.getLogger(__name__)
MOST_WAITING = 10_000
"""Changes that wait to be written into the spool; those beyond are counted as Overrun."""
OVERRUN = "Overrun"
AGAIN = 10.0
"""Seconds after which a source that is not there, or a spool that cannot be written, is tried again."""


@dataclass(frozen=True, slots=True)
class Change:
    """A new value of the tag of a trigger."""

    trigger: Trigger
    value: Value


@dataclass(frozen=True, slots=True)
class Raised:
    """An event of an alarm that a trigger wants."""

    trigger: Trigger
    news: News


class Sink:
    """A sink at work. On the event loop only.

    Attributes:
        message: Why it does not watch its tags; empty where it does.
    """

    def __init__(self, stored: Stored, sending: Sending, tools: Tools) -> None:
        """Prepare it; `start` begins."""
        self.stored, self.sending, self.message = stored, sending, ""
        self._tools = tools
        self.delivery = Delivery(stored, tools, self._connect, self._released)
        self._queue: asyncio.Queue[Change | Raised] = asyncio.Queue(MOST_WAITING)
        self._edges: dict[str, Edge] = {}
        self._numbers: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stack = ExitStack()

    async def start(self) -> None:
        """Begin to watch and to deliver."""
        states = await self._tools.spool.states(self.stored.name)
        self._numbers = await self._tools.spool.numbers(self.stored.name)
        changes = [each for each in self.stored.when if each.change]
        self._edges = {state_key(each): Edge(each, states.get(state_key(each))) for each in changes}
        timed = [each for each in self.stored.when if is_timed(each)]
        for each in self.stored.when:
            if each.alarm is not None and self._tools.alarms is not None:
                self._stack.callback(self._tools.alarms(partial(self._heard, each, each.alarm)))
        works = [self.delivery.run, self._take]
        works += [partial(self._time, each) for each in timed]
        works += [partial(self._follow, each) for each in changes]
        self._tasks = [background.begin(self._keep_up(work)) for work in works]

    async def stop(self) -> None:
        """Watch and deliver nothing any more; what waits is kept."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._stack.close()

    async def test(self) -> tuple[Push, Answer]:
        """Send the present values once, aside from what waits, with the shift that runs; nothing of it is kept."""
        now = self._tools.clock.now()
        shift = next((Timing(each).next(now) for each in self.stored.when if each.shift), None) or Firing(now)
        push = await make(
            self.stored, self.sending, self._tools, Fired("", now, shift=shift.shift, shift_begin=shift.begin)
        )
        if push.status != PENDING:
            return push, Answer(ok=False, lasting=True, error=push.error)
        aside = Delivery(self.stored, self._tools, self._connect, self._released)
        return push, await aside.attempt_alone(push)

    async def _keep_up(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something until it ends, again where it fails: an error in one push must not end the sink."""
        while True:
            try:
                return await work()
            except Exception as error:
                self.message = f"{type(error).__name__}: see the log of the service."
                log.exception("The sink %s goes on after an error", self.stored.name)
                await asyncio.sleep(AGAIN)

    # -- watching ---------------------------------------------------------------------

    async def _follow(self, trigger: Trigger) -> None:
        """Have the changes of a tag queued, as soon as its source is there."""
        tag = await self._find(trigger.change)
        listen = self._tools.runtime.subscriptions.listen
        with listen([tag], partial(self._changed, trigger), duration(trigger.period) / 1e6):
            await asyncio.Event().wait()

    async def _find(self, name: str) -> str:
        """Return the full name of a tag, once its source is there and the rules let the sink read it."""
        while True:
            try:
                (tag,) = await self._tools.runtime.full([name])
                refused = self._tools.runtime.rules.refuse_read(caller_of(self.stored, self._tools), tag)
                self.message = f"{tag}: {refused.message}" if refused else ""
            except Problem as problem:
                self.message = problem.message
            else:
                if refused is None:
                    return tag
            await asyncio.sleep(AGAIN)

    def _changed(self, trigger: Trigger, values: Sequence[Value]) -> None:
        for value in values:
            self._put(Change(trigger, value))

    def _heard(self, trigger: Trigger, wanted: AlarmFilter, news: News) -> None:
        if _fits(wanted, news):
            self._put(Raised(trigger, dict(news)))

    def _put(self, each: Change | Raised) -> None:
        try:
            self._queue.put_nowait(each)
        except asyncio.QueueFull:
            log.warning("The sink %s cannot keep up: a change was not pushed", self.stored.name)
            counting = background.begin(self._tools.spool.count(self.stored.name, OVERRUN))
            self._tasks.append(counting)
            counting.add_done_callback(self._tasks.remove)

    async def _take(self) -> None:
        """Take what is queued, in its order, each until it is written."""
        while True:
            each = await self._queue.get()
            if isinstance(each, Raised):
                await self._push(Fired(state_key(each.trigger), self._tools.clock.now(), alarm=each.news))
            else:
                await self._take_change(each.trigger, each.value)

    async def _take_change(self, trigger: Trigger, value: Value) -> None:
        key = state_key(trigger)
        edge = self._edges[key]
        before = edge.state
        fired = Fired(key, self._tools.clock.now(), trigger.change, value)
        if edge.take(value) and await self._allows(trigger):
            await self._push(fired, (key, edge.state), ack=trigger.change if trigger.ack else "")
        elif edge.state != before:
            await self._retry(partial(self._tools.spool.put_state, self.stored.name, key, edge.state))

    async def _allows(self, trigger: Trigger) -> bool:
        """Return whether the condition of a trigger holds, and whether a handshake still asks.

        A poll may have read the tag before it was set back, so a handshake counts only where it is read once more.
        """
        names = [*([trigger.condition] if trigger.condition else []), *([trigger.change] if trigger.ack else [])]
        if not names:
            return True
        try:
            values = await self._tools.runtime.read(caller_of(self.stored, self._tools), names)
        except Problem as problem:
            log.warning("A condition of the sink %s cannot be read: %s", self.stored.name, problem.message)
            return False
        if trigger.ack and not is_true(values[-1]):
            self._edges[state_key(trigger)].state = False
        return all(map(is_true, values))

    async def _time(self, trigger: Trigger) -> None:
        """Fire at each moment of a trigger; what was missed while the service was away comes first."""
        clock, timing, key = self._tools.clock, Timing(trigger), state_key(trigger)
        last, reached = (await self._tools.spool.states(self.stored.name)).get(key), clock.now()
        for missed in timing.missed(last, reached) if last is not None else ():
            await self._fire_at(key, missed)
        if last is None:
            await self._retry(partial(self._tools.spool.put_state, self.stored.name, key, reached))
        never = asyncio.Event()
        while (each := timing.next(reached)) is not None:
            while clock.now() < each.time:
                await clock.wait(each.time, never)
            reached = each.time if trigger.shift or trigger.schedule else max(each.time, clock.now())
            await self._fire_at(key, each)

    async def _fire_at(self, key: str, each: Firing) -> None:
        fired = Fired(key, each.time, shift=each.shift, shift_begin=each.begin)
        await self._push(fired, (key, each.time))

    # -- pushes -----------------------------------------------------------------------

    async def _push(self, fired: Fired, state: tuple[str, Any] | None = None, ack: str = "") -> None:
        """Make the push of a firing and write it into the spool, until the spool takes it."""
        fired = replace(fired, number=self._numbers.get(fired.trigger, 0))
        push = await make(self.stored, self.sending, self._tools, fired)
        if ack and push.status == PENDING:
            push = msgspec.structs.replace(push, ack=ack)
        await self._retry(partial(self._tools.spool.add, push, state, size(self.stored.spool.size)))
        self._numbers[fired.trigger] = fired.number + 1
        self.delivery.wake()

    async def _retry(self, work: Callable[[], Any]) -> None:
        """Write into the spool until it can be written."""
        while True:
            try:
                await work()
            except Problem as problem:
                self.message = problem.message
                log.warning("The sink %s waits for its spool: %s", self.stored.name, problem.message)
                await asyncio.sleep(AGAIN)
            else:
                return

    def _connect(self) -> Transport:
        """Make the transport, with open secrets.

        Raises:
            Problem: A secret cannot be opened, or the kind of transport cannot be used here.
        """
        form = each_secret(self.sending.form, self._tools.vault.open)
        around = Around(
            self.stored.name,
            self._tools.runtime,
            caller_of(self.stored, self._tools),
            self._tools.targets,
            self._tools.lower,
            self._tools.programs,
        )
        return self.sending.kind.make(form, around)

    async def _released(self, push: Push) -> None:
        """Begin a handshake again: its tag was set back, or the program has set it back itself."""
        await self._tools.spool.release(push)
        trigger = next((each for each in self.stored.when if state_key(each) == push.trigger), None)
        if trigger is None:
            return
        self._edges[push.trigger].state = False
        with suppress(Problem):
            (value,) = await self._tools.runtime.read(caller_of(self.stored, self._tools), [push.ack])
            self._put(Change(trigger, value))


def _fits(wanted: AlarmFilter, news: News) -> bool:
    """Return whether a trigger wants an event of an alarm."""
    priority = news.get("priority")
    return (
        (not wanted.priority or (isinstance(priority, int) and priority >= wanted.priority))
        and (not wanted.alarm_class or str(news.get("class", "")).casefold() == wanted.alarm_class.casefold())
        and (not wanted.event or str(news.get("event", "")).casefold() == wanted.event.casefold())
        and (not wanted.name or fnmatchcase(str(news.get("name", "")).casefold(), wanted.name.casefold()))
    )
