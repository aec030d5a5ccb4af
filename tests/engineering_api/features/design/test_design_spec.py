"""Designs of equipment: loaded, judged, generated, brought into a project, run on the virtual CPU, changed."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.engineering_api.features.assistant.provider import Answer, FakeProvider, serving
from tests.engineering_api.features.design.kit import EXAMPLES, NAMES, PUMP, with_modules
from tests.support.service import Client

LOAD, PARTS = "/api/design-spec/load", "/api/design-spec/load-separate"
MODEL, GENERATE = "/api/design-spec/model", "/api/design-spec/generate"
PLAN, IMPORT = "/api/design-spec/plan", "/api/design-spec/generate-and-import"
TEST = "/api/design-spec/actions/test"
Json = dict[str, Any]


def by_status(applied: Json) -> dict[str, list[str]]:
    """The names of the objects by what became of them."""
    found: dict[str, list[str]] = {}
    for each in applied["results"]:
        found.setdefault(each["status"], []).append(each["name"])
    return found


def names(client: Client, kind: str = "blocks") -> set[str]:
    return {each["name"] for each in client.ok("GET", f"/api/devices/PLC_1/{kind}")}


@pytest.fixture
def pump(project: Client) -> Client:
    """A client with an open project in which the small design was made."""
    project.ok("POST", LOAD, {"spec": PUMP})
    project.ok("POST", IMPORT, {})
    return project


@pytest.mark.parametrize("name", [NAMES[0], *(pytest.param(each, marks=pytest.mark.slow) for each in NAMES[1:])])
def test_an_example_is_generated_compiled_and_passes_its_tests_and_a_second_time_changes_nothing(
    project: Client, name: str
) -> None:
    loaded = project.ok("POST", LOAD, {"content": (EXAMPLES / name).read_text(encoding="utf-8")})
    assert (loaded["complete"], loaded["findings"], loaded["warnings"]) == (True, [], [])
    planned = project.ok("GET", PLAN)
    assert planned["created"] == len(planned["results"])
    first = project.ok("POST", IMPORT, {})
    assert (first["failed"], first["created"]) == (0, len(first["results"]) - 1)
    assert by_status(first)["updated"] == ["Main"]
    for compiled in first["compilations"].values():
        assert [each for each in compiled["diagnostics"] if each["severity"] != "Information"] == []
    project.ok("POST", "/api/projects/actions/save-sync")
    report = project.ok("POST", TEST, {})
    assert [each["error"] for each in report["results"] if not each["passed"]] == []
    assert report["passed"] == report["total"] > len(first["tests"])
    second = project.ok("POST", IMPORT, {})
    assert set(by_status(second)) == {"unchanged"}
    assert second["compilations"] == {}


# Loading --------------------------------------------------------------------------------------------------------------


def test_a_design_is_kept_read_and_forgotten(project: Client) -> None:
    project.refused(404, "design.none", "GET", MODEL)
    loaded = project.ok("POST", LOAD, {"spec": PUMP})
    assert (loaded["name"], loaded["counts"]["modules"], loaded["model"]) == ("Pump", 2, None)
    kept = project.ok("GET", MODEL)
    assert (kept["model"], kept["complete"]) == (PUMP, True)
    assert project.ok("DELETE", MODEL) == {"name": "Pump"}
    project.refused(404, "design.none", "DELETE", MODEL)
    project.refused(404, "design.none", "POST", IMPORT, {})


def test_a_design_is_kept_for_its_project_alone(project: Client) -> None:
    project.ok("POST", LOAD, {"spec": PUMP})
    project.ok("POST", "/api/projects/actions/save-sync")
    project.ok("POST", "/api/projects/actions/close-sync", {})
    project.ok("POST", "/api/projects/actions/create-sync", {"name": "Other"})
    project.refused(404, "design.none", "GET", MODEL)


def test_a_design_comes_as_file_too_and_only_one_way_at_a_time(project: Client, workspace: Path) -> None:
    (workspace / "plant.yaml").write_text((EXAMPLES / NAMES[0]).read_text(encoding="utf-8"), encoding="utf-8")
    assert project.ok("POST", LOAD, {"path": "plant.yaml"})["complete"] is True
    (workspace / "plant.bin").write_bytes(b"\xff\xfe\x00name")
    project.refused(422, "design.invalid", "POST", LOAD, {"path": "plant.bin"})
    project.refused(400, "request.contradiction", "POST", LOAD, {"path": "plant.yaml", "spec": PUMP})
    project.refused(400, "request.contradiction", "POST", LOAD, {})


def test_a_wrong_design_is_refused_with_all_mistakes_and_the_old_one_stays(project: Client) -> None:
    project.ok("POST", LOAD, {"spec": PUMP})
    wrong = copy.deepcopy(PUMP)
    wrong["modules"][0]["command"] = "Strat"
    wrong["tags"][1]["address"] = "%Q0.9"
    error = project.refused(422, "design.address", "POST", LOAD, {"spec": wrong})
    places = [(each["code"], each["place"]["pointer"]) for each in error["details"]]
    assert places == [("design.address", "/tags/1/address"), ("design.unknown", "/modules/0/command")]
    assert project.ok("GET", MODEL)["model"] == PUMP


def test_sections_come_one_by_one_and_are_judged_together(project: Client) -> None:
    first = project.ok("POST", PARTS, {"modules": PUMP["modules"], "groups": PUMP["groups"]})
    assert (first["complete"], first["missing"], first["findings"]) == (False, ["name", "devices"], [])
    second = project.ok("POST", PARTS, {"name": "Pump", "devices": PUMP["devices"]})
    assert (second["complete"], second["missing"]) == (False, [])
    assert {each["place"]["pointer"] for each in second["findings"]} >= {"/modules/0/command", "/modules/0/run"}
    project.refused(422, "design.unknown", "POST", GENERATE, {})
    tags = "\n".join(f"- {{name: {t['name']}, type: {t['type']}, address: '{t['address']}'}}" for t in PUMP["tags"])
    third = project.ok("POST", PARTS, {"tags": tags, "data": PUMP["data"]})
    assert (third["complete"], third["findings"]) == (True, [])
    assert len(project.ok("GET", MODEL)["model"]["tags"]) == 3
    project.refused(422, "design.invalid", "POST", PARTS, {"tags": "- {name: A}", "groups": [{"name": 1}]})
    project.refused(400, "request.missing_field", "POST", PARTS, {})
    alone = project.ok("POST", PARTS, {"tags": [], "replace": True})
    assert alone["counts"]["modules"] == 0


def test_a_description_needs_a_language_model(project: Client) -> None:
    error = project.refused(422, "assistant.no_provider", "POST", LOAD, {"text": "A pump with a start button"})
    assert error["message"]
    project.refused(404, "design.none", "GET", MODEL)


def test_a_description_becomes_a_design_and_mistakes_go_back_to_the_model_once(project: Client) -> None:
    wrong = copy.deepcopy(PUMP)
    wrong["modules"][0]["command"] = "Strat"
    acts = [Answer([], [("submit_document", each)]) for each in (wrong, PUMP)]
    with serving(FakeProvider(*acts)) as provider:
        body = {"provider": "custom", "endpoint": provider.url, "model": "small", "apiKey": "sk-test-not-shown"}
        project.ok("POST", "/api/assistant/settings", body)
        loaded = project.ok("POST", LOAD, {"text": "A pump that runs below a level"})
        assert (loaded["complete"], loaded["model"]) == (True, PUMP)
        assert len(provider.requests) == 2
        assert "did you mean" in str(provider.requests[1].body)


# Generating -----------------------------------------------------------------------------------------------------------


def test_a_design_is_generated_as_text_without_a_portal(client: Client) -> None:
    made = client.ok("POST", GENERATE, {"spec": PUMP, "withXml": True, "tiaVersion": "19"})
    found = {(each["kind"], each["name"]): each for each in made["objects"]}
    assert '"Pump"(automatic := TRUE,' in found["FC", "Pumps"]["text"]
    assert found["FC", "Pumps"]["pointer"] == "/groups/0"
    assert 'Engineering version="V19"' in found["FB", "Motor"]["xml"]
    assert [each["name"] for each in made["tests"]] == [
        "Motor.plctest.yaml",
        "AnalogInput.plctest.yaml",
        "PLC_1.plctest.yaml",
    ]
    client.refused(404, "design.unknown", "POST", GENERATE, {"spec": PUMP, "deviceName": "PLC_7"})


def test_the_schema_is_served_to_everybody(client: Client) -> None:
    assert client.ok("GET", "/api/design-spec/schema")["schema"]["title"] == "Design of a plant"


# Changing -------------------------------------------------------------------------------------------------------------


def test_a_changed_module_changes_its_objects_alone(pump: Client) -> None:
    changed = copy.deepcopy(PUMP)
    changed["modules"][0]["interlocks"].append({"name": "Not too low", "condition": "Level.value > 1.0"})
    pump.ok("POST", LOAD, {"spec": changed})
    planned = pump.ok("GET", PLAN)
    assert by_status(planned)["updated"] == ["Pumps"]
    done = pump.ok("POST", IMPORT, {})
    assert by_status(done) == by_status(planned)
    assert done["compilations"]["PLC_1"]["result"]["errorCount"] == 0
    assert pump.ok("POST", IMPORT, {})["updated"] == 0


@pytest.mark.slow
def test_a_block_that_grows_brings_its_instances_along(project: Client) -> None:
    alarms: Json = {
        "kind": "alarms",
        "name": "Alarm",
        "alarms": [{"name": "high", "condition": "Level.high", "text": "High"}],
    }
    project.ok("POST", LOAD, {"spec": with_modules(alarms)})
    project.ok("POST", IMPORT, {})
    alarms["alarms"].append({"name": "lost", "condition": "NOT Level.valid", "severity": "warning"})
    project.ok("POST", LOAD, {"spec": with_modules(alarms)})
    done = project.ok("POST", IMPORT, {})
    assert by_status(done)["updated"] == ["AlarmAlarms", "Pumps", "Pumps"]  # block, calls, watch table
    assert done["compilations"]["PLC_1"]["result"]["errorCount"] == 0
    project.ok("POST", "/api/projects/actions/save-sync")
    report = project.ok("POST", TEST, {"only": "AlarmAlarms"})
    assert (report["total"], report["passed"]) == (2, 2)
    assert set(by_status(project.ok("POST", IMPORT, {}))) == {"unchanged"}


@pytest.mark.slow
def test_a_removed_module_is_told_and_deleted_only_when_asked(pump: Client) -> None:
    alarms = {"kind": "alarms", "name": "Alarm", "alarms": [{"name": "high", "condition": "Level.high"}]}
    pump.ok("POST", LOAD, {"spec": with_modules(alarms)})
    assert set(by_status(pump.ok("POST", IMPORT, {}))["created"]) == {"AlarmAlarms", "Alarm"}
    pump.ok("POST", LOAD, {"spec": PUMP})
    told = pump.ok("POST", IMPORT, {})
    assert sorted(by_status(told)["orphaned"]) == ["Alarm", "AlarmAlarms"]
    assert {"Alarm", "AlarmAlarms"} <= names(pump)
    gone = pump.ok("POST", IMPORT, {"remove": True})
    assert (gone["removed"], gone["orphaned"]) == (2, 0)
    assert not {"Alarm", "AlarmAlarms"} & names(pump)
    assert pump.ok("POST", IMPORT, {"remove": True})["removed"] == 0


@pytest.mark.slow
def test_what_was_changed_by_hand_is_not_replaced_without_being_asked(pump: Client) -> None:
    scl = 'FUNCTION "Pumps" : Void\n{ S7_Optimized_Access := \'TRUE\' }\nBEGIN\n    "Pump"();\nEND_FUNCTION\n'
    pump.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": scl, "sourceName": "x"})
    pump.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    error = pump.refused(409, "design.changed_by_hand", "POST", IMPORT, {})
    assert [each["place"]["object"] for each in error["details"]] == ["Pumps"]
    each_ = pump.ok("POST", IMPORT, {"mode": "each"})
    assert by_status(each_)["failed"] == ["Pumps"]
    assert by_status(pump.ok("GET", PLAN))["failed"] == ["Pumps"]
    done = pump.ok("POST", IMPORT, {"override": True})
    assert by_status(done)["updated"] == ["Pumps"]
    assert set(by_status(pump.ok("POST", IMPORT, {}))) == {"unchanged"}


def test_a_plan_changes_nothing_not_even_by_compiling(pump: Client) -> None:
    scl = 'FUNCTION "Pumps" : Void\n{ S7_Optimized_Access := \'TRUE\' }\nBEGIN\n    "Pump"();\nEND_FUNCTION\n'
    pump.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": scl, "sourceName": "x"})
    planned = pump.ok("GET", PLAN)
    assert {each["error"]["code"] for each in planned["results"] if each["error"]} == {"design.unreadable"}
    assert planned["compilations"] == {}
    [block] = [each for each in pump.ok("GET", "/api/devices/PLC_1/blocks") if each["name"] == "Pumps"]
    assert block["isConsistent"] is False
    pump.refused(409, "design.changed_by_hand", "POST", IMPORT, {})  # it compiles first, and sees the change


def test_what_was_there_before_is_not_replaced_without_being_asked_and_stays_where_it_is(plc: Client) -> None:
    block: Json = {
        "kind": "FB",
        "name": "Motor",
        "language": "SCL",
        "networks": [{"source": {"scl": [";"]}}],
        "folder": "Old",
    }
    plc.ok("POST", "/api/devices/PLC_1/blocks", block)
    plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    plc.ok("POST", LOAD, {"spec": PUMP})
    plc.refused(409, "design.foreign_object", "POST", IMPORT, {})
    assert names(plc) == {"Main", "Motor"}
    done = plc.ok("POST", IMPORT, {"override": True})
    assert (done["failed"], "Motor" in by_status(done)["updated"]) == (0, True)
    assert next(each["folder"] for each in done["results"] if each["name"] == "Motor") == "Old"


def test_another_cpu_than_the_design_says_is_refused(pump: Client) -> None:
    changed = copy.deepcopy(PUMP)
    changed["devices"][0]["orderNumber"] = "6ES7 513-1AL02-0AB0"
    pump.ok("POST", LOAD, {"spec": changed})
    pump.refused(409, "design.other_hardware", "POST", IMPORT, {})


def test_a_cpu_without_graph_takes_everything_else(project: Client) -> None:
    spec = copy.deepcopy(PUMP)
    spec["devices"][0] = {"name": "PLC_1", "orderNumber": "6ES7 214-1AG40-0XB0"}
    spec["modules"].append(
        {"kind": "pid", "name": "Control", "setpoint": 50, "value": "Level.value", "integralTime": "10s"}
    )
    spec["groups"].append({"name": "Controllers", "modules": ["Control"], "every": "200ms"})
    project.ok("POST", LOAD, {"spec": spec})
    done = project.ok("POST", IMPORT, {})
    assert (done["failed"], done["compilations"]["PLC_1"]["result"]["errorCount"]) == (0, 0)
    assert set(by_status(project.ok("POST", IMPORT, {}))) == {"unchanged"}


def test_stations_and_modules_are_made_and_addressed(project: Client) -> None:
    spec = copy.deepcopy(PUMP)
    spec["devices"][0] |= {
        "address": "192.168.0.77",
        "ioModules": [{"name": "DI_1", "orderNumber": "6ES7 521-1BH00-0AB0"}],
    }
    project.ok("POST", LOAD, {"spec": spec})
    assert [each["kind"] for each in project.ok("POST", IMPORT, {})["results"]][:2] == ["Device", "IoModule"]
    [device] = project.ok("GET", "/api/projects/devices")
    assert device["ipAddresses"] == ["192.168.0.77"]
    assert "DI_1" in {each["name"] for each in device["deviceItems"]}
    assert set(by_status(project.ok("POST", IMPORT, {}))) == {"unchanged"}


def test_the_tests_of_a_design_are_run_by_name_and_only_on_what_was_saved(pump: Client) -> None:
    pump.refused(409, "project.not_saved", "POST", TEST, {})
    pump.ok("POST", "/api/projects/actions/save-sync")
    report = pump.ok("POST", TEST, {"only": "the pump"})
    assert (report["total"], report["passed"]) == (1, 1)
    pump.refused(400, "plc_test.none", "POST", TEST, {"only": "nothing of that name"})


def test_several_plcs_are_made_of_one_design(project: Client) -> None:
    spec = copy.deepcopy(PUMP)
    spec["devices"].append({"name": "PLC_2", "orderNumber": "6ES7 511-1AK02-0AB0", "firmware": "V2.9"})
    spec["tags"].append({"name": "Fan_run", "type": "Bool", "address": "%Q0.0", "device": "PLC_2"})
    spec["modules"].append({"kind": "motor", "name": "Fan", "command": True, "run": "Fan_run", "device": "PLC_2"})
    spec["groups"].append({"name": "Air", "modules": ["Fan"], "device": "PLC_2"})
    spec["tests"].append(
        {"name": "The fan runs", "steps": [{"run": 2, "expect": {"Fan_run": True}}], "device": "PLC_2"}
    )
    project.ok("POST", LOAD, {"spec": spec})
    only = project.ok("POST", IMPORT, {"deviceName": "PLC_2"})
    assert {each["device"] for each in only["results"]} == {"PLC_2"}
    both = project.ok("POST", IMPORT, {})
    assert (both["failed"], list(both["compilations"])) == (0, ["PLC_1"])
    project.ok("POST", "/api/projects/actions/save-sync")
    report = project.ok("POST", TEST, {"deviceName": "PLC_2", "only": "fan"})
    assert (report["total"], report["passed"]) == (1, 1)
    assert set(by_status(project.ok("POST", IMPORT, {}))) == {"unchanged"}
