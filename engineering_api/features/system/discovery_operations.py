"""Discovery: what this service can do, read from the catalogue of operations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from engineering_api.features.tags import tag_tables_operations
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Operation, Section, name_of
from engineering_api.operations.fields import JsonObject, JsonSchema, Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Mode, Place, Reach, Right, RightWord, Site
from openness_bridge.errors import Kind, Problem

RouteMode = Annotated[Literal["wait", "job"], msgspec.Meta(title="RouteMode")]
_MODES: dict[Mode, RouteMode] = {Mode.WAIT: "wait", Mode.JOB: "job"}
section = Section("Discovery", Site.GATEWAY, reach=Reach.NOTHING, lock=Lock.NONE, right=Right.VIEW)


class RouteInfo(Model):
    """One route of an operation.

    Attributes:
        mode: wait, or job when it answers with a job.
        alias: Whether it is a further spelling that is not in the printed list.
    """

    method: str
    path: str
    mode: RouteMode
    alias: bool


class Command(Model):
    """An operation in short."""

    name: str
    section: str
    summary: str
    routes: list[RouteInfo]
    right: RightWord
    lock: Lock
    changes: bool


class CommandInfo(Command):
    """An operation in full.

    Attributes:
        request: JSON Schema of its path, query and body fields together.
        answer: JSON Schema of the answer's data.
    """

    description: str
    request: JsonSchema
    answer: JsonSchema
    example: JsonObject


class CommandAddress(Request):
    """Which operation."""

    route: Annotated[str, named("A name, a path, or a method and path, percent-encoded as one segment.")]


@section.operation(wait="GET /api/command/list", place=Place.LOOP, changes=False)
def list_(ctx: Context, _: Nothing) -> list[Command]:
    """List all operations with their routes."""
    return [Command(**_short(op)) for op in ctx.service.catalogue]


@section.operation(
    wait="GET /api/command/info/{route}",
    changes=False,
    example={"route": name_of(tag_tables_operations.create)},
)
def info(ctx: Context, request: CommandAddress) -> list[CommandInfo]:
    """Describe the operations at a route, or the one of a name: schemas, right, lock, example."""
    found = ctx.service.catalogue.at(request.route)
    if not found:
        msg = f"There is no operation at '{request.route}'. GET /api/command/list lists all."
        raise Problem("operation.not_found", msg, kind=Kind.MISSING)
    return [_full(op) for op in found]


def _short(op: Operation) -> dict[str, Any]:
    routes = [RouteInfo(method=r.method, path=r.path, mode=_MODES[r.mode], alias=r.alias) for r in op.routes]
    return {
        "name": op.name,
        "section": op.section,
        "summary": op.summary,
        "routes": routes,
        "right": op.right.word,
        "lock": op.lock,
        "changes": op.changes,
    }


def _full(op: Operation) -> CommandInfo:
    return CommandInfo(
        **_short(op),
        description=op.description,
        request=msgspec.json.schema(op.request),
        answer=msgspec.json.schema(op.answer),
        example=op.example,
    )
