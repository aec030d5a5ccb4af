"""Endpoints in the OpenAPI description: the fields of a query, and the media types of body and answer."""

from __future__ import annotations

from typing import Any

from engineering_api.operations.declaration import Endpoint
from engineering_api.operations.terms import Route
from engineering_api.web.openapi.links import method_name
from engineering_api.web.openapi.options import CONDITIONAL, FAILURES
from engineering_api.web.value_stream import ONLINE

_TEXT = {"type": "string"}
_BYTES = {"type": "string", "format": "binary"}


def description(endpoint: Endpoint, route: Route) -> dict[str, Any]:
    """Return an endpoint at one of its routes as an operation of OpenAPI."""
    in_path = [_parameter(name, "path", "As in the routes of the same path.") for name in route.parameters]
    in_query = [_parameter(name, "query", about) for name, about in endpoint.query.items()]
    failures = {
        str(status): {"$ref": f"#/components/responses/Failed{status}"} for status in FAILURES if status != CONDITIONAL
    }
    sent = {
        "description": "Messages, until the listener or the service ends it."
        if endpoint.is_stream
        else endpoint.summary,
        "content": {endpoint.media: {"schema": _TEXT if endpoint.media.startswith("text/") else _BYTES}},
    }
    if endpoint.is_only_socket:
        sent = {
            "description": f"The connection is a WebSocket from here on, with the subprotocol {endpoint.subprotocol}."
        }
    elif endpoint.live and not endpoint.is_stream:
        sent["headers"] = {ONLINE: {"$ref": f"#/components/headers/{ONLINE}"}}
    described: dict[str, Any] = {
        "operationId": _id(endpoint, route),
        "tags": [endpoint.section],
        "summary": endpoint.summary,
        "description": f"{endpoint.summary}{' Clients connect by WebSocket at the same path, too.' if endpoint.serve else ''}",
        "parameters": [*in_path, *in_query],
        "responses": {str(endpoint.status): sent, **failures},
        "security": [{"apiKey": []}, {"bearer": []}],
        "x-endpoint": endpoint.name,
        "x-right": endpoint.right.word,
    }
    if endpoint.body and route.method in {"POST", "PUT"}:
        described["requestBody"] = {"content": {endpoint.body: {"schema": _BYTES}}}
    return described


def _id(endpoint: Endpoint, route: Route) -> str:
    """Return the id: unique, so that generated clients have a method for each route."""
    base, number = method_name(endpoint.name), endpoint.routes.index(route) + 1
    return base if number == 1 else f"{base}_{number}"


def _parameter(name: str, where: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "description": about, "schema": _TEXT}
