"""API keys: shown once, limited, refused at once when they are revoked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from engineering_api.operations.terms import Right
from engineering_api.security.api_keys import ApiKeys
from engineering_api.storage.database import Database
from engineering_api.storage.identities import KeyStore
from openness_bridge.errors import Problem
from tests.engineering_api.security.kit import server
from tests.support.service import KEY, Client, settings


def made(client: Client, **given: Any) -> Any:
    return client.ok("POST", "/api/api-keys", {"name": "build"} | given)


def status(client: Client, key: str, method: str = "GET", path: str = "/api/instance/version") -> tuple[int, str]:
    answer = client.http.request(method, path, headers={"X-API-Key": key})
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def test_a_key_is_shown_once_and_kept_as_a_checksum(client: Client, tmp_path: Path) -> None:
    answer = client.http.post("/api/api-keys", json={"name": "build", "right": "engineer"})
    assert answer.headers["Cache-Control"] == "no-store"
    key = answer.json()["data"]
    text = key["apiKey"]
    secret = text.removeprefix(f"tia_{key['id']}_")
    assert len(secret) >= 32
    assert secret != text
    assert status(client, text) == (200, "")
    listed = client.ok("GET", "/api/api-keys")
    assert [each["name"] for each in listed] == ["build"]
    assert secret not in str(listed)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if secret.encode() in path.read_bytes()] == []
    client.refused(409, "api_key.exists", "POST", "/api/api-keys", {"name": "Build"})


def test_a_key_may_what_its_right_says(client: Client) -> None:
    viewer = made(client)["apiKey"]
    assert status(client, viewer) == (200, "")
    assert status(client, viewer, "POST", "/api/projects/actions/save-sync") == (403, "auth.right")
    assert status(client, viewer, "GET", "/api/api-keys") == (403, "auth.right")


def test_a_revoked_key_is_refused_at_once_and_a_rotated_one_has_another_text(client: Client) -> None:
    key = made(client)
    path = f"/api/api-keys/{key['id']}"
    again = client.ok("POST", f"{path}/actions/rotate")
    assert status(client, key["apiKey"]) == (401, "auth.key")
    assert status(client, again["apiKey"]) == (200, "")
    client.ok("DELETE", path)
    assert status(client, again["apiKey"]) == (401, "auth.key")
    client.refused(404, "api_key.not_found", "DELETE", path)
    client.refused(404, "api_key.not_found", "GET", path)


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["192.168.0.0/24"], (403, "auth.address")),
        (["127.0.0.1", "10.0.0.0/8"], (200, "")),
        (["::/0"], (403, "auth.address")),
    ],
)
def test_a_key_is_held_to_its_addresses(tmp_path: Path, addresses: list[str], expected: tuple[int, str]) -> None:
    with server(settings(tmp_path), "::ffff:127.0.0.1") as there:
        assert status(there, made(there, addresses=addresses)["apiKey"]) == expected
        there.refused(422, "api_key.address", "POST", "/api/api-keys", {"name": "x", "addresses": ["here"]})


def test_keys_survive_a_restart_with_their_last_use(tmp_path: Path) -> None:
    with server(settings(tmp_path)) as there:
        key = made(there)
        assert status(there, key["apiKey"]) == (200, "")
    with server(settings(tmp_path)) as there:
        assert there.ok("GET", f"/api/api-keys/{key['id']}")["lastUsedAt"] > key["createdAt"]
        assert status(there, key["apiKey"]) == (200, "")


def test_a_key_expires(tmp_path: Path) -> None:
    now = [1_000_000.0]
    database = Database(tmp_path / "service.db")
    keys = ApiKeys(KeyStore(database), lambda: now[0])

    async def scenario() -> None:
        row, text = await keys.make("build", Right.VIEW, "me", days=2)
        _, lasting = await keys.make("lasting", Right.VIEW, "me")
        assert keys.caller(text, "").name == "key:build"
        now[0] += 2 * 86_400
        assert keys.now(row.id) is None
        with pytest.raises(Problem, match="expired"):
            keys.caller(text, "")
        assert keys.caller(lasting, "").name == "key:lasting"
        row, text = await keys.rotate(row.id)
        assert keys.caller(text, "").name == "key:build"

    asyncio.run(scenario())
    database.close()


def test_wrong_keys_are_answered_less_often_than_right_ones(tmp_path: Path) -> None:
    with server(settings(tmp_path, auth_limit=3)) as there:
        codes = [status(there, "tia_000000000000_wrong")[0] for _ in range(8)]
        assert codes[:1] == [401] and codes[-1:] == [429]
        assert status(there, KEY) == (200, "")
        assert there.http.get("/api/projects", headers={"X-API-Key": "x"}).headers["Retry-After"]


def test_no_job_keeps_a_key(client: Client) -> None:
    body = {"operation": "api_keys.create", "arguments": {"name": "build"}}
    client.refused(422, "job.secret", "POST", "/api/jobs/execute", body)
    client.refused(422, "job.secret", "POST", "/api/jobs/execute-sync", body)
    step = {"name": "key", "action": "api_keys.create", "params": {"name": "build"}}
    pipeline = {"name": "keys", "steps": [step]}
    refused = client.refused(422, "pipeline.invalid", "POST", "/api/pipelines", pipeline)
    assert [each["code"] for each in refused["details"]] == ["pipeline.secret"]
    assert client.ok("GET", "/api/api-keys") == []
    client.refused(422, "job.secret", "POST", "/api/api-keys", {"name": "later"}, wait="0")
    assert client.ok("GET", "/api/jobs") == []
