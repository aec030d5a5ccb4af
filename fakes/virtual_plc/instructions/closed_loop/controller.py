"""What PID_Compact and PID_3Step have in common: one call, from the inputs over modes, errors and tuning to the outputs.

Facts: docs/facts/pid.md#modes-of-pid_compact and docs/facts/pid.md#tuning. `Controller` lasts for one call; the state between calls is a
`State`, which is replaced.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.closed_loop import fine_tuning, pretuning
from virtual_plc.instructions.closed_loop.algorithm import Loop, Signals, advance, follow, read_gains
from virtual_plc.instructions.closed_loop.fine_tuning import FineTuning
from virtual_plc.instructions.closed_loop.parameters import load_saved, use
from virtual_plc.instructions.closed_loop.pretuning import Pretuning, Surroundings
from virtual_plc.instructions.closed_loop.readings import read
from virtual_plc.instructions.closed_loop.sampling import (
    Sampling,
    algorithm_time,
    begin_again,
    is_irregular,
    measure,
    seconds_of,
)
from virtual_plc.instructions.closed_loop.tags import Tags, clamp
from virtual_plc.instructions.closed_loop.transit import Transit

INACTIVE, PRETUNING, FINE_TUNING, AUTOMATIC, MANUAL = range(5)
TUNING: Final = (PRETUNING, FINE_TUNING)

TOO_CLOSE, SETPOINT_MOVED, NOT_NOW, CALCULATION, SAMPLING = 0x8, 0x10, 0x20, 0x400, 0x800
BAD_MANUAL, BAD_SUBSTITUTE = 0x1_0000, 0x2_0000
_SUBSTITUTE_LIMITED: Final = 0x1000
_IGNORED_BY_TUNING = NOT_NOW | BAD_MANUAL | BAD_SUBSTITUTE

MODE_LOCKED, SLOW_CALLS, BAD_MODE, MANUAL_LIMITED, NO_RULE = 0x10, 0x20, 0x80, 0x100, 0x200
_OF_THIS_CALL = 0x4 | 0x40 | MANUAL_LIMITED
_OF_TUNING = 0x1 | 0x8


@dataclass(frozen=True, slots=True)
class Edges:
    """The inputs whose edges count, as they were in the last call."""

    reset: bool = False
    acknowledge: bool = False
    activate: bool = False
    manual: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What the controller remembers between calls.

    Attributes:
        mode: State.
        edges: of the last call.
        sampling: measured sampling times.
        turn: call within the sampling time of the PID algorithm, 0 for the one that calculates.
        loop: memory of the PID algorithm.
        signals: the last valid ones.
        output: output of the algorithm, of tuning or by hand, in percent.
        tuning: what runs in the modes 1 and 2; in mode 6 of PID_3Step the measurement of the transition time.
        setpoint: that tuning has frozen.
        risen: result of the last pretuning.
        oscillated: result of the last fine tuning.
        rule: TIR.TuneRule of that.
        actuator: what the outputs remember.
    """

    mode: int = INACTIVE
    edges: Edges = field(default_factory=Edges)
    sampling: Sampling = field(default_factory=Sampling)
    turn: int = 0
    loop: Loop = field(default_factory=Loop)
    signals: Signals = field(default_factory=lambda: Signals(0.0, 0.0, 0.0))
    output: float = 0.0
    tuning: Pretuning | FineTuning | Transit | None = None
    setpoint: float = 0.0
    risen: tuple[float, float] | None = None
    oscillated: tuple[float, float] | None = None
    rule: int = 3
    actuator: Any = None


