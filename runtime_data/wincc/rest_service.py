"""What the routes of /WinCCRestService share: the form of answers, pages of lists, and things that this service does not have.

Facts: docs/facts/wincc.md#names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from litestar import Response

from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Login, Reach, Right
from engineering_api.web.answers import json_response
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Problem
from runtime_data.quality import NOT_A_NUMBER, Status, status_of
from runtime_data.values import Value
from runtime_data.wincc import names
from runtime_data.wincc.requests import MOST_TAGS, number, print_milliseconds

JSON = "application/json"
PAGED = {
    "itemLimit": "Entries of the answer; all without it.",
    "continuationPoint": "Entries that are left out before.",
}
Function = Callable[[Context, Call], Awaitable[Response[bytes]]]


def rest_endpoint(
    section: Section,
    *routes: str,
    right: Right = Right.VIEW,
    query: dict[str, str] | None = None,
    live: bool = False,
) -> Callable[[Function], Function]:
    """Declare an endpoint of /WinCCRestService, whose callers may send name and password with each request.

    Args:
        section: Where it belongs.
        routes: Methods with the paths below the prefix.
        right: The right that a caller needs.
        query: As of any endpoint.
        live: As of any endpoint.
    """
    full = (f"{method} /WinCCRestService/{path}" for method, path in (route.split(" ", 1) for route in routes))
    return section.endpoint(
        *full,
        right=right,
        reach=Reach.ALL,
        media=JSON,
        body=JSON,
        query=query or {},
        also=["timeFrom", "timeTo"] if query and "begin" in query else [],
        login=Login.BASIC,
        live=live,
    )


def answer(document: Any, headers: dict[str, str] | None = None) -> Response[bytes]:
    """Return a JSON answer."""
    return json_response(wire.encode(document), headers=headers)


def page(request: Call, entries: Sequence[Any], make: Callable[[Any], Any] = lambda each: each) -> Response[bytes]:
    """Return the page of a list that a request asks for.

    Args:
        request: The request.
        entries: All entries.
        make: Makes the object of an entry.
    """
    limit = number(request, "itemLimit", MOST_TAGS, least=1)
    start = number(request, "continuationPoint", 0, most=10**9)
    shown = entries[start : start + limit]
    end = start + len(shown)
    return answer([make(each) for each in shown], {names.NEXT: str(end)} if end < len(entries) else {})


def value_object(name: str, value: Value) -> dict[str, Any]:
    """Return a value as WinCC's REST service has it, with an error in place of the value where there is none."""
    if value.error is not None:
        return failed(name, value.error.message)
    inexact = names.is_inexact(value.data_type, value.value)
    status: Status = NOT_A_NUMBER if inexact else status_of(value.status)
    return {
        names.VARIABLE: name,
        names.DATA_TYPE: names.data_type_number(value.data_type),
        names.VALUE: float(value.value) if inexact else value.value,
        names.TIMESTAMP: print_milliseconds(value.source_time or value.server_time),
        names.QUALITY: status.wincc,
        names.STATE: names.GOOD,
    }


def failed(name: str, why: str) -> dict[str, Any]:
    """Return the object of a tag that cannot be read or written."""
    return {names.VARIABLE: name, names.ERROR: why}


def missing(kind: str, name: str) -> Problem:
    """Return the problem of a thing that there is not.

    Args:
        kind: What it would be, such as tag group.
        name: Its name.
    """
    return Problem("wincc.not_found", f"There is no {kind} '{name}'.", kind=Kind.MISSING)
