"""Tests of PLC programs in virtual time: `python -m benchmarks.plc_tests`.

A `wait` of an hour on a small block, compared with `VirtualCpu.run_for` over the same program, in turns; and 1,000 small tests
in 100 files through `tia test`. The least of several repeats counts. The short form waits ten minutes and runs 100 tests.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure, least_seconds, run
from engineering_api.features.plc_tests.benches.bench import Bench, bench
from engineering_api.features.plc_tests.benches.harness import SELECTED
from engineering_api.features.plc_tests.benches.workbench import Subject, workbench
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.running import run_case
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.loader import load
from virtual_plc.cpu.clock import MINUTE
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.memory.program import Program, program_of

TESTS_IN_A_FILE = 10
LONGEST = 10
"""Seconds that 1,000 tests should take at most."""
TANK = """
FUNCTION_BLOCK "Tank"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
   level : Real;
   acknowledge : Bool;
END_VAR
VAR_OUTPUT
   pump : Bool;
   alarm : Bool;
END_VAR
VAR
   tooLong : TON_TIME;
END_VAR
BEGIN
   IF #level < 20.0 THEN
      #pump := TRUE;
   ELSIF #level > 80.0 THEN
      #pump := FALSE;
   END_IF;
   #tooLong(IN := #pump, PT := T#1m);
   IF #tooLong.Q THEN
      #alarm := TRUE;
   ELSIF #acknowledge THEN
      #alarm := FALSE;
   END_IF;
END_FUNCTION_BLOCK
"""
SMALL = """
- name: file {file} test {test}
  steps:
  - {{write: {{level: {test}}}, expect: {{pump: true}}}}
  - {{write: {{level: 50}}, run: 3, expect: {{pump: true, alarm: false}}}}
  - {{write: {{level: 81}}, expect: {{pump: false}}}}
"""


@contextmanager
def tank(folder: Path) -> Iterator[tuple[Bench, Program]]:
    """Yield a bench with the block alone, and the same program."""
    (folder / "tank.scl").write_text(TANK)
    model = load("fake")
    simulation = Simulation(lambda: model.plcsim)
    with workbench(model, Subject(sources=(folder,))) as work, bench(simulation, work, coverage=False) as made:
        made.load_blocks(["Tank"])
        made.select("Tank")
        yield made, program_of(work.program())


def started(program: Program) -> VirtualCpu:
    """Return a virtual CPU that calls the block."""
    cpu = VirtualCpu(program)
    cpu.power_on()
    cpu.run()
    cpu.write(SELECTED, 1)
    return cpu


def wait(minutes: int, repeats: int) -> float:
    """Return how long a wait takes, compared with `VirtualCpu.run_for`."""
    (case,) = reading.parse(f"block: Tank\ntests:\n- {{name: x, steps: [{{wait: {minutes}m}}]}}\n")
    with tempfile.TemporaryDirectory() as folder, tank(Path(folder)) as (made, program):
        cpu = started(program)

        def test() -> None:
            result = run_case(made.controller, case)
            assert result.passed and result.steps[0].cycles == minutes * 6000, result.error

        floor, ours = least_seconds([lambda: cpu.run_for(minutes * MINUTE), test], repeats)
    return ours / floor


def small(tests: int, repeats: int) -> float:
    """Return how long small tests take on the command line, compared with 10 s for 1,000."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in range(tests // TESTS_IN_A_FILE):
            texts = [SMALL.format(file=file, test=test) for test in range(TESTS_IN_A_FILE)]
            (folder / f"{file:03}.plctest.yaml").write_text("block: Tank\ntests:" + "".join(texts))
        (folder / "tank.scl").write_text(TANK)
        return min(_tia(folder, tests) for _ in range(repeats)) / tests * 1000 / LONGEST


def _tia(folder: Path, tests: int) -> float:
    """Run `tia test`; return its seconds."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "engineering_api", "test", str(folder), "--backend", "fake"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"{tests} passed" in done.stdout, done.stdout
    return time.perf_counter() - begin


def measure(short: bool) -> Iterator[Figure]:
    """Wait, then run small tests."""
    minutes, tests, repeats = (10, 100, 1) if short else (60, 1000, 3)
    yield Figure(
        "a wait of an hour in a test", "VirtualCpu.run_for", wait(minutes, repeats), at_most=1.3, is_steady=True
    )
    yield Figure("1,000 small tests by tia test", "10 s", small(tests, repeats), at_most=1)


if __name__ == "__main__":
    run(measure)
