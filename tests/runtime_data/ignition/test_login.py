"""Who may use the routes: API keys as Bearer and as X-Ignition-API-Token, login tokens, the printed refusals, CORS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.runtime_data.ignition.plant import BASE, Plant, make_key, plant_in
from tests.support.service import KEY

ADDRESS = f"{BASE}/api/browse"
NO_LOGIN, INVALID = {"error": "Missing or invalid Authorization header"}, {"error": "Invalid API token"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY}"},
        {"Authorization": f"bearer {KEY}"},
        {"X-Ignition-API-Token": KEY},
        {"X-API-Key": KEY},
        {"X-API-Key": KEY, "Authorization": "Bearer of somebody else"},
    ],
)
def test_keys_are_taken(plant: Plant, headers: dict[str, str]) -> None:
    assert plant.http.get(ADDRESS, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({}, 401, NO_LOGIN),
        ({"Authorization": "Basic YTpi"}, 401, NO_LOGIN),
        ({"Authorization": KEY}, 401, NO_LOGIN),
        ({"Authorization": "Bearer wrong"}, 403, INVALID),
        ({"Authorization": "Bearer tia_wrong_key"}, 403, INVALID),
        ({"Authorization": "Bearer "}, 403, INVALID),
        ({"X-Ignition-API-Token": "wrong"}, 403, INVALID),
    ],
)
def test_what_is_printed_is_answered(plant: Plant, headers: dict[str, str], status: int, body: Any) -> None:
    refused = plant.http.get(ADDRESS, headers=headers)
    assert (refused.status_code, refused.json()) == (status, body)


def test_a_wrong_method_of_login_has_no_effect_elsewhere(plant: Plant) -> None:
    for headers in ({"Authorization": f"Bearer {KEY}"}, {"X-Ignition-API-Token": KEY}):
        assert plant.http.get("/api/projects", headers=headers).status_code == 401


def test_rights_of_keys(plant: Plant) -> None:
    viewer, operator = make_key(plant, "viewer"), make_key(plant, "operator")
    body = {"writes": [{"path": "[PLC_1]Plant/Setpoint", "value": 3}]}
    plant.headers = {"Authorization": f"Bearer {viewer}"}
    assert plant.get("/api/browse")
    assert "operator" in plant.refused(403, "POST", "/api/write", body)
    plant.headers = {"X-Ignition-API-Token": operator}
    assert plant.post("/api/write", body)["results"][0]["success"] is True


def test_a_caller_of_some_projects_is_refused(plant: Plant) -> None:
    key = make_key(plant, "operator", projects=["Conveyor"])
    plant.headers = {"Authorization": f"Bearer {key}"}
    assert "limited" in plant.refused(403, "GET", "/api/browse")


def test_a_login_token_is_taken(plant: Plant) -> None:
    user = {"userName": "olga", "password": "correct horse battery", "right": "viewer"}
    made = plant.http.post("/api/users", json=user, headers={"X-API-Key": KEY})
    assert made.status_code == 200, made.text
    login = plant.http.post("/api/auth/login", json={name: user[name] for name in ("userName", "password")})
    plant.headers = {"Authorization": f"Bearer {login.json()['data']['accessToken']}"}
    assert plant.get("/api/browse")


def test_wrong_tokens_are_counted(tmp_path: Path) -> None:
    with plant_in(tmp_path, auth_limit=2) as plant:
        plant.headers = {"Authorization": "Bearer wrong"}
        statuses = [plant.send("GET", "/api/browse").status_code for _ in range(4)]
    assert statuses == [403, 403, 429, 429]


def test_options_by_the_setting_for_origins(tmp_path: Path) -> None:
    origin = "https://your-app.com"
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    with plant_in(tmp_path, cors_origins=[origin]) as plant:
        for path in ("/api/tags", "/api/write", "/api/history", "/api/alarms", "/api/cmd", "/own/handler"):
            allowed = plant.http.options(f"{BASE}{path}", headers=asked)
            assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, origin), path
            assert "authorization" in allowed.headers["access-control-allow-headers"].casefold()
        other = plant.http.options(ADDRESS, headers=asked | {"Origin": "https://elsewhere.example"})
        assert "access-control-allow-origin" not in other.headers
        answered = plant.http.get(ADDRESS, headers=plant.headers | {"Origin": origin})
        assert answered.headers["access-control-allow-origin"] == origin


def test_options_without_a_setting(plant: Plant) -> None:
    answered = plant.http.options(ADDRESS)
    assert answered.status_code == 204 and "GET" in answered.headers["allow"]
    assert "access-control-allow-origin" not in answered.headers
