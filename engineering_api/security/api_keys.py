"""API keys: made by an administrator, shown once, kept as a checksum.

A key is `tia_<id>_<secret>`. The secret has 256 random bits, so nobody finds it by trying, and a plain SHA-256 keeps it as
safe as argon2 would: slow hashes are for what people choose. A key is read from the database at each request, so one that
is revoked is refused by the very next request, in every process on the same data folder.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from time import time

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.roles import ROLES, Role
from engineering_api.storage.identities import KeyRow, KeyStore
from openness_bridge.errors import Kind, Problem

Network = IPv4Network | IPv6Network
PREFIX = "tia_"
DAY = 86_400.0


@dataclass(slots=True, eq=False)
class ApiKey:
    """A key as it is used: its row, and what a request is compared with.

    Attributes:
        caller: Whom it identifies.
    """

    row: KeyRow
    caller: Caller = field(init=False)
    networks: tuple[Network, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Make what is needed at each request."""
        row = self.row
        self.caller = Caller(
            f"key:{row.name}",
            Right(row.right),
            kind="key",
            projects=tuple(row.projects),
            tags=tuple(row.tags),
            credential=f"key:{row.digest.hex()[:16]}",
            holders=(f"key:{row.id}",),
        )
        self.networks = tuple(ip_network(each) for each in row.addresses)

    def is_expired(self, now: float) -> bool:
        """Return whether its time is over."""
        return self.row.expires_at is not None and now >= self.row.expires_at

    def admits(self, address: str) -> bool:
        """Return whether it may be used from an address."""
        return not self.networks or is_within(address, self.networks)


