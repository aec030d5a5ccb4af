"""The reference scan as STL on awlsim, run as the program that it is (`pip install awlsim`); nothing of it is imported.

The timers are S5 on-delay timers here, and the loop goes through an address register, as STL has it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

INPUTS, RUNGS, REALS, TIMERS, ELEMENTS = 20, 40, 20, 10, 100
_AVERAGE = re.compile(rb"OB1:\s+avg:\s+([\d.]+) ms")
_COPIES, _COILS, _NUMBERS, _SUM = 10, 20, 100, 200


def _bit(base: int, number: int) -> str:
    return f"M {base + number // 8}.{number % 8}"


def source() -> str:
    """Return the scan as STL."""
    lines = []
    for i in range(INPUTS):
        lines += [f"A I {i // 8}.{i % 8}", f"= {_bit(_COPIES, i)}"]
    for i in range(RUNGS):
        a, b, c = (_bit(_COPIES, (i + step) % INPUTS) for step in (0, 3, 7))
        lines += ["A(", f"A {a}", f"AN {b}", f"O {_bit(_COILS, (i + 1) % RUNGS)}", ")", "A("]
        lines += [f"O T {i % TIMERS}", f"O {c}", ")", f"= {_bit(_COILS, i)}"]
    for i in range(REALS):
        left, right = (f"MD {_NUMBERS + 4 * ((i + step) % REALS)}" for step in (1, 7))
        lines += [f"L {left}", f"L {right}", f"{'+-*/'[i % 4]}R", f"T MD {_NUMBERS + 4 * i}"]
    for i in range(TIMERS):
        lines += [f"A {_bit(_COPIES, i)}", "L S5T#500MS", f"SD T {i}"]
    lines += ["OPN DB 1", "L P#0.0", "LAR1", f"L {ELEMENTS}", "next: T MW 8", "L DBW [AR1,P#0.0]", "L 3", "+I"]
    lines += ["T DBW [AR1,P#0.0]", "L 100", "<=I", "JC over", "L DBW [AR1,P#0.0]", "ITD", f"L MD {_SUM}", "+D"]
    lines += [f"T MD {_SUM}", "over: NOP 0", "L P#2.0", "+AR1", "L MW 8", "LOOP next"]
    fields = f"DATA_BLOCK DB 1\nSTRUCT\nlist : ARRAY [0..{ELEMENTS - 1}] OF INT;\nEND_STRUCT\nBEGIN\nEND_DATA_BLOCK\n"
    code = "\n".join(f"\t{line}" for line in lines)
    return f"{fields}ORGANIZATION_BLOCK OB 1\nBEGIN\n{code}\nEND_ORGANIZATION_BLOCK\n"


def program() -> str | None:
    """Return the awlsim that stands beside this Python or in the search path, None where there is none."""
    beside = Path(sys.executable).with_name("awlsim-test")
    return str(beside) if beside.exists() else shutil.which("awlsim-test")


def measured(seconds: float = 4.0) -> float | None:
    """Return the microseconds of one scan, as awlsim says itself; None where it is not installed."""
    tool = program()
    if tool is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scan.awl"
        file.write_text(source(), encoding="ascii")
        done = subprocess.run(
            [tool, "--max-runtime", str(seconds), str(file)], capture_output=True, check=False, timeout=60
        )
    found = _AVERAGE.findall(done.stdout)
    return float(found[-1]) * 1000 if found else None
