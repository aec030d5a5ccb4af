"""Runs of pipelines: steps in their order, with conditions, limits, retries and rights; everything is told."""

from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.pipelines import steps as running_steps
from engineering_api.features.pipelines.engine import Pipelines
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.authority import Authority
from openness_bridge.errors import Problem
from tests.engineering_api.features.pipelines.trial import bench, keep, run, statuses, step, until
from tests.support.service import Client, settings


def test_steps_run_in_their_order_and_read_what_came_before(client: Client) -> None:
    keep(
        client,
        step("First", params={"text": "${greeting}, ${who}", "number": "${count}"}),
        step(
            "Then it", params={"text": "${steps.First.result.text}!", "deep": {"a": ["${steps.First.result.number}"]}}
        ),
        step(
            "Last",
            params={"text": "${steps['Then it'].status} ${run.pipeline} ${run.cause}", "deep": {"e": "${event}"}},
        ),
        variables={"greeting": "Hello", "who": None, "count": 7},
    )
    done = run(client, who="you")
    assert (done["status"], done["cause"], done["variables"]) == ("Completed", "manual", {"who": "you"})
    first, second, third = done["stepResults"]
    assert first["result"] == {"text": "Hello, you", "number": 7, "deep": {}}
    assert second["result"] == {"text": "Hello, you!", "number": 0, "deep": {"a": [7]}}
    assert third["result"] == {"text": "Completed P manual", "number": 0, "deep": {"e": None}}
    assert [(each["stepIndex"], each["stepName"], each["attempts"]) for each in done["stepResults"]] == [
        (0, "First", 1),
        (1, "Then it", 1),
        (2, "Last", 1),
    ]
    assert (first["action"], first["resultMessage"], first["error"]) == ("trial.echo", "Echoed", None)


def test_an_action_is_a_name_or_a_route(client: Client) -> None:
    keep(client, step("A", "POST /trial/echo/{anything}", params={"TEXT": "x"}), step("B", "devices.list"))
    assert statuses(run(client)) == ["Completed", "Failed"]


def test_a_condition_that_is_not_met_skips_the_step(client: Client) -> None:
    keep(
        client,
        step("A", condition="mode == 'full' and len(mode) > 2"),
        step("B", condition="steps.A.status == 'Skipped'"),
        variables={"mode": "quick"},
    )
    done = run(client)
    assert (done["status"], statuses(done)) == ("Completed", ["Skipped", "Completed"])
    assert done["stepResults"][0]["attempts"] == 0
    assert statuses(run(client, mode="full")) == ["Completed", "Skipped"]


def test_a_result_that_was_not_expected_is_a_failure(client: Client) -> None:
    keep(client, step("A", params={"number": "${n}"}, expect="result.number < 5"), variables={"n": 1})
    assert run(client)["status"] == "Completed"
    done = run(client, n=5)
    failed = done["stepResults"][0]
    assert (done["status"], failed["problem"]["code"]) == ("Failed", "pipeline.expectation")
    assert failed["result"]["number"] == 5


def test_a_failure_is_kept_whole_and_stops_the_pipeline(client: Client) -> None:
    bench.failures = 9
    keep(client, step("A"), step("B", "trial.flaky"), step("C"))
    done = run(client)
    assert (done["status"], statuses(done)) == ("Failed", ["Completed", "Failed", "Skipped"])
    assert done["error"] == "Step 2 (B) failed: Not now."
    assert done["stepResults"][1]["problem"] == {
        "code": "trial.refused",
        "message": "Not now.",
        "place": {"device": "PLC_1", "line": 3},
        "details": [{"code": "trial.why", "message": "Because.", "place": {"device": "PLC_1", "line": 3}}],
    }


