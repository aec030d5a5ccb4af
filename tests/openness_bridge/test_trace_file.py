"""Traces as CSV files: what is written is read again, what is none is refused with its line."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from openness_bridge.plcsim import trace_file
from openness_bridge.plcsim.trace import Sample, TraceChannel

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Bool": st.booleans(),
    "DInt": st.integers(-(2**31), 2**31 - 1),
    "ULInt": st.integers(0, 2**64 - 1),
    "LReal": st.floats(allow_nan=False),
    "WChar": st.characters(codec="utf-8", exclude_characters="\r\n"),
}
names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)


@st.composite
def traces(draw: st.DrawFn) -> tuple[list[TraceChannel], list[Sample]]:
    wanted = draw(st.lists(st.tuples(names, st.sampled_from(sorted(VALUES))), min_size=1, max_size=5))
    channels = list({name.casefold(): TraceChannel(name, kind) for name, kind in wanted}.values())
    times = sorted(draw(st.lists(st.floats(0, 1e9), min_size=1, max_size=8)))
    rows = [[draw(VALUES[each.data_type]) for each in channels] for _ in times]
    return channels, [Sample(at, moment, row) for at, (moment, row) in enumerate(zip(times, rows, strict=True), 1)]


@given(trace=traces())
def test_what_is_written_is_read_again(trace: tuple[list[TraceChannel], list[Sample]]) -> None:
    channels, samples = trace
    found = trace_file.parse(trace_file.dump(channels, samples))
    assert found.channels == channels
    assert [(each.time_ms, each.values) for each in found.samples] == [(each.time_ms, each.values) for each in samples]


def test_the_file_is_csv_with_times_and_types() -> None:
    text = trace_file.dump(
        [TraceChannel("Start", "Bool"), TraceChannel('A,"b"', "Real")],
        [Sample(1, 0.0, [False, 0.0]), Sample(2, 10.0, [True, 1.5])],
    )
    assert text.splitlines()[1:] == ["0,false,0.0", "10,true,1.5"]
    assert next(iter(csv.reader(io.StringIO(text)))) == ["time_ms", "Start:Bool", 'A,"b":Real']


def test_numbers_of_spreadsheets_and_a_byte_order_mark_are_read() -> None:
    found = trace_file.parse("\ufefftime_ms,a:Int,b:Real\r\n0, 5,1\r\n10.5,6,1e3\r\n")
    assert [(each.time_ms, each.values) for each in found.samples] == [(0, [5, 1]), (10.5, [6, 1000.0])]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "A trace begins with 'time_ms'"),
        ("t,a:Bool\n0,true\n", 1, "A trace begins with 'time_ms'"),
        ("time_ms,a\n0,true\n", 1, "A trace begins with 'time_ms'"),
        ("time_ms,a:Bool\n", 1, "no row"),
        ("time_ms,a:Bool,A:Int\n0,true,1\n", 1, "two columns"),
        ("time_ms,a:Bool\n0,true\n5\n", 3, "has 1 values"),
        ("time_ms,a:Bool\n5,true\n4,true\n", 3, "'4' is not a time"),
        ("time_ms,a:Bool\n-5,true\n", 2, "is not a time"),
        ("time_ms,a:Bool\n0,yes\n", 2, "'yes' is not a value of 'a'"),
        ('time_ms,a:Bool\n0,"tr\n', 2, "not CSV"),
    ],
)
def test_what_is_no_trace_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(Problem) as caught:
        trace_file.parse(text, "x.csv")
    assert caught.value.code == "trace.invalid" and says in caught.value.message
    assert caught.value.message.startswith("x.csv:"), caught.value.message
    assert caught.value.place is not None and caught.value.place.line in (line, line + 1)
