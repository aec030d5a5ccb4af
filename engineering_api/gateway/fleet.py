"""The workers: which there are, what they have, and when each reported last."""

from __future__ import annotations

import asyncio
import ntpath
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from engineering_api.gateway.messages import State
from engineering_api.storage.workers import KnownWorker, Workers
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.portal import Instance

RENEWAL = 5.0
"""Seconds that a new epoch of a worker is waited for."""
FACTOR = 10_000_000_000
"""A gateway-wide number of a portal is the worker's number, followed by the process id in ten digits (Windows has 32 bits)."""


@dataclass(slots=True, eq=False)
class Member:
    """A worker as the gateway knows it.

    Attributes:
        state: Its last sign of life; None before the first since the gateway's start.
        heard: When that was, on the monotonic clock.
        lost: Whether it has been silent for longer than it may.
        draining: Whether nothing new goes there.
        out: Tickets of requests that are out to it.
    """

    number: int
    name: str
    draining: bool
    state: State | None = None
    heard: float = 0.0
    lost: bool = False
    out: set[str] = field(default_factory=set)

    @property
    def is_there(self) -> bool:
        """Whether it can be asked for something."""
        return self.state is not None and not self.lost

    @property
    def version(self) -> str:
        """Its version of TIA Portal; empty before it was heard."""
        return self.state.version if self.state else ""

    @property
    def portals(self) -> list[Instance]:
        """Its portals, as it reported them last."""
        return self.state.portals if self.state else []

    @property
    def projects(self) -> list[str]:
        """The files of the projects that are open there."""
        return [portal.project_path for portal in self.portals if portal.project_path]

    def holds(self, project: str, machine: str) -> bool:
        """Return whether a project is open there: the same path on the same machine, or on a share."""
        wanted = place_of(project, machine)
        return self.state is not None and any(place_of(each, self.state.machine) == wanted for each in self.projects)

    @property
    def load(self) -> tuple[int, int, str]:
        """How much it has to do, to compare."""
        running = {each.ticket for each in self.state.running} if self.state else set()
        return len(self.out | running), len(self.projects), self.name

    def wide(self, process: int) -> int:
        """Return the gateway-wide number of one of its portals."""
        return self.number * FACTOR + process


def narrow(number: int) -> tuple[int, int]:
    """Return the worker's number and the process id in a gateway-wide number."""
    return divmod(number, FACTOR)


def place_of(project: str, machine: str) -> tuple[str, str]:
    """Return which file a path is: its machine, empty for a share, and its path there, compared as Windows does."""
    path = ntpath.normcase(ntpath.normpath(project)) if "\\" in project or ":" in project else project
    return ("" if path.startswith("\\\\") else machine), path


class Fleet:
    """All workers, by name."""

    def __init__(self, store: Workers) -> None:
        """Know none yet."""
        self._store = store
        self._members: dict[str, Member] = {}
        self._settled = asyncio.Event()
        self._admitting = asyncio.Lock()
        self._changed = asyncio.Condition()

    async def load(self) -> None:
        """Know those of earlier."""
        for known in await self._store.all():
            self._members.setdefault(known.name, _member(known))
        self._settle()

    async def wait_until_settled(self) -> None:
        """Wait until each worker that is known has been heard since the start, or is lost."""
        await self._settled.wait()

    async def wait_for_workers(self, count: int) -> None:
        """Wait until so many workers can be asked."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.present) >= count)

    async def wait_for_renewal(self, member: Member, epoch: str) -> None:
        """Wait, but not for long, until a worker reports another epoch."""
        with suppress(TimeoutError):
            async with self._changed:
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: member.state is None or member.state.epoch != epoch), RENEWAL
                )

    def mark_lost(self, member: Member) -> None:
        """Ask a worker for nothing until it is heard again."""
        member.lost = True
        self._settle()

    def _settle(self) -> None:
        if all(member.state is not None or member.lost for member in self):
            self._settled.set()

    async def receive_state(self, state: State) -> Member:
        """Take a sign of life in. Late ones, and those of an epoch that was given up, count for nothing."""
        async with self._admitting:
            member = self._members.get(state.worker) or await self._admit(state.worker)
        before = member.state
        if before is not None and (state.born, state.beat) <= (before.born, before.beat):
            return member
        if before is not None and member.lost and state.epoch == before.epoch:
            return member
        member.state, member.heard, member.lost = state, time.monotonic(), False
        self._settle()
        async with self._changed:
            self._changed.notify_all()
        return member

    async def _admit(self, name: str) -> Member:
        known = await self._store.add(name)
        return self._members.setdefault(name, _member(known))

    def find(self, name: str) -> Member:
        """Return a worker by its name.

        Raises:
            Problem: The name is unknown.
        """
        found = next((each for each in self if each.name.casefold() == name.casefold()), None)
        if found is None:
            raise Problem("worker.not_found", f"There is no worker '{name}'. {self.describe()}", kind=Kind.MISSING)
        return found

    def find_by_number(self, number: int) -> Member:
        """Return a worker by its number.

        Raises:
            Problem: There is none.
        """
        found = next((each for each in self if each.number == number), None)
        if found is None:
            msg = (
                "No portal behind this gateway has this number: GET /api/workers lists the workers with their portals."
            )
            raise Problem("worker.not_found", msg, kind=Kind.MISSING)
        return found

    async def drain(self, name: str, *, on: bool) -> Member:
        """Send nothing new to a worker, or again.

        Raises:
            Problem: The name is unknown.
        """
        member = self.find(name)
        member.draining = on
        await self._store.drain(member.name, on=on)
        return member

    def __iter__(self) -> Iterator[Member]:
        """Yield all of them, by name."""
        return iter(sorted(self._members.values(), key=lambda each: each.name.casefold()))

    @property
    def present(self) -> list[Member]:
        """Those that can be asked, least loaded first."""
        return sorted((each for each in self if each.is_there), key=lambda each: each.load)

    def describe(self) -> str:
        """Return what there is, for a refusal."""
        if not self._members:
            return "No worker has reported to this gateway: start `tia worker` with this queue."
        return f"There are: {', '.join(_describe(each) for each in self)}."


def _member(known: KnownWorker) -> Member:
    return Member(known.number, known.name, known.draining)


def _describe(member: Member) -> str:
    if not member.is_there:
        return f"{member.name} (not reachable)"
    return f"{member.name} (V{member.version}{', draining' if member.draining else ''})"
