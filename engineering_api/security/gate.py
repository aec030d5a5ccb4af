"""Identifies the caller of every request of REST, streams, MCP, SignalR and the assistant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engineering_api.operations.caller import Caller
from engineering_api.operations.declaration import Right
from engineering_api.peers.model import Address
from engineering_api.security.identities import Identities
from engineering_api.security.origins import is_local
from engineering_api.settings import Settings
from engineering_api.web.rate_limit import RateLimit, Standing
from openness_bridge.errors import Kind, Problem

ANYBODY = Caller("anonymous", Right.PUBLIC)
BEARER = b"bearer"
STANDING = "tia.standing"
"""Where the scope of a request says how many requests its caller has left."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A caller who may continue.

    Attributes:
        standing: How many requests are left in this minute; None where they are not counted.
    """

    caller: Caller
    standing: Standing | None


class Gate:
    """Identifies callers by what they send, and counts their requests."""

    def __init__(self, identities: Identities, settings: Settings) -> None:
        """Know these callers, and count as these settings say."""
        self.identities = identities
        self._settings = settings
        self._requests = RateLimit(settings.rate_limit)
        self._failures = RateLimit(settings.auth_limit, what="requests with a wrong key")

    async def admit(
        self, headers: Mapping[bytes, bytes], address: str, right: Right, ends: tuple[Address, Address] | None = None
    ) -> Admitted:
        """Identify the caller of a request, which must have a right.

        Args:
            headers: As they came, names in lower case.
            address: The client's.
            right: What the request needs; for PUBLIC nobody is asked who they are.
            ends: The client's and the server's end of the connection, where there is one.

        Raises:
            Problem: 401 without a key or with a wrong one, 403 with too little, 429 after too many requests.
        """
        if right is Right.PUBLIC:
            is_here = ends is not None and is_local(headers, address, ends[1], self._settings)
            caller = replace(ANYBODY, local=ends if is_here else None)
        else:
            caller = await self._identified(headers, address)
        standing = self._requests.take(address, caller.name)
        self.require(caller, right)
        client = headers.get(b"x-client-id", b"").decode("latin-1")
        return Admitted(replace(caller, client=client, address=address), standing)

    async def _identified(self, headers: Mapping[bytes, bytes], address: str) -> Caller:
        try:
            key = headers.get(b"x-api-key")
            if key is not None:
                return self.identities.by_key(key.decode("latin-1"), address)
            scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
            return (
                await self.identities.by_token(token.strip().decode("latin-1")) if scheme.lower() == BEARER else ANYBODY
            )
        except Problem as problem:
            self._requests.take(address)
            if problem.kind is Kind.UNIDENTIFIED:
                self._failures.take(address)
            raise

    @staticmethod
    def require(caller: Caller, right: Right) -> None:
        """Refuse a caller without a right.

        Raises:
            Problem: 401 without a key, 403 with too little.
        """
        if caller.right >= right:
            return
        if caller.right is Right.PUBLIC:
            raise Problem(
                "auth.required",
                "This route needs an API key as X-API-Key, or a token as Authorization: Bearer.",
                kind=Kind.UNIDENTIFIED,
            )
        raise Problem("auth.right", f"This needs the right '{right.word}'.", kind=Kind.FORBIDDEN)
