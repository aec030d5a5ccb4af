"""ISO on TCP: how messages of S7 communication are cut into frames (TPKT of RFC 1006, class 0 of ISO 8073).

Every length is checked before anything is read, so that a client costs at most one message of memory.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

LARGEST_FRAME = 8192 + 7
"""Bytes of the largest frame that ISO 8073 allows."""
_VERSION, _HEAD = 3, 4
_CONNECT, _CONFIRM, _DATA, _DISCONNECT = 0xE0, 0xD0, 0xF0, 0x80
_SIZE, _CALLING, _CALLED = 0xC0, 0xC1, 0xC2
_LAST = 0x80
_SIZES = range(7, 14)
"""Exponents of the sizes of a frame: 128 to 8192 bytes."""
_USUAL_SIZE = 10


class FramingError(Exception):
    """What a client sent is not ISO on TCP; the connection ends."""


class Disconnected(Exception):  # noqa: N818 - the usual end of a connection
    """The client has ended the connection."""


@dataclass(frozen=True, slots=True)
class ConnectionRequest:
    """What a client asks for at first.

    Attributes:
        reference: Its number of the connection.
        size: Exponent of the largest frame.
        parameters: Its own and the called access point, as they came.
    """

    reference: int
    size: int
    parameters: bytes


def parse_connection(frame: bytes) -> ConnectionRequest:
    """Read the first frame of a connection.

    Raises:
        FramingError: It is none that asks for a connection.
    """
    if len(frame) < 7 or frame[0] != len(frame) - 1 or frame[1] != _CONNECT:
        msg = "The first frame is not a connection request."
        raise FramingError(msg)
    reference, size, kept, at = int.from_bytes(frame[4:6], "big"), _USUAL_SIZE, b"", 7
    while at < len(frame):
        code, length = frame[at], frame[at + 1] if at + 1 < len(frame) else 255
        value = frame[at + 2 : at + 2 + length]
        if len(value) != length:
            msg = "A parameter of the connection request is longer than its frame."
            raise FramingError(msg)
        if code == _SIZE and length == 1 and value[0] in _SIZES:
            size = value[0]
        elif code in (_CALLING, _CALLED):
            kept += frame[at : at + 2 + length]
        at += 2 + length
    return ConnectionRequest(reference, size, kept)


def build_confirmation(request: ConnectionRequest) -> bytes:
    """Return the frame that confirms a connection."""
    parameters = bytes((_SIZE, 1, request.size)) + request.parameters
    body = struct.pack(">BHHB", _CONFIRM, request.reference, 1, 0) + parameters
    return _frame(bytes((len(body),)) + body)


def build_frames(message: bytes, size: int) -> bytes:
    """Return a message as frames of at most 2^size bytes."""
    step = (1 << size) - 3
    parts = [message[at : at + step] for at in range(0, len(message), step)]
    return b"".join(
        _frame(bytes((2, _DATA, _LAST if number == len(parts) else 0)) + part) for number, part in enumerate(parts, 1)
    )


def _frame(content: bytes) -> bytes:
    return struct.pack(">BBH", _VERSION, 0, _HEAD + len(content)) + content


async def read_frame(reader: asyncio.StreamReader, patience: float, idle: float) -> bytes:
    """Return what is in the next frame.

    Args:
        reader: The connection.
        patience: Seconds for a frame that has begun.
        idle: Seconds until one begins.

    Raises:
        FramingError: It is none.
        Disconnected: The client has ended the connection.
        TimeoutError: It takes longer.
    """
    try:
        async with asyncio.timeout(idle):
            first = await reader.readexactly(1)
        async with asyncio.timeout(patience):
            rest = await reader.readexactly(_HEAD - 1)
            length = int.from_bytes(rest[1:], "big")
            if first[0] != _VERSION or not _HEAD + 3 <= length <= LARGEST_FRAME:
                msg = "This is not a frame of ISO on TCP."
                raise FramingError(msg)
            return await reader.readexactly(length - _HEAD)
    except (asyncio.IncompleteReadError, ConnectionError):
        raise Disconnected from None


async def read_message(reader: asyncio.StreamReader, largest: int, patience: float, idle: float) -> bytes:
    """Return the next message, which may come in several frames.

    Args:
        reader: The connection.
        largest: Bytes of the largest message.
        patience: Seconds for what has begun.
        idle: Seconds until it begins.

    Raises:
        FramingError: It is none, or too large.
        Disconnected: The client has ended the connection.
        TimeoutError: It takes longer.
    """
    message, wait = b"", idle
    while True:
        frame = await read_frame(reader, patience, wait)
        if frame[1] == _DISCONNECT:
            raise Disconnected
        if frame[0] != 2 or frame[1] != _DATA:
            msg = "The frame carries no data."
            raise FramingError(msg)
        message += frame[3:]
        if len(message) > largest or (not frame[3:] and not frame[2] & _LAST):
            msg = f"A message is longer than {largest} bytes, or a frame of it is empty."
            raise FramingError(msg)
        if frame[2] & _LAST:
            return message
        wait = patience
