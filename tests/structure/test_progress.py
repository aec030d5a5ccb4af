"""A run of the tests says how far it is and how long it will take, and why tests were skipped."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests import ROOT
from tests.progress import COMMON, EVERY, Progress, above, costly, durations
from tests.support.skips import pytest_terminal_summary


def report(name: str, when: str = "teardown", *, failed: bool = False) -> Any:
    return SimpleNamespace(nodeid=name, when=when, failed=failed)


def test_a_line_every_few_seconds_says_how_long_the_rest_will_take() -> None:
    lines: list[str] = []
    now = [0.0]
    progress = Progress(lines.append, lambda: now[0], {"slow.py": COMMON * 20})
    tests = [f"t{number}" for number in range(39)] + ["slow.py::a"]
    progress.begin(tests)
    progress.begin(tests)  # another worker
    for number in range(20):
        progress.end(report(f"t{number}"))
        now[0] += EVERY / 4
    assert lines[-1] == " 29% 17 of 40 tests, 0:40 min, about 1:39 min left"
    assert len(lines) == 4


def test_the_files_that_take_long_are_there() -> None:
    assert [file for file in durations() if not (ROOT / file).is_file()] == []


def test_the_tests_that_are_left_out_exist() -> None:
    functions = {test.partition("[")[0] for test in costly()}
    texts = {
        file: (ROOT / file).read_text(encoding="utf-8") for file in {each.partition("::")[0] for each in functions}
    }
    assert [
        each for each in functions if f"def {each.rpartition('::')[2]}(" not in texts[each.partition("::")[0]]
    ] == []


def test_tests_above_the_budget_are_left_out_but_one_of_each_file() -> None:
    took = {
        "a.py::one": (9.0, 0.1),  # before the first one the server of the file starts
        "a.py::two": (0.1, 0.6),
        "a.py::three": (0.1, 0.2),
        "b.py::one": (0.0, 2.0),
        "b.py::two": (0.0, 3.0),
    }
    assert above(0.5, took) == ["a.py::two", "b.py::two"]


def test_a_failure_is_named_at_once() -> None:
    lines: list[str] = []
    Progress(lines.append, lambda: 0.0, {}).end(report("tests/a.py::test_b", "call", failed=True))
    assert lines == ["FAILED tests/a.py::test_b (call)"]


def test_each_reason_for_a_skip_is_named_once() -> None:
    lines: list[str] = []
    skipped = [SimpleNamespace(longrepr=("a.py", line, "Skipped: needs Windows")) for line in range(3)]
    skipped.append(SimpleNamespace(longrepr=("b.py", 1, "Skipped: no Mono\nmore")))
    pytest_terminal_summary(SimpleNamespace(stats={"skipped": skipped}, write_line=lines.append))
    assert lines == ["4 tests were skipped: 3 needs Windows; 1 no Mono"]
