"""Edges, flip-flops and bit fields.

An edge compares with its stored bit in every execution, also in the first; a call that is skipped does not store
(S7-1200 manual, edge instructions).
"""

from __future__ import annotations

from typing import Any

from simatic_xml.program.types.types import BOOL
from virtual_plc.instructions.registry import Reference, plain


@plain("R_TRIG", "instance CLK", "")
def rising_edge(trigger: Any, CLK: bool) -> None:
    """Set Q for one call when CLK has become true."""
    trigger.CLK = CLK
    trigger.Q = CLK and not trigger.Stat_Bit
    trigger.Stat_Bit = CLK


@plain("F_TRIG", "instance CLK", "")
def falling_edge(trigger: Any, CLK: bool) -> None:
    """Set Q for one call when CLK has become false."""
    trigger.CLK = CLK
    trigger.Q = trigger.Stat_Bit and not CLK
    trigger.Stat_Bit = CLK


@plain("P_TRIG", "CLK &M_BIT")
def positive_edge(CLK: bool, M_BIT: Reference) -> bool:
    """Return whether CLK has become true since the bit was stored."""
    before = M_BIT.get()
    M_BIT.set(CLK)
    return CLK and not before


@plain("N_TRIG", "CLK &M_BIT")
def negative_edge(CLK: bool, M_BIT: Reference) -> bool:
    """Return whether CLK has become false since the bit was stored."""
    before = M_BIT.get()
    M_BIT.set(CLK)
    return bool(before) and not CLK


@plain("SR", "S R1 &OPERAND")
def set_reset(S: bool, R1: bool, OPERAND: Reference) -> bool:
    """Set, then reset: resetting wins."""
    OPERAND.set((OPERAND.get() or S) and not R1)
    return bool(OPERAND.get())


@plain("RS", "R S1 &OPERAND")
def reset_set(R: bool, S1: bool, OPERAND: Reference) -> bool:
    """Reset, then set: setting wins."""
    OPERAND.set((OPERAND.get() and not R) or S1)
    return bool(OPERAND.get())


@plain("SET_BF", "IN N &OPERAND", "")
def set_bits(IN: bool, N: int, OPERAND: Reference) -> None:
    """Set N bits from the operand on, at most to the end of its array or structure."""
    if IN:
        _write_bits(OPERAND, N, value=True)


@plain("RESET_BF", "IN N &OPERAND", "")
def reset_bits(IN: bool, N: int, OPERAND: Reference) -> None:
    """Reset N bits from the operand on, at most to the end of its array or structure."""
    if IN:
        _write_bits(OPERAND, N, value=False)


def _write_bits(first: Reference, count: int, *, value: bool) -> None:
    """Write the elements of an array, or the members of a structure, that follow a bit; no others than there are."""
    container, key = first.container, first.key
    if isinstance(key, int):
        end = min(key + count, len(container))
        container[key:end] = [value] * max(end - key, 0)
        return
    names = [each.name for each in type(container)._structure.members if each.type == BOOL]
    start = names.index(key) if key in names else len(names)
    for name in names[start : start + count]:
        setattr(container, name, value)
