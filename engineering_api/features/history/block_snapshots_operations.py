"""Blocks: snapshots, start values in the PLC, and ProDiag supervisions."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from engineering_api.features.blocks.blocks_operations import Exported, OnBlock
from engineering_api.features.history import snapshots
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import named, path_field
from engineering_api.operations.terms import Lock, Right, Undo
from engineering_api.storage.snapshots import SnapshotInfo
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.program import blocks, plc_values
from openness_bridge.program.blocks import BlockInfo

section = Section("Blocks")


class Take(OnBlock, kw_only=True):
    """Which block, and what for."""

    note: Annotated[str, named("Why the snapshot is taken.", "comment", "description", "name")] = ""


class Load(OnBlock, kw_only=True):
    """Which snapshot."""

    snapshot_id: Annotated[str | None, named("One of the block's snapshots; the latest by default.", "id")] = None


class ExportProDiag(OnBlock, kw_only=True):
    """Which block, to which folder."""

    export_path: Annotated[
        str,
        path_field(
            "A folder on the server, inside its allowed folders; created if it is missing.",
            "path",
            "directory",
            "folder",
            writes=True,
        ),
    ]
    overwrite: Annotated[bool, named("Replace existing files.", destroys=True)] = False


DATA = {"deviceName": "PLC_1", "blockName": "Motor_Data"}
BLOCK = {"deviceName": "PLC_1", "blockName": "Motor"}


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/devices/{deviceName}/blocks/{blockName}/actions/create-snapshot",
    lock=Lock.PORTAL,
    example=BLOCK | {"note": "Before the change of the interlocks"},
    done="Snapshot created",
)
def create(ctx: Context, request: Take) -> SnapshotInfo:
    """Take a snapshot of a block, to restore it later. The block must be consistent: compile it first."""
    return snapshots.take(ctx, snapshots.BLOCK, request.device_name, request.block_name, request.note)


@section.operation(
    also="GET /api/devices/{deviceName}/blocks/{blockName}/snapshots", right=Right.VIEW, changes=False, example=BLOCK
)
def list_(ctx: Context, request: OnBlock) -> list[SnapshotInfo]:
    """List the snapshots of a block, newest first, also those of a deleted block."""
    return snapshots.of(ctx, snapshots.BLOCK, request.device_name, request.block_name)


@section.operation(
    destroys=True,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/blocks/{blockName}/actions/load-snapshot",
    lock=Lock.PROJECT,
    example=BLOCK,
    done="Snapshot loaded",
)
def load(ctx: Context, request: Load) -> BlockInfo:
    """Restore a block from a snapshot. A deleted block is restored in its folder."""
    chosen = snapshots.choose_snapshot(ctx, request.device_name, request.block_name, request.snapshot_id)
    made = snapshots.restore(ctx, chosen, backup=False)
    return blocks.describe(ctx.session, request.device_name, made.name)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/devices/{deviceName}/blocks/{blockName}/actions/load-start-values",
    right=Right.OPERATE,
    lock=Lock.PROJECT,
    example=DATA,
    done="Start values loaded",
)
def load_start_values(ctx: Context, request: OnBlock) -> BlockInfo:
    """Load the start values of a data block as actual values in the PLC. Needs TIA Portal V21 and the PLC online."""
    plc_values.load_start_values(ctx.session, request.device_name, request.block_name)
    return blocks.describe(ctx.session, request.device_name, request.block_name)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/devices/{deviceName}/blocks/{blockName}/actions/export-prodiag",
    right=Right.VIEW,
    example=BLOCK | {"exportPath": "export/prodiag"},
    done="ProDiag supervisions exported",
)
def export_prodiag(ctx: Context, request: ExportProDiag) -> list[Exported]:
    """Export the supervisions of a ProDiag function block to files of a folder."""
    target = ctx.roots.resolve(request.export_path)
    if target.is_file():
        msg = f"'{target}' is a file: name a folder."
        raise Problem("file.wrong_kind", msg, kind=Kind.INVALID, place=Place(path=request.export_path))
    with TemporaryDirectory(prefix="engineering-api-") as draft:
        plc_values.export_prodiag(ctx.session, request.device_name, request.block_name, Path(draft).resolve())
        return _move_files(ctx, Path(draft), target, overwrite=request.overwrite)


def _move_files(ctx: Context, draft: Path, target: Path, *, overwrite: bool) -> list[Exported]:
    """The files of a folder in another one; none is moved when one is there already."""
    files = sorted(path for path in draft.iterdir() if path.is_file())
    places = [ctx.roots.new(str(target / file.name), overwrite=overwrite) for file in files]
    return [
        Exported(path=str(place), size=ctx.roots.write(place, file.read_bytes()))
        for file, place in zip(files, places, strict=True)
    ]
