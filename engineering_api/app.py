"""Builds the service: its parts, its routes and the application that serves them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import Method
from litestar.utils import normalize_path

from engineering_api.assembly import Part, Parts
from engineering_api.documentation import site
from engineering_api.execution.runner import Runner
from engineering_api.features.families import FAMILIES
from engineering_api.features.sections import SECTIONS
from engineering_api.files.roots import require_apart
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.context import Service
from engineering_api.parts import PARTS
from engineering_api.security import Gate
from engineering_api.settings import Settings
from engineering_api.storage.database import Database
from engineering_api.storage.failures import storage_problems
from engineering_api.storage.private import make_private
from engineering_api.web import endpoints, sockets
from engineering_api.web.answers import problem_response
from engineering_api.web.application import App
from engineering_api.web.forms.families import find_family
from engineering_api.web.forms.versions import version_of
from engineering_api.web.http import handlers
from engineering_api.web.kept_answers import KeptAnswers
from engineering_api.web.pages import console_page, docs_page
from engineering_api.web.shield import Shield, cors
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model
from openness_bridge.portal.bulk import pause_gc
from openness_bridge.portal.loader import load
from runtime_data.program_states import name_programs
from simatic_xml import limits

log = logging.getLogger(__name__)
METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MakeRunner = Callable[[Service, Database], Runner]


@cache
def catalogue() -> Catalogue:
    """Return everything the service can do."""
    return Catalogue(SECTIONS)


@pause_gc()
@storage_problems()
def create_app(settings: Settings, model: Model | None = None, make_runner: MakeRunner | None = None) -> App:
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
    table = PARTS if make_runner is None else PARTS | {Runner: _run_by(make_runner)}
    known = catalogue()
    parts = Parts(table, {Settings: settings, Model: model, Catalogue: known})
    service = parts.find(Service)

    @asynccontextmanager
    async def life(_: Litestar) -> AsyncIterator[None]:
        async with parts.running():
            yield

    state = {
        "service": service,
        "shield": Shield(service),
        "kept_answers": KeptAnswers(service, parts.find(Gate)),
        "families": FAMILIES,
    }
    return routing(known).serving(State(state), life, cors(settings))


def _run_by(make: MakeRunner) -> Part:
    """Return the row of the table for a runner that is made by another function."""

    def made(service: Service, database: Database) -> Runner:
        return make(service, database)

    return replace(PARTS[Runner], make=made)


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
