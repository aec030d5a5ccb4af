"""Where operands are: places that can be read and written, whatever kind of memory lies behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from simatic_xml.program.types.ranges import wrap
from simatic_xml.program.types.types import CHAR, Array, DataType, Elementary, Text
from virtual_plc.faults import AccessFault
from virtual_plc.memory.codecs import Bytes
from virtual_plc.memory.shapes import copy_into, is_plain
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.views import ArrayView, view

_LONGEST = {"String": 254, "WString": 16382}


class Location(Protocol):
    """A place in memory; with `container` and `key` where it is an attribute or an element of something."""

    @property
    def container(self) -> Any:
        """Object, list or view that holds the value; None where there is none."""

    @property
    def key(self) -> str | int:
        """Attribute or index in it."""

    @property
    def type(self) -> DataType:
        """Type of what is there."""

    def get(self) -> Any:
        """Return what is there."""

    def set(self, value: Any) -> None:
        """Replace what is there; what has parts is copied into instead, see `put`."""


@dataclass(slots=True)
class Whole:
    """An object or list as a whole, or a value that has no place; both can only be read or copied into."""

    value: Any
    type: DataType
    container: Any = None
    key: str | int = ""

    def get(self) -> Any:
        """Return it."""
        return self.value

    def set(self, value: Any) -> None:
        """Change the value that has no place."""
        self.value = value


@dataclass(slots=True)
class Part:
    """A slice of a bit string or integer, `base.%X3`."""

    base: Location
    bits: int
    number: int
    type: DataType
    container: Any = None
    key: str | int = ""

    def get(self) -> Any:
        """Return the bits, a single one as a truth value."""
        found = self.base.get() >> self.number * self.bits & (1 << self.bits) - 1
        return bool(found) if self.bits == 1 else found

    def set(self, value: Any) -> None:
        """Replace the bits, and only them."""
        shift, mask = self.number * self.bits, (1 << self.bits) - 1
        assert isinstance(self.base.type, Elementary)
        self.base.set(wrap(self.base.get() & ~(mask << shift) | int(value) << shift, self.base.type))


@dataclass(slots=True)
class Character:
    """A character of a string, counted from 1; what is outside has the number 0 and reports the failure."""

    base: Location
    number: int
    report: Callable[[bool], None]
    type: DataType = field(default=CHAR)
    container: Any = None
    key: str | int = ""

    def get(self) -> str:
        """Return the character."""
        text = self.base.get()
        inside = 1 <= self.number <= len(text)
        self.report(inside)
        return str(text[self.number - 1]) if inside else "\0"

    def set(self, value: str) -> None:
        """Replace the character, or append the one directly behind the end."""
        text = self.base.get()
        assert isinstance(self.base.type, Text)
        inside = 1 <= self.number <= min(len(text) + 1, _longest(self.base.type))
        self.report(inside)
        if inside:
            self.base.set(text[: self.number - 1] + value + text[self.number :])


@dataclass(slots=True)
class Twice:
    """An output past the process image: what is written goes to the module and to the process image."""

    module: Location
    image: Location

    @property
    def container(self) -> Any:
        """That of the module."""
        return self.module.container

    @property
    def key(self) -> str | int:
        """That of the module."""
        return self.module.key

    @property
    def type(self) -> DataType:
        """Type of what is there."""
        return self.module.type

    def get(self) -> Any:
        """Return what the module has."""
        return self.module.get()

    def set(self, value: Any) -> None:
        """Write both."""
        self.module.set(value)
        self.image.set(value)


def at(area: Bytes, byte: int, bit: int, data_type: DataType) -> Location:
    """Return what lies at an address in bytes.

    Raises:
        AccessFault: the area ends before it.
    """
    if not is_plain(data_type):
        return Whole(view(data_type, area, byte), data_type)
    size = (data_type.bits + 7) // 8 if isinstance(data_type, Elementary) else 1
    if not 0 <= byte <= len(area) - size:
        raise AccessFault(f"Byte {byte} is behind the end of the area, which has {len(area)} bytes.")
    count = (len(area) - byte) * 8 if isinstance(data_type, Elementary) and data_type.bits == 1 else 1
    return Slot(ArrayView(Array(data_type, ((0, count - 1),)), area, byte), bit, data_type)


def put(place: Location, value: Any) -> None:
    """Write a value to a place: what has parts is copied, a text is cut to what the place holds."""
    if isinstance(place.type, Text):
        place.set(value[: _longest(place.type)])
    elif is_plain(place.type):
        place.set(value)
    else:
        copy_into(place.get(), value)


def _longest(data_type: Text) -> int:
    return _LONGEST[data_type.name] if data_type.length is None else data_type.length
