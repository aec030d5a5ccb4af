"""The part of the service that knows all sinks: it keeps their definitions and lets them work."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.security.authority import Authority
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.errors import Kind, Place, Problem, not_found
from runtime_data.secrets import each_secret, keep_secrets
from runtime_data.sinks.definition import Definition, Stored
from runtime_data.sinks.reading import read_send, require_valid
from runtime_data.sinks.sink import Sink
from runtime_data.sinks.spool import DROPPED, PENDING, Push, Waiting
from runtime_data.sinks.tools import Tools
from runtime_data.sinks.transport import OWN, Answer

KIND = "sink"
MOST_SINKS = 100
_COMMON = ("kind", "body", "tags")
log = logging.getLogger(__name__)


class Sinks:
    """All sinks of the service. On the event loop only."""

    def __init__(self, definitions: RuntimeDefinitions, tools: Tools) -> None:
        """Keep them among these definitions; nothing is sent yet."""
        self._definitions, self._tools = definitions, tools
        self._working: dict[str, Sink] = {}
        self._refused: dict[str, str] = {}
        self._changing = asyncio.Lock()
        self._sends = False

    # -- life -------------------------------------------------------------------------

    async def start(self, *, alone: bool = True) -> None:
        """Let all sinks work.

        Args:
            alone: Whether no other process works with the data folder; otherwise that one sends.
        """
        self._sends = alone
        for stored in (await self._all()).values():
            await self._begin(stored)

    async def stop(self) -> None:
        """Let all sinks rest, and close the spool; what waits is kept."""
        self._sends = False
        for name in list(self._working):
            await self._working.pop(name).stop()
        await asyncio.to_thread(self._tools.spool.close)

    # -- definitions ------------------------------------------------------------------

    async def all(self) -> list[Stored]:
        """Return all sinks by name, without their secrets."""
        return [shown(stored) for stored in (await self._all()).values()]

    async def get(self, name: str) -> Stored:
        """Return a sink without its secrets.

        Raises:
            Problem: There is none.
        """
        return shown(await self._stored(name))

    async def add(self, definition: Definition, caller: Caller) -> Stored:
        """Add a sink; it works from now on.

        Raises:
            Problem: There is one of this name, there are too many, or it could not work.
        """
        async with self._changing:
            known = await self._all()
            if definition.name.casefold() in {name.casefold() for name in known}:
                msg = f"There is a sink '{definition.name}' already: change it, or choose another name."
                raise Problem("sink.exists", msg, kind=Kind.CONFLICT, place=Place(pointer="/name"))
            if len(known) >= MOST_SINKS:
                msg = f"There are {MOST_SINKS} sinks already: delete one first."
                raise Problem("sink.too_many", msg, kind=Kind.CONFLICT)
            return await self._keep(definition, caller)

    async def change(self, name: str, given: dict[str, Any], caller: Caller) -> Stored:
        """Change fields of a sink; the caller is its definer from now on.

        Args:
            name: The sink.
            given: Fields of Definition. A `send` without secrets keeps them where it goes to the same receiver.
            caller: Who changes it.

        Raises:
            Problem: There is none of this name, or it could not work.
        """
        async with self._changing:
            stored = await self._stored(name)
            fields = {each: getattr(stored, each) for each in Definition.__struct_fields__}
            opened = await self._with_secrets(stored.send, self._tools.vault.open)
            new = Definition(**fields | {"send": opened} | given)
            if "send" in given:
                old, now = read_send(opened), read_send(new.send)
                if now.kind.urls(now.form) == old.kind.urls(old.form):
                    new.send = _built(new.send, keep_secrets(now.form, old.form))
            return await self._keep(new, caller)

    async def remove(self, name: str) -> Stored:
        """Remove a sink with all that waits.

        Raises:
            Problem: There is none.
        """
        async with self._changing:
            stored = await self._stored(name)
            await self._end(name)
            await asyncio.to_thread(self._definitions.remove, KIND, name)
            await self._tools.spool.forget(name)
            return shown(stored)

    # -- pushes -----------------------------------------------------------------------

    async def waiting(self, name: str) -> Waiting:
        """Return what waits of a sink, and what has been counted.

        Raises:
            Problem: There is none.
        """
        await self._stored(name)
        return await self._tools.spool.waiting(name)

    def message(self, name: str) -> str:
        """Return why a sink does not watch its tags; empty where it does."""
        found = self._working.get(name)
        return found.message if found else self._refused.get(name, "")

    async def deliveries(self, name: str, status: str, limit: int) -> list[Push]:
        """Return the latest pushes of a sink, newest first.

        Raises:
            Problem: There is none.
        """
        await self._stored(name)
        return await self._tools.spool.latest(name, status, limit)

    async def test(self, name: str) -> tuple[Push, Answer]:
        """Send the present values of a sink once, whether it is enabled or not; nothing of it is kept.

        Raises:
            Problem: There is none.
        """
        stored = await self._stored(name)
        return await Sink(stored, read_send(stored.send), self._tools).test()

    async def flush(self, name: str) -> int:
        """Try everything that waits at once; return how many pushes that are.

        Raises:
            Problem: There is no such sink, or it is not enabled.
        """
        await self._stored(name)
        working = self._require_working(name)
        waiting = await self._tools.spool.due_now(name, self._tools.clock.now())
        working.delivery.wake()
        return waiting

    async def redeliver(self, name: str, key: str) -> Push:
        """Send a push that has ended once more, with the same key.

        Raises:
            Problem: There is no such sink or push, it still waits, or its contents are gone.
        """
        await self._stored(name)
        working = self._require_working(name)
        push = await self._tools.spool.find(name, key)
        if push is None:
            raise not_found("push", key)
        if push.status == PENDING:
            raise Problem("sink.pending", "It has not ended yet: it is tried again anyway.", kind=Kind.CONFLICT)
        if push.status == DROPPED or (not push.body and push.error.startswith("No body")):
            raise Problem("sink.no_contents", "Its contents are gone, so it cannot be sent again.", kind=Kind.CONFLICT)
        now = self._tools.clock.now()
        again = msgspec.structs.replace(push, status=PENDING, next=now, ended=None, error="")
        await self._tools.spool.note(again)
        working.delivery.wake()
        return again

    # -- helpers ----------------------------------------------------------------------

    def _require_working(self, name: str) -> Sink:
        found = self._working.get(name)
        if found is None:
            msg = "This sink does not send: enable it, or ask the process that works with the data folder."
            raise Problem("sink.disabled", msg, kind=Kind.CONFLICT)
        return found

    async def _keep(self, definition: Definition, caller: Caller) -> Stored:
        """Check a definition with open secrets, keep it with sealed ones, and let it work."""
        tools = self._tools
        sending = require_valid(definition, history=tools.aggregate is not None, alarms=tools.alarms is not None)
        for url in sending.kind.urls(sending.form):
            await tools.targets.require(url)
        sealed = await self._with_secrets(definition.send, tools.vault.seal)
        fields = {each: getattr(definition, each) for each in Definition.__struct_fields__}
        stored = Stored(**fields | {"send": sealed}, definer=caller.name, right=caller.right.word)
        stored.authority = Authority.of(caller).encode()
        await asyncio.to_thread(self._definitions.put, KIND, stored.name, stored)
        await self._end(stored.name)
        await self._begin(stored)
        return shown(stored)

    async def _with_secrets(self, send: dict[str, Any], change: Any) -> dict[str, Any]:
        return await asyncio.to_thread(lambda: _built(send, each_secret(read_send(send).form, change)))

    async def _begin(self, stored: Stored) -> None:
        if stored.enabled and self._sends:
            try:
                sending = read_send(stored.send)
            except Problem as problem:
                if is_own(stored.send):
                    raise
                self._refused[stored.name] = problem.message
                log.warning("The sink %s does not work: %s", stored.name, problem.message)
                return
            self._working[stored.name] = sink = Sink(stored, sending, self._tools)
            await sink.start()

    async def _end(self, name: str) -> None:
        self._refused.pop(name, None)
        if (found := self._working.pop(name, None)) is not None:
            await found.stop()

    async def _all(self) -> dict[str, Stored]:
        return await asyncio.to_thread(self._definitions.all, KIND, Stored)

    async def _stored(self, name: str) -> Stored:
        known = await self._all()
        if name not in known:
            raise not_found("sink", name, known)
        return known[name]


def shown(stored: Stored) -> Stored:
    """Return a sink without its secrets. Of a plugin that cannot be used it has no settings: only the plugin knows the secrets."""
    try:
        form = read_send(stored.send).form
    except Problem:
        if is_own(stored.send):
            raise
        return msgspec.structs.replace(
            stored, send={name: stored.send[name] for name in _COMMON if name in stored.send}
        )
    return msgspec.structs.replace(stored, send=_built(stored.send, each_secret(form, lambda _: "")))


def is_own(send: dict[str, Any]) -> bool:
    """Return whether the kind of a receiver is not that of a plugin."""
    return send.get("kind", "http") in OWN


def _built(send: dict[str, Any], form: Any) -> dict[str, Any]:
    """Return `send` with the fields of its kind replaced."""
    common = {name: send[name] for name in _COMMON if name in send}
    fields: dict[str, Any] = msgspec.to_builtins(form)
    return {"kind": "http"} | common | fields
