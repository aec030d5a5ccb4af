"""Finds server and key: from the caller, from the environment, or from the list of this computer.

The key of a server on this computer is read from the file that it keeps in the data folder: only its owner can read that.
It is sent only to a server that this user is proved to run. Otherwise another user, who listens on the port of a server that
has ended, would be sent the key.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from engineering_api.peers import is_served_by_this_user
from engineering_api.settings import Settings, from_environment
from engineering_api.web.registry import Registry, default_file

LOOPBACK = ("127.0.0.1", "::1")
"""What localhost may lead to."""


class Access:
    """A server's address and key.

    Attributes:
        key: The API key; empty until it is known.
    """

    def __init__(self, url: str | None, key: str | None) -> None:
        """Use what is given; else TIA_URL and TIA_API_KEY; else the servers and the key of this user on this computer.

        Raises:
            Problem: The environment is not usable.
        """
        settings = from_environment()
        self._listed = _list_servers(settings)
        self._file = settings.data_dir / "api.key"
        first = self._listed[0] if self._listed else f"http://{settings.host}:{settings.port}"
        self.url = (url or os.environ.get("TIA_URL") or first).rstrip("/")
        self.key = key or settings.api_key

    def find_key(self) -> str:
        """Return the key; where none was given, that of this user's own server. Empty where that cannot be read."""
        if not self.key and self._is_own():
            self.key = _read(self._file)
        return self.key

    def missing_key(self) -> str:
        """Return why there is no key, and what to do, as a sentence."""
        ways = "Set the key in TIA_API_KEY, or give it to the client."
        if not self._is_own():
            return f"{self.url} needs an API key, and it is not a server that you run on this computer. {ways}"
        return f"{self.url} needs an API key, and {self._file} has none. {ways}"

    def _is_own(self) -> bool:
        """Return whether the server is in the list of those that run here, and this user runs it."""
        here = _addresses(self.url)
        return any(here & _addresses(url) for url in self._listed) and is_served_by_this_user(here)


def _list_servers(settings: Settings) -> list[str]:
    """Return the servers in the list of those that run here."""
    file = settings.instances_file or default_file(settings.data_dir)
    return [each.url for each in Registry(file).read()]


def _addresses(url: str) -> set[tuple[str, int]]:
    """Return the addresses and ports that a server's address may lead to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        return set()
    return {(each, port) for each in (LOOPBACK if host == "localhost" else (host,))}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
