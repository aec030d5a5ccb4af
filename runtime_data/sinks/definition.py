"""What a sink is: when it sends, what, how, what it does with the answer, and how long a push waits for its receiver."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec

from engineering_api.operations.combinations import combine, exactly_one
from engineering_api.operations.fields import Model, named
from engineering_api.operations.terms import RightWord
from openness_bridge.errors import Kind, Problem

_DURATION = re.compile(r"(\d{1,9})(ms|s|m|h|d)")
_MICROSECONDS = {"ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86_400 * 10**6}
_SIZE = re.compile(r"(\d{1,6})(KiB|MiB|GiB)")
_BYTES = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
Duration = Annotated[str, msgspec.Meta(pattern=rf"^{_DURATION.pattern}$")]


class AlarmFilter(Model, kw_only=True):
    """Which events of alarms fire a trigger; an empty field fits all."""

    priority: Annotated[int, named("The lowest priority, 0 to 1000.", ge=0, le=1000)] = 0
    alarm_class: Annotated[str, named("The name of the class.", "class")] = ""
    event: Annotated[str, named("What happened, such as raised, cleared or acknowledged.")] = ""
    name: Annotated[str, named("A glob of names of alarms.")] = ""


@combine(exactly_one("change", "every", "schedule", "shift", "alarm", code="sink.trigger"))
class Trigger(Model, kw_only=True):
    """When a sink sends: exactly one of change, every, schedule, shift and alarm, with what belongs to it."""

    change: Annotated[str, named("A tag: a change of it fires.", max_length=500)] = ""
    rising: Annotated[bool, named("Only where it becomes true, or another number than 0.")] = False
    falling: Annotated[bool, named("Only where it becomes false, or 0.")] = False
    deadband: Annotated[float, named("How far a number moves from the one that fired last.", ge=0)] = 0.0
    condition: Annotated[str, named("A tag that must be true, or another number than 0.", max_length=500)] = ""
    ack: Annotated[bool, named("Whether the tag is set back to false when the push has arrived.")] = False
    period: Annotated[Duration, named("From one reading of the tag to the next.")] = "500ms"
    every: Annotated[str, named("An interval, such as 10s.", pattern=rf"^({_DURATION.pattern})?$")] = ""
    schedule: Annotated[str, named("The five fields of a crontab.", max_length=200)] = ""
    shift: Annotated[
        dict[str, str], named("Times of day at which shifts begin, such as 06:00, by name. The end of each fires.")
    ] = {}
    zone: Annotated[str, named("The time zone of schedule and shift, such as Europe/Berlin.", max_length=64)] = "UTC"
    alarm: Annotated[AlarmFilter | None, named("Events of alarms that fire.")] = None


class Body(Model, kw_only=True):
    """What is sent."""

    format: Annotated[Literal["json", "xml", "csv", "form", "text"], named("How the template is written.")] = "json"
    template: Annotated[
        Any,
        named("The document, with placeholders such as {tag:PLC_1:Count}: JSON, XML as text, rows, fields, or text."),
    ] = None
    media_type: Annotated[str, named("The media type; by default the usual one of the format.", max_length=100)] = ""


class Answer(Model, kw_only=True):
    """Which tags get what the receiver answers."""

    status: Annotated[str, named("The tag that gets the status of each attempt; 0 without an answer.")] = ""
    body: Annotated[
        dict[str, str], named("Tags, each with the JSON pointer or XPath of a field; an empty one is the whole text.")
    ] = {}


class Spool(Model, kw_only=True):
    """How pushes wait for a receiver that is away."""

    keep: Annotated[Duration, named("After this a push that has not arrived is dropped.")] = "7d"
    size: Annotated[str, named("The most that waits; the oldest is dropped.", pattern=rf"^{_SIZE.pattern}$")] = "100MiB"
    order: Annotated[
        Literal["strict", "free"], named("Whether one that does not arrive keeps the later ones waiting.")
    ] = "strict"


class Definition(Model, kw_only=True):
    """A sink."""

    name: Annotated[str, named("Its name: letters, digits, blank, - and _.", pattern=r"^[\w][\w -]{0,99}$")]
    description: Annotated[str, named("What it is for.", max_length=1000)] = ""
    enabled: Annotated[bool, named("Whether it sends. What waits is kept.")] = True
    when: Annotated[list[Trigger], named("What makes it send.", min_length=1, max_length=50)]
    send: Annotated[
        dict[str, Any], named("The transport: kind (http), what that kind needs, body, and tags of further values.")
    ]
    answer: Annotated[Answer, named("Which tags get the answer.")] = msgspec.field(default_factory=Answer)
    spool: Annotated[Spool, named("How pushes wait.")] = msgspec.field(default_factory=Spool)


class Stored(Definition, kw_only=True):
    """A sink as it is kept.

    Attributes:
        send: As it was given, but with sealed secrets.
        definer: Who defined it: in their right, limited by the rules, it reads and writes tags.
        right: That right, by its word.
        authority: What the definer may do, as Authority writes it; empty for one of an earlier version.
    """

    definer: str
    right: RightWord
    authority: str = ""


class Common(Model, kw_only=True):
    """What every kind of transport has in `send`."""

    kind: str = "http"
    body: Body = msgspec.field(default_factory=Body)
    tags: Annotated[list[str], named("Tags whose values a push has besides those of its body.", max_length=1000)] = []


def duration(text: str) -> int:
    """Return a duration such as 10s in microseconds.

    Raises:
        Problem: It is none.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        msg = f"'{text}' is not a duration: write a number with ms, s, m, h or d, such as 10s."
        raise Problem("sink.duration", msg, kind=Kind.INVALID)
    return int(found[1]) * _MICROSECONDS[found[2]]


def size(text: str) -> int:
    """Return a size such as 100MiB in bytes.

    Raises:
        Problem: It is none.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise Problem("sink.size", f"'{text}' is not a size: write one such as 100MiB.", kind=Kind.INVALID)
    return int(found[1]) * _BYTES[found[2]]
