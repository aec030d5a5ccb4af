"""No route answers another question than the one that was asked: a field of a query that it does not have is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from tests.support.service import KEY, settings

MADE_UP = "startTimeOfNothing"
ENDPOINTS = {each.name: each for each in catalogue().endpoints}
FREE = {
    *(name for name in ENDPOINTS if name.startswith("signalr.")),  # clients of the protocol add fields
    "ignition.handle_read", "ignition.handle_change",  # a handler of the user's own, which reads what it wants
}  # fmt: skip
CASES = [
    pytest.param(route.method, route.path, id=f"{route.method} {route.path}")
    for each in (*catalogue(), *(each for name, each in ENDPOINTS.items() if name not in FREE))
    for route in each.routes
]


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> TestClient[object]:
    folder: Path = tmp_path_factory.mktemp("service")
    with TestClient(create_app(settings(folder))) as client:
        client.headers.update({"X-API-Key": KEY, "Authorization": f"Bearer {KEY}"})
        yield client


def test_the_free_ones_are_the_declared_ones() -> None:
    declared = {name for name, each in ENDPOINTS.items() if each.takes_any}
    assert {name for name in declared if not name.startswith("ignition.")} | {
        "ignition.handle_read",
        "ignition.handle_change",
    } == FREE


@pytest.mark.parametrize(("method", "path"), CASES)
def test_a_field_that_a_route_does_not_have_is_refused(http: TestClient[object], method: str, path: str) -> None:
    address = path
    while "{" in address:
        before, _, rest = address.partition("{")
        name, _, after = rest.partition("}")
        address = before + ("default" if name == "project" else "x") + after
    body = {} if method in ("POST", "PUT", "PATCH") else None
    answer = http.request(method, f"{address}?{MADE_UP}=1", json=body)
    assert 400 <= answer.status_code < 500, answer.text
    assert MADE_UP in answer.text, answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("GET", "/api/v1/alarms/archive?startTime=2026-01-01T00:00:00Z", None, "startTime"),
        ("GET", "/api/v1/tags?names=A", None, "names"),
        ("GET", "/api/v1/tags?Filter=A", None, "Did you mean 'filter'"),
        ("PUT", "/api/v1/tags/values", {"tags": [{"name": "A", "value": 1}]}, '"name": ..., "value": ...'),
        ("PUT", "/api/v1/tags/values", [{"name": "A", "value": 1, "time": 5}], "time"),
        ("PUT", "/api/v1/tags/A/value", {"value": 1, "time": 5}, "time"),
        ("POST", "/api/v1/tags/values", {"tags": ["A"], "names": ["B"]}, "names"),
        ("POST", "/api/v1/auth/login", {"username": "a", "password": "b", "domain": "c"}, "domain"),
    ],
)
def test_printed_routes_refuse_what_they_would_ignore(
    http: TestClient[object], method: str, path: str, body: object, says: str
) -> None:
    answer = http.request(method, path, json=body)
    assert answer.status_code == 400, answer.text
    assert says in answer.json()["message"] if "message" in answer.json() else says in answer.text
