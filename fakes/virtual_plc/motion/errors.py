"""Errors of motion commands and axes: one list, with the numbers of both CPU families.

An S7-1200 reports an ErrorID with an ErrorInfo. An S7-1500 reports an ErrorID for a command; what stops the axis is a
technology alarm, and commands show 16#8001. Facts: docs/facts/motion.md#errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

ALARM_PRESENT: Final = 0x8001
"""ErrorID of an S7-1500 for any technology alarm."""


class Reaction(IntEnum):
    """What an alarm does to the axis (`ErrorDetail.Reaction`)."""

    NONE = 0
    CURRENT_DYNAMICS = 1
    MAXIMUM_DYNAMICS = 2
    EMERGENCY_STOP = 3
    REMOVE_ENABLE = 4


@dataclass(frozen=True, slots=True)
class Error:
    """Why a command is refused, or why an axis stops.

    Attributes:
        classic: ErrorID on an S7-1200.
        info: ErrorInfo on an S7-1200.
        modern: ErrorID on an S7-1500.
        alarm: number of the technology alarm on an S7-1500, 0 for an error of the command alone.
        reaction: what the alarm does to the axis.
        bit: bit of ErrorWord that the alarm sets.
        stops: whether the axis stops on an S7-1200, too.
    """

    classic: int
    info: int = 1
    modern: int = ALARM_PRESENT
    alarm: int = 0
    reaction: Reaction = Reaction.NONE
    bit: int = -1
    stops: bool = False


# Commands that cannot be executed now
NOT_ENABLED: Final = Error(0x8200, modern=0x800F)
OTHER_POWER: Final = Error(0x8201, modern=0x800C)
LOCKED: Final = Error(0x8207, modern=0x800F)
HOMING_RUNS: Final = Error(0x8207, 0x16, modern=0x8074)
ENABLED: Final = Error(0x820A, 0x2C, modern=0x800E)
WRONG_AXIS: Final = Error(0x8408, 0x1C, modern=0x8002)
NOT_HOMED: Final = Error(0x8204, alarm=321, reaction=Reaction.EMERGENCY_STOP, bit=3)

# Parameters
POSITION_INVALID: Final = Error(0x8400, 2, 0x8009)
POSITION_TOO_LARGE: Final = Error(0x8400, 5, 0x8009)
POSITION_TOO_SMALL: Final = Error(0x8400, 6, 0x8009)
DISTANCE_INVALID: Final = Error(0x8401, 2, 0x8008)
DISTANCE_TOO_LARGE: Final = Error(0x8401, 5, 0x8008)
DISTANCE_TOO_SMALL: Final = Error(0x8401, 6, 0x8008)
VELOCITY_INVALID: Final = Error(0x8402, 2, 0x8003)
VELOCITY_TOO_HIGH: Final = Error(0x8402, 8, 0x8003)
VELOCITY_TOO_LOW: Final = Error(0x8402, 9, 0x8003)
VELOCITY_NEGATIVE: Final = Error(0x8402, 0x24, 0x8003)
ACCELERATION_INVALID: Final = Error(0x8209, 0xA, 0x8004)
DECELERATION_INVALID: Final = Error(0x8609, 4, 0x8005)
JERK_INVALID: Final = Error(0x840F, 2, 0x8006)
DIRECTION_INVALID: Final = Error(0x8403, 0x11, 0x8007)
MODE_INVALID: Final = Error(0x8404, 0x11, 0x800A)
MODE_NEEDS_ABSOLUTE: Final = Error(0x8404, 0x55, 0x8010)
MODE_NEEDS_INCREMENTAL: Final = Error(0x8404, 0x56, 0x8011)
STOP_MODE_INVALID: Final = Error(0x8405, 0x11, 0x800B)
BOTH_DIRECTIONS: Final = Error(0x8406, modern=0x8007)

# Synchronous operation
RATIO_NUMERATOR: Final = Error(0x8408, modern=0x8017)
RATIO_DENOMINATOR: Final = Error(0x8408, modern=0x8018)
OWN_LEADER: Final = Error(0x8408, modern=0x8019)
MASTER_OFFSET: Final = Error(0x8408, modern=0x8021)
SLAVE_OFFSET: Final = Error(0x8408, modern=0x8022)
MASTER_SCALING: Final = Error(0x8408, modern=0x8023)
SLAVE_SCALING: Final = Error(0x8408, modern=0x8024)
START_DISTANCE: Final = Error(0x8408, modern=0x8026)
APPLICATION_MODE: Final = Error(0x8408, modern=0x8027)
MASTER_POSITION: Final = Error(0x8408, modern=0x8034)
SLAVE_POSITION: Final = Error(0x8408, modern=0x8035)
SYNC_PROFILE: Final = Error(0x8408, modern=0x8036)
NOT_INTERPOLATED: Final = Error(0x8408, modern=0x8064)
PHASE_SHIFT: Final = Error(0x8408, modern=0x8070)
NO_CAMMING: Final = Error(0x8408, modern=0x808B)
PHASING_DISTANCE: Final = Error(0x8408, modern=0x8082)
PHASING_PROFILE: Final = Error(0x8408, modern=0x8083)
PHASING_START: Final = Error(0x8408, modern=0x8084)
LEADER_REVERSED: Final = Error(0x8408, modern=0x808C)
FOLLOWS: Final = Error(0x8408, modern=0x80A1)
CAMMING_RUNS: Final = Error(0x8408, modern=0x80A8)
NOT_SYNCHRONOUS: Final = Error(0x8408, modern=0x80A9)

# Torque and measuring inputs
TORQUE_LIMIT: Final = Error(0x8408, modern=0x8043)
MEASURING_RANGE_PASSED: Final = Error(0x8408, modern=0x80A2)
RANGE_START: Final = Error(0x8408, modern=0x80A5)
RANGE_END: Final = Error(0x8408, modern=0x80A6)

# What stops the axis
NO_VELOCITY: Final = Error(0x8607, 4, alarm=304, reaction=Reaction.EMERGENCY_STOP, bit=2, stops=True)
NO_ACCELERATION: Final = Error(0x8608, 4, alarm=305, reaction=Reaction.EMERGENCY_STOP, bit=2, stops=True)
NO_APPROACH_VELOCITY: Final = Error(0x8011, 0xA, alarm=341, reaction=Reaction.MAXIMUM_DYNAMICS, bit=10, stops=True)
LOW_LIMIT: Final = Error(0x8001, 0xE, reaction=Reaction.MAXIMUM_DYNAMICS, alarm=533, bit=8, stops=True)
HIGH_LIMIT: Final = Error(0x8002, 0xE, reaction=Reaction.MAXIMUM_DYNAMICS, alarm=533, bit=8, stops=True)
LOW_LIMIT_PASSED: Final = Error(0x8001, 0x10, reaction=Reaction.REMOVE_ENABLE, alarm=534, bit=8, stops=True)
HIGH_LIMIT_PASSED: Final = Error(0x8002, 0x10, reaction=Reaction.REMOVE_ENABLE, alarm=534, bit=8, stops=True)
