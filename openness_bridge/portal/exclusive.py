"""Exclusive access to a portal, and one step in its undo list, for changes that belong together.

One exclusive access at a time, one transaction in it. A refusal inside undoes the whole step, and TIA Portal reports
that only when the step is committed. Facts: docs/facts/openness.md#exclusive-access-and-transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openness_bridge.errors import Kind, refused_as
from openness_bridge.portal.portal import Session
from simatic_xml.interruption import settle


@contextmanager
def exclusive_access(session: Session, text: str) -> Iterator[Any]:
    """Lock the portal for this service.

    Raises:
        Problem: Another client has it, or a dialog is open (portal.in_use).
    """
    with refused_as("portal.in_use", Kind.CONFLICT):
        access = session.portal.ExclusiveAccess(text)
    with access:
        yield access


@contextmanager
def keep_step(session: Session, on: Any, text: str) -> Iterator[None]:
    """Make the changes of the block one undo step; an exception undoes them all. Then the operation can only be completed.

    Raises:
        Problem: TIA Portal undid the step (transaction.rolled_back), or this service gave the portal up meanwhile.
    """
    with exclusive_access(session, text) as access, access.Transaction(on, text) as step:
        yield
        session.require_attached()
        with refused_as("transaction.rolled_back", Kind.CONFLICT):
            step.CommitOnDispose()
        settle()


@contextmanager
def undo_step(session: Session, on: Any, text: str) -> Iterator[None]:
    """Undo the changes of the block at its end."""
    with exclusive_access(session, text) as access, access.Transaction(on, text):
        yield
