"""Disks that are full or read-only, and files that are damaged: refused in words, never replaced by empty ones."""

from __future__ import annotations

import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.durable import write_file
from engineering_api.settings import from_environment
from engineering_api.storage import failures
from engineering_api.storage.database import FORMAT, Database, copy_database, recent_projects
from openness_bridge.errors import Kind, Problem
from tests.reliability.forge import KEY, Forge
from tests.reliability.wire import Lost, Refused, Wire
from tests.support.service import CPU, FIRMWARE, Client, settings

MOUNTED = 6 << 20
"""Bytes of the disk that is filled."""


def with_plc(client: Client) -> None:
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    client.ok("POST", "/api/projects/devices/actions/add-sync", body)
    client.ok("POST", "/api/projects/actions/save-sync")


def tag(client: Client, name: str) -> Any:
    return client.http.post("/api/devices/PLC_1/tags", json={"name": name, "dataType": "Bool"})


# -- a disk of its own ----------------------------------------------------------------------


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or not mount("-t", "tmpfs", "-o", f"size={MOUNTED}", "tmpfs", str(folder)):
        pytest.skip("a disk can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all space that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(b"x" * 4096)
    return ballast


@pytest.mark.slow
def test_on_a_full_disk_edits_are_refused_and_everything_goes_on_when_there_is_space(disk: Path) -> None:
    with TestClient(create_app(settings(disk / "data"))) as http:
        client = Client(http)
        with_plc(client)
        ballast = fill(disk)
        codes = set()
        for number in range(300):
            if not (answer := tag(client, f"T{number}")).is_success:
                codes.add((answer.status_code, answer.json()["error"]["code"]))
        refused = client.http.post("/api/projects/actions/save").json()
        assert codes == {(507, "storage.full")}
        assert refused["error"]["code"] == "storage.full"
        assert client.http.get("/api/health").is_success
        before = {each["name"] for each in client.ok("GET", "/api/devices/PLC_1/tags/all")}
        ballast.unlink()
        assert tag(client, "After").is_success
        client.ok("POST", "/api/projects/actions/save-sync")
        assert client.job("POST", "/api/projects/actions/save")["status"] == "Completed"
        assert {each["name"] for each in client.ok("GET", "/api/devices/PLC_1/tags/all")} == before | {"After"}


def test_a_job_that_ends_on_a_full_disk_is_written_as_ended_when_there_is_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        client, jobs = Client(http), http.app.state.service.jobs
        with_plc(client)
        original, tried = jobs.end, []

        async def end(*given: Any, **named: Any) -> None:
            tried.append(given)
            if len(tried) == 1:
                raise Problem("storage.full", "The disk is full.", kind=Kind.NO_SPACE)
            await original(*given, **named)

        monkeypatch.setattr("engineering_api.execution.runner.AGAIN", 0.01)
        monkeypatch.setattr(jobs, "end", end)
        assert client.job("POST", "/api/projects/actions/save")["status"] == "Completed"
        assert len(tried) == 2


def test_a_read_only_database_is_refused_and_everything_goes_on_when_it_can_be_written(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        client, jobs = Client(http), http.app.state.service.jobs
        with_plc(client)
        run_now = jobs._database.run_now
        run_now(lambda c: c.exec_driver_sql("PRAGMA query_only=ON"))
        answers = [tag(client, "T"), client.http.post("/api/projects/actions/save")]
        assert {(each.status_code, each.json()["error"]["code"]) for each in answers} == {(503, "storage.read_only")}
        assert client.ok("GET", "/api/devices/PLC_1/tags/all") == []
        run_now(lambda c: c.exec_driver_sql("PRAGMA query_only=OFF"))
        assert tag(client, "T").is_success
        client.ok("POST", "/api/projects/actions/save-sync")


def test_a_service_does_not_start_where_it_cannot_write(disk: Path) -> None:
    assert mount("-o", "remount,ro", str(disk)) or pytest.skip("the disk cannot be remounted")
    with pytest.raises(Problem) as refused:
        create_app(settings(disk / "data"))
    assert refused.value.code == "storage.read_only"


# -- the database ---------------------------------------------------------------------------


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])


def garbage_page(file: Path) -> None:
    content = bytearray(file.read_bytes())
    chance = random.Random(1)  # noqa: S311
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = chance.randbytes(200)
    file.write_bytes(content)


