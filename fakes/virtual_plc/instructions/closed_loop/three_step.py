"""PID_3Step V2: the controller for valves with a motor.

Facts: docs/facts/pid.md#pid_3step. The PID algorithm gives a position, and `valve` the signals that move the valve there; a CPU
calculates changes of the position instead. Tuning is that of PID_Compact, with the position as the output.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.closed_loop import valve as valves
from virtual_plc.instructions.closed_loop.algorithm import Loop, Signals, follow, read_gains
from virtual_plc.instructions.closed_loop.controller import (
    AUTOMATIC,
    BAD_MANUAL,
    INACTIVE,
    MANUAL,
    MANUAL_LIMITED,
    SAMPLING,
    TUNING,
    Controller,
    State,
)
from virtual_plc.instructions.closed_loop.readings import BAD_DISTURBANCE, OUTSIDE
from virtual_plc.instructions.closed_loop.tags import Tags, analog, clamp, takes
from virtual_plc.instructions.closed_loop.transit import CANCELED, Transit, advance_transit, begin_transit
from virtual_plc.instructions.closed_loop.valve import Valve
from virtual_plc.instructions.registry import Site, register_maker

APPROACHING, MEASURING, MONITORING, APPROACHING_MONITORED, WITHOUT_ENDS = 5, 6, 7, 8, 10
_MONITORED: Final = (MONITORING, APPROACHING_MONITORED)
_FEEDBACK: Final = valves.BAD_FEEDBACK | valves.BAD_FEEDBACK_PER | valves.BAD_ENDS


class ThreeStep(Controller):
    """One call of PID_3Step."""

    tolerated = OUTSIDE | SAMPLING | BAD_DISTURBANCE
    step_rules = {0: 0, 1: 0, 2: 0, 3: 1, 4: 0, 5: 0}
    by_hand = (MANUAL, WITHOUT_ENDS)

    def __init__(self, tags: Tags, state: State | None, now: int) -> None:
        """Read the inputs and find the valve."""
        super().__init__(tags, state, now)
        self.valve, errors = valves.locate(tags, self.state.actuator or Valve())
        self.errors |= errors
        self.direction = 0
        self.uses_ends = True

    # Modes and errors ------------------------------------------------------------------------------------------------

    def enter(self, mode: int) -> None:
        """Switch to the mode that Mode has."""
        if mode == MEASURING:
            self._begin_measuring()
        elif mode == WITHOUT_ENDS:
            self.switch(mode)
        else:
            super().enter(mode)

    def begin_automatic(self) -> Loop:
        """Return the memory of the algorithm: it continues from the position of the valve."""
        return follow(read_gains(self.tags), self._leave_out_dead_band(), self.valve.position)

    def _begin_measuring(self) -> None:
        transit, warning = begin_transit(self.tags, self.valve.position)
        self.warnings |= warning
        if transit is not None:
            saved = self.mode if self.mode in (INACTIVE, AUTOMATIC, MANUAL) else AUTOMATIC
            self.tags["Mode"] = saved
            self.switch(MEASURING)
            self.update(tuning=transit)

    def leave_after_failure(self) -> None:
        """Switch to the mode before, or stop the valve as ErrorBehaviour says."""
        if self.tags["ActivateRecoverMode"]:
            self.switch(self.saved_mode())
        else:
            self.switch(APPROACHING if self.tags["ErrorBehaviour"] else INACTIVE)

    def react(self) -> None:
        """Leave automatic mode for an error, and come back when it is gone."""
        super().react()
        if self.mode == MEASURING and self.errors:
            self.tags["GetTransitTime.State"] = CANCELED
            self.leave_after_failure()
        elif self.mode == AUTOMATIC and self.errors and not self.tags["ActivateRecoverMode"]:
            self.leave_after_failure()
        elif self.mode == AUTOMATIC and self.errors & ~self.tolerated:
            self.switch(APPROACHING_MONITORED if self.tags["ErrorBehaviour"] else MONITORING)
        elif self.mode in _MONITORED and not self.errors & ~self.tolerated:
            self.switch(AUTOMATIC)

    # Output ----------------------------------------------------------------------------------------------------------

    def calculate(self) -> None:
        """Find the direction of the motor in the mode."""
        position = self.valve.position
        if self.mode in TUNING or self.mode == AUTOMATIC:
            self._calculate_position()
        elif self.mode in self.by_hand:
            self.direction = self._move_by_hand()
        elif self.mode in (APPROACHING, APPROACHING_MONITORED):
            self.direction = self._approach_substitute()
        elif self.mode == MEASURING:
            self.direction = self._measure()
        else:
            self.direction = 0
            self.update(output=position)

    def _calculate_position(self) -> None:
        """Run tuning or the PID algorithm, and move to the position that it gives."""
        if self.mode in TUNING:
            self.tune()
        else:
            self._control_beyond_dead_band()
        if self.mode in TUNING or self.mode == AUTOMATIC:
            self.direction = self._towards(self.state.output)

    def _control_beyond_dead_band(self) -> None:
        given = self.signals
        self.signals = self._leave_out_dead_band()
        self.control()
        self.signals = given

    def _leave_out_dead_band(self) -> Signals:
        """Return the signals with a setpoint that is nearer by the dead band of the control deviation."""
        given, band = self.signals, float(self.tags["Retain.CtrlParams.InputDeadBand"])
        if band <= 0:
            return given
        error = given.setpoint - given.value
        beyond = math.copysign(max(abs(error) - band, 0.0), error)
        return Signals(given.value + beyond, given.value, given.disturbance)

    def _towards(self, target: float) -> int:
        """Return the direction to a position; a valve whose signals are wrong stays.

        Without position feedback it moves on at an end, because the counted position may be wrong: `end_travel` stops it.
        """
        if self.errors & _FEEDBACK:
            return 0
        if target in (0.0, 100.0) and not valves.has_feedback(self.tags):
            return 1 if target else -1
        return valves.approach(self.tags, self.valve, target)

    def _move_by_hand(self) -> int:
        self.uses_ends = self.mode != WITHOUT_ENDS
        self.update(output=self.valve.position)
        measured = valves.has_feedback(self.tags) and not self.errors & _FEEDBACK and self.mode == MANUAL
        moves = self.tags["Manual_UP"] or self.tags["Manual_DN"]
        if moves or not (measured or self.tags["Config.OutputPerOn"]):
            return valves.by_hand(self.tags, self.valve)
        value = self.tags["ManualValue"]
        if not math.isfinite(value):
            self.errors |= BAD_MANUAL
            value = self.substitute("SavePosition")
        limited = clamp(value, *self.around().limits)
        self.warnings |= MANUAL_LIMITED if limited != value else 0
        self.update(output=limited)
        return self._towards(limited)

    def _approach_substitute(self) -> int:
        """Move to SavePosition; change the mode when the valve is there."""
        target = self.substitute("SavePosition")
        if not valves.has_feedback(self.tags) and not self.tags["Config.OutputPerOn"]:
            target = 100.0 if target >= 50.0 else 0.0
        self.update(output=target)
        direction = self._towards(target)
        allowed, warning = valves.end_travel(self.tags, self.valve, direction)
        if not allowed and (direction or valves.is_near(self.tags, self.valve, target)):
            self.warnings |= warning
            self.switch(MONITORING if self.mode == APPROACHING_MONITORED else INACTIVE)
        return allowed

    def _measure(self) -> int:
        """Advance the measurement of the transition time."""
        last = self.state.tuning
        assert isinstance(last, Transit)  # noqa: S101 (the mode begins with one)
        now, direction = advance_transit(self.tags, last, self.valve)
        self.tags["GetTransitTime.State"] = now.phase
        self.update(tuning=now, output=self.valve.position)
        if now.result is not None:
            self.tags["Retain.TransitTime"] = single(now.result)
            self.switch(self.saved_mode() if self.tags["ActivateRecoverMode"] else INACTIVE)
            return 0
        return direction

    def show(self) -> None:
        """Write the outputs."""
        super().show()
        tags = self.tags
        by_analog = tags["Config.OutputPerOn"] and self.mode != MEASURING
        direction, warning = (0, 0) if by_analog else self._limit_travel()
        self.update(actuator=valves.move(self.valve, direction))
        tags["Warning"] = tags["Warning"] & ~valves.TOO_LONG | warning
        tags["Output_UP"], tags["Output_DN"] = direction > 0, direction < 0
        tags["Output_PER"] = analog(self.state.output, -27648, 27648)
        tags["ScaledFeedback"] = single(self.valve.position)
        if by_analog and not valves.has_feedback(tags):
            self.update(actuator=self._follow_analog())

    def _limit_travel(self) -> tuple[int, int]:
        if self.mode == MEASURING:
            return self.direction, 0
        return valves.end_travel(self.tags, self.valve, self.direction, use_ends=self.uses_ends)

    def _follow_analog(self) -> Valve:
        """Return the simulated valve that follows Output_PER with its transition time."""
        step = valves.step_of(self.tags)
        position = self.valve.position
        return Valve(position + clamp(self.state.output - position, -step, step))


@register_maker("PID_3Step", takes("PID_3Step"), "ENO")
def _three_step(site: Site) -> Callable[..., bool]:
    services = site.services

    def control(instance: Any, *given: Any) -> bool:
        call = ThreeStep(Tags("PID_3Step", instance, given), instance._state, services.now)
        instance._state = call.run()
        return call.mode != INACTIVE

    return control
