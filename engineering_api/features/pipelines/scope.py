"""The names that expressions of a pipeline may use, and their values."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from engineering_api.features.pipelines.model import StepResult
from engineering_api.features.protection.secrets import passwords
from openness_bridge.errors import Place, Problem

STEPS, RUN, EVENT, RESULT = "steps", "run", "event", "result"
RESERVED = (STEPS, RUN, EVENT, RESULT, "secret", "true", "false", "null", "and", "or", "not", "in")
STEP_FIELDS = ("status", "result", "error", "code", "attempts")
RUN_FIELDS = ("id", "pipeline", "date", "time", "stamp", "cause")
_SECRET = re.compile(r"\$\{secret\.(\w+)\}")


def about_run(execution_id: str, pipeline: str, cause: str, started: dt.datetime) -> dict[str, Any]:
    """Return what `run` is: id, pipeline, cause, and the moment of the start in the server's time.

    Returns:
        date as 2026-11-22, time as 02:00:00, stamp as 20261122-020000 for names of files.
    """
    local = started.astimezone()
    return {
        "id": execution_id,
        "pipeline": pipeline,
        "cause": cause,
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M:%S}",
        "stamp": f"{local:%Y%m%d-%H%M%S}",
    }


def about_step(done: StepResult, result: Any) -> dict[str, Any]:
    """Return what `steps.NAME` is, with the whole result, be it too large to be kept or not."""
    code = None if done.problem is None else done.problem.code
    return {"status": done.status, "result": result, "error": done.error, "code": code, "attempts": done.attempts}


def secret_name(value: Any) -> str | None:
    """Return the name in ${secret.NAME}; None where a value is something else."""
    found = _SECRET.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def reveal(value: Any, pointer: str) -> Any:
    """Return a password field with the service's secrets instead of their names.

    Raises:
        Problem: The service has no such secret, or the field has the password itself.
    """
    if isinstance(value, dict):
        return {key: reveal(each, f"{pointer}/{key}") for key, each in value.items()}
    name = secret_name(value)
    if name is None:
        raise no_password(pointer)
    what = pointer.rpartition("/")[2]
    return passwords({what: name}, pointer.rpartition("/")[0])[what]


def no_password(pointer: str) -> Problem:
    """Return the refusal of a password that a pipeline would keep."""
    msg = "A pipeline keeps no password: write ${secret.NAME}, which is the service's environment variable TIA_SECRET_NAME."
    return Problem("pipeline.secret", msg, place=Place(pointer=pointer))
