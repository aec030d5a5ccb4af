"""Names of the tools of operations, and why some operations are no tools.

Names that clients of T-IA Connect know are kept (docs/facts/t-ia-connect.md#product): they are declared with their
operations. Every other operation is a tool by its own name.
"""

from __future__ import annotations

import msgspec

from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import secrets_of

SHORT = {
    "device": "deviceName",
    "block": "blockName",
    "tagTable": "tableName",
    "table": "tableName",
    "tag": "tagName",
    "udt": "udtName",
    "plc": "deviceName",
}
"""Short names of fields, as clients of T-IA Connect send them."""


def tool_name(op: Operation) -> str:
    """Return the name of an operation's tool: the declared one, or the operation's in letters that all clients take."""
    return op.tool or op.name.replace(".", "_").strip("_")


def unfit(op: Operation) -> str:
    """Return why an operation is no tool; empty for one that is."""
    if not op.no_tool and any(field.required for field in _secret_fields(op)):
        return "it needs a password, which does not go through a model"
    return op.no_tool


def _secret_fields(op: Operation) -> list[msgspec.structs.FieldInfo]:
    secret = secrets_of(op.request)
    return [field for field in msgspec.structs.fields(op.request) if field.name in secret]
