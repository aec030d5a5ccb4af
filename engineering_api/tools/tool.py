"""A tool as clients see it, and an operation as a tool."""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.operation import Operation
from engineering_api.tools.names import is_destructive, tool_name
from engineering_api.tools.schemas import input_schema, output_schema

NEEDS_PREVIEW = "Destructive: call preview_change first, then apply_change with its token."


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool as clients see it.

    Attributes:
        input_schema: JSON Schema of the arguments.
        output_schema: JSON Schema of the structured answer of a call that went well.
        read_only: Whether it changes nothing.
        destructive: Whether it removes something, cannot be taken back or reaches a PLC; then it needs a preview first.
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


def made(op: Operation) -> Tool:
    """An operation as a tool."""
    destructive = is_destructive(op)
    verb = op.name.partition(".")[2]
    about = [op.summary, op.description, NEEDS_PREVIEW if destructive else ""]
    return Tool(
        name=tool_name(op),
        title=tool_name(op).replace("_", " ").capitalize(),
        description="\n".join(filter(None, about)),
        input_schema=input_schema(op),
        output_schema=output_schema(op),
        read_only=not op.changes,
        destructive=destructive,
        idempotent=not op.changes or verb.startswith(("save", "compile", "put", "set", "configure")),
        operation=op.name,
    )
