"""Sends one delivery once, signed."""

from __future__ import annotations

import hashlib
import hmac
import time

from engineering_api.features.webhooks.model import Attempt
from engineering_api.security.checked_client import CheckedClient
from engineering_api.security.targets import Targets
from engineering_api.storage.clock import now

TIMEOUT = 10.0
"""Seconds that a receiver has to answer, the connection included."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what X-Signature says: sha256= and the HMAC of timestamp, a point and body, in hexadecimal digits."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Sender:
    """Sends deliveries."""

    def __init__(self, targets: Targets) -> None:
        """Send to these targets."""
        self._client = CheckedClient(targets)

    async def send(self, url: str, secret: str, delivery_id: str, event: str, body: bytes) -> Attempt:
        """Try once. The attempt names why it did not arrive.

        Raises:
            Problem: The receiver is not allowed.
        """
        attempt, begin = Attempt(at=now()), time.perf_counter()
        headers = _headers(secret, delivery_id, event, body)
        reply = await self._client.send("POST", url, headers, body, seconds=TIMEOUT)
        attempt.status_code, attempt.error = reply.status or None, reply.error or None
        attempt.duration_ms = int((time.perf_counter() - begin) * 1000)
        if reply.status and not 200 <= reply.status < 300:
            attempt.error = f"The receiver answered {reply.status}; it arrives with 200 to 299."
        return attempt

    async def close(self) -> None:
        """Close what is open."""
        await self._client.close()


def _headers(secret: str, delivery_id: str, event: str, body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "X-Event": event,
        "X-Delivery-Id": delivery_id,
        "X-Timestamp": timestamp,
        "X-Signature": signature(secret, timestamp, body),
    }
