"""Where webhooks may be sent: to public addresses, or to what the settings name and nowhere else.

A service inside a plant that sends requests to any address is a way into that plant. So loopback, private and
link-local addresses are refused unless the operator named the host or the network; names are resolved at each delivery,
and the address that was checked is the one that is connected to.
"""

from __future__ import annotations

import asyncio
import socket
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from openness_bridge.errors import Kind, Place, Problem

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
SETTING = "TIA_WEBHOOK_HOSTS"
PATIENCE = 5.0
"""Seconds in which the name of a new receiver is resolved."""
_PORTS = {"http": 80, "https": 443}


class Targets:
    """Decides which receivers are allowed."""

    def __init__(self, allowed: list[str]) -> None:
        """Allow these: host names, with * for any part of one, addresses, and networks; empty for all public addresses."""
        networks = [(each, _network(each)) for each in allowed]
        self._names = [each.casefold() for each, network in networks if network is None]
        self._networks = [network for _, network in networks if network is not None]

    async def addresses(self, url: str) -> list[str]:
        """Return the addresses to connect to for a URL, in the order in which they are tried.

        Raises:
            Problem: The URL is not one of http or https, or its host is not allowed.
            OSError: Its host has no address.
        """
        target = self.parsed(url)
        known = await asyncio.get_running_loop().getaddrinfo(
            target.raw_host.decode("ascii"), target.port or _PORTS[target.scheme], type=socket.SOCK_STREAM
        )
        addresses = list(dict.fromkeys(_plain(str(entry[4][0])) for entry in known))
        if not self._is_named(target.host) and not all(self._is_allowed(each) for each in addresses):
            raise self._refused(target.host)
        return [str(each) for each in addresses]

    async def require(self, url: str) -> None:
        """Refuse a URL that nothing would be sent to; a host that has no address yet may get one.

        Raises:
            Problem: As addresses.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self.addresses(url)
        except OSError:
            if self._restricted and not self._is_named(self.parsed(url).host):
                raise self._refused(self.parsed(url).host) from None

    def parsed(self, url: str) -> httpx.URL:
        """Return a URL that is one of a receiver.

        Raises:
            Problem: It is none.
        """
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, TypeError):
            raise _no_url("It is no URL") from None
        if target.scheme not in _PORTS or not target.host:
            raise _no_url("It does not begin with http:// or https:// and a host")
        if target.userinfo:
            raise _no_url("It carries a user or a password, which would be kept")
        return target

    @property
    def _restricted(self) -> bool:
        return bool(self._names or self._networks)

    def _is_named(self, host: str) -> bool:
        return any(fnmatchcase(host.casefold(), name) for name in self._names)

    def _is_allowed(self, address: Address) -> bool:
        if self._restricted:
            return any(address in network for network in self._networks)
        return address.is_global and not address.is_multicast

    def _refused(self, host: str) -> Problem:
        why = "is not named there" if self._restricted else "has an address that is not public"
        msg = f"Nothing is sent to '{host}': it {why}. The setting {SETTING} names the hosts and networks that are allowed."
        return Problem("webhook.target_refused", msg, kind=Kind.FORBIDDEN, place=Place(pointer="/url"))


def _no_url(why: str) -> Problem:
    msg = f"A webhook needs a URL such as https://ci.example.org/hooks/tia. {why}."
    return Problem("webhook.url", msg, place=Place(pointer="/url"))


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _plain(text: str) -> Address:
    """Return an address without zone; an IPv4 address that is written as IPv6 becomes IPv4."""
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
