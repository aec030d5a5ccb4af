"""Sources, tags, values and rules over HTTP: what is answered, what is refused, and who may do what."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from engineering_api.operations.terms import Right
from runtime_data.quality import INITIAL_VALUE, OUT_OF_SERVICE, UNKNOWN_TAG
from tests.fakes.fake_plcsim.kit import load
from tests.support.service import BACKEND, Client

RT = "/api/runtime"
SIM = "/api/simulation"
READ, WRITE = f"{RT}/values/actions/read", f"{RT}/values/actions/write"


@pytest.fixture
def on(client: Client) -> Client:
    """A client with PLC_1 in RUN."""
    client.ok("POST", f"{SIM}/instances/create", {"name": "PLC_1", "powerOn": True})
    service = client.http.app.state["service"]
    load(service.simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1"))
    client.ok("POST", f"{SIM}/instances/PLC_1/run")
    return client


def tag(name: str) -> str:
    return f"{RT}/tags/{quote(name, safe='')}"


def key(client: Client, name: str, right: str, **given: Any) -> dict[str, str]:
    """The headers of a new key."""
    return {"X-API-Key": client.ok("POST", "/api/api-keys", {"name": name, "right": right} | given)["apiKey"]}


def outcome(client: Client, headers: dict[str, str], method: str, path: str, body: Any = None) -> tuple[int, str]:
    """Status, and of a refusal its code."""
    answer = client.http.request(method, path, headers=headers, json=body)
    return answer.status_code, (answer.json().get("error") or {}).get("code", "")


# -- values ---------------------------------------------------------------------------------


def test_a_value_has_the_documented_fields(on: Client) -> None:
    found = on.ok("GET", f"{tag('plc_1:Data.delay')}/value")
    times = found.pop("sourceTime"), found.pop("serverTime")
    assert found == {
        "tag": "PLC_1:Data.delay",
        "value": 2000,
        "text": "T#2s",
        "dataType": "Time",
        "quality": "Good",
        "statusCode": 0,
        "online": "unknown",
    }
    for time in times:
        assert len(time) == len("2026-11-22T17:30:00.123456Z") and time.endswith("Z")


def test_a_written_value_is_in_the_plc(on: Client) -> None:
    written = on.ok("PUT", f"{tag('PLC_1:Flag')}/value", {"value": True, "expected": False, "verify": True})
    assert (written["written"], written["verified"]) == (True, True)
    assert (written["before"]["value"], written["after"]["value"]) == (False, True)
    assert on.ok("GET", f"{SIM}/tags/Flag", instance="PLC_1")["value"] is True


def test_many_are_read_and_each_has_its_own_error(on: Client) -> None:
    on.ok("PUT", tag("memory:Note"), {"dataType": "String[5]", "initialValue": "new"})
    flag, note, nothing = on.ok("POST", READ, {"tags": ["PLC_1:Flag", "memory:Note", "PLC_1:nope"]})
    assert (flag["value"], flag["quality"]) == (False, "Good")
    assert (note["value"], note["statusCode"], note["sourceTime"]) == ("new", INITIAL_VALUE.code, None)
    assert (nothing["value"], nothing["statusCode"]) == (None, UNKNOWN_TAG.code) and nothing["error"]["message"]


def test_a_refused_write_is_a_refusal(on: Client) -> None:
    on.refused(404, "plcsim.tag_not_found", "PUT", f"{tag('PLC_1:nope')}/value", {"value": 1})
    on.refused(404, "source.not_found", "PUT", f"{tag('PLC_9:x')}/value", {"value": 1})
    on.refused(422, "plcsim.value", "PUT", f"{tag('PLC_1:Data.motor.speed')}/value", {"value": "quick"})
    on.refused(409, "runtime.changed", "PUT", f"{tag('PLC_1:Flag')}/value", {"value": True, "expected": True})
    on.refused(403, "runtime.output", "PUT", f"{tag('PLC_1:Out')}/value", {"value": True})
    on.refused(422, "runtime.not_writable", "PUT", f"{tag('PLC_1:Data.motor')}/value", {"value": 1})
    on.refused(404, "plcsim.tag_not_found", "GET", f"{tag('PLC_1:nope')}/value")
    assert on.ok("GET", f"{SIM}/tags/Flag", instance="PLC_1")["value"] is False


def test_a_bulk_write_says_what_came_of_each(on: Client) -> None:
    writes = [{"tag": "PLC_1:Flag", "value": True}, {"tag": "PLC_1:nope", "value": 1}, {"tag": "PLC_1:Out", "value": 1}]
    done = on.ok("POST", WRITE, {"writes": writes})
    assert (done["written"], done["refused"]) == (1, 2)
    assert [each["written"] for each in done["results"]] == [True, False, False]
    assert [each.get("error", {}).get("code") for each in done["results"]] == [
        None,
        "plcsim.tag_not_found",
        "runtime.output",
    ]
    none = on.ok("POST", WRITE, {"writes": [{"tag": "PLC_1:Flag", "value": False}, writes[1]], "atomic": True})
    assert (none["written"], none["results"][0]["error"]["code"]) == (0, "runtime.not_tried")
    assert on.ok("GET", f"{tag('PLC_1:Flag')}/value")["value"] is True


def test_a_tag_is_written_once_in_a_request(on: Client) -> None:
    writes = [{"tag": "PLC_1:Flag", "value": True}, {"tag": 'plc_1:"flag"', "value": False}]
    on.refused(400, "runtime.twice", "POST", WRITE, {"writes": writes})


def test_integers_of_64_bits_as_texts(on: Client) -> None:
    largest = 2**64 - 1
    on.ok("PUT", f"{tag('PLC_1:Data.wide')}/value", {"value": str(largest)})
    raw = on.http.get(f"{tag('PLC_1:Data.wide')}/value").text
    assert f'"value":{largest}' in raw
    assert on.ok("GET", f"{tag('PLC_1:Data.wide')}/value", int64="string")["value"] == str(largest)
    (many,) = on.ok("POST", READ, {"tags": ["PLC_1:Data.wide"], "int64": "string"})
    assert many["value"] == str(largest)
    written = on.ok("PUT", f"{tag('PLC_1:Data.wide')}/value", {"value": 7, "expected": largest, "int64": "string"})
    assert written["before"]["value"] == str(largest)
    assert on.ok("GET", f"{tag('PLC_1:Data.count')}/value", int64="string")["value"] >= 0


def test_a_value_that_is_new_enough_is_not_read_again(on: Client) -> None:
    on.ok("GET", f"{tag('PLC_1:Flag')}/value")
    on.ok("PUT", f"{SIM}/tags/Flag?instance=PLC_1", {"value": True})
    assert on.ok("POST", READ, {"tags": ["PLC_1:Flag"], "maxAge": 3600})[0]["value"] is False
    assert on.ok("POST", READ, {"tags": ["PLC_1:Flag"]})[0]["value"] is True


def test_a_cpu_in_stop_is_out_of_service(on: Client) -> None:
    on.ok("POST", f"{SIM}/instances/PLC_1/stop")
    found = on.ok("GET", f"{tag('PLC_1:Flag')}/value")
    assert (found["quality"], found["statusCode"]) == ("Bad", OUT_OF_SERVICE.code)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (READ, {"tags": []}),
        (READ, {"tags": ["x"] * 10_001}),
        (READ, {"tags": ["x" * 1001]}),
        (READ, {"tags": ["PLC_1:Flag"], "maxAge": -1}),
        (WRITE, {"writes": []}),
        (WRITE, {"writes": [{"tag": "PLC_1:Flag", "value": 1}] * 1001}),
        (WRITE, {"writes": [{"tag": "PLC_1:Flag", "value": [1]}]}),
        (WRITE, {"writes": [{"tag": "PLC_1:Flag", "value": None}]}),
        (WRITE, {"writes": [{"tag": "PLC_1:Flag", "value": "x" * 20_001}]}),
    ],
)
def test_requests_have_limits(on: Client, path: str, body: Any) -> None:
    answer = on.http.post(path, json=body)
    assert answer.status_code == 400, answer.text


# -- tags -----------------------------------------------------------------------------------


def test_the_list_and_the_tree(on: Client) -> None:
    listed = on.ok("GET", f"{RT}/tags", source="PLC_1", filter="area=Output", sort="tag")
    assert [each["tag"] for each in listed] == ["PLC_1:Copy", "PLC_1:Out"]
    top = {each["name"]: each for each in on.ok("GET", f"{RT}/tags/browse", source="PLC_1")}
    assert top["Data"]["hasChildren"] and not top["Data"]["hasValue"] and top["Flag"]["hasValue"]
    deep = on.ok("GET", f"{RT}/tags/browse?source=PLC_1&path=Data&depth=2")
    assert {"PLC_1:Data.motor", "PLC_1:Data.motor.speed", "PLC_1:Data.list[-1]"} <= {each["tag"] for each in deep}
    assert "PLC_1:Flag" not in {each["tag"] for each in deep}
    on.refused(404, "tag.not_found", "GET", f"{RT}/tags/browse?source=PLC_1&path=Nothing")
    assert on.http.get(f"{RT}/tags/browse?source=PLC_1&depth=6").status_code == 400


def test_what_is_known_of_a_tag(on: Client) -> None:
    speed = on.ok("GET", tag("plc_1:DATA.motor.speed"))
    assert (speed["tag"], speed["dataType"], speed["area"]) == ("PLC_1:Data.motor.speed", "Real", "DataBlock")
    assert speed["mayRead"] and speed["mayWrite"] and speed["refusal"] is None
    out = on.ok("GET", tag("PLC_1:Out"))
    assert not out["mayWrite"] and out["refusal"]["code"] == "runtime.output"
    rules = [{"tag": "PLC_1:Data.motor.*", "write": ["operator"], "maximum": 9, "rate": "2/h", "verify": True}]
    on.ok("PUT", f"{RT}/rules", {"rules": rules})
    speed = on.ok("GET", tag("PLC_1:Data.motor.speed"))
    assert (speed["minimum"], speed["maximum"], speed["rate"], speed["verify"]) == (None, 9, "2/h", True)
    on.refused(404, "plcsim.tag_not_found", "GET", tag("PLC_1:nope"))


def test_tags_that_the_service_keeps(client: Client) -> None:
    made = client.ok("PUT", tag("memory:Order.count"), {"dataType": "dint", "unit": "pcs", "minimum": 0, "maximum": 10})
    assert (made["dataType"], made["unit"], made["maximum"]) == ("DInt", "pcs", 10)
    path = f"{tag('memory:order.COUNT')}/value"
    client.refused(422, "runtime.range", "PUT", path, {"value": 11})
    client.refused(422, "runtime.range", "PUT", path, {"value": "16#B"})
    client.ok("PUT", path, {"value": "16#A"})
    assert client.ok("GET", path)["value"] == 10
    client.ok("PUT", tag("memory:Order.count"), {"dataType": "DInt", "maximum": 12})
    assert client.ok("GET", path)["value"] == 10
    client.ok("PUT", tag("memory:Order.count"), {"dataType": "DInt", "maximum": 9, "initialValue": 1})
    assert (client.ok("GET", path)["value"], client.ok("GET", path)["quality"]) == (1, "Uncertain")
    assert client.ok("DELETE", tag("memory:Order.count"))["tag"] == "memory:Order.count"
    client.refused(404, "tag.not_found", "GET", path)


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("memory:a b", {"dataType": "Int"}, "runtime.tag"),
        ("memory:a..b", {"dataType": "Int"}, "runtime.tag"),
        ("memory:a:b", {"dataType": "Int"}, "runtime.tag"),
        ("memory:a", {"dataType": "Struct"}, "runtime.data_type"),
        ("memory:a", {"dataType": "String[255]"}, "runtime.data_type"),
        ("memory:a", {"dataType": "String", "maximum": 1}, "runtime.limits"),
        ("memory:a", {"dataType": "Int", "minimum": 2, "maximum": 1}, "runtime.limits"),
    ],
)
def test_tags_that_cannot_be(client: Client, name: str, body: dict[str, Any], code: str) -> None:
    client.refused(400, code, "PUT", tag(name), body)
    client.refused(422, "plcsim.value", "PUT", tag("memory:a"), {"dataType": "Int", "initialValue": 40_000})


def test_tags_of_a_program_are_not_defined_here(on: Client) -> None:
    on.refused(409, "runtime.not_memory", "PUT", tag("PLC_1:New"), {"dataType": "Int"})
    on.refused(409, "runtime.not_memory", "DELETE", tag("PLC_1:Flag"))


# -- sources --------------------------------------------------------------------------------


def test_sources(on: Client) -> None:
    found = {each["name"]: each for each in on.ok("GET", f"{RT}/sources")}
    assert set(found) == {"PLC_1", "memory"}
    simulated = "virtual" if BACKEND == "fake" else "plcsim"
    assert (found["PLC_1"]["kind"], found["PLC_1"]["defined"]) == (simulated, False)
    on.ok("POST", f"{RT}/sources", {"name": "Line 3", "kind": "simulated", "instance": "PLC_1", "default": True})
    assert on.ok("GET", f"{tag('Flag')}/value")["tag"] == "Line 3:Flag"
    assert on.ok("GET", f"{RT}/sources/line%203/status") == {
        "state": "connected",
        "message": "",
        "operatingState": "Run",
    }
    tested = on.ok("POST", f"{RT}/sources/PLC_1/actions/test")
    assert tested["state"] == "connected" and tested["tags"] > 10
    on.ok("POST", f"{RT}/sources", {"name": "ERP", "kind": "memory"})
    assert on.ok("PATCH", f"{RT}/sources/erp", {"default": True})["default"] is True
    assert not on.ok("GET", f"{RT}/sources/Line%203")["default"]
    on.ok("PUT", tag("Order"), {"dataType": "Int"})
    assert on.ok("GET", tag("ERP:Order"))["tag"] == "ERP:Order"
    assert on.ok("DELETE", f"{RT}/sources/ERP")["name"] == "ERP"
    on.ok("POST", f"{RT}/sources", {"name": "ERP", "kind": "memory"})
    assert on.ok("GET", f"{RT}/tags", source="ERP") == []


def test_sources_that_cannot_be(on: Client) -> None:
    path = f"{RT}/sources"
    on.refused(409, "runtime.source_exists", "POST", path, {"name": "plc_1", "kind": "memory"})
    on.refused(409, "runtime.source_exists", "POST", path, {"name": "Memory", "kind": "memory"})
    on.refused(400, "runtime.source_name", "POST", path, {"name": "a:b", "kind": "memory"})
    on.refused(400, "runtime.source_instance", "POST", path, {"name": "x", "kind": "simulated"})
    on.refused(400, "runtime.source_instance", "POST", path, {"name": "x", "kind": "memory", "instance": "PLC_1"})
    on.refused(409, "runtime.own_source", "DELETE", f"{path}/memory")
    on.refused(409, "runtime.own_source", "PATCH", f"{path}/PLC_1", {"default": True})
    on.refused(404, "source.not_found", "DELETE", f"{path}/nope")
    on.refused(404, "source.not_found", "GET", f"{path}/nope/status")
    on.ok("POST", path, {"name": "Gone", "kind": "simulated", "instance": "PLC_7"})
    assert on.ok("GET", f"{path}/Gone/status")["state"] == "failed"
    assert on.ok("POST", f"{path}/Gone/actions/test")["tags"] is None


# -- rules and rights -----------------------------------------------------------------------


def test_rights(on: Client) -> None:
    on.ok("PUT", tag("memory:Note"), {"dataType": "Int"})
    view, engineer = key(on, "view", "viewer"), key(on, "engineer", "engineer")
    operate = key(on, "operate", "operator")
    value = f"{tag('memory:Note')}/value"
    assert outcome(on, view, "GET", value) == (200, "")
    assert outcome(on, engineer, "PUT", value, {"value": 1}) == (403, "auth.right")
    assert outcome(on, operate, "PUT", value, {"value": 1}) == (200, "")
    assert outcome(on, view, "PUT", tag("memory:New"), {"dataType": "Int"}) == (403, "auth.right")
    assert outcome(on, engineer, "PUT", tag("memory:New"), {"dataType": "Int"}) == (200, "")
    for method, path, body in (
        ("POST", f"{RT}/sources", {"name": "x", "kind": "memory"}),
        ("PUT", f"{RT}/rules", {"rules": []}),
        ("GET", f"{RT}/rules", None),
    ):
        assert outcome(on, operate, method, path, body) == (403, "auth.right")


def test_rules_are_kept_and_hold(on: Client) -> None:
    operate = key(on, "operate", "operator")
    speed, rules = f"{tag('PLC_1:Data.motor.speed')}/value", f"{RT}/rules"
    given = [
        {"tag": "PLC_1:Data.motor.speed", "write": ["key:operate"], "minimum": 0, "maximum": 10.5},
        {"tag": "PLC_1:Data.list[-1]", "write": ["operator"], "rate": "2/h"},
        {"tag": "PLC_1:Out", "write": ["operator"], "verify": True},
        {"tag": "PLC_1:Data.*", "read": ["administrator"]},
    ]
    assert on.ok("PUT", rules, {"rules": given})["rules"] == given
    assert on.ok("GET", rules)["rules"] == given
    assert outcome(on, operate, "PUT", speed, {"value": 10.5}) == (200, "")
    for value in (10.6, "10.6", "NaN", "Infinity", -1):
        assert outcome(on, operate, "PUT", speed, {"value": value}) == (422, "runtime.range"), value
    assert outcome(on, {}, "PUT", speed, {"value": 1}) == (403, "runtime.write_denied")
    for spelling in ("PLC_1:Data.exact", 'plc_1:"Data".exact', "PLC_1:Da ta.EXACT"):
        assert outcome(on, operate, "GET", f"{tag(spelling)}/value") == (403, "runtime.read_denied")
        assert outcome(on, operate, "PUT", f"{tag(spelling)}/value", {"value": 1}) == (403, "runtime.write_denied")
        assert outcome(on, operate, "GET", tag(spelling)) == (403, "runtime.read_denied")
    listed = on.http.get(f"{RT}/tags?source=PLC_1", headers=operate).json()["data"]
    assert "PLC_1:Data.exact" not in {each["tag"] for each in listed}
    cell = f"{tag('PLC_1:Data.list[-1]')}/value"
    assert [outcome(on, operate, "PUT", cell, {"value": n})[0] for n in (1, 2, 3)] == [200, 200, 429]
    assert on.ok("PUT", f"{tag('PLC_1:Out')}/value", {"value": True})["verified"] in {True, False}


def test_rules_that_cannot_be(client: Client) -> None:
    path = f"{RT}/rules"
    for rule in ({"tag": "Speed"}, {"tag": "a:b", "minimum": 2, "maximum": 1}, {"tag": "a:b", "rate": "often"}):
        error = client.refused(400, "runtime.rule", "PUT", path, {"rules": [{"tag": "a:*"}, rule]})
        assert error["pointer"] == "/rules/1" if "pointer" in error else error["place"]["pointer"] == "/rules/1"
    assert client.ok("GET", path)["rules"] == []


def test_a_key_that_is_limited_to_tags(on: Client) -> None:
    on.ok("PUT", tag("memory:Order.count"), {"dataType": "Int"})
    on.ok("PUT", tag("memory:Secret"), {"dataType": "Int"})
    erp = key(on, "erp", "operator", tags=["memory:Order.*", "PLC_1:Data.motor.*"])
    assert on.http.get("/api/auth/me", headers=erp).json()["data"]["tags"] == ["memory:Order.*", "PLC_1:Data.motor.*"]
    assert outcome(on, erp, "PUT", f"{tag('memory:Order.count')}/value", {"value": 1}) == (200, "")
    assert outcome(on, erp, "PUT", f"{tag('memory:Secret')}/value", {"value": 1}) == (403, "runtime.write_denied")
    assert outcome(on, erp, "GET", f"{tag('memory:Secret')}/value") == (403, "runtime.read_denied")
    assert outcome(on, erp, "DELETE", tag("memory:Secret")) == (403, "runtime.read_denied")
    nodes = on.http.get(f"{RT}/tags/browse?source=PLC_1&depth=3", headers=erp).json()["data"]
    assert {each["tag"] for each in nodes} <= {
        "PLC_1:Data",
        "PLC_1:Data.motor",
        *(each["tag"] for each in nodes if each["tag"].startswith("PLC_1:Data.motor.")),
    }
    assert any(each["tag"] == "PLC_1:Data.motor.speed" for each in nodes)
    for path in (f"{SIM}/tags/Flag?instance=PLC_1", "/api/projects/overview", "/api/api-keys"):
        assert outcome(on, erp, "GET", path)[0] == 403
    project = key(on, "line", "operator", projects=["Line*"])
    assert outcome(on, project, "GET", f"{tag('PLC_1:Flag')}/value") == (403, "auth.scope")
    both = key(on, "both", "operator", projects=["Line*"], tags=["PLC_1:Flag"])
    assert outcome(on, both, "GET", f"{tag('PLC_1:Flag')}/value") == (200, "")


# -- audit ----------------------------------------------------------------------------------


def test_a_bulk_write_is_one_entry_with_the_values_before_and_after(on: Client) -> None:
    writes = [{"tag": "PLC_1:Flag", "value": True}, {"tag": "PLC_1:Data.motor.speed", "value": 7.5}]
    on.ok("POST", WRITE, {"writes": writes, "verify": True})
    (entry,) = [each for each in on.ok("GET", "/api/audit") if each["operation"] == "runtime_values.write"]
    assert entry["arguments"]["writes"] == [each | {"expected": None} for each in writes]
    results = entry["after"]["content"]["results"]
    assert [(each["before"]["value"], each["after"]["value"]) for each in results] == [(False, True), (1.5, 7.5)]


def test_a_single_write_is_one_entry_with_the_values_before_and_after(on: Client) -> None:
    on.ok("PUT", f"{tag('PLC_1:Flag')}/value", {"value": True})
    (entry,) = [each for each in on.ok("GET", "/api/audit") if each["operation"] == "runtime_values.put"]
    assert entry["object"]["name"] == "PLC_1:Flag"
    assert (entry["before"]["content"]["value"], entry["after"]["content"]["value"]) == (False, True)


def test_no_tool_writes(client: Client) -> None:
    catalogue = client.http.app.state["service"].catalogue
    mine = [op for op in catalogue if op.section == "Runtime Data"]
    assert len(mine) >= 18
    assert all(op.no_tool for op in mine if op.changes)
    assert not any(op.no_tool for op in mine if not op.changes and op.right is not Right.ADMINISTER)
