"""MB_CLIENT and MB_SERVER: Modbus over TCP.

Facts: docs/facts/communication.md#modbus.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.instructions.communication import modbus
from virtual_plc.instructions.communication.connecting import NOT_NOW, WRONG_DESCRIPTION, establish, is_alive
from virtual_plc.instructions.communication.descriptions import TCP, Description, describe
from virtual_plc.instructions.data.byte_image import image, put_image
from virtual_plc.instructions.jobs import IN_PROGRESS, STARTED, show
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Network
from virtual_plc.surroundings.connections import Connection, State

DISCONNECTED: Final = 0x7003
MONITORED: Final = 0x7004
WAITING_FOR_ANSWER: Final = 0x7006
NO_ANSWER: Final = 0x80C8
WRONG_PROTOCOL: Final = 0x8387
REGISTERS_TOO_SHORT: Final = 0x8187
ANSWER_SECONDS: Final = 2.0
"""Real seconds that a client waits for the answer; a timeout that the program sets is not read."""
UNIT: Final = 0xFF
_HEAD: Final = 7
_LARGEST_FRAME: Final = 260


@dataclass(frozen=True, slots=True)
class _Client:
    """State of an instance.

    Attributes:
        query: the request in progress, None without one.
        request: its bytes.
        sent: real time at which it was sent, None before.
        transaction: number of the last request.
        owns: ID of the connection that the instance has established, 0 for none.
        connecting: whether a call has begun to establish it.
    """

    query: modbus.Query | None = None
    request: bytes = b""
    sent: float | None = None
    transaction: int = 0
    owns: int = 0
    connecting: bool = False


def frame(transaction: int, unit: int, content: bytes) -> bytes:
    """Return a message with its head."""
    return transaction.to_bytes(2, "big") + b"\0\0" + (len(content) + 1).to_bytes(2, "big") + bytes((unit,)) + content


def take_frame(connection: Connection) -> tuple[int, int, int, bytes] | None:
    """Return the next whole message: transaction, protocol, unit and content; None while there is none."""
    received = connection.received
    if len(received) < _HEAD:
        return None
    size = int.from_bytes(received[4:6], "big") + 6
    if len(received) < size:
        return None
    whole = connection.take(max(size, _HEAD))
    return int.from_bytes(whole[:2], "big"), int.from_bytes(whole[2:4], "big"), whole[6], whole[_HEAD:]


@register_maker("MB_CLIENT", "instance REQ DISCONNECT MB_MODE MB_DATA_ADDR MB_DATA_LEN &MB_DATA_PTR &CONNECT", "")
def _client(site: Site) -> Callable[..., None]:
    network = site.services.surroundings.network

    def call(
        instance: Any,
        REQ: bool,
        DISCONNECT: bool,
        MB_MODE: int,
        MB_DATA_ADDR: int,
        MB_DATA_LEN: int,
        MB_DATA_PTR: Reference | None,
        CONNECT: Reference | None,
    ) -> None:
        state = instance._state or _Client()
        wanted = describe(CONNECT)
        if wanted is None or wanted.kind != TCP or not wanted.active:
            show(instance, WRONG_DESCRIPTION if REQ else 0, done="")
            instance.DONE = False
            return
        if DISCONNECT:
            instance._state = _disconnect(instance, network, state)
            return
        if state.query is None and REQ:
            query = modbus.query_of(MB_MODE, MB_DATA_ADDR, MB_DATA_LEN)
            error = query if isinstance(query, int) else _room_error(query, MB_DATA_PTR)
            if error or isinstance(query, int):
                show(instance, error)
                return
            content = image(MB_DATA_PTR) if MB_DATA_PTR is not None else b""
            state = replace(state, query=query, request=modbus.ask(query, content), sent=None)
        instance._state = _work(instance, network, state, wanted, MB_DATA_PTR)

    return call


def _room_error(query: modbus.Query, data: Reference | None) -> int:
    needed = {modbus.DIAGNOSTICS: 2, modbus.EVENT_COUNTER: 4}.get(query.function, query.size)
    return 0 if data is not None and len(image(data)) >= needed else modbus.WRONG_AREA


def _disconnect(instance: Any, network: Network, state: _Client) -> _Client:
    """End the connection; STATUS 16#7003 in the call that has ended it."""
    was_there = bool(state.owns)
    if was_there:
        network.disconnect(state.owns)
    show(instance, DISCONNECTED if was_there else 0, done="", error=False)
    instance.DONE = False
    return _Client(transaction=state.transaction)


def _fail(instance: Any, network: Network, state: _Client, status: int, *, keep: bool = False) -> _Client:
    """Show an error; the connection ends, unless it can be used further."""
    if not keep and state.owns:
        network.disconnect(state.owns)
    show(instance, status)
    return replace(state, query=None, sent=None, connecting=False, owns=state.owns if keep else 0)


