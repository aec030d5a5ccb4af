"""One scan of the reference program, compared with the same scan written by hand in Python, and with awlsim.

    python3 -m benchmarks.reports.plc_scan [--scans 2000]

The program: 20 input copies, 40 rungs of four contacts and a coil, 20 operations on REAL, 10 on-delay timers, a FOR loop
over 100 elements of an array of Int with a sum in a DInt. Both are checked to have the same data after all scans.
awlsim runs the same as STL where it is installed (`pip install awlsim`), as a separate program.
"""

from __future__ import annotations

import argparse
import statistics
import time
from array import array
from collections.abc import Callable
from typing import Any

from benchmarks.reports import plc_scan_awlsim
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, program_of
from virtual_plc.python_tier import compile_program

INPUTS, RUNGS, REALS, TIMERS, ELEMENTS = 20, 40, 20, 10, 100
CYCLE = 10_000_000
_PRESET = 500


def source() -> str:
    """Return the reference program as SCL."""
    declared = [f"x{i} : Bool; i{i} : Bool;" for i in range(INPUTS)]
    declared += [f"q{i} : Bool;" for i in range(RUNGS)] + [f"r{i} : Real := {i + 1}.5;" for i in range(REALS)]
    declared += [f"t{i} {{InstructionName := 'TON_TIME'; LibVersion := '1.0'}} : TON_TIME;" for i in range(TIMERS)]
    declared += [f"list : Array[0..{ELEMENTS - 1}] of Int;", "step : Int := 3;", "sum : DInt;", "scans : DInt;"]
    lines = [f"#i{i} := #x{i};" for i in range(INPUTS)]
    for i in range(RUNGS):
        a, b, c = i % INPUTS, (i + 3) % INPUTS, (i + 7) % INPUTS
        lines.append(f"#q{i} := (#i{a} AND NOT #i{b} OR #q{(i + 1) % RUNGS}) AND (#t{i % TIMERS}.Q OR #i{c});")
    for i in range(REALS):
        operator = "+-*/"[i % 4]
        lines.append(f"#r{i} := #r{(i + 1) % REALS} {operator} #r{(i + 7) % REALS};")
    lines += [f"#t{i}(IN := #i{i}, PT := T#{_PRESET}ms);" for i in range(TIMERS)]
    lines += [f"FOR #n := 0 TO {ELEMENTS - 1} DO", "  #list[#n] := #list[#n] + #step;"]
    lines += ["  IF #list[#n] > 100 THEN #sum := #sum + #list[#n]; END_IF;", "END_FOR;", "#scans := #scans + 1;"]
    parts = ['FUNCTION_BLOCK "Scan"', "VAR", *declared, "END_VAR", "VAR_TEMP n : Int; END_VAR", "BEGIN", *lines]
    parts += ["END_FUNCTION_BLOCK", 'DATA_BLOCK "Data" "Scan"', "BEGIN", "END_DATA_BLOCK"]
    parts += ['ORGANIZATION_BLOCK "Main"', "BEGIN", '"Data"();', "END_ORGANIZATION_BLOCK"]
    return "\n".join(parts)


def program() -> Program:
    """Return the reference program, typed."""
    workspace = Workspace()
    workspace.put_source(source())
    return program_of(workspace)


class ByHand:
    """The same scan as a careful Python programmer writes it: attributes, bounds check, wrapping, 32-bit rounding."""

    def __init__(self) -> None:
        """Write and compile the function."""
        cell = array("f", [0.0])
        self.data = _Data()
        self.data.scans = 0
        values = {"cell": cell, "timer": _on_delay, "fault": _fault}
        exec(compile(_text(), "<by hand>", "exec"), values)  # noqa: S102 - our own text
        self._scan = values["scan"]
        self.now = 0

    def scan(self) -> None:
        """Run one scan."""
        self._scan(self.data, self.now)


class _Timer:
    __slots__ = ("ET", "Q", "started")

    def __init__(self) -> None:
        self.ET, self.Q, self.started = 0, False, -1


def _on_delay(timer: _Timer, given: bool, preset: int, now: int) -> None:
    if not given:
        timer.ET, timer.Q, timer.started = 0, False, -1
        return
    if timer.started < 0:
        timer.started = now
    elapsed = (now - timer.started) // 1_000_000
    timer.ET = elapsed if elapsed < preset else preset
    timer.Q = elapsed >= preset


