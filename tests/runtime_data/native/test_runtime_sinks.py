"""The routes of sinks: who may do what, and what is never shown."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.engineering_api.features.webhooks.receiver import receiving
from tests.support.service import Client, settings

SECRET = "a-secret-that-nobody-sees"  # noqa: S105
SINKS = "/api/runtime/sinks"
BASE = {
    "name": "Erp",
    "when": [{"every": "1h"}],
    "send": {
        "url": "http://127.0.0.1:9/x",
        "auth": {"kind": "bearer", "secret": SECRET},
        "body": {"template": {"at": "{now}"}},
    },
}


@pytest.fixture
def http(tmp_path: Path) -> Iterator[TestClient[Any]]:
    with TestClient(create_app(settings(tmp_path, sink_hosts=["127.0.0.1"]))) as http:
        yield http


def with_key(http: TestClient[Any], right: str) -> str:
    return str(Client(http).ok("POST", "/api/api-keys", {"name": right, "right": right})["apiKey"])


def test_a_secret_is_sealed_never_shown_and_still_sent(http: TestClient[Any], tmp_path: Path) -> None:
    client = Client(http)
    with receiving() as receiver:
        body = copy.deepcopy(BASE) | {"send": BASE["send"] | {"url": receiver.url}}  # type: ignore[operator]  # JSON of the test
        assert client.ok("POST", SINKS, body)["send"]["auth"] == {
            "kind": "bearer",
            "user": "",
            "secret": "",
            "header": "X-API-Key",
            "tokenUrl": "",
            "clientId": "",
            "scope": "",
        }
        for path in (SINKS, f"{SINKS}/Erp", f"{SINKS}/Erp/deliveries"):
            assert SECRET not in http.get(path).text
        assert client.ok("POST", f"{SINKS}/Erp/actions/test")["arrived"] is True
        changed = {"send": copy.deepcopy(body["send"]) | {"auth": {"kind": "bearer"}, "headers": {"X-A": "1"}}}
        client.ok("PATCH", f"{SINKS}/Erp", changed)
        assert client.ok("POST", f"{SINKS}/Erp/actions/test")["arrived"] is True
        assert [came.headers["Authorization"] for came in receiver.received] == [f"Bearer {SECRET}"] * 2
        assert receiver.received[1].headers["X-A"] == "1"
        elsewhere = copy.deepcopy(changed)
        elsewhere["send"]["url"] = receiver.url + "/elsewhere"
        error = client.refused(400, "sink.invalid", "PATCH", f"{SINKS}/Erp", elsewhere)
        assert error["place"] == {"pointer": "/send/auth/secret"}
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file


def test_a_private_key_is_in_no_file(http: TestClient[Any], tmp_path: Path) -> None:
    """Nor is that of a refused request, which the audit log has, too."""
    body = BASE | {"send": {"url": "http://127.0.0.1:9/x", "tls": {"privateKey": SECRET}}}
    Client(http).refused(400, "sink.invalid", "POST", SINKS, body)
    assert [file for file in tmp_path.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()] == []


def test_rights(http: TestClient[Any]) -> None:
    client = Client(http)
    client.ok("POST", SINKS, BASE)
    administrator = http.headers["X-API-Key"]
    may = {
        "viewer": {("GET", ""), ("GET", "/Erp"), ("GET", "/Erp/deliveries")},
        "engineer": {("GET", "")},
        "operator": {("GET", ""), ("POST", "/Erp/actions/flush")},
    }
    denied = {
        "viewer": {("POST", "/Erp/actions/flush"), ("POST", "/Erp/actions/test"), ("DELETE", "/Erp")},
        "engineer": {("POST", ""), ("POST", "/Erp/actions/flush")},
        "operator": {("POST", ""), ("PATCH", "/Erp"), ("DELETE", "/Erp")},
    }
    keys = {right: with_key(http, right) for right in may}
    for right, key in keys.items():
        http.headers["X-API-Key"] = key
        for method, path in may[right]:
            assert http.request(method, SINKS + path).status_code == 200, (right, method, path)
        for method, path in denied[right]:
            assert http.request(method, SINKS + path, json=BASE if not path else {}).status_code == 403, (right, method)
    http.headers["X-API-Key"] = administrator
    assert client.ok("DELETE", f"{SINKS}/Erp")["name"] == "Erp"
    client.refused(404, "sink.not_found", "GET", f"{SINKS}/Erp")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"name": "a/b"}, "", "/name"),
        ({"when": []}, "", "/when"),
        ({"when": [{}]}, "sink.trigger", "/when/0"),
        ({"when": [{"every": "1s", "change": "a:b"}]}, "sink.trigger", "/when/0"),
        ({"when": [{"every": "1s", "rising": True}]}, "sink.trigger", "/when/0/rising"),
        ({"when": [{"change": "a:b", "ack": True, "falling": True}]}, "sink.trigger", "/when/0/ack"),
        ({"when": [{"alarm": {"priority": 1001}}]}, "", "/when/0/alarm/priority"),
        ({"when": [{"change": "a:"}]}, "runtime.tag", "/when/0/change"),
        ({"send": {"kind": "pigeon"}}, "sink.kind", "/send/kind"),
        ({"send": {"url": "http://127.0.0.1:9", "nope": 1}}, "request.unknown_field", "/send/nope"),
        ({"send": {"url": "http://10.0.0.1/"}}, "sink.target_refused", "/send/url"),
        ({"send": {"url": "http://u:p@127.0.0.1/"}}, "sink.url", "/send/url"),
        (
            {"send": {"url": "http://127.0.0.1:9", "body": {"template": "{x}"}}},
            "sink.placeholder",
            "/send/body/template",
        ),
        (
            {"send": {"url": "http://127.0.0.1:9", "body": {"template": "{history:a:b,total,1h}"}}},
            "sink.history",
            "/send/body/template",
        ),
        ({"send": {"url": "http://127.0.0.1:9", "auth": {"kind": "basic"}}}, "sink.auth", "/send/auth/user"),
        ({"answer": {"body": {"memory:x": "no"}}}, "sink.answer", "/answer/body"),
        ({"spool": {"size": "99GiB"}}, "sink.size", "/spool/size"),
    ],
)
def test_what_could_not_work_is_refused_with_its_place(
    http: TestClient[Any], change: dict[str, Any], code: str, pointer: str
) -> None:
    answer = http.post(SINKS, json=BASE | change, headers={"X-API-Key": Client(http).http.headers["X-API-Key"]})
    error = answer.json()["error"]
    assert answer.status_code in {400, 403, 404, 422}, error
    assert error["place"]["pointer"] == pointer, error
    details = [error["code"], *(each["code"] for each in error.get("details", []))]
    assert not code or code in details
    assert Client(http).ok("GET", SINKS) == []


def test_a_name_is_taken_once(http: TestClient[Any]) -> None:
    client = Client(http)
    client.ok("POST", SINKS, BASE | {"enabled": False})
    client.refused(409, "sink.exists", "POST", SINKS, BASE | {"name": "ERP"})
    client.refused(409, "sink.disabled", "POST", f"{SINKS}/Erp/actions/flush")
    client.refused(404, "sink.not_found", "PATCH", f"{SINKS}/Other", {"enabled": True})
