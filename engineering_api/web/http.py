"""Makes Litestar's handlers from the operation catalogue: parse, run, wrap."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import unquote

import msgspec
from litestar import HttpMethod, Litestar, MediaType, Response
from litestar.connection import Request as HttpRequest
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.types.internal_types import PathParameterDefinition

from engineering_api.audit.refusals import Refusals
from engineering_api.operations.context import Caller, Progress, Service
from engineering_api.operations.declaration import (
    PARAMETER,
    Mode,
    Nothing,
    Operation,
    Place,
    Request,
    Right,
    Route,
    answers_secret,
)
from engineering_api.operations.resources import Condition, tag_of, tags_in
from engineering_api.operations.runner import Runner
from engineering_api.security import Gate
from engineering_api.security.gate import STANDING
from engineering_api.settings import Settings
from engineering_api.web import binding, envelope, options, url_secrets
from engineering_api.web.bodies import decoded
from engineering_api.web.options import Options
from engineering_api.web.rate_limit import TooMany
from engineering_api.web.statuses import status_of
from openness_bridge.errors import Kind, Problem

Call = HttpRequest[Any, Any, Any]
Headers = dict[bytes, bytes]
Offers = dict[tuple[str, str], tuple[Operation, Route]]
"""The operation and its route, by method and path."""
LARGE = 64 << 10
"""Bytes from which a body is read in a worker thread, so that it does not hold the event loop."""
OPTIONS = "OPTIONS"
"""A method of each path: Litestar would make a handler of its own for each, which is half of its start."""


class Told(msgspec.Struct):
    """An answer that tells in a sentence what was done."""

    message: str


class OperationHandler(HTTPRouteHandler):
    """Handles many paths. Litestar prepares a handler at each of its paths; once is enough."""

    _prepared = False
    _model: Any = None

    def on_registration(self, app: Litestar) -> None:
        """Prepare at the first path."""
        if not self._prepared:
            super().on_registration(app)
            self._prepared = True

    def create_kwargs_model(self, path_parameters: dict[str, PathParameterDefinition]) -> Any:
        """The same model for all paths: `handle` takes nothing but the request."""
        if self._model is None:
            self._model = super().create_kwargs_model(path_parameters)
        return self._model


def handlers(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    """The handlers of all operations.

    One handler has all paths with the same methods: Litestar's start grows with the square of the number of handlers.
    """
    offers = {(route.method, route.path): (op, route) for op in service.catalogue for route in op.routes}
    methods: dict[str, set[str]] = {}
    for method, path in offers:
        methods.setdefault(path, set()).add(method)
    alike: dict[frozenset[str], list[str]] = {}
    for path, which in methods.items():
        alike.setdefault(frozenset(which), []).append(path)
    return [_handler(offers, which, paths, service, gate) for which, paths in alike.items()]


def json_response(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """An answer whose body is JSON already."""
    return Response(content, status_code=status, media_type=MediaType.JSON, headers=headers or {})


def problem_response(problem: Problem) -> Response[bytes]:
    """The answer to a problem."""
    headers = problem.headers() if isinstance(problem, TooMany) else {}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.kind is Kind.UNIDENTIFIED:
        headers["WWW-Authenticate"] = "Bearer"
    return json_response(envelope.failure(problem), status_of(problem), headers)


def litestar_path(path: str) -> str:
    """The path with Litestar's parameter types."""
    return PARAMETER.sub(r"{\1:str}", path)


def _handler(
    offers: Offers, methods: frozenset[str], paths: list[str], service: Service, gate: Gate
) -> HTTPRouteHandler:
    runner, refusals = service.runner, service.refusals
    served = sorted({*methods, OPTIONS})

    async def handle(request: Call) -> ASGIResponse:
        if request.method == OPTIONS:
            return ASGIResponse(body=b"", status_code=204, headers={"Allow": ", ".join(served)})
        op, offered = offers[request.method, request.scope["path_template"]]
        headers = _headers(request)
        caller = await _admitted(request, gate, op, refusals)
        instance = runner.addressed(instance_of(headers), headers.get(b"x-tia-worker", b"").decode("latin-1"))
        path = {name: unquote(value) for name, value in request.path_params.items()}
        query = _query(request)
        url_secrets.require_none(query, op.request)
        body = b"" if offered.method == "GET" else await request.body()
        bind = partial(_bound, service.settings, op, path, query, body, headers)
        arguments, asked = bind() if len(body) < LARGE else await asyncio.to_thread(bind)
        if op.place is Place.LOOP:
            return await _respond(runner, op, offered, arguments, asked, caller, instance)
        name = headers.get(b"x-request-id", b"").decode("latin-1")
        with service.awaited.watched(op, caller.name, name, request.receive) as wanted:
            return await _respond(runner, op, offered, arguments, asked, caller, instance, wanted)

    return OperationHandler(
        [litestar_path(path) for path in paths], http_method=[*map(HttpMethod, served)], status_code=200
    )(handle)


