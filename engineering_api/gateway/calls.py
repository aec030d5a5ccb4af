"""Requests that are out to workers, until they are answered or given up.

An answer counts once, and only for the ticket that is waited for. What a worker neither does nor has answered is sent again
under the same ticket: it may have got lost, or the worker has done it, or will say that it did not start it. A worker that
does not answer that has been another process since, and the request is given up.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from engineering_api.gateway.exchange import Exchange, ignore_unreachable, unreachable
from engineering_api.gateway.fleet import Member
from engineering_api.gateway.messages import NOT_STARTED, ProgressReport, StopRequest, WorkRequest, WorkResult, control
from engineering_api.gateway.sealing import Seal
from engineering_api.operations.context import Cancelled, Progress
from openness_bridge.errors import Kind, Problem

log = logging.getLogger(__name__)
GIVEN_UP = 1.5
"""Leases after which a worker that has ended is not waited for any more: its answer may have been on the way."""


class WorkerLost(Problem):
    """The worker is silent or has ended: whether the operation was done is not known."""

    def __init__(self, worker: str) -> None:
        """Name the worker."""
        msg = (
            f"Worker {worker} was lost while it ran this operation, which may or may not have taken effect. Check that, "
            "then send the request again."
        )
        super().__init__("worker.lost", msg, kind=Kind.UNAVAILABLE)


class NotStarted(Problem):
    """The worker says that it did not begin this and never will: it can be asked again."""


@dataclass(slots=True, eq=False)
class Call:
    """A request that is out.

    Attributes:
        patient: Whether it continues while the queue server cannot be reached; a read that a caller waits for does not.
        missing: Since when the worker does not have it, on the monotonic clock.
        repeated: When it was sent again.
    """

    asked: WorkRequest
    member: Member
    progress: Progress
    patient: bool
    outcome: asyncio.Future[WorkResult] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    missing: float | None = None
    repeated: float = 0.0


class Calls:
    """All requests that are out."""

    def __init__(self, exchange: Exchange, seal: Seal, lease: float) -> None:
        """Send by way of an exchange."""
        self._exchange, self._seal, self._lease = exchange, seal, lease
        self._out: dict[str, Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def ask(
        self, member: Member, asked: WorkRequest, progress: Progress, *, patient: bool, sent: bool = False
    ) -> WorkResult:
        """Ask a worker and wait for the answer.

        Args:
            member: The worker.
            asked: The request.
            progress: Gets how far it is, and says when it should stop.
            patient: As Call.
            sent: Whether an earlier gateway has asked already.

        Raises:
            Problem: It was refused or failed, the queue server is away, or the worker is lost (Lost).
            Cancelled: It was stopped.
        """
        call = self._out[asked.ticket] = Call(asked, member, progress, patient)
        member.out.add(asked.ticket)
        loop = asyncio.get_running_loop()
        progress.when_stopped(lambda: loop.call_soon_threadsafe(self._stop, call))
        try:
            if not sent:
                await self._send(call)
            return _require_answer(await call.outcome)
        except asyncio.CancelledError:
            self._stop(call)
            raise
        finally:
            self._out.pop(asked.ticket, None)
            member.out.discard(asked.ticket)

    def of(self, progress: Progress) -> Call | None:
        """Return the request that reports there."""
        return next((call for call in self._out.values() if call.progress is progress), None)

    def deliver(self, answer: WorkResult) -> None:
        """Deliver an answer to the request that waits for it; an answer to an abandoned request is ignored."""
        call = self._out.get(answer.ticket)
        if call is None:
            log.info("An answer came for %s, which is not waited for", answer.ticket)
        elif not call.outcome.done():
            call.outcome.set_result(answer)

    def report_progress(self, report: ProgressReport) -> None:
        """Hand on how far a request is."""
        call = self._out.get(report.ticket)
        if call is not None:
            try:
                call.progress.report(report.percent, report.message)
            except Cancelled:
                self._stop(call)

    def reconcile(self, member: Member) -> None:
        """Compare what a worker does with what is out to it."""
        state = member.state
        running = {each.ticket for each in state.running} if state else set()
        for call in self._of(member):
            if call.asked.ticket in running:
                call.missing = None
            elif call.missing is None:
                call.missing = time.monotonic()
            else:
                self._miss(
                    call, time.monotonic() - call.missing, ended=state is None or state.epoch != call.asked.epoch
                )

    def _miss(self, call: Call, seconds: float, *, ended: bool) -> None:
        """Ask again for what a worker does not have: it answers what it did, and says what it has not started."""
        if ended and seconds > GIVEN_UP * self._lease:
            self._give_up(call, WorkerLost(call.member.name))
        elif seconds > self._lease / 2 and time.monotonic() - call.repeated > self._lease / 2:
            call.repeated = time.monotonic()
            self._spawn(ignore_unreachable(self._send(call)))

    def abandon(self, member: Member) -> None:
        """Give up what is out to a worker."""
        for call in self._of(member):
            self._give_up(call, WorkerLost(member.name))

    def unreachable(self) -> None:
        """Fail all waiting reads: the queue server is away."""
        for call in list(self._out.values()):
            if not call.patient:
                self._give_up(call, unreachable("try again later."))

    def close(self) -> None:
        """Wait for nothing more. What workers do continues there; the next gateway collects it."""
        self._closed = True

    def _of(self, member: Member) -> list[Call]:
        return [call for call in self._out.values() if call.member is member]

    def _give_up(self, call: Call, problem: Problem) -> None:
        if not call.outcome.done():
            call.outcome.set_exception(problem)
            self._stop(call)

    async def _send(self, call: Call) -> None:
        to = call.member.name
        await self._exchange.send(to, call.asked.ticket, self._seal.close(to, call.asked))

    def _stop(self, call: Call) -> None:
        """Ask the worker to stop, because no caller waits."""
        if self._closed or call.asked.ticket not in self._out:
            return
        to, message = control(call.member.name), StopRequest(call.asked.ticket)
        self._spawn(
            ignore_unreachable(self._exchange.send(to, f"stop:{call.asked.ticket}", self._seal.close(to, message)))
        )

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _require_answer(answer: WorkResult) -> WorkResult:
    """Return an answer that is one.

    Raises:
        Problem: It is a refusal, or was not started (NotStarted).
        Cancelled: It says that it was stopped.
    """
    if answer.refusal is not None:
        refused = answer.refusal.problem()
        raise (NotStarted(refused.code, refused.message, kind=refused.kind) if refused.code == NOT_STARTED else refused)
    if answer.data is None:
        raise Cancelled
    return answer
