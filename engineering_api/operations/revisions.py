"""Which state of the open project a kept fact was made of: the one rule by which the service uses what it keeps in `Session.notes`.

A fact that was made before a change of this service is not used any more. Where a user may change the project in TIA Portal
itself, a fact is used for a few seconds only. Answers to whole requests follow the same count: web/kept_answers.py.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Generic, TypeVar

from engineering_api.operations.changes import Changes
from openness_bridge.portal.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of the project. Note it before you read the project.

    Attributes:
        count: How many changes the service had begun and ended.
        at: When, on the monotonic clock.
    """

    count: int
    at: float

    @classmethod
    def now(cls, changes: Changes) -> Revision:
        """Return the present state."""
        return cls(changes.count, time.monotonic())

    def holds(self, session: Session, changes: Changes, patience: float) -> bool:
        """Return whether the project is still in this state, as far as the service knows. Any thread.

        Args:
            session: The portal with the project.
            changes: The service's changes.
            patience: Seconds for which a project counts as unchanged that others may change meanwhile.
        """
        return self.count == changes.count and (session.is_alone or time.monotonic() - self.at < patience)


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A fact, and the state of the project that it was made of."""

    revision: Revision
    value: T


def find_kept(session: Session, key: str, kind: type[T], changes: Changes, patience: float) -> T | None:
    """Return a fact that is kept of the open project; None where none is, or the project has changed since. Any thread."""
    kept = session.notes.get(key)
    if not isinstance(kept, Kept) or not kept.revision.holds(session, changes, patience):
        return None
    assert isinstance(kept.value, kind)  # noqa: S101 - for the type checker: each key has one kind
    return kept.value


def keep(session: Session, key: str, value: object, revision: Revision) -> None:
    """Keep a fact of the open project until the project is closed."""
    session.notes[key] = Kept(revision, value)
