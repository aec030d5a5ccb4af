"""Requests for an answer that is being made share it, and none gets one that was read before a change it could know of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.operations.changes import Changes
from engineering_api.operations.terms import Right
from engineering_api.web import kept_answers
from engineering_api.web.forms.versions import VERSION_2
from engineering_api.web.kept_answers import NOTE, KeptAnswers
from tests.engineering_api.web.kept import BLOCK, exported_at
from tests.support.service import Client

CLIENTS = 8
ACTIONS = ("read", "read", "read", "proceed", "proceed", "proceed", "begin", "end", "change", "fail", "cancel")
STEPS = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 1)), min_size=10, max_size=40)


def test_clients_that_ask_at_the_same_time_get_one_answer(plc: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "LONGEST_WAIT", 600.0)
    plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync", {})
    before = exported_at(plc)
    plc.ok("POST", "/api/devices/PLC_1/tags", {"tableName": "Default tag table", "name": "A", "dataType": "Bool"})
    with ThreadPoolExecutor(CLIENTS) as pool:
        found = set(pool.map(lambda _: exported_at(plc, BLOCK), range(CLIENTS)))
    assert len(found) == 1 and before not in found


class Project:
    """A project whose state is how many changes have ended, behind an application that answers with it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.changes, self.ended = Changes(), 0
        self.session = SimpleNamespace(is_alone=True)
        self.waiting: list[asyncio.Future[str]] = []
        self.changing: AbstractContextManager[None] | None = None
        self.asked = 0
        service: Any = SimpleNamespace(
            portals=SimpleNamespace(current=self.session),
            settings=SimpleNamespace(max_kept_answers=1 << 20),
            changes=self.changes,
        )
        gate: Any = None
        self.kept = KeptAnswers(service, gate)

        async def known(*_: object) -> None:
            pass

        monkeypatch.setattr(kept_answers, "identify_sender", known)
        monkeypatch.setattr(kept_answers, "version_of", lambda _: VERSION_2)

    async def read(self, path: int) -> tuple[int, str]:
        """Return the state before a request, and the body of its answer."""
        sent: list[Any] = []
        scope = {"raw_path": b"/%d" % path, "query_string": b"", "headers": []}
        before = self.ended

        async def send(message: Any) -> None:
            sent.append(message)

        await self.kept(scope, None, send, self.make)
        return before, b"".join(each.get("body", b"") for each in sent).decode()

    async def make(self, scope: Any, _: Any, send: Callable[[Any], Any]) -> None:
        """Answer as the application does: TIA Portal reads the project at one moment, the answer goes out at a later one."""
        self.asked += 1
        scope[NOTE].begin(Right.VIEW, "/{path}")
        await self.pause()
        body = str(self.ended).encode()
        how = await self.pause()
        status = 404 if how == "fail" else 200
        await send({"type": "http.response.start", "status": status, "headers": [(b"etag", b'"e"')]})
        await send({"type": "http.response.body", "body": body})

    async def pause(self) -> str:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        return await future

    def change(self, what: str) -> None:
        """Begin a change, end the one that is under way, or do both."""
        if what != "end" and self.changing is None:
            self.changing = self.changes.under_way()
            self.changing.__enter__()
        if what != "begin" and self.changing is not None:
            self.ended += 1
            self.changing.__exit__(None, None, None)
            self.changing = None

    def proceed(self, number: int, how: str) -> None:
        """Let one of those that pause go on."""
        pausing = [each for each in self.waiting if not each.done()]
        if pausing:
            pausing[number % len(pausing)].set_result(how)


async def play(project: Project, steps: list[tuple[str, int]]) -> None:
    tasks: list[asyncio.Task[tuple[int, str]]] = []
    for what, number in steps:
        if what == "read":
            tasks.append(asyncio.create_task(project.read(number)))
        elif what == "cancel" and tasks:
            tasks[number % len(tasks)].cancel()
        elif what in {"begin", "end", "change"}:
            project.change(what)
        else:
            project.proceed(number, what)
        for _ in range(5):
            await asyncio.sleep(0)
    last = project.ended
    while pending := [each for each in tasks if not each.done()]:
        project.proceed(0, "proceed")
        await asyncio.wait(pending, timeout=0)
    for each in tasks:
        if not each.cancelled():
            before, body = each.result()
            assert before <= int(body) <= last
    assert not project.kept._making


@given(steps=STEPS)
def test_no_shared_answer_is_older_than_its_request(steps: list[tuple[str, int]]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        asyncio.run(play(Project(monkeypatch), steps))


async def together(project: Project, how: str) -> list[str]:
    """Return the answers to requests that come while the first of them is made."""
    tasks = [asyncio.create_task(project.read(0)) for _ in range(CLIENTS)]
    while pending := [each for each in tasks if not each.done()]:
        project.proceed(0, how)
        await asyncio.wait(pending, timeout=0)
    return [task.result()[1] for task in tasks]


@pytest.mark.parametrize(("how", "asked"), [("proceed", 1), ("fail", CLIENTS)])
def test_a_good_answer_is_made_once_and_a_failed_one_is_not_shared(
    monkeypatch: pytest.MonkeyPatch, how: str, asked: int
) -> None:
    project = Project(monkeypatch)
    assert asyncio.run(together(project, how)) == ["0"] * CLIENTS
    assert project.asked == asked
