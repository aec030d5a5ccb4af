"""The metrics for Prometheus. docs/observability.md lists them.

Labels are bounded: names of operations, states of jobs, process ids of attached portals; nothing that a client sends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engineering_api import background

if TYPE_CHECKING:
    from engineering_api.operations.context import Service

disable_created_metrics()  # type: ignore[no-untyped-call]  # prometheus_client leaves it without types
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
SAMPLE = 0.1
"""Seconds between two checks of the event loop."""


class Metrics:
    """The metrics of one service."""

    def __init__(self) -> None:
        """Count from now on."""
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "tia_requests",
            "Answered requests, by operation and status.",
            ["operation", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "tia_request_seconds",
            "Duration of requests in seconds, by operation.",
            ["operation"],
            registry=registry,
            buckets=SECONDS,
        )
        self._counter = cache(lambda operation, status: self._requests.labels(operation, str(status)))
        self._histogram = cache(self._seconds.labels)
        self._lag = Histogram(
            "tia_loop_lag_seconds",
            "Delay of the event loop in seconds, measured ten times a second.",
            registry=registry,
            buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
        )
        self._worst_lag = Gauge(
            "tia_loop_lag_worst_seconds",
            "The longest delay of the event loop since the last scrape.",
            registry=registry,
        )
        self._database = Histogram(
            "tia_database_seconds",
            "Duration of transactions of the service's database in seconds.",
            registry=registry,
            buckets=SECONDS,
        )
        self._worst = 0.0
        self._following: asyncio.Task[None] | None = None
        self._worst_lag.set_function(lambda: self._worst)
        self._jobs = Gauge("tia_jobs", "Stored jobs, by state.", ["state"], registry=registry)

    def request(self, operation: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._counter(operation, status).inc()
        self._histogram(operation).observe(seconds)

    def transaction(self, seconds: float) -> None:
        """Note how long a transaction took. From any thread."""
        self._database.observe(seconds)

    def watch(self, service: Service) -> None:
        """Read the state of a service's parts at each request for metrics."""
        self.registry.register(_Parts(service))

    def start(self) -> None:
        """Measure the event loop from now on."""
        self._following = background.begin(self._follow_loop())

    async def stop(self) -> None:
        """Measure no more."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def _follow_loop(self) -> None:
        while True:
            begin = time.perf_counter()
            await asyncio.sleep(SAMPLE)
            late = max(0.0, time.perf_counter() - begin - SAMPLE)
            self._lag.observe(late)
            self._worst = max(self._worst, late)

    def text(self, jobs: dict[str, int]) -> bytes:
        """Return everything in Prometheus' text format.

        Args:
            jobs: How many jobs there are, by state.
        """
        for state, count in jobs.items():
            self._jobs.labels(state).set(count)
        written = generate_latest(self.registry)
        self._worst = 0.0
        return written


class _Parts(Collector):
    """Reads the parts of a service at each scrape; never the portal's thread."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """Yield the present values."""
        service = self._service
        queue = GaugeMetricFamily("tia_portal_queue", "Calls that wait for a portal's thread.", labels=["portal"])
        call = GaugeMetricFamily(
            "tia_portal_call_seconds",
            "Seconds since the call that runs in a portal began; 0 when none.",
            labels=["portal"],
        )
        for session in service.portals.sessions:
            queue.add_metric([str(session.process_id)], session.apartment.waiting)
            call.add_metric([str(session.process_id)], session.apartment.busy)
        yield queue
        yield call
        yield CounterMetricFamily("tia_audit_rows", "Rows added to the audit log.", service.audit.added)
        yield GaugeMetricFamily(
            "tia_open_streams", "Listeners of events: streams over HTTP and the service's own.", service.hub.listening
        )
        yield GaugeMetricFamily(
            "tia_memory_bytes", "Resident memory of this process.", psutil.Process().memory_info().rss
        )
