"""Callers who are limited to some projects: whatever they ask for, by whichever way, other projects stay closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api import app as wiring
from engineering_api.execution.runner import Runner
from engineering_api.features.system.system_operations import events
from engineering_api.operations.binding import bind_document
from engineering_api.operations.caller import Caller
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.context import Context, Progress, Service
from engineering_api.operations.declaration import Operation, Section
from engineering_api.operations.fields import Request
from engineering_api.operations.jobs import Jobs
from engineering_api.operations.streaming.beats import EVENT as BEAT
from engineering_api.operations.streaming.beats import with_beats
from engineering_api.operations.streaming.streams import Listening, Message
from engineering_api.operations.terms import Lock, Reach, Right
from engineering_api.security.authority import Authority
from engineering_api.security.identities import Identities
from engineering_api.security.scopes import Scopes
from engineering_api.storage.database import Database
from engineering_api.web.statuses import HttpProblem, status_of
from openness_bridge.errors import Problem
from tests.engineering_api.security.kit import server, serving
from tests.support.service import CPU, FIRMWARE, Client, settings

REACHED = 418
REACHED_ONE, CLOSED = (REACHED, "test.reached"), (403, "auth.scope")


@given(st.lists(st.text(max_size=8), max_size=4).map(tuple), st.text(max_size=12), st.sampled_from(list(Right)[1:]))
def test_a_job_keeps_its_caller(projects: tuple[str, ...], name: str, right: Right) -> None:
    caller = Caller(name, right, projects=projects)
    assert Authority.decode(Authority.of(caller).encode(), name, right).lend(name) == caller


@pytest.mark.parametrize("wrong", [{"reach": Reach.NAMED}, {"reach": Reach.OWN, "projects": lambda _, __: []}])
def test_an_operation_that_works_on_named_projects_tells_them(wrong: dict[str, Any]) -> None:
    def read(_: Any, request: Request) -> int:
        return id(request)

    declare = Section("Trial").operation(changes=False, lock=Lock.NONE, **wrong)
    with pytest.raises(ValueError, match="reach NAMED and projects belong together"):
        declare(read)


def test_an_operation_reaches_the_open_project_with_a_lock_and_what_its_section_says_without() -> None:
    def read(_: Any, request: Request) -> int:
        return id(request)

    open_to_all, closed = Section("Trial", reach=Reach.NOTHING), Section("Trial")
    for section in (open_to_all, closed):
        section.operation(changes=False, lock=Lock.NONE)(read)
        section.operation(changes=False)(read)
    assert [op.reach for op in open_to_all.operations] == [Reach.NOTHING, Reach.PROJECT]
    assert [op.reach for op in closed.operations] == [Reach.ALL, Reach.PROJECT]


def stopped(catalogue: Catalogue) -> Catalogue:
    """The same operations; all but one refuse when they are reached, before they do anything."""

    def reached(*_given: Any) -> None:
        raise HttpProblem("test.reached", "It was reached.", REACHED)

    def stop(op: Operation) -> Operation:
        return replace(op, run=reached, reads=reached if op.reads else None)

    section = Section("all")
    section.operations = [op if op.name == "projects.create" else stop(op) for op in catalogue]
    return Catalogue((section,))


@pytest.mark.slow
def test_every_operation_while_the_project_of_somebody_else_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is reached follows from the table of scopes.py and the lock: 403, or the operation's function."""
    known = stopped(wiring.catalogue())
    monkeypatch.setattr(wiring, "catalogue", lambda: known)
    limited = Caller("limited", Right.ADMINISTER, projects=("Mine*",))

    async def answer(service: Service, op: Operation, arguments: dict[str, Any], caller: Caller) -> tuple[int, str]:
        try:
            await service.part(Runner).wait(op, bind_document(op.request, arguments), caller)
        except Problem as problem:
            return status_of(problem), problem.code
        return 200, ""

    async def scenario() -> None:
        async with serving(tmp_path) as app:
            service: Service = app.state.service
            create = known.named("projects.create")
            assert create is not None
            assert await answer(service, create, {"name": "Mine"}, Caller("owner", Right.ENGINEER)) == (200, "")
            found = {op.name: await answer(service, op, op.example, limited) for op in known if op is not create}
            assert {name for name, told in found.items() if told == REACHED_ONE} == {
                op.name for op in known if op.reach in {Reach.NOTHING, Reach.OWN, Reach.PROJECT}
            } - {"projects.archive"} | {"history.get", "history.content", "history.delete"}
            assert {told for told in found.values() if told != REACHED_ONE} == {CLOSED}
            elsewhere = replace(limited, projects=("Other*",))
            found = {op.name: await answer(service, op, op.example, elsewhere) for op in known}
            assert {name for name, told in found.items() if told == REACHED_ONE} == {
                op.name for op in known if op.reach in {Reach.NOTHING, Reach.OWN}
            } | {"history.get", "history.content", "history.delete"}
            assert {told for told in found.values() if told != REACHED_ONE} == {CLOSED}

    asyncio.run(scenario())


