"""Tries a change without keeping it: TIA Portal makes it in a transaction that is never committed.

Facts: docs/facts/openness.md#exclusive-access-and-transactions. A preview cannot try an operation that a transaction
does not allow (compile, save, open, close, go online, download).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openness_bridge.portal.exclusive import undo_step
from openness_bridge.portal.portal import Session

UNTRIED = "preview.untried"
"""The code of a Problem that ends a preview where it cannot continue: all succeeded up to there."""


@contextmanager
def preview(session: Session, text: str) -> Iterator[None]:
    """Undo all changes of the block at its end; transactions inside are part of this one.

    Args:
        session: The portal. On its thread only.
        text: The text that the portal shows meanwhile.

    Raises:
        Problem: No project is open, or another client has the portal (portal.in_use).
    """
    project, known = session.project, dict(session.notes)
    with undo_step(session, project, text):
        session.trying = True
        try:
            yield
        finally:
            session.trying = False
    session.forget()  # handles died with the transaction; the facts kept before it are true again
    session.notes.update(known)
