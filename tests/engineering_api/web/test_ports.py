"""A port that somebody names is that port: where it is in use, nothing listens on another one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engineering_api.cli import outcome
from engineering_api.cli.serve import listening_socket
from engineering_api.settings import from_environment
from openness_bridge.errors import Problem
from runtime_data.servers.server import KINDS
from tests.support.service import Client

COMMANDS = {"serve": ["serve", "--backend", "fake"], "gateway": ["gateway", "--queue", "embedded", "--backend", "fake"]}
"""The commands with a port; `tia demo` takes any free one and has no option."""


@pytest.fixture
def used() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_port_that_is_named_is_not_exchanged(used: int) -> None:
    with pytest.raises(Problem, match=f"Port {used} is in use on 127.0.0.1: name another") as refused:
        listening_socket("127.0.0.1", used)
    assert outcome.code_of(refused.value) == outcome.USAGE


def test_only_a_port_that_nobody_has_named_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment({}).port is None
    assert from_environment({"TIA_PORT": "9000"}).port == 9000
    with listening_socket("127.0.0.1", None) as first, listening_socket("127.0.0.1", None) as second:
        assert 9000 <= first.getsockname()[1] < second.getsockname()[1] <= 9100
        with pytest.raises(Problem, match="is in use"):
            listening_socket("127.0.0.1", first.getsockname()[1])


@pytest.mark.slow
@pytest.mark.parametrize("how", ["option", "variable"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_refuses_a_port_in_use(tmp_path: Path, used: int, command: str, how: str) -> None:
    arguments = [sys.executable, "-m", "engineering_api", *COMMANDS[command], "--data-dir", str(tmp_path)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    given = {"TIA_PORT": str(used)} if how == "variable" else {}
    done = subprocess.run(
        [*arguments, *(["--port", str(used)] if how == "option" else [])],
        env=clean | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, f"Port {used} is in use on 127.0.0.1" in done.stderr) == (outcome.USAGE, True), done


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_server_of_the_runtime_refuses_a_port_in_use(client: Client, used: int, kind: str) -> None:
    needed = {"opcua": {"anonymous": "read", "unsecured": True}}.get(kind, {})
    body = {"enabled": True, "settings": {"port": used, "source": "memory", **needed}}
    error = client.refused(409, "runtime.server_failed", "PUT", f"/api/runtime/servers/{kind}", body)
    assert error["code"] == "runtime.server_failed"
    found = client.ok("GET", f"/api/runtime/servers/{kind}")
    assert (found["enabled"], found["state"], found["endpoints"]) == (False, "off", [])
