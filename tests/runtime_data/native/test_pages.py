"""The pages of the runtime: their requests do what the text says, and their tables are those of the code."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from runtime_data.documents import RuntimeValue
from runtime_data.quality import STATUSES
from tests import ROOT
from tests.fakes.fake_plcsim.kit import load
from tests.support.service import Client

PAGE = (ROOT / "docs/runtime/index.md").read_text(encoding="utf-8")
VALUES = (ROOT / "docs/runtime/values.md").read_text(encoding="utf-8")
FACTS = (ROOT / "docs/facts/runtime.md").read_text(encoding="utf-8")
REQUEST = re.compile(r"`(GET|PUT|POST) (/api/[^`\s]+)`[^`]*?:\n\n```json\n(.*?)```", re.DOTALL)
ANSWER = re.compile(r"others have their values:\n\n```json\n(.*?)```", re.DOTALL)


@pytest.fixture
def on(client: Client) -> Client:
    client.ok("POST", "/api/simulation/instances/create", {"name": "PLC_1", "powerOn": True})
    load(client.http.app.state["service"].simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1"))
    client.ok("POST", "/api/simulation/instances/PLC_1/run")
    return client


def test_the_requests_of_the_page(on: Client) -> None:
    asked = REQUEST.findall(PAGE)
    assert [path for _, path, _ in asked] == [
        "/api/runtime/tags/memory:Order.count",
        "/api/runtime/values/actions/read",
        "/api/runtime/values/actions/write",
        "/api/runtime/rules",
    ]
    answers: dict[str, Any] = {
        path.rpartition("/")[2]: on.ok(method, path, json.loads(body)) for method, path, body in asked
    }
    shown = ANSWER.search(PAGE)
    assert shown is not None
    left_out = {"sourceTime", "serverTime", "error"}
    read = [{name: each[name] for name in each.keys() - left_out} for each in answers["read"]]
    assert read == json.loads(shown[1])
    assert answers["write"]["refused"] == 0
    assert answers["rules"]["rules"] == json.loads(asked[-1][2])["rules"]


def test_the_value_of_the_page_has_all_its_fields() -> None:
    block = re.search(r"```json\n(.*?)```", VALUES, re.DOTALL)
    assert block is not None
    fields = set(RuntimeValue.__struct_encode_fields__)
    assert set(json.loads(block[1])) == fields - {"unit", "error"}
    rows = VALUES.partition("| field | content |")[2].partition("\n\n")[0]
    assert {
        name for row in rows.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1:2][0] if row else "")
    } == fields


def test_the_tables_of_quality_are_those_of_the_code() -> None:
    rows = re.findall(r"\| (0x[0-9A-F]{8}) (\w+) \| (0x[0-9A-F]{2}) \| (\d+) \| (\d+) (\w+) \|", FACTS)
    assert {
        (int(code, 16), name, int(wincc, 16), int(opc), int(number), ignition)
        for code, name, wincc, opc, number, ignition in rows
    } == {(s.code, s.name, s.wincc, s.opc_da, s.ignition, s.ignition_name) for s in STATUSES.values()}
    shown = re.findall(r"\| (\d+) \| ((?:Good|Uncertain|Bad)\w*) \|", VALUES)
    assert len(shown) == 9
    assert all(STATUSES[int(code)].name == name for code, name in shown)
