"""Sinks: pushes of values to other systems, such as an ERP, and the log of what arrived."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType, field

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import JsonObject, Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, RightWord, Site, Undo
from runtime_data.sinks.definition import Answer, Definition, Spool, Stored, Trigger
from runtime_data.sinks.placeholders import written
from runtime_data.sinks.sinks import Sinks
from runtime_data.sinks.spool import DELIVERED, DROPPED, FAILED, Push, PushStatus

section = Section(
    "Runtime Sinks", Site.WORKER, reach=Reach.ALL, no_tool="a model must not decide who receives values", lock=Lock.NONE
)
SHOWN = 64 << 10
"""Bytes of a body or an answer that the log and a test show."""


class OnSink(Request, kw_only=True):
    """Which sink."""

    sink: Annotated[str, named("The sink's name.")]


class Create(Request, kw_only=True):
    """A sink."""

    name: Annotated[str, named("Its name: letters, digits, blanks, - and _.", schema={"pattern": r"^\w[\w -]{0,99}$"})]
    description: Annotated[str, named("What it is for.")] = ""
    enabled: Annotated[bool, named("Whether it sends. What waits is kept.")] = True
    when: Annotated[list[Trigger], named("What makes it send.", min_length=1)]
    send: Annotated[JsonObject, named("kind (http), what that kind needs, body, and tags of further values.")]
    answer: Annotated[Answer, named("Which tags get the answer.")] = field(default_factory=Answer)
    spool: Annotated[Spool, named("How pushes wait for a receiver that is away.")] = field(default_factory=Spool)


class Update(OnSink, kw_only=True):
    """The fields to change; the others stay as they are."""

    description: Annotated[str | UnsetType, named("What it is for.")] = UNSET
    enabled: Annotated[bool | UnsetType, named("Whether it sends. What waits is kept.")] = UNSET
    when: Annotated[list[Trigger] | UnsetType, named("What makes it send.")] = UNSET
    send: Annotated[
        JsonObject | UnsetType,
        named("The whole transport. Empty secrets keep the stored ones while the receiver is the same."),
    ] = UNSET
    answer: Annotated[Answer | UnsetType, named("Which tags get the answer.")] = UNSET
    spool: Annotated[Spool | UnsetType, named("How pushes wait for a receiver that is away.")] = UNSET


class Log(OnSink, kw_only=True):
    """Which pushes."""

    status: Annotated[Literal[""] | PushStatus, named("Only those in this state; empty for all.")] = ""
    limit: Annotated[int, named("How many at most, newest first.", ge=1, le=1000)] = 100


class OnPush(OnSink, kw_only=True):
    """Which push."""

    key: Annotated[str, named("The push's idempotency key.", max_length=100)]


class SinkInfo(Model, kw_only=True):
    """A sink, and what waits in its spool.

    Attributes:
        send: Without its secrets.
        definer: In whose right, limited by the rules, it reads and writes tags.
        right: That right.
        pending: How many pushes wait.
        pending_bytes: Their size.
        oldest: When the oldest of them fired, in UTC; null where none waits.
        delivered: How many have arrived.
        failed: How many the receiver refused for good, or could not be made.
        dropped: How many were dropped, because they were too old or there was no room.
        overrun: How many changes came faster than they could be written, and were not pushed.
        message: Why it does not watch its tags; empty where it does.
    """

    name: str
    description: str
    enabled: bool
    when: list[Trigger]
    send: JsonObject
    answer: Answer
    spool: Spool
    definer: str
    right: RightWord
    pending: int
    pending_bytes: int
    oldest: str | None
    delivered: int
    failed: int
    dropped: int
    overrun: int
    message: str


class PushInfo(Model, kw_only=True):
    """A push.

    Attributes:
        key: Its idempotency key: the same at each attempt.
        time: When its trigger fired, in UTC.
        attempts: How often it was sent.
        next_attempt: When it is sent next; null once it has ended.
        ended: When it ended; null while it waits.
        answer: The status of the last answer; null without one.
        error: Why it has not arrived, or what went wrong with its answer.
        body: What is sent, as far as 64 KiB.
    """

    key: str
    time: str
    status: PushStatus
    attempts: int
    next_attempt: str | None
    ended: str | None
    answer: int | None
    error: str
    media_type: str
    body: str


class Tested(Model, kw_only=True):
    """What came of a test.

    Attributes:
        arrived: Whether the receiver accepted it.
        status: What it answered; null without an answer.
        error: Why it did not arrive.
        body: What the receiver got.
        answer: The text of the answer.
    """

    arrived: bool
    status: int | None
    error: str
    body: str
    answer: str


class Flushed(Model, kw_only=True):
    """How many pushes are tried at once."""

    pushes: int


SINK = {"sink": "Shift report"}
CREATE = {
    "name": "Shift report",
    "when": [{"shift": {"early": "06:00", "late": "14:00", "night": "22:00"}, "zone": "Europe/Berlin"}],
    "send": {
        "url": "https://erp.example.org/api/confirmations",
        "auth": {"kind": "bearer", "secret": "a-token-of-the-erp"},
        "body": {"format": "json", "template": {"shift": "{shift}", "count": "{tag:memory:Count}", "at": "{now}"}},
    },
}


@section.operation(also="GET /api/runtime/sinks", changes=False, right=Right.VIEW)
async def list_(ctx: Context, _: Nothing) -> list[SinkInfo]:
    """List the sinks, with what waits in their spools. Secrets are not shown."""
    sinks = ctx.service.part(Sinks)
    return [await _info(sinks, each) for each in await sinks.all()]


@section.operation(also="GET /api/runtime/sinks/{sink}", changes=False, right=Right.VIEW, example=SINK)
async def get(ctx: Context, request: OnSink) -> SinkInfo:
    """Get a sink, with what waits in its spool. Secrets are not shown."""
    sinks = ctx.service.part(Sinks)
    return await _info(sinks, await sinks.get(request.sink))


@section.operation(
    also="POST /api/runtime/sinks",
    right=Right.ADMINISTER,
    example=CREATE,
    destroys=False,
    undo=Undo.NEVER,
    done="Sink created",
)
async def create(ctx: Context, request: Create) -> SinkInfo:
    """Add a sink. From now on each firing is a push that is kept on disk until it has arrived."""
    sinks = ctx.service.part(Sinks)
    given = {name: getattr(request, name) for name in Definition.__struct_fields__}
    return await _info(sinks, await sinks.add(Definition(**given), ctx.caller))


@section.operation(
    also="PATCH /api/runtime/sinks/{sink}",
    right=Right.ADMINISTER,
    example=SINK | {"enabled": False},
    destroys=True,
    undo=Undo.NEVER,
    done="Sink changed",
)
async def update(ctx: Context, request: Update) -> SinkInfo:
    """Change a sink. What waits goes to its new receiver, as it was made."""
    sinks = ctx.service.part(Sinks)
    fields = {name: getattr(request, name) for name in Definition.__struct_fields__ if name != "name"}
    given = {name: value for name, value in fields.items() if value is not UNSET}
    return await _info(sinks, await sinks.change(request.sink, given, ctx.caller))


@section.operation(
    also="DELETE /api/runtime/sinks/{sink}",
    right=Right.ADMINISTER,
    example=SINK,
    destroys=True,
    undo=Undo.NEVER,
    done="Sink deleted",
)
async def delete(ctx: Context, request: OnSink) -> SinkInfo:
    """Delete a sink with its log. What waits is not sent any more. The answer has the sink as it was."""
    sinks = ctx.service.part(Sinks)
    found = await _info(sinks, await sinks.get(request.sink))
    await sinks.remove(request.sink)
    return found


@section.operation(
    also="POST /api/runtime/sinks/{sink}/actions/test",
    right=Right.OPERATE,
    example=SINK,
    destroys=False,
    undo=Undo.NEVER,
    done="Sent",
)
async def test(ctx: Context, request: OnSink) -> Tested:
    """Send the present values once, aside from what waits. No tag gets the answer, and nothing of it is kept."""
    push, answer = await ctx.service.part(Sinks).test(request.sink)
    return Tested(
        arrived=answer.ok, status=answer.status, error=answer.error, body=_text(push.body), answer=_text(answer.body)
    )


@section.operation(
    also="POST /api/runtime/sinks/{sink}/actions/flush",
    right=Right.OPERATE,
    example=SINK,
    destroys=False,
    undo=Undo.NEEDLESS,
    done="Tried again",
)
async def flush(ctx: Context, request: OnSink) -> Flushed:
    """Try everything that waits at once, without waiting for the next attempt."""
    return Flushed(pushes=await ctx.service.part(Sinks).flush(request.sink))


@section.operation(
    also="POST /api/runtime/sinks/{sink}/actions/redeliver",
    right=Right.OPERATE,
    example=SINK | {"key": "9c3b2c54-1c55-4a4b-8f35-7f6f3a6b2d22"},
    destroys=False,
    undo=Undo.NEVER,
    done="Queued",
)
async def redeliver(ctx: Context, request: OnPush) -> PushInfo:
    """Send a push that has ended once more, with the same key, so that the receiver recognises it."""
    return _push(await ctx.service.part(Sinks).redeliver(request.sink, request.key))


@section.operation(
    also="GET /api/runtime/sinks/{sink}/deliveries",
    changes=False,
    right=Right.VIEW,
    example=SINK | {"status": "Failed"},
)
async def deliveries(ctx: Context, request: Log) -> list[PushInfo]:
    """List the latest pushes of a sink, newest first."""
    return [
        _push(each) for each in await ctx.service.part(Sinks).deliveries(request.sink, request.status, request.limit)
    ]


async def _info(sinks: Sinks, stored: Stored) -> SinkInfo:
    waiting = await sinks.waiting(stored.name)
    known = {name: getattr(stored, name) for name in Stored.__struct_fields__ if name != "authority"}
    return SinkInfo(
        **known,
        pending=waiting.pushes,
        pending_bytes=waiting.size,
        oldest=None if waiting.oldest is None else written(waiting.oldest),
        delivered=waiting.counts.get(DELIVERED, 0),
        failed=waiting.counts.get(FAILED, 0),
        dropped=waiting.counts.get(DROPPED, 0),
        overrun=waiting.counts.get("Overrun", 0),
        message=sinks.message(stored.name),
    )


def _push(push: Push) -> PushInfo:
    return PushInfo(
        key=push.key,
        time=written(push.time),
        status=push.status,
        attempts=push.attempts,
        next_attempt=None if push.ended is not None else written(push.next),
        ended=None if push.ended is None else written(push.ended),
        answer=push.answer,
        error=push.error,
        media_type=push.media_type,
        body=_text(push.body),
    )


def _text(content: bytes) -> str:
    return content[:SHOWN].decode("utf-8", "replace")
