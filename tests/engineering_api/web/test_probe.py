"""The probe of containers asks the server of its data folder, with or without TLS."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engineering_api.web.registry import Instance, Registry, default_file
from tests.engineering_api.security.certificates import Authority
from tests.engineering_api.web.kit import serving


def probe(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    return subprocess.run(
        [sys.executable, "-m", "engineering_api.web.probe"],
        env={**clean, "TIA_DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_no_server_and_one_that_does_not_answer(tmp_path: Path) -> None:
    missing = probe(tmp_path)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "lists no running server" in missing.stderr
    file = default_file(tmp_path)
    Registry(file, lambda _: True).enter(Instance(1, 9, "http://127.0.0.1:9"))
    dead = probe(tmp_path, TIA_INSTANCES_FILE=str(file))
    assert dead.returncode == 1
    assert "http://127.0.0.1:9/api/health/live does not answer" in dead.stderr


@pytest.mark.slow
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_server_that_runs_is_alive(tmp_path: Path, encrypted: bool) -> None:
    data = tmp_path / "data"
    pair = Authority(tmp_path).issue("localhost") if encrypted else ()
    options = [
        text for name, file in zip(("--tls-cert", "--tls-key"), pair, strict=False) for text in (name, str(file))
    ]
    with serving(data, "--port", "0", *options, TIA_INSTANCES_FILE=str(tmp_path / "servers.json")):
        done = probe(data, TIA_INSTANCES_FILE=str(tmp_path / "servers.json"), HTTP_PROXY="http://127.0.0.1:9")
        assert (done.returncode, done.stderr) == (0, "")
