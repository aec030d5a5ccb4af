"""What limits leave to a caller, rule by rule, without a server."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, cast

import pytest

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Operation, Section
from engineering_api.operations.events import Event
from engineering_api.operations.fields import Request, path_field
from engineering_api.operations.terms import Reach, Right
from engineering_api.security import scopes
from engineering_api.security.scopes import Scopes, covers, is_allowed, is_project_file
from openness_bridge.errors import Problem

MINE = ("Line*", "C:\\plants\\*\\Oven.ap20")
COVERED = {
    "/data/Line1/Line1.ap20": True,
    "/data/line 2/LINE 2.ap15_1": True,
    "/data/Line3/Other.ap20": False,
    "/data/archives/Line1.zap20": True,
    "C:\\plants\\north\\Oven.ap20": True,
    "c:/plants/a/b/oven.AP20": True,
    "D:\\plants\\north\\Oven.ap20": False,
    "/data/MyLine/MyLine.ap20": False,
    "Line1.ap20": True,
    "": False,
    "?": False,
}


class Paths(Request):
    """A request that names files.

    Attributes:
        paths: Theirs.
    """

    paths: Annotated[list[str], path_field("Files.")]


def declared(reach: Reach = Reach.NOTHING, right: Right = Right.VIEW, **more: Any) -> Operation:
    def read(_: Any, request: Paths) -> int:
        return id(request)

    section = Section("Trial")
    section.operation(changes=False)(read)
    return replace(section.operations[0], reach=reach, right=right, **more)


def caller(projects: tuple[str, ...] = (), tags: tuple[str, ...] = (), right: Right = Right.VIEW) -> Caller:
    return Caller("key:line", right, projects=projects, tags=tags)


class World:
    """A service with one open project, whose jobs belong to somebody."""

    def __init__(self, folder: Path, opened: str = "") -> None:
        self.asked: list[str] = []
        self.owners = {
            "mine": ("key:line", "a.secret"),
            "theirs": ("key:other", "a.open"),
            "lost": ("key:line", "a.gone"),
        }
        self.jobs = SimpleNamespace(owner=self._owner)
        self.roots = SimpleNamespace(resolve=lambda text: folder / text)
        operations = {"a.secret": declared(right=Right.ADMINISTER), "a.open": declared()}
        self.catalogue = SimpleNamespace(named=operations.get)
        self.scopes = Scopes(cast(Service, self))
        portal = SimpleNamespace(Projects=[SimpleNamespace(Path=SimpleNamespace(FullName=opened))] if opened else [])
        self.session = SimpleNamespace(call=lambda run: run(), portal=portal)

    async def _owner(self, job: str) -> tuple[str, str] | None:
        self.asked.append(job)
        return self.owners.get(job)

    def part(self, _: type[Scopes]) -> Scopes:
        return self.scopes

    def context(self, who: Caller) -> Context:
        return cast(Context, SimpleNamespace(caller=who, session=self.session, service=self))

    def refusal(self, who: Caller, op: Operation, *paths: str) -> str:
        """Return the code with which a request is refused."""
        try:
            asyncio.run(scopes.require(self.context(who), op, Paths(paths=[*paths])))
        except Problem as problem:
            return problem.code
        return ""


def test_globs_name_projects_by_name_or_path() -> None:
    assert {file: covers(MINE, file) for file in COVERED} == COVERED
    names = {"a.ap20": True, "a.AP15_1": True, "a.zap19": True, "a.al20": False, "a.ap20.bak": False, "ap20": False}
    assert {name: is_project_file(name) for name in names} == names


@pytest.mark.parametrize(
    ("limits", "reached"),
    [
        ((), set(Reach)),
        (("projects",), {Reach.NOTHING, Reach.OWN, Reach.PROJECT, Reach.NAMED}),
        (("tags",), {Reach.NOTHING, Reach.OWN, Reach.TAGS}),
        (("projects", "tags"), {*Reach} - {Reach.ALL}),
    ],
)
def test_what_limits_leave_of_each_reach(limits: tuple[str, ...], reached: set[Reach]) -> None:
    who = replace(caller(), **dict.fromkeys(limits, ("*",)))
    assert {each for each in Reach if is_allowed(who, declared(each))} == reached
    for each in Reach:
        refused = pytest.raises(Problem, match=f"more than the {''.join(limits[:1])} that")
        with nullcontext() if each in reached else refused:
            Scopes.require_reach(who, each)


def test_an_operation_needs_its_right_or_a_higher_one() -> None:
    pairs = [(have, need) for have in Right for need in Right]
    found = [pair for pair in pairs if is_allowed(caller(right=pair[0]), declared(right=pair[1]))]
    assert found == [(have, need) for have, need in pairs if have.value >= need.value]


def test_paths_of_other_projects_are_closed(tmp_path: Path) -> None:
    for name in ("Line1/Line1.ap20", "Other/Other.ap20", "Other/UserFiles/a.csv", "Old/Old.AP15_1", "Lib/Lib.al20"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    closed = {
        "Line1/Line1.ap20": "",
        "Line1/UserFiles/a.csv": "",
        "Line1": "",
        "new/Line3.zap20": "",
        "exports/a.csv": "",
        "Lib/a.csv": "",
        "Other/Other.ap20": "auth.scope",
        "Other/UserFiles/a.csv": "auth.scope",
        "Other": "auth.scope",
        "Old/a.csv": "auth.scope",
        "new/Other.zap20": "auth.scope",
    }
    world = World(tmp_path)
    assert {path: world.refusal(caller(MINE), declared(), path) for path in closed} == closed
    assert world.refusal(caller(MINE), declared(), *closed) == "auth.scope"
    assert world.refusal(caller(), declared(), *closed) == ""
    world.scopes.require(world.context(caller()), declared(Reach.ALL), Paths(paths=[*closed]))


def test_operations_are_closed_while_the_project_of_somebody_else_is_open(tmp_path: Path) -> None:
    mine, none, other = (World(tmp_path, each) for each in ("C:\\data\\Line1.ap20", "", "C:\\data\\Other.ap20"))
    both, tags = caller(MINE, ("*",)), caller(tags=("*",))
    opens = declared(Reach.PROJECT)
    assert [world.refusal(both, opens) for world in (mine, none, other)] == ["", "", "auth.scope"]
    assert [other.refusal(both, declared(each)) for each in (Reach.OWN, Reach.TAGS)] == ["", ""]
    assert [other.refusal(who, opens) for who in (caller(), tags)] == ["", "auth.scope"]
    other.scopes.require_open(other.context(tags))
    for file, code in (("/x/Line1.ap20", ""), ("/x/Other.ap20", "auth.scope")):
        names = declared(Reach.NAMED, projects=lambda service, request, file=file: [file] * (service and request and 1))
        assert other.refusal(caller(MINE), names) == code


def test_a_job_is_that_of_its_caller(tmp_path: Path) -> None:
    world = World(tmp_path)

    async def missing(who: Caller) -> list[str]:
        found = []
        for job in ("mine", "theirs", "none"):
            try:
                await world.scopes.require_own(who, job)
            except Problem as problem:
                found.append(f"{job} {problem.code}")
        return found

    assert asyncio.run(missing(caller(MINE))) == ["theirs job.not_found", "none job.not_found"]
    assert asyncio.run(missing(caller(tags=("*",)))) == ["theirs job.not_found", "none job.not_found"]
    assert asyncio.run(missing(caller())) == []


def test_owners_are_remembered_up_to_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "_REMEMBERED", 2)
    world = World(tmp_path)

    async def ask(*jobs: str) -> None:
        for job in jobs:
            with nullcontext() if world.owners.get(job, [""])[0] == "key:line" else pytest.raises(Problem):
                await world.scopes.require_own(caller(MINE), job)

    asyncio.run(ask("none", "mine", "theirs", "mine", "theirs", "none", "lost", "lost", "mine"))
    assert world.asked == ["none", "mine", "theirs", "none", "lost", "mine"]


def test_an_event_is_shown_to_whom_it_concerns_and_its_text_to_the_right(tmp_path: Path) -> None:
    """Of a job by its owner and operation, of others by what they say themselves."""
    world = World(tmp_path)
    events = {
        "mine": Event(1, "job.status", "mine", {"message": "said"}),
        "theirs": Event(2, "job.progress", "theirs", {"message": "said"}),
        "lost": Event(3, "job.status", "lost", {"message": "said"}),
        "own event": Event(4, "project.saved", "mine", {"caller": "key:line", "message": "said", "right": "operator"}),
        "other event": Event(5, "project.saved", "mine", {"caller": "key:other", "message": "said"}),
        "event": Event(6, "project.saved", "mine", {"message": "said"}),
    }

    def shown(who: Caller) -> dict[str, bool]:
        """Return the events that are shown, each with whether its text is."""
        found = {name: asyncio.run(world.scopes.show(who, event)) for name, event in events.items()}
        return {name: event.data["message"] == "said" for name, event in found.items() if event is not None}

    assert shown(caller(MINE)) == {"mine": False, "lost": False, "own event": False}
    assert shown(caller(MINE, right=Right.OPERATE)) == {"mine": False, "lost": False, "own event": True}
    assert shown(caller(right=Right.ADMINISTER)) == dict.fromkeys(events, True)
    assert shown(caller()) == dict.fromkeys(events, True) | {"mine": False, "lost": False, "own event": False}
