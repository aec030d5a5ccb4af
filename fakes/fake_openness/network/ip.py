"""Rules of IP addresses and PROFINET names, apart from the objects that have them.

Facts: docs/facts/tia-rules.md#network-names-and-addresses (form of PROFINET names, after the published specification;
TIA Portal converts a free name and adds a checksum); the letters of the conversion and the CRC-16/ARC checksum as open
tools for AML exports have them.
"""

from __future__ import annotations

import ipaddress
import re

LIKE_AN_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_CONVERSIONS = {"x": "xx", " ": "xa", "_": "xb", "+": "xn", "=": "xv"}


def ip_number(text: str) -> int:
    """Return the number of a dotted IPv4 address.

    Raises:
        ValueError: Not four numbers from 0 to 255.
    """
    return int(ipaddress.IPv4Address(text))


def host_number(text: str) -> int:
    """Return the number of an address that a device may have.

    Raises:
        ValueError: Malformed, or 0.x, 127.x, multicast or reserved.
    """
    number = ip_number(text)
    if number >> 24 in {0, 127} or number >> 24 >= 224:
        raise ValueError(text)
    return number


def mask_number(text: str) -> int:
    """Return the number of a subnet mask.

    Raises:
        ValueError: Malformed, or its ones are not in one piece from the left.
    """
    number = ip_number(text)
    inverted = number ^ 0xFFFFFFFF
    if number == 0 or inverted & (inverted + 1):
        raise ValueError(text)
    return number


def format_address(number: int) -> str:
    """Return the text of an address."""
    return str(ipaddress.IPv4Address(number))


def same_net(one: str, other: str, mask: str) -> bool:
    """Return whether two addresses are in the same IP subnet."""
    bits = mask_number(mask)
    return ip_number(one) & bits == ip_number(other) & bits


def next_address(address: str, taken: set[str]) -> str:
    """Return the next address after a taken one."""
    number = ip_number(address)
    while format_address(number) in taken or number & 0xFF in {0, 255}:
        number += 1
    return format_address(number)


def pn_name_problem(name: str) -> str:
    """Return why a text is no PROFINET name, or an empty string."""
    if not 1 <= len(name) <= 240:
        return "it has 1 to 240 characters"
    if LIKE_AN_ADDRESS.fullmatch(name):
        return "it must not look like an IP address"
    if re.match(r"port-\d{3}(-\d{5})?(\.|$)", name):
        return "it must not begin like a port name"
    bad = next((label for label in name.split(".") if not LABEL.fullmatch(label)), None)
    if bad is None:
        return ""
    return f"the part '{bad}' must be 1 to 63 of a-z, 0-9 and -, not beginning or ending with -"


def convert_pn_name(name: str) -> str:
    """Return the PROFINET name that TIA Portal makes of a free name: unchanged if valid, else coded with a checksum."""
    lower = name.lower()
    if not pn_name_problem(lower) and not lower.startswith("xn-"):
        return lower
    coded = "".join(_encode(character) for character in lower)
    return f"{coded[:236]}{_crc16_arc(coded.encode()):04x}"


def _encode(character: str) -> str:
    if character in _CONVERSIONS:
        return _CONVERSIONS[character]
    if re.fullmatch(r"[a-z0-9.-]", character):
        return character
    return f"x{ord(character):x}x"


def _crc16_arc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc
