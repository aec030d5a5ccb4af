"""Tags of the runtime under the names that WinCC's clients use: source:path, or the path of the default source."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Annotated, Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request
from engineering_api.operations.fields import named as field
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data.quality import (
    ACCESS_DENIED,
    BAD,
    NO_COMMUNICATION,
    NO_COMMUNICATION_LAST_USABLE,
    NOT_CONNECTED,
    OUT_OF_SERVICE,
    UNKNOWN_TAG,
)
from runtime_data.refusals import kind_of
from runtime_data.runtime import Runtime, Write
from runtime_data.sources.registry import MEMORY
from runtime_data.values import Scalar, TagInfo, Value, now, split

LONGEST_FILTER = 200
_KINDS = {
    UNKNOWN_TAG.code: Kind.MISSING,
    ACCESS_DENIED.code: Kind.FORBIDDEN,
    **dict.fromkeys(
        (each.code for each in (NO_COMMUNICATION, NO_COMMUNICATION_LAST_USABLE, NOT_CONNECTED, OUT_OF_SERVICE)),
        Kind.UNAVAILABLE,
    ),
}
_STATUSES = {Kind.MISSING: UNKNOWN_TAG, Kind.FORBIDDEN: ACCESS_DENIED, Kind.UNAVAILABLE: NOT_CONNECTED}
_written = Section("WinCC")


class Known(msgspec.Struct, frozen=True):
    """A tag of the list.

    Attributes:
        name: As clients write it: without its source, where that is the default one.
        source: The source.
        info: What is known of it.
    """

    name: str
    source: str
    info: TagInfo


# -- names --------------------------------------------------------------------------------


def _locate(runtime: Runtime, names: Sequence[str]) -> list[str | Problem]:
    """Return the full name of each tag, or why it has none."""
    known: dict[str, str | Problem] = {}

    def source_of(name: str) -> str | Problem:
        if name not in known:
            try:
                known[name] = runtime.sources.find(name).name
            except Problem as problem:
                known[name] = _without_source(runtime, problem)
        return known[name]

    def full(name: str) -> str | Problem:
        try:
            source, path = split(name)
        except Problem as problem:
            return problem
        found = source_of(source)
        return found if isinstance(found, Problem) else f"{found}:{path}"

    return [full(name) for name in names]


def _without_source(runtime: Runtime, problem: Problem) -> Problem:
    """Return why there is no source: without any controller, the runtime is not running."""
    if problem.code == "runtime.no_default_source" and runtime.sources.names() == [MEMORY]:
        return Problem("wincc.no_runtime", "The runtime is not running: there is no CPU.", kind=Kind.UNAVAILABLE)
    return problem


async def list_tags(ctx: Context, pattern: str = "") -> list[Known]:
    """Return the tags that the caller may read, those of the default source first.

    Args:
        ctx: Who asks.
        pattern: * and ? stand for other characters, and case does not matter; without them a part of the name.

    Raises:
        Problem: The default source cannot be reached.
    """
    return await asyncio.to_thread(_list_tags, ctx.service.part(Runtime), ctx.caller, pattern[:LONGEST_FILTER])


def _list_tags(runtime: Runtime, caller: Caller, pattern: str) -> list[Known]:
    default = _default(runtime)
    wanted = pattern.casefold().replace("[", "[[]")
    wanted = wanted if "*" in wanted or "?" in wanted else f"*{wanted}*"
    found: list[Known] = []
    for name in sorted(runtime.sources.names(), key=lambda name: name != default):
        try:
            infos = runtime.sources.find(name).leaves()
        except Problem as problem:
            if name == default:
                raise Problem(problem.code, problem.message, kind=Kind.UNAVAILABLE) from None
            continue
        for info in infos:
            short = split(info.tag)[1] if name == default else info.tag
            if fnmatchcase(short.casefold(), wanted) and runtime.rules.refuse_read(caller, info.tag) is None:
                found.append(Known(short, name, info))
    return found


def _default(runtime: Runtime) -> str:
    try:
        return runtime.sources.find("").name
    except Problem:
        return ""


def writable(ctx: Context, tags: Sequence[Known]) -> list[bool]:
    """Return of each tag whether the caller may write it. From worker threads only."""
    runtime = ctx.service.part(Runtime)
    return [
        runtime.rules.refuse_write(ctx.caller, runtime.sources.find(each.source), each.info) is None for each in tags
    ]


async def locate_tag(ctx: Context, name: str) -> str:
    """Return the full name of a tag, whether there is such a tag or not.

    Raises:
        Problem: Its source does not exist.
    """
    (found,) = await asyncio.to_thread(_locate, ctx.service.part(Runtime), [name])
    if isinstance(found, Problem):
        raise found
    return found


async def find_tag(ctx: Context, name: str) -> TagInfo:
    """Return what is known of a tag.

    Raises:
        Problem: There is none, or the caller may not read it.
    """
    runtime, found = ctx.service.part(Runtime), await locate_tag(ctx, name)
    if refusal := runtime.rules.refuse_read(ctx.caller, found):
        raise Problem(refusal.code, refusal.message, kind=Kind.FORBIDDEN)
    try:
        return await runtime.find(found)
    except Problem as problem:
        raise Problem(problem.code, problem.message, kind=_kind_of(problem), place=problem.place) from None


def _kind_of(problem: Problem) -> Kind:
    return Kind.UNAVAILABLE if problem.code == "plcsim.off" else problem.kind


# -- values -------------------------------------------------------------------------------


async def read_tags(ctx: Context, names: Sequence[str]) -> list[Value]:
    """Return the values of tags in the order asked; what cannot be read has a status and an error."""
    runtime = ctx.service.part(Runtime)
    located = await asyncio.to_thread(_locate, runtime, names)
    values = iter(await runtime.read(ctx.caller, [each for each in located if isinstance(each, str)]))
    return [
        _unlocated(name, each) if isinstance(each, Problem) else next(values)
        for name, each in zip(names, located, strict=True)
    ]


async def read_tag(ctx: Context, name: str) -> Value:
    """Return the value of a tag.

    Raises:
        Problem: It cannot be read.
    """
    (value,) = await read_tags(ctx, [name])
    if value.error is not None:
        raise refusal(value.error, value.status)
    return value


def refusal(error: Detail, status: int) -> Problem:
    """Return the problem of a single tag that cannot be read or written."""
    return Problem(error.code, error.message, kind=_KINDS.get(status) or kind_of(error.code), place=error.place)


def _unlocated(name: str, problem: Problem) -> Value:
    status = _STATUSES.get(problem.kind, BAD).code
    error = Detail(problem.code, problem.message, Place(object=name))
    return Value(name, None, status=status, server_time=now(), error=error)


# -- writes -------------------------------------------------------------------------------


class NewValue(Model):
    """A tag and its new value."""

    tag: Annotated[str, field("source:path.")]
    value: Annotated[Scalar, field("A truth value, a number or a text.")]


class WriteTags(Request):
    """Which tags are written."""

    writes: Annotated[list[NewValue], field("Tags with values.")]


class Outcome(Model):
    """What came of a write.

    Attributes:
        error: Why the tag was not written; null where it was.
        status: The status of what the tag had before, as in OPC UA.
    """

    tag: str
    error: Detail | None = None
    status: int = 0


@_written.operation(
    right=Right.OPERATE, lock=Lock.NONE, reach=Reach.ALL, destroys=True, undo=Undo.NEVER, done="Tags written"
)
async def write(ctx: Context, request: WriteTags) -> list[Outcome]:
    """Write tags."""
    writes = [Write(each.tag, each.value) for each in request.writes]
    return [
        Outcome(tag=each.tag, error=each.error, status=_status_before(each.before, each.error))
        for each in await ctx.service.part(Runtime).write(ctx.caller, writes)
    ]


WRITE = replace(_written.operations[0], name="wincc.write")
"""Not in the catalogue: its routes have other forms. It runs like all others, with limits and an audit entry."""


def _status_before(before: Value | None, error: Detail | None) -> int:
    if error is not None and error.code == "runtime.write_denied":
        return ACCESS_DENIED.code
    return BAD.code if before is None else before.status


async def write_tags(ctx: Context, writes: Sequence[tuple[str, Any]]) -> list[Outcome]:
    """Write tags in the order given, each with what came of it.

    Args:
        ctx: Who writes.
        writes: Names with values as they came; one that is no value is refused, and the others are written.
    """
    located = await asyncio.to_thread(_locate, ctx.service.part(Runtime), [name for name, _ in writes])
    ready = [
        NewValue(tag=full, value=value)
        for full, (_, value) in zip(located, writes, strict=True)
        if isinstance(full, str) and isinstance(value, Scalar)
    ]
    done: list[Outcome] = []
    if ready:
        answer = await ctx.service.part(Runner).wait(WRITE, WriteTags(writes=ready), ctx.caller, limit=None)
        if isinstance(answer, str):
            msg = f"The write takes too long: GET /api/jobs/{answer} shows its end."
            raise Problem("wincc.slow", msg, kind=Kind.TIMED_OUT)
        done = msgspec.json.decode(answer, type=list[Outcome])
    outcomes = iter(done)
    return [
        next(outcomes) if isinstance(full, str) and isinstance(value, Scalar) else _unwritten(name, full)
        for full, (name, value) in zip(located, writes, strict=True)
    ]


def _unwritten(name: str, found: str | Problem) -> Outcome:
    if isinstance(found, Problem):
        value = _unlocated(name, found)
        return Outcome(tag=name, error=value.error, status=value.status)
    msg = "A value is a truth value, a number or a text."
    return Outcome(tag=name, error=Detail("runtime.value", msg, Place(object=name)), status=BAD.code)


async def write_tag(ctx: Context, name: str, value: Any) -> None:
    """Write a tag.

    Raises:
        Problem: It was not written.
    """
    (outcome,) = await write_tags(ctx, [(name, value)])
    if outcome.error is not None:
        raise refusal(outcome.error, outcome.status)
