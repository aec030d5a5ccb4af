"""TCON, TDISCON and T_RESET: connections that the program establishes and ends.

A connection lasts from TCON to TDISCON or to a STOP of the CPU. Facts: docs/facts/communication.md#connections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.instructions.communication.descriptions import UDP, Description, describe, is_identifier
from virtual_plc.instructions.jobs import IN_PROGRESS, NO_JOB, STARTED, Phase, advance, show, show_progress
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Network
from virtual_plc.surroundings.connections import Connection, State

WRONG_ID: Final = 0x8086
TOO_MANY: Final = 0x8087
IN_USE: Final = 0x80A1
EXISTS: Final = 0x80A3
WRONG_DESCRIPTION: Final = 0x80B3
NOT_NOW: Final = 0x80C4
_ALIVE: Final = (State.CONNECTING, State.WAITING, State.OPEN)


def is_alive(connection: Connection | None) -> bool:
    """Return whether there is a connection, or one is being established."""
    return connection is not None and connection.state in _ALIVE


def establish(network: Network, wanted: Description) -> int:
    """Begin to establish a connection; return the error, 0 for none."""
    network.disconnect(wanted.identifier)
    if network.is_full:
        return TOO_MANY
    if wanted.kind == UDP:
        return 0 if network.open_udp(wanted.identifier, wanted.local_port) is not None else IN_USE
    if wanted.active:
        return 0 if network.connect(wanted.identifier, wanted.partner) is not None else NOT_NOW
    return 0 if network.listen(wanted.identifier, wanted.local_port, wanted.partner[0]) is not None else IN_USE


@dataclass(frozen=True, slots=True)
class _Request:
    """State of an instance: REQ of the last call, and whether a connection is being established."""

    requested: bool = False
    busy: bool = False


def _begin(network: Network, identifier: int, connect: Reference | None) -> int:
    if not is_identifier(identifier):
        return WRONG_ID
    if is_alive(network.find(identifier)):
        return EXISTS
    wanted = describe(connect)
    if wanted is None or wanted.identifier != identifier:
        return WRONG_DESCRIPTION
    return establish(network, wanted)


@register_maker("TCON", "instance REQ ID &CONNECT", "")
def _connect(site: Site) -> Callable[..., None]:
    network = site.services.surroundings.network

    def connect(instance: Any, REQ: bool, ID: int, CONNECT: Reference | None) -> None:
        state = instance._state or _Request()
        begins = REQ and not state.requested and not state.busy
        state = replace(state, requested=bool(REQ))
        error = _begin(network, ID, CONNECT) if begins else 0
        found = network.find(ID) if state.busy else None
        if error:
            show(instance, error)
        elif begins:
            state = replace(state, busy=True)
            show(instance, STARTED, busy=True, error=False)
        elif not state.busy:
            show(instance, NO_JOB, error=False)
        elif found is not None and found.state in (State.CONNECTING, State.WAITING):
            show(instance, IN_PROGRESS, busy=True, error=False)
        else:
            state = replace(state, busy=False)
            established = found is not None and found.state is State.OPEN
            if not established:
                network.disconnect(ID)
            show(instance, 0 if established else NOT_NOW)
        instance._state = state

    return connect


@register_maker("TDISCON", "instance REQ ID", "")
def _disconnect(site: Site) -> Callable[..., None]:
    network = site.services.surroundings.network

    def disconnect(instance: Any, REQ: bool, ID: int) -> None:
        phase = advance(instance, REQ)
        if phase is Phase.FIRST and (not is_identifier(ID) or network.find(ID) is None):
            instance._state = replace(instance._state, calls=0)
            show(instance, EXISTS if is_identifier(ID) else WRONG_ID)
            return
        if phase is not Phase.DUE:
            show_progress(instance, phase)
            return
        network.disconnect(ID)
        show(instance, 0)

    return disconnect


@register_maker("T_RESET", "instance REQ ID", "")
def _reset(site: Site) -> Callable[..., None]:
    """End the data exchange of a connection; a passive one waits for its partner again, an active one connects again."""
    network = site.services.surroundings.network

    def reset(instance: Any, REQ: bool, ID: int) -> None:
        phase = advance(instance, REQ)
        if phase is not Phase.DUE:
            show_progress(instance, phase)
            return
        found = network.find(ID)
        if found is None:
            show(instance, EXISTS if is_identifier(ID) else WRONG_ID)
            return
        found.connect_again()
        show(instance, 0)

    return reset
