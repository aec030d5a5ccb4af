"""TP, TON and TOF of S7-300 and S7-400 (SFB 3 to SFB 5): all that they know is in their instance, also while they run.

STATE is 0 at rest, 1 while TP and TON run and while IN of TOF is 1, then 2: TP and TON have ended with IN still 1, TOF runs.
STIME and ATIME are the system time in milliseconds at the start and at the last call while the time ran. These, and what
PT of 0 or less does, is what awlsim does (docs/conformance-plc/stl.md). PT has to be positive (STEP 7, system functions).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.types import DataType, Structure
from virtual_plc.instructions.registry import ENO, Implementation, Parameter, Site

Timer = Any
"""Instance with IN, PT, Q, ET, STATE, STIME and ATIME."""

_REST, _FIRST, _SECOND = range(3)
_MILLISECOND: Final = 1_000_000
_TICKS: Final = 1 << 31
"""The system time begins again after this many milliseconds."""


def replaces(family: str, data_type: DataType) -> bool:
    """Return whether a CPU family has these timers: on S7-1200 and S7-1500 a timer of the type TON is an IEC timer."""
    return family in ("S7-300", "S7-400") and is_classic(data_type)


def is_classic(data_type: DataType | None) -> bool:
    """Return whether a type is that of an instance of SFB 3, SFB 4 or SFB 5."""
    if not isinstance(data_type, Structure) or data_type.origin != "system":
        return False
    return data_type.name.upper() in CLASSIC_TIMERS


def _pulse(timer: Timer, IN: bool, PT: int, now: int, rising: bool) -> None:
    ended = timer.STATE == _FIRST and _passed(timer, now) >= timer.PT
    if rising and (ended or timer.STATE == _REST):
        _start(timer, PT, now, _FIRST)
        timer.ET, timer.Q = 0, True
    elif timer.STATE == _FIRST and not ended:
        timer.ET = _passed(timer, now)
    elif IN:
        if ended:
            timer.STATE, timer.ET, timer.Q = _SECOND, timer.PT, False
    else:
        _rest(timer, PT)


def _on_delay(timer: Timer, IN: bool, PT: int, now: int, _rising: bool) -> None:
    if not IN:
        _rest(timer, PT)
    elif timer.STATE == _REST:
        _start(timer, PT, now, _FIRST)
        timer.ET, timer.Q = 0, False
    elif timer.STATE == _FIRST:
        timer.ET = min(_passed(timer, now), timer.PT)
        if timer.ET == timer.PT:
            timer.STATE, timer.Q = _SECOND, True


def _off_delay(timer: Timer, IN: bool, PT: int, now: int, _rising: bool) -> None:
    if IN:
        timer.PT, timer.STATE, timer.ET, timer.Q = PT, _FIRST, 0, True
    elif timer.STATE == _FIRST:
        _start(timer, PT, now, _SECOND)
    elif timer.STATE == _SECOND:
        timer.ET = min(_passed(timer, now), timer.PT)
        if timer.ET == timer.PT:
            timer.STATE, timer.Q = _REST, False
    else:
        timer.PT = PT


def _start(timer: Timer, PT: int, now: int, state: int) -> None:
    timer.PT, timer.STATE = PT, state
    timer.STIME = timer.ATIME = now


def _passed(timer: Timer, now: int) -> int:
    """Return the milliseconds since the start; after a restart, which begins the system time again, they continue."""
    step = (now - timer.ATIME) % _TICKS
    passed = (timer.ATIME - timer.STIME) % _TICKS + (step if step < _TICKS // 2 else 0)
    timer.STIME, timer.ATIME = (now - passed) % _TICKS, now
    return int(passed)


def _rest(timer: Timer, PT: int) -> None:
    timer.PT, timer.STATE, timer.ET, timer.Q = PT, _REST, 0, False


def _maker(run: Callable[[Timer, bool, int, int, bool], None]) -> Callable[[Site], Callable[[Timer, bool, int], bool]]:
    def make(site: Site) -> Callable[[Timer, bool, int], bool]:
        services = site.services

        def call(timer: Timer, IN: bool, PT: int) -> bool:
            rising = IN and not timer.IN
            timer.IN = IN and PT != 0
            if PT > 0:
                run(timer, IN, PT, services.now // _MILLISECOND % _TICKS, rising)
            else:
                _rest(timer, PT)
            return PT >= 0

        return call

    return make


def _implementation(name: str, run: Callable[[Timer, bool, int, int, bool], None]) -> Implementation:
    return Implementation(name, (Parameter("IN"), Parameter("PT")), (ENO,), _maker(run), memory=True)


CLASSIC_TIMERS: Final = {
    "TP": _implementation("TP", _pulse),
    "TON": _implementation("TON", _on_delay),
    "TOF": _implementation("TOF", _off_delay),
}
"""What the instructions do on an instance of their classic type."""
