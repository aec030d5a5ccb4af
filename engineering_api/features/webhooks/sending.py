"""Sends one delivery once: signed, to the address that was checked, without following anything."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl
import time
from contextlib import suppress
from functools import cached_property

import httpx

from engineering_api import VERSION
from engineering_api.features.webhooks.model import Attempt
from engineering_api.features.webhooks.targets import Targets
from engineering_api.storage.jobs import now

TIMEOUT = 10.0
"""Seconds that a receiver has to answer, the connection included."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what X-Signature says: sha256= and the HMAC of timestamp, a point and body, in hexadecimal digits."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Sender:
    """Sends deliveries. Connections are not kept, so that no address is used that was not checked.

    Certificates are those that the system trusts; SSL_CERT_FILE names others.
    """

    def __init__(self, targets: Targets) -> None:
        """Send to these targets."""
        self._targets = targets

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made for the first delivery: a service without webhooks reads no certificates. `send` limits the time."""
        return httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(None),
            verify=ssl.create_default_context(),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def send(self, url: str, secret: str, delivery_id: str, event: str, body: bytes) -> Attempt:
        """Try once. The attempt names why it did not arrive.

        Raises:
            Problem: The receiver is not allowed.
        """
        attempt, begin, limit = Attempt(at=now()), time.perf_counter(), TIMEOUT
        try:
            async with asyncio.timeout(limit):
                attempt.status_code = await self._post(url, _headers(secret, delivery_id, event, body), body)
        except TimeoutError:
            attempt.error = f"No answer in {limit:g} s."
        except (httpx.HTTPError, OSError) as error:
            attempt.error = f"{type(error).__name__}: {error}" if str(error) else f"{type(error).__name__}."
        attempt.duration_ms = int((time.perf_counter() - begin) * 1000)
        if attempt.status_code is not None and not 200 <= attempt.status_code < 300:
            attempt.error = f"The receiver answered {attempt.status_code}; it arrives with 200 to 299."
        return attempt

    async def close(self) -> None:
        """Close what is open."""
        if "_client" in vars(self):
            await self._client.aclose()

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        *others, last = await self._targets.addresses(url)
        for address in others:
            with suppress(httpx.ConnectError):
                return await self._post_to(address, url, headers, body)
        return await self._post_to(last, url, headers, body)

    async def _post_to(self, address: str, url: str, headers: dict[str, str], body: bytes) -> int:
        target = self._targets.parsed(url)
        request = self._client.build_request(
            "POST",
            target.copy_with(host=address),
            content=body,
            headers=headers | {"Host": target.netloc.decode("ascii")},
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
        )
        response = await self._client.send(request, stream=True)
        await response.aclose()
        return response.status_code


def _headers(secret: str, delivery_id: str, event: str, body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": f"simatic-engineering-api/{VERSION}",
        "X-Event": event,
        "X-Delivery-Id": delivery_id,
        "X-Timestamp": timestamp,
        "X-Signature": signature(secret, timestamp, body),
    }
