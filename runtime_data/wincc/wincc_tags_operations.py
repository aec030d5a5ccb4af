"""WinCC: tags and their values, at the routes of /api/v1. Facts: docs/facts/wincc.md#printed-routes."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response

from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach, Right
from engineering_api.web.answers import json_response
from engineering_api.web.identify import Call
from runtime_data.values import Value
from runtime_data.wincc import tags
from runtime_data.wincc.requests import (
    MOST_TAGS,
    body_of,
    fields_of,
    invalid,
    named,
    number,
    print_seconds,
    require_few,
    texts,
)

section = Section("WinCC")
JSON = "application/json"
MULTI_STATUS = 207
_WRITES = '[{"name": ..., "value": ...}] or {"name": value}'


class PrintedValue(msgspec.Struct, rename="camel", omit_defaults=True):
    """A value as the user's page prints it.

    Attributes:
        name: As the request has it.
        text: What the value is where JSON has no number for it, such as NaN.
        error: Why there is no value.
    """

    name: str
    value: Any
    quality: str
    timestamp: str
    data_type: str
    text: str = ""
    error: str = ""


def printed(name: str, value: Value) -> PrintedValue:
    """Return a value as the user's page prints it."""
    when = print_seconds(value.source_time or value.server_time)
    error = value.error.message if value.error else ""
    text = value.text if value.value is None else ""
    return PrintedValue(name, value.value, value.quality, when, value.data_type, text, error)


@section.endpoint(
    "GET /api/v1/tags",
    reach=Reach.ALL,
    media=JSON,
    query={
        "filter": "Part of a name, or a name with * and ?.",
        "page": "The page, from 1.",
        "pageSize": "Tags on a page; all without it, up to 10000.",
    },
)
async def list_tags(ctx: Context, request: Call) -> Response[bytes]:
    """List the names and types of all tags that the caller may read."""
    size = number(request, "pageSize", MOST_TAGS, least=1)
    page = number(request, "page", 1, least=1, most=10**9)
    found = await tags.list_tags(ctx, request.query_params.get("filter", ""))
    part = found[(page - 1) * size : page * size]
    can_write = await asyncio.to_thread(tags.writable, ctx, part)
    listed = [
        {"name": each.name, "dataType": each.info.data_type, "source": each.source, "writable": writable}
        for each, writable in zip(part, can_write, strict=True)
    ]
    return json_response(wire.encode(listed), headers={"X-Total-Count": str(len(found))})


@section.endpoint("GET /api/v1/tags/{name}/value", reach=Reach.ALL, media=JSON, live=True)
async def read_value(ctx: Context, request: Call) -> Response[bytes]:
    """Read the value of a tag."""
    name = named(request)
    return json_response(wire.encode(printed(name, await tags.read_tag(ctx, name))))


@section.endpoint(
    "PUT /api/v1/tags/{name}/value", right=Right.OPERATE, reach=Reach.ALL, media=JSON, body=JSON, live=True
)
async def write_value(ctx: Context, request: Call) -> Response[bytes]:
    """Write the value of a tag; the answer is what it has then."""
    name, body = named(request), await body_of(ctx, request)
    await tags.write_tag(ctx, name, fields_of(body, '{"value": ...}', "value")["value"])
    return json_response(wire.encode(printed(name, await tags.read_tag(ctx, name))))


@section.endpoint("POST /api/v1/tags/values", reach=Reach.ALL, media=JSON, body=JSON, live=True)
async def read_values(ctx: Context, request: Call) -> Response[bytes]:
    """Read the values of several tags, in the order asked; those that cannot be read have an error."""
    body = await body_of(ctx, request)
    wanted = texts(fields_of(body, '{"tags": [...]}', "tags")["tags"] if isinstance(body, dict) else body, "tags")
    found = await tags.read_tags(ctx, wanted)
    return json_response(wire.encode([printed(*each) for each in zip(wanted, found, strict=True)]))


@section.endpoint("PUT /api/v1/tags/values", right=Right.OPERATE, reach=Reach.ALL, media=JSON, body=JSON)
async def write_values(ctx: Context, request: Call) -> Response[bytes]:
    """Write several tags; the answer says of each whether it was written, with status 207 where one was not."""
    writes = require_few(_writes(await body_of(ctx, request)))
    outcomes = await tags.write_tags(ctx, writes)
    found = [
        {"name": name, "success": each.error is None, "error": each.error.message if each.error else None}
        for (name, _), each in zip(writes, outcomes, strict=True)
    ]
    failed = any(each.error for each in outcomes)
    return json_response(wire.encode(found), MULTI_STATUS if failed else 200)


def _writes(body: Any) -> list[tuple[str, Any]]:
    """Return the names and values that a body has.

    Raises:
        Problem: It has another form.
    """
    if isinstance(body, dict) and not any(isinstance(each, list | dict) for each in body.values()):
        return list(body.items())
    if not isinstance(body, list):
        raise invalid(f"The body must be {_WRITES}.")
    found = [fields_of(each, _WRITES, "name", "value") for each in body]
    if not all(isinstance(each["name"], str) for each in found):
        raise invalid(f"The body must be {_WRITES}.")
    return [(each["name"], each["value"]) for each in found]
