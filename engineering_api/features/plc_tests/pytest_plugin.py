"""The pytest plugin: a `plc` fixture for tests in Python, and test files (*.plctest.yaml) as tests.

What is tested is named by --plc-project or --plc-sources, or in the configuration; else it is the sources in the folder of
the test. Everything heavy is imported when the first such test runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from engineering_api.features.plc_tests.bench import Bench
    from engineering_api.features.plc_tests.plc import Plc
    from engineering_api.features.plc_tests.reading import Case
    from engineering_api.features.plc_tests.results import CaseResult
    from engineering_api.features.plc_tests.workbench import Subject

SUFFIXES = (".plctest.yaml", ".plctest.yml")
MARK = "plc_block"
_OPTIONS = (
    ("project", "project file (.apNN) or archive (.zapNN) that is tested"),
    ("device", "PLC of the project, where it has several"),
    ("cpu", "CPU for sources: order number[/firmware]"),
    ("backend", "auto, fake or openness"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; each can be in the configuration, too (plc_project and so on)."""
    group = parser.getgroup("plc", "tests of PLC programs")
    for name, about in _OPTIONS:
        group.addoption(f"--plc-{name}", default=None, help=about)
        parser.addini(f"plc_{name}", about, default="")
    about = "files and folders of sources that are tested"
    group.addoption("--plc-sources", action="append", default=None, help=about)
    parser.addini("plc_sources", about, type="paths", default=[])
    group.addoption("--plc-output", default=None, help="folder for coverage and for diagrams of test files")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker and make the benches' home."""
    config.addinivalue_line("markers", f"{MARK}(name): the FB or FC that is tested alone with the fixture plc")
    config.stash[_BENCHES] = Benches(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Release all instances."""
    benches = config.stash.get(_BENCHES, None)
    if benches is not None:
        benches.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect test files."""
    if file_path.name.endswith(SUFFIXES):
        found: pytest.Collector = TestFileCollector.from_parent(parent, path=file_path)
        return found
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which blocks are tested alone, so that one harness can call them all."""
    benches = session.config.stash[_BENCHES]
    for item in session.items:
        block = block_of(item)
        if block:
            benches.blocks.setdefault(benches.subject_of(item.path), {})[block] = None


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Show the coverage."""
    for title, text in config.stash[_BENCHES].coverage():
        terminalreporter.section(title)
        terminalreporter.write_line(text)


@pytest.fixture
def plc(request: pytest.FixtureRequest) -> Plc:
    """The PLC with the program that is tested, freshly started; with the mark plc_block one block alone."""
    from engineering_api.features.plc_tests.plc import Plc

    bench = request.config.stash[_BENCHES].bench(request.path, block_of(request.node))
    bench.controller.restart()
    return Plc(bench.controller)


def block_of(item: pytest.Item) -> str:
    """Return the block that a test tests alone, empty for the whole program."""
    if isinstance(item, CaseItem):
        return item.case.test.block
    mark = item.get_closest_marker(MARK)
    return str(mark.args[0]) if mark is not None and mark.args else ""


class Benches:
    """The benches of a session: for each program that is tested one for it as a whole and one for its blocks."""

    def __init__(self, config: pytest.Config) -> None:
        """Open none yet."""
        self._config = config
        self._stack = ExitStack()
        self._open: dict[tuple[Subject, bool], Bench | Exception] = {}
        self._simulation: Any = None
        self.blocks: dict[Subject, dict[str, None]] = {}

    def bench(self, path: Path, block: str) -> Bench:
        """Return the bench for a test; a block is selected on it.

        Raises:
            Problem: the program cannot be used; the same again for each test of it.
        """
        key = (self.subject_of(path), bool(block))
        if key not in self._open:
            try:
                self._open[key] = self._opened(*key)
            except Exception as error:  # noqa: BLE001 - kept for the other tests, and raised below
                self._open[key] = error
        found = self._open[key]
        if isinstance(found, Exception):
            raise found
        if block:
            found.select(block)
        return found

    def _opened(self, subject: Subject, single: bool) -> Bench:
        from engineering_api.features.plc_tests.bench import bench
        from engineering_api.features.plc_tests.workbench import workbench
        from openness_bridge.plcsim.runtime import Simulation
        from openness_bridge.portal.loader import load

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

    def subject_of(self, path: Path) -> Subject:
        """Return what a test in a file tests."""
        from engineering_api.features.plc_tests.workbench import DEFAULT_CPU, Subject

        project = self._option("project")
        given = self._config.getoption("--plc-sources")
        named: Iterable[Any] = given if given is not None else self._config.getini("plc_sources")
        sources = tuple(Path(os.path.abspath(each)) for each in named)  # noqa: PTH100 - links stay as they are
        if not sources and not project:
            sources = (path.parent,)
        file = Path(project) if project else None
        return Subject(file, sources, self._option("device"), self._option("cpu") or DEFAULT_CPU)

    def coverage(self) -> Iterator[tuple[str, str]]:
        """Yield the coverage of each program, and write the reports; nothing where it is not measured."""
        from engineering_api.features.plc_tests import coverage
        from engineering_api.features.plc_tests.insight import Reached
        from engineering_api.features.plc_tests.reports import coverage as coverage_report
        from engineering_api.features.plc_tests.reports.listing import listed

        sums: dict[Subject, tuple[Reached, Bench]] = {}
        for (subject, _), made in self._open.items():
            found = None if isinstance(made, Exception) else made.reached()
            if found is not None and not isinstance(made, Exception):
                sums.setdefault(subject, (Reached(), made))[0].add(found)
        for number, (reached, made) in enumerate(sums.values(), 1):
            totals, blocks = coverage.totals(reached), list(listed(made.workbench.program(), reached))
            folder = self._output()
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                stem = "coverage" if len(sums) == 1 else f"coverage-{number}"
                (folder / f"{stem}.html").write_text(coverage_report.html(totals, blocks), encoding="utf-8")
                (folder / f"{stem}.txt").write_text(coverage_report.text(totals, blocks), encoding="utf-8")
            yield "coverage of the PLC program", "\n".join(coverage.lines(totals))

    def draw(self, result: CaseResult) -> None:
        """Write the timing diagram of a test file's test."""
        from engineering_api.features.plc_tests.reports.output import diagram_name
        from engineering_api.features.plc_tests.reports.timing_diagram import svg

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


_BENCHES = pytest.StashKey[Benches]()


class TestFileCollector(pytest.File):
    """A test file."""

    __test__ = False

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its tests.

        Raises:
            CollectError: something in it is wrong; with line and JSON pointer.
        """
        from engineering_api.features.plc_tests import reading
        from openness_bridge.errors import Problem

        try:
            cases = reading.read(self.path)
        except Problem as problem:
            lines = [detail.message for detail in problem.details] or [problem.message]
            raise self.CollectError("\n".join(lines)) from problem
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case)


class CaseItem(pytest.Item):
    """A test of a test file.

    Attributes:
        case: the test.
    """

    def __init__(self, *, case: Case, **more: Any) -> None:
        """Run a test of a file."""
        super().__init__(**more)
        self.case = case

    def runtest(self) -> None:
        """Run it."""
        from engineering_api.features.plc_tests.running import run_case

        if self.case.test.skip:
            pytest.skip(self.case.test.skip)
        benches = self.config.stash[_BENCHES]
        made = benches.bench(self.path, self.case.test.block)
        result = run_case(made.controller, self.case, trace=benches.records())
        benches.draw(result)
        if not result.passed:
            raise CaseFailed(result.error)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return a failed check as a sentence, everything else as pytest does."""
        from openness_bridge.errors import Problem

        if isinstance(excinfo.value, CaseFailed | Problem):
            return f"{self.path.name}:{self.case.line}: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where it is."""
        return self.path, self.case.line - 1, self.name


class CaseFailed(Exception):  # noqa: N818 - it is what pytest shows
    """A test of a test file failed."""
