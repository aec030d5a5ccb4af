"""The status word of STL, as bits that a program asks for and as a word that it loads and transfers."""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle.tree_walker.activation import Activation

_CONDITIONS: dict[str, tuple[tuple[int, int], ...]] = {
    "==0": ((0, 0),),
    "<>0": ((0, 1), (1, 0)),
    ">0": ((1, 0),),
    "<0": ((0, 1),),
    ">=0": ((0, 0), (1, 0)),
    "<=0": ((0, 0), (0, 1)),
    "UO": ((1, 1),),
}
"""CC1 and CC0 with which a condition holds."""

_BITS: dict[str, Callable[[Activation], bool]] = {
    "OV": lambda activation: activation.registers.overflow,
    "OS": lambda activation: activation.registers.stored_overflow,
    "BR": lambda activation: activation.eno,
}


def holds(activation: Activation, condition: str) -> bool:
    """Tell whether CC1 and CC0 are as a condition such as `>=0` says."""
    return activation.registers.conditions in _CONDITIONS[condition]


def status(activation: Activation, name: str) -> bool | int:
    """Return a bit of the status word by its name, or all of it (`STW`)."""
    if name == "STW":
        return word(activation)
    bit = _BITS.get(name)
    return holds(activation, name) if bit is None else bit(activation)


def word(activation: Activation) -> int:
    """Return the status word: FC, RLO, STA, OR, OS, OV, CC0, CC1, BR from bit 0 on."""
    found = activation.registers
    bits = (
        found.first,
        found.result,
        found.status,
        found.either,
        found.stored_overflow,
        found.overflow,
        found.conditions[1],
        found.conditions[0],
        activation.eno,
    )
    return sum(int(bit) << number for number, bit in enumerate(bits))


def set_word(activation: Activation, value: int) -> None:
    """Write the status word."""
    found = activation.registers
    bits = [bool(value >> number & 1) for number in range(9)]
    found.first, found.result, found.status, found.either, found.stored_overflow, found.overflow = bits[:6]
    found.conditions, activation.eno = (int(bits[7]), int(bits[6])), bits[8]
