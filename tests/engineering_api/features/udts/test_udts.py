"""PLC data types: members in and out, consistency, files and folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import simatic_xml
from simatic_xml import Document, Member, PlcType, TagTable
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
UDTS = f"{DEVICE}/udts"
SPEED = {"name": "Speed", "dataType": "Int", "startValue": "5", "comment": "rpm"}


def names(client: Client) -> list[str]:
    return sorted(udt["name"] for udt in client.ok("GET", UDTS))


def udt_file(path: Path, *types: str) -> str:
    objects: list[Any] = [PlcType(name, [Member("a", "Bool")]) for name in types]
    path.write_bytes(simatic_xml.dump(Document("V20", objects)))
    return path.name


def test_new_plc_has_none(plc: Client) -> None:
    assert plc.ok("GET", UDTS) == []
    assert plc.ok("GET", f"{UDTS}/tree")["children"] == []


def test_members_come_back_as_they_were_sent(plc: Client) -> None:
    members = [
        SPEED,
        {"name": "On", "dataType": "Bool", "startValue": True, "externalWritable": False, "setPoint": True},
        {
            "name": "Axis",
            "members": [
                {"name": "Limits", "dataType": "Array[0..2] of Real", "elements": [{"path": "1", "startValue": "1.5"}]},
                {"name": "Deep", "dataType": "Struct", "members": [{"name": "x", "dataType": "Byte"}]},
            ],
        },
        {"name": "Timer", "dataType": "IEC_TIMER", "version": "1.0"},
        {"name": "Odd", "dataType": "Int", "attributes": [{"name": "Unknown", "value": "16", "type": "Integer"}]},
    ]
    made = plc.ok("POST", UDTS, {"name": "UDT_Motor", "folder": "Drives/AC", "comment": "A motor", "members": members})
    assert (made["name"], made["folder"], made["isConsistent"]) == ("UDT_Motor", "Drives/AC", True)
    read = plc.ok("GET", f"{UDTS}/UDT_Motor")
    speed, on, axis, timer, odd = read["members"]
    assert read["comment"] == "A motor"
    assert {key: speed[key] for key in SPEED} == SPEED
    assert (on["startValue"], on["externalWritable"], on["externalVisible"], on["setPoint"]) == (
        "true",
        False,
        True,
        True,
    )
    assert (axis["dataType"], [inner["name"] for inner in axis["members"]]) == ("Struct", ["Limits", "Deep"])
    assert axis["members"][0]["elements"][0]["startValue"] == "1.5"
    assert axis["members"][1]["members"][0]["dataType"] == "Byte"
    assert timer["version"] == "1.0"
    assert odd["attributes"] == [{"name": "Unknown", "value": "16", "type": "Integer"}]
    plc.ok("PUT", f"{UDTS}/UDT_Motor", {"members": read["members"]})
    again = plc.ok("GET", f"{UDTS}/UDT_Motor")
    assert again | {"modifiedDate": ""} == read | {"modifiedDate": ""}


def test_list_and_tree_show_the_folder(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "U", "folder": "A", "members": [SPEED]})
    (listed,) = plc.ok("GET", UDTS)
    assert (listed["name"], listed["folder"], "number" in listed) == ("U", "A", False), "types have no number"
    (folder,) = plc.ok("GET", f"{UDTS}/tree")["children"]
    assert (folder["name"], folder["children"][0]["udtInfo"]) == ("A", listed)


def test_create_and_update_as_jobs(plc: Client) -> None:
    assert plc.job("POST", f"{UDTS}/async", {"name": "U", "members": [SPEED]})["result"]["name"] == "U"
    job = plc.job("PUT", f"{UDTS}/U/async", {"members": [SPEED | {"dataType": "DInt"}]})
    assert job["status"] == "Completed"
    assert plc.ok("GET", f"{UDTS}/U")["members"][0]["dataType"] == "DInt"


def test_create_refuses_a_name_that_is_taken(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "U", "folder": "A", "members": [SPEED]})
    plc.refused(409, "udt.exists", "POST", UDTS, {"name": "u", "members": []})
    plc.refused(409, "block.exists", "POST", UDTS, {"name": "main", "members": []})
    assert names(plc) == ["U"]


def test_update_keeps_folder_and_comment_and_names_what_must_be_compiled(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "Inner", "folder": "A", "comment": "kept", "members": [SPEED]})
    plc.ok("POST", UDTS, {"name": "Outer", "members": [{"name": "m", "dataType": '"Inner"'}]})
    saved = plc.ok("PUT", f"{UDTS}/Inner", {"members": [SPEED | {"dataType": "Real"}]})
    assert (saved["folder"], saved["isConsistent"]) == ("A", True)
    assert "Outer" in saved["mustCompile"]
    assert "Inner" not in saved["mustCompile"]
    assert plc.ok("GET", f"{UDTS}/Inner")["comment"] == "kept"
    error = plc.refused(409, "udt.inconsistent", "GET", f"{UDTS}/Outer")
    assert "compile" in error["message"]
    plc.ok("POST", f"{DEVICE}/actions/compile-sync")
    assert plc.ok("GET", f"{UDTS}/Outer")["members"][0]["dataType"] == '"Inner"'


def test_update_keeps_what_members_do_not_say(plc: Client, workspace: Path) -> None:
    motor = PlcType("U", [Member("a", "Bool")], title={"en-US": "Title"}, comment={"en-US": "Comment"})
    (workspace / "U.xml").write_bytes(simatic_xml.dump(Document("V20", [motor])))
    plc.ok("POST", f"{UDTS}/actions/import", {"importFilePath": "U.xml"})
    plc.ok("PUT", f"{UDTS}/U", {"members": [SPEED]})
    plc.ok("POST", f"{UDTS}/U/actions/export", {"exportPath": "after.xml"})
    (after,) = simatic_xml.load(workspace / "after.xml").objects
    assert isinstance(after, PlcType)
    assert (after.title, after.comment) == (motor.title, motor.comment)
    assert [member.name for member in after.members] == ["Speed"]


def test_broken_type_is_replaced_when_its_comment_is_given(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "Inner", "members": [SPEED]})
    plc.ok("POST", UDTS, {"name": "Outer", "comment": "c", "members": [{"name": "m", "dataType": '"Inner"'}]})
    plc.ok("DELETE", f"{UDTS}/Inner")
    plc.refused(409, "udt.inconsistent", "PUT", f"{UDTS}/Outer", {"members": [SPEED]})
    assert plc.ok("PUT", f"{UDTS}/Outer", {"members": [SPEED], "comment": "d"})["isConsistent"] is True
    assert plc.ok("GET", f"{UDTS}/Outer")["comment"] == "d"


def test_comment_can_be_replaced(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "U", "comment": "old", "members": [SPEED]})
    plc.ok("PUT", f"{UDTS}/U", {"members": [SPEED], "comment": ""})
    assert plc.ok("GET", f"{UDTS}/U")["comment"] == ""


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"members": [{"name": "a", "dataTyp": "Int"}]}, 400, "request.unknown_field", "/members/0/dataTyp"),
        ({"members": [{"dataType": "Int"}]}, 400, "request.missing_field", "/members/0/name"),
        ({"members": {"a": "Int"}}, 400, "request.wrong_type", "/members"),
        ({"members": [SPEED, {"name": "SPEED", "dataType": "Int"}]}, 422, "udt.member_twice", "/members/1/name"),
        (
            {"members": [{"name": "s", "members": [SPEED, SPEED]}]},
            422,
            "udt.member_twice",
            "/members/0/members/1/name",
        ),
        ({"members": [{"name": "a", "dataType": "Nonsense"}]}, 422, "udt.import_refused", None),
        ({"members": [{"name": "a", "dataType": '"Missing"'}]}, 422, "udt.import_refused", None),
        ({"members": [{"name": "a", "dataType": '"U"'}]}, 422, "udt.import_refused", None),
        ({"members": [SPEED | {"comments": [{"culture": "fr-FR", "text": "x"}]}]}, 422, "udt.import_refused", None),
    ],
)
def test_bad_members_are_refused(plc: Client, body: Any, status: int, code: str, pointer: str | None) -> None:
    error = plc.refused(status, code, "POST", UDTS, {"name": "U", "folder": "New"} | body)
    assert error["place"].get("pointer") == pointer
    assert names(plc) == []
    assert plc.ok("GET", f"{UDTS}/tree")["children"] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [('a"b', "simatic_ml.name"), (" a", "simatic_ml.name"), ("x" * 126, "udt.import_refused"), ("", "simatic_ml.name")],
)
def test_bad_names_are_refused(plc: Client, name: str, code: str) -> None:
    plc.refused(422, code, "POST", UDTS, {"name": name, "members": [SPEED]})
    assert names(plc) == []


def test_refused_update_changes_nothing(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "U", "members": [SPEED]})
    before = plc.ok("GET", f"{UDTS}/U")
    plc.refused(422, "udt.import_refused", "PUT", f"{UDTS}/U", {"members": [{"name": "a", "dataType": '"U"'}]})
    plc.refused(404, "udt.not_found", "PUT", f"{UDTS}/V", {"members": [SPEED]})
    plc.refused(400, "request.missing_field", "PUT", f"{UDTS}/U", {})
    assert plc.ok("GET", f"{UDTS}/U") == before


@pytest.mark.parametrize("name", ["-Motor.1", "a/b", "Förder band", "100%"])
def test_names_travel_percent_encoded(plc: Client, name: str) -> None:
    plc.ok("POST", UDTS, {"name": name, "members": [SPEED]})
    path = f"{UDTS}/{quote(name, safe='')}"
    assert plc.ok("GET", path)["name"] == name
    assert plc.ok("DELETE", path)["name"] == name
    assert names(plc) == []


def test_type_called_tree_is_reached_by_encoding_a_letter(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "tree", "members": [SPEED]})
    assert plc.ok("GET", f"{UDTS}/%74ree")["members"][0]["name"] == "Speed"


def test_rename(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "U", "members": [SPEED]})
    plc.ok("POST", UDTS, {"name": "V", "members": [SPEED]})
    plc.refused(409, "udt.exists", "POST", f"{UDTS}/U/actions/rename", {"newName": "v"})
    assert plc.ok("POST", f"{UDTS}/U/actions/rename", {"newName": "W"})["name"] == "W"
    assert names(plc) == ["V", "W"]


def test_delete_says_what_breaks(plc: Client) -> None:
    plc.ok("POST", UDTS, {"name": "Inner", "members": [SPEED]})
    plc.ok("POST", UDTS, {"name": "Outer", "members": [{"name": "m", "dataType": '"Inner"'}]})
    assert "Outer" in plc.ok("DELETE", f"{UDTS}/Inner")["mustCompile"]
    plc.refused(404, "udt.not_found", "DELETE", f"{UDTS}/Inner")


# -- files --------------------------------------------------------------------------------


def test_export_and_import_give_the_same_type(plc: Client, workspace: Path) -> None:
    plc.ok("POST", UDTS, {"name": "U", "comment": "c", "members": [SPEED]})
    before = plc.ok("GET", f"{UDTS}/U")
    file = plc.ok("POST", f"{UDTS}/U/actions/export", {"exportPath": "out/U.xml"})
    assert file["size"] == (workspace / "out" / "U.xml").stat().st_size
    body = {"udtName": "U", "exportPath": "out/U.xml"}
    plc.refused(409, "file.exists", "POST", f"{UDTS}/actions/export", body)
    plc.ok("POST", f"{UDTS}/actions/export", body | {"overwrite": True})
    plc.ok("DELETE", f"{UDTS}/U")
    plc.ok("POST", f"{UDTS}/actions/import", {"importFilePath": "out/U.xml", "folder": "Back"})
    after = plc.ok("GET", f"{UDTS}/U")
    assert (after["members"], after["comment"], after["folder"]) == (before["members"], "c", "Back")


def test_import_replaces_only_with_override(plc: Client, workspace: Path) -> None:
    body = {"importFilePath": udt_file(workspace / "two.xml", "A", "B")}
    assert [udt["name"] for udt in plc.ok("POST", f"{UDTS}/actions/import", body)] == ["A", "B"]
    plc.refused(422, "udt.import_refused", "POST", f"{UDTS}/actions/import", body)
    job = plc.job("POST", f"{UDTS}/actions/import/async", body | {"override": True})
    assert [udt["name"] for udt in job["result"]] == ["A", "B"]


def test_a_client_without_a_field_for_it_replaces_the_type_where_it_is(plc: Client, workspace: Path) -> None:
    plc.ok("POST", UDTS, {"name": "U", "folder": "Drives/AC", "comment": "c", "members": [SPEED]})
    before = plc.ok("GET", f"{UDTS}/U")
    plc.ok("POST", f"{UDTS}/U/actions/export", {"exportPath": "U.xml"})
    route, body = f"{UDTS}/actions/import", {"importFilePath": "U.xml"}
    plc.refused(422, "udt.import_refused", "POST", route, body)
    plc.http.headers["X-Client-Id"] = "vscode/1.4.2"
    plc.ok("POST", route, body)
    plc.refused(422, "udt.import_refused", "POST", route, body | {"override": False})
    after = plc.ok("GET", f"{UDTS}/U")
    same = ("members", "comment", "folder", "isConsistent")
    assert [after[name] for name in same] == [before[name] for name in same]
    assert names(plc) == ["U"]


def test_import_is_all_or_nothing(plc: Client, workspace: Path) -> None:
    objects: list[Any] = [PlcType("Good", [Member("a", "Bool")]), PlcType("Bad", [Member("a", '"Missing"')])]
    (workspace / "t.xml").write_bytes(simatic_xml.dump(Document("V20", objects)))
    plc.refused(422, "udt.import_refused", "POST", f"{UDTS}/actions/import", {"importFilePath": "t.xml"})
    assert names(plc) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html/>", "simatic_ml.not-simaticml"),
        (b"no xml at all", "simatic_ml.not-xml"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><Document>&e;</Document>', "simatic_ml.dtd"),
    ],
)
def test_file_that_is_no_simatic_ml_is_refused(plc: Client, workspace: Path, content: bytes, code: str) -> None:
    (workspace / "t.xml").write_bytes(content)
    plc.refused(422, code, "POST", f"{UDTS}/actions/import", {"importFilePath": "t.xml"})
    assert names(plc) == []


def test_file_of_another_kind_is_refused(plc: Client, workspace: Path) -> None:
    (workspace / "t.xml").write_bytes(simatic_xml.dump(Document("V20", [TagTable("T")])))
    plc.refused(422, "udt.wrong_kind", "POST", f"{UDTS}/actions/import", {"importFilePath": "t.xml"})
    assert len(plc.ok("GET", f"{DEVICE}/tag-tables")) == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("../t.xml", 403, "path.outside_roots"),
        ("nothing.xml", 404, "file.not_found"),
        ("t.udt", 422, "udt.source_file"),
        ("t.txt", 400, "file.wrong_kind"),
    ],
)
def test_bad_path_is_refused(plc: Client, path: str, status: int, code: str) -> None:
    plc.refused(status, code, "POST", f"{UDTS}/actions/import", {"importFilePath": path})


def test_export_outside_of_the_roots_is_refused(plc: Client, tmp_path: Path) -> None:
    plc.ok("POST", UDTS, {"name": "U", "members": [SPEED]})
    outside = str(tmp_path / "U.xml")
    plc.refused(403, "path.outside_roots", "POST", f"{UDTS}/U/actions/export", {"exportPath": outside})
    assert not (tmp_path / "U.xml").exists()


# -- folders ------------------------------------------------------------------------------


def test_folders_come_and_go_with_their_path_in_the_url(plc: Client) -> None:
    assert plc.ok("POST", f"{UDTS}/folders", {"folder": "A/B"}) == {"folder": "A/B"}
    plc.refused(409, "folder.exists", "POST", f"{UDTS}/folders", {"folderPath": "A/B"})
    plc.ok("POST", UDTS, {"name": "U", "folder": "A/B", "members": [SPEED]})
    path = f"{UDTS}/folders/{quote('A/B', safe='')}"
    plc.refused(409, "folder.not_empty", "DELETE", path)
    plc.refused(404, "folder.not_found", "DELETE", f"{UDTS}/folders/C")
    assert names(plc) == ["U"]
    assert plc.ok("DELETE", path, force="true")["folder"] == "A/B"
    assert names(plc) == []
    assert [node["name"] for node in plc.ok("GET", f"{UDTS}/tree")["children"]] == ["A"]


def test_slash_in_a_folders_name_is_encoded_twice_in_the_url(plc: Client) -> None:
    plc.ok("POST", f"{UDTS}/folders", {"folder": "In%2FOut"})
    assert [node["name"] for node in plc.ok("GET", f"{UDTS}/tree")["children"]] == ["In/Out"]
    plc.ok("DELETE", f"{UDTS}/folders/In%252FOut")
    assert plc.ok("GET", f"{UDTS}/tree")["children"] == []


def test_no_project_is_said(client: Client) -> None:
    error = client.refused(409, "project.none", "GET", UDTS)
    assert "No project" in error["message"]
