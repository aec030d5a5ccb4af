"""Tags from requests and files: all or nothing, every row's errors at once, tags that no row names untouched."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from engineering_api.features.tags.files import ConstantRow, TagRow, write_csv, write_xlsx
from engineering_api.operations.context import Progress
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
DEFAULT = f"{DEVICE}/tag-tables/Default%20tag%20table"
IMPORT = f"{DEVICE}/tags/actions/import-sync"
FAR = "%M60000.0"
"""An address that this CPU does not have; only TIA Portal knows."""
START = {"name": "Start", "dataType": "Bool", "logicalAddress": "%I0.0"}


def everything(client: Client) -> list[Any]:
    """What a second read must find unchanged."""
    tables = client.ok("GET", f"{DEVICE}/tag-tables")
    constants = [client.ok("GET", f"{DEVICE}/tag-tables/{table['name']}/constants/user") for table in tables]
    return [tables, client.ok("GET", f"{DEVICE}/tags/all"), constants]


def row(name: str, table: str = "", address: str = "", data_type: str = "Bool", comment: str = "") -> TagRow:
    return TagRow(0, table, name, data_type, address, comment)


@pytest.fixture
def filled(plc: Client) -> Client:
    plc.ok("POST", f"{DEVICE}/tags", START | {"comment": "Start button", "externalVisible": False})
    plc.ok("POST", f"{DEVICE}/tags", {"name": "Kept", "dataType": "Int", "logicalAddress": "%MW0"})
    plc.ok("POST", f"{DEVICE}/tag-tables", {"name": "Line", "folder": "Hall"})
    plc.ok("POST", f"{DEVICE}/tag-tables/Line/tags", {"name": "Run", "logicalAddress": "%Q0.0"})
    plc.ok("POST", f"{DEFAULT}/constants", {"name": "LIMIT", "dataType": "Int", "value": 5})
    return plc


def test_json_creates_updates_and_leaves(filled: Client) -> None:
    body = {
        "tags": [
            {"name": "start", "dataType": "Bool", "logicalAddress": "e0.7"},
            {"name": "Kept", "dataType": "Int", "logicalAddress": "%MW0"},
            {"name": "Run", "dataType": "Bool", "logicalAddress": "%Q0.0", "path": "Hall\\Line"},
            {"name": "New", "dataType": "Bool", "path": "Other\\Fresh", "comment": "c"},
        ],
        "constants": [{"name": "LIMIT", "dataType": "Int", "value": "7"}],
        "mode": "update",
    }
    report = filled.ok("POST", IMPORT, body)
    figures = {key: report[key] for key in ("created", "updated", "unchanged", "skipped")}
    assert figures == {"created": 1, "updated": 2, "unchanged": 2, "skipped": 0}
    assert report["tables"] == ["Default tag table", "Other\\Fresh"]
    tags = {tag["name"]: tag for tag in filled.ok("GET", f"{DEVICE}/tags/all")}
    assert set(tags) == {"start", "Kept", "Run", "New"}
    assert tags["start"]["logicalAddress"] == "%I0.7"
    assert (tags["start"]["comment"], tags["start"]["externalVisible"]) == ("Start button", False)
    assert (tags["New"]["table"], tags["New"]["folder"], tags["New"]["comment"]) == ("Fresh", "Other", "c")
    assert filled.ok("GET", f"{DEFAULT}/constants/user")[0]["value"] == "7"


def test_default_table_stays_the_default_table(filled: Client) -> None:
    filled.ok("POST", IMPORT, {"tags": [{"name": "New", "dataType": "Bool"}]})
    default = [table for table in filled.ok("GET", f"{DEVICE}/tag-tables") if table["isDefault"]]
    assert [(table["name"], table["tagCount"]) for table in default] == [("Default tag table", 3)]


def test_german_name_of_the_default_table_means_it(filled: Client) -> None:
    report = filled.ok(
        "POST", IMPORT, {"tags": [{"name": "N", "dataType": "Bool", "path": "Standard-Variablentabelle"}]}
    )
    assert report["tables"] == ["Default tag table"]


def test_import_as_a_job(filled: Client) -> None:
    job = filled.job("POST", f"{DEVICE}/tags/actions/import", {"tags": [{"name": "New", "dataType": "Bool"}]})
    assert (job["status"], job["result"]["created"], job["progress"]) == ("Completed", 1, 100)


def test_all_errors_are_told_at_once_and_nothing_is_changed(filled: Client) -> None:
    before = everything(filled)
    tags = [
        {"name": "Good", "dataType": "Bool", "logicalAddress": "%I5.0"},
        {"name": 'a"b', "dataType": "Int", "logicalAddress": "%I0.0"},
        {"name": "Good", "dataType": "Bool"},
        {"name": "Run", "dataType": "Bool", "path": "Default tag table"},
        {"name": "LIMIT", "dataType": "Bool"},
        {"name": "X", "dataType": "Bool", "path": "Elsewhere\\Line"},
    ]
    constants = [
        {"name": "MAX", "dataType": "Int", "value": "40000"},
        {"name": "Start", "dataType": "Int", "value": "1"},
    ]
    error = filled.refused(422, "tag_import.rows", "POST", IMPORT, {"tags": tags, "constants": constants})
    assert {(detail["code"], detail["place"]["pointer"]) for detail in error["details"]} == {
        ("tag_name.character", "/tags/1/name"),
        ("tag_address.width", "/tags/1/logicalAddress"),
        ("tag_name.duplicate", "/tags/2/name"),
        ("tag.exists_elsewhere", "/tags/3/name"),
        ("constant.exists_elsewhere", "/tags/4/name"),
        ("tag_table.other_folder", "/tags/5/path"),
        ("constant_value.type", "/constants/0/value"),
        ("tag.exists_elsewhere", "/constants/1/name"),
    }
    assert everything(filled) == before


def test_partial_finds_the_rows_that_tia_portal_refuses(filled: Client) -> None:
    """It refuses a table as a whole: the rows are told one by one all the same."""
    tags = [
        {"name": f"Row{n}", "dataType": "Bool"} | ({"logicalAddress": FAR} if n in {3, 7} else {}) for n in range(8)
    ]
    refused = filled.http.post(IMPORT, json={"tags": tags})
    assert refused.status_code == 422
    report = filled.ok("POST", IMPORT, {"tags": tags, "partial": True})
    assert (report["created"], [error["row"] for error in report["errors"]]) == (6, [4, 8])
    assert all(FAR in error["message"] for error in report["errors"])
    made = {tag["name"] for tag in filled.ok("GET", "/api/devices/PLC_1/tags/all")}
    assert {f"Row{n}" for n in range(8)} & made == {f"Row{n}" for n in range(8) if n not in {3, 7}}


def test_partial_takes_the_good_rows_and_lists_the_others(filled: Client) -> None:
    tags = [{"name": "Good", "dataType": "Bool"}, {"name": "Bad", "dataType": "Int", "logicalAddress": "%I0.0"}]
    report = filled.ok("POST", IMPORT, {"tags": tags, "partial": True})
    assert report["created"] == 1
    (error,) = report["errors"]
    assert (error["code"], error["row"], error["column"]) == ("tag_address.width", 2, "logicalAddress")


def test_dry_run_changes_nothing(filled: Client) -> None:
    before = everything(filled)
    report = filled.ok(
        "POST", IMPORT, {"tags": [START | {"logicalAddress": "%I9.0"}], "dryRun": True, "mode": "update"}
    )
    assert (report["updated"], report["dryRun"], report["tables"]) == (1, True, ["Default tag table"])
    assert everything(filled) == before


def test_what_would_change_is_refused_unless_that_is_asked_for(filled: Client) -> None:
    before = everything(filled)
    assert filled.ok("POST", IMPORT, {"tags": [START]})["unchanged"] == 1
    body = {
        "tags": [START | {"logicalAddress": "%I9.0"}],
        "constants": [{"name": "LIMIT", "dataType": "Int", "value": "7"}],
    }
    for mode in ({}, {"mode": "create"}):
        error = filled.refused(422, "tag_import.rows", "POST", IMPORT, body | mode)
        assert [detail["code"] for detail in error["details"]] == ["tag.exists", "constant.exists"]
        assert "address %I0.0 → %I9.0" in error["details"][0]["message"]
    body = {"tags": body["tags"]}
    assert filled.ok("POST", IMPORT, body | {"mode": "skip"})["skipped"] == 1
    filled.refused(400, "request.wrong_type", "POST", IMPORT, body | {"mode": "merge"})
    assert everything(filled) == before


def test_refusal_of_the_portal_undoes_the_tables_before_it(filled: Client) -> None:
    before = everything(filled)
    tags = [
        {"name": "New", "dataType": "Bool"},
        {"name": "Odd", "dataType": "Bool", "logicalAddress": FAR, "path": "Z"},
    ]
    error = filled.refused(422, "tag_table.import_refused", "POST", IMPORT, {"tags": tags})
    assert error["place"]["table"] == "Z"
    assert everything(filled) == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "request.contradiction"),
        ({"tags": [START], "filePath": "a.json"}, 400, "request.contradiction"),
        ({"tags": [{"name": "A"}]}, 400, "request.missing_field"),
        ({"tags": [START | {"adress": ""}]}, 400, "request.unknown_field"),
        ({"tags": [START | {"externalVisible": "yes"}]}, 400, "request.wrong_type"),
        ({"tags": [START], "tableName": "Nothing"}, 404, "tag_table.not_found"),
        ({"filePath": "nothing.json"}, 404, "file.not_found"),
        ({"filePath": "../../etc/passwd"}, 403, "path.outside_roots"),
    ],
)
def test_bad_request_is_refused(filled: Client, body: Any, status: int, code: str) -> None:
    before = everything(filled)
    filled.refused(status, code, "POST", IMPORT, body)
    assert everything(filled) == before


# -- files --------------------------------------------------------------------------------


def test_all_rows_of_a_file_go_to_the_table_of_the_request_without_the_path(filled: Client, workspace: Path) -> None:
    write_csv(workspace / "t.csv", [row("A", "Somewhere", "%I1.0"), row("B")], [ConstantRow(0, "", "C", "Int", "3")])
    body = {"filePath": "t.csv", "respectPath": False}
    report = filled.ok("POST", f"{DEVICE}/tag-tables/Line/actions/import-csv-sync", body)
    assert (report["created"], report["tables"]) == (3, ["Hall\\Line"])


def test_rows_go_to_the_tables_of_their_paths(filled: Client, workspace: Path) -> None:
    write_xlsx(workspace / "t.xlsx", [row("A", "Somewhere\\Deep", "%I1.0"), row("B", "Line")])
    body = {"filePath": "t.xlsx"}
    job = filled.job("POST", f"{DEFAULT}/actions/import-xlsx", body)
    assert job["result"]["tables"] == ["Hall\\Line", "Somewhere\\Deep"]


def test_workbook_errors_name_sheet_and_row(filled: Client, workspace: Path) -> None:
    before = everything(filled)
    tags = [row("A", address="%I1.0"), row("A", address="%I1.1"), row("W", address="%MW1")]
    write_xlsx(workspace / "t.xlsx", tags, [ConstantRow(0, "", "C", "Byte", "300")])
    error = filled.refused(
        422, "tag_import.rows", "POST", f"{DEFAULT}/actions/import-xlsx-sync", {"filePath": "t.xlsx"}
    )
    places = {(d["code"], d["place"]["sheet"], d["place"]["row"]) for d in error["details"]}
    assert places == {
        ("tag_name.duplicate", "PLC Tags", 3),
        ("tag_address.width", "PLC Tags", 4),
        ("constant_value.type", "Constants", 2),
    }
    assert all("column '" in detail["message"] for detail in error["details"])
    assert everything(filled) == before


@pytest.mark.parametrize(
    ("route", "content", "code"),
    [
        ("import-xlsx-sync", b"%PDF-1.7 not a workbook", "tag_file.not_a_workbook"),
        ("import-xlsx-sync", b"", "tag_file.not_a_workbook"),
        ("import-csv-sync", b"one,two\n1,2\n", "tag_file.missing_columns"),
        ("import-csv-sync", b"PK\x03\x04 broken", "tag_file.damaged"),
        ("import-csv-sync", b"<html></html>", "tag_file.not_a_tag_table"),
        ("import-csv-sync", b"[{]", "tag_file.broken_json"),
    ],
)
def test_file_of_another_kind_is_refused(
    filled: Client, workspace: Path, route: str, content: bytes, code: str
) -> None:
    before = everything(filled)
    name = "t.xlsx" if "xlsx" in route else "t.csv"
    (workspace / name).write_bytes(content)
    error = filled.refused(422, code, "POST", f"{DEFAULT}/actions/{route}", {"filePath": name})
    assert error["place"]["path"] == name
    assert everything(filled) == before


def test_no_file_is_read_for_a_table_that_is_not_there(filled: Client) -> None:
    path = f"{DEVICE}/tag-tables/Nothing/actions/import-csv-sync"
    filled.refused(404, "tag_table.not_found", "POST", path, {"filePath": "t.csv"})


def test_import_without_a_project_is_refused(client: Client) -> None:
    client.refused(409, "project.none", "POST", IMPORT, {"tags": [START]})


# -- cancelling ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["Reading Line", "Comparing", "Writing New", "Importing New", "Imported"])
def test_cancelled_import_leaves_nothing_changed(filled: Client, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    before = everything(filled)
    reached, go_on = threading.Event(), threading.Event()
    report = Progress.report

    def halting(progress: Progress, percent: float, message: str) -> None:
        if message == step:
            reached.set()
            go_on.wait(60)
        report(progress, percent, message)

    monkeypatch.setattr(Progress, "report", halting)
    tags = [{"name": "A", "dataType": "Bool"}, {"name": "B", "dataType": "Bool", "path": "New"}]
    answer = filled.http.post(f"{DEVICE}/tags/actions/import", json={"tags": tags})
    job_id = answer.json()["data"]["jobId"]
    assert reached.wait(60)
    filled.ok("POST", f"/api/jobs/{job_id}/actions/cancel")
    go_on.set()
    assert filled.ended(job_id)["status"] == "Cancelled"
    assert everything(filled) == before


@pytest.mark.parametrize(
    ("written", "meant"), [("Bol", "Bool"), ("DoubleInt", ""), ("Interger", "Int"), ("LREEL", "LReal")]
)
def test_an_unknown_data_type_is_a_row_with_an_error(filled: Client, written: str, meant: str) -> None:
    """TIA Portal imports the tag and refuses to compile; the row is found before."""
    before = everything(filled)
    tags = [{"name": "Good", "dataType": "Bool"}, {"name": "Odd", "dataType": written}]
    error = filled.refused(422, "tag_import.rows", "POST", IMPORT, {"tags": tags})
    (detail,) = error["details"]
    assert (detail["code"], detail["place"]["pointer"]) == ("tag.data_type", "/tags/1/dataType")
    assert meant in detail["message"]
    assert everything(filled) == before


def test_plc_and_hardware_data_types_are_known(filled: Client) -> None:
    types = ['"UDT_Later"', "Hw_Hsc", "HW_IO", "Timer", "Array[0..3] of Int", 'Array[0..3] of "UDT_Later"']
    tags = [{"name": f"Row{number}", "dataType": each} for number, each in enumerate(types)]
    report = filled.ok("POST", IMPORT, {"tags": tags, "partial": True})
    assert [each for each in report["errors"] if each["code"] == "tag.data_type"] == []
