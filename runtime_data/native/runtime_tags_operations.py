"""Tags of sources: the list, the tree, what is known of one; and the tags that the service itself keeps."""

from __future__ import annotations

from typing import Annotated

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Detail, Kind, Problem
from runtime_data.rules import narrow
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import LARGEST_TEXT, MemorySource, MemoryTag
from runtime_data.sources.source import Source
from runtime_data.values import Scalar, TagInfo, split

section = Section("Runtime Data", reach=Reach.TAGS, lock=Lock.NONE)
TAG = "The tag: source:path, such as PLC_1:Motor.speed; without a source it is a tag of the default one."
LONGEST_TAG = 1000
DEEPEST = 5
MOST = 10_000
"""Nodes that one browse answers."""


class OfSource(Request):
    """Which tags."""

    source: Annotated[str, named("Name of the source; the default one without it.", max_length=LONGEST_TAG)] = ""


class Browse(OfSource):
    """Which part of the tree."""

    path: Annotated[
        str, named("Below which node, such as Motor, without the source; the top without it.", max_length=LONGEST_TAG)
    ] = ""
    depth: Annotated[int, named("How many levels.", ge=1, le=DEEPEST)] = 1


class OnTag(Request):
    """Which tag."""

    tag: Annotated[str, named(TAG, min_length=1, max_length=LONGEST_TAG)]


class Define(OnTag):
    """A tag that the service keeps."""

    data_type: Annotated[str, named("An elementary type such as Real, or String[n] or WString[n].", "type")]
    unit: Annotated[str, named("Its unit.", max_length=LARGEST_TEXT)] = ""
    minimum: Annotated[float | None, named("The smallest value that it takes; numbers only.", "min")] = None
    maximum: Annotated[float | None, named("The largest value that it takes; numbers only.", "max")] = None
    description: Annotated[str, named("What it is for.", "comment", max_length=LARGEST_TEXT)] = ""
    initial_value: Annotated[Scalar | None, named("Its value until somebody writes one; none without it.")] = None


class RuntimeTag(TagInfo, rename="camel", frozen=True, kw_only=True):
    """A tag, and what the caller may do with it.

    Attributes:
        may_read: Whether you may read it.
        may_write: Whether you may write it.
        refusal: Why you may not read it, or not write it.
        verify: Whether a rule demands that each write is read back.
        rate: How often a rule lets it be written, such as 1/s; empty without a limit.
    """

    may_read: bool
    may_write: bool
    refusal: Detail | None
    verify: bool
    rate: str


@section.operation(also="GET /api/runtime/tags", right=Right.VIEW, changes=False, example={"source": "PLC_1"})
def list_(ctx: Context, request: OfSource) -> list[TagInfo]:
    """List the tags of a source that have a value, as far as you may read them."""
    runtime = ctx.service.part(Runtime)
    return runtime.rules.visible(ctx.caller, runtime.sources.find(request.source).tags())


@section.operation(
    also="GET /api/runtime/tags/browse",
    right=Right.VIEW,
    changes=False,
    example={"source": "PLC_1", "depth": 2},
)
def browse(ctx: Context, request: Browse) -> list[TagInfo]:
    """List the nodes below a path of a source, to a depth: folders, structures, arrays and tags, as far as you may read them."""
    runtime = ctx.service.part(Runtime)
    found = runtime.rules.visible(ctx.caller, runtime.sources.find(request.source).browse(request.path, request.depth))
    if len(found) > MOST:
        msg = f"There are {len(found)} nodes, more than the {MOST} of one answer: choose a path or a smaller depth."
        raise Problem("runtime.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST, len(found))
    return found


@section.operation(
    also="GET /api/runtime/tags/{tag}",
    right=Right.VIEW,
    changes=False,
    example={"tag": "PLC_1:Running"},
)
def get(ctx: Context, request: OnTag) -> RuntimeTag:
    """Get a tag: its type, unit and limits, and what you may do with it."""
    runtime = ctx.service.part(Runtime)
    source, path = split(request.tag)
    found = runtime.sources.find(source)
    unread = runtime.rules.refuse_read(ctx.caller, f"{found.name}:{path}")
    if unread is not None:
        raise Problem(unread.code, unread.message, kind=Kind.FORBIDDEN, place=unread.place)
    info = found.find(path)
    unwritten = runtime.rules.refuse_write(ctx.caller, found, info)
    rule = runtime.rules.rule(info.tag)
    limited = narrow(info, rule)
    return RuntimeTag(
        **{name: getattr(limited, name) for name in limited.__struct_fields__},
        may_read=True,
        may_write=unwritten is None,
        refusal=unwritten,
        verify=rule is not None and rule.verify,
        rate="" if rule is None else rule.rate,
    )


@section.operation(
    also="PUT /api/runtime/tags/{tag}",
    right=Right.ENGINEER,
    destroys=True,
    creates=True,
    undo=Undo.NEVER,
    no_tool="engineers define the tags that the service keeps",
    example={"tag": "memory:Order.number", "dataType": "String[20]", "description": "Order of the ERP"},
    done="Tag defined",
)
def define(ctx: Context, request: Define) -> TagInfo:
    """Define a tag that the service keeps, or change one: it keeps its value where the type and the limits allow that."""
    memory, path = _memory_of(ctx, request)
    tag = MemoryTag(
        path,
        request.data_type,
        request.initial_value,
        minimum=request.minimum,
        maximum=request.maximum,
        unit=request.unit,
        description=request.description,
    )
    return memory.define(tag)


@section.operation(
    also="DELETE /api/runtime/tags/{tag}",
    right=Right.ENGINEER,
    destroys=True,
    undo=Undo.NEVER,
    no_tool="engineers define the tags that the service keeps",
    example={"tag": "memory:Order.number"},
    done="Tag removed",
)
def delete(ctx: Context, request: OnTag) -> TagInfo:
    """Remove a tag that the service keeps, with its value."""
    memory, path = _memory_of(ctx, request)
    return memory.undefine(path)


def _memory_of(ctx: Context, request: OnTag) -> tuple[MemorySource, str]:
    """Return the memory source of a tag that the caller may define, and the path.

    Raises:
        Problem: The source is another one, or the caller is limited to other tags.
    """
    runtime = ctx.service.part(Runtime)
    source, path = split(request.tag)
    found: Source = runtime.sources.find(source)
    if refusal := runtime.rules.refuse_read(ctx.caller, f"{found.name}:{path}"):
        raise Problem(refusal.code, refusal.message, kind=Kind.FORBIDDEN, place=refusal.place)
    if not isinstance(found, MemorySource):
        msg = f"The tags of {found.name} are those of a PLC's program: only tags of memory sources are defined here."
        raise Problem("runtime.not_memory", msg, kind=Kind.CONFLICT)
    return found, path
