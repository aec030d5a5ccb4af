"""Where requests come from, and which names are this server's.

A web page that rebinds its own name to this computer's address sends that name as Host. An address in numbers cannot be
rebound, so it passes, as do the names of this computer and those in its settings.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from engineering_api.peers.model import Address, is_address
from engineering_api.settings import Settings
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Problem

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


def require_own_host(headers: Mapping[bytes, bytes], settings: Settings) -> str:
    """Refuse a request that names another host. Returns the name.

    Raises:
        Problem: 421, it is no name of this server.
    """
    host = host_of(headers)
    if is_address(host) or host in _own_names(settings.host, tuple(settings.hosts)):
        return host
    raise HttpProblem(
        "request.host", f"'{host}' is not known as a name of this server: add it to TIA_HOSTS if it is one.", 421
    )


def require_own_address(headers: Mapping[bytes, bytes], settings: Settings) -> None:
    """Refuse a request that names another host, or that a page of another origin makes.

    Raises:
        Problem: 421 for the host, 403 for the origin.
    """
    host = require_own_host(headers, settings)
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin or origin in settings.cors_origins:
        return
    name = _name(origin)
    if name != host and not is_loopback(name):
        raise Problem("request.origin", f"Pages of '{name}' may not send requests to this server.", kind=Kind.FORBIDDEN)


def require_own_page(headers: Mapping[bytes, bytes], settings: Settings) -> None:
    """Refuse a web page of another origin than this server, unless the settings allow its requests (CORS).

    A browser asks nobody before it opens a WebSocket, so the server has to look. Programs name no origin.

    Raises:
        Problem: 403, it is one.
    """
    origin = headers.get(b"origin", b"").decode("latin-1")
    own = headers.get(b"host", b"").decode("latin-1").casefold()
    if origin and origin not in settings.cors_origins and origin.partition("://")[2].casefold() != own:
        msg = f"Pages of '{origin}' may not connect: list the origin in TIA_CORS_ORIGINS if they may."
        raise Problem("request.origin", msg, kind=Kind.FORBIDDEN)


def host_of(headers: Mapping[bytes, bytes]) -> str:
    """Return the host that a request names, in lower case and without its port."""
    return _name(f"//{headers.get(b'host', b'').decode('latin-1')}")


def _port(host: str) -> int | None:
    try:
        return urlsplit(f"//{host}").port
    except ValueError:
        return -1


@lru_cache(maxsize=256)
def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


@lru_cache(maxsize=8)
def _own_names(host: str, more: tuple[str, ...]) -> frozenset[str]:
    names = {"localhost", host, socket.gethostname(), socket.getfqdn(), *more}
    return frozenset(name.casefold() for name in names if name)
