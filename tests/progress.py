"""How far a run of the tests is and how long it will take, a line every few seconds instead of a dot for each test.

Loaded by `dev.py test` (`-p tests.progress`). The rest is estimated by what the tests of each file took in an earlier run:
`TIA_TEST_DURATIONS=tests/durations.tsv python3 dev.py test --all`, on a quiet computer, notes it again, and beside it in
`costly.txt` the tests that are above the budget: the default run leaves those out, and fails if it meets one far above.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

EVERY = 10.0
"""Seconds between two lines."""
TABLE = Path(__file__).with_name("durations.tsv")
"""Seconds that a test of a file takes, for the files that take long."""
COMMON = 0.03
"""Seconds for a test of any other file."""
LONG = 4.0
"""Seconds from which on a file is in the table."""
COSTLY = Path(__file__).with_name("costly.txt")
"""The tests that took more than the budget."""
BUDGET = 0.5
"""Seconds that a test of the default run may take on a quiet computer."""
FAR_ABOVE = 10
"""Times the budget: what no other load explains."""


def costly() -> frozenset[str]:
    """Return the tests that the default run leaves out because they take long."""
    return frozenset(COSTLY.read_text(encoding="utf-8").splitlines())


def above(budget: float, took: Mapping[str, tuple[float, float]]) -> list[str]:
    """Return the tests that take more seconds than a budget, without the cheapest one of each file.

    Args:
        budget: Seconds.
        took: By test the seconds before it and of itself. What the tests of a file share is made before the first one: only
            what each of them waited for counts.
    """
    files: dict[str, dict[str, tuple[float, float]]] = {}
    for test, seconds in took.items():
        files.setdefault(test.partition("::")[0], {})[test] = seconds
    found = []
    for tests in files.values():
        common = min(before for before, _ in tests.values())
        cost = {test: common + own for test, (_, own) in tests.items()}
        cheapest = min(cost, key=lambda test: (cost[test], test))
        found += [test for test, seconds in cost.items() if seconds > budget and test != cheapest]
    return sorted(found)


def durations() -> dict[str, float]:
    """Return the table."""
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:])
    return {file: float(seconds) for file, seconds in rows}


class Progress:
    """Writes a line now and then, and each failure at once."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float], known: Mapping[str, float]) -> None:
        """Write lines; the clock counts seconds, and a test of a file is known to take some."""
        self._write, self._clock, self._known = write, clock, known
        self._ended: set[str] = set()
        self._all = 0
        self._work = self._done = 0.0
        self._begin = self._last = clock()

    def begin(self, tests: Iterable[str]) -> None:
        """These tests are to run."""
        if not self._all:
            names = list(tests)
            self._all, self._work, self._begin = len(names), sum(map(self._cost, names)), self._clock()

    def _cost(self, test: str) -> float:
        return self._known.get(test.partition("::")[0], COMMON)

    def end(self, report: pytest.TestReport) -> None:
        """A step of a test has ended."""
        if report.failed:
            self._write(f"FAILED {report.nodeid} ({report.when})")
        if report.when == "teardown" and report.nodeid not in self._ended:
            self._ended.add(report.nodeid)
            self._done += self._cost(report.nodeid)
        now = self._clock()
        if self._all and self._ended and now - self._last >= EVERY:
            self._last = now
            self._write(self._line(now - self._begin))

    def _line(self, seconds: float) -> str:
        part = self._done / self._work
        left = seconds / part - seconds
        return f"{part:4.0%} {len(self._ended)} of {self._all} tests, {_minutes(seconds)} min, about {_minutes(left)} min left"


def _minutes(seconds: float) -> str:
    whole = max(round(seconds), 0)
    return f"{whole // 60}:{whole % 60:02}"


class Hooks:
    """Follows pytest's own run, or that of its workers."""

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        """Write where pytest writes."""
        self._write = reporter.write_line
        self._progress = Progress(self._write, time.monotonic, durations())
        self._took: dict[str, tuple[float, float]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without workers this process collects."""
        if session.items:
            self._progress.begin(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        """Each worker collects the same."""
        self._progress.begin(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A step has ended here or at a worker."""
        self._progress.end(report)
        before, own = self._took.get(report.nodeid, (0.0, 0.0))
        step = report.duration
        self._took[report.nodeid] = (before + step, own) if report.when == "setup" else (before, own + step)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Note what files and tests took, where that is asked for; a default run fails with a test far above the budget."""
        if wanted := os.environ.get("TIA_TEST_DURATIONS"):
            self._note(Path(wanted))
        elif "not slow" in session.config.option.markexpr:
            found = above(BUDGET * FAR_ABOVE, self._took)
            for test in found:
                self._write(f"TOO LONG for the default run, mark it slow: {test}")
            session.exitstatus = session.exitstatus or int(bool(found))

    def _note(self, wanted: Path) -> None:
        files: dict[str, list[float]] = {}
        for test, steps in self._took.items():
            files.setdefault(test.partition("::")[0], []).append(sum(steps))
        rows = ((file, sum(each) / len(each)) for file, each in sorted(files.items()) if sum(each) >= LONG)
        text = "".join(f"{file}\t{seconds:.2g}\n" for file, seconds in rows)
        wanted.write_text(f"file\tseconds\n{text}", encoding="utf-8")
        text = "".join(f"{test}\n" for test in above(BUDGET, self._took))
        wanted.with_name(COSTLY.name).write_text(text, encoding="utf-8")

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
        """Keep the counts of the summary without a letter for each test."""
        if report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
            return "passed", "", ""
        return ("skipped", "", "") if report.skipped and not hasattr(report, "wasxfail") else None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin, except in a worker."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Hooks(reporter), "progress")
