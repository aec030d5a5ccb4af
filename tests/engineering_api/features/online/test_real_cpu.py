"""The routes of a CPU, where a source of the kind webapi reaches it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openness_bridge.hardware import interfaces
from tests.runtime_data.webapi import cpu as webcpu
from tests.runtime_data.webapi.cpu import Cpu, running
from tests.support.service import Client

CPU = "/api/devices/PLC_1/cpu"


@pytest.fixture
def real() -> Iterator[Cpu]:
    with running() as cpu:
        yield cpu


def define(client: Client, cpu: Cpu, name: str = "Press", **more: Any) -> dict[str, Any]:
    connection = {
        "host": "127.0.0.1",
        "port": cpu.port,
        "user": "web",
        "password": cpu.password,
        "plainHttp": True,
    } | more
    client.ok("POST", "/api/runtime/sources", {"name": name, "kind": "webapi", "connection": connection})
    return connection


def test_state_start_and_stop(plc: Client, real: Cpu) -> None:
    connection = define(plc, real, device="plc_1")
    assert plc.ok("GET", f"{CPU}/status") | {"device": ""} == {
        "device": "",
        "onlineState": "Offline",
        "isOnline": False,
        "cpuState": "Run",
        "source": "Web API",
        "instance": None,
    }
    plc.refused(403, "runtime.start_stop_off", "POST", f"{CPU}/actions/stop")
    assert real.count("Plc.RequestChangeOperatingMode") == 0
    plc.ok("PATCH", "/api/runtime/sources/Press", {"connection": connection | {"startStop": True}})
    assert plc.ok("POST", f"{CPU}/actions/stop")["cpuState"] == "Stop"
    assert plc.ok("GET", f"{CPU}/status")["cpuState"] == "Stop"
    assert plc.ok("POST", f"{CPU}/actions/start")["cpuState"] == "Run"
    assert real.count("Plc.RequestChangeOperatingMode") == 2
    (entry,) = [each for each in plc.ok("GET", "/api/audit") if each["operation"] == "online.start_cpu"]
    assert entry["outcome"] == "ok"


def test_the_source_is_found_by_the_address(plc: Client, real: Cpu, monkeypatch: pytest.MonkeyPatch) -> None:
    define(plc, real)
    assert plc.ok("GET", f"{CPU}/status")["cpuState"] == "unknown"
    error = plc.refused(501, "cpu.no_command", "POST", f"{CPU}/actions/start")
    assert "webapi" in error["message"]
    monkeypatch.setattr(interfaces, "addresses", lambda *_: ["192.168.0.1", "127.0.0.1"])
    assert plc.ok("GET", f"{CPU}/status")["cpuState"] == "Run"
    define(plc, real, "Copy", device="PLC_1")
    define(plc, real, "Twin", device="PLC_1")
    error = plc.refused(409, "cpu.several_sources", "GET", f"{CPU}/status")
    assert "'Copy'" in error["message"] and "'Twin'" in error["message"]


def test_an_outcome_that_is_not_known(plc: Client, real: Cpu) -> None:
    define(plc, real, device="PLC_1", startStop=True)
    assert plc.ok("GET", f"{CPU}/status")["cpuState"] == "Run"
    real.fail("Plc.RequestChangeOperatingMode", webcpu.drop)
    plc.refused(504, "runtime.outcome_unknown", "POST", f"{CPU}/actions/stop")
    assert real.count("Plc.RequestChangeOperatingMode") == 1
    plc.refused(503, "runtime.unreachable", "GET", f"{CPU}/status")
