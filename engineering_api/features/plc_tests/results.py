"""Outcomes of tests, in the shape that clients of the test routes know, with what we add to it."""

from __future__ import annotations

import msgspec

from openness_bridge.plcsim.trace import Sample, TraceChannel


class _Result(msgspec.Struct, rename="camel", kw_only=True):
    pass


class Assertion(_Result, kw_only=True):
    """What became of one check of one value.

    Attributes:
        message: A sentence with the actual and the expected value.
        actual_value: As TIA Portal writes it; so is the expected one.
    """

    tag_name: str
    passed: bool
    message: str
    actual_value: str | None = None
    expected_value: str | None = None


class StepResult(_Result, kw_only=True):
    """What became of a step.

    Attributes:
        step_index: Counted from 0.
        begin_ms: Virtual time since the beginning of the test.
        cycles: Cycles that passed.
        error: Why it could not be done, such as that the CPU went to STOP.
    """

    step_index: int
    description: str
    passed: bool = True
    assertions: list[Assertion] = []
    begin_ms: float = 0.0
    virtual_ms: float = 0.0
    cycles: int = 0
    error: str | None = None


class SignalWriter(msgspec.Struct, rename="camel", kw_only=True, frozen=True):
    """A place of the program that writes a value.

    Attributes:
        network: Counted from 1; null in a GRAPH sequence.
        step: The step of a GRAPH sequence, else empty.
        line: Of a network in SCL or STL.
        uid: The node of a network in LAD or FBD.
        operand: As the network writes it.
        instance: The data that the variables of the block (`#name`) are in: a data block, or # for the block that is tested
            alone. Empty where there is none, or one of several.
    """

    block: str
    network: int | None = None
    step: str = ""
    line: int | None = None
    uid: int | None = None
    operand: str = ""
    instance: str = ""


class Traced(_Result, kw_only=True):
    """Values over the virtual time of a test: its channels, and a sample whenever one of them changed.

    Attributes:
        writers: What writes them, by the name of the channel; only in runs that the service keeps.
    """

    channels: list[TraceChannel]
    samples: list[Sample]
    writers: dict[str, list[SignalWriter]] = {}


class CaseResult(_Result, kw_only=True):
    """What became of a test.

    Attributes:
        error: The first failure as a sentence.
        skipped: Why it was not run.
        file: Its file, and the line where it begins.
        duration_ms: Real time; the virtual time that passed is virtual_ms.
        related: The other operands of the networks that write the values of the trace; only in runs that the service keeps.
    """

    test_name: str
    description: str = ""
    passed: bool = True
    error: str | None = None
    skipped: str | None = None
    steps: list[StepResult] = []
    started_at: str = ""
    completed_at: str = ""
    duration_ms: float = 0.0
    virtual_ms: float = 0.0
    file: str = ""
    line: int = 0
    parameters: dict[str, bool | int | float | str] = {}
    trace: Traced | None = None
    related: Traced | None = None


class Count(_Result, kw_only=True):
    """How many there are and how many were reached; percent is 100 where there are none."""

    total: int = 0
    reached: int = 0
    percent: float = 100.0


class BlockCoverage(_Result, kw_only=True):
    """What of a block was reached."""

    block: str
    statements: Count
    branches: Count
    networks: Count


class CoverageTotals(_Result, kw_only=True):
    """What of the program was reached by all tests together."""

    statements: Count
    branches: Count
    networks: Count
    blocks: list[BlockCoverage]


class Report(_Result, kw_only=True):
    """What became of all tests.

    Attributes:
        skipped: How many were not run; they count as neither passed nor failed.
        instance: The PLCSIM Advanced instance that they ran on.
        coverage: None where it cannot be measured or was not asked for; coverage_note says why.
        files: Reports that were written.
        run: The id of the kept run, for `GET /api/plc-tests/runs/{id}`; empty where the run is not kept.
    """

    total: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    results: list[CaseResult] = []
    started_at: str = ""
    completed_at: str = ""
    duration_ms: float = 0.0
    instance: str = ""
    coverage: CoverageTotals | None = None
    coverage_note: str = ""
    files: list[str] = []
    run: str = ""


def report_of(results: list[CaseResult], instance: str, duration_ms: float) -> Report:
    """Count results."""
    skipped = sum(each.skipped is not None for each in results)
    passed = sum(each.passed and each.skipped is None for each in results)
    return Report(
        total=len(results),
        passed=passed,
        failed=len(results) - passed - skipped,
        skipped=skipped,
        results=results,
        started_at=min((each.started_at for each in results), default=""),
        completed_at=max((each.completed_at for each in results), default=""),
        duration_ms=duration_ms,
        instance=instance,
    )
