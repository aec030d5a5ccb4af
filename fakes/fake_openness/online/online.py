"""OnlineProvider: a CPU item goes online and offline.

That a CPU is not reached is a state, not an exception. What is reached is a virtual controller of the simulated
computer (PLCSIM Advanced), so CPUs of other families than S7-1500 are incompatible. Facts:
docs/facts/openness-online.md#online. Unverified: TIA Portal requests trust only over TCP/IP, an unanswered question means no
trust, and a lost connection reads Offline.
"""

from __future__ import annotations

from typing import ClassVar

from fake_dotnet.system import NetEnum, SecureString, require_type
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.since import since
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.online import legitimation
from fake_openness.online.connection import ConnectionConfiguration, IConfiguration
from fake_openness.online.held_protection import is_read_protected, opens_reading
from fake_openness.online.legitimation import OnlineConfiguration
from fake_openness.program.families import SIMULATED_FAMILY
from fake_openness.program.plc import _Plc, program_of
from fake_plcsim.controller import Controller


class OnlineState(NetEnum):
    """The state of the connection of a CPU item to its CPU."""

    Offline = 0
    Connecting = 1
    Online = 2
    Incompatible = 3
    NotReachable = 4
    Protected = 5
    Disconnecting = 6


@since("17")
class TlsVerificationConfigurationSelection(NetEnum):
    """Whether a certificate is trusted."""

    NonVerified = 0
    Trusted = 1
    NonTrusted = 2


class TlsVerificationConfiguration(OnlineConfiguration):
    """Whether the CPU's certificate is trusted."""

    _SINCE: ClassVar[str] = "17"

    def __init__(self, plc: str, about: str) -> None:
        """Trust nothing yet."""
        self._plc, self._about = plc, about
        self._selection = TlsVerificationConfigurationSelection.NonVerified

    @property
    def PlcName(self) -> str:
        """Whose certificate it is."""
        return self._plc

    @property
    def VerificationInfo(self) -> str:
        """What is to be verified."""
        return self._about

    @property
    def CurrentSelection(self) -> TlsVerificationConfigurationSelection:
        """The answer."""
        return self._selection

    @CurrentSelection.setter
    def CurrentSelection(self, value: TlsVerificationConfigurationSelection) -> None:
        self._selection = require_type(value, TlsVerificationConfigurationSelection, "CurrentSelection")


class OnlineProvider(EngineeringObject):
    """The service of a CPU item that goes online."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"SetPlcMasterSecret": "17", "ResetPlcMasterSecret": "17"}

    def __init__(self, cpu: DeviceItem) -> None:
        """Serve a CPU."""
        super().__init__(cpu)
        self._cpu = cpu
        self._configuration = ConnectionConfiguration(self, cpu)

    @property
    def State(self) -> OnlineState:
        """The state of the connection."""
        device = self._cpu._device._name
        return OnlineState.Online if self._context.is_online(device) else OnlineState.Offline

    @property
    def Configuration(self) -> ConnectionConfiguration:
        """The way to the CPU."""
        return self._configuration

    def GoOnline(self) -> OnlineState:
        """Connect to the CPU; returns how that went.

        Raises:
            EngineeringTargetInvocationException: No way is configured, or a transaction is open.
        """
        self._context.refuse_in_transaction("Going online")
        way = self._configuration._require_applied()
        if self.State is OnlineState.Online:
            return OnlineState.Online
        controller = way._controller()
        if controller is None or not is_trusted(self._configuration, way, controller):
            return OnlineState.NotReachable
        if program_of_cpu(self._cpu)._family.value != SIMULATED_FAMILY:
            return OnlineState.Incompatible
        if is_read_protected(controller):
            password = legitimation.ask_password(self._configuration, controller)
            if not opens_reading(controller, password):
                return OnlineState.Protected
        self._context.go_online(self._cpu._device._name, lambda: way._controller() is controller)
        return OnlineState.Online

    def GoOffline(self) -> None:
        """Disconnect; nothing happens when offline.

        Raises:
            EngineeringTargetInvocationException: A transaction is open.
        """
        self._context.refuse_in_transaction("Going offline")
        self._context.go_offline(self._cpu._device._name)

    def SetPlcMasterSecret(self, securePassword: SecureString) -> None:
        """Name the password for confidential data; a simulated CPU has none."""
        require_type(securePassword, SecureString, "password")

    def ResetPlcMasterSecret(self) -> None:
        """Delete the password for confidential data; a simulated CPU has none."""


def program_of_cpu(cpu: DeviceItem) -> _Plc:
    """Return the program of a CPU item, which every item with these services has."""
    program = program_of(cpu)
    assert program is not None  # noqa: S101 - the service is offered only with a program
    return program


def is_trusted(configuration: ConnectionConfiguration, way: IConfiguration, controller: Controller) -> bool:
    """Return whether the CPU's certificate is trusted, after asking the event's handlers; the Softbus has none."""
    if controller.communication.name != "TCPIP" or configuration._legacy or not way._context.version.has("17"):
        return True
    question = TlsVerificationConfiguration(controller.name, f"Certificate of the CPU at {way._target()}")
    configuration._legitimation._raise(question)
    return question.CurrentSelection is TlsVerificationConfigurationSelection.Trusted
