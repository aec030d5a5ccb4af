"""Pipelines: operations run one after the other, by hand, by schedule, or when something happens.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Any, Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.pipelines.model import PipelineDefinition, PipelineExecution, Schedule, Step
from engineering_api.features.pipelines.pipelines_operations import (
    Filter,
    Instantiate,
    OnExecution,
    OnPipeline,
    Run,
    Save,
    Started,
    Validity,
)
from engineering_api.features.pipelines.templates import TemplateInfo
from engineering_api.operations.declaration import Nothing


class Pipelines(Resource):
    """Pipelines: operations run one after the other, by hand, by schedule, or when something happens."""

    def list_(self) -> list[str]:
        """List the names of all pipelines."""
        return self._client.run("pipelines.list_", Nothing(), list[str])

    def get(self, *, name: str) -> PipelineDefinition:
        """Get a pipeline.

        Args:
            name: Its name, exactly.
        """
        return self._client.run("pipelines.get", OnPipeline(name=name), PipelineDefinition)

    def schedules(self) -> list[Schedule]:
        """List the pipelines that are started by schedule or event, and when each is due next."""
        return self._client.run("pipelines.schedules", Nothing(), list[Schedule])

    def save(
        self,
        *,
        name: str,
        steps: list[Step],
        description: str = "",
        trigger: str = "manual",
        variables: dict[str, Any] | None = None,
        on_failure: str = "stop",
        cleanup_steps: list[Step] | None = None,
        enabled: bool = True,
        created_at: str | None = None,
        updated_at: str | None = None,
        owner: str | None = None,
    ) -> PipelineDefinition:
        """Keep a pipeline, in the place of the one of its name. It is checked as a whole; all errors are told at once.

        Whoever saves it is its owner: runs by schedule or event have the rights that the owner had.

        Args:
            name: Its name, exactly.
            description: What it is for.
            trigger: What starts it: manual, every 30m, cron 0 2 * * * [time zone], or event project.saved.
            variables: Values by name; null for one that each run must be given.
            steps: Steps: name, action (an operation by name or route), params, and as wanted condition, expect,
                timeoutSeconds, retryCount, retryDelayMs.
            on_failure: stop, continue with the next step, or cleanup: run cleanupSteps and stop.
            cleanup_steps: Steps that run after a failure, for onFailure cleanup.
            enabled: Whether schedule and events start it; by hand it can always be run.
            created_at: As it was read; the server sets it.
            updated_at: As it was read; the server sets it.
            owner: As it was read; whoever saves is the owner.
        """
        return self._client.run(
            "pipelines.save",
            Save(
                name=name,
                description=description,
                trigger=trigger,
                variables=variables or {},
                steps=steps,
                on_failure=on_failure,
                cleanup_steps=cleanup_steps or [],
                enabled=enabled,
                created_at=created_at,
                updated_at=updated_at,
                owner=owner,
            ),
            PipelineDefinition,
        )

    def update(
        self,
        *,
        name: str,
        steps: list[Step],
        description: str = "",
        trigger: str = "manual",
        variables: dict[str, Any] | None = None,
        on_failure: str = "stop",
        cleanup_steps: list[Step] | None = None,
        enabled: bool = True,
        created_at: str | None = None,
        updated_at: str | None = None,
        owner: str | None = None,
    ) -> PipelineDefinition:
        """Change a pipeline that there is, as a whole. With If-Match only one of two who change it at once succeeds.

        Args:
            name: Its name, exactly.
            description: What it is for.
            trigger: What starts it: manual, every 30m, cron 0 2 * * * [time zone], or event project.saved.
            variables: Values by name; null for one that each run must be given.
            steps: Steps: name, action (an operation by name or route), params, and as wanted condition, expect,
                timeoutSeconds, retryCount, retryDelayMs.
            on_failure: stop, continue with the next step, or cleanup: run cleanupSteps and stop.
            cleanup_steps: Steps that run after a failure, for onFailure cleanup.
            enabled: Whether schedule and events start it; by hand it can always be run.
            created_at: As it was read; the server sets it.
            updated_at: As it was read; the server sets it.
            owner: As it was read; whoever saves is the owner.
        """
        return self._client.run(
            "pipelines.update",
            Save(
                name=name,
                description=description,
                trigger=trigger,
                variables=variables or {},
                steps=steps,
                on_failure=on_failure,
                cleanup_steps=cleanup_steps or [],
                enabled=enabled,
                created_at=created_at,
                updated_at=updated_at,
                owner=owner,
            ),
            PipelineDefinition,
        )

    def validate(
        self,
        *,
        name: str,
        steps: list[Step],
        description: str = "",
        trigger: str = "manual",
        variables: dict[str, Any] | None = None,
        on_failure: str = "stop",
        cleanup_steps: list[Step] | None = None,
        enabled: bool = True,
        created_at: str | None = None,
        updated_at: str | None = None,
        owner: str | None = None,
    ) -> Validity:
        """Check a pipeline without keeping it: all errors at once, each with a JSON pointer.

        Args:
            name: Its name, exactly.
            description: What it is for.
            trigger: What starts it: manual, every 30m, cron 0 2 * * * [time zone], or event project.saved.
            variables: Values by name; null for one that each run must be given.
            steps: Steps: name, action (an operation by name or route), params, and as wanted condition, expect,
                timeoutSeconds, retryCount, retryDelayMs.
            on_failure: stop, continue with the next step, or cleanup: run cleanupSteps and stop.
            cleanup_steps: Steps that run after a failure, for onFailure cleanup.
            enabled: Whether schedule and events start it; by hand it can always be run.
            created_at: As it was read; the server sets it.
            updated_at: As it was read; the server sets it.
            owner: As it was read; whoever saves is the owner.
        """
        return self._client.run(
            "pipelines.validate",
            Save(
                name=name,
                description=description,
                trigger=trigger,
                variables=variables or {},
                steps=steps,
                on_failure=on_failure,
                cleanup_steps=cleanup_steps or [],
                enabled=enabled,
                created_at=created_at,
                updated_at=updated_at,
                owner=owner,
            ),
            Validity,
        )

    def delete(self, *, name: str) -> PipelineDefinition:
        """Delete a pipeline. An execution that is under way goes on; those that have ended can still be read.

        Args:
            name: Its name, exactly.
        """
        return self._client.run("pipelines.delete", OnPipeline(name=name), PipelineDefinition)

    def run(self, *, name: str, variables: dict[str, Any] | None = None) -> Started:
        """Run a pipeline as a job. The job's result is the execution, be it completed or failed.

        Its steps have the caller's rights. The job's cancel stops the step that runs; the ones behind it are skipped.

        Args:
            name: Its name, exactly.
            variables: Values for this run, by the names of the pipeline's variables.
        """
        return self._client.run("pipelines.run", Run(name=name, variables=variables or {}), Started)

    def run_sync(self, *, name: str, variables: dict[str, Any] | None = None) -> PipelineExecution:
        """Run a pipeline and wait for it. That a step failed is told by the execution's status.

        Args:
            name: Its name, exactly.
            variables: Values for this run, by the names of the pipeline's variables.
        """
        return self._client.run("pipelines.run_sync", Run(name=name, variables=variables or {}), PipelineExecution)

    @overload
    def start(self, *, execution_id: str, wait: Literal[True] = True) -> PipelineExecution: ...

    @overload
    def start(self, *, execution_id: str, wait: Literal[False]) -> Job[PipelineExecution]: ...

    def start(self, *, execution_id: str, wait: bool = True) -> PipelineExecution | Job[PipelineExecution]:
        """Begin an execution that is Pending: what a run, a schedule and an event do after they have written one.

        Args:
            execution_id: The execution's id.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("pipelines.start", OnExecution(execution_id=execution_id), PipelineExecution)
        return self._client.run("pipelines.start", OnExecution(execution_id=execution_id), PipelineExecution)

    def executions(
        self, *, name: str | None = None, status: str | None = None, limit: int = 20
    ) -> list[PipelineExecution]:
        """List the latest executions, newest first, with the results of their steps.

        Args:
            name: Only those of this pipeline.
            status: Only those in this state.
            limit: How many at most, newest first.
        """
        return self._client.run(
            "pipelines.executions", Filter(name=name, status=status, limit=limit), list[PipelineExecution]
        )

    def get_execution(self, *, execution_id: str) -> PipelineExecution:
        """Get an execution, with the results of its steps as far as it is.

        Args:
            execution_id: The execution's id.
        """
        return self._client.run("pipelines.get_execution", OnExecution(execution_id=execution_id), PipelineExecution)

    def cancel(self, *, execution_id: str) -> PipelineExecution:
        """Stop an execution: the step that runs is asked to stop, those behind it are skipped.

        Args:
            execution_id: The execution's id.
        """
        return self._client.run("pipelines.cancel", OnExecution(execution_id=execution_id), PipelineExecution)

    def list_templates(self) -> list[TemplateInfo]:
        """List the templates whose operations this service has."""
        return self._client.run("pipelines.list_templates", Nothing(), list[TemplateInfo])

    def instantiate(
        self, *, template_id: str, pipeline_name: str, parameters: dict[str, Any] | None = None
    ) -> PipelineDefinition:
        """Make a pipeline from a template and keep it. Its parameters become the pipeline's variables.

        Args:
            template_id: The template's id.
            pipeline_name: Name of the new pipeline.
            parameters: Values of the template's parameters, by name.
        """
        return self._client.run(
            "pipelines.instantiate",
            Instantiate(template_id=template_id, pipeline_name=pipeline_name, parameters=parameters or {}),
            PipelineDefinition,
        )


