"""Says in a sentence how the change of an operation can be undone, as the operation declares it."""

from __future__ import annotations

from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Undo

SENTENCES = {
    Undo.KEPT: "`undo_change` undoes it",
    Undo.NEEDLESS: "it leaves all existing data as it is",
    Undo.NEVER: "nothing undoes it",
}


def sentence(op: Operation) -> str:
    """Return how a change is taken back, for the line about it; empty for a read."""
    if not op.changes:
        return ""
    return f" Destroys existing data; {SENTENCES[op.undo]}." if op.destroys else f" Undo: {SENTENCES[op.undo]}."
