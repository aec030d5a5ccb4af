"""What requests of WinCC's clients say: names in the path, numbers and times in the query, lists in the body."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import unquote

from engineering_api.operations.binding import require_known
from engineering_api.operations.context import Context
from engineering_api.web.bodies import decode_any
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Problem
from runtime_data.values import microseconds, moment

MOST_TAGS = 10_000
"""Tags in one request, and entries in one answer."""


def named(request: Call, parameter: str = "name") -> str:
    """Return a name that the path has."""
    return unquote(str(request.path_params[parameter]))


def number(request: Call, field: str, default: int, *, least: int = 0, most: int = MOST_TAGS) -> int:
    """Return a whole number of the query.

    Raises:
        Problem: It is none, or out of its limits.
    """
    text = request.query_params.get(field, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text[:18]) <= most:
        raise invalid(f"'{field}' must be a whole number from {least} to {most}.")
    return int(text)


def time(request: Call, *fields: str) -> int | None:
    """Return a moment of the query in microseconds since 1970; without a zone it is of the server's zone. None without one.

    Args:
        request: The request.
        fields: The names that it may have in the query; the first that is there counts.

    Raises:
        Problem: It is none.
    """
    found = next((text for field in fields if (text := request.query_params.get(field, "").strip())), "")
    return parse_time(found, fields[0]) if found else None


def parse_time(text: str, field: str) -> int:
    """Return a moment in microseconds since 1970.

    Raises:
        Problem: It is none.
    """
    try:
        # a plus sign that a client did not encode comes as a blank
        return microseconds(dt.datetime.fromisoformat(text.strip().replace(" +", "+").replace(" ", "T")).astimezone())
    except (ValueError, OverflowError, OSError):
        raise invalid(f"'{field}' must be a time such as 2026-06-01T10:30:00Z.") from None


def print_seconds(when: int) -> str:
    """Return a moment as the users' page prints it: 2026-06-01T10:30:00Z."""
    return moment(when).strftime("%Y-%m-%dT%H:%M:%SZ")


def print_milliseconds(when: int) -> str:
    """Return a moment with milliseconds: 2026-06-01T10:30:00.123Z."""
    return f"{moment(when):%Y-%m-%dT%H:%M:%S}.{when // 1000 % 1000:03}Z"


async def body_of(ctx: Context, request: Call) -> Any:
    """Return what the body of a request says, in JSON or XML.

    Raises:
        Problem: It is neither.
    """
    is_xml = "xml" in request.headers.get("content-type", "").lower()
    return decode_any(await request.body(), ctx.service.settings, is_xml=is_xml)


def fields_of(body: Any, form: str, *names: str) -> dict[str, Any]:
    """Return the object that a body is, with all of these fields and no others.

    Raises:
        Problem: It is none, lacks one (wincc.request), or has another one (request.unknown_field).
    """
    if not isinstance(body, dict) or not all(name in body for name in names):
        raise invalid(f"The body must be {form}.")
    require_known(body, names)
    return body


def texts(found: Any, field: str) -> list[str]:
    """Return a list of texts that a body has.

    Raises:
        Problem: It is none, or too long.
    """
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise invalid(f"'{field}' must be a list of names.")
    return require_few(found)


def require_few(found: list[Any]) -> list[Any]:
    """Return a list that is not too long.

    Raises:
        Problem: It is.
    """
    if len(found) > MOST_TAGS:
        msg = f"The request names {len(found)} tags; the limit is {MOST_TAGS}: split it into several."
        raise Problem("wincc.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_TAGS, len(found))
    return found


def invalid(message: str) -> Problem:
    """Return the problem of a request that cannot be understood."""
    return Problem("wincc.request", message, kind=Kind.INVALID)
