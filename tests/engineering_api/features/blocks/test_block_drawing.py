"""Drawings over HTTP, and current on them: from a client's values and from a virtual CPU."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
DRAWING = f"{DEVICE}/blocks/Motor/drawing"
FLOW = f"{DEVICE}/blocks/Motor/actions/power-flow"
RUN = {"rungs": [[{"any": [[{"contact": "#start"}], [{"contact": "#run"}]]}, {"contact": "#stop"}, {"coil": "#run"}]]}
FAST = {
    "rungs": [[{"compare": ["#speed", ">", "100"], "type": "Int"}, {"contact": '"Enable"'}, {"coil": '"Lamp"'}]],
}
MOTOR: dict[str, Any] = {
    "kind": "FB",
    "name": "Motor",
    "language": "LAD",
    "interface": {
        "Input": [{"name": "start", "type": "Bool"}, {"name": "stop", "type": "Bool"}],
        "Static": [{"name": "run", "type": "Bool"}, {"name": "speed", "type": "Int"}],
    },
    "networks": [
        {"title": "Run", "comment": "Until stop", "source": RUN},
        {"title": "Fast", "source": FAST},
        {"title": "Empty"},
    ],
}
PROGRAM = """
DATA_BLOCK "Motor_1"
"Motor"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Cycle"
BEGIN
  "Motor_1"();
END_ORGANIZATION_BLOCK
FUNCTION "Text" : Void
BEGIN
END_FUNCTION
"""
SECOND = """
FUNCTION_BLOCK "Line"
VAR
  left : "Motor";
END_VAR
BEGIN
  #left();
