"""Builds the service: the only module that creates all its parts and connects them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from copy import copy
from functools import cache, cached_property, lru_cache, partial
from typing import Any

from litestar import Litestar, Request, Response
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.events import SimpleEventEmitter
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.plugins import PluginProtocol
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import Method
from litestar.utils import normalize_path

from engineering_api import VERSION, background
from engineering_api.audit.log import Audit
from engineering_api.documentation import site
from engineering_api.execution import schedules
from engineering_api.execution.operation_events import OperationEvents
from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.features.access import access_operations
from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.design.store import Designs
from engineering_api.features.devices.hardware_catalog import HardwareCatalogCache
from engineering_api.features.families import FAMILIES
from engineering_api.features.ignition.webdev import Webdev
from engineering_api.features.jobs.signalr import signalr
from engineering_api.features.mcp.endpoint import McpTransports
from engineering_api.features.mcp.sessions import Sessions
from engineering_api.features.pipelines import pipelines_operations
from engineering_api.features.pipelines.engine import Pipelines
from engineering_api.features.pipelines.store import PipelineStore
from engineering_api.features.sections import SECTIONS
from engineering_api.features.source_control.remote_places import RemotePlaces
from engineering_api.features.source_control.repositories import Repositories
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.features.webhooks.engine import Webhooks
from engineering_api.features.webhooks.store import WebhookStore
from engineering_api.files.roots import RESCUED, Roots, require_apart
from engineering_api.files.uploads import Uploads
from engineering_api.observability.metrics import Metrics
from engineering_api.observability.requests import Requests
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.context import Service
from engineering_api.operations.events import Hub
from engineering_api.operations.jobs import Jobs
from engineering_api.runtime.alarms.engine import Alarms
from engineering_api.runtime.fail_safe import FailSafeBlocks
from engineering_api.runtime.features import Features
from engineering_api.runtime.feeds import Feeds
from engineering_api.runtime.fleet.fleet import Fleet
from engineering_api.runtime.history.history import History, store_of
from engineering_api.runtime.program_states import ProgramStates, name_programs
from engineering_api.runtime.rules import Rules
from engineering_api.runtime.runtime import Runtime
from engineering_api.runtime.servers.servers import Servers
from engineering_api.runtime.sinks.neighbours import aggregates_of, events_of
from engineering_api.runtime.sinks.sinks import Sinks
from engineering_api.runtime.sinks.spool import Spool
from engineering_api.runtime.sinks.tools import Tools, WallClock
from engineering_api.runtime.sources.registry import Sources
from engineering_api.security import Gate
from engineering_api.security.identities import Identities
from engineering_api.security.scopes import Scopes
from engineering_api.security.targets import PLANT_NETWORKS, SINKS, SOURCES, Targets
from engineering_api.settings import Settings
from engineering_api.storage.database import Database
from engineering_api.storage.failures import storage_problems
from engineering_api.storage.private import make_private
from engineering_api.storage.recent import RecentProjects
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from engineering_api.storage.snapshots import Snapshots
from engineering_api.storage.vault import Vault
from engineering_api.web import endpoints, sockets
from engineering_api.web.answers import problem_response
from engineering_api.web.bodies import BodyLimit
from engineering_api.web.forms.families import find_family
from engineering_api.web.forms.formats import in_wanted_form
from engineering_api.web.forms.versions import route_version, version_of
from engineering_api.web.http import handlers
from engineering_api.web.kept_answers import KeptAnswers
from engineering_api.web.pages import console_page, docs_page
from engineering_api.web.shield import Shield, cors
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.bulk import pause_gc
from openness_bridge.portal.loader import load
from openness_bridge.portal.own_projects import OwnProjects
from openness_bridge.portal.portal import Portals
from simatic_xml import limits

log = logging.getLogger(__name__)
Life = Callable[[Litestar], AbstractAsyncContextManager[None]]
METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class App(Litestar):
    """Litestar, routing by the path as it was sent.

    Names of tags, blocks and devices hold slashes, dots and blanks. They travel
    percent-encoded, one name a segment, so a path is split first and decoded
    afterwards.
    """

    def serving(self, state: State, life: Life, cors_config: CORSConfig | None) -> App:
        """Return an application with the same routes that serves a state, with its own life and rules for pages of other origins.

        Litestar has no public way to give prepared routes to another application: tests/engineering_api/web/test_routing.py
        holds what this relies on.
        """
        made = copy(self)
        made.state, made.cors_config, made._lifespan_managers = state, cors_config, [life]  # noqa: SLF001
        made.event_emitter = SimpleEventEmitter([])
        made.asgi_router = copy(self.asgi_router)
        made.asgi_router.app = made
        made.asgi_handler = made._create_asgi_handler()  # noqa: SLF001
        return made

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take the undecoded path; HEAD is a GET whose answer ends with its headers."""
        raw: bytes = scope.get("raw_path") or b""
        if raw:
            scope["path"] = raw.partition(b"?")[0].decode("ascii", "replace")
        route_version(scope)
        family = find_family(FAMILIES, scope.get("path", ""))
        if family is not None:
            scope["path"] = family.spell(scope["path"])
        if scope.get("method") == "HEAD":
            scope, send = scope | {"method": "GET"}, _headers_only(send)
        await self._watched(scope, receive, in_wanted_form(scope, send))

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        """Add none: those of Pydantic and attrs cost their imports, and no handler has a type of theirs."""
        return plugins

    @property
    def route_handler_method_map(self) -> Any:
        """Handlers by path and method. Litestar reads it for each path that it registers, and would build all of it each time."""
        return self._handlers_by_path

    @cached_property
    def _handlers_by_path(self) -> _HandlersByPath:
        return _HandlersByPath(self.routes)

    @cached_property
    def _watched(self) -> Requests:
        """The application behind what watches its requests."""
        service = self.state["service"]
        reads = partial(self.state["kept_answers"], further=super().__call__)
        others = BodyLimit(super().__call__, service.settings)

        async def by_method(scope: Any, receive: Any, send: Any) -> None:
            await (reads if scope.get("method") == "GET" else others)(scope, receive, send)

        inner = partial(self.state["shield"], further=by_method)
        return Requests(inner, service.catalogue, service.part(Metrics), lambda: service.settings.slow_limit)


