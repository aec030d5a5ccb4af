"""Safety functions: ESTOP1, EV1oo2DI, FDBACK, ACK_GL.

What an instance remembers is in `_state`, which is replaced and never changed. A time begins with the call that notices
its event. Facts: docs/facts/safety.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.instructions.jobs import keep_inputs
from virtual_plc.instructions.registry import Site, plain, register_maker

_MILLISECOND: Final = 1_000_000
_LONGEST_DISCREPANCY: Final = 60_000
"""Longest DISCTIME in milliseconds."""
_ESTOP1: Final = ("E_STOP", "ACK_NEC", "ACK", "TIME_DEL")
_EV1OO2DI: Final = ("IN1", "IN2", "DISCTIME", "ACK_NEC", "ACK")
_FDBACK: Final = ("ON", "FEEDBACK", "QBAD_FIO", "ACK_NEC", "ACK", "FDB_TIME")


@dataclass(frozen=True, slots=True)
class _Memory:
    """What an instance remembers.

    Attributes:
        acknowledge: ACK of the last call.
        since: moment in nanoseconds at which the running time began, None while none runs.
        fault: whether an error is stored.
        sensors: IN1 and IN2 of the last call.
        changed: the bits of DIAG that say which sensor changed last.
        notes: bits of DIAG that stay until the acknowledgment.
    """

    acknowledge: bool = False
    since: int | None = None
    fault: bool = False
    sensors: tuple[bool, bool] = (False, False)
    changed: int = 0
    notes: int = 0

    def is_over(self, now: int, milliseconds: int) -> bool:
        """Return whether the running time has reached its length; without a running time it is not over."""
        return self.since is not None and now - self.since >= milliseconds * _MILLISECOND

    def measure(self, now: int, *, running: bool) -> _Memory:
        """Return the memory with a time that runs on, begins now or has ended."""
        return replace(self, since=(now if self.since is None else self.since) if running else None)


def _bits(**values: bool) -> int:
    """Return a byte by its bits: `_bits(_7=True)` is 16#80."""
    return sum(1 << int(name[1:]) for name, value in values.items() if value)


@register_maker("ESTOP1", f"instance {' '.join(_ESTOP1)}", "")
def _emergency_stop(site: Site) -> Callable[[Any, bool, bool, bool, int], None]:
    """Follow E_STOP with Q at once and with Q_DELAY later; as version 1.6 the time begins again with each loss of Q."""
    services = site.services

    def stop(instance: Any, E_STOP: bool, ACK_NEC: bool, ACK: bool, TIME_DEL: int) -> None:
        before, was_on = instance._state or _Memory(), instance.Q
        pressed = ACK and not before.acknowledge
        on = E_STOP and (was_on or pressed or not ACK_NEC)
        state = before.measure(services.now, running=not on and (was_on or before.since is not None))
        delayed = state.since is not None and not state.is_over(services.now, TIME_DEL)
        notes = 0 if pressed and E_STOP else before.notes
        if not on:
            notes |= _bits(_4=pressed, _5=ACK and not pressed)
        instance._state = replace(state, acknowledge=ACK, since=state.since if delayed else None, notes=notes)
        keep_inputs(instance, _ESTOP1, (E_STOP, ACK_NEC, ACK, TIME_DEL))
        instance.Q, instance.Q_DELAY, instance.ACK_REQ = on, on or delayed, E_STOP and not on
        instance.DIAG = notes | _bits(_0=TIME_DEL < 0, _6=instance.ACK_REQ, _7=on)

    return stop


@register_maker("EV1oo2DI", f"instance {' '.join(_EV1OO2DI)}", "")
def _evaluate(site: Site) -> Callable[[Any, bool, bool, int, bool, bool], None]:
    """Give Q while both sensors are 1 and no discrepancy error is stored."""
    services = site.services

    def evaluate(instance: Any, IN1: bool, IN2: bool, DISCTIME: int, ACK_NEC: bool, ACK: bool) -> None:
        before = instance._state or _Memory()
        pressed = ACK and not before.acknowledge
        changed = _bits(_1=before.sensors[0] != IN1, _2=before.sensors[1] != IN2) or before.changed
        state = replace(before.measure(services.now, running=IN1 != IN2), acknowledge=ACK, sensors=(IN1, IN2))
        impossible = not 0 <= DISCTIME <= _LONGEST_DISCREPANCY
        may_acknowledge = IN1 == IN2 and not impossible
        late = state.is_over(services.now, DISCTIME)
        fault = late or impossible or (before.fault and not (may_acknowledge and (pressed or not ACK_NEC)))
        notes = before.notes if fault else 0
        if fault:
            notes |= changed * (late and not before.fault) | _bits(_5=ACK and not pressed)
        instance._state = replace(state, fault=fault, changed=changed, notes=notes)
        keep_inputs(instance, _EV1OO2DI, (IN1, IN2, DISCTIME, ACK_NEC, ACK))
        instance.Q, instance.DISC_FLT, instance.ACK_REQ = IN1 and IN2 and not fault, fault, fault and may_acknowledge
        instance.DIAG = notes | _bits(_0=fault, _6=instance.ACK_REQ, _7=instance.Q)

    return evaluate


@register_maker("FDBACK", f"instance {' '.join(_FDBACK)}", "")
def _monitor(site: Site) -> Callable[[Any, bool, bool, bool, bool, bool, int], None]:
    """Give Q while ON is 1 and FEEDBACK has followed as its inverse."""
    services = site.services

    def monitor(
        instance: Any, ON: bool, FEEDBACK: bool, QBAD_FIO: bool, ACK_NEC: bool, ACK: bool, FDB_TIME: int
    ) -> None:
        before = instance._state or _Memory()
        pressed = ACK and not before.acknowledge
        acknowledged = FEEDBACK and (pressed or not ACK_NEC)
        fault = FDB_TIME < 0 or (before.fault and not acknowledged)
        on = ON and not fault and (instance.Q or FEEDBACK)
        state = before.measure(services.now, running=on == FEEDBACK and not QBAD_FIO and not fault)
        if state.is_over(services.now, FDB_TIME):
            state, fault, on = replace(state, since=None), True, False
        notes = (before.notes if fault else 0) | _bits(_2=fault and not FEEDBACK, _5=fault and ACK and not pressed)
        instance._state = replace(state, acknowledge=ACK, fault=fault, notes=notes)
        keep_inputs(instance, _FDBACK, (ON, FEEDBACK, QBAD_FIO, ACK_NEC, ACK, FDB_TIME))
        instance.Q, instance.ERROR = on, fault
        instance.ACK_REQ = fault and FEEDBACK and ACK_NEC and FDB_TIME >= 0
        instance.DIAG = notes | _bits(_0=fault, _1=QBAD_FIO, _6=instance.ACK_REQ, _7=on)

    return monitor


@plain("ACK_GL", "instance ACK_GLOB", "")
def acknowledge_globally(instance: Any, ACK_GLOB: bool) -> None:
    """Keep the input: no F-I/O of this CPU waits for its reintegration."""
    keep_inputs(instance, ("ACK_GLOB",), (ACK_GLOB,))
