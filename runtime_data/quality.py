"""The quality of a value: OPC UA status codes, and what WinCC and Ignition call the same state.

Facts: docs/facts/runtime.md#quality.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

Quality = Annotated[Literal["Good", "Uncertain", "Bad"], msgspec.Meta(title="Quality")]


@dataclass(frozen=True, slots=True)
class Status:
    """A status code and its names elsewhere.

    Attributes:
        code: OPC UA's number.
        name: OPC UA's name.
        wincc: WinCC's quality byte.
        opc_da: The quality of OPC DA.
        ignition: Ignition's subcode.
        ignition_name: Ignition's name of it.
    """

    code: int
    name: str
    wincc: int
    opc_da: int
    ignition: int
    ignition_name: str


GOOD = Status(0x00000000, "Good", 0x80, 192, 192, "Good")
LOCAL_OVERRIDE = Status(0x00960000, "GoodLocalOverride", 0xD8, 216, 200, "Good_Provisional")
INITIAL_VALUE = Status(0x40920000, "UncertainInitialValue", 0x4C, 64, 258, "Uncertain_InitialValue")
LAST_USABLE = Status(0x40900000, "UncertainLastUsableValue", 0x44, 68, 257, "Uncertain_LastKnownValue")
NO_COMMUNICATION_LAST_USABLE = Status(0x408F0000, "UncertainNoCommunicationLastUsableValue", 0x14, 20, 516, "Bad_Stale")
RANGE = Status(0x40940000, "UncertainEngineeringUnitsExceeded", 0x54, 84, 260, "Uncertain_EngineeringUnitsExceeded")
SUB_NORMAL = Status(0x40A40000, "UncertainDataSubNormal", 0x58, 88, 259, "Uncertain_DataSubNormal")
NOT_A_NUMBER = Status(0x40000000, "Uncertain", 0x40, 64, 256, "Uncertain")
NO_COMMUNICATION = Status(0x80310000, "BadNoCommunication", 0x18, 24, 522, "Bad_NotConnected")
NOT_CONNECTED = Status(0x808A0000, "BadNotConnected", 0x08, 8, 522, "Bad_NotConnected")
OUT_OF_SERVICE = Status(0x808D0000, "BadOutOfService", 0x1C, 28, 515, "Bad_Disabled")
UNKNOWN_TAG = Status(0x80340000, "BadNodeIdUnknown", 0x04, 4, 519, "Bad_NotFound")
TYPE_MISMATCH = Status(0x80740000, "BadTypeMismatch", 0x10, 16, 772, "Error_TypeConversion")
NO_DATA = Status(0x809B0000, "BadNoData", 0x00, 0, 512, "Bad")
NOT_WRITABLE = Status(0x803B0000, "BadNotWritable", 0x00, 0, 526, "Bad_ReadOnly")
ACCESS_DENIED = Status(0x801F0000, "BadUserAccessDenied", 0x00, 0, 514, "Bad_AccessDenied")
BAD = Status(0x80000000, "Bad", 0x00, 0, 512, "Bad")

STATUSES = {
    each.code: each
    for each in (
        GOOD, LOCAL_OVERRIDE, INITIAL_VALUE, LAST_USABLE, NO_COMMUNICATION_LAST_USABLE, RANGE, SUB_NORMAL, NOT_A_NUMBER,
        NO_COMMUNICATION, NOT_CONNECTED, OUT_OF_SERVICE, UNKNOWN_TAG, TYPE_MISMATCH, NO_DATA, NOT_WRITABLE,
        ACCESS_DENIED, BAD,
    )
}  # fmt: skip
_CLASSES: tuple[Quality, ...] = ("Good", "Uncertain", "Bad", "Bad")


def quality_of(status: int) -> Quality:
    """Return the class of a status code: Good, Uncertain or Bad. Its two highest bits say so."""
    return _CLASSES[status >> 30]


def is_good(status: int) -> bool:
    """Return whether a value with this status may be used."""
    return status >> 30 == 0


def status_of(code: int) -> Status:
    """Return what is known of a status code; of an unknown one, what is known of its class."""
    return STATUSES.get(code) or (GOOD, NOT_A_NUMBER, BAD, BAD)[code >> 30]
