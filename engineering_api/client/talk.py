"""The conversation with a server, without its transport: both clients have the same one.

Each function yields what is to be done next, a request to send or seconds to pause, and gets the response. When it cannot
be sent, httpx's exception is thrown in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import count
from typing import Any, TypeVar

import httpx
import msgspec

from engineering_api.client import answers
from engineering_api.client.access import Access
from engineering_api.client.call import Call
from engineering_api.client.options import Options
from engineering_api.operations.jobs import ENDED, JobRecord
from openness_bridge.errors import Kind, Problem

T = TypeVar("T")
Step = httpx.Request | float
Talk = Generator[Step, Any, T]
Reply = tuple[Callable[[Any], Step], httpx.Response | httpx.TransportError | None]
"""How a conversation continues: what is called, with what."""
ACCEPTED = 202
CONNECT = 5.0
"""Seconds within which a server takes a connection."""
COME_AGAIN = {429, 503}
"""Statuses of a refusal that did nothing; with Retry-After the call is repeated."""
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds between two reads of a job; each pause is half as long again as the one before."""
LONGEST_RETRY = 120.0
"""Seconds that a refusal may ask to wait; one that asks for more is raised."""


class JobRef(msgspec.Struct, rename="camel"):
    """The answer of what starts a job."""

    job_id: str


def exchange(call: Call, access: Access, options: Options) -> Talk[httpx.Response]:
    """Send a call, again where that is safe. Returns a response of success.

    Raises:
        Problem: The server refused, or cannot be reached.
    """
    for attempt in count(1):
        last = attempt > options.retries
        try:
            response: httpx.Response = yield _request(call, access, options)
        except httpx.TransportError as error:
            if last or not (call.safe or isinstance(error, httpx.ConnectError)):
                raise unreachable(access.url, error) from None
            yield _pause(attempt)
            continue
        again = _read_retry_delay(response)
        if again is None or last:
            _require_success(response, access)
            return response
        yield again
    raise AssertionError


def fetch(call: Call, access: Access, options: Options, kind: type[T]) -> Talk[T]:
    """Send a call and wait for its result, through the job where the server answers with one.

    Raises:
        Problem: It was refused, or failed.
    """
    response = yield from exchange(call, access, options)
    envelope = answers.open_envelope(response)
    if response.status_code != ACCEPTED:
        return answers.decode(envelope.data, kind)
    job = yield from follow(answers.decode(envelope.data, JobRef).job_id, access, options)
    return answers.result(job, kind)


def begin(call: Call, access: Access, options: Options) -> Talk[str]:
    """Send a call that starts a job. Returns the job's id.

    Raises:
        Problem: It was refused.
    """
    response = yield from exchange(call, access, options)
    return answers.decode(answers.open_envelope(response).data, JobRef).job_id


def read_job(job_id: str, access: Access, options: Options) -> Talk[JobRecord]:
    """Return the state of a job.

    Raises:
        Problem: The id is unknown.
    """
    return (yield from _record("GET", f"/api/jobs/{job_id}", access, options))


def cancel(job_id: str, access: Access, options: Options) -> Talk[JobRecord]:
    """Ask a job to stop. Returns its state.

    Raises:
        Problem: The id is unknown, or the job has ended.
    """
    return (yield from _record("DELETE", f"/api/jobs/{job_id}", access, options))


def follow(job_id: str, access: Access, options: Options) -> Talk[JobRecord]:
    """Wait for the end of a job; report each new state to `options.progress`. Returns its last state."""
    told, pause = None, FIRST_PAUSE
    while True:
        job = yield from read_job(job_id, access, options)
        if options.progress is not None and (job.status, job.progress, job.message) != told:
            told = (job.status, job.progress, job.message)
            options.progress(job)
        if job.status in ENDED:
            return job
        yield pause
        pause = min(pause * 1.5, LONGEST_PAUSE)


def build_stream_request(call: Call, access: Access, options: Options) -> httpx.Request:
    """Return the request of a stream, which is read as long as it lasts; after its headers the rule of beats limits its silence."""
    request = _request(call, access, options)
    request.extensions["timeout"] = httpx.Timeout(None, connect=CONNECT).as_dict()
    return request


def _record(method: str, path: str, access: Access, options: Options) -> Talk[JobRecord]:
    plain = Options(timeout=options.timeout, retries=options.retries)
    response = yield from exchange(Call(method, path), access, plain)
    return answers.decode(answers.open_envelope(response).data, JobRecord)


def _require_success(response: httpx.Response, access: Access) -> None:
    """Raise what the server refused; where it wants a key, with the reason why there is none.

    Raises:
        Problem: The server refused.
    """
    try:
        answers.open_envelope(response)
    except Problem as problem:
        if problem.code == "auth.required" and not access.key:
            raise Problem(problem.code, access.missing_key(), kind=problem.kind) from None
        raise


def _request(call: Call, access: Access, options: Options) -> httpx.Request:
    json = {"Content-Type": "application/json"} if call.body else {}
    timeout = httpx.Timeout(options.timeout, connect=min(CONNECT, options.timeout)).as_dict()
    return httpx.Request(
        call.method,
        access.url + call.path,
        params=call.query or None,
        content=call.body,
        headers=_headers(access) | json | call.headers,
        extensions={"timeout": timeout},
    )


def _headers(access: Access) -> dict[str, str]:
    key = access.find_key()
    said = {"X-Client-Id": "simatic-engineering-api", "X-TIA-Envelope": "single"}
    return said | ({"X-API-Key": key} if key else {})


def _read_retry_delay(response: httpx.Response) -> float | None:
    """Return the seconds of Retry-After in a refusal; None without one to wait for."""
    after = response.headers.get("Retry-After", "")
    if response.status_code not in COME_AGAIN or not after.isdecimal() or float(after) > LONGEST_RETRY:
        return None
    return float(after)


def _pause(attempt: int) -> float:
    return float(0.1 * 2**attempt)


def unreachable(url: str, error: httpx.TransportError) -> Problem:
    """Return what is raised when nothing was answered."""
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return Problem(
            "client.timeout",
            f"{url} did not answer in time: the server may still run the operation.",
            kind=Kind.TIMED_OUT,
        )
    msg = f"{url} does not answer ({error}): start the server with `tia serve`."
    return Problem("client.unreachable", msg, kind=Kind.UNAVAILABLE)
