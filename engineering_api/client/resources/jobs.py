"""Async Jobs: look at jobs, stop them, and run any operation by its name.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Any

from engineering_api.client.answers import UNTYPED
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.jobs.jobs_operations import Execute, ExecuteNow, JobAddress, JobFilter
from engineering_api.storage.jobs import JobRecord


class Jobs(Resource):
    """Async Jobs: look at jobs, stop them, and run any operation by its name."""

    def get(self, *, job_id: str) -> JobRecord:
        """Get a job's state, progress, result or error. It stays readable after its end.

        Args:
            job_id: The job's id.
        """
        return self._client.run("jobs.get", JobAddress(job_id=job_id), JobRecord)

    def list_(self, *, status: str | None = None, operation: str | None = None, limit: int = 100) -> list[JobRecord]:
        """List the latest jobs, newest first; for callers who are limited to some projects, their own.

        Args:
            status: Only jobs in this state.
            operation: Only jobs of this operation.
            limit: How many at most, newest first.
        """
        return self._client.run(
            "jobs.list_", JobFilter(status=status, operation=operation, limit=limit), list[JobRecord]
        )

    def cancel(self, *, job_id: str) -> JobRecord:
        """Stop a job: a waiting one never starts, a running one stops at its next step and its changes are undone.

        A request that its client still waits for is stopped likewise, by the X-Request-Id that it came with.

        Args:
            job_id: The job's id.
        """
        return self._client.run("jobs.cancel", JobAddress(job_id=job_id), JobRecord)

    def execute_sync(self, *, operation: str, arguments: dict[str, Any] | None = None, dry_run: bool = False) -> Any:
        """Run any operation by its name and wait for it. The answer's data is that operation's, or what a dry run tells.

        Args:
            operation: The operation's name, such as tag_tables.create; GET /api/command/list has all.
            arguments: Its path, query and body fields together.
            dry_run: Change nothing, only tell what would be done.
        """
        return self._client.run(
            "jobs.execute_sync", ExecuteNow(operation=operation, arguments=arguments or {}, dry_run=dry_run), UNTYPED
        )

    def execute(self, *, operation: str, arguments: dict[str, Any] | None = None) -> dict[str, str]:
        """Run any operation by its name as a job.

        Args:
            operation: The operation's name, such as tag_tables.create; GET /api/command/list has all.
            arguments: Its path, query and body fields together.
        """
        return self._client.run("jobs.execute", Execute(operation=operation, arguments=arguments or {}), dict[str, str])


class AsyncJobs(AsyncResource):
    """Async Jobs: look at jobs, stop them, and run any operation by its name."""

    async def get(self, *, job_id: str) -> JobRecord:
        """Get a job's state, progress, result or error. It stays readable after its end.

        Args:
            job_id: The job's id.
        """
        return await self._client.run("jobs.get", JobAddress(job_id=job_id), JobRecord)

    async def list_(
        self, *, status: str | None = None, operation: str | None = None, limit: int = 100
    ) -> list[JobRecord]:
        """List the latest jobs, newest first; for callers who are limited to some projects, their own.

        Args:
            status: Only jobs in this state.
            operation: Only jobs of this operation.
            limit: How many at most, newest first.
        """
        return await self._client.run(
            "jobs.list_", JobFilter(status=status, operation=operation, limit=limit), list[JobRecord]
        )

    async def cancel(self, *, job_id: str) -> JobRecord:
        """Stop a job: a waiting one never starts, a running one stops at its next step and its changes are undone.

        A request that its client still waits for is stopped likewise, by the X-Request-Id that it came with.

        Args:
            job_id: The job's id.
        """
        return await self._client.run("jobs.cancel", JobAddress(job_id=job_id), JobRecord)

    async def execute_sync(
        self, *, operation: str, arguments: dict[str, Any] | None = None, dry_run: bool = False
    ) -> Any:
        """Run any operation by its name and wait for it. The answer's data is that operation's, or what a dry run tells.

        Args:
            operation: The operation's name, such as tag_tables.create; GET /api/command/list has all.
            arguments: Its path, query and body fields together.
            dry_run: Change nothing, only tell what would be done.
        """
        return await self._client.run(
            "jobs.execute_sync", ExecuteNow(operation=operation, arguments=arguments or {}, dry_run=dry_run), UNTYPED
        )

    async def execute(self, *, operation: str, arguments: dict[str, Any] | None = None) -> dict[str, str]:
        """Run any operation by its name as a job.

        Args:
            operation: The operation's name, such as tag_tables.create; GET /api/command/list has all.
            arguments: Its path, query and body fields together.
        """
        return await self._client.run(
            "jobs.execute", Execute(operation=operation, arguments=arguments or {}), dict[str, str]
        )
