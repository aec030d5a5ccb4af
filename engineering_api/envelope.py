"""The answer's envelope: the same fields on both levels, because clients read either.

Facts: t-ia-connect-contract A3. A client takes `success` missing or false as an
error even with status 200, so every answer carries it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from openness_bridge.errors import Detail, Place, Problem

_encoder = msgspec.json.Encoder(enc_hook=str)


class Fault(msgspec.Struct, rename="camel", omit_defaults=True):
    """What went wrong, for programs."""

    code: str
    message: str
    place: Place | None = None
    details: list[Detail] = []


def success(data: bytes, message: str = "OK", status: int = 200) -> bytes:
    """An answer with its encoded data."""
    return _wrap(status, b"true", message, data, b"")


def fault(problem: Problem) -> Fault:
    """A problem as data."""
    return Fault(problem.code, problem.message, problem.place, problem.details)


def failure(problem: Problem) -> bytes:
    """An answer that says what went wrong, where, and what to do."""
    more = b',"error":' + _encoder.encode(fault(problem))
    return _wrap(problem.status, b"false", problem.message, b"null", more)


def encode(value: Any) -> bytes:
    """JSON as it goes over the wire."""
    return _encoder.encode(value)


def _wrap(status: int, ok: bytes, message: str, data: bytes, more: bytes) -> bytes:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()
    inner = b'"success":%b,"message":%b,"data":%b%b,"timestamp":"%b"' % (
        ok,
        _encoder.encode(message),
        data,
        more,
        now,
    )
    return b'{"status":%d,%b,"response":{%b}}' % (status, inner, inner)