@pytest.fixture
def plant(client: Client) -> Client:
    """A client with a PLC in the project Line1, and a key that is limited to Line*."""
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line1"})
    client.ok(
        "POST", "/api/projects/devices/actions/add-sync", {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    )
    return client


def limited(client: Client, **given: Any) -> dict[str, str]:
    """The headers of a key that is limited to Line*."""
    body = {"name": "line", "right": "operator", "projects": ["Line*"]} | given
    return {"X-API-Key": client.ok("POST", "/api/api-keys", body)["apiKey"]}


def told(client: Client, method: str, path: str, headers: dict[str, str], body: Any = None) -> tuple[int, str]:
    answer = client.http.request(method, path, headers=headers, json=body)
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def test_what_a_limited_key_may_and_what_not(plant: Client) -> None:
    key = limited(plant)
    table = {"name": "Inputs"}
    assert told(plant, "GET", "/api/projects/overview", key) == (200, "")
    assert told(plant, "POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", key, table) == (200, "")
    export = "/api/devices/PLC_1/tag-tables/Inputs/actions/export-csv-sync"
    assert told(plant, "POST", export, key, {"path": "exports/a.csv"}) == (200, "")
    plant.ok("POST", "/api/projects/actions/close-sync", {"save": True})
    plant.ok("POST", "/api/projects/actions/create-sync", {"name": "Other"})
    plant.ok("POST", "/api/projects/actions/save-sync")
    assert told(plant, "GET", "/api/projects/overview", key) == CLOSED
    assert told(plant, "GET", "/api/instance/status", key) == CLOSED
    assert told(plant, "POST", "/api/projects/actions/close-sync", key, {"discard": True}) == CLOSED
    dry = {"name": "Inputs", "dryRun": True}
    assert told(plant, "POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", key, dry) == CLOSED
    plant.ok("POST", "/api/projects/actions/close-sync")
    opening = "/api/projects/open"
    assert told(plant, "POST", opening, key, {"path": "projects/Other/Other.ap20"}) == CLOSED
    assert told(plant, "POST", opening, key, {"path": "projects/Line1/../Other/Other.ap20"})[0] in {400, 403}
    assert told(plant, "POST", "/api/projects/actions/create-sync", key, {"name": "Mine"}) == CLOSED
    assert told(plant, "POST", opening, key, {"path": "projects/Line1/Line1.ap20"}) == (200, "")
    assert told(plant, "POST", export, key, {"path": "projects/Other/UserFiles/a.csv"}) == CLOSED
    for path in ("/api/api-keys", "/api/pipelines", "/api/simulation/status", "/api/simulation/stream?tag=x"):
        assert told(plant, "GET", path, key)[0] == 403


def test_jobs_are_those_of_the_caller_and_events_tell_of_nothing_else(plant: Client) -> None:
    key, other = limited(plant), limited(plant, name="other line")
    mine = plant.http.post("/api/projects/actions/save", headers=key).json()["data"]["jobId"]
    assert plant.ended(mine)["status"] == "Completed"
    theirs = plant.job("POST", "/api/projects/actions/save")["jobId"]
    listed = plant.http.get("/api/jobs", headers=key).json()["data"]
    assert [job["jobId"] for job in listed] == [mine]
    assert plant.http.get("/api/jobs", headers=other).json()["data"] == []
    for path in (f"/api/jobs/{theirs}", f"/api/jobs/{theirs}/events"):
        assert told(plant, "GET", path, key) == (404, "job.not_found")
    assert told(plant, "POST", f"/api/jobs/{mine}/actions/cancel", other) == (404, "job.not_found")
    assert len(plant.ok("GET", "/api/jobs")) == 2
    service = plant.http.app.state.service
    seen = asyncio.run(visible(service, "key:line"))
    assert {event.subject for event in seen if event.kind.startswith("job.")} == {mine}
    assert {event.data["caller"] for event in seen if not event.kind.startswith("job.")} == {"key:line"}


async def visible(service: Service, name: str) -> list[Any]:
    caller = Caller(name, Right.VIEW, projects=("Line*",))
    recent = list(service.hub._recent)
    return [event for event in recent if await service.part(Scopes).show(caller, event)]


def test_a_job_that_waited_over_a_restart_is_still_limited(tmp_path: Path) -> None:
    with server(settings(tmp_path)) as there:
        there.ok("POST", "/api/projects/actions/create-sync", {"name": "Other"})
        there.ok("POST", "/api/projects/actions/save-sync")
    database = Database(tmp_path / "service.db")
    caller = Caller("key:line", Right.OPERATE, projects=("Line*",))
    arguments = b'{"path": "projects/Other/Other.ap20"}'
    job = asyncio.run(
        Jobs(database).add(
            "projects.open_", arguments, caller.name, "OPERATE", None, scope=Authority.of(caller).encode()
        )
    )
    database.close()
    with server(settings(tmp_path)) as there:
        ended = there.ended(job.job_id)
        assert (ended["status"], ended["problem"]["code"]) == ("Failed", "auth.scope")


async def until(stream: AsyncIterator[Message], event: str) -> AsyncIterator[Message]:
    """The messages of a stream up to the first of a kind."""
    while True:
        message = await anext(stream)
        yield message
        if str(message.event) == event:
            return


def test_a_stream_ends_with_the_key_that_opened_it(plant: Client) -> None:
    async def scenario() -> None:
        service = plant.http.app.state.service
        row, text = await service.part(Identities).keys.make("stream", Right.VIEW, "test")
        caller = service.part(Identities).by_key(text, "")
        said = await events(Listening(Context(service, caller, Progress()), {}, {}))
        stream = with_beats(said, lambda: service.part(Identities).holds(caller))
        assert (await anext(stream)).event == BEAT
        for _ in range(5):  # the stream listens once its task has begun
            await asyncio.sleep(0)
        service.hub.publish("project.saved", "x", caller="me")
        assert "project.saved" in [str(each.event) async for each in until(stream, "project.saved")]
        await service.part(Identities).keys.revoke(row.id)
        service.hub.publish("project.saved", "x", caller="me")
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    asyncio.run(scenario())
