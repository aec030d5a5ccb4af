"""What the audit log says of operations: who, on what, before and after; and that it is there before anybody is told."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from litestar.testing import TestClient

import fake_openness
from engineering_api.app import create_app
from engineering_api.audit.chain import Row
from engineering_api.audit.files import verify_file
from engineering_api.audit.log import Audit
from engineering_api.audit.reading import Trail
from engineering_api.execution import refusals, schedules
from openness_bridge.model import Model
from tests.engineering_api.audit.kit import served
from tests.support.service import CPU, FIRMWARE, KEY, Client, settings

TABLES = "/api/devices/PLC_1/tag-tables"
TAG = {"name": "Start", "dataType": "Bool", "logicalAddress": "%M1.0"}


def entries(client: Client, **query: Any) -> list[dict[str, Any]]:
    return client.ok("GET", "/api/audit", **query)


@pytest.fixture
def tagged(plc: Client) -> Client:
    plc.ok("POST", TABLES, {"name": "Line"})
    plc.ok("POST", f"{TABLES}/Line/tags", TAG)
    return plc


def test_an_edit_tells_who_what_before_and_after(tagged: Client) -> None:
    tagged.http.headers["X-Client-Id"] = "panel\r\nforged"
    tagged.ok("PUT", f"{TABLES}/Line/tags/Start", {"comment": "of the conveyor"})
    entry = entries(tagged, limit=1)[0]
    assert (entry["caller"], entry["outcome"], entry["address"]) == ("api-key", "ok", "testclient")
    assert "\n" not in entry["client"]
    assert entry["object"] == {"project": "Conveyor", "device": "PLC_1", "kind": "tags", "name": "Start"}
    before, after = entry["before"], entry["after"]
    assert before["read"] == after["read"] == "tags.list_"
    assert before["sha256"] != after["sha256"]
    assert (before["content"]["name"], after["content"]["comment"]) == ("Start", "of the conveyor")


def test_what_is_removed_was_there_and_is_gone(tagged: Client) -> None:
    tagged.ok("DELETE", f"{TABLES}/Line/tags/Start")
    tagged.ok("POST", "/api/devices/PLC_1/blocks", {"blockName": "Motor", "blockType": "FB"})
    tagged.ok("POST", "/api/devices/PLC_1/blocks/Motor/actions/compile")
    tagged.ok("DELETE", "/api/devices/PLC_1/blocks/Motor")
    block, compiled, made, tag = entries(tagged, limit=4)
    assert compiled["before"]["read"] == "blocks.get_content"
    states = (compiled["before"]["content"], compiled["after"]["content"])
    assert [state["needsCompilation"] for state in states] == [True, False]
    assert tag["before"]["content"]["name"] == "Start"
    assert tag["after"] == {"read": "tags.list_", "absent": "not listed"}
    assert (made["before"], made["after"]["read"]) == (None, "blocks.create")
    assert block["before"]["bytes"] > 0
    assert block["after"] == {"read": "blocks.get_content", "absent": "block.not_found"}


def test_the_read_of_a_condition_is_the_one_of_the_log(tagged: Client) -> None:
    tag = tagged.http.get(f"{TABLES}/Line/tags").headers["ETag"]
    answer = tagged.http.put(f"{TABLES}/Line/tags/Start", json={"comment": "x"}, headers={"If-Match": tag})
    assert answer.status_code == 200
    assert entries(tagged, limit=1)[0]["after"]["content"]["comment"] == "x"
    refused = tagged.http.put(f"{TABLES}/Line/tags/Start", json={"comment": "y"}, headers={"If-Match": tag})
    assert refused.status_code == 412
    entry = entries(tagged, limit=1)[0]
    assert (entry["outcome"], entry["before"], entry["arguments"]["comment"]) == (
        "request.precondition_failed",
        None,
        "y",
    )


@pytest.mark.parametrize("content", ["none", "digest", "content"])
def test_what_is_kept_can_be_chosen(tmp_path: Path, content: str) -> None:
    with served(tmp_path, audit_content=content) as client:
        client.ok("POST", "/api/settings", {"keepJobsDays": 31})
        entry = entries(client, limit=1)[0]
    assert (entry["before"] is None) is (content == "none")
    if content != "none":
        assert entry["before"]["sha256"] != entry["after"]["sha256"]
        assert ("content" in entry["before"]) is (content == "content")


def test_an_answer_about_the_service_is_kept_as_a_checksum(client: Client) -> None:
    made = client.ok("POST", "/api/api-keys", {"name": "robot", "right": "viewer"})
    entry = entries(client, limit=1)[0]
    assert "sha256" in entry["after"]
    assert "content" not in entry["after"]
    secret = made["apiKey"] if "apiKey" in made else made["key"]
    assert secret not in json.dumps(entry)


def test_a_job_is_named(plc: Client) -> None:
    job = plc.job("POST", "/api/devices/PLC_1/actions/compile")
    assert entries(plc, limit=1)[0]["job"] == job["jobId"]


def test_a_refused_attempt_is_kept_but_only_so_many(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(refusals.MOST + 20):
        answer = client.http.post("/api/projects/actions/create-sync", json={"name": "A"}, headers={"X-API-Key": ""})
        assert answer.status_code in {401, 429}
    refused = entries(client, operation="projects.create")
    assert 0 < len(refused) <= refusals.MOST + 1
    assert {each["outcome"] for each in refused} <= {"auth.required", "auth.key", "request.too_many"}
    assert refused[0]["caller"] == "anonymous"


def test_who_gets_round_a_right_by_another_route_is_refused_and_kept(client: Client) -> None:
    key = client.ok("POST", "/api/api-keys", {"name": "robot", "right": "engineer"})
    (text,) = [value for value in key.values() if str(value).startswith("tia_")]
    run = {"operation": "system.save_settings", "arguments": {"keepJobsDays": 1}}
    for path, body in (
        ("/api/settings", run["arguments"]),
        ("/api/jobs/execute-sync", run),
        ("/api/jobs/execute", run),
    ):
        assert client.http.post(path, json=body, headers={"X-API-Key": text}).status_code == 403
    found = entries(client, operation="system.save_settings")
    assert [(each["caller"], each["outcome"]) for each in found] == [("key:robot", "auth.right")] * 3


def test_an_effect_that_a_kill_interrupts_is_seen_after_the_start(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        last = entries(client, limit=1)[0]["number"]
    with closing(sqlite3.connect(tmp_path / "service.db")) as connection:  # as after a kill: the end was not written
        connection.execute("DROP TRIGGER audit_no_removal")
        connection.execute("DELETE FROM audit WHERE number = ?", (last,))
        connection.commit()
    (tmp_path / "audit.head").unlink()
    with served(tmp_path) as client:
        entry = entries(client, limit=1)[0]
        assert (entry["operation"], entry["outcome"], entry["arguments"]["name"]) == (
            "projects.create",
            "interrupted",
            "Conveyor",
        )
        assert client.ok("GET", "/api/audit/verify")["ok"] is True


class FullDisk:
    """Refuses the rows of one kind."""

    def __init__(self, audit: Audit, monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
        self._entry, self._real = entry, audit._add
        monkeypatch.setattr(audit, "_add", self.add)

    def add(self, connection: Any, row: Row) -> Row:
        if row.entry == self._entry:
            raise sqlalchemy.exc.OperationalError("INSERT", {}, OSError(errno.ENOSPC, "full"))
        return self._real(connection, row)


def test_nothing_is_done_that_cannot_be_announced(tagged: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = tagged.http.app.state.service.audit
    with monkeypatch.context() as patch:
        FullDisk(audit, patch, "begin")
        tagged.refused(507, "storage.full", "DELETE", f"{TABLES}/Line/tags/Start")
    assert [tag["name"] for tag in tagged.ok("GET", f"{TABLES}/Line/tags")] == ["Start"]
    assert entries(tagged, limit=1)[0]["outcome"] == "storage.full"


def test_what_is_done_and_cannot_be_recorded_is_told_and_seen_later(
    tagged: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = tagged.http.app.state.service.audit
    with monkeypatch.context() as patch:
        FullDisk(audit, patch, "end")
        error = tagged.refused(507, "audit.not_recorded", "DELETE", f"{TABLES}/Line/tags/Start")
    assert "has taken effect" in error["message"]
    assert tagged.ok("GET", f"{TABLES}/Line/tags") == []
    assert tagged.http.blocking_portal.call(audit.recover) == 1
    assert (entries(tagged, limit=1)[0]["operation"], entries(tagged, limit=1)[0]["outcome"]) == (
        "tags.delete",
        "interrupted",
    )


def test_the_log_is_checked_and_exported_over_http(tagged: Client, tmp_path: Path) -> None:
    found = tagged.ok("GET", "/api/audit/verify")
    assert (found["ok"], found["broken"]) == (True, None)
    for form in ("jsonl", "csv"):
        answer = tagged.http.get("/api/audit/export", params={"format": form})
        assert answer.status_code == 200
        file = tmp_path / f"log.{form}"
        file.write_bytes(answer.content)
        assert verify_file(file).ok
        assert KEY not in answer.text
    assert entries(tagged, operation="audit.export")[0]["arguments"]["format"] == "csv"
    tagged.refused(400, "request.wrong_type", "GET", "/api/audit/export", format="xls")
    assert tagged.http.get("/api/audit/export", headers={"X-API-Key": "wrong"}).status_code == 401
    with closing(sqlite3.connect(tmp_path / "service.db")) as connection:
        connection.execute("DROP TRIGGER audit_no_change")
        connection.execute("UPDATE audit SET caller = 'nobody' WHERE number = 2")
        connection.commit()
    assert tagged.ok("GET", "/api/audit/verify")["broken"] == 2
    assert Trail(tmp_path).verify().broken == 2


def test_start_and_stop_of_a_server_are_kept(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))
    app.state.service.address = "http://127.0.0.1:9000"
    with TestClient(app):
        pass
    rows = list(Trail(tmp_path).rows())
    assert [row.operation for row in rows] == ["server.start", "server.stop"]
    assert Trail(tmp_path).verify().ok


def test_logins_and_keys_are_kept_without_their_secrets(client: Client) -> None:
    password = "correct horse battery staple"  # noqa: S105
    client.ok("POST", "/api/users", {"name": "anna", "password": password, "right": "engineer"})
    answer = client.http.post("/api/auth/login", json={"name": "anna", "password": "wrong-password-of-anna"})
    assert answer.status_code == 401
    client.ok("POST", "/api/auth/login", {"name": "anna", "password": password})
    key = client.ok("POST", "/api/api-keys", {"name": "robot", "right": "viewer"})
    found = entries(client)
    assert {each["operation"].partition(".")[0] for each in found} >= {"api_keys", "users"}
    assert any(each["outcome"].startswith("auth.") for each in found)
    text = json.dumps(found)
    assert "robot" in text
    assert "anna" in text
    (made,) = [value for value in key.values() if str(value).startswith("tia_")]
    assert not [secret for secret in (password, "wrong-password-of-anna", made) if secret in text]


def test_entries_that_are_old_enough_are_removed_each_night(tmp_path: Path) -> None:
    with served(tmp_path, keep_audit_days=1) as client:
        for days in (31, 32):
            client.ok("POST", "/api/settings", {"keepJobsDays": days})
        service = client.http.app.state.service
        remove = client.http.blocking_portal.call
        assert remove(schedules.remove_old_audit, service) == 0
        service.settings.keep_audit_days = -1  # tomorrow's night
        assert remove(schedules.remove_old_audit, service) == 2  # what an end refers to stays with it
        assert [each["operation"] for each in entries(client)] == ["audit.retention", "system.save_settings"]
        assert client.ok("GET", "/api/audit/verify")["ok"] is True


def test_before_and_after_cost_one_read_each(tmp_path: Path) -> None:
    def calls(content: str) -> dict[str, int]:
        installation = fake_openness.install("20")
        model = Model("20", installation.types.__getitem__, "fake")
        with TestClient(create_app(settings(tmp_path / content, audit_content=content), model)) as http:
            client, machine = Client(http), installation.machine
            client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
            body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
            client.ok("POST", "/api/projects/devices/actions/add-sync", body)
            client.ok("POST", TABLES, {"name": "Line"})
            found = {}
            for name, method, path, sent in (
                ("create", "POST", f"{TABLES}/Line/tags", TAG),
                ("read", "GET", f"{TABLES}/Line/tags", None),
                ("update", "PUT", f"{TABLES}/Line/tags/Start", {"comment": "x"}),
            ):
                machine.calls = Counter()
                client.ok(method, path, sent)
                found[name] = machine.calls.total()
            return found

    plain, full = calls("none"), calls("content")
    assert full["create"] == plain["create"]
    assert full["update"] - plain["update"] <= 2 * plain["read"]
    assert full["update"] > plain["update"]