class Controller:
    """One call of a controller."""

    tolerated: ClassVar[int] = 0
    """Errors that leave automatic mode active with ActivateRecoverMode."""
    step_rules: ClassVar[Mapping[int, int]] = {0: 0, 1: 1}
    """Rule of `pretuning.parameters_of` for each SUT.TuneRule."""
    by_hand: ClassVar[tuple[int, ...]] = (MANUAL,)
    """Modes in which the program moves the output."""

    def __init__(self, tags: Tags, state: State | None, now: int) -> None:
        """Read the inputs.

        Args:
            tags: of the instance, with the inputs of this call.
            state: after the last call, None for the first one since the CPU started.
            now: virtual time in nanoseconds.
        """
        self.tags, self.starts = tags, state is None
        self.state = state or State()
        load_saved(tags)
        self.state = replace(self.state, sampling=measure(tags, self.state.sampling, now))
        self.readings = read(tags, self.state.signals)
        self.signals = self.readings.signals
        self.errors, self.warnings = self.readings.errors, self.readings.warnings

    @property
    def mode(self) -> int:
        """State after what has been done so far."""
        return self.state.mode

    def update(self, **changes: Any) -> None:
        """Replace parts of the state."""
        self.state = replace(self.state, **changes)

    def run(self) -> State:
        """Do everything, write the outputs, and return the state."""
        self._select_mode()
        if self.mode in TUNING:
            self.signals = replace(self.signals, setpoint=self.state.setpoint)
        self._calculate_again()
        self._monitor()
        self.react()
        self.calculate()
        self.update(signals=self.readings.signals)
        self.show()
        return self.state

    # Modes -----------------------------------------------------------------------------------------------------------

    def _select_mode(self) -> None:
        tags, before = self.tags, self.state.edges
        now = Edges(*(bool(tags[name]) for name in ("Reset", "ErrorAck", "ModeActivate", "ManualEnable")))
        self.update(edges=now)
        if (now.reset and not before.reset) or (now.acknowledge and not before.acknowledge):
            tags["ErrorBits"] = tags["Warning"] = 0
        activated = now.activate and not before.activate
        by_hand = now.manual and not before.manual
        if now.reset:
            self.switch(INACTIVE)
            self._refuse(activated or by_hand)
        elif now.manual:
            if self.mode not in self.by_hand:
                self.switch(self.by_hand[0])
            self._refuse(activated)
        elif before.reset or before.manual or activated or (self.starts and tags["RunModeByStartup"]):
            self.enter(tags["Mode"])

    def _refuse(self, requested: bool) -> None:
        if requested:
            self.warnings |= MODE_LOCKED

    def enter(self, mode: int) -> None:
        """Switch to the mode that Mode has."""
        if mode in TUNING:
            self._start_tuning(mode)
        elif mode in (INACTIVE, AUTOMATIC, MANUAL):
            self.switch(mode)
        else:
            self.warnings |= BAD_MODE

    def switch(self, mode: int) -> None:
        """Change the mode; nothing begins again when it is active already."""
        if mode == self.mode:
            return
        if self.mode in TUNING:
            self.signals = self.readings.signals
        if mode == AUTOMATIC:
            self.update(loop=self.begin_automatic())
        self.update(mode=mode, turn=0, tuning=None, sampling=begin_again(self.state.sampling))
        self.restart_outputs()

    def begin_automatic(self) -> Loop:
        """Return the memory of the algorithm at the start of automatic mode."""
        return follow(read_gains(self.tags), self.signals, self.state.output)

    def restart_outputs(self) -> None:
        """Let what the outputs remember begin again after a change of the mode."""

    # Tuning ----------------------------------------------------------------------------------------------------------

    def around(self) -> Surroundings:
        """Return what tuning needs."""
        tags = self.tags
        limits = (tags.finite("Config.OutputLowerLimit"), tags.finite("Config.OutputUpperLimit"))
        extent = float(tags["Config.InputUpperLimit"]) - float(tags["Config.InputLowerLimit"])
        seconds, inverted = seconds_of(tags), read_gains(tags).proportional < 0
        return Surroundings(self.signals.setpoint, self.signals.value, seconds, limits, inverted, extent)

    def _start_tuning(self, mode: int) -> None:
        tags, before = self.tags, self.mode
        if before in TUNING:
            self.errors |= NOT_NOW if before == FINE_TUNING and mode == PRETUNING else 0
            return
        tags["Mode"] = saved = before if before in (INACTIVE, AUTOMATIC, MANUAL) else AUTOMATIC
        tags["Warning"] &= ~_OF_TUNING
        tags["Progress"] = 0.0
        loop, possible = self.state.loop, pretuning.is_possible(self.around())
        self.switch(mode)
        self.update(setpoint=self.signals.setpoint, loop=loop)
        if mode == PRETUNING:
            self.errors |= 0 if possible else TOO_CLOSE
            self.update(tuning=Pretuning(output=self.state.output))
        elif saved == AUTOMATIC:
            self.update(tuning=FineTuning(fine_tuning.CONTROLLING))
        elif possible and not tags["PIDSelfTune.TIR.RunIn"]:
            tags["PIDSelfTune.TIR.State"] = fine_tuning.PRETUNING_FIRST
            self.update(tuning=Pretuning(output=self.state.output))
        else:
            self.update(tuning=fine_tuning.begin_approach(self.around()))

    def cancel(self, error: int) -> None:
        """End tuning without success."""
        self.errors |= error
        kind = "TIR" if self.mode == FINE_TUNING else "SUT"
        self.tags[f"PIDSelfTune.{kind}.State"] = pretuning.FAILED
        self.tags["PIDSelfTune.TIR.RunIn"] = False
        self.leave_after_failure()

    def leave_after_failure(self) -> None:
        """Switch to the mode in which tuning started, or to inactive mode."""
        self.switch(self.saved_mode() if self.tags["ActivateRecoverMode"] else INACTIVE)

    def saved_mode(self) -> int:
        """Return the mode in Mode, inactive mode where the program has written one that cannot follow tuning."""
        mode = self.tags["Mode"]
        return mode if mode in (AUTOMATIC, MANUAL) else INACTIVE

    def _complete(self) -> None:
        self.tags["Mode"], self.tags["Progress"] = AUTOMATIC, 100.0
        if self.mode == FINE_TUNING:
            self.tags["PIDSelfTune.TIR.RunIn"] = False
        self.switch(AUTOMATIC)

    def tune(self) -> None:
        """Advance tuning by one call."""
        if isinstance(self.state.tuning, Pretuning):
            self._advance_pretuning(self.state.tuning)
        elif isinstance(self.state.tuning, FineTuning):
            self._advance_fine_tuning(self.state.tuning)

    def _advance_pretuning(self, last: Pretuning) -> None:
        now = pretuning.advance_pretuning(last, self.around())
        self.tags["PIDSelfTune.SUT.State"] = now.phase
        self.update(tuning=now, output=now.output)
        if now.error:
            self.cancel(now.error)
            self.calculate()
        elif now.result is not None:
            self.warnings |= now.warning
            self.update(risen=now.result)
            if not self._use(pretuning.parameters_of(now.result, self._step_rule())):
                self.cancel(pretuning.WRONG_REACTION)
                self.calculate()
            elif self.mode == FINE_TUNING:
                loop = follow(read_gains(self.tags), self.signals, now.output)
                self.update(tuning=FineTuning(fine_tuning.CONTROLLING), loop=loop, turn=0)
            else:
                self._complete()

    def _advance_fine_tuning(self, last: FineTuning) -> None:
        if last.phase == fine_tuning.CONTROLLING:
            self.control()
            if self.mode != FINE_TUNING:
                return
        now = fine_tuning.advance_fine_tuning(last, self.around(), self.state.output)
        self.tags["PIDSelfTune.TIR.State"] = now.phase
        self.tags["Progress"] = 20.0 * len(now.periods)
        output = self.state.output if now.phase == fine_tuning.CONTROLLING else now.output
        self.update(tuning=now, output=output)
        if now.error:
            self.cancel(now.error)
            self.calculate()
        elif now.result is not None:
            rule = self.tags["PIDSelfTune.TIR.TuneRule"]
            self.update(oscillated=now.result, rule=rule)
            if self._use(fine_tuning.parameters_of(now.result, rule)):
                self._complete()
            else:
                self.cancel(fine_tuning.INVALID_PARAMETERS)
                self.calculate()

    def _step_rule(self) -> int | None:
        return self.step_rules.get(self.tags["PIDSelfTune.SUT.TuneRule"])

    def _use(self, found: Any) -> bool:
        """Use the parameters that tuning has found; without a rule for them the old ones stay."""
        if found is None:
            self.warnings |= NO_RULE
            return True
        return use(self.tags, found)

    def _calculate_again(self) -> None:
        """Do what CalculateParams asks for, with what the last tuning has shown."""
        tags, state = self.tags, self.state
        if tags["PIDSelfTune.SUT.CalculateParams"]:
            tags["PIDSelfTune.SUT.CalculateParams"] = False
            if state.risen is not None:
                self._use(pretuning.parameters_of(state.risen, self._step_rule()))
        if tags["PIDSelfTune.TIR.CalculateParams"]:
            tags["PIDSelfTune.TIR.CalculateParams"] = False
            rule = tags["PIDSelfTune.TIR.TuneRule"]
            if rule < 3 <= state.rule:
                rule, self.warnings = 3, self.warnings | 0x8
            if state.oscillated is not None:
                self._use(fine_tuning.parameters_of(state.oscillated, rule))

    # Errors and output -----------------------------------------------------------------------------------------------

    def _monitor(self) -> None:
        active = self.mode in (*TUNING, AUTOMATIC)
        if active and is_irregular(self.tags, self.state.sampling, tuning=self.mode in TUNING):
            self.errors |= SAMPLING
        if active and self.tags["Retain.CtrlParams.Cycle"] < self.tags["CycleTime.Value"] * (1 - 1e-6):
            self.warnings |= SLOW_CALLS
        if self.mode in TUNING:
            moved = abs(self.readings.demanded - self.state.setpoint)
            self.errors |= SETPOINT_MOVED if moved > self.tags["CancelTuningLevel"] else 0

    def react(self) -> None:
        """Change the mode where the errors of this call demand it."""
        if self.mode in TUNING and self.errors & ~_IGNORED_BY_TUNING:
            self.cancel(0)

    def substitute(self, tag: str) -> float:
        """Return the substitute value of a tag within the limits of the output, the lower limit where it is no number."""
        value, limits = self.tags[tag], self.around().limits
        if not math.isfinite(value):
            self.errors |= BAD_SUBSTITUTE
            return limits[0]
        limited = clamp(value, *limits)
        self.warnings |= _SUBSTITUTE_LIMITED if limited != value else 0
        return limited

    def calculate(self) -> None:
        """Calculate the output of the mode."""
        raise NotImplementedError

    def control(self) -> None:
        """Run the PID algorithm in the calls in which it has its turn."""
        calls, seconds = algorithm_time(self.tags)
        if self.state.turn >= calls:
            self.update(turn=0)
        if self.state.turn == 0:
            gains, limits = read_gains(self.tags), self.around().limits
            output, loop = advance(gains, self.state.loop, self.signals, seconds, limits)
            if not math.isfinite(output):
                self.errors |= CALCULATION
                self.react()
                self.calculate()
                return
            self.update(output=output, loop=loop)
        self.update(turn=self.state.turn + 1)

    def show(self) -> None:
        """Write the outputs that both controllers have."""
        tags = self.tags
        tags["State"], tags["Error"] = self.mode, self.errors != 0
        tags["ErrorBits"] |= self.errors
        tags["Warning"] = tags["Warning"] & ~_OF_THIS_CALL | self.warnings
        tags["CurrentSetpoint"] = single(self.state.setpoint if self.mode in TUNING else self.signals.setpoint)
