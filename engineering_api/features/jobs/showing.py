"""Shows jobs to a caller: what an operation answered is shown to those who have the right of the operation."""

from __future__ import annotations

import msgspec

from engineering_api.features.pipelines.model import PipelineExecution
from engineering_api.features.pipelines.showing import show
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.jobs import JobRecord
from engineering_api.operations.showing import right_of_job, withheld
from engineering_api.operations.terms import Right


def show_job(record: JobRecord, right: Right, catalogue: Catalogue) -> JobRecord:
    """Return a job as a caller with a right may read it. State and times are shown to everybody who may read jobs."""
    needed = right_of_job(record.operation, catalogue)
    if right < needed:
        return msgspec.structs.replace(
            record, result=None, error=None, problem=None, message="", withheld=withheld(needed)
        )
    op = catalogue.named(record.operation)
    if op is None or op.answer is not PipelineExecution or record.result is None:
        return record
    execution = msgspec.json.decode(bytes(record.result), type=PipelineExecution)
    return msgspec.structs.replace(record, result=msgspec.Raw(msgspec.json.encode(show(execution, right, catalogue))))
