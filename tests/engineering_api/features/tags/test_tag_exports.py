"""Tags out to files, and back without a difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engineering_api.features.tags.files import read, read_json
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
LINE = f"{DEVICE}/tag-tables/Line"


@pytest.fixture
def filled(plc: Client) -> Client:
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "Line", "folder": "Hall"})
    plc.ok(
        "POST", f"{LINE}/tags", {"name": "Run", "logicalAddress": "%Q0.0", "comment": "=1+1", "externalVisible": False}
    )
    plc.ok("POST", f"{LINE}/tags", {"name": "Förder;band", "dataType": "Int", "logicalAddress": "%IW4"})
    plc.ok("POST", f"{LINE}/constants", {"name": "LIMIT", "dataType": "Time", "value": "T#2s", "comment": "c"})
    plc.ok("POST", f"{DEVICE}/tags", {"name": "Other"})
    return plc


def contents(client: Client) -> Any:
    constants = client.ok("GET", f"{LINE}/constants/user")
    return client.ok("GET", f"{DEVICE}/tags/all"), constants


@pytest.mark.parametrize(("kind", "suffix"), [("excel", ".xlsx"), ("csv", ".csv"), ("json", ".json")])
def test_export_of_a_table_holds_its_rows(filled: Client, workspace: Path, kind: str, suffix: str) -> None:
    body = {"exportPath": f"out/line{suffix}"}
    made = filled.ok("POST", f"{LINE}/actions/export-{kind}-sync", body)
    file = workspace / "out" / f"line{suffix}"
    assert (made["path"], made["tags"], made["constants"]) == (str(file), 2, 1)
    assert made["size"] == file.stat().st_size
    sheet = read(file)
    assert [(tag.table, tag.name, tag.address, tag.comment) for tag in sheet.tags] == [
        ("Hall\\Line", "Run", "%Q0.0", "=1+1"),
        ("Hall\\Line", "Förder;band", "%IW4", ""),
    ]
    assert [tag.hmi_visible for tag in sheet.tags] == [False, True]
    assert [(constant.name, constant.value) for constant in sheet.constants] == [("LIMIT", "T#2s")]
    filled.refused(409, "file.exists", "POST", f"{LINE}/actions/export-{kind}-sync", body)
    job = filled.job("POST", f"{LINE}/actions/export-{kind}", body | {"overwrite": True})
    assert job["result"]["tags"] == 2


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".json"])
def test_what_was_exported_comes_back_unchanged(filled: Client, suffix: str) -> None:
    before = contents(filled)
    body = {"exportPath": f"all{suffix}"}
    assert filled.ok("POST", f"{DEVICE}/tags/actions/export-sync", body)["tags"] == 3
    back = {"filePath": f"all{suffix}"}
    report = filled.ok("POST", f"{DEVICE}/tags/actions/import-sync", back)
    assert (report["unchanged"], report["tables"]) == (4, [])
    filled.ok("DELETE", f"{LINE}/actions/delete-sync")
    report = filled.ok("POST", f"{DEVICE}/tags/actions/import-sync", back)
    assert (report["created"], report["unchanged"], report["tables"]) == (3, 1, ["Hall\\Line"])
    assert contents(filled) == before


def test_german_mnemonics_and_another_delimiter(filled: Client, workspace: Path) -> None:
    body = {"exportPath": "line.csv", "mnemonics": "de", "delimiter": ","}
    filled.ok("POST", f"{LINE}/actions/export-csv-sync", body)
    text = (workspace / "line.csv").read_text(encoding="utf-8-sig")
    assert "%A0.0" in text
    assert "Name,Path" in text
    filled.refused(
        422,
        "tag_file.delimiter",
        "POST",
        f"{LINE}/actions/export-csv-sync",
        body | {"delimiter": "|", "overwrite": True},
    )


@pytest.mark.parametrize(
    ("kind", "path", "status", "code"),
    [
        ("csv", "../out.csv", 403, "path.outside_roots"),
        ("csv", "/etc/out.csv", 403, "path.outside_roots"),
        ("csv", "out.xlsx", 400, "file.wrong_kind"),
        ("excel", "out.csv", 400, "file.wrong_kind"),
        ("excel", "", 400, "file.wrong_kind"),
    ],
)
def test_bad_target_is_refused(filled: Client, kind: str, path: str, status: int, code: str) -> None:
    filled.refused(status, code, "POST", f"{LINE}/actions/export-{kind}-sync", {"exportPath": path})


def test_table_that_is_not_there_leaves_no_file(filled: Client, workspace: Path) -> None:
    path = f"{DEVICE}/tag-tables/Nothing/actions/export-json-sync"
    filled.refused(404, "tag_table.not_found", "POST", path, {"exportPath": "out.json"})
    assert not (workspace / "out.json").exists()


def test_json_export_is_a_list_of_rows(filled: Client, workspace: Path) -> None:
    filled.ok("POST", f"{DEVICE}/tags/actions/export-sync", {"exportPath": "all.json"})
    assert not read_json(workspace / "all.json").errors
