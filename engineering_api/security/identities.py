"""All callers of a service, by what they send."""

from __future__ import annotations

import hmac
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.api_keys import PREFIX, ApiKeys, digest_of, refuse_wrong_key
from engineering_api.security.authority import Authority
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
        """Remove logins whose time is over."""
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
        """Return whether what identified a caller is still good, and it may do what it might; streams ask again and again."""
        kind, _, which = caller.credential.partition(":")
        if kind == "token":
            return time.time() < float(which)
        if kind == "user" and not self.users.holds(which):
            return False
        present = [self.now(each) for each in caller.holders]
        if kind == "key" and [each.credential for each in present if each is not None] != [caller.credential]:
            return False
        return all(each is not None and _may_do_all_of(each, caller) for each in present)

    def lower(self, caller: Caller) -> Caller:
        """Return a caller whose work was stored, with what it may do at this moment.

        Raises:
            Problem: 403, a key or user in whose right the work runs is not valid any more.
        """
        left = Authority.of(caller).now(self.now)
        return replace(caller, right=left.right, projects=left.projects, tags=left.tags)

    def now(self, holder: str) -> Caller | None:
        """Return the present right and limits of a key or a user; None where it is not valid any more.

        Args:
            holder: As in Caller.holders.
        """
        kind, _, which = holder.partition(":")
        found = {"key": self.keys.now, "user": self.users.now, "key-name": self.keys.named}[kind]
        return found(which)

    def require_good(self, caller: Caller) -> None:
        """Refuse a caller whose key or token is not valid any more.

        Raises:
            Problem: It is not.
        """
        if not self.holds(caller):
            raise Problem(
                "auth.expired", "Your key, token or session is no longer valid: log in again.", kind=Kind.UNIDENTIFIED
            )


def _may_do_all_of(present: Caller, caller: Caller) -> bool:
    return present.right >= caller.right and (present.projects, present.tags) == (caller.projects, caller.tags)


def _issuer(settings: Settings) -> Issuer:
    """Return the configured issuer; what speaks to it is loaded only where there is one."""
    from engineering_api.security.oidc import Issuer

    return Issuer(settings)
