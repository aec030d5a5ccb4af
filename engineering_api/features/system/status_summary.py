"""Gathers what a start page shows: each part of the service in a few numbers, from what the service knows already.

Nothing here calls a portal, a PLC or another computer, so that the answer is fast while one of them hangs.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import PurePath
from typing import TypeVar

from engineering_api import VERSION
from engineering_api.audit.log import AuditEntry
from engineering_api.features.plc_tests.kept_runs import plc_test_runs_operations
from engineering_api.features.plc_tests.kept_runs.store import RunSummary
from engineering_api.features.simulation import simulation_operations
from engineering_api.features.system import health, health_operations, system_operations, workers_operations
from engineering_api.features.system.health import LostPortal, PortalHealth, UnderWay
from engineering_api.features.system.workers_operations import WorkerInfo
from engineering_api.operations.context import Context
from engineering_api.operations.fields import Model, Nothing
from engineering_api.operations.jobs import FAILED, RUNNING, JobRecord, JobStatus
from engineering_api.security.scopes import covers, is_allowed
from engineering_api.storage.clock import now
from openness_bridge.errors import Problem
from openness_bridge.plcsim.runtime import RegisteredInstance
from openness_bridge.portal.portal import Instance
from runtime_data.alarms.engine import Alarms
from runtime_data.native import runtime_alarms_operations, runtime_sources_operations
from runtime_data.quality import Quality, quality_of
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource
from runtime_data.sources.simulated import SimulatedSource
from runtime_data.sources.source import State
from runtime_data.values import split

T = TypeVar("T")
SHOWN = 5
"""Failed jobs and changes in the answer."""
MOST_RUNNING = 20
"""Running jobs in the answer."""


class OpenProject(Model):
    """A project that is open in a portal.

    Attributes:
        path: Its file.
        process_id: The portal, for `X-TIA-Instance`.
        current: Whether requests that name no portal use it.
    """

    name: str
    path: str
    process_id: int
    current: bool


class JobInShort(Model):
    """A job without its result."""

    job_id: str
    operation: str
    status: JobStatus
    progress: int
    message: str
    error: str | None
    created_at: str
    started_at: str | None
    completed_at: str | None


class JobsInShort(Model):
    """The jobs: all, or those of a caller who is limited to some projects or tags.

    Attributes:
        counts: How many are kept, by state; null for a limited caller.
        running: Those that run.
        failed: The last ones that failed.
    """

    counts: dict[str, int] | None
    running: list[JobInShort]
    failed: list[JobInShort]


class SourceInShort(Model):
    """A source of values.

    Attributes:
        kind: virtual or plcsim for a simulated PLC, or memory, webapi, opcua, s7.
        state: Of a simulated PLC or memory; null for others, which would have to be asked.
        values: How many tags have been read.
        good: How many of these have a good value now.
        share: good of values, 0 to 1; null without values.
    """

    name: str
    kind: str
    state: State | None
    values: int
    good: int
    share: float | None


class PriorityCount(Model):
    """The active alarms of a priority."""

    priority: int
    active: int
    unacknowledged: int


class AlarmsInShort(Model):
    """The active alarms that the caller may see, the most urgent priority first."""

    active: int
    unacknowledged: int
    priorities: list[PriorityCount]


class Disk(Model):
    """The disk of the data folder.

    Attributes:
        enough: Whether the service is ready with it.
    """

    free_bytes: int
    total_bytes: int
    enough: bool


class ChangeInShort(Model):
    """A change that the audit log has."""

    at: str
    caller: str
    operation: str
    outcome: str


class StatusSummary(Model):
    """The state of the service in short. A part that the caller may not see, or that this server does not have, is null.

    Attributes:
        at: When.
        portals: The attached portals: idle, busy, hung or dead.
        lost: Portals whose connection was ended.
        under_way: Operations that run or wait.
        workers: Behind a gateway, else null. A gateway has no sources, simulated PLCs, alarms and test runs itself.
        projects: The open projects that the caller may use.
        plcs: The simulated PLCs with their states.
        last_test_run: The newest kept run of tests.
        changes: The last changes, for those who may read the audit log.
    """

    at: str
    service_version: str
    backend: str
    tia_version: str
    portals: list[PortalHealth] | None
    lost: list[LostPortal] | None
    under_way: list[UnderWay] | None
    workers: list[WorkerInfo] | None
    projects: list[OpenProject]
    jobs: JobsInShort
    sources: list[SourceInShort] | None
    plcs: list[RegisteredInstance] | None
    alarms: AlarmsInShort | None
    disk: Disk | None
    last_test_run: RunSummary | None
    changes: list[ChangeInShort] | None


async def summary(ctx: Context) -> StatusSummary:
    """Return the state of the service as far as the caller may see it."""
    service, model = ctx.service, ctx.service.portals.model
    instances = await asyncio.to_thread(service.portals.instances)
    running = {each.process_id for each in instances}
    sees_parts, here = _may(ctx, health_operations.details), service.gateway is None
    sees_workers = not here and _may(ctx, workers_operations.list_)
    sees_changes = _may(ctx, system_operations.audit)
    return StatusSummary(
        at=now(),
        service_version=VERSION,
        backend=model.backend,
        tia_version=model.version,
        portals=health.portals(service, running) if sees_parts else None,
        lost=health.lost(service) if sees_parts else None,
        under_way=health.under_way(service) if sees_parts else None,
        workers=await workers_operations.list_(ctx, Nothing()) if sees_workers else None,
        projects=_projects(ctx, instances),
        jobs=await _jobs(ctx),
        sources=await _part(ctx, runtime_sources_operations.list_, _sources),
        plcs=await _part(ctx, simulation_operations.status, _plcs),
        alarms=await _part(ctx, runtime_alarms_operations.list_, _alarms),
        disk=_disk(ctx) if sees_parts else None,
        last_test_run=await _part(ctx, plc_test_runs_operations.list_, _last_run),
        changes=[_change(each) for each in await service.audit.latest(SHOWN)] if sees_changes else None,
    )


def _may(ctx: Context, operation: Callable[..., object]) -> bool:
    return is_allowed(ctx.caller, ctx.service.catalogue.of(operation))


async def _part(ctx: Context, operation: Callable[..., object], find: Callable[[Context], T]) -> T | None:
    """Return a part of this server for a caller who may run the operation that lists it; None otherwise."""
    if ctx.service.gateway is not None or not _may(ctx, operation):
        return None
    return await asyncio.to_thread(find, ctx)


def _projects(ctx: Context, instances: list[Instance]) -> list[OpenProject]:
    allowed = ctx.caller.projects
    return [
        OpenProject(name=PurePath(path).stem, path=path, process_id=each.process_id, current=each.is_current)
        for each in instances
        if (path := each.project_path) is not None
        and each.is_attached
        and (covers(allowed, path) if allowed else not ctx.caller.is_limited)
    ]


async def _jobs(ctx: Context) -> JobsInShort:
    limited = ctx.caller.is_limited
    mine, jobs = ctx.caller.name if limited else None, ctx.service.jobs
    return JobsInShort(
        counts=None if limited else await jobs.counts(),
        running=[_job(each) for each in await jobs.latest(RUNNING, None, MOST_RUNNING, mine)],
        failed=[_job(each) for each in await jobs.latest(FAILED, None, SHOWN, mine)],
    )


def _job(job: JobRecord) -> JobInShort:
    return JobInShort(**{name: getattr(job, name) for name in JobInShort.__struct_fields__})


def _sources(ctx: Context) -> list[SourceInShort]:
    runtime = ctx.service.part(Runtime)
    counts: defaultdict[str, Counter[Quality]] = defaultdict(Counter)
    for value in runtime.latest.all():
        if not ctx.caller.is_limited or runtime.rules.refuse_read(ctx.caller, value.tag) is None:
            counts[split(value.tag)[0]][quality_of(value.status)] += 1
    return [_source(runtime, name, counts[name]) for name in runtime.sources.names()]


def _source(runtime: Runtime, name: str, counts: Counter[Quality]) -> SourceInShort:
    source = runtime.sources.find(name)
    is_local = isinstance(source, SimulatedSource | MemorySource)
    total, good = counts.total(), counts["Good"]
    return SourceInShort(
        name=source.name,
        kind=source.kind,
        state=source.status().state if is_local else None,
        values=total,
        good=good,
        share=round(good / total, 4) if total else None,
    )


def _plcs(ctx: Context) -> list[RegisteredInstance]:
    try:
        return ctx.service.simulation.instances()
    except Problem:  # PLCSIM Advanced is not installed
        return []


def _alarms(ctx: Context) -> AlarmsInShort:
    found = ctx.service.part(Alarms).active(caller=ctx.caller)
    active = Counter(each.priority for each in found)
    waiting = Counter(each.priority for each in found if each.needs_acknowledge and not each.acknowledged_at)
    priorities = [
        PriorityCount(priority=each, active=active[each], unacknowledged=waiting[each])
        for each in sorted(active, reverse=True)
    ]
    return AlarmsInShort(active=len(found), unacknowledged=waiting.total(), priorities=priorities)


def _disk(ctx: Context) -> Disk:
    usage = shutil.disk_usage(ctx.service.settings.data_dir)
    return Disk(free_bytes=usage.free, total_bytes=usage.total, enough=usage.free >= health.LITTLE)


def _last_run(ctx: Context) -> RunSummary | None:
    return plc_test_runs_operations.runs_of(ctx).newest()


def _change(entry: AuditEntry) -> ChangeInShort:
    return ChangeInShort(at=entry.at, caller=entry.caller, operation=entry.operation, outcome=entry.outcome)
