"""Definitions: kept, checked as a whole, listed, deleted; templates give such that run."""

from typing import Any

import msgspec
import pytest

from engineering_api.app import SECTIONS, catalogue
from engineering_api.features.pipelines import templates, validation
from engineering_api.features.pipelines.model import Definition
from engineering_api.operations.caller import Caller
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.terms import Right
from tests.engineering_api.features.pipelines.trial import keep, run, statuses, step, trial
from tests.support.service import Client

KNOWN = Catalogue((*SECTIONS, trial))
ADMINISTRATOR = Caller("administrator", Right.ADMINISTER)


def pointers(client: Client, **definition: Any) -> dict[str, str]:
    """The errors of a definition: place to code."""
    body = {"name": "P", "steps": [step("A")]} | definition
    found = client.ok("POST", "/api/pipelines/actions/validate", body)
    assert found["valid"] is (found["errors"] == [])
    if found["errors"]:
        error = client.refused(422, "pipeline.invalid", "POST", "/api/pipelines", body)
        assert error["details"] == found["errors"]
    return {each["place"]["pointer"]: each["code"].partition(".")[2] for each in found["errors"]}


def test_a_pipeline_is_kept_changed_and_deleted(client: Client) -> None:
    assert client.ok("GET", "/api/pipelines") == []
    made = keep(client, step("A", retryDelayMs=5), name="Nacht & Tag", variables={"x": [1]})
    path = "/api/pipelines/Nacht%20%26%20Tag"
    assert client.ok("GET", path) == made
    assert (made["owner"], made["updatedAt"], made["trigger"], made["enabled"]) == ("api-key", None, "manual", True)
    changed = client.ok("POST", "/api/pipelines", made | {"description": "Other"})
    assert changed["description"] == "Other"
    assert changed["createdAt"] == made["createdAt"] <= changed["updatedAt"]
    tag = client.http.get(path).headers["etag"]
    changed = client.ok("PUT", path, changed | {"enabled": False})
    mine = client.http.put(path, json=made, headers={"If-Match": tag})
    assert (mine.status_code, mine.json()["error"]["code"]) == (412, "request.precondition_failed")
    assert client.ok("GET", path) == changed
    client.refused(404, "pipeline.not_found", "PUT", "/api/pipelines/None", {"steps": [step("A")]})
    keep(client, step("A"), name="Another")
    assert client.ok("GET", "/api/pipelines") == ["Another", "Nacht & Tag"]
    client.ok("DELETE", path)
    client.refused(404, "pipeline.not_found", "GET", path)
    client.refused(404, "pipeline.not_found", "DELETE", path)
    assert client.ok("GET", "/api/pipelines") == ["Another"]


def test_the_shape_of_the_contract_is_taken_and_given(client: Client) -> None:
    body = {
        "name": "Build",
        "description": "d",
        "trigger": "Manual",
        "variables": {"a": "1"},
        "onFailure": "stop",
        "steps": [
            {
                "name": "A",
                "action": "trial.echo",
                "params": {"text": "${a}"},
                "condition": "a == '1'",
                "timeoutSeconds": 60,
                "retryCount": 0,
                "retryDelayMs": 1000,
            }
        ],
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z",
    }
    client.ok("POST", "/api/pipelines", body)
    started = client.ok("POST", "/api/pipelines/Build/run")
    execution = client.ended(started["jobId"])["result"]
    assert {"id", "pipelineName", "status", "jobId", "stepResults", "startedAt", "completedAt", "durationMs"} < set(
        execution
    )
    wanted = {
        "stepIndex",
        "stepName",
        "action",
        "status",
        "startedAt",
        "completedAt",
        "durationMs",
        "resultMessage",
        "attempts",
    }
    assert wanted < set(execution["stepResults"][0])
    assert execution["jobId"] == started["jobId"]


def test_all_errors_are_told_at_once_with_their_places(client: Client) -> None:
    found = pointers(
        client,
        name="executions",
        trigger="now",
        onFailure="explode",
        cleanupSteps=[step("A")],
        variables={"2x": 1, "steps": 2},
        steps=[
            step("A", "no.such"),
            step("A", params={"txt": "${nobody}", "text": "${1 +}"}, condition="steps.B.status", timeoutSeconds=-1),
            step("", params={"txt": 1}, retryCount=101, retryDelayMs=10**9, expect="result.x == othr"),
        ],
    )
    assert found == {
        "/name": "name",
        "/trigger": "trigger",
        "/onFailure": "on_failure",
        "/cleanupSteps": "cleanup",
        "/variables/2x": "variable_name",
        "/variables/steps": "variable_name",
        "/steps/0/action": "action_unknown",
        "/steps/1/name": "step_name",
        "/steps/1/timeoutSeconds": "limit",
        "/steps/1/condition": "expression_name",
        "/steps/1/params/txt": "expression_name",
        "/steps/1/params/text": "expression",
        "/steps/2/name": "step_name",
        "/steps/2/retryCount": "limit",
        "/steps/2/retryDelayMs": "limit",
        "/steps/2/expect": "expression_name",
        "/steps/2/params/txt": "unknown_field",
        "/cleanupSteps/0/name": "step_name",
    }
    assert client.ok("GET", "/api/pipelines") == []


