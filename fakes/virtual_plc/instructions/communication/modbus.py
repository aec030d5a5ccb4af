"""Modbus requests and answers without their frames: what a client asks, what a server does.

Facts: docs/facts/communication.md#modbus; the Modbus application protocol specification V1.1b3 (public).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

READ_COILS, READ_INPUTS, READ_HOLDING, READ_INPUT_WORDS = 1, 2, 3, 4
WRITE_COIL, WRITE_REGISTER, DIAGNOSTICS, EVENT_COUNTER = 5, 6, 8, 11
WRITE_COILS, WRITE_REGISTERS = 15, 16
BITS: Final = (READ_COILS, READ_INPUTS, WRITE_COIL, WRITE_COILS)
WRITES: Final = (WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS)
_SINGLE: Final = (WRITE_COIL, WRITE_REGISTER)
_MOST: Final = {1: 2000, 2: 2000, 3: 125, 4: 125, 5: 1, 6: 1, 15: 1968, 16: 123}
WRONG_MODE, WRONG_ADDRESS, WRONG_LENGTH, WRONG_AREA = 0x8188, 0x8189, 0x818A, 0x818B
MALFORMED, OTHER_FUNCTION, OTHER_QUANTITY = 0x8380, 0x8386, 0x8388
_EXCEPTION: Final = 0x80
_ADDRESSES: Final = 0x1_0000
_ECHO, _CLEAR_COUNTER = 0x0000, 0x000A
_ON: Final = 0xFF00
_FAILURES: Final = {1: 0x8381, 2: 0x8383, 3: 0x8384}
_OTHER_FAILURE: Final = 0x8384


@dataclass(frozen=True, slots=True)
class Query:
    """A request of a client.

    Attributes:
        function: function code.
        address: first address, from 0.
        count: bits or registers; for diagnostics the subfunction is the address.
    """

    function: int
    address: int
    count: int

    @property
    def size(self) -> int:
        """Bytes of the data in the program."""
        return (self.count + 7) // 8 if self.function in BITS else self.count * 2


_RANGES: Final = (
    (1, 9999, READ_COILS, WRITE_COIL, WRITE_COILS),
    (10001, 19999, READ_INPUTS, 0, 0),
    (30001, 39999, READ_INPUT_WORDS, 0, 0),
    (40001, 49999, READ_HOLDING, WRITE_REGISTER, WRITE_REGISTERS),
    (400001, 465535, READ_HOLDING, WRITE_REGISTER, WRITE_REGISTERS),
)


def query_of(mode: int, address: int, length: int) -> Query | int:
    """Return the request that MODE, DATA_ADDR and DATA_LEN mean, or the STATUS of a wrong one."""
    if mode in (11, 80, 81):
        return Query(
            *{11: (EVENT_COUNTER, 0, 0), 80: (DIAGNOSTICS, _ECHO, 1), 81: (DIAGNOSTICS, _CLEAR_COUNTER, 1)}[mode]
        )
    if mode - 100 in _MOST:
        function, first = mode - 100, address
        if not 0 <= first <= 0xFFFF:
            return WRONG_ADDRESS
    elif mode in (0, 1, 2):
        row = next((each for each in _RANGES if each[0] <= address <= each[1]), None)
        function = 0 if row is None else row[2] if mode == 0 else row[3] if mode == 1 and length == 1 else row[4]
        if row is None or not function:
            return WRONG_ADDRESS
        first = address - row[0]
    else:
        return WRONG_MODE
    return Query(function, first, length) if 1 <= length <= _MOST[function] else WRONG_LENGTH


def ask(query: Query, content: bytes) -> bytes:
    """Return the request as bytes; the content is the data of a write, or the word of an echo."""
    head = bytes((query.function,))
    if query.function == EVENT_COUNTER:
        return head
    head += query.address.to_bytes(2, "big")
    if query.function == DIAGNOSTICS:
        return head + (content or b"\0\0")[:2].ljust(2, b"\0")
    if query.function == WRITE_COIL:
        return head + (_ON if content[0] & 1 else 0).to_bytes(2, "big")
    if query.function == WRITE_REGISTER:
        return head + content[:2]
    head += query.count.to_bytes(2, "big")
    return head + bytes((query.size,)) + _whole(content, query) if query.function in WRITES else head


def _whole(content: bytes, query: Query) -> bytes:
    """Return data of a write; unused bits of the last byte are 0."""
    found = bytearray(content[: query.size])
    if query.function in BITS and query.count % 8:
        found[-1] &= (1 << query.count % 8) - 1
    return bytes(found)


def understand(query: Query, request: bytes, answer: bytes) -> bytes | int:
    """Return the data of an answer (of a write none), or the STATUS of a bad one."""
    if len(answer) < 2:
        return MALFORMED
    if answer[0] == query.function | _EXCEPTION:
        return _FAILURES.get(answer[1], _OTHER_FAILURE)
    if answer[0] != query.function:
        return OTHER_FUNCTION
    if query.function in WRITES:
        return b"" if answer[:5] == request[:5] else OTHER_QUANTITY
    if query.function in (DIAGNOSTICS, EVENT_COUNTER):
        return answer[3:] if query.function == DIAGNOSTICS else answer[1:]
    return answer[2:] if answer[1] == query.size and len(answer) == query.size + 2 else OTHER_QUANTITY


def request_size(start: bytes) -> int | None:
    """Return how many bytes a request has that begins so, None while that is not known."""
    if not start:
        return None
    if start[0] in (WRITE_COILS, WRITE_REGISTERS):
        return None if len(start) < 6 else 6 + start[5]
    return 1 if start[0] == EVENT_COUNTER else 5


# The server ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Areas:
    """What a server gives access to: bytes of the process images, and the registers as bytes to read and write."""

    outputs: bytearray
    inputs: bytearray
    registers: bytes
    put_registers: Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Served:
    """What a server has done.

    Attributes:
        answer: bytes of the answer.
        read: whether data were read.
        written: whether data were written.
        status: STATUS, 0 without an error.
    """

    answer: bytes
    read: bool = False
    written: bool = False
    status: int = 0


class _Refusal(Exception):
    """A request that the server refuses, with exception code and STATUS."""

    def __init__(self, code: int, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


def _unsupported() -> _Refusal:
    return _Refusal(1, 0x8381)


def _outside() -> _Refusal:
    return _Refusal(2, 0x8383)


class Server:
    """Answers requests; counts them for function 11."""

    def __init__(self) -> None:
        """Begin with 0 events."""
        self.events = 0

    def serve(self, request: bytes, areas: Areas) -> Served:
        """Do what a request wants."""
        function = request[0] if request else 0
        try:
            answer = self._answer(function, request, areas)
        except _Refusal as refused:
            return Served(bytes((function | _EXCEPTION, refused.code)), status=refused.status)
        counted = function not in (DIAGNOSTICS, EVENT_COUNTER)
        self.events = (self.events + counted) & 0xFFFF
        return Served(answer, counted and function not in WRITES, function in WRITES)

    def _answer(self, function: int, request: bytes, areas: Areas) -> bytes:
        if function == EVENT_COUNTER:
            return bytes((function, 0, 0)) + self.events.to_bytes(2, "big")
        if function == DIAGNOSTICS:
            return self._diagnose(request)
        if function not in _MOST:
            raise _unsupported()
        if len(request) < 5 or len(request) != request_size(request):
            raise _Refusal(3, 0x8382)
        address, second = int.from_bytes(request[1:3], "big"), int.from_bytes(request[3:5], "big")
        query = Query(function, address, 1 if function in _SINGLE else second)
        if not 1 <= query.count <= _MOST[function]:
            raise _Refusal(3, 0x8382)
        if function in WRITES:
            _write(query, _data(query, request, second), areas)
            return request[:5]
        found = _read(query, areas)
        return bytes((function, len(found))) + found

    def _diagnose(self, request: bytes) -> bytes:
        subfunction = int.from_bytes(request[1:3], "big")
        if len(request) < 5 or subfunction not in (_ECHO, _CLEAR_COUNTER):
            raise _Refusal(3, 0x8385)
        if subfunction == _CLEAR_COUNTER:
            self.events = 0
        return request[:5]


def _data(query: Query, request: bytes, second: int) -> bytes:
    if query.function == WRITE_COIL:
        if second not in (0, _ON):
            raise _Refusal(3, 0x8384)
        return bytes((second == _ON,))
    if query.function == WRITE_REGISTER:
        return request[3:5]
    if request[5] != query.size:
        raise _Refusal(3, 0x8382)
    return request[6:]


def _area(query: Query, areas: Areas) -> Any:
    if query.function in (READ_HOLDING, WRITE_REGISTER, WRITE_REGISTERS):
        found: Any = areas.registers
    else:
        found = areas.inputs if query.function in (READ_INPUTS, READ_INPUT_WORDS) else areas.outputs
    room = len(found) * 8 if query.function in BITS else len(found) // 2
    if query.address + query.count > min(room, _ADDRESSES):
        raise _outside()
    return found


def _read(query: Query, areas: Areas) -> bytes:
    area = _area(query, areas)
    if query.function not in BITS:
        return bytes(area[query.address * 2 : (query.address + query.count) * 2])
    bits = int.from_bytes(area, "little") >> query.address & (1 << query.count) - 1
    return bits.to_bytes(query.size, "little")


def _write(query: Query, content: bytes, areas: Areas) -> None:
    area = _area(query, areas)
    if query.function not in BITS:
        first = query.address * 2
        areas.put_registers(area[:first] + content + area[first + len(content) :])
        return
    mask = (1 << query.count) - 1
    bits = int.from_bytes(content, "little") & mask
    whole = int.from_bytes(area, "little") & ~(mask << query.address) | bits << query.address
    area[:] = whole.to_bytes(len(area), "little")
