"""The ways of TIA Portal to a CPU: modes, interfaces of the computer, and their targets.

The computer has PLCSIM's own interface, which leads to the virtual controllers on the Softbus, and PLCSIM's network
adapter, which leads to those with TCP/IP. A CPU is reached by the address of its interface in the project, or by one
that is named. Facts: docs/facts/openness-online.md#online.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fake_dotnet.errors import ArgumentException
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.events import Event
from fake_openness.core.objects import Composition, EngineeringObject, N, NamedComposition
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.item_parts import _Configuration
from fake_openness.network import ip
from fake_openness.network.network import NetworkInterface
from fake_plcsim.controller import Controller

MODE = "PN/IE"
PC_INTERFACES = {"PLCSIM": "Softbus", "Siemens PLCSIM Virtual Ethernet Adapter": "TCPIP"}
"""Name of an interface of the computer, and the communication of the virtual controllers that it leads to."""
_ANSWERING = frozenset({"Stop", "Startup", "Run", "Freeze"})
"""The operating states in which a virtual controller answers."""


class IConfiguration(_Configuration):
    """A way to a CPU that a client can choose: a target interface or a subnet."""

    _pc_interface: ConfigurationPcInterface
    _interface: NetworkInterface
    _name: str

    @property
    def Name(self) -> str:
        """Its name."""
        return self._name

    def _target(self) -> str:
        """Return the IP address of the CPU in the project."""
        return str(self._interface._node._dynamic["Address"])

    def _controller(self) -> Controller | None:
        return self._pc_interface._reach(self._target())


class ConfigurationTargetInterface(IConfiguration):
    """An interface of the CPU, such as "1 X1"; its address is the one of the project."""

    def __init__(
        self, parent: EngineeringObject, pc: ConfigurationPcInterface, name: str, to: NetworkInterface
    ) -> None:
        """Lead from an interface of the computer to one of the CPU."""
        super().__init__(parent)
        self._pc_interface, self._name, self._interface = pc, name, to


class ConfigurationAddress(EngineeringObject):
    """An IP address that a client names."""

    def __init__(self, parent: EngineeringObject, pc: ConfigurationPcInterface, address: str) -> None:
        """Lead from an interface of the computer to an address."""
        super().__init__(parent)
        self._pc_interface, self._name = pc, address

    @property
    def Name(self) -> str:
        """The address."""
        return self._name

    def _controller(self) -> Controller | None:
        return self._pc_interface._reach(self._name)


class ConfigurationAddressComposition(NamedComposition[ConfigurationAddress]):
    """The addresses that clients named."""

    def __init__(self, parent: EngineeringObject, pc: ConfigurationPcInterface) -> None:
        """Start empty."""
        super().__init__(parent)
        self._pc_interface = pc

    def Create(self, name: str) -> ConfigurationAddress:
        """Add an address.

        Raises:
            ArgumentException: It is no IPv4 address of a device.
        """
        try:
            address = ip.format_address(ip.host_number(require_type(name, str, "name")))
        except ValueError:
            msg = f"'{name}' is not an IPv4 address of a device."
            raise ArgumentException(msg) from None
        made = self._find_by_name(address)
        if made is None:
            made = ConfigurationAddress(self, self._pc_interface, address)
            self._items.append(made)
            self._by_name[address] = made
        return made


class ConfigurationSubnet(IConfiguration):
    """A subnet that the CPU is connected to."""

    def __init__(
        self, parent: EngineeringObject, pc: ConfigurationPcInterface, name: str, to: NetworkInterface
    ) -> None:
        """Lead through a subnet to an interface of the CPU."""
        super().__init__(parent)
        self._pc_interface, self._name, self._interface = pc, name, to
        self._addresses = ConfigurationAddressComposition(self, pc)

    @property
    def Addresses(self) -> ConfigurationAddressComposition:
        """Addresses in the subnet that clients named."""
        return self._addresses


class ConfigurationTargetInterfaceComposition(NamedComposition[ConfigurationTargetInterface]):
    """The interfaces of the CPU."""


class ConfigurationSubnetComposition(NamedComposition[ConfigurationSubnet]):
    """The subnets of the CPU."""


@dataclass(frozen=True, slots=True)
class ConfigurationAccessibleDevice(NetObject):
    """A device that answers on an interface of the computer."""

    _SINCE = "19"

    Name: str
    Address: str
    DeviceSeries: str
    MACAddress: str


class ConfigurationPcInterface(EngineeringObject):
    """An interface of the computer."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"GetAccessibleDevices": "19"}

    def __init__(self, parent: EngineeringObject, name: str, communication: str, cpu: DeviceItem | None) -> None:
        """Lead to the virtual controllers of one communication, and to the interfaces of a CPU."""
        super().__init__(parent)
        self._name, self._communication = name, communication
        self._target_interfaces = ConfigurationTargetInterfaceComposition(self)
        self._subnets = ConfigurationSubnetComposition(self)
        self._addresses = ConfigurationAddressComposition(self, self)
        for number, interface in enumerate(interfaces(cpu), 1):
            label = interface._item._label or interface._item._name
            _put(self._target_interfaces, ConfigurationTargetInterface(self, self, f"{number} {label}", interface))
            if interface._node._subnet is not None:
                _put(self._subnets, ConfigurationSubnet(self, self, interface._node._subnet._name, interface))

    @property
    def Name(self) -> str:
        """Its name, as Windows has it."""
        return self._name

    @property
    def Number(self) -> int:
        """The number among interfaces of one name."""
        return 1

    @property
    def TargetInterfaces(self) -> ConfigurationTargetInterfaceComposition:
        """The interfaces of the CPU; empty where no CPU is chosen, as for an upload."""
        return self._target_interfaces

    @property
    def Subnets(self) -> ConfigurationSubnetComposition:
        """The subnets of the CPU."""
        return self._subnets

    @property
    def Addresses(self) -> ConfigurationAddressComposition:
        """Addresses that clients named."""
        return self._addresses

    def GetAccessibleDevices(self) -> NetList[ConfigurationAccessibleDevice]:
        """Return the devices that answer."""
        found = (each for each in self._context.machine.simulation if self._leads_to(each))
        return NetList(
            [
                ConfigurationAccessibleDevice(each.card.plc_name or each.name, each.address, "S7-1500", _mac(each))
                for each in found
            ]
        )

    def _leads_to(self, controller: Controller) -> bool:
        answers = controller.state.name in _ANSWERING
        return answers and controller.communication.name == self._communication

    def _reach(self, address: str) -> Controller | None:
        """Return the virtual controller with an address, if it answers here."""
        found = (each for each in self._context.machine.simulation if each.address == address and self._leads_to(each))
        return next(found, None)


