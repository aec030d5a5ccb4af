"""What a call destroys and what cannot be undone, as its operation and the fields of its request declare it.

This alone decides whether a call needs a preview, for MCP, the assistant and call_operation alike.
"""

from __future__ import annotations

from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request, marked, metas
from engineering_api.operations.terms import Undo
from openness_bridge.errors import Kind, Problem

TEXTS = ("scl", "scl_content", "source_text")
"""Fields of requests that hold the source text of blocks."""
FINAL = "It cannot be undone here."


def is_dangerous(op: Operation) -> bool:
    """Return whether every call of an operation needs a preview."""
    return op.destroys or op.undo is Undo.NEVER


def may_replace(op: Operation) -> bool:
    """Return whether an operation overwrites the objects that its source text declares, with or without a flag."""
    return op.changes and any(hasattr(op.request, name) for name in TEXTS)


def list_reasons(op: Operation, request: Request) -> list[str]:
    """Return why a call needs a preview by its declaration, a sentence for each reason; empty where it needs none."""
    reasons = [f"It removes or overwrites what is there: {op.summary}"] if op.destroys else []
    for field in marked(type(request), "destroys"):
        if op.changes and getattr(request, field.name):
            description = next((meta.description for meta in metas(field.type) if meta.description), "")
            reasons.append(f"{field.encode_name} is set: {description}")
    return [*reasons, FINAL] if op.undo is Undo.NEVER else reasons


def is_dry(request: Request) -> bool:
    """Return whether a request is a dry run of its operation; one that carries another operation may still run that one."""
    return bool(getattr(request, "dry_run", False)) and not marked(type(request), "carries")


def writes(op: Operation, request: Request) -> bool:
    """Return whether a call of a reading operation would write a file."""
    return not op.changes and any(getattr(request, field.name) for field in marked(type(request), "writes"))


def needs_preview(tool: str, reasons: list[str]) -> Problem:
    """Return what is said of a call that has no token."""
    msg = (
        f"'{tool}' with these arguments needs a preview: {' '.join(reasons)} Call preview_change with the tool and its "
        "arguments, show the user what it answers, then call apply_change with the token."
    )
    return Problem("change.needs_preview", msg, kind=Kind.CONFLICT)
