"""Does one operation: its lock, its condition, its thread, its audit entry; or tries it and undoes it."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
import traceback
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from engineering_api import dry_run, envelope
from engineering_api.admission import Admission
from engineering_api.audit_trail.entries import PROJECT, Entry, Look, project_of
from engineering_api.context import Cancelled, Context, Progress, Service
from engineering_api.observability.logs import bound
from engineering_api.operation import Lock, Operation, Place, Request, Trial
from engineering_api.resources import Condition, Resources, tag_of
from engineering_api.security import scopes
from engineering_api.services.documents import as_problem
from engineering_api.settings import AuditContent
from engineering_api.storage.failures import as_storage_problem
from openness_bridge.apartment import HOLDING, WAITED_FOR
from openness_bridge.errors import Problem
from openness_bridge.portal import Session
from openness_bridge.preview import UNTRIED, preview
from simatic_xml import SimaticMLError

log = logging.getLogger(__name__)
WORKERS = 16
MISSING = 404
NOTHING_OPEN = ("project.none", "portal.none")
"""Codes that say that there is nothing to work on at all."""


class Execution:
    """Does operations, each where it belongs."""

    def __init__(self, service: Service) -> None:
        """Work on these parts."""
        self._service = service
        self._resources = Resources(service.catalogue)
        self._writers: WeakKeyDictionary[Session, asyncio.Lock] = WeakKeyDictionary()
        self._conditional = asyncio.Lock()
        self.running: WeakKeyDictionary[Session, str] = WeakKeyDictionary()
        """The operation that runs in each portal now."""
        self._workers = ThreadPoolExecutor(WORKERS, "worker")
        self.admission = Admission(service.settings.queue_limit)

    def close(self) -> None:
        """Let go of the threads; what they do is finished there."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def condition(self, op: Operation, request: Request, wanted: str) -> Condition | None:
        """What If-Match demands of an edit; None where nothing was sent.

        Raises:
            Problem: No read shows what the operation changes.
        """
        return self._resources.condition(op, request, wanted) if wanted else None

    async def run(self, op: Operation, request: Request, context: Context, rank: int,
                  condition: Condition | None = None) -> bytes:  # fmt: skip
        """Do an operation and write its audit entry. Returns the encoded answer.

        Args:
            op: The operation.
            request: Its request.
            context: Who asks, where, and for what part of the answer.
            rank: Whether somebody waits for it (apartment.WAITED_FOR) or it is a job (apartment.QUEUED).
            condition: What must still be true.

        Raises:
            Problem: It was refused or failed.
            Cancelled: It was asked to stop.
        """
        known = bound(operation=op.name, caller=context.caller.name, job=context.job)
        with self.admission.entered(op, waited_for=rank == WAITED_FOR), known:
            return await self._done(op, request, context, rank, condition)

    async def _done(self, op: Operation, request: Request, context: Context, rank: int,
                    condition: Condition | None) -> bytes:  # fmt: skip
        """Do an operation, with its audit entry where it changes something."""
        if not op.changes:
            return await self._located(op, request, context, rank)
        begin, outcome = time.perf_counter(), "ok"
        entry = Entry(self._service.audit, self._resources, op, request, context, self._noted(op))
        try:
            answer = await self._changed(op, request, context, rank, condition, entry)
        except Cancelled:
            outcome = "cancelled"
            raise
        except asyncio.CancelledError:
            outcome = "interrupted"
            raise
        except Problem as problem:
            outcome = problem.code
            raise
        finally:
            await entry.end(outcome, int((time.perf_counter() - begin) * 1000))
        return answer

    def _noted(self, _: Operation) -> AuditContent:
        """What the audit log keeps of what is there before and after."""
        return self._service.settings.audit_content

    async def _changed(self, op: Operation, request: Request, context: Context, rank: int,
                       condition: Condition | None, entry: Entry) -> bytes:  # fmt: skip
        """Do what changes something, while nobody else does."""
        async with await self._exclusive(op, context, condition):
            first = HOLDING if op.lock is Lock.PROJECT or condition is not None else rank
            return await self._conditioned(op, request, context, first, condition, entry)

    async def _conditioned(self, op: Operation, request: Request, context: Context, rank: int,
                           condition: Condition | None, entry: Entry) -> bytes:  # fmt: skip
        """Do an edit if its condition is met, with what is there before and after, and read the resource's new tag."""
        before = self._looking(context, rank)
        if condition is not None:
            condition.require(tag_of(await before(condition.read, condition.request)))
        await entry.begin(before, await self._project(op, context, rank))
        answer = await self._located(op, request, context, rank)
        after = self._looking(context, rank)
        await entry.done(after, answer)
        if condition is not None:
            with suppress(Problem):  # it is deleted or renamed
                condition.after = tag_of(await after(condition.read, condition.request))
        return answer

    def _looking(self, context: Context, rank: int) -> Look:
        """Asks reads on the way of an edit, each once."""
        seen: dict[str, bytes] = {}

        async def look(read: Operation, request: Request) -> bytes:
            if read.name not in seen:
                seen[read.name] = await self._located(read, request, _reading(context), rank)
            return seen[read.name]

        return look

    async def _project(self, op: Operation, context: Context, rank: int) -> str:
        """The name of the project that an operation works in; empty where it needs none."""
        if op.lock is Lock.NONE:
            return ""
        session = await self._session(context)
        known = session.notes.get(PROJECT)
        return known if known is not None else (await _on_portal(session, partial(_named, session), rank)).decode()

    async def require(self, condition: Condition, context: Context) -> None:
        """Refuse an edit whose caller has seen something else than what is there.

        Raises:
            Problem: 412, its condition is not met.
        """
        condition.require(tag_of(await self._located(condition.read, condition.request, _reading(context), WAITED_FOR)))

    async def _located(self, op: Operation, request: Request, context: Context, rank: int) -> bytes:
        """Run the function where it belongs; whatever it raises becomes a Problem."""
        self._service.roots.check(request)
        call = partial(copy_context().run, partial(_encoded, op, context, request))
        try:
            if inspect.iscoroutinefunction(op.run):
                await scopes.require(context, op, request)
                return _selected(await op.run(context, request), context)
            if op.place is Place.LOOP:
                return call()
            if op.place is Place.WORKER:
                return await asyncio.get_running_loop().run_in_executor(self._workers, call)
            session = await self._session(context)
            work = partial(_tried, session, op, call) if context.trial else call
            return await _on_portal(session, partial(self._noted_as_running, session, op.name, work), rank)
        except (Problem, Cancelled):
            raise
        except SimaticMLError as error:  # what a request gave cannot be written
            raise as_problem(error) from error
        except Exception as error:
            raise as_storage_problem(error) or _internal(op, error) from error

    def _noted_as_running(self, session: Session, name: str, work: Callable[[], bytes]) -> bytes:
        """Do something on the portal's thread, so that others can see what runs there."""
        self.running[session] = name
        try:
            return work()
        finally:
            del self.running[session]

    async def _session(self, context: Context) -> Session:
        portals = self._service.portals
        if context.instance is None and (current := portals.current) is not None:
            return current
        return await asyncio.get_running_loop().run_in_executor(self._workers, portals.session, context.instance)

    async def _exclusive(self, op: Operation, context: Context,
                         condition: Condition | None = None) -> AbstractAsyncContextManager[Any]:  # fmt: skip
        """The lock that an operation holds: the project's, or that of all edits with a condition."""
        if op.lock is Lock.PROJECT:
            return self._writers.setdefault(await self._session(context), asyncio.Lock())
        return nullcontext() if condition is None else self._conditional

    async def preview(self, op: Operation, request: Request, context: Context) -> bytes:
        """Tell what an operation would do, and do nothing. Returns an encoded DryRun.

        Args:
            op: The operation.
            request: Its request.
            context: Who asks; a trial.

        Raises:
            Problem: The operation would be refused, as far as that can be known.
        """
        self._service.roots.check(request)
        read = self._resources.of(op, request)
        async with await self._exclusive(op, context):
            await scopes.require(context, op, request)
            current = None if read is None else await self._current(op, request, read, context)
            answer = await self._tried(op, request, context) if op.trial is Trial.UNDONE else None
        return envelope.encode(dry_run.report(op, request, answer, current, read.name if read and current else ""))

    async def _tried(self, op: Operation, request: Request, context: Context) -> bytes | None:
        """What an operation answers that is undone again; None where it can be tried no further."""
        try:
            return await self._located(op, request, context, WAITED_FOR)
        except Problem as problem:
            if problem.code == UNTRIED:
                return None
            raise

    async def _current(self, op: Operation, request: Request, read: Operation, context: Context) -> bytes | None:
        """What is there now, where a read shows it.

        Raises:
            Problem: Something is not there that an operation needs which is not really tried.
        """
        try:
            return await self._located(read, self._resources.request(read, request), _reading(context), WAITED_FOR)
        except Problem as problem:
            missing = problem.status == MISSING and self._resources.needs(op, read)
            if op.trial is Trial.CHECKED and (missing or problem.code in NOTHING_OPEN):
                raise
            return None


