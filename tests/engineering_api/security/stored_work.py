"""A server on which every operation can be a step, because operations are noted and not done, and a key of each right."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.execution.execution import Execution
from engineering_api.execution.runner import Runner
from engineering_api.features.jobs import jobs_operations
from engineering_api.features.pipelines import pipelines_operations
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Operation, answers_secret
from engineering_api.operations.fields import Request, secrets_of
from engineering_api.operations.resources import Condition
from engineering_api.operations.terms import Right
from engineering_api.security.roles import RIGHTS, ROLES
from tests.support.service import Client, settings

SAID = "an answer that needs a right"
MOST = 150
"""Steps of a pipeline of these tests."""


class Noting(Execution):
    """Does what pipelines and jobs do; of everything else it says something, and notes in whose right it would be done."""

    done: list[tuple[str, Right]]

    async def run(
        self, op: Operation, request: Request, context: Context, rank: int, condition: Condition | None = None
    ) -> bytes:
        runs_others = op.section in {pipelines_operations.section.title, jobs_operations.section.title}
        if "via pipeline" not in context.caller.name and (runs_others or (op.section == "Access" and not context.job)):
            return await super().run(op, request, context, rank, condition)
        self.done.append((op.name, context.caller.right))
        return msgspec.json.encode({"said": SAID, "message": "Done"})


class Bench:
    """The server, with a key of each right."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client, self._database = client, folder / "service.db"
        self.service: Service = client.http.app.state.service
        self.keys = {
            right: client.ok("POST", "/api/api-keys", {"name": f"{ROLES[right]}", "right": ROLES[right]})
            for right in RIGHTS.values()
        }

    def send(self, right: Right, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status, and the data or the error, of an answer to the key of a right."""
        headers = {"X-API-Key": self.keys[right]["apiKey"]}
        answer = self.client.http.request(method, path, json=body, headers=headers)
        document = answer.json()
        return answer.status_code, document["data"] if document["success"] else document["error"]

    def store_as_before(self, name: str, owner: Right) -> None:
        """Make a pipeline one that an earlier version stored for a caller, without a check and without an authority."""
        with sqlite3.connect(self._database) as connection:
            connection.execute(
                "UPDATE pipelines SET owner = ?, owner_right = ?, owner_authority = '' WHERE name = ?",
                (f"key:{ROLES[owner]}", int(owner), name),
            )


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    execution: list[Noting] = []

    def make_runner(service: Service, _: Any) -> Runner:
        execution.append(Noting(service))
        return Runner(service, execution[0])

    with TestClient(create_app(settings(folder, rate_limit=0), make_runner=make_runner)) as http:
        Noting.done = []
        yield Bench(Client(http), folder)


def as_step(op: Operation) -> dict[str, Any]:
    """A step of an operation's example; passwords are names of secrets."""
    hidden = {name.replace("_", "").casefold() for name in secrets_of(op.request)}
    params = {
        name: _hidden(value) if name.replace("_", "").casefold() in hidden else _plain(value)
        for name, value in op.example.items()
    }
    return {"name": op.name, "action": op.name, "params": params}


def _plain(value: Any) -> Any:
    """A value in which no text is an expression: some examples are pipelines themselves."""
    return msgspec.json.decode(msgspec.json.encode(value).replace(b"${", b"$${"))


def _hidden(value: Any) -> Any:
    return dict.fromkeys(value, "${secret.X}") if isinstance(value, dict) else "${secret.X}"


def can_be_step(op: Operation) -> bool:
    return op.step and not answers_secret(op)
