"""Designs, kept for each project, and what they have generated in its PLCs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, design_objects, designs


class StoredDesign(msgspec.Struct, rename="camel", frozen=True):
    """A design as it was loaded.

    Attributes:
        author: The caller who loaded it last.
        data: Its plain data; sections may be missing.
    """

    author: str
    loaded_at: str
    data: dict[str, Any]


class MadeObject(msgspec.Struct, frozen=True):
    """An object that was made of a design.

    Attributes:
        fingerprint: Of its content as it was then; empty where it could not be read.
    """

    device: str
    kind: str
    name: str
    fingerprint: str

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it among all others of its PLC."""
        return self.kind, self.name.casefold()


class Designs:
    """Reads and writes designs. From worker and portal threads only."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    def get(self, project: str) -> StoredDesign | None:
        """Return the design of a project, or None."""
        query = sa.select(designs).where(designs.c.project == project)
        row = self._database.run_now(lambda connection: connection.execute(query).first())
        return None if row is None else StoredDesign(row.author, row.loaded_at, msgspec.json.decode(row.content))

    def put(self, project: str, data: dict[str, Any], author: str) -> StoredDesign:
        """Keep a design; it replaces the one that the project has."""
        made = StoredDesign(author, now(), data)
        row = designs.insert().values(
            project=project, author=author, loaded_at=made.loaded_at, content=msgspec.json.encode(data)
        )

        def work(connection: sa.Connection) -> None:
            connection.execute(designs.delete().where(designs.c.project == project))
            connection.execute(row)

        self._database.run_now(work)
        return made

    def remove(self, project: str) -> bool:
        """Forget the design of a project; return whether there was one. Its generated objects stay known."""
        gone = designs.delete().where(designs.c.project == project)
        return self._database.run_now(lambda connection: connection.execute(gone).rowcount) > 0

    def list_made(self, project: str, device: str) -> list[MadeObject]:
        """Return the generated objects of a PLC."""
        own = (design_objects.c.project == project, design_objects.c.device == device)
        query = sa.select(design_objects).where(*own).order_by(design_objects.c.kind, design_objects.c.key)
        rows = self._database.run_now(lambda connection: connection.execute(query).all())
        return [MadeObject(row.device, row.kind, row.name, row.fingerprint) for row in rows]

    def note(self, project: str, device: str, made: Iterable[MadeObject]) -> None:
        """Keep the generated objects of a PLC; they replace those known before."""
        rows = [
            {
                "project": project,
                "device": device,
                "kind": each.kind,
                "key": each.name.casefold(),
                "name": each.name,
                "fingerprint": each.fingerprint,
            }
            for each in made
        ]
        own = (design_objects.c.project == project, design_objects.c.device == device)

        def work(connection: sa.Connection) -> None:
            connection.execute(design_objects.delete().where(*own))
            if rows:
                connection.execute(design_objects.insert(), rows)

        self._database.run_now(work)
