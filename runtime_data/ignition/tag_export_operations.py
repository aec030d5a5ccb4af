"""A file with all tags of a source that Ignition's tag import takes."""

from __future__ import annotations

import asyncio

from litestar import Response

from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach
from engineering_api.web.answers import json_response
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Place, Problem
from runtime_data.ignition.tag_export import export_tags
from runtime_data.runtime import Runtime
from runtime_data.values import TagInfo

section = Section("Runtime Data")
SERVER = "Simulated PLC"
LONGEST = 100
FILE = {"Content-Disposition": 'attachment; filename="tags.json"'}


@section.endpoint(
    "GET /api/runtime/export/ignition",
    reach=Reach.TAGS,
    media="application/json",
    query={
        "source": "The source whose tags are exported; the default one without it.",
        "opcServer": f"What the OPC connection is called in Ignition; '{SERVER}' without it.",
    },
)
async def export(ctx: Context, request: Call) -> Response[bytes]:
    """Export the tags of a source as a file for Ignition's tag import: OPC tags with the node ids of the OPC UA server."""
    server = request.query_params.get("opcServer", "") or SERVER
    if len(server) > LONGEST:
        msg = f"'opcServer' has at most {LONGEST} characters."
        raise Problem("request.too_long", msg, kind=Kind.INVALID, place=Place(pointer="/opcServer"))
    name, infos = await asyncio.to_thread(_visible, ctx, request.query_params.get("source", "")[:LONGEST])
    document = await asyncio.to_thread(export_tags, name, infos, server)
    return json_response(wire.encode(document), headers=FILE)


def _visible(ctx: Context, wanted: str) -> tuple[str, list[TagInfo]]:
    runtime = ctx.service.part(Runtime)
    source = runtime.sources.find(wanted)
    return source.name, runtime.rules.visible(ctx.caller, source.leaves())