def garbage_header(file: Path) -> None:
    file.write_bytes(b"not a database at all" + file.read_bytes()[21:])


def zero_length(file: Path) -> None:
    file.write_bytes(b"")


def missing_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE jobs")
        connection.commit()


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version={FORMAT + 1}")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (truncated, "storage.corrupt"),
        (garbage_page, "storage.corrupt"),
        (garbage_header, "storage.corrupt"),
        (zero_length, "storage.corrupt"),
        (missing_table, "storage.corrupt"),
        (newer, "storage.newer"),
    ],
)
def test_a_damaged_database_is_refused_and_left_as_it_is(
    tmp_path: Path, damage: Callable[[Path], None], code: str
) -> None:
    file = tmp_path / "service.db"
    Database(file).close()
    damage(file)
    before = file.read_bytes()
    with pytest.raises(Problem) as refused:
        Database(file)
    assert refused.value.code == code
    assert str(file) in refused.value.message or str(file) in str(refused.value.place)
    assert "restore" in refused.value.message
    assert file.read_bytes() == before


def kept(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM recent_projects").fetchone()[0])


def add_projects(database: Database, count: int) -> None:
    for number in range(count):
        row = recent_projects.insert().prefix_with("OR REPLACE").values(path=f"{number}", name="x", last_access="now")
        database.run_now(lambda c, row=row: c.execute(row))


@pytest.mark.parametrize("end", [b"", b"\xff" * 5000])
def test_of_a_damaged_log_what_is_whole_is_there_and_the_rest_is_not_believed(tmp_path: Path, end: bytes) -> None:
    database = Database(tmp_path / "service.db")
    add_projects(database, 20)
    for name in ("service.db", "service.db-wal"):
        shutil.copy(tmp_path / name, tmp_path / f"copy-{name}")
    database.close()
    log = tmp_path / "copy-service.db-wal"
    content = log.read_bytes()
    log.write_bytes(content[: len(content) - 6000] + end)
    Database(tmp_path / "copy-service.db").close()
    assert 10 <= kept(tmp_path / "copy-service.db") < 20


def test_a_database_of_an_earlier_version_is_completed(tmp_path: Path) -> None:
    file = tmp_path / "service.db"
    Database(file).close()
    with closing(sqlite3.connect(file)) as connection:
        for text in ("DROP TABLE inventory", "DROP TABLE designs", "PRAGMA user_version=0"):
            connection.execute(text)
        connection.commit()
    Database(file).close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM designs").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)


def test_a_full_database_refuses_and_goes_on(tmp_path: Path) -> None:
    database = Database(tmp_path / "service.db")
    try:
        pages = database.run_now(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar_one())
        database.run_now(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages}").all())
        with pytest.raises(Problem) as refused:
            add_projects(database, 10_000)
        assert (refused.value.code, refused.value.kind) == ("storage.full", Kind.NO_SPACE)
        database.run_now(lambda c: c.exec_driver_sql("PRAGMA max_page_count=100000").all())
        add_projects(database, 100)
    finally:
        database.close()
    assert kept(tmp_path / "service.db") >= 100


def test_a_copy_of_a_database_in_use_is_whole(tmp_path: Path) -> None:
    database = Database(tmp_path / "service.db")
    try:
        add_projects(database, 30)
        copy_database(tmp_path / "service.db", tmp_path / "copy.db")
        assert kept(tmp_path / "copy.db") == 30
        with pytest.raises(Problem):
            copy_database(tmp_path / "service.db", tmp_path / "missing" / "copy.db")
    finally:
        database.close()


def test_a_second_process_with_the_same_folder_leaves_the_jobs_of_the_first_alone(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        client, service = Client(http), http.app.state.service
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        hold, begun = threading.Event(), threading.Event()

        def busy() -> None:
            begun.set()
            hold.wait()

        service.portals.session().apartment.submit(busy)
        begun.wait(60)
        job = http.post("/api/projects/actions/save").json()["data"]["jobId"]
        while client.ok("GET", f"/api/jobs/{job}")["status"] != "Running":
            time.sleep(0.01)
        with TestClient(create_app(settings(tmp_path))) as second:
            assert Client(second).ok("GET", f"/api/jobs/{job}")["status"] == "Running"
        hold.set()
        assert client.ended(job)["status"] == "Completed"


# -- other files ----------------------------------------------------------------------------


def damaged(content: bytes, how: str) -> bytes:
    return {"empty": b"", "half": content[: len(content) // 2], "garbage": b"\x00\xff<{[" * 20}[how]


@pytest.mark.parametrize(
    "how", ["garbage", *(pytest.param(each, marks=pytest.mark.slow) for each in ("empty", "half"))]
)
def test_a_damaged_project_is_refused_in_words(client: Client, workspace: Path, how: str) -> None:
    with_plc(client)
    tag(client, "T")
    client.ok("POST", "/api/projects/actions/save-sync")
    client.ok("POST", "/api/projects/actions/close-sync")
    folder = workspace / "projects" / "Line"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    assert len(files) > 4
    outcomes = {}
    for file in files:
        before = file.read_bytes()
        file.write_bytes(damaged(before, how))
        answer = client.http.post("/api/projects/actions/open-sync", json={"path": "projects/Line/Line.ap20"})
        outcomes[file.name] = "" if answer.is_success else answer.json()["error"]["code"]
        if answer.is_success:
            client.ok("POST", "/api/projects/actions/close-sync", {"discard": True})
        file.write_bytes(before)
    assert outcomes["Line.ap20"] == "project.open_refused", outcomes
    assert set(outcomes.values()) <= {"", "project.open_refused"}, outcomes
    client.ok("POST", "/api/projects/actions/open-sync", {"path": "projects/Line/Line.ap20"})
    assert [each["name"] for each in client.ok("GET", "/api/devices/PLC_1/tags/all")] == ["T"]


@pytest.mark.parametrize("content", [b"", b"not a key", b"\xff" * 44])
def test_a_damaged_key_of_the_vault_is_told(client: Client, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vault.key").write_bytes(content)
    hook = {"url": "https://8.8.8.8/", "events": ["project.saved"], "secret": "a-long-secret-of-both"}
    client.refused(409, "secret.unreadable", "POST", "/api/webhooks", hook)


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 43])
def test_a_damaged_key_of_the_service_is_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "api.key").write_bytes(content)
    with pytest.raises(Problem) as refused:
        create_app(settings(tmp_path, api_key=""))
    assert refused.value.code == "storage.corrupt"


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b'{"wait_limit": "soon"}', b"\xff\x00"])
def test_damaged_settings_are_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(content)
    with pytest.raises(Problem) as refused:
        from_environment({}, tmp_path)
    assert refused.value.code == "settings.invalid"


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "new" / "settings.json"
    write_file(file, b"old")
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, refuse)
            with pytest.raises(OSError, match="full"):
                write_file(file, b"new")
        assert (file.read_bytes(), list(file.parent.iterdir())) == (b"old", [file])
    write_file(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o077 if os.name == "posix" else 0) == (b"new", 0)


