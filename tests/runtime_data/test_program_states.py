"""Which program a CPU executes: compared once for each state of the project and of the CPU, never while TIA Portal is busy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from openness_bridge.online import program_state
from runtime_data import program_states
from runtime_data.program_states import ProgramStates
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
AGREED = {"scope": "Software", "prompts": {"StopModules": "StopAll", "StartModules": "StartModule"}}
SOURCE = """FUNCTION "Adding" : Int
VAR_INPUT one : Int; END_VAR
BEGIN
#Adding := #one + {0};
END_FUNCTION
DATA_BLOCK "Data"
VAR count : Int; END_VAR
BEGIN
END_DATA_BLOCK
"""


def generate(client: Client, addend: int) -> None:
    body = {"sclContent": SOURCE.replace("{0}", str(addend))}
    client.ok("POST", f"{DEVICE}/external-sources/import-and-generate", body)


@pytest.fixture
def running(plc: Client) -> Iterator[Client]:
    """A client with a program in a virtual CPU that is in RUN."""
    generate(plc, 1)
    plc.ok("POST", "/api/simulation/instances/create", {"name": "PLC_1", "powerOn": True})
    plc.ok("POST", f"{DEVICE}/actions/download-sync")
    plc.ok("POST", f"{DEVICE}/cpu/actions/start")
    yield plc
    plc.http.delete("/api/simulation/instances/PLC_1")


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The PLCs that TIA Portal compared, in order."""
    given, asked = program_state.compare_program, list[str]()

    def compare(session: Any, device: str) -> Any:
        asked.append(device)
        return given(session, device)

    monkeypatch.setattr(program_states, "compare_program", compare)
    return asked


def states(client: Client) -> ProgramStates:
    found: ProgramStates = client.http.app.state.service.part(ProgramStates)
    return found


def online(client: Client) -> str:
    (value,) = client.ok("POST", "/api/runtime/values/actions/read", {"tags": ["PLC_1:Data.count"]})
    return str(value["online"])


def test_a_comparison_counts_until_project_or_cpu_change(running: Client, comparisons: list[str]) -> None:
    assert [online(running) for _ in range(5)] == ["equal"] * 5
    running.ok("PUT", "/api/runtime/tags/PLC_1:Data.count/value", {"value": 7})
    assert online(running) == "equal"
    assert comparisons == ["PLC_1"]
    generate(running, 2)
    assert online(running) == "differs"
    assert states(running).of_source("PLC_1").state_of("adding") == "differs"
    assert states(running).of_source("PLC_1").state_of("Data") == "equal"
    running.ok("POST", f"{DEVICE}/actions/download-sync", AGREED)
    assert online(running) == "equal"
    running.ok("POST", "/api/simulation/instances/PLC_1/power-off")
    assert online(running) == "unknown"


def test_every_route_with_values_says_the_same(running: Client) -> None:
    running.ok("POST", f"{DEVICE}/watch-tables", {"name": "W"})
    running.ok("POST", f"{DEVICE}/watch-tables/W/entries", {"entries": [{"name": "Data.count"}]})

    def all_routes() -> set[str]:
        tags = {"tags": ["Data.count"]}
        found = [
            running.ok("POST", f"{DEVICE}/online/values/actions/read", tags)[0],
            running.ok("GET", f"{DEVICE}/watch-tables/W/values")[0],
            running.ok("POST", "/api/simulation/tags/batch-read", {**tags, "instance": "PLC_1"})[0],
            running.ok("GET", "/api/simulation/tags/Data.count", instance="PLC_1"),
            running.ok("GET", "/api/runtime/tags/PLC_1:Data.count/value"),
        ]
        other = running.http.get("/api/v1/tags/PLC_1:Data.count/value").headers["X-Online"]
        return {each["online"] for each in found} | {other.removeprefix("PLC_1=")}

    assert all_routes() == {"equal"}
    generate(running, 3)
    assert all_routes() == {"differs"}


def test_a_busy_portal_keeps_nobody_from_values(running: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state is unknown then, and values come anyway."""
    monkeypatch.setattr(program_states, "PATIENCE", 0.05)
    session = running.http.app.state.service.portals.current
    busy, free = threading.Event(), threading.Event()

    def hold() -> None:
        busy.set()
        free.wait(60)

    session.post(hold, lambda *_: None)
    busy.wait(60)
    try:
        assert online(running) == "unknown"
    finally:
        free.set()


def test_a_source_of_no_plc_is_unknown(running: Client) -> None:
    running.ok("POST", "/api/simulation/instances/create", {"name": "Other", "powerOn": True})
    found = states(running).of_source("Other")
    assert (found.whole, found.state_of("Adding")) == ("unknown", "unknown")
    assert states(running).of_source("memory").whole == "unknown"
    running.http.delete("/api/simulation/instances/Other")
