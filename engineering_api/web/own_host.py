"""Which names are this server's: it refuses requests to others, and those of other servers' web pages.

A web page that rebinds its own name to this computer's address sends that name as Host. An address in numbers cannot be
rebound, so it passes, as do the names of this computer and those in its settings.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from functools import lru_cache

from engineering_api.peers.model import is_address
from engineering_api.security.origins import host_of, is_loopback, name_in
from engineering_api.settings import Settings
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Problem


def require_own_host(headers: Mapping[bytes, bytes], settings: Settings) -> str:
    """Refuse a request that names another host. Returns the name.

    Raises:
        Problem: 421, the name is not one of this server.
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
    name = name_in(origin)
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


@lru_cache(maxsize=8)
def _own_names(host: str, more: tuple[str, ...]) -> frozenset[str]:
    names = {"localhost", host, socket.gethostname(), socket.getfqdn(), *more}
    return frozenset(name.casefold() for name in names if name)
