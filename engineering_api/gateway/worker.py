"""The worker: it runs the operations that a gateway sends on the portals of its machine, and reports its state."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import time
import uuid
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import msgspec

from engineering_api import VERSION, background
from engineering_api.execution.runner import Runner
from engineering_api.features.portals import portals_operations
from engineering_api.features.projects import projects_operations
from engineering_api.gateway.exchange import Exchange, ignore_unreachable
from engineering_api.gateway.messages import (
    GATEWAY,
    NOT_STARTED,
    LeaseGrant,
    Leaving,
    ProgressReport,
    Refusal,
    Running,
    State,
    StopRequest,
    ToGateway,
    WorkRequest,
    WorkResult,
    control,
    format_for_log,
)
from engineering_api.gateway.sealing import LARGEST, Seal
from engineering_api.operations.context import Cancelled, Context, Progress, Service
from engineering_api.operations.declaration import Operation
from engineering_api.operations.selection import Selection, items_of, select
from engineering_api.operations.terms import Site
from engineering_api.storage.clock import now
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.portal import Instance

log = logging.getLogger(__name__)
PARALLEL = 32
"""Operations that a worker accepts at the same time; a portal runs one after the other."""
REMEMBERED = 256
"""Answers that are kept, in case one gets lost on the way."""
REMEMBERED_TICKETS = 20_000
"""Requests that are not done again, even where their answer is not kept any more."""
REPORTING = 0.1
"""Seconds between two reports of one operation's progress."""
BEATS = 5
"""Signs of life in the time of a lease."""
ENDING, STOPPING = 1 / 2, 1 / 4
"""Parts of `TIA_SHUTDOWN_LIMIT` that running operations get to end when the worker ends in order, and then to stop."""
MOVING = frozenset(op.name for each in (projects_operations, portals_operations) for op in each.section.operations)
"""Operations that change which portals and projects there are; the gateway gets these with the answer."""


@dataclass(slots=True, eq=False)
class Doing:
    """An operation that is being done."""

    shown: Running
    progress: Progress
    reported: tuple[int, str] = (0, "")


