"""Recurring work: APScheduler starts it, the service's parts do it."""

from __future__ import annotations

import asyncio
import datetime as dt

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from engineering_api.operations.context import Service
from engineering_api.security.identities import Identities


def begin(scheduler: AsyncIOScheduler, service: Service) -> None:
    """Start the scheduler on the running event loop, with the recurring work of the service itself."""
    scheduler.add_job(remove_old_jobs, "cron", hour=3, args=[service], misfire_grace_time=3600, coalesce=True)
    scheduler.add_job(service.part(Identities).keys.note_uses, "interval", minutes=1, coalesce=True)
    scheduler.add_job(
        remove_old_audit, "cron", hour=3, minute=30, args=[service], misfire_grace_time=3600, coalesce=True
    )
    scheduler.add_job(asyncio.to_thread, "interval", hours=1, args=[service.audit.tell_end], coalesce=True)
    scheduler.start()


async def remove_old_jobs(service: Service) -> int:
    """Remove jobs that ended longer ago than they are kept; returns how many."""
    limit = dt.datetime.now(dt.UTC) - dt.timedelta(days=service.settings.keep_jobs_days)
    return await service.jobs.remove_before(limit.isoformat(timespec="milliseconds"))


async def remove_old_audit(service: Service) -> int:
    """Remove entries of the audit log that are older than they are kept; returns how many rows."""
    if not service.settings.keep_audit_days:
        return 0
    limit = dt.datetime.now(dt.UTC) - dt.timedelta(days=service.settings.keep_audit_days)
    return await service.audit.remove_before(limit.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
