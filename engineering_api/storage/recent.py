"""The recently opened projects; TIA Portal has no API for its own list."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, recent_projects


class RecentProject(msgspec.Struct, rename="camel", frozen=True):
    """A project that this service opened."""

    name: str
    path: str
    last_access: str


class RecentProjects:
    """Reads and writes the list. From worker and portal threads only."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    def note(self, name: str, path: str) -> None:
        """Put a project at the head of the list."""

        def work(connection: sa.Connection) -> None:
            connection.execute(recent_projects.delete().where(recent_projects.c.path == path))
            connection.execute(recent_projects.insert().values(path=path, name=name, last_access=now()))

        self._database.run_now(work)

    def list(self) -> list[RecentProject]:
        """Return all projects, latest first."""
        query = sa.select(recent_projects).order_by(recent_projects.c.last_access.desc())
        rows = self._database.run_now(lambda connection: connection.execute(query).all())
        return [RecentProject(row.name, row.path, row.last_access) for row in rows]

    def remove(self, path: str | None) -> int:
        """Remove one project, or all; returns how many went."""
        gone = recent_projects.delete()
        if path is not None:
            gone = gone.where(recent_projects.c.path == path)
        return self._database.run_now(lambda connection: connection.execute(gone).rowcount)