class Worker:
    """Takes requests from the queue until it is closed."""

    def __init__(self, service: Service, name: str, exchange: Exchange, seal: Seal, lease: float) -> None:
        """Work with a service's parts.

        Args:
            service: Does the operations.
            name: Unique among the workers of a gateway.
            exchange: Where requests come from.
            seal: The secret in common with the gateway.
            lease: Seconds without a grant after which no operation is started.
        """
        self._service, self._name, self._exchange, self._seal, self._lease = service, name, exchange, seal, lease
        self._epoch, self._born, self._beat = uuid.uuid4().hex, time.time(), 0
        self._epochs = {self._epoch}
        self._sent_at: OrderedDict[int, float] = OrderedDict()
        self._may_start_until = 0.0
        self._given_up_at = time.monotonic() + lease
        self._granted = asyncio.Event()
        self._doing: dict[str, Doing] = {}
        self._answers: OrderedDict[str, WorkResult] = OrderedDict()
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._stopped: OrderedDict[str, None] = OrderedDict()
        self._portals: list[Instance] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def service(self) -> Service:
        """The service that does the work."""
        return self._service

    async def start(self) -> None:
        """Begin to take requests. The queue server need not be there yet."""
        await self._exchange.open()
        self._exchange.receive(self._name, self._take, PARALLEL)
        self._exchange.receive(control(self._name), self._control)
        self._tasks = [background.begin(self._live()), background.begin(self._report())]

    async def close(self) -> None:
        """Finish what runs, as far as that does not take too long, and say goodbye."""
        self._epoch = ""
        limit = self._service.settings.shutdown_limit
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle(), limit * ENDING)
        for doing in self._doing.values():
            doing.progress.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle(), limit * STOPPING)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await ignore_unreachable(self._send(f"leaving:{uuid.uuid4().hex}", Leaving(self._name)))
        await self._exchange.close()

    async def _idle(self) -> None:
        """Wait until nothing is being done."""
        while self._doing:  # noqa: ASYNC110 - rare, at the end
            await asyncio.sleep(REPORTING)

    # -- requests ---------------------------------------------------------------------

    async def _take(self, sealed: bytes) -> None:
        asked = self._seal.open(self._name, sealed)
        if not isinstance(asked, WorkRequest):
            log.warning("A message in the queue of %s is not of the gateway: it is dropped", self._name)
            return
        if (answer := self._answers.get(asked.ticket)) is not None:
            await self._answer(asked, answer)
        elif asked.ticket in self._taken and asked.ticket not in self._doing:
            await self._answer(asked, WorkResult(ticket=asked.ticket, refusal=Refusal.of(_refuse_lost_answer(asked))))
        elif asked.ticket in self._doing:
            log.info("%s is being done already", asked.ticket)
        elif await self._may_start(asked):
            await self._do(asked)
        elif asked.epoch in self._epochs:
            refusal = Problem(
                NOT_STARTED,
                f"Worker {self._name} had no connection to the gateway and did not start this operation.",
                kind=Kind.UNAVAILABLE,
            )
            self._remember(answer := WorkResult(ticket=asked.ticket, refusal=Refusal.of(refusal)))
            await self._answer(asked, answer)

    async def _may_start(self, asked: WorkRequest) -> bool:
        """Return whether a request is for this epoch, and the gateway has not given this worker up; may wait."""
        if time.monotonic() > self._may_start_until:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._lease):
                    await self._granted.wait()
        fits = asked.epoch == self._epoch and time.monotonic() < self._may_start_until
        if not fits:
            log.warning("%s was asked of another epoch of this worker: it is not done", asked.ticket)
        return fits

    async def _do(self, asked: WorkRequest) -> None:
        _remember(self._taken, asked.ticket, REMEMBERED_TICKETS)
        progress = Progress()
        shown = Running(asked.ticket, asked.operation, asked.caller.name, asked.job, now())
        self._doing[asked.ticket] = Doing(shown, progress)
        if asked.ticket in self._stopped:
            progress.cancel()
        try:
            self._remember(answer := await self._perform(asked, progress))
            await self._answer(asked, answer)
        finally:
            self._doing.pop(asked.ticket, None)

    def _remember(self, answer: WorkResult) -> None:
        """Keep an answer for who asks again."""
        self._answers[answer.ticket] = answer
        while len(self._answers) > REMEMBERED or sum(map(_size, self._answers.values())) > LARGEST:
            self._answers.popitem(last=False)

    async def _perform(self, asked: WorkRequest, progress: Progress) -> WorkResult:
        """Run an operation and return its outcome."""
        try:
            progress.check()
            op = self._operation(asked)
            answer = await self._outcome(op, asked, progress)
        except Cancelled:
            answer = WorkResult(ticket=asked.ticket)
        except Problem as problem:
            answer = WorkResult(ticket=asked.ticket, refusal=Refusal.of(problem))
        if asked.operation in MOVING:
            answer = msgspec.structs.replace(answer, state=await self._state())
        return answer

    def _operation(self, asked: WorkRequest) -> Operation:
        """Return the operation that is asked for.

        Raises:
            Problem: This version has none of that name, or it is not for workers, or too much for its caller.
        """
        op = self._service.catalogue.named(asked.operation)
        if op is None or op.site is not Site.WORKER:
            msg = f"Worker {self._name} has version {VERSION} of the service, which does not have the operation {asked.operation}."
            raise Problem("worker.version", msg, kind=Kind.UNSUPPORTED)
        if asked.caller.right < op.right:
            raise Problem("auth.right", f"This operation needs the right '{op.right.word}'.", kind=Kind.FORBIDDEN)
        return op

    async def _outcome(self, op: Operation, asked: WorkRequest, progress: Progress) -> WorkResult:
        runner, selection = self._service.part(Runner), _selection(op, asked)
        try:
            request = msgspec.json.decode(asked.arguments, type=op.request)
        except msgspec.ValidationError as error:
            msg = f"Worker {self._name} has version {VERSION} of the service, which expects another request: {error}."
            raise Problem("worker.version", msg, kind=Kind.UNSUPPORTED) from None
        context = Context(
            self._service, asked.caller, progress, asked.process or None, selection, asked.trial, asked.job
        )
        if asked.trial:
            return WorkResult(ticket=asked.ticket, data=await runner.execution.preview(op, request, context))
        condition = runner.condition(op, request, asked.if_match)
        data = await runner.execution.run(op, request, context, asked.rank, condition)
        return WorkResult(
            ticket=asked.ticket,
            data=data,
            after=condition.after if condition else "",
            total=selection.total if selection else 0,
        )

    async def _answer(self, asked: WorkRequest, answer: WorkResult) -> None:
        """Send an answer, however long the queue server is away."""
        try:
            sealed = self._seal.close(GATEWAY, answer)
        except Problem as problem:  # too large
            sealed = self._seal.close(GATEWAY, WorkResult(ticket=asked.ticket, refusal=Refusal.of(problem)))
        while True:
            try:
                await self._exchange.send(GATEWAY, f"answer:{asked.ticket}", sealed)
            except Problem:
                await asyncio.sleep(REPORTING)
            else:
                return

    # -- control ----------------------------------------------------------------------

    async def _control(self, sealed: bytes) -> None:
        match self._seal.open(control(self._name), sealed):
            case LeaseGrant(epoch=self._epoch, beat=beat, seconds=seconds) if beat in self._sent_at:
                self._may_start_until = max(self._may_start_until, self._sent_at[beat] + seconds)
                self._given_up_at = self._may_start_until
                self._granted.set()
            case StopRequest(ticket=ticket):
                self._stop(ticket)
            case None:
                log.warning("A message in the control queue of %s is not of the gateway: it is dropped", self._name)
            case other:
                log.info("%s is of an earlier epoch", format_for_log(other))

    def _stop(self, ticket: str) -> None:
        if (doing := self._doing.get(ticket)) is not None:
            doing.progress.cancel()
            return
        _remember(self._stopped, ticket, REMEMBERED_TICKETS)

    # -- signs of life ----------------------------------------------------------------

    async def _live(self) -> None:
        """Send signs of life; begin a new epoch once the gateway may have given this one up."""
        while True:
            if time.monotonic() > self._given_up_at:
                log.warning("Worker %s has lost its gateway: it does not start the requests that it has", self._name)
                self._epoch, self._given_up_at = uuid.uuid4().hex, time.monotonic() + self._lease
                self._epochs.add(self._epoch)
                self._granted.clear()
            state = await self._state()
            self._sent_at[state.beat] = time.monotonic()
            while len(self._sent_at) > REMEMBERED:
                self._sent_at.popitem(last=False)
            await ignore_unreachable(self._send(f"state:{self._name}", state))
            await asyncio.sleep(self._lease / BEATS)

    async def _state(self) -> State:
        self._beat += 1
        beat = self._beat
        with suppress(Problem):  # as it was reported last
            self._portals = await asyncio.to_thread(self._service.portals.instances)
        return State(
            worker=self._name,
            epoch=self._epoch,
            born=self._born,
            beat=beat,
            machine=platform.node(),
            version=self._service.portals.model.version,
            service=VERSION,
            portals=self._portals,
            running=[doing.shown for doing in self._doing.values()],
            load=_load(),
        )

    async def _report(self) -> None:
        """Report how far operations are, as far as it has changed since the last time."""
        while True:
            await asyncio.sleep(REPORTING)
            for ticket, doing in list(self._doing.items()):
                percent, message = doing.progress.percent, doing.progress.message
                if (percent, message) != doing.reported:
                    doing.reported = percent, message
                    await ignore_unreachable(self._send(f"report:{ticket}", ProgressReport(ticket, percent, message)))

    async def _send(self, key: str, message: ToGateway) -> None:
        await self._exchange.send(GATEWAY, key, self._seal.close(GATEWAY, message))


def _remember(names: OrderedDict[str, None], name: str, most: int) -> None:
    """Add a name, and discard the oldest."""
    names[name] = None
    while len(names) > most:
        names.popitem(last=False)


def _size(answer: WorkResult) -> int:
    return len(answer.data or b"")


def _refuse_lost_answer(asked: WorkRequest) -> Problem:
    msg = f"{asked.operation} was done, but its answer was lost: check its effect."
    return Problem("worker.answer_lost", msg, kind=Kind.FAILED)


def _selection(op: Operation, asked: WorkRequest) -> Selection | None:
    found = items_of(op.answer, op.items) if asked.selection else None
    return select(found[0], found[1], asked.selection) if found else None


def _load() -> float:
    """Load average of a minute for each core; negative on systems that have none."""
    average = getattr(os, "getloadavg", partial(tuple, (-1.0,)))
    return round(float(average()[0]) / (os.cpu_count() or 1), 2)
