"""Chooses the worker for a request.

1. The one that the request names: X-TIA-Instance, X-TIA-Worker, or the process id in its body.
2. To open, create or retrieve a project: the one that has it open already; else one with the project's TIA version that
   is not being emptied. Workers without an open project go first; among them the caller's own, then the least loaded.
3. The one that this caller's requests (by name and X-Client-Id) went to before.
4. The only one; or the only one with an open project; or, where no portal is needed, the least loaded.

Otherwise it is refused: a wrong guess would change the wrong project.
"""

from __future__ import annotations

import ntpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engineering_api.features.portals import portals_operations
from engineering_api.features.projects import projects_operations
from engineering_api.gateway.fleet import Fleet, Member, narrow, place_of
from engineering_api.operations.caller import Caller
from engineering_api.operations.declaration import Operation, name_of
from engineering_api.operations.fields import Request
from engineering_api.operations.terms import Lock
from engineering_api.storage.workers import Workers
from openness_bridge.errors import Kind, Problem

OPENING: dict[str, Callable[[Request], str]] = {
    name_of(projects_operations.open_): lambda request: str(getattr(request, "path", "")),
    name_of(projects_operations.create_from_archive): lambda request: str(getattr(request, "archive_path", "")),
    name_of(projects_operations.create): lambda _: "",
    name_of(portals_operations.launch): lambda _: "",
}
"""The operations for which a worker is picked, and the file that each is about."""
REMEMBERED = 10_000
"""Choices of clients that are known without a look into the store; the oldest is forgotten first."""
_VERSION = re.compile(r"\.z?a(?:p|ls?)(\d+)(?:_(\d+))?$", re.IGNORECASE)
_VERSION_HEADER = re.compile(r"[vV](\d+(?:[._]\d+)?)")


def version_of(path: str) -> str:
    """Return the TIA version of a project's or archive's file, by its extension: 15.1 of .ap15_1; empty without one."""
    match = _VERSION.search(path)
    if match is None:
        return ""
    return match[1] if match[2] is None else f"{match[1]}.{match[2]}"