def test_it_goes_on_after_a_failure_where_that_is_wanted_and_has_failed_all_the_same(client: Client) -> None:
    bench.failures = 2
    keep(
        client,
        step("A", "trial.flaky"),
        step("B", "trial.flaky"),
        step("C", params={"text": "${steps.A.code}", "deep": {"r": "${steps.A.result}"}}),
        onFailure="continue",
    )
    done = run(client)
    assert (done["status"], statuses(done)) == ("Failed", ["Failed", "Failed", "Completed"])
    assert done["error"] == "2 of 3 steps failed. Step 1 (A) failed: Not now."
    assert done["stepResults"][2]["result"] == {"text": "trial.refused", "number": 0, "deep": {"r": None}}


def test_cleanup_steps_run_after_a_failure_and_only_then(client: Client) -> None:
    more = {
        "onFailure": "cleanup",
        "cleanupSteps": [step("U", "trial.flaky"), step("V", params={"text": "${steps.A.error}"})],
    }
    keep(client, step("A", "trial.flaky"), step("B"), **more)
    assert statuses(run(client)) == ["Completed", "Completed"]
    bench.failures = 2
    done = run(client)
    assert (done["status"], statuses(done)) == ("Failed", ["Failed", "Skipped", "Failed", "Completed"])
    assert [each["stepIndex"] for each in done["stepResults"]] == [0, 1, 2, 3]
    assert done["stepResults"][3]["result"]["text"] == "Not now."
    assert done["error"].endswith("Step 1 (A) failed: Not now.")


def test_a_step_is_tried_again_as_often_as_was_asked_for(client: Client) -> None:
    keep(client, step("A", "trial.flaky", retryCount=2, retryDelayMs=1))
    bench.failures = 2
    done = run(client)
    assert (done["status"], done["stepResults"][0]["attempts"], len(bench.calls)) == ("Completed", 3, 3)
    bench.failures = 3
    done = run(client)
    assert (done["status"], done["stepResults"][0]["attempts"]) == ("Failed", 3)


def test_a_step_that_takes_too_long_is_stopped(client: Client) -> None:
    keep(client, step("A", "trial.hold", timeoutSeconds=0.3), step("B"))
    done = run(client)
    assert bench.stopped.is_set()
    assert (statuses(done), done["stepResults"][0]["problem"]["code"]) == (["Failed", "Skipped"], "pipeline.timeout")


def test_a_step_that_does_not_stop_is_not_begun_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_steps, "GRACE", 0.2)
    bench.stubborn = True
    keep(client, step("A", "trial.hold", timeoutSeconds=0.1, retryCount=5, retryDelayMs=1))
    failed = run(client)["stepResults"][0]
    bench.gate.set()
    assert (failed["attempts"], failed["problem"]["code"]) == (1, "pipeline.timeout")
    job = failed["error"].partition("as job ")[2].partition(":")[0]
    assert client.ended(job)["status"] in {"Completed", "Cancelled"}


def test_a_long_step_ends_as_any_other_and_tells_how_far_it_is(client: Client) -> None:
    keep(client, step("A"), step("B", "trial.hold", params={"text": "x"}), step("C"))
    started = client.ok("POST", "/api/pipelines/P/run")
    seen = until(lambda: (job := client.ok("GET", f"/api/jobs/{started['jobId']}"))["message"] == "B: holding" and job)
    assert seen["progress"] == 46
    execution = client.ok("GET", f"/api/pipelines/executions/{started['executionId']}")
    assert (execution["status"], statuses(execution)) == ("Running", ["Completed", "Running", "Pending"])
    assert execution["jobId"] == started["jobId"]
    bench.gate.set()
    result = client.ended(started["jobId"])["result"]
    assert result["stepResults"][1]["result"] == {"text": "x", "number": 0, "deep": {}}


def test_a_long_step_that_fails_is_kept_whole(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_steps, "SOON", 0.0)
    bench.failures = 1
    keep(client, step("A", "trial.flaky"))
    problem = run(client)["stepResults"][0]["problem"]
    assert (problem["code"], problem["place"]["line"], problem["details"][0]["code"]) == (
        "trial.refused",
        3,
        "trial.why",
    )


