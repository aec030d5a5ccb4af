"""The server as a process of its own on a loopback port, and the command line that speaks to it."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from engineering_api.client import Client, Problem
from tests.engineering_api.web.kit import serving


def tia(folder: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TIA_URL": url, "TIA_DATA_DIR": str(folder)}
    environment.pop("TIA_API_KEY", None)
    command = [sys.executable, "-m", "engineering_api", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_key_is_made_for_its_owner_alone_and_the_command_line_finds_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0") as (url, about_key):
        key = tmp_path / "api.key"
        assert str(key) in about_key
        if os.name != "nt":
            assert stat.S_IMODE(key.stat().st_mode) == 0o600
        made = tia(tmp_path, url, "projects", "create", "Line 1", "--json")
        assert made.returncode == 0, made.stderr
        assert json.loads(made.stdout)["name"] == "Line 1"
        listed = tia(tmp_path, url, "projects", "list", "--json")
        assert [project["name"] for project in json.loads(listed.stdout)] == ["Line 1"]
        (tmp_path / "request.json").write_text('{"name": "Line 2"}')
        refused = tia(tmp_path, url, "projects", "create", "--input", str(tmp_path / "request.json"))
        assert refused.returncode == 4
        assert "project.already_open" in refused.stderr


@pytest.mark.slow
def test_the_next_free_port_is_taken_where_none_is_named(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "a", TIA_API_KEY="k") as (first, about_key),
        serving(tmp_path / "b", TIA_API_KEY="k") as (second, _),
    ):
        ports = [int(url.rpartition(":")[2]) for url in (first, second)]
        assert 9000 <= ports[0] < ports[1] <= 9100
        assert "TIA_API_KEY" in about_key
        with Client(second, "k") as client:
            assert client.send("GET", "/api/health/ping") == {"pong": True}


@pytest.mark.slow
def test_the_page_loads_nothing_from_outside(tmp_path: Path) -> None:
    import urllib.request

    with serving(tmp_path, "--port", "0") as (url, _):
        page = urllib.request.urlopen(f"{url}/swagger").read().decode()
        linked = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert linked
        for path in linked:
            assert path.startswith("/"), path
            assert urllib.request.urlopen(url + path).status == 200
        document = json.loads(urllib.request.urlopen(f"{url}/schema/openapi.json").read())
        assert document["openapi"].startswith("3.1")


@pytest.mark.slow
def test_without_a_server_the_command_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "api.key").write_text("k", encoding="ascii")
    answer = tia(tmp_path, "http://127.0.0.1:9", "projects", "list")
    assert answer.returncode == 3
    assert "tia serve" in answer.stderr


def test_settings_that_cannot_be_used(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "engineering_api", "serve", "--backend", "fake", "--tia-version", "3"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TIA_DATA_DIR": str(tmp_path)},
    )
    assert answer.returncode == 2
    assert "backend.version" in answer.stderr


@pytest.mark.slow
def test_a_wrong_key_is_told(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--port", "0", TIA_API_KEY="right") as (url, _),
        Client(url, "wrong") as client,
        pytest.raises(Problem) as caught,
    ):
        client.send("GET", "/api/projects")
    assert caught.value.code == "auth.key"
