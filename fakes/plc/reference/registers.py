"""What STL works with: accumulators, address registers, data block registers, the status word.

Each execution of a block has registers of its own, as on an S7-1500 (unverified for S7-300 and S7-400, which hand them
on); BR is the block's ENO.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Registers:
    """Registers of one execution of a block.

    Attributes:
        accumulators: ACCU 1 to 4, each 32 bits.
        addresses: AR1 and AR2.
        data_blocks: what the DB register and the DI register have opened: (number, data), None before.
        first: FC, whether a chain of logic has begun.
        result: RLO.
        status: STA.
        either: OR.
        overflow: OV.
        stored_overflow: OS.
        conditions: CC1 and CC0.
        brackets: what `(` has put aside: operation, RLO, OR, FC.
    """

    accumulators: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    addresses: list[int] = field(default_factory=lambda: [0, 0])
    data_blocks: list[tuple[int, Any] | None] = field(default_factory=lambda: [None, None])
    first: bool = False
    result: bool = False
    status: bool = False
    either: bool = False
    overflow: bool = False
    stored_overflow: bool = False
    conditions: tuple[int, int] = (0, 0)
    brackets: list[tuple[str, bool, bool, bool]] = field(default_factory=list)
