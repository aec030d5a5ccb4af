"""Watch tables and the force table: rows in and out, folders, files, and what a PLC cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import simatic_xml
from simatic_xml import Document, ForceTable, TagTable, WatchEntry, WatchTable
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
WATCH = f"{DEVICE}/watch-tables"
FORCE = f"{DEVICE}/force-tables"
THE_FORCE = f"{FORCE}/Force%20table"
SHARED = f"{DEVICE}/watch-force-tables"
IMPORT = f"{SHARED}/actions/import"
START = {"name": "bStart", "displayFormat": "bool", "monitorTrigger": "Permanent", "modifyValue": True}
WORD = {"address": "MW10", "displayFormat": "Hex", "comment": "level"}


def shown(client: Client, table: str = "W") -> list[str]:
    return [row["name"] or row["address"] or row["comment"] for row in client.ok("GET", f"{WATCH}/{table}")["entries"]]


def listed(client: Client) -> list[tuple[str, str, int]]:
    return sorted((table["name"], table["folder"], table["entryCount"]) for table in client.ok("GET", WATCH))


def file(path: Path, *objects: Any) -> str:
    path.write_bytes(simatic_xml.dump(Document("V20", list(objects))))
    return path.name


def force(*values: str) -> ForceTable:
    rows = [WatchEntry('"bStart"', attributes={"ForceValue": value, "ForceIntention": "true"}) for value in values]
    return ForceTable("Force table", rows)


@pytest.fixture
def table(plc: Client) -> Client:
    """A client with the watch table W in the folder A/B."""
    plc.ok("POST", WATCH, {"name": "W", "folder": "A/B"})
    return plc


# -- rows ---------------------------------------------------------------------------------


def test_a_row_shows_address_type_and_format_of_its_tag(table: Client) -> None:
    made = (("bStart", "Bool", "%I0.0"), ("speed", "Int", "%IW64"), ("mask", "Word", "%MW10"))
    for name, kind, address in made:
        tag = {"name": name, "dataType": kind, "logicalAddress": address, "tableName": "Default tag table"}
        table.ok("POST", f"{DEVICE}/tags", tag)
    rows = [{"name": name} for name in ("bStart", "speed", "mask", "Motor_DB.speed", "gone")]
    rows.append({"name": "speed", "displayFormat": "Hex"})
    table.ok("POST", f"{WATCH}/W/entries", {"entries": rows})
    read = table.ok("GET", f"{WATCH}/W")["entries"]
    assert [(row["address"], row["dataType"], row["displayFormat"]) for row in read] == [
        ("%I0.0", "Bool", "Bool"),
        ("%IW64", "Int", "DEC_signed"),
        ("%MW10", "Word", "Hex"),
        ("", "", "Undef"),
        ("", "", "Undef"),
        ("%IW64", "Int", "Hex"),
    ]


def test_rows_are_appended_in_order_and_the_table_keeps_its_folder(table: Client) -> None:
    rows = [{"comment": "inputs"}, START, WORD, {"comment": "outputs"}, {"name": "Motor_DB.speed"}]
    table.ok("POST", f"{WATCH}/W/entries", {"entries": rows[:2]})
    content = table.ok("POST", f"{WATCH}/W/entries", {"Entries": rows[2:]})
    assert content == table.ok("GET", f"{WATCH}/W")
    assert (content["name"], content["folder"], content["entryCount"]) == ("W", "A/B", 5)
    note, start, word, _, speed = content["entries"]
    assert (note["kind"], note["comment"], note["number"]) == ("Comment", "inputs", 1)
    assert {key: start[key] for key in ("kind", "name", "displayFormat", "monitorTrigger", "modifyValue")} == {
        "kind": "Operand",
        "name": '"bStart"',
        "displayFormat": "Bool",
        "monitorTrigger": "Permanent",
        "modifyValue": "true",
    }
    assert (word["address"], word["displayFormat"], word["comment"]) == ("%MW10", "Hex", "level")
    assert speed["name"] == '"Motor_DB".speed'
    assert listed(table) == [("W", "A/B", 5)]


def test_a_bit_is_shown_as_bool(table: Client) -> None:
    (row,) = table.ok("POST", f"{WATCH}/W/entries", {"entries": [{"address": "%I0.0"}]})["entries"]
    assert row["displayFormat"] == "Bool"


@pytest.mark.parametrize(
    ("row", "status", "code", "pointer"),
    [
        ({}, 422, "entry.no_operand", "/entries/1"),
        ({"comment": "c", "modifyValue": 1}, 422, "entry.no_operand", "/entries/1"),
        ({"name": "a", "displayFormat": "Roman"}, 400, "entry.value", "/entries/1/displayFormat"),
        ({"name": "a", "monitorTrigger": "Never"}, 400, "entry.value", "/entries/1/monitorTrigger"),
        ({"name": "a", "modifyTrigger": "Never"}, 400, "entry.value", "/entries/1/modifyTrigger"),
        ({"nam": "a"}, 400, "request.unknown_field", "/entries/1/nam"),
        ({"name": 5}, 400, "request.wrong_type", "/entries/1/name"),
    ],
)
def test_bad_row_is_refused_and_none_is_added(table: Client, row: Any, status: int, code: str, pointer: str) -> None:
    error = table.refused(status, code, "POST", f"{WATCH}/W/entries", {"entries": [START, row]})
    assert error["place"]["pointer"] == pointer
    assert shown(table) == []


def test_rows_are_removed_by_operand_and_number(table: Client) -> None:
    rows = [START, WORD, {"comment": "c"}, START, {"name": "last"}]
    table.ok("POST", f"{WATCH}/W/entries", {"entries": rows})
    remove = f"{WATCH}/W/entries/actions/remove"
    error = table.refused(404, "entry.not_found", "POST", remove, {"entries": ["bStart", "nothing"], "numbers": [6]})
    assert len(error["details"]) == 2
    assert len(shown(table)) == 5
    table.ok("POST", remove, {"entries": ["bStart"], "numbers": [3]})
    assert shown(table) == ["%MW10", '"last"']
    table.ok("POST", remove, {"names": ["mw10"]})
    assert shown(table) == ['"last"']
    table.refused(400, "request.missing_field", "POST", remove, {})


def test_clear(table: Client) -> None:
    table.ok("POST", f"{WATCH}/W/entries", {"entries": [START, WORD, {"comment": "c"}]})
    assert table.ok("POST", f"{WATCH}/W/entries/actions/clear")["entries"] == []
    assert table.ok("POST", f"{WATCH}/W/entries/actions/clear")["entryCount"] == 0
    assert listed(table) == [("W", "A/B", 0)]


# -- tables -------------------------------------------------------------------------------


def test_create_and_delete(plc: Client) -> None:
    assert plc.ok("GET", WATCH) == []
    plc.ok("POST", WATCH, {"watchTableName": "W"})
    plc.refused(409, "watch_table.exists", "POST", WATCH, {"name": "w"})
    plc.refused(422, "watch_table.refused", "POST", WATCH, {"name": "", "folder": "New"})
    assert listed(plc) == [("W", "", 0)]
    plc.refused(404, "folder.not_found", "DELETE", f"{SHARED}/folders", folder="New")
    assert plc.ok("DELETE", f"{WATCH}/W")["name"] == "W"
    assert listed(plc) == []


def test_same_name_in_two_folders_is_told_apart_by_the_path(plc: Client) -> None:
    for folder in ("A", "B"):
        plc.ok("POST", WATCH, {"name": "W", "folder": folder})
    error = plc.refused(409, "watch_table.ambiguous", "GET", f"{WATCH}/W")
    assert "A/W, B/W" in error["message"]
    path = quote("B/W", safe="")
    plc.ok("POST", f"{WATCH}/{path}/entries", {"entries": [START]})
    plc.ok("DELETE", f"{WATCH}/{quote('A/W', safe='')}")
    assert listed(plc) == [("W", "B", 1)]


@pytest.mark.parametrize("name", ["a/b", "100%", "Förder band"])
def test_names_travel_percent_encoded(plc: Client, name: str) -> None:
    plc.ok("POST", WATCH, {"name": name})
    assert plc.ok("GET", f"{WATCH}/{quote(name, safe='')}")["name"] == name


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "{w}/X"),
        ("DELETE", "{w}/X"),
        ("POST", "{w}/X/entries"),
        ("POST", "{w}/X/entries/actions/remove"),
        ("POST", "{w}/X/entries/actions/clear"),
        ("POST", "{w}/X/actions/export"),
    ],
)
def test_unknown_table_and_device(table: Client, method: str, path: str) -> None:
    bodies: dict[str, Any] = {
        "entries": {"entries": [START]},
        "remove": {"numbers": [1]},
        "export": {"exportPath": "new/x.xml"},
    }
    body = bodies.get(path.rpartition("/")[2])
    table.refused(404, "watch_table.not_found", method, path.format(w=WATCH), body)
    table.refused(404, "device.not_found", method, path.format(w="/api/devices/PLC_9/watch-tables"), body)
    assert listed(table) == [("W", "A/B", 0)]


# -- the force table ----------------------------------------------------------------------


def test_there_is_one_force_table_that_stays(plc: Client) -> None:
    (only,) = plc.ok("GET", FORCE)
    assert (only["name"], only["entryCount"]) == ("Force table", 0)
    error = plc.refused(409, "force_table.exists", "POST", FORCE, {"name": "Another"})
    assert "importing" in error["message"]
    error = plc.refused(409, "force_table.fixed", "DELETE", THE_FORCE)
    assert "clear" in error["message"]
    plc.refused(404, "force_table.not_found", "GET", f"{FORCE}/Other")
    plc.refused(404, "force_table.not_found", "DELETE", f"{FORCE}/Other")
    assert plc.ok("GET", FORCE) == [only]


def test_force_table_is_filled_read_exported_and_cleared(plc: Client, workspace: Path) -> None:
    body = {"importFilePath": file(workspace / "f.xml", force("TRUE"))}
    plc.ok("POST", IMPORT, body)
    (row,) = plc.ok("GET", THE_FORCE)["entries"]
    assert (row["name"], row["forceValue"], row["forceIntention"]) == ('"bStart"', "TRUE", True)
    plc.refused(422, "force_table.import_refused", "POST", IMPORT, body)
    plc.refused(400, "force_table.folder", "POST", IMPORT, body | {"folder": "A"})
    two = {"importFilePath": file(workspace / "g.xml", force("TRUE", "FALSE")), "override": True}
    assert plc.ok("POST", IMPORT, two)[0]["entryCount"] == 2
    written = plc.ok("POST", f"{THE_FORCE}/actions/export", {"exportPath": "out/force.xml"})
    (content,) = simatic_xml.load(Path(written["path"])).objects
    assert isinstance(content, ForceTable)
    assert [entry.attributes["ForceValue"] for entry in content.entries] == ["TRUE", "FALSE"]
    assert plc.ok("POST", f"{THE_FORCE}/entries/actions/clear")["entries"] == []
    assert plc.ok("GET", FORCE)[0]["entryCount"] == 0


# -- files --------------------------------------------------------------------------------


def test_export_and_import_give_the_same_table(table: Client) -> None:
    table.ok("POST", f"{WATCH}/W/entries", {"entries": [START, WORD]})
    before = table.ok("GET", f"{WATCH}/W")
    body = {"exportPath": "out/W.xml"}
    table.ok("POST", f"{WATCH}/W/actions/export", body)
    table.refused(409, "file.exists", "POST", f"{WATCH}/W/actions/export", body)
    table.ok("POST", f"{WATCH}/W/actions/export", body | {"overwrite": True})
    body = {"importFilePath": "out/W.xml", "folder": "A/B"}
    table.refused(422, "watch_table.import_refused", "POST", IMPORT, body)
    table.ok("POST", f"{WATCH}/W/entries/actions/clear")
    table.ok("POST", IMPORT, body | {"override": True})
    assert table.ok("GET", f"{WATCH}/W") == before


@pytest.mark.parametrize(
    ("objects", "code"),
    [
        ([TagTable("T")], "watch_table.wrong_kind"),
        ([WatchTable("V"), ForceTable("Force table")], "watch_table.wrong_kind"),
        ([], "watch_table.wrong_kind"),
        ([WatchTable("V"), WatchTable("")], "watch_table.import_refused"),
    ],
)
def test_wrong_content_is_refused(plc: Client, workspace: Path, objects: list[Any], code: str) -> None:
    body = {"importFilePath": file(workspace / "t.xml", *objects), "folder": "New"}
    plc.refused(422, code, "POST", IMPORT, body)
    assert listed(plc) == []
    plc.refused(404, "folder.not_found", "DELETE", f"{SHARED}/folders", folder="New")


def test_file_that_is_no_simatic_ml_is_refused(plc: Client, workspace: Path) -> None:
    (workspace / "t.xml").write_bytes(b"<html/>")
    plc.refused(422, "simatic_ml.not-simaticml", "POST", IMPORT, {"importFilePath": "t.xml"})
    assert listed(plc) == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("../t.xml", 403, "path.outside_roots"),
        ("nothing.xml", 404, "file.not_found"),
        ("t.csv", 400, "file.wrong_kind"),
    ],
)
def test_bad_path_is_refused(table: Client, tmp_path: Path, path: str, status: int, code: str) -> None:
    table.refused(status, code, "POST", IMPORT, {"importFilePath": path})
    if status != 404:
        table.refused(status, code, "POST", f"{WATCH}/W/actions/export", {"exportPath": path})
    assert not (tmp_path / "t.xml").exists()


# -- folders ------------------------------------------------------------------------------


def test_folders_come_and_go(plc: Client) -> None:
    folders = f"{SHARED}/folders"
    plc.ok("POST", folders, {"folder": "A/B"})
    plc.refused(409, "folder.exists", "POST", folders, {"folderPath": "A/B"})
    plc.refused(400, "folder.empty_path", "POST", folders, {"folder": ""})
    plc.ok("POST", WATCH, {"name": "W", "folder": "A/B"})
    plc.refused(409, "folder.not_empty", "DELETE", folders, {"folder": "A/B"})
    plc.refused(409, "folder.root", "DELETE", folders, {"folder": "/"})
    assert plc.ok("DELETE", folders, folder="A/B", force="true")["folder"] == "A/B"
    assert listed(plc) == []


def test_no_project_is_said(client: Client) -> None:
    client.refused(409, "project.none", "GET", WATCH)
