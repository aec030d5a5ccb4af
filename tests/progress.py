"""How far a run of the tests is and how long it will take, a line every few seconds instead of a dot for each test.

Loaded by `dev.py test` (`-p tests.progress`). The rest is estimated by the number of tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

EVERY = 10.0
"""Seconds between two lines."""


class Progress:
    """Writes a line now and then, and each failure at once."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float]) -> None:
        """Write lines; the clock counts seconds."""
        self._write, self._clock = write, clock
        self._ended: set[str] = set()
        self._all = 0
        self._begin = self._last = clock()

    def begin(self, tests: int) -> None:
        """So many tests are to run."""
        if not self._all:
            self._all, self._begin = tests, self._clock()

    def end(self, report: pytest.TestReport) -> None:
        """A step of a test has ended."""
        if report.failed:
            self._write(f"FAILED {report.nodeid} ({report.when})")
        if report.when == "teardown":
            self._ended.add(report.nodeid)
        now = self._clock()
        if self._all and self._ended and now - self._last >= EVERY:
            self._last = now
            self._write(self._line(now - self._begin))

    def _line(self, seconds: float) -> str:
        part = len(self._ended) / self._all
        left = seconds / part - seconds
        return f"{part:4.0%} {len(self._ended)} of {self._all} tests, {_minutes(seconds)} min, about {_minutes(left)} min left"


def _minutes(seconds: float) -> str:
    whole = max(round(seconds), 0)
    return f"{whole // 60}:{whole % 60:02}"


class Hooks:
    """Follows pytest's own run, or that of its workers."""

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        """Write where pytest writes."""
        self._progress = Progress(reporter.write_line, time.monotonic)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without workers this process collects."""
        if session.items:
            self._progress.begin(len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        """Each worker collects the same."""
        self._progress.begin(len(ids))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A step has ended here or at a worker."""
        self._progress.end(report)

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
