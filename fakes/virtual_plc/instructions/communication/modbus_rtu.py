"""Modbus RTU over a serial line: MB_COMM_LOAD, MB_MASTER and MB_SLAVE, and their newer names.

A line is one of `surroundings.serial`. A message ends when nothing more has come for one call. Times are virtual. Facts:
docs/facts/communication.md#modbus-rtu.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.code.naming import attribute
from virtual_plc.instructions.communication import modbus
from virtual_plc.instructions.communication.modbus_tcp import areas_of, store
from virtual_plc.instructions.data.byte_image import image
from virtual_plc.instructions.jobs import Phase, advance, show, show_progress
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings.serial_lines import SerialLine

NO_PORT, WRONG_BAUD, WRONG_PARITY, WRONG_TIMEOUT, NO_INSTANCE = 0x8180, 0x8181, 0x8182, 0x8184, 0x8185
WRONG_STATION, REGISTERS_TOO_SHORT = 0x8186, 0x8187
NO_ANSWER, WRONG_CHECKSUM = 0x80C8, 0x8380
_BAUD: Final = (300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 76800, 115200)
_PARITIES: Final = (0, 1, 2)
_SHORTEST_ANSWER, _LONGEST_ANSWER, _USUAL_ANSWER = 5, 65535, 1000
"""Limits and default of RESP_TO in milliseconds."""
_LAST_STATION: Final = 247
_SHORTEST_FRAME: Final = 4
_MILLISECOND: Final = 1_000_000


def checksum(content: bytes) -> bytes:
    """Return the CRC-16 of a Modbus message, low byte first."""
    found = 0xFFFF
    for each in content:
        found ^= each
        for _ in range(8):
            found = found >> 1 ^ (0xA001 if found & 1 else 0)
    return found.to_bytes(2, "little")


def _line_of(site: Site, instance: Any) -> tuple[SerialLine | None, int]:
    """Return the line that MB_COMM_LOAD has given to an instance, and its RESP_TO."""
    serial = site.services.surroundings.serial
    for owner in (instance, getattr(instance, attribute("MB_DB"), None)):
        port, timeout = serial.users.get(id(owner), (None, 0))
        if port is not None:
            return serial.find(port), timeout
    return None, 0


@register_maker(
    "MB_COMM_LOAD|Modbus_Comm_Load", "instance REQ PORT BAUD PARITY FLOW_CTRL RTS_ON_DLY RTS_OFF_DLY RESP_TO &MB_DB", ""
)
def _configure(site: Site) -> Callable[..., None]:
    serial = site.services.surroundings.serial

    def work(port: int, baud: int, parity: int, timeout: int, owner: Any) -> int:
        line = serial.find(port)
        checks = (
            (line is None, NO_PORT),
            (baud not in _BAUD, WRONG_BAUD),
            (parity not in _PARITIES, WRONG_PARITY),
            (not _SHORTEST_ANSWER <= timeout <= _LONGEST_ANSWER, WRONG_TIMEOUT),
            (owner is None, NO_INSTANCE),
        )
        error = next((status for wrong, status in checks if wrong), 0)
        if not error and line is not None:
            line.configured = (baud, parity)
            serial.users[id(owner)] = (port, timeout)
        return error

    def call(
        instance: Any,
        REQ: bool,
        PORT: int,
        BAUD: int,
        PARITY: int,
        FLOW_CTRL: int,
        RTS_ON_DLY: int,
        RTS_OFF_DLY: int,
        RESP_TO: int,
        MB_DB: Reference | None,
    ) -> None:
        del FLOW_CTRL, RTS_ON_DLY, RTS_OFF_DLY
        phase = advance(instance, REQ)
        if phase is not Phase.DUE:
            show_progress(instance, phase)
            return
        owner = MB_DB.get() if MB_DB is not None else None
        show(instance, work(PORT, BAUD, PARITY, RESP_TO or _USUAL_ANSWER, owner))

    return call


@dataclass(frozen=True, slots=True)
class _Master:
    """State of a master.

    Attributes:
        query: the request in progress, None without one.
        request: its bytes, without station and checksum.
        station: station that has to answer.
        sent: virtual time at which it was sent.
        received: bytes of the answer so far.
    """

    query: modbus.Query | None = None
    request: bytes = b""
    station: int = 0
    sent: int = 0
    received: bytes = b""


@register_maker("MB_MASTER|Modbus_Master", "instance REQ MB_ADDR MODE DATA_ADDR DATA_LEN &DATA_PTR", "")
def _master(site: Site) -> Callable[..., None]:
    def call(
        instance: Any, REQ: bool, MB_ADDR: int, MODE: int, DATA_ADDR: int, DATA_LEN: int, DATA_PTR: Reference | None
    ) -> None:
        state = instance._state or _Master()
        line, timeout = _line_of(site, instance)
        if line is None:
            show(instance, NO_PORT if REQ else 0, done="")
            instance.DONE = False
        elif state.query is not None:
            instance._state = _await(site, instance, state, line, timeout, DATA_PTR)
        elif REQ:
            instance._state = _begin(site, instance, line, (MB_ADDR, MODE, DATA_ADDR, DATA_LEN), DATA_PTR)
        else:
            show(instance, 0, done="")
            instance.DONE = False

    return call


def _begin(
    site: Site, instance: Any, line: SerialLine, given: tuple[int, int, int, int], data: Reference | None
) -> _Master:
    """Send a request."""
    station, mode, address, length = given
    query = modbus.query_of(mode, address, length)
    content = image(data) if data is not None else b""
    error = query if isinstance(query, int) else 0
    if not isinstance(query, int) and query.size > len(content):
        error = modbus.WRONG_AREA
    is_broadcast = station == 0 and not isinstance(query, int) and query.function in modbus.WRITES
    if not (1 <= station <= _LAST_STATION or is_broadcast):
        error = WRONG_STATION
    if error or isinstance(query, int):
        show(instance, error)
        return _Master()
    request = modbus.ask(query, content)
    message = bytes((station,)) + request
    line.receive()
    line.send(message + checksum(message))
    show(instance, 0, busy=not is_broadcast, error=False)
    return _Master() if is_broadcast else _Master(query, request, station, site.services.now)


def _await(
    site: Site, instance: Any, state: _Master, line: SerialLine, timeout: int, data: Reference | None
) -> _Master:
    """Wait for the answer."""
    new = line.receive()
    if new or not state.received:
        late = site.services.now - state.sent > timeout * _MILLISECOND
        if late and not new:
            show(instance, NO_ANSWER)
            return _Master()
        show(instance, 0, busy=True, error=False)
        return replace(state, received=state.received + new)
    status, query = 0, state.query
    message = state.received
    if len(message) < _SHORTEST_FRAME or checksum(message[:-2]) != message[-2:] or message[0] != state.station:
        status = WRONG_CHECKSUM
    elif query is not None:
        result = modbus.understand(query, state.request, message[1:-2])
        if isinstance(result, int):
            status = result
        else:
            store(query, result, data)
    show(instance, status)
    return _Master()


@dataclass(frozen=True, slots=True)
class _Slave:
    """State of a slave: what answers, and the bytes of the request so far."""

    server: modbus.Server
    received: bytes = b""


@register_maker("MB_SLAVE|Modbus_Slave", "instance MB_ADDR &MB_HOLD_REG", "")
def _slave(site: Site) -> Callable[..., None]:
    def call(instance: Any, MB_ADDR: int, MB_HOLD_REG: Reference | None) -> None:
        state = instance._state or _Slave(modbus.Server())
        line, _ = _line_of(site, instance)
        instance.NDR = instance.DR = False
        status = 0
        if line is None:
            status = NO_PORT
        elif not 1 <= MB_ADDR <= _LAST_STATION:
            status = WRONG_STATION
        elif MB_HOLD_REG is None or len(image(MB_HOLD_REG)) < 2:
            status = REGISTERS_TOO_SHORT
        else:
            new = line.receive()
            if not new and state.received:
                status = _serve(site, instance, state.server, line, MB_ADDR, state.received, MB_HOLD_REG)
            state = replace(state, received=state.received + new if new else b"")
        instance.ERROR, instance.STATUS = status != 0, status
        instance._state = state

    return call


def _serve(
    site: Site,
    instance: Any,
    server: modbus.Server,
    line: SerialLine,
    station: int,
    message: bytes,
    registers: Reference,
) -> int:
    """Answer a request to this station; a broadcast gets no answer. Return the STATUS."""
    if len(message) < _SHORTEST_FRAME or checksum(message[:-2]) != message[-2:]:
        return WRONG_CHECKSUM
    if message[0] not in (0, station):
        return 0
    done = server.serve(message[1:-2], areas_of(site, registers))
    if message[0]:
        answer = message[:1] + done.answer
        line.send(answer + checksum(answer))
    instance.NDR, instance.DR = done.written, done.read
    return done.status
