"""Wires the service together: the only place that makes its parts and knows them all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache, cached_property, partial
from typing import Any

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import Method
from litestar.utils import normalize_path

from engineering_api import VERSION
from engineering_api.audit import stream as audit_stream
from engineering_api.audit.refusals import Refusals
from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.design.store import Designs
from engineering_api.features.devices.hardware_catalog import HardwareCatalogCache
from engineering_api.features.mcp.endpoint import Endpoint as McpEndpoint
from engineering_api.features.pipelines import pipelines_operations
from engineering_api.features.pipelines.engine import Pipelines
from engineering_api.features.sections import SECTIONS
from engineering_api.features.source_control.repositories import Repositories
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.features.webhooks.engine import Webhooks
from engineering_api.features.webhooks.targets import Targets
from engineering_api.files import transfer
from engineering_api.files.roots import Roots
from engineering_api.files.uploads import Uploads
from engineering_api.observability import endpoint as metrics_endpoint
from engineering_api.observability.requests import Requests
from engineering_api.operations import schedules
from engineering_api.operations.context import Service
from engineering_api.operations.declaration import Catalogue
from engineering_api.operations.events import Hub
from engineering_api.operations.operation_events import OperationEvents
from engineering_api.operations.runner import Runner
from engineering_api.security import Gate
from engineering_api.security.identities import Identities
from engineering_api.security.scopes import Scopes
from engineering_api.security.shield import Shield, cors
from engineering_api.settings import Settings
from engineering_api.storage.audit import Audit
from engineering_api.storage.database import Database
from engineering_api.storage.failures import storage_problems
from engineering_api.storage.jobs import Jobs
from engineering_api.storage.pipelines import PipelineStore
from engineering_api.storage.private import make_private
from engineering_api.storage.recent import RecentProjects
from engineering_api.storage.snapshots import Snapshots
from engineering_api.storage.vault import Vault
from engineering_api.storage.webhooks import WebhookStore
from engineering_api.web import docs_page, signalr, streams
from engineering_api.web.answers import problem_response
from engineering_api.web.bodies import BodyLimit
from engineering_api.web.http import handlers
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.bulk import no_garbage_search
from openness_bridge.portal.loader import Model, load
from openness_bridge.portal.portal import Portals
from openness_bridge.project.own_projects import OwnProjects
from simatic_xml import limits

log = logging.getLogger(__name__)
METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class App(Litestar):
    """Litestar, routing by the path as it was sent.

    Names of tags, blocks and devices hold slashes, dots and blanks. They travel
    percent-encoded, one name a segment, so a path is split first and decoded
    afterwards.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take the undecoded path; HEAD is a GET whose answer ends with its headers."""
        raw: bytes = scope.get("raw_path") or b""
        if raw:
            scope["path"] = raw.partition(b"?")[0].decode("ascii", "replace")
        if scope.get("method") == "HEAD":
            scope, send = scope | {"method": "GET"}, _headers_only(send)
        await self._watched(scope, receive, send)

    @property
    def route_handler_method_map(self) -> Any:
        """Handlers by path and method. Litestar asks for it at each path that it registers, and would make all of it each time."""
        return _HandlersByPath(self.routes)

    @cached_property
    def _watched(self) -> Requests:
        """The application behind what watches its requests."""
        service = self.state["service"]
        inner = partial(self.state["shield"], further=BodyLimit(super().__call__, service.settings))
        return Requests(inner, service.catalogue, service.metrics, lambda: service.settings.slow_limit)


class _HandlersByPath(Mapping[str, Mapping[str, Any]]):
    """The handlers of an application's routes of HTTP, found when they are asked for."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    def __getitem__(self, path: str) -> Mapping[str, Any]:
        for route in self._routes:
            if route.path == path and isinstance(route, HTTPRoute):
                return {method: each for each in route.route_handlers for method in each.http_methods}
        raise KeyError(path)

    def __iter__(self) -> Iterator[str]:
        return (route.path for route in self._routes if isinstance(route, HTTPRoute))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _headers_only(send: Any) -> Any:
    """Send an answer without its body. A stream ends at once: its client has gone, as far as it can see."""

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return sending


@cache
def catalogue() -> Catalogue:
    """Return everything the service can do."""
    return Catalogue(SECTIONS)


def _portals(model: Model, settings: Settings) -> Portals:
    rescued = settings.data_dir / "rescued"
    own_projects = OwnProjects(settings.data_dir / "own-projects.json")
    return Portals(
        model,
        launch_when_needed=settings.headless,
        patience=settings.hang_limit,
        rescued=rescued,
        own_projects=own_projects,
    )


