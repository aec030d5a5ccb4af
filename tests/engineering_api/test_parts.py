"""Parts are made from those they need, start in the order of their table and stop in reverse; what is missing is found before the start."""

from __future__ import annotations

import ast
import asyncio
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

import engineering_api
import runtime_data
from engineering_api import app as wiring
from engineering_api.assembly import Part, Parts
from engineering_api.audit.log import Audit
from engineering_api.execution.runner import Runner
from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.mcp.endpoint import McpTransports
from engineering_api.features.pipelines.engine import Pipelines
from engineering_api.features.webhooks.engine import Webhooks
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.events import Hub
from engineering_api.parts import PARTS
from engineering_api.security.identities import Identities
from engineering_api.settings import Settings
from engineering_api.storage.database import Database
from openness_bridge.model import Model
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.portal import Portals
from runtime_data.runtime import Runtime
from tests.support.service import settings

PACKAGES = [Path(str(each.__file__)).parent for each in (engineering_api, runtime_data)]
HEARD: list[str] = []


class Pump:
    def __init__(self, valve: Valve, litres: int = 5) -> None:
        self.valve, self.litres = valve, litres

    async def start(self) -> None:
        HEARD.append("pump on")

    async def stop(self) -> None:
        HEARD.append("pump off")


class Valve:
    def __init__(self) -> None:
        HEARD.append("valve made")

    def start(self, log: Log) -> None:
        HEARD.append(f"valve open, {type(log).__name__}")

    def stop(self) -> None:
        HEARD.append("valve shut")


class Log:
    def stop(self) -> None:
        HEARD.append("log shut")


class Loop:
    def __init__(self, lap: Lap) -> None:
        HEARD.append("loop made")


class Lap:
    def __init__(self, loop: Loop) -> None:
        HEARD.append("lap made")


def fail(_: object) -> None:
    msg = "it is stuck"
    raise OSError(msg)


TABLE = {
    Log: Part(Log, stop=Log.stop),
    Pump: Part(Pump, Pump.start, Pump.stop),
    Valve: Part(Valve, Valve.start, Valve.stop),
}


@pytest.fixture(autouse=True)
def _heard() -> None:
    HEARD.clear()


async def run(table: dict[type, Part]) -> None:
    async with Parts(table, {}).running():
        HEARD.append("running")


def test_a_part_gets_those_it_needs_whatever_the_order() -> None:
    parts = Parts(TABLE, {})
    assert parts.find(Pump).valve is parts.find(Valve)
    assert parts.find(Pump).litres == 5
    assert HEARD == ["valve made"]


def test_parts_start_in_order_and_stop_in_reverse() -> None:
    asyncio.run(run(TABLE))
    assert HEARD == ["valve made", "pump on", "valve open, Log", "running", "valve shut", "pump off", "log shut"]


class LargePump(Pump):
    async def stop(self) -> None:
        HEARD.append("large pump off")


def test_a_part_of_a_subclass_stops_in_its_own_way() -> None:
    made = Part(LargePump, Pump.start, Pump.stop)
    asyncio.run(run({Valve: Part(Valve), Pump: made}))
    assert HEARD == ["valve made", "pump on", "running", "large pump off"]


def test_what_has_started_stops_where_a_later_part_cannot_start() -> None:
    with pytest.raises(OSError, match="it is stuck"):
        asyncio.run(run(TABLE | {Valve: replace(TABLE[Valve], start=fail)}))
    assert HEARD == ["valve made", "pump on", "pump off", "log shut"]


def test_a_part_that_cannot_stop_is_logged_and_keeps_no_other_from_stopping(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(run(TABLE | {Pump: replace(TABLE[Pump], stop=fail)}))
    assert HEARD[-2:] == ["valve shut", "log shut"]
    assert [each.getMessage() for each in caplog.records] == ["The part Pump did not stop properly"]
    assert "it is stuck" in caplog.text


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ({Pump: TABLE[Pump]}, "The part Pump needs Valve, which nothing in the table makes."),
        ({Valve: TABLE[Valve]}, "The part Valve needs Log, which nothing in the table makes."),
        ({Loop: Part(Loop), Lap: Part(Lap)}, "The part Loop needs itself: Loop → Lap → Loop."),
    ],
    ids=["to be made", "to start", "in a circle"],
)
def test_a_need_that_cannot_be_met_is_named_before_anything_is_made(table: dict[type, Part], text: str) -> None:
    with pytest.raises((LookupError, ValueError)) as refused:
        Parts(table, {})
    assert str(refused.value) == text
    assert HEARD == []


def test_a_part_that_is_asked_for_and_not_there_is_named() -> None:
    with pytest.raises(LookupError, match="The service has no part Pump"):
        Parts({}, {}).find(Pump)


def test_a_service_without_a_row_of_its_table_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "PARTS", {kind: part for kind, part in PARTS.items() if kind is not Identities})
    with pytest.raises(LookupError, match="needs Identities, which nothing in the table makes"):
        wiring.create_app(settings(tmp_path))
    assert not (tmp_path / "service.db").exists()


def test_every_part_that_code_asks_for_is_in_the_table() -> None:
    given = {Settings, Model, Catalogue}
    there = {kind.__name__ for kind in {*PARTS, *given}}
    assert {name: where for name, where in asked_for().items() if name not in there} == {}


def asked_for() -> dict[str, str]:
    """The names of the types that code asks a service for, each with a file that does."""
    found = {}
    for file in (file for package in PACKAGES for file in package.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="part"), args=[ast.Name(id=name)]) if name[0].isupper():
                    found[name] = file.name
    assert {"Runner", "Identities", "Toolbox"} <= found.keys()
    return found


def test_a_service_ends_what_gives_work_before_what_does_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[type] = []

    def noting(kind: type, stop: Any) -> Any:
        @wraps(stop)
        def noted(*parts: Any, **more: Any) -> Any:
            ended.append(kind)
            return stop(*parts, **more)

        return noted

    table = {kind: replace(part, stop=part.stop and noting(kind, part.stop)) for kind, part in PARTS.items()}
    monkeypatch.setattr(wiring, "PARTS", table)

    async def scenario() -> None:
        async with wiring.create_app(settings(tmp_path)).lifespan():
            pass

    asyncio.run(scenario())
    before = [
        *((each, Runner) for each in (McpTransports, AsyncIOScheduler, Pipelines, Assistant, Webhooks)),
        *((AsyncIOScheduler, each) for each in (Pipelines, Webhooks)),
        *((Hub, Webhooks), (Runtime, Hub), (Runtime, Simulation), (Runtime, Portals)),
        *((Runner, each) for each in (Identities, Portals, Simulation, Audit)),
        *((each, Audit) for each in (Identities, Portals, Simulation)),
    ]
    assert [pair for pair in before if ended.index(pair[0]) > ended.index(pair[1])] == []
    assert ended[-2:] == [Audit, Database]
    assert len(ended) == len(set(ended)) == sum(part.stop is not None for part in PARTS.values())