class AsyncPipelines(AsyncResource):
    """Pipelines: operations run one after the other, by hand, by schedule, or when something happens."""

    async def list_(self) -> list[str]:
        """List the names of all pipelines."""
        return await self._client.run("pipelines.list_", Nothing(), list[str])

    async def get(self, *, name: str) -> PipelineDefinition:
        """Get a pipeline.

        Args:
            name: Its name, exactly.
        """
        return await self._client.run("pipelines.get", OnPipeline(name=name), PipelineDefinition)

    async def schedules(self) -> list[Schedule]:
        """List the pipelines that are started by schedule or event, and when each is due next."""
        return await self._client.run("pipelines.schedules", Nothing(), list[Schedule])

    async def save(
        self,
        *,
        name: str,
        steps: list[Step],
        description: str = "",
        trigger: str = "manual",
        variables: dict[str, Any] | None = None,
        on_failure: str = "stop",
        cleanup_steps: list[Step] | None = None,
        enabled: bool = True,
        created_at: str | None = None,
        updated_at: str | None = None,
        owner: str | None = None,
    ) -> PipelineDefinition:
        """Keep a pipeline, in the place of the one of its name. It is checked as a whole; all errors are told at once.

        Whoever saves it is its owner: runs by schedule or event have the rights that the owner had.

        Args:
            name: Its name, exactly.
            description: What it is for.
            trigger: What starts it: manual, every 30m, cron 0 2 * * * [time zone], or event project.saved.
            variables: Values by name; null for one that each run must be given.
            steps: Steps: name, action (an operation by name or route), params, and as wanted condition, expect,
                timeoutSeconds, retryCount, retryDelayMs.
            on_failure: stop, continue with the next step, or cleanup: run cleanupSteps and stop.
            cleanup_steps: Steps that run after a failure, for onFailure cleanup.
            enabled: Whether schedule and events start it; by hand it can always be run.
            created_at: As it was read; the server sets it.
            updated_at: As it was read; the server sets it.
            owner: As it was read; whoever saves is the owner.
        """
        return await self._client.run(
            "pipelines.save",
            Save(
                name=name,
                description=description,
                trigger=trigger,
                variables=variables or {},
                steps=steps,
                on_failure=on_failure,
                cleanup_steps=cleanup_steps or [],
                enabled=enabled,
                created_at=created_at,
                updated_at=updated_at,
                owner=owner,
            ),
            PipelineDefinition,
        )

    async def update(
        self,
        *,
        name: str,
        steps: list[Step],
        description: str = "",
        trigger: str = "manual",
        variables: dict[str, Any] | None = None,
        on_failure: str = "stop",
        cleanup_steps: list[Step] | None = None,
        enabled: bool = True,
        created_at: str | None = None,
        updated_at: str | None = None,
        owner: str | None = None,
    ) -> PipelineDefinition:
        """Change a pipeline that there is, as a whole. With If-Match only one of two who change it at once succeeds.

        Args:
            name: Its name, exactly.
            description: What it is for.
            trigger: What starts it: manual, every 30m, cron 0 2 * * * [time zone], or event project.saved.
            variables: Values by name; null for one that each run must be given.
            steps: Steps: name, action (an operation by name or route), params, and as wanted condition, expect,
                timeoutSeconds, retryCount, retryDelayMs.
            on_failure: stop, continue with the next step, or cleanup: run cleanupSteps and stop.
            cleanup_steps: Steps that run after a failure, for onFailure cleanup.
            enabled: Whether schedule and events start it; by hand it can always be run.
            created_at: As it was read; the server sets it.
            updated_at: As it was read; the server sets it.
            owner: As it was read; whoever saves is the owner.
        """
        return await self._client.run(
            "pipelines.update",
            Save(
                name=name,
                description=description,
                trigger=trigger,
                variables=variables or {},
                steps=steps,
                on_failure=on_failure,
                cleanup_steps=cleanup_steps or [],
                enabled=enabled,
                created_at=created_at,
                updated_at=updated_at,
                owner=owner,
            ),
            PipelineDefinition,
        )

    async def validate(
        self,
        *,
        name: str,
        steps: list[Step],
        description: str = "",
        trigger: str = "manual",
        variables: dict[str, Any] | None = None,
        on_failure: str = "stop",
        cleanup_steps: list[Step] | None = None,
        enabled: bool = True,
        created_at: str | None = None,
        updated_at: str | None = None,
        owner: str | None = None,
    ) -> Validity:
        """Check a pipeline without keeping it: all errors at once, each with a JSON pointer.

        Args:
            name: Its name, exactly.
            description: What it is for.
            trigger: What starts it: manual, every 30m, cron 0 2 * * * [time zone], or event project.saved.
            variables: Values by name; null for one that each run must be given.
            steps: Steps: name, action (an operation by name or route), params, and as wanted condition, expect,
                timeoutSeconds, retryCount, retryDelayMs.
            on_failure: stop, continue with the next step, or cleanup: run cleanupSteps and stop.
            cleanup_steps: Steps that run after a failure, for onFailure cleanup.
            enabled: Whether schedule and events start it; by hand it can always be run.
            created_at: As it was read; the server sets it.
            updated_at: As it was read; the server sets it.
            owner: As it was read; whoever saves is the owner.
        """
        return await self._client.run(
            "pipelines.validate",
            Save(
                name=name,
                description=description,
                trigger=trigger,
                variables=variables or {},
                steps=steps,
                on_failure=on_failure,
                cleanup_steps=cleanup_steps or [],
                enabled=enabled,
                created_at=created_at,
                updated_at=updated_at,
                owner=owner,
            ),
            Validity,
        )

    async def delete(self, *, name: str) -> PipelineDefinition:
        """Delete a pipeline. An execution that is under way goes on; those that have ended can still be read.

        Args:
            name: Its name, exactly.
        """
        return await self._client.run("pipelines.delete", OnPipeline(name=name), PipelineDefinition)

    async def run(self, *, name: str, variables: dict[str, Any] | None = None) -> Started:
        """Run a pipeline as a job. The job's result is the execution, be it completed or failed.

        Its steps have the caller's rights. The job's cancel stops the step that runs; the ones behind it are skipped.

        Args:
            name: Its name, exactly.
            variables: Values for this run, by the names of the pipeline's variables.
        """
        return await self._client.run("pipelines.run", Run(name=name, variables=variables or {}), Started)

    async def run_sync(self, *, name: str, variables: dict[str, Any] | None = None) -> PipelineExecution:
        """Run a pipeline and wait for it. That a step failed is told by the execution's status.

        Args:
            name: Its name, exactly.
            variables: Values for this run, by the names of the pipeline's variables.
        """
        return await self._client.run(
            "pipelines.run_sync", Run(name=name, variables=variables or {}), PipelineExecution
        )

    @overload
    async def start(self, *, execution_id: str, wait: Literal[True] = True) -> PipelineExecution: ...

    @overload
    async def start(self, *, execution_id: str, wait: Literal[False]) -> AsyncJob[PipelineExecution]: ...

    async def start(self, *, execution_id: str, wait: bool = True) -> PipelineExecution | AsyncJob[PipelineExecution]:
        """Begin an execution that is Pending: what a run, a schedule and an event do after they have written one.

        Args:
            execution_id: The execution's id.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "pipelines.start", OnExecution(execution_id=execution_id), PipelineExecution
            )
        return await self._client.run("pipelines.start", OnExecution(execution_id=execution_id), PipelineExecution)

    async def executions(
        self, *, name: str | None = None, status: str | None = None, limit: int = 20
    ) -> list[PipelineExecution]:
        """List the latest executions, newest first, with the results of their steps.

        Args:
            name: Only those of this pipeline.
            status: Only those in this state.
            limit: How many at most, newest first.
        """
        return await self._client.run(
            "pipelines.executions", Filter(name=name, status=status, limit=limit), list[PipelineExecution]
        )

    async def get_execution(self, *, execution_id: str) -> PipelineExecution:
        """Get an execution, with the results of its steps as far as it is.

        Args:
            execution_id: The execution's id.
        """
        return await self._client.run(
            "pipelines.get_execution", OnExecution(execution_id=execution_id), PipelineExecution
        )

    async def cancel(self, *, execution_id: str) -> PipelineExecution:
        """Stop an execution: the step that runs is asked to stop, those behind it are skipped.

        Args:
            execution_id: The execution's id.
        """
        return await self._client.run("pipelines.cancel", OnExecution(execution_id=execution_id), PipelineExecution)

    async def list_templates(self) -> list[TemplateInfo]:
        """List the templates whose operations this service has."""
        return await self._client.run("pipelines.list_templates", Nothing(), list[TemplateInfo])

    async def instantiate(
        self, *, template_id: str, pipeline_name: str, parameters: dict[str, Any] | None = None
    ) -> PipelineDefinition:
        """Make a pipeline from a template and keep it. Its parameters become the pipeline's variables.

        Args:
            template_id: The template's id.
            pipeline_name: Name of the new pipeline.
            parameters: Values of the template's parameters, by name.
        """
        return await self._client.run(
            "pipelines.instantiate",
            Instantiate(template_id=template_id, pipeline_name=pipeline_name, parameters=parameters or {}),
            PipelineDefinition,
        )
