"""Previews changes, makes them once, and undoes them.

What a call will overwrite is kept as snapshots first; what it changed is found by comparing the project's parts before and
after. A call that destroys something, or that cannot be taken back, runs only with a token, which a preview of exactly that
call gave, for exactly that state of the project, once: no block comment or document can make a model invent
such a token.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

from engineering_api.features.tools import consequences, drafts, inverting, keeping, losses
from engineering_api.features.tools.consequences import Touched
from engineering_api.features.tools.drafts import Drafts
from engineering_api.features.tools.inverting import Renaming
from engineering_api.features.tools.keeping import KINDS, Keeping, PartRef, ref
from engineering_api.features.tools.names import tool_name
from engineering_api.features.tools.running import CANCELLED, Run
from engineering_api.operations import wire
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request, marked
from engineering_api.operations.terms import Lock, Undo
from openness_bridge.errors import Detail, Kind, Problem
from openness_bridge.program.program_state import ProjectPart, ProjectState

NO_SNAPSHOT = "No snapshot is taken of this: undo it with another change."
NO_PROJECT = {"project.none", "portal.none", "portal.not_attached"}
LIFETIME = 600.0
"""Seconds in which a token can be redeemed."""
REMEMBERED = 200
"""Tokens and changes that are remembered; the oldest are forgotten."""
BACK = "undo_change reverses it."
IN_FILE = "A file names what it overwrites. That is not kept, so it cannot be undone here."


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


class Loss(msgspec.Struct, rename="camel"):
    """What a call that is previewed would destroy.

    Attributes:
        can_be_undone: Whether undo_change takes all of it back.
        reasons: What is removed or overwritten, and what cannot be taken back, a sentence each.
        touched: The existing objects that the call names, with language, size and what uses them.
    """

    can_be_undone: bool
    reasons: list[str]
    touched: list[Touched] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows."""

    caller: str
    call: bytes
    state: ProjectState
    until: float
    loss: Loss


@dataclass(frozen=True, slots=True)
class Steps:
    """How a change is taken back: by another rename, then parts to delete and snapshots to restore.

    Attributes:
        renaming: The rename that the change made, if it made one.
        after: When each part was changed last, as the change left it.
    """

    caller: str
    created: list[PartRef] = field(default_factory=list)
    kept: dict[PartRef, str] = field(default_factory=dict)
    renaming: Renaming | None = None
    after: dict[PartRef, str] = field(default_factory=dict)


