"""Security & UMAC over HTTP: what can be set is set, and no password is ever answered or kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.service import Client

PATH = "/api/devices/PLC_1/security"
SECRET = f"{PATH}/master-secret/actions"
WORD = "Open-Sesame-42"


@pytest.fixture
def modern(project: Client) -> Client:
    """A client with a PLC whose firmware has access control."""
    body = {"orderNumber": "6ES7 511-1AL03-0AB0", "version": "V3.1", "name": "PLC_1"}
    project.ok("POST", "/api/projects/devices/actions/add-sync", body)
    return project


def summary(client: Client) -> Any:
    return client.ok("GET", f"{PATH}/summary")


def test_a_new_plc_is_open(plc: Client) -> None:
    assert summary(plc) == {
        "device": "S7-1500/ET200MP station_1",
        "cpu": "PLC_1",
        "protectionLevel": "FullAccess",
        "accessControl": None,
        "masterSecret": "None",
        "displayProtection": True,
        "protectedBlocks": [],
        "isProjectProtected": False,
    } | {"device": summary(plc)["device"]}
    level = plc.ok("GET", f"{PATH}/protection-level")
    assert (level["protectionLevel"], level["levelsWithPassword"]) == ("FullAccess", ["FullAccessIncludingFailsafe"])


def test_level_and_passwords_are_set_together_or_not_at_all(plc: Client) -> None:
    body = {"protectionLevel": "hmi", "passwords": {"FullAccess": WORD, "NoAccess": WORD}}
    plc.refused(422, "security.configure_refused", "POST", f"{PATH}/configure", body)
    assert summary(plc)["protectionLevel"] == "FullAccess"
    body["passwords"] = {"FullAccess": WORD, "read": WORD}
    assert plc.ok("POST", f"{PATH}/configure", body)["protectionLevel"] == "HMIAccess"
    level = plc.ok("POST", f"{PATH}/password", {"accessLevel": "ReadAccess", "password": WORD})
    assert level["levelsWithPassword"][-2:] == ["FullAccess", "ReadAccess"]


def test_a_password_for_a_level_that_can_have_none(plc: Client) -> None:
    body = {"accessLevel": "FullAccess", "password": WORD}
    plc.refused(422, "security.password_refused", "POST", f"{PATH}/password", body)
    plc.refused(422, "security.access_level", "POST", f"{PATH}/password", body | {"accessLevel": "Everything"})
    plc.refused(422, "security.password_refused", "DELETE", f"{PATH}/password/FullAccess")


def test_a_deleted_password_is_missed_by_the_compiler(plc: Client) -> None:
    plc.ok("POST", f"{PATH}/configure", {"protectionLevel": "ReadAccess", "passwords": {"FullAccess": WORD}})
    assert compiled(plc) == []
    plc.ok("DELETE", f"{PATH}/password/FullAccess")
    assert any("FullAccess" in text for text in compiled(plc))


def compiled(client: Client) -> list[str]:
    report = client.ok("POST", "/api/devices/PLC_1/actions/compile-sync", {"scope": "hardware"})
    return [each["text"] for each in report["diagnostics"] if each["severity"] == "Error"]


def test_access_control_is_chosen_for_levels_where_there_is_the_choice(modern: Client) -> None:
    found = modern.ok("POST", f"{PATH}/configure", {"protectionLevel": "ReadAccess"})
    assert found["accessControl"] == "EnabledWithAccessControlViaAccessLevel"
    found = modern.ok("POST", f"{PATH}/configure", {"accessControl": "disabled"})
    assert (found["accessControl"], found["protectionLevel"]) == ("Disabled", "FullAccess")
    modern.refused(422, "security.access_control", "POST", f"{PATH}/configure", {"accessControl": "maybe"})


def test_what_the_cpu_does_not_have(plc: Client) -> None:
    plc.refused(501, "security.not_offered", "POST", f"{PATH}/configure", {"accessControl": "Disabled"})
    plc.refused(400, "request.missing_field", "POST", f"{PATH}/configure", {})
    plc.refused(501, "tia.not_supported", "POST", f"{PATH}/configure", {"attributes": {"Nonsense": 1}})
    old = {"orderNumber": "6ES7 315-2EH14-0AB0", "version": "V3.2", "name": "Old"}
    plc.ok("POST", "/api/projects/devices/actions/add-sync", old)
    plc.refused(501, "security.not_offered", "GET", "/api/devices/Old/security/protection-level")
    plc.refused(501, "security.no_display", "POST", "/api/devices/Old/security/display-password", {"password": WORD})
    assert plc.ok("GET", "/api/devices/Old/security/summary")["protectionLevel"] is None


def test_attributes_of_the_cpu_are_set_in_one_step(plc: Client) -> None:
    plc.ok("POST", f"{PATH}/configure", {"attributes": {"Comment": "locked"}})
    body = {"protectionLevel": "ReadAccess", "attributes": {"Comment": "no", "Nonsense": "x"}}
    plc.refused(501, "tia.not_supported", "POST", f"{PATH}/configure", body)
    assert summary(plc)["protectionLevel"] == "FullAccess"


def test_the_display_takes_a_password(plc: Client) -> None:
    plc.ok("POST", f"{PATH}/display-password", {"password": WORD})
    plc.refused(422, "tia.password_policy", "POST", f"{PATH}/display-password", {"password": "with blank"})


def test_the_master_secret(plc: Client) -> None:
    assert plc.ok("POST", SECRET, {"password": WORD})["masterSecret"] == "WithPassword"
    plc.refused(422, "security.master_secret_refused", "POST", SECRET, {"password": WORD})
    plc.refused(400, "request.missing_field", "POST", SECRET, {"action": "change", "password": WORD})
    plc.ok("POST", SECRET, {"action": "Change", "password": WORD, "newPassword": f"{WORD}x"})
    plc.refused(422, "security.master_secret_refused", "POST", SECRET, {"action": "unprotect", "password": WORD})
    assert plc.ok("POST", SECRET, {"action": "unprotect", "password": f"{WORD}x"})["masterSecret"] == "None"
    plc.refused(400, "security.master_secret_action", "POST", SECRET, {"action": "read"})
    plc.ok("POST", SECRET, {"password": WORD})
    assert plc.ok("POST", SECRET, {"action": "reset"})["masterSecret"] == "WithoutPassword"
    assert summary(plc)["masterSecret"] == "WithoutPassword"


def test_users_need_a_protected_project(project: Client) -> None:
    user = {"userName": "Eva", "password": WORD, "roles": ["engineering standard"]}
    assert project.ok("GET", "/api/security/users") == project.ok("GET", "/api/security/roles") == []
    project.refused(409, "umac.project_not_protected", "POST", "/api/security/users", user)
    protect = "/api/security/actions/protect-project"
    project.refused(409, "security.confirm", "POST", protect, {"userName": "Boss", "password": WORD})
    boss = {"userName": "Boss", "password": WORD, "confirm": True}
    assert project.ok("POST", protect, boss)["administrator"]["roles"] == ["Engineering Administrator"]
    project.refused(409, "umac.project_protected", "POST", protect, boss)
    made = project.ok("POST", "/api/security/users", user)
    assert made == {"name": "Eva", "kind": "ProjectUser", "isActive": True, "roles": ["Engineering Standard"]}
    assert [each["name"] for each in project.ok("GET", "/api/security/users")] == ["Boss", "Eva"]
    assert "HMI Operator" in {each["name"] for each in project.ok("GET", "/api/security/roles")}
    project.refused(409, "umac.user_exists", "POST", "/api/security/users", user)
    other = user | {"userName": "Ida"}
    project.refused(404, "umac.role_not_found", "POST", "/api/security/users", other | {"roles": ["King"]})
    project.refused(422, "tia.password_policy", "POST", "/api/security/users", other | {"password": "weak"})
    assert len(project.ok("GET", "/api/security/users")) == 2


def test_a_protected_project_is_opened_with_a_login(project: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    boss = {"userName": "Boss", "password": WORD}
    project.ok("POST", "/api/security/actions/protect-project", boss | {"confirm": True})
    path = {"path": project.ok("GET", "/api/projects")[0]["path"]}
    project.ok("POST", "/api/projects/actions/close-sync", {"save": True})
    opening = "/api/projects/open"
    project.refused(409, "project.open_refused", "POST", opening, path)
    project.refused(409, "project.open_refused", "POST", opening, path | boss | {"password": "Wrong-Word-1"})
    project.ok("POST", opening, path | boss)
    project.ok("POST", "/api/projects/actions/close-sync")
    project.refused(422, "job.secret", "POST", "/api/projects/actions/open", path | boss)
    named = path | {"userName": "Boss", "passwordSecret": "BOSS"}
    job = project.job("POST", "/api/projects/actions/open", named)
    assert (job["status"], job["problem"]["code"]) == ("Failed", "secret.unknown")
    monkeypatch.setenv("TIA_SECRET_BOSS", WORD)
    assert project.job("POST", "/api/projects/actions/open", named)["status"] == "Completed"
    assert project.ok("GET", "/api/security/users")[0]["name"] == "Boss"


def test_no_password_is_answered_logged_or_kept(plc: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    answers = [
        plc.http.post(f"{PATH}/configure", json={"protectionLevel": "NoAccess", "passwords": {"FullAccess": WORD}}),
        plc.http.post(f"{PATH}/password", json={"accessLevel": "HMIAccess", "password": WORD}),
        plc.http.post(f"{PATH}/password", json={"accessLevel": "Wrong", "password": WORD}),
        plc.http.post(f"{PATH}/display-password", json={"password": WORD}),
        plc.http.post(SECRET, json={"action": "protect", "password": WORD}),
        plc.http.post(
            "/api/security/actions/protect-project", json={"userName": "Boss", "password": WORD, "confirm": True}
        ),
        plc.http.post(
            "/api/jobs/execute-sync",
            json={"operation": "security.create_user", "arguments": {"userName": "Eva", "password": WORD}},
        ),
        plc.http.get(f"{PATH}/summary"),
        plc.http.get("/api/security/users"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 200, 200, 200, 200, 200, 200]
    plc.ok("POST", "/api/projects/actions/save-sync")
    assert not any(WORD in answer.text for answer in answers)
    assert WORD not in caplog.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "service.db" for path in files)
    assert [path.name for path in files if WORD.encode() in path.read_bytes()] == []


def test_a_job_takes_no_password(plc: Client) -> None:
    body = {"operation": "security.set_display_password", "arguments": {"deviceName": "PLC_1", "password": WORD}}
    plc.refused(422, "job.secret", "POST", "/api/jobs/execute", body)
    assert plc.ok("GET", "/api/jobs") == []


def test_the_documentation_marks_passwords(client: Client) -> None:
    document = client.http.get("/schema/openapi.json").json()
    body = document["paths"]["/api/devices/{deviceName}/security/password"]["post"]["requestBody"]
    field = body["content"]["application/json"]["schema"]["properties"]["password"]
    assert (field["format"], field["writeOnly"]) == ("password", True)
