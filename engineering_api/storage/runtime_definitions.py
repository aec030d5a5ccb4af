"""What people define for the runtime: sources, rules, logged series, alarms and sinks. Each is a document with a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from engineering_api.storage.database import Database, runtime_definitions

T = TypeVar("T")
_TABLE = runtime_definitions


class RuntimeDefinitions:
    """Reads and writes definitions. From worker threads only."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    def all(self, kind: str, form: type[T]) -> dict[str, T]:
        """Return all definitions of a kind, such as source, by name.

        Args:
            kind: The word for the kind.
            form: The struct that each is read as.
        """
        query = sa.select(_TABLE).where(_TABLE.c.kind == kind).order_by(_TABLE.c.name)
        rows = self._database.run_now(lambda connection: connection.execute(query).all())
        return {row.name: msgspec.json.decode(row.content, type=form) for row in rows}

    def put(self, kind: str, name: str, definition: msgspec.Struct) -> None:
        """Keep a definition; it replaces the one of this name."""
        self.put_all(kind, {name: definition})

    def put_all(self, kind: str, definitions: Mapping[str, msgspec.Struct]) -> None:
        """Keep several definitions by name, all or none; each replaces the one of its name."""
        if definitions:
            self._database.run_now(self.putting(kind, definitions))

    def putting(self, kind: str, definitions: Mapping[str, msgspec.Struct]) -> Callable[[sa.Connection], None]:
        """Return what keeps definitions by name, as a part of a transaction; they replace those of these names."""
        rows = [
            {"kind": kind, "name": name, "content": msgspec.json.encode(each)} for name, each in definitions.items()
        ]

        write = sqlite.insert(_TABLE)
        replacing = write.on_conflict_do_update(set_={"content": write.excluded.content})

        def work(connection: sa.Connection) -> None:
            if rows:
                connection.execute(replacing, rows)

        return work

    def removing(self, kind: str, name: str) -> Callable[[sa.Connection], None]:
        """Return what removes a definition, as a part of a transaction."""

        def work(connection: sa.Connection) -> None:
            connection.execute(_where(_TABLE.delete(), kind, name))

        return work

    def remove(self, kind: str, name: str) -> bool:
        """Remove a definition; return whether there was one."""
        gone = _where(_TABLE.delete(), kind, name)
        return self._database.run_now(lambda connection: connection.execute(gone).rowcount > 0)

    def remove_all(self, kind: str) -> None:
        """Remove all definitions of a kind."""
        gone = _TABLE.delete().where(_TABLE.c.kind == kind)
        self._database.run_now(lambda connection: connection.execute(gone))


def _where(statement: sa.Delete, kind: str, name: str) -> sa.Delete:
    return statement.where(_TABLE.c.kind == kind, _TABLE.c.name == name)
