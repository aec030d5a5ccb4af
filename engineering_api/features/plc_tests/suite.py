"""Runs many tests: those of the whole program, then those of single blocks, each group after one download."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from engineering_api.features.plc_tests import coverage
from engineering_api.features.plc_tests.benches import insight
from engineering_api.features.plc_tests.benches.bench import Bench, bench
from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.benches.insight import CoverageCounts
from engineering_api.features.plc_tests.benches.workbench import Subject, workbench
from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.plc_tests.kept_runs.writers import Writers
from engineering_api.features.plc_tests.reports.listing import ListedBlock, list_blocks
from engineering_api.features.plc_tests.results import CaseResult, Report, report_of
from engineering_api.features.plc_tests.running import run_case
from openness_bridge.errors import Place, Problem
from openness_bridge.model import Model
from openness_bridge.plcsim.runtime import Simulation
from simatic_xml.folders import LeftOut
from simatic_xml.interruption import on_a_copy
from simatic_xml.scl_cli.findings import Finding

Progress = Callable[[float, str], None]
"""Takes how far it is in percent and what is being done; may raise to end it."""


@dataclass(frozen=True, slots=True)
class Options:
    """How tests are run.

    Attributes:
        coverage: whether to count what is reached.
        trace: whether to record the values of tests that name none.
        writers: whether to find what writes the recorded values, and to record the operands of those networks, too.
        allows_code: whether plant models of Python files are executed: never for a request over HTTP.
        keeps_going: whether the other tests run where a block cannot be tested.
    """

    coverage: bool = False
    trace: bool = False
    writers: bool = False
    allows_code: bool = False
    keeps_going: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of tests.

    Attributes:
        report: The results.
        listing: The annotated program where coverage was measured.
        broken: What could not be read, compiled or run, so that tests are missing in the results.
        left_out: Files of the program that are not used.
    """

    report: Report
    listing: list[ListedBlock] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """What became of some of the tests.

    Attributes:
        results: by the number of the test.
        reached: how often each part of the program ran, None where it was not measured.
        broken: why tests could not run, by the number of the test.
    """

    results: dict[int, CaseResult]
    reached: CoverageCounts | None
    broken: dict[int, Finding] = field(default_factory=dict)


def run(
    model: Model,
    simulation: Simulation,
    subject: Subject,
    cases: Sequence[Case],
    options: Options,
    progress: Progress = lambda *_: None,
    *,
    share: Sequence[int] | None = None,
    others: Callable[[], Iterable[Part]] = tuple,
) -> Outcome:
    """Run tests of a program on a separate instance.

    Args:
        model: TIA Portal, which compiles and downloads.
        simulation: PLCSIM Advanced, which runs it.
        subject: the program.
        cases: the tests.
        options: how.
        progress: called with how far it is.
        share: the numbers of the tests that run here, None for all.
        others: called after these; returns what became of the other tests.

    Raises:
        Problem: the program cannot be read, compiled, downloaded or executed, or a tested block is not there.
    """
    begin = time.perf_counter()
    progress(0, "Preparing the program")
    with on_a_copy(), workbench(model, subject) as work, bench(simulation, work, coverage=options.coverage) as made:
        uses = work.uses() if made.can_measure or options.writers else None
        made.writers = Writers(uses) if uses is not None and options.writers else None
        parts = [_run_part(made, cases, share, options, progress), *others()]
        results = {number: result for part in parts for number, result in part.results.items()}
        ordered = [results[number] for number in sorted(results)]
        report = report_of(ordered, made.controller.name, (time.perf_counter() - begin) * 1000)
        refused = {number: found for part in parts for number, found in part.broken.items()}
        broken = [refused[number] for number in sorted(refused)]
        measured = [part.reached for part in parts if part.reached is not None]
        if options.coverage and not measured:
            report.coverage_note = insight.NOT_MEASURED
        if not measured or uses is None:
            return Outcome(report, broken=broken)
        reached = insight.sum_counts(measured)
        report.coverage = coverage.totals(reached)
        return Outcome(report, list(list_blocks(uses.workspace, reached)), broken)


