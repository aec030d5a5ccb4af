"""One server process on a loopback port, for all tests that talk to it as other programs do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.service import KEY


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def url(server_folder: Path) -> Iterator[str]:
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
        str(server_folder / "data"),
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**clean, "TIA_API_KEY": KEY}) as process:
        assert process.stdout is not None
        address = re.search(r"http://[^ ]+", process.stdout.readline())
        assert address
        yield address[0]
        process.terminate()
