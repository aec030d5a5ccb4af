"""Stored work never does more than each of those who had a part in it may do, and is read by those who might do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api import app as wiring
from engineering_api.app import create_app
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Right
from engineering_api.security.roles import RIGHTS
from tests.engineering_api.features.pipelines.trial import until
from tests.engineering_api.security.stored_work import MOST, SAID, Bench, Noting, as_step, bench, can_be_step
from tests.support.service import Client, settings

ALL = [*wiring.catalogue()]
FEW = [*{(op.right, op.changes): op for op in reversed(ALL) if can_be_step(op)}.values()]
"""One of each right that changes something, and one that does not."""
OWNERS = [right for right in RIGHTS.values() if right >= Right.ENGINEER]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("TIA_SECRET_X", "secret")
    with bench(tmp_path) as found:
        yield found


def chunks(ops: Sequence[Operation]) -> list[Sequence[Operation]]:
    return [ops[begin : begin + MOST] for begin in range(0, len(ops), MOST)]


def definition(ops: Sequence[Operation], name: str = "P") -> dict[str, Any]:
    return {"name": name, "onFailure": "continue", "steps": [as_step(op) for op in ops]}


def test_who_saves_a_step_has_its_right(server: Bench) -> None:
    """Every operation as a step, saved by every right: what is refused, and where, follows from the declared rights."""
    wrong = []
    for saver in RIGHTS.values():
        for ops in chunks(ALL):
            status, answer = server.send(saver, "POST", "/api/pipelines", definition(ops))
            found = {(each["place"]["pointer"], each["code"]) for each in answer.get("details") or ()}
            expected = {
                (f"/steps/{number}/action", code)
                for number, op in enumerate(ops)
                for code in [_refusal(op, saver)]
                if code and saver >= Right.ENGINEER
            }
            if found != expected or (status == 200) != (not expected and saver >= Right.ENGINEER):
                wrong.append((saver, status, sorted(found ^ expected)[:5]))
    assert wrong == []


def _refusal(op: Operation, saver: Right) -> str:
    if not can_be_step(op):
        return "pipeline.nested" if not op.step else "pipeline.secret"
    return "" if saver >= op.right else "pipeline.right"


def test_a_refusal_names_step_and_right(server: Bench) -> None:
    step = {"name": "Promote", "action": "users.update", "params": {"userName": "eva", "right": "administrator"}}
    status, error = server.send(Right.ENGINEER, "POST", "/api/pipelines", {"name": "P", "steps": [step]})
    assert (status, error["code"], error["place"]) == (403, "pipeline.right", {"pointer": "/steps/0/action"})
    assert "'administrator'" in error["message"] and "'Promote'" in error["message"]
    assert server.send(Right.VIEW, "GET", "/api/pipelines") == (200, [])


def test_a_run_has_the_lower_right(server: Bench) -> None:
    check_runs(server, FEW)


@pytest.mark.slow
def test_a_run_of_every_operation_has_the_lower_right(server: Bench) -> None:
    check_runs(server, [op for op in ALL if can_be_step(op)])


def check_runs(server: Bench, ops: Sequence[Operation]) -> None:
    """Run every operation as a step, for every pair of an owner and a starter, and have every right read the results.

    The owner is written into the row, as earlier versions did without a check: saving would refuse what the owner may not.
    """
    wrong = []
    for part in chunks(ops):
        assert server.send(Right.ADMINISTER, "POST", "/api/pipelines", definition(part))[0] == 200
        for owner in OWNERS:
            server.store_as_before("P", owner)
            for starter in RIGHTS.values():
                Noting.done.clear()
                status, run = server.send(starter, "POST", "/api/pipelines/P/run-sync", {})
                if starter < Right.ENGINEER:
                    wrong += [] if (status, run["code"]) == (403, "auth.right") else [(starter, status)]
                    continue
                wrong += differences(part, min(owner, starter), run)
                for reader in RIGHTS.values():
                    wrong += unread(
                        part, reader, server.send(reader, "GET", f"/api/pipelines/executions/{run['id']}")[1]
                    )
    assert wrong == []


def differences(ops: Sequence[Operation], right: Right, run: Any) -> list[Any]:
    """What is not as expected where steps run with a right."""
    allowed = [op.name for op in ops if op.right <= right]
    status = {each["action"]: (each["status"], (each["problem"] or {}).get("code")) for each in run["stepResults"]}
    wrong = [
        (op.name, right, status[op.name])
        for op in ops
        if status[op.name] != (("Completed", None) if op.right <= right else ("Failed", "auth.right"))
    ]
    done = [(name, right) for name in allowed]
    return wrong if Noting.done == done else [*wrong, sorted({*Noting.done} ^ {*done})[:5]]


def unread(ops: Sequence[Operation], reader: Right, run: Any) -> list[Any]:
    """What a reader sees of the results, or does not see, other than its right says."""
    rights = {op.name: op.right for op in ops}
    wrong = []
    for each in run["stepResults"]:
        hidden = reader < rights[each["action"]]
        shown = SAID in str(each["result"]) or each["error"] is not None
        if shown is hidden or bool(each["withheld"]) is not hidden:
            wrong.append((reader, each))
    return wrong


def test_a_job_shows_its_result_to_its_right(server: Bench) -> None:
    op = next(op for op in FEW if op.right is Right.ADMINISTER)
    body = {"operation": op.name, "arguments": as_step(op)["params"]}
    _, started = server.send(Right.ADMINISTER, "POST", "/api/jobs/execute", body)
    server.client.ended(started["jobId"])
    for reader in RIGHTS.values():
        _, job = server.send(reader, "GET", f"/api/jobs/{started['jobId']}")
        _, (listed, *_) = server.send(reader, "GET", "/api/jobs")
        assert job == listed
        assert job["status"] == "Completed", job
        hidden = reader < Right.ADMINISTER
        assert (SAID in str(job["result"]), "'administrator'" in job["withheld"]) == (not hidden, hidden)


def test_the_job_of_a_pipeline_shows_no_more_than_the_execution(server: Bench) -> None:
    op = next(op for op in FEW if op.right is Right.ADMINISTER)
    assert server.send(Right.ADMINISTER, "POST", "/api/pipelines", definition([op]))[0] == 200
    _, started = server.send(Right.ADMINISTER, "POST", "/api/pipelines/P/run", {})
    server.client.ended(started["jobId"])
    for reader in RIGHTS.values():
        _, job = server.send(reader, "GET", f"/api/jobs/{started['jobId']}")
        assert (SAID in str(job)) is (reader >= Right.ADMINISTER), job


def test_a_pipeline_ends_with_its_owner(server: Bench) -> None:
    """Of a key that is revoked: by hand and by schedule nothing runs any more, and the reason is said."""
    (op,) = [op for op in FEW if op.right is Right.ENGINEER and op.changes]
    assert server.send(Right.ENGINEER, "POST", "/api/pipelines", definition([op]))[0] == 200
    server.client.ok("DELETE", f"/api/api-keys/{server.keys[Right.ENGINEER]['id']}")
    Noting.done.clear()
    status, error = server.send(Right.ADMINISTER, "POST", "/api/pipelines/P/run-sync", {})
    assert (status, error["code"], Noting.done) == (403, "auth.owner", [])
    assert server.send(Right.ADMINISTER, "PUT", "/api/pipelines/P", definition([op]))[0] == 200
    assert server.send(Right.ADMINISTER, "POST", "/api/pipelines/P/run-sync", {})[1]["status"] == "Completed"


# -- other kinds of stored work -------------------------------------------------------


@pytest.mark.parametrize("how", ["revoked", "lowered"])
def test_what_sends_by_itself_ends_with_its_owner(tmp_path: Path, how: str) -> None:
    """A webhook and a sink of a user who is removed send nothing more, and name the reason; a lower right does not end them."""
    hosts = ["127.0.0.1"]
    word = "correct horse battery staple"
    with TestClient(create_app(settings(tmp_path, webhook_hosts=hosts, sink_hosts=hosts))) as http:
        client = Client(http)
        client.ok("POST", "/api/users", {"userName": "eva", "password": word, "right": "administrator"})
        token = client.ok("POST", "/api/auth/login", {"userName": "eva", "password": word})["accessToken"]
        own = http.headers.pop("X-API-Key")
        http.headers["Authorization"] = f"Bearer {token}"
        hook = {"url": "http://127.0.0.1:9/", "events": ["project.saved"], "secret": "a-long-secret-of-both"}
        webhook = client.ok("POST", "/api/webhooks", hook)["id"]
        send = {"kind": "http", "url": "http://127.0.0.1:9/", "body": {"template": {"key": "{key}"}}}
        client.ok("POST", "/api/runtime/sinks", {"name": "Erp", "when": [{"every": "1h"}], "send": send})
        del http.headers["Authorization"]
        http.headers["X-API-Key"] = own
        if how == "revoked":
            client.ok("DELETE", "/api/users/eva")
        else:
            client.ok("PATCH", "/api/users/eva", {"right": "viewer"})
        (attempt,) = client.ok("POST", f"/api/webhooks/{webhook}/actions/ping")["attempts"]
        tested = client.ok("POST", "/api/runtime/sinks/Erp/actions/test")
        ended = "not valid any more"
        assert (ended in attempt["error"], ended in str(tested)) == (how == "revoked", how == "revoked"), (
            attempt,
            tested,
        )


def test_a_delivery_shows_its_text_to_the_right_of_the_operation(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, webhook_hosts=["127.0.0.1"]))) as http:
        client = Client(http)
        hook = {"url": "http://127.0.0.1:9/", "events": ["job.status"], "secret": "a-long-secret-of-both"}
        path = f"/api/webhooks/{client.ok('POST', '/api/webhooks', hook)['id']}/deliveries"
        body = {"operation": "users.update", "arguments": {"userName": "nobody", "right": "viewer"}}
        client.ended(client.ok("POST", "/api/jobs/execute", body)["jobId"])

        def failures() -> list[str]:
            found = [client.ok("GET", f"{path}/{each['id']}") for each in client.ok("GET", path)]
            return [f"{path}/{each['id']}" for each in found if each["payload"]["data"]["status"] == "Failed"]

        (failed,) = until(failures)
        for name, right in RIGHTS.items():
            made = client.ok("POST", "/api/api-keys", {"name": name, "right": name})
            answer = http.get(failed, headers={"X-API-Key": made["apiKey"]})
            shown = (
                None if answer.status_code == 403 else "nobody" in answer.json()["data"]["payload"]["data"]["message"]
            )
            assert shown is (None if right < Right.ENGINEER else right >= Right.ADMINISTER), answer.text
