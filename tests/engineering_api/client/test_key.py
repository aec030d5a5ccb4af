"""The client reads the key of a server on this computer from the file of its owner, and sends it to that server alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engineering_api import processes
from engineering_api.cli.commands import main
from engineering_api.client import Client, Problem
from engineering_api.client import access as client_access
from openness_bridge.errors import Kind


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """A server that made its own key."""
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
        str(folder),
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    with processes.start(command, stdout=subprocess.PIPE, text=True, env=clean) as process:
        assert process.stdout is not None
        address = re.search(r"http://[^ ]+", process.stdout.readline())
        assert address
        yield address[0]
        process.terminate()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TIA_URL", "TIA_API_KEY", "TIA_INSTANCES_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIA_DATA_DIR", str(tmp_path))


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A program that listens where a server of this user did, and the keys that it was sent."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("X-API-Key", ""))
            body = json.dumps({"success": False, "message": "", "error": {"code": "auth.required", "message": ""}})
            self.send_response(401)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}", seen
        made.shutdown()


@pytest.mark.parametrize("named", [False, True])
def test_the_key_of_a_server_of_this_user_is_read_from_its_file(
    server: str, folder: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setenv("TIA_DATA_DIR", str(folder))
    with Client(server.replace("127.0.0.1", "localhost") if named else None) as client:
        assert client.portals.instances() is not None
        assert client.server.key == (folder / "api.key").read_text()
    assert CliRunner().invoke(main, ["portals", "instances"]).exit_code == 0


def test_where_there_is_no_file_the_client_says_so(
    server: str, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "instances.json").write_bytes((folder / "instances.json").read_bytes())
    with Client() as client, pytest.raises(Problem) as caught:
        client.portals.instances()
    assert (caught.value.code, caught.value.kind) == ("auth.required", Kind.UNIDENTIFIED)
    assert str(tmp_path / "api.key") in caught.value.message
    assert "TIA_API_KEY" in caught.value.message


def test_a_server_that_is_not_listed_is_sent_no_key(listener: tuple[str, list[str]], tmp_path: Path) -> None:
    (tmp_path / "api.key").write_text("x" * 32)
    with Client(listener[0]) as client, pytest.raises(Problem, match="not a server that you run"):
        client.portals.instances()
    assert listener[1] == [""]


@pytest.mark.slow
def test_another_user_who_listens_where_a_server_was_is_sent_no_key(
    listener: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "api.key").write_text("x" * 32)
    (tmp_path / "instances.json").write_text(json.dumps([{"Pid": 1, "Port": 1, "Url": listener[0]}]))
    with Client() as client, pytest.raises(Problem):
        client.portals.instances()
    assert listener[1] == ["x" * 32], "this user listens"
    monkeypatch.setattr(client_access, "is_served_by_this_user", lambda _: False)
    with Client() as client, pytest.raises(Problem, match="not a server that you run"):
        client.portals.instances()
    assert listener[1][1:] == [""]
