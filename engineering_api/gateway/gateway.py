"""The gateway: the service of `tia serve`, with a runner that runs operations at workers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from typing import Any

from engineering_api import background
from engineering_api.execution.runner import Runner
from engineering_api.features.system.workers_operations import WorkerInfo
from engineering_api.gateway.calls import Calls
from engineering_api.gateway.describing import describe_worker
from engineering_api.gateway.exchange import Exchange, ignore_unreachable
from engineering_api.gateway.fleet import Fleet, Member
from engineering_api.gateway.messages import GATEWAY, LeaseGrant, Leaving, ProgressReport, State, WorkResult, control
from engineering_api.gateway.routing import Routing
from engineering_api.gateway.runner import GatewayRunner
from engineering_api.gateway.sealing import Seal
from engineering_api.operations.context import Service
from engineering_api.storage.database import Database
from engineering_api.storage.workers import Workers
from openness_bridge.errors import Problem

log = logging.getLogger(__name__)
Beside = Sequence[Callable[[], AbstractAsyncContextManager[Any]]]
"""Makes workers that run in the gateway's own process."""
PARALLEL = 16
"""Answers that are handled at the same time."""
GRACE = 1.5
"""A worker is lost when it was silent for so many leases; it stops starting anything after one."""
LOOKS = 10
"""Looks after silent workers in the time of a lease."""


class Gateway:
    """Hears its workers, and gives the service a runner.

    Attributes:
        fleet: The workers.
        runner: Runs operations at them.
    """

    def __init__(self, service: Service, database: Database, exchange: Exchange, seal: Seal, beside: Beside) -> None:
        """Speak to workers by way of an exchange; those in `beside` run in this process."""
        store = Workers(database)
        self._exchange, self._seal, self._lease = exchange, seal, service.settings.worker_lease
        self.fleet = Fleet(store)
        self._calls = Calls(exchange, seal, self._lease)
        routing = Routing(self.fleet, store)
        self.runner = GatewayRunner(service, self.fleet, routing, self._calls, self)
        self._beside, self._ending = beside, AsyncExitStack()
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to receive messages of workers. The queue server need not be reachable yet."""
        await self._exchange.open()
        self._exchange.receive(GATEWAY, self._take, PARALLEL)
        self._watching = background.begin(self._watch())
        for each in self._beside:
            await self._ending.enter_async_context(each())
        with suppress(TimeoutError):
            await asyncio.wait_for(self.fleet.wait_for_workers(len(self._beside)), self._lease)

    async def close(self) -> None:
        """Receive nothing more."""
        await self._ending.aclose()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._exchange.close()

    async def describe(self) -> list[WorkerInfo]:
        """Describe all workers."""
        return [await self._describe(member) for member in self.fleet]

    async def drain(self, name: str, *, on: bool) -> WorkerInfo:
        """Open no more projects at a worker, or do it again; describes the worker.

        Raises:
            Problem: There is no such worker.
        """
        return await self._describe(await self.fleet.drain(name, on=on))

    async def _describe(self, member: Member) -> WorkerInfo:
        try:
            return describe_worker(member, await self._exchange.depth(member.name))
        except Problem:
            return describe_worker(member, None)

    async def _take(self, sealed: bytes) -> None:
        match self._seal.open(GATEWAY, sealed):
            case State() as state:
                await self._receive_state(state)
            case WorkResult() as answer:
                if answer.state is not None:
                    await self.fleet.receive_state(answer.state)
                self._calls.deliver(answer)
            case ProgressReport() as report:
                self._calls.report_progress(report)
            case Leaving(worker=worker):
                with suppress(Problem):  # one that this gateway never heard of
                    self._lose(self.fleet.find(worker), "has ended")
            case _:
                log.warning("A message in the gateway's queue is not of a worker: it is dropped")

    async def _receive_state(self, state: State) -> None:
        """Take a sign of life in and let the worker continue."""
        member = await self.fleet.receive_state(state)
        self._calls.reconcile(member)
        if member.state is state:
            grant = self._seal.close(control(member.name), LeaseGrant(state.epoch, state.beat, self._lease))
            await ignore_unreachable(
                self._exchange.send(control(member.name), f"grant:{state.epoch}:{state.beat}", grant)
            )

    async def _watch(self) -> None:
        """Give silent workers up, but not for the time that the queue server was away."""
        while True:
            await asyncio.sleep(self._lease / LOOKS)
            up = self._exchange.up_for
            if up == 0:
                self._calls.unreachable()
            elif up > GRACE * self._lease:
                for member in self.fleet:
                    if time.monotonic() - member.heard > GRACE * self._lease:
                        self._lose(member)

    def _lose(self, member: Member, why: str = "is lost") -> None:
        if not member.lost:
            log.warning("Worker %s %s", member.name, why)
        self.fleet.mark_lost(member)
        self._calls.abandon(member)


def maker(exchange: Exchange, seal: Seal, beside: Beside = ()) -> Callable[[Service, Database], Runner]:
    """Make the runner of a gateway for a service."""

    def make(service: Service, database: Database) -> Runner:
        gateway = service.gateway = Gateway(service, database, exchange, seal, beside)
        return gateway.runner

    return make
