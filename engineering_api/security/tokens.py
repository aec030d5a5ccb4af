"""Access tokens of users: JSON Web Tokens that the service signs with a separate key, and accepts for minutes only.

A token says who it is of and by which login; what that user may do is looked up when it comes, so a change of rights counts
at once. Checking a signature takes tens of microseconds, so a token that was good is remembered for up to a minute, by its
checksum.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.security.api_keys import digest_of
from engineering_api.security.keyfile import read_or_create_secret
from openness_bridge.errors import Kind, Problem
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    import jwt
else:
    jwt = import_later("jwt")

FILE = "token.key"
ISSUER = "simatic-engineering-api"
ALGORITHM = "HS256"
LASTING = 15 * 60
"""Seconds for which an access token is valid."""
REMEMBERED_FOR = 60.0
MOST_REMEMBERED = 4096
REQUIRED = ["iss", "aud", "sub", "sid", "gen", "exp", "iat", "jti"]


class Claims(msgspec.Struct, frozen=True):
    """What a token says.

    Attributes:
        sub: The key of a user.
        sid: The login.
        gen: The generation of the user's tokens.
        exp: Unix time of its end.
    """

    sub: str
    sid: str
    gen: int
    exp: float


class TokenCache:
    """Values of tokens that were checked, by their checksums, for a minute; bounded."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Remember none."""
        self._clock = clock
        self._found: dict[bytes, tuple[Any, float]] = {}

    def get(self, token: str) -> Any:
        """Return the value of a token; None when it is not known, or not any more."""
        value, until = self._found.get(digest_of(token), (None, 0.0))
        return value if self._clock() < until else None

    def put(self, token: str, value: Any, expires: float) -> None:
        """Remember a value, at most until the token's end."""
        now = self._clock()
        if len(self._found) >= MOST_REMEMBERED:
            self._found = {each: kept for each, kept in self._found.items() if kept[1] > now}
        if len(self._found) >= MOST_REMEMBERED:
            self._found.clear()
        self._found[digest_of(token)] = (value, min(expires, now + REMEMBERED_FOR))


class Tokens:
    """Signs tokens and reads them again."""

    def __init__(self, data_dir: Path, clock: Callable[[], float] = time.time) -> None:
        """Use the key of this data folder, made when it is first needed."""
        self._file, self._clock = data_dir / FILE, clock
        self._read: str = ""
        self._good = TokenCache(clock)

    @property
    def _key(self) -> str:
        self._read = self._read or read_or_create_secret(self._file)
        return self._read

    def sign(self, user: str, session: str, generation: int) -> str:
        """Return a token of a user's session."""
        now = int(self._clock())
        claims = {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": user,
            "sid": session,
            "gen": generation,
            "iat": now,
            "exp": now + LASTING,
            "jti": secrets.token_hex(8),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def knows(self, token: str) -> bool:
        """Return whether a token was good a moment ago."""
        return self._good.get(token) is not None

    def read(self, token: str) -> Claims:
        """Return what a token says.

        Raises:
            Problem: It was not signed here, or its time is over.
        """
        known: Claims | None = self._good.get(token)
        if known is not None:
            return known
        try:
            found = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=ISSUER,
                options={"require": REQUIRED, "verify_exp": False, "verify_iat": False},
            )
            claims = msgspec.convert(found, Claims)
        except (jwt.InvalidTokenError, msgspec.ValidationError):
            raise bad_token() from None
        if self._clock() >= claims.exp:
            raise Problem("auth.expired", "The token has expired: refresh it, or log in again.", kind=Kind.UNIDENTIFIED)
        self._good.put(token, claims, claims.exp)
        return claims


def bad_token() -> Problem:
    """Return the problem for a token that is not valid."""
    return Problem("auth.token", "The token is not valid: log in again.", kind=Kind.UNIDENTIFIED)
