"""PLCSim Simulation: tags of an instance, one by one and many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec

from engineering_api.features.simulation.simulation_operations import INSTANCE
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named
from engineering_api.operations.streams import Listening, Message, yield_while_valid
from engineering_api.operations.terms import Lock, Reach, Right, Task, Undo
from engineering_api.web import value_stream
from openness_bridge.plcsim import tags as plcsim_tags
from openness_bridge.plcsim.tags import Outcome, TagPage, TagValue

section = Section("PLCSim Simulation", reach=Reach.ALL)
NAME = "Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not matter."
VALUE = "A value of the tag's type, or its text as TIA Portal writes it, such as T#2s or 16#FF."
Value = bool | int | float | str


class OnConnected(Request, kw_only=True):
    """Which instance."""

    instance: Annotated[str | None, named(INSTANCE, "instanceName")] = None


class ListTags(OnConnected, kw_only=True):
    """Which part of the tag list."""

    search: Annotated[str, named("Text that a name contains, without regard to case.", "filter", "q")] = ""
    offset: Annotated[int, named("How many are left out.", ge=0)] = 0
    limit: Annotated[int, named("How many follow at most.", ge=1, le=10_000)] = 1000


class Refresh(OnConnected, kw_only=True):
    """Which tags the list contains."""

    areas: Annotated[
        list[str],
        named("Of IO (inputs, outputs), M (bit memory), CT (counters, timers), DB (data blocks); all by default."),
    ] = msgspec.field(default_factory=list)
    hmi_visible_only: Annotated[bool, named("Only tags that are visible in HMI.")] = False


class OnTag(OnConnected, kw_only=True):
    """Which tag."""

    tag_name: Annotated[str, named(NAME, "tag", "name")]


class Write(OnTag, kw_only=True):
    """Which tag, and its new value."""

    value: Annotated[Value, named(VALUE)]


class ReadMany(OnConnected, kw_only=True):
    """Which tags."""

    tags: Annotated[list[str], named(NAME, "names", "tagNames", min_length=1, max_length=10_000)]


class NewValue(Model):
    """A tag and its new value."""

    name: Annotated[str, named(NAME, "tag", "tagName")]
    value: Annotated[Value, named(VALUE)]


class WriteMany(OnConnected, kw_only=True):
    """Which tags, and their new values."""

    values: Annotated[list[NewValue], named("The tags.", "tags", "signals", min_length=1, max_length=10_000)]


class Refreshed(Model):
    """How many entries the tag list has."""

    count: int


@section.operation(
    wait="GET /api/simulation/tags",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"search": "motor"},
    tool="plcsim_list_tags",
)
def list_(ctx: Context, request: ListTags) -> TagPage:
    """List the tags of an instance that is on: tags, members, array elements, structures and arrays themselves."""
    simulation = ctx.service.simulation
    return plcsim_tags.list_tags(simulation, request.instance, request.search, request.offset, request.limit)


@section.operation(
    wait="POST /api/simulation/tags/refresh",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"areas": ["IO", "DB"]},
    done="Tag list refreshed",
    tool="plcsim_refresh_tags",
)
def refresh(ctx: Context, request: Refresh) -> Refreshed:
    """Read the tag list again: needed after each download."""
    simulation = ctx.service.simulation
    count = plcsim_tags.refresh(simulation, request.instance, request.areas, hmi_only=request.hmi_visible_only)
    return Refreshed(count=count)


@section.operation(
    wait="GET /api/simulation/tags/{tagName}",
    also="GET /api/simulation/plcsim/tags/{tagName}",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"tagName": "Motor_Data.speed"},
    tool="plcsim_read_tag",
    task=Task.SIMULATE,
    when="to read the present value of a tag in the running simulation.",
    unless="for declarations: list_all_tags.",
)
def read(ctx: Context, request: OnTag) -> TagValue:
    """Read the value of a tag."""
    return plcsim_tags.read(ctx.service.simulation, request.instance, request.tag_name)


@section.operation(
    wait="PUT /api/simulation/tags/{tagName}",
    also="POST /api/simulation/plcsim/tags/{tagName}",
    destroys=True,
    undo=Undo.NEVER,
    lock=Lock.NONE,
    example={"tagName": "bStart", "value": True},
    done="Tag written",
    tool="plcsim_write_tag",
    task=Task.SIMULATE,
    when="to set the value of an input or tag in the running simulation.",
    unless="to change the declaration: update_tag.",
)
def write(ctx: Context, request: Write) -> TagValue:
    """Write the value of a tag."""
    return plcsim_tags.write(ctx.service.simulation, request.instance, request.tag_name, request.value)


@section.operation(
    wait="POST /api/simulation/tags/batch-read",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"tags": ["bStart", "Motor_Data.speed"]},
    tool="plcsim_batch_read",
)
def batch_read(ctx: Context, request: ReadMany) -> list[Outcome]:
    """Read several tags at one moment. The answer names the reason for each tag that cannot be read."""
    return plcsim_tags.read_many(ctx.service.simulation, request.instance, request.tags)


@section.operation(
    wait="POST /api/simulation/tags/batch-write",
    lock=Lock.NONE,
    done="Tags written",
    destroys=True,
    undo=Undo.NEVER,
    example={"values": [{"name": "bStart", "value": True}, {"name": "Motor_Data.delay", "value": "T#2s"}]},
    tool="plcsim_batch_write",
)
def batch_write(ctx: Context, request: WriteMany) -> list[Outcome]:
    """Write several tags between two cycles. If one cannot be written, none is."""
    values = [(each.name, each.value) for each in request.values]
    return plcsim_tags.write_many(ctx.service.simulation, request.instance, values)


@section.stream(
    "GET /api/simulation/stream",
    reach=Reach.ALL,
    query=value_stream.TAGS | {"instance": INSTANCE} | value_stream.PERIOD,
)
async def stream_values(listening: Listening) -> AsyncIterator[Message]:
    """Stream the values of tags of a simulated PLC."""
    ctx, tags = listening.context, value_stream.tags_of(listening)
    ctx.require(tags, "request.missing_field", "Name the tags: ?tag=bStart&tag=Motor.speed.")
    period = value_stream.period_of(listening.first("period"))
    read = await asyncio.to_thread(plcsim_tags.reader, ctx.service.simulation, listening.first("instance"), tags)
    values = value_stream.values(read, period, change_only=value_stream.wants_changes_only(listening))
    return yield_while_valid(listening, values)
