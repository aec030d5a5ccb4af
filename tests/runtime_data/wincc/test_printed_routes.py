"""The routes of /api/v1 as the user's pages print them."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path
from typing import Any

import pytest

from runtime_data.rules import Rule
from runtime_data.values import now
from tests.runtime_data.wincc.kit import WORD, Wincc, wincc_in

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def log_in(plant: Wincc, name: str = "olga") -> None:
    """Do what the pages say: log in, and send the token with all later requests."""
    token = plant.ask("POST", "/api/v1/auth/login", {"username": name, "password": WORD})["token"]
    plant.http.headers["Authorization"] = f"Bearer {token}"


@pytest.fixture
def olga(plant: Wincc) -> Wincc:
    log_in(plant)
    return plant


def test_a_login_gives_a_token_until_the_logout(plant: Wincc) -> None:
    found = plant.ask("POST", "/api/v1/auth/login", {"username": "olga", "password": WORD})
    assert found["token"] == found["access_token"]
    assert (found["token_type"], set(found)) == (
        "Bearer",
        {"token", "access_token", "token_type", "expires_in", "expires_at", "refresh_token"},
    )
    left = dt.datetime.fromisoformat(found["expires_at"]).timestamp() - time.time()
    assert found["expires_in"] - 60 < left <= found["expires_in"] + 1
    plant.http.headers["Authorization"] = f"Bearer {found['token']}"
    assert plant.ask("GET", "/api/v1/users/current") == {
        "name": "olga",
        "right": "operator",
        "rights": ["viewer", "engineer", "operator"],
    }
    assert plant.ask("POST", "/api/v1/auth/logout", status=204) is None
    assert plant.ask("GET", "/api/v1/users/current", status=401)["code"] == "auth.token"


@pytest.mark.parametrize("body", [{}, [], {"username": "olga"}, {"username": 1, "password": WORD}, "olga"])
def test_a_login_of_another_form_is_refused(plant: Wincc, body: Any) -> None:
    assert plant.ask("POST", "/api/v1/auth/login", body, 400)["code"] == "wincc.request"


def test_the_list_has_all_tags(olga: Wincc) -> None:
    answer = olga.http.get("/api/v1/tags")
    found = {each["name"]: each for each in answer.json()}
    assert answer.headers["X-Total-Count"] == str(len(found))
    assert found["Data.motor.speed"] == {
        "name": "Data.motor.speed",
        "dataType": "Real",
        "source": "PLC_1",
        "writable": True,
    }
    assert found["memory:Line 1/Motor speed"]["dataType"] == "Int"
    assert "Data.motor" not in found  # a structure has no value of its own


def test_the_list_comes_in_pages_and_filtered(olga: Wincc) -> None:
    everything = [each["name"] for each in olga.ask("GET", "/api/v1/tags")]
    pages = [olga.ask("GET", "/api/v1/tags", params={"page": page, "pageSize": 7}) for page in range(1, 100)]
    assert [each["name"] for page in pages for each in page] == everything
    by_glob = olga.ask("GET", "/api/v1/tags", params={"filter": "data.*[0]"})
    assert [each["name"] for each in by_glob] == [
        name for name in everything if name.startswith("Data.") and name.endswith("[0]")
    ]
    assert by_glob
    part = olga.ask("GET", "/api/v1/tags", params={"filter": "SPEED"})
    assert {each["name"] for each in part} == {name for name in everything if "speed" in name.casefold()}
    assert olga.ask("GET", "/api/v1/tags", params={"page": "0"}, status=400)["code"] == "wincc.request"
    assert olga.ask("GET", "/api/v1/tags", params={"pageSize": "9" * 5000}, status=400)["code"] == "wincc.request"


def test_a_value_has_the_printed_form(olga: Wincc) -> None:
    found = olga.ask("GET", "/api/v1/tags/memory:Temperature_Sensor_1/value")
    assert list(found) == ["name", "value", "quality", "timestamp", "dataType"]
    assert (found["name"], found["value"], found["quality"], found["dataType"]) == (
        "memory:Temperature_Sensor_1",
        24.7,
        "Good",
        "Real",
    )
    assert TIME.fullmatch(found["timestamp"])
    taken = dt.datetime.strptime(found["timestamp"], "%Y-%m-%dT%H:%M:%S%z").timestamp()
    assert abs(now() / 1e6 - taken) < 600


@pytest.mark.parametrize("name", ["memory:Line%201%2FMotor%20speed", "memory%3ALine%201%2Fmotor%20speed"])
def test_names_with_slashes_and_blanks_are_one_segment(olga: Wincc, name: str) -> None:
    assert olga.ask("GET", f"/api/v1/tags/{name}/value")["value"] == 7
    assert olga.ask("PUT", f"/api/v1/tags/{name}/value", {"value": 8})["value"] == 8


def test_a_write_is_read_back(olga: Wincc) -> None:
    found = olga.ask("PUT", "/api/v1/tags/Speed/value", {"value": 12.5})
    assert (found["name"], found["value"], found["quality"]) == ("Speed", 12.5, "Good")
    assert olga.ask("GET", "/api/v1/tags/PLC_1:Speed/value")["value"] == 12.5


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("Nope", {"value": 1}, 404, "plcsim.tag_not_found"),
        ("none:Nope", {"value": 1}, 404, "source.not_found"),
        ("memory:Nope", {"value": 1}, 404, "tag.not_found"),
        ("Level", {"value": "many"}, 422, None),
        ("Level", {"value": None}, 422, "runtime.value"),
        ("Level", {"value": [1]}, 422, "runtime.value"),
        ("memory:Setpoint", {"value": 101}, 422, "runtime.range"),
        ("Level", {"values": 1}, 400, "wincc.request"),
        ("Level", 5, 400, "wincc.request"),
    ],
)
def test_a_write_that_cannot_be_is_refused_with_the_reason(
    olga: Wincc, name: str, body: Any, status: int, code: str | None
) -> None:
    found = olga.ask("PUT", f"/api/v1/tags/{name}/value", body, status)
    assert found["status"] == status
    assert found["message"]
    assert code is None or found["code"] == code


def test_many_tags_are_read_at_once(olga: Wincc) -> None:
    wanted = ["Level", "Nope", "memory:Temperature_Sensor_1", "none:x", ":", "memory:Setpoint"]
    found = olga.ask("POST", "/api/v1/tags/values", {"tags": wanted})
    assert [each["name"] for each in found] == wanted
    assert [each["quality"] for each in found] == ["Good", "Bad", "Good", "Bad", "Bad", "Uncertain"]
    assert ["error" in each for each in found] == [False, True, False, True, True, False]
    assert olga.ask("POST", "/api/v1/tags/values", wanted[:1]) == found[:1]
    assert olga.ask("POST", "/api/v1/tags/values", []) == []
    assert olga.ask("POST", "/api/v1/tags/values", {"tags": "Level"}, 400)["code"] == "wincc.request"
    assert olga.ask("POST", "/api/v1/tags/values", {"tags": ["a"] * 10_001}, 413)["code"] == "wincc.too_many"


def test_many_tags_are_written_at_once(olga: Wincc) -> None:
    good = [{"name": "Speed", "value": 1.5}, {"name": "memory:Setpoint", "value": 50}]
    assert olga.ask("PUT", "/api/v1/tags/values", good) == [
        {"name": "Speed", "success": True, "error": None},
        {"name": "memory:Setpoint", "success": True, "error": None},
    ]
    mixed = olga.ask("PUT", "/api/v1/tags/values", {"Nope": 1, "memory:Setpoint": 51, "Level": None, "x:y": 1}, 207)
    assert [(each["name"], each["success"], bool(each["error"])) for each in mixed] == [
        ("Nope", False, True),
        ("memory:Setpoint", True, False),
        ("Level", False, True),
        ("x:y", False, True),
    ]
    assert olga.ask("GET", "/api/v1/tags/memory:Setpoint/value")["value"] == 51
    for body in ([{"name": "Speed"}], ["Speed"], 5):
        assert olga.ask("PUT", "/api/v1/tags/values", body, 400)["code"] == "wincc.request"


def test_a_number_that_json_has_not_is_a_text(olga: Wincc) -> None:
    found = olga.ask("PUT", "/api/v1/tags/Speed/value", {"value": "NaN"})
    assert (found["value"], found["quality"], found["text"]) == (None, "Uncertain", "NaN")


def test_401_403_404_and_503_name_the_cause_and_the_solution(plant: Wincc) -> None:
    wrong = plant.ask("POST", "/api/v1/auth/login", {"username": "olga", "password": "wrong"}, 401)
    assert (wrong["error"], wrong["code"]) == ("Unauthorized", "auth.login")
    assert "password" in wrong["solution"]
    assert plant.ask("GET", "/api/v1/tags", status=401)["code"] == "auth.required"
    log_in(plant, "victor")
    denied = plant.ask("PUT", "/api/v1/tags/Speed/value", {"value": 1}, 403)
    assert (denied["error"], denied["code"]) == ("Forbidden", "auth.right")
    assert "right" in denied["solution"]
    unknown = plant.ask("GET", "/api/v1/tags/Nope/value", status=404)
    assert (unknown["error"], "spelling" in unknown["solution"]) == ("Not Found", True)
    assert plant.ask("GET", "/api/v1/nothing", status=404)["code"] == "route.not_found"
    assert plant.ask("DELETE", "/api/v1/tags", status=405)["error"] == "Method Not Allowed"
    plant.stop_cpu()
    off = plant.ask("GET", "/api/v1/tags/Speed/value", status=503)
    assert (off["error"], "CPU" in off["solution"]) == ("Service Unavailable", True)
    bulk = plant.ask("POST", "/api/v1/tags/values", ["Speed", "memory:Temperature_Sensor_1"])
    assert [each["quality"] for each in bulk] == ["Bad", "Good"]
    log_in(plant, "olga")
    assert plant.ask("PUT", "/api/v1/tags/Speed/value", {"value": 1}, 503)["error"] == "Service Unavailable"


def test_without_any_cpu_the_runtime_does_not_run(tmp_path: Path) -> None:
    with wincc_in(tmp_path) as plant:
        plant.make_user("olga", "operator")
        log_in(plant)
        assert plant.ask("GET", "/api/v1/tags/Speed/value", status=503)["code"] == "wincc.no_runtime"
        assert plant.ask("GET", "/api/v1/tags") == []


def test_a_fault_of_the_service_is_500_in_the_same_form(olga: Wincc, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(olga.runtime.sources, "find", broken)
    transport: Any = olga.http._transport
    transport.raise_server_exceptions = False
    found = olga.ask("GET", "/api/v1/tags/Speed/value", status=500)
    assert (found["error"], found["code"]) == ("Internal Server Error", "internal")
    assert "log" in found["solution"]


def test_rules_say_who_reads_and_writes_which_tag(olga: Wincc) -> None:
    olga.runtime.rules.replace(
        [
            Rule("PLC_1:Data.*", read=["administrator"]),
            Rule("*:Setpoint", write=["administrator"]),
            Rule("PLC_1:Speed", write=["operator"], minimum=0, maximum=10),
        ]
    )
    names = {each["name"]: each["writable"] for each in olga.ask("GET", "/api/v1/tags")}
    assert not any(name.startswith("Data.") for name in names)
    assert (names["memory:Setpoint"], names["Speed"]) == (False, True)
    assert olga.ask("GET", "/api/v1/tags/Data.count/value", status=403)["code"] == "runtime.read_denied"
    assert olga.ask("PUT", "/api/v1/tags/memory:Setpoint/value", {"value": 1}, 403)["code"] == "runtime.write_denied"
    assert olga.ask("PUT", "/api/v1/tags/Speed/value", {"value": 11}, 422)["code"] == "runtime.range"
    assert olga.ask("PUT", "/api/v1/tags/Speed/value", {"value": 9})["value"] == 9


def test_a_write_is_in_the_audit_log(olga: Wincc) -> None:
    olga.ask("PUT", "/api/v1/tags/values", [{"name": "Speed", "value": 3.5}])
    entries = olga.http.get("/api/audit", headers={"X-API-Key": "the-key-of-the-tests", "Authorization": ""})
    assert entries.status_code == 200, entries.text
    assert "wincc.write" in entries.text


def test_answers_come_as_xml_and_csv_too(olga: Wincc) -> None:
    found = olga.http.get("/api/v1/tags", params={"format": "csv", "filter": "Speed"})
    assert found.text.splitlines()[0] == "name,dataType,source,writable"
    xml = olga.http.get("/api/v1/tags/Speed/value", headers={"Accept": "application/xml"})
    assert "<name>Speed</name>" in xml.text
