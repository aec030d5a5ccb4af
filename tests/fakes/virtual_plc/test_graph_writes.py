"""Programs and watch tables may write what a GRAPH sequencer keeps of its steps, transitions and modes.

The oracle visits every step and transition in each call (`tests/oracle/tree_walker/graph.py`), so that it sees each write.
The tiers of the CPU visit those that are not at rest.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import Run, agree
from tests.fakes.virtual_plc.graph_programs import of_json, plant, written_plants
from virtual_plc.faults import Fault
from virtual_plc.python_tier import compile_program

EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "20"))
GO = [{"contact": "#a"}]
Written = tuple[dict[str, Any], list[dict[str, Any]]]


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(written_plants(), st.booleans())
def test_each_write_is_noticed(made: Written, optimized: bool) -> None:
    data, scans = made
    note(str(data))
    assert set(agree(of_json(data, optimized=optimized), scans)) == {""}


def test_a_write_wakes_a_step_at_rest() -> None:
    """The next call visits the step; without the write, it stays as it is."""
    found = _running()
    assert found.memory.read("D.Step2.X") is False
    found.memory.write("D.Step2.X", True)
    found.scan()
    assert found.memory.read("D.Step2.T") == 10
    found.memory.write("D.Step2.X", False)
    found.memory.write("D.Step2.S1", True)
    found.scan()
    assert (found.memory.read("D.Step2.S1"), found.memory.read("D.Step2.T")) == (False, 10)


def test_two_executables_share_one_memory() -> None:
    """Each notices what the other one writes, so that a program may continue in another tier."""
    first = _running()
    second = compile_program(first.memory.program, first.memory, first.services)
    for executable in (second, first.executable, second, first.executable):
        first.memory.write("D.a", True)
        before = [first.memory.read(f"D.Step{number}.X") for number in (1, 2)]
        executable.run("Main")
        assert [first.memory.read(f"D.Step{number}.X") for number in (1, 2)] == before[::-1]


@pytest.mark.parametrize("after", ["nothing", "a fault", "another executable"])
def test_a_call_does_as_much_with_more_inactive_steps(after: str) -> None:
    done = [_count_calls(_running(steps), after) for steps in (5, 60)]
    assert done[0] == done[1] > 0


def _count_calls(found: Run, after: str) -> int:
    """Return how many functions a scan calls, Python's own among them."""
    executable = found.executable
    if after == "a fault":
        found.services.now = None  # type: ignore[assignment]  # the program meets a fault
        with pytest.raises(Fault):
            executable.run("Main")
        found.services.now = 50_000_000
    elif after == "another executable":
        compile_program(found.memory.program, found.memory, found.services).run("Main")
    for _ in range(3):
        executable.run("Main")
    seen = 0

    def count(_: Any, event: str, __: Any) -> None:
        nonlocal seen
        seen += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        executable.run("Main")
    finally:
        sys.setprofile(before)
    return seen


def _running(steps: int = 2) -> Run:
    """Return a ring of steps that has run a few scans: `a` leads from each step to the next one."""
    ring = [{"name": f"Step{number}", "init": number == 1} for number in range(1, steps + 1)]
    found = Run(plant(ring, [{"condition": GO}] * steps), compile_program)
    assert [found.scan() for _ in range(4)] == [""] * 4
    return found
