"""WinCC: active and former alarms, at the routes of /api/v1. Facts: docs/facts/wincc.md#printed-routes."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response

from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach
from engineering_api.web.answers import json_response
from engineering_api.web.identify import Call
from runtime_data.alarms.filters import AlarmFilter
from runtime_data.wincc import alarms
from runtime_data.wincc.requests import MOST_TAGS, number, print_milliseconds, time

section = Section("WinCC")
MOST_PRIORITY = 1000
FILTERS = {
    "class": "The alarms of this class.",
    "tag": "The alarms of tags with this name, with its source or without; * and ? stand for other characters.",
    "area": "The alarms of this area; * and ? stand for other characters.",
    "priority": "The lowest priority, 0 to 1000.",
    "text": "A part of the text.",
    "limit": "At most so many, up to 10000.",
}


@section.endpoint("GET /api/v1/alarms/current", reach=Reach.ALL, media="application/json", query=FILTERS)
async def list_current(ctx: Context, request: Call) -> Response[bytes]:
    """List the alarms that are active, or wait for an acknowledgement or a reset; the most urgent first."""
    found = alarms.list_active(ctx, _filter(request, hidden=False))
    shown, language = found[: number(request, "limit", MOST_TAGS, least=1)], alarms.language_of(request)
    return await _answer([alarms.describe(each, language) for each in shown], len(found))


@section.endpoint(
    "GET /api/v1/alarms/archive",
    also=["start", "begin", "end"],
    reach=Reach.ALL,
    media="application/json",
    query=FILTERS | {"from": "The first moment; a day before the end without it.", "to": "The end; now without it."},
)
async def list_archive(ctx: Context, request: Call) -> Response[bytes]:
    """List what happened to alarms, the newest first."""
    language, limit = alarms.language_of(request), number(request, "limit", 1000, least=1)
    begin, end = time(request, "from", "start", "begin"), time(request, "to", "end")
    events = await alarms.list_journal(ctx, begin, end, _filter(request, hidden=True), limit)
    found = [
        alarms.describe(each.alarm, language)
        | {
            "event": each.kind.value,
            "timestamp": print_milliseconds(each.time),
            "user": each.user,
            "comment": each.comment,
        }
        for each in events
    ]
    return await _answer(found, len(found))


def _filter(request: Call, *, hidden: bool) -> AlarmFilter:
    query = request.query_params
    return AlarmFilter(
        classes=[query["class"]] if query.get("class") else (),
        tags=[each for pattern in alarms.glob(query.get("tag", "")) for each in (pattern, f"*:{pattern}")],
        areas=alarms.glob(query.get("area", "")),
        lowest=number(request, "priority", 0, most=MOST_PRIORITY),
        text=query.get("text", ""),
        hidden="with" if hidden else "without",
    )


async def _answer(found: list[dict[str, Any]], total: int) -> Response[bytes]:
    content = await asyncio.to_thread(wire.encode, found)
    return json_response(content, headers={"X-Total-Count": str(total)})
