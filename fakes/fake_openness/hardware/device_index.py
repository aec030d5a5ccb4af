"""The often searched parts of a device (interfaces, addresses), found once and kept until the device changes.

Large projects have thousands of items. A search of all of them at each plugged module
would make the time to build a project grow with the square of its size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from fake_openness.core.objects import Composition
from fake_openness.network.network import NetworkInterface

if TYPE_CHECKING:
    from fake_openness.hardware.device_items import DeviceItem
    from fake_openness.hardware.devices import Device
    from fake_openness.hardware.io_addresses import Address

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeviceIndex:
    """The head (CPU or interface module), the interfaces and the addresses of one device, in the order of its items."""

    head: DeviceItem | None
    interfaces: tuple[NetworkInterface, ...]
    addresses: tuple[Address, ...]

    @classmethod
    def of(cls, device: Device) -> DeviceIndex:
        """Return the index of a device."""
        items = list(device._all_items())
        interfaces = tuple(item._interface for item in items if item._interface is not None)
        kinds = {"cpu", "head"}
        head = next(
            (i for i in device._device_items._items if i._article is not None and i._article.kind in kinds), None
        )
        return cls(head, interfaces, tuple(address for item in items for address in item._addresses._items))


class IndexedComposition(Composition[T]):
    """A collection inside a device; when it changes, or a change is undone, the device's index is outdated."""

    def _add(self, item: T, index: int | None = None) -> T:
        self._outdate()
        return super()._add(item, index)

    def _remove(self, item: T) -> None:
        self._outdate()
        super()._remove(item)

    def _outdate(self) -> None:
        parent: Any = self._parent
        device: Device = parent._device
        device._index = None
        self._note_change(lambda: setattr(device, "_index", None))
