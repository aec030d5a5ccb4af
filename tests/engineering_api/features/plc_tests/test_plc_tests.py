"""PLC tests over HTTP: test files against a project or sources, and tests that are kept on the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from engineering_api.features.plc_tests.files.model import schema
from tests.engineering_api.features.plc_tests import programs
from tests.support.service import Client

RUN = "/api/plc-tests/actions/run-sync"
STORE = "/api/testharness/tests"
TEXT = "tests:\n- name: Scale halves\n  block: Scale\n  steps:\n  - {write: {raw: 10}, expect: {Ret_Val: 5.0}}\n"
SOURCES = [{"name": "scale.scl", "content": programs.SCALE}]
KEPT: dict[str, Any] = {
    "name": "Plant / start",
    "description": "The motor follows",
    "setup": {"Plant.start": True},
    "steps": [
        {"waitMs": 1100, "assert": {"Plant.run": {"expected": True}, "Plant.level": {"min": 20, "max": 22}}},
        {"write": {"Plant.start": False}, "assert": {"Plant.run": False, "Plant.total": {"notEqual": 0}}},
    ],
    "teardown": {"Plant.start": False},
}


@pytest.fixture
def plant(plc: Client) -> Client:
    """A client with an open project whose PLC has a program; saved."""
    for name, text in (("state", programs.STATE), ("blocks", programs.MOTOR + programs.SCALE), ("main", programs.MAIN)):
        body = {"sclContent": text, "sourceName": name, "extension": ".udt" if name == "state" else ".scl"}
        plc.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", body)
    plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    plc.ok("POST", "/api/projects/actions/save-sync")
    return plc


def test_sources_of_the_request_are_tested_without_a_project(client: Client) -> None:
    report = client.ok("POST", RUN, {"tests": TEXT, "sources": SOURCES, "coverage": True})
    assert (report["total"], report["passed"], report["failed"]) == (1, 1, 0)
    assert report["coverage"]["statements"] == {"total": 3, "reached": 3, "percent": 100.0}
    step = report["results"][0]["steps"][0]
    assert step["assertions"][0] == {
        "tagName": "Ret_Val",
        "passed": True,
        "message": "Ret_Val is 5.0.",
        "actualValue": "5.0",
        "expectedValue": "5.0",
    }
    assert client.ok("GET", "/api/simulation/status")["registeredInstances"] == []


def test_a_job_gives_the_same_report_and_files(client: Client, workspace: Path) -> None:
    programs.put(workspace)
    job = client.job(
        "POST", "/api/plc-tests/actions/run", {"testPaths": ["."], "sourcePaths": ["."], "outputPath": "out"}
    )
    assert job["status"] == "Completed", job
    assert (workspace / "out" / "report.xml").is_file()
    assert len(list((workspace / "out").glob("*.svg"))) == 5


def test_a_failed_test_is_an_answer(client: Client) -> None:
    report = client.ok("POST", RUN, {"tests": TEXT.replace("5.0", "6.0"), "sources": SOURCES})
    assert (report["failed"], report["results"][0]["error"]) == (1, "Step 1: Ret_Val is 5.0, expected 6.0.")


def test_the_open_project_is_tested_as_it_was_saved_and_stays_open(plant: Client) -> None:
    report = plant.ok("POST", RUN, {"tests": programs.BLOCKS_TESTS})
    assert (report["passed"], report["failed"]) == (4, 0)
    report = plant.ok("POST", RUN, {"tests": programs.WHOLE_TESTS, "only": "plant"})
    assert report["passed"] == 1
    names = [each["name"] for each in plant.ok("GET", "/api/devices/PLC_1/blocks")]
    assert not [name for name in names if name.startswith("PlcTest")]
    plant.ok("POST", "/api/devices/PLC_1/watch-tables", {"name": "New"})
    plant.refused(409, "project.not_saved", "POST", RUN, {"tests": programs.WHOLE_TESTS})


def test_what_cannot_be_run(client: Client, workspace: Path) -> None:
    error = client.refused(422, "plc_test.invalid", "POST", RUN, {"tests": "tests: []"})
    assert error["details"][0]["place"]["pointer"] == "/tests"
    client.refused(400, "plc_test.none", "POST", RUN, {})
    client.refused(400, "plc_test.none", "POST", RUN, {"tests": TEXT, "only": "nothing", "sources": SOURCES})
    client.refused(404, "file.not_found", "POST", RUN, {"testPaths": ["missing.plctest.yaml"]})
    client.refused(403, "path.outside_roots", "POST", RUN, {"testPaths": ["/etc"]})
    client.refused(403, "path.outside_roots", "POST", RUN, {"tests": TEXT, "sources": SOURCES, "outputPath": "/etc/x"})
    client.refused(404, "file.not_found", "POST", RUN, {"tests": TEXT, "projectPath": "missing.ap20"})
    client.refused(409, "project.none", "POST", RUN, {"tests": TEXT})
    client.refused(400, "plc_test.source", "POST", RUN, {"tests": TEXT, "sources": [{"name": "a.exe", "content": ""}]})
    client.refused(404, "plc_test.block", "POST", RUN, {"tests": TEXT.replace("Scale", "Other"), "sources": SOURCES})


def test_the_schema_is_given(client: Client) -> None:
    assert client.ok("GET", "/api/plc-tests/schema")["schema"] == json.loads(json.dumps(schema()))


def test_tests_are_kept_under_any_name(client: Client) -> None:
    assert client.ok("GET", STORE) == []
    for name in ("Plant / start", "Ünïcode %2F", "motor", "Motor", " x "):
        client.ok("POST", STORE, KEPT | {"name": name})
    assert client.ok("GET", STORE) == sorted(["Plant / start", "Ünïcode %2F", "motor", "Motor", " x "])
    kept = client.ok("GET", f"{STORE}/Plant%20%2F%20start")
    assert (kept["name"], kept["steps"][0]["waitMs"], kept["setup"]) == ("Plant / start", 1100.0, {"Plant.start": True})
    client.ok("POST", STORE, KEPT | {"description": "new"})
    assert client.ok("GET", f"{STORE}/Plant%20%2F%20start")["description"] == "new"
    client.ok("DELETE", f"{STORE}/motor")
    assert "Motor" in client.ok("GET", STORE) and "motor" not in client.ok("GET", STORE)
    client.refused(404, "test.not_found", "DELETE", f"{STORE}/motor")
    client.refused(404, "test.not_found", "GET", f"{STORE}/MOTOR")
    client.refused(422, "test.name", "POST", STORE, KEPT | {"name": ".."})
    client.refused(422, "test.name", "POST", STORE, KEPT | {"name": "x" * 300})


def test_kept_tests_run_on_the_program_of_an_instance(plant: Client) -> None:
    plant.refused(404, "plc_test.none", "POST", "/api/testharness/run-sync", {})
    plant.ok("POST", "/api/simulation/instances/create", {"name": "Line"})
    plant.ok("POST", "/api/simulation/instances/Line/power-on")
    answers = {"CheckBeforeDownload": True, "OverwriteSystemData": "Overwrite", "StartModules": "StartModule"}
    plant.ok("POST", "/api/devices/PLC_1/actions/download-sync", {"scope": "HardwareAndSoftware", "prompts": answers})
    before = plant.ok("GET", "/api/simulation/instances/Line/state")
    plant.ok("POST", STORE, KEPT | {"instanceName": "Line"})
    plant.ok("POST", STORE, {"name": "fails", "instanceName": "Line", "steps": [{"assert": {"Plant.run": True}}]})
    job = plant.job("POST", "/api/testharness/run")
    assert job["status"] == "Completed", job
    report = plant.ok("GET", "/api/testharness/results")
    assert [(each["testName"], each["passed"]) for each in report["results"]] == [
        ("Plant / start", True),
        ("fails", False),
    ]
    state = plant.ok("GET", "/api/simulation/instances/Line/state")
    assert (state["operatingState"], state["operatingMode"]) == (before["operatingState"], "Default")
    alone = plant.ok("POST", "/api/testharness/run-sync?testName=fails")
    assert (alone["total"], alone["failed"], alone["instance"]) == (1, 1, "Line")
    plant.refused(404, "test.not_found", "POST", "/api/testharness/run-sync?testName=nothing")


def test_kept_tests_need_an_instance(client: Client) -> None:
    client.ok("POST", STORE, KEPT)
    client.refused(409, "plcsim.not_connected", "POST", "/api/testharness/run-sync")
    assert client.ok("GET", "/api/testharness/results")["total"] == 0


def test_kept_tests_run_against_a_plc_of_the_project(plant: Client) -> None:
    plant.ok("POST", STORE, KEPT)
    report = plant.ok("POST", "/api/tests/run", {"deviceName": "PLC_1"})
    assert (report["passed"], report["failed"]) == (1, 0)
    assert plant.ok("GET", "/api/testharness/results")["total"] == 1
    plant.refused(404, "device.not_found", "POST", "/api/tests/run", {"deviceName": "PLC_9"})


def test_wildcards_choose_kept_tests(plant: Client) -> None:
    run, device = "/api/tests/run", {"deviceName": "PLC_1"}
    plant.refused(404, "plc_test.none", "POST", run, device | {"testName": "*"})
    for name in ("Motor start", "Motor stop", "Belt", "M*"):
        plant.ok("POST", STORE, {"name": name, "steps": [{"assert": {"Plant.run": False}}]})

    def names(test_name: str) -> list[str]:
        return [each["testName"] for each in plant.ok("POST", run, device | {"testName": test_name})["results"]]

    assert names("*") == names("**") == names("") == ["Belt", "M*", "Motor start", "Motor stop"]
    assert names("Motor*") == ["Motor start", "Motor stop"]
    assert names("M*") == ["M*"], "a test of exactly this name is meant"
    plant.refused(404, "test.not_found", "POST", run, device | {"testName": "motor*"})
    plant.refused(404, "test.not_found", "POST", f"/api/testharness/run-sync?testName={quote('Pump?')}")


def test_a_client_without_a_field_for_changes_tests_what_it_sees(plant: Client) -> None:
    plant.ok("POST", STORE, KEPT)
    plant.ok("POST", "/api/devices/PLC_1/watch-tables", {"name": "New"})
    plant.refused(409, "project.not_saved", "POST", "/api/tests/run", {"deviceName": "PLC_1"})
    plant.http.headers["X-Client-Id"] = "vscode/1.4.2"
    assert plant.ok("POST", "/api/tests/run", {"DeviceName": "PLC_1"})["passed"] == 1
    assert [each["isModified"] for each in plant.ok("GET", "/api/projects")] == [False]


def test_all_kept_tests_run_by_a_star_on_an_instance(client: Client) -> None:
    client.ok("POST", STORE, KEPT)
    client.refused(409, "plcsim.not_connected", "POST", "/api/testharness/run-sync?testName=*")


def test_blocks_in_every_language_are_tested_and_listed(plc: Client, workspace: Path) -> None:
    device = {"deviceName": "PLC_1"}
    graph = {
        "sequences": [
            {
                "steps": [
                    {"name": "Idle", "init": True},
                    {"name": "Mix", "actions": [{"qualifier": "N", "operand": "#mixer"}]},
                ],
                "transitions": [{"name": "Start", "condition": [{"contact": "#go"}]}, {"name": "Done"}],
                "flow": ["Idle", "Start", "Mix", "Done", {"jump": "Idle"}],
            }
        ]
    }
    interface = {"Input": [{"name": "go", "type": "Bool"}], "Output": [{"name": "mixer", "type": "Bool"}]}
    plc.ok(
        "POST",
        "/api/blockgeneration/generate-graph",
        device | {"name": "Mixer", "graph": {"graph": graph}, "interface": interface},
    )
    ladder = {
        "name": "Latch",
        "kind": "FB",
        "language": "LAD",
        "interface": interface,
        "networks": [
            {"source": {"rungs": [[{"any": [[{"contact": "#go"}], [{"contact": "#mixer"}]]}, {"coil": "#mixer"}]]}}
        ],
    }
    plc.ok("POST", "/api/devices/PLC_1/blocks", ladder)
    stl = (
        'FUNCTION "Negate" : Void\nVAR_INPUT\n go : Bool;\nEND_VAR\nVAR_OUTPUT\n mixer : Bool;\nEND_VAR\nBEGIN\nNETWORK\n'
        "TITLE = n\n A #go;\n NOT ;\n = #mixer;\nEND_FUNCTION\n"
    )
    body = {"sclContent": stl, "sourceName": "n", "extension": "awl"}
    plc.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", body)
    plc.ok("POST", "/api/projects/actions/save-sync")
    tests = """
tests:
- name: sequence
  block: Mixer
  steps: [{expect: {mixer: {never: true}}, run: 5}, {write: {go: true}, expect: {mixer: {expected: true, within: 50ms}}}]
- {name: latch, block: Latch, steps: [{write: {go: true}}, {write: {go: false}, expect: {mixer: true}}]}
- {name: negate, block: Negate, steps: [{expect: {mixer: true}}, {write: {go: true}, expect: {mixer: false}}]}
"""
    report = plc.ok("POST", RUN, {"tests": tests, "coverage": True, "outputPath": "out"})
    assert [each["error"] for each in report["results"]] == [None, None, None]
    listing = (workspace / "out" / "coverage.txt").read_text()
    assert "#mixer := #go OR #mixer" in listing and "= #mixer" in listing
    assert {each["block"] for each in report["coverage"]["blocks"]} >= {"Latch", "Negate"}
