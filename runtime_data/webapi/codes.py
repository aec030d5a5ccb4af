"""The error codes of the Web API that the service sends or understands.

Facts: docs/facts/webapi.md#error-codes.
"""

from __future__ import annotations

from runtime_data.quality import ACCESS_DENIED, BAD, UNKNOWN_TAG, Status

INTERNAL = 1
PERMISSION_DENIED = 2
BUSY = 3
NO_RESOURCES = 4
NOT_ACCEPTED = 6
LOGIN_FAILED = 100
ALREADY_AUTHENTICATED = 101
PASSWORD_EXPIRED = 102
NO_ADDRESS = 200
INVALID_ADDRESS = 201
NO_STRUCTURE = 202
INVALID_INDEX = 203
UNSUPPORTED_ADDRESS = 204
READ_ONLY = 205
INVALID_ALARM = 800
INVALID_ALARM_PARAMETERS = 801
INVALID_REQUEST = -32600
NO_METHOD = -32601
INVALID_PARAMETERS = -32602
PARSE_ERROR = -32700

MESSAGES = {
    INTERNAL: "Internal error",
    PERMISSION_DENIED: "Permission denied",
    BUSY: "System is busy",
    NO_RESOURCES: "No resources",
    NOT_ACCEPTED: "Not accepted",
    LOGIN_FAILED: "Login failed",
    ALREADY_AUTHENTICATED: "Already authenticated",
    PASSWORD_EXPIRED: "Password expired",
    NO_ADDRESS: "Address does not exist",
    INVALID_ADDRESS: "Invalid address",
    NO_STRUCTURE: "Variable is not a structure",
    INVALID_INDEX: "Invalid array index",
    UNSUPPORTED_ADDRESS: "Unsupported address",
    READ_ONLY: "Address is read-only",
    INVALID_ALARM: "Invalid alarm id",
    INVALID_ALARM_PARAMETERS: "Invalid alarm parameters",
    INVALID_REQUEST: "Invalid request",
    NO_METHOD: "Method not found",
    INVALID_PARAMETERS: "Invalid params",
    PARSE_ERROR: "Parse error",
}
"""What a CPU calls each code."""

OF_TAGS: dict[int, tuple[str, Status, str]] = {
    PERMISSION_DENIED: ("runtime.denied_by_cpu", ACCESS_DENIED, "The CPU does not allow it to the user of the source."),
    BUSY: ("runtime.busy", BAD, "The CPU is busy with another request: try again."),
    NO_RESOURCES: ("runtime.busy", BAD, "The CPU has no resources for it now: try again."),
    NO_ADDRESS: ("tag.not_found", UNKNOWN_TAG, "The CPU has no such tag, or does not show it to the Web API."),
    INVALID_ADDRESS: ("tag.not_found", UNKNOWN_TAG, "The CPU does not accept this name of a tag."),
    INVALID_INDEX: ("tag.not_found", UNKNOWN_TAG, "The array has no such element."),
    UNSUPPORTED_ADDRESS: ("runtime.no_value", BAD, "It has no value as a whole: name the tags below it."),
    READ_ONLY: ("runtime.not_writable", BAD, "The CPU allows no writing to this tag."),
    INVALID_PARAMETERS: ("runtime.value", BAD, "The CPU does not accept this value."),
}
"""What a code means for a tag: the code and the status of ours, and a sentence."""
