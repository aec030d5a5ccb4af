"""Ports of PROFINET interfaces and the cables between them (topology).

Facts: docs/facts/openness-hardware.md#networks.
"""

from __future__ import annotations

from fake_dotnet.system import require_type
from fake_openness.core.associations import Association
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.network.stations import _NetworkItem


class NetworkPortAssociation(Association["NetworkPort"]):
    """Ports that belong to an interface or are connected to a port."""


class NetworkPort(EngineeringObject):
    """The service of a port item."""

    def __init__(self, item: _NetworkItem) -> None:
        """Start without a cable."""
        super().__init__(item)
        self._item = item
        self._partner: NetworkPort | None = None

    @property
    def ConnectedPorts(self) -> NetworkPortAssociation:
        """The port at the other end of the cable: none or one."""
        return NetworkPortAssociation(self, [] if self._partner is None else [self._partner])

    def ConnectToPort(self, partnerPort: NetworkPort) -> None:
        """Connect a cable to another port.

        Raises:
            EngineeringTargetInvocationException: The same interface, or one of the two has a cable already.
        """
        require_type(partnerPort, NetworkPort, "port")
        if partnerPort._item._parent is self._item._parent:
            msg = f"'{self._item._name}' cannot be connected to a port of the same interface."
            raise EngineeringTargetInvocationException(msg, code="port.same_interface")
        for one in (self, partnerPort):
            if one._partner is not None:
                msg = f"'{one._path}' is connected to '{one._partner._path}' already: disconnect it first."
                raise EngineeringTargetInvocationException(msg, code="port.connected")
        self._connect(partnerPort)

    def DisconnectFromPort(self, partnerPort: NetworkPort) -> None:
        """Remove a cable.

        Raises:
            EngineeringTargetInvocationException: The two are not connected.
        """
        require_type(partnerPort, NetworkPort, "port")
        if self._partner is not partnerPort:
            msg = f"'{self._path}' is not connected to '{partnerPort._path}'."
            raise EngineeringTargetInvocationException(msg, code="port.not_connected")
        self._leave()

    @property
    def _path(self) -> str:
        return f"{self._item._station._name}/{self._item._name}"

    def _connect(self, port: NetworkPort) -> None:
        self._assign("_partner", port)
        port._assign("_partner", self)
        for one in (self, port):
            one._item._station._touch()

    def _leave(self) -> None:
        partner = self._partner
        if partner is not None:
            self._assign("_partner", None)
            partner._assign("_partner", None)
            for one in (self, partner):
                one._item._station._touch()
