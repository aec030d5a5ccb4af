"""Lists which changes can be undone, as the operations declare it: a table for readers, by section."""

from __future__ import annotations

from collections.abc import Iterable

from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Undo

INTRODUCTION = """## Which changes can be undone

An operation that changes something declares whether it destroys existing data, and how it can be undone. MCP and the
assistant make a change without a preview only when it destroys nothing and can be undone, or needs no undo. *Kept*: the
operation `undo_change` undoes the change; in *italics* are changes that destroy data and need a preview anyway. *Needless*:
the change leaves all existing data as it is. *Never*: nothing undoes the change; it needs a preview, which reports that.

| section | kept | needless | never |
|---|---|---|---|"""


def list_undoable(operations: Iterable[Operation]) -> str:
    """Return what undo_change takes back, a row for each section."""
    sections: dict[str, list[str]] = {}
    for op in operations:
        if op.undo is Undo.KEPT:
            sections.setdefault(op.section, []).append(f"`{op.name}`")
    return "\n".join(f"| {title} | {', '.join(names)} |" for title, names in sections.items())


def table(operations: Iterable[Operation]) -> str:
    """Return all changes by section and by how they are taken back."""
    sections: dict[str, dict[Undo, list[str]]] = {}
    for op in operations:
        if op.changes:
            shown = f"*`{op.name}`*" if op.destroys and op.undo is Undo.KEPT else f"`{op.name}`"
            sections.setdefault(op.section, {}).setdefault(op.undo, []).append(shown)
    rows = [
        f"| {title} | {' | '.join(', '.join(found.get(undo, ())) for undo in Undo)} |"
        for title, found in sections.items()
    ]
    return "\n".join([INTRODUCTION, *rows, ""])
