"""A second run of tests of the same sources: the same report, from the project that the first one made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.features.plc_tests.benches import sources
from simatic_xml.caching import disk_cache
from tests.engineering_api.features.plc_tests import programs

MOTOR = """FUNCTION_BLOCK "Motor"
VAR_INPUT on : Bool; END_VAR
VAR_OUTPUT turns : Int; END_VAR
VAR list : Array[0..3] of Int; END_VAR
BEGIN
  IF #on THEN
    #turns := #turns + 1;
    #list[#turns] := 1;
  END_IF;
END_FUNCTION_BLOCK
"""
TEST = """tests:
- {name: Turns, block: Motor, steps: [{write: {on: true}, wait: 20ms, expect: {turns: {expected: 1, within: 1s}}}]}
- {name: Breaks, block: Motor, steps: [{write: {on: true}, wait: 2s, expect: {turns: 3}}]}
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    monkeypatch.setenv("TIA_DATA_DIR", str(folder / "data"))
    yield
    disk_cache.use(None)


def report(*arguments: object, code: int = 0) -> str:
    """The output of a run, without the seconds that it took."""
    result = CliRunner().invoke(main, ["test", *map(str, arguments), "-j", "1"])
    assert result.exit_code == code, result.output
    return re.sub(r"in [\d.]+ s", "", result.output)


def test_the_second_run_makes_no_project_and_reports_the_same(tmp_path: Path) -> None:
    folder = programs.put(tmp_path)
    first = report(folder)
    with mock.patch.object(sources, "put_in", side_effect=AssertionError):
        assert report(folder) == first


def test_a_failure_has_its_line_in_the_second_run_too(tmp_path: Path) -> None:
    (tmp_path / "Motor.scl").write_text(MOTOR)
    (tmp_path / "motor.plctest.yaml").write_text(TEST)
    first = report(tmp_path, code=1)
    assert "Motor.scl:8:" in first
    assert report(tmp_path, code=1) == first


def test_a_changed_source_is_tested_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "Motor.scl").write_text(MOTOR)
    (tmp_path / "motor.plctest.yaml").write_text(TEST)
    report(tmp_path, "-k", "Turns")
    (tmp_path / "Motor.scl").write_text(MOTOR.replace("+ 1", "+ 2"))
    changed = report(tmp_path, "-k", "Turns", code=1)
    assert "FAIL  Turns" in changed
    (tmp_path / "Motor.scl").write_text(MOTOR)
    report(tmp_path, "-k", "Turns")


def test_errors_are_reported_in_each_run(tmp_path: Path) -> None:
    (tmp_path / "Motor.scl").write_text(MOTOR.replace("#list[#turns]", "#lists[#turns]"))
    (tmp_path / "motor.plctest.yaml").write_text(TEST)
    first = report(tmp_path, code=3)
    assert "lists" in first
    assert report(tmp_path, code=3) == first
