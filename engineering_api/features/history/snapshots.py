"""Snapshots of blocks, tag tables and data types: taken by an export, restored by an import in the object's folder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import msgspec

from engineering_api.operations.context import Context
from engineering_api.storage.snapshots import SnapshotInfo, Subject
from openness_bridge.errors import Kind, Problem
from openness_bridge.lookup import locate, locate_plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.program import blocks, imports, tag_tables, udts


class ProgramObject(Protocol):
    """What every object of a program has."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def folder(self) -> str:
        """The names of its folders, joined by /."""


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """A kind of object that snapshots are taken of.

    Attributes:
        name: What the store calls it.
        described: (session, device, name) → the object; a Problem with the code `missing` when it is not there.
        exported: (session, device, name) → its SimaticML.
        imported: The kind that the import knows it by.
        missing: The code that says that there is no such object.
    """

    name: str
    described: Callable[[Session, str, str], ProgramObject]
    exported: Callable[[Session, str, str], bytes]
    imported: str
    missing: str


BLOCK = ObjectKind("block", blocks.describe, blocks.export_xml, "FB", "block.not_found")
TAG_TABLE = ObjectKind("tagTable", tag_tables.describe, tag_tables.export_xml, "TagTable", "tag_table.not_found")
UDT = ObjectKind("udt", udts.describe, udts.export_xml, "UDT", "udt.not_found")
KINDS = {kind.name: kind for kind in (BLOCK, TAG_TABLE, UDT)}


class Restored(msgspec.Struct, rename="camel", frozen=True):
    """An object that is again as it was.

    Attributes:
        backup: The snapshot of the state before, if one was wanted and the object existed.
    """

    snapshot: SnapshotInfo
    device: str
    name: str
    folder: str
    backup: SnapshotInfo | None


def take(ctx: Context, kind: ObjectKind, device: str, name: str, note: str) -> SnapshotInfo:
    """Keep an object as it is now. On the portal's thread.

    Raises:
        Problem: No such object, or it is inconsistent or protected and cannot be exported.
    """
    present = kind.described(ctx.session, device, name)
    xml = kind.exported(ctx.session, device, name)
    subject = _subject(ctx, kind, device, present.name)
    return ctx.service.snapshots.add(subject, xml, folder=present.folder, author=ctx.caller.name, note=note)


def of(ctx: Context, kind: ObjectKind, device: str, name: str) -> list[SnapshotInfo]:
    """Return the snapshots of an object in this project, newest first; the object itself may be gone."""
    present = _present(ctx, kind, device, name)
    return ctx.service.snapshots.of(_subject(ctx, kind, device, present.name if present else name))


def of_project(ctx: Context, device: str | None = None) -> list[SnapshotInfo]:
    """Return the open project's snapshots, newest first; of one device, or of all for None. On the portal's thread.

    Args:
        ctx: The run.
        device: Any name of the device, or the station's name that it had when the snapshots were taken.
    """
    everything = ctx.service.snapshots.all(_project(ctx))
    if device is None:
        return everything
    station = device
    with suppress(Problem):
        station = str(locate(ctx.session, device).device.Name)
    return [each for each in everything if each.subject.device.casefold() == station.casefold()]


def get(ctx: Context, snapshot_id: str) -> SnapshotInfo:
    """Return a snapshot of any project.

    Raises:
        Problem: The id is unknown.
    """
    found = ctx.service.snapshots.get(snapshot_id)
    if found is None:
        raise build_not_found(snapshot_id)
    return found


def build_not_found(snapshot_id: str) -> Problem:
    """Return what is said of an id that no snapshot has."""
    msg = f"There is no snapshot '{snapshot_id}': GET /api/history/snapshots lists those of the open project."
    return Problem("snapshot.not_found", msg, kind=Kind.MISSING).at(object=snapshot_id)


def choose_snapshot(ctx: Context, device: str, block: str, snapshot_id: str | None) -> SnapshotInfo:
    """Return one of a block's snapshots; the latest for None. On the portal's thread.

    Raises:
        Problem: The block has no such snapshot.
    """
    found = next((each for each in of(ctx, BLOCK, device, block) if snapshot_id in (None, each.snapshot_id)), None)
    if found is None:
        which = "no snapshot" if snapshot_id is None else f"no snapshot '{snapshot_id}'"
        msg = f"There is {which} of the block '{block}' in this project: create one first, or choose one of its list."
        raise Problem("snapshot.not_found", msg, kind=Kind.MISSING).at(block=block, object=snapshot_id)
    return found


def restore(ctx: Context, snapshot: SnapshotInfo, *, backup: bool) -> Restored:
    """Put an object back as it was. On the portal's thread.

    It goes where the object is now or, if it was deleted, to the folder that it was in.

    Args:
        ctx: The run.
        snapshot: One of the open project.
        backup: Whether a snapshot of what is there now is taken first.

    Raises:
        Problem: The snapshot is of another project, what is there now cannot be kept, or TIA Portal refuses the
            import; then nothing changed.
    """
    kind, device, name = _of_this_project(ctx, snapshot)
    present = _present(ctx, kind, device, name)
    note = f"Before snapshot {snapshot.snapshot_id} was restored"
    kept = take(ctx, kind, device, name, note) if backup and present else None
    xml = read_xml(ctx, snapshot)
    with transaction(ctx.session, f"Restore snapshot of {name}"):
        folder = present.folder if present else snapshot.folder
        imports.import_xml(ctx.session, device, kind.imported, xml, folder, override=True)
    if kind is UDT:
        udts.compile_udt(ctx.session, device, name)
    made = kind.described(ctx.session, device, name)
    return Restored(snapshot, device, made.name, made.folder, kept)


def read_xml(ctx: Context, snapshot: SnapshotInfo) -> bytes:
    """Return the SimaticML of a snapshot.

    Raises:
        Problem: It was deleted meanwhile.
    """
    xml = ctx.service.snapshots.content(snapshot.snapshot_id)
    if xml is None:
        raise build_not_found(snapshot.snapshot_id)
    return xml


def present_xml(ctx: Context, snapshot: SnapshotInfo) -> bytes:
    """Return the SimaticML of what a snapshot was taken of, as it is now. On the portal's thread.

    Raises:
        Problem: The snapshot is of another project, or the object is gone or cannot be exported.
    """
    kind, device, name = _of_this_project(ctx, snapshot)
    return kind.exported(ctx.session, device, name)


def _of_this_project(ctx: Context, snapshot: SnapshotInfo) -> tuple[ObjectKind, str, str]:
    """Return kind, station and name of the object of a snapshot."""
    subject = snapshot.subject
    if subject.project != _project(ctx):
        msg = f"The snapshot is of '{subject.name}' in the project '{subject.project}': open that project first."
        raise Problem("snapshot.other_project", msg, kind=Kind.CONFLICT).at(
            object=snapshot.snapshot_id, path=subject.project
        )
    return KINDS[subject.kind], subject.device, subject.name


def _present(ctx: Context, kind: ObjectKind, device: str, name: str) -> ProgramObject | None:
    try:
        return kind.described(ctx.session, device, name)
    except Problem as problem:
        if problem.code != kind.missing:
            raise
    return None


def _subject(ctx: Context, kind: ObjectKind, device: str, name: str) -> Subject:
    station = str(locate_plc(ctx.session, device).device.Name)
    return Subject(_project(ctx), station, kind.name, name)


def _project(ctx: Context) -> str:
    return str(ctx.session.project.Path.FullName)
