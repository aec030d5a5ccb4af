"""History & Snapshots: blocks, tag tables and data types kept as they were, compared, and put back."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.history import snapshot_cleanup, snapshot_content, snapshots
from engineering_api.features.history.snapshot_content import Comparison, SnapshotContent
from engineering_api.features.history.snapshots import BLOCK, TAG_TABLE, UDT, Restored
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from engineering_api.storage.snapshots import SnapshotInfo, SnapshotKind, Statistics

section = Section("History & Snapshots", reach=Reach.ALL)
SNAPSHOT = {"snapshotId": "7b0c9c2e-3f53-4c3c-9d5b-5d1f7f3f6a10"}
ON_BLOCK = {"deviceName": "PLC_1", "blockName": "Motor"}
ON_TABLE = {"deviceName": "PLC_1", "tableName": "Conveyor"}
ON_TYPE = {"deviceName": "PLC_1", "udtName": "UDT_Motor"}


class OfBlock(Request, kw_only=True):
    """Which block."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]
    block_name: Annotated[str, named("Name of the block, which may be deleted meanwhile.")]


class TakeBlock(OfBlock, kw_only=True):
    """Which block, and what for."""

    note: Annotated[str, named("Why the snapshot is taken.", "comment", "description", "reason")] = ""


class OfTable(Request, kw_only=True):
    """Which tag table."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]
    table_name: Annotated[str, named("Name of the tag table, which may be deleted meanwhile.")]


class TakeTable(OfTable, kw_only=True):
    """Which tag table, and what for."""

    note: Annotated[str, named("Why the snapshot is taken.", "comment", "description", "reason")] = ""


class OfType(Request, kw_only=True):
    """Which data type."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]
    udt_name: Annotated[str, named("Name of the data type, which may be deleted meanwhile.", "typeName")]


class TakeType(OfType, kw_only=True):
    """Which data type, and what for."""

    note: Annotated[str, named("Why the snapshot is taken.", "comment", "description", "reason")] = ""


class Filter(Request, kw_only=True):
    """Which snapshots of the open project."""

    device_name: Annotated[str | None, named("Only those of this device.", "device")] = None
    kind: Annotated[SnapshotKind | None, named("Only those of this kind: block, tagTable or udt.")] = None
    name: Annotated[str | None, named("Only those of the object of this name.")] = None
    limit: Annotated[int, named("How many at most, newest first.", ge=1, le=1000)] = 100


class OnSnapshot(Request, kw_only=True):
    """Which snapshot."""

    snapshot_id: Annotated[str, named("The snapshot's id.", "id")]


class Restore(OnSnapshot, kw_only=True):
    """Which snapshot, and whether to keep the present state."""

    backup: Annotated[
        bool,
        named("First take a snapshot of the present state; the object must be consistent for that.", "createBackup"),
    ] = False


class Compare(OnSnapshot, kw_only=True):
    """Which snapshot, and with which other one."""

    other_id: Annotated[
        str | None,
        named("Another snapshot; by default the block or tag table in its present state.", "with", "otherSnapshotId"),
    ] = None


class Cleanup(Request, kw_only=True):
    """Which snapshots to delete."""

    older_than_days: Annotated[
        float,
        named(
            "Age in days from which a snapshot may be deleted.", "days", "maxAgeDays", "retentionDays", ge=0, le=36500
        ),
    ] = 30
    keep: Annotated[
        int,
        named(
            "How many snapshots of each object to keep, regardless of their age.", "keepLatest", "maxPerObject", ge=0
        ),
    ] = 1
    dry_run: Annotated[bool, named("Only report what would be deleted.")] = False


class Cleaned(Model):
    """The deleted snapshots.

    Attributes:
        removed: How many.
        freed: Bytes of their contents.
        dry_run: Whether nothing was deleted.
    """

    removed: int
    freed: int
    dry_run: bool
    snapshots: list[SnapshotInfo]


def _project_of_snapshot(service: Service, request: OnSnapshot) -> list[str]:
    """The project whose snapshot a request names; none where there is no such snapshot."""
    found = service.snapshots.get(request.snapshot_id)
    return [] if found is None else [found.subject.project]


@section.operation(wait="GET /api/history/stats", right=Right.VIEW, lock=Lock.NONE, changes=False)
def stats(ctx: Context, _: Nothing) -> Statistics:
    """Get how many snapshots are stored, of which projects and kinds, and how much space they take."""
    return ctx.service.snapshots.statistics()


@section.operation(
    also="GET /api/history/snapshots",
    right=Right.VIEW,
    changes=False,
    example={"kind": "block"},
    tool="list_snapshots",
)
def list_(ctx: Context, request: Filter) -> list[SnapshotInfo]:
    """List the snapshots of the open project, newest first."""
    return [each for each in snapshots.of_project(ctx, request.device_name) if _matches(each, request)][: request.limit]


@section.operation(
    wait="GET /api/history/blocks/{deviceName}/{blockName}", right=Right.VIEW, changes=False, example=ON_BLOCK
)
def of_block(ctx: Context, request: OfBlock) -> list[SnapshotInfo]:
    """List the snapshots of a block, newest first, also those of a deleted block."""
    return snapshots.of(ctx, BLOCK, request.device_name, request.block_name)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/history/blocks/{deviceName}/{blockName}/actions/snapshot",
    example=ON_BLOCK | {"note": "Before the change of the interlocks"},
    done="Snapshot created",
)
def snapshot_block(ctx: Context, request: TakeBlock) -> SnapshotInfo:
    """Take a snapshot of a block. The block must be consistent: compile it first."""
    return snapshots.take(ctx, BLOCK, request.device_name, request.block_name, request.note)


