"""Kept runs over HTTP: lists, timing diagrams as data, what writes the values, and how many are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engineering_api.features.plc_tests.kept_runs import store
from engineering_api.features.plc_tests.kept_runs.store import Runs
from engineering_api.features.plc_tests.kept_runs.writers import split
from engineering_api.features.plc_tests.results import CaseResult, report_of
from openness_bridge.errors import Problem
from tests.engineering_api.features.plc_tests import programs
from tests.support.service import Client

RUN, RUNS = "/api/plc-tests/actions/run-sync", "/api/plc-tests/runs"
SOURCES = [
    {"name": "state.udt", "content": programs.STATE},
    {"name": "blocks.scl", "content": programs.MOTOR + programs.SCALE},
    {"name": "main.scl", "content": programs.MAIN},
]
RED = """
tests:
- name: Plant starts at once
  steps:
  - {description: Start, write: {Plant.start: true}, wait: 500ms, expect: {Plant.run: false}}
  - {description: Too early, wait: 300ms, expect: {Plant.run: true}}
"""
ALONE = """
tests:
- name: Motor starts at once
  block: Motor
  steps:
  - {write: {start: true}, run: 2, expect: {run: true}}
"""


def run(client: Client, text: str, **fields: Any) -> dict[str, Any]:
    report = client.ok("POST", RUN, {"tests": text, "sources": SOURCES, "trace": True, **fields})
    found: dict[str, Any] = client.ok("GET", f"{RUNS}/{report['run']}")
    return found


def signals_of(kept: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in kept["diagrams"][0]["signals"]}


def test_a_failed_test_has_its_moment_and_the_values_of_that_moment(client: Client) -> None:
    kept = run(client, RED)
    diagram, (result,) = kept["diagrams"][0], kept["report"]["results"]
    failed = result["steps"][1]
    assert not failed["passed"]
    assert diagram["failedStep"] == 1
    assert diagram["failedAtMs"] == failed["beginMs"] + failed["virtualMs"] == diagram["durationMs"]
    signals = signals_of(kept)
    start = [(each["ms"], each["value"]) for each in signals["Plant.start"]["changes"]]
    assert start == [(0, False), (0, True)]  # written before the first cycle, which begins at 0
    assert signals["Plant.start"]["atFailure"] is True
    assert signals["Plant.run"]["atFailure"] is False
    assert result["trace"] is None  # the diagram has it


def test_a_signal_names_the_block_and_network_that_writes_it(client: Client) -> None:
    signals = signals_of(run(client, RED))
    (writer,) = signals["Plant.run"]["writers"]
    assert (writer["block"], writer["network"], writer["operand"]) == ("Main", 1, '"Plant".run')
    assert signals["Plant.start"]["writers"] == []  # the program reads it only


def test_the_operands_of_the_writing_networks_are_recorded_in_turn(client: Client) -> None:
    kept = run(client, RED)
    signals = signals_of(kept)
    assert signals["Plant.total"]["related"]
    assert not signals["Plant.run"]["related"]
    # Motor.total grows by 5 in each cycle: Python's own arithmetic
    cycles = sum(each["cycles"] for each in kept["report"]["results"][0]["steps"])
    assert signals["Plant.total"]["atFailure"] == 5 * cycles
    assert len(signals["Plant.total"]["changes"]) == cycles + 1


def test_the_block_that_is_tested_alone_is_the_writer_of_its_variables(client: Client) -> None:
    signals = signals_of(run(client, ALONE))
    (writer,) = signals["run"]["writers"]
    assert (writer["block"], writer["operand"], writer["instance"]) == ("Motor", "#run", "#")
    elapsed = signals["#delay.ET"]
    assert elapsed["related"]
    assert {each["block"] for each in elapsed["writers"]} == {"Motor"}


def test_an_instance_leads_to_the_network_of_its_function_block(client: Client) -> None:
    text = RED.replace("expect: {Plant.run: true}", "expect: {Motor_DB.run: true, Motor_DB.start: false}")
    signals = signals_of(run(client, text))
    (writer,) = signals["Motor_DB.run"]["writers"]
    assert (writer["block"], writer["operand"], writer["instance"]) == ("Motor", "#run", "Motor_DB")
    (caller,) = signals["Motor_DB.start"]["writers"]  # an input: its value comes from the call
    assert caller["block"] == "Main"


def test_a_run_without_trace_has_results_and_coverage_but_no_diagram(client: Client) -> None:
    kept = run(client, RED, trace=False, coverage=True)
    assert kept["diagrams"] == [None]
    names = {each["block"] for each in kept["report"]["coverage"]["blocks"]}
    assert {"Main", "Motor", "Scale"} <= names
    assert kept["summary"]["percent"] == kept["report"]["coverage"]["statements"]["percent"]


def test_the_list_has_the_newest_run_first(client: Client) -> None:
    first, second = run(client, RED), run(client, ALONE)
    listed = client.ok("GET", RUNS)
    assert [each["id"] for each in listed] == [second["summary"]["id"], first["summary"]["id"]]
    assert listed[1] == first["summary"]
    assert (listed[1]["origin"], listed[1]["failed"]) == ("sources", 1)
    assert listed[1]["error"].startswith("Step 2 (Too early)")


def test_the_last_runs_are_kept_and_the_oldest_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST", 3)
    runs = Runs(tmp_path)
    made = []
    for second in range(5):
        moment = f"2026-11-25T00:00:0{second}.000Z"
        report = report_of([CaseResult(test_name="x", started_at=moment, completed_at=moment)], "", 1)
        runs.keep(report, "sources")
        made.append(report.run)
    assert [each.id for each in runs.all()] == made[:1:-1]
    assert len(list(tmp_path.iterdir())) == 6
    with pytest.raises(Problem) as refused:
        runs.get(made[0])
    assert refused.value.code == "test_run.not_found"


def test_a_run_that_is_too_large_is_kept_without_diagrams(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LARGEST", 1000)
    kept = run(client, RED)
    assert (kept["diagrams"], bool(kept["note"])) == ([None], True)


@pytest.mark.parametrize("name", ["results", "20261125T004011123-5f0c2a9e", "%2e%2e%2fresults"])
def test_an_unknown_run_is_refused(client: Client, name: str) -> None:
    client.refused(404, "test_run.not_found", "GET", f"{RUNS}/{name}")


def test_a_kept_run_is_downloaded_as_junit(client: Client) -> None:
    kept = run(client, RED)
    answer = client.http.get(f"{RUNS}/{kept['summary']['id']}/junit")
    suites = etree.fromstring(answer.content)
    assert (suites.get("tests"), suites.get("failures")) == ("1", "1")


def test_test_files_are_listed_with_their_tests_and_errors(client: Client, workspace: Path) -> None:
    folder = workspace / "tests"
    folder.mkdir()
    (folder / "a.plctest.yaml").write_text(ALONE, encoding="utf-8")
    (folder / "b.plctest.yaml").write_text("tests:\n- nam: x\n", encoding="utf-8")
    first, second = client.ok("GET", "/api/plc-tests/suites")
    assert [(each["name"], each["block"], each["line"]) for each in first["tests"]] == [
        ("Motor starts at once", "Motor", 3)
    ]
    assert (second["tests"], second["line"]) == ([], 2)
    assert "nam" in second["error"]
    assert client.ok("GET", "/api/plc-tests/suites?path=tests/a.plctest.yaml") == [first]


def test_without_test_files_the_list_is_empty(client: Client) -> None:
    assert client.ok("GET", "/api/plc-tests/suites") == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Plant.run", ["Plant", "run"]), ("#x.y", ["x", "y"]), ('"A.b".c[1,2].d', ["A.b", "c", "[1,2]", "d"])],
)
def test_a_name_is_split_into_its_parts(name: str, parts: list[str]) -> None:
    assert split(name) == parts
