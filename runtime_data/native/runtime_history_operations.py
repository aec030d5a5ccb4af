"""Runtime Data: values of the past, aggregates of them, values entered by hand, and exports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar.response import Stream

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Problem
from runtime_data.history.history import MOST_BUCKETS, MOST_SAMPLES, History
from runtime_data.history.model import Bucket, Mode, Order, Sample, Series
from runtime_data.native.history_answers import (
    INTEGERS,
    TIME,
    Integers,
    Past,
    of_bucket,
    of_sample,
    published,
    read_interval,
    read_time,
    written,
)
from runtime_data.native.history_export import FORMATS, export_format, pieces_of
from runtime_data.values import RuntimeScalar

section = Section("Runtime Data", reach=Reach.ALL, lock=Lock.NONE)
MOST_TAGS = 100
TAG = "A tag that is or was logged: source:path, such as PLC_1:Motor.speed."
Scalar = bool | int | float | str


class Stretch(Request, kw_only=True):
    """A stretch of time, and what is asked of it."""

    begin: Annotated[str, named(f"{TIME}. The first moment.", "from")] = msgspec.field(name="from")
    end: Annotated[str, named(f"{TIME}. The first moment that is not included; now by default.", "to")] = msgspec.field(
        name="to", default=""
    )
    aggregate: Annotated[Mode | None, named("What is calculated of each interval; values as logged without it.")] = None
    interval: Annotated[float, named("Seconds of an interval; 0 for one of the whole time.", ge=0, le=1e9)] = 0.0
    interpolate: Annotated[
        bool, named("Whether Average takes floating-point numbers to change evenly from value to value, not by steps.")
    ] = False
    limit: Annotated[int, named("How many values at most, of all tags together.", ge=1, le=MOST_SAMPLES)] = 10_000
    order: Annotated[Order, named("By time: ascending or descending.")] = "ascending"
    bounds: Annotated[
        bool, named("Whether the last value before the time and the first one after it are added; they count not.")
    ] = False
    int64: Annotated[Integers, INTEGERS] = "number"


class Query(Stretch, kw_only=True):
    """Which tag, and when."""

    tag: Annotated[str, named(TAG)]


class QueryMany(Stretch, kw_only=True):
    """Which tags, and when."""

    tags: Annotated[list[str], named(TAG, "tagNames", min_length=1, max_length=MOST_TAGS)]
    layout: Annotated[
        Literal["wide", "tall"], named("wide for a row for each moment, tall for a row for each value.", "returnFormat")
    ] = "tall"


class TagPast(Model):
    """Values of a tag, or aggregates.

    Attributes:
        tag: Its full name.
        unit: Its unit.
        aggregate: The kind of aggregate; null for values as logged.
        values: By time.
        next_page: Where the next page begins: send it as `from`, or as `to` where the order is descending; null where this
            is the last page.
    """

    tag: str
    unit: str
    aggregate: Mode | None
    values: list[Past]
    next_page: str | None


class TallRow(Past, kw_only=True):
    """A value of one of several tags.

    Attributes:
        tag: Its full name.
    """

    tag: str


class WideRow(Model):
    """The values of several tags at a moment.

    Attributes:
        time: The moment, or when the stretch begins.
        values: A value for each tag; null where that tag has none at this moment.
        status_codes: OPC UA's numbers of their qualities; null where the tag has no value at this moment.
    """

    time: str
    values: list[RuntimeScalar | list[RuntimeScalar]]
    status_codes: list[int | None]


class Table(Model):
    """Values of several tags.

    Attributes:
        tags: Their full names: the order of the values of a wide row.
        rows: By time, a row for each value; none where the layout is wide.
        wide: By time, a row for each moment; none where the layout is tall.
        complete: Whether these are all; otherwise ask for a shorter time.
    """

    tags: list[str]
    rows: list[TallRow]
    wide: list[WideRow]
    complete: bool


class ByHand(Model):
    """A value and when it was so."""

    value: Annotated[Scalar, named("A value of the tag's type.")]
    time: Annotated[str, named(f"{TIME}; now by default.")] = ""


class Insert(Request):
    """Values of a tag that somebody enters."""

    tag: Annotated[str, named(TAG)]
    values: Annotated[list[ByHand], named("The values.", min_length=1, max_length=10_000)]


@section.operation(
    also="GET /api/runtime/history",
    right=Right.VIEW,
    changes=False,
    items="values",
    example={
        "tag": "memory:Order.count",
        "from": "2026-11-22T06:00:00Z",
        "to": "2026-11-22T14:00:00Z",
        "aggregate": "Average",
        "interval": 60,
    },
)
async def query(ctx: Context, request: Query) -> TagPast:
    """Read logged values of a tag, or aggregates of them. docs/runtime/history.md has the rules of each aggregate."""
    series = await _readable(ctx, request.tag)
    found = await _past(ctx, series, request, request.limit)
    shown = [_shown(each, request.int64) for each in found]
    return TagPast(
        tag=series.tag,
        unit=series.unit,
        aggregate=request.aggregate,
        values=shown,
        next_page=_next_page(found, request),
    )


@section.operation(
    also="POST /api/runtime/history/actions/query",
    right=Right.VIEW,
    changes=False,
    items="rows",
    example={
        "tags": ["memory:Order.count"],
        "from": "2026-11-22T06:00:00Z",
        "to": "2026-11-22T14:00:00Z",
        "layout": "wide",
    },
)
async def query_many(ctx: Context, request: QueryMany) -> Table:
    """Read logged values of several tags, or aggregates of them, as one table."""
    series = list({each.number: each for each in [await _readable(ctx, tag) for tag in request.tags]}.values())
    left, complete = request.limit, True
    columns: list[list[Sample] | list[Bucket]] = []
    for each in series:
        if left:
            columns.append(await _past(ctx, each, request, left))
            complete = complete and _next_page(columns[-1], request, left) is None
            left -= min(left, len(columns[-1]))
        else:
            columns.append([])
            complete = False
    return Table(
        tags=[each.tag for each in series],
        rows=_tall(series, columns, request) if request.layout == "tall" else [],
        wide=_wide(series, columns, request) if request.layout == "wide" else [],
        complete=complete,
    )


@section.operation(
    also="POST /api/runtime/history/actions/insert",
    no_tool="a person enters values by hand",
    destroys=True,
    undo=Undo.NEVER,
    repeatable=True,
    example={"tag": "memory:Order.count", "values": [{"value": 12}]},
    done="Values entered",
)
async def insert(ctx: Context, request: Insert) -> TagPast:
    """Enter values of a logged tag by hand. They are marked so (GoodLocalOverride), and replace values of the same moment."""
    series = await _readable(ctx, request.tag)
    values = [(read_time(each.time, "values"), each.value) for each in request.values]
    samples = await ctx.service.part(History).insert(series.tag, values)
    shown = [of_sample(each, "number") for each in samples]
    return TagPast(tag=series.tag, unit=series.unit, aggregate=None, values=shown, next_page=None)


@section.endpoint(
    "GET /api/runtime/history/export",
    reach=Reach.ALL,
    media=FORMATS["ndjson"],
    query={
        "tag": f"{TAG} Repeat it for several.",
        "from": f"{TIME}. The first moment.",
        "to": f"{TIME}. The first moment that is not included; now by default.",
        "format": "ndjson, the default, csv or parquet.",
    },
)
async def export(ctx: Context, request: Call) -> Stream:
    """Export logged values of tags, tag by tag and by time: as CSV, as lines of JSON, or as Parquet."""
    given = request.query_params
    tags, form = given.getall("tag", []), export_format(given.get("format", "ndjson"))
    ctx.require(
        tags and given.get("from"), "request.missing_field", "Name tags and a time: ?tag=PLC_1:a&from=2026-11-22."
    )
    ctx.require(len(tags) <= MOST_TAGS, "runtime.history_limit", f"One export has at most {MOST_TAGS} tags.")
    series = [await _readable(ctx, tag) for tag in tags]
    begin, end = read_time(given["from"], "from"), read_time(given.get("to", ""), "to")
    history = ctx.service.part(History)
    await history.query(series[0].tag, begin, end, limit=1)
    pieces = pieces_of(history, [each.tag for each in series], begin, end, form)
    name = f'attachment; filename="history.{form}"'
    return Stream(pieces, media_type=FORMATS[form], headers={"Content-Disposition": name})


async def _readable(ctx: Context, tag: str) -> Series:
    """Return the series of a tag that the caller may read."""
    history = ctx.service.part(History)
    series = await history.find(tag)
    history.require_readable(ctx.caller, series.tag)
    return series


async def _past(ctx: Context, series: Series, request: Stretch, limit: int) -> list[Sample] | list[Bucket]:
    history = ctx.service.part(History)
    begin, end = read_time(request.begin, "from"), read_time(request.end, "to")
    if request.aggregate is None:
        return await history.query(series.tag, begin, end, limit=limit, order=request.order, bounds=request.bounds)
    interval, mode = read_interval(request.interval), request.aggregate
    ctx.require(
        interval or not request.interval, "runtime.interval", "An interval has at least a microsecond: 0.000001."
    )
    found = await history.aggregate(series.tag, begin, end, mode, interval, interpolate=request.interpolate)
    if len(found) > limit:
        msg = f"There are {len(found)} intervals: ask for a shorter time, a longer interval or a higher limit."
        raise Problem("runtime.history_limit", msg, kind=Kind.TOO_LARGE).beyond(min(limit, MOST_BUCKETS), len(found))
    return found if request.order == "ascending" else found[::-1]


def _next_page(found: list[Sample] | list[Bucket], request: Stretch, limit: int = 0) -> str | None:
    """Return where the next page of samples begins; None where there is none."""
    begin, end = read_time(request.begin, "from"), read_time(request.end, "to")
    inside = [each.time for each in found if isinstance(each, Sample) and begin <= each.time < end]
    if len(inside) < (limit or request.limit):
        return None
    return written(inside[-1] + (1 if request.order == "ascending" else 0))


def _shown(each: Sample | Bucket, integers: Integers) -> Past:
    return of_sample(each, integers) if isinstance(each, Sample) else of_bucket(each, integers)


def _tall(series: list[Series], columns: list[list[Sample] | list[Bucket]], request: Stretch) -> list[TallRow]:
    rows = [
        (each, TallRow(tag=one.tag, **msgspec.structs.asdict(_shown(each, request.int64))))
        for one, column in zip(series, columns, strict=True)
        for each in column
    ]
    rows.sort(key=lambda row: _time(row[0]), reverse=request.order == "descending")
    return [row for _, row in rows]


def _wide(series: list[Series], columns: list[list[Sample] | list[Bucket]], request: Stretch) -> list[WideRow]:
    by_time: dict[int, dict[int, Sample | Bucket]] = {}
    for place, column in enumerate(columns):
        for each in column:
            by_time.setdefault(_time(each), {})[place] = each
    return [
        WideRow(
            time=written(time),
            values=[_value(row.get(place), request.int64) for place in range(len(series))],
            status_codes=[row[place].status if place in row else None for place in range(len(series))],
        )
        for time, row in sorted(by_time.items(), reverse=request.order == "descending")
    ]


def _time(each: Sample | Bucket) -> int:
    return each.time if isinstance(each, Sample) else each.begin


def _value(each: Sample | Bucket | None, integers: Integers) -> Any:
    if each is None:
        return None
    value, text = published(each.value, integers)
    return text or value
