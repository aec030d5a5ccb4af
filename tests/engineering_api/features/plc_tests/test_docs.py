"""The page about PLC tests tells the truth: its examples print what they show, its tables name what there is."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.features.plc_tests.cli import test as command
from engineering_api.features.plc_tests.files import model
from engineering_api.features.plc_tests.files.reading import parse
from engineering_api.features.plc_tests.plc import Plc
from engineering_api.features.plc_tests.plc_tests_operations import Run
from tests import ROOT

PAGE = (ROOT / "docs" / "plc-tests.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`([\w.]+\.(?:scl|plctest\.yaml|py))`[^`]*\n\n?```\w+\n(.*?)```", PAGE, re.DOTALL))
CONSOLES = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
_SECONDS = re.compile(r" in \d+\.\d\d s ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(line: str) -> str:
    """What a command prints: `tia`, or `sed` from a line of a file on."""
    arguments = shlex.split(line)
    if arguments[0] == "sed":
        start = re.fullmatch(r"/(.*)/,\$p", arguments[2])
        assert start is not None
        text = Path(arguments[3]).read_text(encoding="utf-8")
        return text[text.index(start[1]) :]
    assert arguments[0] == "tia"
    return CliRunner().invoke(main, arguments[1:]).output


@pytest.mark.slow
@pytest.mark.parametrize("example", CONSOLES, ids=[each.split("\n", 1)[0] for each in CONSOLES])
def test_examples_print_what_they_show(example: str, folder: Path) -> None:
    for line, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", example, re.MULTILINE):
        assert _SECONDS.sub(" in x s ", printed(line)) == _SECONDS.sub(" in x s ", shown), line


def test_the_files_of_the_page_are_there() -> None:
    assert sorted(FILES) == ["scale.plctest.yaml", "scale.scl", "tank.plctest.yaml", "tank.scl", "test_tank.py"]
    assert len(CONSOLES) == 3


@pytest.mark.slow
def test_the_example_in_python_passes(folder: Path) -> None:
    plugin = ("-p", "no:plc_tests", "-p", "engineering_api.features.plc_tests.pytest_plugin", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, "test_tank.py"], capture_output=True, text=True, check=False
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def table(heading: str) -> set[str]:
    """The names in the first column of the table with a heading."""
    rows = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n", 1)[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_tables_name_every_key() -> None:
    fields = {kind: set(kind.__struct_encode_fields__) for kind in (model.Test, model.Step, model.Check)}
    assert table("key of a test") == fields[model.Test]
    assert table("key of a step") == fields[model.Step]
    assert table("check") | {"tolerance", "within", "atCycle", "always"} == fields[model.Check]
    assert {f"`{each}`" for each in model.Action} <= set(re.findall(r"`\w+`", PAGE))


def test_the_table_of_options_names_every_option() -> None:
    names = {max(each.opts, key=len) for each in command.params if isinstance(each, click.Option)}
    assert {{"-k": "--only", "-o": "--output"}.get(each, each) for each in table("option")} == names


def test_the_members_of_plc_are_those_of_the_class() -> None:
    named = {name for cell in table("member of `plc`") for name in re.findall(r"plc\.(\w+)", cell)}
    assert named == {name for name in vars(Plc) if not name.startswith("_")}


def test_the_request_of_the_page_is_one() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    request = msgspec.convert(json.loads(example), Run)
    assert parse(request.tests)[0].test.block == "Tank"


def test_the_schema_describes_every_key() -> None:
    for name, kind in model.schema()["$defs"].items():
        for key, value in kind.get("properties", {}).items():
            assert "description" in json.dumps(value), f"{name}.{key}"


def test_the_page_lists_every_code() -> None:
    root = ROOT / "engineering_api"
    texts = [path.read_text() for path in (root / "features" / "plc_tests").rglob("*.py")]
    used = {code for text in texts for code in re.findall(r'"((?:plc_)?test\.\w+)"', text)} | {
        "test.not_found",
        "limit.test_cycles",
        "limit.test_days",
    }
    assert used == {code for code in table("code") if "." in code}
