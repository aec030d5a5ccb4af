"""Health & Status: one call for a start page."""

from __future__ import annotations

from engineering_api.features.system import status_summary
from engineering_api.features.system.status_summary import StatusSummary
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing
from engineering_api.operations.terms import Lock, Place, Reach, Right, Site

section = Section("Health & Status", Site.GATEWAY, reach=Reach.NOTHING)


@section.operation(also="GET /api/status/summary", right=Right.VIEW, lock=Lock.NONE, place=Place.LOOP, changes=False)
async def summary(ctx: Context, _: Nothing) -> StatusSummary:
    """Report the state of the service in short, for a start page: portals, jobs, sources, simulated PLCs, alarms, disk, tests.

    It asks no portal and no other computer. A part that the caller may not see is null, as the operation that lists it
    would be refused.
    """
    return await status_summary.summary(ctx)
