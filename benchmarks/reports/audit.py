"""What the audit log costs: python -m benchmarks.reports.audit

Edits through the whole service, in this process, with nothing, checksums or contents kept of before and after, and the uses
of the object model that each takes; rows a second that are appended durably and that are checked.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

import fake_openness
from engineering_api.app import create_app
from engineering_api.audit.files import export, verify_file
from engineering_api.audit.log import Audit
from engineering_api.audit.reading import Trail
from engineering_api.settings import AuditContent, Settings
from engineering_api.storage.database import Database
from openness_bridge.model import Model

TAGS, EDITS, ROWS = 200, 200, 5000
PLC = "/api/devices/PLC_1"
CPU = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
FUNCTION = 'FUNCTION "FC_{n}" : Int\nVAR_INPUT x : Int; END_VAR\nBEGIN\n  #FC_{n} := #x + {n};\nEND_FUNCTION\n'
MODES: tuple[AuditContent, ...] = ("none", "digest", "content")


def edits(http: TestClient[Any], name: str) -> tuple[str, Callable[[int], Any]]:
    """An edit by its name, and what sends the n-th of it."""
    sends: dict[str, Callable[[int], Any]] = {
        "a tag's comment": lambda n: http.put(f"{PLC}/tag-tables/T/tags/t{n % TAGS}", json={"comment": f"c{n}"}),
        "a new tag": lambda n: http.post(
            f"{PLC}/tag-tables/T/tags", json={"name": f"n{n}", "dataType": "Bool", "logicalAddress": f"%M{500 + n}.0"}
        ),
        "a block deleted": lambda n: http.delete(f"{PLC}/blocks/FC_{n}"),
        "a setting": lambda n: http.post("/api/settings", json={"keepJobsDays": 10 + n % 2}),
    }
    return name, sends[name]


def measure(mode: AuditContent, name: str) -> tuple[float, float]:
    """Milliseconds of an edit in the middle, and uses of the object model."""
    with tempfile.TemporaryDirectory() as folder:
        installation = fake_openness.install("20")
        model = Model("20", installation.types.__getitem__, "fake")
        given = Settings(backend="fake", data_dir=Path(folder), api_key="k", headless=True, audit_content=mode)
        with TestClient(create_app(given, model)) as http:
            http.headers["X-API-Key"] = "k"
            prepare(http)
            _, send = edits(http, name)
            times = []
            installation.machine.calls = Counter()
            for n in range(EDITS):
                begin = time.perf_counter()
                answer = send(n)
                times.append(time.perf_counter() - begin)
                assert answer.status_code == 200, answer.text
            return statistics.median(times) * 1000, installation.machine.calls.total() / EDITS


def prepare(http: TestClient[Any]) -> None:
    """A project with a CPU, a table of tags and functions."""
    tags = [{"name": f"t{n}", "dataType": "Bool", "logicalAddress": f"%M{n}.0"} for n in range(TAGS)]
    functions = "".join(FUNCTION.format(n=n) for n in range(EDITS))
    for path, body in (
        ("/api/projects/actions/create-sync", {"name": "P"}),
        ("/api/projects/devices/actions/add-sync", CPU),
        (f"{PLC}/tag-tables", {"name": "T"}),
        (f"{PLC}/tags/actions/import-sync", {"tags": tags, "tableName": "T"}),
        (f"{PLC}/external-sources/import-and-generate", {"content": functions}),
        (f"{PLC}/actions/compile-sync", {}),
    ):
        answer = http.post(path, json=body)
        assert answer.status_code == 200, answer.text


def chain() -> None:
    """Rows a second: appended one after the other, by fifty at once, checked, exported, checked in the file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "service.db")
        audit = Audit(database, Path(folder))

        async def one_by_one() -> None:
            for n in range(ROWS // 10):
                await audit.event("a.b", number=n)

        async def together() -> None:
            for _ in range(ROWS // 50):
                await asyncio.gather(*(audit.event("a.b", number=n) for n in range(50)))

        measure_rows("appended, one after the other", ROWS // 10, lambda: asyncio.run(one_by_one()))
        measure_rows("appended, fifty at once", ROWS, lambda: asyncio.run(together()))
        rows = measure_rows("checked", ROWS + ROWS // 10, lambda: Trail(Path(folder)).verify())
        assert rows.ok
        file = Path(folder) / "log.jsonl"
        measure_rows("exported", rows.entries, lambda: file.write_bytes(b"".join(export(Trail(Path(folder)), "jsonl"))))
        assert measure_rows("checked in the file", rows.entries, lambda: verify_file(file)).ok
        audit.close()
        database.close()


def measure_rows(what: str, rows: int, work: Callable[[], Any]) -> Any:
    """Print how many rows a second; returns what the work does."""
    begin = time.perf_counter()
    found = work()
    print(f"{what:32} {rows / (time.perf_counter() - begin):9,.0f} rows/s")
    return found


if __name__ == "__main__":
    print(f"{'edit':20}" + "".join(f"{mode:>22}" for mode in MODES))
    for edit in ("a tag's comment", "a new tag", "a block deleted", "a setting"):
        found = [measure(mode, edit) for mode in MODES]
        print(f"{edit:20}" + "".join(f"{ms:9.2f} ms {calls:4.0f} calls" for ms, calls in found))
    chain()
