"""What docs/gateway.md says is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from engineering_api.app import catalogue
from engineering_api.cli.commands import main
from engineering_api.gateway.sealing import Seal
from engineering_api.settings import from_environment
from tests import ROOT

PAGE = (ROOT / "docs" / "gateway.md").read_text(encoding="utf-8")
SCRIPTS = re.findall(r"```(?:sh|powershell)\n(.*?)```", PAGE, re.DOTALL)


def test_the_commands_take_these_options() -> None:
    lines = [line for script in SCRIPTS for line in script.splitlines() if line.startswith("tia ")]
    assert len(lines) == 2
    for line in lines:
        _, name, *options = shlex.split(line)
        command = main.get_command(click.Context(main), name)
        assert command is not None
        with command.make_context(name, options, resilient_parsing=False):
            pass


def test_the_variables_are_the_settings(tmp_path: Path) -> None:
    variables = dict(re.findall(r"export (TIA_\w+)='([^']*)'", PAGE))
    found = from_environment(variables | {"TIA_DATA_DIR": str(tmp_path), "TIA_WORKER_LEASE": "4"})
    assert (found.queue, found.gateway_secret) == (variables["TIA_QUEUE"], variables["TIA_GATEWAY_SECRET"])
    assert found.worker_lease == 4
    assert Seal(found.gateway_secret)


@pytest.mark.parametrize("route", re.findall(r"`((?:GET|POST) /api/\S+)`", PAGE))
def test_the_routes_are_there(route: str) -> None:
    assert catalogue().at(route)


def test_the_codes_are_those_that_are_raised() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "engineering_api").rglob("*.py"))
    codes = set(re.findall(r"`((?:worker|gateway|queue|project)\.[a-z_]+)`", PAGE))
    assert len(codes) >= 7
    assert not {code for code in codes if f'"{code}"' not in source}
