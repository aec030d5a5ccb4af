"""Where webhooks and sinks may be sent, and sources may connect: to what the settings name and nowhere else.

Without a setting these are all public addresses for what is sent, and those of private networks for sources.

A service inside a plant that sends requests to any address is a way into that plant. So loopback, private and
link-local addresses are refused unless the operator named the host or the network; names are resolved at each delivery,
and the address that was checked is the one that is connected to.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpx

from openness_bridge.errors import Kind, Place, Problem

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PATIENCE = 5.0
"""Seconds in which the name of a new receiver is resolved."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What is sent, for the refusals.

    Attributes:
        pointer: The field of a request that names the receiver.
        refused: The code of a host that is not allowed.
        allowing: The sentence that names the setting.
        no_url: The code of a text that is no URL of a receiver.
        wanted: The sentence that shows one.
    """

    pointer: str
    refused: str
    allowing: str
    no_url: str
    wanted: str


WEBHOOKS = Purpose(
    "/url",
    "webhook.target_refused",
    "The setting TIA_WEBHOOK_HOSTS names the hosts and networks that are allowed.",
    "webhook.url",
    "A webhook needs a URL such as https://ci.example.org/hooks/tia.",
)
SINKS = Purpose(
    "/send/url",
    "sink.target_refused",
    "The setting TIA_SINK_HOSTS names the hosts and networks that are allowed.",
    "sink.url",
    "A sink needs a URL such as https://erp.plant.example/api/confirmations.",
)

SOURCES = Purpose(
    "/connection/host",
    "runtime.target_refused",
    "The setting TIA_SOURCE_HOSTS names the hosts and networks that are allowed.",
    "runtime.url",
    "A source needs a host such as 192.168.0.1.",
)
PLANT_NETWORKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7"]
"""Where controllers are, unless a setting names other networks: in private ones, and on this computer."""


class Targets:
    """Decides which receivers are allowed."""

    def __init__(self, allowed: list[str], purpose: Purpose = WEBHOOKS) -> None:
        """Allow these.

        Args:
            allowed: Host names, with * for any part of one, addresses, and networks; empty for all public addresses.
            purpose: What is sent.
        """
        self._purpose = purpose
        networks = [(each, _network(each)) for each in allowed]
        self._names = [each.casefold() for each, network in networks if network is None]
        self._networks = [network for _, network in networks if network is not None]

    async def addresses(self, url: str) -> list[str]:
        """Return the addresses to connect to for a URL, in the order in which they are tried.

        Raises:
            Problem: The URL is not one of http or https, or its host is not allowed.
            OSError: Its host has no address.
        """
        target = self.parse_url(url)
        port = target.port or _PORTS[target.scheme]
        return await self.resolve(target.raw_host.decode("ascii"), port, name=target.host)

    async def resolve(self, host: str, port: int, name: str = "") -> list[str]:
        """Return the addresses of a host, in the order in which they are tried, for any protocol.

        Args:
            host: As the system resolves it: in ASCII.
            port: Where it listens.
            name: As the settings name it, where that differs.

        Raises:
            Problem: The host is not allowed.
            OSError: It has no address.
        """
        known = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return self._allowed(known, name or host)

    def resolve_here(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host as `resolve` does, and wait for them: not on the event loop.

        Raises:
            Problem: The host is not allowed.
            OSError: It has no address.
        """
        return self._allowed(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), host)

    def _allowed(self, known: Sequence[tuple[Any, ...]], name: str) -> list[str]:
        addresses = list(dict.fromkeys(_plain(str(entry[4][0])) for entry in known))
        if not self._is_named(name) and not all(self._is_allowed(each) for each in addresses):
            raise self._build_problem(name)
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
            if self._restricted and not self._is_named(self.parse_url(url).host):
                raise self._build_problem(self.parse_url(url).host) from None

    def parse_url(self, url: str) -> httpx.URL:
        """Return a URL that is one of a receiver.

        Raises:
            Problem: It is none.
        """
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, TypeError):
            raise self._no_url("It is no URL") from None
        if target.scheme not in _PORTS or not target.host:
            raise self._no_url("It does not begin with http:// or https:// and a host")
        if target.userinfo:
            raise self._no_url("It carries a user or a password, which would be kept")
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

    def _build_problem(self, host: str) -> Problem:
        why = "is not named there" if self._restricted else "has an address that is not public"
        msg = f"Nothing is sent to '{host}': it {why}. {self._purpose.allowing}"
        return Problem(self._purpose.refused, msg, kind=Kind.FORBIDDEN, place=Place(pointer=self._purpose.pointer))

    def _no_url(self, why: str) -> Problem:
        msg = f"{self._purpose.wanted} {why}."
        return Problem(self._purpose.no_url, msg, place=Place(pointer=self._purpose.pointer))


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
