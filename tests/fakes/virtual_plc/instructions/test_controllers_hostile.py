"""No value of any tag stops a controller: each tag holds afterwards what its type can hold."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.instructions.instances import rows
from tests.fakes.virtual_plc.instructions.loop_kit import Loop
from tests.support.examples import examples

LIMITS = {"Int": (-32768, 32767), "Word": (0, 0xFFFF), "DWord": (0, 0xFFFF_FFFF), "Time": (-(2**31), 2**31 - 1)}
EXTREMES = [0.0, -1.0, math.inf, -math.inf, math.nan]
REALS = [*EXTREMES, 1.0, 50.0, 1e-30, 0.1, -1e38, 3.402822e38]
CONTROLLERS = ["CONT_C", "CONT_S", "PID_3Step", "PID_Compact", "PULSEGEN"]


def values_of(type_text: str) -> st.SearchStrategy[Any]:
    if type_text == "Bool":
        return st.booleans()
    if type_text == "Real":
        return st.sampled_from(REALS)
    low, high = LIMITS[type_text]
    return st.integers(low, high) | st.integers(max(low, -3), 10)


def changes_of(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Up to eight calls, each with a few tags that are written before."""
    tags = {row.path.replace(".", "__"): values_of(row.type) for row in rows(name)}
    one = st.sampled_from(sorted(tags)).flatmap(lambda path: st.tuples(st.just(path), tags[path]))
    return st.lists(st.lists(one, max_size=6).map(dict), min_size=1, max_size=8)


def check(loop: Loop) -> None:
    """Each tag has a value of its type."""
    for row in rows(loop.name):
        held = loop.data
        for part in row.path.split("."):
            held = getattr(held, part)
        if row.type in LIMITS:
            assert isinstance(held, int), row.path
            assert LIMITS[row.type][0] <= held <= LIMITS[row.type][1], row.path
        else:
            assert isinstance(held, bool if row.type == "Bool" else float | int), row.path


@pytest.mark.parametrize("name", CONTROLLERS)
@examples(40)
@given(st.data())
def test_no_values_of_tags_stop_a_controller(name: str, data: st.DataObject) -> None:
    loop = Loop(name, 0.1)
    if name.startswith("PID"):
        loop.set(Config__InputPerOn=False, Mode=data.draw(st.integers(0, 10), "mode"), Setpoint=80.0)
    for changes in data.draw(changes_of(name), "calls"):
        loop.set(**changes).run(data.draw(st.integers(1, 15), "times"))
        check(loop)


@pytest.mark.parametrize("mode", [3, 4, 1, 2])
@pytest.mark.parametrize("name", ["PID_Compact", "PID_3Step"])
@pytest.mark.parametrize("part", ["CycleTime", pytest.param("", marks=pytest.mark.slow)])
def test_no_extreme_of_a_single_tag_stops_a_controller(name: str, mode: int, part: str) -> None:
    listed = [row.path.replace(".", "__") for row in rows(name) if row.type == "Real" and row.path.startswith(part)]
    listed += ["Retain__CtrlParams__Cycle"] if part else []
    for path in listed:
        for value in EXTREMES:
            loop = Loop(name, 0.1, Setpoint=80.0).set(Config__InputPerOn=False, Mode=mode, **{path: value})
            loop.run(14)
            check(loop)


def test_a_mode_that_cannot_follow_tuning_ends_in_inactive_mode() -> None:
    loop = Loop("PID_Compact", 0.1, Setpoint=80.0, Input=0.0).set(Config__InputPerOn=False, Mode=1)
    assert loop.run(3).State == 1
    assert loop.set(Mode=-1).run(Input=math.nan).State == 0
