"""Telegram 111: the words of a drive with the basic positioner (EPOS), and their bits.

Facts: docs/facts/drives.md#telegram-111.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

HUNDRED_PERCENT: Final = 0x4000
NOT_REJECTED, NOT_INTERRUPTED, START, JOG_1, JOG_2, HOME = 0x10, 0x20, 0x40, 0x100, 0x200, 0x800
"""Bits of control word 1, besides those that each drive has."""
BLOCK, ABSOLUTE, POSITIVE, NEGATIVE, CONTINUOUS, SETUP, MDI = 0x3F, 0x100, 0x200, 0x400, 0x1000, 0x4000, 0x8000
"""Bits of position control word 1; `BLOCK` is the number of a traversing block."""
SET_HOME, INCREMENTAL, FLYING, HOME_NEGATIVE, SOFTWARE_LIMITS = 0x2, 0x20, 0x100, 0x200, 0x4000
"""Bits of position control word 2."""
FOLLOWS, AT_TARGET, HOMED, ACCEPTED, STANDSTILL, ACCELERATES, BRAKES = (
    0x100,
    0x400,
    0x800,
    0x1000,
    0x2000,
    0x4000,
    0x8000,
)
"""Bits of status word 1, besides those that each drive has."""
IN_JOG, IN_HOMING, IN_FLYING, IN_BLOCK, IN_SETUP, IN_MDI = 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000
"""Bits of position status word 1."""
FOLLOW_UP, STATIONARY, FORWARD, BACKWARD, AT_LOW, AT_HIGH, TRAVERSES = 0x1, 0x4, 0x10, 0x20, 0x40, 0x80, 0x8000
"""Bits of position status word 2."""

_SETPOINTS: Final = struct.Struct(">HHHHHiiHHH")
_ACTUAL: Final = struct.Struct(">HHHHHiiHHH")
SIZE: Final = _SETPOINTS.size


class Setpoints(NamedTuple):
    """What a CPU sends: four control words, velocity override, MDI position, velocity and overrides, a reserve."""

    word: int = 0
    position_word: int = 0
    position_word_2: int = 0
    word_2: int = 0
    override: int = 0
    position: int = 0
    velocity: int = 0
    acceleration: int = 0
    deceleration: int = 0
    reserve: int = 0

    def pack(self) -> bytes:
        """Return the bytes."""
        return _SETPOINTS.pack(*self)


class Actual(NamedTuple):
    """What a drive sends: four status words, message word, position, velocity, fault, alarm, a reserve."""

    word: int = 0
    position_word: int = 0
    position_word_2: int = 0
    word_2: int = 0
    message: int = 0
    position: int = 0
    velocity: int = 0
    fault: int = 0
    alarm: int = 0
    reserve: int = 0

    def pack(self) -> bytes:
        """Return the bytes."""
        return _ACTUAL.pack(*self)


def setpoints(content: bytes) -> Setpoints:
    """Return what bytes say; missing ones are 0."""
    return Setpoints(*_SETPOINTS.unpack(content[:SIZE].ljust(SIZE, b"\0")))


def actual(content: bytes) -> Actual:
    """Return what bytes say; missing ones are 0."""
    return Actual(*_ACTUAL.unpack(content[:SIZE].ljust(SIZE, b"\0")))
