"""Blocks as drawings: networks in LAD, FBD and GRAPH, and which of their wires carry current now."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Annotated

import msgspec

from engineering_api.features.blocks import flow_values
from engineering_api.features.blocks.block_drawing import MOST_NETWORKS, BlockDrawing, DrawingFormat, draw
from engineering_api.features.blocks.blocks_operations import BLOCK, OnBlock
from engineering_api.features.blocks.flow_answer import PowerFlow, answer
from engineering_api.operations.combinations import combine, exactly_one
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import named
from engineering_api.operations.revisions import Revision
from engineering_api.operations.terms import Right
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.online.program_state import ProgramComparison
from openness_bridge.portal.portal import Session
from openness_bridge.program import blocks
from runtime_data.program_states import ProgramStates
from runtime_data.runtime import Runtime
from simatic_xml.lazy import import_later
from simatic_xml.svg import WIDTH

if TYPE_CHECKING:
    from engineering_api.features.blocks import block_flow
    from engineering_api.features.blocks.block_flow import PreparedFlow
else:
    block_flow = import_later("engineering_api.features.blocks.block_flow")

section = Section("Blocks", right=Right.VIEW)
MOST_VALUES = 10_000
SnapshotValue = bool | int | float | Annotated[str, msgspec.Meta(max_length=20_000)]


class DrawNetworks(OnBlock):
    """Which networks, and in which form."""

    network: Annotated[int, named("Number of the first network; all by default.", ge=1)] | None = None
    count: Annotated[int, named("How many networks from there on.", ge=1, le=MOST_NETWORKS)] = 1
    format: Annotated[DrawingFormat, named("svg for documents, json for lists of marks.")] = "svg"
    width: Annotated[int, named("Pixels beyond which a row continues below.", ge=300, le=20_000)] = WIDTH


@combine(exactly_one("source", "values"))
class FindFlow(OnBlock):
    """Which networks, and the values."""

    networks: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1)]],
        named(f"Numbers of the networks; the first {MOST_NETWORKS} by default.", max_length=MOST_NETWORKS),
    ] = msgspec.field(default_factory=list)
    instance: Annotated[
        str | None,
        named('Of a function block: what holds its data, such as "Motor_DB"; needed where there are several.'),
    ] = None
    source: Annotated[
        str | None, named("Source of the runtime that the service reads the values from, such as PLC_1.")
    ] = None
    values: Annotated[
        dict[str, SnapshotValue] | None,
        named("Values by operand, such as #start or Motor_DB.run; what is missing is not known."),
    ] = None


@section.operation(
    also="GET /api/devices/{deviceName}/blocks/{blockName}/drawing",
    changes=False,
    kept=True,
    example=BLOCK | {"network": 1},
    tool="draw_block",
)
async def draw_networks(ctx: Context, request: DrawNetworks) -> BlockDrawing:
    """Draw networks in LAD, FBD and GRAPH, with their text. Lines and texts name their part, wire, pin and operand."""
    session, device, name = await _session(ctx), request.device_name, request.block_name
    language, xml = await asyncio.to_thread(session.call, partial(_export, session, device, name))
    first, count = (1, MOST_NETWORKS) if request.network is None else (request.network, request.count)
    return await asyncio.to_thread(draw, xml, language, first, count, request.format, request.width, device)


@section.operation(
    also="POST /api/devices/{deviceName}/blocks/{blockName}/actions/power-flow",
    changes=False,
    example=BLOCK | {"networks": [1], "instance": "Motor_DB", "values": {"#start": True, "#run": False}},
    tool="read_power_flow",
    live=True,
)
async def power_flow(ctx: Context, request: FindFlow) -> PowerFlow:
    """Find out which wires of a block in LAD, FBD or GRAPH carry current, from values of its operands.

    Where the CPU executes another block than the project has, no current is known.
    The values are of one moment between two scans. What an instruction knows only inside the scan is null: an edge whose signal
    is on, ENO of a call, temporary variables, parameters of functions.
    """
    prepared = await _prepare(ctx, request)
    flow, numbers = prepared.flow, request.networks or list(range(1, min(prepared.flow.count, MOST_NETWORKS) + 1))
    if beyond := next((number for number in numbers if number > flow.count), 0):
        place = Place(device=request.device_name, block=flow.name)
        msg = f"'{flow.name}' has {flow.count} networks, so there is no network {beyond}."
        raise Problem("block.network_not_found", msg, kind=Kind.MISSING, place=place)
    instance = _instance(request, prepared)
    program = ProgramComparison(reason="The values are those that the client sent.")
    if request.source is None:
        snapshot = flow_values.of_client(request.values or {}, flow.types(numbers))
    else:
        runtime, paths = ctx.service.part(Runtime), flow.paths(numbers)
        snapshot = await flow_values.read(runtime, ctx.caller, request.source, paths, instance)
        states, session = ctx.service.part(ProgramStates), await _session(ctx)
        program = await asyncio.to_thread(states.of_device_by, session, request.device_name, request.source)
    flows = flow.evaluate(snapshot.values, list(dict.fromkeys(numbers)))
    return answer(flow.name, instance, prepared.instances, request.source or "", flow.count, flows, snapshot, program)


async def _prepare(ctx: Context, request: FindFlow) -> PreparedFlow:
    session, device, name = await _session(ctx), request.device_name, request.block_name
    changes = ctx.service.changes
    found = block_flow.find_prepared(session, device, name, changes)
    if found is not None:
        return found
    work = partial(block_flow.prepare_flow, session, device, name, Revision.now(changes), ctx.progress.report)
    return await asyncio.to_thread(session.call, work)


def _instance(request: FindFlow, prepared: PreparedFlow) -> str:
    """Return what holds the data of the block: what the request names, or the only one there is."""
    if prepared.flow.kind != "FB":
        return ""
    if request.instance:
        return request.instance
    return prepared.instances[0] if len(prepared.instances) == 1 else ""


def _export(session: Session, device: str, name: str) -> tuple[str, bytes]:
    return blocks.describe(session, device, name).language, blocks.export_xml(session, device, name)


async def _session(ctx: Context) -> Session:
    return await asyncio.to_thread(lambda: ctx.session)
