"""A commit whose making is cut off at any point is made or is not, and the next one goes through."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engineering_api.features.source_control import stale_locks
from engineering_api.features.source_control.git import Git
from engineering_api.features.source_control.repositories import Repositories
from tests.support.service import CPU, FIRMWARE, Client

API = "/api/source-control"


@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock", "refs/heads/main.lock", "refs/engineering-api/made.lock"])
def test_a_lock_that_a_killed_git_has_left_is_deleted_at_the_first_use(tmp_path: Path, lock: str) -> None:
    Repositories(tmp_path).of("/projects/Line/Line.ap20").initialize()
    (folder,) = tmp_path.iterdir()
    left, held = folder / ".git" / lock, folder / ".git" / "held.lock"
    left.parent.mkdir(parents=True, exist_ok=True)
    started = time.time()
    for file, age in ((left, 60), (held, -60)):
        file.touch()
        os.utime(file, (started - age,) * 2)
    assert stale_locks.release(folder, started, patience=0) == [left]
    assert (left.exists(), held.exists()) == (False, True)


def test_a_service_that_starts_again_deletes_the_locks_of_the_one_before(tmp_path: Path) -> None:
    first = Repositories(tmp_path).of("/projects/Line/Line.ap20")
    first.initialize()
    lock = first.folder / ".git" / "refs" / "project.lock"
    lock.touch()
    os.utime(lock, (time.time() - 10,) * 2)
    assert Repositories(tmp_path).of("/projects/Line/Line.ap20").folder == first.folder
    assert not lock.exists()


def test_a_git_that_still_runs_is_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / ".git" / "index.lock"
    lock.parent.mkdir()
    lock.touch()
    timer = threading.Timer(0.2, lock.unlink)
    timer.start()
    assert stale_locks.release(tmp_path, started=lock.stat().st_mtime + 1) == []
    timer.join()


@pytest.mark.slow
def test_a_commit_that_is_cut_off_is_no_reason_to_refuse_the_next(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    client.ok("POST", "/api/projects/devices/actions/add-sync", body)
    client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    client.ok("POST", f"{API}/init")
    client.ok("POST", f"{API}/commit-sync", {"message": "As delivered"})
    original, states = Git.run, set()
    for step in range(1, 60):
        table = f"Table_{step}"
        client.ok("POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", {"name": table})
        count = 0

        def run(self: Git, *arguments: str, limit: int = step, **given: Any) -> Any:
            nonlocal count
            count += 1
            if count == limit:
                raise RuntimeError("the process ends here")
            return original(self, *arguments, **given)

        with monkeypatch.context() as patch:
            patch.setattr(Git, "run", run)
            cut_off = client.http.post(f"{API}/commit-sync", json={"message": table}).status_code != 200
        messages = [each["message"] for each in client.ok("GET", f"{API}/log", count=100)]
        states.add((cut_off, table in messages))
        if table not in messages:
            client.ok("POST", f"{API}/commit-sync", {"message": table})
        if not cut_off:
            break
    else:
        pytest.fail("the commit never went through")
    assert states == {(True, False), (True, True), (False, True)}
    assert client.ok("POST", f"{API}/export-preview-sync")["changedFilesCount"] == 0
