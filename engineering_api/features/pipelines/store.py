"""Pipelines and their executions in the service's database. A step's result is there before the next step begins."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa

from engineering_api.features.pipelines.model import (
    ACTIVE,
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SKIPPED,
    Definition,
    PipelineDefinition,
    PipelineExecution,
    PipelineStatus,
    StepResult,
)
from engineering_api.operations import jobs as job_table
from engineering_api.operations.terms import Right
from engineering_api.security.authority import Authority
from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, jobs, metadata

pipelines = sa.Table(
    "pipelines",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("definition", sa.LargeBinary, nullable=False),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("owner_right", sa.Integer, nullable=False),
    sa.Column("owner_authority", sa.String, nullable=False, server_default=""),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("updated_at", sa.String),
)

executions = sa.Table(
    "pipeline_executions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("pipeline", sa.String, nullable=False, index=True),
    sa.Column("definition", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.String, nullable=False, index=True),
    sa.Column("job_id", sa.String, nullable=False, index=True),
    sa.Column("cause", sa.String, nullable=False),
    sa.Column("event", sa.LargeBinary, nullable=False),
    sa.Column("caller", sa.String, nullable=False),
    sa.Column("caller_right", sa.Integer, nullable=False),
    sa.Column("caller_authority", sa.String, nullable=False, server_default=""),
    sa.Column("instance", sa.Integer),
    sa.Column("variables", sa.LargeBinary, nullable=False),
    sa.Column("steps", sa.LargeBinary, nullable=False),
    sa.Column("started_at", sa.String, nullable=False),
    sa.Column("completed_at", sa.String, index=True),
    sa.Column("duration_ms", sa.Integer, nullable=False, default=0),
    sa.Column("error", sa.String),
)

_DEFINITIONS, _STEPS = msgspec.json.Decoder(Definition), msgspec.json.Decoder(list[StepResult])
_SHOWN = [column for column in executions.c if column.name != "definition"]


class OwnedPipeline(msgspec.Struct, frozen=True):
    """A pipeline with the authority of its owner."""

    definition: PipelineDefinition
    authority: Authority


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An execution that is to begin: all that it needs, even if the pipeline is changed meanwhile.

    Attributes:
        caller: Who started it.
        authority: What both the owner and who started it may do.
        instance: The portal that was chosen; None for the current one.
        event: What started it; null for others.
    """

    id: str
    definition: Definition
    cause: str
    caller: str
    authority: Authority
    instance: int | None = None
    variables: dict[str, Any] = {}
    event: dict[str, Any] | None = None


