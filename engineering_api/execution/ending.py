"""Ends a process when its time is over: a thread that hangs or calculates forever cannot be ended alone."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable

from engineering_api.execution.runner import Runner
from engineering_api.operations.context import Service
from openness_bridge.portal.portal import LEAVING

log = logging.getLogger(__name__)
FORCED = 1
"""The exit status of a process that had to be ended by force."""
TICK = 0.1


def end_by_force(service: Service, forget: Callable[[], object] = lambda: None) -> None:
    """End the process after `TIA_SHUTDOWN_LIMIT`. In a thread that begins when the process is asked to end.

    Acknowledged changes are on the disk already. It waits for a copy of unsaved work that is being made.

    Args:
        service: The service of the process.
        forget: Called last, such as to remove the server from the list of running servers.
    """
    limit = service.settings.shutdown_limit
    time.sleep(max(1, limit))
    deadline = time.monotonic() + LEAVING
    while service.portals.is_leaving and time.monotonic() < deadline:
        time.sleep(TICK)
    running = ", ".join(turn.op.name for turn in service.part(Runner).execution.admission.turns)
    log.error("The process ends by force: something did not end in %s s. Under way: %s", limit, running or "nothing")
    forget()
    logging.shutdown()
    os._exit(FORCED)
