"""What a gateway remembers of its workers: their numbers, whether they are being emptied, and whose requests go where."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database, metadata

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("draining", sa.Boolean, nullable=False),
)

worker_choices = sa.Table(
    "worker_choices",
    metadata,
    sa.Column("caller", sa.String, primary_key=True),
    sa.Column("client", sa.String, primary_key=True),
    sa.Column("worker", sa.String, nullable=False),
)


class KnownWorker(msgspec.Struct, frozen=True):
    """A worker that was ever heard of.

    Attributes:
        number: Never given to another: gateway-wide numbers of portals begin with it.
    """

    number: int
    name: str
    draining: bool


class Workers:
    """Reads and writes what is remembered of workers."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    async def all(self) -> list[KnownWorker]:
        """Return all workers that were ever heard of."""
        rows = await self._database.run(lambda c: c.execute(sa.select(workers).order_by(workers.c.number)).all())
        return [KnownWorker(row.number, row.name, row.draining) for row in rows]

    async def add(self, name: str) -> KnownWorker:
        """Give a new worker its number."""

        def insert(connection: sa.Connection) -> int:
            done = connection.execute(workers.insert().values(name=name, draining=False))
            return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0

        return KnownWorker(await self._database.run(insert), name, draining=False)

    async def drain(self, name: str, *, on: bool) -> None:
        """Remember whether a worker is being emptied."""
        change = workers.update().where(workers.c.name == name).values(draining=on)
        await self._database.run(lambda c: c.execute(change))

    async def choices(self) -> dict[tuple[str, str], str]:
        """Return the worker that each caller's requests go to, by caller and client."""
        rows = await self._database.run(lambda c: c.execute(sa.select(worker_choices)).all())
        return {(row.caller, row.client): row.worker for row in rows}

    async def choose(self, caller: str, client: str, worker: str) -> None:
        """Remember where a caller's requests go."""

        def write(connection: sa.Connection) -> None:
            mine = (worker_choices.c.caller == caller) & (worker_choices.c.client == client)
            connection.execute(worker_choices.delete().where(mine))
            connection.execute(worker_choices.insert().values(caller=caller, client=client, worker=worker))

        await self._database.run(write)