def _bound(
    settings: Settings, op: Operation, path: dict[str, str], query: dict[str, str], body: bytes, headers: Headers
) -> tuple[Request, Options]:
    document = binding.document(path, query, decoded(body, settings))
    asked = options.take(op, document, headers)
    return binding.bind_document(op.request, document, strict=not (path or query)), asked


async def _respond(
    runner: Runner,
    op: Operation,
    offered: Route,
    arguments: Request,
    asked: Options,
    caller: Caller,
    instance: int | None,
    wanted: Progress | None = None,
) -> ASGIResponse:
    """Run an operation in the way that was asked for."""
    if asked.dry_run:
        return _answer(
            envelope.success(
                await runner.preview(op, arguments, caller, instance, within=wanted), "Dry run: nothing was changed"
            )
        )
    condition = runner.condition(op, arguments, asked.if_match)
    applied = {"Preference-Applied": asked.applied} if asked.applied else {}
    if asked.as_job(offered) and (offered.mode is Mode.JOB or options.can_be_a_job(arguments)):
        if not asked.wait:
            return _accepted(await runner.submit(op, arguments, caller, instance, condition), applied)
        job_id, answer = await runner.submit_and_wait(op, arguments, caller, instance, condition, asked.wait)
        applied |= {"Location": f"/api/jobs/{job_id}"}
        return (
            _accepted(job_id, applied)
            if answer is None
            else await _done(op, offered, answer, asked, condition, applied)
        )
    waited = await runner.wait(
        op,
        arguments,
        caller,
        instance,
        selection=asked.selection,
        condition=condition,
        limit=asked.wait or None,
        within=wanted,
    )
    if isinstance(waited, str):
        return _accepted(waited, applied, runner.why(waited, instance))
    return await _done(op, offered, waited, asked, condition, applied)


async def _done(
    op: Operation, offered: Route, data: bytes, asked: Options, condition: Condition | None, headers: dict[str, str]
) -> ASGIResponse:
    """The answer of an operation that has ended, with its tag and, for a part of a list, what is around it."""
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
    wrapped = partial(_wrapped, op, data)
    return _answer(wrapped() if len(data) < LARGE else await asyncio.to_thread(wrapped), headers=headers)


def _wrapped(op: Operation, data: bytes) -> bytes:
    return envelope.success(data, op.done or msgspec.json.decode(data, type=Told).message)


def _answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> ASGIResponse:
    """An answer that needs nothing of Litestar's any more: it is on the way of every request."""
    return ASGIResponse(body=body, status_code=status, media_type=MediaType.JSON, headers=headers)


def _accepted(job_id: str, headers: dict[str, str], why: str = "") -> ASGIResponse:
    message = f"Accepted: follow the job to its end. {why}".rstrip()
    body = envelope.success(envelope.encode({"jobId": job_id}), message, 202)
    return _answer(body, 202, headers | {"Location": f"/api/jobs/{job_id}"})


def _headers(request: Call) -> Headers:
    """The headers as they came, names in lower case."""
    return dict(request.scope["headers"])


async def _admitted(request: Call, gate: Gate, op: Operation, refusals: Refusals) -> Caller:
    """Who sends a request for an operation; a refused attempt to change something is noted.

    Raises:
        Problem: As identified.
    """
    try:
        return await identified(request, gate, op.right)
    except Problem as problem:
        if op.changes:
            who = await _known(request, gate) if problem.kind is Kind.FORBIDDEN else "anonymous"
            await refusals.note(op.name, problem.code, who, request.client.host if request.client else "")
        raise


async def _known(request: Call, gate: Gate) -> str:
    """The name of a caller who has too little right for something."""
    with suppress(Problem):
        return (await identified(request, gate, Right.VIEW)).name
    return "anonymous"


async def identified(request: Call, gate: Gate, right: Right) -> Caller:
    """Who sends a request, which must have a right.

    Raises:
        Problem: 401 without a key or with a wrong one, 403 with too little, 429 after too many requests; 400 with a key in
            the URL.
    """
    url_secrets.require_none(request.query_params, Nothing)
    client, server = request.scope.get("client"), request.scope.get("server")
    ends = ((client[0], client[1]), (server[0], server[1] or 0)) if client and server else None
    admitted = await gate.admit(_headers(request), client[0] if client else "", right, ends)
    request.scope[STANDING] = admitted.standing  # type: ignore[literal-required]
    return admitted.caller


def _query(request: Call) -> dict[str, str]:
    """The query's fields.

    Raises:
        Problem: One is given twice with different values.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items() if request.scope["query_string"] else ():
        if given.setdefault(name, value) != value:
            raise binding.repeated(name)
    return given


def instance_of(headers: Headers) -> int | None:
    """The portal that a request names, by its process id; None for the current one.

    Raises:
        Problem: It names none.
    """
    text = headers.get(b"x-tia-instance")
    if text is None:
        return None
    if not text.isdigit():
        raise Problem(
            "request.instance", "X-TIA-Instance must be the process id of an attached portal.", kind=Kind.INVALID
        )
    return int(text)
