"""HMI over HTTP: screens, tags, connections, scripts, lists, graphics and library types of both families."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from lxml import etree

import simatic_xml
from engineering_api.app import create_app
from tests.engineering_api.features.hmi.hmi_kit import CLASSIC, UNIFIED, add_panels, put, write
from tests.fakes.fake_openness import hmi_kit
from tests.fakes.fake_openness.hmi_kit import document, field, screen, table, tag
from tests.support.service import Client, settings


@pytest.fixture
def hmi(plc: Client) -> Client:
    """A client with PLC_1, a classic panel HMI_1 and a Unified panel HMI_2."""
    add_panels(plc)
    return plc


def leaves(node: dict[str, Any]) -> list[str]:
    """The names of everything in a tree that is no folder."""
    own = [] if node["isFolder"] else [node["name"]]
    return own + [name for child in node["children"] for name in leaves(child)]


# -- devices ------------------------------------------------------------------------------


def test_a_panel_is_found_by_its_device_and_its_runtime(hmi: Client) -> None:
    for name in ("HMI_1", "hmi_1", "HMI_RT_1"):
        assert hmi.ok("GET", f"/api/devices/{name}/hmi/tags") == []
    hmi.refused(404, "device.not_found", "GET", "/api/devices/HMI_9/hmi/tags")
    hmi.refused(422, "device.no_hmi", "GET", "/api/devices/PLC_1/hmi/tags")


def test_a_panel_is_compiled_with_its_station(hmi: Client, workspace: Path) -> None:
    put(hmi, workspace, f"{CLASSIC}/screens", document(screen(inside=field())))
    report = hmi.ok("POST", "/api/devices/HMI_1/actions/compile-sync")
    assert report["result"]["errorCount"] == 1
    (found,) = [each for each in report["diagnostics"] if each["severity"] == "Error"]
    assert "Level" in found["message"] and "Start" in found["path"]


def test_a_session_needs_a_project(client: Client) -> None:
    client.refused(409, "project.none", "GET", "/api/hmi/unified/summary")


# -- classic screens ----------------------------------------------------------------------


def test_screens_of_a_classic_panel_come_and_go_as_files(hmi: Client, workspace: Path) -> None:
    body = document(screen("Start", 1, field("Field", "Level"), "Base"), screen("Motor", 2))
    assert put(hmi, workspace, f"{CLASSIC}/screens", body, folder="Line 1/Drives") == ["Start", "Motor"]
    listed = hmi.ok("GET", f"{CLASSIC}/screens")
    assert [(each["name"], each["number"], each["width"], each["height"], each["folder"]) for each in listed] == [
        ("Motor", 2, 800, 480, "Line 1/Drives"),
        ("Start", 1, 800, 480, "Line 1/Drives"),
    ]
    hmi.ok("POST", f"{CLASSIC}/screens/Start/actions/export", {"exportPath": "out/Start.xml"})
    (exported,) = simatic_xml.load((workspace / "out/Start.xml").read_bytes()).objects
    assert exported.name == "Start"
    hmi.refused(409, "file.exists", "POST", f"{CLASSIC}/screens/Start/actions/export", {"exportPath": "out/Start.xml"})
    hmi.ok("POST", f"{CLASSIC}/screens/Start/actions/export", {"exportPath": "out/Start.xml", "overwrite": True})
    missing = {"exportPath": "out/Start.xml", "overwrite": True}
    hmi.refused(404, "screen.not_found", "POST", f"{CLASSIC}/screens/None/actions/export", missing)
    assert b"Start" in (workspace / "out/Start.xml").read_bytes()
    assert hmi.ok("DELETE", f"{CLASSIC}/screens/Start")["name"] == "Start"
    assert hmi.ok("POST", f"{CLASSIC}/screens/actions/import", {"importFilePath": "out/Start.xml"})["names"] == [
        "Start"
    ]


def test_details_of_a_classic_screen_are_those_of_its_file(hmi: Client, workspace: Path) -> None:
    put(hmi, workspace, f"{CLASSIC}/screens", document(screen("Start", 3, field("Field", "Level"), "Base")), folder="A")
    for name in ("Start", "A%2FStart"):
        found = hmi.ok("GET", f"{CLASSIC}/screens/{name}/details")
        assert (found["family"], found["template"], found["itemCount"]) == ("classic", "Base", 1)
        (item,) = found["items"]
        assert (item["name"], item["type"], item["left"], item["top"], item["layer"]) == ("Field", "IOField", 10, 20, 0)
        assert item["bindings"] == [{"property": "ProcessValue", "tag": "Level"}]
    hmi.refused(404, "screen.not_found", "GET", f"{CLASSIC}/screens/None/details")


def test_the_tree_of_a_classic_panel_has_all_kinds_of_screens(hmi: Client, workspace: Path) -> None:
    put(hmi, workspace, f"{CLASSIC}/screens", document(screen("Start")), folder="Line 1")
    put(hmi, workspace, f"{CLASSIC}/screens", document(hmi_kit.simple("Hmi.Screen.ScreenTemplate", "Base")))
    put(hmi, workspace, f"{CLASSIC}/screens", document(hmi_kit.simple("Hmi.Screen.ScreenPopup", "Ask")))
    root = hmi.ok("GET", f"{CLASSIC}/screens/tree")
    kinds = {child["name"]: leaves(child) for child in root["children"]}
    assert kinds == {
        "Screens": ["Start"],
        "Templates": ["Base"],
        "Pop-up screens": ["Ask"],
        "Slide-in screens": ["Bottom", "Left", "Right", "Top"],
        "Global elements": ["Global elements"],
        "Screen overview": ["Screen overview"],
    }
    assert root["children"][0]["children"][0]["children"][0]["path"] == "Line 1/Start"


def test_a_used_screen_number_is_refused_before_it_kills_the_portal(hmi: Client, workspace: Path) -> None:
    put(hmi, workspace, f"{CLASSIC}/screens", document(screen("A", 11)))
    write(workspace, "b.xml", document(screen("B", 11)))
    route = f"{CLASSIC}/screens/actions/import"
    error = hmi.refused(409, "hmi.screen_number", "POST", route, {"importFilePath": "b.xml"})
    assert error["place"]["object"] == "A"
    write(workspace, "b.xml", document(screen("B", 12), screen("C", 12)))
    hmi.refused(409, "hmi.screen_number", "POST", route, {"importFilePath": "b.xml"})
    assert [each["name"] for each in hmi.ok("GET", f"{CLASSIC}/screens")] == ["A"]


def test_files_that_are_no_screens(hmi: Client, workspace: Path) -> None:
    route = f"{CLASSIC}/screens/actions/import"
    for content, code in (("<x", "hmi.not_simaticml"), (document(table("T")), "hmi.import_kind")):
        write(workspace, "bad.xml", content)
        hmi.refused(422, code, "POST", route, {"importFilePath": "bad.xml"})
    hmi.refused(404, "file.not_found", "POST", route, {"importFilePath": "none.xml"})
    hmi.refused(403, "path.outside_roots", "POST", route, {"importFilePath": "/etc/passwd"})
    hmi.refused(400, "path.invalid", "POST", route, {"importFilePath": "x" * 5000})
    put(hmi, workspace, f"{CLASSIC}/screens", document(screen("A")))
    hmi.refused(422, "hmi.import_refused", "POST", route, {"importFilePath": "in.xml"})


# -- Unified screens ----------------------------------------------------------------------


def test_screens_of_a_unified_panel_are_made_and_filled(hmi: Client) -> None:
    body = {"name": "Motor", "folder": "Line 1", "width": 1024, "height": 600, "number": 7}
    made = hmi.ok("POST", f"{UNIFIED}/screens", body)
    assert (made["number"], made["width"], made["height"], made["folder"]) == (7, 1024, 600, "Line 1")
    items = [
        {
            "name": "Speed",
            "type": "HmiIOField",
            "left": 40,
            "top": 60,
            "bindings": [{"property": "ProcessValue", "tag": "Motor_Speed"}],
        },
        {"name": "Go", "type": "HmiButton", "width": 120, "texts": [{"culture": "en-US", "text": "Start"}]},
    ]
    hmi.ok("POST", f"{UNIFIED}/screens/Motor/items", {"items": items})
    found = hmi.ok("GET", f"{UNIFIED}/screens/Motor/details")
    assert (found["screen"], found["family"], found["itemCount"]) == (made, "unified", 2)
    button, speed = found["items"]
    assert (button["text"], button["width"], button["type"]) == ("Start", 120, "HmiButton")
    assert (speed["left"], speed["top"], speed["bindings"]) == (
        40,
        60,
        [{"property": "ProcessValue", "tag": "Motor_Speed"}],
    )
    assert leaves(hmi.ok("GET", f"{UNIFIED}/screens/tree")) == ["Motor"]
    hmi.ok("DELETE", f"{UNIFIED}/screens/Motor")
    assert hmi.ok("GET", f"{UNIFIED}/screens") == []


def test_items_are_added_all_or_none(hmi: Client) -> None:
    hmi.ok("POST", f"{UNIFIED}/screens", {"name": "A"})
    route, good = f"{UNIFIED}/screens/A/items", {"name": "X", "type": "HmiText"}
    for bad, status, code in (
        ({"name": "Y", "type": "HmiNothing"}, 501, "tia.type_missing"),
        ({"name": "X", "type": "HmiText"}, 422, "hmi.item_refused"),
        ({"name": "Y", "type": "HmiCircle", "width": 5}, 422, "hmi.item_property"),
        ({"name": "Y", "type": "HmiTag"}, 422, "hmi.item_refused"),
        ({"name": "Y", "type": "HmiText", "left": 60.5}, 400, "value.not_whole"),
        ({"name": "Y", "type": "HmiBar", "bindings": [{"property": "Nothing", "tag": "T"}]}, 422, "hmi.item_refused"),
        ({"name": "Y", "type": "HmiText", "texts": [{"culture": "xx-XX", "text": "T"}]}, 422, "text.culture"),
    ):
        error = hmi.refused(status, code, "POST", route, {"items": [good, bad]})
        assert error["place"]["pointer"] == "/items/1"
    assert hmi.ok("GET", f"{UNIFIED}/screens/A/details")["items"] == []


def test_what_one_family_does_not_have_says_what_to_do_instead(hmi: Client, workspace: Path) -> None:
    write(workspace, "s.xml", document(screen()))
    hmi.ok("POST", f"{UNIFIED}/screens", {"name": "A"})
    file, out = {"importFilePath": "s.xml"}, {"exportPath": "out.xml"}
    for path, body in (
        ("screens/actions/import", file),
        ("screens/A/actions/export", out),
        ("connections/actions/export", out),
        ("connections/actions/import", file),
    ):
        assert "Unified" in hmi.refused(422, "hmi.unified", "POST", f"{UNIFIED}/{path}", body)["message"]
    hmi.refused(422, "hmi.unified", "GET", f"{UNIFIED}/text-lists/States/xml")
    hmi.refused(422, "hmi.unified", "DELETE", f"{UNIFIED}/text-lists/States")
    for path, more in (("screens", {}), ("tags", {}), ("connections", {"partner": "PLC_1"}), ("screens/A/items", {})):
        body = {"items": [{"name": "X", "type": "HmiText"}]} if "items" in path else {"name": "X"} | more
        hmi.refused(422, "hmi.classic", "POST", f"{CLASSIC}/{path}", body)
    hmi.refused(422, "hmi.classic", "GET", f"{CLASSIC}/unified/tags/tree")


def test_names_and_numbers_of_unified_screens_are_unique(hmi: Client) -> None:
    hmi.ok("POST", f"{UNIFIED}/screens", {"name": "A", "number": 5})
    hmi.refused(422, "hmi.screen_refused", "POST", f"{UNIFIED}/screens", {"name": "a"})
    hmi.refused(422, "hmi.screen_refused", "POST", f"{UNIFIED}/screens", {"name": "B", "number": 5})
    assert [each["name"] for each in hmi.ok("GET", f"{UNIFIED}/screens")] == ["A"]
    hmi.refused(400, "request.wrong_type", "POST", f"{UNIFIED}/screens", {"name": "B", "width": -1})


# -- tags ---------------------------------------------------------------------------------


def test_tags_of_a_classic_panel_are_read_from_their_tables(hmi: Client, workspace: Path) -> None:
    body = document(table("Tank", tag("Level", "Real", "Connection_1", "Tank.Level"), tag("Own")))
    assert put(hmi, workspace, f"{CLASSIC}/tags", body, folder="Line 1") == ["Tank"]
    level, own = hmi.ok("GET", f"{CLASSIC}/tags")
    assert (level["name"], level["dataType"], level["connection"], level["plcTag"]) == (
        "Level",
        "Real",
        "Connection_1",
        "Tank.Level",
    )
    assert (own["connection"], own["table"], own["folder"], own["comment"]) == ("", "Tank", "Line 1", "of Own")
    assert leaves(hmi.ok("GET", f"{CLASSIC}/tags/tree")) == ["Level", "Own"]
    assert hmi.ok("DELETE", f"{CLASSIC}/tags/Own")["name"] == "Own"
    hmi.refused(404, "tag.not_found", "DELETE", f"{CLASSIC}/tags/Own")
    put(hmi, workspace, f"{CLASSIC}/tags", document(table("Other", tag("Speed"))))
    hmi.ok("POST", f"{CLASSIC}/tags/actions/export", {"exportPath": "all.xml"})
    ids = [each.get("ID") for each in etree.parse(workspace / "all.xml").iter() if each.get("ID")]
    assert len(ids) == len(set(ids)) > 8
    assert [each.name for each in simatic_xml.load((workspace / "all.xml").read_bytes()).objects] == [
        "Default tag table",
        "Other",
        "Tank",
    ]
    hmi.ok("POST", f"{CLASSIC}/tags/actions/export", {"exportPath": "one.xml", "tableName": "other"})
    assert [each.name for each in simatic_xml.load((workspace / "one.xml").read_bytes()).objects] == ["Other"]


def test_what_was_exported_is_imported_again(hmi: Client, workspace: Path) -> None:
    put(hmi, workspace, f"{CLASSIC}/tags", document(table("Tank", tag("Level")), table("Pump", tag("Speed"))))
    before = hmi.ok("GET", f"{CLASSIC}/tags")
    hmi.ok("POST", f"{CLASSIC}/tags/actions/export", {"exportPath": "all.xml"})
    route, body = f"{CLASSIC}/tags/actions/import", {"importFilePath": "all.xml"}
    hmi.refused(422, "hmi.import_refused", "POST", route, body)
    hmi.ok("POST", route, body | {"override": True})
    assert hmi.ok("GET", f"{CLASSIC}/tags") == before
    hmi.http.headers["X-Client-Id"] = "vscode/1.4.2"
    hmi.ok("POST", route, body)
    assert hmi.ok("GET", f"{CLASSIC}/tags") == before


def test_tags_of_a_unified_panel_are_made_exported_and_imported(hmi: Client, workspace: Path) -> None:
    hmi.ok("POST", "/api/devices/PLC_1/tags", {"name": "Speed", "dataType": "Real", "logicalAddress": "%MD10"})
    hmi.ok("POST", f"{UNIFIED}/connections", {"name": "Connection_1", "partner": "PLC_1"})
    body = {"name": "Motor_Speed", "table": "Motors", "connection": "Connection_1", "plcTag": "Speed", "comment": "rpm"}
    made = hmi.ok("POST", f"{UNIFIED}/tags", body)
    assert (made["dataType"], made["hmiDataType"], made["table"], made["comment"]) == ("Real", "Real", "Motors", "rpm")
    hmi.refused(422, "hmi.tag_refused", "POST", f"{UNIFIED}/tags", {"name": "motor_speed"})
    hmi.refused(422, "hmi.tag_refused", "POST", f"{UNIFIED}/tags", {"name": "Other", "table": "New", "plcTag": "Speed"})
    assert hmi.ok("GET", f"{UNIFIED}/tags") == [made]
    for route in ("tags/tree", "unified/tags/tree"):
        root = hmi.ok("GET", f"{UNIFIED}/{route}")
        assert [child["name"] for child in root["children"]] == ["Default tag table", "Motors"]
        assert leaves(root) == ["Motor_Speed"]
    hmi.refused(400, "hmi.file_name", "POST", f"{UNIFIED}/tags/actions/export", {"exportPath": "tags.xml"})
    hmi.ok("POST", f"{UNIFIED}/tags/actions/export", {"exportPath": "tags.hmi.yml"})
    assert hmi.ok("DELETE", f"{UNIFIED}/tags/Motor_Speed") == made
    route, file = f"{UNIFIED}/tags/actions/import", {"importFilePath": "tags.hmi.yml"}
    assert hmi.ok("POST", route, file)["names"] == ["Motor_Speed"]
    assert hmi.ok("GET", f"{UNIFIED}/tags") == [made]
    hmi.refused(422, "hmi.import_refused", "POST", route, file)
    hmi.ok("POST", route, file | {"override": True})
    write(workspace, "bad.hmi.yml", "Screens: {}")
    hmi.refused(422, "hmi.import_kind", "POST", route, {"importFilePath": "bad.hmi.yml"})
    write(workspace, "bad.hmi.yml", "a: [")
    hmi.refused(422, "hmi.not_yaml", "POST", route, {"importFilePath": "bad.hmi.yml"})


def test_all_panels_at_once(hmi: Client, workspace: Path) -> None:
    put(hmi, workspace, f"{CLASSIC}/tags", document(table("Tank", tag("Level"))))
    put(hmi, workspace, f"{CLASSIC}/screens", document(screen("Start")))
    hmi.ok("POST", f"{UNIFIED}/tags", {"name": "Speed"})
    hmi.ok("POST", f"{UNIFIED}/screens", {"name": "Motor", "folder": "Line 1"})
    assert [(each["device"], each["name"]) for each in hmi.ok("GET", "/api/hmi/tags")] == [
        ("HMI_1", "Level"),
        ("HMI_2", "Speed"),
    ]
    assert [(each["device"], each["name"]) for each in hmi.ok("GET", "/api/hmi/screens")] == [
        ("HMI_1", "Start"),
        ("HMI_2", "Motor"),
    ]
    trees = hmi.ok("GET", "/api/hmi/tags/tree")
    assert {each["name"]: leaves(each) for each in trees} == {"HMI_1": ["Level"], "HMI_2": ["Speed"]}
    (summary,) = hmi.ok("GET", "/api/hmi/unified/summary")
    counts = ("device", "software", "screens", "tags", "tagTables", "alarmClasses", "scripts")
    assert [summary[each] for each in counts] == ["HMI_2", "HMI_RT_2", 1, 1, 1, 5, 0]


# -- connections --------------------------------------------------------------------------


def test_connections_of_both_families(hmi: Client, workspace: Path) -> None:
    route = f"{CLASSIC}/connections"
    body = document(hmi_kit.connection("C1"), hmi_kit.connection("C2", "PLC_2"))
    assert put(hmi, workspace, route, body) == ["C1", "C2"]
    assert [(each["name"], each["partner"], each["type"]) for each in hmi.ok("GET", route)] == [
        ("C1", "PLC_1", "SIMATIC S7 1500"),
        ("C2", "PLC_2", "SIMATIC S7 1500"),
    ]
    hmi.ok("POST", f"{route}/actions/export", {"exportPath": "c.xml", "connectionName": "c2"})
    assert [each.name for each in simatic_xml.load((workspace / "c.xml").read_bytes()).objects] == ["C2"]
    hmi.ok("DELETE", f"{route}/C2")
    assert [each["name"] for each in hmi.ok("GET", route)] == ["C1"]
    made = hmi.ok("POST", f"{UNIFIED}/connections", {"name": "C3", "partner": "PLC_1", "node": "X1"})
    assert (made["partner"], made["node"], hmi.ok("GET", f"{UNIFIED}/connections")) == ("PLC_1", "X1", [made])
    hmi.refused(422, "hmi.connection_refused", "POST", f"{UNIFIED}/connections", {"name": "c3", "partner": "PLC_1"})
    hmi.ok("DELETE", f"{route}/C1")
    hmi.refused(422, "hmi.nothing_to_export", "POST", f"{route}/actions/export", {"exportPath": "d.xml"})


# -- scripts ------------------------------------------------------------------------------


def test_vb_scripts(hmi: Client, workspace: Path) -> None:
    code = "Sub Count()\n  x = x + 1\nEnd Sub"
    assert put(hmi, workspace, f"{CLASSIC}/scripts", document(hmi_kit.script("Count", code)), folder="A/B") == ["Count"]
    found = hmi.ok("GET", f"{CLASSIC}/scripts/tree")
    assert (found["language"], found["note"], leaves(found["root"])) == ("VBScript", "", ["Count"])
    for name in ("Count", "A%2FB%2FCount"):
        content = hmi.ok("GET", f"{CLASSIC}/scripts/{name}/content")
        assert (content["code"], content["type"], content["language"]) == (code, "Sub", "VBScript")
        assert [each["name"] for each in content["files"]] == ["Count.xml"]
    hmi.refused(404, "script.not_found", "GET", f"{CLASSIC}/scripts/None/content")


def test_script_modules(hmi: Client, workspace: Path) -> None:
    write(workspace, "Counter.hmi.js", "export function next() {\r\n}\r\n")
    body = "#Version: 2.0\nScriptModules:\n  Counter:\n    ScriptFile: Counter.hmi.js\n"
    assert put(hmi, workspace, f"{UNIFIED}/scripts", body, "Counter.hmi.yml") == ["Counter"]
    found = hmi.ok("GET", f"{UNIFIED}/scripts/tree")
    assert (found["language"], leaves(found["root"])) == ("JavaScript", ["Counter"])
    content = hmi.ok("GET", f"{UNIFIED}/scripts/counter/content")
    assert (content["type"], content["code"]) == ("Module", "export function next() {\r\n}\r\n")
    assert [each["name"] for each in content["files"]] == ["Counter.hmi.js", "Counter.hmi.yml"]
    route = f"{UNIFIED}/scripts/actions/import"
    hmi.refused(422, "hmi.import_refused", "POST", route, {"importFilePath": "Counter.hmi.yml"})
    write(workspace, "Counter.hmi.js", "export function other() {}")
    hmi.ok("POST", route, {"importFilePath": "Counter.hmi.yml", "override": True})
    assert "other" in hmi.ok("GET", f"{UNIFIED}/scripts/Counter/content")["code"]


def test_before_v20_a_unified_panel_shows_no_scripts_and_lists(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version="19"))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
        add_panels(client)
        found = client.ok("GET", f"{UNIFIED}/scripts/tree")
        assert (found["root"]["children"], "V20" in found["note"]) == ([], True)
        client.refused(501, "hmi.tia_version", "GET", f"{UNIFIED}/scripts/X/content")
        assert client.ok("GET", f"{UNIFIED}/text-lists") == client.ok("GET", f"{UNIFIED}/graphic-lists") == []
        (summary,) = client.ok("GET", "/api/hmi/unified/summary")
        assert (summary["scripts"], summary["textLists"], summary["screens"]) == (None, None, 0)


# -- lists --------------------------------------------------------------------------------


def test_text_lists_of_a_classic_panel(hmi: Client, workspace: Path) -> None:
    route = f"{CLASSIC}/text-lists"
    assert put(hmi, workspace, route, document(hmi_kit.text_list("States", "off", "on"))) == ["States"]
    (found,) = hmi.ok("GET", route)
    assert (found["name"], found["range"], found["entryCount"]) == ("States", "Decimal", 2)
    assert [(each["start"], each["to"], each["texts"]) for each in found["entries"]] == [
        ("0", "0", [{"culture": "en-US", "text": "off"}]),
        ("1", "1", [{"culture": "en-US", "text": "on"}]),
    ]
    xml = hmi.ok("GET", f"{route}/States/xml")
    assert [each.name for each in simatic_xml.load(xml.encode()).objects] == ["States"]
    hmi.ok("POST", f"{route}/States/actions/export", {"exportPath": "States.xml"})
    assert (workspace / "States.xml").is_file()
    assert hmi.ok("DELETE", f"{route}/States") == {"name": "States"}
    hmi.refused(404, "text_list.not_found", "GET", f"{route}/States/xml")


def test_graphic_lists_of_a_classic_panel(hmi: Client, workspace: Path) -> None:
    entry = (
        '<Hmi.TextGraphicList.GraphicListEntry ID="1" CompositionName="Entries"><AttributeList><From>0</From><To>3</To>'
        '</AttributeList><LinkList><Graphic TargetID="@OpenLink"><Name>Pump</Name></Graphic></LinkList>'
        "</Hmi.TextGraphicList.GraphicListEntry>"
    )
    body = document(hmi_kit.simple("Hmi.TextGraphicList.GraphicList", "Symbols", objects=entry))
    route = f"{CLASSIC}/graphic-lists"
    assert put(hmi, workspace, route, body) == ["Symbols"]
    (found,) = hmi.ok("GET", route)
    assert [(each["start"], each["to"], each["graphic"]) for each in found["entries"]] == [("0", "3", "Pump")]
    hmi.ok("POST", f"{route}/Symbols/actions/export", {"exportPath": "s.xml"})
    hmi.ok("DELETE", f"{route}/Symbols")
    assert hmi.ok("GET", route) == []


@pytest.mark.parametrize(("route", "key"), [("text-lists", "TextLists"), ("graphic-lists", "GraphicLists")])
def test_lists_of_a_unified_panel(hmi: Client, workspace: Path, route: str, key: str) -> None:
    entries = [{"From": 0, "To": 2, "Text": {"en-US": "off"}, "Graphic": "Pump"}]
    body = json.dumps({key: {"States": {"ListRange": "Decimal", "Entries": entries}}})
    assert put(hmi, workspace, f"{UNIFIED}/{route}", body, "lists.hmi.yml") == ["States"]
    (found,) = hmi.ok("GET", f"{UNIFIED}/{route}")
    (entry,) = found["entries"]
    assert (found["name"], entry["start"], entry["to"], entry["graphic"]) == ("States", "0", "2", "Pump")
    assert entry["texts"] == [{"culture": "en-US", "text": "off"}]
    hmi.refused(400, "hmi.file_name", "POST", f"{UNIFIED}/{route}/States/actions/export", {"exportPath": "x.xml"})
    hmi.ok("POST", f"{UNIFIED}/{route}/States/actions/export", {"exportPath": "x.hmi.yml"})
    assert (workspace / "x.hmi.yml").read_text() == found["document"]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 3000,
        "TextLists: {A: {Entries: 5}}",
        "TextLists: {A: {Entries: [1, {Text: x}]}}",
        "2020-99-99: 1",
        "TextLists: {A: 7}",
        "TextLists: {2020-01-01: {}}",
        "TextLists: {'': {}}",
        "\x01",
    ],
)
def test_a_strange_file_is_refused_or_shown_as_it_is(hmi: Client, workspace: Path, body: str) -> None:
    write(workspace, "x.hmi.yml", body)
    answer = hmi.http.post(f"{UNIFIED}/text-lists/actions/import", json={"importFilePath": "x.hmi.yml"})
    assert answer.status_code in (200, 422)
    for each in hmi.ok("GET", f"{UNIFIED}/text-lists"):
        assert each["name"] in each["document"]


# -- graphics -----------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["20", "21"])
def test_graphics_of_the_project(tmp_path: Path, version: str) -> None:
    workspace = tmp_path / "workspace"
    with TestClient(create_app(settings(tmp_path, tia_version=version))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
        add_panels(client)
        route = f"{CLASSIC}/project-graphics"
        assert put(client, workspace, route, hmi_kit.picture(), "Pump.png") == ["Pump"]
        assert client.ok("GET", route) == client.ok("GET", f"{UNIFIED}/project-graphics") == [{"name": "Pump"}]
        made = client.ok("POST", f"{route}/pump/actions/export", {"exportPath": "out/P.xml"})
        assert [Path(each).read_bytes() for each in made["pictures"]] == [hmi_kit.picture()]
        client.refused(409, "file.exists", "POST", f"{route}/Pump/actions/export", {"exportPath": "out/P.xml"})
        (workspace / "out/P.xml").rename(workspace / "out/Q.xml")
        client.refused(409, "file.exists", "POST", f"{route}/Pump/actions/export", {"exportPath": "out/P.xml"})
        client.refused(422, "hmi.import_refused", "POST", f"{route}/actions/import", {"importFilePath": "out/Q.xml"})
        client.ok("POST", f"{route}/actions/import", {"importFilePath": "out/Q.xml", "override": True})
        write(workspace, "bad.png", b"prose")
        client.refused(422, "hmi.import_refused", "POST", f"{route}/actions/import", {"importFilePath": "bad.png"})
        assert client.ok("DELETE", f"{route}/Pump") == {"name": "Pump"}
        client.refused(404, "graphic.not_found", "DELETE", f"{route}/Pump")


# -- library types ------------------------------------------------------------------------


PROJECT = "projects/Conveyor/Conveyor.ap20"


def test_library_types_of_hmi_come_with_a_project(hmi: Client, workspace: Path) -> None:
    hmi.ok("POST", "/api/projects/actions/save-sync")
    hmi.ok("POST", "/api/projects/actions/close-sync")
    version = {
        "number": "1.0.0",
        "guid": "0b7f3b57-7a0c-4d9a-9d1f-6a2a4a1f0001",
        "author": "me",
        "committed": True,
        "default": True,
        "comment": {},
        "modified": "2026-01-01T00:00:00+00:00",
        "dependencies": [],
    }
    kinds = {"Valve": "Faceplate", "Start": "Screen", "Look": "Style", "Motor": "FB"}
    lines = [
        {
            "tree": "types",
            "folder": ["HMI"],
            "name": name,
            "kind": kind,
            "author": "me",
            "comment": {},
            "guid": f"0b7f3b57-7a0c-4d9a-9d1f-6a2a4a1f001{number}",
            "versions": [version | {"guid": f"0b7f3b57-7a0c-4d9a-9d1f-6a2a4a1f002{number}"}],
        }
        for number, (name, kind) in enumerate(kinds.items())
    ]
    write((workspace / PROJECT).parent, "library/library.json", json.dumps({"format": "1", "objects": lines}))
    hmi.ok("POST", "/api/projects/actions/open-sync", {"path": PROJECT})
    found = hmi.ok("GET", "/api/hmi/library-types/detailed")
    assert [(each["name"], each["type"], each["versions"][0]["version"]) for each in found] == [
        ("Look", "StyleLibraryType", "1.0.0"),
        ("Start", "ScreenLibraryType", "1.0.0"),
        ("Valve", "FaceplateLibraryType", "1.0.0"),
    ]
    valve = hmi.ok("GET", f"{CLASSIC}/library-types/Valve")
    assert (valve["path"], valve["status"], hmi.ok("GET", f"{UNIFIED}/library-types/{valve['guid']}")) == (
        "HMI/Valve",
        "Consistent",
        valve,
    )
    hmi.refused(404, "library_type.not_found", "GET", f"{CLASSIC}/library-types/None")
    hmi.refused(422, "hmi.library_type", "GET", f"{CLASSIC}/library-types/Motor")


# -- all together -------------------------------------------------------------------------


def test_everything_is_saved_with_the_project(hmi: Client, workspace: Path) -> None:
    put(hmi, workspace, f"{CLASSIC}/screens", document(screen("Start", 1, field())))
    put(hmi, workspace, f"{CLASSIC}/tags", document(table("Tank", tag("Level"))))
    hmi.ok("POST", f"{UNIFIED}/screens", {"name": "Motor", "folder": "Line 1"})
    hmi.ok("POST", f"{UNIFIED}/tags", {"name": "Speed"})
    routes = [f"{family}/{what}" for family in (CLASSIC, UNIFIED) for what in ("screens/tree", "tags/tree")]
    before = [hmi.ok("GET", route) for route in routes]
    hmi.ok("POST", "/api/projects/actions/save-sync")
    hmi.ok("POST", "/api/projects/actions/close-sync")
    hmi.ok("POST", "/api/projects/actions/open-sync", {"path": PROJECT})
    assert [hmi.ok("GET", route) for route in routes] == before


def test_a_dry_run_changes_nothing(hmi: Client, workspace: Path) -> None:
    write(workspace, "s.xml", document(screen("Start")))
    tried = hmi.ok("POST", f"{CLASSIC}/screens/actions/import", {"importFilePath": "s.xml"}, dryRun="true")
    assert tried["answer"]["names"] == ["Start"]
    hmi.ok("POST", f"{UNIFIED}/tags", {"name": "Speed"}, dryRun="true")
    hmi.ok("POST", f"{UNIFIED}/screens", {"name": "Motor"}, dryRun="true")
    assert hmi.ok("GET", "/api/hmi/screens") == hmi.ok("GET", "/api/hmi/tags") == []
