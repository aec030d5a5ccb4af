"""Everybody who may call a service, by what they send."""

from __future__ import annotations

import hmac

from engineering_api.context import Caller
from engineering_api.operation import Right
from engineering_api.security.api_keys import PREFIX, ApiKeys, digest_of, wrong
from engineering_api.security.keyfile import key_of
from engineering_api.settings import Settings
from engineering_api.storage.database import Database
from engineering_api.storage.identities import KeyStore

OWN_KEY = Caller("api-key", Right.ADMINISTER, kind="key")
"""Who sends the service's own key: whoever started it, or may read its data folder."""


class Identities:
    """Tells who sends a key or a token. On the event loop only.

    Attributes:
        keys: The API keys.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        """Keep keys and users in this database."""
        self._own = digest_of(key_of(settings))
        self.keys = ApiKeys(KeyStore(database))

    async def start(self) -> None:
        """Read what is stored."""
        await self.keys.start()

    async def close(self) -> None:
        """Write what is not stored yet."""
        await self.keys.note_uses()

    def by_key(self, text: str, address: str) -> Caller:
        """Who sends an API key from an address.

        Raises:
            Problem: It is none, or not to be used now or from there.
        """
        if hmac.compare_digest(digest_of(text), self._own):
            return OWN_KEY
        if not text.startswith(PREFIX):
            raise wrong()
        return self.keys.caller(text, address)

    def holds(self, caller: Caller) -> bool:
        """Whether what identified a caller is still good; streams ask again and again."""
        kind, _, which = caller.credential.partition(":")
        return kind != "key" or self.keys.holds(which)
