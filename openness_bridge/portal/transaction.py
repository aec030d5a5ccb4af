"""Changes that are kept together or undone together.

Facts: docs/facts/openness.md#exclusive-access-and-transactions. A refusal inside, caught or not, undoes everything; and
compile, save, open and close are not allowed inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.exclusive import keep_step
from openness_bridge.portal.portal import Session
from openness_bridge.portal.preview import UNTRIED
from simatic_xml.interruption import settle


@contextmanager
def transaction(session: Session, text: str, on: Any = None) -> Iterator[None]:
    """Make the changes of the block one undo step; an exception undoes them all. A transaction inside is a part of it.

    Args:
        session: The portal.
        text: The text in the portal's undo list.
        on: The global library that is changed; the project when it is left out.

    Raises:
        Problem: A global library is to be changed while a change of the project is only tried (preview.UNTRIED);
            another client has the portal (portal.in_use); TIA Portal undid the step (transaction.rolled_back).
    """
    if session.trying:
        _require_project(on)
    if session.trying or session.changing:
        yield
        return
    changed = session.project if on is None else on
    session.changing = True
    try:
        with keep_step(session, changed, text):
            yield
    finally:
        session.changing = False


@contextmanager
def settled() -> Iterator[None]:
    """Make changes that no transaction undoes: once they are made, the operation can only be completed."""
    yield
    settle()


def _require_project(on: Any) -> None:
    if on is not None:
        msg = "A change of a global library has no dry run: TIA Portal has one transaction at a time, which belongs to the project."
        raise Problem(UNTRIED, msg, kind=Kind.REFUSED)
