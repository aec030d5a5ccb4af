"""Virtual time of a CPU: an hour at a cycle of 10 ms, and many CPUs in real time (``python -m benchmarks.reports.plc_time``).

The program is like docs/facts/execution.md#reference-scan: inputs, rungs, REAL arithmetic, timers, a loop over an
array; besides it an empty one, which shows what the CPU itself takes.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc

from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.clock import HOUR, SECOND
from virtual_plc.cpu.cpu import Pace, VirtualCpu
from virtual_plc.memory.program import Program, program_of

CYCLE_MS = 10


def program(*, empty: bool = False) -> Program:
    """Return the reference scan, or nothing but an empty OB1."""
    workspace = Workspace()
    for number in range(20):
        workspace.put(Tag(f"in_{number}", "Bool", f"%I{number // 8}.{number % 8}"))
        workspace.put(Tag(f"out_{number}", "Bool", f"%Q{number // 8}.{number % 8}"))
    workspace.put_source(DATA, "data")
    body = "" if empty else _body()
    main = f'ORGANIZATION_BLOCK "Main"\nVAR_TEMP i : Int; END_VAR\nBEGIN\n{body}\nEND_ORGANIZATION_BLOCK'
    workspace.put_source(main, "main")
    return program_of(workspace)


DATA = """
DATA_BLOCK "Data"
{ S7_Optimized_Access := 'TRUE' }
VAR
    input : Array[0..19] of Bool; coil : Array[0..39] of Bool; value : Array[0..19] of Real; list : Array[0..99] of Int;
    timer : Array[0..9] of TON_TIME; total : DInt; seed : Int;
END_VAR
BEGIN
END_DATA_BLOCK
"""


def _body() -> str:
    lines = [f'"Data".input[{n}] := "in_{n}";' for n in range(20)]
    for n in range(40):
        contacts = [f'"Data".input[{n % 20}]', f'NOT "Data".input[{(n + 3) % 20}]', f'"Data".coil[{(n + 7) % 40}]']
        last = f'"Data".timer[{n % 10}].Q' if n % 4 == 0 else f'"Data".input[{(n + 11) % 20}]'
        lines.append(f'"Data".coil[{n}] := {contacts[0]} AND {contacts[1]} OR {contacts[2]} AND {last};')
    lines += [f'"Data".value[{n}] := "Data".value[{n}] * 0.99 + {n}.5;' for n in range(20)]
    lines += [f'"Data".timer[{n}](IN := "Data".coil[{n * 4}], PT := T#{n + 1}S);' for n in range(10)]
    lines.append("""
    FOR #i := 0 TO 99 DO
        "Data".list[#i] := "Data".list[#i] + #i;
        IF "Data".list[#i] > 1000 THEN "Data".total := "Data".total + 1; END_IF;
    END_FOR;""")
    lines += [f'"out_{n}" := "Data".coil[{n}];' for n in range(20)]
    return "\n".join(lines)


def hour(*, empty: bool) -> float:
    """Return how many seconds a simulated hour takes."""
    cpu = VirtualCpu(program(empty=empty), cycle_ms=CYCLE_MS)
    cpu.power_on()
    cpu.run()
    cpu.write("in_0", True)
    begin = time.perf_counter()
    cpu.run_for(HOUR)
    took = time.perf_counter() - begin
    assert cpu.cycles == HOUR // 10_000_000 + 1
    cpu.close()
    return took


def many(count: int, seconds: float) -> None:
    """Run CPUs side by side in real time and print how late their scans begin, and what a CPU takes in memory."""
    made = program()
    tracemalloc.start()
    cpus = [VirtualCpu(made, cycle_ms=CYCLE_MS, pace=Pace.REAL, name=f"PLC_{n}") for n in range(count)]
    memory = tracemalloc.get_traced_memory()[0] / count
    tracemalloc.stop()
    late: list[float] = []

    def follow(cpu: VirtualCpu) -> None:
        last = [0]

        def notice(each: VirtualCpu) -> None:
            if each.cycles > 10:
                late.append((each.clock.now - last[0]) / 1e6 - CYCLE_MS)
            last[0] = each.clock.now

        cpu.on_cycle.append(notice)

    for cpu in cpus:
        follow(cpu)
        cpu.power_on()
    cpus_begun = time.process_time()
    for cpu in cpus:
        cpu.run()
    time.sleep(seconds)
    used = (time.process_time() - cpus_begun) / seconds
    for cpu in cpus:
        cpu.close()
    late.sort()
    middle, high, most = late[len(late) // 2], late[len(late) * 99 // 100], late[-1]
    print(
        f"{count} CPUs of {CYCLE_MS} ms for {seconds:g} s: {len(late) / count / seconds:.0f} scans a second each, "
        f"{used:.0%} of one core; scans later than planned: median {middle:.2f} ms, 99 % {high:.2f} ms, most {most:.2f} ms; "
        f"{memory / 1024:.0f} KiB each"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpus", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=5)
    given = parser.parse_args()
    for name, empty in (("empty program", True), ("reference scan", False)):
        took = hour(empty=empty)
        print(
            f"one hour, {name}: {took:.1f} s, {took / 0.36:.1f} us a scan, {HOUR / SECOND / took:.0f} times real time"
        )
    many(given.cpus, given.seconds)


if __name__ == "__main__":
    main()