def _work(instance: Any, network: Network, state: _Client, wanted: Description, data: Reference | None) -> _Client:
    found = network.find(wanted.identifier)
    if state.query is None:
        is_open = found is not None and found.state is State.OPEN
        show(instance, MONITORED if is_open else 0, done="", error=False)
        instance.DONE = False
        return state
    if not is_alive(found) and state.connecting:
        return _fail(instance, network, state, NOT_NOW)
    if not is_alive(found):
        error = establish(network, wanted)
        if error:
            return _fail(instance, network, state, error)
        show(instance, STARTED, busy=True, error=False)
        return replace(state, owns=wanted.identifier, connecting=True, sent=None)
    if found is None or found.state is not State.OPEN:
        show(instance, IN_PROGRESS, busy=True, error=False)
        return state
    if state.sent is None:
        number = (state.transaction + 1) & 0xFFFF
        found.received.clear()
        found.send(frame(number, UNIT, state.request))
        show(instance, WAITING_FOR_ANSWER, busy=True, error=False)
        return replace(state, transaction=number, sent=network.clock(), connecting=False)
    return _await(instance, network, state, found, data)


def _await(instance: Any, network: Network, state: _Client, found: Connection, data: Reference | None) -> _Client:
    """Wait for the answer to the request that was sent."""
    while (received := take_frame(found)) is not None:
        transaction, protocol, _, content = received
        if protocol:
            return _fail(instance, network, state, WRONG_PROTOCOL)
        if transaction == state.transaction:
            return _finish(instance, network, state, content, data)
    if network.clock() - (state.sent or 0.0) > ANSWER_SECONDS:
        return _fail(instance, network, state, NO_ANSWER)
    show(instance, WAITING_FOR_ANSWER, busy=True, error=False)
    return state


def _finish(instance: Any, network: Network, state: _Client, content: bytes, data: Reference | None) -> _Client:
    query = state.query
    result = modbus.understand(query, state.request, content) if query is not None else b""
    if isinstance(result, int):
        return _fail(instance, network, state, result, keep=True)
    if query is not None:
        store(query, result, data)
    show(instance, 0)
    return replace(state, query=None, sent=None)


def store(query: modbus.Query, content: bytes, data: Reference | None) -> None:
    """Write the data of an answer; the bits after the last one that was read keep their values."""
    if data is None or not content:
        return
    rest = query.count % 8
    if query.function in modbus.BITS and rest:
        mask = (1 << rest) - 1
        last = content[-1] & mask | image(data)[len(content) - 1] & ~mask & 0xFF
        content = content[:-1] + bytes((last,))
    put_image(data, content)


@dataclass(frozen=True, slots=True)
class _Listening:
    """State of a server: what answers, and the ID of its connection, 0 for none."""

    server: modbus.Server
    owns: int = 0


def areas_of(site: Site, registers: Reference) -> modbus.Areas:
    """Return what a server of this CPU gives access to."""
    memory = site.memory
    return modbus.Areas(memory.outputs, memory.inputs, image(registers), lambda content: put_image(registers, content))


@register_maker("MB_SERVER", "instance DISCONNECT &MB_HOLD_REG &CONNECT", "")
def _server(site: Site) -> Callable[..., None]:
    def call(instance: Any, DISCONNECT: bool, MB_HOLD_REG: Reference | None, CONNECT: Reference | None) -> None:
        wanted = describe(CONNECT)
        instance.NDR = instance.DR = False
        if wanted is None or wanted.kind != TCP or wanted.active:
            instance.ERROR, instance.STATUS = True, WRONG_DESCRIPTION
        elif MB_HOLD_REG is None or len(image(MB_HOLD_REG)) < 2:
            instance.ERROR, instance.STATUS = True, REGISTERS_TOO_SHORT
        else:
            instance.ERROR = False
            instance._state = _listen(site, instance, wanted, MB_HOLD_REG, ends=bool(DISCONNECT))

    return call


def _listen(site: Site, instance: Any, wanted: Description, registers: Reference, *, ends: bool) -> _Listening:
    """Wait for a client, and answer it; or end its connection."""
    network, state = site.services.surroundings.network, instance._state or _Listening(server=modbus.Server())
    if ends:
        instance.STATUS = DISCONNECTED if state.owns else 0
        network.disconnect(state.owns)
        return replace(state, owns=0)
    found = network.find(wanted.identifier)
    if found is None:
        error = establish(network, wanted)
        instance.ERROR, instance.STATUS = error != 0, error or STARTED
        return replace(state, owns=0 if error else wanted.identifier)
    if found.state in (State.CLOSED, State.FAILED) and not found.received:
        found.connect_again()
    instance.STATUS = WAITING_FOR_ANSWER if found.state is State.OPEN else IN_PROGRESS
    _serve(site, instance, found, state.server, registers)
    return state


def _serve(site: Site, instance: Any, found: Connection, server: modbus.Server, registers: Reference) -> None:
    """Answer the next request, at most one in each call."""
    received = take_frame(found)
    if received is None:
        return
    transaction, protocol, unit, content = received
    if protocol or len(content) > _LARGEST_FRAME:
        instance.ERROR, instance.STATUS = True, modbus.MALFORMED
        found.connect_again()
        return
    done = server.serve(content, areas_of(site, registers))
    found.send(frame(transaction, unit, done.answer))
    instance.NDR, instance.DR = done.written, done.read
    if done.status:
        instance.ERROR, instance.STATUS = True, done.status
