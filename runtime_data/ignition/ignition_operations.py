"""Ignition: the routes that WebDev handlers offer for tags, history, alarms and commands, and the handlers of users.

Their answers have no envelope. Facts: docs/facts/ignition.md#webdev.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from litestar import Response

from engineering_api.operations.binding import bind_document
from engineering_api.operations.context import Context
from engineering_api.operations.fields import Request, metas
from engineering_api.operations.terms import Right
from engineering_api.web.identify import Call, headers_of
from openness_bridge.errors import Kind, Place, Problem
from runtime_data.history.history import History
from runtime_data.ignition import alarm_events, commands, history_tables, qualities, tag_paths, tags, times
from runtime_data.ignition.alarm_events import Acknowledge, JournalQuery, StatusQuery
from runtime_data.ignition.family import MEDIA, answer, body_of, route, section
from runtime_data.ignition.history_tables import HistoryQuery
from runtime_data.ignition.tags import PathWrite
from runtime_data.ignition.webdev import Webdev
from runtime_data.values import Value

__all__ = ["section"]
R = TypeVar("R", bound=Request)
FORMAT = {"format": "json or xml."}
PATHS = {"path": "A tag path such as [default]Motor/speed; several are allowed."}
ALARMS = {
    "priority": "Diagnostic, Low, Medium, High, Critical; several are allowed.",
    "state": "ClearUnacked, ClearAcked, ActiveUnacked, ActiveAcked; several are allowed.",
    "path": "A part of the source, with * for any characters.",
    "source": "A whole source, with * for any characters.",
    "displaypath": "Area and name, with * for any characters.",
    "provider": "A source of the runtime.",
    "includeShelved": "Whether shelved and suppressed alarms are included: true or false.",
}
STRETCH = {"startDate": "The first moment.", "endDate": "The first moment that is not included; by default now."}
HISTORY = STRETCH | {
    "rangeHours": "Hours from the start, or back from the end.",
    "rangeMinutes": "Minutes that are added to rangeHours.",
    "returnSize": "How many rows of aggregates; 0 or -1 for the values as they were logged.",
    "intervalHours": "Hours of one row of aggregates.",
    "intervalMinutes": "Minutes that are added to intervalHours.",
    "aggregationMode": "What is calculated, such as Average.",
    "returnFormat": "Wide or Tall.",
}


@route(
    "GET /api/tags",
    query=PATHS | {"flat": "true for an object by name, false for a list with paths."} | FORMAT,
    live=True,
)
async def read(ctx: Context, request: Call) -> Response[bytes]:
    """Read tags; without a path all tags that are logged."""
    paths = request.query_params.getall("path", [])
    if not paths:
        paths = [tag_paths.to_path(each.tag) for each in await ctx.service.part(History).series()]
    values = await tags.read(ctx, paths)
    if not _flag(request, "flat", usual=True):
        return answer([{"path": path} | _shown(value) for path, value in zip(paths, values, strict=True)])
    names = [tag_paths.last_part(path) for path in paths]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        msg = f"Two paths end in '{twice}', so that they have one name: ask with flat=false."
        raise Problem("ignition.name_twice", msg, kind=Kind.INVALID)
    return answer({name: _shown(value) for name, value in zip(names, values, strict=True)})


@route("POST /api/write", right=Right.OPERATE, query=FORMAT, body=MEDIA)
async def write(ctx: Context, request: Call) -> Response[bytes]:
    """Write tags; the answer has the quality of each write."""
    body = await body_of(ctx, request)
    if "writes" not in body:
        raise Problem("ignition.writes", "Missing 'writes' field", kind=Kind.INVALID)
    try:
        writes = msgspec.convert(body["writes"], list[PathWrite])
    except msgspec.ValidationError as error:
        msg = f"'writes' is a list of objects with path and value: {error}."
        raise Problem("ignition.writes", msg, kind=Kind.INVALID) from None
    return answer(commands.completed(writes, await tags.write(ctx, writes)))


@route(
    "GET /api/browse",
    query={
        "path": "Below which path, such as [default]Motor; without it the providers.",
        "filter": "A glob of names.",
        "recursive": "Whether all levels below are listed: true or false.",
    }
    | FORMAT,
)
async def browse(ctx: Context, request: Call) -> Response[bytes]:
    """List the tags and folders below a path."""
    query = request.query_params
    nodes = await tags.browse(
        ctx, query.get("path", ""), query.get("filter", "*"), recursive=_flag(request, "recursive", usual=False)
    )
    return answer(nodes)


@route("GET /api/history", "POST /api/history", query=PATHS | HISTORY | FORMAT, body=MEDIA, binds=True)
async def history(ctx: Context, request: Call) -> Response[bytes]:
    """Read the past of tags that are logged, as values or aggregates, as a wide or tall table."""
    table = await history_tables.query(ctx, await _asked(ctx, request, HistoryQuery))
    return answer(table.objects())


@route("GET /api/alarms", query=ALARMS | FORMAT, binds=True)
async def alarms(ctx: Context, request: Call) -> Response[bytes]:
    """List the alarms that are not over, the most urgent first."""
    found = await alarm_events.status(ctx, await _asked(ctx, request, StatusQuery))
    return answer([each.plain() for each in found])


@route(
    "GET /api/alarms/journal", query=STRETCH | ALARMS | {"limit": "How many, the newest first."} | FORMAT, binds=True
)
async def journal(ctx: Context, request: Call) -> Response[bytes]:
    """List events of alarms, the newest first."""
    found = await alarm_events.journal(ctx, await _asked(ctx, request, JournalQuery))
    return answer([each.plain() for each in found])


@route("POST /api/alarms/acknowledge", right=Right.OPERATE, query=FORMAT, body=MEDIA, binds=True)
async def acknowledge(ctx: Context, request: Call) -> Response[bytes]:
    """Acknowledge alarms by their ids; the answer has the outcome of each."""
    done = await alarm_events.acknowledge(ctx, await _asked(ctx, request, Acknowledge))
    return answer({"status": "completed", "results": done})


@route("POST /api/cmd", right=Right.OPERATE, query=FORMAT, body=MEDIA)
async def command(ctx: Context, request: Call) -> Response[bytes]:
    """Run a command that the administrator's file lists."""
    body = await body_of(ctx, request)
    name, arguments = body.get("command"), body.get("args") or {}
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise Problem("ignition.command", "Missing 'command' field", kind=Kind.INVALID)
    found = ctx.service.part(Webdev).commands.get(name)
    if found is None:
        msg = (
            f"There is no command '{name[:80]}': an administrator lists commands in the file of TIA_IGNITION_COMMANDS."
        )
        raise Problem("ignition.command", msg, kind=Kind.MISSING)
    return answer(await commands.run(ctx, found, arguments))


