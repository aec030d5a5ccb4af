"""Tags by the paths of Ignition: reading, writing and browsing, for the routes and for handlers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Annotated

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Kind, Problem
from runtime_data.ignition import qualities, tag_paths, tag_types
from runtime_data.ignition.qualities import Quality
from runtime_data.runtime import Runtime, Write
from runtime_data.values import Scalar, TagInfo, Value

MOST_PATHS = 1000
"""Tags of one request."""
MOST_NODES = 10_000
"""Nodes that a recursive browse returns."""
_hidden = Section("Ignition")


class PathWrite(msgspec.Struct):
    """A value for a path."""

    path: str
    value: Scalar


class WriteTags(Request):
    """Values for tags."""

    writes: Annotated[list[PathWrite], named("Paths with their new values.")]


class Node(msgspec.Struct, rename="camel"):
    """A folder or tag as a browse lists it."""

    name: str
    full_path: str
    tag_type: str
    data_type: str
    has_children: bool


async def read(ctx: Context, paths: Sequence[str]) -> list[Value]:
    """Return the values of tags, in the order asked. What cannot be read has a quality that names the reason.

    Raises:
        Problem: A text is no path, there is no such provider, or there are too many paths.
    """
    require_few(len(paths))
    return await ctx.service.part(Runtime).read(ctx.caller, [tag_paths.to_tag(path) for path in paths])


async def write(ctx: Context, writes: Sequence[PathWrite]) -> list[Quality]:
    """Write tags as one change of the audit log; the answer has the quality of each, in the order given.

    Raises:
        Problem: A text is no path, there is no such provider, or there are too many writes.
    """
    require_few(len(writes))
    found = await ctx.service.part(Runner).wait(_WRITE, WriteTags(writes=list(writes)), ctx.caller)
    if isinstance(found, str):
        msg = "The source has not answered yet: read the tags before you write again."
        raise Problem("ignition.slow", msg, kind=Kind.TIMED_OUT)
    return msgspec.json.decode(found, type=list[Quality])


@_hidden.operation(lock=Lock.NONE, reach=Reach.ALL, right=Right.VIEW, destroys=True, undo=Undo.NEVER, done="Written")
async def write_tags(ctx: Context, request: WriteTags) -> list[Quality]:
    """Write tags by the paths of Ignition. The rules of each tag decide about the right, so that each has its own quality."""
    writes = [Write(tag_paths.to_tag(each.path), each.value) for each in request.writes]
    return [qualities.of_write(each.error) for each in await ctx.service.part(Runtime).write(ctx.caller, writes)]


_WRITE = replace(_hidden.operations[0], name="ignition.write")
"""Not in the catalogue: its route answers without the envelope. It has an audit entry as all changes have."""


async def browse(ctx: Context, path: str, pattern: str = "*", *, recursive: bool = False) -> list[Node]:
    """Return the nodes below a path; the providers where it is empty.

    Args:
        ctx: Who asks.
        path: Such as [PLC_1]Motor.
        pattern: A glob of names; case does not matter.
        recursive: Whether the nodes of all levels below are returned, and not those of the next one.

    Raises:
        Problem: There is no such path, or too many nodes are below it.
    """
    if not path:
        names = await _providers(ctx)
        found = [Node(name, tag_paths.to_path(f"{name}:"), "Provider", "", True) for name in names]
        return [node for node in found if _fits(node.name, pattern)]
    nodes: list[Node] = []
    async for info in _below(ctx, *tag_paths.split(path), recursive=recursive):
        if _fits(info.name, pattern):
            nodes.append(_node(info))
        if len(nodes) > MOST_NODES:
            msg = f"More than {MOST_NODES} nodes are below '{path}': browse the folders below it one by one."
            raise Problem("ignition.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_NODES, len(nodes))
    return nodes


async def _below(ctx: Context, source: str, path: str, *, recursive: bool) -> AsyncIterator[TagInfo]:
    """Yield the nodes below a path, level by level."""
    runtime, waiting = ctx.service.part(Runtime), [path]
    while waiting:
        for info in await runtime.browse(source, waiting.pop(0)):
            yield info
            if recursive and info.has_children:
                waiting.append(info.tag.partition(":")[2])


async def _providers(ctx: Context) -> list[str]:
    return await asyncio.to_thread(ctx.service.part(Runtime).sources.names)


def require_few(count: int) -> None:
    """Refuse a request about too many tags.

    Raises:
        Problem: It is.
    """
    if count > MOST_PATHS:
        msg = f"The request names {count} tags, and the limit is {MOST_PATHS}: split it into several."
        raise Problem("ignition.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_PATHS, count)


def _node(info: TagInfo) -> Node:
    path = tag_paths.to_path(info.tag)
    return Node(info.name, path, tag_types.kind_of(info), tag_types.name_of(info.data_type), info.has_children)


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name.casefold(), pattern.casefold())
