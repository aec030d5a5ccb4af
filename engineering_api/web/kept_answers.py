"""Answers a read again with what it answered before, as long as nothing has changed: clients poll, projects change rarely.

Only operations that declare `kept` take part: their answers depend on nothing but the open project. An answer is kept for
the count of changes (operations/changes.py) at which it was read, so no change has begun or ended since. It is kept only
where the service started the portal itself, without user interface: no user changes the project there. Each request is
identified and counted as any other. `Cache-Control: no-cache` asks TIA Portal in any case.

While an answer is made, further requests for it wait for it, so that many clients that poll ask TIA Portal once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from engineering_api.operations.context import Service
from engineering_api.operations.resources import tags_in
from engineering_api.operations.terms import Right
from engineering_api.security import Gate
from engineering_api.web import envelope
from engineering_api.web.bodies import refuse
from engineering_api.web.forms.versions import VERSION_2, version_of
from engineering_api.web.identify import identify_sender
from openness_bridge.errors import Problem

Next = Callable[[Any, Any, Any], Awaitable[None]]
NOTE = "tia.kept_answer"
"""Where the scope of a request has the note of its answer."""
LARGEST = 1 << 20
"""Bytes of an answer above which it is not kept."""
OF_NO_EFFECT = frozenset(
    b"accept-encoding accept-language connection host if-none-match referer traceparent tracestate user-agent x-request-id".split()
)
"""Headers that do not change a body. Answers to requests that differ in any other header are kept apart."""
ANOTHER_WAY = frozenset([b"x-tia-instance", b"x-tia-worker", b"prefer"])
"""Headers of requests that are answered in the usual way."""
LONGEST_WAIT = 10.0
"""Seconds that a request waits for the answer to another one; then it asks TIA Portal itself."""
State = tuple[int, object]


@dataclass(slots=True)
class Note:
    """What becomes known of an answer while it is made and on its way out.

    Attributes:
        state: What it depends on, as it was when the request came.
        begins: Called when it is known that the answer is to be kept.
        ends: Called when it is whole, before the client has received it.
        right: The right that the request needed; None where its answer is not to be kept.
        template: The path of the operation's route.
        is_made: Set when it is whole, or will never be.
    """

    state: State
    begins: Callable[[Note], None]
    ends: Callable[[Note], None]
    right: Right | None = None
    template: str = ""
    status: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    is_whole: bool = False
    is_made: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self, right: Right, template: str) -> None:
        """Note that the answer is to be kept."""
        self.right, self.template = right, template
        self.begins(self)

    def recording(self, send: Any) -> Any:
        """Return what sends the answer, and notes it where it is to be kept."""

        async def sending(message: Any) -> None:
            if self.right is not None:
                self._record(message)
            await send(message)

        return sending

    def _record(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], tuple(message["headers"])
        elif len(self.body) <= LARGEST:
            self.body += message.get("body", b"")
            self.is_whole = not message.get("more_body")
            if self.is_whole:
                self.ends(self)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer.

    Attributes:
        parts: Its body; where it has the time of the answer, what is around it.
        tag: Its ETag.
    """

    state: State
    right: Right
    template: str
    headers: tuple[tuple[bytes, bytes], ...]
    parts: tuple[bytes, ...]
    tag: str

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


class KeptAnswers:
    """Answers reads before an application routes them, where it can."""

    def __init__(self, service: Service, gate: Gate) -> None:
        """Keep the answers of this service."""
        self._service, self._gate = service, gate
        self._answers: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._making: dict[Hashable, Note] = {}
        self._size = 0

    async def __call__(self, scope: Any, receive: Any, send: Any, further: Next) -> None:
        """Answer a request, or hand it on."""
        state, key = self._state(), _key(scope)
        if state is None or key is None:
            await further(scope, receive, send)
            return
        making = self._making.get(key)
        if making is not None and making.state == state:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_WAIT):
                    await making.is_made.wait()
            state = self._state()
        kept = self._answers.get(key)
        if kept is not None and kept.state == state:
            self._answers.move_to_end(key)
            await self._answer(kept, scope, send)
        elif state is None:
            await further(scope, receive, send)
        else:
            await self._make(key, state, scope, receive, send, further)

    async def _make(self, key: Hashable, state: State, scope: Any, receive: Any, send: Any, further: Next) -> None:
        """Hand a request on, and keep its answer."""

        def begin(note: Note) -> None:
            making = self._making.get(key)
            if making is None or making.state != state:
                self._making[key] = note

        def end(note: Note) -> None:
            if note.right is not None and note.status == 200 and note.is_whole and self._state() == state:
                self._keep(key, state, note, scope)
            if self._making.get(key) is note:
                del self._making[key]
            note.is_made.set()

        note = scope[NOTE] = Note(state, begin, end)
        try:
            await further(scope, receive, note.recording(send))
        finally:
            if not note.is_made.is_set():
                end(note)

    def _state(self) -> State | None:
        """Return what all kept answers depend on; None where something else may change the project."""
        session = self._service.portals.current
        if session is None or not session.is_alone or not self._service.settings.max_kept_answers:
            return None
        return self._service.changes.count, session

    async def _answer(self, kept: _Kept, scope: Any, send: Any) -> None:
        scope["path_template"] = kept.template
        try:
            await identify_sender(scope, self._gate, kept.right)
        except Problem as problem:
            await refuse(problem, scope, send)
            return
        wanted = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")
        if wanted and {kept.tag, "*"} & set(tags_in(wanted.decode("latin-1"))):
            await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", kept.tag.encode())]})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers]})
        await send({"type": "http.response.body", "body": envelope.now().join(kept.parts), "more_body": False})

    def _keep(self, key: Hashable, state: State, note: Note, scope: Any) -> None:
        limit = self._service.settings.max_kept_answers
        parts = (note.body,) if version_of(scope) is VERSION_2 else envelope.around_time(note.body)
        tag = next((value for name, value in note.headers if name == b"etag"), b"").decode("latin-1")
        if not parts or not tag or len(note.body) > min(LARGEST, limit) or note.right is None:
            return
        before = self._answers.pop(key, None)
        self._size -= before.size if before else 0
        made = self._answers[key] = _Kept(state, note.right, note.template, note.headers, parts, tag)
        self._size += made.size
        while self._size > limit:
            _, oldest = self._answers.popitem(last=False)
            self._size -= oldest.size


def _key(scope: Any) -> Hashable | None:
    """Return what an answer depends on besides the project; None for requests that are answered in the usual way."""
    if not scope.get("raw_path"):
        return None
    telling = tuple((name, value) for name, value in scope["headers"] if name not in OF_NO_EFFECT)
    for name, value in telling:
        if name in ANOTHER_WAY or (name in {b"cache-control", b"pragma"} and b"no-cache" in value):
            return None
    return scope["raw_path"], scope["query_string"], telling
