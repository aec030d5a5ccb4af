"""The table of the service's parts: how each is made from others, started and stopped. They stop in reverse."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from engineering_api import VERSION
from engineering_api.assembly import Part
from engineering_api.audit.log import Audit
from engineering_api.execution import schedules
from engineering_api.execution.operation_events import OperationEvents
from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.features.access import access_operations
from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.design.store import Designs
from engineering_api.features.devices.hardware_catalog import HardwareCatalogCache
from engineering_api.features.jobs.signalr import signalr
from engineering_api.features.mcp.endpoint import McpTransports
from engineering_api.features.mcp.sessions import Sessions
from engineering_api.features.pipelines import pipelines_operations
from engineering_api.features.pipelines.engine import Pipelines
from engineering_api.features.pipelines.store import PipelineStore
from engineering_api.features.source_control.remote_places import RemotePlaces
from engineering_api.features.source_control.repositories import Repositories
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.features.webhooks.engine import Webhooks
from engineering_api.features.webhooks.store import WebhookStore
from engineering_api.files.roots import RESCUED, Roots
from engineering_api.files.uploads import Uploads
from engineering_api.observability.metrics import Metrics
from engineering_api.operations.awaited import AwaitedRequests
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.changes import Changes
from engineering_api.operations.context import Service
from engineering_api.operations.events import Hub
from engineering_api.operations.jobs import Jobs
from engineering_api.security import Gate
from engineering_api.security.identities import Identities
from engineering_api.security.scopes import Scopes
from engineering_api.security.targets import PLANT_NETWORKS, SINKS, SOURCES, Targets
from engineering_api.settings import Settings
from engineering_api.storage.database import Database
from engineering_api.storage.recent import RecentProjects
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from engineering_api.storage.snapshots import Snapshots
from engineering_api.storage.vault import Vault
from openness_bridge.model import Model
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.own_projects import OwnProjects
from openness_bridge.portal.portal import Portals
from runtime_data.alarms.engine import Alarms
from runtime_data.fail_safe import FailSafeBlocks
from runtime_data.features import Features
from runtime_data.feeds import Feeds
from runtime_data.fleet.fleet import Fleet
from runtime_data.history.history import History, store_of
from runtime_data.ignition.webdev import Webdev
from runtime_data.program_states import ProgramStates
from runtime_data.rules import Rules
from runtime_data.runtime import Runtime
from runtime_data.servers.servers import Servers
from runtime_data.sinks.neighbours import aggregates_of, events_of
from runtime_data.sinks.sinks import Sinks
from runtime_data.sinks.spool import Spool
from runtime_data.sinks.tools import Tools, WallClock
from runtime_data.sources.registry import Sources

# -- how parts are made -----------------------------------------------------------------


def _database(settings: Settings) -> Database:
    return Database(settings.data_dir / "service.db")


def _audit(database: Database, settings: Settings, hub: Hub, catalogue: Catalogue) -> Audit:
    return Audit(database, settings.data_dir, OperationEvents(hub, catalogue).heard, settings.audit_key)


def _metrics(service: Service, database: Database) -> Metrics:
    metrics = Metrics()
    database.timed = metrics.transaction
    metrics.watch(service)
    return metrics


def _roots(settings: Settings) -> Roots:
    return Roots(settings.workspace, settings.roots)


def _uploads(settings: Settings, roots: Roots) -> Uploads:
    return Uploads(settings.data_dir / "uploads", roots, settings.max_upload, settings.max_workspace)


def _simulation(model: Model) -> Simulation:
    return Simulation(lambda: model.plcsim)


def _portals(model: Model, settings: Settings) -> Portals:
    return Portals(
        model,
        launch_when_needed=settings.headless,
        patience=settings.hang_limit,
        rescued=settings.data_dir / RESCUED,
        own_projects=OwnProjects(settings.data_dir / "own-projects.json"),
    )


def _vault(settings: Settings) -> Vault:
    return Vault(settings.data_dir)


def _hardware_catalog(settings: Settings, model: Model) -> HardwareCatalogCache:
    return HardwareCatalogCache(settings.data_dir, model.version)


def _repositories(settings: Settings) -> Repositories:
    return Repositories(settings.data_dir / "source-control")


def _scopes(service: Service) -> Scopes:
    return Scopes(service)


def _runner(service: Service) -> Runner:
    return Runner(service)


def _webhooks(database: Database, vault: Vault, settings: Settings) -> Webhooks:
    return Webhooks(WebhookStore(database), vault, Targets(settings.webhook_hosts))


def _sources(
    definitions: RuntimeDefinitions,
    simulation: Simulation,
    model: Model,
    fail_safe: FailSafeBlocks,
    vault: Vault,
    settings: Settings,
) -> Sources:
    return Sources(
        definitions,
        simulation,
        "virtual" if model.backend == "fake" else "plcsim",
        fail_safe,
        targets=Targets(settings.source_hosts or PLANT_NETWORKS, SOURCES),
        vault=vault,
        folder=settings.data_dir / "runtime",
    )


def _runtime(sources: Sources, definitions: RuntimeDefinitions) -> Runtime:
    return Runtime(sources, Rules(definitions))


def _history(runtime: Runtime, definitions: RuntimeDefinitions, settings: Settings) -> History:
    return History(runtime, definitions, store_of(settings.history, settings.data_dir / "runtime" / "history"))


def _alarms(runtime: Runtime, definitions: RuntimeDefinitions, database: Database, simulation: Simulation) -> Alarms:
    return Alarms(runtime, definitions, database, simulation=simulation)


def _tools_of_sinks(
    service: Service,
    runtime: Runtime,
    vault: Vault,
    history: History,
    alarms: Alarms,
    identities: Identities,
    feeds: Feeds,
) -> Tools:
    settings = service.settings

    async def note_writes(sink: str, values: Mapping[str, Any]) -> None:
        await service.audit.event("runtime_sinks.write", sink=sink, values=dict(values))

    return Tools(
        runtime=runtime,
        spool=Spool(settings.data_dir / "runtime" / "spool.db"),
        vault=vault,
        targets=Targets(settings.sink_hosts, SINKS),
        clock=WallClock(),
        aggregate=aggregates_of(history),
        alarms=events_of(alarms),
        note_writes=note_writes,
        lower=identities.lower,
        programs=feeds.programs,
    )


def _assistant(service: Service, database: Database) -> Assistant:
    return Assistant(service, database)


def _pipelines(database: Database) -> Pipelines:
    return Pipelines(PipelineStore(database), pipelines_operations.start)


def _features() -> Features:
    return Features(access_operations.login, access_operations.logout, pipelines_operations.run)


def _signalr(service: Service) -> signalr.SignalR:
    return signalr.SignalR(service, signalr.HOLD)


def _mcp(service: Service) -> McpTransports:
    return McpTransports(service)


def _scheduler() -> AsyncIOScheduler:
    return AsyncIOScheduler(timezone=dt.UTC)


# -- how parts are started and stopped --------------------------------------------------


async def _begin_audit(audit: Audit, service: Service, database: Database) -> None:
    if database.alone:
        await audit.recover()
    if service.address:
        await audit.event("server.start", address=service.address, version=VERSION)


async def _end_audit(audit: Audit, service: Service) -> None:
    try:
        if service.address:
            await audit.event("server.stop", address=service.address)
    finally:
        audit.close()


async def _clear_uploads(uploads: Uploads, database: Database) -> None:
    if database.alone:
        await asyncio.to_thread(uploads.clear)


def _leave_portals(portals: Portals, settings: Settings) -> None:
    portals.close(settings.shutdown_limit / 4)


async def _start_webhooks(
    webhooks: Webhooks, service: Service, scheduler: AsyncIOScheduler, database: Database
) -> None:
    await webhooks.start(service, scheduler, alone=database.alone)


async def _start_history(history: History, database: Database) -> None:
    await history.start(alone=database.alone)


async def _start_alarms(alarms: Alarms, scheduler: AsyncIOScheduler, database: Database) -> None:
    await alarms.start(scheduler, watch=database.alone)


async def _start_sinks(sinks: Sinks, database: Database) -> None:
    await sinks.start(alone=database.alone)


async def _start_servers(servers: Servers, database: Database) -> None:
    await servers.start(alone=database.alone)


def _start_fleet(fleet: Fleet, scheduler: AsyncIOScheduler, database: Database) -> None:
    if database.alone:
        fleet.start(scheduler)


async def _start_pipelines(
    pipelines: Pipelines, service: Service, scheduler: AsyncIOScheduler, database: Database
) -> None:
    await pipelines.start(service, scheduler, alone=database.alone)


async def _begin_own_work(scheduler: AsyncIOScheduler, service: Service, runner: Runner, database: Database) -> None:
    """Begin what no caller asks for: jobs that an earlier process left, and what recurs. It may use every part."""
    if database.alone:
        await runner.recover()
    schedules.begin(scheduler, service)


def _end_recurring(scheduler: AsyncIOScheduler) -> None:
    scheduler.shutdown(wait=False)


# -- the table --------------------------------------------------------------------------

PARTS: dict[type, Part] = {
    # What all others write to, and what they work on.
    Database: Part(_database, stop=Database.close),
    Audit: Part(_audit, _begin_audit, _end_audit),
    Metrics: Part(_metrics, Metrics.start, Metrics.stop),
    Roots: Part(_roots),
    Uploads: Part(_uploads, _clear_uploads),
    Simulation: Part(_simulation, stop=Simulation.close),
    Portals: Part(_portals, stop=_leave_portals),
    Jobs: Part(Jobs),
    RecentProjects: Part(RecentProjects),
    Snapshots: Part(Snapshots),
    Changes: Part(Changes),
    AwaitedRequests: Part(AwaitedRequests),
    Service: Part(Service),
    Vault: Part(_vault),
    RuntimeDefinitions: Part(RuntimeDefinitions),
    Refusals: Part(Refusals),
    HardwareCatalogCache: Part(_hardware_catalog),
    Designs: Part(Designs),
    Repositories: Part(_repositories),
    RemotePlaces: Part(RemotePlaces),
    # Who may do what, and what does it. The runner stops after all that could give it more to do.
    Identities: Part(Identities, Identities.start, Identities.close),
    Gate: Part(Gate),
    Scopes: Part(_scopes),
    Runner: Part(_runner, stop=Runner.close),
    # The end of the hub ends those who follow it; webhooks wait for that, to store all events for the next start.
    Webhooks: Part(_webhooks, _start_webhooks, Webhooks.stop),
    Hub: Part(Hub, stop=Hub.close),
    # Values of running programs, then what uses them.
    FailSafeBlocks: Part(FailSafeBlocks),
    Sources: Part(_sources),
    Runtime: Part(_runtime, stop=Runtime.close),
    ProgramStates: Part(ProgramStates),
    Feeds: Part(Feeds),
    History: Part(_history, _start_history, History.stop),
    Alarms: Part(_alarms, _start_alarms, Alarms.stop),
    Tools: Part(_tools_of_sinks),
    Sinks: Part(Sinks, _start_sinks, Sinks.stop),
    Servers: Part(Servers, _start_servers, Servers.stop),
    Fleet: Part(Fleet, _start_fleet, Fleet.stop),
    Features: Part(_features),
    Webdev: Part(Webdev),
    # What gives the runner work: it begins when all else has started, and ends first.
    Toolbox: Part(Toolbox),
    Assistant: Part(_assistant, stop=Assistant.close),
    Pipelines: Part(_pipelines, _start_pipelines, Pipelines.stop),
    AsyncIOScheduler: Part(_scheduler, _begin_own_work, _end_recurring),
    signalr.SignalR: Part(_signalr),
    Sessions: Part(Sessions),
    McpTransports: Part(_mcp, stop=McpTransports.close),
}
"""Each part by its type. Settings, Model and Catalogue are given."""
