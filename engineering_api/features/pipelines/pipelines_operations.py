"""Pipelines: operations run one after the other, by hand, by schedule, or when something happens.

The routes and shapes are those that clients of T-IA Connect call (docs/facts/t-ia-connect.md#pipelines).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.features.devices import devices_operations
from engineering_api.features.pipelines import templates, validation
from engineering_api.features.pipelines.engine import Pipelines
from engineering_api.features.pipelines.model import (
    Definition,
    OnFailure,
    PipelineDefinition,
    PipelineExecution,
    PipelineStatus,
    Schedule,
    Step,
)
from engineering_api.features.pipelines.showing import show
from engineering_api.features.pipelines.templates import TemplateInfo
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section, name_of
from engineering_api.operations.fields import JsonObject, Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Site, Undo
from openness_bridge.errors import Detail, Kind

section = Section("Pipelines", Site.GATEWAY, reach=Reach.ALL, lock=Lock.NONE)

STEPS = (
    "Steps: name, action (an operation by name or route), params, and as wanted condition, expect, timeoutSeconds, "
    "retryCount, retryDelayMs."
)


class OnPipeline(Request, kw_only=True):
    """Which pipeline."""

    name: Annotated[str, named("Its name, exactly.", "pipelineName")]


class Save(OnPipeline, kw_only=True):
    """A pipeline."""

    description: Annotated[str, named("What it is for.")] = ""
    trigger: Annotated[
        str, named("What starts it: manual, every 30m, cron 0 2 * * * [time zone], or event project.saved.")
    ] = "manual"
    variables: Annotated[JsonObject, named("Values by name; null for one that each run must be given.")] = (
        msgspec.field(default_factory=dict)
    )
    steps: Annotated[list[Step], named(STEPS)]
    on_failure: Annotated[
        OnFailure, named("stop, continue with the next step, or cleanup: run cleanupSteps and stop.")
    ] = "stop"
    cleanup_steps: Annotated[list[Step], named("Steps that run after a failure, for onFailure cleanup.")] = (
        msgspec.field(default_factory=list)
    )
    enabled: Annotated[bool, named("Whether schedule and events start it; by hand it can always be run.")] = True
    created_at: Annotated[str | None, named("As it was read; the server sets it.")] = None
    updated_at: Annotated[str | None, named("As it was read; the server sets it.")] = None
    owner: Annotated[str | None, named("As it was read; the caller who saves is the owner.")] = None

    def definition(self) -> Definition:
        """The pipeline."""
        return Definition(**{name: getattr(self, name) for name in Definition.__struct_fields__})


class Run(OnPipeline, kw_only=True):
    """Which pipeline, with what."""

    variables: Annotated[JsonObject, named("Values for this run, by the names of the pipeline's variables.")] = (
        msgspec.field(default_factory=dict)
    )


class OnExecution(Request, kw_only=True):
    """Which execution."""

    execution_id: Annotated[str, named("The execution's id.", "id")]


class Filter(Request, kw_only=True):
    """Which executions."""

    name: Annotated[str | None, named("Only those of this pipeline.", "pipelineName")] = None
    status: Annotated[PipelineStatus | None, named("Only those in this state.")] = None
    limit: Annotated[int, named("How many at most, newest first.", "count", ge=1, le=1000)] = 20


class Instantiate(Request, kw_only=True):
    """Which template, under which name, with what."""

    template_id: Annotated[str, named("The template's id.", "id")]
    pipeline_name: Annotated[str, named("Name of the new pipeline.", "name")]
    parameters: Annotated[JsonObject, named("Values of the template's parameters, by name.")] = msgspec.field(
        default_factory=dict
    )


class Started(Model):
    """An execution that continues as a job."""

    job_id: str
    execution_id: str


class Validity(Model):
    """Whether a pipeline can be kept.

    Attributes:
        errors: All that is wrong, each with a JSON pointer into the definition.
    """

    valid: bool
    errors: list[Detail]


NAME = {"name": "Nightly"}
EXECUTION = {"executionId": "2f1c7f0a-9a51-4a6c-8f3e-5b1f6f0f3a10"}
COMPILE = {
    "name": "Compile",
    "action": name_of(devices_operations.compile_),
    "params": {"deviceName": "${device}"},
    "expect": "result.result.errorCount == 0",
}
SAVE = {"name": "Save", "action": "POST /api/projects/actions/save-sync", "retryCount": 2}
DEFINITION = NAME | {"trigger": "cron 0 2 * * *", "variables": {"device": "PLC_1"}, "steps": [COMPILE, SAVE]}


@section.operation(also="GET /api/pipelines", right=Right.VIEW, changes=False, tool="pipeline_list")
async def list_(ctx: Context, _: Nothing) -> list[str]:
    """List the names of all pipelines."""
    return [stored.definition.name for stored in await ctx.service.part(Pipelines).store.all()]


@section.operation(also="GET /api/pipelines/{name}", right=Right.VIEW, changes=False, example=NAME)
async def get(ctx: Context, request: OnPipeline) -> PipelineDefinition:
    """Get a pipeline."""
    return await ctx.service.part(Pipelines).get(request.name)


@section.operation(also="GET /api/pipelines/schedules", right=Right.VIEW, changes=False)
async def schedules(ctx: Context, _: Nothing) -> list[Schedule]:
    """List the pipelines that are started by schedule or event, and when each is due next."""
    return await ctx.service.part(Pipelines).schedules()


@section.operation(
    also="POST /api/pipelines",
    example=DEFINITION,
    done="Pipeline saved",
    destroys=True,
    undo=Undo.NEVER,
)
async def save(ctx: Context, request: Save) -> PipelineDefinition:
    """Save a pipeline. It replaces the one of its name. It is checked as a whole, and all errors are reported together.

    The caller who saves it is its owner, and needs the right of each step. A run never has more rights than its owner has then.
    """
    return await ctx.service.part(Pipelines).save(request.definition(), ctx.caller)


@section.operation(
    also="PUT /api/pipelines/{name}",
    example=DEFINITION,
    done="Pipeline changed",
    destroys=True,
    undo=Undo.NEVER,
)
async def update(ctx: Context, request: Save) -> PipelineDefinition:
    """Replace an existing pipeline as a whole. With If-Match, only one of two callers who change it together succeeds."""
    pipelines = ctx.service.part(Pipelines)
    await pipelines.get(request.name)
    return await pipelines.save(request.definition(), ctx.caller)


@section.operation(
    also="POST /api/pipelines/actions/validate",
    right=Right.VIEW,
    changes=False,
    example=DEFINITION,
    reach=Reach.NOTHING,
)
async def validate(ctx: Context, request: Save) -> Validity:
    """Check a pipeline without saving it. All errors are reported together, each with a JSON pointer."""
    errors = validation.errors(request.definition(), ctx.service.catalogue, ctx.caller)
    return Validity(valid=not errors, errors=errors)


@section.operation(
    also="DELETE /api/pipelines/{name}",
    example=NAME,
    done="Pipeline deleted",
    destroys=True,
    undo=Undo.NEVER,
)
async def delete(ctx: Context, request: OnPipeline) -> PipelineDefinition:
    """Delete a pipeline. A running execution continues; executions that have ended can still be read."""
    return await ctx.service.part(Pipelines).delete(request.name)


@section.operation(
    also="POST /api/pipelines/{name}/run",
    destroys=True,
    undo=Undo.NEVER,
    example=NAME | {"variables": {"device": "PLC_1"}},
    done="Pipeline started",
    tool="pipeline_run",
    step=False,
)
async def run(ctx: Context, request: Run) -> Started:
    """Run a pipeline as a job. The job's result is the execution, whether it completed or failed.

    Its steps have the lower of the caller's and the owner's right. Cancelling the job stops the step that runs; the steps after it are skipped.
    """
    pipelines = ctx.service.part(Pipelines)
    order = await pipelines.prepare(request.name, request.variables, ctx.caller, ctx.instance)
    return Started(job_id=await pipelines.submit(order, ctx.caller), execution_id=order.id)


@section.operation(
    also="POST /api/pipelines/{name}/run-sync",
    destroys=True,
    undo=Undo.NEVER,
    example=NAME | {"variables": {"device": "PLC_1"}},
    done="Pipeline run",
    step=False,
)
async def run_sync(ctx: Context, request: Run) -> PipelineExecution:
    """Run a pipeline and wait for it. The status of the execution reports whether a step failed."""
    pipelines = ctx.service.part(Pipelines)
    order = await pipelines.prepare(request.name, request.variables, ctx.caller, ctx.instance)
    return await pipelines.execute(order.id, ctx)


@section.operation(
    also_job="POST /api/pipelines/executions/{executionId}/actions/start",
    destroys=True,
    undo=Undo.NEVER,
    example=EXECUTION,
    step=False,
)
async def start(ctx: Context, request: OnExecution) -> PipelineExecution:
    """Start an execution that is Pending. Runs, schedules and events do this after they have created one."""
    return await ctx.service.part(Pipelines).execute(request.execution_id, ctx)


def _show(ctx: Context, execution: PipelineExecution) -> PipelineExecution:
    return show(execution, ctx.caller.right, ctx.service.catalogue)


@section.operation(
    also="GET /api/pipelines/executions",
    right=Right.VIEW,
    changes=False,
    example={"name": "Nightly", "limit": 20},
)
async def executions(ctx: Context, request: Filter) -> list[PipelineExecution]:
    """List the latest executions, newest first, with the results of the steps whose right the caller has."""
    found = await ctx.service.part(Pipelines).store.latest(request.name, request.status, request.limit)
    return [_show(ctx, each) for each in found]


@section.operation(
    also="GET /api/pipelines/executions/{executionId}",
    right=Right.VIEW,
    changes=False,
    example=EXECUTION,
)
async def get_execution(ctx: Context, request: OnExecution) -> PipelineExecution:
    """Get an execution, with the results so far of the steps whose right the caller has."""
    return _show(ctx, await ctx.service.part(Pipelines).execution(request.execution_id))


@section.operation(
    also="POST /api/pipelines/executions/{executionId}/actions/cancel",
    destroys=False,
    undo=Undo.NEEDLESS,
    example=EXECUTION,
    done="Cancelling",
)
async def cancel(ctx: Context, request: OnExecution) -> PipelineExecution:
    """Stop an execution: the step that runs is asked to stop, the steps after it are skipped."""
    pipelines = ctx.service.part(Pipelines)
    found = await pipelines.execution(request.execution_id)
    ctx.require(
        found.job_id, "pipeline.no_job", "A caller waits for this execution: it has no job to cancel.", Kind.CONFLICT
    )
    await ctx.service.part(Runner).cancel(found.job_id)
    return _show(ctx, await pipelines.execution(request.execution_id))


@section.operation(also="GET /api/pipelines/templates", right=Right.VIEW, changes=False, reach=Reach.NOTHING)
async def list_templates(ctx: Context, _: Nothing) -> list[TemplateInfo]:
    """List the pipeline templates whose operations this service has."""
    return templates.available(ctx.service.catalogue)


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    also="POST /api/pipelines/templates/{templateId}/instantiate",
    done="Pipeline created",
    example={"templateId": "nightly-archive", "pipelineName": "Nightly", "parameters": {"folder": "archives"}},
)
async def instantiate(ctx: Context, request: Instantiate) -> PipelineDefinition:
    """Create a pipeline from a template and save it. Its parameters become the pipeline's variables."""
    pipelines = ctx.service.part(Pipelines)
    known = [stored.definition.name for stored in await pipelines.store.all()]
    taken = request.pipeline_name in known
    ctx.require(not taken, "pipeline.exists", f"There is a pipeline '{request.pipeline_name}' already.", Kind.CONFLICT)
    made = templates.instantiate(request.template_id, request.pipeline_name, request.parameters, ctx.service.catalogue)
    return await pipelines.save(made, ctx.caller)
