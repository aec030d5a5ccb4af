"""Other users of the computer read nothing in the data folder, whatever the umask of whoever starts the server is."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from litestar.testing import TestClient

from engineering_api import processes
from engineering_api.app import create_app
from engineering_api.storage.private import make_private
from tests.support.service import settings
from tests.support.state.api import run
from tests.support.state.state import prepare

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows gives files the rights of the user's profile")


def open_to_others(folder: Path) -> list[str]:
    """The files and folders that others may use, with their modes; links have none."""
    found = [folder, *folder.rglob("*")]
    return [
        f"{stat.filemode(path.lstat().st_mode)} {path.relative_to(folder)}"
        for path in found
        if not path.is_symlink() and path.lstat().st_mode & 0o077
    ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[httpx.Client]:
    """A server that was started by somebody whose files everybody may read."""
    command = [
        sys.executable,
        "-m",
        "engineering_api",
        "serve",
        "--backend",
        "fake",
        "--port",
        "0",
        "--headless",
        "--data-dir",
        str(tmp_path / "data"),
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    more = {
        "TIA_WEBHOOK_HOSTS": "127.0.0.1,ci.example.org",
        "TIA_LOG_FILE": str(tmp_path / "data" / "logs" / "server.log"),
    }
    with processes.start(command, stdout=subprocess.PIPE, text=True, env=clean | more, umask=0o022) as process:
        assert process.stdout is not None
        address = re.search(r"http://[^ ]+", process.stdout.readline())
        assert address
        key = (tmp_path / "data" / "api.key").read_text()
        with httpx.Client(base_url=address[0], headers={"X-API-Key": key}, timeout=60) as http:
            yield http
        process.terminate()


@pytest.mark.slow
def test_all_files_are_their_owners_alone(server: httpx.Client, tmp_path: Path) -> None:
    before = os.umask(0o077)  # of the files that the test puts there itself
    try:
        prepare(server, tmp_path / "data" / "workspace")
    finally:
        os.umask(before)
    run(
        server,
        "tag_transfer.export_csv",
        {"deviceName": "PLC_1", "tableName": "Sensors", "exportPath": "exports/tags.csv"},
    )
    run(server, "projects.archive", {"path": "archives/line.zap20"})
    assert server.post("/api/files", params={"path": "sent/file.txt"}, content=b"x").status_code == 201
    found = {path.relative_to(tmp_path / "data").as_posix() for path in (tmp_path / "data").rglob("*")}
    assert {
        "service.db",
        "service.db-wal",
        "service.db-shm",
        "api.key",
        "audit.head",
        "logs/server.log",
        "temporary",
        "workspace/exports/tags.csv",
        "workspace/archives/line.zap20",
        "workspace/sent/file.txt",
    } <= found
    assert open_to_others(tmp_path / "data") == []


def test_a_folder_of_an_earlier_version_is_closed_at_the_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("service.db", "api.key", "audit.head", "settings.json", "source-control/a/.git/config", "uploads/x"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("")
    (data / "workspace").mkdir()
    (data / "workspace" / "mine.txt").write_text("")
    (data / "workspace" / "mine.txt").chmod(0o640)
    make_private(data)
    assert [each.split()[1] for each in open_to_others(data)] == ["workspace", "workspace/mine.txt"]
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_service_within_another_program_closes_its_folder(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path / "data"))):
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        databases = list((tmp_path / "data").glob("service.db*"))
        assert len(databases) > 1
        assert {stat.S_IMODE(path.stat().st_mode) for path in databases} == {0o600}


def test_a_folder_that_all_users_share_stays_theirs(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "of somebody else.txt").write_text("")
    (shared / "of somebody else.txt").chmod(0o644)
    make_private(shared)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    assert stat.S_IMODE((shared / "of somebody else.txt").stat().st_mode) == 0o644
