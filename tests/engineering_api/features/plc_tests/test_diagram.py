"""Timing diagrams: valid SVG whose paths stand for the recorded values."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engineering_api.features.plc_tests.reports.timing_diagram import svg
from engineering_api.features.plc_tests.results import CaseResult, StepResult, Traced
from openness_bridge.plcsim.trace import Sample, TraceChannel

SVG = "{http://www.w3.org/2000/svg}"


def drawn(channels: dict[str, str], samples: list[tuple[float, list[object]]], **more: object) -> etree._Element:
    trace = Traced(
        channels=[TraceChannel(name, kind) for name, kind in channels.items()],
        samples=[Sample(number, moment, values) for number, (moment, values) in enumerate(samples, 1)],
    )
    result = CaseResult(test_name="a <test> & more", trace=trace, **more)
    return etree.fromstring(svg(result).encode())


def paths(root: etree._Element, kind: str) -> list[str]:
    return [each.get("d", "") for each in root.iter(f"{SVG}path") if each.get("class") == kind]


def texts(root: etree._Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def corners(path: str) -> list[tuple[float, float]]:
    """The corners of a path of M, H and V."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for letter, numbers in re.findall(r"([MHV])([^MHV]+)", path):
        values = [float(each) for each in numbers.split()]
        x, y = (values[0], values[1]) if letter == "M" else (values[0], y) if letter == "H" else (x, values[0])
        found.append((x, y))
    return found


def test_truth_values_are_levels() -> None:
    root = drawn({"Start": "Bool"}, [(0, [False]), (100, [True]), (300, [False]), (400, [False])])
    (path,) = paths(root, "level")
    (x0, low), (x1, _), (_, high), (x2, _), (_, again), (x3, _) = corners(path)
    assert high < low == again
    assert [round((x - x0) / (x3 - x0), 2) for x in (x1, x2)] == [0.25, 0.75]
    (area,) = [each for each in root.iter(f"{SVG}rect") if each.get("class") == "on"]
    assert (float(area.get("x", 0)), float(area.get("width", 0))) == pytest.approx((x1, x2 - x1), abs=0.02)


def test_values_of_a_test_without_virtual_time_are_right_of_the_names() -> None:
    root = drawn({"A long name of a value": "Int", "Ready": "Bool"}, [(0, [27648, False]), (0, [-27648, True])])
    names = [each for each in root.iter(f"{SVG}text") if each.text in ("A long name of a value", "Ready")]
    right = max(float(each.get("x", 0)) + 6.6 * len(each.text or "") for each in names)
    values = [each for each in root.iter(f"{SVG}text") if each.text in ("27648", "-27648")]
    assert [each.text for each in values] == ["-27648"]
    assert all(float(each.get("x", 0)) > right and each.get("text-anchor") == "start" for each in values)
    (level,) = paths(root, "level")
    assert corners(level)[-1][0] - corners(level)[0][0] > 500, "the last value fills the diagram"
    assert "no virtual time passes" in texts(root)


def test_numbers_are_steps_with_their_values() -> None:
    root = drawn({"Level": "Int"}, [(0, [0]), (500, [7]), (1000, [7])])
    (path,) = paths(root, "number")
    (_, low), _, (_, high), _ = corners(path)
    assert high < low
    assert {"0", "7", "Level"} <= set(texts(root))


def test_times_are_written_as_the_plc_writes_them() -> None:
    assert "T#1s" in texts(drawn({"Delay": "Time"}, [(0, [1000]), (10, [1000])]))


def test_values_without_room_are_left_out_but_the_first_and_last() -> None:
    root = drawn({"Count": "Int"}, [(n, [n + 1000]) for n in range(500)])
    shown = [each for each in texts(root) if re.fullmatch(r"1\d{3}", each)]
    assert shown == ["1000", "1499"]


def test_steps_and_failures_are_marked() -> None:
    steps = [
        StepResult(step_index=0, description="first"),
        StepResult(step_index=1, description="", passed=False, begin_ms=50.0),
    ]
    root = drawn({"A": "Bool"}, [(0, [True]), (100, [True])], steps=steps, passed=False, error="x is <1>, expected 2")
    titles = [
        each.findtext(f"{SVG}title") for each in root.iter(f"{SVG}path") if each.get("class", "").startswith("step")
    ]
    assert titles == ["first", "Step 2"]
    assert "failed: x is <1>, expected 2" in texts(root)
    assert root.findtext(f"{SVG}title") == "a <test> & more"


def test_without_values_there_is_an_empty_diagram() -> None:
    root = drawn({}, [])
    assert paths(root, "level") == []


@pytest.mark.parametrize(("span", "unit"), [(50, "ms"), (5000, "s"), (600_000, "min")])
def test_the_axis_has_the_unit_that_fits(span: float, unit: str) -> None:
    root = drawn({"A": "Bool"}, [(0, [True]), (span, [True])])
    assert f"virtual time in {unit}" in texts(root)
    assert 3 <= len(paths(root, "grid")) <= 12


VALUES = st.lists(st.integers(-1000, 1000), min_size=1, max_size=30)


@pytest.mark.slow
def test_long_traces_stay_small() -> None:
    samples: list[tuple[float, list[object]]] = [(n, [n % 2 == 0, n % 997]) for n in range(30_000)]
    root = drawn({"Blink": "Bool", "Saw": "Int"}, samples)
    (level,), (number,) = paths(root, "level"), paths(root, "number")
    assert len(level) < 100_000 and len(number) < 100_000
    assert len({y for _, y in corners(level)}) == 2
    assert max(y for _, y in corners(number)) - min(y for _, y in corners(number)) > 20


@given(VALUES)
def test_the_steps_of_a_number_are_its_values_to_scale(values: list[int]) -> None:
    root = drawn({"N": "Int"}, [(10 * n, [value]) for n, value in enumerate([*values, values[-1]])])
    (path,) = paths(root, "number")
    heights = [y for _, y in corners(path)[1::2]]
    kept = [values[0]] + [after for before, after in pairwise(values) if before != after]
    low, high = min(kept), max(kept)
    assert len(heights) == len(kept)
    if high > low:
        bottom, top = max(heights), min(heights)
        scaled = [low + (bottom - y) / (bottom - top) * (high - low) for y in heights]
        assert scaled == pytest.approx(kept, abs=(high - low) / 100)
