"""An audit log without a server, and servers on a data folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litestar.testing import TestClient
from msgspec import structs

from engineering_api.app import create_app
from engineering_api.audit.chain import BEGIN, Row
from engineering_api.audit.log import Audit, ended_row
from engineering_api.storage.database import Database
from tests.support.service import Client, settings


@contextmanager
def opened(folder: Path, key: str = "") -> Iterator[Audit]:
    database = Database(folder / "service.db")
    audit = Audit(database, folder, key=key)
    try:
        yield audit
    finally:
        audit.close()
        database.close()


def fill(folder: Path, count: int, key: str = "") -> None:
    """A log with so many operations, a refused attempt between them."""

    async def write(audit: Audit) -> None:
        for number in range(count):
            if number % 5 == 4:
                await audit.event("tags.add", "auth.required", "anonymous", "10.0.0.9")
                continue
            row = Row(
                number=0,
                at="",
                entry=BEGIN,
                caller="key:anna",
                client="c",
                address="127.0.0.1",
                operation="tags.add",
                object='{"kind":"tags"}',
                arguments=f'{{"name":"Tag, \\"{number}\\" é"}}',
            )
            begun = structs.replace(row, number=await audit.begin(row))
            await audit.end(ended_row(begun, "ok", 7, '{"read":"tags.list_","sha256":"0","bytes":1}'), begun)

    with opened(folder, key) as audit:
        asyncio.run(write(audit))


@contextmanager
def served(folder: Path, **given: object) -> Iterator[Client]:
    with TestClient(create_app(settings(folder, **given))) as http:
        yield Client(http)
