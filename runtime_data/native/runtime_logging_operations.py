"""Runtime Data: which tags are logged, and how."""

from __future__ import annotations

from typing import Annotated

import msgspec

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Kind, Problem
from runtime_data.history.history import History, HistoryStatus
from runtime_data.history.model import LoggingMode, Series

section = Section("Runtime Data", reach=Reach.ALL, lock=Lock.NONE)
NO_TOOL = "an engineer decides what is logged"
TAG = "The tag: source:path, such as PLC_1:Motor.speed."
MODE = named("change logs each value that differs from the last one, cycle the present value once a period.")
PERIOD = named("Seconds from one reading to the next.", ge=0.05, le=86_400)
DEADBAND = named("A number is logged only where it differs from the last one by more than this.", ge=0)
KEEP = named("Days for which values are kept; what is older remains as one row an hour.", "keepDays", ge=1, le=36_500)
UNIT = named("Its unit.", max_length=40)


class LoggedSeries(Model):
    """A tag that is logged.

    Attributes:
        tag: Its full name.
        period: Seconds from one reading to the next.
        deadband: The change of a number that is not logged.
        keep: Days for which values are kept.
        unit: Its unit.
    """

    tag: str
    mode: LoggingMode
    period: float
    deadband: float
    keep: int
    unit: str


class Logging(Model):
    """What is logged, and how that goes.

    Attributes:
        series: The tags that are logged.
        status: How many values were written, wait or were lost.
    """

    series: list[LoggedSeries]
    status: HistoryStatus


class Define(Request):
    """A tag to log."""

    tag: Annotated[str, named(TAG, min_length=1, max_length=1000)]
    mode: Annotated[LoggingMode, MODE] = "change"
    period: Annotated[float, PERIOD] = 0.5
    deadband: Annotated[float, DEADBAND] = 0.0
    keep: Annotated[int, KEEP] = 365
    unit: Annotated[str, UNIT] = ""


class OnSeries(Request):
    """Which series."""

    series: Annotated[str, named(TAG, "tag")]


class Change(OnSeries):
    """What is changed; the rest stays as it is."""

    mode: Annotated[LoggingMode | None, MODE] = None
    period: Annotated[float, PERIOD] | None = None
    deadband: Annotated[float, DEADBAND] | None = None
    keep: Annotated[int, KEEP] | None = None
    unit: Annotated[str, UNIT] | None = None


@section.operation(also="GET /api/runtime/logging", right=Right.VIEW, changes=False, items="series")
async def list_(ctx: Context, _: Nothing) -> Logging:
    """List the tags that are logged, and how many values were written, wait or were lost."""
    history = ctx.service.part(History)
    return Logging(series=[_of(each) for each in await history.series()], status=await history.status())


@section.operation(
    also="POST /api/runtime/logging",
    no_tool=NO_TOOL,
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"tag": "memory:Order.count", "deadband": 0.5},
    done="The tag is logged",
)
async def create(ctx: Context, request: Define) -> LoggedSeries:
    """Log a tag from now on.

    Values that were logged of it before belong to it again.
    """
    history = ctx.service.part(History)
    tag = await history.full_name(request.tag)
    if any(each.tag.casefold() == tag.casefold() for each in await history.series()):
        msg = f"{tag} is logged already: change its series with PATCH /api/runtime/logging/{{series}}."
        raise Problem("runtime.series_exists", msg, kind=Kind.CONFLICT)
    settings = {name: getattr(request, name) for name in request.__struct_fields__ if name != "tag"}
    return _of(await history.define(Series(tag, **settings)))


@section.operation(
    also="PATCH /api/runtime/logging/{series}",
    no_tool=NO_TOOL,
    destroys=True,
    undo=Undo.NEVER,
    repeatable=True,
    example={"series": "memory:Order.count", "keep": 30},
    done="Series changed",
    resource=list_,
)
async def update(ctx: Context, request: Change) -> LoggedSeries:
    """Change how a tag is logged. With fewer days to keep, older values are rolled up by hour and removed."""
    history = ctx.service.part(History)
    found = await history.logged(request.series)
    names = ("mode", "period", "deadband", "keep", "unit")
    new = {name: value for name in names if (value := getattr(request, name)) is not None}
    return _of(await history.define(msgspec.structs.replace(found, **new)))


@section.operation(
    also="DELETE /api/runtime/logging/{series}",
    no_tool=NO_TOOL,
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"series": "memory:Order.count"},
    done="The tag is not logged any more",
    resource=list_,
)
async def delete(ctx: Context, request: OnSeries) -> LoggedSeries:
    """End the logging of a tag. Logged values stay until their days are over."""
    return _of(await ctx.service.part(History).remove(request.series))


def _of(series: Series) -> LoggedSeries:
    return LoggedSeries(
        tag=series.tag,
        mode=series.mode,
        period=series.period,
        deadband=series.deadband,
        keep=series.keep,
        unit=series.unit,
    )
