"""What the pytest plugin runs tests with: the benches of a session, test files and their tests."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from engineering_api.features.plc_tests import coverage
from engineering_api.features.plc_tests.benches.bench import Bench, bench
from engineering_api.features.plc_tests.benches.insight import CoverageCounts
from engineering_api.features.plc_tests.benches.workbench import Subject, workbench
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.files.model import DEFAULT_CPU
from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.plc_tests.reports import coverage as coverage_report
from engineering_api.features.plc_tests.reports.listing import list_blocks
from engineering_api.features.plc_tests.reports.output import diagram_name
from engineering_api.features.plc_tests.reports.problem_text import lines
from engineering_api.features.plc_tests.reports.timing_diagram import svg
from engineering_api.features.plc_tests.results import CaseResult
from engineering_api.features.plc_tests.running import run_case
from openness_bridge.errors import Problem
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.loader import load


class Benches:
    """The benches of a session: for each program that is tested one for it as a whole and one for its blocks."""

    def __init__(self, config: pytest.Config) -> None:
        """Open none yet."""
        self._config = config
        self._stack = ExitStack()
        self._open: dict[tuple[Subject, bool], Bench | Exception] = {}
        self._simulation: Any = None
        self.blocks: dict[Subject, dict[str, None]] = {}

    def bench(self, own: Path, block: str) -> Bench:
        """Return the bench for a test; a block is selected on it.

        Args:
            own: Where the sources of the test are, unless the user names others.
            block: The block that is tested alone, empty for the whole program.

        Raises:
            Problem: the program cannot be used; the same again for each test of it.
        """
        key = (self.subject_of(own), bool(block))
        if key not in self._open:
            try:
                self._open[key] = self._open_bench(*key)
            except Exception as error:  # noqa: BLE001 - kept for the other tests, and raised below
                self._open[key] = error
        found = self._open[key]
        if isinstance(found, Exception):
            raise found
        if block:
            found.select(block)
        return found

    def _open_bench(self, subject: Subject, single: bool) -> Bench:
        if self._simulation is None:
            self._model = load(self._option("backend") or "auto")
            self._simulation = Simulation(lambda: self._model.plcsim)
            self._stack.callback(self._simulation.close)
        work = self._stack.enter_context(workbench(self._model, subject))
        made = self._stack.enter_context(bench(self._simulation, work, coverage=self._output() is not None))
        if single:
            made.load_blocks(self.blocks.get(subject, {}))
        else:
            made.load_program()
        return made

    def subject_of(self, own: Path) -> Subject:
        """Return what a test tests; `own` is where its sources are, unless the user names others."""
        project = self._option("project")
        given = self._config.getoption("--plc-sources")
        named: Iterable[Any] = given if given is not None else self._config.getini("plc_sources")
        sources = tuple(Path(os.path.abspath(each)) for each in named)  # noqa: PTH100 - links stay as they are
        if not sources and not project:
            sources = (own,)
        file = Path(project) if project else None
        return Subject(file, sources, self._option("device"), self._option("cpu") or DEFAULT_CPU)

    def coverage(self) -> Iterator[tuple[str, str]]:
        """Yield the coverage of each program, and write the reports; nothing where it is not measured."""
        sums: dict[Subject, tuple[CoverageCounts, Bench]] = {}
        for (subject, _), made in self._open.items():
            found = None if isinstance(made, Exception) else made.measure_coverage()
            if found is not None and not isinstance(made, Exception):
                sums.setdefault(subject, (CoverageCounts(), made))[0].add(found)
        for number, (reached, made) in enumerate(sums.values(), 1):
            totals, blocks = coverage.totals(reached), list(list_blocks(made.workbench.program(), reached))
            folder = self._output()
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                stem = "coverage" if len(sums) == 1 else f"coverage-{number}"
                (folder / f"{stem}.html").write_text(coverage_report.html(totals, blocks), encoding="utf-8")
                (folder / f"{stem}.txt").write_text(coverage_report.text(totals, blocks), encoding="utf-8")
            yield "coverage of the PLC program", "\n".join(coverage.lines(totals))

    def draw(self, result: CaseResult) -> None:
        """Write the timing diagram of a test file's test."""
        folder = self._output()
        if folder is not None and result.trace is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / diagram_name(result)).write_text(svg(result), encoding="utf-8")

    def records(self) -> bool:
        """Return whether diagrams are wanted."""
        return self._output() is not None

    def close(self) -> None:
        """Release everything."""
        self._stack.close()
        self._open.clear()

    def _output(self) -> Path | None:
        given = self._config.getoption("--plc-output")
        return Path(given) if given else None

    def _option(self, name: str) -> str:
        return str(self._config.getoption(f"--plc-{name}") or self._config.getini(f"plc_{name}") or "")


class TestFileCollector(pytest.File):
    """A test file."""

    __test__ = False

    def __init__(self, *, benches: Benches, **more: Any) -> None:
        """Collect tests that run on these benches."""
        super().__init__(**more)
        self._benches = benches

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its tests.

        Raises:
            CollectError: something in it is wrong; with line and JSON pointer.
        """
        try:
            cases = reading.read(self.path)
        except Problem as problem:
            raise self.CollectError("\n".join(lines(problem))) from problem
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case, benches=self._benches)


class CaseItem(pytest.Item):
    """A test of a test file.

    Attributes:
        case: the test.
        plc_block: the block that it tests alone, empty for the whole program.
        plc_sources: where its sources are, unless the user names others.
    """

    def __init__(self, *, case: Case, benches: Benches, **more: Any) -> None:
        """Run a test of a file."""
        super().__init__(**more)
        self.case = case
        self.plc_block = case.test.block
        self.plc_sources = case.sources
        self._benches = benches

    def runtest(self) -> None:
        """Run it."""
        if self.case.test.skip:
            pytest.skip(self.case.test.skip)
        made = self._benches.bench(self.plc_sources, self.plc_block)
        made.controller.io.allows_code = True
        result = run_case(made.controller, self.case, trace=self._benches.records())
        self._benches.draw(result)
        if not result.passed:
            raise CaseFailed(result.error)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return a failed check as a sentence, everything else as pytest does."""
        error = excinfo.value
        if not isinstance(error, CaseFailed | Problem):
            return super().repr_failure(excinfo, style)
        text = "\n".join(lines(error)) if isinstance(error, Problem) else str(error)
        here = self.config.invocation_params.dir
        file = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        return f"{file}:{self.case.line}: {text}"

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where it is."""
        return self.path, self.case.line - 1, self.name


class CaseFailed(Exception):  # noqa: N818 - it is what pytest shows
    """A test of a test file failed."""


def shorten(error: Exception) -> None:
    """End the traceback of a failed check or a problem where the test calls this package, and note all causes.

    Args:
        error: What a test with the fixture plc raised. An error of another type is a fault of this package or of the test: its
            traceback stays.
    """
    if not isinstance(error, AssertionError | Problem):
        return
    if isinstance(error, Problem):
        for line in lines(error)[1:]:
            error.add_note(line)
    last, entry = None, error.__traceback__
    while entry is not None:
        own = str(entry.tb_frame.f_globals.get("__name__", "")).startswith("engineering_api.")
        if own and last is not None:
            last.tb_next = None
            return
        last, entry = (last if own else entry), entry.tb_next
