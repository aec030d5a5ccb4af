"""A valve with travel time, end switches and jam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(slots=True)
class Valve:
    """A valve that travels between its end switches.

    Attributes:
        open: whether it is driven open.
        close: whether it is driven closed; both or none keep its position.
        position: percent, 0 is closed.
        opened: end switch of the open position.
        closed: end switch of the closed position.
        raw: the position as an analog input has it, 0 to 27648.
        travel: seconds from one end to the other.
        spring: whether it closes by a spring while it is not driven open; `close` is not needed then.
        jammed: whether it does not move.
    """

    inputs: ClassVar[tuple[str, ...]] = ("open", "close")
    outputs: ClassVar[tuple[str, ...]] = ("position", "raw", "opened", "closed")

    open: bool = False
    close: bool = False
    position: float = 0.0
    opened: bool = False
    closed: bool = True
    raw: int = 0
    travel: float = 2.0
    spring: bool = True
    jammed: bool = False

    def step(self, dt: float) -> None:
        """Travel for a time."""
        closing = self.close or self.spring
        direction = 0 if self.jammed else 1 if self.open and not self.close else -1 if closing and not self.open else 0
        moved = self.position + direction * (100.0 * dt / self.travel)
        self.position = max(0.0, min(100.0, moved))
        self.opened, self.closed = self.position == 100.0, self.position == 0.0
        self.raw = round(self.position * 276.48)
