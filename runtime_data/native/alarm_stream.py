"""Sends what happens to alarms as server-sent events. A listener that is too slow gets all alarms again, not a growing queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from engineering_api.operations import wire
from engineering_api.operations.caller import Caller
from engineering_api.operations.streaming.streams import Message
from engineering_api.web.value_stream import ALIVE
from runtime_data.alarms.alarm import AlarmEvent
from runtime_data.alarms.documents import show, show_event
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import AlarmFilter

MOST_WAITING = 1000


class Waiting:
    """Lines of the journal that a listener has not got yet."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lines: list[AlarmEvent] = []
        self._news = asyncio.Event()
        self.is_cut = False

    def add(self, lines: Sequence[AlarmEvent]) -> None:
        """Keep lines; all are dropped when there are too many."""
        self._lines += lines
        if len(self._lines) > MOST_WAITING:
            self._lines, self.is_cut = [], True
        self._news.set()

    async def take(self, seconds: float) -> list[AlarmEvent]:
        """Return what waits, once there is something or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return []
        self._news.clear()
        taken, self._lines = self._lines, []
        return taken


async def follow(
    alarms: Alarms, wanted: AlarmFilter, caller: Caller, language: str, after: int | None
) -> AsyncGenerator[Message]:
    """Yield the alarms there are, then each line of the journal as it is written.

    Args:
        alarms: The service's alarms.
        wanted: Which of them.
        caller: Who listens; only alarms whose tags they may read are sent.
        language: The language of the texts.
        after: The number of the line that the listener saw last: what came since then is sent, if that is little.
    """
    waiting = Waiting()
    with alarms.listen(waiting.add):
        missed = None if after is None or after > alarms.last else await alarms.since(after, MOST_WAITING)
        if missed is None:
            yield _all(alarms, wanted, caller, language)
        for line in missed or ():
            if alarms.shows(line, wanted, caller):
                yield _line(line, language)
        last = missed[-1].number if missed else 0
        while True:
            lines = await waiting.take(ALIVE)
            if waiting.is_cut:
                waiting.is_cut, last = False, alarms.last
                yield _all(alarms, wanted, caller, language)
            for line in lines:
                if line.number > last and alarms.shows(line, wanted, caller):
                    yield _line(line, language)


def _all(alarms: Alarms, wanted: AlarmFilter, caller: Caller, language: str) -> Message:
    found = [show(each, language) for each in alarms.active(wanted, caller)]
    return Message(wire.encode(found), "alarms", alarms.last)


def _line(line: AlarmEvent, language: str) -> Message:
    return Message(wire.encode(show_event(line, language)), "alarm", line.number)
