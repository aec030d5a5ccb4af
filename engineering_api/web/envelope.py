"""The envelope of version 1: the same fields on both levels, because the vendor's clients read either.

Facts: docs/facts/t-ia-connect.md#envelope. A client takes `success` missing or false as an
error even with status 200, so every answer carries it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from engineering_api.web.statuses import status_of
from openness_bridge.errors import Detail, Kind, Place, Problem

_TIME = b'"timestamp":"'
LONGEST = 4000
"""Characters of a text in an answer that says what went wrong."""
_encoder = msgspec.json.Encoder(enc_hook=str)


class Fault(msgspec.Struct, rename="camel", omit_defaults=True):
    """An error, for programs.

    Attributes:
        limit: The largest accepted value, where a value is too large or too deep.
        value: The value that was found.
        candidates: Values that are possible instead, the likeliest first.
        sent: The value that the request had.
    """

    code: str
    message: str
    place: Place | None = None
    details: list[Detail] = []
    limit: int | None = None
    value: int | None = None
    candidates: list[str] = []
    sent: Any = None


class _Message(msgspec.Struct):
    """An answer that says in a sentence what the operation did."""

    message: str


_MESSAGE = msgspec.json.Decoder(_Message)


def sentence(done: str, data: bytes) -> str:
    """Return what an operation did: the sentence that it declares, else the `message` of its encoded answer."""
    return done or _MESSAGE.decode(data).message


def success(data: bytes, message: str = "OK", status: int = 200, *, doubled: bool = True) -> bytes:
    """Return an answer with its encoded data."""
    return _wrap(status, b"true", message, data, b"", doubled=doubled)


def fault(problem: Problem) -> Fault:
    """Return a problem as data. What it repeats of a request is cut where it is long."""
    return Fault(
        problem.code,
        _cut(problem.message),
        _cut_place(problem.place),
        [
            msgspec.structs.replace(each, message=_cut(each.message), place=_cut_place(each.place))
            for each in problem.details
        ],
        problem.limit,
        problem.value,
        [_cut(each) for each in problem.candidates],
        _cut(problem.sent) if isinstance(problem.sent, str) else problem.sent,
    )


def problem_of(fault: Fault, kind: Kind) -> Problem:
    """Return the problem that was written as data, with all that it says; its kind is not part of the data."""
    problem = Problem(fault.code, fault.message, kind=kind, place=fault.place, details=fault.details)
    return problem.beyond(fault.limit, fault.value).instead(fault.candidates, fault.sent)


def failure(problem: Problem, *, doubled: bool = True) -> bytes:
    """Return an answer that says what went wrong, where, and what to do."""
    more = b',"error":' + _encoder.encode(fault(problem))
    return _wrap(status_of(problem), b"false", _cut(problem.message), b"null", more, doubled=doubled)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def _cut_place(place: Place | None) -> Place | None:
    if place is None or place.pointer is None or len(place.pointer) <= LONGEST:
        return place
    return msgspec.structs.replace(place, pointer=_cut(place.pointer))


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


def encode(value: Any) -> bytes:
    """Return a value as JSON for the wire."""
    return _encoder.encode(value)


def _wrap(status: int, ok: bytes, message: str, data: bytes, more: bytes, *, doubled: bool) -> bytes:
    inner = b'"success":%b,"message":%b,"data":%b%b,"timestamp":"%b"' % (
        ok,
        _encoder.encode(message),
        data,
        more,
        now(),
    )
    return b'{"status":%d,%b%b}' % (status, inner, b',"response":{%b}' % inner if doubled else b"")
