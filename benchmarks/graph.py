"""A GRAPH sequence of 50, 100 and 1,000 steps, one of them active, compared with a state machine written by hand in Python.

    python -m benchmarks.graph

The state machine is generated for the same sequence, one function for each step. It leaves the same values: times, flags and
events of steps and transitions, runtime data, outputs, the operands of the actions. All data are compared in the end. It has
the automatic mode only. A scan calls ten instances; what a scan of an empty OB takes is not counted. Every 200th scan all of
them switch to the next step.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.figures import Figure, run
from simatic_xml import graph, limits
from simatic_xml.model import Member
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, program_of
from virtual_plc.memory.shapes import copy_into, plain
from virtual_plc.python_tier import compile_program

SIZES = (50, 100, 1000)
INSTANCES = 10
CYCLE = 10_000_000
PORTION = 200
"""Scans from one switch to the next."""
_INPUTS = (
    "OFF_SQ",
    "INIT_SQ",
    "ACK_EF",
    "S_PREV",
    "S_NEXT",
    "SW_AUTO",
    "SW_TAP",
    "SW_TOP",
    "SW_MAN",
    "S_ON",
    "S_OFF",
    "T_PUSH",
)
_EMPTY = 'ORGANIZATION_BLOCK "Empty"\nBEGIN\nEND_ORGANIZATION_BLOCK'


def program(steps: int) -> Program:
    """Return a ring of steps with an action each, with its instances; `go` leads to the next step."""
    sequence = {
        "steps": [
            {"name": f"S{n}", "init": n == 1, "actions": [{"qualifier": "N", "operand": f"#q{n % 8}"}]}
            for n in range(1, steps + 1)
        ],
        "transitions": [{"name": f"T{n}", "condition": [{"contact": "#go"}]} for n in range(1, steps + 1)],
    }
    block = graph.block({"graph": {"sequences": [sequence]}}, "Plant", "V20")
    static = block.section("Static")
    assert static is not None
    static.members += [Member("go", "Bool"), *(Member(f"q{n}", "Bool") for n in range(8))]
    made = [f'DATA_BLOCK "D{n}"\n"Plant"\nBEGIN\nEND_DATA_BLOCK' for n in range(INSTANCES)]
    calls = [f'"D{n}"();' for n in range(INSTANCES)]
    workspace = Workspace()
    with limits.override(graph_steps=steps):
        workspace.put(block)
        workspace.put_source(
            "\n".join([*made, 'ORGANIZATION_BLOCK "Main"\nBEGIN', *calls, "END_ORGANIZATION_BLOCK", _EMPTY])
        )
        return program_of(workspace)


class ByHand:
    """The same sequences as a state machine, from the end of the second call on."""

    def __init__(self, steps: int, instances: list[Any]) -> None:
        """Write and compile the functions.

        Args:
            steps: how many steps there are.
            instances: the data of the sequences; the first steps are active.
        """
        lines = [_step(n, n % steps + 1) for n in range(1, steps + 1)]
        values: dict[str, Any] = {}
        exec(compile("\n".join([*lines, _call()]), "<by hand>", "exec"), values)  # noqa: S102 - our own text
        values["steps"] = [None, *(values[f"step_{n}"] for n in range(1, steps + 1))]
        self._call = values["call"]
        self._sequences = [_State(each) for each in instances]

    def scan(self, now: int) -> None:
        """Call all sequences once."""
        call = self._call
        for each in self._sequences:
            call(each, each.data, now)


class _State:
    __slots__ = ("data", "inputs", "left", "step")

    def __init__(self, data: Any) -> None:
        self.data, self.step, self.left = data, 1, None
        self.inputs = (*(False for _ in _INPUTS), 0)


_EVENTS = " = ".join(f"s.{event}" for event in ("S1", "S0", "L1", "L0", "V1", "V0", "A1", "R1"))


def _step(n: int, following: int) -> str:
    """Return the function of a step: its transition, its times, its action."""
    return f"""
def step_{n}(state, d, passed):
    s, t = d.S{n}, d.T{n}
    {_EVENTS} = False
    t.TV, t.TT, t.TS, t.TNO = True, d.go, False, {n}
    if t.TT and not s.VA:
        t.TS = True
        d.q{n % 8} = s.X = s.S1 = s.LA = s.VA = s.AA = s.RA = s.LS = s.VS = False
        s.S0 = True
        state.left, state.step = (s, t), {following}
        s, passed = d.S{following}, 0
        s.X, s.S1, s.T, s.U, s.SNO = True, True, 0, 0, {following}
        s.T_MAX, s.T_WARN = 10000, 7000
        d.q{following % 8} = True
    else:
        d.q{n % 8} = True
    if not s.S1:
        s.T += passed
        s.U += passed
    s.LS = True
    s.LA = s.L1 = s.L0 = s.VS = s.AA = s.VA = s.V1 = s.V0 = s.R1 = s.RA = False
