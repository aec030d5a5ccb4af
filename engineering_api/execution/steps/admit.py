"""The first step: refuse a request when too many wait for TIA Portal, and name the operation in logs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engineering_api.execution.run import Run, Work
from engineering_api.observability.logs import bound
from openness_bridge.portal.apartment import WAITED_FOR


@asynccontextmanager
async def admit(work: Work, run: Run) -> AsyncIterator[None]:
    """Count a run among those that are under way.

    Raises:
        Problem: There are too many.
    """
    known = bound(operation=run.op.name, caller=run.context.caller.name, job=run.context.job)
    with work.admission.enter(run.op, run.context, waited_for=run.rank == WAITED_FOR), known:
        yield
