"""A trace that a test recorded is replayed: on the same program nothing differs, on a changed one the first difference is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.results import CaseResult
from engineering_api.features.plc_tests.running import run_case
from openness_bridge.plcsim import trace_file
from tests.engineering_api.features.plc_tests.kit import BELT, controller_of

RECORD = """
tests:
- name: recorded
  trace: [Start, Running, Warm, Cycles]
  steps:
  - {run: 3}
  - {write: {Start: true}, wait: 1500ms}
  - {write: {Start: false}, run: 5}
"""
REPLAY = """
tests:
- name: replayed
  steps:
  - {replay: {file: run.csv}, expect: {Cycles: 158}}
"""


def run(folder: Path, controller: Controller, text: str, *, allows_code: bool = True) -> CaseResult:
    controller.io.allows_code = allows_code
    (case,) = reading.parse(text, str(folder / "x.plctest.yaml"))
    return run_case(controller, case)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    result = run(tmp_path, controller_of(), RECORD)
    assert result.passed and result.trace is not None, result.error
    text = trace_file.dump(result.trace.channels, result.trace.samples)
    (tmp_path / "run.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_recorded_trace_is_reproduced_exactly(recorded: Path) -> None:
    result = run(recorded, controller_of(), REPLAY)
    assert result.passed, result.error
    assert result.steps[0].cycles == 158
    assert [each.tag_name for each in result.steps[0].assertions] == ["Running", "Warm", "Cycles"]
    again = run(
        recorded, controller_of(), REPLAY.replace("  steps:", "  trace: [Start, Running, Warm, Cycles]\n  steps:")
    )
    assert again.trace is not None
    first, second = (recorded / "run.csv").read_text(), trace_file.dump(again.trace.channels, again.trace.samples)
    assert first == second


def test_a_changed_program_differs_where_its_output_does(recorded: Path) -> None:
    changed = controller_of(BELT.replace("delay : Time := T#1s", "delay : Time := T#1200ms"))
    result = run(recorded, changed, REPLAY)
    # The timer starts in cycle 4 (30 ms); the recorded one is due at 1030 ms.
    assert "Warm is FALSE at 1030 ms (cycle 104), the trace has TRUE." in (result.error or ""), result.error


def test_selected_tags_and_a_tolerance(recorded: Path) -> None:
    text = REPLAY.replace("{file: run.csv}", "{file: run.csv, inputs: [Start], compare: [Cycles], tolerance: 1}")
    late = controller_of(BELT.replace('"Cycles" := "Cycles" + 1', '"Cycles" := "Cycles" + 1 - 0'))
    assert run(recorded, late, text).passed
    off = controller_of(BELT.replace('"Cycles" := "Cycles" + 1', '"Cycles" := "Cycles" + 2'))
    assert "the trace has 2" in (run(recorded, off, text.replace("158", "316")).error or "")


@pytest.mark.parametrize(
    ("replay", "says"),
    [
        ("{file: none.csv}", "There is no trace 'none.csv'"),
        ("{file: ../run.csv}", "There is no trace '../run.csv'"),
        ("{file: run.csv, inputs: [Begin]}", "The trace has no column 'Begin'. It has: start, running"),
        ("{file: bad.csv}", "bad.csv:1: A trace begins with"),
    ],
)
def test_a_trace_that_cannot_be_replayed_fails_the_test(recorded: Path, replay: str, says: str) -> None:
    folder = recorded / "tests"
    folder.mkdir()
    (folder / "run.csv").write_text((recorded / "run.csv").read_text())
    (folder / "bad.csv").write_text("nothing")
    result = run(folder, controller_of(), REPLAY.replace("{file: run.csv}", replay))
    assert says in (result.error or ""), result.error


def test_tests_of_a_request_that_came_as_text_read_no_file(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(recorded)
    controller = controller_of()
    controller.io.allows_code = False
    (case,) = reading.parse(REPLAY, "tests")
    assert "There is no trace" in (run_case(controller, case).error or "")
