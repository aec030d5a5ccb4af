"""What the service keeps is copied while it runs, and comes back as it was."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.audit.reading import Trail
from engineering_api.cli.commands import main
from engineering_api.storage import backup
from openness_bridge.errors import Problem
from runtime_data.history.day_files import DayFiles
from runtime_data.history.model import DAY, Sample
from tests.support.service import CPU, FIRMWARE, Client, settings


def worked(client: Client) -> list[Any]:
    """Work of which something is kept everywhere; returns the jobs."""
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    client.ok("POST", "/api/projects/devices/actions/add-sync", body)
    client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    hook = {"url": "https://8.8.8.8/", "events": ["upload.finished"], "secret": "a-long-secret-of-both"}
    client.ok("POST", "/api/webhooks", hook)
    client.ok("POST", "/api/source-control/init")
    client.ok("POST", "/api/source-control/commit-sync", {"message": "As delivered"})
    client.job("POST", "/api/projects/actions/save")
    return list(client.ok("GET", "/api/jobs"))


def command(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_copy_of_a_running_service_comes_back(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "copy.zip"
    with TestClient(create_app(settings(data))) as http:
        client = Client(http)
        jobs = worked(client)
        assert "files" in command("backup", str(file), "--data-dir", str(data))
        client.job("POST", "/api/projects/actions/save")
    assert file.stat().st_mode & 0o077 == 0
    command("restore", str(file), "--data-dir", str(data))
    assert len(list(data.glob("before-restore-*/service.db"))) == 1
    with TestClient(create_app(settings(data))) as http:
        client = Client(http)
        assert client.ok("GET", "/api/jobs") == jobs
        assert len(client.ok("GET", "/api/webhooks")) == 1
        client.ok("POST", "/api/projects/actions/open-sync", {"path": "projects/Line/Line.ap20"})
        (commit,) = client.ok("GET", "/api/source-control/log", count=10)
        assert commit["message"] == "As delivered"
    assert Trail(data).verify().ok


def test_logged_values_are_copied_while_they_are_written(tmp_path: Path) -> None:
    data, file, other = tmp_path / "data", tmp_path / "copy.zip", tmp_path / "other"
    with TestClient(create_app(settings(data))):
        pass
    with closing(DayFiles(data / "runtime" / "history")) as store:
        store.write([(1, Sample(20_000 * DAY + number, number)) for number in range(1000)])
        store.write([(1, Sample(20_001 * DAY, "damaged"))])
        (data / "runtime/history/2024-10-05.db").write_bytes(b"no database" * 100)
        backup.back_up(data, file)
    names = [each for each in zipfile.ZipFile(file).namelist() if each.startswith("runtime/")]
    assert sorted(names) == ["runtime/history/2024-10-04.db", "runtime/history/2024-10-05.db.damaged-in-backup"]
    backup.restore(file, other)
    with closing(DayFiles(other / "runtime" / "history")) as store:
        found = store.read(1, 0, 1 << 60, 10_000)
        assert [each.value for each in found] == list(range(1000))
        assert store.damaged == ["2024-10-05.db.damaged-in-backup"]


def test_a_copy_comes_back_on_another_computer(tmp_path: Path) -> None:
    data, other, file = tmp_path / "data", tmp_path / "other", tmp_path / "copy.zip"
    with TestClient(create_app(settings(data, api_key=""))):
        pass
    backup.back_up(data, file)
    backup.restore(file, other)
    assert (other / "api.key").read_bytes() == (data / "api.key").read_bytes()
    assert not list(other.glob("before-restore-*"))
    with pytest.raises(Problem) as refused:
        backup.back_up(data, file)
    assert refused.value.code == "backup.exists"


def test_a_damaged_copy_changes_nothing(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "copy.zip"
    with TestClient(create_app(settings(data))):
        pass
    backup.back_up(data, file)
    whole = file.read_bytes()
    before = {path: path.read_bytes() for path in data.iterdir() if path.is_file()}
    outside = tmp_path / "outside.zip"
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../escaped", "x")
        archive.write(data / "service.db", "service.db")
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("service.db", b"not a database, though it is called one")
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    for name, code in (("half", "backup.damaged"), ("outside", "backup.damaged"), ("empty", "storage.corrupt")):
        with pytest.raises(Problem) as refused:
            backup.restore(tmp_path / f"{name}.zip", data)
        assert refused.value.code == code
    assert {path: path.read_bytes() for path in data.iterdir() if path.is_file()} == before
    assert not (tmp_path / "escaped").exists()


def test_nothing_is_brought_back_under_a_running_service(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "copy.zip"
    with TestClient(create_app(settings(data))):
        backup.back_up(data, file)
        with pytest.raises(Problem) as refused:
            backup.restore(file, data)
        assert refused.value.code == "backup.in_use"
    backup.restore(file, data)
