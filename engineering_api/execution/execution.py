"""Runs one operation within the table of steps, on the thread where it belongs; or tries it and rolls it back.

Any exception that ends an operation, even one that Python raises to end a process, becomes a Problem at its place.
Its lock is released, its request is answered, and the thread continues with the next.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import traceback
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, nullcontext, suppress
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from engineering_api.execution.admission import Admission
from engineering_api.execution.entries import PROJECT, Entry, project_of
from engineering_api.execution.run import Run, Step, make_read_context
from engineering_api.execution.steps.admit import admit
from engineering_api.execution.steps.hold import hold, hold_lock
from engineering_api.execution.steps.read import read
from engineering_api.execution.steps.record import record
from engineering_api.files.forms import check_files
from engineering_api.files.refusals import as_document_problem, as_path_problem
from engineering_api.files.roots import writing
from engineering_api.operations import dry_run, wire
from engineering_api.operations.context import Cancelled, Context, Service
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.path_fields import own_paths, paths_in
from engineering_api.operations.resources import Condition, Resources, tag_of
from engineering_api.operations.terms import Lock, Place, Trial
from engineering_api.security import scopes
from engineering_api.security.scopes import Scopes
from engineering_api.storage.failures import as_storage_problem
from openness_bridge.errors import Kind, Problem, without_candidates
from openness_bridge.portal.apartment import WAITED_FOR
from openness_bridge.portal.portal import Session
from openness_bridge.portal.preview import UNTRIED, preview
from simatic_xml import SimaticMLError
from simatic_xml.interruption import interruptible

T = TypeVar("T")
log = logging.getLogger(__name__)
WORKERS = 16
READERS = 4
"""Threads that read what clients sent; they are others than the workers, so that long reading keeps none of these."""
MANY = 1000
"""Entries of a list from which it is encoded in a worker thread."""
READ: tuple[Step, ...] = (admit, read)
CHANGE: tuple[Step, ...] = (admit, record, read, hold)
"""What has to hold around an operation, from the outside in."""
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
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self.admission = Admission(service.settings.queue_limit)

    def close(self) -> None:
        """Ask everything to stop, and release the threads: what they do ends there."""
        for turn in self.admission.turns:
            turn.context.progress.cancel()
        for pool in (self._workers, self._readers):
            pool.shutdown(wait=False, cancel_futures=True)

    def condition(self, op: Operation, request: Request, wanted: str) -> Condition | None:
        """Return what If-Match demands of an edit; None where nothing was sent.

        Raises:
            Problem: No read shows what the operation changes.
        """
        return self._resources.condition(op, request, wanted) if wanted else None

    async def run(
        self, op: Operation, request: Request, context: Context, rank: int, condition: Condition | None = None
    ) -> bytes:
        """Run an operation within its steps. Returns the encoded answer.

        Args:
            op: The operation.
            request: Its request.
            context: Who asks, where, and for what part of the answer.
            rank: Whether a caller waits for it (apartment.WAITED_FOR) or it is a job (apartment.QUEUED).
            condition: What must still be true.

        Raises:
            Problem: It was refused or failed.
            Cancelled: It was asked to stop.
        """
        run = Run(op, request, context, rank, condition)
        async with AsyncExitStack() as entered:
            for step in self.steps_of(op):
                await entered.enter_async_context(step(self, run))
            run.answer = await self.perform(run)
        return run.answer

    def steps_of(self, op: Operation) -> tuple[Step, ...]:
        """Return the steps around an operation."""
        steps = CHANGE if op.changes else READ
        return steps if op.reads is not None or op.takes_files else tuple(step for step in steps if step is not read)

    def entry_of(self, run: Run) -> Entry:
        """Make the audit entry of a run."""
        content = self._service.settings.audit_content
        return Entry(self._service.audit, self._resources, run.op, run.request, run.context, content)

    async def lock_of(self, run: Run) -> asyncio.Lock | None:
        """Find the lock that a run has to hold: the project's, that of all edits with a condition, or none."""
        if run.op.lock is Lock.PROJECT:
            return self._writers.setdefault(await self._session(run.context), asyncio.Lock())
        return None if run.condition is None else self._conditional

    async def project_of(self, run: Run) -> str:
        """Read the name of the project that a run works in; empty where it needs none."""
        if run.op.lock is Lock.NONE:
            return ""
        session = await self._session(run.context)
        known = session.notes.get(PROJECT)
        if known is not None:
            return str(known)
        name = partial(_encode_project_name, session)
        return (await self._on_portal(session, run.op, make_read_context(run.context), name, run.rank)).decode()

    async def require(self, condition: Condition, context: Context) -> None:
        """Refuse an edit whose caller has seen something else than what is there.

        Raises:
            Problem: 412, its condition is not met.
        """
        run = Run(condition.read, condition.request, make_read_context(context), WAITED_FOR)
        condition.require(tag_of(await self.perform(run)))

    async def read(self, run: Run) -> tuple[Any, ...]:
        """Read the files and texts of a request, as its operation declares, on a thread that nothing else needs.

        Raises:
            Problem: They cannot be read.
            Cancelled: It is not wanted any more.
        """
        op, request, context = run.op, run.request, run.context
        if op.reads is None and not op.takes_files:
            return ()
        self._service.roots.check(paths_in(request))
        call = partial(copy_context().run, partial(_read, op, context, request))
        return await asyncio.get_running_loop().run_in_executor(self._readers, partial(self._call, op, call))

    async def perform(self, run: Run) -> bytes:
        """Run the operation's function where it belongs. Any exception becomes a Problem."""
        op, request, context = run.op, run.request, run.context
        self._service.roots.check(paths_in(request))
        call = partial(copy_context().run, partial(_run_and_encode, op, context, request, run.given))
        try:
            if inspect.iscoroutinefunction(op.run):
                return await _run_coroutine(op, context, request, run.given)
            if op.place is Place.LOOP:
                return call()
            if op.place is Place.WORKER:
                return await asyncio.get_running_loop().run_in_executor(self._workers, partial(self._call, op, call))
            session = await self._session(context)
            work = partial(_run_preview, session, op, context, call) if context.trial else call
            return await self._on_portal(session, op, context, work, run.rank)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            raise self._translate(op, error) from error

    async def _on_portal(
        self, session: Session, op: Operation, context: Context, work: Callable[[], bytes], rank: int
    ) -> bytes:
        """Queue work on the portal's thread and wait for it without holding the loop.

        Work that is cancelled while it waits for its turn is cancelled immediately.
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

        def finish(result: bytes, error: BaseException | None) -> None:
            with suppress(RuntimeError):  # the loop is closed: no caller waits
                loop.call_soon_threadsafe(settle, result, None if error is None else self._translate(op, error))

        def drop() -> None:
            if not progress.begun:
                finish(b"", Cancelled())

        session.post(partial(self._run_noted, session, op.name, work), finish, rank)
        progress.when_stopped(drop)
        return await future

    def _call(self, op: Operation, call: Callable[[], T]) -> T:
        """Run a call in a thread whose executor cannot hand everything on that may be raised."""
        try:
            return call()
        except BaseException as error:
            raise self._translate(op, error) from error

    def _translate(self, op: Operation, error: BaseException) -> Problem | Cancelled:
        """Return the error that a caller gets for what ended an operation."""
        if isinstance(error, Problem | Cancelled):
            return error
        if isinstance(error, SimaticMLError):  # what a request gave cannot be written
            return as_document_problem(error)
        return as_storage_problem(error) or as_path_problem(error, self._service.roots) or _internal(op, error)

    def _run_noted(self, session: Session, name: str, work: Callable[[], bytes]) -> bytes:
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

    async def preview(self, op: Operation, request: Request, context: Context) -> bytes:
        """Return what an operation would do as an encoded DryRun, and do nothing.

        Args:
            op: The operation.
            request: Its request.
            context: Who asks; a trial.

        Raises:
            Problem: The operation would be refused, as far as that can be known.
        """
        self._service.roots.check(paths_in(request))
        run = Run(op, request, context, WAITED_FOR)
        seen = self._resources.of(op, request)
        async with admit(self, run), read(self, run), hold_lock(self, run):
            run.rank = WAITED_FOR
            await scopes.require(context, op, request)
            current = None if seen is None else await self._current(run, seen)
            answer = await self._dry_run(run) if op.trial is not Trial.CHECKED else None
        return wire.encode(dry_run.report(op, request, answer, current, seen.name if seen and current else ""))

    async def _dry_run(self, run: Run) -> bytes | None:
        """Run an operation that is rolled back; None where it cannot be tried further."""
        try:
            return await self.perform(run)
        except Problem as problem:
            if problem.code == UNTRIED:
                return None
            raise

    async def _current(self, run: Run, read: Operation) -> bytes | None:
        """Read what is there now.

        Raises:
            Problem: Something is missing that an operation needs which is not really tried.
        """
        request = self._resources.request(read, run.request)
        try:
            return await self.perform(Run(read, request, make_read_context(run.context), WAITED_FOR))
        except Problem as problem:
            missing = problem.kind is Kind.MISSING and self._resources.needs(run.op, read)
            if run.op.trial is Trial.CHECKED and (missing or problem.code in NOTHING_OPEN):
                raise
            return None


def _encode_project_name(session: Session) -> bytes:
    return project_of(session).encode()


async def _run_coroutine(op: Operation, context: Context, request: Request, given: tuple[Any, ...]) -> bytes:
    """Do what is a coroutine; of a large answer the encoding is done in a worker thread."""
    await scopes.require(context, op, request)
    context.progress.begin()
    with (
        interruptible(context.progress.check, context.progress.settle),
        context.service.changes.under_way(changes=op.changes, project=op.lock is Lock.PROJECT),
        writing(declared=op.writes_files(request)),
    ):
        answer = await op.run(context, request, *given)
    if isinstance(answer, list) and len(answer) > MANY:
        return await asyncio.to_thread(_encode_selected, answer, context)
    return _encode_selected(answer, context)


def _run_and_encode(op: Operation, context: Context, request: Request, given: tuple[Any, ...]) -> bytes:
    """Do it within the caller's projects, and encode where it was done, so that a large answer never holds the event loop.

    Raises:
        Cancelled: It is not wanted any more.
    """
    context.progress.begin()
    with (
        interruptible(context.progress.check, context.progress.settle),
        without_candidates() if context.aside else nullcontext(),
    ):
        context.service.part(Scopes).require(context, op, request)
        with (
            context.service.changes.under_way(changes=op.changes, project=op.lock is Lock.PROJECT),
            writing(declared=op.writes_files(request)),
        ):
            answer = op.run(context, request, *given)
        return _encode_selected(answer, context)


def _read(op: Operation, context: Context, request: Request) -> tuple[Any, ...]:
    """Read what a request gives, within the caller's projects.

    Raises:
        Cancelled: It is not wanted any more.
    """
    context.progress.check()
    with interruptible(context.progress.check):
        context.service.part(Scopes).require(context, op, request)
        if op.reads is not None:
            return (op.reads(context, request),)
        check_files(context.roots, own_paths(request))
        return ()


def _encode_selected(answer: Any, context: Context) -> bytes:
    return wire.encode(answer if context.selection is None else context.selection.apply(answer))


def _run_preview(session: Session, op: Operation, context: Context, call: Callable[[], bytes]) -> bytes:
    with context.service.changes.under_way(), preview(session, f"Trying: {op.summary}"):
        return call()


def _internal(op: Operation, error: BaseException) -> Problem:
    reference = uuid.uuid4().hex[:12]
    try:
        course = "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - the memory or the stack that it needs may be what is used up
        course = type(error).__name__
    log.error("Internal error %s in %s\n%s", reference, op.name, course)
    msg = f"An internal error of this service (reference {reference}; the log has the details)."
    return Problem("internal", msg, kind=Kind.FAILED)
