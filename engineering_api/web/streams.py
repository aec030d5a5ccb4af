"""Streams of server-sent events: what happens, how a job goes on, and values of tags."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import unquote

from litestar import get
from litestar.connection import Request as HttpRequest
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent, ServerSentEventMessage

from engineering_api.features.online import live_values
from engineering_api.gateway.model import require_here
from engineering_api.operations.context import Caller, Context, Progress, Service
from engineering_api.operations.declaration import Right
from engineering_api.security import Gate
from engineering_api.storage.jobs import JobRecord
from engineering_api.web import envelope, value_stream
from engineering_api.web.http import identified, instance_of
from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim import tags as plcsim_tags

Call = HttpRequest[Any, Any, Any]


def handlers(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    """The handlers of the streams."""

    @get("/api/events")
    async def all_events(request: Call) -> ServerSentEvent:
        """Everything that happens, as server-sent events."""
        caller = await identified(request, gate, Right.VIEW)
        return ServerSentEvent(_events(service, caller, _last_seen(request)))

    @get("/api/jobs/{job_id:str}/events")
    async def job_events(request: Call) -> ServerSentEvent:
        """The progress of one job, as server-sent events, until it ends."""
        caller = await identified(request, gate, Right.VIEW)
        job_id = unquote(request.path_params["job_id"])
        await service.scopes.require_own(caller, job_id)
        await service.runner.job(job_id)
        return ServerSentEvent(_while_good(service, caller, _job_events(service, job_id)))

    @get("/api/simulation/stream")
    async def simulated_values(request: Call) -> ServerSentEvent:
        """Values of tags of a simulated PLC, as server-sent events: `tag` (repeated), `instance`, `period`, `changeOnly`."""
        caller = await identified(request, gate, Right.VIEW)
        require_here(service.gateway)
        service.scopes.require_unlimited(caller)
        given = request.query_params
        tags = [*given.getall("tag", []), *given.getall("tags", [])]
        if not tags:
            raise Problem("request.missing_field", "Name the tags: ?tag=bStart&tag=Motor.speed.", kind=Kind.INVALID)
        period = value_stream.period_of(given.get("period"))
        change_only = given.get("changeOnly", "").casefold() in {"true", "1"}
        read = await asyncio.to_thread(plcsim_tags.reader, service.simulation, given.get("instance"), tags)
        values = value_stream.values(read, period, change_only=change_only)
        return ServerSentEvent(_while_good(service, caller, values))

    @get("/api/devices/{device_name:str}/online/values/stream")
    async def online_values(request: Call) -> ServerSentEvent:
        """Values of tags of a PLC, as server-sent events: `tag` (repeated), `period`, `changeOnly`."""
        read = await _reader(request, service, gate, live_values.tags)
        return ServerSentEvent(_values(request, read))

    @get("/api/devices/{device_name:str}/watch-tables/{table_name:str}/values/stream")
    async def watched_values(request: Call) -> ServerSentEvent:
        """Values of the rows of a watch table, as server-sent events: `period`, `changeOnly`."""
        read = await _reader(request, service, gate, live_values.rows)
        return ServerSentEvent(_values(request, read))

    return [all_events, job_events, simulated_values, online_values, watched_values]


async def _reader(request: Call, service: Service, gate: Gate, make: live_values.Make) -> live_values.Read:
    """What reads the values of a stream again and again."""
    headers = dict(request.scope["headers"])
    caller = await identified(request, gate, Right.VIEW)
    require_here(service.gateway)
    path = {name: unquote(value) for name, value in request.path_params.items()}
    given = request.query_params
    tags = [*given.getall("tag", []), *given.getall("tags", [])]
    context = Context(service, caller, Progress(), instance_of(headers))
    await asyncio.to_thread(service.scopes.require_open, context)
    read = await asyncio.to_thread(make, context, path, tags)

    def within_scope() -> Mapping[str, Any]:
        service.identities.require_good(caller)
        service.scopes.require_open(context)
        return read()

    return within_scope


def _values(request: Call, read: live_values.Read) -> AsyncIterator[ServerSentEventMessage]:
    given = request.query_params
    change_only = given.get("changeOnly", "").casefold() in {"true", "1"}
    return value_stream.values(read, value_stream.period_of(given.get("period")), change_only=change_only)


def _last_seen(request: Call) -> int | None:
    text = request.headers.get("last-event-id", "")
    return int(text) if text.isdecimal() else None


async def _events(service: Service, caller: Caller, after: int | None) -> AsyncIterator[ServerSentEventMessage]:
    with service.hub.subscribe(after=after) as events:
        async for event in events:
            if not service.identities.holds(caller):
                return
            if not await service.scopes.sees(caller, event):
                continue
            yield ServerSentEventMessage(data=envelope.encode(event).decode(), event=event.kind, id=event.number)


async def _while_good(
    service: Service, caller: Caller, stream: AsyncGenerator[ServerSentEventMessage]
) -> AsyncIterator[ServerSentEventMessage]:
    """A stream until what identified its caller is good no more: a key that was revoked, a login that ended."""
    async with aclosing(stream):
        async for message in stream:
            if not service.identities.holds(caller):
                return
            yield message


async def _job_events(service: Service, job_id: str) -> AsyncGenerator[ServerSentEventMessage]:
    """First the state as it is, then each change, and the end."""
    with service.hub.subscribe(job_id) as changes:
        record = await service.runner.job(job_id)
        yield _job_message(record)
        while not record.completed_at and await anext(changes, None) is not None:
            record = await service.runner.job(job_id)
            yield _job_message(record)


def _job_message(record: JobRecord) -> ServerSentEventMessage:
    return ServerSentEventMessage(data=envelope.encode(record).decode(), event="job.status")
