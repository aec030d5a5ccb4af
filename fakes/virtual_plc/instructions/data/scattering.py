"""Bits of a bit string as single Bools and back: SCATTER, GATHER, and both for several bit strings.

The lowest bit is the first element. ENO is 0 and nothing is written where the numbers of bits do not match.
"""

from __future__ import annotations

from typing import Any

from simatic_xml.program.types.types import DWORD, DataType, Elementary
from virtual_plc.instructions.data.runs import flat_run
from virtual_plc.instructions.registry import KEEP, Reference, Site, register_maker


def _bits(data_type: DataType) -> int:
    return data_type.bits if isinstance(data_type, Elementary) else DWORD.bits


@register_maker("SCATTER", "IN &OUT", "ENO")
def _scatter(site: Site) -> Any:
    bits = _bits(site.type_of("S", "IN"))

    def scatter(IN: int, OUT: Reference) -> bool:
        target = flat_run(OUT)
        if len(target) != bits:
            return False
        for index in range(bits):
            target.set(index, IN >> index & 1 == 1)
        return True

    return scatter


@register_maker("GATHER", "&IN", "OUT ENO")
def _gather(site: Site) -> Any:
    bits = _bits(site.type_of("D", "OUT"))

    def gather(IN: Reference) -> tuple[Any, bool]:
        source = flat_run(IN)
        if len(source) != bits:
            return KEEP, False
        return sum(1 << index for index in range(bits) if source.get(index)), True

    return gather


@register_maker("SCATTER_BLK", "&IN COUNT_IN &OUT", "ENO")
def _scatter_block(_: Site) -> Any:
    def scatter(IN: Reference, COUNT_IN: int, OUT: Reference) -> bool:
        source, target = flat_run(IN), flat_run(OUT)
        bits = _bits(source.element)
        if len(source) < COUNT_IN or COUNT_IN * bits > len(target):
            return False
        for index in range(COUNT_IN * bits):
            target.set(index, source.get(index // bits) >> index % bits & 1 == 1)
        return True

    return scatter


@register_maker("GATHER_BLK", "&IN COUNT_OUT &OUT", "ENO")
def _gather_block(_: Site) -> Any:
    def gather(IN: Reference, COUNT_OUT: int, OUT: Reference) -> bool:
        source, target = flat_run(IN), flat_run(OUT)
        bits = _bits(target.element)
        if len(target) < COUNT_OUT or COUNT_OUT * bits > len(source):
            return False
        for index in range(COUNT_OUT):
            found = source.values(index * bits, bits)
            target.set(index, sum(1 << bit for bit, value in enumerate(found) if value))
        return True

    return gather
