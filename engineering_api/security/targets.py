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
from typing import TYPE_CHECKING, Any

from openness_bridge.errors import Kind, Place, Problem
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_later("httpx")

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
REMOTES = Purpose(
    "/url",
    "source_control.target_refused",
    "The setting TIA_GIT_HOSTS names the hosts and networks that are allowed.",
    "source_control.bad_url",
    "A remote needs a URL such as https://git.example.org/line.git.",
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
        self._require_port(port)
        known = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return self._allowed(known, name or host)

    def resolve_here(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host as `resolve` does, and wait for them: not on the event loop.

        Raises:
            Problem: The host is not allowed.
            OSError: It has no address.
        """
        self._require_port(port)
        return self._allowed(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), host)

    def _allowed(self, known: Sequence[tuple[Any, ...]], name: str) -> list[str]:
        addresses = list(dict.fromkeys(_parse_address(str(entry[4][0])) for entry in known))
        reached = [each for address in addresses for each in unwrap(address)]
        if not self._is_named(name) and not all(self._is_allowed(each) for each in reached):
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
            self._require_possible(self.parse_url(url).host)

    def require_here(self, host: str, port: int) -> None:
        """Refuse a host as `require` does, and wait for its addresses: not on the event loop.

        Raises:
            Problem: The host is not allowed.
        """
        try:
            self.resolve_here(host, port)
        except OSError:
            self._require_possible(host)

    def _require_possible(self, host: str) -> None:
        """Refuse a host without addresses that would not be allowed with any."""
        if self._restricted and not self._is_named(host):
            raise self._build_problem(host) from None

    def parse_url(self, url: str) -> httpx.URL:
        """Return a URL that is one of a receiver.

        Raises:
            Problem: It is none.
        """
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, TypeError):
            raise self._no_url("It is not a URL") from None
        if target.scheme not in _PORTS or not target.host:
            raise self._no_url("It does not begin with http:// or https:// and a host")
        if target.port is not None:
            self._require_port(target.port)
        if target.userinfo:
            raise self._no_url("It carries a user or a password, which would be kept")
        return target

    def _require_port(self, port: int) -> None:
        if not port:
            raise self._no_url("Nothing listens on port 0")

    @property
    def _restricted(self) -> bool:
        return bool(self._names or self._networks)

    def _is_named(self, host: str) -> bool:
        return any(fnmatchcase(host.casefold(), name) for name in self._names)

    def _is_allowed(self, address: Address) -> bool:
        if self._restricted:
            return any(address in network for network in self._networks)
        return address.is_global and not address.is_multicast and not any(address in each for each in _NOT_PUBLIC)

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


def _parse_address(text: str) -> Address:
    """Return an address without zone."""
    return ip_address(text.partition("%")[0])


_NOT_PUBLIC = (
    ip_network("fec0::/10"),  # site-local (RFC 3879)
    ip_network(
        "64:ff9b:1::/48"
    ),  # NAT64 of a network's own (RFC 8215): which bits hold the address is that network's choice
    ip_network("192.0.0.0/24"),  # for protocols (RFC 6890), of which older versions of Python know a part
    ip_network("192.88.99.0/24"),  # the nearest 6to4 relay, whose network that may be (RFC 7526)
    ip_network("5f00::/16"),  # segments of a network's own routing (RFC 9602)
)
_LAST_BITS = tuple(map(IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
"""IPv4-compatible, mapped (RFC 4291), translated (RFC 2765) and NAT64 (RFC 6052): the last 32 bits are an IPv4 address."""


def unwrap(address: Address) -> list[Address]:
    """Return every address that packets to an address can reach: itself, or the IPv4 addresses in an IPv6 address.

    A mapped or compatible address is the IPv4 address only. A translator (NAT64, 6to4, Teredo) is reached under its own
    address, so that both must be allowed.
    """
    if isinstance(address, IPv4Address) or int(address) <= 1:  # :: and ::1 are no IPv4 addresses
        return [address]
    if address in _LAST_BITS[1]:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    inner = [IPv4Address(int(address) & 0xFFFFFFFF)] if any(address in each for each in _LAST_BITS) else []
    inner += [address.sixtofour] if address.sixtofour else []
    inner += list(address.teredo or ())
    return [address, *inner]
