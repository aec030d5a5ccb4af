"""S5 timers: pulse, extended pulse, on-delay, latching on-delay, off-delay.

A timer of the memory is one whole number (0 has never run): from bit 0 its S5TIME word, its kind from bit 16, then
whether its input was set, whether it was started, whether FR saw a 1, and above bit 32 the nanosecond at which it
began. A timer that its input has stopped keeps the rest of its time in the word. What it shows is calculated from the
time whenever it is asked. Facts: S7-300 manual, timers; the rest is what awlsim shows; a start while R is set is not
made up for. After a restart, which begins the time again, a retentive timer that ran waits until the time has come
again (unverified).
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence
from typing import Final

from virtual_plc.faults import BcdFault
from virtual_plc.instructions.registry import Reference, Site, register_maker

PULSE, EXTENDED, ON_DELAY, LATCHING, OFF_DELAY = range(1, 6)
"""Kinds: S_PULSE (SP), S_PEXT (SE), S_ODT (SD), S_ODTS (SS), S_OFFDT (SF)."""

_KIND, _SET, _RUNS, _FREED, _SINCE = 16, 1 << 20, 1 << 21, 1 << 22, 32
_MILLISECOND: Final = 1_000_000
_KINDS: Final = {"S_PULSE": PULSE, "S_PEXT": EXTENDED, "S_ODT": ON_DELAY, "S_ODTS": LATCHING, "S_OFFDT": OFF_DELAY}


def _base(word: int) -> int:
    """Return the nanoseconds of one count of an S5TIME."""
    return int(10 ** ((word >> 12 & 3) + 1)) * _MILLISECOND


def _preset(word: int) -> int:
    """Return the counts of an S5TIME.

    Raises:
        BcdFault: its digits are none.
    """
    digits = f"{word & 0xFFF:03x}"
    if not digits.isdecimal():
        raise BcdFault(f"S5TIME 16#{word:04X} has invalid digits.")
    return int(digits)


def remaining(timer: int, now: int) -> int:
    """Return the counts that a timer still runs, or had left when its input stopped it; 0 after its end."""
    word = timer & 0xFFFF
    if not timer & _RUNS:
        return _preset(word)
    passed = max(now - (timer >> _SINCE), 0) // _base(word)
    return max(_preset(word) - passed, 0)


def remaining_s5time(timer: int, now: int) -> int:
    """Return the counts of `remaining` as an S5TIME word, in the time base that the timer was started with."""
    counts = remaining(timer, now)
    return int(str(counts), 16) | timer & 0x3000 if counts else 0


def output(timer: int, now: int) -> bool:
    """Return the state of a timer, as a contact or `A T1` sees it."""
    kind = timer >> _KIND & 7
    runs = bool(timer & _RUNS) and remaining(timer, now) > 0
    if kind == OFF_DELAY:
        return bool(timer & _SET) or runs
    if kind in (PULSE, EXTENDED):
        return runs
    return bool(timer & _RUNS) and not runs


def operate(timers: MutableSequence[int], number: int, kind: int, S: bool, TV: int, now: int) -> None:
    """Execute a timer with its input; an edge starts it.

    Args:
        timers: the timers of the memory.
        number: which of them.
        kind: PULSE, EXTENDED, ON_DELAY, LATCHING or OFF_DELAY.
        S: the input.
        TV: S5TIME word.
        now: virtual time in nanoseconds.

    Raises:
        BcdFault: the timer starts, and the digits of TV are none.
    """
    timer = timers[number]
    before, freed = bool(timer & _SET), timer & _FREED
    starts = before and not S if kind == OFF_DELAY else S and not before
    latched = kind == LATCHING and output(timer, now)
    stops = S and not before if kind == OFF_DELAY else not S and kind in (PULSE, ON_DELAY)
    if starts and not latched:
        _preset(TV)
        timer = TV & 0x3FFF | kind << _KIND | _RUNS | now << _SINCE | freed
    elif stops:
        timer = remaining_s5time(timer, now) | kind << _KIND | freed
    timers[number] = timer | _SET if S else timer & ~_SET


def reset(timers: MutableSequence[int], number: int, S: bool | None = None) -> None:
    """Stop a timer; its input is as given, or as it was. An off-delay forgets it, so that it shows 0."""
    timer = timers[number]
    known = timer >> _KIND & 7 != OFF_DELAY and timer & _SET if S is None else S
    timers[number] = timer & _FREED | (_SET if known else 0)


def enable(timers: MutableSequence[int], number: int, given: bool) -> None:
    """Execute FR: an edge of the RLO clears the edge of the timer, so that a set input starts it again."""
    timer = timers[number]
    kept = timer & ~_SET if given and not timer & _FREED else timer
    timers[number] = kept | _FREED if given else kept & ~_FREED


def _timer(name: str) -> Callable[[Site], Callable[..., tuple[bool, int, int]]]:
    """Return what makes a timer box: Q, the rest as counts, the rest as S5TIME."""
    kind = _KINDS[name]

    def make(site: Site) -> Callable[..., tuple[bool, int, int]]:
        services = site.services

        def timer(T_NO: Reference, S: bool | None, TV: int | None, R: bool | None) -> tuple[bool, int, int]:
            timers, number, now = T_NO.container, int(T_NO.key), services.now
            if R:
                reset(timers, number, bool(S) and kind != OFF_DELAY)
            else:
                operate(timers, number, kind, bool(S), TV or 0, now)
            found = timers[number]
            return output(found, now) and not R, remaining(found, now), remaining_s5time(found, now)

        return timer

    return make


for _name in _KINDS:
    register_maker(_name, "&T_NO S TV R", "Q BI RET")(_timer(_name))
