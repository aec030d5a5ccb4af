"""A drive with speed control: standard telegram 1, with a ramp-function generator.

Facts: docs/facts/drives.md#telegram-1.
"""

from __future__ import annotations

import struct
from typing import Final

from virtual_plc.motion.profile import Profile, to_velocity
from virtual_plc.surroundings.drives.parameters import Format, Parameter, Parameters
from virtual_plc.surroundings.drives.power import CONTROL, Power
from virtual_plc.surroundings.modules import Module

REFERENCE_SPEED, LARGEST_SPEED, RAMP_UP, RAMP_DOWN = 2000, 1082, 1120, 1121
HUNDRED_PERCENT: Final = 0x4000
_RAMP, _CONTINUE, _SETPOINT = 0x10, 0x20, 0x40
_INVERTED: Final = 0x800
_SECOND: Final = 1_000_000_000
_TELEGRAM: Final = struct.Struct(">Hh")


def _real(value: float, low: float) -> Parameter:
    return Parameter(Format.FLOAT, [value], low, 1e6)


class SpeedDrive:
    """An ideal drive: its speed follows the ramp exactly.

    Attributes:
        parameters: p2000 reference speed, p1082 largest speed, p1120 and p1121 ramp times in seconds.
        power: whether it is switched on, its fault and its alarm, which a test sets.
        speed: revolutions per minute.
    """

    def __init__(self) -> None:
        """Begin switched off, at rest."""
        self.parameters = Parameters(
            {
                REFERENCE_SPEED: _real(3000.0, 1.0),
                LARGEST_SPEED: _real(3000.0, 1.0),
                RAMP_UP: _real(0.0, 0.0),
                RAMP_DOWN: _real(0.0, 0.0),
            }
        )
        self.power = Power()
        self.speed = 0.0
        self._profile, self._begun = Profile(), 0
        self._target = (0.0, 0.0, 0.0)

    def module(self, first_input: int, first_output: int) -> Module:
        """Return the module with the process data of the drive from these addresses on."""
        size = _TELEGRAM.size
        inputs, outputs = (range(first, first + size) for first in (first_input, first_output))
        return Module(inputs, outputs, on_write=self.parameters.take_record, device=self)

    def exchange(self, now: int, content: bytes) -> bytes:
        """Take the setpoints at a virtual time in nanoseconds; return the actual values."""
        self.speed = self._profile.at((now - self._begun) / _SECOND).velocity
        word, setpoint = _TELEGRAM.unpack(content[: _TELEGRAM.size].ljust(_TELEGRAM.size, b"\0"))
        if word & CONTROL:
            if self.power.take(word, at_rest=self.speed == 0):
                self.speed = 0.0
                self._follow(0.0, now, at_once=True)
            self._follow(self._wanted(word, setpoint), now)
        actual = round(self.speed / self.parameters[REFERENCE_SPEED] * HUNDRED_PERCENT)
        return _TELEGRAM.pack(self.power.status, max(-0x8000, min(actual, 0x7FFF)))

    def _wanted(self, word: int, setpoint: int) -> float:
        if not self.power.on or self.power.braking or not word & _RAMP or not word & _SETPOINT:
            return 0.0
        if not word & _CONTINUE:
            return self.speed
        wanted = setpoint / HUNDRED_PERCENT * self.parameters[REFERENCE_SPEED] * (-1 if word & _INVERTED else 1)
        largest = self.parameters[LARGEST_SPEED]
        return max(-largest, min(wanted, largest))

    def _follow(self, wanted: float, now: int, *, at_once: bool = False) -> None:
        """Begin a ramp where the target or a ramp time is another one."""
        target = (wanted, self.parameters[RAMP_UP], self.parameters[RAMP_DOWN])
        if target == self._target and not at_once:
            return
        self._target, self._begun = target, now
        if at_once:
            self._profile = Profile()
            return
        rates = [self.parameters[LARGEST_SPEED] / each if each else 1e12 for each in target[1:]]
        self._profile = to_velocity(0.0, self.speed, wanted, *rates)
