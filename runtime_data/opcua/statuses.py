"""Which status code of OPC UA answers a refusal of the runtime."""

from __future__ import annotations

from openness_bridge.errors import Detail, Problem

BAD = "Bad"
_STATUSES = {
    "runtime.read_denied": "BadUserAccessDenied",
    "runtime.write_denied": "BadUserAccessDenied",
    "runtime.output": "BadUserAccessDenied",
    "runtime.fail_safe": "BadNotWritable",
    "runtime.not_writable": "BadNotWritable",
    "runtime.range": "BadOutOfRange",
    "runtime.value": "BadOutOfRange",
    "plcsim.value": "BadOutOfRange",
    "runtime.rate": "BadTooManyOperations",
    "plcsim.off": "BadOutOfService",
    "runtime.changed": "BadInvalidState",
    "auth.login": "BadUserAccessDenied",
    "auth.too_many": "BadUserAccessDenied",
}


def status_name(error: Detail | Problem) -> str:
    """Return the name of the status code of a refusal."""
    found = _STATUSES.get(error.code)
    return found or ("BadNodeIdUnknown" if error.code.endswith("not_found") else BAD)