class _Data:
    """Attributes as the program declares them."""

    __slots__ = (
        *(f"x{i}" for i in range(INPUTS)),
        *(f"i{i}" for i in range(INPUTS)),
        *(f"q{i}" for i in range(RUNGS)),
        *(f"r{i}" for i in range(REALS)),
        *(f"t{i}" for i in range(TIMERS)),
        "list",
        "scans",
        "step",
        "sum",
    )

    def __init__(self) -> None:
        for name in (*(f"x{i}" for i in range(INPUTS)), *(f"i{i}" for i in range(INPUTS))):
            setattr(self, name, False)
        for i in range(RUNGS):
            setattr(self, f"q{i}", False)
        for i in range(REALS):
            setattr(self, f"r{i}", i + 1.5)
        for i in range(TIMERS):
            setattr(self, f"t{i}", _Timer())
        self.list, self.step, self.sum = [0] * ELEMENTS, 3, 0


def _fault() -> None:
    raise IndexError


def _text() -> str:
    """Return the scan by hand."""
    lines = ["def scan(d, now):"]
    lines += [f"    d.i{i} = d.x{i}" for i in range(INPUTS)]
    for i in range(RUNGS):
        a, b, c = i % INPUTS, (i + 3) % INPUTS, (i + 7) % INPUTS
        lines.append(f"    d.q{i} = (d.i{a} and not d.i{b} or d.q{(i + 1) % RUNGS}) and (d.t{i % TIMERS}.Q or d.i{c})")
    for i in range(REALS):
        operator, left, right = "+-*/"[i % 4], f"d.r{(i + 1) % REALS}", f"d.r{(i + 7) % REALS}"
        value = (
            f"{left} / {right} if {right} else {left} * float('inf')"
            if operator == "/"
            else f"{left} {operator} {right}"
        )
        lines += [f"    cell[0] = {value}", f"    d.r{i} = cell[0]"]
    lines += [f"    timer(d.t{i}, d.i{i}, {_PRESET}, now)" for i in range(TIMERS)]
    lines += ["    a, total, step = d.list, d.sum, d.step", f"    for n in range({ELEMENTS}):"]
    lines += ["        if not 0 <= n < len(a): fault()", "        v = a[n] + step"]
    lines += ["        if not -32768 <= v <= 32767: v = (v + 32768 & 65535) - 32768", "        a[n] = v"]
    lines += ["        if v > 100:", "            total += v"]
    lines += [
        "            if not -2147483648 <= total <= 2147483647: total = (total + 2147483648 & 4294967295) - 2147483648"
    ]
    lines += ["    d.sum = total", "    d.scans += 1"]
    return "\n".join(lines)


def set_inputs(data: Any, scan: int) -> None:
    """Set the inputs of a scan."""
    for i in range(INPUTS):
        setattr(data, f"x{i}", (scan >> i % 7) & 1 == 1 or i % 5 == 0)


def measure_scan(scan: Callable[[], None], advance: Callable[[], None], data: Any, scans: int) -> float:
    """Return the microseconds of one scan: the median of portions, without what sets the inputs."""
    portions = []
    portion = max(scans // 20, 1)
    for number in range(scans // portion):
        set_inputs(data, number * portion)
        began = time.perf_counter()
        for _ in range(portion):
            scan()
            advance()
        portions.append((time.perf_counter() - began) / portion)
    return statistics.median(portions) * 1e6


def generated(made: Program, scans: int) -> tuple[float, float, Any]:
    """Return microseconds of a scan, milliseconds of compiling a block, and the data of the Python tier."""
    memory, services = Memory(made), PlainServices()
    began = time.perf_counter()
    executable = compile_program(made, memory, services)
    compiled = (time.perf_counter() - began) * 1e3 / len(made.blocks)
    data = memory.data_blocks["data"]

    def advance() -> None:
        services.now += CYCLE
        services.budget = 10_000_000

    return measure_scan(lambda: executable.run("Main"), advance, data, scans), compiled, data


def agrees(data: Any, by_hand: Any) -> bool:
    """Return whether two runs have the same values at their end."""
    names = [*(f"q{i}" for i in range(RUNGS)), *(f"r{i}" for i in range(REALS)), "list", "sum", "scans"]
    return all(repr(getattr(data, name)) == repr(getattr(by_hand, name)) for name in names)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=4000)
    scans = parser.parse_args().scans
    made = program()
    hand = ByHand()

    def advance() -> None:
        hand.now += CYCLE

    floor = measure_scan(hand.scan, advance, hand.data, scans)
    ours, compiled, data = generated(made, scans)
    print(f"by hand in Python      {floor:8.1f} us a scan")
    print(f"generated Python       {ours:8.1f} us a scan   {ours / floor:.2f} x   {compiled:.1f} ms to compile a block")
    print(f"same data after {scans} scans: {agrees(data, hand.data)}")
    other = plc_scan_awlsim.measure_scan()
    if other is None:
        print("awlsim                 not installed")
    else:
        print(f"awlsim on CPython      {other:8.1f} us a scan   {other / ours:.0f} x of generated Python")


if __name__ == "__main__":
    main()
