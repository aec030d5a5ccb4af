"""Alarms out of workbooks and CSV files: of an HMI, and of sheets of tags with limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.service import Client

IMPORT, DEFINITIONS = "/api/runtime/alarm-definitions/actions/import", "/api/runtime/alarm-definitions"
DISCRETE: list[list[Any]] = [
    ["ID", "Name", "Alarm text [de-DE], Alarm text", "FieldInfo [Alarm text]", "Class", "Trigger tag", "Trigger bit"],
    [1, "Motor", "Motor gestört", "<No value>", "Errors", "Status", 3],
    [2, "Door", "Tür offen", "<No value>", "Warnings", "Status", 4],
]
ANALOG: list[list[Any]] = [
    [
        "ID",
        "Name",
        "Class",
        "Trigger tag",
        "Limit",
        "Limit mode",
        "Delay time",
        "Delay time unit",
        "Hysteresis mode",
        "Hysteresis",
        "Hysteresis in percentage",
        "Group",
    ],
    [1, "Level high", "Errors", "Level", 80, "Higher", 2, "Second", "On", 5, "True", "Tank"],
    [2, "Level low", "Errors", "Level", 10.5, "Lower", 500, "Millisecond", "Off", 5, "False", "<No value>"],
]


def workbook(path: Path, **sheets: list[list[Any]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    book.close()


def defined(client: Client) -> dict[str, Any]:
    return {each["name"]: each for each in client.ok("GET", DEFINITIONS)}


def test_a_workbook_of_an_hmi(client: Client, workspace: Path) -> None:
    workbook(workspace / "alarms.xlsx", Notes=[["made by hand"]], DiscreteAlarms=DISCRETE, AnalogAlarms=ANALOG)
    report = client.ok("POST", IMPORT, {"filePath": "alarms.xlsx", "source": "memory"})
    assert (report["rows"], report["errors"]) == (4, [])
    made = defined(client)
    motor, door, high, low = (made[name] for name in ("Motor", "Door", "Level high", "Level low"))
    assert (motor["tag"], motor["trigger"], motor["bit"], motor["number"]) == ("memory:Status", "bit", 3, 1)
    assert motor["texts"] == {"de-DE": "Motor gestört"}
    assert (motor["needsAcknowledge"], door["needsAcknowledge"]) == (True, False)
    assert (high["trigger"], high["limit"], high["deadband"], high["delayOn"], high["area"]) == (
        "greater",
        80,
        4.0,
        2.0,
        "Tank",
    )
    assert (low["trigger"], low["limit"], low["deadband"], low["delayOn"]) == ("less", 10.5, 0.0, 0.5)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_tags_with_limits(client: Client, workspace: Path, delimiter: str) -> None:
    rows = [
        ["Name", "HH", "H", "LL"],
        ["Tank.level", "95", "90", ""],
        ["Tank.flow", "", "", "-1.5"],
        ["Tank.note", "", "", ""],
    ]
    workspace.mkdir(parents=True, exist_ok=True)
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (workspace / "tags.csv").write_text(text, encoding="utf-8")
    report = client.ok("POST", IMPORT, {"filePath": "tags.csv", "source": "memory", "partial": True})
    found = {each["name"]: (each["tag"], each["trigger"], each["limit"]) for each in defined(client).values()}
    assert found == {
        "Tank.level HH": ("memory:Tank.level", "greater", 95),
        "Tank.level H": ("memory:Tank.level", "greater", 90),
        "Tank.flow LL": ("memory:Tank.flow", "less", -1.5),
    }
    (error,) = report["errors"]
    assert (error["row"], error["column"]) == (4, "Trigger tag")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"Trigger tag": "a"}, "Name"),
        ({"Name": "A", "Trigger tag": "a", "Limit": "much", "Limit mode": "Higher"}, "Limit"),
        ({"Name": "A", "Trigger tag": "a", "Limit": "nan", "Limit mode": "Higher"}, "Limit"),
        ({"Name": "A", "Trigger tag": "a", "Limit": 1, "Limit mode": "Sideways"}, "Limit mode"),
        ({"Name": "A", "Trigger tag": "a", "Trigger bit": 64}, ""),
        ({"Name": "A", "Trigger tag": "a", "Trigger bit": 2.5}, "Trigger bit"),
        ({"Name": "A", "Trigger tag": "a", "ID": 10**20}, ""),
        ({"Name": "A", "Trigger tag": "a", "Delay time": 1, "Delay time unit": "Fortnight"}, "Delay time unit"),
        ({"Name": "A", "Data type": "Bool"}, "Trigger tag"),
    ],
)
def test_what_a_row_lacks_is_named(client: Client, row: dict[str, Any], column: str) -> None:
    report = client.ok("POST", IMPORT, {"rows": [row], "source": "memory", "partial": True})
    (error,) = report["errors"]
    assert (error["row"], error["column"], report["defined"]) == (1, column, [])


def test_names_that_are_taken(client: Client) -> None:
    body = {"rows": [{"Name": "A", "Trigger tag": "a"}], "source": "memory"}
    client.ok("POST", IMPORT, body)
    client.refused(422, "runtime.alarm_rows", "POST", IMPORT, body)
    client.ok("POST", IMPORT, body | {"mode": "replace"})
    twice = body | {"rows": [{"Name": "B", "Trigger tag": "a"}, {"Name": "b", "Trigger tag": "a"}]}
    client.refused(422, "runtime.alarm_rows", "POST", IMPORT, twice)


def test_files_that_are_no_sheets(client: Client, workspace: Path) -> None:
    workspace.mkdir(parents=True, exist_ok=True)
    (workspace / "empty.csv").write_text("Title\r\n1\r\n", encoding="utf-8")
    client.refused(422, "tag_file.missing_columns", "POST", IMPORT, {"filePath": "empty.csv"})
    client.refused(404, "file.not_found", "POST", IMPORT, {"filePath": "missing.csv"})
    client.refused(400, "request.contradiction", "POST", IMPORT, {})
