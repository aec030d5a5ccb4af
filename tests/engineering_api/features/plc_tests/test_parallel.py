"""Test files in several processes: the outcome is that of one process, and the end of a process is reported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.plc_tests import suite
from engineering_api.features.plc_tests.benches.workbench import Subject
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.plc_tests.parallel import processes, shares
from engineering_api.features.plc_tests.parallel.processes import Request
from engineering_api.features.plc_tests.suite import Options
from openness_bridge.errors import Detail, Kind, Place, Problem
from tests.engineering_api.features.plc_tests import programs
from tests.support.service import BACKEND

FAILING = "block: Scale\ntests:\n- name: wrong\n  steps:\n  - {write: {raw: 2}, expect: {Ret_Val: 2}}\n"
_OF_THE_RUN = {"startedAt", "completedAt", "durationMs", "files", "notRead"}
"""What differs from run to run."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    programs.put(tmp_path)
    (tmp_path / "wrong.plctest.yaml").write_text(FAILING)
    return tmp_path


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes know what this one has patched."""
    if sys.platform != "linux":
        pytest.skip("this system does not fork")
    if BACKEND != "fake":
        pytest.skip("a real PLCSIM Advanced runs the tests in one process")
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def cases_of(folder: Path) -> list[Case]:
    return [case for file in reading.find([folder]) for case in reading.read(file)]


def request_of(folder: Path) -> Request:
    return Request("fake", None, Subject(sources=(folder,)), cases_of(folder), Options())


def tia(folder: Path, jobs: int, *more: str) -> tuple[int, str]:
    given = [sys.executable, "-m", "engineering_api", "test", str(folder), "--jobs", str(jobs), *more]
    done = subprocess.run(given, capture_output=True, text=True, timeout=600, check=False)
    return done.returncode, done.stdout + done.stderr


def constant(value: Any) -> Any:
    """The same without what differs from run to run."""
    if isinstance(value, dict):
        return {key: constant(each) for key, each in value.items() if key not in _OF_THE_RUN}
    return [constant(each) for each in value] if isinstance(value, list) else value


@pytest.mark.slow
def test_the_reports_are_those_of_one_process(folder: Path, tmp_path: Path) -> None:
    found = []
    for jobs in (1, 3):
        out = tmp_path / f"out{jobs}"
        code, output = tia(folder, jobs, "--coverage", "-o", str(out))
        assert code == 1, output
        lines = [line for line in output.splitlines() if " passed" not in line and not line.startswith("not read")]
        listing = {each.name: each.read_text() for each in out.iterdir() if each.suffix in (".svg", ".txt")}
        found.append((lines, listing, constant(json.loads((out / "report.json").read_text()))))
    assert len(found[0][2]["results"]) == 6
    assert found[0] == found[1]


@pytest.mark.slow
def test_processes_that_cannot_be_forked_run_the_same_tests(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    found = processes.run(request_of(folder), 2).report
    assert [(each.test_name, each.passed) for each in found.results] == [
        (case.name, case.name != "wrong") for case in cases_of(folder)
    ]


@pytest.mark.usefixtures("forking")
def test_a_process_that_ends_early_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "run_part", lambda *_: os._exit(7))
    with pytest.raises(Problem, match="exit code 7") as caught:
        processes.run(request_of(folder), 2)
    assert (caught.value.code, caught.value.kind) == ("plc_test.process", Kind.FAILED)


@pytest.mark.usefixtures("forking")
def test_a_problem_of_another_process_is_raised_with_its_causes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(block="Motor", line=7)
    details = [Detail("plc_test.compile", "one", place), Detail("plc_test.compile", "two")]

    def fail(*_: object) -> None:
        raise Problem("plc_test.compile", "It has errors.", kind=Kind.CONFLICT, place=place, details=details)

    monkeypatch.setattr(suite, "run_part", fail)
    with pytest.raises(Problem) as caught:
        processes.run(request_of(folder), 2)
    problem = caught.value
    assert (problem.code, problem.message, problem.kind) == ("plc_test.compile", "It has errors.", Kind.CONFLICT)
    assert (problem.place, problem.details) == (place, details)


@pytest.mark.usefixtures("forking")
def test_the_others_end_when_this_process_has_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process would wait for an hour, so the test would not end without it."""

    def fail(*_: object, **__: object) -> None:
        raise Problem("plc_test.compile", "It has errors.")

    monkeypatch.setattr(suite, "run", fail)
    monkeypatch.setattr(suite, "run_part", lambda *_: threading.Event().wait(3600))
    with pytest.raises(Problem, match="It has errors"):
        processes.run(request_of(folder), 2)


def test_a_real_plcsim_runs_in_one_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Real:
        backend = "openness"

    monkeypatch.setattr(processes, "load", lambda *_: Real())
    with pytest.raises(Problem) as caught:
        processes.run(request_of(folder), 2)
    assert caught.value.code == "plc_test.jobs"


def case(file: str, cycles: int) -> Case:
    (found,) = reading.parse(f"tests: [{{name: x, steps: [{{run: {cycles}}}]}}]", file)
    return found


CASES = st.lists(st.builds(case, st.sampled_from("abcdef"), st.integers(0, 50_000)), min_size=1, max_size=20)


@given(cases=CASES, wanted=st.integers(1, 8))
def test_each_test_is_in_one_share_with_its_file(cases: list[Case], wanted: int) -> None:
    found = shares.share_out(cases, wanted)
    files = {each.file for each in cases}
    assert sorted(number for share in found for number in share) == list(range(len(cases)))
    assert all(share and share == sorted(share) for share in found)
    assert len(found) == min(wanted, len(files))
    assert sum(len({cases[number].file for number in share}) for share in found) == len(files)


def test_few_small_tests_run_in_one_process() -> None:
    assert shares.count_processes([case("a", 10)] * 50) == 1


def test_many_tests_use_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert shares.count_processes([case("a", 50_000)] * 50) == 3