class Changes:
    """The tokens and changes of a service."""

    def __init__(self) -> None:
        """Know of none."""
        self._grants: OrderedDict[str, Grant] = OrderedDict()
        self._undo: OrderedDict[str, Steps] = OrderedDict()
        self._drafts = Drafts()
        self._alone = asyncio.Lock()

    async def grant(self, run: Run, op: Operation, request: Request) -> tuple[str, Loss]:
        """Return a token for one call, as long as the project stays as it is; and what that call would destroy."""
        async with self._alone:
            state = await _state(run)
            loss = await _loss(run, op, state, request)
        token = secrets.token_urlsafe(16)
        until = time.monotonic() + LIFETIME
        self._grants[token] = Grant(run.caller.name, _call(run, op, request), state, until, loss)
        _forget(self._grants)
        return token, loss

    def reasons(self, token: Any) -> list[str]:
        """Return what the preview that gave a token said of what is lost; nothing of a token that is not known."""
        grant = self._grants.get(token) if isinstance(token, str) else None
        return [] if grant is None else [*grant.loss.reasons, *(each.sentence for each in grant.loss.touched)]

    async def _redeem(self, run: Run, op: Operation, request: Request, token: str) -> None:
        """Take a token back for the call that it was given for. It is used up, with any outcome.

        Raises:
            Problem: It is not this caller's, for another call, too old, or the project was changed since.
        """
        grant = self._grants.pop(token, None)
        if grant is None or grant.caller != run.caller.name or time.monotonic() > grant.until:
            msg = "This token is unknown, used up or older than ten minutes: call preview_change again."
            raise Problem("change.token", msg, kind=Kind.FORBIDDEN)
        if grant.call != _call(run, op, request):
            msg = "This token is for another tool or other arguments; it is used up: preview this call itself."
            raise Problem("change.other_call", msg, kind=Kind.FORBIDDEN)
        if grant.state != await _state(run):
            msg = "The project was changed after the preview: call preview_change again and check its answer."
            raise Problem("change.state", msg, kind=Kind.CONFLICT)

    async def make(
        self, run: Run, op: Operation, request: Request, token: str | None = None
    ) -> tuple[bytes | str, Change | None]:
        """Run a changing operation; those that change the project one at a time, so that what changed is what this one did.

        Args:
            run: For whom.
            op: The operation.
            request: Its request.
            token: What a preview of it gave; None where it needs none.

        Returns:
            Its answer, or the id of a job that continues; and what it changed in the project.

        Raises:
            Problem: The token is not good for it, or as the operation; then nothing was changed.
        """
        traced = op.lock is Lock.PROJECT and op.undo is not Undo.NEEDLESS
        async with self._alone if traced else nullcontext():
            if token is not None:
                await self._redeem(run, op, request, token)
            elif reasons := losses.list_reasons(op, request):
                raise losses.needs_preview(tool_name(op), reasons)
            if not traced:
                return await run.operation(op, request), None
            before = await _state(run)
            kept = await keeping.keep(run, op, before, request) if op.undo is Undo.KEPT else Keeping()
            dates = _stamps(before)
            sent = [part for part in kept.lost if self._drafts.has(run.caller.name, part, dates[part])]
            if token is None and len(sent) < len(kept.lost):
                await keeping.drop(run, kept)
                raise losses.needs_preview(tool_name(op), kept.reasons)
            if token is None and (other := await consequences.find_translated(run, request, kept)):
                await keeping.drop(run, kept)
                raise losses.needs_preview(tool_name(op), other)
            kept.lost.update(dict.fromkeys(sent, drafts.REASON))
            try:
                answer = await run.operation(op, request)
            except Problem as problem:
                await self._complete(run, problem, before, kept)
                raise
            after = await _state(run)
            gone = [part for part in dates if part not in _stamps(after)]
            renaming = await inverting.find_renaming(run, op, request, gone, kept.kept)
            change = self._note_change(run, renaming, before, after, kept)
            if change is not None:
                self._drafts.note(run.caller.name, request, (*change.created, *change.changed), _stamps(after))
            return answer, change

    async def _complete(self, run: Run, problem: Problem, before: ProjectState, kept: Keeping) -> None:
        """Add to the reason why a call failed what it has changed: most calls are rolled back, some leave a part."""
        change = self._note_change(run, None, before, await _state(run), kept)
        if change is None:
            await keeping.drop(run, kept)
            problem.message += " Nothing was changed." if problem.code == CANCELLED else ""
            return
        done = {"created": change.created, "changed": change.changed, "deleted": change.deleted}
        back = f" undo_change with the changeId '{change.change_id}' reverses it." if change.change_id else ""
        problem.message += f" Before that it had changed the project, as the details list.{back}"
        problem.details = [
            *problem.details,
            *(
                Detail("change.left", f"The {part.kind} '{part.name}' of '{part.device}' was {word}.")
                for word, parts in done.items()
                for part in parts
            ),
        ]

    async def undo(self, run: Run, change_id: str) -> Undone:
        """Take a change back: what it created goes, what it overwrote or deleted is restored. Each part for itself.

        Raises:
            Problem: There is no such change of this caller, or it was taken back already.
        """
        undo = self._undo.get(change_id)
        if undo is None or undo.caller != run.caller.name:
            msg = (
                "This change is no longer available: list_snapshots lists the snapshots, restore_snapshot restores one."
            )
            raise Problem("change.not_found", msg, kind=Kind.MISSING)
        del self._undo[change_id]
        async with self._alone:
            now = _contents(await _state(run))
            same = {
                part: now.get(part) == stamp or self._drafts.has(run.caller.name, part, now.get(part))
                for part, stamp in undo.after.items()
            }
            refused, parts = await _rename_back(run, undo.renaming)
            parts += [await keeping.delete(run, part, unchanged=same[part]) for part in undo.created]
            parts += [
                await keeping.restore(run, part, snapshot, unchanged=same.get(part, part not in now))
                for part, snapshot in undo.kept.items()
                if part not in refused
            ]
        return Undone(parts)

    def _note_change(
        self, run: Run, renaming: Renaming | None, before: ProjectState, after: ProjectState, keeping: Keeping
    ) -> Change | None:
        """Compare two states of one project, and remember how to go back; None where they are the same."""
        if before.project != after.project:
            return None
        old, new = _stamps(before), _stamps(after)
        created = [part for part in new if part not in old]
        deleted = [part for part in old if part not in new]
        changed = [part for part in new if part in old and new[part] != old[part]]
        if not (created or deleted or changed):
            return None
        renamed = {renaming.part} & set(deleted) if renaming else set()
        stations = {part.device for part in created if part.kind == "device"}
        removable = [part for part in created if part.kind == "device" or part.device not in stations]
        removable = [part for part in removable if not (renaming and renamed and part.name == renaming.now)]
        missing = [part for part in (*changed, *deleted) if part not in keeping.kept and part not in renamed]
        back = {
            part: keeping.kept[part] for part in (*changed, *deleted) if part in keeping.kept and part not in renamed
        }
        change_id = ""
        if removable or back or renaming:
            change_id = secrets.token_hex(6)
            self._undo[change_id] = Steps(
                run.caller.name, sorted(removable, key=_order), back, renaming, _contents(after)
            )
            _forget(self._undo)
        not_kept = [msgspec.structs.replace(part, reason=keeping.lost.get(part, NO_SNAPSHOT)) for part in missing]
        return Change(change_id=change_id, created=created, changed=changed, deleted=deleted, not_kept=not_kept)


