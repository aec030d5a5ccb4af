"""A server of its own on a loopback port, for all tests of the client."""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engineering_api.client import Client
from tests.api.conftest import CPU, FIRMWARE, KEY

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("client")


@pytest.fixture(scope="session")
def url(workspace: Path) -> Iterator[str]:
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
        str(workspace / "data"),
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**clean, "TIA_API_KEY": KEY}) as process:
        assert process.stdout is not None
        address = re.search(r"http://[^ ]+", process.stdout.readline())
        assert address
        yield address[0]
        process.terminate()


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    """A client with an open project that has one CPU, PLC_1; the project is closed in the end."""
    with Client(url, KEY) as made:
        made.projects.create(name=f"Conveyor {next(numbers)}")
        made.devices.add(order_number=CPU, version=FIRMWARE, name="PLC_1")
        yield made
        made.projects.close(discard=True)