def _reading(context: Context) -> Context:
    """The context for a read on the way of something else, which nobody stops."""
    return replace(context, selection=None, trial=False, progress=Progress())


def _named(session: Session) -> bytes:
    return project_of(session).encode()


def _on_portal(session: Session, call: Callable[[], bytes], rank: int) -> asyncio.Future[bytes]:
    """Queue a call on the portal's thread and wait for it without holding the loop."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bytes] = loop.create_future()

    def settle(result: bytes, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def done(result: bytes, error: BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    session.post(call, done, rank)
    return future


def _encoded(op: Operation, context: Context, request: Request) -> bytes:
    """Do it within the caller's projects, and encode where it was done, so that a large answer never holds the event loop."""
    context.service.scopes.require(context, op, request)
    return _selected(op.run(context, request), context)


def _selected(answer: Any, context: Context) -> bytes:
    return envelope.encode(answer if context.selection is None else context.selection.apply(answer))


def _tried(session: Session, op: Operation, call: Callable[[], bytes]) -> bytes:
    with preview(session, f"Trying: {op.summary}"):
        return call()


def _internal(op: Operation, error: Exception) -> Problem:
    reference = uuid.uuid4().hex[:12]
    log.error("Internal error %s in %s\n%s", reference, op.name, "".join(traceback.format_exception(error)))
    msg = f"An error of this service, not of your request (reference {reference}; the log has the details)."
    return Problem("internal", msg, status=500)
