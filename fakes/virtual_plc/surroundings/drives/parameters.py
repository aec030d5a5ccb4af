"""The parameters of a drive, and the access to them by data record 47 (PROFIdrive, base mode).

A request has a reference, what it wants (1 read, 2 change), the axis, and the address of each parameter; a change also has
format and value of each. The answer is the record that the CPU reads next. Facts: docs/facts/drives.md#parameters.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

RECORD: Final = 47
READ, CHANGE = 1, 2
NEGATIVE: Final = 0x80
VALUE: Final = 0x10
"""Attribute of an address: the value, not a description."""
MOST: Final = 39
"""Parameters of a request."""
NO_RECORD, NO_REQUEST = 0xB0, 0xB8
_HEAD, _ADDRESS, _FORMAT, _WORD = (
    struct.Struct(">BBBB"),
    struct.Struct(">BBHH"),
    struct.Struct(">BB"),
    struct.Struct(">H"),
)


class Format(IntEnum):
    """Format of a value."""

    INTEGER8 = 0x02
    INTEGER16 = 0x03
    INTEGER32 = 0x04
    UNSIGNED8 = 0x05
    UNSIGNED16 = 0x06
    UNSIGNED32 = 0x07
    FLOAT = 0x08
    ZERO = 0x40
    BYTE = 0x41
    WORD = 0x42
    DOUBLE = 0x43
    ERROR = 0x44


_CODES: Final = {
    Format.INTEGER8: "b",
    Format.INTEGER16: "h",
    Format.INTEGER32: "i",
    Format.UNSIGNED8: "B",
    Format.UNSIGNED16: "H",
    Format.UNSIGNED32: "I",
    Format.FLOAT: "f",
    Format.BYTE: "B",
    Format.WORD: "H",
    Format.DOUBLE: "I",
}
DOUBLES: Final = (Format.INTEGER32, Format.UNSIGNED32, Format.DOUBLE)
"""Formats of double words and double integers."""


class Refusal(IntEnum):
    """Error number of one access."""

    NO_PARAMETER = 0x00
    NOT_CHANGEABLE = 0x01
    OUT_OF_LIMITS = 0x02
    NO_INDEX = 0x03
    OTHER_TYPE = 0x05


def pack(form: Format, value: float) -> bytes:
    """Return the bytes of a value, at least two.

    Raises:
        struct.error: it does not go into its format.
    """
    content = struct.pack(f">{_CODES[form]}", value if form is Format.FLOAT else int(value))
    return content if len(content) > 1 else content + b"\0"


def unpack(form: Format, content: bytes) -> float:
    """Return the value of bytes."""
    code = f">{_CODES[form]}"
    return float(struct.unpack(code, content[: struct.calcsize(code)])[0])


def width(form: Format) -> int:
    """Return how many bytes a value takes in a request or an answer."""
    return max(struct.calcsize(f">{_CODES[form]}"), 2)


@dataclass(slots=True)
class Parameter:
    """One parameter.

    Attributes:
        form: format of its values.
        values: by index.
        low: lowest value that a program may write.
        high: highest one.
        writable: whether a program may write it.
    """

    form: Format
    values: list[float]
    low: float = -(2.0**31)
    high: float = 2.0**32 - 1
    writable: bool = True


class Parameters:
    """The parameters by number."""

    def __init__(self, parameters: dict[int, Parameter]) -> None:
        """Keep the parameters."""
        self._parameters = parameters

    def __getitem__(self, number: int) -> float:
        """Return a value with the index 0."""
        return self._parameters[number].values[0]

    def __setitem__(self, number: int, value: float) -> None:
        """Set a value with the index 0."""
        self._parameters[number].values[0] = value

    def at(self, number: int, index: int) -> float:
        """Return a value with an index."""
        return self._parameters[number].values[index]

    def put(self, number: int, parameter: Parameter) -> None:
        """Add a parameter, or replace it."""
        self._parameters[number] = parameter

    def read(self, number: int, index: int) -> tuple[Format, float] | Refusal:
        """Return format and value, or why there is none."""
        found = self._parameters.get(number)
        if found is None:
            return Refusal.NO_PARAMETER
        return (found.form, found.values[index]) if 0 <= index < len(found.values) else Refusal.NO_INDEX

    def write(self, number: int, index: int, form: Format, value: float) -> Refusal | None:
        """Set a value as a program does; return why not."""
        found = self._parameters.get(number)
        known = self.read(number, index)
        if isinstance(known, Refusal) or found is None:
            return known if isinstance(known, Refusal) else Refusal.NO_PARAMETER
        if not found.writable:
            return Refusal.NOT_CHANGEABLE
        if width(form) != width(found.form) or (form is Format.FLOAT) != (found.form is Format.FLOAT):
            return Refusal.OTHER_TYPE
        if not found.low <= value <= found.high:
            return Refusal.OUT_OF_LIMITS
        found.values[index] = value
        return None

    def take_record(self, index: int, content: bytes) -> int | bytes:
        """Take a data record that a program writes; return the answer, or the error of IEC 61158-6."""
        if index != RECORD:
            return NO_RECORD
        found = self.answer(content)
        return NO_REQUEST if found is None else found

    def answer(self, request: bytes) -> bytes | None:
        """Return the answer to a request, None where it is none."""
        try:
            reference, wanted, axis, count = _HEAD.unpack_from(request)
            if wanted not in (READ, CHANGE) or not 1 <= count <= MOST:
                return None
            addresses = [_ADDRESS.unpack_from(request, _HEAD.size + each * _ADDRESS.size) for each in range(count)]
            found = [
                self._take(number, index, given)
                for (_, _, number, index), given in zip(addresses, _given(request, wanted, count), strict=True)
            ]
        except (struct.error, ValueError, KeyError):
            return None
        failed = any(isinstance(each, Refusal) for each in found)
        head = _HEAD.pack(reference, wanted | NEGATIVE if failed else wanted, axis, count)
        if wanted == CHANGE and not failed:
            return head
        return head + b"".join(map(_written, found))

    def _take(
        self, number: int, index: int, given: tuple[Format, float] | None
    ) -> tuple[Format, float] | Refusal | None:
        return self.read(number, index) if given is None else self.write(number, index, *given)


def _given(request: bytes, wanted: int, count: int) -> Iterator[tuple[Format, float] | None]:
    """Yield the values of a change, None for each parameter that is read."""
    at = _HEAD.size + count * _ADDRESS.size
    for _ in range(count):
        if wanted == READ:
            yield None
            continue
        code, _values = _FORMAT.unpack_from(request, at)
        form = Format(code)
        at += _FORMAT.size
        yield form, unpack(form, request[at : at + width(form)])
        at += width(form)


def _written(found: tuple[Format, float] | Refusal | None) -> bytes:
    if found is None:
        return _FORMAT.pack(Format.ZERO, 0)
    if isinstance(found, Refusal):
        return _FORMAT.pack(Format.ERROR, 1) + _WORD.pack(found)
    form, value = found
    return _FORMAT.pack(form, 1) + pack(form, value)


def request(wanted: int, axis: int, addresses: list[tuple[int, int]], values: list[tuple[Format, float]]) -> bytes:
    """Return a request for parameters by number and index; a change has a format and value for each.

    Raises:
        struct.error: a value does not go into its format.
    """
    parts = [_HEAD.pack(1, wanted, axis, len(addresses))]
    parts += [_ADDRESS.pack(VALUE, 1, number, index) for number, index in addresses]
    parts += [_FORMAT.pack(form, 1) + pack(form, value) for form, value in values]
    return b"".join(parts)


def results(answer: bytes) -> list[tuple[Format, float]]:
    """Return format and value of each parameter of an answer; for an error its number.

    Raises:
        ValueError: it is no answer.
    """
    try:
        _, _, _, count = _HEAD.unpack_from(answer)
        at = _HEAD.size
        found: list[tuple[Format, float]] = []
        if len(answer) == at:
            return [(Format.ZERO, 0.0)] * count
        for _ in range(count):
            form = Format(_FORMAT.unpack_from(answer, at)[0])
            at += _FORMAT.size
            if form is Format.ZERO:
                found.append((form, 0.0))
                continue
            kept = Format.WORD if form is Format.ERROR else form
            found.append((form, unpack(kept, answer[at : at + width(kept)])))
            at += width(kept)
    except struct.error as error:
        raise ValueError("This is not an answer of a drive.") from error
    return found
