"""Describes in OpenAPI what every route takes and answers in addition to its operation's fields."""

from __future__ import annotations

from typing import Any

from engineering_api.operations.declaration import Mode, Operation, Right, Route
from engineering_api.operations.selection import LARGEST_PAGE, USUAL_PAGE
from engineering_api.web import options
from engineering_api.web.openapi_links import TO_JOB

Described = dict[str, Any]
FAILURES = {
    400: "The request is not understood: it is malformed, or a field is unknown, missing or of a wrong kind.",
    401: "The API key is missing or wrong.",
    403: "The caller's right, the rights or the licence of TIA Portal, or the allowed folders do not go so far.",
    404: "Something that is named does not exist.",
    409: "It contradicts what is there: a name is taken, a project is open, a state forbids it.",
    410: "An object of TIA Portal is gone meanwhile: ask again.",
    412: "What If-Match names has changed since it was read.",
    422: "TIA Portal, or one of its rules, refuses it.",
    429: "Too many requests: Retry-After and X-RateLimit-Reset say when to come again.",
    500: "An error of this service, or one of TIA Portal that it gives no reason for.",
    501: "TIA Portal Openness cannot do it; the message says what to do instead.",
    502: "What the service itself asks, such as a language model, does not answer as it should.",
    503: "TIA Portal, or what else is needed, is not there now.",
    504: "What the service itself asks does not answer in time.",
}
"""What can be refused, by status; the failure's code says what it was."""
CONDITIONAL = 412
"""The one that only a change can have."""
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 1}


def _query(name: str, description: str, schema: Described, example: object) -> Described:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "example": example,
    }


def _header(name: str, description: str) -> Described:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": _TEXT}


PARAMETERS: dict[str, Described] = {
    "filter": _query(
        "filter",
        "Conditions that entries must meet, parted by ';': field, one of = != > >= < <= ~ (with * and "
        "?), value. A text alone is looked for in all fields.",
        _TEXT,
        "name~M*",
    ),
    "sort": _query("sort", "Fields to sort by, parted by ','; '-' before one that descends.", _TEXT, "-name"),
    "page": _query("page", "Which page, from 1.", _COUNT, 1),
    "pageSize": _query(
        "pageSize", f"Entries of a page, {USUAL_PAGE} by default.", _COUNT | {"maximum": LARGEST_PAGE}, 50
    ),
    "dryRun": _query("dryRun", "Change nothing, only tell what would be done.", {"type": "boolean"}, False),
    "wait": _query(
        "wait",
        "Seconds to wait for the end; then a job answers for the rest. 0: a job at once.",
        {"type": "number", "minimum": 0, "maximum": options.LONGEST_WAIT},
        30,
    ),
    "If-Match": _header(
        "If-Match", "Entity tags that a read gave: the edit is refused if what it showed has changed since."
    ),
    "If-None-Match": _header(
        "If-None-Match", "Entity tags that the caller has already: the answer is 304 if one still fits."
    ),
    "Prefer": _header("Prefer", "respond-async for a job at once, wait=N to wait so many seconds (RFC 7240)."),
}
HEADERS: dict[str, Described] = {
    "ETag": {"description": "The entity tag of the data.", "schema": _TEXT},
    "X-Total-Count": {"description": "Entries that met the filter, on all pages.", "schema": {"type": "integer"}},
    "X-Page-Count": {"description": "How many pages there are.", "schema": {"type": "integer"}},
    "Location": {"description": "Where the job is.", "schema": _TEXT},
    "Preference-Applied": {"description": "What of Prefer was done.", "schema": _TEXT},
}


def parameters(op: Operation, route: Route) -> list[Described]:
    """Return references to the options of a route."""
    names = options.names(op)
    if op.right is not Right.PUBLIC:
        names.append("Prefer")
    if op.changes:
        names.append("If-Match")
    elif route.method == "GET":
        names.append("If-None-Match")
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def answers(op: Operation, route: Route, done: Described, links: Described) -> Described:
    """Return the responses of a route: any can be waited for, and any but a public one can become a job.

    Args:
        op: The operation.
        route: One of its routes.
        done: The response of success.
        links: Where to go from there.
    """
    reads = route.method == "GET" and not op.changes and route.mode is Mode.WAIT
    names = ["Preference-Applied"] if op.right is not Right.PUBLIC else []
    names += ["ETag"] if op.changes or reads else []
    names += ["X-Total-Count", "X-Page-Count"] if "page" in options.names(op) else []
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    made = {"200": done | {"headers": headers} | ({"links": links} if links else {})}
    if reads:
        made["304"] = {"$ref": "#/components/responses/NotModified"}
    if op.right is not Right.PUBLIC:
        made["202"] = {"$ref": "#/components/responses/Accepted"}
    return made | {str(status): {"$ref": f"#/components/responses/Failed{status}"} for status in _failures(op)}


def _failures(op: Operation) -> list[int]:
    return [status for status in FAILURES if op.changes or status != CONDITIONAL]


def responses(accepted: Described, failed: Described) -> dict[str, Described]:
    """Return the responses that routes share."""
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("Location", "Preference-Applied")}
    return {
        "Accepted": accepted | {"headers": headers, "links": TO_JOB},
        **{f"Failed{status}": failed | {"description": description} for status, description in FAILURES.items()},
        "NotModified": {"description": "The caller has it already."},
    }
