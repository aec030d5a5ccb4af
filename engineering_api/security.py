"""Who may call: the API key, made and kept when none is given."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from engineering_api.context import Caller
from engineering_api.limits import RateLimit
from engineering_api.operation import Right
from engineering_api.settings import Settings
from openness_bridge.errors import Problem

ANYBODY = Caller("anonymous", Right.PUBLIC)


def stored_key(data_dir: Path) -> tuple[str, Path]:
    """The key in data_dir, made on first use and readable by its owner alone. Returns key and file."""
    file = data_dir / "api.key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(32))
    return file.read_text(encoding="ascii").strip(), file


def key_of(settings: Settings) -> str:
    """The key of a service: the one that was given, or the stored one."""
    return settings.api_key or stored_key(settings.data_dir)[0]


class Gate:
    """Tells callers by their key."""

    def __init__(self, key: str, limit: int = 0) -> None:
        """Accept this key, and so many requests a minute from an address; 0 for any number."""
        self._key = key.encode()
        self.limit = RateLimit(limit)

    def caller(self, key: str | None, client: str) -> Caller:
        """Who sends this key; nobody in particular without one.

        Raises:
            Problem: The key is wrong.
        """
        if key is None:
            return ANYBODY
        if not hmac.compare_digest(key.encode("utf-8", "replace"), self._key):
            raise Problem("auth.key", "The API key is wrong.", status=401)
        return Caller("api-key", Right.ADMINISTER, client)

    @staticmethod
    def require(caller: Caller, right: Right) -> None:
        """Refuse a caller without a right.

        Raises:
            Problem: 401 without a key, 403 with too little.
        """
        if caller.right >= right:
            return
        if caller is ANYBODY:
            raise Problem("auth.required", "This route needs the API key: send it as X-API-Key.", status=401)
        raise Problem("auth.right", f"This needs the right '{right.name.lower()}'.", status=403)
