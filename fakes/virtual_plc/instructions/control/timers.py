"""IEC timers: TP, TON, TOF, TONR, and what sets and resets them from outside.

A timer is up to date after its own call and after `refresh`, which tiers call before they read `Q` or `ET` of an
instance; nothing happens in between (S7-1200 manual, timer operation). What runs is kept in `_state` as a tuple that is
replaced, never changed: kind, start in nanoseconds, nanoseconds from before, nanoseconds of one count. An edge of IN is
the difference to IN of the instance, and takes PT into the instance, a negative one as 0 (TIA Portal's help, SCL: TP,
TON, TOF, TONR); a pulse runs to its end, also where IN falls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.types.types import DataType, Elementary, Structure
from virtual_plc.code.naming import attribute
from virtual_plc.instructions.control.classic_timers import is_classic
from virtual_plc.instructions.registry import Reference, Site, plain, register_maker
from virtual_plc.memory.starting_values import default

Timer = Any
"""Instance of a timer: a storage object or view with IN, PT, Q, ET and `_state`."""

State = tuple[str, int, int, int]
"""Kind, start in nanoseconds, nanoseconds from before, nanoseconds of one count."""

_MILLISECOND: Final = 1_000_000


def refreshes(data_type: DataType) -> bool:
    """Return whether reading Q or ET of an instance of this type brings it up to date.

    The function blocks of S7-300 and S7-400 (SFB 3 to 5) do so in their calls only.
    """
    if not isinstance(data_type, Structure) or data_type.origin != "system":
        return False
    timer = data_type.instruction in ("TP", "TON", "TOF", "TONR")
    return timer and not is_classic(data_type)


def refresh(timer: Timer, now: int) -> None:
    """Bring Q and ET of a timer up to the virtual time (nanoseconds) without calling it."""
    if timer._state is not None:
        _UPDATES[timer._state[0]](timer, now)


def _unit(site: Site) -> int:
    """Return the nanoseconds of one count of the timer."""
    found = site.types.get("T")
    return found.unit if isinstance(found, Elementary) and found.unit else _MILLISECOND


@register_maker("TON", "instance IN PT", "")
def _on_delay(site: Site) -> Callable[[Timer, bool, int], None]:
    services, unit = site.services, _unit(site)

    def on_delay(timer: Timer, IN: bool, PT: int) -> None:
        state = timer._state
        if not IN:
            if state is not None or timer.IN:
                _take_preset(timer, PT)
                _stop(timer, q=False)
            return
        if state is None:
            state = _start(timer, PT, ("TON", services.now, 0, unit))
        preset = timer.PT
        if timer.Q and preset == timer.ET:
            return
        elapsed = (services.now - state[1] + state[2]) // unit
        if elapsed < 0:
            elapsed = _count_elapsed(timer, services.now)
        timer.Q = done = elapsed >= preset
        timer.ET = preset if done else elapsed

    return on_delay


def _update_on_delay(timer: Timer, now: int) -> None:
    elapsed = _count_elapsed(timer, now)
    timer.ET = min(elapsed, timer.PT)
    timer.Q = elapsed >= timer.PT


@register_maker("TP", "instance IN PT", "")
def _pulse(site: Site) -> Callable[[Timer, bool, int], None]:
    services, unit = site.services, _unit(site)

    def pulse(timer: Timer, IN: bool, PT: int) -> None:
        edge = IN != timer.IN
        timer.IN = IN
        if timer._state is not None:
            _update_pulse(timer, services.now)
            if timer.Q:
                return
        if edge:
            _take_preset(timer, PT)
        if not IN:
            _stop(timer, q=False)
        elif edge:
            timer._state = ("TP", services.now, 0, unit)
            timer.ET, timer.Q = 0, timer.PT > 0

    return pulse


def _update_pulse(timer: Timer, now: int) -> None:
    elapsed = _count_elapsed(timer, now)
    timer.ET = min(elapsed, timer.PT)
    timer.Q = elapsed < timer.PT


@register_maker("TOF", "instance IN PT", "")
def _off_delay(site: Site) -> Callable[[Timer, bool, int], None]:
    services, unit = site.services, _unit(site)

    def off_delay(timer: Timer, IN: bool, PT: int) -> None:
        if IN:
            if not timer.IN:
                _take_preset(timer, PT)
                _stop(timer, q=True)
                timer.IN = True
            return
        if timer.IN:
            _start(timer, PT, ("TOF", services.now, 0, unit))
            timer.IN = False
        if timer._state is not None:
            _update_off_delay(timer, services.now)

    return off_delay


def _update_off_delay(timer: Timer, now: int) -> None:
    elapsed = _count_elapsed(timer, now)
    timer.ET = min(elapsed, timer.PT)
    timer.Q = elapsed < timer.PT


@register_maker("TONR", "instance IN R PT", "")
def _accumulator(site: Site) -> Callable[[Timer, bool, bool, int], None]:
    services, unit = site.services, _unit(site)

    def accumulate(timer: Timer, IN: bool, R: bool, PT: int) -> None:
        if hasattr(timer, "R"):  # IEC_TIMER has no R
            timer.R = R
        edge = IN != timer.IN
        if R:
            _stop(timer, q=False)
        else:
            _update_accumulator(timer, services.now)
            if edge:
                _take_preset(timer, PT)
                before = _accumulated(timer._state, services.now)
                timer._state = ("TONR", services.now if IN else None, before, unit)
                _update_accumulator(timer, services.now)
        timer.IN = IN

    return accumulate


def _accumulated(state: State | None, now: int) -> int:
    """Return the nanoseconds that a time accumulator has measured."""
    if state is None:
        return 0
    return state[2] if state[1] is None else _nanoseconds(state, now)


def _update_accumulator(timer: Timer, now: int) -> None:
    if timer._state is not None and timer._state[1] is not None:
        elapsed = _count_elapsed(timer, now)
        timer.ET = min(elapsed, timer.PT)
        timer.Q = timer.Q or elapsed >= timer.PT


_UPDATES: Final = {
    "TON": _update_on_delay,
    "TP": _update_pulse,
    "TOF": _update_off_delay,
    "TONR": _update_accumulator,
}


def _count_elapsed(timer: Timer, now: int) -> int:
    """Return the counts that have passed; after a restart, which begins the time again, it continues where it was."""
    kind, start, _, unit = timer._state
    if now < start:
        timer._state = (kind, now, timer.ET * unit, unit)
    return int(_nanoseconds(timer._state, now) // unit)


def _nanoseconds(state: State, now: int) -> int:
    return now - state[1] + state[2]


def _start(timer: Timer, PT: int, state: State) -> State:
    _take_preset(timer, PT)
    timer.IN = True
    timer._state = state
    return state


def _take_preset(timer: Timer, PT: int) -> None:
    timer.PT = max(PT, 0)


def _stop(timer: Timer, *, q: bool) -> None:
    """Put a timer at rest: no time has passed."""
    timer.IN = False
    timer._state = None
    timer.ET = 0
    timer.Q = q


@plain("RESET_TIMER", "&TIMER", "")
def reset_timer(TIMER: Reference) -> None:
    """Put all of a timer to zero; where IN stays 1, its next call has an edge and starts it again."""
    timer = TIMER.get()
    for member in TIMER.type.members if isinstance(TIMER.type, Structure) else ():
        setattr(timer, attribute(member.name), default(member.type))
    timer._state = None


@plain("PRESET_TIMER", "PT &TIMER", "")
def preset_timer(PT: int, TIMER: Reference) -> None:
    """Write the duration of a timer, also of a running one."""
    _take_preset(TIMER.get(), PT)
