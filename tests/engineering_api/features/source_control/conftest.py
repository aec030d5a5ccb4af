"""A project under source control."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.engineering_api.features.source_control.kit import API, SCL, TABLES, add_tag, commit, write
from tests.support.service import Client, settings


@pytest.fixture
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose repositories may be remotes."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def client(tmp_path: Path, shelf: Path) -> Iterator[Client]:
    hosts = ["127.0.0.1", "*.plant.example"]
    with TestClient(create_app(settings(tmp_path, git_hosts=hosts, git_folders=[shelf]))) as http:
        yield Client(http)


@pytest.fixture
def line(plc: Client) -> Client:
    """A project with a data type, an FB with its instance, a tag table in a folder; a repository with one commit."""
    write(plc, SCL)
    plc.ok("POST", f"{TABLES}/actions/create-sync", {"name": "Line", "folder": "Area/One"})
    add_tag(plc, "bStart", "%I0.0")
    plc.ok("POST", f"{API}/init")
    commit(plc, "As delivered")
    return plc
