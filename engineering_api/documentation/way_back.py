"""Lists which changes can be undone, as the operations declare it: a table for readers, by section."""

from __future__ import annotations

from collections.abc import Iterable

from engineering_api.operations.declaration import Operation, Undo

SENTENCES = {
    Undo.KEPT: "`undo_change` takes it back",
    Undo.NEEDLESS: "it leaves all that was there as it was",
    Undo.NEVER: "nothing takes it back",
}
INTRODUCTION = """## What can be taken back

An operation that changes something declares whether it destroys what was there, and how it is taken back. MCP and the
assistant make a change without a preview only when it destroys nothing and can be taken back, or has nothing to take back.
*Kept* is what `undo_change` takes back; in *italics* is what destroys something and needs a preview all the same. *Needless*
leaves all that was there as it was. *Never* needs a preview, which says that nothing takes it back.

| section | kept | needless | never |
|---|---|---|---|"""


def sentence(op: Operation) -> str:
    """Return how a change is taken back, for the line about it; empty for a read."""
    if not op.changes:
        return ""
    return f" Destroys what was there; {SENTENCES[op.undo]}." if op.destroys else f" Undo: {SENTENCES[op.undo]}."


def kept_rows(operations: Iterable[Operation]) -> str:
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
