"""What the tables of an operating system say about a connection within this computer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

Address = tuple[str, int]
"""A host and a port."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end of a connection.

    Attributes:
        is_own: Whether it runs as the user of this process.
        is_closed: Whether it has no further socket through which another program could reach it.
    """

    is_own: bool
    is_closed: bool


@lru_cache(maxsize=256)
def is_address(host: str) -> bool:
    """Return whether a host is an address in numbers."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def plain(address: Address) -> Address:
    """Return an address without the IPv6 form of an IPv4 one."""
    host = ip_address(address[0].partition("%")[0])
    return str((host.ipv4_mapped or host) if isinstance(host, IPv6Address) else host), address[1]


def listens_at(local: Address, wanted: Address) -> bool:
    """Return whether a socket that listens at a local address takes connections to the wanted one."""
    host, port = plain(local)
    return port == wanted[1] and (host == plain(wanted)[0] or ip_address(host).is_unspecified)
