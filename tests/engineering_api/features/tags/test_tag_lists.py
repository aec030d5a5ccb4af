"""A list of signals into a PLC: the preview of a dry run, missing tables, and errors that name the user's own titles."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from engineering_api.features.jobs.jobs_operations import ExecuteNow
from engineering_api.features.tags.tag_transfer_operations import ImportJson
from engineering_api.features.tools import losses
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from tests.engineering_api.features.tags.files.lists import one_sheet, workbook
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
DEFAULT = f"{DEVICE}/tag-tables/Default%20tag%20table"
IMPORT = f"{DEVICE}/tags/actions/import-sync"
XLSX = f"{DEFAULT}/actions/import-xlsx-sync"
LIST = [
    *[[f"Title {number}"] for number in range(11)],
    ["Nr", "Symbolischer Name", "SPS-Adresse", "Typ", "Bemerkung", "Variablentabelle"],
    [1, "Motor_1", "E 3.0", "BOOL", "läuft", "Hall\\Drives"],
    ["", "Füllstände", "", "", "", ""],
    [2, "Niveau", "PEW 256", "Integer", "Behälter", "Analog"],
    [3, "Flag", "M110.0", "Boolean", "", ""],
    ["Summe", "", "", "", "3", ""],
    ["# end of the list", "", "", "", "", ""],
]


@pytest.fixture
def folder(workspace: Path, plc: Client) -> Path:
    workspace.mkdir(exist_ok=True)
    (workspace / "list.xlsx").write_bytes(one_sheet(LIST, "Signale"))
    return workspace


def understood(report: dict[str, Any]) -> dict[str, str]:
    return {column["title"]: column["field"] for column in report["sheets"][0]["columns"]}


@pytest.mark.parametrize("path", [IMPORT, XLSX, XLSX.replace("xlsx", "csv")])
def test_the_preview_shows_how_a_list_is_understood(plc: Client, folder: Path, path: str) -> None:
    body = {"filePath": "list.xlsx", "dryRun": True, "typeNames": "convert"}
    report = plc.ok("POST", path, body)
    (sheet,) = report["sheets"]
    figures = {key: sheet[key] for key in ("sheet", "headerRow", "tags", "constants", "wrong", "skipped", "ignored")}
    assert figures == {
        "sheet": "Signale",
        "headerRow": 12,
        "tags": 3,
        "constants": 0,
        "wrong": 0,
        "skipped": 3,
        "ignored": "",
    }
    assert understood(report) == {
        "Nr": "",
        "Symbolischer Name": "name",
        "SPS-Adresse": "logicalAddress",
        "Typ": "dataType",
        "Bemerkung": "comment",
        "Variablentabelle": "path",
    }
    assert [(row["row"], row["code"]) for row in report["skippedRows"]] == [
        (14, "tag_row.section"),
        (17, "tag_row.total"),
        (18, "tag_row.comment"),
    ]
    assert [(row["row"], row["code"]) for row in report["notes"]] == [
        (15, "tag_type.converted"),
        (15, "tag_address.peripheral"),
        (16, "tag_type.converted"),
    ]
    assert (report["created"], report["newTables"], report["importable"]) == (3, ["Hall\\Drives", "Analog"], True)
    first = report["firstRows"][0]
    assert first == {
        "sheet": "Signale",
        "row": 13,
        "name": "Motor_1",
        "dataType": "Bool",
        "logicalAddress": "%I3.0",
        "value": "",
        "comment": "läuft",
        "path": "Hall\\Drives",
    }
    assert plc.ok("GET", f"{DEVICE}/tags/all") == []
    made = plc.ok("POST", path, body | {"dryRun": False})
    assert {key: made[key] for key in ("created", "tables", "newTables", "sheets", "skippedRows", "notes")} == {
        key: report[key] for key in ("created", "tables", "newTables", "sheets", "skippedRows", "notes")
    }
    assert made["firstRows"] == []
    tags = plc.ok("GET", f"{DEVICE}/tags/all")
    assert {(tag["name"], tag["table"], tag["folder"], tag["dataType"], tag["logicalAddress"]) for tag in tags} == {
        ("Motor_1", "Drives", "Hall", "Bool", "%I3.0"),
        ("Niveau", "Analog", "", "Int", "%IW256"),
        ("Flag", "Default tag table", "", "Bool", "%M110.0"),
    }


def test_the_preview_of_a_list_with_errors(plc: Client, folder: Path) -> None:
    body = {"filePath": "list.xlsx"}
    report = plc.ok("POST", XLSX, body | {"dryRun": True})
    assert (report["importable"], report["created"], report["sheets"][0]["wrong"]) == (False, 1, 2)
    assert [(error["code"], error["row"], error["column"]) for error in report["errors"]] == [
        ("tag.data_type", 15, "Typ"),
        ("tag.data_type", 16, "Typ"),
    ]
    assert ["Did you mean Int?" in error["message"] for error in report["errors"]] == [True, False]
    assert plc.ok("POST", XLSX, body | {"dryRun": True, "partial": True})["importable"] is True
    refused = plc.refused(422, "tag_import.rows", "POST", XLSX, body)
    assert "2 rows have errors" in refused["message"] and "partial" in refused["message"]
    assert plc.ok("GET", f"{DEVICE}/tags/all") == []


def test_the_tool_has_the_preview(plc: Client, folder: Path) -> None:
    box: Toolbox = plc.http.app.state.service.part(Toolbox)
    arguments = {"deviceName": "PLC_1", "filePath": "list.xlsx", "dryRun": True, "typeNames": "convert"}
    answer = asyncio.run(box.call("import_tags", arguments, Caller("engineer", Right.ADMINISTER), writing=True))
    assert not answer.is_error, answer.text
    result = answer.structured["result"]
    assert (result["sheets"][0]["headerRow"], result["newTables"]) == (12, ["Hall\\Drives", "Analog"])


def test_only_a_dry_run_of_an_operation_of_one_step_needs_no_token() -> None:
    assert losses.is_dry(ImportJson(device_name="PLC_1", dry_run=True))
    assert not losses.is_dry(ImportJson(device_name="PLC_1"))
    assert not losses.is_dry(ExecuteNow(operation="tag_transfer.export_csv", dry_run=True))


def test_a_missing_table_is_offered_and_created(plc: Client, folder: Path) -> None:
    path = f"{DEVICE}/tag-tables/Signals/actions/import-xlsx-sync"
    body = {"filePath": "list.xlsx", "typeNames": "convert", "respectPath": False}
    error = plc.refused(404, "tag_table.not_found", "POST", path, body)
    assert "'Default tag table'" in error["message"]
    assert "createTable" in error["message"]
    report = plc.ok("POST", path, body | {"createTable": True, "dryRun": True})
    assert (report["tables"], report["newTables"]) == (["Signals"], ["Signals"])
    plc.refused(404, "tag_table.not_found", "POST", path, body)
    assert plc.ok("POST", path, body | {"createTable": True})["created"] == 3
    assert {tag["table"] for tag in plc.ok("GET", f"{DEVICE}/tags/all")} == {"Signals"}
    assert plc.ok("POST", path, body | {"createTable": True})["newTables"] == []


def test_a_missing_table_in_a_folder_is_created_there(plc: Client) -> None:
    tags = [{"name": "A", "dataType": "Bool"}]
    report = plc.ok("POST", IMPORT, {"tags": tags, "tableName": "Hall/Line 1", "createTable": True})
    assert report["newTables"] == ["Hall\\Line 1"]
    (tag,) = plc.ok("GET", f"{DEVICE}/tags/all")
    assert (tag["folder"], tag["table"]) == ("Hall", "Line 1")


def test_conflicts_name_the_sheet_and_the_title_of_the_list(plc: Client, folder: Path) -> None:
    title = ["Signalname", "Typ", "Adresse"]
    inputs, outputs = [title, ["A", "Bool", "E0.0"]], [title, ["A", "Bool", "A0.0"]]
    (folder / "two.xlsx").write_bytes(workbook({"Inputs": inputs, "Outputs": outputs}))
    error = plc.refused(422, "tag_import.rows", "POST", XLSX, {"filePath": "two.xlsx"})
    (detail,) = error["details"]
    assert (detail["code"], detail["place"]["sheet"], detail["place"]["row"]) == ("tag_name.duplicate", "Outputs", 2)
    assert "column 'Signalname'" in detail["message"]


def test_partial_leaves_out_the_wrong_row_of_the_right_sheet(plc: Client, folder: Path) -> None:
    """Both sheets have a row 2; TIA Portal refuses one of them, and a check the other."""
    title = ["Symbol", "Typ", "Adresse"]
    good, bad = (
        [title, ["A", "Bool", "E0.0"], ["C", "Bool", "M60000.0"]],
        [title, ["B", "Word", "E0.0"], ["D", "Bool", "E0.1"]],
    )
    (folder / "two.xlsx").write_bytes(workbook({"Good": good, "Bad": bad}))
    report = plc.ok("POST", XLSX, {"filePath": "two.xlsx", "partial": True})
    assert {(error["sheet"], error["row"]) for error in report["errors"]} == {("Bad", 2), ("Good", 3)}
    assert {tag["name"] for tag in plc.ok("GET", f"{DEVICE}/tags/all")} == {"A", "D"}


def test_only_the_chosen_sheet_is_imported(plc: Client, folder: Path) -> None:
    sheets = {
        name: [["Tag", "Type", "Address"], ["A", "Bool", address]]
        for name, address in (("Old", "I0.0"), ("New", "I0.1"))
    }
    (folder / "two.xlsx").write_bytes(workbook(sheets))
    report = plc.ok("POST", XLSX, {"filePath": "two.xlsx", "sheet": "New"})
    assert [(sheet["sheet"], bool(sheet["ignored"])) for sheet in report["sheets"]] == [("Old", True), ("New", False)]
    assert [tag["logicalAddress"] for tag in plc.ok("GET", f"{DEVICE}/tags/all")] == ["%I0.1"]


def test_requests_take_the_names_of_other_systems_too(plc: Client) -> None:
    body = {"tags": [{"name": "A", "dataType": "Boolean", "logicalAddress": "e 0.0"}]}
    error = plc.refused(422, "tag_import.rows", "POST", IMPORT, body)
    assert [(each["code"], each["place"]["pointer"]) for each in error["details"]] == [
        ("tag.data_type", "/tags/0/dataType")
    ]
    plc.ok("POST", IMPORT, body | {"typeNames": "convert"})
    assert [tag["dataType"] for tag in plc.ok("GET", f"{DEVICE}/tags/all")] == ["Bool"]


def test_long_lists_of_skipped_rows_are_cut_and_counted(plc: Client, folder: Path) -> None:
    rows = [["Tag", "Type", "Address"], ["A", "Bool", "I0.0"], *[["# note"]] * 1500]
    (folder / "long.xlsx").write_bytes(one_sheet(rows))
    report = plc.ok("POST", XLSX, {"filePath": "long.xlsx"})
    assert (len(report["skippedRows"]), report["sheets"][0]["skipped"]) == (1000, 1500)
