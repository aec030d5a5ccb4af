"""Answers over HTTP: of an operation that has ended, of a job that was begun, of a problem."""

from __future__ import annotations

import asyncio
from functools import partial

from litestar import MediaType, Response
from litestar.response.base import ASGIResponse

from engineering_api.operations import wire
from engineering_api.operations.declaration import Operation, answers_secret
from engineering_api.operations.resources import Condition, tag_of, tags_in
from engineering_api.operations.terms import Route
from engineering_api.web.bind import LARGE
from engineering_api.web.forms.versions import JobRef, Version, Version2, unfinished
from engineering_api.web.options import Options
from engineering_api.web.statuses import problem_headers, status_of
from openness_bridge.errors import Problem


def json_response(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """Return an answer whose body is JSON already."""
    return Response(content, status_code=status, media_type=MediaType.JSON, headers=headers or {})


def problem_response(problem: Problem, version: Version) -> Response[bytes]:
    """Return the answer to a problem."""
    return Response(
        version.failure(problem),
        status_code=status_of(problem),
        media_type=version.failure_media,
        headers=problem_headers(problem),
    )


async def done(
    op: Operation, offered: Route, data: bytes, asked: Options, condition: Condition | None, headers: dict[str, str]
) -> ASGIResponse:
    """Return the answer of an operation that has ended, with its tag and, for a part of a list, what is around it."""
    if offered.method == "GET" and not op.changes:
        tag = tag_of(data) if len(data) < LARGE else await asyncio.to_thread(tag_of, data)
        headers |= {"ETag": tag}
        if asked.if_none_match and {tag, "*"} & set(tags_in(asked.if_none_match)):
            return ASGIResponse(body=b"", status_code=304, headers=headers)
    if answers_secret(op):
        headers |= {"Cache-Control": "no-store"}
    if condition is not None and condition.after:
        headers |= {"ETag": condition.after}
    if asked.selection is not None:
        headers |= {"X-Total-Count": str(asked.selection.total), "X-Page-Count": str(asked.selection.pages)}
    wrapped = partial(_wrap, op, data, asked.version)
    return answered(wrapped() if len(data) < LARGE else await asyncio.to_thread(wrapped), headers=headers)


def _wrap(op: Operation, data: bytes, version: Version) -> bytes:
    return version.success(data, wire.sentence(op.done, data))


def answered(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> ASGIResponse:
    """Return an answer that needs nothing of Litestar's any more: it is on the way of every request."""
    return ASGIResponse(body=body, status_code=status, media_type=MediaType.JSON, headers=headers)


def accepted(job_id: str, version: Version, headers: dict[str, str], why: str = "") -> ASGIResponse:
    """Answer with the job that runs the operation."""
    message = f"The service accepted the job: poll it until it has ended. {why}".rstrip()
    body = version.success(wire.encode(JobRef(job_id)), message, 202)
    return answered(body, 202, headers | {"Location": version.path(f"/jobs/{job_id}")})


def continued(job_id: str, version: Version2, headers: dict[str, str], why: str) -> ASGIResponse:
    """Answer to a client that expects the result itself: it did not come in time, and a job continues the operation."""
    problem = unfinished(job_id, why)
    location = {"Location": version.path(f"/jobs/{job_id}")}
    return ASGIResponse(
        body=version.failure(problem, job_id),
        status_code=status_of(problem),
        media_type=version.failure_media,
        headers=headers | location,
    )
