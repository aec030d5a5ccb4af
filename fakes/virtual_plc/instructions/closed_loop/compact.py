"""PID_Compact V2: its modes, its reaction to errors, its three outputs.

Facts: docs/facts/pid.md#modes-of-pid_compact.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.closed_loop.algorithm import Loop, advance, follow, preset, read_gains
from virtual_plc.instructions.closed_loop.controller import (
    AUTOMATIC,
    BAD_MANUAL,
    CALCULATION,
    INACTIVE,
    MANUAL,
    MANUAL_LIMITED,
    SAMPLING,
    TUNING,
    Controller,
)
from virtual_plc.instructions.closed_loop.pulse_width import Pulse, advance_pulse
from virtual_plc.instructions.closed_loop.readings import BAD_DISTURBANCE, OUTSIDE
from virtual_plc.instructions.closed_loop.sampling import algorithm_time
from virtual_plc.instructions.closed_loop.tags import Tags, analog, clamp, takes
from virtual_plc.instructions.registry import Site, register_maker

SUBSTITUTE: Final = 5
_INITIAL: Final = "OverwriteInitialOutputValue"


class Compact(Controller):
    """One call of PID_Compact."""

    tolerated = OUTSIDE | SAMPLING | BAD_DISTURBANCE

    def take_integral(self) -> None:
        """Take the integral action from its tag where the program has changed it."""
        shown = self.tags["PIDCtrl.IntegralSum"]
        if shown != single(self.state.loop.integral):
            self.update(loop=replace(self.state.loop, integral=shown))

    def begin_automatic(self) -> Loop:
        """Return the memory of the algorithm; from inactive mode as IntegralResetMode says."""
        if self.mode != INACTIVE:
            return super().begin_automatic()
        tags, seconds = self.tags, algorithm_time(self.tags)[1]
        way, initial = tags["IntegralResetMode"], tags[_INITIAL]
        return preset(way, self.state.loop, read_gains(tags), self.signals, seconds, initial)

    def restart_outputs(self) -> None:
        """Begin a new pulse period."""
        self.update(actuator=Pulse())

    def react(self) -> None:
        """Leave automatic mode for an error, and come back when it is gone."""
        super().react()
        if self.mode not in (AUTOMATIC, SUBSTITUTE):
            return
        if self.errors and not self.tags["ActivateRecoverMode"]:
            self.switch(INACTIVE)
        elif self.errors & ~self.tolerated:
            self.switch(SUBSTITUTE)
        elif self.mode == SUBSTITUTE:
            self._come_back()

    def _come_back(self) -> None:
        """Return to automatic mode if the output can be calculated."""
        gains = read_gains(self.tags)
        loop = follow(gains, self.signals, self.state.output)
        output, _ = advance(gains, loop, self.signals, algorithm_time(self.tags)[1], self.around().limits)
        if math.isfinite(output):
            self.switch(AUTOMATIC)
        else:
            self.errors |= CALCULATION

    def calculate(self) -> None:
        """Calculate the output of the mode."""
        if self.mode in TUNING:
            self.tune()
        elif self.mode == AUTOMATIC:
            self._initialize()
            self.control()
        elif self.mode == MANUAL:
            self.update(output=self._by_hand())
        elif self.mode == SUBSTITUTE:
            if self.tags["SetSubstituteOutput"]:
                self.update(output=self.substitute("SubstituteOutput"))
        else:
            self.update(output=0.0)

    def _initialize(self) -> None:
        """Do what PIDCtrl.PIDInit asks for."""
        gains = read_gains(self.tags)
        if self.tags["PIDCtrl.PIDInit"] and gains.integration > 0:
            self.update(turn=0, loop=follow(gains, self.signals, self.tags[_INITIAL]))
            self.restart_outputs()

    def _by_hand(self) -> float:
        value = self.tags["ManualValue"]
        if not math.isfinite(value):
            self.errors |= BAD_MANUAL
            return self.substitute("SubstituteOutput")
        limited = clamp(value, *self.around().limits)
        self.warnings |= MANUAL_LIMITED if limited != value else 0
        return limited

    def show(self) -> None:
        """Write the outputs."""
        super().show()
        tags, output = self.tags, self.state.output
        tags["Output"], tags["Output_PER"] = single(output), analog(output, -27648, 27648)
        tags["PIDCtrl.IntegralSum"] = single(self.state.loop.integral)
        if self.mode == INACTIVE:
            tags["Output_PWM"] = False
            return
        on, pulse = advance_pulse(tags, self.state.actuator or Pulse(), output, algorithm_time(tags)[0])
        tags["Output_PWM"] = on
        self.update(actuator=pulse)


@register_maker("PID_Compact", takes("PID_Compact"), "ENO")
def _compact(site: Site) -> Callable[..., bool]:
    services = site.services

    def control(instance: Any, *given: Any) -> bool:
        call = Compact(Tags("PID_Compact", instance, given), instance._state, services.now)
        call.take_integral()
        instance._state = call.run()
        return call.mode != INACTIVE

    return control
