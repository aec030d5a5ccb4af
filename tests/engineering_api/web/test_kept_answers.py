"""Reads are answered again without TIA Portal as long as nothing has changed, and never after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.web import envelope
from tests.engineering_api.web.kept import BLOCK, exported_at
from tests.support.service import CPU, FIRMWARE, Client, settings

FRESH = {"Cache-Control": "no-cache"}
TAGS = "/api/devices/PLC_1/tag-tables/Default%20tag%20table/tags"
LISTS = ("/api/projects", "/api/projects/devices", "/api/devices/PLC_1/tag-tables", TAGS, "/api/devices/PLC_1/blocks")


@pytest.fixture
def compiled(plc: Client) -> Client:
    plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync", {})
    return plc


def test_a_read_is_answered_again_until_something_changes(compiled: Client) -> None:
    first = exported_at(compiled)
    assert exported_at(compiled) == first
    compiled.ok("POST", "/api/devices/PLC_1/tags", {"tableName": "Default tag table", "name": "A", "dataType": "Bool"})
    second = exported_at(compiled)
    assert second != first
    assert exported_at(compiled) == second


def test_a_client_can_ask_for_a_fresh_answer(compiled: Client) -> None:
    assert exported_at(compiled) != exported_at(compiled, **FRESH)


def test_answers_are_kept_apart_by_version_and_query(compiled: Client) -> None:
    first = exported_at(compiled)
    assert "success" in compiled.http.get(BLOCK).json()
    assert "success" not in compiled.http.get(BLOCK.replace("/api/", "/api/v2/")).json()
    assert exported_at(compiled, BLOCK.replace("/api/", "/api/v2/")) != first
    assert compiled.http.get("/api/devices/PLC_1/tag-tables?pageSize=1&page=2").json()["data"] == []
    assert compiled.http.get("/api/devices/PLC_1/tag-tables?pageSize=1").json()["data"]
    assert "XML" not in compiled.http.get("/api/projects").headers["content-type"].upper()
    assert (
        "XML"
        in compiled.http.get("/api/projects", headers={"Accept": "application/xml"}).headers["content-type"].upper()
    )


def test_an_answer_that_is_kept_has_the_time_of_its_request(plc: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = plc.http.get("/api/projects").json()
    later = "2099-01-01T00:00:00.000Z"
    monkeypatch.setattr(envelope, "now", later.encode)
    second = plc.http.get("/api/projects").json()
    assert first["response"]["timestamp"] == first["timestamp"] < later
    assert second["response"]["timestamp"] == second["timestamp"] == later
    assert first["data"] == second["data"]


def test_if_none_match_meets_a_kept_answer(plc: Client) -> None:
    answer = plc.http.get("/api/projects")
    again = plc.http.get("/api/projects", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert plc.http.get("/api/projects", headers={"If-None-Match": '"other"'}).status_code == 200


def test_each_request_for_a_kept_answer_is_identified(plc: Client) -> None:
    viewer = plc.ok("POST", "/api/api-keys", {"name": "Viewer", "right": "viewer"})
    by_viewer = {"X-API-Key": viewer["apiKey"]}
    for _ in range(2):
        assert plc.http.get("/api/projects", headers=by_viewer).status_code == 200
        assert plc.http.get("/api/projects", headers={"X-API-Key": "wrong"}).json()["error"]["code"] == "auth.key"
        nobody = plc.http.get("/api/projects", headers={"X-API-Key": ""})
        assert nobody.status_code == 401 and nobody.headers["WWW-Authenticate"]
    plc.ok("DELETE", f"/api/api-keys/{viewer['id']}")
    assert plc.http.get("/api/projects", headers=by_viewer).status_code == 401


def test_a_caller_who_is_limited_to_projects_gets_no_kept_answer_of_another(plc: Client) -> None:
    plc.ok("GET", "/api/projects")
    key = plc.ok("POST", "/api/api-keys", {"name": "Other", "right": "viewer", "projects": ["Elsewhere"]})
    for _ in range(2):
        plc.ok("GET", "/api/projects")
        answer = plc.http.get("/api/projects", headers={"X-API-Key": key["apiKey"]})
        assert answer.json()["error"]["code"] == "auth.scope"


def test_kept_answers_count_against_the_rate_limit(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, rate_limit=1000))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        left = [int(http.get("/api/projects").headers["X-RateLimit-Remaining"]) for _ in range(3)]
    assert left[0] - left[2] == 2 or left[2] > left[0], "a full minute may end in between"


@pytest.mark.parametrize("how", ["user interface", "setting"])
def test_nothing_is_kept_where_the_project_can_change_unseen(tmp_path: Path, how: str) -> None:
    given_settings = settings(tmp_path, headless=how == "setting", max_kept_answers=0 if how == "setting" else 1 << 20)
    with TestClient(create_app(given_settings)) as http:
        client = Client(http)
        if how != "setting":
            client.ok("POST", "/api/instance/actions/launch", {"withUserInterface": True})
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        client.ok(
            "POST",
            "/api/projects/devices/actions/add-sync",
            {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"},
        )
        client.ok("POST", "/api/devices/PLC_1/actions/compile-sync", {})
        assert exported_at(client) != exported_at(client)


NAMES = st.sampled_from(["A", "B", "C"])
CHANGES = st.one_of(
    st.tuples(st.just("POST"), st.just("/api/devices/PLC_1/tags"), NAMES),
    st.tuples(st.just("DELETE"), st.just(f"{TAGS}/{{}}"), NAMES),
    st.tuples(st.just("POST"), st.just("/api/devices/PLC_1/tag-tables/actions/create-sync"), NAMES),
    st.tuples(st.just("DELETE"), st.just("/api/devices/PLC_1/tag-tables/{}"), NAMES),
    st.tuples(st.just("POST"), st.just("/api/devices/PLC_1/tag-tables/actions/create"), NAMES),
    st.tuples(st.just("POST"), st.just("/api/devices/PLC_1/tags?dryRun=true"), NAMES),
    st.tuples(st.just("POST"), st.just("/api/projects/actions/save-sync"), NAMES),
    st.tuples(st.just("POST"), st.just("/api/projects/actions/undo"), NAMES),
)


@given(changes=st.lists(CHANGES, min_size=1, max_size=12))
@hypothesis_settings(max_examples=10)
def test_no_answer_is_stale_after_any_changes(plc: Client, changes: list[tuple[str, str, str]]) -> None:
    for method, path, name in changes:
        body = {"tableName": "Default tag table", "name": name, "dataType": "Bool"} if method == "POST" else None
        answer = plc.http.request(method, path.format(name), json=_body(path, body))
        if answer.status_code == 202:
            plc.ended(answer.json()["data"]["jobId"])
        for each in LISTS:
            kept, fresh = (plc.http.get(each, headers=headers).json() for headers in ({}, FRESH))
            assert kept["data"] == fresh["data"], (each, method, path)


def _body(path: str, tag: dict[str, Any] | None) -> dict[str, Any] | None:
    if tag is None or "/projects/" in path:
        return {} if tag else None
    return {"name": tag["name"]} if "tag-tables" in path else tag
