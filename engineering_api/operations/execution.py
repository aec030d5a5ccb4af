"""Does one operation: its lock, its condition, its thread, its audit entry; or tries it and undoes it.

Whatever ends an operation, even what Python raises to end a process, becomes a Problem where it was raised: its lock is
released, its request answered, and the thread goes on with the next.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
import traceback
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from engineering_api.audit.entries import PROJECT, Entry, Look, project_of
from engineering_api.features.blocks.documents import as_problem
from engineering_api.files.refusals import as_path_problem
from engineering_api.observability.logs import bound
from engineering_api.operations import dry_run
from engineering_api.operations.admission import Admission
from engineering_api.operations.context import Cancelled, Context, Progress, Service
from engineering_api.operations.declaration import Lock, Operation, Place, Request, Trial
from engineering_api.operations.resources import Condition, Resources, tag_of
from engineering_api.security import scopes
from engineering_api.settings import AuditContent
from engineering_api.storage.failures import as_storage_problem
from engineering_api.web import envelope
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.apartment import HOLDING, WAITED_FOR
from openness_bridge.portal.portal import Session
from openness_bridge.portal.preview import UNTRIED, preview
from simatic_xml import SimaticMLError
from simatic_xml.interruption import interruptible

log = logging.getLogger(__name__)
WORKERS = 16
MANY = 1000
"""Entries of a list from which it is encoded in a worker thread."""
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
        """Ask everything to stop, and let go of the threads: what they do ends there."""
        for turn in self.admission.turns:
            turn.context.progress.cancel()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def condition(self, op: Operation, request: Request, wanted: str) -> Condition | None:
        """What If-Match demands of an edit; None where nothing was sent.

        Raises:
            Problem: No read shows what the operation changes.
        """
        return self._resources.condition(op, request, wanted) if wanted else None

    async def run(
        self, op: Operation, request: Request, context: Context, rank: int, condition: Condition | None = None
    ) -> bytes:
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
        with self.admission.entered(op, context, waited_for=rank == WAITED_FOR), known:
            return await self._done(op, request, context, rank, condition)

    async def _done(
        self, op: Operation, request: Request, context: Context, rank: int, condition: Condition | None
    ) -> bytes:
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

    async def _changed(
        self, op: Operation, request: Request, context: Context, rank: int, condition: Condition | None, entry: Entry
    ) -> bytes:
        """Do what changes something, while nobody else does."""
        async with self._exclusive(op, context, condition):
            first = HOLDING if op.lock is Lock.PROJECT or condition is not None else rank
            return await self._conditioned(op, request, context, first, condition, entry)

    async def _conditioned(
        self, op: Operation, request: Request, context: Context, rank: int, condition: Condition | None, entry: Entry
    ) -> bytes:
        """Do an edit if its condition is met, with what is there before and after, and read the resource's new tag."""
        before = self._looking(_reading(context), rank)
        if condition is not None:
            condition.require(tag_of(await before(condition.read, condition.request)))
        await entry.begin(before, await self._project(op, context, rank))
        answer = await self._located(op, request, context, rank)
        after = self._looking(replace(_reading(context), progress=Progress()), rank)  # the edit is done, wanted or not
        await entry.done(after, answer)
        if condition is not None:
            with suppress(Problem):  # it is deleted or renamed
                condition.after = tag_of(await after(condition.read, condition.request))
        return answer

    def _looking(self, context: Context, rank: int) -> Look:
        """Asks reads on the way of an edit in a context, each once."""
        seen: dict[str, bytes] = {}

        async def look(read: Operation, request: Request) -> bytes:
            if read.name not in seen:
                seen[read.name] = await self._located(read, request, context, rank)
            return seen[read.name]

        return look

    async def _project(self, op: Operation, context: Context, rank: int) -> str:
        """The name of the project that an operation works in; empty where it needs none."""
        if op.lock is Lock.NONE:
            return ""
        session = await self._session(context)
        known = session.notes.get(PROJECT)
        if known is not None:
            return str(known)
        return (await self._on_portal(session, op, _reading(context), partial(_named, session), rank)).decode()

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
                return await _awaited(op, context, request)
            if op.place is Place.LOOP:
                return call()
            if op.place is Place.WORKER:
                return await asyncio.get_running_loop().run_in_executor(
                    self._workers, partial(self._contained, op, call)
                )
            session = await self._session(context)
            work = partial(_tried, session, op, call) if context.trial else call
            return await self._on_portal(session, op, context, work, rank)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            raise self._ended(op, error) from error

    async def _on_portal(
        self, session: Session, op: Operation, context: Context, work: Callable[[], bytes], rank: int
    ) -> bytes:
        """Queue work on the portal's thread and wait for it without holding the loop.

        What is not wanted any more before its turn comes is let go at once.
        """
        loop, progress = asyncio.get_running_loop(), context.progress
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
                loop.call_soon_threadsafe(settle, result, None if error is None else self._ended(op, error))

        def dropped() -> None:
            if not progress.begun:
                done(b"", Cancelled())

        session.post(partial(self._noted_as_running, session, op.name, work), done, rank)
        progress.when_stopped(dropped)
        return await future

    def _contained(self, op: Operation, call: Callable[[], bytes]) -> bytes:
        """Run a call in a thread whose executor cannot hand everything on that may be raised."""
        try:
            return call()
        except BaseException as error:
            raise self._ended(op, error) from error

    def _ended(self, op: Operation, error: BaseException) -> Problem | Cancelled:
        """Return the error that a caller gets for what ended an operation."""
        if isinstance(error, Problem | Cancelled):
            return error
        if isinstance(error, SimaticMLError):  # what a request gave cannot be written
            return as_problem(error)
        return as_storage_problem(error) or as_path_problem(error, self._service.roots) or _internal(op, error)

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

    @asynccontextmanager
    async def _exclusive(
        self, op: Operation, context: Context, condition: Condition | None = None
    ) -> AsyncIterator[None]:
        """Hold the lock of an operation: the project's, or that of all edits with a condition."""
        if op.lock is Lock.PROJECT:
            lock = self._writers.setdefault(await self._session(context), asyncio.Lock())
        elif condition is not None:
            lock = self._conditional
        else:
            yield
            return
        await _acquired(lock, context.progress)
        try:
            yield
        finally:
            lock.release()

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
        with self.admission.entered(op, context, waited_for=True):
            return await self._previewed(op, request, context, read)

    async def _previewed(self, op: Operation, request: Request, context: Context, read: Operation | None) -> bytes:
        async with self._exclusive(op, context):
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
            missing = problem.kind is Kind.MISSING and self._resources.needs(op, read)
            if op.trial is Trial.CHECKED and (missing or problem.code in NOTHING_OPEN):
                raise
            return None


