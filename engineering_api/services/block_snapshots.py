"""Snapshots of blocks: taken by an export, brought back by an import in the block's folder."""

from __future__ import annotations

from engineering_api.context import Context
from engineering_api.storage.snapshots import SnapshotInfo, Subject
from openness_bridge import blocks, imports
from openness_bridge.blocks import BlockInfo
from openness_bridge.errors import Problem
from openness_bridge.lookup import locate_plc
from openness_bridge.transaction import transaction


def take(ctx: Context, device: str, block: str, note: str) -> SnapshotInfo:
    """Keep a block as it is now. On the portal's thread.

    Raises:
        Problem: No such block, or it is inconsistent or protected and cannot be exported.
    """
    info = blocks.describe(ctx.session, device, block)
    xml = blocks.export_xml(ctx.session, device, block)
    return ctx.service.snapshots.add(_subject(ctx, device, info.name), xml, folder=info.folder, author=ctx.caller.name,
                                     note=note)  # fmt: skip


def of(ctx: Context, device: str, block: str) -> list[SnapshotInfo]:
    """The snapshots of a block in this project, newest first; the block itself may be gone."""
    return ctx.service.snapshots.of(_subject(ctx, device, block))


def load(ctx: Context, device: str, block: str, snapshot_id: str | None) -> BlockInfo:
    """Put a block back as it was. On the portal's thread.

    It goes where the block is now or, if it was deleted, to the folder that it was in.

    Args:
        ctx: The run.
        device: The PLC.
        block: The block.
        snapshot_id: One of the block's snapshots; None for the latest.

    Raises:
        Problem: There is no such snapshot, or TIA Portal refuses the import; then nothing changed.
    """
    snapshot = _chosen(of(ctx, device, block), block, snapshot_id)
    xml = ctx.service.snapshots.content(snapshot.snapshot_id)
    folder = _folder(ctx, device, block, snapshot.folder)
    with transaction(ctx.session, f"Load snapshot of {block}"):
        imports.import_xml(ctx.session, device, "FB", xml, folder, override=True)
    return blocks.describe(ctx.session, device, block)


def _chosen(present: list[SnapshotInfo], block: str, snapshot_id: str | None) -> SnapshotInfo:
    found = next((each for each in present if snapshot_id in (None, each.snapshot_id)), None)
    if found is None:
        which = "no snapshot" if snapshot_id is None else f"no snapshot '{snapshot_id}'"
        msg = f"There is {which} of the block '{block}' in this project: create one first, or choose one of its list."
        raise Problem("snapshot.not_found", msg, status=404).at(block=block, object=snapshot_id)
    return found


def _folder(ctx: Context, device: str, block: str, before: str) -> str:
    try:
        return blocks.describe(ctx.session, device, block).folder
    except Problem as problem:
        if problem.code != "block.not_found":
            raise
        return before


def _subject(ctx: Context, device: str, block: str) -> Subject:
    station = str(locate_plc(ctx.session, device).device.Name)
    return Subject(str(ctx.session.project.Path.FullName), station, "block", block)
