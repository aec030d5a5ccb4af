"""All CPUs that the service has sources for, and the PLCs of the open project: firmware, program, certificates, backups."""

from __future__ import annotations

from typing import Annotated

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Reach, Right, Site, Undo
from runtime_data.fleet.cpu import FleetCpu, Noted
from runtime_data.fleet.fleet import Fleet

section = Section(
    "Runtime Fleet",
    Site.WORKER,
    reach=Reach.ALL,
    no_tool="a person decides about the CPUs of a plant",
    lock=Lock.NONE,
    right=Right.ENGINEER,
)


class OnCpu(Request):
    """Which CPU."""

    source: Annotated[str, named("Name of the source of the CPU.", "name", min_length=1, max_length=100)]


class Backup(OnCpu):
    """Where the backup goes."""

    path: Annotated[str, path_field("A new .zip file on the server, inside its allowed folders.", "file", writes=True)]


class FleetBackup(Model):
    """A backup that was made.

    Attributes:
        path: The file.
    """

    source: str
    path: str


@section.operation(also="GET /api/runtime/fleet", changes=False)
async def list_(ctx: Context, _: Nothing) -> list[FleetCpu]:
    """Check all CPUs: who they are, whether the program has changed since the last download, when certificates end."""
    return await ctx.service.part(Fleet).check()


@section.operation(
    also="POST /api/runtime/fleet/{source}/actions/note",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"source": "PLC_1"},
    done="Checksum noted",
)
async def note(ctx: Context, request: OnCpu) -> Noted:
    """Note the checksum of the program that a CPU executes as that of the last download. Downloads of the service do it, too."""
    return await ctx.service.part(Fleet).note(request.source)


@section.operation(
    also="POST /api/runtime/fleet/{source}/actions/backup",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"source": "PLC_1", "path": "backups/PLC_1.zip"},
    done="Backup made",
)
async def backup(ctx: Context, request: Backup) -> FleetBackup:
    """Write a backup of a CPU to a new file, where its source offers that. A pipeline with a schedule repeats it."""
    file = ctx.roots.new(request.path)
    await ctx.service.part(Fleet).back_up(request.source, file)
    return FleetBackup(source=request.source, path=str(file))
