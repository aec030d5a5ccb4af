"""What a refusal of a single tag is to a caller who asked for that tag alone."""

from __future__ import annotations

from openness_bridge.errors import Detail, Kind, Problem

_KINDS = {
    "runtime.read_denied": Kind.FORBIDDEN,
    "runtime.write_denied": Kind.FORBIDDEN,
    "runtime.output": Kind.FORBIDDEN,
    "runtime.fail_safe": Kind.FORBIDDEN,
    "runtime.changed": Kind.CONFLICT,
    "plcsim.off": Kind.CONFLICT,
    "runtime.rate": Kind.TOO_MANY,
}
"""The kinds of refusals; of any other one, MISSING where its code ends with not_found, else REFUSED."""


def kind_of(code: str) -> Kind:
    """Return what a caller can do about a refusal."""
    return Kind.MISSING if code.endswith("not_found") else _KINDS.get(code, Kind.REFUSED)


def as_problem(detail: Detail) -> Problem:
    """Return a refusal as the problem of a whole request."""
    return Problem(detail.code, detail.message, kind=kind_of(detail.code), place=detail.place)


def is_of_request(detail: Detail) -> bool:
    """Return whether the request itself is wrong: the tag does not exist, or is not for the caller."""
    return kind_of(detail.code) in (Kind.MISSING, Kind.FORBIDDEN)