"""


def _call() -> str:
    """Return the function of a call."""
    inputs = ", ".join(f"d.{name}" for name in (*_INPUTS, "S_SEL"))
    return f"""
def call(state, d, now):
    data = d.RT_DATA
    before, data._state = data._state, now // 1000000
    data.TIME_DELTA = passed = data._state - before
    if state.left:
        s, t = state.left
        {_EVENTS} = t.TV = t.TT = t.TS = False
        state.left = None
    if ({inputs}) != state.inputs:
        raise NotImplementedError
    before = state.step
    steps[before](state, d, passed)
    d.S_NO = data.S_DISPLAY = state.step
    d.S_MORE, d.S_ACTIVE, d.ERR_FLT = False, True, False
    flags, mode = data.SQ_FLAGS, data.MOP
    flags.ERROR = flags.FAULT = flags.ERR_FLT = False
    flags.CYC_OP = True
    d.AUTO_ON, d.TAP_ON, d.TOP_ON, d.MAN_ON = mode.AUTO, mode.TAP, mode.TOP, mode.MAN
"""


class Pair:
    """A sequence of some steps in both forms, with the least time of a call that was seen of each.

    Attributes:
        floor: nanoseconds of a call of the state machine.
    """

    def __init__(self, steps: int) -> None:
        """Make both, and execute two calls: only the second one evaluates transitions."""
        made = program(steps)
        self._services = PlainServices()
        memory, other = Memory(made), Memory(made)
        self._executable = compile_program(made, memory, self._services)
        self._run()
        self._run()
        self._ours, self._floor = list(memory.data_blocks.values()), list(other.data_blocks.values())
        for mine, each in zip(self._floor, self._ours, strict=True):
            copy_into(mine, each)
        self._hand = ByHand(steps, self._floor)
        self._empty = self._with_scan = self.floor = float("inf")

    def measure(self) -> None:
        """Execute a portion of scans in both forms; the first one switches."""
        began = self._services.now
        self._with_scan = min(self._with_scan, self._portion(self._ours, self._run))
        self._services.now = began
        self._empty = min(self._empty, self._portion([], lambda: self._executable.run("Empty")))
        self._services.now = began
        self.floor = min(self.floor, self._portion(self._floor, lambda: self._hand.scan(self._services.now)))

    def _run(self) -> None:
        self._executable.run("Main")

    def _portion(self, data: list[Any], scan: Callable[[], None]) -> float:
        services = self._services
        begun = time.process_time_ns()
        for number in range(PORTION):
            services.now += CYCLE
            services.budget = 10_000_000
            if number < 2:
                for each in data:
                    each.go = number == 0
            scan()
        return (time.process_time_ns() - begun) / PORTION / INSTANCES

    @property
    def ours(self) -> float:
        """Nanoseconds of a call of the GRAPH block."""
        return self._with_scan - self._empty

    @property
    def agrees(self) -> bool:
        """Whether both have the same data."""
        return bool(plain(self._ours) == plain(self._floor))


def measure(short: bool) -> Iterator[Figure]:
    """Execute portions of both forms in turns; in short without the largest sequence, whose code takes long to write.

    Raises:
        SystemExit: They have different data.
    """
    sizes = SIZES[:-1] if short else SIZES
    pairs = {steps: Pair(steps) for steps in sizes}
    for _ in range(5 if short else 100):
        for pair in pairs.values():
            pair.measure()
    if not all(pair.agrees for pair in pairs.values()):
        sys.exit("The block and the state machine have different data.")
    for steps, pair in pairs.items():
        yield Figure(
            f"GRAPH, {steps} steps", "a state machine by hand", pair.ours / pair.floor, at_most=3, is_steady=True
        )
    for steps in sizes[1:]:
        growth = pairs[steps].ours / pairs[sizes[0]].ours
        yield Figure(f"GRAPH, {steps} steps and one active", f"{SIZES[0]} steps", growth, at_most=1.1, is_steady=True)


if __name__ == "__main__":
    run(measure)
