"""Values of tags: one, and many of several sources at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Detail
from openness_bridge.program_identity import ProgramState
from runtime_data.documents import Int64, RuntimeValue, show
from runtime_data.native.runtime_tags_operations import LONGEST_TAG, TAG, OnTag
from runtime_data.program_states import ProgramStates
from runtime_data.refusals import as_problem, is_of_request
from runtime_data.runtime import Runtime, Write, Written
from runtime_data.values import Scalar, Value, sources_of, split

section = Section("Runtime Data", reach=Reach.TAGS, lock=Lock.NONE)
NO_TOOL = "a model does not write to a running plant: people and programs with a rule do"
MOST_READ, MOST_WRITTEN = 10_000, 1000
LONGEST_TEXT = 20_000
"""Characters of a text that is written, more than the longest WString has."""
VALUE = "A value of the tag's type, or its text as TIA Portal writes it, such as T#2s or 16#FF."
EXPECTED = (
    "The value that the tag must have before; otherwise it is not written. Without it the service does not compare."
)
INT64 = named("string writes integers of 64 bits as texts, because many readers of JSON keep only 53 bits of a number.")
VERIFY = "Whether to read each written tag back."
AGE = named("Seconds for which a value that was read before is new enough; 0 reads the source.", ge=0, le=3600)
NewValue = bool | int | float | Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class Get(OnTag):
    """Which tag."""

    max_age: Annotated[float, AGE] = 0.0
    int64: Annotated[Int64, INT64] = "number"


class Put(OnTag):
    """A new value for a tag."""

    value: Annotated[NewValue, named(VALUE)]
    expected: Annotated[Scalar | None, named(EXPECTED)] = None
    verify: Annotated[bool, named(VERIFY)] = False
    int64: Annotated[Int64, INT64] = "number"


class Read(Request):
    """Which tags."""

    tags: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TAG)]],
        named(TAG, min_length=1, max_length=MOST_READ),
    ]
    max_age: Annotated[float, AGE] = 0.0
    int64: Annotated[Int64, INT64] = "number"


class NewTagValue(Model):
    """A new value for a tag."""

    tag: Annotated[str, named(TAG, min_length=1, max_length=LONGEST_TAG)]
    value: Annotated[NewValue, named(VALUE)]
    expected: Annotated[Scalar | None, named(EXPECTED)] = None


class WriteMany(Request):
    """Tags and their new values."""

    writes: Annotated[list[NewTagValue], named("The tags.", min_length=1, max_length=MOST_WRITTEN)]
    atomic: Annotated[bool, named("Write all or none, between two cycles; the tags are of one source then.")] = False
    verify: Annotated[bool, named(VERIFY)] = False
    int64: Annotated[Int64, INT64] = "number"


class RuntimeWrite(Model, omit_defaults=True):
    """What came of a write.

    Attributes:
        written: Whether the tag was written.
        error: Why it was not.
        before: What the tag had before; null where it is not known.
        after: The value that was read back; null unless it was asked for.
        verified: Whether that is the written value. If not, the program has changed it since.
    """

    tag: str
    written: bool
    error: Detail | None = None
    before: RuntimeValue | None = None
    after: RuntimeValue | None = None
    verified: bool | None = None


class RuntimeWrites(Model):
    """What came of several writes.

    Attributes:
        written: How many tags were written.
        refused: How many were not.
        results: One for each tag, in the order asked.
    """

    written: int
    refused: int
    results: list[RuntimeWrite]


@section.operation(
    also="GET /api/runtime/tags/{tag}/value",
    right=Right.VIEW,
    changes=False,
    example={"tag": "PLC_1:Running"},
    live=True,
)
async def get(ctx: Context, request: Get) -> RuntimeValue:
    """Read the value of a tag. One that has no value now has a quality and an error that say why."""
    (value,) = await ctx.service.part(Runtime).read(ctx.caller, [request.tag], request.max_age)
    if value.error is not None and is_of_request(value.error):
        raise as_problem(value.error)
    (shown,) = await _show_all(ctx, [value], request.int64)
    return shown


@section.operation(
    also="PUT /api/runtime/tags/{tag}/value",
    right=Right.OPERATE,
    destroys=True,
    undo=Undo.NEVER,
    no_tool=NO_TOOL,
    example={"tag": "PLC_1:Start", "value": True},
    done="Tag written",
    live=True,
)
async def put(ctx: Context, request: Put) -> RuntimeWrite:
    """Write the value of a tag."""
    write = _write_of(request.tag, request.value, request.expected)
    (written,) = await ctx.service.part(Runtime).write(ctx.caller, [write], verify=request.verify)
    if written.error is not None:
        raise as_problem(written.error)
    (shown,) = await _show_written(ctx, [written], request.int64)
    return shown


@section.operation(
    also="POST /api/runtime/values/actions/read",
    right=Right.VIEW,
    changes=False,
    example={"tags": ["PLC_1:Running", "memory:Order.number"]},
    live=True,
)
async def read(ctx: Context, request: Read) -> list[RuntimeValue]:
    """Read several tags, of several sources; those of one source at one moment. Each has its own quality and error."""
    values = await ctx.service.part(Runtime).read(ctx.caller, request.tags, request.max_age)
    return await _show_all(ctx, values, request.int64)


@section.operation(
    also="POST /api/runtime/values/actions/write",
    right=Right.OPERATE,
    items="results",
    destroys=True,
    undo=Undo.NEVER,
    no_tool=NO_TOOL,
    example={"writes": [{"tag": "PLC_1:Start", "value": True}], "atomic": True},
    done="Writes done: see written and refused",
    live=True,
)
async def write(ctx: Context, request: WriteMany) -> RuntimeWrites:
    """Write several tags. The answer has the outcome of each; with `atomic` all are written or none."""
    writes = [_write_of(each.tag, each.value, each.expected) for each in request.writes]
    done = await ctx.service.part(Runtime).write(ctx.caller, writes, atomic=request.atomic, verify=request.verify)
    good = sum(each.error is None for each in done)
    results = await _show_written(ctx, done, request.int64)
    return RuntimeWrites(written=good, refused=len(done) - good, results=results)


def _write_of(tag: str, value: Scalar, expected: Scalar | None) -> Write:
    return Write(tag, value, msgspec.UNSET if expected is None else expected)


async def _programs(ctx: Context, tags: Iterable[str]) -> dict[str, ProgramState]:
    """Return by source whether its CPU executes the program of the open project."""
    return await ctx.service.part(ProgramStates).find_states(sources_of(tags))


async def _show_all(ctx: Context, values: Sequence[Value], int64: Int64) -> list[RuntimeValue]:
    programs = await _programs(ctx, [each.tag for each in values])
    return [show(each, int64, programs[split(each.tag)[0]]) for each in values]


async def _show_written(ctx: Context, written: Sequence[Written], int64: Int64) -> list[RuntimeWrite]:
    programs = await _programs(ctx, [each.tag for each in written])
    return [_show(each, int64, programs[split(each.tag)[0]]) for each in written]


def _show(written: Written, int64: Int64, online: ProgramState) -> RuntimeWrite:
    return RuntimeWrite(
        tag=written.tag,
        written=written.error is None,
        error=written.error,
        before=None if written.before is None else show(written.before, int64, online),
        after=None if written.after is None else show(written.after, int64, online),
        verified=written.verified,
    )
