"""Each example passes the commands that its README and its CI file name, as a user calls them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from lxml import etree

from engineering_api.cli.commands import main
from engineering_api.features.tags.files import read
from simatic_xml.scl import parse
from tests import ROOT

FOLDER = ROOT / "examples"
NAMES = ("conveyor", "packaging-cell", "tank-farm")
WORKFLOW = Path(".github") / "workflows" / "plc.yml"


@pytest.fixture(params=NAMES)
def example(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of an example, which is the working folder."""
    copy = tmp_path / str(request.param)
    shutil.copytree(FOLDER / str(request.param), copy)
    monkeypatch.chdir(copy)
    return copy


def tia(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, f"tia {' '.join(arguments)}: {done.output}"
    return done.output


def steps(example: Path) -> Iterator[str]:
    """The commands of the CI file."""
    workflow = yaml.safe_load((example / WORKFLOW).read_text(encoding="utf-8"))
    for step in workflow["jobs"]["test"]["steps"]:
        if step.get("run", "").startswith("tia "):
            yield step["run"]


def test_every_folder_with_a_program_is_tested() -> None:
    programs = {path.parent.parent.name for path in FOLDER.rglob("*.plctest.yaml")}
    elsewhere = {"ci": "tests/ci", "first-start": "features/projects/test_demo.py: one of its tests fails on purpose"}
    assert programs - elsewhere.keys() == set(NAMES), elsewhere


@pytest.mark.slow
def test_the_commands_of_the_ci_file_pass(example: Path) -> None:
    commands = list(steps(example))
    assert [command.split()[1] for command in commands] == ["check", "test"]
    for command in commands:
        tia(*command.split()[1:])
    assert etree.parse("check.xml").getroot().get("failures") in ("0", None)
    results = etree.parse("report/report.xml").getroot()
    assert int(results.get("tests", "0")) >= 13 and results.get("failures") == "0"
    assert Path("report/report.html").is_file()


def test_check_finds_nothing(example: Path) -> None:
    output = tia("check", ".")
    assert "0 errors, 0 warnings, 0 names missing" in output


@pytest.mark.slow
def test_a_single_source_is_checked_with_its_neighbours(example: Path) -> None:
    sources = sorted(str(path) for path in Path().iterdir() if path.suffix in (".scl", ".udt", ".db"))
    assert sources
    for source in sources:
        tia("scl", "check", source)
    tia("scl", "check", ".")


def test_lint_has_no_warnings(example: Path) -> None:
    tia("scl", "lint", ".")


def test_the_tags_come_from_a_workbook_and_their_addresses_are_unique(example: Path) -> None:
    (workbook,) = Path().glob("*.xlsx")
    sheet = read(workbook)
    assert sheet.errors == [] and len(sheet.tags) >= 14
    assert len({tag.address for tag in sheet.tags}) == len(sheet.tags) == len({tag.name for tag in sheet.tags})


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_names_each_file_and_its_commands(name: str) -> None:
    text = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w.]+)`", text))
    files = {path.name for path in (FOLDER / name).iterdir() if not path.name.startswith((".", "README"))}
    assert files <= named, files - named
    assert "    tia check .\n    tia test tests --coverage -o report\n" in text


def test_the_tank_farm_is_of_real_size() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (FOLDER / "tank-farm").glob("*.scl")]
    assert sum(len(source.splitlines()) for source in sources) > 800
    blocks = [node for source in sources for node in parse(source).tree.objects]
    assert len(blocks) >= 13


@pytest.mark.slow
def test_the_packaging_cell_is_drawn(tmp_path: Path) -> None:
    for name in ("Main", "Modes", "Infeed", "AxisDrive", "Packing"):
        tia("xml", "draw", str(FOLDER / "packaging-cell" / f"{name}.xml"), "-o", str(tmp_path))
    drawn = {path.name for path in tmp_path.iterdir()}
    assert {"Main-network-1.svg", "Packing-network-1.svg", "AxisDrive-network-9.svg"} <= drawn
