"""The project of the examples with 300 blocks, and how many calls into the object model an example takes there."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from litestar.testing import TestClient

import fake_openness
from engineering_api.app import create_app
from engineering_api.documentation.calls import Call, call, select_routes
from engineering_api.operations.declaration import Operation
from engineering_api.settings import Settings
from openness_bridge.model import Model
from openness_bridge.portal.loader import plcsim_model
from tests.openness_bridge.calls.groups import Group
from tests.support.state.api import ended, run, send
from tests.support.state.needs import filled, first_of
from tests.support.state.state import PLC, PROJECT, make_remotes, prepare

BLOCKS, TYPES, TABLES, TAGS = 300, 50, 20, 50
FUNCTION = 'FUNCTION "FC_{n}" : Int\nVAR_INPUT x : Int; END_VAR\nBEGIN\n  #FC_{n} := #x + {n};\nEND_FUNCTION\n'
TYPE = 'TYPE "Type_{n}"\nSTRUCT a : Int; b : Real; END_STRUCT;\nEND_TYPE\n'
KEY = "the-key-of-the-calls"

Counts = dict[str, Counter[tuple[str, str]]]
"""The uses of each member, by operation."""


class Stage:
    """A simulated computer with a copy of the project for each group of operations."""

    def __init__(self, folder: Path, blocks: int = BLOCKS) -> None:
        """Make the project, over HTTP."""
        self._installation = fake_openness.install("20")
        self._template, self._data, self._remotes = folder / "template", folder / "data", folder / "remotes"
        with self._service() as http:
            prepare(http, self._data / "workspace")
            fill(http, blocks)
            run(http, "devices.compile_", PLC | {"scope": "all"})
            run(http, "projects.save", {})
        self._data.rename(self._template)

    def counts(self, group: Group) -> Counts:
        """The calls of each operation's example.

        What a change before it stands in the way of is tried again on a fresh copy. A read is asked twice: what was
        read before is remembered.
        """
        found: Counts = {}
        left = list(group.operations)
        while left:
            before = len(left)
            left = self._some(group, left, found)
            assert len(left) < before, f"the example of {left[0].name} does not work in this project"
        return found

    def _some(self, group: Group, wanted: list[Operation], found: Counts) -> list[Operation]:
        """Count on one copy. Returns the operations that are refused there."""
        shutil.rmtree(self._data, ignore_errors=True)
        shutil.copytree(self._template, self._data)
        make_remotes(self._remotes)
        refused = []
        with self._service() as http:
            run(http, "projects.open_", {"path": PROJECT})
            known = first_of(group.need, http)
            for op in wanted:
                asked = _asked(op, known)
                if group.reads:
                    send(http, asked)
                calls = self._counted(http, asked)
                if calls is None:
                    refused.append(op)
                else:
                    found[op.name] = calls
            http.post("/api/projects/actions/close-sync", json={"discard": True, "foreign": True})
        return refused

    def _counted(self, http: httpx.Client, asked: Call) -> Counter[tuple[str, str]] | None:
        """The calls of one request, or nothing when it is refused."""
        machine = self._installation.machine
        counted: Counter[tuple[str, str]] = Counter()
        machine.calls = counted
        try:
            answer = send(http, asked)
            if answer.status_code == 202:
                return counted if ended(http, answer.json()["data"]["jobId"])["status"] == "Completed" else None
            return counted if answer.status_code == 200 else None
        finally:
            machine.calls = None

    @contextmanager
    def _service(self) -> Iterator[httpx.Client]:
        types, simulated = self._installation.types, self._installation.plcsim
        model = Model("20", types.__getitem__, "fake", plcsim=lambda: plcsim_model(simulated.__getitem__, "fake"))
        settings = Settings(
            backend="fake", data_dir=self._data, api_key=KEY, headless=True, git_folders=[self._remotes]
        )
        app = create_app(settings, model)
        with TestClient(app) as http:
            http.headers["X-API-Key"] = KEY
            yield http


def _asked(op: Operation, known: dict[str, str]) -> Call:
    made = call(select_routes(op)[0], op.example)
    return Call(made.method, filled(made.target, known), filled(made.body, known))


def fill(http: httpx.Client, blocks: int) -> None:
    """Add blocks, types, tag tables and tags to the PLC."""
    run(http, "sources.import_and_generate", PLC | {"content": "".join(map(_type, range(TYPES))), "extension": "udt"})
    run(http, "sources.import_and_generate", PLC | {"content": "".join(map(_function, range(blocks)))})
    for table in range(TABLES):
        tags = [
            {"name": f"T{table}_{n}", "dataType": "Bool", "logicalAddress": f"%M{1000 + table * TAGS + n}.0"}
            for n in range(TAGS)
        ]
        run(http, "tag_tables.create", PLC | {"name": f"Table_{table}"})
        run(http, "tag_transfer.import_json", PLC | {"tags": tags, "tableName": f"Table_{table}"})


def _type(n: int) -> str:
    return TYPE.format(n=n)


def _function(n: int) -> str:
    return FUNCTION.format(n=n)
