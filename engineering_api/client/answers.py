"""What the server answered: data of a known type, or the Problem that it raised, as it was raised there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from engineering_api.operations.jobs import CANCELLED, COMPLETED, JobRecord
from engineering_api.operations.wire import Fault, problem_of
from engineering_api.web.statuses import kind_of
from openness_bridge.errors import Kind, Problem

T = TypeVar("T")
UNTYPED: Any = Any
"""The type of a result that is left as plain Python values."""


class Envelope(msgspec.Struct):
    """The part of an answer that is read; its second copy below `response` is passed over."""

    success: bool
    message: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")
    error: Fault | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with all that came with it.

    Attributes:
        data: The result, as plain Python values.
        message: What the server says of it.
        etag: The entity tag of the object as it was read; empty where there is none.
        total: How many entries a list has on all its pages; None where no page was asked for.
        headers: All headers, names in lower case.
    """

    data: Any
    message: str
    status: int
    etag: str = ""
    total: int | None = None
    headers: Mapping[str, str] = {}


def open_envelope(response: httpx.Response) -> Envelope:
    """Return the envelope of a success.

    Raises:
        Problem: The server refused, or it is not this service that answers.
    """
    try:
        envelope = msgspec.json.decode(response.content, type=Envelope)
    except msgspec.MsgspecError:
        msg = (
            f"{response.request.url} answered with status {response.status_code} and without an answer of this service."
        )
        raise Problem("client.foreign_answer", msg, kind=kind_of(response.status_code)) from None
    if envelope.success:
        return envelope
    raise problem_of(envelope.error or Fault("request.refused", envelope.message), kind_of(response.status_code))


def answer(response: httpx.Response) -> Answer:
    """Return the whole answer, untyped.

    Raises:
        Problem: As opened.
    """
    envelope = open_envelope(response)
    headers = {name.lower(): value for name, value in response.headers.items()}
    total = headers.get("x-total-count")
    return Answer(
        data=msgspec.json.decode(envelope.data),
        message=envelope.message,
        status=response.status_code,
        etag=headers.get("etag", ""),
        total=None if total is None else int(total),
        headers=headers,
    )


def decode(data: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Return data as the type that the operation declares.

    Raises:
        Problem: It is another: server and client are of different versions.
    """
    return _require_readable(lambda: msgspec.json.decode(data, type=kind))


def result(job: JobRecord, kind: type[T]) -> T:
    """Return the result of a job that has ended, as the type that the operation declares.

    Raises:
        Problem: It failed, with the code, place and details of what failed; or it was cancelled.
    """
    if job.status == COMPLETED:
        return _require_readable(lambda: msgspec.convert(job.result, kind))
    if job.status == CANCELLED:
        raise Problem("job.cancelled", f"The job {job.job_id} ({job.operation}) was cancelled.", kind=Kind.CONFLICT)
    raise problem_of(job.problem or Fault("job.failed", job.error or job.message), Kind.REFUSED)


def _require_readable(decode: Callable[[], T]) -> T:
    try:
        return decode()
    except msgspec.MsgspecError as error:
        msg = f"This version of the client cannot read the answer ({error}): use client.call(...) for plain data."
        raise Problem("client.other_version", msg, kind=Kind.BAD_ANSWER) from None
