"""The envelope of version 1: the same fields on both levels, because the vendor's clients read either.

Facts: docs/facts/t-ia-connect.md#envelope. A client takes `success` missing or false as an
error even with status 200, so every answer carries it.
"""

from __future__ import annotations

import datetime as dt

from engineering_api.operations import wire
from engineering_api.web.statuses import status_of
from openness_bridge.errors import Problem

_TIME = b'"timestamp":"'


def success(data: bytes, message: str = "OK", status: int = 200, *, doubled: bool = True) -> bytes:
    """Return an answer with its encoded data."""
    return _wrap(status, b"true", message, data, b"", doubled=doubled)


def failure(problem: Problem, *, doubled: bool = True) -> bytes:
    """Return an answer that says what went wrong, where, and what to do."""
    more = b',"error":' + wire.encode(wire.fault(problem))
    return _wrap(status_of(problem), b"false", wire.cut(problem.message), b"null", more, doubled=doubled)


def now() -> bytes:
    """Return the time as an answer has it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()


def around_time(body: bytes) -> tuple[bytes, ...]:
    """Return what is around the time in a successful answer, on both levels; nothing where that is not clear."""
    begin = body.rfind(_TIME) + len(_TIME)
    found = body[begin : body.find(b'"', begin)]
    parts = tuple(body.split(found))
    return (
        parts
        if len(parts) == 2 + (b',"response":{' in parts[1]) and all(each.endswith(_TIME) for each in parts[:-1])
        else ()
    )


def _wrap(status: int, ok: bytes, message: str, data: bytes, more: bytes, *, doubled: bool) -> bytes:
    inner = b'"success":%b,"message":%b,"data":%b%b,"timestamp":"%b"' % (
        ok,
        wire.encode(message),
        data,
        more,
        now(),
    )
    return b'{"status":%d,%b%b}' % (status, inner, b',"response":{%b}' % inner if doubled else b"")
