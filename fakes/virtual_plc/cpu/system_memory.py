"""Clock memory and system memory: two bytes of bit memory that the CPU writes.

Bits of the clock byte are square waves of 10, 5, 2.5, 2, 1.25, 1, 0.625 and 0.5 Hz; those of the system byte say first
scan (from the startup to the end of the first cycle), diagnostics changed, always 1 and always 0. Facts: S7-1200 system manual
09/2016, p. 113; docs/facts/execution.md#system-memory. TIA Portal makes tags
for the bytes when they are switched on; by these tags a program is recognized (unverified: the setting itself is not in
an export).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from virtual_plc.cpu.clock import MILLISECOND
from virtual_plc.memory.program import Program

_HALF_PERIODS = (50, 100, 200, 250, 400, 500, 800, 1000)
"""Milliseconds between two changes of each bit of the clock byte."""
_TICK = 50 * MILLISECOND
_CLOCK = tuple(
    sum(1 << bit for bit, half in enumerate(_HALF_PERIODS) if tick * 50 // half % 2 == 0) for tick in range(8000 // 50)
)
FIRST_SCAN, DIAGNOSTICS_CHANGED, ALWAYS_TRUE = 1, 2, 4

_MARKER_BYTE = re.compile(r"%MB?(\d+)(?:\.\d)?", re.IGNORECASE)
_CLOCK_TAGS = ("Clock_Byte", "Clock_10Hz")
_SYSTEM_TAGS = ("System_Byte", "FirstScan")


@dataclass(frozen=True, slots=True)
class SystemMemory:
    """Numbers of the marker bytes, None where one is switched off."""

    clock_byte: int | None = None
    system_byte: int | None = None


def system_memory_of(program: Program) -> SystemMemory:
    """Return the bytes that the tags of a program name as TIA Portal does."""
    return SystemMemory(_byte(program, _CLOCK_TAGS), _byte(program, _SYSTEM_TAGS))


def _byte(program: Program, names: tuple[str, ...]) -> int | None:
    for name in names:
        tag = program.tags.get(name.casefold())
        found = _MARKER_BYTE.fullmatch(tag.address) if tag is not None else None
        if found is not None:
            return int(found[1])
    return None


def clock_byte(now: int) -> int:
    """Return the clock byte at a virtual time in nanoseconds; all bits begin with 1 (unverified)."""
    return _CLOCK[now // _TICK % len(_CLOCK)]


def system_byte(*, first_scan: bool, diagnostics_changed: bool) -> int:
    """Return the system byte of a startup or a scan; the startup belongs to the first scan."""
    return ALWAYS_TRUE | (FIRST_SCAN if first_scan else 0) | (DIAGNOSTICS_CHANGED if diagnostics_changed else 0)
