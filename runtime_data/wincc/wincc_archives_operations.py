"""WinCC: archived values of a tag, at a route of /api/v1. The user's page promises it, and prints no form."""

from __future__ import annotations

import re
from typing import Any, cast, get_args

from litestar import Response

from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach
from engineering_api.web.answers import json_response
from engineering_api.web.identify import Call
from runtime_data.history.history import History
from runtime_data.history.model import HOUR, AggregationMode, Mode
from runtime_data.quality import quality_of
from runtime_data.wincc import archives
from runtime_data.wincc.requests import MOST_TAGS, invalid, named, number, print_milliseconds, time

section = Section("WinCC")
MODES = {each.casefold(): each for each in get_args(AggregationMode)} | {
    "avg": "Average",
    "mean": "Average",
    "min": "Minimum",
    "max": "Maximum",
    "last": "LastValue",
}
_INTERVAL = re.compile(r"(\d{1,9})(ms|s|m|h|d)?")
_UNITS = {"ms": 1000, "": 10**6, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86_400 * 10**6}


@section.endpoint(
    "GET /api/v1/archives/{tag}/values",
    also=["start", "begin", "end"],
    reach=Reach.ALL,
    media="application/json",
    query={
        "from": "The first moment; an hour before the end without it.",
        "to": "The first moment that is not included; now without it.",
        "aggregate": "average, min, max, sum, count, last or another mode of the history.",
        "interval": "Of an aggregate: seconds, or a number with ms, s, m, h or d; one bucket without it.",
        "limit": "Values of the answer, up to 10000.",
    },
)
async def read_archive(ctx: Context, request: Call) -> Response[bytes]:
    """Read the archived values of a tag, or an aggregate of them."""
    name = named(request, "tag")
    series = await archives.find_series(ctx, name)
    begin, end = time(request, "from", "start", "begin"), time(request, "to", "end")
    wanted = archives.stretch(begin, end, number(request, "limit", MOST_TAGS, least=1), usual=HOUR)
    mode = request.query_params.get("aggregate", "")
    if not mode:
        samples = await archives.read_samples(ctx, series, wanted)
        found = [_archived(name, each.value, each.status, each.time) for each in samples]
        return json_response(wire.encode(found))
    if mode.casefold() not in MODES:
        raise invalid(f"There is no aggregate '{mode[:40]}': use {', '.join(sorted(MODES))}.")
    buckets = await ctx.service.part(History).aggregate(
        series.tag, wanted.begin, wanted.end, cast("Mode", MODES[mode.casefold()]), _interval(request)
    )
    found = [_archived(name, each.value, each.status, each.begin) for each in buckets]
    return json_response(wire.encode(found))


def _archived(name: str, value: Any, status: int, when: int) -> dict[str, Any]:
    shown, text = archives.json_number(value)
    found = {"name": name, "value": shown, "quality": quality_of(status), "timestamp": print_milliseconds(when)}
    return found | ({"text": text} if text else {})


def _interval(request: Call) -> int:
    text = request.query_params.get("interval", "").strip()
    if not text:
        return 0
    found = _INTERVAL.fullmatch(text)
    if found is None or not int(found[1]):
        raise invalid("'interval' must be a number of seconds, or a number with ms, s, m, h or d.")
    return int(found[1]) * _UNITS[found[2] or ""]
