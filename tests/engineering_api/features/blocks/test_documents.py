"""SIMATIC SD documents over HTTP: the suffix of a path chooses them."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.service import Client

BLOCKS = "/api/devices/PLC_1/blocks"
UDTS = "/api/devices/PLC_1/udts"
RUNG = [{"any": [[{"contact": "#start"}], [{"contact": "#run"}]]}, {"coil": "#run"}]
MOTOR: dict[str, Any] = {
    "kind": "FB",
    "name": "Motor",
    "language": "LAD",
    "interface": {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "run", "type": "Bool"}]},
    "networks": [{"title": "Hold", "source": {"rungs": [RUNG]}}],
}


@pytest.fixture
def motor(plc: Client) -> Client:
    plc.ok("POST", BLOCKS, MOTOR)
    return plc


def names(client: Client) -> set[str]:
    return {block["name"] for block in client.ok("GET", BLOCKS)}


def test_a_block_goes_out_as_document_and_comes_back(motor: Client, workspace: Path) -> None:
    body = {"blockName": "Motor", "exportPath": "out/Motor.s7dcl"}
    made = motor.ok("POST", f"{BLOCKS}/actions/export-sync", body)
    assert Path(made["path"]).read_text("utf-8-sig").endswith("END_FUNCTION_BLOCK\n")
    assert "Hold" in (workspace / "out" / "Motor.s7res").read_text("utf-8-sig")
    motor.refused(409, "file.exists", "POST", f"{BLOCKS}/actions/export-sync", body)
    motor.ok("POST", f"{BLOCKS}/actions/export-sync", body | {"overwrite": True})
    motor.ok("DELETE", f"{BLOCKS}/Motor")
    job = motor.job("POST", f"{BLOCKS}/actions/import", {"importFilePath": "out/Motor.s7dcl", "folder": "Back"})
    assert [(block["name"], block["folder"]) for block in job["result"]] == [("Motor", "Back")]
    motor.ok("POST", f"{BLOCKS}/Motor/actions/compile")
    network = motor.ok("GET", f"{BLOCKS}/Motor/content")["document"]["networks"][0]
    assert (network["source"]["rungs"], network["title"]) == ([RUNG], MOTOR["networks"][0]["title"])


def test_texts_that_are_gone_leave_no_file(motor: Client, workspace: Path) -> None:
    (workspace / "out").mkdir()
    (workspace / "out" / "Plain.s7res").write_text("MultiLingualTexts:\n")
    motor.ok("POST", BLOCKS, {"kind": "FC", "name": "Plain", "language": "LAD"})
    body = {"blockName": "Plain", "exportPath": "out/Plain.s7dcl", "overwrite": True}
    motor.ok("POST", f"{BLOCKS}/actions/export-sync", body)
    assert [path.name for path in (workspace / "out").iterdir()] == ["Plain.s7dcl"]


def test_a_language_without_documents_is_refused(plc: Client) -> None:
    plc.ok("POST", BLOCKS, {"kind": "FB", "name": "Old", "language": "STL"})
    body = {"blockName": "Old", "exportPath": "Old.s7dcl"}
    error = plc.refused(409, "block.export_refused", "POST", f"{BLOCKS}/actions/export-sync", body)
    assert "STL" in error["message"]


@pytest.mark.parametrize("content", [b"", b"FUNCTION", b"\xff\xfe\x00", b'FUNCTION "F" : Void\nNETWORK'])
def test_a_damaged_document_changes_nothing(plc: Client, workspace: Path, content: bytes) -> None:
    (workspace / "bad.s7dcl").write_bytes(content)
    before = names(plc)
    plc.refused(422, "block.import_refused", "POST", f"{BLOCKS}/actions/import-sync", {"path": "bad.s7dcl"})
    assert names(plc) == before


def test_a_path_outside_is_refused_for_texts_too(plc: Client, workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.s7res"
    outside.write_text("MultiLingualTexts:\n")
    (workspace / "F.s7dcl").write_text('FUNCTION "F" : Void\nEND_FUNCTION\n')
    (workspace / "F.s7res").symlink_to(outside)
    plc.refused(403, "path.outside_roots", "POST", f"{BLOCKS}/actions/import-sync", {"path": "F.s7dcl"})


def test_a_data_type_goes_out_as_document_and_comes_back(plc: Client, workspace: Path) -> None:
    plc.ok("POST", UDTS, {"name": "Point", "members": [{"name": "x", "dataType": "Real", "comment": "metres"}]})
    body = {"udtName": "Point", "exportPath": "Point.s7dcl"}
    assert plc.ok("POST", f"{UDTS}/actions/export", body)["size"] > 0
    assert "metres" in (workspace / "Point.s7res").read_text("utf-8-sig")
    plc.ok("DELETE", f"{UDTS}/Point")
    (made,) = plc.ok("POST", f"{UDTS}/actions/import", {"importFilePath": "Point.s7dcl"})
    assert (made["name"], made["isConsistent"]) == ("Point", True)
