"""The kept reports of `tia check`: those of the folder as it is now, and no others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.program_check import check as checking
from engineering_api.features.program_check.check import Options, PlcReport, check_folder
from engineering_api.features.program_check.command import check
from engineering_api.features.program_check.kept_reports import find_or_check
from simatic_xml import limits
from simatic_xml.caching import disk_cache
from tests.support.examples import examples

UDT = 'TYPE "UDT_Drive"\nSTRUCT speed : Int; END_STRUCT;\nEND_TYPE\n'
MOTOR = """FUNCTION_BLOCK "Motor"
VAR_INPUT start : Bool; END_VAR
VAR drive : "UDT_Drive"; END_VAR
BEGIN
   IF #start THEN
      #drive.speed := 5;
   END_IF;
END_FUNCTION_BLOCK
"""
FILES = {
    "Motor.scl": [MOTOR, MOTOR.replace(":= 5", ":= 'x'")],
    "plc/Program blocks/Motor.scl": [MOTOR, MOTOR.replace("UDT_Drive", "UDT_Other")],
    "UDT_Drive.udt": [UDT],
    "Line.s7dcl": ["block", "other"],
    "Line.s7res": ["texts", "other"],
    "tags.json": ['{"kind": "FB"}', '{"other": 1}'],
    "readme.md": ["text"],
}
"""Contents that a file of the folder can have."""


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("user")
    disk_cache.configure(folder / "cache", folder / "secret", 1 << 20)
    yield
    disk_cache.use(None)


def put(folder: Path, files: dict[str, str]) -> None:
    """Write the files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def test_an_unchanged_folder_is_not_checked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "plc", {"Motor.scl": MOTOR})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "user"))
    monkeypatch.setenv("TIA_DATA_DIR", str(tmp_path / "data"))
    first = CliRunner().invoke(check, [str(tmp_path / "plc")])
    assert first.exit_code == 1 and "missing: 'UDT_Drive'" in first.output
    with mock.patch.object(checking, "_read_programs", side_effect=AssertionError):
        second = CliRunner().invoke(check, [str(tmp_path / "plc")])
    assert (second.exit_code, second.output) == (first.exit_code, first.output)


def test_a_real_report_comes_back_as_it_was(tmp_path: Path) -> None:
    put(tmp_path, {"Motor.scl": MOTOR.replace(":= 5", ":= 'x'"), "Types.udt": UDT})
    made = check_folder(tmp_path, Options())
    assert made[0].findings
    find_or_check(tmp_path, Options(), lambda: made)
    assert find_or_check(tmp_path, Options(), list) == made


@examples(30)
@given(
    states=st.lists(
        st.fixed_dictionaries({}, optional={name: st.sampled_from(found) for name, found in FILES.items()}),
        min_size=2,
        max_size=5,
    )
)
def test_a_report_is_that_of_the_folder_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("states") / "plc"
    for state in states:
        shutil.rmtree(folder, ignore_errors=True)
        put(folder, state)
        relevant = {name: content for name, content in state.items() if _is_read(name, state)}
        made = [PlcReport(repr(sorted(relevant.items())), "", "", [], 0)]
        assert find_or_check(folder, Options(), made.copy) == made


def _is_read(name: str, state: dict[str, str]) -> bool:
    """Return whether a check reads a file: no other document, and texts of a SIMATIC SD document only beside it."""
    if name.endswith(".s7res"):
        return "Line.s7dcl" in state
    return (not name.endswith(".md") and "other" not in state[name]) or name.endswith(".s7dcl")


def test_options_limits_and_names_make_other_reports(tmp_path: Path) -> None:
    put(tmp_path / "one", {"Motor.scl": MOTOR})
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    made = [PlcReport("one", "", "", [], 0)]
    find_or_check(tmp_path / "one", Options(), lambda: made)
    assert find_or_check(tmp_path / "one", Options(cpu="x"), list) == []
    assert find_or_check(tmp_path / "one", Options(plc="x"), list) == []
    assert find_or_check(tmp_path / "two", Options(), list) == []
    with limits.override(structure_members=5):
        assert find_or_check(tmp_path / "one", Options(), list) == []
    assert find_or_check(tmp_path / "one", Options(backend="openness"), list) == []
    assert find_or_check(tmp_path / "one", Options(), list) == made
