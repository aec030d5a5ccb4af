"""What a dry run answers."""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Model, Request
from engineering_api.operations.secret_fields import without_secrets
from engineering_api.operations.terms import Trial

NOTES = {
    "undone": "TIA Portal did it in a transaction and undid it again: nothing has changed.",
    "partly": "It was done in a transaction of TIA Portal as far as one goes (it does not allow compiling, and holds only the "
    "project) and undone again: nothing has changed. What comes after that is not known.",
    "planned": "Nothing was changed: the answer is the plan of the same request.",
    "checked": "Nothing was done: a transaction does not allow this, or cannot undo it. The request is well-formed, "
    "and what it names was looked up where a read shows it.",
}


class DryRun(Model):
    """What an operation would do.

    Attributes:
        basis: undone (done and undone again, so the answer is the real one), partly (the same, as far as a transaction
            goes), planned (the operation answers what it would do) or checked (only looked up).
        answer: What the operation would answer; null where it was only checked.
        current: What is there now, where a read shows it; null otherwise.
        read: The operation that showed it.
    """

    operation: str
    summary: str
    arguments: dict[str, Any]
    basis: str
    note: str
    answer: Any = None
    current: Any = None
    read: str = ""


def report(op: Operation, request: Request, answer: bytes | None, current: bytes | None, read: str) -> DryRun:
    """Put together what is known of an operation that was tried."""
    basis = "partly" if op.trial is Trial.UNDONE and answer is None else op.trial.value
    return DryRun(
        operation=op.name,
        summary=op.summary,
        arguments=msgspec.to_builtins(without_secrets(request), enc_hook=str),
        basis=basis,
        note=NOTES[basis],
        answer=None if answer is None else msgspec.Raw(answer),
        current=None if current is None else msgspec.Raw(current),
        read=read,
    )
