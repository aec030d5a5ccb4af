"""Cross references of single objects, and the structure of the whole program: calls, dependencies, addresses."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.program import program_structure
from engineering_api.features.program.program_structure import (
    AssignmentList,
    CallStructure,
    DependencyOrder,
    ProgramObjects,
)
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Request, named
from engineering_api.operations.terms import Right, Task
from openness_bridge.enumerations import ReferenceFilter, UseFilter, one_of
from openness_bridge.program import cross_references
from openness_bridge.program.cross_references import BlockReferences, ObjectReferences

section = Section("Cross References", right=Right.VIEW)
FILTER = f"{', '.join(cross_references.FILTERS)}; without regard to case."


Area = Annotated[str, one_of("AddressArea", "", "I", "Q", "M")]


class OnDevice(Request, kw_only=True):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class Filtered(OnDevice, kw_only=True):
    """Which PLC, and which of the objects asked for."""

    filter: Annotated[ReferenceFilter, named(FILTER)] = cross_references.FILTERS[0]


class OnBlock(Filtered, kw_only=True):
    """Which block."""

    block_name: Annotated[str, named("Name of the block.")]


class OnUdt(Filtered, kw_only=True):
    """Which data type."""

    udt_name: Annotated[str, named("Name of the PLC data type.")]


class OnTag(Filtered, kw_only=True):
    """Which tag."""

    tag_name: Annotated[str, named("Name of the tag or user constant, in any table.")]


class OnTable(Filtered, kw_only=True):
    """Which tag table."""

    table_name: Annotated[str, named("Name of the tag table.")]


class OfProgram(OnDevice, kw_only=True):
    """Which objects of a PLC."""

    filter: Annotated[
        UseFilter, named("all, used, unused (nothing uses it) or unreachable (no organization block reaches it).")
    ] = "all"


class Assignment(OnDevice, kw_only=True):
    """Which addresses of a PLC."""

    area: Annotated[Area, named("I, Q or M; all of them when it is left out.")] = ""


ON_DEVICE = {"deviceName": "PLC_1"}


@section.operation(
    wait="GET /api/devices/{deviceName}/blocks/{blockName}/cross-references",
    changes=False,
    example=ON_DEVICE | {"blockName": "Motor"},
    tool="get_cross_references",
    task=Task.READ,
    when="to see which blocks call or use a block, where, and what it uses.",
    unless="for tags or text: search_project.",
)
def of_block(ctx: Context, request: OnBlock) -> BlockReferences:
    """Get the cross references of a block: what uses it and what it uses.

    Members of a data block follow it as separate sources. Before V18 the list is made from the exported program,
    whose blocks must be consistent for that.
    """
    return cross_references.of_block(ctx.session, request.device_name, request.block_name, _filter(ctx, request.filter))


@section.operation(
    also="GET /api/devices/{deviceName}/udts/{udtName}/cross-references",
    changes=False,
    example=ON_DEVICE | {"udtName": "UDT_Motor"},
)
def of_udt(ctx: Context, request: OnUdt) -> ObjectReferences:
    """Get the cross references of a PLC data type: what is declared with it, and what it declares."""
    return cross_references.of_udt(ctx.session, request.device_name, request.udt_name, _filter(ctx, request.filter))


@section.operation(
    also="GET /api/devices/{deviceName}/tags/{tagName}/cross-references",
    changes=False,
    example=ON_DEVICE | {"tagName": "bStart"},
)
def of_tag(ctx: Context, request: OnTag) -> ObjectReferences:
    """Get the cross references of a tag or user constant."""
    return cross_references.of_tag(ctx.session, request.device_name, request.tag_name, _filter(ctx, request.filter))


@section.operation(
    also="GET /api/devices/{deviceName}/tag-tables/{tableName}/cross-references",
    changes=False,
    example=ON_DEVICE | {"tableName": "Sensors", "filter": "UnusedObjects"},
)
def of_table(ctx: Context, request: OnTable) -> ObjectReferences:
    """Get the cross references of all tags and user constants of a tag table."""
    return cross_references.of_table(ctx.session, request.device_name, request.table_name, _filter(ctx, request.filter))


@section.operation(
    also="GET /api/devices/{deviceName}/cross-references",
    also_job="POST /api/devices/{deviceName}/actions/list-uses",
    changes=False,
    example=ON_DEVICE | {"filter": "unused"},
)
def of_program(ctx: Context, request: OfProgram) -> ProgramObjects:
    """List the blocks, data types, tags and constants of a PLC with those that use them.

    The first call exports the program, which takes long for a large one: use the job then. Later calls read only what
    changed.
    """
    which = _spell(ctx, request.filter, program_structure.FILTERS)
    return program_structure.objects(ctx.session, request.device_name, which, ctx.progress.report)


@section.operation(
    also="GET /api/devices/{deviceName}/call-structure",
    changes=False,
    kept=True,
    example=ON_DEVICE,
    tool="get_call_structure",
)
def call_structure(ctx: Context, request: OnDevice) -> CallStructure:
    """Get the call structure: what each organization block calls, with instances, and the blocks that nothing calls."""
    return program_structure.call_structure(ctx.session, request.device_name, ctx.progress.report)


@section.operation(also="GET /api/devices/{deviceName}/dependency-order", changes=False, kept=True, example=ON_DEVICE)
def dependency_order(ctx: Context, request: OnDevice) -> DependencyOrder:
    """Get the blocks and data types in the order of their dependencies, and the circular dependencies among them."""
    return program_structure.dependency_order(ctx.session, request.device_name, ctx.progress.report)


@section.operation(
    also="GET /api/devices/{deviceName}/assignment-list",
    changes=False,
    kept=True,
    example=ON_DEVICE | {"area": "M"},
)
def assignment_list(ctx: Context, request: Assignment) -> AssignmentList:
    """Get the assignment list: each byte of inputs, outputs and bit memory with the tags and addresses in it."""
    area = _spell(ctx, request.area, ("", "I", "Q", "M"))
    return program_structure.assignment_list(ctx.session, request.device_name, area, ctx.progress.report)


def _filter(ctx: Context, text: str) -> str:
    return _spell(ctx, text, cross_references.FILTERS)


def _spell(ctx: Context, text: str, names: tuple[str, ...]) -> str:
    found = next((name for name in names if name.casefold() == text.strip().casefold()), None)
    ctx.require(
        found is not None,
        "request.unknown_value",
        f"'{text}' is not known: use one of {', '.join(filter(None, names))}.",
    )
    return found or ""
