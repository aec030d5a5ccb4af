"""The guide about plant models tells the truth: its tests pass, its Python runs, its table has what the models have."""

from __future__ import annotations

import dataclasses
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from tests import ROOT
from virtual_plc.surroundings.plant import BUILT_IN

PAGE = (ROOT / "docs" / "guides" / "plant-models.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`([\w.]+\.(?:scl|plctest\.yaml|py))`[^`]*\n\n?```\w+\n(.*?)```", PAGE, re.DOTALL))
_SECONDS = re.compile(r" in \d+\.\d\d s ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_files_of_the_page_are_there() -> None:
    assert set(FILES) == {
        "station.scl",
        "station.plctest.yaml",
        "heater.py",
        "heater.plctest.yaml",
        "thermostat.scl",
    }


def test_the_example_prints_what_it_shows(folder: Path) -> None:
    ((line, shown),) = re.findall(r"```console\n\$ (.*)\n((?:.*\n)*?)```", PAGE)
    printed = CliRunner().invoke(main, shlex.split(line)[1:]).output
    assert _SECONDS.sub(" in x s ", printed) == _SECONDS.sub(" in x s ", shown)


def test_the_model_of_a_file_passes(folder: Path) -> None:
    done = CliRunner().invoke(main, ["test", "heater.plctest.yaml"])
    assert done.exit_code == 0, done.output


def test_the_python_of_the_page_runs(folder: Path) -> None:
    (code,) = [each for each in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "VirtualCpu" in each]
    exec(compile(code, "plant-models.md", "exec"), {})  # noqa: S102 - an example of the page


def test_the_table_names_every_attribute_of_the_models() -> None:
    for name, kind in BUILT_IN.items():
        row = re.search(rf"^\| `{name}` \|(.*)\|(.*)\|(.*)\|$", PAGE, re.MULTILINE)
        assert row is not None
        inputs, outputs, parameters = (re.findall(r"`(\w+)`", cell) for cell in row.groups())
        made = kind()
        assert (inputs, outputs) == (list(made.inputs), list(made.outputs))
        others = {each.name for each in dataclasses.fields(made)} - {*inputs, *outputs}
        assert others == {each for each in parameters if each not in ("close",)} - {*inputs, *outputs}
