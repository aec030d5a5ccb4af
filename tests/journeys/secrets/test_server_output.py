"""What the server prints, and what it writes to its folder, has no query and no key: a real `tia serve`, asked as people do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from engineering_api import processes
from tests.support.service import KEY

MARKER = "Zq7urlM4rkZq7"


@pytest.mark.slow
def test_a_key_in_a_url_is_neither_printed_nor_written(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "engineering_api",
        "serve",
        "--backend",
        "fake",
        "--port",
        "0",
        "--data-dir",
        str(tmp_path),
    ]
    environment = {"TIA_API_KEY": KEY, "TIA_INSTANCES_FILE": str(tmp_path / "instances.json"), "PYTHONUNBUFFERED": "1"}
    with processes.start(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as server:
        assert server.stdout is not None
        try:
            said = ""
            while (listening := re.search(r"http://[\d.]+:\d+", said)) is None and (line := server.stdout.readline()):
                said += line
            assert listening is not None, said
            with httpx.Client(base_url=listening[0], trust_env=False, timeout=30) as http:
                for path in (
                    "/api/projects",
                    "/api/health",
                    "/no/such/route",
                    "/api/files/x",
                    "/api/events",
                    "/signalr/negotiate",
                ):
                    http.get(path, params={"api_key": MARKER})
                    http.get(f"{path}?X-API-Key={MARKER}", headers={"X-API-Key": MARKER})
                http.post(
                    "/api/auth/login", params={"password": MARKER}, content=f'{{"userName": "x", "password": "{MARKER}"'
                )
                assert http.get("/api/projects", params={"api_key": KEY}).status_code in {400, 401}
        finally:
            server.terminate()
        said += server.stdout.read()
    assert MARKER not in said
    assert [path for path in tmp_path.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()] == []
