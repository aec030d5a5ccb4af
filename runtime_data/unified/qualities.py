"""Qualities as WinCC Unified names them. Facts: docs/facts/runtime.md#quality."""

from __future__ import annotations

from typing import Any

from runtime_data.quality import (
    ACCESS_DENIED,
    BAD,
    GOOD,
    INITIAL_VALUE,
    LAST_USABLE,
    LOCAL_OVERRIDE,
    NO_COMMUNICATION,
    NO_COMMUNICATION_LAST_USABLE,
    NO_DATA,
    NOT_A_NUMBER,
    NOT_CONNECTED,
    NOT_WRITABLE,
    OUT_OF_SERVICE,
    RANGE,
    SUB_NORMAL,
    TYPE_MISMATCH,
    UNKNOWN_TAG,
    status_of,
)

UNIFIED = {
    GOOD.code: ("GOOD_CASCADE", "NON_SPECIFIC"),
    LOCAL_OVERRIDE.code: ("GOOD_CASCADE", "LOCAL_OVERRIDE"),
    INITIAL_VALUE.code: ("UNCERTAIN", "INITIAL_VALUE"),
    LAST_USABLE.code: ("UNCERTAIN", "LAST_USABLE_VALUE"),
    NO_COMMUNICATION_LAST_USABLE.code: ("BAD", "NO_COMMUNICATION_WITH_LAST_USABLE_VALUE"),
    RANGE.code: ("UNCERTAIN", "RANGE_VIOLATION"),
    SUB_NORMAL.code: ("UNCERTAIN", "SUB_NORMAL"),
    NOT_A_NUMBER.code: ("UNCERTAIN", "NON_SPECIFIC"),
    NO_COMMUNICATION.code: ("BAD", "NO_COMMUNICATION_NO_USABLE_VALUE"),
    NOT_CONNECTED.code: ("BAD", "NOT_CONNECTED"),
    OUT_OF_SERVICE.code: ("BAD", "OUT_OF_SERVICE"),
    UNKNOWN_TAG.code: ("BAD", "CONFIGURATION_ERROR"),
    TYPE_MISMATCH.code: ("BAD", "SENSOR_FAILURE"),
    NO_DATA.code: ("BAD", "NON_SPECIFIC"),
    NOT_WRITABLE.code: ("BAD", "NON_SPECIFIC"),
    ACCESS_DENIED.code: ("BAD", "NON_SPECIFIC"),
    BAD.code: ("BAD", "NON_SPECIFIC"),
}
"""The main quality and the sub-status of each status code."""


def show_quality(status: int) -> dict[str, Any]:
    """Return a status code of OPC UA as a quality of WinCC Unified."""
    quality, sub_status = UNIFIED[status_of(status).code]
    return {
        "quality": quality,
        "subStatus": sub_status,
        "limit": "OK",
        "extendedSubStatus": "NON_SPECIFIC",
        "sourceQuality": True,
        "sourceTime": True,
        "timeCorrected": False,
    }
