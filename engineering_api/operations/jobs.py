"""The job table: a job is written here before its number is answered, and stays after its end."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Annotated, Any, Final, Literal

import msgspec
import sqlalchemy as sa

from engineering_api.operations.fields import JsonValue
from engineering_api.operations.wire import Fault
from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, jobs

JobStatus = Annotated[
    Literal["Pending", "Running", "Completed", "Failed", "Cancelled"], msgspec.Meta(title="JobStatus")
]
PENDING: Final = "Pending"
RUNNING: Final = "Running"
COMPLETED: Final = "Completed"
FAILED: Final = "Failed"
CANCELLED: Final = "Cancelled"
ENDED = (COMPLETED, FAILED, CANCELLED)
_FAULTS = msgspec.json.Decoder(Fault)


class JobRecord(msgspec.Struct, rename="camel", frozen=True):
    """A job as clients see it.

    Attributes:
        progress: Percent, 0 to 100.
        result: The answer of the operation, encoded as it was stored (msgspec.Raw).
        error: The message of a failed job; `problem` has its code, place and details.
        withheld: Why message, result, error and problem are not shown to this caller, who lacks the right of the operation;
            else empty.
    """

    job_id: str
    operation: str
    status: JobStatus
    progress: int
    message: str
    result: JsonValue
    error: str | None
    problem: Fault | None
    created_at: str
    started_at: str | None
    completed_at: str | None
    withheld: str = ""


class Submission(msgspec.Struct, frozen=True):
    """What is needed to run a job.

    Attributes:
        right: The name of the right that its caller had when it was submitted.
        scope: What else limits its caller, as security.scopes keeps it; empty for nothing.
    """

    job_id: str
    operation: str
    arguments: bytes
    caller: str
    right: str
    instance: int | None
    scope: str = ""


class WorkerTicket(msgspec.Struct, array_like=True, frozen=True):
    """Where a job runs behind a gateway.

    Attributes:
        ticket: Under which the worker knows it.
        epoch: The worker's, when it was asked.
    """

    worker: str
    ticket: str
    epoch: str


class SentJob(msgspec.Struct, frozen=True):
    """A job that runs at a worker."""

    submission: Submission
    sent: WorkerTicket


class Jobs:
    """Reads and writes the job table."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    async def add(
        self,
        operation: str,
        arguments: bytes,
        caller: str,
        right: str,
        instance: int | None,
        *,
        scope: str = "",
        status: JobStatus = PENDING,
        job_id: str | None = None,
    ) -> Submission:
        """Write a new job."""
        job = Submission(job_id or str(uuid.uuid4()), operation, arguments, caller, right, instance, scope)

        def insert(connection: sa.Connection) -> None:
            number = sa.select(sa.func.coalesce(sa.func.max(jobs.c.number), 0) + 1).scalar_subquery()
            connection.execute(
                jobs.insert().values(
                    id=job.job_id,
                    number=number,
                    operation=operation,
                    arguments=arguments,
                    caller=caller,
                    right=right,
                    caller_scope=scope,
                    instance=instance,
                    status=status,
                    progress=0,
                    message="",
                    created_at=now(),
                    started_at=now() if status == RUNNING else None,
                )
            )

        await self._database.run(insert)
        return job

    async def update(self, job_id: str, **values: Any) -> None:
        """Write some columns of a job."""
        await self._database.run(lambda c: c.execute(jobs.update().where(jobs.c.id == job_id).values(**values)))

    async def start(self, job_id: str) -> bool:
        """Mark a pending job as running; False when it is not pending any more."""
        change = jobs.update().where(jobs.c.id == job_id, jobs.c.status == PENDING)
        values = {"status": RUNNING, "started_at": now()}
        return await self._database.run(lambda c: c.execute(change.values(values)).rowcount == 1)

    async def end(
        self, job_id: str, status: JobStatus, *, message: str, result: bytes | None = None, error: bytes | None = None
    ) -> None:
        """Write a job's end."""
        values: dict[str, Any] = {"status": status, "message": message, "result": result, "error": error}
        if status == COMPLETED:
            values["progress"] = 100
        await self.update(job_id, **values, completed_at=now())

    async def get(self, job_id: str) -> JobRecord | None:
        """Return one job, or None."""
        row = await self._database.run(lambda c: c.execute(sa.select(jobs).where(jobs.c.id == job_id)).first())
        return None if row is None else _read_record(row)

    async def owner(self, job_id: str) -> tuple[str, str] | None:
        """Return who submitted a job, and its operation; None without one."""
        query = sa.select(jobs.c.caller, jobs.c.operation).where(jobs.c.id == job_id)
        row = await self._database.run(lambda c: c.execute(query).first())
        return None if row is None else (row.caller, row.operation)

    async def latest(
        self, status: JobStatus | None, operation: str | None, limit: int, caller: str | None = None
    ) -> list[JobRecord]:
        """Return the latest jobs, newest first; those of one caller, or of all for None."""
        query = sa.select(jobs).order_by(jobs.c.number.desc()).limit(limit)
        if status:
            query = query.where(jobs.c.status == status)
        if operation:
            query = query.where(jobs.c.operation == operation)
        if caller is not None:
            query = query.where(jobs.c.caller == caller)
        return [_read_record(row) for row in await self._database.run(lambda c: c.execute(query).all())]

    async def note_sent(self, job_id: str, sent: WorkerTicket) -> None:
        """Note where a job is about to run."""
        await self.update(job_id, sent=msgspec.json.encode(sent))

    async def at_workers(self) -> list[SentJob]:
        """Return the jobs that run at workers, in order."""
        query = sa.select(jobs).where(jobs.c.status == RUNNING, jobs.c.sent.is_not(None)).order_by(jobs.c.number)
        rows = await self._database.run(lambda c: c.execute(query).all())
        return [SentJob(_submission(row), msgspec.json.decode(row.sent, type=WorkerTicket)) for row in rows]

    async def recover(self, error: bytes, message: str, going_on: Collection[str] = ()) -> list[Submission]:
        """Fail jobs of the process that ended, not those that run elsewhere; return the waiting ones in order."""

        def work(connection: sa.Connection) -> list[Submission]:
            connection.execute(
                jobs.update()
                .where(jobs.c.status == RUNNING, jobs.c.id.not_in(going_on))
                .values(status=FAILED, message=message, error=error, completed_at=now())
            )
            waiting = sa.select(jobs).where(jobs.c.status == PENDING).order_by(jobs.c.number)
            return [_submission(row) for row in connection.execute(waiting)]

        return await self._database.run(work)

    async def counts(self) -> dict[str, int]:
        """Return how many jobs are kept, by state; 0 for a state that none has."""
        query = sa.select(jobs.c.status, sa.func.count()).group_by(jobs.c.status)
        found = await self._database.run(lambda c: {row[0]: int(row[1]) for row in c.execute(query)})
        return dict.fromkeys((PENDING, RUNNING, *ENDED), 0) | found

    async def remove_before(self, moment: str) -> int:
        """Remove jobs that ended before a moment; returns how many."""
        old = jobs.delete().where(jobs.c.completed_at < moment)
        return await self._database.run(lambda c: c.execute(old).rowcount)


def _submission(row: Any) -> Submission:
    return Submission(row.id, row.operation, row.arguments, row.caller, row.right, row.instance, row.caller_scope)


def _read_record(row: Any) -> JobRecord:
    fault = _FAULTS.decode(row.error) if row.error else None
    return JobRecord(
        job_id=row.id,
        operation=row.operation,
        status=row.status,
        progress=row.progress,
        message=row.message,
        result=None if row.result is None else msgspec.Raw(row.result),
        error=None if fault is None else fault.message,
        problem=fault,
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
    )
