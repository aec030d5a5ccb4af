"""A drive with ramps and feedback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(slots=True)
class Drive:
    """A drive that follows its setpoint on ramps.

    Attributes:
        run: whether it is switched on; else it brakes to standstill.
        setpoint: wanted speed, in the unit of `nominal`; more than that is limited.
        speed: its speed.
        running: whether it turns.
        at_speed: whether it is on and has its setpoint.
        nominal: largest speed.
        ramp_up: seconds from standstill to the largest speed.
        ramp_down: seconds from the largest speed to standstill.
        blocked: whether it cannot turn.
    """

    inputs: ClassVar[tuple[str, ...]] = ("run", "setpoint")
    outputs: ClassVar[tuple[str, ...]] = ("speed", "running", "at_speed")

    run: bool = False
    setpoint: float = 0.0
    speed: float = 0.0
    running: bool = False
    at_speed: bool = False
    nominal: float = 1500.0
    ramp_up: float = 1.0
    ramp_down: float = 1.0
    blocked: bool = False

    def step(self, dt: float) -> None:
        """Move the speed towards its setpoint: first to zero where the direction changes."""
        wanted = max(-self.nominal, min(self.nominal, self.setpoint)) if self.run else 0.0
        if self.blocked:
            self.speed = 0.0
        else:
            left = dt
            if self.speed * wanted < 0 or abs(wanted) < abs(self.speed):
                end = 0.0 if self.speed * wanted < 0 else wanted
                left = self._move(end, self.ramp_down, left)
            if left > 0:
                self._move(wanted, self.ramp_up, left)
        self.running = self.speed != 0
        self.at_speed = self.run and self.speed == wanted

    def _move(self, end: float, ramp: float, dt: float) -> float:
        """Move the speed to an end on a ramp; return the seconds that are left."""
        needed = abs(end - self.speed) * ramp / self.nominal
        if needed <= dt:
            self.speed = end
            return dt - needed
        self.speed += (end - self.speed) * dt / needed
        return 0.0
