"""Descriptions of connections: TCON_IP_v4 and TCON_Param, and the addresses of UDP partners (TADDR_Param).

Facts: docs/facts/communication.md#connection-descriptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from simatic_xml.program.types.types import Structure
from virtual_plc.instructions.registry import Reference
from virtual_plc.surroundings.connections import Endpoint

FIRST_ID, LAST_ID = 1, 0x0FFF
TCP: Final = "tcp"
UDP: Final = "udp"
_TYPES: Final = {0x0B: TCP, 0x13: UDP}
_OLD_TYPES: Final = {0x01: TCP, 0x11: TCP, 0x13: UDP}
_PORT_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Description:
    """A described connection.

    Attributes:
        identifier: its ID.
        kind: `tcp` or `udp`.
        active: whether this CPU establishes it.
        partner: address and port of the partner; address 0.0.0.0 for any.
        local_port: local port, 0 for none.
    """

    identifier: int
    kind: str
    active: bool
    partner: Endpoint
    local_port: int


def is_identifier(number: int) -> bool:
    """Return whether a number can be the ID of a connection."""
    return FIRST_ID <= number <= LAST_ID


def describe(connect: Reference | None) -> Description | None:
    """Return what CONNECT describes; None for no description, or a kind of connection that is not simulated."""
    if connect is None or not isinstance(connect.type, Structure):
        return None
    reader = _READERS.get(connect.type.name.upper())
    found = None if reader is None else reader(connect.get())
    return found if found is not None and _is_complete(found) else None


def _is_complete(found: Description) -> bool:
    if found.kind == UDP or not found.active:
        return found.local_port > 0
    return found.partner[1] > 0


def _address(numbers: Any) -> str:
    return ".".join(str(each) for each in list(numbers)[:4])


def _new(data: Any) -> Description | None:
    kind = _TYPES.get(data.ConnectionType)
    if kind is None:
        return None
    partner = (_address(data.RemoteAddress.ADDR), data.RemotePort)
    return Description(data.ID, kind, data.ActiveEstablished, partner, data.LocalPort)


def _old(data: Any) -> Description | None:
    kind = _OLD_TYPES.get(data.CONNECTION_TYPE)
    if kind is None:
        return None
    remote = _port(data.REM_TSAP_ID, data.REM_TSAP_ID_LEN)
    address = _address(data.REM_STADDR) if data.REM_STADDR_LEN else "0.0.0.0"  # noqa: S104 - any partner
    local = _port(data.LOCAL_TSAP_ID, data.LOCAL_TSAP_ID_LEN)
    return Description(data.ID, kind, data.ACTIVE_EST, (address, remote), local)


def _port(identifier: Any, length: int) -> int:
    return int.from_bytes(bytes(list(identifier)[:_PORT_BYTES]), "big") if length == _PORT_BYTES else 0


_READERS: Final = {"TCON_IP_V4": _new, "TCON_PARAM": _old}


def partner_of(addr: Reference | None) -> Endpoint | None:
    """Return the address and port in a TADDR_Param, None when there is none."""
    if addr is None or not isinstance(addr.type, Structure) or addr.type.name.upper() != "TADDR_PARAM":
        return None
    data = addr.get()
    return _address(data.REM_IP_ADDR), data.REM_PORT_NR


def put_partner(addr: Reference | None, partner: Endpoint) -> None:
    """Write address and port to a TADDR_Param."""
    if addr is not None and partner_of(addr) is not None:
        data = addr.get()
        data.REM_IP_ADDR[:] = [int(each) for each in partner[0].split(".")]
        data.REM_PORT_NR = partner[1]
