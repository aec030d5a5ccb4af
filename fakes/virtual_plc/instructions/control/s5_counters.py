"""S5 counters: S_CU, S_CD, S_CUD.

A counter of the memory is one whole number: its value (0 to 999) in the lowest bits, and whether its inputs were set
from bit 16 on. Counting comes first, then setting, then resetting, so that reset wins; counting stops at 0 and 999.
Facts: S7-300 manual, counters; the order within one call is unverified.
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence
from typing import Final

from virtual_plc.faults import BcdFault
from virtual_plc.instructions.registry import Reference, Site, register_maker

UP, DOWN, SETS, ENABLES = (1 << bit for bit in range(16, 20))
"""Inputs whose edges count."""

_MOST: Final = 999
_VALUE: Final = 0x3FF


def value(counter: int) -> int:
    """Return the value of a counter."""
    return counter & _VALUE


def value_bcd(counter: int) -> int:
    """Return the value of a counter as a BCD word."""
    return int(str(counter & _VALUE), 16)


def output(counter: int) -> bool:
    """Return the state of a counter, as a contact or `A C1` sees it."""
    return counter & _VALUE != 0


def _number(word: int) -> int:
    """Return the value of a BCD word.

    Raises:
        BcdFault: its digits are none.
    """
    digits = f"{word & 0xFFF:03x}"
    if not digits.isdecimal():
        raise BcdFault(f"C#16#{word & 0xFFF:03X} is not a value of a counter: use digits from 0 to 9.")
    return int(digits)


def count(counters: MutableSequence[int], number: int, way: int, given: bool) -> None:
    """Execute a counting input (`UP` or `DOWN`): an edge counts."""
    if _edge(counters, number, way, given):
        step = 1 if way == UP else -1
        _put(counters, number, min(max(value(counters[number]) + step, 0), _MOST))


def preset(counters: MutableSequence[int], number: int, given: bool, PV: int) -> None:
    """Execute the setting input: an edge loads a BCD word.

    Raises:
        BcdFault: it has digits that are none.
    """
    if _edge(counters, number, SETS, given):
        _put(counters, number, _number(PV))


def reset(counters: MutableSequence[int], number: int) -> None:
    """Put a counter to 0."""
    _put(counters, number, 0)


def enable(counters: MutableSequence[int], number: int, given: bool) -> None:
    """Execute FR: an edge forgets the edges of the other inputs."""
    if _edge(counters, number, ENABLES, given):
        counters[number] &= ~(UP | DOWN | SETS)


def _edge(counters: MutableSequence[int], number: int, which: int, given: bool) -> bool:
    before = counters[number] & which
    counters[number] = counters[number] | which if given else counters[number] & ~which
    return given and not before


def _put(counters: MutableSequence[int], number: int, new: int) -> None:
    counters[number] = counters[number] & ~_VALUE | new


def _counter(inputs: str) -> Callable[[Site], Callable[..., tuple[bool, int, int]]]:
    """Return what makes a counter box: Q, the value, the value as BCD."""

    def make(_: Site) -> Callable[..., tuple[bool, int, int]]:
        ways = [UP if each == "CU" else DOWN for each in inputs.split()]

        def counter(
            C_NO: Reference, S: bool | None, PV: int | None, R: bool | None, *counts: bool | None
        ) -> tuple[bool, int, int]:
            counters, number = C_NO.container, int(C_NO.key)
            for way, given in zip(ways, counts, strict=True):
                count(counters, number, way, bool(given))
            preset(counters, number, bool(S), PV or 0)
            if R:
                reset(counters, number)
            found = counters[number]
            return output(found), value(found), value_bcd(found)

        return counter

    return make


for _name, _inputs in (("S_CU", "CU"), ("S_CD", "CD"), ("S_CUD", "CU CD")):
    register_maker(_name, f"&C_NO S PV R {_inputs}", "Q CV RET")(_counter(_inputs))
