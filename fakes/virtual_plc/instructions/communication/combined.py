"""TSEND_C and TRCV_C: establish a connection, transfer data over it, and end it.

CONT keeps the connection. Both may use one connection: only the instance that has established it ends it. Facts:
docs/facts/communication.md#sending-and-receiving.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.instructions.communication.connecting import NOT_NOW, WRONG_DESCRIPTION, establish, is_alive
from virtual_plc.instructions.communication.descriptions import Description, describe
from virtual_plc.instructions.communication.transfer import (
    DATA_TOO_SHORT,
    TOO_LONG,
    begin_sending,
    largest,
    outgoing,
    receive,
)
from virtual_plc.instructions.data.byte_image import image
from virtual_plc.instructions.jobs import NO_JOB, STARTED, show
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Network
from virtual_plc.surroundings.connections import Connection, State

TRANSFERRING: Final = 0x7002
ENDING: Final = 0x7003
MONITORED: Final = 0x7004


@dataclass(frozen=True, slots=True)
class _Use:
    """State of an instance.

    Attributes:
        requested: REQ of the last call.
        job: whether data are to be sent.
        sending: whether they were given to the connection.
        owns: ID of the connection that the instance has established, 0 for none.
    """

    requested: bool = False
    job: bool = False
    sending: bool = False
    owns: int = 0


def _prepare(
    network: Network, state: _Use, wanted: Description, *, needed: bool
) -> tuple[_Use, Connection | None, int]:
    """Establish the connection if it is needed and not there; return its error, 0 for none."""
    found = network.find(wanted.identifier)
    if is_alive(found) or (found is not None and (found.received or found.messages)):
        return state, found, 0
    if found is not None and state.owns and found.state is State.FAILED:
        network.disconnect(wanted.identifier)
        return replace(state, owns=0), None, NOT_NOW
    if not needed:
        return state, found, 0
    error = establish(network, wanted)
    return replace(state, owns=0 if error else wanted.identifier), network.find(wanted.identifier), error


def _reset(com_rst: Any, network: Network, state: _Use) -> _Use:
    """COM_RST: end the connection, and clear the parameter; a call without it has False of its instance."""
    if not com_rst or not com_rst.get():
        return state
    com_rst.set(False)
    if state.owns:
        network.disconnect(state.owns)
    return _Use()


def _end(network: Network, state: _Use) -> _Use:
    network.disconnect(state.owns)
    return replace(state, owns=0)


@register_maker("TSEND_C", "instance REQ CONT LEN &CONNECT &DATA &ADDR &COM_RST", "")
def _send(site: Site) -> Callable[..., None]:
    network, most = site.services.surroundings.network, largest(site)

    def work(instance: Any, state: _Use, CONT: bool, LEN: int, wanted: Description, DATA: Any, ADDR: Any) -> _Use:
        state, found, error = _prepare(network, state, wanted, needed=CONT or state.job)
        if error:
            show(instance, error)
            return replace(state, job=False, sending=False)
        if found is not None and found.state in (State.CONNECTING, State.WAITING) and (CONT or state.job):
            show(instance, STARTED, busy=True, error=False)
            return state
        if state.job and not state.sending:
            content, error = outgoing(DATA, LEN, most)
            error = error or begin_sending(network, found, content, ADDR)
            show(instance, error or TRANSFERRING, busy=not error)
            return replace(state, job=not error, sending=not error)
        if state.sending:
            lost = found is None or not (found.state is State.OPEN or found.is_sent)
            running = not lost and found is not None and not found.is_sent
            show(instance, TRANSFERRING if running else NOT_NOW if lost else 0, busy=running)
            return replace(state, job=running, sending=running)
        return _rest(instance, network, state, found, CONT, "DONE")

    def send(
        instance: Any,
        REQ: bool,
        CONT: bool,
        LEN: int,
        CONNECT: Reference | None,
        DATA: Reference | None,
        ADDR: Reference | None,
        COM_RST: Reference | None,
    ) -> None:
        state = _reset(COM_RST, network, instance._state or _Use())
        begins = REQ and not state.requested
        state = replace(state, requested=bool(REQ), job=state.job or bool(begins))
        wanted = describe(CONNECT)
        if wanted is not None:
            instance._state = work(instance, state, bool(CONT), LEN, wanted, DATA, ADDR)
            return
        show(instance, WRONG_DESCRIPTION if begins or CONT else NO_JOB)
        instance._state = replace(state, job=False)

    return send


def _rest(instance: Any, network: Network, state: _Use, found: Connection | None, cont: bool, done: str) -> _Use:
    """Show a connection without a job; end it when it is not to continue."""
    if not cont and state.owns:
        show(instance, ENDING, done=done, busy=True, error=False)
        return _end(network, state)
    is_open = found is not None and found.state is State.OPEN
    show(instance, MONITORED if is_open else NO_JOB, done=done, error=False)
    return state


@register_maker("TRCV_C", "instance EN_R CONT LEN ADHOC &CONNECT &DATA &ADDR &COM_RST", "")
def _receive(site: Site) -> Callable[..., None]:
    network, most = site.services.surroundings.network, largest(site)

    def work(
        instance: Any,
        state: _Use,
        EN_R: bool,
        CONT: bool,
        LEN: int,
        at_once: bool,
        wanted: Description,
        DATA: Any,
        ADDR: Any,
    ) -> _Use:
        state, found, error = _prepare(network, state, wanted, needed=CONT)
        if error:
            show(instance, error)
        elif found is not None and found.state in (State.CONNECTING, State.WAITING) and CONT:
            show(instance, STARTED, busy=True, error=False)
        elif not EN_R or found is None or not CONT:
            return _rest(instance, network, state, found, CONT, "DONE")
        else:
            room = len(image(DATA)) if DATA is not None else 0
            if most < LEN or room < LEN:
                show(instance, TOO_LONG if most < LEN else DATA_TOO_SHORT)
                return state
            taken = receive(network, found, LEN or room, DATA, ADDR, at_once=at_once)
            if taken is not None:
                error, instance.RCVD_LEN = taken
                show(instance, error)
            else:
                show(instance, TRANSFERRING, busy=True, error=False)
        return state

    def get(
        instance: Any,
        EN_R: bool,
        CONT: bool,
        LEN: int,
        ADHOC: bool | None,
        CONNECT: Reference | None,
        DATA: Reference | None,
        ADDR: Reference | None,
        COM_RST: Reference | None,
    ) -> None:
        instance.RCVD_LEN = 0
        state = _reset(COM_RST, network, instance._state or _Use())
        wanted = describe(CONNECT)
        if wanted is None:
            show(instance, WRONG_DESCRIPTION if CONT else NO_JOB)
            instance._state = state
            return
        instance._state = work(instance, state, bool(EN_R), bool(CONT), LEN, bool(ADHOC), wanted, DATA, ADDR)

    return get
