"""The entries of the audit log for one run of an operation: caller, object, request, and the object before and after it.

Before and after are answers of the operation that reads the object (resources.py): its SHA-256 and size, and where it is
small its text. Where no read shows one object, because something new is made or many things are changed, `after` is the
operation's own answer, as far as the project's objects and tags of the runtime are concerned: answers about the service
itself may hold a new key.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from engineering_api.audit.chain import BEGIN, END, Row
from engineering_api.audit.log import Audit, ended_row
from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.resources import Resources, State, fields_of
from engineering_api.operations.secret_fields import without_secrets
from engineering_api.operations.terms import Lock, Reach
from engineering_api.settings import AuditContent
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.portal import Session

Look = Callable[[Operation, Request], Awaitable[bytes]]
LARGEST = 16 << 10
"""Bytes up to which a request or an object is kept completely."""
LONGEST = 200
"""Longest name that a client may choose for itself, in characters."""
LARGE = 256 << 10
"""Bytes from which an answer is searched in another thread."""
SERVERS_FAULT = frozenset(
    {Kind.FAILED, Kind.UNSUPPORTED, Kind.BAD_ANSWER, Kind.UNAVAILABLE, Kind.TIMED_OUT, Kind.NO_SPACE}
)
"""The kinds of problems of a portal that cannot be used any more, or of a service that fails."""
PROJECT = "audit.project"
"""The note of a session that names the open project."""
_NAMES = ("newName", "name", "path", "folder", "directory")


class Entry:
    """The rows of one run."""

    def __init__(
        self,
        audit: Audit,
        resources: Resources,
        op: Operation,
        request: Request,
        context: Context,
        content: AuditContent,
    ) -> None:
        """Begin with what is asked for; nothing is written yet."""
        self._audit, self._op, self._content = audit, op, content
        self._state = None if content == "none" else resources.state(op, request)
        caller, shown = context.caller, without_secrets(request)
        self._object = _object(op, shown)
        self._row = Row(
            number=0,
            at="",
            entry=END,
            caller=_plain(caller.name),
            caller_kind=caller.kind or caller.credential.partition(":")[0],
            client=_plain(caller.client),
            address=caller.address,
            operation=op.name,
            object=_encoded(self._object),
            arguments=_recorded(shown),
            job=context.job,
        )
        self._begun: Row | None = None
        self._after: str | None = None

    async def begin(self, look: Look, project: str) -> None:
        """Note what is there, and say that the effect is about to be made.

        Args:
            look: Asks a read.
            project: Name of the open project.

        Raises:
            Problem: The log cannot be written, or the portal cannot be asked any more: nothing may be done.
        """
        before = None if self._state is None else await self._seen(self._state, look, refused=SERVERS_FAULT)
        row = msgspec.structs.replace(
            self._row, entry=BEGIN, object=_encoded({"project": project} | self._object), before=before
        )
        number = await self._audit.begin(row)
        self._begun = msgspec.structs.replace(row, number=number)

    async def done(self, look: Look, answer: bytes) -> None:
        """Note what is there after a success."""
        if self._state is not None:
            self._after = await self._seen(self._state, look)
        elif self._content != "none":
            kept = self._content if self._op.lock is Lock.PROJECT or self._op.reach is Reach.TAGS else "digest"
            self._after = await _digested(self._op.name, answer, kept)

    async def end(self, outcome: str, milliseconds: int) -> None:
        """Note how it ended.

        Raises:
            Problem: The log cannot be written.
        """
        if self._begun is None:
            row = msgspec.structs.replace(self._row, outcome=outcome, milliseconds=milliseconds)
        else:
            row = ended_row(self._begun, outcome, milliseconds, self._after)
        _ = await self._audit.end(row, self._begun)

    async def _seen(self, state: State, look: Look, refused: frozenset[Kind] = frozenset()) -> str | None:
        """Return what a read shows now; problems of the refused kinds are raised."""
        try:
            answer = await look(state.read, state.request)
        except Problem as problem:
            if problem.kind in refused:
                raise
            return _unseen(state.read.name, "absent" if problem.kind is Kind.MISSING else "refused", problem.code)
        if state.entry:
            part = await _aside(len(answer), lambda: _entry_of(answer, state.entry, state.read.items))
            return (
                _unseen(state.read.name, "absent", "not listed")
                if part is None
                else await _digested(state.read.name, part, self._content)
            )
        return await _digested(state.read.name, answer, self._content)


def project_of(session: Session) -> str:
    """Return the open project's name, remembered while it is open; empty without one. On the portal's thread."""
    if PROJECT not in session.notes:
        try:
            session.notes[PROJECT] = str(session.project.Name)
        except Problem:
            return ""
    return str(session.notes[PROJECT])


def forget_project_name(session: Session) -> None:
    """Read the open project's name again at its next use: it has been saved under another one."""
    session.notes.pop(PROJECT, None)


def _object(op: Operation, request: Request) -> dict[str, str]:
    """Return device, kind and name of the changed object."""
    given = fields_of(request)
    path = [name for route in op.routes for name in route.parameters if name != "deviceName"]
    name = next((given[each] for each in [*reversed(path), *_NAMES] if isinstance(given.get(each), str | int)), "")
    return {"device": str(given.get("deviceName") or ""), "kind": op.name.partition(".")[0], "name": str(name)}


def _encoded(found: dict[str, str]) -> str:
    """Return what is changed, without what does not apply."""
    return msgspec.json.encode({field: _plain(text) for field, text in found.items() if text}).decode()


def _recorded(request: Request) -> str:
    """Return a request without secrets as it is kept; of a large one, size and checksum."""
    arguments = wire.encode(request)
    if len(arguments) <= LARGEST:
        return arguments.decode()
    return wire.encode({"bytes": len(arguments), "sha256": hashlib.sha256(arguments).hexdigest()}).decode()


def _plain(text: str) -> str:
    """Return a name without control characters, of bounded length."""
    return "".join(each if each.isprintable() else "?" for each in text[:LONGEST])


def _unseen(read: str, how: str, why: str) -> str:
    return msgspec.json.encode({"read": read, how: why}).decode()


async def _digested(read: str, data: bytes, content: AuditContent) -> str:
    """Return size and checksum of an answer, and its text where that is kept."""
    digest = await _aside(len(data), lambda: hashlib.sha256(data).hexdigest())
    said: dict[str, Any] = {"read": read, "sha256": digest, "bytes": len(data)}
    if content == "content" and len(data) <= LARGEST:
        said["content"] = msgspec.Raw(data)
    return msgspec.json.encode(said).decode()


def _entry_of(answer: bytes, name: str, items: str) -> bytes | None:
    """Return the entry of a list that has a name."""
    data = msgspec.json.decode(answer)
    entries = data.get(items, []) if items else data
    wanted = name.casefold()
    found = next((each for each in entries if wanted in _names(each)), None)
    return None if found is None else msgspec.json.encode(found)


def _names(entry: Any) -> set[str]:
    if not isinstance(entry, dict):
        return {str(entry).casefold()}
    return {
        str(value).casefold()
        for field, value in entry.items()
        if field in {"name", "id"} or field.endswith(("Name", "Id"))
    }


async def _aside(size: int, work: Callable[[], Any]) -> Any:
    return work() if size < LARGE else await asyncio.to_thread(work)
