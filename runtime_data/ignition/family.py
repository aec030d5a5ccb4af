"""What all routes of the Ignition family have in common: login, bare answers, the form of refusals, and allowed projects.

Facts: docs/facts/ignition.md#webdev.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import unquote

from litestar import Response

from engineering_api.execution.entries import PROJECT, project_of
from engineering_api.operations import wire
from engineering_api.operations.binding import require_known
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Login, Reach, Right
from engineering_api.web.answers import json_response
from engineering_api.web.bodies import decoded
from engineering_api.web.identify import Call, headers_of
from engineering_api.web.statuses import status_of
from openness_bridge.errors import Kind, Problem
from runtime_data.ignition.tag_paths import DEFAULT
from runtime_data.ignition.webdev import Webdev

section = Section("Ignition", reach=Reach.ALL)
BASE = "/system/webdev/{project}"
MEDIA = "application/json"
NO_LOGIN, NOT_ADMITTED = "Missing or invalid Authorization header", "Invalid API token"
Run = Callable[[Context, Call], Awaitable[Response[Any]]]


def answer(value: Any, status: int = 200) -> Response[bytes]:
    """Return an answer without the envelope; Accept and ?format= make XML of it, as of all JSON."""
    return json_response(wire.encode(value), status)


def refused(problem: Problem, _: Call | None = None) -> Response[bytes]:
    """Return the answer to a problem, in the form that WebDev handlers use."""
    if problem.code == "auth.required":
        found = answer({"error": NO_LOGIN}, 401)
        found.set_header("WWW-Authenticate", "Bearer")
    elif problem.kind is Kind.UNIDENTIFIED:
        found = answer({"error": NOT_ADMITTED}, 403)
    else:
        found = answer({"error": problem.message}, status_of(problem))
    if problem.retry_after is not None:
        found.set_header("Retry-After", str(problem.retry_after))
    return found


def route(
    *routes: str,
    right: Right = Right.VIEW,
    query: Mapping[str, str] | None = None,
    body: str = "",
    deep: bool = False,
    binds: bool = False,
    live: bool = False,
) -> Callable[[Run], Run]:
    """Declare a route of the family. A user's handler at the same path is run in its place, with the same right.

    Args:
        routes: Methods and paths below the project, such as GET /api/tags.
        right: The right that a caller needs.
        query: As of endpoints.
        body: The media type of the request's body.
        deep: As of endpoints.
        live: As of endpoints.
        binds: Whether the function takes query and body as one document, and refuses unknown fields of it.
    """

    def declare(function: Run) -> Run:
        @wraps(function)
        async def run(ctx: Context, request: Call) -> Response[Any]:
            project = unquote(str(request.path_params["project"]))
            await asyncio.to_thread(_require_project, ctx.service, project)
            handler = await ctx.service.part(Webdev).find(project, _path_below(request))
            if handler is not None:
                return await handler.run(ctx, request)
            if query is not None and not binds:
                folded = {each.casefold() for each in query}
                require_known([each for each in request.query_params if each.casefold() not in folded], query)
            return await function(ctx, request)

        paths = [f"{method} {BASE}{path}" for method, path in (each.split(" ", 1) for each in routes)]
        section.endpoint(
            *paths,
            reach=Reach.ALL,
            media=MEDIA,
            right=right,
            query=query,
            body=body,
            deep=deep,
            login=Login.IGNITION,
            live=live,
            takes_any=True,  # a user's handler reads what it wants, and bodies and queries of changes are one document
        )(run)
        return function

    return declare


async def body_of(ctx: Context, request: Call) -> dict[str, Any]:
    """Return the object in a request's body, which is JSON, or XML by its media type.

    Raises:
        Problem: It is neither, or has too many or too deep values.
    """
    content = await request.body()
    is_xml = b"xml" in headers_of(request).get(b"content-type", b"").lower()
    return await asyncio.to_thread(decoded, content, ctx.service.settings, is_xml=is_xml)


def _path_below(request: Call) -> str:
    """Return the path of a request below its project, decoded."""
    _system, _webdev, _project, *below = filter(None, request.scope["path"].split("/"))
    return "/".join(map(unquote, below))


def _require_project(service: Service, project: str) -> None:
    """Refuse a project that an address of the family may not name.

    Raises:
        Problem: It is not one of those that are allowed.
    """
    allowed = service.settings.ignition_projects
    for known in allowed or (DEFAULT, _open_project(service)):
        if known.casefold() == project.casefold():
            return
    msg = f"There is no WebDev project '{project}': use '{DEFAULT}', or the name of the open project."
    if allowed:
        msg = f"There is no WebDev project '{project}': TIA_IGNITION_PROJECTS lists {', '.join(allowed)}."
    raise Problem("ignition.project", msg, kind=Kind.MISSING)


def _open_project(service: Service) -> str:
    """Return the name of the open project; empty without one. What runs in TIA Portal is waited for once only."""
    session = service.portals.current
    if session is None:
        return ""
    known = session.notes.get(PROJECT)
    return str(known) if known is not None else session.call(lambda: project_of(session))