async def _loss(run: Run, op: Operation, state: ProjectState, request: Request) -> Loss:
    """Return what a call would destroy, found out without a trace."""
    reasons, lost, in_file = losses.list_reasons(op, request), [], False
    touched: list[Touched] = []
    if op.undo is Undo.KEPT:
        found = await keeping.keep(run, op, state, request)
        touched = await consequences.describe(run, found)
        await keeping.drop(run, found)
        lost = found.reasons
        flagged = any(getattr(request, field.name) for field in marked(type(request), "destroys"))
        in_file = flagged and any(getattr(request, field.name) for field in marked(type(request), "path"))
    undone = op.undo is not Undo.NEVER and not lost and not in_file
    said = [*reasons, *lost, *([IN_FILE] if in_file else []), *([BACK] if undone else [])]
    return Loss(can_be_undone=undone, reasons=said, touched=touched)


async def _rename_back(run: Run, renaming: Renaming | None) -> tuple[set[PartRef], list[PartRef]]:
    """Take a rename back. Returns the part that must stay as it is where that was refused, and what became of the parts."""
    if renaming is None:
        return set(), []
    reason, parts = await inverting.rename_back(run, renaming)
    if reason:
        return {renaming.part}, [msgspec.structs.replace(renaming.part, outcome="failed", reason=reason)]
    return set(), [msgspec.structs.replace(renaming.part, outcome="restored"), *parts]


def _order(part: PartRef) -> tuple[int, int]:
    """Return a sort key: parts before their folders, inner folders before outer ones, devices last."""
    return list(KINDS).index(part.kind), -part.name.count("/")


def _stamps(state: ProjectState) -> dict[PartRef, str]:
    """Return when each part was changed last; of a device its modules."""
    return {ref(part): part.modified for part in state.parts}


def _contents(state: ProjectState) -> dict[PartRef, str]:
    """Return the same, but of a device everything in it."""
    parts: dict[str, list[ProjectPart]] = {}
    for part in state.parts:
        parts.setdefault(part.device, []).append(part)
    return _stamps(state) | {PartRef("device", name, name): repr(each) for name, each in parts.items()}


async def _state(run: Run) -> ProjectState:
    """Return the open project; an empty one where none is open, or no portal is attached."""
    from engineering_api.features.mcp import mcp_operations  # which lists the tools

    try:
        return msgspec.convert(await run.perform(mcp_operations.project_state), ProjectState)
    except Problem as problem:
        if problem.code not in NO_PROJECT:
            raise
    return ProjectState("", [])


def _call(run: Run, op: Operation, request: Request) -> bytes:
    return b"%b %d %b" % (op.name.encode(), run.instance or 0, wire.encode(request))


def _forget(remembered: OrderedDict[str, Any]) -> None:
    while len(remembered) > REMEMBERED:
        cast("OrderedDict[str, object]", remembered).popitem(last=False)
