"""A tool as clients see it, and an operation as a tool."""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.features.tools.losses import is_dangerous
from engineering_api.features.tools.names import tool_name
from engineering_api.features.tools.schemas import input_schema, output_schema
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Undo

NEEDS_PREVIEW = "Needs a preview: call preview_change first, then apply_change with its token."
FINAL = "It cannot be undone."


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool as clients see it.

    Attributes:
        input_schema: JSON Schema of the arguments.
        output_schema: JSON Schema of the structured answer of a call that went well.
        read_only: Whether it changes nothing.
        destructive: Whether it removes something or cannot be taken back; then it needs a preview first.
        idempotent: Whether a second call with the same arguments changes nothing more.
        operation: The operation that it runs; empty for tools of the toolbox itself.
    """

    name: str
    title: str
    description: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    read_only: bool
    destructive: bool
    idempotent: bool
    operation: str = ""


def to_tool(op: Operation) -> Tool:
    """Return an operation as a tool."""
    destructive = is_dangerous(op)
    about = [op.summary, op.description, FINAL if op.undo is Undo.NEVER else "", NEEDS_PREVIEW if destructive else ""]
    return Tool(
        name=tool_name(op),
        title=tool_name(op).replace("_", " ").capitalize(),
        description="\n".join(filter(None, about)),
        input_schema=input_schema(op),
        output_schema=output_schema(op),
        read_only=not op.changes,
        destructive=destructive,
        idempotent=op.repeatable,
        operation=op.name,
    )
