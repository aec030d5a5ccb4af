"""Identifies the caller of every request of REST, streams, MCP, SignalR and the assistant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Login, Right
from engineering_api.peers.model import Address
from engineering_api.security.basic import decode_basic
from engineering_api.security.identities import Identities
from engineering_api.security.origins import is_local
from engineering_api.security.rate_limit import RateLimit, Standing
from engineering_api.settings import Settings
from openness_bridge.errors import Kind, Problem

ANYBODY = Caller("anonymous", Right.PUBLIC)
BEARER, BASIC = b"bearer", b"basic"
KEY_HEADERS = {
    Login.OWN: (b"x-api-key",),
    Login.IGNITION: (b"x-api-key", b"x-ignition-api-token"),
    Login.BASIC: (b"x-api-key",),
}
"""Headers that hold a key; the first one that is sent counts."""
STANDING = "tia.standing"
"""Where the scope of a request says how many requests its caller has left."""


@dataclass(frozen=True, slots=True)
class Admission:
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
        self,
        headers: Mapping[bytes, bytes],
        address: str,
        right: Right,
        ends: tuple[Address, Address] | None = None,
        login: Login = Login.OWN,
        *,
        encrypted: bool = False,
    ) -> Admission:
        """Identify the caller of a request, which must have a right.

        Args:
            headers: As they came, names in lower case.
            address: The client's.
            right: The right that the request needs; PUBLIC needs no identity.
            ends: The client's and the server's end of the connection, where there is one.
            login: How the caller may identify itself.
            encrypted: Whether the request came over TLS.

        Raises:
            Problem: 401 without a key or with a wrong one, 403 with too little or with a password that others can read, 429
                after too many requests.
        """
        if right is Right.PUBLIC:
            caller = replace(ANYBODY, local=ends if self._is_here(headers, address, ends) else None)
        else:
            private = login is Login.BASIC and (encrypted or self._is_here(headers, address, ends))
            caller = await self._identify(headers, address, login, private=private)
        standing = self._requests.take(address, caller.name)
        self.require(caller, right)
        client = headers.get(b"x-client-id", b"").decode("latin-1")
        return Admission(replace(caller, client=client, address=address), standing)

    def _is_here(self, headers: Mapping[bytes, bytes], address: str, ends: tuple[Address, Address] | None) -> bool:
        return ends is not None and is_local(headers, address, ends[1], self._settings)

    def count(self, caller: Caller) -> None:
        """Count a message of a caller who was admitted before, as a request.

        Raises:
            Problem: 429, it is one too many.
        """
        self._requests.take(caller.address, caller.name)

    async def _identify(self, headers: Mapping[bytes, bytes], address: str, login: Login, *, private: bool) -> Caller:
        try:
            key = next((headers[name] for name in KEY_HEADERS[login] if name in headers), None)
            if key is not None:
                return self.identities.by_key(key.decode("latin-1"), address)
            scheme, _, sent = headers.get(b"authorization", b"").partition(b" ")
            token = sent.strip().decode("latin-1")
            if scheme.lower() == BASIC and login is Login.BASIC:
                _require_private(private=private)
                return await self.identities.users.by_password(*decode_basic(token), address)
            if scheme.lower() != BEARER:
                return ANYBODY
            if login is Login.IGNITION and self.identities.is_key(token):
                return self.identities.by_key(token, address)
            return await self.identities.by_token(token)
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
        raise Problem("auth.right", f"This operation needs the right '{right.word}'.", kind=Kind.FORBIDDEN)


def _require_private(*, private: bool) -> None:
    """Refuse a password that others on the network can read.

    Raises:
        Problem: They can.
    """
    if not private:
        msg = "The service accepts Authorization: Basic only with TLS or from this computer: use https, or log in for a token."
        raise Problem("auth.basic_insecure", msg, kind=Kind.FORBIDDEN)
