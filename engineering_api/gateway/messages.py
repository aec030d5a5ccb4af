"""The messages between a gateway and its workers.

A request carries a ticket, `<job>.<fence>`: an answer counts only while its ticket is the one that is waited for. It also
carries the worker's epoch: a worker starts a new epoch when its process starts and when it was out of touch for longer
than its lease, and starts nothing that was asked of an earlier one. So abandoned work never runs later. A worker knows
what its process has not started, and reports it: any such work can be asked for again.
"""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.operations.caller import Caller
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.portal.portal import Instance

GATEWAY = "gateway"
"""The gateway's address. A worker's is its name; what may not wait behind operations goes to `<name>/control`."""


NOT_STARTED = "worker.not_started"
"""The code with which a worker refuses a request to an earlier epoch of its process."""


class Refusal(msgspec.Struct, array_like=True, frozen=True):
    """A problem, with nothing left out."""

    code: str
    message: str
    kind: Kind
    place: Place | None
    details: list[Detail]

    @classmethod
    def of(cls, problem: Problem) -> Refusal:
        """Take a problem apart."""
        return cls(problem.code, problem.message, problem.kind, problem.place, problem.details)

    def problem(self) -> Problem:
        """Return the problem again."""
        return Problem(self.code, self.message, kind=self.kind, place=self.place, details=self.details)


class WorkRequest(msgspec.Struct, tag="asked", frozen=True, kw_only=True):
    """An operation for a worker to do.

    Attributes:
        arguments: The request as JSON.
        process: The portal's process id; 0 for the worker's current one.
        selection: The parameters that chose entries of a list, by their names.
        if_match: What must still be there; empty for anything.
        trial: Whether it is only tried.
        rank: apartment.WAITED_FOR or apartment.QUEUED.
    """

    ticket: str
    epoch: str
    operation: str
    arguments: bytes
    caller: Caller
    job: str
    process: int = 0
    selection: dict[str, str] = {}
    if_match: str = ""
    trial: bool = False
    rank: int = 0


class WorkResult(msgspec.Struct, tag="answered", frozen=True, kw_only=True):
    """The result of a request: data, a refusal, or, where neither is given, that it was stopped.

    Attributes:
        after: The entity tag of the changed object, where the request had a condition.
        total: How many entries met a selection's conditions.
        state: The worker's portals afterwards, where the operation may have changed which there are.
    """

    ticket: str
    data: bytes | None = None
    refusal: Refusal | None = None
    after: str = ""
    total: int = 0
    state: State | None = None


class ProgressReport(msgspec.Struct, tag="reported", frozen=True):
    """How far a request is."""

    ticket: str
    percent: int
    message: str


class Running(msgspec.Struct, frozen=True, rename="camel"):
    """An operation that a worker does now.

    Attributes:
        ticket: Of the request.
        since: When the worker received it, ISO 8601.
    """

    ticket: str
    operation: str
    caller: str
    job: str
    since: str


class State(msgspec.Struct, tag="state", frozen=True, kw_only=True):
    """A worker's sign of life: who it is and what it has.

    Attributes:
        born: When the worker's process began, POSIX time: a later process counts for more.
        beat: Counts up within a process; the gateway's grant repeats it.
        machine: The computer's name: files of one machine are other files than those of another.
        load: Load average of a minute for each core; negative where the system has none.
    """

    worker: str
    epoch: str
    born: float
    beat: int
    machine: str
    version: str
    service: str
    portals: list[Instance]
    running: list[Running]
    load: float = -1.0


class Leaving(msgspec.Struct, tag="leaving", frozen=True):
    """A worker that ends in order: it has answered everything."""

    worker: str


class LeaseGrant(msgspec.Struct, tag="granted", frozen=True):
    """The worker may start operations for so many seconds from when it sent that beat."""

    epoch: str
    beat: int
    seconds: float


class StopRequest(msgspec.Struct, tag="stopped", frozen=True):
    """The caller wants an operation to stop at its next step."""

    ticket: str


class Letter(msgspec.Struct, array_like=True, frozen=True):
    """A message with its address, so that it cannot be passed on to another address."""

    to: str
    message: ToGateway | ToWorker


ToGateway = WorkResult | ProgressReport | State | Leaving
ToWorker = WorkRequest | LeaseGrant | StopRequest
Message = ToGateway | ToWorker

encode = msgspec.msgpack.Encoder(enc_hook=str).encode
decode = msgspec.msgpack.Decoder(Letter).decode


def control(worker: str) -> str:
    """Return the address for what may not wait behind operations."""
    return f"{worker}/control"


def ticket(job: str, fence: int) -> str:
    """Return the name of one attempt at a job."""
    return f"{job}.{fence}"


def format_for_log(message: Any) -> str:
    """Return a message for the log: never what is in it."""
    return f"{type(message).__name__} {getattr(message, 'ticket', '')}".strip()
