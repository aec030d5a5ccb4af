"""A project of 1,000 blocks, and how many calls into the object model one request takes there."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.settings import Settings
from fakes import openness
from fakes.openness.machine import Machine
from openness_bridge.loader import Model

LIMITS = Path(__file__).parent / "limits.csv"
BLOCKS, FOLDERS, TYPES, TABLES, TAGS = 1000, 10, 50, 20, 50
FUNCTION = 'FUNCTION "FC_{n}" : Int\nVAR_INPUT x : Int; END_VAR\nBEGIN\n  #FC_{n} := #x + {n};\nEND_FUNCTION\n'
TYPE = 'TYPE "Type_{n}"\nSTRUCT a : Int; b : Real; END_STRUCT;\nEND_TYPE\n'
PLC = "/api/devices/PLC_1"
GENERATE = f"{PLC}/external-sources/import-and-generate"


@dataclass(frozen=True)
class Limit:
    """How many calls a request may take in this project.

    Attributes:
        calls: At most; each is a round trip to another process on a real system.
    """

    operation: str
    method: str
    path: str
    body: Any
    calls: int


def limits() -> list[Limit]:
    """The table."""
    with LIMITS.open(encoding="utf-8", newline="") as file:
        return [
            Limit(row["operation"], row["method"], row["path"], json.loads(row["body"] or "null"), int(row["calls"]))
            for row in csv.DictReader(file)
        ]


class Stage:
    """A server on a simulated computer with the project."""

    def __init__(self, http: httpx.Client, machine: Machine) -> None:
        self._http, self._machine = http, machine

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The data of an answer that must be a success."""
        answer = self._http.request(method, path, json=body)
        assert answer.status_code == 200, (method, path, answer.text[:2000])
        return answer.json()["data"]

    def calls(self, limit: Limit) -> Counter[tuple[str, str]]:
        """The uses of each member in one request; a project that was read before is remembered, so it is sent twice."""
        if limit.method == "GET":
            self.send(limit.method, limit.path, limit.body)
        self._machine.calls = Counter()
        try:
            self.send(limit.method, limit.path, limit.body)
            return self._machine.calls
        finally:
            self._machine.calls = None


@contextmanager
def stage(folder: Path, blocks: int = BLOCKS) -> Iterator[Stage]:
    """The project, made over HTTP and compiled."""
    installation = openness.install("20")
    model = Model("20", installation.types.__getitem__, "fake")
    settings = Settings(backend="fake", data_dir=folder, api_key="calls", headless=True)
    with TestClient(create_app(settings, model)) as http:
        http.headers["X-API-Key"] = "calls"
        made = Stage(http, installation.machine)
        made.send("POST", "/api/projects/actions/create-sync", {"name": "Large"})
        cpu = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
        made.send("POST", "/api/projects/devices/actions/add-sync", cpu)
        _fill(made, blocks)
        made.send("POST", f"{PLC}/actions/compile-sync")
        yield made


def _fill(made: Stage, blocks: int) -> None:
    types = "".join(TYPE.format(n=n) for n in range(TYPES))
    made.send("POST", GENERATE, {"content": types, "extension": "udt"})
    made.send("POST", GENERATE, {"content": "".join(FUNCTION.format(n=n) for n in range(blocks))})
    for n in range(FOLDERS):
        made.send("POST", f"{PLC}/blocks/folders", {"folder": f"Folder_{n}"})
    for table in range(TABLES):
        tags = [
            {"name": f"T{table}_{n}", "dataType": "Bool", "logicalAddress": f"%M{table * TAGS + n}.0"}
            for n in range(TAGS)
        ]
        made.send("POST", f"{PLC}/tag-tables", {"name": f"Table_{table}"})
        made.send("POST", f"{PLC}/tags/actions/import-sync", {"tags": tags, "tableName": f"Table_{table}"})
