"""Blocks over HTTP: created from JSON, read, edited, imported, exported, compiled."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.service import Client

BLOCKS = "/api/devices/PLC_1/blocks"
MOTOR: dict[str, Any] = {
    "kind": "FB",
    "name": "Motor",
    "language": "LAD",
    "interface": {
        "Input": [{"name": "start", "type": "Bool", "comment": "Start"}, {"name": "stop", "type": "Bool"}],
        "Output": [{"name": "run", "type": "Bool"}],
    },
    "networks": [
        {
            "title": "Hold",
            "source": {
                "rungs": [
                    [
                        {"any": [[{"contact": "#start"}], [{"contact": "#run"}]]},
                        {"contact": "#stop", "negated": True},
                        {"coil": "#run"},
                    ]
                ]
            },
        }
    ],
}


@pytest.fixture
def motor(plc: Client) -> Client:
    plc.ok("POST", BLOCKS, MOTOR)
    compiled = plc.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    assert compiled["result"]["errorCount"] == 0, compiled
    return plc


def names(client: Client) -> set[str]:
    return {block["name"] for block in client.ok("GET", BLOCKS)}


def test_a_block_that_is_not_compiled_has_the_content_that_was_sent(plc: Client) -> None:
    plc.ok("POST", BLOCKS, MOTOR)
    sent = plc.ok("GET", f"{BLOCKS}/Motor/content")
    assert (sent["needsCompilation"], sent["blockType"], sent["programmingLanguage"]) == (True, "FB", "LAD")
    plc.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    compiled = plc.ok("GET", f"{BLOCKS}/Motor/content")
    assert compiled["needsCompilation"] is False
    shown = ("section", "name", "dataType", "comment")
    assert [[m[x] for x in shown] for m in sent["interface"]] == [[m[x] for x in shown] for m in compiled["interface"]]
    assert [network["parts"] for network in sent["networks"]] == [network["parts"] for network in compiled["networks"]]
    assert sent["document"]["networks"][0]["source"] == MOTOR["networks"][0]["source"]


def test_the_tree_calls_all_data_blocks_db(motor: Client) -> None:
    motor.ok("POST", BLOCKS, {"kind": "GlobalDB", "name": "Data", "members": [{"name": "x", "type": "Int"}]})
    motor.ok("POST", BLOCKS, {"kind": "InstanceDB", "name": "Motor_DB", "instanceOf": "Motor"})
    shown = {node["name"]: node for node in motor.ok("GET", f"{BLOCKS}/tree")["children"]}
    kinds = {name: (node["nodeType"], node["blockInfo"]["type"]) for name, node in shown.items()}
    assert (kinds["Motor"], kinds["Data"], kinds["Motor_DB"]) == (("FB", "FB"), ("DB", "DB"), ("DB", "DB"))
    types = {block["name"]: block["type"] for block in motor.ok("GET", BLOCKS)}
    assert (types["Data"], types["Motor_DB"]) == ("GlobalDB", "InstanceDB")


def test_a_device_without_a_program_has_empty_folders(project: Client) -> None:
    panel = {"orderNumber": "6AV2 124-0GC01-0AX0", "version": "15.1.0.0", "name": "HMI_1"}
    project.ok("POST", "/api/projects/devices", panel)
    for part in ("blocks", "tag-tables", "udts", "watch-tables"):
        assert project.ok("GET", f"/api/devices/HMI%20station_1/{part}") == []
        project.refused(404, "device.not_found", "GET", f"/api/devices/HMI_2/{part}")
    assert project.ok("GET", "/api/devices/HMI%20station_1/blocks/tree")["children"] == []


def test_a_block_of_a_source_that_is_not_compiled_has_its_text(plc: Client) -> None:
    texts = [f'FUNCTION "{name}" : Void\nVAR_INPUT\n  go : Bool;\nEND_VAR\nBEGIN\n  ;\nEND_FUNCTION' for name in "AB"]
    body = {"sclContent": "\n\n".join(texts), "sourceName": "two"}
    plc.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", body)
    for name, text in zip("AB", texts, strict=True):
        content = plc.ok("GET", f"{BLOCKS}/{name}/content")
        assert (content["needsCompilation"], content["sourceText"]) == (True, text)
        assert [content["interface"][0][key] for key in ("section", "name", "dataType")] == ["Input", "go", "Bool"]


def test_of_a_block_that_nobody_compiled_and_others_made_only_facts_are_known(plc: Client) -> None:
    plc.ok("POST", BLOCKS, MOTOR)
    saved = plc.ok("POST", "/api/projects/actions/save-sync")
    plc.ok("POST", "/api/projects/actions/close-sync")
    plc.ok("POST", "/api/projects/actions/open-sync", {"path": saved["path"]})
    content = plc.ok("GET", f"{BLOCKS}/Motor/content")
    assert (content["name"], content["blockType"], content["needsCompilation"]) == ("Motor", "FB", True)
    assert (content["networks"], content["interface"], content["rawXml"], content["sourceText"]) == ([], [], "", None)


def test_a_client_without_a_field_for_it_replaces_the_block_where_it_is(motor: Client, workspace: Path) -> None:
    motor.ok("DELETE", f"{BLOCKS}/Motor")
    motor.ok("POST", BLOCKS, MOTOR | {"folder": "Drives"})
    motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    before = motor.ok("GET", f"{BLOCKS}/Motor/content")
    motor.ok("POST", f"{BLOCKS}/Motor/actions/export", {"exportPath": "Motor.xml"})
    route, body = f"{BLOCKS}/actions/import-sync", {"importFilePath": "Motor.xml"}
    motor.refused(422, "block.import_refused", "POST", route, body)
    motor.http.headers["X-Client-Id"] = "vscode/1.4.2"
    (made,) = motor.ok("POST", route, body)
    assert (made["name"], made["folder"]) == ("Motor", "Drives")
    motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    after = motor.ok("GET", f"{BLOCKS}/Motor/content")
    same = ("interface", "networks", "number", "title", "author", "folder")
    assert [after[name] for name in same] == [before[name] for name in same]
    (workspace / "Motor.xml").write_text("<Document>", encoding="utf-8")
    motor.refused(422, "block.import_refused", "POST", route, body)


def test_a_block_from_json_is_there_and_reads_back(motor: Client) -> None:
    content = motor.ok("GET", f"{BLOCKS}/Motor/content")
    assert (content["name"], content["blockType"], content["programmingLanguage"]) == ("Motor", "FB", "LAD")
    members = [(member["section"], member["name"], member["dataType"]) for member in content["interface"]]
    assert members == [("Input", "start", "Bool"), ("Input", "stop", "Bool"), ("Output", "run", "Bool")]
    (network,) = content["networks"]
    assert network["title"] == "Hold"
    assert [part["type"] for part in network["parts"]] == ["Contact", "Contact", "O", "ContactNC", "Coil"]
    assert content["document"]["networks"][0]["source"] == MOTOR["networks"][0]["source"]
    assert content["rawXml"].startswith("<?xml")
    assert content["needsCompilation"] is False


def test_the_tree_has_folders_and_blocks(motor: Client) -> None:
    motor.ok("POST", f"{BLOCKS}/folders", {"folder": "Drives/Belts"})
    motor.ok("POST", BLOCKS, {"kind": "InstanceDB", "name": "Motor_DB", "instanceOf": "Motor", "folder": "Drives"})
    root = motor.ok("GET", f"{BLOCKS}/tree")
    assert (root["name"], root["isFolder"]) == ("Program blocks", True)
    (drives,) = [child for child in root["children"] if child["name"] == "Drives"]
    assert [child["name"] for child in drives["children"]] == ["Belts", "Motor_DB"]
    assert drives["children"][1]["blockInfo"]["instanceOf"] == "Motor"


def test_the_name_of_the_root_may_be_in_front_of_a_folder_and_begin_its_name(motor: Client) -> None:
    motor.ok("POST", f"{BLOCKS}/folders", {"folder": "Program blocks/Drives"})
    motor.ok("POST", f"{BLOCKS}/folders", {"folder": "Program blocks 2"})
    root = motor.ok("GET", f"{BLOCKS}/tree")
    assert {"Drives", "Program blocks 2"} == {child["name"] for child in root["children"] if child["isFolder"]}


def test_a_folder_with_content_is_guarded(motor: Client) -> None:
    motor.ok("POST", BLOCKS, {"kind": "DB", "name": "Data", "members": [{"name": "a", "type": "Int"}], "folder": "F"})
    motor.refused(409, "folder.not_empty", "DELETE", f"{BLOCKS}/folders?folder=F")
    motor.refused(404, "folder.not_found", "DELETE", f"{BLOCKS}/folders?folder=G")
    motor.ok("DELETE", f"{BLOCKS}/folders?folder=F&force=true")
    assert "Data" not in names(motor)


def test_a_block_as_text_is_what_its_file_says(motor: Client) -> None:
    file = motor.ok("GET", f"{BLOCKS}/Motor/export-xml")
    text = motor.ok("POST", f"{BLOCKS}/Motor/export", {"format": "xml"})
    assert text.partition("<SW.Blocks")[2] == file.partition("<SW.Blocks")[2]
    motor.refused(400, "block.format", "POST", f"{BLOCKS}/Motor/export", {"format": "pdf"})


def test_a_taken_name_is_refused_and_nothing_changes(motor: Client) -> None:
    before = motor.ok("GET", f"{BLOCKS}/Motor/export-xml")
    motor.refused(422, "block.import_refused", "POST", BLOCKS, MOTOR)
    motor.refused(422, "block.import_refused", "POST", BLOCKS, MOTOR | {"kind": "FC", "name": "MOTOR", "interface": {}})
    after = motor.ok("GET", f"{BLOCKS}/Motor/export-xml")
    assert before.partition("<SW.Blocks")[2] == after.partition("<SW.Blocks")[2]


def test_json_that_says_no_block_comes_with_a_pointer(plc: Client) -> None:
    bad = MOTOR | {"networks": [{"source": {"rungs": [[{"contact": "#start"}, {"kontakt": "#stop"}]]}}]}
    error = plc.refused(422, "simatic_ml.step", "POST", BLOCKS, bad)
    assert error["place"]["pointer"] == "/networks/0/source/rungs/0/1"
    wrong = MOTOR | {"interface": {"Input": [{"name": "x"}]}}
    assert plc.refused(422, "simatic_ml.json", "POST", BLOCKS, wrong)["place"]["pointer"].startswith(
        "/interface/Input/0"
    )
    pins = MOTOR | {
        "networks": [{"source": {"rungs": [[{"contact": "#start"}, {"box": "Move", "in": {"speed": "1"}}]]}}]
    }
    error = plc.refused(422, "simatic_ml.unknown-pin", "POST", BLOCKS, pins)
    assert error["place"] == {"network": 1, "pointer": "/networks/0"}
    assert "Motor" not in names(plc)


def test_the_interface_is_edited(motor: Client) -> None:
    member = {"section": "Static", "name": "count", "dataType": "DInt", "startValue": "5", "comment": "Starts"}
    motor.ok("POST", f"{BLOCKS}/Motor/interface/members", member)
    motor.refused(409, "member.exists", "POST", f"{BLOCKS}/Motor/interface/members", member)
    motor.refused(400, "member.section", "POST", f"{BLOCKS}/Motor/interface/members", member | {"section": "Somewhere"})
    motor.ok("PUT", f"{BLOCKS}/Motor/interface/members/count", {"name": "starts", "dataType": "Int"})
    motor.refused(404, "member.not_found", "PUT", f"{BLOCKS}/Motor/interface/members/count", {"comment": "x"})
    motor.ok(
        "PUT",
        f"{BLOCKS}/Motor/content",
        {"networks": [{"source": {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}}]},
    )
    motor.ok("DELETE", f"{BLOCKS}/Motor/interface/members/stop")
    motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    content = motor.ok("GET", f"{BLOCKS}/Motor/content")
    found = {m["name"]: (m["section"], m["dataType"], m["startValue"], m["comment"]) for m in content["interface"]}
    assert found["starts"] == ("Static", "Int", "5", "Starts")
    assert set(found) == {"start", "run", "starts"}


def test_an_edit_that_breaks_the_program_is_seen_by_the_compiler(motor: Client) -> None:
    motor.ok("DELETE", f"{BLOCKS}/Motor/interface/members/stop")
    report = motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    (error,) = [entry for entry in report["diagnostics"] if entry["severity"] == "Error"]
    assert (error["block"], error["network"]) == ("Motor", 1)
    assert "stop" in error["message"]
    motor.refused(409, "block.export_refused", "GET", f"{BLOCKS}/Motor/export-xml")
    content = motor.ok("GET", f"{BLOCKS}/Motor/content")
    assert (content["needsCompilation"], content["rawXml"]) == (True, "")
    edit = motor.refused(409, "block.inconsistent", "DELETE", f"{BLOCKS}/Motor/interface/members/start")
    assert "stop" in edit["details"][0]["message"]


def test_networks_are_added_at_a_position(motor: Client) -> None:
    first = {"title": "First", "source": {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}}
    motor.ok("POST", f"{BLOCKS}/Motor/networks", {"networks": [first], "position": 1})
    motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    motor.ok("POST", f"{BLOCKS}/Motor/networks", {"networks": [first | {"title": "Last"}]})
    motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    content = motor.ok("GET", f"{BLOCKS}/Motor/content")
    assert [network["title"] for network in content["networks"]] == ["First", "Hold", "Last"]


def test_content_goes_back_as_json_and_as_xml(motor: Client) -> None:
    content = motor.ok("GET", f"{BLOCKS}/Motor/content")
    motor.ok("PUT", f"{BLOCKS}/Motor/content", {"document": content["document"]})
    motor.ok("PUT", f"{BLOCKS}/Motor/content", {"rawXml": content["rawXml"]})
    motor.refused(
        422, "block.other_name", "PUT", f"{BLOCKS}/Motor/content", {"document": content["document"] | {"name": "X"}}
    )
    motor.refused(400, "request.contradiction", "PUT", f"{BLOCKS}/Motor/content", {})
    motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    assert motor.ok("GET", f"{BLOCKS}/Motor/content")["document"]["networks"] == content["document"]["networks"]


def test_content_goes_back_as_scl(plc: Client) -> None:
    scl = 'FUNCTION "Twice" : Int\nVAR_INPUT\n  a : Int;\nEND_VAR\nBEGIN\n  #Twice := #a * 2;\nEND_FUNCTION\n'
    plc.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"SclContent": scl})
    plc.ok("POST", f"{BLOCKS}/Twice/actions/compile")
    text = plc.ok("GET", f"{BLOCKS}/Twice/source")["sourceText"]
    assert "#a * 2" in text
    plc.ok("PUT", f"{BLOCKS}/Twice/content", {"sourceText": text.replace("* 2", "* 3")})
    plc.ok("POST", f"{BLOCKS}/Twice/actions/compile")
    content = plc.ok("GET", f"{BLOCKS}/Twice/content")
    assert "#a * 3" in content["networks"][0]["text"]
    assert "#a * 3" in content["sourceText"]
    plc.refused(
        422, "block.other_name", "PUT", f"{BLOCKS}/Twice/content", {"sourceText": text.replace("Twice", "Thrice")}
    )


def test_export_and_import_through_files(motor: Client, workspace: Path) -> None:
    body = {"blockName": "Motor", "exportPath": "out/Motor.xml"}
    made = motor.ok("POST", f"{BLOCKS}/actions/export-sync", body)
    assert Path(made["path"]).read_bytes().startswith(b"\xef\xbb\xbf<?xml")
    motor.refused(409, "file.exists", "POST", f"{BLOCKS}/actions/export-sync", body)
    motor.refused(
        403, "path.outside_roots", "POST", f"{BLOCKS}/actions/export-sync", body | {"exportPath": "/tmp/x.xml"}
    )
    motor.ok("DELETE", f"{BLOCKS}/Motor")
    assert "Motor" not in names(motor)
    job = motor.job("POST", f"{BLOCKS}/actions/import", {"importFilePath": "out/Motor.xml", "folder": "Back"})
    assert [(block["name"], block["folder"]) for block in job["result"]] == [("Motor", "Back")]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"<a/>", b"<Document><x", b"<?xml version='1.0'?><Document/>", b"\xff\xfe\x00"]
)
def test_files_that_are_no_simatic_ml(plc: Client, workspace: Path, content: bytes) -> None:
    code = "simatic_ml.encoding" if content.startswith(b"\xff") else "block.import_refused"
    (workspace / "bad.xml").write_bytes(content)
    before = names(plc)
    plc.refused(422, code, "POST", f"{BLOCKS}/actions/import-sync", {"path": "bad.xml"})
    assert names(plc) == before


def test_rename_and_delete(motor: Client) -> None:
    motor.ok("POST", f"{BLOCKS}/actions/rename", {"blockName": "Motor", "newName": "Förder/band 1.2"})
    path = f"{BLOCKS}/{quote('Förder/band 1.2', safe='')}"
    assert "Förder/band 1.2" in names(motor)
    motor.ok("POST", f"{path}/actions/compile")
    assert motor.ok("GET", f"{path}/content")["name"] == "Förder/band 1.2"
    motor.refused(
        409,
        "block.rename_refused",
        "POST",
        f"{BLOCKS}/actions/rename",
        {"blockName": "Förder/band 1.2", "newName": "Main"},
    )
    motor.ok("DELETE", path)
    motor.refused(404, "block.not_found", "DELETE", path)


def test_the_list_as_a_job(motor: Client) -> None:
    job = motor.job("GET", f"{BLOCKS}/async")
    assert job["result"] == motor.ok("GET", BLOCKS)


def test_an_unknown_device_or_block(plc: Client) -> None:
    assert plc.refused(404, "device.not_found", "GET", "/api/devices/PLC_9/blocks")["place"]["device"] == "PLC_9"
    assert plc.refused(404, "block.not_found", "GET", f"{BLOCKS}/Nothing/content")["place"]["block"] == "Nothing"
