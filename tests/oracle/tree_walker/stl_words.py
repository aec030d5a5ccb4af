"""Words of STL: conversions, logic of words, shifting and rotating, swapping."""

from __future__ import annotations

import math
from collections.abc import Callable

from simatic_xml.program import nodes as n
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.registers import Registers, signed
from tests.oracle.tree_walker.stl_bits import Operation
from tests.oracle.tree_walker.stl_numbers import pattern, real
from virtual_plc.faults import BcdFault

# Conversions ---------------------------------------------------------------------------------------------------------


def _plain(change: Callable[[Registers], None]) -> Operation:
    """Return an operation that works on the registers alone."""
    return lambda activation, _: change(activation.registers)


def _extend(registers: Registers) -> None:
    registers.accu = signed(registers.accu, 16)


def _to_real(registers: Registers) -> None:
    registers.accu = pattern(signed(registers.accu, 32))


def _from_bcd(digits: int) -> Operation:
    """Return BTI or BTD: so many digits, a negative sign in the bit above them that ends the word."""

    def convert(activation: Activation, operation: n.StlOperation) -> None:
        registers = activation.registers
        bits = 4 * digits + 4
        text = f"{registers.accu & (1 << 4 * digits) - 1:x}"
        if not text.isdecimal():
            message = f"16#{registers.accu:08X} has digits that are none."
            activation.machine.services.fault(BcdFault(message, operation.place))
            return
        value = -int(text) if registers.accu >> bits - 1 & 1 else int(text)
        _keep(registers, value, bits)

    return convert


def _to_bcd(digits: int) -> Operation:
    bits = 4 * digits + 4

    def convert(registers: Registers) -> None:
        value = signed(registers.accu, bits)
        registers.overflow = abs(value) >= 10**digits
        if registers.overflow:
            registers.stored_overflow = True
            return
        sign = 0xF << bits - 4 if value < 0 else 0
        _keep(registers, sign | int(str(abs(value)), 16), bits)

    return _plain(convert)


def _round(rule: Callable[[float], int]) -> Operation:
    def convert(registers: Registers) -> None:
        value = real(registers.accu)
        whole = rule(value) if math.isfinite(value) else 1 << 31
        if signed(whole, 32) != whole:
            registers.overflow = registers.stored_overflow = True
        else:
            registers.accu = whole

    return _plain(convert)


def _keep(registers: Registers, value: int, bits: int) -> None:
    if bits == 16:
        registers.low = value
    else:
        registers.accu = value


def _invert(bits: int) -> Operation:
    return _plain(lambda registers: _keep(registers, ~registers.accu, bits))


def _swap(size: int) -> Operation:
    def swap(registers: Registers) -> None:
        kept = registers.accu & (1 << 8 * size) - 1
        _keep(registers, int.from_bytes(kept.to_bytes(size, "big"), "little"), 8 * size)

    return _plain(swap)


# Logic ---------------------------------------------------------------------------------------------------------------


def _logic(combine: Callable[[int, int], int], bits: int) -> Operation:
    mask = (1 << bits) - 1

    def operate(activation: Activation, operation: n.StlOperation) -> None:
        registers = activation.registers
        given = registers.accumulators[1]
        if isinstance(operation.operand, n.Constant):
            given = int(operation.operand.value)
        result = combine(registers.accu & mask, given & mask)
        _keep(registers, result, bits)
        registers.conditions, registers.overflow = (int(result != 0), 0), False

    return operate


# Shifting ------------------------------------------------------------------------------------------------------------


def _count(registers: Registers, operation: n.StlOperation) -> int:
    """Return how far to shift: the operand, else the lowest byte of ACCU 2."""
    constant = operation.operand
    return int(constant.value) if isinstance(constant, n.Constant) else registers.accumulators[1] & 0xFF


def _shift(bits: int, way: str) -> Operation:
    """Return a shift: `left`, `right`, or `sign` for one to the right that brings in the sign."""

    def operate(activation: Activation, operation: n.StlOperation) -> None:
        registers = activation.registers
        count = _count(registers, operation)
        if count == 0:
            return
        value = signed(registers.accu, bits) if way == "sign" else registers.accu & (1 << bits) - 1
        if way == "left":
            last, result = value << count >> bits & 1, value << count
        else:
            last, result = value >> count - 1 & 1, value >> count
        _keep(registers, result, bits)
        registers.conditions, registers.overflow = (last, 0), False

    return operate


def _rotate(way: str) -> Operation:
    def operate(activation: Activation, operation: n.StlOperation) -> None:
        registers = activation.registers
        count = _count(registers, operation)
        if count == 0:
            return
        left = count % 32 if way == "left" else -count % 32
        registers.accu = registers.accu << left | registers.accu >> 32 - left
        last = registers.accu & 1 if way == "left" else registers.accu >> 31
        registers.conditions, registers.overflow = (last, 0), False

    return operate


def _rotate_through(way: str) -> Operation:
    """Return RLDA or RRDA: by one place, through CC1."""

    def operate(registers: Registers) -> None:
        carry = registers.conditions[0]
        if way == "left":
            last, registers.accu = registers.accu >> 31, registers.accu << 1 | carry
        else:
            last, registers.accu = registers.accu & 1, registers.accu >> 1 | carry << 31
        registers.conditions, registers.overflow = (last, 0), False

    return _plain(operate)


_COMBINATIONS: dict[str, Callable[[int, int], int]] = {
    "A": lambda a, b: a & b,
    "O": lambda a, b: a | b,
    "XO": lambda a, b: a ^ b,
}

OPERATIONS: dict[str, Operation] = {
    "ITD": _plain(_extend),
    "DTR": _plain(_to_real),
    "BTI": _from_bcd(3),
    "BTD": _from_bcd(7),
    "ITB": _to_bcd(3),
    "DTB": _to_bcd(7),
    "RND": _round(round),
    "RND+": _round(math.ceil),
    "RND-": _round(math.floor),
    "TRUNC": _round(math.trunc),
    "INVI": _invert(16),
    "INVD": _invert(32),
    "CAW": _swap(2),
    "CAD": _swap(4),
    **{f"{name}W": _logic(combine, 16) for name, combine in _COMBINATIONS.items()},
    **{f"{name}D": _logic(combine, 32) for name, combine in _COMBINATIONS.items()},
    "SLW": _shift(16, "left"),
    "SRW": _shift(16, "right"),
    "SSI": _shift(16, "sign"),
    "SLD": _shift(32, "left"),
    "SRD": _shift(32, "right"),
    "SSD": _shift(32, "sign"),
    "RLD": _rotate("left"),
    "RRD": _rotate("right"),
    "RLDA": _rotate_through("left"),
    "RRDA": _rotate_through("right"),
}
