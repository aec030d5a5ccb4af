"""The two versions of the API: what an answer in JSON holds in addition to the data.

Version 1, below `/api`, is T-IA Connect's: an envelope around the data, with its fields twice. Version 2, below `/api/v2`, has the same
paths and fields, and answers the data alone, with problem details (RFC 9457) for what went wrong. Decision:
docs/decisions/0009-version-2.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from engineering_api.operations import wire
from engineering_api.operations.wire import Fault
from engineering_api.web import envelope
from engineering_api.web.statuses import title_of
from openness_bridge.errors import Detail, Kind, Place, Problem

PREFIX_1, PREFIX_2 = "/api", "/api/v2"
JSON, PROBLEM = "application/json", "application/problem+json"
HEADER = b"x-tia-envelope"
"""The header of clients that read one copy of the fields; its value is `single`."""
PROBLEM_TYPE = "urn:problem-type:simatic-engineering-api:"
"""What the type of a problem begins with; its code comes after it."""
_PLAIN = "tia.plain"


class JobRef(msgspec.Struct, rename="camel"):
    """The job that runs an operation.

    Attributes:
        job_id: GET /api/jobs/{jobId} has its state, and its result at the end.
    """

    job_id: str


class ProblemDetails(msgspec.Struct, rename="camel", omit_defaults=True):
    """What went wrong, as RFC 9457 has it.

    Attributes:
        type: A name for the code that is unique in the world.
        title: What the status means.
        detail: What is wrong and what to do.
        code: Stable; clients may branch on it.
        candidates: Values that are possible instead, the likeliest first.
        sent: The value that the request had.
        details: The single causes, none left out.
        limit: The largest accepted value, where a value is too large or too deep.
        value: The value that was found.
        job_id: The job that continues the operation, where the request did not end in time.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    place: Place | None = None
    candidates: list[str] = []
    sent: Any = None
    details: list[Detail] = []
    limit: int | None = None
    value: int | None = None
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class Version1:
    """Answers with the envelope.

    Attributes:
        doubled: Whether its fields come again below `response`, as the vendor's clients read them.
    """

    doubled: bool = True
    failure_media = JSON

    def path(self, below: str) -> str:
        """Return the path of what is below the API's root."""
        return PREFIX_1 + below

    def success(self, data: bytes, message: str, status: int = 200) -> bytes:
        """Return the body of a success with its encoded data."""
        return envelope.success(data, message, status, doubled=self.doubled)

    def failure(self, problem: Problem) -> bytes:
        """Return the body that says what went wrong."""
        return envelope.failure(problem, doubled=self.doubled)


@dataclass(frozen=True, slots=True)
class Version2:
    """Answers with the data alone."""

    failure_media = PROBLEM

    def path(self, below: str) -> str:
        """Return the path of what is below the API's root."""
        return PREFIX_2 + below

    def success(self, data: bytes, message: str, status: int = 200) -> bytes:  # noqa: ARG002 - the status line says it
        """Return the body of a success: its encoded data."""
        return data

    def failure(self, problem: Problem, job_id: str | None = None) -> bytes:
        """Return the body that says what went wrong.

        Args:
            problem: It.
            job_id: The job that continues the operation.
        """
        return wire.encode(_details(wire.fault(problem), problem, job_id))


Version = Version1 | Version2
VERSION_1, SINGLE, VERSION_2 = Version1(), Version1(doubled=False), Version2()


def route_version(scope: Any) -> None:
    """Take the version out of the path of a request, which then is routed as one of version 1."""
    path = scope.get("path", "")
    if path.startswith(f"{PREFIX_2}/"):
        scope["path"] = PREFIX_1 + path.removeprefix(PREFIX_2)
        scope[_PLAIN] = True


def version_of(scope: Any) -> Version:
    """Return the version that a request was sent to, with the envelope that its client reads."""
    if scope.get(_PLAIN):
        return VERSION_2
    return SINGLE if (HEADER, b"single") in scope["headers"] else VERSION_1


def _details(fault: Fault, problem: Problem, job_id: str | None) -> ProblemDetails:
    status, title = title_of(problem)
    return ProblemDetails(
        type=f"{PROBLEM_TYPE}{fault.code}",
        title=title,
        status=status,
        detail=fault.message,
        code=fault.code,
        place=fault.place,
        candidates=fault.candidates,
        sent=fault.sent,
        details=fault.details,
        limit=fault.limit,
        value=fault.value,
        job_id=job_id,
    )


def unfinished(job_id: str, why: str) -> Problem:
    """Return the problem of a request of version 2 that did not end in time: a job continues it."""
    msg = f"The operation has not ended in time: the job {job_id} continues it. {why}".rstrip()
    return Problem("job.continues", msg, kind=Kind.TIMED_OUT)
