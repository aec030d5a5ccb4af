"""What the policies of the pages have in common: an inline script is named by its checksum."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256


def source_of(script: str) -> str:
    """Return the source expression that allows an inline script, for a Content-Security-Policy."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
