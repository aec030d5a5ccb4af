"""Try the mutants of one module: collect its tests once, then run them in a fork for each mutant.

A mutant is put into the functions that are loaded already, so no file changes and nothing is imported again. The tests that
execute the function run, quick ones before slow ones; the first that fails ends the fork. Each line of the output is a JSON
array.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

import pytest

from tests import ROOT
from tests.mutation.loaded import Loaded
from tests.mutation.mutants import Mutant, mutants

KILLED, SURVIVED = 1, 0
LEAST, TIMES = 20.0, 10.0
"""Seconds that the tests have with a mutant, and how often what they take without one: what takes longer hangs."""
OPTIONS = (
    "-q",
    "--hypothesis-profile=mutation",
    "--capture=no",
    "-p",
    "no:cacheprovider",
    "-o",
    "timeout=0",
    "--tb=line",
    "-m",
    "not exploration and not slow",
)

Tests = dict[str, tuple[float, list[str]]]
"""Seconds of a test and the functions that it executes, by its id."""


class Trial:
    """A plugin of pytest that runs the collected tests with one mutant after the other."""

    def __init__(self, module: str, seconds: float, seed: int) -> None:
        """Try the mutants of a module for some seconds, in an order that a seed decides."""
        self._module, self._seconds = module, seconds
        self._mutants = mutants(ROOT / module)
        random.Random(f"{seed} {module}").shuffle(self._mutants)  # noqa: S311 - a sample, not a secret

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests without a mutant, then with each."""
        if session.testsfailed or not session.items:
            sys.exit(f"The tests of {self._module} cannot be collected.")
        end = time.monotonic() + self._seconds
        loaded = Loaded(str(ROOT / self._module))
        tests = _measure(session, loaded)
        if tests is None:
            sys.exit(f"The tests of {self._module} fail without a mutant.")
        limit = max(LEAST, TIMES * sum(seconds for seconds, _ in tests.values()))
        if (
            _fork(lambda: _run(session, sorted(session.items, key=lambda item: tests[item.nodeid][0])), limit)
            != SURVIVED
        ):
            sys.exit(f"The tests of {self._module} depend on their order.")
        print(json.dumps([len(self._mutants)]), flush=True)
        for mutant in self._mutants:
            if time.monotonic() > end:
                break
            killed = self._is_killed(session, loaded, mutant, tests, limit)
            print(json.dumps([*mutant.key, killed]), flush=True)
        return True

    @staticmethod
    def _is_killed(session: pytest.Session, loaded: Loaded, mutant: Mutant, tests: Tests, limit: float) -> bool:
        """Run the tests that execute the function; all for a constant."""
        name = mutant.scope.name
        chosen = [each for each in session.items if not name or name in tests[each.nodeid][1]]

        def run() -> int:
            loaded.change(mutant.compile(loaded.file), constant=not name)
            return _run(session, sorted(chosen, key=lambda item: tests[item.nodeid][0]))

        return _fork(run, limit) != SURVIVED


def _measure(session: pytest.Session, loaded: Loaded) -> Tests | None:
    """Run each test without a mutant; None if one fails."""
    with tempfile.NamedTemporaryFile() as file:

        def run() -> int:
            found: Tests = {}
            for item in session.items:
                begin = time.process_time()
                with loaded.executed() as functions:
                    if _run(session, [item]):
                        print(f"{item.nodeid} fails", file=sys.stderr)
                        return KILLED
                found[item.nodeid] = time.process_time() - begin, sorted(functions)
            Path(file.name).write_text(json.dumps(found), encoding="utf-8")
            return SURVIVED

        return json.loads(file.read()) if _fork(run, 600.0) == SURVIVED else None


def _run(session: pytest.Session, items: list[pytest.Item]) -> int:
    """Run tests until one fails."""
    for item, following in zip_longest(items, items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return KILLED
    return SURVIVED


def _fork(run: Callable[[], int], limit: float) -> int:
    """Run a function in a fork, which nothing outlives; return its status, another one where it took too long."""
    from engineering_api import (
        lifeline,
    )  # not earlier: pytest imports this package itself, for the assertions of its plugin

    end_with_this = lifeline.dying_with(os.getpid(), signal.SIGKILL)
    child = os.fork()
    if child == 0:
        status = KILLED
        try:
            os.setsid()
            end_with_this()
            signal.setitimer(signal.ITIMER_REAL, limit)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            status = run()
        finally:
            os._exit(status)
    try:
        return os.waitpid(child, 0)[1]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


def main(module: str, seconds: str, seed: str, *tests: str) -> None:
    """Try the mutants of a module by its tests."""
    with tempfile.TemporaryDirectory() as scratch:
        plugin = Trial(module, float(seconds), int(seed))
        sys.exit(pytest.main([*OPTIONS, f"--basetemp={scratch}/tests", *tests], [plugin]))


if __name__ == "__main__":
    main(*sys.argv[1:])
