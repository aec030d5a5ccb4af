"""Checks IPv4 address, subnet mask, router and PROFINET name before TIA Portal gets them.

TIA Portal's refusals are localised and name no field; these name the field and what is right.
Facts: docs/facts/tia-rules.md#network-names-and-addresses (IP, PROFINET device name).
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from openness_bridge.errors import Place, Problem

NO_ROUTER = "0.0.0.0"  # noqa: S104 - how TIA Portal shows "none"
_BITS = 0xFFFFFFFF


def require_address(text: str) -> str:
    """Check a dotted IPv4 address that a device may have.

    Raises:
        Problem: It is malformed, or 0.x, 127.x, multicast or reserved.
    """
    address = _parse(text, "address", "four numbers from 0 to 255, such as 192.168.0.1")
    first = int(address) >> 24
    if first in {0, 127} or first >= 224:
        raise _refusal(
            "address",
            f"'{text}' cannot be the address of a device: 0.x, 127.x and addresses from 224.x on are reserved.",
        )
    return str(address)


def require_mask(text: str) -> str:
    """Check a subnet mask.

    Raises:
        Problem: It is malformed, or its ones are not in one piece from the left.
    """
    inverted = int(_parse(text, "mask", "four numbers from 0 to 255, such as 255.255.255.0")) ^ _BITS
    if inverted == _BITS or inverted & (inverted + 1):
        raise _refusal(
            "mask", f"'{text}' is not a subnet mask: its ones must be contiguous from the left, as in 255.255.255.0."
        )
    return text.strip()


def require_router(text: str, address: str, mask: str) -> str:
    """Check a router, which the address must reach.

    Raises:
        Problem: It is malformed, is the device itself, or is outside of the IP subnet.
    """
    router = _parse(text, "router", "four numbers from 0 to 255, such as 192.168.0.254")
    network = IPv4Network(f"{address}/{mask}", strict=False)
    if str(router) == address:
        raise _refusal("router", f"The router '{text}' is the device's own address: enter another address.")
    if router not in network:
        raise _refusal(
            "router", f"The router '{text}' is outside of the IP subnet {network}: enter an address inside it, or none."
        )
    return str(router)


def require_host(address: str, mask: str) -> None:
    """Refuse the first and last address of an IP subnet, which no device may have.

    Raises:
        Problem: It is one of them.
    """
    network = IPv4Network(f"{address}/{mask}", strict=False)
    if network.prefixlen < 31 and IPv4Address(address) in {network.network_address, network.broadcast_address}:
        raise _refusal("address", f"'{address}' is the first or last address of {network}, which no device may have.")


def require_profinet_name(text: str) -> str:
    """Check a PROFINET device name as typed; TIA Portal converts what the wire does not allow.

    Raises:
        Problem: Empty, longer than 240 characters, not printable, or it looks like an address or a port.
    """
    lower = text.lower()
    if not text.strip() or len(text) > 240 or not text.isprintable():
        raise _refusal("profinet_name", f"'{text}' is not a PROFINET name: a name has 1 to 240 printable characters.")
    if re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", lower) or re.match(r"port-\d{3}(-\d{5})?(\.|$)", lower):
        raise _refusal(
            "profinet_name", f"'{text}' is not a PROFINET name: a name must not look like an IP address or a port."
        )
    return text


def _parse(text: str, what: str, form: str) -> IPv4Address:
    try:
        return IPv4Address(text.strip())
    except AddressValueError:
        raise _refusal(what, f"'{text}' is malformed: use {form}.") from None


def _refusal(what: str, message: str) -> Problem:
    pointer = {
        "address": "/ipAddress",
        "mask": "/subnetMask",
        "router": "/routerAddress",
        "profinet_name": "/profinetName",
    }
    return Problem(f"network.{what}", message, place=Place(pointer=pointer[what]))
