"""Shows an execution to a caller: what a step answered is shown to those who may do what the step did."""

from __future__ import annotations

import msgspec

from engineering_api.features.pipelines.model import PipelineExecution, StepResult
from engineering_api.features.pipelines.validation import right_of
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.showing import withheld
from engineering_api.operations.terms import Right


def show(execution: PipelineExecution, right: Right, catalogue: Catalogue) -> PipelineExecution:
    """Return an execution as a caller with a right may read it."""
    shown = [_show_step(step, right, catalogue) for step in execution.step_results]
    error = execution.error
    for step, seen in zip(execution.step_results, shown, strict=True):
        if error is not None and step.error and seen.withheld:
            error = error.replace(step.error, seen.withheld)
    return msgspec.structs.replace(execution, step_results=shown, error=error)


def _show_step(step: StepResult, right: Right, catalogue: Catalogue) -> StepResult:
    needed = right_of(step.action, catalogue)
    if right >= needed or (step.result is None and step.error is None and step.problem is None):
        return step
    return msgspec.structs.replace(step, result=None, error=None, problem=None, withheld=withheld(needed))
