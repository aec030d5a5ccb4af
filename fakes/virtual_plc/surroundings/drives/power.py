"""How a drive is switched on and off by control word 1, and what its status word 1 says about it.

Facts: docs/facts/drives.md#control-word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ON, NO_COAST, NO_QUICK_STOP, ENABLE = 0x1, 0x2, 0x4, 0x8
ACKNOWLEDGE, CONTROL = 0x80, 0x400
READY_TO_SWITCH_ON, READY, OPERATION, FAULT = 0x1, 0x2, 0x4, 0x8
COASTS_NOT, STOPS_NOT, INHIBITED, ALARM, REQUESTED = 0x10, 0x20, 0x40, 0x80, 0x200
_FREE: Final = NO_COAST | NO_QUICK_STOP


@dataclass(slots=True)
class Power:
    """The power unit.

    Attributes:
        on: whether it is in operation.
        inhibited: whether ON has to be 0 first.
        braking: whether the drive comes to rest before it switches off.
        fault: number of the fault, 0 without one.
        alarm: number of the alarm, 0 without one.
        word: control word 1 of the last exchange.
    """

    on: bool = False
    inhibited: bool = True
    braking: bool = False
    fault: int = 0
    alarm: int = 0
    word: int = 0

    def take(self, word: int, *, at_rest: bool) -> bool:
        """Take control word 1; return whether the drive stops at once.

        Args:
            word: the control word.
            at_rest: whether the drive does not move.
        """
        if word & ~self.word & ACKNOWLEDGE and self.fault:
            self.fault, self.inhibited = 0, True
        self.word = word
        if self.fault or not word & NO_COAST:
            stops, self.on, self.braking, self.inhibited = self.on, False, False, True
            return stops
        if not word & NO_QUICK_STOP:
            self.inhibited = True
        elif not word & ON:
            self.inhibited = False
        wanted = not self.inhibited and word & ON and word & ENABLE
        self.braking = self.on and not wanted and not at_rest
        self.on = bool(wanted) or self.braking
        return False

    @property
    def status(self) -> int:
        """The bits of status word 1 that each drive has."""
        ready = not self.fault and not self.inhibited
        bits = {
            READY_TO_SWITCH_ON: ready,
            READY: ready and self.word & ON,
            OPERATION: self.on,
            FAULT: self.fault,
            COASTS_NOT: self.word & NO_COAST,
            STOPS_NOT: self.word & NO_QUICK_STOP,
            INHIBITED: self.inhibited,
            ALARM: self.alarm,
            REQUESTED: True,
        }
        return sum(bit for bit, is_set in bits.items() if is_set)
