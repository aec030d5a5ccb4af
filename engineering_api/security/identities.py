"""All callers of a service, by what they send."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.api_keys import PREFIX, ApiKeys, digest_of, refuse_wrong_key
from engineering_api.security.keyfile import key_of
from engineering_api.security.users import Users
from engineering_api.settings import Settings
from engineering_api.storage.database import Database
from engineering_api.storage.identities import KeyStore, UserStore
from openness_bridge.errors import Kind, Problem

if TYPE_CHECKING:
    from engineering_api.security.oidc import Issuer

OWN_KEY = Caller("api-key", Right.ADMINISTER, kind="key")
"""The caller with the service's own key: the user who started it, or anyone who may read its data folder."""


class Identities:
    """Identifies the caller by a key or a token. On the event loop only.

    Attributes:
        keys: The API keys.
        users: The users with passwords.
        issuer: The issuer whose tokens are also accepted; None for no issuer.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        """Keep keys and users in this database."""
        self._own = digest_of(key_of(settings))
        self.keys = ApiKeys(KeyStore(database))
        self.users = Users(UserStore(database), settings.data_dir)
        self.issuer = _issuer(settings) if settings.oidc_issuer else None

    async def start(self) -> None:
        """Read what is stored."""
        await self.keys.start()
        await self.users.start()

    async def close(self) -> None:
        """Write what is not stored yet."""
        await self.keys.note_uses()
        self.users.close()

    def by_key(self, text: str, address: str) -> Caller:
        """Return who sends an API key from an address.

        Raises:
            Problem: It is none, or not to be used now or from there.
        """
        if self._is_own(text):
            return OWN_KEY
        if not text.startswith(PREFIX):
            raise refuse_wrong_key()
        return self.keys.caller(text, address)

    def is_key(self, text: str) -> bool:
        """Return whether a text is the service's own key, or begins as the keys of others do: no token does."""
        return text.startswith(PREFIX) or self._is_own(text)

    def _is_own(self, text: str) -> bool:
        return hmac.compare_digest(digest_of(text), self._own)

    async def by_token(self, token: str) -> Caller:
        """Return the sender of a bearer token: a user who logged in here, or a caller that the configured issuer identifies.

        Raises:
            Problem: It is not good, or not any more.
        """
        if self.issuer is not None and not self.users.knows(token) and self.issuer.takes(token):
            return await self.issuer.caller(token)
        return self.users.caller(token)

    def holds(self, caller: Caller) -> bool:
        """Return whether what identified a caller is still good; streams ask again and again."""
        kind, _, which = caller.credential.partition(":")
        if kind == "token":
            return time.time() < float(which)
        holds = {"key": self.keys.holds, "user": self.users.holds, "password": self.users.is_enabled}
        return holds[kind](which) if kind else True

    def require_good(self, caller: Caller) -> None:
        """Refuse a caller whose key or token is not valid any more.

        Raises:
            Problem: It is not.
        """
        if not self.holds(caller):
            raise Problem(
                "auth.expired", "Your key, token or session is no longer valid: log in again.", kind=Kind.UNIDENTIFIED
            )


def _issuer(settings: Settings) -> Issuer:
    """Return the configured issuer; what speaks to it is loaded only where there is one."""
    from engineering_api.security.oidc import Issuer

    return Issuer(settings)