def _mac(controller: Controller) -> str:
    return f"02-1B-1B-00-{controller.number >> 8 & 0xFF:02X}-{controller.number & 0xFF:02X}"


class ConfigurationPcInterfaceComposition(Composition[ConfigurationPcInterface]):
    """The interfaces of the computer that a mode can use."""

    def Find(self, name: str, number: int) -> ConfigurationPcInterface | None:
        """Return the interface of a name and number, or None."""
        require_type(number, int, "number")
        wanted = require_type(name, str, "name")
        return next((each for each in self._items if (each._name, each.Number) == (wanted, number)), None)


class ConfigurationMode(EngineeringObject):
    """A kind of network."""

    def __init__(self, parent: EngineeringObject, cpu: DeviceItem | None) -> None:
        """Have the computer's interfaces."""
        super().__init__(parent)
        self._name = MODE
        self._interfaces = ConfigurationPcInterfaceComposition(self)
        self._interfaces._items += [
            ConfigurationPcInterface(self, name, communication, cpu) for name, communication in PC_INTERFACES.items()
        ]

    @property
    def Name(self) -> str:
        """Its name."""
        return self._name

    @property
    def PcInterfaces(self) -> ConfigurationPcInterfaceComposition:
        """The interfaces of the computer."""
        return self._interfaces


class ConfigurationModeComposition(NamedComposition[ConfigurationMode]):
    """The modes."""


class ConnectionConfiguration(EngineeringObject):
    """The way to one CPU; its online and download services share the applied way."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"OnlineLegitimation": "17", "EnableLegacyCommunication": "17"}

    def __init__(self, parent: EngineeringObject, cpu: DeviceItem | None = None) -> None:
        """Hold the ways to a CPU, or those to any."""
        super().__init__(parent)
        self._cpu = cpu
        self._legacy = False
        self._legitimation = Event()

    @property
    def Modes(self) -> ConfigurationModeComposition:
        """The kinds of networks; each read sees the changes of the project."""
        modes = ConfigurationModeComposition(self)
        _put(modes, ConfigurationMode(modes, self._cpu))
        return modes

    @property
    def IsConfigured(self) -> bool:
        """Whether a way was applied."""
        return self._get_applied() is not None

    @property
    def EnableLegacyCommunication(self) -> bool:
        """Whether the older, unencrypted communication is used."""
        return self._legacy

    @EnableLegacyCommunication.setter
    def EnableLegacyCommunication(self, value: bool) -> None:
        self._legacy = require_type(value, bool, "value")

    @property
    def OnlineLegitimation(self) -> Event:
        """Event: a client must say whether the CPU's certificate is trusted (from V17).

        Raises:
            AttributeError: The simulated version is older.
        """
        if not self._context.version.has("17"):
            msg = "'ConnectionConfiguration' object has no attribute 'OnlineLegitimation'"
            raise AttributeError(msg)
        return self._legitimation

    @OnlineLegitimation.setter
    def OnlineLegitimation(self, event: Event) -> None:
        if event is not self._legitimation:
            msg = "OnlineLegitimation is an event: use += and -=."
            raise TypeError(msg)

    def ApplyConfiguration(self, configuration: IConfiguration) -> bool:
        """Choose the way; False for one that is not a way to this CPU."""
        require_type(configuration, IConfiguration, "configuration")
        if self._cpu is None or configuration._interface not in interfaces(self._cpu):
            return False
        self._cpu._way = configuration
        return True

    def _get_applied(self) -> IConfiguration | None:
        way = None if self._cpu is None else self._cpu._way
        return way if isinstance(way, IConfiguration) else None

    def _require_applied(self) -> IConfiguration:
        """Return the applied way.

        Raises:
            EngineeringTargetInvocationException: None was.
        """
        found = self._get_applied()
        if found is None:
            msg = "No connection is configured: apply a target interface first."
            raise EngineeringTargetInvocationException(msg, code="online.not_configured")
        return found


def interfaces(cpu: DeviceItem | None) -> list[NetworkInterface]:
    """Return the Ethernet interfaces that are built into a CPU."""
    found = [] if cpu is None else [item._interface for item in cpu._below() if item._built_in]
    return [each for each in found if each is not None and each._type.name == "Ethernet"]


def _put(composition: NamedComposition[N], *items: N) -> None:
    """Fill a collection that is no part of the project, so that nothing is noted as a change."""
    for item in items:
        composition._items.append(item)
        composition._by_name[item._name.casefold()] = item
