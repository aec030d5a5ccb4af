"""A tank with level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(slots=True)
class Tank:
    """An upright tank that flows fill and empty.

    Attributes:
        inflow: share of the largest inflow, 0 to 1; a truth value is all or nothing.
        outflow: share of the largest outflow.
        level: metres.
        raw: the level as an analog input has it, 0 to 27648 for 0 to `height`.
        low: switch that is on below `low_level`.
        high: switch that is on above `high_level`.
        overflowing: whether it is full and more flows in than out.
        area: square metres of its base.
        height: metres.
        max_inflow: largest inflow in cubic metres per second.
        max_outflow: largest outflow; an empty tank has none.
        low_level: metres.
        high_level: metres.
    """

    inputs: ClassVar[tuple[str, ...]] = ("inflow", "outflow")
    outputs: ClassVar[tuple[str, ...]] = ("level", "raw", "low", "high", "overflowing")

    inflow: float = 0.0
    outflow: float = 0.0
    level: float = 0.0
    raw: int = 0
    low: bool = True
    high: bool = False
    overflowing: bool = False
    area: float = 1.0
    height: float = 2.0
    max_inflow: float = 0.01
    max_outflow: float = 0.01
    low_level: float = 0.2
    high_level: float = 1.8

    def step(self, dt: float) -> None:
        """Add what flows in, take what flows out."""
        net = self.inflow * self.max_inflow - self.outflow * self.max_outflow
        self.level = max(0.0, min(self.height, self.level + net * dt / self.area))
        self.overflowing = self.level == self.height and net > 0
        self.low, self.high = self.level < self.low_level, self.level > self.high_level
        self.raw = round(self.level / self.height * 27648)
