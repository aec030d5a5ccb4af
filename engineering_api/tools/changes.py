"""Changes that can be seen before they are made, made once, and taken back.

What a call will overwrite is kept as snapshots first; what it changed is found by comparing the project's parts before and
after. A destructive call runs only with a token, which a preview of exactly that call gave, for exactly that state of the
project, once: whatever a block comment or a document tells a model, it cannot make up such a token.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

from engineering_api import envelope
from engineering_api.operation import Lock, Operation, Request
from engineering_api.tools.running import Run
from openness_bridge.errors import Problem
from openness_bridge.program_state import ProjectPart, ProjectState

NO_SNAPSHOT = "No snapshot is taken of this: take it back with another change."
NO_PROJECT = {"project.none", "portal.none", "portal.not_attached"}
LIFETIME = 600.0
"""Seconds in which a token can be redeemed."""
REMEMBERED = 200
"""Tokens and changes that are remembered; the oldest are forgotten."""
NAMING = {"name", "blockName", "udtName", "tableName", "table", "newName"}
"""Fields of requests that name a block, a data type or a tag table."""
_DECLARED = re.compile(
    r'^\s*(?:FUNCTION_BLOCK|FUNCTION|ORGANIZATION_BLOCK|DATA_BLOCK|TYPE)\s+(?:"([^"]+)"|(\w+))',
    re.IGNORECASE | re.MULTILINE,
)
KEPT_BY = {
    "block": ("history.snapshot_block", "block_name"),
    "udt": ("history.snapshot_type", "udt_name"),
    "tagTable": ("history.snapshot_tags", "table_name"),
}
"""The operation that keeps a part, and the field that names it."""
DELETED_BY = {
    "block": ("blocks.delete", "block_name"),
    "udt": ("udts.delete", "udt_name"),
    "tagTable": ("tag_tables.delete", "table_name"),
}
UNTRACED = ("compile", "export", "save", "open", "close", "create_from_archive", "archive")
"""Beginnings of verbs of operations that change no part of the open project, or change which one is open."""


class PartRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the project that was changed.

    Attributes:
        kind: device, block, udt or tagTable.
        outcome: What undo_change did with it.
        reason: Why it could not be kept, or taken back.
    """

    kind: str
    device: str
    name: str
    outcome: str = ""
    reason: str = ""


class Change(msgspec.Struct, kw_only=True, rename="camel"):
    """What a call changed.

    Attributes:
        change_id: For undo_change; empty when nothing can be taken back.
        not_kept: Parts that undo_change does not bring back, and why.
    """

    change_id: str
    created: list[PartRef]
    changed: list[PartRef]
    deleted: list[PartRef]
    not_kept: list[PartRef]


