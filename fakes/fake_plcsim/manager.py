"""SimulationRuntimeManager, the static class that gives access to the API.

Facts: docs/facts/plcsim-advanced.md#runtime-manager.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path

from fake_dotnet.system import require_type
from fake_plcsim.enums import ECPUType, ENetworkMode
from fake_plcsim.errors import refuse, unfitting
from fake_plcsim.instance import IInstance
from fake_plcsim.runtime import Runtime
from fake_plcsim.structs import NetArray, SConnectionInfo, SInstanceInfo

UINT16 = 0xFFFF


class StaticMembers(type):
    """The static members of SimulationRuntimeManager, bound to the runtime of one simulated computer."""

    _runtime: Runtime

    @property
    def Version(cls) -> int:
        """Version of the API: the higher 16 bits before the point, the lower ones after it."""
        major, minor = cls._runtime.version
        return major << 16 | minor

    @property
    def IsInitialized(cls) -> bool:
        """Whether the API can be used."""
        return True

    @property
    def IsRuntimeManagerAvailable(cls) -> bool:
        """Whether the process of the runtime manager runs; it is started with the first use."""
        return True

    @property
    def Port(cls) -> int:
        """The port that is open for other runtime managers, or 0."""
        return cls._runtime.port

    @property
    def RegisteredInstanceInfo(cls) -> NetArray[SInstanceInfo]:
        """Number and name of every registered instance."""
        return NetArray[SInstanceInfo]([each.info for each in cls._runtime])

    @property
    def RemoteConnectionInfo(cls) -> NetArray[SConnectionInfo]:
        """The connections of other runtime managers; a simulated one has none."""
        return NetArray[SConnectionInfo]([])

    def RegisterInstance(
        cls, in_CPUType: ECPUType | str | None = None, in_InstanceName: str | None = None
    ) -> IInstance:
        """Register an instance by a CPU type, a name, both, or neither."""
        cpu, name = in_CPUType, in_InstanceName
        if isinstance(cpu, str) and name is None:
            cpu, name = None, cpu
        cpu_type = ECPUType.CPU1500_Unspecified if cpu is None else require_type(cpu, ECPUType, "in_CPUType")
        name = None if name is None else require_type(name, str, "in_InstanceName")
        return IInstance(cls._runtime.register(cpu_type, name))

    def RegisterCustomInstance(cls, in_VplcDll: str, in_InstanceName: str | None = None) -> IInstance:
        """Refuse: a simulated runtime cannot load the library of a virtual controller."""
        require_type(in_VplcDll, str, "in_VplcDll")
        if in_InstanceName is not None:
            require_type(in_InstanceName, str, "in_InstanceName")
        what = "cannot be loaded by a simulated runtime" if Path(in_VplcDll).is_file() else "does not exist"
        raise refuse("ErrorLoadingDll", f"{in_VplcDll} {what}.")

    def CreateInterface(cls, in_Instance: int | str) -> IInstance:
        """Return a handle to a registered instance, by number or name."""
        runtime = cls._runtime
        by_name = isinstance(in_Instance, str)
        found = (
            runtime.find_by_name(str(in_Instance))
            if by_name
            else runtime.find_by_number(require_type(in_Instance, int, "in_Instance"))
        )
        if found is None:
            raise refuse("DoesNotExist", f"No instance '{in_Instance}' is registered.")
        return IInstance(found)

    def OpenPort(cls, in_Port: int) -> None:
        """Let other runtime managers connect."""
        if not 0 <= require_type(in_Port, int, "in_Port") <= UINT16:
            raise unfitting("in_Port", in_Port, "UInt16")
        cls._runtime.open_port(in_Port)

    def ClosePort(cls) -> None:
        """Let no other runtime manager connect."""
        cls._runtime.port = 0

    def RemoteConnect(cls, in_ConnectionString: str) -> None:
        """Refuse: no other computer is simulated.

        Args:
            in_ConnectionString: address:port
        """
        host, _, port = require_type(in_ConnectionString, str, "in_ConnectionString").rpartition(":")
        try:
            ipaddress.IPv4Address(host)
            int(port)
        except ValueError:
            raise refuse("WrongArgument", f"'{in_ConnectionString}' is not of the form address:port.") from None
        raise refuse("ConnectionError", f"No runtime manager answers at {in_ConnectionString}.")

    def Shutdown(cls) -> None:
        """End the use of the API: all instances are switched off and forgotten."""
        cls._runtime.shutdown()


class StaticMembersWithNetwork(StaticMembers):
    """What API version 6 added: one network mode for all instances."""

    @property
    def NetworkMode(cls) -> ENetworkMode:
        """How instances are reached; it can change only without registered instances."""
        return cls._runtime.network_mode

    @NetworkMode.setter
    def NetworkMode(cls, mode: ENetworkMode) -> None:
        require_type(mode, ENetworkMode, "NetworkMode")
        if any(each.is_on for each in cls._runtime):
            raise refuse("InvalidOperatingState", "The network mode can be changed only while no instance runs.")
        cls._runtime.network_mode = mode


def static_class(runtime: Runtime) -> type:
    """Return SimulationRuntimeManager of one runtime."""
    kind = StaticMembersWithNetwork if runtime.version >= (6, 0) else StaticMembers
    return kind("SimulationRuntimeManager", (), {"_runtime": runtime, "__doc__": __doc__})
