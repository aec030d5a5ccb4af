"""An example of an operation as the HTTP request that it is at one of its routes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import PARAMETER, Mode, Route

BODILESS = {"GET", "DELETE"}
"""Methods whose fields are in the query."""


class Call(msgspec.Struct, frozen=True):
    """A request.

    Attributes:
        method: GET, POST, PUT or DELETE.
        target: Path and query, percent-encoded.
        body: JSON, or nothing.
    """

    method: str
    target: str
    body: str = ""


def call(route: Route, arguments: dict[str, Any]) -> Call:
    """Return the request that gives an operation its arguments at a route.

    Args:
        route: One of the operation's routes.
        arguments: The fields by their wire names; those in the path must be there.
    """
    path = PARAMETER.sub(lambda found: quote(text(arguments[found[1]]), safe=""), route.path)
    rest = {name: value for name, value in arguments.items() if name not in route.parameters}
    if not rest:
        return Call(route.method, path)
    if route.method in BODILESS:
        return Call(route.method, f"{path}?{urlencode({n: text(v) for n, v in rest.items()}, quote_via=quote)}")
    return Call(route.method, path, msgspec.json.encode(rest).decode())


def select_routes(op: Operation) -> tuple[Route, ...]:
    """Return the routes that have an example: those of the printed list, or one of each mode where there is none."""
    printed = tuple(route for route in op.routes if not route.alias)
    first = {route.mode: route for route in reversed(op.routes)}
    return printed or tuple(first[mode] for mode in Mode if mode in first)


def text(value: Any) -> str:
    """Return a value as text of a path or a query: JSON where it is no text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