class Routing:
    """Picks workers, and remembers whose requests go where."""

    def __init__(self, fleet: Fleet, store: Workers) -> None:
        """Pick from a fleet."""
        self._fleet, self._store = fleet, store
        self._choices: dict[tuple[str, str], str] = {}
        self._opening: dict[tuple[str, str], Member] = {}

    async def load(self) -> None:
        """Know the choices of earlier."""
        self._choices = await self._store.choices()

    def addressed(self, instance: int | None, worker: str) -> int | None:
        """Return the gateway-wide number for what the headers name: a portal, a worker, or a version such as V17.

        Raises:
            Problem: There is none, or the two contradict each other.
        """
        if not worker:
            return instance
        versioned = _VERSION_HEADER.fullmatch(worker)
        member = self._free(versioned[1].replace("_", ".")) if versioned else self._fleet.find(worker)
        if instance is not None and narrow(instance)[0] != member.number:
            raise Problem(
                "worker.contradiction",
                f"X-TIA-Instance names a portal that does not belong to the worker {member.name}.",
                kind=Kind.INVALID,
            )
        return member.wide(0) if instance is None else instance

    async def choose(self, op: Operation, request: Request, caller: Caller, instance: int | None) -> tuple[Member, int]:
        """Return the worker for a request, and the process id of the portal there; 0 for its current one.

        Raises:
            Problem: There is none that fits, or more than one.
        """
        process = getattr(request, "process_id", None)
        wanted = instance if process is None else int(process)
        number, portal = narrow(wanted) if wanted is not None else (0, 0)
        named = None if wanted is None else self._reachable(self._fleet.find_by_number(number))
        opening = OPENING.get(op.name)
        if opening is None and named is not None:
            return named, portal
        member = (
            self._usual(op, caller)
            if opening is None
            else self._for_opening(op, request, caller, opening(request), named)
        )
        if not _is_anywhere(op):
            await self._remember(caller, member)
        return member, portal

    @contextmanager
    def reserve_project(self, op: Operation, request: Request, member: Member) -> Iterator[None]:
        """Keep others from opening a project at another worker while one opens it.

        Raises:
            Problem: Somebody else was faster, since the worker was chosen.
        """
        path = OPENING[op.name](request) if op.name in OPENING else ""
        place = place_of(path, _machine(member)) if _is_absolute(path) else ("", "")
        if not place[1]:
            yield
            return
        holder = self._holder(path, _machine(member))
        if holder not in {None, member}:
            raise _elsewhere(path, holder)
        mine = self._opening.setdefault(place, member) is member and holder is None
        try:
            yield
        finally:
            if mine:
                del self._opening[place]

    def is_pinned(self, op: Operation) -> bool:
        """Return whether a job's worker is decided when it is submitted; else one is picked when it starts."""
        return op.name not in OPENING and not _is_anywhere(op)

    def _for_opening(self, op: Operation, request: Request, caller: Caller, path: str, named: Member | None) -> Member:
        holder = self._holder(path, _machine(named) if named else "")
        if holder is not None and named not in {None, holder}:
            raise _elsewhere(path, holder)
        later = bool(getattr(request, "upgrade", False))
        member = named or holder or self._free(version_of(path), own=self._find_choice(caller), later=later)
        if member.draining and holder is None:
            msg = f"Worker {member.name} is draining for maintenance: send {op.name} to another worker. {self._fleet.describe()}"
            raise Problem("worker.draining", msg, kind=Kind.CONFLICT)
        return member

    def _holder(self, path: str, machine: str) -> Member | None:
        """Return who has a project open, or is opening it, on a machine; on that of each worker where none is named."""
        return next(
            (each for each in self._fleet.present if self._has_project(each, path, machine or _machine(each))), None
        )

    def _has_project(self, member: Member, path: str, machine: str) -> bool:
        """Return whether a project is open at a worker, or being opened there."""
        if not _is_absolute(path):
            return False
        return member.holds(path, machine) or self._opening.get(place_of(path, machine)) is member

    def _free(self, version: str, *, own: str = "", later: bool = False) -> Member:
        """Return a worker that may open something: of the version, or of the next later one for an upgrade."""
        present = [member for member in self._fleet.present if not member.draining]
        fitting = [member for member in present if version in {"", member.version}]
        if not fitting and later:
            newer = [member for member in present if _order(member.version) > _order(version)]
            fitting = sorted(newer, key=lambda member: (_order(member.version), member.load))[:1]
        if not fitting:
            wanted = f" with TIA Portal V{version}" if version else ""
            raise Problem(
                "worker.none",
                f"There is no worker{wanted} that takes requests. {self._fleet.describe()}",
                kind=Kind.UNAVAILABLE,
            )
        candidates = [member for member in fitting if not member.projects] or fitting
        return next((member for member in candidates if member.name == own), candidates[0])

    def _usual(self, op: Operation, caller: Caller) -> Member:
        """Return the worker for what is about an open project, or about nothing in particular."""
        chosen = self._find_choice(caller)
        if chosen:
            own = self._fleet.find(chosen)
            if own.projects or not own.draining:
                return self._reachable(own)
        present = [member for member in self._fleet.present if member.projects or not member.draining]
        holders = [member for member in present if member.projects]
        if not present:
            raise Problem(
                "worker.none",
                f"There is no worker that takes requests. {self._fleet.describe()}",
                kind=Kind.UNAVAILABLE,
            )
        if len(present) == 1 or op.lock is Lock.NONE or not holders:
            return present[0]
        if len(holders) == 1:
            return holders[0]
        names = ", ".join(f"{member.name} ({', '.join(member.projects)})" for member in holders)
        msg = f"Projects are open at several workers: name one by X-TIA-Worker, or open your project first. {names}."
        raise Problem("worker.ambiguous", msg, kind=Kind.CONFLICT)

    def _find_choice(self, caller: Caller) -> str:
        return self._choices.get((caller.name, caller.client), "")

    async def _remember(self, caller: Caller, member: Member) -> None:
        if self._find_choice(caller) != member.name:
            if len(self._choices) >= REMEMBERED:
                self._choices.pop(next(iter(self._choices)))
            self._choices[caller.name, caller.client] = member.name
            await self._store.choose(caller.name, caller.client, member.name)

    def _reachable(self, member: Member) -> Member:
        """Return that worker.

        Raises:
            Problem: It cannot be asked now.
        """
        if not member.is_there:
            msg = (
                f"Worker {member.name} cannot be reached, and neither can its portals and projects. Start it again, or "
                f"name another by X-TIA-Worker. {self._fleet.describe()}"
            )
            raise Problem("worker.unreachable", msg, kind=Kind.UNAVAILABLE)
        return member


def _elsewhere(path: str, holder: Member | None) -> Problem:
    name = holder.name if holder else ""
    msg = f"{path} is open at worker {name}, and a project has one writer: send the request there, or close it there first."
    return Problem("project.open_elsewhere", msg, kind=Kind.CONFLICT)


def _is_anywhere(op: Operation) -> bool:
    """Return whether any worker may do something, and another one again, so that it fixes no worker for its caller."""
    return op.lock is Lock.NONE and op.repeatable


def _is_absolute(path: str) -> bool:
    """Return whether a path is absolute; a relative one starts from the workspace of the worker that opens it."""
    return path.startswith("/") or ntpath.isabs(path)


def _machine(member: Member) -> str:
    return member.state.machine if member.state else ""


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
