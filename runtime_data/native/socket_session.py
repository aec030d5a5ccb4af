"""The protocol tia.runtime.v1: the messages of a client over its WebSocket, and the answers. docs/runtime/streams.md."""

from __future__ import annotations

import time
from typing import Annotated, Any

import msgspec

from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.operations import wire
from engineering_api.operations.binding import bind_document
from engineering_api.operations.declaration import name_of
from engineering_api.operations.streaming.beats import BEAT, beat_message
from engineering_api.security import Gate
from engineering_api.web.sockets import ENDS, Closed, Socket, run_until_one_ends
from openness_bridge.errors import Kind, Problem
from runtime_data.feeds import Feed, Feeds
from runtime_data.native import runtime_values_operations
from runtime_data.pace import pace_of

SUBPROTOCOL = "tia.runtime.v1"
WRITE = name_of(runtime_values_operations.write)
"""The operation that writes several tags: the same checks and audit entries as over HTTP."""
Id = int | Annotated[str, msgspec.Meta(max_length=100)]
Tags = Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]], msgspec.Meta(min_length=1)]


class _Message(msgspec.Struct, tag_field="type", forbid_unknown_fields=True, rename="camel", kw_only=True):
    """What a client sends.

    Attributes:
        id: What the answer names.
    """

    id: Id


class Subscribe(_Message, tag="subscribe"):
    """Listen to further tags.

    Attributes:
        period: Milliseconds from one reading to the next.
        deadband: By how much a number must change.
        change_only: False for the value of each reading, changed or not.
    """

    tags: Tags
    period: float | None = None
    deadband: float | None = None
    change_only: bool = True


class Change(Subscribe, tag="change"):
    """Listen to tags at another pace."""


class Unsubscribe(_Message, tag="unsubscribe"):
    """Listen to tags no more; to none at all without tags."""

    tags: Tags | None = None


class Write(_Message, tag="write"):
    """Write tags, as POST /api/runtime/values/actions/write does."""

    writes: list[dict[str, Any]]
    atomic: bool = False
    verify: bool = False


class Ping(_Message, tag="ping"):
    """Ask whether the service is there."""


Request = Subscribe | Change | Unsubscribe | Write | Ping


class SocketSession:
    """One client."""

    def __init__(self, socket: Socket) -> None:
        """Serve the client of a WebSocket."""
        self._socket, self._service = socket, socket.service

    async def run(self) -> None:
        """Serve it until it goes, or its key or login ends.

        Raises:
            Problem: There are too many streams, or the key or login has ended.
            Closed: It has gone.
        """
        with self._service.part(Feeds).open(self._socket.caller) as feed:
            await run_until_one_ends(self._answer(feed), self._tell(feed))

    async def _tell(self, feed: Feed) -> None:
        """Send values as they come, and a beat each second."""
        due = time.monotonic()
        while not feed.has_ended:
            if time.monotonic() >= due:
                due = time.monotonic() + BEAT
                await self._socket.send(beat_message(await self._service.part(Feeds).online(feed.tags)))
            batch = await feed.take(max(0.0, due - time.monotonic()))
            self._socket.require_good()
            if batch is not None and batch.values:
                head = b'{"type":"values","number":' + str(batch.number).encode() + b',"values":'
                await self._socket.send(head + batch.document + b"}")
        await self._socket.close(ENDS, "The service ends.")
        raise Closed

    async def _answer(self, feed: Feed) -> None:
        """Do what the client asks, one message after the other."""
        while True:
            try:
                document = await self._socket.receive()
            except Problem as problem:
                await self._refuse(None, problem)
                continue
            self._socket.require_good()
            try:
                request = msgspec.convert(document, Request)
                done = {"type": "done", "id": request.id, "data": await self._do(request, feed)}
                await self._socket.send(wire.encode(done))
            except Problem as problem:
                await self._refuse(document.get("id"), problem)
            except msgspec.ValidationError as error:
                msg = f"{error}. The messages are subscribe, change, unsubscribe, write and ping, each with an id."
                await self._refuse(document.get("id"), Problem("request.message", msg, kind=Kind.INVALID))

    async def _refuse(self, name: Any, problem: Problem) -> None:
        named = name if isinstance(name, int | str) and len(str(name)) <= 100 else None
        await self._socket.send(wire.encode({"type": "refused", "id": named, "error": wire.fault(problem)}))

    async def _do(self, request: Request, feed: Feed) -> Any:
        match request:
            case Change():
                await feed.require(request.tags)
                return {"tags": await self._listen(request, feed)}
            case Subscribe():
                return {"tags": await self._listen(request, feed)}
            case Unsubscribe():
                return {"tags": await feed.remove(request.tags or feed.tags)}
            case Write():
                return await self._write(request)
            case Ping():
                return {}

    @staticmethod
    async def _listen(request: Subscribe, feed: Feed) -> list[str]:
        return await feed.add(request.tags, pace_of(request.period, request.deadband, every=not request.change_only))

    async def _write(self, request: Write) -> msgspec.Raw:
        op = self._service.catalogue.named(WRITE)
        assert op is not None  # noqa: S101 - a test compares the name with the catalogue
        document = {"writes": request.writes, "atomic": request.atomic, "verify": request.verify}
        caller = self._socket.caller
        try:
            Gate.require(caller, op.right)
        except Problem as problem:
            await self._service.part(Refusals).note(op.name, problem.code, caller.name, caller.address)
            raise
        answer = await self._service.part(Runner).wait(op, bind_document(op.request, document), caller, limit=None)
        return msgspec.Raw(answer if isinstance(answer, bytes) else wire.encode({"jobId": answer}))
