"""The state of the service's parts: each portal idle, busy, hung or dead, the database, the disk, the queue.

Never a call on a portal's thread: what a portal does is known from outside, so a portal that hangs is reported immediately.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from typing import Annotated, Literal

import msgspec
import sqlalchemy as sa

from engineering_api.execution.admission import Turn
from engineering_api.execution.runner import Runner
from engineering_api.operations.context import Service
from engineering_api.operations.fields import Model
from engineering_api.operations.terms import Place
from engineering_api.storage.clock import now
from openness_bridge.errors import Problem
from openness_bridge.portal.portal import Loss, Session

HANGS = "tia.hangs"
PATIENCE = 2.0
"""Seconds that the database may take to answer."""
LITTLE = 100 << 20
"""Free bytes of the disk below which a service is not ready."""


PortalCondition = Annotated[Literal["idle", "busy", "hung", "dead"], msgspec.Meta(title="PortalCondition")]
ServiceCondition = Annotated[Literal["ok", "busy", "hung", "dead", "not ready"], msgspec.Meta(title="ServiceCondition")]
_WORST: tuple[ServiceCondition, ...] = ("dead", "hung", "busy")


class PortalHealth(Model):
    """An attached portal.

    Attributes:
        state: hung when its call has not returned after `hung_after` of the settings, dead when its process has ended.
        operation: The operation that runs in it; empty while none runs.
        since: When the operation began.
        seconds: The seconds since then.
        waiting: Number of calls that wait for it.
        current: Whether requests that name no portal use it.
    """

    process_id: int
    state: PortalCondition
    operation: str
    since: str | None
    seconds: float
    waiting: int
    current: bool


class LostPortal(Model):
    """A portal whose connection was ended because it hung or its process ended.

    Attributes:
        code: The error code of the answers to its last requests.
    """

    process_id: int
    state: PortalCondition
    at: str
    code: str
    message: str


class StorageHealth(Model):
    """The data folder.

    Attributes:
        writable: Whether the database can be written now.
        problem: Why it cannot be written; empty where it can.
        free_bytes: Free space of its disk.
    """

    writable: bool
    problem: str
    milliseconds: int
    free_bytes: int
    enough_space: bool


class UnderWay(Model):
    """An operation that runs, or waits for TIA Portal.

    Attributes:
        job: The job that it belongs to; empty where a client waits.
        begun: Whether it runs; the others wait, in the order of the list.
        seconds: The seconds since it was requested.
    """

    operation: str
    job: str
    begun: bool
    seconds: float


class Details(Model):
    """The state of all parts.

    Attributes:
        state: ok, or the worst state of a part.
        under_way: The operations that run or wait, in the order of their requests.
    """

    state: ServiceCondition
    portals: list[PortalHealth]
    lost: list[LostPortal]
    storage: StorageHealth
    jobs: dict[str, int]
    under_way: list[UnderWay]


async def details(service: Service) -> Details:
    """Return the state of all parts."""
    running = {each.process_id for each in await asyncio.to_thread(service.portals.instances)}
    attached = portals(service, running)
    found = await storage(service)
    states = {each.state for each in attached}
    worst: ServiceCondition = next((each for each in _WORST if each in states), "ok")
    ready = found.writable and found.enough_space
    jobs = await service.jobs.counts() if ready else {}
    return Details(
        state=worst if ready else "not ready",
        portals=attached,
        lost=lost(service),
        storage=found,
        jobs=jobs,
        under_way=under_way(service),
    )


def portals(service: Service, running: set[int]) -> list[PortalHealth]:
    """Return the attached portals.

    Args:
        service: The service.
        running: The ids of the portal processes that run.
    """
    current = service.portals.current
    return [_portal(service, each, running, is_current=each is current) for each in service.portals.sessions]


def lost(service: Service) -> list[LostPortal]:
    """Return the portals whose connection was ended."""
    return [_lost(each) for each in service.portals.losses]


def under_way(service: Service) -> list[UnderWay]:
    """Return the operations that run or wait, in the order of their requests."""
    turns = service.part(Runner).execution.admission.turns
    return [_under_way(turn) for turn in turns if turn.op.place is not Place.LOOP]


def _under_way(turn: Turn) -> UnderWay:
    context = turn.context
    return UnderWay(
        operation=turn.op.name, job=context.job, begun=context.progress.begun, seconds=round(turn.seconds, 3)
    )


async def storage(service: Service) -> StorageHealth:
    """Return whether the data folder can be written. Writes nothing, so that anybody may ask."""
    begin = time.perf_counter()
    try:
        await asyncio.wait_for(service.audit.probe(), PATIENCE)
        problem = ""
    except TimeoutError:
        problem = f"The database has not answered for {PATIENCE:.0f} s."
    except (Problem, sa.exc.SQLAlchemyError) as error:
        problem = str(error)
    free = shutil.disk_usage(service.settings.data_dir).free
    return StorageHealth(
        writable=not problem,
        problem=problem,
        milliseconds=int((time.perf_counter() - begin) * 1000),
        free_bytes=free,
        enough_space=free >= LITTLE,
    )


def _lost(loss: Loss) -> LostPortal:
    given = loss.apartment.given_up
    reason = given if isinstance(given, Problem) else Problem("tia.portal_lost", str(given))
    state: PortalCondition = "hung" if reason.code == HANGS else "dead"
    return LostPortal(
        process_id=loss.process_id, state=state, at=now(loss.at), code=reason.code, message=reason.message
    )


def _portal(service: Service, session: Session, running: set[int], *, is_current: bool) -> PortalHealth:
    busy = session.apartment.busy
    state: PortalCondition = "hung" if busy > service.settings.hung_after else "busy" if busy else "idle"
    if session.lost or session.process_id not in running:
        state = "dead"
    operation = service.part(Runner).execution.running.get(session, "")
    return PortalHealth(
        process_id=session.process_id,
        state=state,
        operation=operation,
        waiting=session.apartment.waiting,
        since=now(time.time() - busy) if busy else None,
        seconds=round(busy, 3),
        current=is_current,
    )
