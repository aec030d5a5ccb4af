"""The HTTP status of each kind of problem, and back: nothing below the interface over HTTP knows status codes."""

from __future__ import annotations

from http import HTTPStatus

from engineering_api.security.rate_limit import TooMany
from openness_bridge.errors import Kind, Problem

STATUS = {
    Kind.INVALID: 400,
    Kind.UNIDENTIFIED: 401,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.CHANGED: 412,
    Kind.TOO_LARGE: 413,
    Kind.REFUSED: 422,
    Kind.TOO_MANY: 429,
    Kind.FAILED: 500,
    Kind.UNSUPPORTED: 501,
    Kind.BAD_ANSWER: 502,
    Kind.UNAVAILABLE: 503,
    Kind.TIMED_OUT: 504,
    Kind.NO_SPACE: 507,
}
_KINDS = {status: kind for kind, status in STATUS.items()}
_LOWEST_OF_SERVERS = 500


class HttpProblem(Problem):
    """A problem of the protocol itself, such as a method that a path does not take.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, code: str, message: str, status: int) -> None:
        """State the problem."""
        super().__init__(code, message, kind=kind_of(status))
        self.status = status


def status_of(problem: Problem) -> int:
    """Return the HTTP status of a problem."""
    return problem.status if isinstance(problem, HttpProblem) else STATUS[problem.kind]


def title_of(problem: Problem) -> tuple[int, str]:
    """Return the HTTP status of a problem, and what HTTP calls it."""
    status = status_of(problem)
    return status, HTTPStatus(status).phrase


def problem_headers(problem: Problem, challenge: str = "Bearer") -> dict[str, str]:
    """Return the headers of the answer to a problem: when to try again, and how to identify oneself."""
    headers = problem.headers() if isinstance(problem, TooMany) else {}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.kind is Kind.UNIDENTIFIED:
        headers["WWW-Authenticate"] = challenge
    return headers


def kind_of(status: int) -> Kind:
    """Return the kind of problem that a server's HTTP status says."""
    return _KINDS.get(status, Kind.FAILED if status >= _LOWEST_OF_SERVERS else Kind.INVALID)
