"""Errors as WinCC Unified's clients read them: a code as text and a description, in each result.

Facts: docs/facts/wincc.md#unified.
"""

from __future__ import annotations

from typing import Any

from openness_bridge.errors import Detail, Kind, Problem

SUCCESS = {"code": "0", "description": ""}
GENERIC, NAME, ARGUMENT, CREDENTIALS, CONVERSION = "1", "2", "3", "101", "201"
FILTER, LANGUAGE, STATE = "301", "302", "304"
_CODES = {
    "runtime.alarm_not_found": NAME,
    "runtime.alarm_state": STATE,
    "runtime.alarm_shelve": ARGUMENT,
    "runtime.not_found": NAME,
    "runtime.source": NAME,
    "runtime.tag": NAME,
    "runtime.type": CONVERSION,
    "runtime.value": CONVERSION,
    "unified.filter": FILTER,
}
_KINDS = {Kind.UNIDENTIFIED: CREDENTIALS, Kind.MISSING: NAME, Kind.INVALID: ARGUMENT}


def show_error(error: Detail | Problem | None) -> dict[str, Any]:
    """Return the error of a result; code 0 where there is none."""
    if error is None:
        return SUCCESS
    return {"code": code_of(error), "description": error.message}


def code_of(error: Detail | Problem) -> str:
    """Return WinCC Unified's code of an error, from its code or its kind."""
    kind = _KINDS.get(error.kind, GENERIC) if isinstance(error, Problem) else GENERIC
    missing = NAME if error.code.endswith(".not_found") else kind
    return _CODES.get(error.code, missing)
