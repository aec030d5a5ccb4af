"""Where requests come from: from a program on this computer, or from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from engineering_api.peers.model import Address
from engineering_api.settings import Settings

NOT_ITSELF = re.compile(
    rb"forwarded|x-forwarded-.*|x-real-ip|via|.*-client-ip|cf-connecting-ip|origin|referer|sec-fetch-site"
)
"""Headers of proxies, behind which anybody may be, and of web pages."""
HTTP_PORT, HTTPS_PORT = 80, 443


def is_loopback(host: str) -> bool:
    """Return whether a name or address is that of the computer itself."""
    try:
        return host.casefold() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(headers: Mapping[bytes, bytes], client: str, server: Address, settings: Settings) -> bool:
    """Return whether a request seems to be of a local program: it names no proxy, no web page, and the server's port.

    That proves nothing: a relay that leaves the request as it is seems to be a program on this computer, too.

    Args:
        headers: As they came, names in lower case.
        client: The address that the request came from.
        server: The address and port that it came to.
        settings: A server for other computers, or behind proxies, has no local callers.
    """
    if settings.proxies or not is_loopback(settings.host) or any(NOT_ITSELF.fullmatch(name) for name in headers):
        return False
    default = HTTP_PORT if settings.tls_cert is None else HTTPS_PORT
    names_port = (_port(headers.get(b"host", b"").decode("latin-1")) or default) == server[1]
    return names_port and all(map(is_loopback, (client, server[0], host_of(headers))))


def host_of(headers: Mapping[bytes, bytes]) -> str:
    """Return the host that a request names, in lower case and without its port."""
    return name_in(f"//{headers.get(b'host', b'').decode('latin-1')}")


def _port(host: str) -> int | None:
    try:
        return urlsplit(f"//{host}").port
    except ValueError:
        return -1


@lru_cache(maxsize=256)
def name_in(url: str) -> str:
    """Return the host of a URL, in lower case; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""
