"""Makes Litestar's handlers from the operation catalogue: parse, run, wrap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import HttpMethod, Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from litestar.types.internal_types import PathParameterDefinition

from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Progress, Service
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.terms import PARAMETER, Mode, Place, Route
from engineering_api.security import Gate
from engineering_api.web import options
from engineering_api.web.answers import accepted, answered, continued, done
from engineering_api.web.bind import bind
from engineering_api.web.forms.versions import Version2
from engineering_api.web.identify import Call, headers_of, identify_for, instance_of
from engineering_api.web.kept_answers import NOTE
from engineering_api.web.options import Options

Offers = dict[tuple[str, str], tuple[Operation, Route]]
"""The operation and its route, by method and path."""
OPTIONS = "OPTIONS"
"""A method of each path: Litestar would make a separate handler for each, which is half of its start."""


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
        """Return the same model for all paths: `handle` takes nothing but the request."""
        if self._model is None:
            self._model = super().create_kwargs_model(path_parameters)
        return self._model


def handlers(known: Iterable[Operation]) -> list[HTTPRouteHandler]:
    """Return the handlers of all operations; they work for the service of the application that gets the request.

    One handler has all paths with the same methods: Litestar's start grows with the square of the number of handlers.
    """
    offers = {(route.method, route.path): (op, route) for op in known for route in op.routes}
    return [_handler(offers, methods, paths) for methods, paths in by_methods(offers)]


def service_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Service:
    """Return the service that a request or a WebSocket has come to."""
    found: Service = connection.app.state["service"]
    return found


def by_methods(offered: Iterable[tuple[str, str]]) -> list[tuple[frozenset[str], list[str]]]:
    """Return the sets of methods with all paths that have just these, for pairs of method and path."""
    methods: dict[str, set[str]] = {}
    for method, path in offered:
        methods.setdefault(path, set()).add(method)
    alike: dict[frozenset[str], list[str]] = {}
    for path, which in methods.items():
        alike.setdefault(frozenset(which), []).append(path)
    return list(alike.items())


def litestar_path(path: str) -> str:
    """Return the path with Litestar's parameter types."""
    return PARAMETER.sub(r"{\1:str}", path)


def _handler(offers: Offers, methods: frozenset[str], paths: list[str]) -> HTTPRouteHandler:
    served = sorted({*methods, OPTIONS})

    async def handle(request: Call) -> ASGIResponse:
        if request.method == OPTIONS:
            return ASGIResponse(body=b"", status_code=204, headers={"Allow": ", ".join(served)})
        op, offered = offers[request.method, request.scope["path_template"]]
        service = service_of(request)
        runner, headers = service.part(Runner), headers_of(request)
        caller = await identify_for(op, request, service.part(Gate), service.part(Refusals))
        if op.kept and not caller.is_limited and NOTE in request.scope:
            note = request.scope[NOTE]  # type: ignore[literal-required]  # ASGI allows more keys than Litestar declares
            note.begin(op.right, request.scope["path_template"])
        arguments, asked = await bind(op, offered, request, headers, service.settings)
        instance = runner.addressed(instance_of(headers), headers.get(b"x-tia-worker", b"").decode("latin-1"))
        if op.place is Place.LOOP:
            return await _respond(runner, op, offered, arguments, asked, caller, instance)
        name = headers.get(b"x-request-id", b"").decode("latin-1")
        with service.awaited.watched(op, caller.name, name, request.receive) as wanted:
            return await _respond(runner, op, offered, arguments, asked, caller, instance, wanted)

    return OperationHandler(
        [litestar_path(path) for path in paths], http_method=[*map(HttpMethod, served)], status_code=200
    )(handle)


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
    """Run an operation as the request asks."""
    version = asked.version
    if asked.dry_run:
        tried = await runner.preview(op, arguments, caller, instance, within=wanted)
        return answered(version.success(tried, "Dry run: nothing was changed"))
    condition = runner.condition(op, arguments, asked.if_match)
    applied = {"Preference-Applied": asked.applied} if asked.applied else {}
    if asked.as_job(offered) and (offered.mode is Mode.JOB or options.can_be_a_job(arguments)):
        if not asked.wait:
            return accepted(await runner.submit(op, arguments, caller, instance, condition), version, applied)
        job_id, answer = await runner.submit_and_wait(op, arguments, caller, instance, condition, asked.wait)
        if answer is None:
            return accepted(job_id, version, applied)
        return await done(
            op, offered, answer, asked, condition, applied | {"Location": version.path(f"/jobs/{job_id}")}
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
        why = runner.why(waited, instance)
        if isinstance(version, Version2) and asked.wait is None:
            return continued(waited, version, applied, why)
        return accepted(waited, version, applied, why)
    return await done(op, offered, waited, asked, condition, applied)
