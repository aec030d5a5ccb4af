"""Shows events to a caller: what an operation said is shown to those who have the right of the operation."""

from __future__ import annotations

import msgspec

from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.events import Event
from engineering_api.operations.terms import Right

_SAID = ("message", "error")
"""The fields of an event with what an operation said."""


def right_of_job(operation: str, catalogue: Catalogue) -> Right:
    """Return the right of a job's operation; of one that this version does not have, the highest."""
    op = catalogue.named(operation)
    return Right.ADMINISTER if op is None else op.right


def right_named(word: str) -> Right:
    """Return the right of a word; the lowest for no word."""
    return next((right for right in Right if right.word == word), Right.PUBLIC)


def withheld(right: Right) -> str:
    """Return what a caller reads in place of a result that needs more than its right."""
    return f"Not shown: reading this needs the right '{right.word}'."


def show_event(event: Event, right: Right, needed: Right) -> Event:
    """Return an event as a caller with a right may read it, where the text needs a right."""
    said = [name for name in _SAID if event.data.get(name)]
    if right >= needed or not said:
        return event
    return msgspec.structs.replace(event, data=event.data | dict.fromkeys(said, withheld(needed)))