class Undone(msgspec.Struct):
    """What became of each part of a change that was taken back. Restored parts are to be compiled."""

    parts: list[PartRef]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for."""

    caller: str
    call: bytes
    state: ProjectState
    until: float


@dataclass(frozen=True, slots=True)
class Undo:
    """How a change is taken back: parts to delete, and snapshots to restore."""

    caller: str
    created: list[PartRef] = field(default_factory=list)
    kept: dict[PartRef, str] = field(default_factory=dict)


class Changes:
    """The tokens and changes of a service."""

    def __init__(self) -> None:
        """Know of none."""
        self._grants: OrderedDict[str, Grant] = OrderedDict()
        self._undo: OrderedDict[str, Undo] = OrderedDict()
        self._alone = asyncio.Lock()

    async def grant(self, run: Run, op: Operation, request: Request) -> str:
        """A token for one call, as long as the project stays as it is."""
        token = secrets.token_urlsafe(16)
        until = time.monotonic() + LIFETIME
        self._grants[token] = Grant(run.caller.name, _call(run, op, request), await _state(run), until)
        _forget(self._grants)
        return token

    async def _redeem(self, run: Run, op: Operation, request: Request, token: str) -> None:
        """Take a token back for the call that it was given for. It is used up, whatever the outcome.

        Raises:
            Problem: It is none of this caller's, for another call, too old, or the project was changed since.
        """
        grant = self._grants.pop(token, None)
        if grant is None or grant.caller != run.caller.name or time.monotonic() > grant.until:
            msg = "This token is unknown, used up or older than ten minutes: call preview_change again."
            raise Problem("change.token", msg, status=403)
        if grant.call != _call(run, op, request):
            msg = "This token is for another tool or other arguments; it is used up: preview this call itself."
            raise Problem("change.other_call", msg, status=403)
        if grant.state != await _state(run):
            msg = "The project was changed after the preview: call preview_change again and look at it anew."
            raise Problem("change.state", msg, status=409)

    async def made(self, run: Run, op: Operation, request: Request,
                   token: str | None = None) -> tuple[bytes | str, Change | None]:  # fmt: skip
        """Run a changing operation; those that change the project one at a time, so that what changed is what this one did.

        Args:
            run: For whom.
            op: The operation.
            request: Its request.
            token: What a preview of it gave; None where it needs none.

        Returns:
            Its answer, or the id of a job that goes on; and what it changed in the project.

        Raises:
            Problem: The token is not good for it, or as the operation; then nothing was changed.
        """
        traced = op.lock is Lock.PROJECT and not op.name.partition(".")[2].startswith(UNTRACED)
        async with self._alone if traced else nullcontext():
            if token is not None:
                await self._redeem(run, op, request, token)
            if not traced:
                return await run.operation(op, request), None
            before = await _state(run)
            kept, lost = await _keep(run, op, before, request)
            answer = await run.operation(op, request)
            return answer, self._noted(run, before, await _state(run), kept, lost)

    async def undo(self, run: Run, change_id: str) -> Undone:
        """Take a change back: what it created goes, what it overwrote or deleted is restored. Each part for itself.

        Raises:
            Problem: There is no such change of this caller, or it was taken back already.
        """
        undo = self._undo.get(change_id)
        if undo is None or undo.caller != run.caller.name:
            msg = (
                "There is no such change any more: list_snapshots shows what was kept, restore_snapshot brings it back."
            )
            raise Problem("change.not_found", msg, status=404)
        del self._undo[change_id]
        async with self._alone:
            parts = [await _deleted(run, part) for part in undo.created]
            parts += [await _restored(run, part, snapshot) for part, snapshot in undo.kept.items()]
        return Undone(parts)

    def _noted(self, run: Run, before: ProjectState, after: ProjectState, kept: dict[PartRef, str],
               lost: dict[PartRef, str]) -> Change | None:  # fmt: skip
        """Compare two states, and remember how to go back; None where they are the same."""
        old, new = _by_name(before), _by_name(after)
        created = [part for part in new if part not in old]
        deleted = [part for part in old if part not in new]
        changed = [part for part in new if part in old and new[part] != old[part]]
        if not (created or deleted or changed):
            return None
        stations = {part.device for part in created if part.kind == "device"}
        removable = [part for part in created if part.device not in stations]
        back = {part: kept[part] for part in (*changed, *deleted) if part in kept}
        missing = [part for part in (*changed, *deleted) if part not in kept]
        missing += [part for part in created if part.kind == "device"]
        change_id = ""
        if removable or back:
            change_id = secrets.token_hex(6)
            self._undo[change_id] = Undo(run.caller.name, removable, back)
            _forget(self._undo)
        not_kept = [msgspec.structs.replace(part, reason=lost.get(part, NO_SNAPSHOT)) for part in missing]
        return Change(change_id=change_id, created=created, changed=changed, deleted=deleted, not_kept=not_kept)


async def _state(run: Run) -> ProjectState:
    """The open project; an empty one where none is open, or no portal is attached."""
    try:
        return msgspec.convert(await run.named("mcp.project_state"), ProjectState)
    except Problem as problem:
        if problem.code not in NO_PROJECT:
            raise
    return ProjectState("", [])


def _call(run: Run, op: Operation, request: Request) -> bytes:
    return b"%b %d %b" % (op.name.encode(), run.instance or 0, envelope.encode(request))


def _by_name(state: ProjectState) -> dict[PartRef, ProjectPart]:
    return {_ref(part): part for part in state.parts}


def _ref(part: ProjectPart) -> PartRef:
    return PartRef(part.kind, part.device, part.name)


async def _keep(
    run: Run, op: Operation, before: ProjectState, request: Request
) -> tuple[dict[PartRef, str], dict[PartRef, str]]:
    """Take a snapshot of every part that a request names. Returns their ids, and why others could not be kept."""
    document = msgspec.to_builtins(request, enc_hook=str)
    device = str(document.get("deviceName", "")).casefold()
    names = {name.casefold() for name in _names(document)}
    if op.name == "tags.add" and not document.get("tableName"):
        tables = await run.named("tag_tables.list_", device_name=device)
        names |= {str(table["name"]).casefold() for table in tables if table["isDefault"]}
    stations = {part.device.casefold() for part in before.parts}
    kept: dict[PartRef, str] = {}
    lost: dict[PartRef, str] = {}
    for part in before.parts:
        elsewhere = device in stations and part.device.casefold() != device
        if part.kind not in KEPT_BY or elsewhere or part.name.casefold() not in names:
            continue
        operation, named = KEPT_BY[part.kind]
        try:
            taken = await run.named(operation, device_name=part.device, note=f"Before {op.name}", **{named: part.name})
            kept[_ref(part)] = taken["snapshotId"]
        except Problem as problem:
            lost[_ref(part)] = problem.message
    return kept, lost


def _names(value: Any, key: str = "") -> Iterator[str]:
    """What a request names: values of naming fields, and blocks and types that are declared in its texts."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _names(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _names(each, key)
    elif isinstance(value, str):
        if key in NAMING:
            yield value
        yield from (quoted or plain for quoted, plain in _DECLARED.findall(value))


async def _deleted(run: Run, part: PartRef) -> PartRef:
    """Delete a part that a change created, and keep it as a snapshot where it can be kept."""
    keep, kept_name = KEPT_BY[part.kind]
    delete, deleted_name = DELETED_BY[part.kind]
    try:
        await run.named(keep, device_name=part.device, note="Before undo", **{kept_name: part.name})
    except Problem as problem:
        if problem.status == 404:
            return msgspec.structs.replace(part, outcome="gone already")
    try:
        await run.named(delete, device_name=part.device, **{deleted_name: part.name})
    except Problem as problem:
        return msgspec.structs.replace(part, outcome="failed", reason=problem.message)
    return msgspec.structs.replace(part, outcome="deleted")


async def _restored(run: Run, part: PartRef, snapshot_id: str) -> PartRef:
    """Restore a part, and keep what is there now where it can be kept."""
    keep, kept_name = KEPT_BY[part.kind]
    reason = ""
    try:
        await run.named(keep, device_name=part.device, note="Before undo", **{kept_name: part.name})
    except Problem as problem:
        reason = "" if problem.status == 404 else f"What was there is not kept: {problem.message}"
    try:
        await run.named("history.restore", snapshot_id=snapshot_id)
    except Problem as problem:
        return msgspec.structs.replace(part, outcome="failed", reason=problem.message)
    return msgspec.structs.replace(part, outcome="restored", reason=reason)


def _forget(remembered: OrderedDict[str, Any]) -> None:
    while len(remembered) > REMEMBERED:
        cast("OrderedDict[str, object]", remembered).popitem(last=False)