@pytest.mark.parametrize(
    ("step_", "wanted"),
    [
        (step("A", params={"number": "x"}), {"/steps/0/params/number": "wrong_type"}),
        (step("A", params={"number": "${word}"}), {"/steps/0/params/number": "wrong_type"}),
        (step("A", params={"number": "${run.id}-${count}"}), {"/steps/0/params/number": "wrong_type"}),
        (step("A", params={"number": "${count}"}), {}),
        (step("A", params={"number": "${given}"}), {}),
        (step("A", params={"number": "${event.data.n}"}), {}),
        (step("A", "devices.get"), {"/steps/0/params/deviceName": "missing_field"}),
        (step("A", "devices.get", params={"devicename": "x", "nme": 1}), {"/steps/0/params/nme": "unknown_field"}),
        (step("A", "GET /api/devices/{deviceName}", params={"deviceName": "x"}), {}),
        (step("A", "/api/pipelines"), {"/steps/0/action": "action_ambiguous"}),
        (step("A", "pipelines.run", params={"name": "x"}), {"/steps/0/action": "nested"}),
        (step("A", params={"password": "in clear"}), {"/steps/0/params/password": "secret"}),
        (step("A", params={"PASSWORD": "${secret.PLANT}"}), {}),
        (step("A", params={"password": "${word}"}), {"/steps/0/params/password": "secret"}),
        (step("A", params={"text": "${secret.PLANT}"}), {"/steps/0/params/text": "expression_name"}),
        (step("A", params={"deep": {"a/b": ["${nobody}"]}}), {"/steps/0/params/deep/a~1b/0": "expression_name"}),
        (step("A", condition="run.moon == 1"), {"/steps/0/condition": "expression_name"}),
        (step("A", condition="steps.A.status == 1"), {"/steps/0/condition": "expression_name"}),
        (step("A", expect="result"), {}),
        (step("A", condition="result"), {"/steps/0/condition": "expression_name"}),
    ],
)
def test_what_a_step_may_say(step_: dict[str, Any], wanted: dict[str, str]) -> None:
    body = {"name": "P", "steps": [step_], "variables": {"word": "w", "count": 1, "given": None}}
    found = validation.errors(msgspec.convert(body, Definition), KNOWN, ADMINISTRATOR)
    places = {each.place.pointer: each.code.partition(".")[2] for each in found if each.place}
    assert places == wanted


def test_the_ends_of_what_can_be_kept(client: Client) -> None:
    assert pointers(client, steps=[step(str(number)) for number in range(201)]) == {"/steps": "steps"}
    assert pointers(client, onFailure="cleanup") == {"/cleanupSteps": "cleanup"}
    for name in ("", " a", "a/b", "x" * 101, "Templates", "line\nbreak"):
        assert pointers(client, name=name) == {"/name": "name"}
    error = client.refused(
        400,
        "request.unknown_field",
        "POST",
        "/api/pipelines",
        {"name": "P", "steps": [{"name": "A", "action": "x", "parms": {}}]},
    )
    assert error["place"] == {"pointer": "/steps/0/parms"}


def test_the_routes_of_executions_and_templates_win_over_names(client: Client) -> None:
    assert client.ok("GET", "/api/pipelines/executions") == []
    assert client.ok("GET", "/api/pipelines/templates")


def test_every_template_can_be_kept_with_what_it_must_be_given(client: Client) -> None:
    known = catalogue()
    infos = client.ok("GET", "/api/pipelines/templates")
    assert {"compile-test-export", "nightly-archive", "generate-and-compile", "commit-when-saved"} <= {
        i["id"] for i in infos
    }
    for info in infos:
        must = {each["name"]: "x" for each in info["parameters"] if each["default"] is None}
        validation.require_valid(templates.instantiate(info["id"], info["id"], must, known), known, ADMINISTRATOR)
        assert info["name"]
        assert info["description"].endswith(".")
        made = client.ok(
            "POST",
            f"/api/pipelines/templates/{info['id']}/instantiate",
            {"pipelineName": info["id"], "parameters": must},
        )
        assert must.items() <= made["variables"].items()
        assert made["trigger"] == next((e["default"] for e in info["parameters"] if e["name"] == "trigger"), "manual")


def test_what_a_template_refuses(client: Client) -> None:
    path, body = "/api/pipelines/templates/nightly-archive/instantiate", {"pipelineName": "N"}
    client.refused(404, "pipeline.template_not_found", "POST", "/api/pipelines/templates/none/instantiate", body)
    error = client.refused(422, "pipeline.parameter_unknown", "POST", path, body | {"parameters": {"foldr": 1}})
    assert error["place"] == {"pointer": "/parameters/foldr"}
    client.refused(422, "pipeline.invalid", "POST", path, body | {"parameters": {"trigger": "never"}})
    client.ok("POST", path, body)
    client.refused(409, "pipeline.exists", "POST", path, body)


def instantiated(client: Client, template_id: str, **parameters: Any) -> Any:
    client.ok(
        "POST", f"/api/pipelines/templates/{template_id}/instantiate", {"pipelineName": "T", "parameters": parameters}
    )
    return run(client, "T")


def test_the_nightly_archive_is_written(plc: Client) -> None:
    done = instantiated(plc, "nightly-archive", folder="backup")
    assert done["status"] == "Completed"
    assert done["stepResults"][2]["result"]["name"].startswith("Conveyor-2")
    assert run(plc, "T", folder="other")["status"] == "Completed"


def test_compile_test_and_export(plc: Client) -> None:
    done = instantiated(plc, "compile-test-export", device="PLC_1")
    assert statuses(done) == ["Completed", "Completed", "Completed", "Skipped", "Completed"]
    assert done["stepResults"][4]["result"]["path"].endswith(".xlsx")


def test_generate_and_compile(plc: Client) -> None:
    templates_ = {each["name"]: each for each in plc.ok("GET", "/api/blockgeneration/templates")}
    name = next(iter(templates_))
    values = {each["name"]: each["default"] for each in templates_[name]["parameters"]}
    done = instantiated(plc, "generate-and-compile", device="PLC_1", template=name, values=values)
    assert statuses(done) == ["Completed"] * 3, done