class PipelineStore:
    """Reads and writes pipelines and executions, on the event loop."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    # -- definitions ------------------------------------------------------------------

    async def put(self, definition: Definition, owner: str, authority: Authority) -> None:
        """Keep a pipeline, and replace the one of its name."""
        values = {
            "definition": msgspec.json.encode(definition),
            "owner": owner,
            "owner_right": int(authority.right),
            "owner_authority": authority.encode(),
        }

        def work(connection: sa.Connection) -> None:
            same = pipelines.c.name == definition.name
            change = pipelines.update().where(same).values(**values, updated_at=now())
            if not connection.execute(change).rowcount:
                connection.execute(pipelines.insert().values(name=definition.name, created_at=now(), **values))

        await self._database.run(work)

    async def get(self, name: str) -> OwnedPipeline | None:
        """Return a pipeline, or None."""
        row = await self._database.run(
            lambda c: c.execute(sa.select(pipelines).where(pipelines.c.name == name)).first()
        )
        return None if row is None else _read_row(row)

    async def all(self) -> list[OwnedPipeline]:
        """Return all pipelines by name."""
        query = sa.select(pipelines).order_by(pipelines.c.name)
        return [_read_row(row) for row in await self._database.run(lambda c: c.execute(query).all())]

    async def remove(self, name: str) -> None:
        """Remove a pipeline; its executions stay."""
        gone = pipelines.delete().where(pipelines.c.name == name)
        await self._database.run(lambda c: c.execute(gone))

    # -- executions -------------------------------------------------------------------

    async def order(self, order: Order, *, status: PipelineStatus = PENDING, error: str | None = None) -> None:
        """Write an execution before it begins; or, with a status of the end, one that never does."""
        steps = [
            StepResult(step_index=index, step_name=step.name, action=step.action)
            for index, step in enumerate(order.definition.steps)
        ]
        values = {
            "id": order.id,
            "pipeline": order.definition.name,
            "definition": msgspec.json.encode(order.definition),
            "status": status,
            "job_id": "",
            "cause": order.cause,
            "event": msgspec.json.encode(order.event),
            "caller": order.caller,
            "caller_right": int(order.authority.right),
            "caller_authority": order.authority.encode(),
            "instance": order.instance,
            "variables": msgspec.json.encode(order.variables),
            "steps": msgspec.json.encode(steps),
            "started_at": now(),
            "completed_at": None if status == PENDING else now(),
            "error": error,
        }
        await self._database.run(lambda c: c.execute(executions.insert().values(**values)))

    async def take(self, execution_id: str) -> Order | None:
        """Mark a pending execution as running, and get what it needs; None when it is not pending."""

        def work(connection: sa.Connection) -> Any:
            this = executions.c.id == execution_id
            change = executions.update().where(this, executions.c.status == PENDING)
            if not connection.execute(change.values(status=RUNNING, started_at=now())).rowcount:
                return None
            return connection.execute(sa.select(executions).where(this)).one()

        row = await self._database.run(work)
        return None if row is None else _order(row)

    async def update(self, execution_id: str, **values: Any) -> None:
        """Write some columns of an execution."""
        change = executions.update().where(executions.c.id == execution_id).values(**values)
        await self._database.run(lambda c: c.execute(change))

    async def note(self, execution_id: str, steps: list[StepResult]) -> None:
        """Write what is known of an execution's steps."""
        await self.update(execution_id, steps=msgspec.json.encode(steps))

    async def execution(self, execution_id: str) -> PipelineExecution | None:
        """Return an execution, or None."""
        query = sa.select(*_SHOWN).where(executions.c.id == execution_id)
        row = await self._database.run(lambda c: c.execute(query).first())
        return None if row is None else _execution(row)

    async def latest(self, name: str | None, status: PipelineStatus | None, limit: int) -> list[PipelineExecution]:
        """Return the latest executions, newest first; of one pipeline, or of all for None."""
        query = sa.select(*_SHOWN).order_by(executions.c.number.desc()).limit(limit)
        if name:
            query = query.where(executions.c.pipeline == name)
        if status:
            query = query.where(executions.c.status == status)
        return [_execution(row) for row in await self._database.run(lambda c: c.execute(query).all())]

    async def is_active(self, name: str) -> bool:
        """Return whether an execution of a pipeline waits or runs."""
        query = sa.select(executions.c.id).where(executions.c.pipeline == name, executions.c.status.in_(ACTIVE))
        return await self._database.run(lambda c: c.execute(query.limit(1)).first() is not None)

    async def last_start(self, name: str) -> dt.datetime | None:
        """Return when a schedule started a pipeline last."""
        query = sa.select(sa.func.max(executions.c.started_at)).where(
            executions.c.pipeline == name, executions.c.cause == "schedule"
        )
        text = await self._database.run(lambda c: c.execute(query).scalar_one())
        return None if text is None else dt.datetime.fromisoformat(text)

    async def give_up(self, job_id: str) -> str | None:
        """Cancel an execution whose job was cancelled before it began. Returns its pipeline's name."""
        these = (executions.c.job_id == job_id, executions.c.status == PENDING)
        values = {"status": CANCELLED, "completed_at": now(), "error": "Cancelled before it started."}

        def work(connection: sa.Connection) -> str | None:
            name = connection.execute(sa.select(executions.c.pipeline).where(*these)).scalar()
            connection.execute(executions.update().where(*these).values(values))
            return None if name is None else str(name)

        return await self._database.run(work)

    async def recover(self, reason: str) -> None:
        """Settle what an earlier process left. Executions whose job still waits stay pending."""
        waiting = sa.select(jobs.c.id).where(jobs.c.status == job_table.PENDING)
        cancelled = sa.select(jobs.c.id).where(jobs.c.status == job_table.CANCELLED)

        def work(connection: sa.Connection) -> None:
            pending = executions.c.status == PENDING
            ended = executions.update().values(completed_at=now())
            connection.execute(
                ended.where(pending, executions.c.job_id.in_(cancelled)).values(
                    status=CANCELLED, error="Cancelled before it started."
                )
            )
            lost = sa.or_(executions.c.status == RUNNING, sa.and_(pending, executions.c.job_id.not_in(waiting)))
            for row in connection.execute(sa.select(executions.c.id, executions.c.steps).where(lost)).all():
                steps = msgspec.json.encode([_interrupt(step, reason) for step in _STEPS.decode(row.steps)])
                this = executions.c.id == row.id
                connection.execute(ended.where(this).values(status=FAILED, error=reason, steps=steps))

        await self._database.run(work)

    async def remove_old(self, moment: str, most: int) -> int:
        """Remove executions that ended before a moment, and of each pipeline all but the latest; returns how many."""
        latest_first = executions.c.number.desc()
        rank = sa.func.row_number().over(partition_by=executions.c.pipeline, order_by=latest_first).label("rank")
        ranked = sa.select(executions.c.number, rank).subquery()
        beyond = executions.c.number.in_(sa.select(ranked.c.number).where(ranked.c.rank > most))
        ended = executions.c.completed_at.is_not(None)
        old = executions.delete().where(ended, sa.or_(executions.c.completed_at < moment, beyond))
        return await self._database.run(lambda c: c.execute(old).rowcount)


def _interrupt(step: StepResult, reason: str) -> StepResult:
    if step.status == RUNNING:
        return msgspec.structs.replace(step, status=FAILED, error=reason, completed_at=now())
    return msgspec.structs.replace(step, status=SKIPPED) if step.status == PENDING else step


def _read_row(row: Any) -> OwnedPipeline:
    definition = _DEFINITIONS.decode(row.definition)
    kept = PipelineDefinition(
        **msgspec.structs.asdict(definition), created_at=row.created_at, updated_at=row.updated_at, owner=row.owner
    )
    return OwnedPipeline(kept, Authority.decode(row.owner_authority, row.owner, Right(row.owner_right)))


def _order(row: Any) -> Order:
    return Order(
        id=row.id,
        definition=_DEFINITIONS.decode(row.definition),
        cause=row.cause,
        caller=row.caller,
        authority=Authority.decode(row.caller_authority, row.caller, Right(row.caller_right)),
        instance=row.instance,
        variables=msgspec.json.decode(row.variables),
        event=msgspec.json.decode(row.event),
    )


def _execution(row: Any) -> PipelineExecution:
    return PipelineExecution(
        id=row.id,
        pipeline_name=row.pipeline,
        status=row.status,
        job_id=row.job_id,
        cause=row.cause,
        caller=row.caller,
        variables=msgspec.json.decode(row.variables),
        step_results=_STEPS.decode(row.steps),
        started_at=row.started_at,
        completed_at=row.completed_at,
        duration_ms=row.duration_ms,
        error=row.error,
    )
