"""Tag tables and their folders."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

import simatic_xml
from engineering_api.app import create_app
from simatic_xml import Document, Tag, TagTable
from tests.support.service import CPU, FIRMWARE, Client, settings

DEVICE = "/api/devices/PLC_1"
TABLES = f"{DEVICE}/tag-tables"


def names(client: Client) -> list[str]:
    return sorted(table["name"] for table in client.ok("GET", TABLES))


def test_new_plc_has_its_default_table(plc: Client) -> None:
    (table,) = plc.ok("GET", TABLES)
    assert (table["name"], table["isDefault"], table["tagCount"]) == ("Default tag table", True, 0)
    assert plc.job("GET", f"{TABLES}/async")["result"] == [table]


def test_create_puts_a_table_into_a_folder(plc: Client) -> None:
    made = plc.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Motors", "folder": "Line 1/Drives"})
    assert (made["name"], made["folder"], made["isDefault"]) == ("Motors", "Line 1/Drives", False)
    root = plc.ok("GET", f"{TABLES}/tree")
    line = next(node for node in root["children"] if node["isFolder"])
    drives = line["children"][0]
    assert (line["name"], drives["name"], drives["children"][0]["tableInfo"]) == ("Line 1", "Drives", made)


def test_create_as_a_job(plc: Client) -> None:
    assert plc.job("POST", f"{TABLES}/actions/create", {"name": "Motors"})["result"]["name"] == "Motors"


def test_name_of_a_table_is_unique_in_the_plc(plc: Client) -> None:
    plc.ok("POST", TABLES, {"name": "Motors", "folder": "A"})
    plc.refused(409, "tag_table.exists", "POST", TABLES, {"name": "MOTORS", "folder": "B"})
    plc.refused(422, "tag_table.refused", "POST", TABLES, {"name": 'a"b', "folder": "B"})
    assert names(plc) == ["Default tag table", "Motors"]
    assert [node["name"] for node in plc.ok("GET", f"{TABLES}/tree")["children"] if node["isFolder"]] == ["A"]


@pytest.mark.parametrize("version", ["20", "19"])
def test_rename_keeps_folder_and_tags(tmp_path: Path, version: str) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version=version))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
        body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        client.ok("POST", TABLES, {"name": "Old", "folder": "F"})
        tag = client.ok("POST", f"{TABLES}/Old/tags", {"name": "A", "logicalAddress": "%I0.0", "comment": "c"})
        renamed = client.ok("PUT", f"{TABLES}/Old/actions/update-sync", {"newName": "New"})
        assert (renamed["name"], renamed["folder"], renamed["tagCount"]) == ("New", "F", 1)
        assert client.ok("GET", f"{TABLES}/New/tags") == [tag | {"table": "New"}]
        assert names(client) == ["Default tag table", "New"]


def test_rename_refuses_the_default_table_and_names_that_are_taken(plc: Client) -> None:
    plc.ok("POST", TABLES, {"name": "A"})
    plc.ok("POST", TABLES, {"name": "B"})
    plc.refused(
        409, "tag_table.default", "PUT", f"{TABLES}/Default%20tag%20table/actions/update-sync", {"newName": "X"}
    )
    plc.refused(409, "tag_table.exists", "PUT", f"{TABLES}/A/actions/update-sync", {"newName": "b"})
    assert plc.job("PUT", f"{TABLES}/A/actions/update", {"newName": "C"})["result"]["name"] == "C"
    assert names(plc) == ["B", "C", "Default tag table"]


def test_delete_takes_the_tags_along_but_never_the_default_table(plc: Client) -> None:
    plc.ok("POST", TABLES, {"name": "A"})
    plc.ok("POST", f"{TABLES}/A/tags", {"name": "T"})
    assert plc.ok("DELETE", f"{TABLES}/A/actions/delete-sync")["tagCount"] == 1
    assert plc.ok("GET", f"{DEVICE}/tags/all") == []
    plc.refused(404, "tag_table.not_found", "DELETE", f"{TABLES}/A/actions/delete-sync")
    plc.refused(409, "tag_table.default", "DELETE", f"{TABLES}/Default%20tag%20table/actions/delete-sync")
    plc.ok("POST", TABLES, {"name": "B"})
    assert plc.job("DELETE", f"{TABLES}/B/actions/delete")["status"] == "Completed"
    assert names(plc) == ["Default tag table"]


def test_table_is_found_by_its_path_as_well(plc: Client) -> None:
    plc.ok("POST", TABLES, {"name": "A", "folder": "F/G"})
    assert plc.ok("GET", f"{TABLES}/{quote('F/G/A', safe='')}/tags") == []
    plc.refused(404, "tag_table.not_found", "GET", f"{TABLES}/{quote('F/A', safe='')}/tags")


def test_export_xml_is_a_document_of_the_table(plc: Client) -> None:
    plc.ok("POST", f"{DEVICE}/tags", {"name": "Start", "logicalAddress": "%I0.0"})
    (table,) = simatic_xml.load(plc.ok("GET", f"{TABLES}/Default%20tag%20table/export-xml")).objects
    assert isinstance(table, TagTable)
    assert [(tag.name, tag.address) for tag in table.tags] == [("Start", "%I0.0")]


def test_simatic_ml_comes_in(plc: Client, workspace: Path) -> None:
    file = workspace / "t.xml"
    file.write_bytes(simatic_xml.dump(Document("V20", [TagTable("Motors", [Tag("Run", "Bool", "%Q0.0")])])))
    body = {"importFilePath": "t.xml", "folder": "Line"}
    (made,) = plc.ok("POST", f"{TABLES}/actions/import-xml-sync", body)
    assert (made["name"], made["folder"], made["tagCount"]) == ("Motors", "Line", 1)
    plc.refused(422, "tag_table.import_refused", "POST", f"{TABLES}/actions/import-xml-sync", body)
    assert plc.job("POST", f"{TABLES}/actions/import-xml", body | {"override": True})["status"] == "Completed"
    assert names(plc) == ["Default tag table", "Motors"]


@pytest.mark.parametrize("content", [b"<html/>", b"no xml", b"", b'<?xml version="1.0"?><!DOCTYPE a><Document/>'])
def test_xml_that_is_no_simatic_ml_changes_nothing(plc: Client, workspace: Path, content: bytes) -> None:
    (workspace / "t.xml").write_bytes(content)
    body = {"importFilePath": "t.xml", "folder": "New"}
    plc.refused(422, "tag_table.import_refused", "POST", f"{TABLES}/actions/import-xml-sync", body)
    assert names(plc) == ["Default tag table"]
    assert len(plc.ok("GET", f"{TABLES}/tree")["children"]) == 1


def test_folders_come_and_go(plc: Client) -> None:
    assert plc.ok("POST", f"{TABLES}/folders", {"folder": "A/B"}) == {"folder": "A/B"}
    plc.refused(409, "folder.exists", "POST", f"{TABLES}/folders", {"folderPath": "A/B"})
    plc.refused(400, "folder.empty_path", "POST", f"{TABLES}/folders", {"folder": "/"})
    plc.ok("POST", TABLES, {"name": "T", "folder": "A/B"})
    plc.refused(409, "folder.not_empty", "DELETE", f"{TABLES}/folders", {"folder": "A"})
    plc.refused(404, "folder.not_found", "DELETE", f"{TABLES}/folders", folder="A/C")
    plc.refused(409, "folder.root", "DELETE", f"{TABLES}/folders", folder="/")
    assert names(plc) == ["Default tag table", "T"]
    plc.ok("DELETE", f"{TABLES}/folders", folder="A", force="true")
    assert names(plc) == ["Default tag table"]


def test_folder_whose_name_is_too_long_leaves_nothing(plc: Client) -> None:
    plc.refused(422, "folder.refused", "POST", f"{TABLES}/folders", {"folder": "A/" + "x" * 129})
    assert len(plc.ok("GET", f"{TABLES}/tree")["children"]) == 1


def test_slash_in_a_folders_name_is_encoded(plc: Client) -> None:
    made = plc.ok("POST", TABLES, {"name": "T", "folder": "In%2FOut/100%25"})
    assert made["folder"] == "In%2FOut/100%25"
    (folder,) = [node for node in plc.ok("GET", f"{TABLES}/tree")["children"] if node["isFolder"]]
    assert (folder["name"], folder["children"][0]["name"]) == ("In/Out", "100%")
