"""Messages of S7 communication: a header, parameters and data. Reading one never trusts a length of it.

Facts: docs/runtime/s7.md#protocol.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from runtime_data.absolute import Range

PROTOCOL = 0x32
JOB, ANSWER, USER_DATA = 1, 3, 7
LARGEST = 960
"""Bytes of the largest message: that of an S7-1500."""
SMALLEST = 64
MOST_ITEMS = 20
"""Items of one request, as a CPU takes them."""


class Code(IntEnum):
    """What became of an item."""

    GOOD = 0xFF
    HARDWARE = 0x01
    DENIED = 0x03
    ADDRESS = 0x05
    TYPE = 0x06
    INCONSISTENT = 0x07
    MISSING = 0x0A


class Refused(IntEnum):
    """Error class and code of a whole request."""

    NOT_AVAILABLE = 0x8104
    STATE = 0x8402
    FORMAT = 0x8500
    DENIED = 0x8702


class MessageError(Exception):
    """A message that cannot be answered; the connection ends."""


class RefusedError(Exception):
    """A request that is answered with an error.

    Attributes:
        code: Error class and code.
    """

    def __init__(self, code: Refused) -> None:
        """Keep the code."""
        super().__init__(code.name)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came.

    Attributes:
        kind: JOB or USER_DATA.
        reference: The client's number of it, which the answer repeats.
    """

    kind: int
    reference: int
    parameters: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """What a client reads or writes.

    Attributes:
        range: The bytes.
        bit: The bit in the only byte; None for whole bytes.
        numbered: Whether they are timers or counters.
    """

    range: Range
    bit: int | None = None
    numbered: bool = False


_AREAS = {0x81: "Input", 0x82: "Output", 0x83: "Marker", 0x84: "DataBlock", 0x1C: "Counter", 0x1D: "Timer"}
_WIDTHS = {0x02: 1, 0x03: 1, 0x04: 2, 0x05: 2, 0x06: 4, 0x07: 4, 0x08: 4, 0x1C: 2, 0x1D: 2}
"""Bytes of a value by its transport size."""
_BIT = 0x01
_ITEM = 12
_BIT_DATA, _BYTES, _IN_BYTES, _OCTETS = 0x03, 0x04, 0x07, 0x09


def parse(message: bytes) -> Message:
    """Read a message of a client.

    Raises:
        MessageError: It is none.
    """
    if len(message) < 10 or message[0] != PROTOCOL or message[1] not in (JOB, USER_DATA):
        msg = "This is not a request of S7 communication."
        raise MessageError(msg)
    reference, parameters, data = struct.unpack(">HHH", message[4:10])
    if 10 + parameters + data != len(message) or not parameters:
        msg = "The lengths of a request do not fit."
        raise MessageError(msg)
    return Message(message[1], reference, message[10 : 10 + parameters], message[10 + parameters :])


def build_answer(reference: int, parameters: bytes, data: bytes = b"", error: int = 0) -> bytes:
    """Return the answer to a job."""
    return (
        struct.pack(">BBHHHHH", PROTOCOL, ANSWER, 0, reference, len(parameters), len(data), error) + parameters + data
    )


def build_user_data(reference: int, parameters: bytes, data: bytes) -> bytes:
    """Return the answer to user data."""
    return struct.pack(">BBHHHH", PROTOCOL, USER_DATA, 0, reference, len(parameters), len(data)) + parameters + data


def parse_items(parameters: bytes) -> list[Item | Code]:
    """Return what a job reads or writes; of an item that cannot be, what is wrong.

    Raises:
        RefusedError: The parameters are not the items that they announce, or there are too many.
    """
    count = parameters[1] if len(parameters) > 1 else 0
    found: list[Item | Code] = []
    at = 2
    for _ in range(count):
        if at + 2 > len(parameters) or parameters[at] != 0x12:
            raise RefusedError(Refused.FORMAT)
        length = parameters[at + 1]
        item = parameters[at : at + 2 + length]
        if len(item) != 2 + length:
            raise RefusedError(Refused.FORMAT)
        found.append(_item(item))
        at += 2 + length
    if at != len(parameters) or not 1 <= count <= MOST_ITEMS:
        raise RefusedError(Refused.FORMAT)
    return found


def _item(item: bytes) -> Item | Code:
    if len(item) != _ITEM or item[2] != 0x10:
        return Code.MISSING  # an address of another form, such as a symbol of optimized access
    size, count, block, code = struct.unpack(">BHHB", item[3:9])
    address, area = int.from_bytes(item[9:12], "big"), _AREAS.get(code)
    if area is None:
        return Code.MISSING
    numbered = area in ("Timer", "Counter")
    if count == 0 or (numbered and size not in (code, 0x02, 0x04)):
        return Code.TYPE
    if size == _BIT and count == 1 and not numbered:
        return Item(Range(area, block if area == "DataBlock" else 0, address >> 3, 1), address & 7)
    if size not in _WIDTHS:
        return Code.TYPE
    if numbered:
        width = count if size == 0x02 else 2 * count
        return Code.TYPE if width % 2 else Item(Range(area, 0, 2 * address, width), numbered=True)
    if address & 7:
        return Code.ADDRESS
    return Item(Range(area, block if area == "DataBlock" else 0, address >> 3, count * _WIDTHS[size]))


def parse_data(data: bytes, count: int) -> list[bytes]:
    """Return the bytes of each item that a job writes; of a bit one byte.

    Raises:
        RefusedError: They are not so many.
    """
    found, at = list[bytes](), 0
    for number in range(count):
        if at + 4 > len(data):
            raise RefusedError(Refused.FORMAT)
        size, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if size != _BIT_DATA and size not in (_IN_BYTES, _OCTETS):
            length = (length + 7) // 8
        content = data[at + 4 : at + 4 + length]
        if len(content) != length:
            raise RefusedError(Refused.FORMAT)
        found.append(content)
        at += 4 + length + (length % 2 if number < count - 1 else 0)
    return found


def build_data(results: list[tuple[Item | Code, bytes | Code]]) -> bytes:
    """Return the data of an answer to a read: of each item its bytes, or why there are none."""
    parts = []
    for number, (item, content) in enumerate(results, 1):
        if isinstance(item, Code) or isinstance(content, Code):
            parts.append(struct.pack(">BBH", content, 0, 0))
            continue
        if item.bit is not None:
            head = struct.pack(">BBH", Code.GOOD, _BIT_DATA, 1)
        elif item.numbered:
            head = struct.pack(">BBH", Code.GOOD, _OCTETS, len(content))
        else:
            head = struct.pack(">BBH", Code.GOOD, _BYTES, 8 * len(content))
        filling = b"\0" if len(content) % 2 and number < len(results) else b""
        parts.append(head + content + filling)
    return b"".join(parts)