def run_part(
    model: Model,
    simulation: Simulation,
    subject: Subject,
    cases: Sequence[Case],
    share: Sequence[int],
    options: Options,
) -> Part:
    """Run some of the tests of a program on a separate instance; arguments and problems as of `run`."""
    with workbench(model, subject) as work, bench(simulation, work, coverage=options.coverage) as made:
        return _run_part(made, cases, share, options, lambda *_: None)


def _run_part(
    made: Bench, cases: Sequence[Case], share: Sequence[int] | None, options: Options, progress: Progress
) -> Part:
    runner = _Runner(made, cases, options, progress)
    results = runner.run(range(len(cases)) if share is None else share)
    return Part(results, made.measure_coverage(), runner.broken)


def run_on_instance(
    simulation: Simulation, name: str, cases: Sequence[Case], options: Options, progress: Progress = lambda *_: None
) -> Outcome:
    """Run tests of the whole program that an instance has already; afterwards its time passes as before.

    Raises:
        Problem: there is no such instance, it is off or empty, or a test is one of a single block.
    """
    single = next((each for each in cases if each.test.block), None)
    if single is not None:
        msg = f"'{single.name}' tests the single block '{single.test.block}': give the project or the sources, not an instance."
        raise Problem("plc_test.instance", msg, place=Place(path=single.file, line=single.line))
    begin = time.perf_counter()
    controller = Controller(simulation, name)
    try:
        results = [_run_one(controller, each, options, progress, index, cases) for index, each in enumerate(cases)]
    finally:
        controller.release()
    return Outcome(report_of(results, controller.name, (time.perf_counter() - begin) * 1000))


class _Runner:
    """One run of many tests on a bench."""

    def __init__(self, made: Bench, cases: Sequence[Case], options: Options, progress: Progress) -> None:
        self.bench, self.cases, self.options, self.progress = made, cases, options, progress
        self._results: dict[int, CaseResult] = {}
        self.broken: dict[int, Finding] = {}

    def run(self, share: Iterable[int]) -> dict[int, CaseResult]:
        """Run the tests with some numbers. Returns the results by number."""
        numbers = list(share)
        whole = [number for number in numbers if not self.cases[number].test.block]
        single = [number for number in numbers if self.cases[number].test.block]
        if whole:
            self.bench.load_program()
            self._run(whole)
        blocks = [case.test.block for case in self.cases if case.test.block]
        if single and self.options.keeps_going:
            refused = self.bench.find_refused(blocks)
            single = [number for number in single if not self._is_refused(number, refused)]
            blocks = [block for block in blocks if block.casefold() not in refused]
        if single:
            self.bench.load_blocks(blocks)
            self._run(single)
        return self._results

    def _is_refused(self, number: int, refused: dict[str, Problem]) -> bool:
        """Return whether the block of a test cannot be tested, and note why."""
        case = self.cases[number]
        problem = refused.get(case.test.block.casefold())
        if problem is not None:
            self.broken[number] = Finding(case.file, "error", problem.code, problem.message, case.line, place=case.name)
        return problem is not None

    def _run(self, indices: list[int]) -> None:
        for index in indices:
            case = self.cases[index]
            if case.test.block:
                self.bench.select(case.test.block)
            done = len(self._results)
            self._results[index] = _run_one(
                self.bench.controller, case, self.options, self.progress, done, self.cases, self.bench.writers
            )


def _run_one(
    controller: Controller,
    case: Case,
    options: Options,
    progress: Progress,
    done: int,
    cases: Sequence[Case],
    writers: Writers | None = None,
) -> CaseResult:
    percent, doing = 10 + 90 * done / len(cases), f"{case.name} ({done + 1} of {len(cases)})"
    progress(percent, doing)
    controller.alive = lambda: progress(percent, doing)
    controller.io.allows_code = options.allows_code
    return run_case(controller, case, trace=options.trace, writers=writers)
