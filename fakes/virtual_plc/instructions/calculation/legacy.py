"""Functions of older CPUs: bits of a word, seven segments, complements, lead and lag.

Facts: manual of the TI-S7 converting blocks (SEG, BITSUM, BCDCPL, LEAD_LAG); how LEAD_LAG calculates is unverified.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.registry import Site, plain, register_maker

_SEGMENTS: Final = (
    0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x67, 0x77, 0x7C, 0x39, 0x5E, 0x79, 0x71,
)  # fmt: skip
_MODULUS: Final = 10**7


@plain("BITSUM", "IN")
def count_bits(IN: int) -> int:
    """Return how many bits are set."""
    return IN.bit_count()


@plain("SEG", "IN", "OUT")
def seven_segments(IN: int) -> int:
    """Return the segments of four hexadecimal digits; bit 0 is segment a."""
    return sum(_SEGMENTS[IN >> 4 * digit & 0xF] << 8 * digit for digit in range(4))


@plain("BCDCPL", "IN")
def tens_complement(IN: int) -> int:
    """Return the ten's complement of seven BCD digits."""
    number = int("".join(str(int(digit, 16) % 10) for digit in f"{IN & 0xFFFFFFF:07x}"))
    return int(str((_MODULUS - number) % _MODULUS), 16)


@register_maker("LEAD_LAG", "instance IN SAMPLE_T", "OUT ERR_CODE")
def _filter(_: Site) -> Callable[[Any, float, int], tuple[float, int]]:
    """Calculate OUT = (LG * OUT before + GAIN * ((LD + T) * IN - LD * IN before)) / (LG + T)."""

    def calculate(instance: Any, IN: float, SAMPLE_T: int) -> tuple[float, int]:
        lead, lag, gain = (float(getattr(instance, name, 0.0)) for name in ("LD_TIME", "LG_TIME", "GAIN"))
        before = instance._state or (0.0, 0.0)
        if lag + SAMPLE_T <= 0:
            return before[1], 0x0009
        result = single((lag * before[1] + gain * ((lead + SAMPLE_T) * IN - lead * before[0])) / (lag + SAMPLE_T))
        instance._state = (IN, result)
        return result, 0

    return calculate
