"""Interfaces and nodes: which device has which address.

Facts: docs/facts/openness-hardware.md#networks; docs/facts/tia-rules.md#network-names-and-addresses for what an
address, mask, router or PROFINET name may be. Duplicate addresses are accepted here and reported when the hardware is
compiled, as in TIA Portal.
"""

from __future__ import annotations

from typing import Any

from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.network import ip
from fake_openness.network.io_systems import IoConnector, IoConnectorComposition, IoController, IoControllerComposition
from fake_openness.network.net_types import InterfaceOperatingModes, NetType
from fake_openness.network.node_rules import CHECKS, check_bus_address, ethernet_attributes
from fake_openness.network.ports import NetworkPortAssociation
from fake_openness.network.stations import _NetworkItem, _Networks
from fake_openness.network.subnets import SUBNET_TYPES, Subnet

FIRST_BUS_ADDRESS = "2"


class NodeComposition(Composition["Node"]):
    """The nodes of an interface."""


class NetworkInterface(EngineeringObject):
    """The service of an interface item."""

    def __init__(self, item: _NetworkItem, kind: str, role: str, number: int) -> None:
        """Make the interface with one node that is not connected.

        Args:
            item: The interface item.
            kind: Name of its NetType.
            role: Name of its operating mode; empty for none.
            number: Which interface of its device it is, from 1.
        """
        super().__init__(item)
        self._item = item
        self._type = NetType[kind]
        self._nodes = NodeComposition(self)
        self._mode = InterfaceOperatingModes[role or "None_"]
        self._nodes._items = [Node(self, number)]
        self._controllers = IoControllerComposition(self)
        self._connectors = IoConnectorComposition(self)
        self._can_switch = role == "IoController"
        self._make_roles()

    @property
    def InterfaceType(self) -> NetType:
        """Ethernet, Profibus or Mpi."""
        return self._type

    @InterfaceType.setter
    def InterfaceType(self, value: NetType) -> None:
        kinds = {NetType.Profibus, NetType.Mpi}
        if (
            require_type(value, NetType, "value") not in kinds
            or self._type not in kinds
            or "MPI/DP" not in self._item._name
        ):
            msg = f"'{self._item._name}' is an {self._type.name} interface and cannot become {value.name}."
            raise EngineeringTargetInvocationException(msg, code="interface.type")
        self._node._disconnect()
        self._assign("_type", value)

    @property
    def InterfaceOperatingMode(self) -> InterfaceOperatingModes:
        """Whether the interface is an IO controller, an IO device, both or neither."""
        return self._mode

    @InterfaceOperatingMode.setter
    def InterfaceOperatingMode(self, value: InterfaceOperatingModes) -> None:
        require_type(value, InterfaceOperatingModes, "value")
        if not self._can_switch and value is not self._mode:
            msg = f"The operating mode of '{self._item._name}' is fixed."
            raise EngineeringTargetInvocationException(msg, code="interface.mode")
        self._leave_io_systems()
        self._assign("_mode", value)
        self._make_roles()
        self._item._station._touch()

    @property
    def Nodes(self) -> NodeComposition:
        """The nodes: one for each network address."""
        return self._nodes

    @property
    def Ports(self) -> NetworkPortAssociation:
        """The ports of the interface."""
        return NetworkPortAssociation(self, self._item._ports())

    @property
    def IoControllers(self) -> IoControllerComposition:
        """One where the interface is an IO controller."""
        return self._controllers

    @property
    def IoConnectors(self) -> IoConnectorComposition:
        """One where the interface is an IO device."""
        return self._connectors

    @property
    def _node(self) -> Node:
        return self._nodes._items[0]

    def _make_roles(self) -> None:
        """Give the interface the roles of its operating mode."""
        flags = self._mode.value
        wanted: list[tuple[Composition[Any], type, bool]] = [
            (self._controllers, IoController, bool(flags & 1)),
            (self._connectors, IoConnector, bool(flags & 2)),
        ]
        for composition, kind, needed in wanted:
            if needed and not composition._items:
                composition._add(kind(self))
            elif not needed and composition._items:
                role = composition._items[0]
                composition._remove(role)
                role._die()

    def _leave(self) -> None:
        self._node._disconnect()

    def _leave_io_systems(self) -> None:
        for connector in self._connectors._items:
            connector._leave()
        for controller in self._controllers._items:
            controller._give_up()

    def _children(self) -> list[EngineeringObject]:
        return [self._nodes, self._controllers, self._connectors]