@pytest.mark.parametrize("by", ["job", "execution"])
def test_a_run_is_cancelled_cleanly(client: Client, by: str) -> None:
    keep(client, step("A"), step("B", "trial.hold"), step("C"), onFailure="cleanup", cleanupSteps=[step("D")])
    started = client.ok("POST", "/api/pipelines/P/run")
    bench.started.wait(60)
    path = f"/api/jobs/{started['jobId']}" if by == "job" else f"/api/pipelines/executions/{started['executionId']}"
    client.ok("POST", f"{path}/actions/cancel")
    assert client.ended(started["jobId"])["status"] == "Cancelled"
    assert bench.stopped.is_set()
    execution = client.ok("GET", f"/api/pipelines/executions/{started['executionId']}")
    assert (execution["status"], statuses(execution)) == ("Cancelled", ["Completed", "Cancelled", "Skipped"])
    error = client.http.post(f"/api/pipelines/executions/{started['executionId']}/actions/cancel").json()["error"]
    assert error["code"] == "job.ended"


def test_a_run_that_waits_for_a_retry_is_cancelled_at_once(client: Client) -> None:
    bench.failures = 99
    keep(client, step("A", "trial.flaky", retryCount=9, retryDelayMs=3_600_000))
    started = client.ok("POST", "/api/pipelines/P/run")
    until(lambda: bench.calls)
    client.ok("POST", f"/api/jobs/{started['jobId']}/actions/cancel")
    assert client.ended(started["jobId"])["status"] == "Cancelled"


def test_a_run_that_was_cancelled_before_it_began_says_so(client: Client) -> None:
    keep(client, step("A", "trial.hold"))
    started = [client.ok("POST", "/api/pipelines/P/run") for _ in range(5)]
    last = started[-1]
    assert client.ok("GET", f"/api/pipelines/executions/{last['executionId']}")["status"] == "Pending"
    client.ok("POST", f"/api/jobs/{last['jobId']}/actions/cancel")
    until(lambda: client.ok("GET", f"/api/pipelines/executions/{last['executionId']}")["status"] == "Cancelled")
    bench.gate.set()
    assert [client.ended(each["jobId"])["status"] for each in started] == ["Completed"] * 4 + ["Cancelled"]


def test_a_run_can_be_waited_for(client: Client) -> None:
    keep(client, step("A"))
    done = client.ok("POST", "/api/pipelines/P/run-sync", {})
    assert (done["status"], done["jobId"]) == ("Completed", "")
    client.refused(409, "pipeline.no_job", "POST", f"/api/pipelines/executions/{done['id']}/actions/cancel")
    job = client.job("POST", f"/api/pipelines/executions/{done['id']}/actions/start")
    assert (job["status"], job["problem"]["code"]) == ("Failed", "pipeline.execution_begun")


def test_the_executions_are_listed_newest_first(client: Client) -> None:
    keep(client, step("A"))
    keep(client, step("A", "trial.flaky"), name="Q")
    bench.failures = 1
    ids = [run(client, name)["id"] for name in ("P", "Q", "P")]
    assert [each["id"] for each in client.ok("GET", "/api/pipelines/executions")] == ids[::-1]
    assert [each["id"] for each in client.ok("GET", "/api/pipelines/executions", name="P", limit=1)] == ids[2:]
    assert [each["id"] for each in client.ok("GET", "/api/pipelines/executions", status="failed")] == [ids[1]]
    client.refused(404, "pipeline.execution_not_found", "GET", "/api/pipelines/executions/nothing")


def test_a_large_result_is_read_by_steps_and_not_kept(client: Client) -> None:
    keep(
        client,
        step("A", params={"text": "${big}"}),
        step("B", condition="len(steps.A.result.text) == 100000"),
        variables={"big": ""},
    )
    done = run(client, big="x" * 100_000)
    assert statuses(done) == ["Completed", "Completed"]
    assert done["stepResults"][0]["result"] is None


