"""Snapshots of objects of a program: their SimaticML as it was at a moment. TIA Portal has none."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, snapshots
from openness_bridge.enumerations import one_of

SnapshotKind = Annotated[str, one_of("SnapshotKind", "block", "tagTable", "udt")]


class Subject(msgspec.Struct, rename="camel", frozen=True):
    """The object of a snapshot; device and name without regard to case.

    Attributes:
        project: The project's file.
        device: The station's name.
        kind: Such as block.
    """

    project: str
    device: str
    kind: SnapshotKind
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


class Share(msgspec.Struct, rename="camel", frozen=True):
    """The part of the store that one group uses.

    Attributes:
        name: A project's file, or a kind of object.
        size: Of the contents, in bytes.
    """

    name: str
    count: int
    size: int


class Statistics(msgspec.Struct, rename="camel", frozen=True):
    """The size of the store.

    Attributes:
        size: Of all contents, in bytes.
        oldest: When the oldest snapshot was taken.
        file_size: Of the service's database with everything in it, in bytes.
    """

    count: int
    size: int
    oldest: str | None
    newest: str | None
    file_size: int
    projects: list[Share]
    kinds: list[Share]


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
            id=made.snapshot_id,
            project=subject.project,
            device=subject.device,
            kind=subject.kind,
            name=subject.name,
            folder=folder,
            author=author,
            created_at=made.created_at,
            note=note,
            content=content,
        )
        self._database.run_now(lambda connection: connection.execute(row))
        return made

    def of(self, subject: Subject) -> list[SnapshotInfo]:
        """Return the snapshots of an object, newest first."""
        same = (snapshots.c.project == subject.project, snapshots.c.kind == subject.kind)
        query = sa.select(*_SHOWN, _SIZE).where(*same).order_by(snapshots.c.number.desc())
        rows = self._database.run_now(lambda connection: connection.execute(query).all())
        return [_info(row) for row in rows if _names(row) == _names(subject)]

    def all(self, project: str | None = None) -> list[SnapshotInfo]:
        """Return the snapshots of a project, or of all for None; newest first."""
        query = sa.select(*_SHOWN, _SIZE).order_by(snapshots.c.number.desc())
        if project is not None:
            query = query.where(snapshots.c.project == project)
        return [_info(row) for row in self._database.run_now(lambda connection: connection.execute(query).all())]

    def get(self, snapshot_id: str) -> SnapshotInfo | None:
        """Return a snapshot, or None."""
        query = sa.select(*_SHOWN, _SIZE).where(snapshots.c.id == snapshot_id)
        row = self._database.run_now(lambda connection: connection.execute(query).first())
        return None if row is None else _info(row)

    def remove(self, snapshot_ids: Iterable[str]) -> int:
        """Remove snapshots in one step; returns how many there were."""
        gone = list(snapshot_ids)

        def work(connection: sa.Connection) -> int:
            return sum(connection.execute(snapshots.delete().where(snapshots.c.id == each)).rowcount for each in gone)

        return self._database.run_now(work)

    def statistics(self) -> Statistics:
        """Return what the store holds, over all projects; the larger shares first."""
        query = sa.select(snapshots.c.project, snapshots.c.kind, snapshots.c.created_at, _SIZE)
        rows = self._database.run_now(lambda connection: connection.execute(query).all())
        moments = [row.created_at for row in rows]
        return Statistics(
            count=len(rows),
            size=sum(row.size for row in rows),
            oldest=min(moments, default=None),
            newest=max(moments, default=None),
            file_size=self._database.size(),
            projects=_group((row.project, row.size) for row in rows),
            kinds=_group((row.kind, row.size) for row in rows),
        )

    def content(self, snapshot_id: str) -> bytes | None:
        """Return the SimaticML of a snapshot, or None."""
        query = sa.select(snapshots.c.content).where(snapshots.c.id == snapshot_id)
        found = self._database.run_now(lambda connection: connection.execute(query).scalar_one_or_none())
        return None if found is None else bytes(found)

    def compact(self) -> None:
        """Give the space of removed snapshots back to the disk."""
        self._database.compact()


def _group(sizes: Iterable[tuple[str, int]]) -> list[Share]:
    """Group snapshots here, not in SQLite, whose sorter would carry every content along."""
    groups: dict[str, list[int]] = {}
    for name, size in sizes:
        groups.setdefault(name, []).append(size)
    shares = [Share(name, len(each), sum(each)) for name, each in groups.items()]
    return sorted(shares, key=lambda share: (-share.size, share.name))


def _names(thing: Any) -> tuple[str, str]:
    """Return device and name without regard to case, which SQLite's own lower() knows only of ASCII."""
    return thing.device.casefold(), thing.name.casefold()


def _info(row: Any) -> SnapshotInfo:
    subject = Subject(row.project, row.device, row.kind, row.name)
    return SnapshotInfo(row.id, subject, row.folder, row.author, row.created_at, row.note, row.size)
