"""Runs one test on a controller, step by step; the first failure ends it, but its final writes are still done."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engineering_api.features.plc_tests.alarms.checks import AlarmWatch, acknowledged_names, alarm_watches
from engineering_api.features.plc_tests.benches.controller import STOPPED, Controller
from engineering_api.features.plc_tests.checks import Watch, watches
from engineering_api.features.plc_tests.files import durations
from engineering_api.features.plc_tests.files.extent import cycle_of, require_moderate
from engineering_api.features.plc_tests.files.model import State, Step, Test
from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.plc_tests.kept_runs.writers import Writers
from engineering_api.features.plc_tests.results import Assertion, CaseResult, StepResult, Traced
from engineering_api.features.plc_tests.surroundings.replaying import play, read_trace
from engineering_api.features.plc_tests.trace import Recorder
from engineering_api.storage.clock import now
from openness_bridge.errors import Problem


def run_case(controller: Controller, case: Case, *, trace: bool = False, writers: Writers | None = None) -> CaseResult:
    """Run a test from a fresh start.

    Args:
        controller: where; its names are those of the block that is tested.
        case: the test.
        trace: whether values are recorded even when the test does not name any.
        writers: finds what writes the recorded values, and the further values that are recorded for that; None for neither.

    Returns:
        What became of it: a test that cannot be run has failed, and says why.

    Raises:
        LimitError: it would take too many cycles, or too much virtual time.
    """
    test = case.test
    result = CaseResult(
        test_name=case.name,
        description=test.description,
        skipped=test.skip or None,
        started_at=now(),
        file=case.file,
        line=case.line,
        parameters=case.parameters,
    )
    begin = time.perf_counter()
    if not test.skip:
        require_moderate(test, case.line or None)
        _Run(controller, test, result, Path(case.file).parent, trace=trace, writers=writers).run()
    result.duration_ms = (time.perf_counter() - begin) * 1000
    result.completed_at = now()
    return result


def _select_traced(controller: Controller, test: Test, *, anyway: bool) -> list[str]:
    """Return the values that a trace of a test shows: those it names, else those single values that it uses."""
    if test.trace or not anyway:
        return test.trace
    used = dict.fromkeys([*test.setup, *(name for step in test.steps for name in (*step.write, *step.expect))])
    return [name for name in used if controller.tag(name).is_value]


class _Run:
    """One run of one test."""

    def __init__(
        self,
        controller: Controller,
        test: Test,
        result: CaseResult,
        folder: Path,
        *,
        trace: bool,
        writers: Writers | None,
    ) -> None:
        self.controller, self.test, self.result, self.folder = controller, test, result, folder
        self._trace, self._writers = trace, writers
        self._recorder: Recorder | None = None

    def run(self) -> None:
        """Run it and note the outcome."""
        controller, test = self.controller, self.test
        try:
            controller.restart(cycle_of(test))
            controller.io.add_modules(test.modules)
            controller.io.add_models(test.models, self.folder, controller.full_name)
            controller.write(test.setup)
            begin = controller.now
            self._record()
        except Problem as problem:
            self._fail(problem.message)
            return
        for index, step in enumerate(test.steps):
            done = _StepRun(controller, step, index, self._recorder, self.folder).run(begin)
            self.result.steps.append(done)
            if not done.passed:
                self._fail(f"Step {index + 1}{_format_description(step)}: {_reason(done)}")
                break
        self.result.virtual_ms = (controller.now - begin) / 1e6
        if self._recorder is not None:
            self.result.trace = self._with_writers(self._recorder.finish())
            related = self._recorder.finish_related()
            self.result.related = None if related is None else self._with_writers(related)
        self._tear_down()

    def _record(self) -> None:
        names = _select_traced(self.controller, self.test, anyway=self._trace)
        if names:
            related = () if self._writers is None else self._writers.related(names, self.test.block)
            self._recorder = Recorder(self.controller, names, related)
            self._recorder.sample(self.controller.values(self._recorder.tags))

    def _with_writers(self, trace: Traced) -> Traced:
        if self._writers is not None:
            trace.writers = {each.name: self._writers.of(each.name, self.test.block) for each in trace.channels}
        return trace

    def _tear_down(self) -> None:
        try:
            self.controller.write(self.test.teardown)
        except Problem as problem:
            self._fail(f"Teardown: {problem.message}")

    def _fail(self, sentence: str) -> None:
        self.result.passed, self.result.error = False, self.result.error or sentence


@dataclass(slots=True)
class _StepRun:
    """One step under way."""

    controller: Controller
    step: Step
    index: int
    recorder: Recorder | None
    folder: Path = Path()
    watched_cycles: int = 0
    replayed_cycles: int = 0

    def run(self, test_began: int) -> StepResult:
        """Run it; the result has its errors."""
        controller, step = self.controller, self.step
        result = StepResult(step_index=self.index, description=step.description)
        began = controller.now
        result.begin_ms = (began - test_began) / 1e6
        try:
            if step.do is not None:
                controller.do(step.do)
            controller.io.act(step)
            controller.write(step.write)
            watched, alarms = list(watches(controller, step)), list(alarm_watches(controller, step))
            controller.alarms.acknowledge(acknowledged_names(step))
            replayed = self._replay()
            result.cycles = self.replayed_cycles + self._pass(watched, alarms)
            values = controller.values([each.tag for each in watched])
            result.assertions = replayed + [watch.end(value) for watch, value in zip(watched, values, strict=True)]
            result.assertions += self._end_alarms(alarms)
            result.assertions += self._state()
        except Problem as problem:
            result.error = problem.message
        result.passed = result.error is None and all(each.passed for each in result.assertions)
        result.virtual_ms = (controller.now - began) / 1e6
        return result

    def _end_alarms(self, watched: list[AlarmWatch]) -> list[Assertion]:
        found = self.controller.alarms.now() if watched else {}
        return [watch.end(found) for watch in watched]

    def _replay(self) -> list[Assertion]:
        """Replay the step's trace, if it has one; return what became of the compared tags."""
        replay = self.step.replay
        if replay is None:
            return []
        trace = read_trace(replay, self.folder, allows_relative=self.controller.io.allows_code)
        self.replayed_cycles, found = play(self.controller, replay, trace, self._sample)
        return found

    def _sample(self) -> None:
        if self.recorder is not None:
            self.recorder.sample(self.controller.values(self.recorder.tags))

    def _pass(self, watched: list[Watch], alarms: list[AlarmWatch]) -> int:
        """Let the step's time pass; returns its cycles."""
        if self.step.state is State.STOP and not self.controller.is_running:
            return 0
        cyclic, waiting = [each for each in watched if each.is_cyclic], [each for each in alarms if each.is_waiting]
        try:
            if cyclic or waiting or self.recorder is not None:
                return self._pass_watched(cyclic, waiting)
            return self._pass_unwatched()
        except Problem as problem:
            if problem.code not in STOPPED or self.step.state is not State.STOP:
                raise
            return self.watched_cycles

    def _pass_unwatched(self) -> int:
        """Let the step's time pass in as few pieces as possible: nothing needs the end of each cycle."""
        run, waited = self._extent()
        return self.controller.run(run) + self.controller.wait(waited)

    def _pass_watched(self, cyclic: list[Watch], alarms: list[AlarmWatch]) -> int:
        """Let the step's time pass cycle by cycle, with the values of each."""
        controller = self.controller
        run, waited = self._extent()
        tags = [each.tag for each in cyclic] + (self.recorder.tags if self.recorder is not None else [])
        first, least = max(run, 1), run - (-waited // controller.cycle)
        end = 0

        def each() -> bool:
            nonlocal end
            self.watched_cycles = cycle = self.watched_cycles + 1
            values = controller.values(tags)
            for watch, value in zip(cyclic, values, strict=False):
                watch.sample(cycle, cycle * controller.cycle, value)
            if any(watch.is_waiting for watch in alarms):
                found = controller.alarms.now()
                for alarm in alarms:
                    alarm.sample(cycle * controller.cycle, found)
            if self.recorder is not None:
                self.recorder.sample(values[len(cyclic) :])
            if cycle == first:
                end = controller.now + (least - first) * controller.cycle
            waits = any(watch.is_waiting for watch in cyclic) or any(alarm.is_waiting for alarm in alarms)
            return cycle < first or controller.now < end or waits

        if not least:
            return 0
        last = [self._last(each) for each in cyclic]
        last += [(alarm.within or 0) // controller.cycle + 1 for alarm in alarms]
        return controller.run(max(least, *last, 0), each)

    def _extent(self) -> tuple[int, int]:
        """Return how many cycles pass at least, and how many nanoseconds after them."""
        step = self.step
        if step.run is None and step.wait is None:
            return 0 if step.replay is not None else 1, 0
        return step.run or 0, 0 if step.wait is None else durations.nanoseconds(step.wait)

    def _last(self, watch: Watch) -> int:
        """Return the last cycle that a check may need."""
        if watch.within is not None:
            return watch.within // self.controller.cycle + 1
        return watch.check.at_cycle or 0

    def _state(self) -> Iterable[Assertion]:
        """Yield whether the CPU is in the required state, only when it is not or the step names a state."""
        wanted = self.step.state or State.RUN
        actual = State.RUN if self.controller.is_running else State.STOP
        if actual is wanted and self.step.state is None:
            return
        passed = actual is wanted
        found = f"The CPU is in {actual.upper()}" + ("." if passed else f", expected {wanted.upper()}.")
        yield Assertion(
            tag_name="(state)", passed=passed, message=found, actual_value=actual.upper(), expected_value=wanted.upper()
        )


def _format_description(step: Step) -> str:
    return f" ({step.description})" if step.description else ""


def _reason(step: StepResult) -> str:
    if step.error is not None:
        return step.error
    return " ".join(each.message for each in step.assertions if not each.passed)
