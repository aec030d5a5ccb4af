"""A tool as clients see it, and an operation as a tool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from engineering_api.features.tools.losses import is_dangerous, may_replace
from engineering_api.features.tools.names import tool_name
from engineering_api.features.tools.schemas import input_schema, output_schema
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Undo

LONGEST_EXAMPLE = 400
"""Characters of an example; a longer one costs more than it explains."""
NEEDS_PREVIEW = "Needs a preview: call preview_change first, then apply_change with its token."
FINAL = "It cannot be undone."


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool as clients see it.

    Attributes:
        input_schema: JSON Schema of the arguments.
        output_schema: JSON Schema of the structured answer of a call that went well. No list has it, because it costs more
            than all the rest; find_operations gives it on request.
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


def describe(summary: str, notes: Sequence[str], when: str, unless: str, example: dict[str, Any]) -> str:
    """Return the description of a tool, in the one form that all have.

    Args:
        summary: What it does, in one line.
        notes: Further sentences; empty ones are left out.
        when: When it is the right tool, without "Use it"; empty where that is not declared.
        unless: When it is not, without "Not"; empty where that is not declared.
        example: The arguments of a call.
    """
    call = msgspec.json.encode(example).decode()
    lines = [
        summary,
        *notes,
        f"Use it {when}" if when else "",
        f"Not {unless}" if unless else "",
        f"Example: {call}" if len(call) <= LONGEST_EXAMPLE else "",
    ]
    return "\n".join(filter(None, lines))


def to_tool(op: Operation) -> Tool:
    """Return an operation as a tool."""
    destructive = is_dangerous(op)
    arguments = input_schema(op)
    example = {name: value for name, value in op.example.items() if name in arguments["properties"]}
    notes = [op.description, FINAL if op.undo is Undo.NEVER else "", NEEDS_PREVIEW if destructive else ""]
    return Tool(
        name=tool_name(op),
        title=tool_name(op).replace("_", " ").capitalize(),
        description=describe(op.summary, notes, op.when, op.unless, example),
        input_schema=arguments,
        output_schema=output_schema(op),
        read_only=not op.changes,
        destructive=destructive or may_replace(op),
        idempotent=op.repeatable,
        operation=op.name,
    )
