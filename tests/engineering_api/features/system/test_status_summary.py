"""The summary for a start page agrees with the operations that list its parts, and leaves out what a caller may not see."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from engineering_api import VERSION
from tests.support.service import BACKEND, Client

SUMMARY = "/api/status/summary"
TESTS = "tests:\n- name: Nothing runs\n  block: Half\n  steps:\n  - {write: {raw: 10}, expect: {Ret_Val: 6.0}}\n"
HALF = 'FUNCTION "Half" : Real\nVAR_INPUT\n   raw : Int;\nEND_VAR\nBEGIN\n   #Half := INT_TO_REAL(#raw) / 2.0;\nEND_FUNCTION\n'


def test_a_service_without_anything_open_has_empty_parts(client: Client, tmp_path: Path) -> None:
    found = client.ok("GET", SUMMARY)
    assert (found["serviceVersion"], found["backend"], found["tiaVersion"]) == (VERSION, BACKEND, "20")
    assert (found["projects"], found["plcs"], found["lastTestRun"]) == ([], [], None)
    assert found["alarms"] == {"active": 0, "unacknowledged": 0, "priorities": []}
    assert found["workers"] is None
    usage = shutil.disk_usage(tmp_path)
    assert found["disk"]["totalBytes"] == usage.total
    assert found["disk"]["enough"] is (usage.free >= 100 << 20)


def test_each_part_agrees_with_the_operation_that_lists_it(plc: Client) -> None:
    plc.ok("POST", "/api/simulation/instances/create", {"name": "Line", "cpuType": "CPU1511", "powerOn": True})
    found, details = plc.ok("GET", SUMMARY), plc.ok("GET", "/api/health/details")
    assert [each["state"] for each in found["portals"]] == [each["state"] for each in details["portals"]] == ["idle"]
    assert found["jobs"]["counts"] == details["jobs"]
    assert found["plcs"] == plc.ok("GET", "/api/simulation/status")["registeredInstances"]
    (project,) = found["projects"]
    assert project["path"] == plc.ok("GET", "/api/projects")[0]["path"]
    assert project["current"]
    assert [each["name"] for each in found["sources"]] == [
        each["name"] for each in plc.ok("GET", "/api/runtime/sources")
    ]
    assert found["changes"][0]["operation"] == plc.ok("GET", "/api/audit")[0]["operation"]


def test_the_share_of_good_values_counts_the_tags_that_were_read(client: Client) -> None:
    for name in ("a", "b", "c"):
        client.ok("PUT", f"/api/runtime/tags/memory:{name}", {"dataType": "Int"})
    client.ok("PUT", "/api/runtime/tags/memory:a/value", {"value": 1})
    client.ok("PUT", "/api/runtime/tags/memory:b/value", {"value": 2})
    values = client.ok("POST", "/api/runtime/values/actions/read", {"tags": ["memory:a", "memory:b", "memory:c"]})
    good = sum(each["quality"] == "Good" for each in values)
    (memory,) = [each for each in client.ok("GET", SUMMARY)["sources"] if each["name"] == "memory"]
    assert (memory["values"], memory["good"]) == (3, good)
    assert memory["share"] == pytest.approx(good / 3, abs=1e-4)
    assert memory["state"] == "connected"


def test_the_last_run_of_tests_and_the_last_failed_job_are_there(client: Client) -> None:
    report = client.ok(
        "POST", "/api/plc-tests/actions/run-sync", {"tests": TESTS, "sources": [{"name": "h.scl", "content": HALF}]}
    )
    job = client.job("POST", "/api/projects/actions/open", {"path": "none.ap20"})
    found = client.ok("GET", SUMMARY)
    assert found["lastTestRun"]["id"] == report["run"]
    assert (found["lastTestRun"]["failed"], found["lastTestRun"]["total"]) == (1, 1)
    assert found["jobs"]["failed"][0]["jobId"] == job["jobId"]
    assert found["jobs"]["failed"][0]["error"] == job["error"]


def test_alarms_are_counted_by_priority(client: Client) -> None:
    client.ok("PUT", "/api/runtime/tags/memory:level", {"dataType": "Int"})
    for name, priority in (("High", 800), ("Higher", 800), ("Low", 200)):
        body = {"name": name, "tag": "memory:level", "trigger": "greater", "limit": 5, "priority": priority}
        client.ok("POST", "/api/runtime/alarm-definitions", body)
    client.ok("PUT", "/api/runtime/tags/memory:level/value", {"value": 6})
    listed: list[Any] = []
    deadline = time.monotonic() + 60
    while len(listed) < 3 and time.monotonic() < deadline:
        listed = client.ok("GET", "/api/runtime/alarms")
        time.sleep(0.01)
    found = client.ok("GET", SUMMARY)["alarms"]
    assert found["priorities"] == [
        {"priority": 800, "active": 2, "unacknowledged": 2},
        {"priority": 200, "active": 1, "unacknowledged": 1},
    ]
    assert found["active"] == len(listed) == 3


def test_a_caller_with_limits_sees_its_own_parts_only(plc: Client) -> None:
    plc.ok("PUT", "/api/runtime/tags/memory:mine", {"dataType": "Int"})
    key = plc.ok("POST", "/api/api-keys", {"name": "limited", "right": "viewer", "tags": ["memory:mine"]})["apiKey"]
    plc.http.headers["X-API-Key"] = key
    found = plc.ok("GET", SUMMARY)
    for part in ("portals", "lost", "underWay", "disk", "changes", "plcs", "lastTestRun"):
        assert found[part] is None, part
    assert found["jobs"] == {"counts": None, "running": [], "failed": []}
    assert found["projects"] == []
    plc.refused(403, "auth.scope", "GET", "/api/health/details")


def test_a_viewer_sees_everything_but_the_audit_log(client: Client) -> None:
    key = client.ok("POST", "/api/api-keys", {"name": "viewer", "right": "viewer"})["apiKey"]
    client.http.headers["X-API-Key"] = key
    found = client.ok("GET", SUMMARY)
    assert found["changes"] is None
    assert found["portals"] is not None
    assert found["disk"] is not None
