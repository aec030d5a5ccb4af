"""Every change can be tried: the answer is what would be, and nothing is different afterwards."""

from __future__ import annotations

from pathlib import Path

from engineering_api.app import catalogue
from engineering_api.operations.terms import Lock, Place, Trial
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
TAG = {"name": "Start", "logicalAddress": "%I0.0"}


def test_what_would_be_answered_is_answered_and_undone(plc: Client) -> None:
    tried = plc.ok("POST", f"{DEVICE}/tags", TAG, dryRun=True)
    assert (tried["operation"], tried["basis"]) == ("tags.add", "undone")
    assert tried["answer"]["dataType"] == "Bool"
    assert plc.ok("GET", f"{DEVICE}/tags/all") == []
    assert plc.ok("POST", f"{DEVICE}/tags", TAG) == tried["answer"]


def test_the_body_may_ask_for_it_too(plc: Client) -> None:
    assert plc.ok("POST", f"{DEVICE}/tags", TAG | {"DryRun": True})["basis"] == "undone"
    assert plc.ok("GET", f"{DEVICE}/tags/all") == []


def test_what_would_be_refused_is_refused(plc: Client) -> None:
    wanted = plc.refused(422, "tag.data_type_refused", "POST", f"{DEVICE}/tags", TAG | {"dataType": '"Nonsense"'})
    tried = plc.refused(
        422, "tag.data_type_refused", "POST", f"{DEVICE}/tags", TAG | {"dataType": '"Nonsense"'}, dryRun=True
    )
    assert tried == wanted


def test_a_delete_that_is_tried_deletes_nothing(plc: Client) -> None:
    tried = plc.ok("DELETE", DEVICE, None, dryRun="true")
    assert tried["current"] == plc.ok("GET", DEVICE)
    plc.ok("DELETE", DEVICE)
    plc.refused(404, "device.not_found", "DELETE", DEVICE, None, dryRun="true")


def test_what_a_transaction_does_not_allow_is_only_looked_up(plc: Client) -> None:
    tried = plc.ok("POST", f"{DEVICE}/actions/compile-sync", None, dryRun=True)
    assert (tried["basis"], tried["answer"]) == ("checked", None)
    assert tried["current"] == plc.ok("GET", DEVICE)
    plc.refused(404, "device.not_found", "POST", "/api/devices/None/actions/compile-sync", None, dryRun=True)


def test_a_job_route_tries_at_once(plc: Client) -> None:
    tried = plc.ok("POST", "/api/projects/actions/save", None, dryRun=True)
    assert tried["operation"] == "projects.save"
    assert plc.ok("GET", "/api/jobs") == []


def test_an_export_that_is_tried_writes_no_file(plc: Client, workspace: Path) -> None:
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "Motors"})
    before = sorted(workspace.rglob("*.xml"))
    plc.ok("POST", f"{DEVICE}/tag-tables/Motors/actions/export-csv", {"path": "m.csv"}, dryRun=True)
    assert sorted(workspace.rglob("*.xml")) == before
    assert not (workspace / "m.csv").exists()


def test_an_operation_that_is_run_by_name_can_be_tried(plc: Client) -> None:
    body = {"operation": "tags.add", "arguments": TAG | {"deviceName": "PLC_1"}, "dryRun": True}
    assert plc.ok("POST", "/api/jobs/execute-sync", body)["basis"] == "undone"
    assert plc.ok("GET", f"{DEVICE}/tags/all") == []


def test_reads_have_nothing_to_try(plc: Client) -> None:
    plc.refused(400, "request.unknown_field", "GET", DEVICE, None, dryRun=True)


def test_a_password_is_not_repeated(plc: Client) -> None:
    body = {"userName": "Ada", "confirm": True, "password": "Very-Secret-1"}
    answer = plc.http.post("/api/security/actions/protect-project?dryRun=true", json=body)
    assert answer.json()["data"]["operation"] == "security.protect_project"
    assert "Very-Secret-1" not in answer.text
    plc.refused(
        409,
        "umac.project_not_protected",
        "POST",
        "/api/security/users",
        {"userName": "Eve", "roles": ["Engineering Standard"], "password": "Very-Secret-1"},
    )


def test_only_what_can_be_undone_is_said_to_be_undone() -> None:
    """An operation that is tried in a transaction runs on the portal's thread and changes the project."""
    for op in catalogue():
        if op.trial is Trial.UNDONE:
            assert op.changes, op.name
            assert (op.lock, op.place) == (Lock.PROJECT, Place.PORTAL), op.name