def test_steps_have_the_rights_of_the_caller_and_no_more(client: Client) -> None:
    keep(client, step("A"), step("B", "trial.admin"))
    assert statuses(run(client)) == ["Completed", "Completed"]
    service = client.http.app.state.service
    engineer = Caller("engineer", Right.ENGINEER)

    async def ordered() -> Any:
        return await service.part(Pipelines).prepare("P", {}, engineer)

    order = client.http.blocking_portal.call(ordered)
    done = client.ok("GET", f"/api/pipelines/executions/{order.id}")
    assert (done["status"], done["caller"]) == ("Pending", "engineer")
    done = client.job("POST", f"/api/pipelines/executions/{order.id}/actions/start")["result"]
    assert statuses(done) == ["Completed", "Failed"]
    assert done["stepResults"][1]["problem"]["code"] == "auth.right"
    assert bench.callers == [("api-key via pipeline P", Right.ADMINISTER), ("engineer via pipeline P", Right.ENGINEER)]


def test_who_saves_it_is_whom_its_schedule_runs_for(client: Client) -> None:
    service = client.http.app.state.service
    keep(client, step("B", "trial.admin"))

    async def saved() -> Any:
        definition = await service.part(Pipelines).get("P")
        return await service.part(Pipelines).save(definition, Caller("engineer", Right.ENGINEER))

    async def stored() -> None:
        """As an earlier version, which did not check the saver's right, stored it: without an authority."""
        authority = Authority(Right.ENGINEER)
        await service.part(Pipelines).store.put(await service.part(Pipelines).get("P"), "engineer", authority)

    async def due() -> None:
        await service.part(Pipelines)._due("P")

    with pytest.raises(Problem) as refused:
        client.http.blocking_portal.call(saved)
    assert (refused.value.code, refused.value.place.pointer) == ("pipeline.right", "/steps/0/action")
    client.http.blocking_portal.call(stored)
    client.http.blocking_portal.call(due)
    (done,) = until(lambda: client.ok("GET", "/api/pipelines/executions", status="failed"))
    assert (done["cause"], done["caller"], done["stepResults"][0]["problem"]["code"]) == (
        "schedule",
        "engineer",
        "auth.right",
    )


def test_a_pipeline_cannot_start_pipelines(client: Client) -> None:
    keep(client, step("A"))
    body = {
        "name": "Q",
        "steps": [
            step(
                "A",
                "POST /api/jobs/execute-sync",
                params={"operation": "pipelines.run_sync", "arguments": {"name": "P"}},
            )
        ],
    }
    refused = client.refused(422, "pipeline.invalid", "POST", "/api/pipelines", body)
    assert [(each["code"], each["place"]) for each in refused["details"]] == [
        ("pipeline.nested", {"pointer": "/steps/0/action"})
    ]


def test_passwords_are_named_and_never_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = "hush-hush"
    monkeypatch.setenv("TIA_SECRET_PLANT", hidden)
    keep(client, step("A", params={"password": "${secret.PLANT}"}), step("B", params={"password": "${secret.OTHER}"}))
    done = run(client)
    assert bench.calls[0].password == hidden
    assert statuses(done) == ["Completed", "Failed"]
    assert done["stepResults"][1]["problem"]["code"] == "secret.unknown"
    said = [
        client.http.get(path).text
        for path in ("/api/audit", "/api/jobs", "/api/pipelines/executions", "/api/pipelines/P")
    ]
    assert not any(hidden in text for text in said)


def test_variables_are_given_or_refused(client: Client) -> None:
    keep(client, step("A", params={"text": "${who}"}), variables={"who": None, "n": 1})
    error = client.refused(422, "pipeline.variable_unknown", "POST", "/api/pipelines/P/run", {"variables": {"whom": 1}})
    assert [each["place"]["pointer"] for each in error["details"]] == ["/variables/whom", "/variables/who"]
    error = client.refused(422, "pipeline.variable_missing", "POST", "/api/pipelines/P/run", {})
    assert error["place"] == {"pointer": "/variables/who"}
    client.refused(404, "pipeline.not_found", "POST", "/api/pipelines/Q/run", {})
    assert client.ok("GET", "/api/pipelines/executions") == []