END_FUNCTION_BLOCK
DATA_BLOCK "Line_1"
"Line"
BEGIN
END_DATA_BLOCK
"""
GRAPH: dict[str, Any] = {
    "sequences": [
        {
            "steps": [{"name": "Idle", "init": True}, {"name": "Mix"}],
            "transitions": [{"name": "Go", "condition": [{"contact": '"Enable"'}]}, {"name": "Done"}],
            "flow": ["Idle", "Go", "Mix", "Done", {"jump": "Idle"}],
        }
    ]
}


@pytest.fixture
def motor(plc: Client) -> Client:
    """A client with a PLC that has blocks in several languages."""
    table = f"{DEVICE}/tag-tables/Default%20tag%20table/tags"
    for name, address in (("Enable", "%I0.0"), ("Lamp", "%Q0.0")):
        plc.ok("POST", table, {"name": name, "dataType": "Bool", "address": address})
    plc.ok("POST", f"{DEVICE}/blocks", MOTOR)
    plc.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": PROGRAM})
    return plc


@pytest.fixture
def running(motor: Client) -> Iterator[Client]:
    """The same with a virtual CPU PLC_1 in RUN."""
    motor.ok("POST", "/api/simulation/instances/create", {"name": "PLC_1"})
    motor.ok("POST", "/api/simulation/instances/PLC_1/power-on")
    motor.ok("POST", f"{DEVICE}/actions/download-sync")
    motor.ok("POST", f"{DEVICE}/cpu/actions/start")
    yield motor
    motor.http.delete("/api/simulation/instances/PLC_1")


def compile_all(client: Client) -> None:
    client.ok("POST", f"{DEVICE}/actions/compile-sync")


def network(answer: Any, number: int) -> Any:
    return next(each for each in answer["networks"] if each["number"] == number)


def marks(drawn: Any, **wanted: Any) -> list[Any]:
    return [each for each in drawn["marks"] if all(each.get(name) == value for name, value in wanted.items())]


def coil_wire(client: Client, number: int) -> int:
    """The number of the wire that leads to the coil of a network: the one that starts where no other mark of it is."""
    drawn = network(client.ok("GET", DRAWING, network=number, format="json"), number)
    parts = [mark["part"] for mark in drawn["marks"] if mark.get("operand") in ("#run", '"Lamp"')]
    xml = etree.fromstring(client.ok("POST", f"{DEVICE}/blocks/Motor/export", {"format": "xml"}).encode())
    uids = xml.xpath(
        f"//*[local-name()='Wire'][*[local-name()='NameCon'][@UId='{max(parts)}'][@Name='in']]/@UId",
    )
    return int(uids[number - 1] if len(uids) > 1 else uids[0])


def test_a_drawing_names_parts_wires_and_operands(motor: Client) -> None:
    compile_all(motor)
    found = motor.ok("GET", DRAWING)
    assert (found["name"], found["language"], found["total"]) == ("Motor", "LAD", 3)
    assert [each["number"] for each in found["networks"]] == [1, 2, 3]
    first = network(found, 1)
    assert (first["title"], first["comment"]) == ("Run", "Until stop")
    assert "#start" in first["text"]
    picture = etree.fromstring(first["svg"])
    assert (int(picture.get("width", "")), int(picture.get("height", ""))) == (first["width"], first["height"])
    operands = [each.get("data-operand") for each in picture.iter() if each.get("data-operand")]
    assert operands == ["#start", "#run", "#stop", "#run"]
    assert all(each.get("data-pin") == "operand" for each in picture.iter() if each.get("data-operand"))
    assert not picture.xpath("//@style")
    wires = {each.get("data-wire") for each in picture.iter() if each.get("class") == "line" and each.get("data-wire")}
    assert len(wires) >= 5
    assert network(found, 3).get("svg", "") == ""


def test_a_drawing_as_marks_has_what_the_document_has(motor: Client) -> None:
    compile_all(motor)
    drawn = network(motor.ok("GET", DRAWING, network=2, format="json"), 2)
    assert [each["operand"] for each in drawn["marks"] if each.get("operand")] == [
        "#speed",
        "100",
        '"Enable"',
        '"Lamp"',
    ]
    document = etree.fromstring(network(motor.ok("GET", DRAWING, network=2), 2)["svg"])
    assert len(drawn["marks"]) == len([each for each in document if etree.QName(each).localname != "style"])
    assert marks(drawn, kind="text", operand='"Enable"')[0]["lines"] == ['"Enable"']


def test_some_networks_may_be_asked_for(motor: Client) -> None:
    compile_all(motor)
    assert [each["number"] for each in motor.ok("GET", DRAWING, network=2, count=5)["networks"]] == [2, 3]
    motor.refused(404, "block.network_not_found", "GET", DRAWING, network=4)
    narrow = network(motor.ok("GET", DRAWING, network=1, width=300), 1)
    assert narrow["width"] < network(motor.ok("GET", DRAWING, network=1), 1)["width"] or narrow["width"] <= 300


@pytest.mark.parametrize("name", ["Text", "Motor_1"])
def test_a_block_without_a_drawing_names_the_route_of_its_text(motor: Client, name: str) -> None:
    compile_all(motor)
    error = motor.refused(422, "block.no_drawing", "GET", f"{DEVICE}/blocks/{name}/drawing")
    assert "/content" in error["message"]
    body = {"values": {}}
    motor.refused(422, "block.no_drawing", "POST", f"{DEVICE}/blocks/{name}/actions/power-flow", body)


def test_a_block_that_is_missing_is_named(motor: Client) -> None:
    motor.refused(404, "block.not_found", "GET", f"{DEVICE}/blocks/None/drawing")
    motor.refused(404, "block.not_found", "POST", f"{DEVICE}/blocks/None/actions/power-flow", {"values": {}})


def test_current_from_a_clients_values(motor: Client) -> None:
    compile_all(motor)
    values = {"#start": True, "#run": False, "stop": True, "#speed": 101, "enable": True, "Lamp": False}
    found = motor.ok("POST", FLOW, {"values": {**values, "#stop": True}})
    assert (found["sourceState"], found["live"], found["time"]) == ("snapshot", False, None)
    wires = network(found, 1)["places"][0]["wires"]
    assert wires[str(coil_wire(motor, 1))] is True
    shown = {each["operand"]: each for each in network(found, 1)["operands"]}
    assert (shown["#start"]["value"], shown["#run"]["value"], shown["#start"]["dataType"]) == ("TRUE", "FALSE", "Bool")
    [place] = network(found, 2)["places"]
    lamp = next(
        each
        for each in motor.ok("GET", DRAWING, network=2, format="json")["networks"][0]["marks"]
        if each.get("operand") == '"Lamp"'
    )
    assert place["parts"][str(lamp["part"])] is True
    assert list(place["wires"].values()).count(True) == len(place["wires"]) - 1
    stopped = motor.ok("POST", FLOW, {"values": {"#start": True, "#stop": False}, "networks": [1]})
    assert network(stopped, 1)["places"][0]["wires"][str(coil_wire(motor, 1))] is False
    unknown = motor.ok("POST", FLOW, {"values": {"#start": True}, "networks": [1]})
    assert network(unknown, 1)["places"][0]["wires"][str(coil_wire(motor, 1))] is None


@pytest.mark.parametrize("body", [{}, {"values": {}, "source": "PLC_1"}])
def test_values_come_from_one_place(motor: Client, body: dict[str, Any]) -> None:
    assert motor.http.post(FLOW, json=body).status_code == 400


def test_values_have_the_types_of_their_operands(motor: Client) -> None:
    compile_all(motor)
    motor.refused(422, "plcsim.value", "POST", FLOW, {"values": {"#speed": "fast"}})
    motor.refused(404, "block.network_not_found", "POST", FLOW, {"values": {}, "networks": [4]})


def wait_for(client: Client, body: dict[str, Any], wire: int, wanted: bool | None) -> Any:
    deadline = time.monotonic() + 60
    while True:
        found = client.ok("POST", FLOW, body)
        if network(found, body["networks"][0])["places"][0]["wires"][str(wire)] is wanted:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def test_a_bit_lights_its_wire_and_a_cpu_in_stop_never_looks_live(running: Client) -> None:
    body = {"source": "PLC_1", "networks": [2]}
    wire = coil_wire(running, 2)
    found = wait_for(running, body, wire, wanted=False)
    assert (found["instance"], found["instances"], found["live"]) == ('"Motor_1"', ['"Motor_1"'], True)
    assert (found["operatingState"], found["sourceState"]) == ("Run", "connected")
    running.ok("POST", "/api/simulation/connect", {"instance": "PLC_1"})
    running.ok("PUT", "/api/simulation/tags/Motor_1.speed", {"value": 150})
    running.ok("PUT", "/api/simulation/tags/Enable", {"value": True})
    lit = wait_for(running, body, wire, wanted=True)
    shown = {each["operand"]: each for each in network(lit, 2)["operands"]}
    assert (shown["#speed"]["value"], shown["#speed"]["quality"]) == ("150", "Good")
    assert shown['"Enable"']["tag"] == "PLC_1:Enable"
    running.ok("POST", f"{DEVICE}/cpu/actions/stop")
    stopped = running.ok("POST", FLOW, body)
    assert (stopped["live"], stopped["operatingState"]) == (False, "Stop")
    assert network(stopped, 2)["places"][0]["wires"][str(wire)] is None
    assert {each["quality"] for each in network(stopped, 2)["operands"]} == {"Bad"}


def test_one_of_several_instances_has_to_be_named(running: Client) -> None:
    running.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": SECOND})
    compile_all(running)
    found = running.ok("POST", FLOW, {"source": "PLC_1", "networks": [1]})
    assert (found["instance"], found["instances"]) == ("", ['"Line_1".left', '"Motor_1"'])
    assert {each.get("value", "") for each in network(found, 1)["operands"]} == {""}
    chosen = running.ok("POST", FLOW, {"source": "PLC_1", "networks": [1], "instance": "Motor_1"})
    assert {each["value"] for each in network(chosen, 1)["operands"]} == {"FALSE"}


def test_an_edit_changes_the_flow_at_once(running: Client) -> None:
    body = {"values": {"#start": True, "#stop": True}, "networks": [1]}
    running.ok("POST", FLOW, body)
    changed = {"networks": [{"source": {"rungs": [[{"contact": "#start", "negated": True}, {"coil": "#run"}]]}}]}
    running.ok("PUT", f"{DEVICE}/blocks/Motor/content", changed)
    compile_all(running)
    [place] = network(running.ok("POST", FLOW, body), 1)["places"]
    assert sorted(map(str, place["parts"].values())) == ["False", "False"]


def test_graph_shows_its_active_step(running: Client) -> None:
    interface = {"Input": [{"name": "begin", "type": "Bool"}]}
    body = {"deviceName": "PLC_1", "name": "Mixer", "graph": {"graph": GRAPH}, "interface": interface}
    running.ok("POST", "/api/blockgeneration/generate-graph", body)
    instance = 'DATA_BLOCK "Mixer_1"\n"Mixer"\nBEGIN\nEND_DATA_BLOCK\n'
    instance += 'ORGANIZATION_BLOCK "Cycle_2"\nBEGIN\n"Mixer_1"();\nEND_ORGANIZATION_BLOCK\n'
    running.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": instance})
    running.ok("POST", f"{DEVICE}/cpu/actions/stop")
    running.ok("POST", f"{DEVICE}/actions/download-sync")
    running.ok("POST", f"{DEVICE}/cpu/actions/start")
    [drawn] = running.ok("GET", f"{DEVICE}/blocks/Mixer/drawing", format="json")["networks"]
    assert marks(drawn, kind="rect", place="S1")
    [operand] = marks(drawn, operand='"Enable"')
    assert operand["place"] == "T1"
    deadline = time.monotonic() + 60
    while True:
        found = running.ok("POST", f"{DEVICE}/blocks/Mixer/actions/power-flow", {"source": "PLC_1"})
        [flow] = found["networks"]
        if {each["name"]: each["active"] for each in flow["steps"]} == {"Idle": True, "Mix": False}:
            break
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    [condition] = [each for each in flow["places"] if each["place"] == "T1"]
    assert condition["parts"][str(operand["part"])] is False


CHANGED = {"networks": [{"source": {"rungs": [[{"contact": "#stop"}, {"coil": "#run"}]]}}]}
AGREED = {"scope": "Software", "prompts": {"StopModules": "StopAll", "StartModules": "StartModule"}}


def test_no_current_is_known_of_a_block_that_the_cpu_does_not_execute(running: Client) -> None:
    """A changed block is drawn without current until it is downloaded, whatever its operands are."""
    body = {"source": "PLC_1", "networks": [1]}
    before = running.ok("POST", FLOW, body)
    assert (before["online"], before["onlineMessage"]) == ("equal", "")
    assert None not in network(before, 1)["places"][0]["parts"].values()
    running.ok("PUT", f"{DEVICE}/blocks/Motor/content", CHANGED)
    compile_all(running)
    changed = running.ok("POST", FLOW, body)
    assert (changed["online"], changed["live"]) == ("differs", True)
    assert "download" in changed["onlineMessage"].casefold()
    [place] = network(changed, 1)["places"]
    assert {*place["wires"].values(), *place["parts"].values()} == {None}
    running.ok("POST", f"{DEVICE}/actions/download-sync", AGREED)
    loaded = running.ok("POST", FLOW, body)
    assert loaded["online"] == "equal"
    assert None not in network(loaded, 1)["places"][0]["parts"].values()


def test_a_source_of_another_cpu_is_not_known_to_execute_the_block(running: Client) -> None:
    running.ok("POST", "/api/simulation/instances/create", {"name": "Other", "powerOn": True})
    found = running.ok("POST", FLOW, {"source": "Other", "networks": [1]})
    assert found["online"] == "unknown"
    assert "Other" in found["onlineMessage"]
    running.http.delete("/api/simulation/instances/Other")
