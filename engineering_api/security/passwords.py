"""Passwords: argon2id hashes, made and checked in threads, two at a time, so that logins cannot take the machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from openness_bridge.errors import Kind, Problem

T = TypeVar("T")
AT_ONCE = 2
"""Hashes that are made at the same time; each takes 64 MiB and some 50 to 150 ms of four threads."""
MOST_WAITING = 32
SHORTEST, LONGEST = 12, 256
"""Characters of a password."""


class Passwords:
    """Hashes passwords and compares them with hashes."""

    def __init__(self) -> None:
        """Start without threads; they come with the first password."""
        self._hasher = PasswordHasher()
        self._threads = ThreadPoolExecutor(AT_ONCE, "password")
        self._waiting = 0
        self._nobody = ""

    async def hash(self, password: str) -> str:
        """Return the hash to keep of a password.

        Raises:
            Problem: Too many are waited for.
        """
        return await self._run(self._hasher.hash, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Return whether a password is the one of a hash. Without a hash it is not, which takes as long.

        Raises:
            Problem: Too many are waited for.
        """
        if kept is None and not self._nobody:
            self._nobody = await self.hash("nobody's password")
        fits = await self._run(self._verify, self._nobody if kept is None else kept, password)
        return fits and kept is not None

    def close(self) -> None:
        """Release the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= MOST_WAITING:
            raise Problem(
                "auth.busy", "Too many logins at the same time: try again in a few seconds.", kind=Kind.UNAVAILABLE
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1


def require_good(password: str, name: str) -> None:
    """Refuse a password that is too short, too long, or the name.

    Raises:
        Problem: It is.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        msg = f"A password has {SHORTEST} to {LONGEST} characters: use several unrelated words, for example."
        raise Problem("user.password", msg, kind=Kind.REFUSED)
    if name.casefold() in password.casefold() and len(password) < len(name) + SHORTEST:
        raise Problem("user.password", "The password is little more than the name: choose another.", kind=Kind.REFUSED)
