"""Which parts of the status word of STL a block needs: parts that the block does not read are not kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simatic_xml.program import nodes as n
from simatic_xml.program import walking

_READS_CONDITIONS = frozenset(("JZ", "JN", "JP", "JM", "JPZ", "JMZ", "JUO", "RLDA", "RRDA"))


@dataclass(slots=True)
class Status:
    """Which parts of the status word a block needs, and what is known of FC at the current line.

    Attributes:
        either: OR.
        conditions: CC1 and CC0.
        overflow: OV.
        stored: OS.
        state: STA.
        first: FC as far as it is known; None where it is only known at run time.
    """

    either: bool = False
    conditions: bool = False
    overflow: bool = False
    stored: bool = False
    state: bool = False
    first: bool | None = False


def status_of(operations: list[n.StlOperation]) -> Status:
    """Return what the operations of a block need of the status word."""
    mnemonics = {each.mnemonic for each in operations}
    names = {each.name for each in _status_bits(operations)}
    word = "STW" in names
    bare = any(each.mnemonic == "O" and each.operand is None for each in operations)
    return Status(
        either=word or bare,
        conditions=word or bool(mnemonics & _READS_CONDITIONS or names - {"OV", "OS", "BR", "STW"}),
        overflow=word or "JO" in mnemonics or "OV" in names,
        stored=word or "JOS" in mnemonics or "OS" in names,
        state=word,
    )


def _status_bits(operations: Iterable[n.StlOperation]) -> Iterator[n.StatusBit]:
    for operation in operations:
        for operand in walking.operands(operation):
            yield from (each for each in walking.expressions(operand) if isinstance(each, n.StatusBit))
