"""How far a run of the tests is and how long it will take, a line every few seconds instead of a dot for each test.

Loaded by `dev.py test` (`-p tests.progress`). The rest is estimated by what the tests of each file took in an earlier run:
`TIA_TEST_DURATIONS=tests/durations.tsv python3 dev.py test --all` notes it again.
"""

from __future__ import annotations

import os
import time
from collections import Counter
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
        self._progress = Progress(reporter.write_line, time.monotonic, durations())
        self._seconds: Counter[str] = Counter()
        self._tests: dict[str, set[str]] = {}

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
        file = report.nodeid.partition("::")[0]
        self._seconds[file] += report.duration
        self._tests.setdefault(file, set()).add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Note what each file took, where that is asked for."""
        if wanted := os.environ.get("TIA_TEST_DURATIONS"):
            rows = (
                (file, took / len(self._tests[file])) for file, took in sorted(self._seconds.items()) if took >= LONG
            )
            text = "".join(f"{file}\t{seconds:.2g}\n" for file, seconds in rows)
            Path(wanted).write_text(f"file\tseconds\n{text}", encoding="utf-8")

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
