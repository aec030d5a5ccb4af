"""What all sinks use: values, the spool, a clock, and where there are, history and alarms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from engineering_api.operations.caller import Caller
from engineering_api.security.targets import Targets
from engineering_api.storage.vault import Vault
from runtime_data import values
from runtime_data.runtime import Runtime
from runtime_data.sinks.spool import Spool
from runtime_data.sinks.transport import FindPrograms, unknown_programs

LONGEST_WAIT = 60.0
"""Seconds after which the wall clock is looked at again: it may have been set."""
Aggregate = Callable[[Caller, str, int, int, str], Awaitable[Any]]
"""Gives one value of the history of a tag: who asks, the tag, the begin and the end in microseconds, the mode.

Raises:
    Problem: The tag has no history, or there is no such mode.
"""
News = Mapping[str, Any]
"""An event of an alarm by the names of its fields: name, text, priority, class, event, time, and others."""
ListenToAlarms = Callable[[Callable[[News], None]], Callable[[], None]]
"""Has each event of an alarm given to a function, on the event loop, until the function that it returns is called."""
NoteWrites = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""Enters into the audit log which tags a sink has written: the sink, and the values by tag."""


class Clock(Protocol):
    """The time as sinks see it; tests have one of their own."""

    def now(self) -> int:
        """Return the present moment in microseconds since 1970, UTC."""

    async def wait(self, until: int, news: asyncio.Event) -> None:
        """Wait for a moment, but no longer than until there are news. It may return earlier than that."""


def _as_it_was(caller: Caller) -> Caller:
    return caller


class WallClock:
    """The clock of the system."""

    def now(self) -> int:
        """Return the present moment."""
        return values.now()

    async def wait(self, until: int, news: asyncio.Event) -> None:
        """Wait for a moment, or news."""
        seconds = min(LONGEST_WAIT, max(0.0, (until - self.now()) / 1e6))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await news.wait()


@dataclass(frozen=True, slots=True)
class Tools:
    """What all sinks use.

    Attributes:
        aggregate: Asks the history; None where there is none.
        alarms: Listens to alarms; None where there are none.
        note_writes: Audits what sinks write.
        lower: Returns a definer with what it may do at this moment; refuses one whose key or user is not valid any more.
        programs: Names the programs whose values are sent.
    """

    runtime: Runtime
    spool: Spool
    vault: Vault
    targets: Targets
    clock: Clock
    aggregate: Aggregate | None = None
    alarms: ListenToAlarms | None = None
    note_writes: NoteWrites | None = None
    lower: Callable[[Caller], Caller] = _as_it_was
    programs: FindPrograms = unknown_programs
