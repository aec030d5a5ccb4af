"""The service's database file: one of an earlier version is completed, and what it holds is kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.api.conftest import Client, settings


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
