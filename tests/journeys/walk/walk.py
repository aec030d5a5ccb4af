"""Walks through the catalogue: runs operations over HTTP and shows the effect of each by another one's answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from engineering_api.documentation.calls import call
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Mode, Route
from engineering_api.web import options
from engineering_api.web.application import App

Arguments = dict[str, Any]
Look = Callable[[Any], Any]
KEY = "the-key-of-the-walk"
FEW = 2
"""Reads that are asked again after a change."""


@dataclass(frozen=True)
class Change:
    """What a read showed before and after an operation.

    Attributes:
        answer: The operation's own answer.
    """

    before: Any
    after: Any
    answer: Any

    @property
    def appeared(self) -> list[Any]:
        """Entries of the list that are new."""
        return [entry for entry in self.after if entry not in self.before]

    @property
    def gone(self) -> list[Any]:
        """Entries of the list that are there no more."""
        return [entry for entry in self.before if entry not in self.after]


@dataclass
class Walk:
    """One client on its way through the whole catalogue.

    Attributes:
        workspace: The server's folder for the files that clients name.
        walked: The operations whose effect has been shown.
        asked: The latest request of each operation whose answers the service keeps.
    """

    http: TestClient[App]
    workspace: Path
    walked: set[str] = field(default_factory=set)
    asked: dict[str, Arguments] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Send the key with everything."""
        self.http.headers["X-API-Key"] = KEY
        self.catalogue = self.http.app.state["service"].catalogue

    def read(self, name: str, arguments: Arguments | None = None) -> Any:
        """What a reading operation answers; the caller compares it with what another one did or says."""
        op = self._operation(name)
        assert not op.changes, f"{name} changes something: show its effect"
        self.walked.add(name)
        return self._data(op, arguments or {})

    def changes(
        self,
        name: str,
        arguments: Arguments | None = None,
        *,
        seen: str,
        by: Arguments | None = None,
        look: Look = lambda data: data,
    ) -> Change:
        """Run an operation between two reads, which must differ.

        Args:
            name: The operation.
            arguments: Its request.
            seen: The operation that shows the effect.
            by: That one's request.
            look: What of its answer to compare.
        """
        change = self.between(name, arguments, lambda: look(self.peek(seen, by)))
        assert change.before != change.after, f"{seen} shows no effect of {name}: {change.after}"
        return change

    def between(self, name: str, arguments: Arguments | None, look: Callable[[], Any]) -> Change:
        """Run an operation between two looks at anything: a folder, a log, a stream."""
        op = self._operation(name)
        before = look()
        self._try(op, arguments or {})
        assert look() == before, f"a dry run of {name} has an effect"
        answer = self._data(op, arguments or {})
        self.walked.add(name)
        self._require_fresh(name)
        return Change(before, look(), answer)

    def _require_fresh(self, change: str) -> None:
        """No change leaves an answer behind that is not true any more: TIA Portal, asked again, answers the same.

        It asks a few reads, others after each change. A login ends with some changes, so it asks by key only.
        """
        for name in islice(cycle(self.asked), len(self.walked), len(self.walked) + FEW):
            if "Authorization" not in self.http.headers:
                op, arguments = self._operation(name), self.asked[name]
                answers = [self._send(op, arguments, headers=each) for each in ({}, {"Cache-Control": "no-cache"})]
                kept, fresh = map(_said, answers)
                assert kept == fresh, f"{name} after {change}"

    def _try(self, op: Operation, arguments: Arguments) -> None:
        """A dry run, which every change accepts and which changes nothing."""
        if "dryRun" not in options.names(op):
            return
        tried = self._send(op, arguments, "dryRun=true")
        assert tried.status_code == 200, f"dry run of {op.name}: {tried.json()}"
        assert tried.json()["data"]["operation"] == op.name

    def refuses(self, name: str, arguments: Arguments, status: int, code: str) -> Any:
        """Run an operation that the real system cannot do: it says so, and changes nothing."""
        op = self._operation(name)
        answer = self._send(op, arguments)
        document = answer.json()
        assert (answer.status_code, document["error"]["code"]) == (status, code), document
        self.walked.add(name)
        return document["error"]

    def peek(self, name: str, arguments: Arguments | None = None) -> Any:
        """What an operation answers, without counting it as shown."""
        return self._data(self._operation(name), arguments or {})

    def files(self, folder: str = "") -> list[str]:
        """The files below a folder of the workspace, by their paths in it."""
        root = self.workspace / folder
        return sorted(path.relative_to(self.workspace).as_posix() for path in root.rglob("*") if path.is_file())

    @contextmanager
    def unchanged(self, name: str, arguments: Arguments | None = None) -> Iterator[None]:
        """What a read shows is the same after the block."""
        before = self.peek(name, arguments)
        yield
        assert self.peek(name, arguments) == before

    def _operation(self, name: str) -> Operation:
        op = self.catalogue.named(name)
        assert op is not None, f"there is no operation {name}"
        return op

    def _data(self, op: Operation, arguments: Arguments) -> Any:
        answer = self._send(op, arguments)
        document = answer.json()
        assert answer.status_code == 200, f"{op.name}: {document}"
        assert document["success"] is True
        return document["data"]

    def _send(
        self, op: Operation, arguments: Arguments, more: str = "", headers: Mapping[str, str] | None = None
    ) -> Any:
        route = _route(op)
        if op.kept:
            self.asked[op.name] = arguments
        request = call(route, arguments)
        asked = more or ("wait=120" if route.mode is Mode.JOB else "")
        target = request.target + (("&" if "?" in request.target else "?") + asked if asked else "")
        content = request.body.encode() if request.body else None
        kind = {"Content-Type": "application/json"} if request.body else {}
        return self.http.request(request.method, target, content=content, headers={**kind, **(headers or {})})


def _route(op: Operation) -> Route:
    """The route of an operation that a client would take: one that waits, if there is one."""
    return next((route for route in op.routes if route.mode is Mode.WAIT), op.routes[0])


def _said(answer: Any) -> tuple[int, Any]:
    """The status and data of an answer, without the time of an export."""
    document = json.loads(re.sub(r"(Created\W{1,6})\d{4}-[\d:T.-]+Z", r"\1", answer.text))
    return answer.status_code, document["data"] if document["success"] else document["error"]["code"]


def names(entries: list[dict[str, Any]]) -> list[str]:
    """The names of a list's entries."""
    return [entry["name"] for entry in entries]


def leaves(node: dict[str, Any]) -> list[str]:
    """The names of all that is no folder in a tree."""
    below = node.get("children") or []
    own = [] if node.get("type") in {None, "Folder", "Root"} or below else [node["name"]]
    return own + [name for child in below for name in leaves(child)]
