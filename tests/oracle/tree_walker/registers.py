"""What STL works with: accumulators, address registers, data block registers, the status word.

Each execution of a block has registers of its own, as on an S7-1500 (unverified for S7-300 and S7-400, which hand them
on); BR is the block's ENO.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

WORD, DOUBLE = 0xFFFF, 0xFFFF_FFFF


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
        masters: states of the master control relay that `MCR(` has put aside and its present one; the first is always on.
        master_active: whether the master control relay works (MCRA).
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
    masters: list[bool] = field(default_factory=lambda: [True])
    master_active: bool = False

    @property
    def accu(self) -> int:
        """ACCU 1."""
        return self.accumulators[0]

    @accu.setter
    def accu(self, value: int) -> None:
        self.accumulators[0] = value & DOUBLE

    @property
    def low(self) -> int:
        """The right word of ACCU 1; writing it keeps the left one."""
        return self.accumulators[0] & WORD

    @low.setter
    def low(self, value: int) -> None:
        self.accumulators[0] = self.accumulators[0] & ~WORD | value & WORD

    @property
    def master(self) -> bool:
        """Whether the master control relay lets operations through."""
        return self.masters[-1] or not self.master_active

    def load(self, value: int) -> None:
        """Put a pattern into ACCU 1; what was there goes to ACCU 2."""
        self.accumulators[1] = self.accumulators[0]
        self.accu = value

    def begin(self, *, status: bool = True) -> None:
        """End a chain of logic: the next operation begins another."""
        self.first, self.either, self.status = False, False, status

    def conclude(self, result: bool, *, status: bool | None = None) -> None:
        """Put a result into RLO; a chain of logic has begun."""
        self.first, self.either, self.result = True, False, result
        self.status = result if status is None else status

    def judge(self, value: float, *, overflow: bool = False) -> None:
        """Set CC1, CC0 and OV by the sign of a result; OS keeps an overflow."""
        self.conditions = (int(value > 0), int(value < 0))
        self.overflow = overflow
        self.stored_overflow = self.stored_overflow or overflow

    def fail(self) -> None:
        """Set CC1, CC0, OV and OS: there is no result."""
        self.conditions = (1, 1)
        self.overflow = self.stored_overflow = True


def signed(value: int, bits: int) -> int:
    """Return the number that a pattern of 16 or 32 bits means."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value
