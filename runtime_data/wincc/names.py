"""Names and numbers of /WinCCRestService, all in one place: some of them nobody has verified with a WinCC.

Which of them are known, and from where: docs/facts/wincc.md#names.
"""

from __future__ import annotations

import re

from runtime_data.alarms.alarm import EventKind
from runtime_data.alarms.state import State

VARIABLE, DATA_TYPE, VALUE, ERROR = "variableName", "dataType", "value", "error"
"""Seen in clients."""
TIMESTAMP, QUALITY, STATE, ERROR_CODE, CODE = "timestamp", "qualitycode", "state", "errorcode", "code"
CONNECTION, ARCHIVE, VALUES = "connectionName", "archiveName", "values"
NUMBER, MESSAGE, CLASS_NAME, TEXT = "messageNumber", "messageName", "messageClass", "messageText"
PRIORITY, USER, COMMENT, COUNT, LIMITS = "priority", "userName", "comment", "count", "limits"
FILTER_NAME, ALL = "filterName", "All"
"""ALL is the filter of all messages, which is there without being configured."""
NEXT = "X-Continuation-Point"
"""The header with the continuation point of the next page."""
GOOD, FAILED = 0, 1
"""Numbers of `errorcode` and `state`."""

CAME, WENT, ACKNOWLEDGED, LOCKED, UNLOCKED = range(1, 6)
MESSAGE_STATES = {
    EventKind.RAISED: CAME,
    EventKind.CLEARED: WENT,
    EventKind.ACKNOWLEDGED: ACKNOWLEDGED,
    EventKind.OUT_OF_SERVICE: LOCKED,
    EventKind.IN_SERVICE: UNLOCKED,
}
"""Numbers of what happened to a message; 0 for what WinCC has no word for."""
MESSAGE_STATES_OF_ALARMS = {
    State.ACTIVE_UNACKNOWLEDGED: CAME,
    State.CLEARED_UNACKNOWLEDGED: WENT,
    State.ACTIVE_ACKNOWLEDGED: ACKNOWLEDGED,
}
"""Numbers of the states of pending messages."""

BIT, SBYTE, BYTE, SWORD, WORD, SDWORD, DWORD, FLOAT, DOUBLE, TEXT8, TEXT16, RAW = range(1, 13)
DATA_TYPES = {
    "bool": BIT,
    "sint": SBYTE,
    "usint": BYTE,
    "byte": BYTE,
    "int": SWORD,
    "uint": WORD,
    "word": WORD,
    "dint": SDWORD,
    "udint": DWORD,
    "dword": DWORD,
    "lint": DOUBLE,
    "ulint": DOUBLE,
    "lword": DOUBLE,
    "real": FLOAT,
    "lreal": DOUBLE,
    "char": TEXT8,
    "string": TEXT8,
    "wchar": TEXT16,
    "wstring": TEXT16,
    "time": SDWORD,
    "ltime": DOUBLE,
    "s5time": DWORD,
    "timer": DWORD,
    "counter": WORD,
}
"""WinCC's number of a data type of a PLC. Dates and times of day come as texts."""
EXACT = 1 << 53
"""Beyond it a DOUBLE does not hold every whole number."""


def data_type_number(data_type: str) -> int:
    """Return WinCC's number of a data type, such as 8 for Real; 0 where it is not known."""
    if not data_type:
        return 0
    return DATA_TYPES.get(re.split(r"[\[ ]", data_type.casefold(), maxsplit=1)[0], TEXT16)


def is_inexact(data_type: str, value: object) -> bool:
    """Return whether WinCC's type for a data type may not hold a value exactly."""
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and abs(value) > EXACT
        and data_type_number(data_type) == DOUBLE
    )
