"""WinCC: tags, values and connections, at the routes of /WinCCRestService/tagManagement.

Tag groups and structure types belong to WinCC's own configuration. This service has none, so their lists are empty.
Facts: docs/facts/wincc.md#tag-management.
"""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Right
from engineering_api.web.identify import Call
from runtime_data.runtime import Runtime
from runtime_data.values import split
from runtime_data.wincc import names, tags
from runtime_data.wincc.requests import body_of, invalid, named, require_few, texts
from runtime_data.wincc.rest_service import (
    PAGED,
    answer,
    failed,
    missing,
    page,
    rest_endpoint,
    value_object,
)
from runtime_data.wincc.tags import Known

section = Section("WinCC")
NO_SUCH = {"Group": "tag group", "StructureType": "structure type", "StructureVariable": "structure type"}


# -- values -------------------------------------------------------------------------------


@rest_endpoint(section, "GET tagManagement/Value/{name}", live=True)
async def read_value(ctx: Context, request: Call) -> Response[bytes]:
    """Read the value of a tag."""
    name = named(request)
    return answer(value_object(name, await tags.read_tag(ctx, name)))


@rest_endpoint(section, "PUT tagManagement/Value/{name}", right=Right.OPERATE)
async def write_value(ctx: Context, request: Call) -> Response[bytes]:
    """Write the value of a tag."""
    name, body = named(request), await body_of(ctx, request)
    if not isinstance(body, dict) or names.VALUE not in body:
        raise invalid('The body must be {"value": ...}.')
    await tags.write_tag(ctx, name, body[names.VALUE])
    return answer({names.VARIABLE: name, names.ERROR_CODE: names.GOOD})


@rest_endpoint(section, "POST tagManagement/Values", live=True)
async def read_values(ctx: Context, request: Call) -> Response[bytes]:
    """Read the values of several tags, in the order asked; those that cannot be read have an error."""
    wanted = variable_names(await body_of(ctx, request))
    found = await tags.read_tags(ctx, wanted)
    return answer([value_object(*each) for each in zip(wanted, found, strict=True)])


@rest_endpoint(section, "PUT tagManagement/Values", right=Right.OPERATE)
async def write_values(ctx: Context, request: Call) -> Response[bytes]:
    """Write several tags; those that were not written have an error."""
    writes = require_few(_writes(await body_of(ctx, request)))
    outcomes = await tags.write_tags(ctx, writes)
    return answer(
        [
            failed(name, each.error.message) | {names.ERROR_CODE: names.FAILED}
            if each.error
            else {names.VARIABLE: name, names.ERROR_CODE: names.GOOD}
            for (name, _), each in zip(writes, outcomes, strict=True)
        ]
    )


def variable_names(body: Any) -> list[str]:
    """Return the tags that a body names.

    Raises:
        Problem: It names none.
    """
    return texts(body.get("variableNames") if isinstance(body, dict) else None, "variableNames")


def _writes(body: Any) -> list[tuple[str, Any]]:
    good = isinstance(body, list) and all(
        isinstance(each, dict) and isinstance(each.get(names.VARIABLE), str) and names.VALUE in each for each in body
    )
    if not good:
        raise invalid('The body must be [{"variableName": ..., "value": ...}].')
    return [(each[names.VARIABLE], each[names.VALUE]) for each in body]


# -- configuration ------------------------------------------------------------------------


@rest_endpoint(
    section,
    "GET tagManagement/Variables",
    "POST tagManagement/Variables",
    query=PAGED | {"variableName": "A name with *, or part of one; all without it."},
)
async def list_variables(ctx: Context, request: Call) -> Response[bytes]:
    """List the tags that the caller may read."""
    return page(request, await tags.list_tags(ctx, request.query_params.get("variableName", "")), _variable)


@rest_endpoint(section, "GET tagManagement/Variable/{name}")
async def find_variable(ctx: Context, request: Call) -> Response[bytes]:
    """Get a tag."""
    name, info = named(request), await tags.find_tag(ctx, named(request))
    return answer(_variable(Known(name, split(info.tag)[0], info)))


@rest_endpoint(section, "GET tagManagement/Connections", query=PAGED)
async def list_connections(ctx: Context, request: Call) -> Response[bytes]:
    """List the sources of tags."""
    sources = ctx.service.part(Runtime).sources
    return page(request, await asyncio.to_thread(sources.names), lambda name: {names.CONNECTION: name})


@rest_endpoint(section, "GET tagManagement/Connection/{name}")
async def find_connection(ctx: Context, request: Call) -> Response[bytes]:
    """Get a source of tags."""
    sources = ctx.service.part(Runtime).sources
    found = await asyncio.to_thread(sources.find, named(request))
    return answer({names.CONNECTION: found.name})


@rest_endpoint(
    section,
    "GET tagManagement/Groups",
    "GET tagManagement/StructureTypes",
    "GET tagManagement/StructureVariables",
    query=PAGED,
)
async def list_none(_: Context, request: Call) -> Response[bytes]:
    """List tag groups or structure types: there are none."""
    return page(request, [])


@rest_endpoint(
    section,
    "GET tagManagement/Group/{name}",
    "GET tagManagement/StructureType/{name}",
    "GET tagManagement/StructureVariable/{name}",
)
async def find_none(_: Context, request: Call) -> Response[bytes]:
    """Refuse a tag group or structure type: there are none."""
    kind = request.scope["path"].split("/")[3]
    raise missing(NO_SUCH[kind], named(request))


@rest_endpoint(section, "POST tagManagement/StructureVariables")
async def list_structure_variables(ctx: Context, request: Call) -> Response[bytes]:
    """List the tags of structure types: there are none."""
    body = await body_of(ctx, request)
    types = texts(body.get("typeNames") if isinstance(body, dict) else None, "typeNames")
    return answer([{"typeName": each, names.ERROR: missing("structure type", each).message} for each in types])


def _variable(tag: Known) -> dict[str, Any]:
    return {
        names.VARIABLE: tag.name,
        names.DATA_TYPE: names.data_type_number(tag.info.data_type),
        names.CONNECTION: tag.source,
    }
