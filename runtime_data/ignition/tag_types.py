"""What Ignition calls data types and kinds of tags.

Facts: docs/facts/ignition.md#data-types.
"""

from __future__ import annotations

import re

from runtime_data.values import TagInfo

_TYPES = {
    "bool": "Boolean",
    "sint": "Int1",
    "usint": "Int2",
    "byte": "Int2",
    "int": "Int2",
    "uint": "Int4",
    "word": "Int4",
    "dint": "Int4",
    "udint": "Int8",
    "dword": "Int8",
    "lint": "Int8",
    "ulint": "Int8",
    "lword": "Int8",
    "real": "Float4",
    "lreal": "Float8",
    "char": "String",
    "wchar": "String",
    "string": "String",
    "wstring": "String",
    "time": "Int4",
    "ltime": "Int8",
    "s5time": "Int4",
    "timer": "Int4",
    "counter": "Int2",
    "date": "DateTime",
    "time_of_day": "DateTime",
    "tod": "DateTime",
    "ltime_of_day": "DateTime",
    "ltod": "DateTime",
    "date_and_time": "DateTime",
    "dt": "DateTime",
    "ldt": "DateTime",
    "dtl": "DateTime",
}
_ARRAY = re.compile(r"Array(?:\s*\[.*?\])?\s+of\s+(.+)", re.IGNORECASE)
_LENGTH = re.compile(r"\[\d+\]$")
DOCUMENT = "Document"
"""The type of what has members."""


def name_of(data_type: str) -> str:
    """Return Ignition's name of an S7 data type; Document for structures, empty for a folder."""
    if not data_type:
        return ""
    array = _ARRAY.fullmatch(data_type)
    if array:
        return f"{name_of(array[1])}Array"
    return _TYPES.get(_LENGTH.sub("", data_type).casefold(), DOCUMENT)


def kind_of(info: TagInfo) -> str:
    """Return what Ignition calls a node: Folder where it only holds others, AtomicTag for all others."""
    return "Folder" if info.has_children and not info.has_value else "AtomicTag"
