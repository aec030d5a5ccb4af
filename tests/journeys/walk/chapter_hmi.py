"""Panels: a classic one, whose objects come and go as files, and a Unified one, whose objects are made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakes.fake_openness import hmi_kit as kit
from tests.journeys.walk.walk import Walk, names

CLASSIC, UNIFIED = {"deviceName": "HMI_1"}, {"deviceName": "HMI_2"}
START, MOTOR = CLASSIC | {"screenName": "Start"}, UNIFIED | {"screenName": "Motor"}


def write(w: Walk, name: str, *objects: str) -> dict[str, Any]:
    """A SimaticML file of HMI objects, as an import names it."""
    path = w.workspace / "panels" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(kit.document(*objects), encoding="utf-8")
    return CLASSIC | {"importFilePath": f"panels/{name}"}


def panels_are_added(w: Walk) -> None:
    for name, number, version in (
        ("HMI_1", "6AV2 124-0GC01-0AX0", "15.1.0.0"),
        ("HMI_2", "6AV2 128-3GB06-0AXx", "19.0.0.0"),
    ):
        w.peek("devices.add", {"orderNumber": number, "version": version, "name": name, "deviceName": name})
    (summary,) = w.read("hmi.unified_summary")
    assert (summary["device"], summary["screens"]) == ("HMI_2", 0)


def classic_screens_are_files(w: Walk) -> None:
    file = write(w, "Start.xml", kit.screen("Start", 1, kit.field("Field", "Level")))
    made = w.changes("hmi.import_screens", file | {"folder": "Line 1"}, seen="hmi.list_screens", by=CLASSIC)
    assert names(made.appeared) == ["Start"]
    details = w.read("hmi.screen_details", START)
    assert [each["bindings"] for each in details["items"]] == [[{"property": "ProcessValue", "tag": "Level"}]]
    assert w.read("hmi.screen_tree", CLASSIC)["children"][0]["children"][0]["name"] == "Line 1"
    written = w.between("hmi.export_screen", START | {"exportPath": "panels/out.xml"}, lambda: w.files("panels"))
    assert written.appeared == ["panels/out.xml"]
    w.changes("hmi.delete_screen", START, seen="hmi.list_screens", by=CLASSIC)
    w.peek("hmi.import_screens", CLASSIC | {"importFilePath": "panels/out.xml"})
    assert names(w.read("hmi.list_screens", CLASSIC)) == ["Start"]


def classic_tags_and_connections_are_files(w: Walk) -> None:
    tags = write(w, "Tags.xml", kit.table("Tank", kit.tag("Level", "Real", "C1"), kit.tag("Spare")))
    w.changes("hmi_tags.import_tags", tags, seen="hmi_tags.tag_tree", by=CLASSIC)
    gone = w.changes("hmi_tags.delete_tag", CLASSIC | {"tagName": "Spare"}, seen="hmi_tags.list_tags", by=CLASSIC)
    assert names(gone.gone) == ["Spare"]
    assert [each["dataType"] for each in w.read("hmi_tags.list_tags", CLASSIC)] == ["Real"]
    assert len(w.read("hmi_tags.tag_tree", CLASSIC)["children"]) == 2
    file = write(w, "C.xml", kit.connection("C1"), kit.connection("C2"))
    w.changes("hmi_tags.import_connections", file, seen="hmi_tags.list_connections", by=CLASSIC)
    w.changes(
        "hmi_tags.delete_connection", CLASSIC | {"connectionName": "C2"}, seen="hmi_tags.list_connections", by=CLASSIC
    )
    assert names(w.read("hmi_tags.list_connections", CLASSIC)) == ["C1"]
    for operation in ("hmi_tags.export_tags", "hmi_tags.export_connections"):
        path = f"panels/{operation}.xml"
        assert w.between(operation, CLASSIC | {"exportPath": path}, lambda: w.files("panels")).appeared == [path]


def scripts_and_lists_are_files(w: Walk) -> None:
    w.changes(
        "hmi_lists.import_scripts", write(w, "V.xml", kit.script("Count")), seen="hmi_lists.script_tree", by=CLASSIC
    )
    assert "Sub Count" in w.read("hmi_lists.script_content", CLASSIC | {"scriptName": "Count"})["code"]
    assert names(w.read("hmi_lists.script_tree", CLASSIC)["root"]["children"]) == ["Count"]
    for kind, word, text in (
        ("text", "text_list", kit.text_list("States", "off", "on")),
        ("graphic", "graphic_list", kit.simple("Hmi.TextGraphicList.GraphicList", "States")),
    ):
        shown, one = f"hmi_lists.{word}s", CLASSIC | {"listName": "States"}
        w.changes(f"hmi_lists.import_{word}s", write(w, f"{kind}.xml", text), seen=shown, by=CLASSIC)
        assert names(w.read(shown, CLASSIC)) == ["States"]
        path = f"panels/{kind} out.xml"
        look = w.between(f"hmi_lists.export_{word}", one | {"exportPath": path}, lambda: w.files("panels"))
        assert look.appeared == [path]
        if kind == "text":
            assert "States" in w.read("hmi_lists.text_list_xml", one)
        w.changes(f"hmi_lists.delete_{word}", one, seen=shown, by=CLASSIC)


def graphics_belong_to_the_project(w: Walk) -> None:
    file = write(w, "Pump.xml", kit.graphic(Path(w.workspace / "panels")))
    w.changes("hmi_lists.import_graphics", file, seen="hmi_lists.project_graphics", by=CLASSIC)
    one = CLASSIC | {"graphicName": "Pump"}
    out = one | {"exportPath": "pictures/Pump.xml"}
    assert w.between("hmi_lists.export_graphic", out, lambda: w.files("pictures")).appeared == [
        "pictures/Pump files/DefaultImageStream.png",
        "pictures/Pump.xml",
    ]
    assert names(w.read("hmi_lists.project_graphics", UNIFIED)) == ["Pump"]
    w.changes("hmi_lists.delete_graphic", one, seen="hmi_lists.project_graphics", by=CLASSIC)
    assert w.read("hmi_lists.library_types") == []
    w.refuses("hmi_lists.library_type", CLASSIC | {"typeName": "Valve"}, 404, "library_type.not_found")


def unified_objects_are_made(w: Walk) -> None:
    connection = UNIFIED | {"name": "C1", "partner": "PLC_1"}
    w.changes("hmi_tags.create_connection", connection, seen="hmi_tags.list_connections", by=UNIFIED)
    tag = UNIFIED | {"name": "Speed", "table": "Motors", "connection": "C1", "plcTag": "Motor.Speed"}
    w.changes("hmi_tags.create_tag", tag, seen="hmi_tags.unified_tag_tree", by=UNIFIED)
    w.changes("hmi.create_screen", UNIFIED | {"name": "Motor", "folder": "Line 1"}, seen="hmi.all_screens")
    item = {"name": "Speed", "type": "HmiIOField", "bindings": [{"property": "ProcessValue", "tag": "Speed"}]}
    w.changes("hmi.add_items", MOTOR | {"items": [item]}, seen="hmi.screen_details", by=MOTOR)
    assert w.read("hmi_tags.unified_tag_tree", UNIFIED)["children"][1]["name"] == "Motors"
    assert names(w.read("hmi.all_screens")) == ["Start", "Motor"]
    assert names(w.read("hmi_tags.all_tags")) == ["Level", "Speed"]
    assert names(w.read("hmi_tags.all_tag_trees")) == ["HMI_1", "HMI_2"]


CHAPTERS = (
    panels_are_added,
    classic_screens_are_files,
    classic_tags_and_connections_are_files,
    scripts_and_lists_are_files,
    graphics_belong_to_the_project,
    unified_objects_are_made,
)
