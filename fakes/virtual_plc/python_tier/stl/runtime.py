"""Numbers of the accumulator machine: what STL operations make of patterns of 16 and 32 bits.

A function returns the new ACCU 1 and, for operations that evaluate their result, CC (0 zero, 1 negative, 2 positive, 3
none) and OV. ACCU 2 always comes before ACCU 1.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.types import DataType, Elementary
from virtual_plc.faults import BcdFault
from virtual_plc.instructions.calculation.numbers import quotient, real_quotient
from virtual_plc.memory.codecs import Bytes, codec

Result = tuple[int, int, bool]

WORD, DOUBLE, OFFSET = 0xFFFF, 0xFFFF_FFFF, 0xFF_FFFF
_SMALLEST_NORMAL = 2.0**-126
_REAL, _PATTERN = struct.Struct(">f"), struct.Struct(">I")


def signed16(pattern: int) -> int:
    """Return the number in the right word."""
    return (pattern & WORD ^ 0x8000) - 0x8000


def signed32(pattern: int) -> int:
    """Return the number in both words."""
    return (pattern ^ 0x8000_0000) - 0x8000_0000


def bits_real(pattern: int) -> float:
    """Return the floating-point number of a pattern."""
    return float(_REAL.unpack(_PATTERN.pack(pattern))[0])


def real_bits(value: float) -> int:
    """Return the pattern of a number, rounded to 32 bits."""
    try:
        return int(_PATTERN.unpack(_REAL.pack(value))[0])
    except OverflowError:
        return 0x7F80_0000 if value > 0 else 0xFF80_0000


def bits_of(value: Any, data_type: DataType) -> int:
    """Return the right 32 bits of a value of any type without parts; of text its characters."""
    if not isinstance(data_type, Elementary):
        return int.from_bytes(str(value).encode("latin-1", "replace"), "big") & DOUBLE
    made = Bytes((data_type.bits + 7) // 8)
    codec(data_type).write(made, 0, 0, value)
    return int.from_bytes(made, "big") & DOUBLE


def value_of(pattern: int, data_type: Elementary) -> Any:
    """Return the value of a type that the right bits of a pattern mean."""
    size = (data_type.bits + 7) // 8
    made = Bytes(size)
    made[:] = (pattern & (1 << 8 * size) - 1).to_bytes(size, "big")
    return codec(data_type).read(made, 0, 0)


def sign(value: float) -> int:
    """Return CC of a number."""
    return 2 if value > 0 else 1 if value < 0 else 0


# Calculation ---------------------------------------------------------------------------------------------------------


def _word(accu: int, result: int) -> Result:
    kept = signed16(result)
    return accu & 0xFFFF_0000 | result & WORD, sign(kept), kept != result


def _double(result: int) -> Result:
    pattern = result & DOUBLE
    kept = signed32(pattern)
    return pattern, sign(kept), kept != result


def _multiply_words(a: int, b: int) -> Result:
    result = signed16(a) * signed16(b)
    return result & DOUBLE, sign(result), signed16(result) != result


def _multiply_doubles(a: int, b: int) -> Result:
    result = signed32(a) * signed32(b)
    return result & DOUBLE, sign(result), signed32(result & DOUBLE) != result


def _divide_words(a: int, b: int) -> Result:
    dividend, divisor = signed16(a), signed16(b)
    if not divisor:
        return b, 3, True
    whole = quotient(dividend, divisor)
    rest = dividend - whole * divisor
    return (rest & WORD) << 16 | whole & WORD, sign(whole), signed16(whole) != whole


def _divide_doubles(a: int, b: int) -> Result:
    dividend, divisor = signed32(a), signed32(b)
    if not divisor:
        return b, 3, True
    whole = quotient(dividend, divisor)
    return whole & DOUBLE, sign(whole), signed32(whole & DOUBLE) != whole


def _remain(a: int, b: int) -> Result:
    dividend, divisor = signed32(a), signed32(b)
    if not divisor:
        return b, 3, True
    whole = quotient(dividend, divisor)
    rest = dividend - whole * divisor
    return rest & DOUBLE, sign(rest), signed32(whole & DOUBLE) != whole


def make_real_result(value: float) -> Result:
    """Return a floating-point result; none, infinite, or too small to be exact counts as overflow."""
    pattern = real_bits(value)
    held = bits_real(pattern)
    if math.isnan(held):
        return pattern, 3, True
    if value and abs(value) < _SMALLEST_NORMAL:
        return pattern, 0, True
    return pattern, sign(held), math.isinf(held)


CALCULATIONS: dict[str, Callable[[int, int], Result]] = {
    "+I": lambda a, b: _word(b, signed16(a) + signed16(b)),
    "-I": lambda a, b: _word(b, signed16(a) - signed16(b)),
    "*I": _multiply_words,
    "/I": _divide_words,
    "+D": lambda a, b: _double(signed32(a) + signed32(b)),
    "-D": lambda a, b: _double(signed32(a) - signed32(b)),
    "*D": _multiply_doubles,
    "/D": _divide_doubles,
    "MOD": _remain,
    "+R": lambda a, b: make_real_result(bits_real(a) + bits_real(b)),
    "-R": lambda a, b: make_real_result(bits_real(a) - bits_real(b)),
    "*R": lambda a, b: make_real_result(bits_real(a) * bits_real(b)),
    "/R": lambda a, b: make_real_result(real_quotient(bits_real(a), bits_real(b))),
}
"""What takes ACCU 2 and ACCU 1."""


def _guard(calculate: Callable[[float], float]) -> Callable[[int], Result]:
    def operate(pattern: int) -> Result:
        try:
            result = calculate(bits_real(pattern))
        except OverflowError:
            result = math.inf
        except ValueError:
            result = math.nan
        return make_real_result(result)

    return operate


def _logarithm(value: float) -> float:
    return math.log(value) if value else -math.inf


FUNCTIONS: dict[str, Callable[[int], Result]] = {
    "NEGI": lambda a: _word(a, -signed16(a)),
    "NEGD": lambda a: _double(-signed32(a)),
    "SQR": _guard(lambda value: value * value),
    "SQRT": _guard(math.sqrt),
    "EXP": _guard(math.exp),
    "LN": _guard(_logarithm),
    "SIN": _guard(math.sin),
    "COS": _guard(math.cos),
    "TAN": _guard(math.tan),
    "ASIN": _guard(math.asin),
    "ACOS": _guard(math.acos),
    "ATAN": _guard(math.atan),
}
"""What takes ACCU 1 and evaluates it."""


# Conversion: these set OV and OS when they fail, and leave CC ----------------------------------------------------------


def _make_rounding(rule: Callable[[float], int]) -> Callable[[int], tuple[int, bool]]:
    def convert(pattern: int) -> tuple[int, bool]:
        value = bits_real(pattern)
        whole = rule(value) if math.isfinite(value) else 1 << 31
        fits = -(1 << 31) <= whole < 1 << 31
        return (whole & DOUBLE, False) if fits else (pattern, True)

    return convert


ROUNDINGS: dict[str, Callable[[int], tuple[int, bool]]] = {
    "RND": _make_rounding(round),
    "RND+": _make_rounding(math.ceil),
    "RND-": _make_rounding(math.floor),
    "TRUNC": _make_rounding(math.trunc),
}


def to_bcd(pattern: int, digits: int) -> tuple[int, bool]:
    """Return a number as three or seven decimal digits with a sign, and whether it has too many."""
    value = signed16(pattern) if digits == 3 else signed32(pattern)
    if abs(value) >= 10**digits:
        return pattern, True
    bits = 4 * digits + 4
    found = (0xF << bits - 4 if value < 0 else 0) | int(str(abs(value)), 16)
    return (pattern & 0xFFFF_0000 | found if digits == 3 else found), False


def from_bcd(pattern: int, digits: int) -> int:
    """Return the number of decimal digits.

    Raises:
        BcdFault: one of them is none.
    """
    text = f"{pattern & (1 << 4 * digits) - 1:x}"
    if not text.isdecimal():
        message = f"16#{pattern:08X} has invalid digits."
        raise BcdFault(message)
    bits = 4 * digits + 4
    value = -int(text) if pattern >> bits - 1 & 1 else int(text)
    return pattern & 0xFFFF_0000 | value & WORD if digits == 3 else value & DOUBLE


# Shifting ------------------------------------------------------------------------------------------------------------


def shift(pattern: int, count: int, bits: int, way: str) -> tuple[int, int]:
    """Return a shifted word or double word, and the last bit that left it; `way` is `left`, `right` or `sign`."""
    mask = (1 << bits) - 1
    value = pattern & mask
    if way == "left":
        last, result = value << count >> bits & 1, value << count
    else:
        whole = value - (1 << bits) if way == "sign" and value >> bits - 1 else value
        last, result = whole >> count - 1 & 1, whole >> count
    return pattern & ~mask & DOUBLE | result & mask, last


def rotate(pattern: int, count: int, way: str) -> tuple[int, int]:
    """Return a rotated double word, and the last bit that went around."""
    left = count % 32 if way == "left" else -count % 32
    result = (pattern << left | pattern >> 32 - left) & DOUBLE
    return result, result & 1 if way == "left" else result >> 31


def swap_bytes(pattern: int, size: int) -> int:
    """Return the right bytes in the opposite order."""
    mask = (1 << 8 * size) - 1
    turned = int.from_bytes((pattern & mask).to_bytes(size, "big"), "little")
    return pattern & ~mask & DOUBLE | turned
