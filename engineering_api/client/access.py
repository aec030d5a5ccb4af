"""Where the server is and with which key: what the caller says, what the environment says, or what this computer knows."""

from __future__ import annotations

import os
from pathlib import Path

from engineering_api.registry import Registry, default_file
from engineering_api.settings import Settings, from_environment


class Access:
    """A server's address and key; the key may be learnt later.

    Attributes:
        key: The API key, or empty: then the server is asked for it, which gives it to programs on its own computer.
    """

    def __init__(self, url: str | None, key: str | None) -> None:
        """Use what is given; else TIA_URL and TIA_API_KEY; else the servers and the key of this user on this computer.

        Raises:
            Problem: The environment is not usable.
        """
        named = url or os.environ.get("TIA_URL")
        settings = from_environment()
        self.url = (named or _listed(settings) or f"http://{settings.host}:{settings.port}").rstrip("/")
        self.key = key or settings.api_key or ("" if named else _stored(settings.data_dir))


def _listed(settings: Settings) -> str:
    """The first server in the list of those that run here."""
    file = settings.instances_file or default_file(settings.data_dir)
    return next((each.url for each in Registry(file).read()), "")


def _stored(data_dir: Path) -> str:
    file = data_dir / "api.key"
    return file.read_text(encoding="ascii").strip() if file.exists() else ""