@section.operation(
    wait="GET /api/history/tags/{deviceName}/{tableName}", right=Right.VIEW, changes=False, example=ON_TABLE
)
def of_tags(ctx: Context, request: OfTable) -> list[SnapshotInfo]:
    """List the snapshots of a tag table, newest first, also those of a deleted table."""
    return snapshots.of(ctx, TAG_TABLE, request.device_name, request.table_name)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/history/tags/{deviceName}/{tableName}/actions/snapshot",
    example=ON_TABLE | {"note": "Before the addresses move"},
    done="Snapshot created",
)
def snapshot_tags(ctx: Context, request: TakeTable) -> SnapshotInfo:
    """Take a snapshot of a tag table with its tags and user constants."""
    return snapshots.take(ctx, TAG_TABLE, request.device_name, request.table_name, request.note)


@section.operation(
    also="GET /api/history/types/{deviceName}/{udtName}", right=Right.VIEW, changes=False, example=ON_TYPE
)
def of_type(ctx: Context, request: OfType) -> list[SnapshotInfo]:
    """List the snapshots of a data type, newest first, also those of a deleted data type."""
    return snapshots.of(ctx, UDT, request.device_name, request.udt_name)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    also="POST /api/history/types/{deviceName}/{udtName}/actions/snapshot",
    example=ON_TYPE | {"note": "Before members are added"},
    done="Snapshot created",
)
def snapshot_type(ctx: Context, request: TakeType) -> SnapshotInfo:
    """Take a snapshot of a data type. The data type must be consistent: compile it first."""
    return snapshots.take(ctx, UDT, request.device_name, request.udt_name, request.note)


@section.operation(
    wait="GET /api/history/snapshots/{snapshotId}",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example=SNAPSHOT,
    projects=_project_of_snapshot,
)
def get(ctx: Context, request: OnSnapshot) -> SnapshotInfo:
    """Get the object of a snapshot, and when, by whom and why the snapshot was taken."""
    return snapshots.get(ctx, request.snapshot_id)


@section.operation(
    wait="GET /api/history/snapshots/{snapshotId}/content",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example=SNAPSHOT,
    projects=_project_of_snapshot,
)
def content(ctx: Context, request: OnSnapshot) -> SnapshotContent:
    """Get the content of a snapshot: SimaticML and plain text; for a tag table also its tags and constants."""
    found = snapshots.get(ctx, request.snapshot_id)
    return snapshot_content.content(found, snapshots.read_xml(ctx, found))


@section.operation(
    also="GET /api/history/snapshots/{snapshotId}/compare",
    right=Right.VIEW,
    changes=False,
    example=SNAPSHOT,
    tool="compare_snapshot",
)
def compare(ctx: Context, request: Compare) -> Comparison:
    """Compare a snapshot with the block or tag table in its present state, or with another snapshot."""
    before = snapshots.get(ctx, request.snapshot_id)
    after = None if request.other_id is None else snapshots.get(ctx, request.other_id)
    xml = snapshots.present_xml(ctx, before) if after is None else snapshots.read_xml(ctx, after)
    return snapshot_content.compare(before, snapshots.read_xml(ctx, before), after, xml)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/history/snapshots/{snapshotId}/actions/restore-sync",
    also_job="POST /api/history/snapshots/{snapshotId}/actions/restore",
    lock=Lock.PROJECT,
    example=SNAPSHOT,
    done="Snapshot restored",
    tool="restore_snapshot",
)
def restore(ctx: Context, request: Restore) -> Restored:
    """Restore a block, tag table or data type from a snapshot. A deleted object is restored in its folder, which is created if it is missing."""
    return snapshots.restore(ctx, snapshots.get(ctx, request.snapshot_id), backup=request.backup)


@section.operation(
    wait="DELETE /api/history/snapshots/{snapshotId}",
    lock=Lock.NONE,
    example=SNAPSHOT,
    destroys=True,
    undo=Undo.NEVER,
    done="Snapshot deleted",
    projects=_project_of_snapshot,
)
def delete(ctx: Context, request: OnSnapshot) -> SnapshotInfo:
    """Delete a snapshot. The object itself does not change."""
    found = snapshots.get(ctx, request.snapshot_id)
    if not ctx.service.snapshots.remove([found.snapshot_id]):
        raise snapshots.build_not_found(request.snapshot_id)
    return found


@section.operation(
    wait="POST /api/history/actions/cleanup",
    lock=Lock.NONE,
    destroys=True,
    undo=Undo.NEVER,
    example={"olderThanDays": 30, "keep": 1, "dryRun": True},
    done="Snapshots cleaned up",
)
def cleanup(ctx: Context, request: Cleanup) -> Cleaned:
    """Delete old snapshots of all projects to free their space. The newest of each object are kept."""
    store = ctx.service.snapshots
    going = list(snapshot_cleanup.superfluous(store.all(), request.older_than_days, request.keep))
    if going and not request.dry_run:
        store.remove(each.snapshot_id for each in going)
        store.compact()
    return Cleaned(removed=len(going), freed=sum(each.size for each in going), dry_run=request.dry_run, snapshots=going)


def _matches(snapshot: SnapshotInfo, request: Filter) -> bool:
    subject = snapshot.subject
    wanted = ((request.kind, subject.kind), (request.name, subject.name))
    return all(text is None or text.casefold() == value.casefold() for text, value in wanted)
