"""The demo project over HTTP: everything that a first visitor looks for is there and moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.service import Client

CREATE = "/api/projects/actions/create-demo"
RUN = "/api/plc-tests/actions/run-sync"


def value(client: Client, tag: str) -> Any:
    return client.ok("GET", f"/api/runtime/tags/Conveyor:{tag}/value")["value"]


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_a_visitor_finds_a_running_conveyor_and_the_cause_of_a_failure(client: Client, workspace: Path) -> None:
    job = client.job("POST", CREATE)
    assert job["status"] == "Completed", job
    made = job["result"]
    assert (made["deviceName"], made["source"]) == ("PLC_1", "Conveyor")
    # it runs: the horn has ended, the belt moves, the hopper is filled
    wait_for(lambda: value(client, "Belt_Motor") is True)
    wait_for(lambda: value(client, "Level_Percent") > 25)
    # the alarm comes, and the trend has values
    wait_for(lambda: client.ok("GET", "/api/runtime/alarms"))
    history = "/api/runtime/history?tag=Conveyor:Level_Percent&from=2020-01-01"
    wait_for(lambda: max(each["value"] for each in client.ok("GET", history)["values"]) > 75)
    # the watch table stops it, and the lamp stays on
    table = "/api/devices/PLC_1/watch-tables/Conveyor"
    rows = client.ok("GET", table)["entries"]
    marked = [each["name"].strip('"') for each in rows if each["modifyValue"] not in ("", None)]
    assert marked == ["Stop_Button"]
    client.ok("PUT", "/api/runtime/tags/Conveyor:Stop_Button/value", {"value": True})
    wait_for(lambda: value(client, "Belt_Motor") is False)
    assert value(client, "Run_Lamp") is True
    # the tests: one fails, and its diagram leads to the lamp's network and to the contact that switches it
    (suite,) = client.ok("GET", "/api/plc-tests/suites")
    report = client.ok("POST", RUN, {"testPaths": [suite["path"]], "trace": True, "coverage": True})
    assert (report["passed"], report["failed"]) == (4, 1)
    kept = client.ok("GET", f"/api/plc-tests/runs/{report['run']}")
    (failed,) = [number for number, each in enumerate(kept["report"]["results"]) if not each["passed"]]
    signals = {each["name"]: each for each in kept["diagrams"][failed]["signals"]}
    (writer,) = signals["Run_Lamp"]["writers"]
    assert (writer["block"], writer["network"]) == ("BeltControl", 4)
    assert writer["instance"] == "BeltControl_DB"
    assert signals["BeltControl_DB.warning.Q"]["atFailure"] is False
    assert signals["Run_Lamp"]["atFailure"] is True
    assert signals["Belt_Motor"]["atFailure"] is False
    assert signals["Hopper_Filled"]["atFailure"] is True
    assert [each["block"] for each in signals["Hopper_Filled"]["writers"]] == ["HopperSignals"]
    # once only
    client.refused(409, "demo.exists", "POST", f"{CREATE}-sync")


def test_without_a_simulated_portal_it_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.http.app.state.service.portals.model, "backend", "openness")
    client.refused(422, "demo.not_simulated", "POST", f"{CREATE}-sync")


def test_an_open_project_stays(plc: Client) -> None:
    plc.refused(409, "project.already_open", "POST", f"{CREATE}-sync")
    assert plc.ok("GET", "/api/simulation/status")["registeredInstances"] == []
