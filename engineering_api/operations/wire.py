"""Answers and problems as JSON for programs, in every interface alike."""

from __future__ import annotations

from typing import Any

import msgspec

from openness_bridge.errors import Detail, Kind, Place, Problem

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


def encode(value: Any) -> bytes:
    """Return a value as JSON for the wire."""
    return _encoder.encode(value)


def fault(problem: Problem) -> Fault:
    """Return a problem as data. What it repeats of a request is cut where it is long."""
    return Fault(
        problem.code,
        cut(problem.message),
        _cut_place(problem.place),
        [
            msgspec.structs.replace(each, message=cut(each.message), place=_cut_place(each.place))
            for each in problem.details
        ],
        problem.limit,
        problem.value,
        [cut(each) for each in problem.candidates],
        cut(problem.sent) if isinstance(problem.sent, str) else problem.sent,
    )


def problem_of(fault: Fault, kind: Kind) -> Problem:
    """Return the problem that was written as data, with all that it says; its kind is not part of the data."""
    problem = Problem(fault.code, fault.message, kind=kind, place=fault.place, details=fault.details)
    return problem.beyond(fault.limit, fault.value).instead(fault.candidates, fault.sent)


class _Message(msgspec.Struct):
    """An answer that says in a sentence what the operation did."""

    message: str


_MESSAGE = msgspec.json.Decoder(_Message)


def sentence(done: str, data: bytes) -> str:
    """Return what an operation did: the sentence that it declares, else the `message` of its encoded answer."""
    return done or _MESSAGE.decode(data).message


def cut(text: str) -> str:
    """Return a text of an answer, shortened where it is very long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def _cut_place(place: Place | None) -> Place | None:
    if place is None or place.pointer is None or len(place.pointer) <= LONGEST:
        return place
    return msgspec.structs.replace(place, pointer=cut(place.pointer))
