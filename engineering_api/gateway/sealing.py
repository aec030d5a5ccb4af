"""Seals messages, so that who can read or write the queue can neither read, forge nor redirect one.

Fernet encrypts and signs (AES-128-CBC, HMAC-SHA256) with a key that is made from the secret that the gateway and all its
workers share. The address is inside. Large messages are compressed before.
"""

from __future__ import annotations

import base64
import hashlib
import zlib

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from engineering_api.gateway.messages import Letter, Message, decode, encode
from openness_bridge.errors import Kind, Problem

SHORTEST_SECRET = 16
LARGEST = 64 << 20
"""Bytes of one message, before compression."""
COMPRESSED = 4 << 10
"""Bytes from which a message is compressed."""
VARIABLE = "TIA_GATEWAY_SECRET"


class Seal:
    """Closes and opens messages with one secret."""

    def __init__(self, secret: str) -> None:
        """Derive the key.

        Raises:
            Problem: The secret is missing or short.
        """
        if len(secret) < SHORTEST_SECRET:
            msg = (
                f"A gateway and its workers need a common secret of at least {SHORTEST_SECRET} characters: set "
                f"{VARIABLE} to the same value on all of them."
            )
            raise Problem("gateway.secret", msg, kind=Kind.FAILED)
        salt = b"simatic-engineering-api gateway 1"
        self._fernet = Fernet(
            base64.urlsafe_b64encode(hashlib.scrypt(secret.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=32))
        )

    def close(self, to: str, message: Message) -> bytes:
        """Seal a message for an address.

        Raises:
            Problem: It is too large.
        """
        content = encode(Letter(to, message))
        if len(content) > LARGEST:
            msg = (
                f"This is {len(content) >> 20} MiB; at most {LARGEST >> 20} MiB pass between gateway and worker: ask for "
                "a page of it, or for a smaller part."
            )
            raise Problem("gateway.too_large", msg, kind=Kind.TOO_LARGE)
        if len(content) > COMPRESSED:
            return self._fernet.encrypt(b"z" + zlib.compress(content, 1))
        return self._fernet.encrypt(b"-" + content)

    def open(self, at: str, sealed: bytes) -> Message | None:
        """Open a message that arrived at an address; None for one that its sender did not seal with the secret."""
        try:
            content = self._fernet.decrypt(sealed)
            letter = decode(_decompress(content[1:]) if content[:1] == b"z" else content[1:])
        except (InvalidToken, zlib.error, msgspec.MsgspecError):
            return None
        return letter.message if letter.to == at else None


def _decompress(content: bytes) -> bytes:
    """Return the content without compression, if it is not larger than a message can be."""
    return zlib.decompressobj().decompress(content, LARGEST)
