"""Keeps the program around a text between two checks: while somebody types, it hardly changes.

The program is read again after a change of this service. Where a user interface may change it, too, it is read again after
some seconds, so that typing does not keep TIA Portal busy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engineering_api.operations.context import Context
from engineering_api.operations.revisions import Revision, find_kept, keep

if TYPE_CHECKING:
    from openness_bridge.program.surroundings import Surroundings

PATIENCE = 5.0
"""Seconds for which a program counts that others may change meanwhile."""


def read_surroundings(ctx: Context, device: str) -> Surroundings:
    """Return the program of a PLC as it is now. From a worker thread.

    Raises:
        Problem: There is no project, or no such PLC.
    """
    from openness_bridge.program import surroundings

    session, changes, key = ctx.session, ctx.service.changes, f"surroundings:{device.casefold()}"
    kept = find_kept(session, key, surroundings.Surroundings, changes, PATIENCE)
    if kept is not None:
        return kept
    revision = Revision.now(changes)

    def read() -> Surroundings:
        found = surroundings.read(session, device)
        keep(session, key, found, revision)
        return found

    return session.call(read)
