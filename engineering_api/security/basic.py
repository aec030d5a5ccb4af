"""Names with passwords that come with every request (Authorization: Basic), for interfaces whose clients know nothing else.

Comparing a password takes a tenth of a second, so a pair that was good is remembered for up to a minute: not itself, only its
HMAC-SHA256 under a key of this process. It counts for as long as the user is the same.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import time
from collections.abc import Callable

from engineering_api.storage.identities import UserRow
from openness_bridge.errors import Kind, Problem

REMEMBERED_FOR = 60.0
MOST_REMEMBERED = 1024


def decode_basic(text: str) -> tuple[str, str]:
    """Return the name and the password of the credentials behind the word Basic (RFC 7617, in UTF-8).

    Raises:
        Problem: They are not readable.
    """
    try:
        name, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = colon = password = ""
    if not name or not colon:
        msg = "Authorization: Basic must be followed by name:password in Base64."
        raise Problem("auth.basic", msg, kind=Kind.UNIDENTIFIED)
    return name, password


class VerifiedPairs:
    """Pairs of name and password that were good a moment ago. Bounded."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember none."""
        self._clock, self._key = clock, secrets.token_bytes(32)
        self._good: dict[bytes, tuple[float, str, int]] = {}

    def digest(self, name: str, password: str) -> bytes:
        """Return the key under which a pair is remembered."""
        return hmac.digest(self._key, f"{len(name)}:{name}{password}".encode(), "sha256")

    def fits(self, digest: bytes, row: UserRow) -> bool:
        """Return whether a pair was good, of a user who has not changed since."""
        until, password, generation = self._good.get(digest, (0.0, "", 0))
        return self._clock() < until and (password, generation) == (row.password, row.generation)

    def add(self, digest: bytes, row: UserRow) -> None:
        """Remember a pair that is good."""
        now = self._clock()
        if len(self._good) >= MOST_REMEMBERED:
            self._good = {each: kept for each, kept in self._good.items() if kept[0] > now}
        if len(self._good) >= MOST_REMEMBERED:
            self._good.clear()
        self._good[digest] = (now + REMEMBERED_FOR, row.password, row.generation)
