"""Arithmetic, comparison and floating-point functions of STL, always ACCU 2 before ACCU 1."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import REAL, Elementary
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.operators import quotient, rounded
from tests.oracle.tree_walker.registers import Registers, signed
from tests.oracle.tree_walker.stl_bits import Operation

_SMALLEST_NORMAL = 2.0**-126


def real(pattern: int) -> float:
    """Return the number that a pattern of 32 bits means."""
    return float(struct.unpack(">f", pattern.to_bytes(4, "big"))[0])


def pattern(value: float) -> int:
    """Return the pattern of a number, rounded to 32 bits."""
    return int.from_bytes(struct.pack(">f", rounded(value, REAL)), "big")


def _numbers(registers: Registers, size: str) -> tuple[float, float]:
    """Return ACCU 2 and ACCU 1 as numbers: `I` of 16 bits, `D` of 32 bits, `R` floating-point."""
    first, second = registers.accumulators[:2]
    if size == "R":
        return real(second), real(first)
    bits = 16 if size == "I" else 32
    return signed(second, bits), signed(first, bits)


# Whole numbers -------------------------------------------------------------------------------------------------------


def _whole(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    sign, size = operation.mnemonic[0], operation.mnemonic[-1]
    size = "D" if operation.mnemonic == "MOD" else size
    a, b = (int(each) for each in _numbers(registers, size))
    bits = 16 if size == "I" else 32
    if sign in "/M" and b == 0:
        registers.fail()
    elif sign in "/M":
        _divide(registers, a, b, operation.mnemonic)
    else:
        result = {"+": a + b, "-": a - b, "*": a * b}[sign]
        kept = signed(result, bits)
        registers.judge(result if sign == "*" else kept, overflow=kept != result)
        _put(registers, result, "D" if sign == "*" else size)
    _drop(activation)


def _divide(registers: Registers, a: int, b: int, mnemonic: str) -> None:
    whole = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    rest = a - whole * b
    if mnemonic == "/I":
        registers.judge(whole, overflow=whole != signed(whole, 16))
        registers.accu = (rest & 0xFFFF) << 16 | whole & 0xFFFF
        return
    result = rest if mnemonic == "MOD" else whole
    registers.judge(result, overflow=whole != signed(whole, 32))
    registers.accu = result


def _put(registers: Registers, result: int, size: str) -> None:
    if size == "I":
        registers.low = result
    else:
        registers.accu = result


def _drop(activation: Activation) -> None:
    """On a CPU with four accumulators, ACCU 3 and 4 move down after a calculation."""
    if activation.machine.program.cpu.family == "S7-400":
        accumulators = activation.registers.accumulators
        accumulators[1:4] = [accumulators[2], accumulators[3], accumulators[3]]


def _negate(activation: Activation, operation: n.StlOperation) -> None:
    registers, size = activation.registers, operation.mnemonic[-1]
    bits = 16 if size == "I" else 32
    value = -signed(registers.accu, bits)
    kept = signed(value, bits)
    registers.judge(kept, overflow=kept != value)
    _put(registers, value, size)


def _add_constant(activation: Activation, operation: n.StlOperation) -> None:
    """Add a constant of 16 or 32 bits to ACCU 1; the status word stays."""
    registers, constant = activation.registers, operation.operand
    assert isinstance(constant, n.Constant) and isinstance(constant.type, Elementary)
    _put(registers, registers.accu + int(constant.value), "I" if constant.type.bits <= 16 else "D")


def _step(activation: Activation, operation: n.StlOperation) -> None:
    registers, constant = activation.registers, operation.operand
    assert isinstance(constant, n.Constant)
    value = int(constant.value) if operation.mnemonic == "INC" else -int(constant.value)
    registers.accu = registers.accu & ~0xFF | (registers.accu + value) & 0xFF


# Comparison ----------------------------------------------------------------------------------------------------------


def _compare(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    a, b = _numbers(registers, operation.mnemonic[-1])
    if math.isnan(a) or math.isnan(b):
        registers.fail()
        registers.conclude(result=False)
        return
    relation = operation.mnemonic[:-1]
    found = {"==": a == b, "<>": a != b, ">": a > b, "<": a < b, ">=": a >= b, "<=": a <= b}[relation]
    registers.conclude(found)
    registers.conditions, registers.overflow = (int(a > b), int(a < b)), False


# Floating-point numbers ----------------------------------------------------------------------------------------------


def _judge_real(registers: Registers, value: float) -> None:
    """Put a result into ACCU 1 and judge it: what is no number, infinite or too small to be exact counts as overflow."""
    registers.accu = pattern(value)
    held = real(registers.accu)
    if math.isnan(held):
        registers.fail()
    elif value and abs(value) < _SMALLEST_NORMAL:
        registers.judge(0, overflow=True)
    else:
        registers.judge(held, overflow=math.isinf(held))


def _real(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    a, b = _numbers(registers, "R")
    sign = operation.mnemonic[0]
    _judge_real(registers, quotient(a, b) if sign == "/" else {"+": a + b, "-": a - b, "*": a * b}[sign])
    _drop(activation)


def _function(calculate: Callable[[float], float]) -> Operation:
    def operate(activation: Activation, _: n.StlOperation) -> None:
        value = real(activation.registers.accu)
        try:
            result = calculate(value)
        except OverflowError:
            result = math.inf
        except ValueError:
            result = math.nan
        _judge_real(activation.registers, result)

    return operate


def _logarithm(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _absolute(activation: Activation, operation: n.StlOperation) -> None:
    sign = 0x8000_0000
    registers = activation.registers
    registers.accu = registers.accu & ~sign if operation.mnemonic == "ABS" else registers.accu ^ sign


OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("+I", "-I", "*I", "/I", "+D", "-D", "*D", "/D", "MOD"), _whole),
    **dict.fromkeys(("NEGI", "NEGD"), _negate),
    "+": _add_constant,
    **dict.fromkeys(("INC", "DEC"), _step),
    **{f"{relation}{size}": _compare for relation in ("==", "<>", ">", "<", ">=", "<=") for size in "IDR"},
    **dict.fromkeys(("+R", "-R", "*R", "/R"), _real),
    **dict.fromkeys(("ABS", "NEGR"), _absolute),
    "SQR": _function(lambda value: value * value),
    "SQRT": _function(math.sqrt),
    "EXP": _function(math.exp),
    "LN": _function(_logarithm),
    "SIN": _function(math.sin),
    "COS": _function(math.cos),
    "TAN": _function(math.tan),
    "ASIN": _function(math.asin),
    "ACOS": _function(math.acos),
    "ATAN": _function(math.atan),
}