@route("GET /{path}", "GET /api/{path}", "GET /api/alarms/{path}", deep=True, live=True)
async def handle_read(_: Context, request: Call) -> Response[bytes]:
    """Run the doGet of a user's handler."""
    raise _no_handler(request)


@route(
    *(f"{method} {path}" for method in ("POST", "PUT", "PATCH", "DELETE") for path in ("/{path}", "/api/{path}")),
    right=Right.OPERATE,
    body=MEDIA,
    deep=True,
    live=True,
)
async def handle_change(_: Context, request: Call) -> Response[bytes]:
    """Run the doPost, doPut, doPatch or doDelete of a user's handler."""
    raise _no_handler(request)


def _no_handler(request: Call) -> Problem:
    msg = f"There is no resource {request.url.path}: docs/runtime/ignition.md lists the routes."
    return Problem("ignition.no_resource", msg, kind=Kind.MISSING)


def _shown(value: Value) -> dict[str, Any]:
    time = value.source_time or value.server_time
    return {"value": value.value, "quality": str(qualities.of_value(value)), "timestamp": times.written(time)}


def _flag(request: Call, name: str, *, usual: bool) -> bool:
    text = request.query_params.get(name, str(usual)).casefold()
    if text not in {"true", "false", "1", "0"}:
        raise Problem("ignition.flag", f"{name} is true or false.", kind=Kind.INVALID, place=Place(pointer=f"/{name}"))
    return text in {"true", "1"}


async def _asked(ctx: Context, request: Call, kind: type[R]) -> R:
    """Return what a request asks for: its query, and the fields of its body."""
    lists = _names_of_lists(kind)
    fields: dict[str, Any] = {}
    for name in request.query_params:
        values = request.query_params.getall(name)
        if name != "format":
            fields[name] = values if name.casefold() in lists else values[-1]
    body = await body_of(ctx, request) if request.method != "GET" else {}
    is_text = fields or b"xml" in headers_of(request).get(b"content-type", b"").lower()
    found = bind_document(kind, body | fields, strict=not is_text)
    assert isinstance(found, kind)  # noqa: S101 - for the type checker
    return found


@cache
def _names_of_lists(kind: type[Request]) -> frozenset[str]:
    """Return the names under which a request takes lists, in lower case: a query repeats them."""
    found: set[str] = set()
    for field in msgspec.structs.fields(kind):
        if get_origin(get_args(field.type)[0]) is list:
            also = (name for meta in metas(field.type) for name in (meta.extra or {}).get("also", ()))
            found |= {name.casefold() for name in (field.encode_name, *also)}
    return frozenset(found)
