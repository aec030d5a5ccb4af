"""A file says of a tag what it has columns for, and nothing else: an update keeps the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
DEFAULT = f"{DEVICE}/tag-tables/Default%20tag%20table"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_columns_that_a_file_does_not_have_stay_as_they_are(plc: Client, workspace: Path, kind: str) -> None:
    kept = {
        "name": "Start",
        "dataType": "Bool",
        "logicalAddress": "%I0.0",
        "comment": "kept",
        "externalVisible": False,
        "externalAccessible": False,
        "externalWritable": False,
    }
    plc.ok("POST", f"{DEVICE}/tags", kept)
    workspace.mkdir(exist_ok=True)
    _write_rows(workspace / f"tags.{kind}", [["Name", "Data Type", "Logical Address"], ["Start", "Bool", "%I0.1"]])
    report = plc.ok("POST", f"{DEFAULT}/actions/import-{kind}-sync", {"filePath": f"tags.{kind}", "mode": "update"})
    assert report["updated"] == 1
    tag = plc.ok("GET", f"{DEVICE}/tags/all")[0]
    assert {key: tag[key] for key in kept} == kept | {"logicalAddress": "%I0.1"}


def test_a_column_that_is_there_and_empty_says_so(plc: Client, workspace: Path) -> None:
    plc.ok("POST", f"{DEVICE}/tags", {"name": "Start", "dataType": "Bool", "comment": "old", "externalVisible": False})
    plc.ok("POST", f"{DEFAULT}/constants", {"name": "LIMIT", "dataType": "Int", "value": "5", "comment": "old"})
    workspace.mkdir(exist_ok=True)
    rows = [
        ["Name", "Data Type", "Address", "Value", "Comment"],
        ["Start", "Bool", "", "", ""],
        ["LIMIT", "Int", "", "6", ""],
    ]
    _write_rows(workspace / "tags.csv", rows)
    plc.ok("POST", f"{DEFAULT}/actions/import-csv-sync", {"filePath": "tags.csv", "mode": "update"})
    tag, constant = plc.ok("GET", f"{DEVICE}/tags/all")[0], plc.ok("GET", f"{DEFAULT}/constants/user")[0]
    assert (tag["comment"], tag["externalVisible"]) == ("", False)
    assert (constant["comment"], constant["value"]) == ("", "6")


def test_a_constant_keeps_its_comment_when_the_file_has_none(plc: Client, workspace: Path) -> None:
    plc.ok("POST", f"{DEFAULT}/constants", {"name": "LIMIT", "dataType": "Int", "value": "5", "comment": "kept"})
    workspace.mkdir(exist_ok=True)
    _write_rows(workspace / "tags.csv", [["Name", "Data Type", "Value"], ["LIMIT", "Int", "6"]])
    plc.ok("POST", f"{DEFAULT}/actions/import-csv-sync", {"filePath": "tags.csv", "mode": "update"})
    constant = plc.ok("GET", f"{DEFAULT}/constants/user")[0]
    assert (constant["comment"], constant["value"]) == ("kept", "6")


def _write_rows(path: Path, rows: list[list[str]]) -> None:
    if path.suffix == ".csv":
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
        return
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "PLC Tags"
    for row in rows:
        sheet.append(row)
    workbook.save(path)
