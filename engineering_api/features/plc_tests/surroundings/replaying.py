"""Replays a recorded trace into a test: writes its inputs cycle by cycle, and compares its outputs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.reports.shown import format_value
from engineering_api.features.plc_tests.results import Assertion
from engineering_api.features.plc_tests.surroundings.io_model import Replay
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim import trace_file
from openness_bridge.plcsim.tag_list import Tag
from openness_bridge.plcsim.trace_file import TraceFile
from openness_bridge.plcsim.values import Scalar
from simatic_xml import limits

_ROUNDING = 1e-6


@dataclass(slots=True)
class _Compared:
    """A tag that is compared: the first difference that was found."""

    name: str
    tag: Tag
    column: int
    difference: str = ""
    actual: str = ""
    expected: str = ""


def read_trace(replay: Replay, folder: Path, *, allows_relative: bool) -> TraceFile:
    """Return the trace of a step.

    Args:
        replay: the step's replay.
        folder: of the test file; the trace is in it or below it.
        allows_relative: whether the test file may have been named by a relative path, as on the command line.

    Raises:
        Problem: there is no such file there, or it is no trace.
        LimitError: it is too large.
    """
    path = (folder / replay.file).resolve()
    inside = path.is_relative_to(folder.resolve()) and (allows_relative or folder.is_absolute())
    if not inside or not path.is_file():
        msg = f"There is no trace '{replay.file}' in the folder of the test file or below it."
        raise Problem("plc_test.trace", msg, kind=Kind.MISSING, place=Place(path=replay.file))
    limits.require("trace_bytes", path.stat().st_size, what=f"The trace '{replay.file}'")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(
            "plc_test.trace", f"'{replay.file}' is not text in UTF-8.", place=Place(path=replay.file)
        ) from error
    return trace_file.parse(text, replay.file)


def play(
    controller: Controller, replay: Replay, trace: TraceFile, after: Callable[[], None]
) -> tuple[int, list[Assertion]]:
    """Replay a trace; return the cycles that passed, and what became of each compared tag.

    Before each cycle the inputs get the values of the last row that is not later than the cycle; after it the outputs are
    compared with the same row. The first cycle has the time 0. `after` is called after each cycle.

    Raises:
        Problem: a tag is not there, or the CPU stops.
    """
    columns = {channel.name.casefold(): at for at, channel in enumerate(trace.channels)}
    inputs = [(name, _column(columns, name)) for name in replay.inputs or _of_area(controller, trace, "Input")]
    names = replay.compare or _of_area(controller, trace, "Output")
    compared = [_Compared(name, controller.value_tag(name), _column(columns, name)) for name in names]
    times = [each.time_ms for each in trace.samples]
    cycle = controller.cycle / 1e6
    count = int((times[-1] + _ROUNDING) // cycle) + 1
    limits.require("test_cycles", count, what="The replay of a trace")
    written: list[Scalar] = []
    for at in range(count):
        row = trace.samples[max(bisect_right(times, at * cycle + _ROUNDING) - 1, 0)].values
        wanted = [row[column] for _, column in inputs]
        if wanted != written:
            controller.write(dict(zip((name for name, _ in inputs), wanted, strict=True)))
            written = wanted
        controller.run(1)
        after()
        values = controller.values([each.tag for each in compared])
        for each, value in zip(compared, values, strict=True):
            _compare(each, value, row[each.column], replay.tolerance, f"{at * cycle:g} ms (cycle {at + 1})")
    return count, [_assert(each) for each in compared]


def _of_area(controller: Controller, trace: TraceFile, area: str) -> list[str]:
    return [each.name for each in trace.channels if controller.value_tag(each.name).area == area]


def _column(columns: dict[str, int], name: str) -> int:
    found = columns.get(name.casefold())
    if found is None:
        msg = f"The trace has no column '{name}'. It has: {', '.join(_first(columns))}."
        raise Problem("plc_test.trace", msg, kind=Kind.MISSING, place=Place(object=name)).instead(
            list(columns)[:10], name
        )
    return found


def _first(columns: Sequence[str] | dict[str, int]) -> Iterator[str]:
    for at, name in enumerate(columns):
        if at == 10:
            yield "…"
            return
        yield name


def _compare(compared: _Compared, value: Scalar, recorded: Scalar, tolerance: float, moment: str) -> None:
    same = value == recorded
    if tolerance and isinstance(value, int | float) and isinstance(recorded, int | float):
        same = abs(value - recorded) <= tolerance
    if same or compared.difference:
        return
    compared.actual = format_value(compared.tag.data_type, value)
    compared.expected = format_value(compared.tag.data_type, recorded)
    compared.difference = f"{compared.name} is {compared.actual} at {moment}, the trace has {compared.expected}."


def _assert(compared: _Compared) -> Assertion:
    return Assertion(
        tag_name=compared.name,
        passed=not compared.difference,
        message=compared.difference or f"{compared.name} is as in the trace.",
        actual_value=compared.actual or None,
        expected_value=compared.expected or None,
    )
