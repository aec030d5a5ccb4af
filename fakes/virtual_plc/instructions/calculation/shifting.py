"""Shift and rotate bit strings, and set single bits of them.

SHR of a signed integer fills with its sign, every other shift with zeros; a shift by more than the width gives 0 (or the
sign); a rotation turns as often as N says. Marks: docs/conformance-plc/instructions.md.
"""

from __future__ import annotations

from collections.abc import Callable

from simatic_xml.program.types.types import DWORD, Elementary
from virtual_plc.instructions.calculation.numbers import wrapping
from virtual_plc.instructions.registry import Inline, Site, register_maker, template


def _width(site: Site, variable: str = "T", parameter: str = "IN") -> Elementary:
    found = site.type_of(variable, parameter)
    return found if isinstance(found, Elementary) else DWORD


_LEFT = template("{0} << {1} & {2} if {1} < {3} else 0")


def _inline_left(site: Site) -> Inline | None:
    data_type = _width(site)
    mask = (1 << data_type.bits) - 1
    return None if data_type.signed else lambda IN, N: _LEFT(IN, N, mask, data_type.bits)


@register_maker("SHL", "IN N", inline=_inline_left)
def _shift_left(site: Site) -> Callable[[int, int], int]:
    data_type = _width(site)
    keep, bits = wrapping(data_type), data_type.bits
    return lambda IN, N: keep(IN << N) if bits > N else 0


@register_maker("SHR", "IN N", inline=lambda _: template("{0} >> {1}"))
def _shift_right(_: Site) -> Callable[[int, int], int]:
    """Shift right: Python's `>>` brings in the sign; values of unsigned types have none."""
    return lambda IN, N: IN >> N


def _rotate(bits: int, value: int, count: int) -> int:
    pattern = value & (1 << bits) - 1
    count %= bits
    return pattern << count | pattern >> bits - count


@register_maker("ROL", "IN N")
def _rotate_left(site: Site) -> Callable[[int, int], int]:
    data_type = _width(site)
    keep, bits = wrapping(data_type), data_type.bits
    return lambda IN, N: keep(_rotate(bits, IN, N))


@register_maker("ROR", "IN N")
def _rotate_right(site: Site) -> Callable[[int, int], int]:
    data_type = _width(site)
    keep, bits = wrapping(data_type), data_type.bits
    return lambda IN, N: keep(_rotate(bits, IN, bits - N % bits))


@register_maker("DECO", "IN")
def _decode(site: Site) -> Callable[[int], int]:
    """Set the bit whose number is in the lowest bits of IN."""
    bits = _width(site, "D", "").bits
    return lambda IN: 1 << IN % bits


@register_maker("ENCO", "IN", "RET ENO")
def _encode(_: Site) -> Callable[[int], tuple[int, bool]]:
    """Return the number of the lowest set bit; there is none in 0."""
    return lambda IN: ((IN & -IN).bit_length() - 1, True) if IN else (0, False)


@register_maker("INV", "IN")
def _invert(site: Site) -> Callable[[int], int]:
    keep = wrapping(_width(site))
    return lambda IN: keep(~IN)


@register_maker("SWAP", "IN")
def _swap(site: Site) -> Callable[[int], int]:
    size = _width(site).bits // 8
    return lambda IN: int.from_bytes(IN.to_bytes(size, "big"), "little")


def _word_logic(operate: Callable[[int, int], int]) -> Callable[[Site], Callable[..., int]]:
    def make(_: Site) -> Callable[..., int]:
        def box(first: int, *others: int) -> int:
            for each in others:
                first = operate(first, each)
            return first

        return box

    return make


register_maker("AND", "*IN")(_word_logic(lambda a, b: a & b))
register_maker("OR", "*IN")(_word_logic(lambda a, b: a | b))
register_maker("XOR", "*IN")(_word_logic(lambda a, b: a ^ b))
