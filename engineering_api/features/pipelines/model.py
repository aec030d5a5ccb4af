"""What a pipeline is, and the outcome of one run.

The wire shapes are those of docs/facts/t-ia-connect.md#pipelines.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from engineering_api.operations.fields import JsonObject, JsonValue, Model
from engineering_api.operations.wire import Fault

PipelineStatus = Annotated[
    Literal["Pending", "Running", "Completed", "Failed", "Cancelled", "Skipped"], msgspec.Meta(title="PipelineStatus")
]
"""The state of an execution or of one of its steps."""
PENDING: Final = "Pending"
RUNNING: Final = "Running"
COMPLETED: Final = "Completed"
FAILED: Final = "Failed"
CANCELLED: Final = "Cancelled"
SKIPPED: Final = "Skipped"
ACTIVE = (PENDING, RUNNING)
STOP: Final = "stop"
CONTINUE: Final = "continue"
CLEANUP: Final = "cleanup"
ON_FAILURE = (STOP, CONTINUE, CLEANUP)
OnFailure = Annotated[str, msgspec.Meta(title="OnFailure", extra_json_schema={"enum": list(ON_FAILURE)})]
"""One of ON_FAILURE; validation.py refuses others, together with all other errors of a definition."""


class Step(Model):
    """One operation, and when and how it is run.

    Attributes:
        action: An operation's name, such as devices.compile_, or its route, such as POST /api/projects/actions/save-sync.
        params: Its path, query and body fields together; ${...} in texts is an expression.
        condition: An expression; the step is skipped where it is not true. An empty one is none, as is one of `expect`.
        expect: An expression over `result`; the step has failed where it is not true.
        timeout_seconds: After which the operation is asked to stop; 0 for never.
        retry_count: Further attempts after one that failed.
        retry_delay_ms: Milliseconds between attempts.
    """

    name: str
    action: str
    params: JsonObject = {}
    condition: str | None = None
    expect: str | None = None
    timeout_seconds: float = 300
    retry_count: int = 0
    retry_delay_ms: int = 1000


class Definition(Model):
    """A pipeline.

    Attributes:
        trigger: manual, every 30m, cron 0 2 * * * or event project.saved.
        variables: Values by name, with their defaults; a run may give others.
        on_failure: stop, continue, or cleanup: run cleanup_steps and stop.
        enabled: Whether schedule and events start it; by hand it can always be run.
    """

    name: str
    description: str = ""
    trigger: str = "manual"
    variables: JsonObject = {}
    steps: list[Step] = []
    on_failure: OnFailure = STOP
    cleanup_steps: list[Step] = []
    enabled: bool = True


class PipelineDefinition(Definition, kw_only=True):
    """A pipeline as it is kept.

    Attributes:
        owner: Who saved it last; no run has more rights than this caller.
    """

    created_at: str
    updated_at: str | None = None
    owner: str = ""


class Schedule(Model):
    """What starts a pipeline by itself.

    Attributes:
        next_run_at: When it is started next, in UTC; null for events.
    """

    pipeline_name: str
    trigger: str
    next_run_at: str | None


class StepResult(Model):
    """What became of a step.

    Attributes:
        step_index: Counts from 0; cleanup steps continue the count.
        result: What the operation answered, where it is not too large to be kept.
        error: Why it failed, as a sentence; problem has code, place and details.
        attempts: How often the operation was begun.
        withheld: Why result, error and problem are not shown to this caller, who lacks the right of the operation; else empty.
    """

    step_index: int
    step_name: str
    action: str
    status: PipelineStatus = PENDING
    started_at: str | None = None
    completed_at: str | None = None
    duration_ms: int = 0
    result_message: str = ""
    result: JsonValue = None
    error: str | None = None
    problem: Fault | None = None
    attempts: int = 0
    withheld: str = ""


class PipelineExecution(Model):
    """One run of a pipeline.

    Attributes:
        job_id: The job that runs it; empty where a caller waited for it.
        cause: manual, schedule, or the kind of the event that started it.
        variables: What this run was given.
    """

    id: str
    pipeline_name: str
    status: PipelineStatus
    job_id: str
    cause: str
    caller: str
    variables: JsonObject
    step_results: list[StepResult]
    started_at: str
    completed_at: str | None = None
    duration_ms: int = 0
    error: str | None = None


def names_of(steps: list[Step]) -> list[str]:
    """Return the names of steps, in their order."""
    return [step.name for step in steps]
