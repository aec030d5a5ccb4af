"""Subnets, to which nodes are connected and on which IO systems run.

Facts: docs/facts/openness-hardware.md#networks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_dotnet.system import require_type
from fake_openness.core.associations import Association
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, already_exists, require_name
from fake_openness.core.objects import EngineeringObject, NamedComposition
from fake_openness.network.io_systems import IoSystemAssociation
from fake_openness.network.net_types import NetType
from fake_openness.network.stations import _Networks

if TYPE_CHECKING:
    from fake_openness.network.network import Node

SUBNET_TYPES = {
    "System:Subnet.Ethernet": NetType.Ethernet,
    "System:Subnet.Profibus": NetType.Profibus,
    "System:Subnet.Mpi": NetType.Mpi,
    "System:Subnet.Asi": NetType.Asi,
    "System:Subnet.ProfidriveIntegrated": NetType.ProfidriveIntegrated,
}


class NodeAssociation(Association["Node"]):
    """The nodes that are connected to a subnet."""


class Subnet(EngineeringObject):
    """A network that nodes are connected to."""

    def __init__(self, parent: EngineeringObject, networks: _Networks, type_identifier: str, name: str) -> None:
        """Make an empty subnet."""
        super().__init__(parent)
        self._networks, self._type_identifier, self._name = networks, type_identifier, name
        self._net_type = SUBNET_TYPES[type_identifier]
        self._io_systems = IoSystemAssociation(self)

    @property
    def Name(self) -> str:
        """The name; unique among the subnets."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_name(require_type(value, str, "value"), "subnet", GROUP_LENGTH)
        subnets = self._networks.subnets
        if subnets._find_by_name(value) not in {None, self}:
            raise already_exists(value, "subnet")
        subnets._rename(self, value)

    @property
    def TypeIdentifier(self) -> str:
        """The type, such as System:Subnet.Ethernet."""
        return self._type_identifier

    @property
    def NetType(self) -> NetType:
        """The type as an enum."""
        return self._net_type

    @property
    def Nodes(self) -> NodeAssociation:
        """The connected nodes."""
        return NodeAssociation(self, self._nodes())

    @property
    def IoSystems(self) -> IoSystemAssociation:
        """The IO systems and DP master systems of the subnet."""
        return self._io_systems

    def Delete(self) -> None:
        """Delete the subnet and its IO systems; its nodes become unconnected."""
        for node in self._nodes():
            node._require_offline()
        for node in self._nodes():
            node._disconnect()
        self._networks.subnets._remove(self)
        self._die()

    def _nodes(self) -> list[Node]:
        return [node for node in self._networks.nodes() if node._subnet is self]

    def _children(self) -> list[EngineeringObject]:
        return [self._io_systems]


class SubnetComposition(NamedComposition[Subnet]):
    """The subnets of the project."""

    def __init__(self, parent: EngineeringObject, networks: _Networks) -> None:
        """Start empty."""
        super().__init__(parent)
        self._networks = networks

    def Create(self, typeIdentifier: str, name: str) -> Subnet:
        """Make a subnet.

        Raises:
            EngineeringTargetInvocationException: No type of a subnet, or the name is used.
        """
        return self._create(typeIdentifier, name)

    def _create(self, type_identifier: str, name: str) -> Subnet:
        if require_type(type_identifier, str, "typeIdentifier") not in SUBNET_TYPES:
            msg = f"'{type_identifier}' is not a type of subnet: use one of {', '.join(SUBNET_TYPES)}."
            raise EngineeringTargetInvocationException(msg, code="subnet.type")
        require_name(require_type(name, str, "name"), "subnet", GROUP_LENGTH)
        if name.casefold() in self._by_name:
            raise already_exists(name, "subnet")
        return self._add(Subnet(self._parent or self, self._networks, type_identifier, name))