class ApiKeys:
    """The keys of a service. On the event loop only."""

    def __init__(self, store: KeyStore, clock: Callable[[], float] = time) -> None:
        """Keep them in this store."""
        self._store, self._clock = store, clock
        self._made: dict[str, ApiKey] = {}
        self._used: dict[str, float] = {}

    def all(self) -> list[KeyRow]:
        """Return all keys by name, with the time of their last use."""
        found = sorted(self._store.all(), key=lambda row: row.name.casefold())
        return [row.used(max(row.last_used_at or 0.0, self._used.get(row.id, 0.0)) or None) for row in found]

    def get(self, key_id: str) -> KeyRow:
        """Return a key.

        Raises:
            Problem: There is none.
        """
        row = self._store.find(key_id)
        if row is None:
            raise _refuse_unknown(key_id)
        return row

    async def make(
        self,
        name: str,
        right: Right,
        maker: str,
        *,
        days: float = 0,
        projects: Iterable[str] = (),
        tags: Iterable[str] = (),
        addresses: Iterable[str] = (),
    ) -> tuple[KeyRow, str]:
        """Make a key. Returns it with its text, which is nowhere else.

        Args:
            name: What it is for; shown in the audit log.
            right: What it may.
            maker: Who makes it.
            days: Days after which it is refused; 0 for never.
            projects: Globs of the projects that it is limited to; none for all.
            tags: Patterns of the tags of the runtime that it is limited to; none for all.
            addresses: Addresses and networks that it may be used from; none for all.

        Raises:
            Problem: The name is taken, or an address is none.
        """
        if any(row.name.casefold() == name.casefold() for row in self._store.all()):
            raise _refuse_taken(name)
        now, key_id = self._clock(), secrets.token_hex(6)
        text, digest = _new(key_id)
        row = KeyRow(
            key_id,
            name,
            int(right),
            digest,
            list(projects),
            list(tags),
            networks(addresses),
            now,
            maker,
            now + days * DAY if days else None,
        )
        if not await self._store.add(row):
            raise _refuse_taken(name)
        return row, text

    async def rotate(self, key_id: str) -> tuple[KeyRow, str]:
        """Give a key another secret; the one before is refused from now on. Its time begins again.

        Raises:
            Problem: There is none.
        """
        old, now = self.get(key_id), self._clock()
        text, digest = _new(key_id)
        lasting = None if old.expires_at is None else now + old.expires_at - old.created_at
        row = old.rotate(digest, now, lasting)
        if not await self._store.replace(row):
            raise _refuse_unknown(key_id)
        self._used.pop(key_id, None)
        return row, text

    async def revoke(self, key_id: str) -> KeyRow:
        """Refuse a key from now on.

        Raises:
            Problem: There is none.
        """
        row = self.get(key_id)
        if not await self._store.remove(key_id):
            raise _refuse_unknown(key_id)
        return row

    def caller(self, text: str, address: str) -> Caller:
        """Return the caller that a key identifies.

        Raises:
            Problem: It is no key, it has expired, or it may not be used from there.
        """
        key_id = text[len(PREFIX) :].partition("_")[0]
        key = self._find(key_id)
        if not hmac.compare_digest(digest_of(text), key.row.digest if key is not None else _NONE) or key is None:
            raise refuse_wrong_key()
        now = self._clock()
        if key.is_expired(now):
            raise Problem(
                "auth.expired", f"The API key '{key.row.name}' has expired: request a new one.", kind=Kind.UNIDENTIFIED
            )
        if not key.admits(address):
            raise Problem(
                "auth.address", f"The API key '{key.row.name}' may not be used from {address}.", kind=Kind.FORBIDDEN
            )
        self._used[key_id] = now
        return key.caller

    def now(self, key_id: str) -> Caller | None:
        """Return the caller of a key with its present right; None where it is not valid any more."""
        key = self._find(key_id)
        return None if key is None or key.is_expired(self._clock()) else key.caller

    def named(self, name: str) -> Caller | None:
        """Return the same for the key that has a name now."""
        found = next((row.id for row in self._store.all() if row.name == name), "")
        return self.now(found) if found else None

    async def note_uses(self) -> None:
        """Write when keys were used; called each minute, and at the end."""
        used, self._used = self._used, {}
        if used:
            await self._store.note(used)

    def _find(self, key_id: str) -> ApiKey | None:
        """Return a key as it is now; what a request is compared with is made once for each state of it."""
        row, made = self._store.find(key_id), self._made.get(key_id)
        if row is None:
            self._made.pop(key_id, None)
            return None
        if made is None or made.row != row:
            made = self._made[key_id] = ApiKey(row)
        return made


def _refuse_taken(name: str) -> Problem:
    msg = f"A key '{name}' exists already: choose another name, or rotate that key."
    return Problem("api_key.exists", msg, kind=Kind.CONFLICT)


def _refuse_unknown(key_id: str) -> Problem:
    return Problem("api_key.not_found", f"There is no API key '{key_id}'.", kind=Kind.MISSING)


def refuse_wrong_key() -> Problem:
    """Return the problem for a key that does not exist."""
    return Problem("auth.key", "The API key is wrong.", kind=Kind.UNIDENTIFIED)


def digest_of(text: str) -> bytes:
    """Return what is kept of a random secret."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def networks(texts: Iterable[str]) -> list[str]:
    """Return addresses and networks as they are kept.

    Raises:
        Problem: A text is none.
    """
    try:
        return [str(ip_network(text.strip(), strict=False)) for text in texts]
    except ValueError as error:
        msg = f"{error}: give addresses such as 192.168.0.10 or networks such as 192.168.0.0/24."
        raise Problem("api_key.address", msg, kind=Kind.REFUSED) from None


def is_within(address: str, within: Iterable[Network]) -> bool:
    """Return whether an address is in one of some networks; what is no address is in none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in within)


def role_of(row: KeyRow) -> Role:
    """Return the name of a key's right."""
    return ROLES[Right(row.right)]


def _new(key_id: str) -> tuple[str, bytes]:
    text = f"{PREFIX}{key_id}_{secrets.token_urlsafe(32)}"
    return text, digest_of(text)


_NONE = digest_of("")
