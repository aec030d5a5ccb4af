"""Secrets that the service makes for itself and keeps in its data folder, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engineering_api.settings import Settings


def kept_secret(file: Path) -> str:
    """The secret in a file: 256 random bits as text, made on first use."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(32))
    return file.read_text(encoding="ascii").strip()


def stored_key(data_dir: Path) -> tuple[str, Path]:
    """The key of the service in data_dir. Returns key and file."""
    file = data_dir / "api.key"
    return kept_secret(file), file


def key_of(settings: Settings) -> str:
    """The key of a service: the one that was given, or the stored one."""
    return settings.api_key or stored_key(settings.data_dir)[0]
