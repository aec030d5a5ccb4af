"""The service's database file: one of an earlier version is completed, and what it holds is kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.support.service import Client, settings


def test_a_file_of_an_earlier_version_gets_the_columns_that_it_lacks(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        kept = client.job("POST", "/api/projects/actions/save")
    with sqlite3.connect(tmp_path / "service.db") as file:
        assert file.execute('SELECT DISTINCT "right" FROM jobs').fetchall() == [("ADMINISTER",)]
        file.execute('ALTER TABLE jobs DROP COLUMN "right"')
    with TestClient(create_app(settings(tmp_path))) as http:
        assert Client(http).ok("GET", f"/api/jobs/{kept['jobId']}") == kept
    with sqlite3.connect(tmp_path / "service.db") as file:
        assert file.execute('SELECT DISTINCT "right" FROM jobs').fetchall() == [("VIEW",)], (
            "what is not known is the least"
        )


ODD = "a\x0eb"
TABLE = "/api/devices/PLC_1/tag-tables/Default%20tag%20table"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/devices/PLC_1/tags", {"name": "T", "dataType": "Bool", "comment": ODD}),
        ("POST", f"{TABLE}/constants", {"name": "C", "dataType": "String", "value": f"'{ODD}'"}),
        ("PUT", f"{TABLE}/constants/Limit", {"value": f"'{ODD}'"}),
        ("PUT", f"{TABLE}/constants/Limit", {"comment": ODD}),
        (
            "POST",
            "/api/devices/PLC_1/tags/actions/import-sync",
            {"tags": [{"name": "T", "dataType": "Bool", "comment": ODD}]},
        ),
        ("POST", "/api/devices/PLC_1/watch-tables/Watch/entries", {"entries": [{"name": "T", "comment": ODD}]}),
        (
            "POST",
            "/api/devices/PLC_1/udts",
            {"name": "U", "comment": ODD, "members": [{"name": "m", "dataType": "Int"}]},
        ),
    ],
)
def test_a_text_that_no_file_can_hold_is_refused_and_the_project_stays_one_that_can_be_saved(
    plc: Client, method: str, path: str, body: Any
) -> None:
    plc.ok("POST", "/api/devices/PLC_1/watch-tables", {"name": "Watch"})
    plc.ok("POST", f"{TABLE}/constants", {"name": "Limit", "dataType": "String", "value": "'x'"})
    assert plc.http.request(method, path, json=body).status_code == 422
    plc.ok("POST", "/api/projects/actions/save-sync")
