"""The part of the service that checks all CPUs: on request and every ten minutes, with events and metrics of what it finds."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engineering_api import background
from engineering_api.observability.metrics import Metrics
from engineering_api.operations.context import Service
from engineering_api.operations.events import Event
from engineering_api.storage.clock import now
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.errors import Kind, Problem
from openness_bridge.hardware import devices
from openness_bridge.portal.portal import Session
from runtime_data.fleet.cpu import FleetCpu, FleetDevice, Noted, describe, without_source
from runtime_data.runtime import Runtime
from runtime_data.sources.about import BackingUp, Cpu
from runtime_data.sources.registry import Sources
from runtime_data.sources.source import Source

log = logging.getLogger(__name__)
KIND = "fleet"
DOWNLOADED = "download.finished"
PERIOD = 10
"""Minutes between two checks."""
PATIENCE = 2.0
"""Seconds that a check waits for TIA Portal."""
SOON = 30
"""Days before its end from which a certificate counts as expiring."""


class Fleet(Collector):
    """All CPUs. On the event loop only, except for `collect`."""

    def __init__(self, service: Service, definitions: RuntimeDefinitions, metrics: Metrics) -> None:
        """Keep noted checksums among these definitions, and show all CPUs in metrics; nothing is checked yet."""
        self._service, self._definitions = service, definitions
        self._seen: dict[str, FleetCpu] = {}
        self._following: asyncio.Task[None] | None = None
        metrics.registry.register(self)

    def start(self, scheduler: AsyncIOScheduler) -> None:
        """Check again and again, and note the checksum after each download of the service."""
        scheduler.add_job(self._check_real, "interval", minutes=PERIOD, coalesce=True, max_instances=1)
        self._following = background.begin(self._service.hub.follow(self._hear, self._service.hub.number))

    async def stop(self) -> None:
        """Check no more."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def check(self) -> list[FleetCpu]:
        """Return what is known of all CPUs; what has changed since the last check becomes events."""
        every = await asyncio.to_thread(self._sources().all)
        sources: list[Source] = [each for each in every if isinstance(each, Cpu)]
        noted = await asyncio.to_thread(self._definitions.all, KIND, Noted)
        known = {each.name.casefold(): each for each in await asyncio.to_thread(self._devices)}
        at = dt.datetime.now(dt.UTC)

        async def one(source: Source) -> FleetCpu:
            device = known.get(source.name.casefold())
            return await asyncio.to_thread(describe, source, noted.get(source.name), device, at)

        found = await asyncio.gather(*(one(each) for each in sources))
        for each in found:
            self._publish(each)
        self._seen = {each.source: each for each in found}
        named = {each.source.casefold() for each in found}
        return [*found, *(without_source(each) for name, each in known.items() if name not in named)]

    async def note(self, name: str) -> Noted:
        """Note the checksum of the program that a CPU executes as that of the last download.

        Raises:
            Problem: There is no such source, it is no CPU, or there is no checksum.
        """
        source = await asyncio.to_thread(self._sources().find, name)
        about = await asyncio.to_thread(_cpu(source).about)
        if not about.checksum:
            raise Problem("fleet.no_checksum", about.no_checksum, kind=Kind.UNSUPPORTED)
        noted = Noted(about.checksum, now())
        await asyncio.to_thread(self._definitions.put, KIND, source.name, noted)
        return noted

    async def back_up(self, name: str, file: Path) -> None:
        """Write a backup of a CPU to a new file.

        Raises:
            Problem: There is no such source, it makes no backups, or not now.
        """
        source = await asyncio.to_thread(self._sources().find, name)
        about = await asyncio.to_thread(_cpu(source).about)
        if not isinstance(source, BackingUp) or about.no_backup:
            msg = about.no_backup or f"A source of the kind {source.kind} makes no backup."
            raise Problem("fleet.no_backup", msg, kind=Kind.UNSUPPORTED)
        await asyncio.to_thread(source.back_up, file)

    def collect(self) -> Iterator[Metric]:
        """Yield what the last check found."""
        connected = GaugeMetricFamily(
            "tia_fleet_connected", "Whether a CPU answered the last check.", labels=["source"]
        )
        changed = GaugeMetricFamily(
            "tia_fleet_program_changed", "Whether a CPU executes another program than noted.", labels=["source"]
        )
        days = GaugeMetricFamily(
            "tia_fleet_certificate_days", "Days until the certificate of a CPU ends.", labels=["source"]
        )
        for name, each in self._seen.items():
            connected.add_metric([name], each.state == "connected")
            if each.program != "unknown":
                changed.add_metric([name], each.program == "changed")
            if each.certificate_days is not None:
                days.add_metric([name], each.certificate_days)
        yield from (connected, changed, days)

    async def _check_real(self) -> None:
        """Check all CPUs where there is one that an administrator defined; others have nobody who waits for news."""
        if await asyncio.to_thread(self._sources().definitions):
            _ = await self.check()

    async def _hear(self, event: Event) -> None:
        """Note the checksum after a download that the service made."""
        target = event.data.get("target", {})
        name = str(target.get("deviceName", "")) if event.kind == DOWNLOADED else ""
        if name and name.casefold() in {each.casefold() for each in await asyncio.to_thread(self._sources().names)}:
            try:
                _ = await self.note(name)
            except Problem as problem:
                log.info("The checksum of %s was not noted: %s", name, problem.message)

    def _publish(self, found: FleetCpu) -> None:
        before = self._seen.get(found.source)
        if before is None:
            return
        changes = [field for field, old, new in _watched(before, found) if old != new]
        if changes:
            data: dict[str, Any] = {
                "changes": changes,
                "state": found.state,
                "firmware": found.firmware,
                "program": found.program,
                "certificateDays": found.certificate_days,
            }
            self._service.hub.publish("fleet.changed", found.source, **data)

    def _sources(self) -> Sources:
        return self._service.part(Runtime).sources

    def _devices(self) -> list[FleetDevice]:
        """Return the PLCs of the open project; none without one, and while TIA Portal is busy."""
        session = self._service.portals.current
        if session is None:
            return []
        try:
            found: list[FleetDevice] = session.call_within(PATIENCE, lambda: _plcs(session))
        except Problem:
            return []
        return found


def _plcs(session: Session) -> list[FleetDevice]:
    return [
        FleetDevice(
            name=str(each.software_name or each.cpu_name or each.name),
            order_number=each.article_number or "",
            firmware=each.version or "",
            matches=None,
        )
        for each in devices.list_devices(session)
        if each.software_name
    ]


def _watched(before: FleetCpu, after: FleetCpu) -> Iterator[tuple[str, object, object]]:
    """Yield what an event is made of where it differs: field, before and after."""
    for field in ("state", "order_number", "firmware", "checksum", "program"):
        old, new = getattr(before, field), getattr(after, field)
        if field == "state" or (old and new):  # a CPU that does not answer has not changed
            yield field, old, new
    yield "certificate", _expires_soon(before), _expires_soon(after)


def _expires_soon(found: FleetCpu) -> bool:
    return found.certificate_days is not None and found.certificate_days < SOON


def _cpu(source: Source) -> Cpu:
    if not isinstance(source, Cpu):
        msg = f"{source.name} is not a CPU, but a source of the kind {source.kind}."
        raise Problem("fleet.no_cpu", msg, kind=Kind.REFUSED)
    return source
