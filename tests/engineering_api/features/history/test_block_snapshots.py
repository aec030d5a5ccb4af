"""Snapshots of blocks, start values in the PLC, ProDiag supervisions."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import simatic_xml
from openness_bridge.errors import Kind, Problem
from openness_bridge.program import blocks, plc_values
from tests.support.service import Client

BLOCKS = "/api/devices/PLC_1/blocks"
MOTOR = f"{BLOCKS}/Motor"
TAKE = f"{MOTOR}/actions/create-snapshot"
LOAD = f"{MOTOR}/actions/load-snapshot"


@pytest.fixture
def motor(plc: Client) -> Client:
    """A client with the compiled FB Motor in the folder Drives, and a data block."""
    members = {"Input": [{"name": "on", "type": "Bool"}]}
    plc.ok("POST", BLOCKS, {"kind": "FB", "name": "Motor", "language": "LAD", "interface": members, "folder": "Drives"})
    plc.ok("POST", BLOCKS, {"kind": "DB", "name": "Data", "members": [{"name": "x", "type": "Int", "default": 5}]})
    compile_all(plc)
    return plc


def compile_all(client: Client) -> None:
    assert client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")["result"]["errorCount"] == 0


def add_member(client: Client, name: str) -> None:
    client.ok("POST", f"{MOTOR}/interface/members", {"section": "Input", "name": name, "dataType": "Bool"})
    compile_all(client)


def members(client: Client) -> list[str]:
    compile_all(client)
    return [member["name"] for member in client.ok("GET", f"{MOTOR}/content")["interface"]]


def test_latest_and_chosen_snapshot_are_put_back(motor: Client) -> None:
    first = motor.ok("POST", TAKE, {"note": "start"})
    assert (first["subject"]["name"], first["folder"], first["note"]) == ("Motor", "Drives", "start")
    assert first["author"]
    assert first["size"] > 0
    add_member(motor, "second")
    latest = motor.ok("POST", TAKE)
    add_member(motor, "third")
    assert [each["snapshotId"] for each in motor.ok("GET", f"{MOTOR}/snapshots")] == [
        latest["snapshotId"],
        first["snapshotId"],
    ]
    assert motor.ok("POST", LOAD)["folder"] == "Drives"
    assert members(motor) == ["on", "second"]
    motor.ok("POST", LOAD, {"snapshotId": first["snapshotId"]})
    assert members(motor) == ["on"]


def test_snapshot_brings_a_deleted_block_back_to_its_folder(motor: Client) -> None:
    motor.ok("POST", TAKE)
    motor.ok("DELETE", MOTOR)
    motor.ok("DELETE", f"{BLOCKS}/folders", folder="Drives")
    assert len(motor.ok("GET", f"{BLOCKS}/motor/snapshots")) == 1
    assert motor.ok("POST", LOAD)["folder"] == "Drives"
    assert members(motor) == ["on"]


def test_snapshots_belong_to_block_device_and_project(motor: Client) -> None:
    taken = motor.ok("POST", TAKE)
    assert motor.ok("GET", f"{BLOCKS}/Data/snapshots") == []
    other = {"snapshotId": taken["snapshotId"]}
    motor.refused(404, "snapshot.not_found", "POST", f"{BLOCKS}/Data/actions/load-snapshot", other)
    motor.ok("POST", "/api/projects/actions/save-sync", {"directory": "projects/Copy"})
    assert motor.ok("GET", f"{MOTOR}/snapshots") == []
    motor.refused(404, "snapshot.not_found", "POST", LOAD)
    assert members(motor) == ["on"]


def test_block_that_cannot_be_exported_has_no_snapshot(motor: Client) -> None:
    motor.ok("POST", f"{MOTOR}/interface/members", {"section": "Input", "name": "b", "dataType": "Bool"})
    motor.refused(409, "block.export_refused", "POST", TAKE)
    motor.refused(404, "block.not_found", "POST", f"{BLOCKS}/None/actions/create-snapshot")
    motor.refused(404, "device.not_found", "POST", "/api/devices/X/blocks/Motor/actions/create-snapshot")
    error = motor.refused(400, "request.unknown_field", "POST", TAKE, {"nte": "x"})
    assert error["place"]["pointer"] == "/nte"
    assert motor.ok("GET", f"{MOTOR}/snapshots") == []


def test_unknown_snapshot_changes_nothing(motor: Client) -> None:
    motor.ok("POST", TAKE)
    motor.refused(404, "snapshot.not_found", "POST", LOAD, {"snapshotId": "no-such-id"})
    motor.refused(400, "request.wrong_type", "POST", LOAD, {"snapshotId": 5})
    assert members(motor) == ["on"]


def test_no_project_is_said(client: Client) -> None:
    client.refused(409, "project.none", "POST", TAKE)


# -- start values -------------------------------------------------------------------------


def test_start_values_need_a_data_block_and_a_newer_portal(motor: Client) -> None:
    motor.refused(422, "block.not_a_db", "POST", f"{MOTOR}/actions/load-start-values")
    motor.refused(404, "block.not_found", "POST", f"{BLOCKS}/None/actions/load-start-values")
    error = motor.refused(501, "tia.value_service_missing", "POST", f"{BLOCKS}/Data/actions/load-start-values")
    assert "V21" in error["message"]


class GlobalDB:
    """A data block as V21 has it: its values are a service while the PLC is online."""

    def __init__(self, values: Any) -> None:
        self.Interface = SimpleNamespace(GetService={"values": lambda: values})


def newer(monkeypatch: pytest.MonkeyPatch, values: Any) -> Any:
    monkeypatch.setattr(blocks, "find", lambda *_: (GlobalDB(values), ()))
    return SimpleNamespace(model=SimpleNamespace(version="21", ValueService="values", has=lambda _: True))


def test_start_values_need_a_plc_that_is_online(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem) as refusal:
        plc_values.load_start_values(newer(monkeypatch, None), "PLC_1", "Data")
    assert (refusal.value.code, refusal.value.kind) == ("device.offline", Kind.CONFLICT)


def test_start_values_are_loaded_online(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    values = SimpleNamespace(LoadStartValuesAsActualValues=lambda: calls.append("loaded"))
    plc_values.load_start_values(newer(monkeypatch, values), "PLC_1", "Data")
    assert calls == ["loaded"]


# -- ProDiag ------------------------------------------------------------------------------


def test_only_a_prodiag_block_has_supervisions(motor: Client, workspace: Path) -> None:
    export = f"{MOTOR}/actions/export-prodiag"
    error = motor.refused(422, "block.no_prodiag", "POST", export, {"exportPath": "out"})
    assert "FB in LAD" in error["message"]
    motor.refused(422, "block.no_prodiag", "POST", f"{BLOCKS}/Data/actions/export-prodiag", {"exportPath": "out"})
    motor.refused(403, "path.outside_roots", "POST", export, {"exportPath": "../out"})
    motor.refused(400, "request.missing_field", "POST", export)
    (workspace / "file").write_bytes(b"")
    motor.refused(400, "file.wrong_kind", "POST", export, {"exportPath": "file"})
    assert not (workspace / "out").exists()


class FB:
    """A ProDiag block as TIA Portal has it: it writes files to a folder."""

    ProgrammingLanguage = SimpleNamespace(ToString=lambda: "ProDiag")

    @staticmethod
    def ExportProDIAGInfo(folder: str) -> None:  # noqa: N802 - the name in TIA Portal
        (Path(folder) / "Supervisions.csv").write_bytes(b"1;2")


def test_supervisions_go_to_files_of_the_folder(
    motor: Client, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "find", lambda *_: (FB(), ()))
    monkeypatch.setattr(plc_values, "di", lambda _, path: str(path))
    body = {"exportPath": "out/prodiag"}
    (made,) = motor.ok("POST", f"{MOTOR}/actions/export-prodiag", body)
    assert (Path(made["path"]).read_bytes(), made["size"]) == (b"1;2", 3)
    assert Path(made["path"]).parent == workspace / "out" / "prodiag"
    motor.refused(409, "file.exists", "POST", f"{MOTOR}/actions/export-prodiag", body)
    motor.ok("POST", f"{MOTOR}/actions/export-prodiag", body | {"overwrite": True})


def test_prodiag_block_without_the_export_is_said(motor: Client, workspace: Path) -> None:
    block = simatic_xml.from_json({"engineering": "V20", "kind": "FB", "name": "Diag", "language": "ProDiag"})
    (workspace / "d.xml").write_bytes(simatic_xml.dump(block))
    motor.ok("POST", f"{BLOCKS}/actions/import-sync", {"importFilePath": "d.xml"})
    body = {"exportPath": "out"}
    motor.refused(501, "tia.prodiag_missing", "POST", f"{BLOCKS}/Diag/actions/export-prodiag", body)
    assert not (workspace / "out").exists()
