"""Devices and their items as networks see them; the layers above have all of their members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from fake_openness.core.objects import EngineeringObject
from fake_openness.network.io_systems import IoSystem

if TYPE_CHECKING:
    from fake_openness.network.network import Node
    from fake_openness.network.ports import NetworkPort
    from fake_openness.network.subnets import SubnetComposition


class _Networks(Protocol):
    """The networks of a project."""

    subnets: SubnetComposition

    def nodes(self) -> Iterator[Node]:
        """Return all network nodes."""

    def io_systems(self) -> Iterator[IoSystem]:
        """Return all IO systems."""

    def free_ip(self, interface: int, but: Node) -> str:
        """Return the next free address for an interface of a device, by its number; `but` gives up its address."""


class _NetworkStation(EngineeringObject):
    """A device that is in networks."""

    _name: str

    def _networks(self) -> _Networks:
        """Return the networks of the project."""
        raise NotImplementedError

    def _touch(self) -> None:
        """Note that the hardware changed since it was last compiled."""
        raise NotImplementedError

    def _require_offline(self, action: str) -> None:
        """Refuse an action while the device is online."""
        raise NotImplementedError

    def _give_way(self) -> None:
        """Give new addresses to the modules whose addresses another device of the IO system has."""
        raise NotImplementedError


class _NetworkItem(EngineeringObject):
    """An item of a device that is an interface or a port."""

    _name: str
    _label: str

    @property
    def _station(self) -> _NetworkStation:
        """The device."""
        raise NotImplementedError

    def _path(self) -> list[str]:
        """Return the names from the device down to this item."""
        raise NotImplementedError

    def _ports(self) -> list[NetworkPort]:
        """Return the ports of an interface."""
        raise NotImplementedError

    def _pn_name(self) -> str:
        """Return the PROFINET name that TIA Portal makes of the names of the device's items."""
        raise NotImplementedError