class Node(EngineeringObject):
    """The network address of an interface, and its connection to a subnet."""

    def __init__(self, interface: NetworkInterface, number: int) -> None:
        """Make the node; `_propose_address` gives it its first address."""
        super().__init__(interface)
        self._interface = interface
        self._number = number
        ethernet = interface._type is NetType.Ethernet
        self._name = f"{'E' if ethernet else 'P'}{self._number}"
        self._subnet: Subnet | None = None
        self._dynamic = ethernet_attributes() if ethernet else {"Address": FIRST_BUS_ADDRESS}

    @property
    def Name(self) -> str:
        """The node's name, such as E1."""
        return self._name

    @property
    def NodeId(self) -> str:
        """The node's identification: its name."""
        return self._name

    @property
    def NodeType(self) -> NetType:
        """The type of the interface."""
        return self._interface._type

    @property
    def ConnectedSubnet(self) -> Subnet | None:
        """The subnet, or None."""
        return self._subnet

    def ConnectToSubnet(self, subnet: Subnet) -> None:
        """Connect the node; an address that the subnet has already is replaced by the next free one.

        Raises:
            EngineeringTargetInvocationException: Another type of network, or connected elsewhere already.
        """
        require_type(subnet, Subnet, "subnet")
        self._require_offline()
        if subnet._net_type is not self._interface._type:
            msg = f"'{self._interface._item._name}' does not fit the subnet '{subnet._name}' ({subnet._net_type.name})."
            raise EngineeringTargetInvocationException(msg, code="subnet.type")
        if self._subnet is not None and self._subnet is not subnet:
            msg = f"'{self._name}' is connected to '{self._subnet._name}': disconnect it first."
            raise EngineeringTargetInvocationException(msg, code="node.connected")
        if self._subnet is None:
            self._use_free_address(subnet)
            self._assign("_subnet", subnet)
            self._touch()

    def CreateAndConnectToSubnet(self, name: str) -> Subnet:
        """Make a subnet of the right type and connect to it.

        Raises:
            EngineeringTargetInvocationException: The name is used, or the node is connected already.
        """
        self._require_offline()
        if self._subnet is not None:
            msg = f"'{self._name}' is connected to '{self._subnet._name}': disconnect it first."
            raise EngineeringTargetInvocationException(msg, code="node.connected")
        kind = next(text for text, net in SUBNET_TYPES.items() if net is self._interface._type)
        subnet = self._networks.subnets._create(kind, name)
        self.ConnectToSubnet(subnet)
        return subnet

    def DisconnectFromSubnet(self) -> None:
        """Disconnect the node; it leaves its IO system too."""
        self._require_offline()
        self._disconnect()

    @property
    def _networks(self) -> _Networks:
        return self._interface._item._station._networks()

    def _disconnect(self) -> None:
        if self._subnet is not None:
            self._interface._leave_io_systems()
            self._assign("_subnet", None)
            self._touch()

    def _touch(self) -> None:
        self._interface._item._station._touch()

    def _require_offline(self) -> None:
        self._interface._item._station._require_offline("Changing the network")

    def _propose_address(self) -> None:
        """Take the next free address of the project, as a new interface does."""
        if self._interface._type is NetType.Ethernet:
            self._put("Address", self._networks.free_ip(self._number, but=self))

    def _use_free_address(self, subnet: Subnet) -> None:
        taken = {node._dynamic["Address"] for node in subnet._nodes()}
        if self._dynamic["Address"] not in taken:
            return
        if self._interface._type is NetType.Ethernet:
            self._put("Address", ip.next_address(self._dynamic["Address"], taken))
        else:
            self._put("Address", str(next(n for n in range(1, 126) if str(n) not in taken)))

    # -- attributes -------------------------------------------------------------------

    def GetAttribute(self, name: str) -> Any:
        """Read an attribute; the PROFINET name follows the device while it is generated."""
        if name == "PnDeviceName" and name in self._dynamic:
            return self._pn_name()
        if name == "PnDeviceNameConverted" and name in self._dynamic:
            return ip.convert_pn_name(self._pn_name())
        return super().GetAttribute(name)

    def _pn_name(self) -> str:
        return (
            self._interface._item._pn_name()
            if self._dynamic["PnDeviceNameAutoGeneration"]
            else self._dynamic["PnDeviceName"]
        )

    def _writable(self, name: str) -> bool:
        return name in self._dynamic and name != "PnDeviceNameConverted"

    def _set_dynamic(self, name: str, value: Any) -> None:
        self._require_offline()
        check = CHECKS.get(name)
        if check is not None and self._interface._type is NetType.Ethernet:
            check(self, value)
        elif name == "Address":
            check_bus_address(self, value)
        super()._set_dynamic(name, value)
        self._touch()

    def _put(self, name: str, value: Any) -> None:
        """Change an attribute without the checks of SetAttribute."""
        super()._set_dynamic(name, value)

    def _refuse(self, name: str, value: Any, why: str) -> EngineeringTargetInvocationException:
        device = self._interface._item._station._name
        msg = f"'{value}' is not a valid {name} of '{self._name}' in '{device}': {why}."
        return EngineeringTargetInvocationException(
            msg, code="node.attribute", place={"device": device, "node": self._name}
        )
