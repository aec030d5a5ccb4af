"""Protects the MCP transports from web pages: the address that a browser believes in must be this server's.

A page that rebinds its own name to this computer's address sends that name as Host. An address in numbers cannot be
rebound, so it passes, as do the names of this computer and those that whoever runs the server lists.
"""

from __future__ import annotations

import socket
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from engineering_api.http import Headers, is_loopback
from engineering_api.settings import Settings
from openness_bridge.errors import Problem


def require_own_address(headers: Headers, settings: Settings) -> None:
    """Refuse a request that names another host, or that a page of another origin makes.

    Raises:
        Problem: 421 for the host, 403 for the origin.
    """
    host = _name(f"//{headers.get(b'host', b'').decode('latin-1')}")
    if not (is_address(host) or host in _own_names(settings.host, tuple(settings.mcp_hosts))):
        msg = f"'{host}' is not a name of this server: list it in TIA_MCP_HOSTS if it is."
        raise Problem("mcp.host", msg, status=421)
    origin = headers.get(b"origin")
    if origin is None:
        return
    name = _name(origin.decode("latin-1"))
    if name != host and not is_loopback(name):
        raise Problem("mcp.origin", f"Pages of '{name}' may not ask this server.", status=403)


def is_address(host: str) -> bool:
    """Whether a host is an address in numbers."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


@lru_cache(maxsize=8)
def _own_names(host: str, more: tuple[str, ...]) -> frozenset[str]:
    names = {"localhost", host, socket.gethostname(), socket.getfqdn(), *more}
    return frozenset(name.casefold() for name in names if name)
