"""Addresses and channels of modules: proposed by TIA Portal, changeable, never overlapping.

All devices that one CPU reaches (its own station and the devices of its IO
systems) share one space of input bytes and one of output bytes. Facts:
docs/facts/openness-hardware.md#devices; sizes of the process image: docs/facts/hardware-catalog.md#cpu-limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fake_dotnet.system import NetEnum, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.hardware.device_index import IndexedComposition

if TYPE_CHECKING:
    from fake_openness.hardware.device_items import DeviceItem
    from fake_openness.hardware.devices import Device

LAST_BYTE = {"S7-1200": 1023, "S7-300": 2047, "S7-400": 16383}
LAST_BYTE_ELSE = 32767


class AddressIoType(NetEnum):
    """The process image that an address is in."""

    None_ = 0
    Input = 1
    Output = 2
    Substitute = 16
    Diagnosis = 64


class ChannelType(NetEnum):
    """Digital, analog or technological channel."""

    None_ = 0
    Analog = 1
    Digital = 2
    Technology = 3


class ChannelIoType(NetEnum):
    """Direction of a channel."""

    None_ = 0
    Input = 1
    Output = 2
    Complex = 3


class Address(EngineeringObject):
    """A range of bytes of a module in the CPU's process image."""

    def __init__(self, item: DeviceItem, io_type: AddressIoType, start: int, length: int) -> None:
        """Hold a range that was found free; start in bytes, length in bits."""
        super().__init__(item)
        self._item, self._io_type, self._start, self._length = item, io_type, start, length

    @property
    def IoType(self) -> AddressIoType:
        """Input or Output."""
        return self._io_type

    @property
    def StartAddress(self) -> int:
        """The first byte."""
        return self._start

    @StartAddress.setter
    def StartAddress(self, value: int) -> None:
        self._item._device._require_offline("Changing an address")
        self._require_free(require_type(value, int, "value"))
        self._assign("_start", value)
        self._item._device._touch()

    @property
    def Length(self) -> int:
        """The length in bits."""
        return self._length

    @property
    def _bytes(self) -> range:
        return range(self._start, self._start + (self._length + 7) // 8)

    def _require_free(self, start: int) -> None:
        size, last = len(self._bytes), last_byte(self._item._device)
        if start < 0 or start + size - 1 > last:
            msg = f"The start address {start} is outside the process image: use 0 to {last - size + 1}."
            raise EngineeringTargetInvocationException(msg, code="address.range", place=self._place())
        other = _overlapping(self._item._device, self._io_type, range(start, start + size), self)
        if other is not None:
            msg = (
                f"The {self._io_type.name.lower()} bytes {start} to {start + size - 1} of '{self._item._name}' are "
                f"used by '{other._item._name}' ({other._start} to {other._bytes[-1]}): choose another start address."
            )
            raise EngineeringTargetInvocationException(msg, code="address.overlap", place=self._place())

    def _place(self) -> dict[str, str | int]:
        return {"device": self._item._device._name, "module": self._item._name}


class AddressComposition(IndexedComposition[Address]):
    """The addresses of a device item."""


class Channel(EngineeringObject):
    """One channel of a module."""

    def __init__(self, item: DeviceItem, kind: str, number: int) -> None:
        """Describe channel number of a kind: DI, DQ, AI or AQ."""
        super().__init__(item)
        self._kind, self._number = kind, number
        self._dynamic = {"ChannelWidth": 1 if kind[0] == "D" else 16}

    @property
    def Number(self) -> int:
        """The channel's number within its kind, from 0."""
        return self._number

    @property
    def Type(self) -> ChannelType:
        """Digital or Analog."""
        return ChannelType.Digital if self._kind[0] == "D" else ChannelType.Analog

    @property
    def IoType(self) -> ChannelIoType:
        """Input or Output."""
        return ChannelIoType.Input if self._kind[1] == "I" else ChannelIoType.Output

    def _writable(self, name: str) -> bool:  # noqa: ARG002 - none of its attributes can be set
        return False


class ChannelComposition(Composition[Channel]):
    """The channels of a device item."""


def last_byte(device: Device) -> int:
    """Return the last byte of the process image that the device's CPU has."""
    return LAST_BYTE.get(device._space()[0]._system, LAST_BYTE_ELSE)


def used(devices: Iterable[Device], io_type: AddressIoType) -> list[Address]:
    """Return the addresses of one type in some devices, by start."""
    found = (address for device in devices for address in device._addresses())
    return sorted((a for a in found if a._io_type is io_type), key=lambda a: a._start)


def next_free(device: Device, io_type: AddressIoType, size: int, proposed: int | None) -> int:
    """Return the proposed start if it is free, otherwise the first free one; in bytes.

    Raises:
        EngineeringTargetInvocationException: The process image is full.
    """
    taken = [address._bytes for address in used(device._space(), io_type)]
    wanted = range(0 if proposed is None else proposed, (proposed or 0) + size)
    fits = proposed is not None and wanted.stop - 1 <= last_byte(device)
    if fits and not any(_share(each, wanted) for each in taken):
        return wanted.start
    return _first_gap(device, io_type, taken, size)


def _first_gap(device: Device, io_type: AddressIoType, taken: list[range], size: int) -> int:
    start = 0
    for each in taken:
        if each.start - start >= size:
            break
        start = max(start, each.stop)
    if start + size - 1 > last_byte(device):
        msg = f"There are no {size} free {io_type.name.lower()} bytes left in the process image of '{device._name}'."
        raise EngineeringTargetInvocationException(msg, code="address.full", place={"device": device._name})
    return start


def _overlapping(device: Device, io_type: AddressIoType, wanted: range, but: Address) -> Address | None:
    others = (a for a in used(device._space(), io_type) if a is not but)
    return next((other for other in others if _share(other._bytes, wanted)), None)


def _share(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def give_addresses(item: DeviceItem, inputs: int, outputs: int, starts: tuple[int | None, int | None]) -> None:
    """Give a new item the input and output bytes that it needs."""
    for io_type, size, start in zip(
        (AddressIoType.Input, AddressIoType.Output), (inputs, outputs), starts, strict=True
    ):
        if size:
            free = next_free(item._device, io_type, size, start)
            item._addresses._add(Address(item, io_type, free, 8 * size))


def move_out_of_the_way(device: Device, moving: Iterable[Address]) -> None:
    """Give new addresses to those that overlap others, as when a device joins an IO system.

    Args:
        device: The device that `moving` belong to.
        moving: The addresses that may change; all others of the space stay.
    """
    movable = set(moving)
    for io_type in (AddressIoType.Input, AddressIoType.Output):
        staying = [a._bytes for a in used(device._space(), io_type) if a not in movable]
        for address in sorted((a for a in movable if a._io_type is io_type), key=lambda a: a._start):
            if any(_share(each, address._bytes) for each in staying):
                address._assign("_start", _first_gap(device, io_type, staying, len(address._bytes)))
            staying.append(address._bytes)
            staying.sort(key=lambda each: each.start)
