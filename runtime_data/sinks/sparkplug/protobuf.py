"""The wire format of Protocol Buffers for messages whose fields are known, with limits on what is read.

Facts: docs/facts/sparkplug.md#wire-format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, Literal

from openness_bridge.errors import Kind, Problem

Scalar = Literal["uint32", "uint64", "bool", "float", "double", "string", "bytes"]
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_WIRE = {"float": _FIXED32, "double": _FIXED64, "string": _LENGTH, "bytes": _LENGTH}
_BITS = {"uint32": 32, "uint64": 64}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message.

    Attributes:
        number: Its number on the wire.
        name: The attribute of the object that has it; None there means that it is absent.
        kind: Its type: a scalar, or a message.
        repeated: Whether there may be several; then the attribute is a list.
        choice: Whether it belongs to the one choice (`oneof`) of the message: of these fields the last one counts.
    """

    number: int
    name: str
    kind: Scalar | Message
    repeated: bool = False
    choice: bool = False


@dataclass(slots=True)
class Message:
    """A kind of message: the class of its objects, and its fields, which may be set later for messages in a circle."""

    form: type[Any]
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most: bytes of a message, fields in all of it, and levels of messages in messages."""

    size: int = 1 << 20
    fields: int = 100_000
    depth: int = 8


LIMITS = Limits()


def encode(message: Message, given: Any) -> bytes:
    """Return an object as bytes, its fields in the order of their numbers.

    Raises:
        Problem: A number is out of the range of its field (runtime.protobuf).
    """
    parts = bytearray()
    for each in message.fields:
        value = getattr(given, each.name)
        for one in value if each.repeated else () if value is None else (value,):
            parts += _key(each) + _encoded(each, one)
    return bytes(parts)


def decode(message: Message, data: bytes, limits: Limits = LIMITS) -> Any:
    """Return the object that bytes hold. Fields that are not known are skipped.

    Raises:
        Problem: The bytes are no such message, or exceed a limit (runtime.protobuf).
    """
    if len(data) > limits.size:
        raise _refused(f"it has {len(data)} bytes; at most {limits.size} are read")
    return _Reader(data, limits).message(message, 0, len(data), 1)


def _key(each: Field) -> bytes:
    wire = _LENGTH if isinstance(each.kind, Message) else _WIRE.get(each.kind, _VARINT)
    return _varint(each.number << 3 | wire)


def _encoded(each: Field, value: Any) -> bytes:
    if isinstance(each.kind, Message):
        return _delimited(encode(each.kind, value))
    match each.kind:
        case "string":
            return _delimited(value.encode("utf-8", "replace"))
        case "bytes":
            return _delimited(value)
        case "bool":
            return b"\1" if value else b"\0"
        case "float":
            return struct.pack("<f", value)
        case "double":
            return struct.pack("<d", value)
    if not 0 <= value < 1 << _BITS[each.kind]:
        raise _refused(f"{value} is not a {each.kind}, as the field {each.name} needs")
    return _varint(value)


def _delimited(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _varint(value: int) -> bytes:
    """Return a number as seven bits in each byte, the lowest first; the high bit announces one more byte."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


@dataclass(slots=True)
class _Reader:
    """Reads one message with all that is in it."""

    data: bytes
    limits: Limits
    seen: int = field(default=0)

    def message(self, message: Message, at: int, end: int, depth: int) -> Any:
        """Return the object in a range of the bytes."""
        if depth > self.limits.depth:
            raise _refused(f"messages are in one another more than {self.limits.depth} levels deep")
        known = {each.number: each for each in message.fields}
        found: dict[str, Any] = {each.name: [] for each in message.fields if each.repeated}
        while at < end:
            self.seen += 1
            if self.seen > self.limits.fields:
                raise _refused(f"it has more than {self.limits.fields} fields")
            key, at = self._varint(at, end)
            values, at = self._values(known.get(key >> 3), key, at, end, depth)
            for each, value in values:
                if each.repeated:
                    found[each.name].append(value)
                    continue
                if each.choice:
                    for other in message.fields:
                        if other.choice:
                            found.pop(other.name, None)
                found[each.name] = value
        return message.form(**found)

    def _values(
        self, each: Field | None, key: int, at: int, end: int, depth: int
    ) -> tuple[list[tuple[Field, Any]], int]:
        """Return the values of the field that begins here, and where it ends; none for a field that is not known."""
        wire = key & 7
        if key >> 3 == 0:
            raise _refused("a field has the number 0")
        if wire == _VARINT:
            number, after = self._varint(at, end)
            return self._numbers(each, [number]), after
        if wire in (_FIXED32, _FIXED64):
            after = at + (4 if wire == _FIXED32 else 8)
            if after > end:
                raise _refused("it ends within a field")
            if each is None or each.kind not in ("float", "double"):
                return [], after
            if _WIRE[each.kind] != wire:
                return [], after
            return [(each, struct.unpack_from("<f" if wire == _FIXED32 else "<d", self.data, at)[0])], after
        if wire != _LENGTH:
            raise _refused(f"wire type {wire} is not used by these messages")
        length, at = self._varint(at, end)
        if length > end - at:
            raise _refused("it ends within a field")
        return self._delimited(each, at, at + length, depth), at + length

    def _numbers(self, each: Field | None, numbers: list[int]) -> list[tuple[Field, Any]]:
        if each is None or each.kind not in ("uint32", "uint64", "bool"):
            return []
        if each.kind == "bool":
            return [(each, number != 0) for number in numbers]
        return [(each, number & (1 << _BITS[each.kind]) - 1) for number in numbers]

    def _delimited(self, each: Field | None, at: int, end: int, depth: int) -> list[tuple[Field, Any]]:
        if each is None:
            return []
        if isinstance(each.kind, Message):
            return [(each, self.message(each.kind, at, end, depth + 1))]
        if each.kind == "bytes":
            return [(each, self.data[at:end])]
        if each.kind == "string":
            try:
                return [(each, self.data[at:end].decode())]
            except UnicodeDecodeError:
                raise _refused(f"the field {each.name} is not text of UTF-8") from None
        return []

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        value = 0
        for place in range(10):
            if at + place >= end:
                raise _refused("it ends within a number")
            byte = self.data[at + place]
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                if value >> 64:
                    break
                return value, at + place + 1
        raise _refused("a number has more than 64 bits")


def _refused(why: str) -> Problem:
    return Problem("runtime.protobuf", f"This is not a message that can be read: {why}.", kind=Kind.INVALID)
