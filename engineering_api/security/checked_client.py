"""Sends HTTP requests to targets that are allowed: to the address that was checked, without following anything."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from engineering_api import VERSION
from engineering_api.security.targets import Targets
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_later("httpx")

_OWN = {"User-Agent": f"simatic-engineering-api/{VERSION}", "Accept-Encoding": "identity"}
"""Headers of each request; nothing is unpacked, so a small answer stays small."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a target answered.

    Attributes:
        status: 0 where nothing came.
        media_type: Of the body, without parameters.
        error: Why nothing came; empty otherwise.
        body: As much of it as was asked for.
    """

    status: int = 0
    body: bytes = b""
    media_type: str = ""
    error: str = field(default="")


class CheckedClient:
    """Sends requests. Connections are not kept, so that no address is used that was not checked.

    Certificates are those that the system trusts; SSL_CERT_FILE names others.
    """

    def __init__(self, targets: Targets, tls: ssl.SSLContext | None = None) -> None:
        """Send to these targets.

        Args:
            targets: What is allowed.
            tls: Which certificates are trusted, and which is shown; by default the system's, and none.
        """
        self._targets, self._tls = targets, tls

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made for the first request: a service that sends none reads no certificates. `send` limits the time."""
        return httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(None),
            verify=self._tls or ssl.create_default_context(),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes, *, seconds: float, largest: int = 0
    ) -> Reply:
        """Send once. A target that does not answer is a reply with the reason.

        Args:
            method: GET, POST and so on.
            url: http or https.
            headers: Without Host.
            body: What is sent.
            seconds: How long it may take, the connection included.
            largest: Bytes of the answer that are read; the rest is left.

        Raises:
            Problem: The target is not allowed.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._send(method, url, headers, body, largest)
        except TimeoutError:
            return Reply(error=f"No answer in {seconds:g} s.")
        except (httpx.HTTPError, OSError) as error:
            return Reply(error=f"{type(error).__name__}: {error}" if str(error) else f"{type(error).__name__}.")

    async def close(self) -> None:
        """Close what is open."""
        if "_client" in vars(self):
            await self._client.aclose()

    async def _send(self, method: str, url: str, headers: dict[str, str], body: bytes, largest: int) -> Reply:
        *others, last = await self._targets.addresses(url)
        for address in others:
            with suppress(httpx.ConnectError):
                return await self._send_to(address, method, url, headers, body, largest)
        return await self._send_to(last, method, url, headers, body, largest)

    async def _send_to(
        self, address: str, method: str, url: str, headers: dict[str, str], body: bytes, largest: int
    ) -> Reply:
        target = self._targets.parse_url(url)
        request = self._client.build_request(
            method,
            target.copy_with(host=address),
            content=body,
            headers=headers | _OWN | {"Host": target.netloc.decode("ascii")},
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
        )
        response = await self._client.send(request, stream=True)
        try:
            content = await _read(response, largest)
        finally:
            await response.aclose()
        return Reply(response.status_code, content, response.headers.get("content-type", "").partition(";")[0].strip())


async def _read(response: httpx.Response, largest: int) -> bytes:
    content = bytearray()
    if largest:
        async for part in response.aiter_raw():
            content += part
            if len(content) >= largest:
                break
    return bytes(content[:largest])
