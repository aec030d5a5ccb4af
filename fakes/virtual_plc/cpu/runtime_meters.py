"""The runtime meters of a CPU (RTM): hours that count while they run, in virtual time.

Facts: docs/facts/communication.md#runtime-meters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from virtual_plc.cpu.clock import HOUR, Clock

NO_METER, NEGATIVE, OVERFLOW, NO_MODE = 0x8080, 0x8081, 0x8082, 0x8091
READ, START, STOP, SET, SET_START, SET_STOP, SAVE = 0, 1, 2, 4, 5, 6, 7
_MODES: Final = (READ, START, STOP, SET, SET_START, SET_STOP, SAVE)
_LONGEST: Final = (1 << 31) - 1
_METERS: Final = {"S7-1200": 10}
_MOST: Final = 16


@dataclass(slots=True)
class _Meter:
    """Nanoseconds until it was started last, and since when it runs (virtual time)."""

    counted: int = 0
    since: int | None = None


@dataclass(slots=True)
class RuntimeMeters:
    """The meters by number; STOP stops all, and the program has to start them again."""

    clock: Clock
    family: str = ""
    _meters: dict[int, _Meter] = field(default_factory=dict)

    def use(self, NR: int, MODE: int, PV: int = 0) -> dict[str, Any]:
        """RTM: return CQ, CV and RET_VAL."""
        if not 0 <= NR < _METERS.get(self.family, _MOST):
            return {"CQ": False, "CV": 0, "Ret_Val": NO_METER}
        meter = self._meters.setdefault(NR, _Meter())
        status = self._command(meter, MODE, PV)
        hours = self._nanoseconds(meter) // HOUR
        if not status and hours > _LONGEST:
            status = OVERFLOW
        return {"CQ": meter.since is not None, "CV": min(hours, _LONGEST), "Ret_Val": status}

    def stop(self) -> None:
        """Stop all meters; they keep what they have counted."""
        for each in self._meters.values():
            self._halt(each)

    def _command(self, meter: _Meter, mode: int, preset: int) -> int:
        if mode not in _MODES:
            return NO_MODE
        if mode in (SET, SET_START, SET_STOP):
            if preset < 0:
                return NEGATIVE
            meter.counted = preset * HOUR
            meter.since = self.clock.now if meter.since is not None else None
        if mode in (START, SET_START) and meter.since is None:
            meter.since = self.clock.now
        if mode in (STOP, SET_STOP):
            self._halt(meter)
        return 0

    def _halt(self, meter: _Meter) -> None:
        meter.counted, meter.since = self._nanoseconds(meter), None

    def _nanoseconds(self, meter: _Meter) -> int:
        return meter.counted + (self.clock.now - meter.since if meter.since is not None else 0)
