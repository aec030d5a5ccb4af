"""`tia init` makes a project that passes check and test at once, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from engineering_api.cli.commands import main
from engineering_api.cli.init import FILES, WORKBOOK


def tia(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_project_passes_check(here: Path) -> None:
    output = tia("init").output
    assert "tia check ." in output and "tia test tests" in output
    assert "0 errors, 0 warnings, 0 names missing, 0 files not checked" in tia("check", ".").output
    tia("scl", "check", "Main.scl")


@pytest.mark.slow
def test_a_new_project_passes_its_tests(here: Path) -> None:
    tia("init", "my plant")
    output = tia("test", "my plant/tests", "--coverage", "--fail-under", "100").output
    assert "2 passed" in output


def test_its_tests_find_a_mistake(here: Path) -> None:
    tia("init")
    lamp = here / "Lamp.scl"
    lamp.write_text(lamp.read_text().replace("#on := NOT #on;", "#on := TRUE;"))
    output = tia("test", "tests", "-k", "button", code=1).output
    assert "Step 3 (press again)" in output


def test_existing_files_are_kept(here: Path) -> None:
    (here / "README.md").write_text("mine")
    output = tia("init").output
    assert f"kept     {Path('README.md')}" in output and f"created  {Path('Lamp.scl')}" in output
    assert (here / "README.md").read_text() == "mine"
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert "created" not in tia("init").output
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
    assert len(before) == len(FILES) + 1


def test_a_folder_that_cannot_be_written_is_named(here: Path) -> None:
    (here / "tests").write_text("a file")
    output = tia("init", code=1).output
    assert "cannot be written" in output and "tests" in output


def test_the_ci_file_runs_the_commands(here: Path) -> None:
    tia("init")
    workflow = yaml.safe_load((here / ".github/workflows/plc.yml").read_text())
    runs = [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step]
    assert [run for run in runs if run.startswith("tia ")] == ["tia check .", "tia test tests --coverage -o report"]
    readme = (here / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in [*FILES, WORKBOOK] if name not in ("README.md", ".gitignore"))
