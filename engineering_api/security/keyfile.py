"""Secrets that the service makes for itself and keeps in its data folder, readable by its owner alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from engineering_api.durable import write_file
from engineering_api.settings import Settings
from openness_bridge.errors import Kind, Problem

SHORTEST = 16
"""Characters of a secret."""


def read_or_create_secret(file: Path) -> str:
    """Return the secret in a file: 256 random bits as text, made on first use.

    Raises:
        Problem: The file is damaged: a part of a secret is none.
    """
    if not file.exists():
        write_file(file, secrets.token_urlsafe(32).encode("ascii"))
    found = file.read_bytes().strip()
    if len(found) < SHORTEST or not found.isascii():
        msg = f"{file} is damaged: restore it from a backup, or delete it and the service creates a new one."
        raise Problem("storage.corrupt", msg, kind=Kind.FAILED)
    return found.decode("ascii")


def stored_key(data_dir: Path) -> tuple[str, Path]:
    """Return the key of the service in data_dir, and its file."""
    file = data_dir / "api.key"
    return read_or_create_secret(file), file


def key_of(settings: Settings) -> str:
    """Return the key of a service: the one that was given, or the stored one."""
    return settings.api_key or stored_key(settings.data_dir)[0]
