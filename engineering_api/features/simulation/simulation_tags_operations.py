"""PLCSim Simulation: tags of an instance, one by one and many at once."""

from __future__ import annotations

import asyncio
from typing import Annotated, TypeVar

import msgspec

from engineering_api.features.simulation.simulation_operations import INSTANCE
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named
from engineering_api.operations.streaming.streams import Listening, LiveStream
from engineering_api.operations.terms import Lock, Reach, Right, Task, Undo
from engineering_api.web import value_stream
from openness_bridge.plcsim import tags as plcsim_tags
from openness_bridge.plcsim.tags import Outcome, TagPage, TagValue
from openness_bridge.program_identity import of_program
from runtime_data.program_states import ProgramStates

section = Section("PLCSim Simulation", reach=Reach.ALL, lock=Lock.NONE)
NAME = "Name of the tag as in the tag list, such as bStart or Motor_Data.speed; quotes and case do not matter."
VALUE = "A value of the tag's type, or its text as TIA Portal writes it, such as T#2s or 16#FF."
Value = bool | int | float | str
V = TypeVar("V", TagValue, Outcome)


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
    changes=False,
    example={"tagName": "Motor_Data.speed"},
    tool="plcsim_read_tag",
    task=Task.SIMULATE,
    when="to read the present value of a tag in the running simulation.",
    unless="for declarations: list_all_tags.",
    live=True,
)
def read(ctx: Context, request: OnTag) -> TagValue:
    """Read the value of a tag."""
    found = plcsim_tags.read(ctx.service.simulation, request.instance, request.tag_name)
    return _of_program(ctx, request.instance, [found])[0]


@section.operation(
    wait="PUT /api/simulation/tags/{tagName}",
    also="POST /api/simulation/plcsim/tags/{tagName}",
    destroys=True,
    undo=Undo.NEVER,
    example={"tagName": "bStart", "value": True},
    done="Tag written",
    tool="plcsim_write_tag",
    task=Task.SIMULATE,
    when="to set the value of an input or tag in the running simulation.",
    unless="to change the declaration: update_tag.",
    live=True,
)
def write(ctx: Context, request: Write) -> TagValue:
    """Write the value of a tag."""
    written = plcsim_tags.write(ctx.service.simulation, request.instance, request.tag_name, request.value)
    return _of_program(ctx, request.instance, [written])[0]


@section.operation(
    wait="POST /api/simulation/tags/batch-read",
    right=Right.VIEW,
    changes=False,
    example={"tags": ["bStart", "Motor_Data.speed"]},
    tool="plcsim_batch_read",
    live=True,
)
def batch_read(ctx: Context, request: ReadMany) -> list[Outcome]:
    """Read several tags at one moment. The answer names the reason for each tag that cannot be read."""
    found = plcsim_tags.read_many(ctx.service.simulation, request.instance, request.tags)
    return _of_program(ctx, request.instance, found)


@section.operation(
    wait="POST /api/simulation/tags/batch-write",
    done="Tags written",
    destroys=True,
    undo=Undo.NEVER,
    example={"values": [{"name": "bStart", "value": True}, {"name": "Motor_Data.delay", "value": "T#2s"}]},
    tool="plcsim_batch_write",
    live=True,
)
def batch_write(ctx: Context, request: WriteMany) -> list[Outcome]:
    """Write several tags between two cycles. If one cannot be written, none is."""
    values = [(each.name, each.value) for each in request.values]
    written = plcsim_tags.write_many(ctx.service.simulation, request.instance, values)
    return _of_program(ctx, request.instance, written)


def _of_program(ctx: Context, instance: str | None, values: list[V]) -> list[V]:
    return of_program(values, ctx.service.part(ProgramStates).of_instance(instance).whole)


@section.stream(
    "GET /api/simulation/stream",
    reach=Reach.ALL,
    query=value_stream.TAGS | {"instance": INSTANCE} | value_stream.PERIOD,
    live=True,
)
async def stream_values(listening: Listening) -> LiveStream:
    """Stream the values of tags of a simulated PLC."""
    ctx, tags = listening.context, value_stream.tags_of(listening)
    ctx.require(tags, "request.missing_field", "Name the tags: ?tag=bStart&tag=Motor.speed.")
    instance, states = listening.first("instance"), ctx.service.part(ProgramStates)
    read = await asyncio.to_thread(plcsim_tags.reader, ctx.service.simulation, instance, tags)
    name = instance or str(ctx.service.simulation.connected or "")
    return value_stream.live_stream(listening, name, read, lambda: states.of_instance(instance).whole)
