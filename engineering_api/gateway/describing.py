"""Describes the workers of a gateway for clients."""

from __future__ import annotations

import time

from engineering_api.features.system.workers_operations import WorkerInfo, WorkerPortal, WorkerStatus, WorkerTask
from engineering_api.gateway.fleet import Member


def describe_worker(member: Member, waiting: int | None) -> WorkerInfo:
    """Return what clients see of a worker.

    Args:
        member: It.
        waiting: How many requests wait in its queue; None while the queue server is away.
    """
    state = member.state
    return WorkerInfo(
        name=member.name,
        status=_status(member),
        tia_version=member.version,
        service_version=state.service if state else "",
        machine=state.machine if state else "",
        silent_seconds=round(time.monotonic() - member.heard, 1) if state else None,
        portals=[
            WorkerPortal(
                instance=member.wide(each.process_id),
                process_id=each.process_id,
                mode=each.mode,
                project_path=each.project_path,
                is_attached=each.is_attached,
                is_current=each.is_current,
            )
            for each in member.portals
        ],
        projects=member.projects,
        running=[
            WorkerTask(operation=each.operation, caller=each.caller, job_id=each.job or None, since=each.since)
            for each in (state.running if state else [])
        ],
        waiting=waiting,
        load=state.load if state and state.load >= 0 else None,
    )


def _status(member: Member) -> WorkerStatus:
    if not member.is_there:
        return "unreachable"
    if not member.draining:
        return "ready"
    return "draining" if member.projects or member.out or (member.state and member.state.running) else "drained"