class _HandlersByPath(Mapping[str, Mapping[str, Any]]):
    """The handlers of an application's routes of HTTP, found when they are asked for. Routes are added and replaced meanwhile."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes
        self._indexes: dict[str, int] = {}
        self._seen = 0

    def __getitem__(self, path: str) -> Mapping[str, Any]:
        for index in range(self._seen, len(self._routes)):
            if isinstance(self._routes[index], HTTPRoute):
                self._indexes[self._routes[index].path] = index
        self._seen = len(self._routes)
        route = self._routes[self._indexes[path]]
        handlers = route.route_handlers if isinstance(route, HTTPRoute) else ()
        return {method: each for each in handlers for method in each.http_methods}

    def __iter__(self) -> Iterator[str]:
        return (route.path for route in self._routes if isinstance(route, HTTPRoute))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _headers_only(send: Any) -> Any:
    """Send an answer without its body. A stream ends immediately, as if its client had disconnected."""

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
    rescued = settings.data_dir / RESCUED
    own_projects = OwnProjects(settings.data_dir / "own-projects.json")
    return Portals(
        model,
        launch_when_needed=settings.headless,
        patience=settings.hang_limit,
        rescued=rescued,
        own_projects=own_projects,
    )


def _sink_tools(service: Service) -> Tools:
    settings = service.settings

    async def note_writes(sink: str, values: Mapping[str, Any]) -> None:
        await service.audit.event("runtime_sinks.write", sink=sink, values=dict(values))

    return Tools(
        runtime=service.part(Runtime),
        spool=Spool(settings.data_dir / "runtime" / "spool.db"),
        vault=Vault(settings.data_dir),
        targets=Targets(settings.sink_hosts, SINKS),
        clock=WallClock(),
        aggregate=aggregates_of(service.part(History)),
        alarms=events_of(service.part(Alarms)),
        note_writes=note_writes,
        lower=service.part(Identities).lower,
        programs=service.part(Feeds).programs,
    )


@pause_gc()
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
    require_apart(settings.roots, settings.workspace, settings.data_dir)
    model = model or load(settings.backend, settings.tia_version)
    make_private(settings.data_dir)
    settings.open_cache()
    settings.workspace.mkdir(parents=True, exist_ok=True)
    database = Database(settings.data_dir / "service.db")
    known, hub = catalogue(), Hub()
    roots = Roots(settings.workspace, settings.roots)
    service = Service(
        settings=settings,
        portals=_portals(model, settings),
        roots=roots,
        catalogue=known,
        hub=hub,
        jobs=Jobs(database),
        audit=Audit(database, settings.data_dir, OperationEvents(hub, known).heard, settings.audit_key),
        recent=RecentProjects(database),
        snapshots=Snapshots(database),
        simulation=Simulation(lambda: model.plcsim),
        uploads=Uploads(settings.data_dir / "uploads", roots, settings.max_upload, settings.max_workspace),
    )
    metrics = Metrics()
    database.timed = metrics.transaction
    metrics.watch(service)
    service.add(metrics)
    service.add(Refusals(service.audit))
    service.add(HardwareCatalogCache(settings.data_dir, model.version))
    service.add(Designs(database))
    service.add(Repositories(settings.data_dir / "source-control"))
    service.add(Sessions())
    service.add(Identities(database, settings))
    service.add(RemotePlaces(settings))
    service.add(Pipelines(PipelineStore(database), pipelines_operations.start))
    service.add(Webhooks(WebhookStore(database), Vault(settings.data_dir), Targets(settings.webhook_hosts)))
    service.add(make_runner(service, database) if make_runner else Runner(service), Runner)
    definitions = RuntimeDefinitions(database)
    simulated = "virtual" if model.backend == "fake" else "plcsim"
    sources = Sources(
        definitions,
        service.simulation,
        simulated,
        FailSafeBlocks(service.portals),
        targets=Targets(settings.source_hosts or PLANT_NETWORKS, SOURCES),
        vault=Vault(settings.data_dir),
        folder=settings.data_dir / "runtime",
    )
    service.add(Runtime(sources, Rules(definitions)))
    service.add(ProgramStates(service.portals, service.simulation, sources, service.changes))
    service.add(Feeds(service.part(Runtime), settings, service.part(ProgramStates)))
    store = store_of(settings.history, settings.data_dir / "runtime" / "history")
    service.add(History(service.part(Runtime), definitions, store))
    service.add(Alarms(service.part(Runtime), definitions, database, simulation=service.simulation))
    service.add(Sinks(definitions, _sink_tools(service)))
    service.add(Servers(definitions, Vault(settings.data_dir), service))
    service.add(Fleet(service, definitions))
    service.add(Features(access_operations.login, access_operations.logout, pipelines_operations.run))
    service.add(Webdev(settings))
    service.add(Toolbox(service))
    service.add(Scopes(service))
    service.add(Assistant(service, database))
    gate = Gate(service.part(Identities), settings)
    service.add(gate)
    mcp = McpTransports(service)
    service.add(mcp)
    service.add(signalr.SignalR(service, signalr.HOLD))

    @asynccontextmanager
    async def life(_: Litestar) -> AsyncIterator[None]:
        await service.part(Identities).start()
        measuring = background.begin(metrics.follow_loop())
        if database.alone:
            await asyncio.to_thread(service.uploads.clear)
            await service.audit.recover()
        if service.address:
            await service.audit.event("server.start", address=service.address, version=VERSION)
        scheduler = schedules.start(service)
        await service.part(Webhooks).start(service, scheduler, alone=database.alone)
        await service.part(Pipelines).start(service, scheduler, alone=database.alone)
        await service.part(History).start(alone=database.alone)
        await service.part(Alarms).start(scheduler, watch=database.alone)
        await service.part(Sinks).start(alone=database.alone)
        await service.part(Servers).start(alone=database.alone)
        if database.alone:
            service.part(Fleet).start(scheduler)
        if database.alone:
            await service.part(Runner).recover()
        try:
            yield
        finally:
            await mcp.close()
            scheduler.shutdown(wait=False)
            await service.part(Pipelines).stop()
            await service.part(Assistant).close()
            await service.part(Fleet).stop()
            await service.part(Servers).stop()
            await service.part(Sinks).stop()
            await service.part(History).stop()
            await service.part(Alarms).stop()
            service.part(Runtime).close()
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

    return routing(known).serving(
        State({"service": service, "shield": Shield(service), "kept_answers": KeptAnswers(service, gate)}),
        life,
        cors(settings),
    )


@lru_cache(maxsize=2)
def routing(known: Catalogue) -> App:
    """Return an application with the routes of a catalogue and no service: `serving` gives it one.

    Preparing the routes takes most of the time in which a service is made, and all services of a process have the same routes.
    """
    return App(
        route_handlers=[
            *handlers(known),
            *endpoints.handlers(known.endpoints, name_programs),
            *sockets.handlers(known.endpoints),
            *docs_page.handlers(known),
            *console_page.handlers(),
            *site.handlers(),
        ],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        exception_handlers={Problem: _problem, HTTPException: _http_error, Exception: _answer_unexpected},
    )


def _problem(request: Request[Any, Any, Any], error: Problem) -> Response[Any]:
    family = find_family(FAMILIES, request.scope["path"])
    return problem_response(error, version_of(request.scope)) if family is None else family.refuse(error, request)


def _http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if isinstance(error, NotFoundException):
        msg = f"The route {request.method} {request.url.path} does not exist. GET /api/command/list lists all routes."
        return _problem(request, Problem("route.not_found", msg, kind=Kind.MISSING))
    if isinstance(error, MethodNotAllowedException):
        msg = f"{request.url.path} does not support {request.method}. GET /api/command/list lists all routes."
        refused = _problem(request, HttpProblem("route.method", msg, 405))
        refused.set_header("Allow", ", ".join(_list_methods(request)))
        return refused
    return _problem(request, HttpProblem("request.refused", f"{error.detail}.", error.status_code))


def _list_methods(request: Request[Any, Any, Any]) -> list[str]:
    """Return the methods that a path takes, which Litestar routes without slashes at its end and doubled ones."""
    taken: list[str] = []
    path = normalize_path(request.scope["path"])
    for method in METHODS:
        with suppress(MethodNotAllowedException, NotFoundException):
            request.app.asgi_router.handle_routing(path=path, method=method)
            taken.append(method)
    return [*taken, "HEAD"] if "GET" in taken else taken


def _answer_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    log.error("Unexpected error at %s %s", request.method, request.url.path, exc_info=error)
    msg = "An internal error of this service; its log has the details."
    return _problem(request, Problem("internal", msg, kind=Kind.FAILED))