def _reading(context: Context) -> Context:
    """The context for a read on the way of something else, which is wanted as long as that is."""
    progress = Progress()
    context.progress.when_stopped(progress.cancel)
    return replace(context, selection=None, trial=False, progress=progress)


def _named(session: Session) -> bytes:
    return project_of(session).encode()


async def _acquired(lock: asyncio.Lock, progress: Progress) -> None:
    """Take a lock, or give up waiting for it when the work is not wanted any more.

    Raises:
        Cancelled: It is not.
    """
    if lock.locked():
        loop, waiting = asyncio.get_running_loop(), asyncio.ensure_future(lock.acquire())
        progress.when_stopped(partial(loop.call_soon_threadsafe, waiting.cancel))
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                lock.release()
            progress.check()
            raise
    else:
        await lock.acquire()


async def _awaited(op: Operation, context: Context, request: Request) -> bytes:
    """Do what is a coroutine; of a large answer the encoding is done in a worker thread."""
    await scopes.require(context, op, request)
    context.progress.begin()
    with interruptible(context.progress.check):
        answer = await op.run(context, request)
    if isinstance(answer, list) and len(answer) > MANY:
        return await asyncio.to_thread(_selected, answer, context)
    return _selected(answer, context)


def _encoded(op: Operation, context: Context, request: Request) -> bytes:
    """Do it within the caller's projects, and encode where it was done, so that a large answer never holds the event loop.

    Raises:
        Cancelled: It is not wanted any more.
    """
    context.progress.begin()
    with interruptible(context.progress.check):
        context.service.scopes.require(context, op, request)
        return _selected(op.run(context, request), context)


def _selected(answer: Any, context: Context) -> bytes:
    return envelope.encode(answer if context.selection is None else context.selection.apply(answer))


def _tried(session: Session, op: Operation, call: Callable[[], bytes]) -> bytes:
    with preview(session, f"Trying: {op.summary}"):
        return call()


def _internal(op: Operation, error: BaseException) -> Problem:
    reference = uuid.uuid4().hex[:12]
    try:
        course = "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - the memory or the stack that it needs may be what is used up
        course = type(error).__name__
    log.error("Internal error %s in %s\n%s", reference, op.name, course)
    msg = f"An error of this service, not of your request (reference {reference}; the log has the details)."
    return Problem("internal", msg, kind=Kind.FAILED)
