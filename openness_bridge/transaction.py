"""Changes that are kept together or undone together.

Facts: openness-map 2.3. A refusal inside, caught or not, undoes everything; and
compile, save, open and close are not allowed inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openness_bridge.portal import Session


@contextmanager
def transaction(session: Session, text: str, on: Any = None) -> Iterator[None]:
    """Make the changes of the block one undo step; an exception undoes them all.

    Args:
        session: The portal.
        text: What the portal's undo list says.
        on: The global library that is changed; the project when it is left out.
    """
    changed = session.project if on is None else on
    with session.portal.ExclusiveAccess(text) as access, access.Transaction(changed, text) as step:
        yield
        step.CommitOnDispose()
