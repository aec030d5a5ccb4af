"""The reference scan in STL on awlsim, run as a separate program.

Facts: awlsim 0.77 (its command awlsim-test ends when the program calls SFC 46). Nothing of it is imported.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

INPUTS, RUNGS, REALS, TIMERS, ELEMENTS = 20, 40, 20, 10, 100
_SECONDS = 120
_REAL_OPERATIONS = ("+R", "-R", "*R", "/R")


def measure_scan(scans: int = 200) -> float | None:
    """Return the microseconds of a scan, None where awlsim is not installed.

    Args:
        scans: how many scans are timed; what starting takes is measured apart and taken off.
    """
    command = shutil.which("awlsim-test", path=f"{Path(sys.executable).parent}") or shutil.which("awlsim-test")
    if command is None:
        return None
    start = _seconds(command, 1)
    return (_seconds(command, scans + 1) - start) / scans * 1e6


def _seconds(command: str, scans: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.awl"
        path.write_text(_source(scans), encoding="ascii")
        begin = time.perf_counter()
        subprocess.run([command, "-D", "-L", "1", str(path)], check=True, timeout=_SECONDS, capture_output=True)
        return time.perf_counter() - begin


def _source(scans: int) -> str:
    """Return the program; inputs, rungs, numbers, timers and the array are in data block 1."""
    declared = [f"x{i} : BOOL; i{i} : BOOL;" for i in range(INPUTS)] + [f"q{i} : BOOL;" for i in range(RUNGS)]
    declared += [f"r{i} : REAL := {i + 1}.5;" for i in range(REALS)]
    declared += [f"list : ARRAY[0..{ELEMENTS - 1}] OF INT;", "sum : DINT;", "scans : DINT;"]
    lines = [f"A DB1.x{i}; = DB1.i{i};" for i in range(INPUTS)]
    for i in range(RUNGS):
        a, b, c = i % INPUTS, (i + 3) % INPUTS, (i + 7) % INPUTS
        lines.append(f"A(; A DB1.i{a}; AN DB1.i{b}; O DB1.q{(i + 1) % RUNGS}; ); A(; O T {i % TIMERS}; O DB1.i{c}; );")
        lines.append(f"= DB1.q{i};")
    for i in range(REALS):
        operation = _REAL_OPERATIONS[i % 4]
        lines.append(f"L DB1.r{(i + 1) % REALS}; L DB1.r{(i + 7) % REALS}; {operation}; T DB1.r{i};")
    lines += [f"A DB1.i{i}; L S5T#500MS; SD T {i};" for i in range(TIMERS)]
    first = (2 * INPUTS + RUNGS) // 8 + REALS * 4
    lines += [
        f"OPN DB 1; L P#{first}.0; T MD 20; L {ELEMENTS};",
        "next: T MW 30; L DBW [MD 20]; L 3; +I; T DBW [MD 20];",
    ]
    lines += [
        "L 100; <=I; JC low; L DBW [MD 20]; ITD; L DB1.sum; +D; T DB1.sum;",
        "low: L MD 20; L P#2.0; +D; T MD 20;",
    ]
    lines += ["L MW 30; LOOP next;", f"L DB1.scans; L L#1; +D; T DB1.scans; L L#{scans}; <D; JC more; CALL SFC 46;"]
    body = "\n".join(f"\t{line}" for line in lines)
    data = "\n".join(declared)
    return (
        f"DATA_BLOCK DB 1\nSTRUCT\n{data}\nEND_STRUCT;\nBEGIN\nEND_DATA_BLOCK\n"
        f"ORGANIZATION_BLOCK OB 1\nBEGIN\n{body}\nmore: NOP 0;\nEND_ORGANIZATION_BLOCK\n"
    )
