"""Errors as the two interfaces of WinCC give them.

Facts: docs/facts/wincc.md#errors.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Response

from engineering_api.operations import wire
from engineering_api.web.answers import json_response
from engineering_api.web.statuses import problem_headers, status_of
from openness_bridge.errors import Problem
from runtime_data.wincc import names

SOLUTIONS = {
    401: "Check the name and the password: POST /api/v1/auth/login gives a token, which is sent as Authorization: Bearer.",
    403: "An administrator gives the user the right, or changes the rule of the tag.",
    404: "Check the spelling of the name: GET /api/v1/tags lists all tags, and /swagger all routes.",
    500: "The log of the server names the cause. Send the request again later.",
    503: "Start the CPU, then send the request again.",
}
"""What to do, by the status that the user's page prints."""


def refuse_printed(problem: Problem, _: Any) -> Response[bytes]:
    """Return an error of /api/v1: the status with its meaning, the cause, and the solution."""
    status = status_of(problem)
    body = {
        "status": status,
        "error": _phrase(status),
        "code": problem.code,
        "message": wire.fault(problem).message,
        "solution": SOLUTIONS.get(status, ""),
    }
    return json_response(wire.encode(body), status, problem_headers(problem))


def refuse_rest(problem: Problem, _: Any) -> Response[bytes]:
    """Return an error of /WinCCRestService."""
    body = {names.ERROR: wire.fault(problem).message, names.CODE: problem.code}
    challenge = 'Basic realm="WinCC", charset="UTF-8"'
    return json_response(wire.encode(body), status_of(problem), problem_headers(problem, challenge))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