def refuse(*_: Any, **__: Any) -> None:
    raise OSError(28, "The disk is full")


def test_what_a_disk_refuses_is_told_by_its_number() -> None:
    told = {number: failures.as_storage_problem(OSError(number, "x", "/f")) for number in (28, 30, 24, 5, 2)}
    assert [None if each is None else each.code for each in told.values()] == [
        "storage.full",
        "storage.read_only",
        "storage.too_many_files",
        "storage.failed",
        None,
    ]
    assert failures.as_storage_problem(ValueError()) is None


# -- too many open files --------------------------------------------------------------------


def test_with_too_many_connections_the_server_stays_and_answers_again(forge: Forge, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    pid, port = forge.start(tmp_path / "data")
    with Wire(port, KEY) as wire:
        wire.send("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    used = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 8, used + 8))
    with ExitStack() as held:
        for _ in range(40):
            held.enter_context(socket.create_connection(("127.0.0.1", port), 5))
        time.sleep(0.3)  # time: the connections are held for a while
    for _ in range(20):
        with Wire(port, KEY, 5) as wire, suppress(Lost, Refused):
            assert wire.send("GET", "/api/projects")[0]["name"] == "Line"
            break
        time.sleep(0.2)
    else:
        pytest.fail("the server answers no more")
    forge.kill(pid)
