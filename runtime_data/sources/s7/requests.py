"""Requests for many values at once: neighbours become one range, and ranges share requests, each with its own outcome.

A request of python-snap7 for several items fails as a whole when one of them cannot be read, so requests are made here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from runtime_data.absolute import Range
from runtime_data.sources.s7.addresses import Address

GAP = 16
"""Bytes between two values up to which they are read as one range: an item costs as much."""
MOST_ITEMS = 20
GOOD = 0xFF
_HEAD, _ITEM, _ITEM_ANSWER = 14, 12, 4
_REQUEST_HEAD = 12
_READ, _WRITE = 4, 5
_AREAS = {"Input": 0x81, "Output": 0x82, "Marker": 0x83, "DataBlock": 0x84, "Counter": 0x1C, "Timer": 0x1D}
_BYTE, _BIT, _BIT_DATA, _BYTES, _OCTETS, _IN_BYTES = 0x02, 0x01, 0x03, 0x04, 0x09, 0x07


class AnswerError(Exception):
    """An answer that does not fit its request: the connection ends."""


class Piece(NamedTuple):
    """Bytes that one item asks for."""

    range: Range

    @property
    def numbered(self) -> bool:
        """Whether they are timers or counters."""
        return self.range.area in ("Timer", "Counter")


class WriteItem(NamedTuple):
    """A value to write.

    Attributes:
        content: Its bytes; of a bit one byte, 0 or 1.
    """

    address: Address
    content: bytes


def merge(ranges: Iterable[Range], largest: int) -> list[Range]:
    """Return the ranges that cover others: in order, neighbours together, none longer than a message takes."""
    found: list[Range] = []
    for each in sorted(set(ranges)):
        last = found[-1] if found else None
        end = each.start + each.length
        if (
            last is not None
            and (last.area, last.block) == (each.area, each.block)
            and each.start <= last.start + last.length + GAP
            and end - last.start <= largest
        ):
            found[-1] = last._replace(length=max(last.length, end - last.start))
        else:
            found.append(each)
    return found


def room(size: int) -> int:
    """Return the bytes of a single item that fit into the answer to a read, and into a request to write."""
    return (min(size - _HEAD - _ITEM_ANSWER, size - _REQUEST_HEAD - _ITEM - _ITEM_ANSWER)) // 2 * 2


def cut(where: Range, largest: int) -> list[Range]:
    """Return a range in parts that a message takes."""
    return [
        where._replace(start=where.start + at, length=min(largest, where.length - at))
        for at in range(0, where.length, largest)
    ]


def pack(pieces: Sequence[Range], size: int) -> Iterator[list[Range]]:
    """Yield the items of one request after the other, as many as fit into it and its answer."""
    batch: list[Range] = []
    for each in pieces:
        answer = _HEAD + sum(_ITEM_ANSWER + one.length + one.length % 2 for one in [*batch, each])
        if batch and (len(batch) == MOST_ITEMS or answer > size or _REQUEST_HEAD + _ITEM * (len(batch) + 1) > size):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def pack_writes(items: Sequence[WriteItem], size: int) -> Iterator[list[WriteItem]]:
    """Yield the items of one request after the other, in their order."""
    batch: list[WriteItem] = []
    used = 0
    for each in items:
        needs = _ITEM + _ITEM_ANSWER + len(each.content) + len(each.content) % 2
        if batch and (len(batch) == MOST_ITEMS or _REQUEST_HEAD + used + needs > size):
            yield batch
            batch, used = [], 0
        batch.append(each)
        used += needs
    if batch:
        yield batch


def build_read(reference: int, ranges: Sequence[Range]) -> bytes:
    """Return a request to read ranges."""
    items = b"".join(_item(each, None) for each in ranges)
    return _job(reference, bytes((_READ, len(ranges))) + items, b"")


def build_write(reference: int, items: Sequence[WriteItem]) -> bytes:
    """Return a request to write values."""
    parameters = bytes((_WRITE, len(items))) + b"".join(_item(each.address.range, each.address.bit) for each in items)
    data = b""
    for number, each in enumerate(items, 1):
        is_bit = each.address.bit is not None
        length = 1 if is_bit else 8 * len(each.content)
        filling = b"\0" if len(each.content) % 2 and number < len(items) else b""
        data += struct.pack(">BBH", 0, _BIT_DATA if is_bit else _BYTES, length) + each.content + filling
    return _job(reference, parameters, data)


def parse_read(reference: int, answer: bytes, ranges: Sequence[Range]) -> list[bytes | int]:
    """Return of each range its bytes, or the code of why there are none.

    Raises:
        AnswerError: The answer does not fit the request.
    """
    data = _data(reference, answer, _READ, len(ranges))
    found: list[bytes | int] = []
    at = 0
    for number, each in enumerate(ranges, 1):
        if at + _ITEM_ANSWER > len(data):
            raise _short()
        code, size, length = struct.unpack(">BBH", data[at : at + _ITEM_ANSWER])
        if size not in (_OCTETS, _IN_BYTES, _BIT_DATA):
            length = (length + 7) // 8
        content = data[at + _ITEM_ANSWER : at + _ITEM_ANSWER + length]
        if code == GOOD and (len(content) != length or length != each.length):
            raise _short()
        found.append(content if code == GOOD else code)
        length = length if code == GOOD else 0
        at += _ITEM_ANSWER + length + (length % 2 if number < len(ranges) else 0)
    return found


def parse_write(reference: int, answer: bytes, count: int) -> list[int]:
    """Return the code of each item.

    Raises:
        AnswerError: The answer does not fit the request.
    """
    data = _data(reference, answer, _WRITE, count)
    if len(data) != count:
        raise _short()
    return list(data)


def _item(where: Range, bit: int | None) -> bytes:
    numbered = where.area in ("Timer", "Counter")
    size = _AREAS[where.area] if numbered else _BYTE if bit is None else _BIT
    count = where.length // 2 if numbered else where.length
    address = where.start // 2 if numbered else 8 * where.start + (bit or 0)
    head = struct.pack(">BBBBHHB", 0x12, 0x0A, 0x10, size, count, where.block, _AREAS[where.area])
    return head + address.to_bytes(3, "big")


def _job(reference: int, parameters: bytes, data: bytes) -> bytes:
    return struct.pack(">BBHHHH", 0x32, 1, 0, reference, len(parameters), len(data)) + parameters + data


def _data(reference: int, answer: bytes, function: int, count: int) -> bytes:
    """Return the data of an answer.

    Raises:
        AnswerError: It is none to this request, or refuses it as a whole.
    """
    if len(answer) < 12 or answer[0] != 0x32 or answer[1] not in (2, 3):
        raise _short()
    given, parameters, length, error = struct.unpack(">HHHH", answer[4:12])
    if given != reference or 12 + parameters + length != len(answer):
        raise _short()
    if error:
        msg = f"The CPU refuses the request with the error 16#{error:04X}."
        raise AnswerError(msg)
    if answer[12 : 12 + parameters] != bytes((function, count)):
        raise _short()
    return answer[12 + parameters :]


def _short() -> AnswerError:
    return AnswerError("The answer of the CPU does not fit the request.")
