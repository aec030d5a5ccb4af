"""TSEND, TRCV, TUSEND and TURCV: data over a connection that TCON has established.

Facts: docs/facts/communication.md#sending-and-receiving.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.instructions.communication.connecting import NOT_NOW, WRONG_DESCRIPTION, WRONG_ID
from virtual_plc.instructions.communication.descriptions import is_identifier, partner_of, put_partner
from virtual_plc.instructions.data.byte_image import image, put_image
from virtual_plc.instructions.jobs import IN_PROGRESS, NO_JOB, STARTED, show
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Network
from virtual_plc.surroundings.connections import Connection, State, Udp

TOO_LONG: Final = 0x8085
DATA_TOO_SHORT: Final = 0x8088
NOT_CONNECTED: Final = 0x80A1
LARGEST: Final = {"S7-1200": 8192}
LARGEST_OF_OTHERS: Final = 65_536
ANY_LENGTH: Final = 65_535
"""LEN by which a TRCV of S7-300 and S7-400 takes what has come."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """State of an instance: REQ of the last call, and whether its job runs."""

    requested: bool = False
    busy: bool = False


def largest(site: Site) -> int:
    """Return how many bytes one job can have."""
    return LARGEST.get(site.memory.program.cpu.family if site.memory is not None else "", LARGEST_OF_OTHERS)


def open_connection(network: Network, identifier: int) -> tuple[Connection | None, int]:
    """Return the connection of an ID and why no data can go over it, 0 if they can."""
    if not is_identifier(identifier):
        return None, WRONG_ID
    found = network.find(identifier)
    if found is not None and found.state in (State.CONNECTING, State.WAITING):
        return found, NOT_NOW
    has_rest = found is not None and (found.received or found.messages)
    return found, 0 if found is not None and (found.state is State.OPEN or has_rest) else NOT_CONNECTED


def outgoing(data: Reference | None, length: int, most: int) -> tuple[bytes, int]:
    """Return what is sent, and the error, 0 for none; a length of 0 is all."""
    content = image(data) if data is not None else b""
    if length > most or (not length and not 0 < len(content) <= most):
        return b"", TOO_LONG
    return (b"", DATA_TOO_SHORT) if length > len(content) else (content[: length or len(content)], 0)


def begin_sending(network: Network, found: Connection | None, content: bytes, addr: Reference | None) -> int:
    """Send bytes, or one datagram to the partner in ADDR; return the error, 0 for none."""
    if isinstance(found, Udp):
        partner = partner_of(addr)
        if partner is None:
            return WRONG_DESCRIPTION
        place = network.locate(partner)
        return 0 if place is not None and found.send_to(place, content) else NOT_NOW
    if found is None or found.state is not State.OPEN:
        return NOT_CONNECTED
    found.send(content)
    return 0 if found.state is State.OPEN else NOT_NOW


def _sender(*, datagrams: bool) -> Callable[[Site], Callable[..., None]]:
    def make(site: Site) -> Callable[..., None]:
        network, most = site.services.surroundings.network, largest(site)

        def begin(ID: int, LEN: int, DATA: Reference | None, ADDR: Reference | None) -> int:
            found, error = open_connection(network, ID)
            if error:
                return error
            if datagrams and not isinstance(found, Udp):
                return WRONG_DESCRIPTION
            content, error = outgoing(DATA, LEN, most)
            return error or begin_sending(network, found, content, ADDR)

        def send(instance: Any, REQ: bool, ID: int, LEN: int, DATA: Reference | None, ADDR: Reference | None) -> None:
            state = instance._state or Transfer()
            begins = REQ and not state.requested and not state.busy
            state = replace(state, requested=bool(REQ))
            if begins:
                error = begin(ID, LEN, DATA, ADDR)
                state = replace(state, busy=not error)
                show(instance, error or STARTED, busy=not error)
            elif not state.busy:
                show(instance, NO_JOB, error=False)
            else:
                found = network.find(ID)
                running = found is not None and found.state is State.OPEN and not found.is_sent
                state = replace(state, busy=running)
                lost = found is None or not (found.state is State.OPEN or found.is_sent)
                show(instance, IN_PROGRESS if running else NOT_NOW if lost else 0, busy=running)
            instance._state = state

        return send

    return make


register_maker("TSEND", "instance REQ ID LEN &DATA &ADDR", "")(_sender(datagrams=False))
register_maker("TUSEND", "instance REQ ID LEN &DATA &ADDR", "")(_sender(datagrams=True))


def receive(
    network: Network, found: Connection, length: int, target: Reference, addr: Reference | None, *, at_once: bool
) -> tuple[int, int] | None:
    """Take received data; return the error (0 for none) and the number of bytes, None while too few have come.

    Args:
        network: the network of the CPU.
        found: the connection.
        length: bytes that are wanted.
        target: where they are written.
        addr: where the address of the sender of a datagram is written.
        at_once: whether what has come is taken, up to the length.
    """
    if isinstance(found, Udp):
        if not found.messages:
            return None
        sender, content = found.messages.popleft()
        if len(content) > length:
            return DATA_TOO_SHORT, 0
        put_partner(addr, network.name_of(sender))
    else:
        if not found.received or (len(found.received) < length and not at_once):
            return None
        content = found.take(length)
    put_image(target, content)
    return 0, len(content)


def _try_receiving(
    site: Site,
    instance: Any,
    identifier: int,
    length: int,
    data: Reference | None,
    addr: Reference | None,
    *,
    at_once: bool,
) -> int | None:
    """Receive; return the error, 0 when data have come, None while the job runs."""
    network, most = site.services.surroundings.network, largest(site)
    found, error = open_connection(network, identifier)
    if error or found is None or data is None:
        return error or DATA_TOO_SHORT
    room = len(image(data))
    length = 0 if at_once and length == ANY_LENGTH else length
    if length > most or length > room:
        return TOO_LONG if length > most else DATA_TOO_SHORT
    taken = receive(network, found, length or room, data, addr, at_once=at_once)
    if taken is None:
        return None if found.state is State.OPEN else NOT_NOW
    error, instance.RCVD_LEN = taken
    return error


def _show_received(instance: Any, status: int | None) -> None:
    """Write the outputs of a call with EN_R: the status, or that the job runs."""
    state = instance._state or Transfer()
    if status is None:
        show(instance, IN_PROGRESS if state.busy else STARTED, done="NDR", busy=True, error=False)
    else:
        show(instance, status, done="NDR")
    instance._state = replace(state, busy=status is None)


def _show_no_job(instance: Any) -> None:
    instance._state = Transfer()
    show(instance, NO_JOB, done="NDR", error=False)


@register_maker("TRCV", "instance EN_R ID LEN ADHOC &DATA &ADDR", "")
def _receiver(site: Site) -> Callable[..., None]:
    def get(
        instance: Any, EN_R: bool, ID: int, LEN: int, ADHOC: bool | None, DATA: Reference | None, ADDR: Reference | None
    ) -> None:
        instance.RCVD_LEN = 0
        if not EN_R:
            _show_no_job(instance)
            return
        at_once = bool(ADHOC) or LEN == ANY_LENGTH
        _show_received(instance, _try_receiving(site, instance, ID, LEN, DATA, ADDR, at_once=at_once))

    return get


@register_maker("TURCV", "instance EN_R ID LEN &DATA &ADDR", "")
def _datagram_receiver(site: Site) -> Callable[..., None]:
    network = site.services.surroundings.network

    def get(instance: Any, EN_R: bool, ID: int, LEN: int, DATA: Reference | None, ADDR: Reference | None) -> None:
        instance.RCVD_LEN = 0
        if not EN_R:
            _show_no_job(instance)
        elif isinstance(network.find(ID), Connection) and not isinstance(network.find(ID), Udp):
            _show_received(instance, WRONG_DESCRIPTION)
        else:
            _show_received(instance, _try_receiving(site, instance, ID, LEN, DATA, ADDR, at_once=False))

    return get
