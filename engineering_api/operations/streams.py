"""What a stream gets and sends, without the terms of HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from engineering_api.operations.context import Context
from engineering_api.security.identities import Identities


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a stream says.

    Attributes:
        data: JSON.
        event: What kind of message it is.
        number: Its number, which a listener that reconnects names as the last one it got; None where it cannot continue there.
        comment: Said instead of the others, only so that the connection is seen to be alive.
    """

    data: bytes = b""
    event: str = ""
    number: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """Who listens to a stream, and to what.

    Attributes:
        context: The service, the caller and the portal.
        path: The parameters of the path.
        query: The fields of the query, each with all its values.
        after: Number of the message that the listener saw last.
    """

    context: Context
    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    after: int | None = None

    def first(self, name: str) -> str | None:
        """Return the first value of a field of the query; None where it is not given."""
        return next(iter(self.query.get(name, ())), None)


async def yield_while_valid(listening: Listening, stream: AsyncGenerator[Message]) -> AsyncIterator[Message]:
    """Yield a stream until its caller's key or login is not valid any more: the key was revoked, the login ended."""
    identities, caller = listening.context.service.part(Identities), listening.context.caller
    async with aclosing(stream):
        async for message in stream:
            if not identities.holds(caller):
                return
            yield message
