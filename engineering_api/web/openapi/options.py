"""Describes in OpenAPI what every route takes and answers in addition to its operation's fields."""

from __future__ import annotations

from typing import Any

from engineering_api.operations.declaration import Operation
from engineering_api.operations.selection import LARGEST_PAGE, LAST_PAGE, USUAL_PAGE, fields_of, items_of, sort_pattern
from engineering_api.operations.terms import Mode, Right, Route
from engineering_api.web import options
from engineering_api.web.openapi import codes
from engineering_api.web.openapi.links import Links
from engineering_api.web.value_stream import ONLINE

Described = dict[str, Any]
FAILURES = {
    400: "The request is malformed, or a field is unknown, missing or of a wrong type.",
    401: "The API key is missing or wrong.",
    403: "The caller's right, the rights or licence of TIA Portal, or the allowed folders do not permit it.",
    404: "An object that the request names does not exist.",
    409: "The request conflicts with the present state: a name is used, a project is open, or a state forbids it.",
    410: "An object of TIA Portal was deleted meanwhile: send the request again.",
    412: "The object that If-Match names has changed since it was read.",
    413: "The request, or what it names, is larger than a limit of the service.",
    421: "The Host header is not a name of this server.",
    422: "TIA Portal, or one of its rules, refuses it.",
    429: "Too many requests: Retry-After and X-RateLimit-Reset say when to send the next one.",
    500: "An error of this service, or one of TIA Portal that it gives no reason for.",
    501: "TIA Portal Openness cannot do it; the message names the alternative.",
    502: "A server that the service uses, such as a language model, did not answer as expected.",
    503: "TIA Portal, or another program that the operation needs, is not available now.",
    504: "A server that the service uses, or TIA Portal, did not answer in time.",
    507: "The disk is full.",
}
"""What can be refused, by status; `x-codes` of an operation has its codes of each status."""
CONDITIONAL = 412
"""The one that no endpoint has."""
SELECTING = {"filter", "sort"}
"""The options whose description names the fields of the list."""
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
    "page": _query("page", "Which page, from 1.", _COUNT | {"maximum": LAST_PAGE}, 1),
    "pageSize": _query(
        "pageSize", f"Entries of a page, {USUAL_PAGE} by default.", _COUNT | {"maximum": LARGEST_PAGE}, 50
    ),
    "dryRun": _query("dryRun", "Change nothing, only report what would be done.", {"type": "boolean"}, False),
    "wait": _query(
        "wait",
        "Seconds to wait for the end; after them the route answers with a job. 0: with a job immediately.",
        {"type": "number", "minimum": 0, "maximum": options.LONGEST_WAIT},
        30,
    ),
    "If-Match": _header("If-Match", "Entity tags of a read: the edit is refused if the object has changed since."),
    "If-None-Match": _header(
        "If-None-Match", "Entity tags of the caller's copies: the answer is 304 if one is still current."
    ),
    "Prefer": _header("Prefer", "respond-async for a job immediately, wait=N to wait N seconds (RFC 7240)."),
}
HEADERS: dict[str, Described] = {
    "ETag": {"description": "The entity tag of the data.", "schema": _TEXT},
    "X-Total-Count": {"description": "Entries that met the filter, on all pages.", "schema": {"type": "integer"}},
    "X-Page-Count": {"description": "How many pages there are.", "schema": {"type": "integer"}},
    ONLINE: {
        "description": "Of each source whose values the answer has, whether its CPU executes the program of the open project: "
        "equal, differs or unknown, as in PLC_1=equal, Line%201=unknown.",
        "schema": _TEXT,
    },
    "Location": {"description": "Where the job is.", "schema": _TEXT},
    "Preference-Applied": {"description": "The preferences of Prefer that were applied.", "schema": _TEXT},
}


def parameters(op: Operation, route: Route, *, binds: bool) -> list[Described]:
    """Return the options of a route.

    Args:
        op: Its operation.
        route: It.
        binds: Whether the operation can be bound to an entity tag.
    """
    names = [name for name in options.names(op) if name not in SELECTING]
    if op.right is not Right.PUBLIC:
        names.append("Prefer")
    if not op.changes and route.method == "GET":
        names.append("If-None-Match")
    return [*_selecting(op), *_shared(names), *_binding(binds)]


def typed_parameters(op: Operation, *, binds: bool) -> list[Described]:
    """Return the options of a route that leave the type of its answer as it is; arguments as of `parameters`."""
    names = [name for name in options.names(op) if name in {"page", "pageSize"}]
    return [*_selecting(op), *_shared(names), *_binding(binds)]


def _shared(names: list[str]) -> list[Described]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _binding(binds: bool) -> list[Described]:
    return _shared(["If-Match"] if binds else [])


def _selecting(op: Operation) -> list[Described]:
    """Return the options that choose entries of a list, with the fields of its entries."""
    found = items_of(op.answer, op.items)
    offered = SELECTING & set(options.names(op))
    if found is None or not offered:
        return []
    known = list(fields_of(found[1]).values())
    usual = next((name for name in ("name", "id") if name in known), known[0] if known else "")
    about = f" Fields: {', '.join(known)}." if known else ""
    made = {
        "filter": _query(
            "filter",
            "Conditions that entries must meet, separated by ';': field, one of = != > >= < <= ~ (with * and ?), value. "
            f"A text alone is searched in all fields.{about}",
            _TEXT,
            f"{usual}~M*" if usual else "M",
        ),
        "sort": _query(
            "sort",
            f"Fields to sort by, separated by ','; '-' before a field for descending order.{about}",
            _TEXT | ({"pattern": sort_pattern(known)} if known else {}),
            f"-{usual}" if usual else "-",
        ),
    }
    return [made[name] for name in sorted(offered)]


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
    return made | failures(op)


def answers_in_time(op: Operation, route: Route, done: Described, links: Described) -> Described:
    """Return the responses of a route whose success has one type; arguments as of `answers`."""
    names = ["ETag"] if op.changes or route.method == "GET" else []
    names += ["X-Total-Count", "X-Page-Count"] if "page" in options.names(op) else []
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {"200": done | {"headers": headers} | ({"links": links} if links else {})} | failures(op)


def failures(op: Operation) -> Described:
    """Return the responses of an operation that say what went wrong, by their status."""
    return {str(status): {"$ref": f"#/components/responses/Failed{status}"} for status in codes.failures(op)}


def responses(accepted: Described, failed: Described, to_job: Links) -> dict[str, Described]:
    """Return the responses that routes share.

    Args:
        accepted: The job.
        failed: What went wrong.
        to_job: Where to go from the job.
    """
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("Location", "Preference-Applied")}
    return {
        "Accepted": accepted | {"headers": headers, "links": to_job},
        **{f"Failed{status}": failed | {"description": description} for status, description in FAILURES.items()},
        "NotModified": {"description": "The caller's copy is current."},
    }