def test_a_wrong_value_at_run_time_is_told_with_its_place(client: Client) -> None:
    keep(client, step("A", params={"number": "${n}"}), variables={"n": 1})
    problem = run(client, n="many")["stepResults"][0]["problem"]
    assert (problem["code"], problem["place"]) == ("request.wrong_type", {"pointer": "/params/number"})


def test_a_real_project_is_compiled_saved_and_archived(plc: Client) -> None:
    keep(
        plc,
        step("Compile", "devices.compile", params={"deviceName": "${device}"}, expect="result.result.errorCount == 0"),
        step("Save", "POST /api/projects/actions/save-sync"),
        step("Archive", "projects.archive", params={"path": "archives/${run.stamp}.zap20"}),
        variables={"device": "PLC_1"},
    )
    assert run(plc)["status"] == "Completed"
    assert [each["extension"] for each in plc.ok("GET", "/api/projects/files")] == [".zap20", ".ap20"]
    done = run(plc, device="PLC_9")
    assert (done["stepResults"][0]["problem"]["code"], statuses(done)) == (
        "device.not_found",
        ["Failed", "Skipped", "Skipped"],
    )


def test_after_a_restart_what_ran_has_failed_and_what_waited_runs(tmp_path: Any) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        keep(client, step("A"), step("B", "trial.hold"), step("C"))
        started = [client.ok("POST", "/api/pipelines/P/run") for _ in range(5)]
        ids = [each["executionId"] for each in started]
        until(
            lambda: (
                [client.ok("GET", f"/api/pipelines/executions/{each}")["status"] for each in ids]
                == ["Running"] * 4 + ["Pending"]
                and len(bench.calls) == 8
            )
        )
        copy = {name: (tmp_path / name).read_bytes() for name in ("service.db", "service.db-wal")}
        bench.gate.set()
        for each in started:
            client.ended(each["jobId"])
    for name, content in copy.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "service.db-shm").unlink(missing_ok=True)
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        for each in ids[:4]:
            found = client.ok("GET", f"/api/pipelines/executions/{each}")
            assert (found["status"], statuses(found)) == ("Failed", ["Completed", "Failed", "Skipped"])
            assert "The server ended" in found["error"]
        assert client.ended(started[4]["jobId"])["result"]["status"] == "Completed"


def test_a_server_that_ends_leaves_nothing_running(tmp_path: Any) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        keep(client, step("A", "trial.hold"), step("B"))
        started = client.ok("POST", "/api/pipelines/P/run")
        bench.started.wait(60)
    with TestClient(create_app(settings(tmp_path))) as http:
        found = Client(http).ok("GET", f"/api/pipelines/executions/{started['executionId']}")
        assert found["status"] in {"Failed", "Cancelled"}
        assert set(statuses(found)) <= {"Failed", "Cancelled", "Skipped"}


def test_an_error_of_the_service_ends_the_execution(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("a secret detail")

    keep(client, step("A"), step("B"))
    monkeypatch.setattr(running_steps.StepRun, "_request", broken)
    started = client.ok("POST", "/api/pipelines/P/run")
    job = client.ended(started["jobId"])
    assert (job["status"], job["problem"]["code"]) == ("Failed", "internal")
    found = client.ok("GET", f"/api/pipelines/executions/{started['executionId']}")
    assert (found["status"], found["completedAt"] is not None) == ("Failed", True)
    assert statuses(found) == ["Failed", "Skipped"]
    assert "secret" not in str(found)


def test_an_empty_condition_is_none(client: Client) -> None:
    keep(client, step("A", condition="", expect=""))
    assert statuses(run(client)) == ["Completed"]


def test_a_pipeline_without_steps_does_nothing(client: Client) -> None:
    keep(client)
    execution = run(client)
    assert (execution["status"], execution["stepResults"]) == ("Completed", [])