@no_garbage_search()
@storage_problems()
def create_app(
    settings: Settings, model: Model | None = None, make_runner: Callable[[Service, Database], Runner] | None = None
) -> App:
    """Make the service.

    Args:
        settings: How.
        model: The object model; by default the one that the settings name.
        make_runner: Makes what runs operations; by default they are run here.

    Raises:
        Problem: The backend is not available, or the data folder cannot be used.
    """
    limits.configure(settings.limits)
    model = model or load(settings.backend, settings.tia_version)
    make_private(settings.data_dir)
    settings.workspace.mkdir(parents=True, exist_ok=True)
    database = Database(settings.data_dir / "service.db")
    known, hub = catalogue(), Hub()
    roots = Roots(settings.workspace, settings.roots)
    service = Service(
        settings=settings,
        portals=_portals(model, settings),
        roots=roots,
        catalogue=known,
        hardware_catalog=HardwareCatalogCache(settings.data_dir, model.version),
        hub=hub,
        jobs=Jobs(database),
        audit=Audit(database, settings.data_dir, OperationEvents(hub, known).heard, settings.audit_key),
        recent=RecentProjects(database),
        snapshots=Snapshots(database),
        designs=Designs(database),
        repositories=Repositories(settings.data_dir / "source-control"),
        simulation=Simulation(lambda: model.plcsim),
        uploads=Uploads(settings.data_dir / "uploads", roots, settings.max_upload, settings.max_workspace),
    )
    database.timed = service.metrics.transaction
    service.metrics.watch(service)
    service.refusals = Refusals(service.audit)
    service.add(Identities(database, settings))
    service.add(Pipelines(PipelineStore(database), pipelines_operations.start))
    service.add(Webhooks(WebhookStore(database), Vault(settings.data_dir), Targets(settings.webhook_hosts)))
    service.add(make_runner(service, database) if make_runner else Runner(service), Runner)
    service.add(Toolbox(service))
    service.add(Scopes(service))
    service.add(Assistant(service, database))
    gate = Gate(service.part(Identities), settings)
    mcp = McpEndpoint(service, gate)

    @asynccontextmanager
    async def life(_: Litestar) -> AsyncIterator[None]:
        await service.part(Identities).start()
        measuring = asyncio.create_task(service.metrics.follow_loop())
        if database.alone:
            await asyncio.to_thread(service.uploads.clear)
            await service.audit.recover()
        if service.address:
            await service.audit.event("server.start", address=service.address, version=VERSION)
        scheduler = schedules.start(service)
        await service.part(Webhooks).start(service, scheduler, alone=database.alone)
        await service.part(Pipelines).start(service, scheduler, alone=database.alone)
        if database.alone:
            await service.part(Runner).recover()
        try:
            yield
        finally:
            await mcp.close()
            scheduler.shutdown(wait=False)
            await service.part(Pipelines).stop()
            await service.part(Assistant).close()
            service.hub.close()
            await service.part(Webhooks).stop()
            await service.part(Runner).close()
            await service.part(Identities).close()
            service.portals.close(settings.shutdown_limit / 4)
            service.simulation.close()
            if service.address:
                await service.audit.event("server.stop", address=service.address)
            measuring.cancel()
            await asyncio.gather(measuring, return_exceptions=True)
            service.audit.close()
            database.close()

    return App(
        route_handlers=[
            *handlers(service, gate),
            *streams.handlers(service, gate),
            *signalr.handlers(service, gate),
            *transfer.handlers(service, gate),
            *mcp.handlers(),
            *audit_stream.handlers(service, gate),
            *metrics_endpoint.handlers(service, gate),
            *docs_page.handlers(service.catalogue),
        ],
        lifespan=[life],
        state=State({"service": service, "shield": Shield(service)}),
        cors_config=cors(settings),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        exception_handlers={Problem: _problem, HTTPException: _http_error, Exception: _unexpected},
    )


def _problem(_: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
    return problem_response(error)


def _http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if isinstance(error, NotFoundException):
        msg = f"There is no route {request.method} {request.url.path}. GET /api/command/list lists all."
        return problem_response(Problem("route.not_found", msg, kind=Kind.MISSING))
    if isinstance(error, MethodNotAllowedException):
        msg = f"{request.url.path} does not take {request.method}. GET /api/command/list lists all routes."
        refused = problem_response(HttpProblem("route.method", msg, 405))
        refused.set_header("Allow", ", ".join(_allowed(request)))
        return refused
    return problem_response(HttpProblem("request.refused", f"{error.detail}.", error.status_code))


def _allowed(request: Request[Any, Any, Any]) -> list[str]:
    """Return the methods that a path takes, which Litestar routes without slashes at its end and doubled ones."""
    taken: list[str] = []
    path = normalize_path(request.scope["path"])
    for method in METHODS:
        with suppress(MethodNotAllowedException, NotFoundException):
            request.app.asgi_router.handle_routing(path=path, method=method)
            taken.append(method)
    return [*taken, "HEAD"] if "GET" in taken else taken


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("Unexpected error at %s %s", request.method, request.url.path, exc_info=error)
    return problem_response(Problem("internal", "An error of this service; its log has the details.", kind=Kind.FAILED))
