"""Makes Litestar's handlers from the operation catalogue: parse, run, wrap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from litestar import HttpMethod, MediaType, Response, get, route
from litestar.connection import Request as HttpRequest
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent, ServerSentEventMessage

from engineering_api import binding, envelope
from engineering_api.context import Caller, Service
from engineering_api.operation import PARAMETER, Mode, Operation, Right, Route
from engineering_api.security import Gate
from engineering_api.storage.jobs import JobRecord
from openness_bridge.errors import Problem

Call = HttpRequest[Any, Any, Any]


def handlers(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    """One handler for each route of each operation, and the event streams."""
    made = [_handler(op, offered, service, gate) for op in service.catalogue for offered in op.routes]
    return [*made, *_streams(service, gate)]


def json_response(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """An answer whose body is JSON already."""
    return Response(content, status_code=status, media_type=MediaType.JSON, headers=headers or {})


def problem_response(problem: Problem) -> Response[bytes]:
    """The answer to a problem."""
    return json_response(envelope.failure(problem), problem.status)


def litestar_path(path: str) -> str:
    """The path with Litestar's parameter types."""
    return PARAMETER.sub(r"{\1:str}", path)


def _handler(op: Operation, offered: Route, service: Service, gate: Gate) -> HTTPRouteHandler:
    runner = service.runner

    async def handle(request: Call) -> Response[bytes]:
        caller = _caller(request, gate, op.right)
        path = {name: unquote(value) for name, value in request.path_params.items()}
        arguments = binding.bind(op.request, path, _query(request), await request.body())
        instance = _instance(request)
        if offered.mode is Mode.JOB:
            return _accepted(await runner.submit(op, arguments, caller, instance))
        answer = await runner.wait(op, arguments, caller, instance)
        return _accepted(answer) if isinstance(answer, str) else json_response(envelope.success(answer, op.done))

    handle.__name__ = op.name.replace(".", "_")
    return route(litestar_path(offered.path), http_method=HttpMethod(offered.method), status_code=200)(handle)


def _accepted(job_id: str) -> Response[bytes]:
    body = envelope.success(envelope.encode({"jobId": job_id}), "Accepted: follow the job to its end.", 202)
    return json_response(body, 202, {"Location": f"/api/jobs/{job_id}"})


def _caller(request: Call, gate: Gate, right: Right) -> Caller:
    if right is Right.PUBLIC:
        return Caller("anonymous", Right.PUBLIC, request.headers.get("x-client-id", ""))
    caller = gate.caller(request.headers.get("x-api-key"), request.headers.get("x-client-id", ""))
    gate.require(caller, right)
    return caller


def _query(request: Call) -> dict[str, str]:
    """The query's fields; of one that is repeated, the last."""
    return dict(request.query_params.multi_items())


def _instance(request: Call) -> int | None:
    text = request.headers.get("x-tia-instance")
    if text is None:
        return None
    if not text.isdecimal():
        raise Problem("request.instance", "X-TIA-Instance must be the process id of an attached portal.", status=400)
    return int(text)


def _streams(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    @get("/api/events")
    async def all_events(request: Call) -> ServerSentEvent:
        """Everything that happens, as server-sent events."""
        _caller(request, gate, Right.VIEW)
        return ServerSentEvent(_events(service, _last_seen(request)))

    @get("/api/jobs/{job_id:str}/events")
    async def job_events(request: Call) -> ServerSentEvent:
        """The progress of one job, as server-sent events, until it ends."""
        _caller(request, gate, Right.VIEW)
        job_id = unquote(request.path_params["job_id"])
        await service.runner.job(job_id)
        return ServerSentEvent(_job_events(service, job_id))

    return [all_events, job_events]


def _last_seen(request: Call) -> int | None:
    text = request.headers.get("last-event-id", "")
    return int(text) if text.isdecimal() else None


async def _events(service: Service, after: int | None) -> AsyncIterator[ServerSentEventMessage]:
    with service.hub.subscribe(after=after) as events:
        async for event in events:
            yield ServerSentEventMessage(data=envelope.encode(event).decode(), event=event.kind, id=event.number)


async def _job_events(service: Service, job_id: str) -> AsyncIterator[ServerSentEventMessage]:
    """First the state as it is, then each change, and the end."""
    with service.hub.subscribe(job_id) as changes:
        record = await service.runner.job(job_id)
        yield _job_message(record)
        while not record.completed_at and await anext(changes, None) is not None:
            record = await service.runner.job(job_id)
            yield _job_message(record)


def _job_message(record: JobRecord) -> ServerSentEventMessage:
    return ServerSentEventMessage(data=envelope.encode(record).decode(), event="job.status")
