"""`tia` in this process, against the server process of the session."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engineering_api.cli.commands import main
from engineering_api.client import Client
from tests.engineering_api.cli.kit import Tia
from tests.support.service import CPU, FIRMWARE, KEY

numbers = itertools.count(1)


@pytest.fixture
def tia(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Tia:
    """Run a command and assert its exit code, in an empty folder."""
    monkeypatch.setenv("TIA_URL", url)
    monkeypatch.setenv("TIA_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0, given: str | None = None) -> Result:
        done = CliRunner().invoke(main, arguments, input=given, prog_name="tia")
        assert done.exit_code == code, (arguments, done.output, done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return run


@pytest.fixture
def plant(url: str) -> Iterator[Client]:
    """An open project with one CPU, PLC_1; the project is closed in the end."""
    with Client(url, KEY) as made:
        made.projects.create(name=f"Plant {next(numbers)}")
        made.devices.add(order_number=CPU, version=FIRMWARE, name="PLC_1")
        yield made
        made.projects.close(discard=True)
