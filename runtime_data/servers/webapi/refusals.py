"""What the server answers where it refuses a call: an error code of the Web API."""

from __future__ import annotations

from openness_bridge.errors import Detail, Problem
from runtime_data.quality import ACCESS_DENIED, UNKNOWN_TAG
from runtime_data.values import Value
from runtime_data.webapi import codes

_CODES = {
    "runtime.read_denied": codes.PERMISSION_DENIED,
    "runtime.write_denied": codes.PERMISSION_DENIED,
    "runtime.output": codes.PERMISSION_DENIED,
    "runtime.fail_safe": codes.PERMISSION_DENIED,
    "runtime.denied_by_cpu": codes.PERMISSION_DENIED,
    "runtime.not_writable": codes.READ_ONLY,
    "runtime.rate": codes.BUSY,
    "runtime.busy": codes.BUSY,
    "runtime.value": codes.INVALID_PARAMETERS,
    "runtime.range": codes.INVALID_PARAMETERS,
    "plcsim.value": codes.INVALID_PARAMETERS,
    "plcsim.not_supported": codes.UNSUPPORTED_ADDRESS,
    "runtime.no_value": codes.UNSUPPORTED_ADDRESS,
}


class Refused(Exception):  # noqa: N818 - as Problem
    """A call is refused.

    Attributes:
        code: The Web API's.
    """

    def __init__(self, code: int) -> None:
        """Refuse with a code."""
        super().__init__(code)
        self.code = code


def code_of(why: Detail | Problem) -> int:
    """Return the code of the Web API for a refusal of the service."""
    if why.code.endswith("not_found"):
        return codes.NO_ADDRESS
    return _CODES.get(why.code, codes.INTERNAL)


def code_of_value(value: Value) -> int:
    """Return the code of the Web API for a tag that has no value."""
    if value.status == UNKNOWN_TAG.code:
        return codes.NO_ADDRESS
    if value.status == ACCESS_DENIED.code:
        return codes.PERMISSION_DENIED
    return code_of(value.error) if value.error is not None else codes.UNSUPPORTED_ADDRESS
