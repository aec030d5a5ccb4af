"""Snapshots of objects of a program: their SimaticML as it was at a moment. TIA Portal has none of its own."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database, snapshots
from engineering_api.storage.jobs import now


class Subject(msgspec.Struct, rename="camel", frozen=True):
    """What a snapshot is of; device and name without regard to case.

    Attributes:
        project: The project's file.
        device: The station's name.
        kind: Such as block.
    """

    project: str
    device: str
    kind: str
    name: str


class SnapshotInfo(msgspec.Struct, rename="camel", frozen=True):
    """A snapshot without its content.

    Attributes:
        folder: The object's folders at that moment, joined by /.
        author: The caller who took it.
        size: Of the content, in bytes.
    """

    snapshot_id: str
    subject: Subject
    folder: str
    author: str
    created_at: str
    note: str
    size: int


_SHOWN = [column for column in snapshots.c if column.name != "content"]
_SIZE = sa.func.length(snapshots.c.content).label("size")


class Snapshots:
    """Reads and writes the snapshots. From worker and portal threads only."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    def add(self, subject: Subject, content: bytes, *, folder: str, author: str, note: str) -> SnapshotInfo:
        """Keep an object's SimaticML."""
        made = SnapshotInfo(str(uuid.uuid4()), subject, folder, author, now(), note, len(content))
        row = snapshots.insert().values(
            id=made.snapshot_id, project=subject.project, device=subject.device, kind=subject.kind, name=subject.name,
            folder=folder, author=author, created_at=made.created_at, note=note, content=content,
        )  # fmt: skip
        self._database.run_now(lambda connection: connection.execute(row))
        return made

    def of(self, subject: Subject) -> list[SnapshotInfo]:
        """The snapshots of an object, newest first."""
        same = (snapshots.c.project == subject.project, snapshots.c.kind == subject.kind)
        query = sa.select(*_SHOWN, _SIZE).where(*same).order_by(snapshots.c.number.desc())
        rows = self._database.run_now(lambda connection: connection.execute(query).all())
        return [_info(row) for row in rows if _names(row) == _names(subject)]

    def content(self, snapshot_id: str) -> bytes:
        """The SimaticML of a snapshot that is there."""
        query = sa.select(snapshots.c.content).where(snapshots.c.id == snapshot_id)
        return bytes(self._database.run_now(lambda connection: connection.execute(query).scalar_one()))


def _names(thing: Any) -> tuple[str, str]:
    """Device and name without regard to case, which SQLite's own lower() knows only of ASCII."""
    return thing.device.casefold(), thing.name.casefold()


def _info(row: Any) -> SnapshotInfo:
    subject = Subject(row.project, row.device, row.kind, row.name)
    return SnapshotInfo(row.id, subject, row.folder, row.author, row.created_at, row.note, row.size)
