"""IO systems: which controller exchanges data with which devices.

Facts: docs/facts/openness-hardware.md#networks; default numbers (PROFINET from 100, PROFIBUS from 1):
docs/facts/hardware-catalog.md#names-of-hardware.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_dotnet.lists import NetList
from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, already_exists, require_name
from fake_openness.core.objects import Composition, EngineeringObject, NamedComposition, _Lacking
from fake_openness.network.net_types import NetType

if TYPE_CHECKING:
    from fake_openness.network.network import NetworkInterface
    from fake_openness.network.subnets import Subnet


class IoSystem(EngineeringObject):
    """A PROFINET IO system or a DP master system."""

    def __init__(self, subnet: Subnet, controller: IoController, name: str, number: int) -> None:
        """Make a system without devices."""
        super().__init__(subnet)
        self._subnet, self._controller, self._name, self._number = subnet, controller, name, number

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_name(require_type(value, str, "value"), "IO system", GROUP_LENGTH)
        systems = self._subnet._io_systems
        if systems._find_by_name(value) not in {None, self}:
            raise already_exists(value, "IO system")
        systems._rename(self, value)

    @property
    def Number(self) -> int:
        """The number; unique in the project."""
        return self._number

    @Number.setter
    def Number(self, value: int) -> None:
        require_type(value, int, "value")
        taken = {s._number for s in self._subnet._networks.io_systems() if s is not self}
        if not 1 <= value <= 2047 or value in taken:
            msg = f"The number {value} of the IO system '{self._name}' is used already or outside 1 to 2047."
            raise EngineeringTargetInvocationException(msg, code="io_system.number")
        self._assign("_number", value)

    @property
    def Subnet(self) -> Subnet:
        """The subnet that the system runs on."""
        return self._subnet

    @property
    def ConnectedIoDevices(self) -> NetList[IoConnector]:
        """The connectors of the devices in the system."""
        return NetList(self._connectors())

    def Delete(self) -> None:
        """Delete the system; its devices stay on the subnet."""
        self._controller._interface._item._station._require_offline("Deleting an IO system")
        self._end()

    def _connectors(self) -> list[IoConnector]:
        found = (c for node in self._subnet._nodes() for c in node._interface._connectors._items)
        return [connector for connector in found if connector._io_system is self]

    def _end(self) -> None:
        for connector in self._connectors():
            connector._leave()
        self._controller._assign("_io_system", None)
        self._subnet._io_systems._remove(self)
        self._controller._interface._item._station._touch()
        self._die()


_System = IoSystem


class IoSystemAssociation(NamedComposition[IoSystem]):
    """The IO systems of a subnet."""

    if not TYPE_CHECKING:
        Find = _Lacking()


class IoController(EngineeringObject):
    """The controller's side of an interface."""

    def __init__(self, interface: NetworkInterface) -> None:
        """Start without a system."""
        super().__init__(interface)
        self._interface = interface
        self._io_system: _System | None = None

    @property
    def IoSystem(self) -> _System | None:
        """The system of this controller, or None."""
        return self._io_system

    def CreateIoSystem(self, name: str) -> _System:
        """Make the system of this controller; an empty name gives the default name.

        Raises:
            EngineeringTargetInvocationException: Not connected to a subnet, has a system, or the name is used.
        """
        require_type(name, str, "name")
        subnet = self._interface._node._subnet
        if subnet is None:
            msg = f"'{self._interface._item._name}' is not connected: connect it to a subnet first."
            raise EngineeringTargetInvocationException(msg, code="io_system.not_connected")
        if self._io_system is not None:
            msg = f"'{self._interface._item._name}' has the IO system '{self._io_system._name}' already."
            raise EngineeringTargetInvocationException(msg, code="io_system.exists")
        number = self._free_number()
        return self._own(subnet, name or self._default_name(number), number)

    def _own(self, subnet: Subnet, name: str, number: int) -> _System:
        require_name(name, "IO system", GROUP_LENGTH)
        if name.casefold() in subnet._io_systems._by_name:
            raise already_exists(name, "IO system")
        self._assign("_io_system", subnet._io_systems._add(_System(subnet, self, name, number)))
        self._interface._item._station._touch()
        assert self._io_system is not None  # noqa: S101 - assigned above
        return self._io_system

    def _free_number(self) -> int:
        first = 100 if self._interface._type is NetType.Ethernet else 1
        taken = {system._number for system in self._interface._item._station._networks().io_systems()}
        return next(number for number in range(first, 2048) if number not in taken)

    def _default_name(self, number: int) -> str:
        return "PROFINET IO-System" if self._interface._type is NetType.Ethernet else f"DP-Mastersystem ({number})"

    def _give_up(self) -> None:
        if self._io_system is not None:
            self._io_system._end()


class IoControllerComposition(Composition[IoController]):
    """The controllers of an interface: none or one."""


class IoConnector(EngineeringObject):
    """The device's side of an interface.

    While a project is read, `_pending` is the number of the system to join once all devices are there.
    """

    def __init__(self, interface: NetworkInterface) -> None:
        """Start outside of every system."""
        super().__init__(interface)
        self._interface = interface
        self._io_system: _System | None = None
        self._pending = 0
        self._dynamic = {"PnDeviceNumber": 0}

    @property
    def ConnectedToIoSystem(self) -> IoSystem | None:
        """The system that the device is in, or None."""
        return self._io_system

    def ConnectToIoSystem(self, ioSystem: IoSystem) -> None:
        """Join a system; addresses that overlap with others of its CPU are replaced by free ones.

        Raises:
            EngineeringTargetInvocationException: In a system already, or not on its subnet.
        """
        require_type(ioSystem, IoSystem, "ioSystem")
        device = self._interface._item._station
        device._require_offline("Changing the IO system")
        if self._io_system is not None:
            msg = f"'{device._name}' is in the IO system '{self._io_system._name}' already: disconnect it first."
            raise EngineeringTargetInvocationException(msg, code="io_system.connected")
        if self._interface._node._subnet is not ioSystem._subnet:
            msg = f"'{device._name}' is not connected to '{ioSystem._subnet._name}': connect it to that subnet first."
            raise EngineeringTargetInvocationException(msg, code="io_system.other_subnet")
        self._join(ioSystem)
        device._give_way()

    def DisconnectFromIoSystem(self) -> None:
        """Leave the system."""
        self._interface._item._station._require_offline("Changing the IO system")
        self._leave()

    def _join(self, system: IoSystem) -> None:
        taken = {connector._dynamic["PnDeviceNumber"] for connector in system._connectors()}
        self._assign("_io_system", system)
        super()._set_dynamic("PnDeviceNumber", next(n for n in range(1, 2048) if n not in taken))
        self._interface._item._station._touch()

    def _leave(self) -> None:
        if self._io_system is not None:
            self._assign("_io_system", None)
            super()._set_dynamic("PnDeviceNumber", 0)
            self._interface._item._station._touch()

    def _set_dynamic(self, name: str, value: object) -> None:
        number = require_type(value, int, "value")
        system = self._io_system
        taken = {c._dynamic["PnDeviceNumber"] for c in system._connectors() if c is not self} if system else {number}
        if number in taken or not 1 <= number <= 2047:
            msg = f"The device number {number} is used already, outside 1 to 2047, or the device is in no IO system."
            raise EngineeringTargetInvocationException(msg, code="io_device.number")
        super()._set_dynamic(name, number)


class IoConnectorComposition(Composition[IoConnector]):
    """The connectors of an interface: none or one."""
