"""PLCSim Simulation: the runtime manager of PLCSIM Advanced, the connected instance, and archives of it.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.simulation.simulation_operations import (
    Chosen,
    Configure,
    Connected,
    Disconnected,
    ImportLegacy,
    Port,
    RuntimeConfig,
    SetPort,
    SimulationState,
    Start,
    Stop,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.plcsim.instances import InstanceConfig
from openness_bridge.plcsim.runtime import RuntimeStatus


class Simulation(Resource):
    """PLCSim Simulation: the runtime manager of PLCSIM Advanced, the connected instance, and archives of it."""

    def runtime_status(self) -> RuntimeStatus:
        """Tell whether PLCSIM Advanced is installed and running, its version and its instances."""
        return self._client.run("simulation.runtime_status", Nothing(), RuntimeStatus)

    def start_runtime(self) -> RuntimeStatus:
        """Start the runtime manager."""
        return self._client.run("simulation.start_runtime", Nothing(), RuntimeStatus)

    def runtime_config(self) -> RuntimeConfig:
        """Get port, network mode, and what new instances get."""
        return self._client.run("simulation.runtime_config", Nothing(), RuntimeConfig)

    def configure_runtime(
        self,
        *,
        network_mode: str | None = None,
        default_storage_path: str | None = None,
        default_communication_interface: str | None = None,
        default_cpu_type: str | None = None,
    ) -> RuntimeConfig:
        """Change the network mode, and what new instances get.

        Args:
            network_mode: Softbus, TCPIPSingleAdapter or TCPIPMultipleAdapter; while no instance runs.
            default_storage_path: Folder below which new instances keep their data; empty for that of PLCSIM Advanced.
            default_communication_interface: Softbus or TCPIP, for new instances; empty for that of PLCSIM Advanced.
            default_cpu_type: Such as CPU1511, for new instances; empty for an unspecified one.
        """
        return self._client.run(
            "simulation.configure_runtime",
            Configure(
                network_mode=network_mode,
                default_storage_path=default_storage_path,
                default_communication_interface=default_communication_interface,
                default_cpu_type=default_cpu_type,
            ),
            RuntimeConfig,
        )

    def set_port(self, *, port: int) -> Port:
        """Open the port for runtime managers of other computers, or close it.

        Args:
            port: Port for other runtime managers, 1025 to 65535; 0 closes it.
        """
        return self._client.run("simulation.set_port", SetPort(port=port), Port)

    def status(self) -> RuntimeStatus:
        """Tell about the runtime manager, its instances and the connected one."""
        return self._client.run("simulation.status", Nothing(), RuntimeStatus)

    def connect(self, *, instance: str | None = None) -> Connected:
        """Connect to an instance: requests that name none go to it. The only one needs no name.

        Args:
            instance: Name of the instance; the connected one by default.
        """
        return self._client.run("simulation.connect", Chosen(instance=instance), Connected)

    def disconnect(self) -> Disconnected:
        """Disconnect from the instance; it stays registered and goes on."""
        return self._client.run("simulation.disconnect", Nothing(), Disconnected)

    def start(self, *, instance: str | None = None, timeout_ms: int = 60000) -> SimulationState:
        """Connect to an instance, switch it on and let it RUN.

        Args:
            instance: Name of the instance; the connected one by default.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return self._client.run("simulation.start", Start(instance=instance, timeout_ms=timeout_ms), SimulationState)

    def stop(self, *, instance: str | None = None, timeout_ms: int = 60000, power_off: bool = True) -> SimulationState:
        """Stop an instance, and switch it off unless it is to stay on.

        Args:
            instance: Name of the instance; the connected one by default.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
            power_off: Switch the instance off as well.
        """
        return self._client.run(
            "simulation.stop", Stop(instance=instance, timeout_ms=timeout_ms, power_off=power_off), SimulationState
        )

    def state(self) -> SimulationState:
        """Tell which instance is connected and whether its program runs."""
        return self._client.run("simulation.state", Nothing(), SimulationState)

    def import_legacy(self, *, import_path: str, instance: str | None = None) -> InstanceConfig:
        """Import an archive of PLCSIM Advanced. Files of the classic PLCSIM are refused: nothing can read them.

        Args:
            import_path: A .zip archive of PLCSIM Advanced on the server, inside its allowed folders.
            instance: Instance that is off; registered when there is none. By default named as the file.
        """
        return self._client.run(
            "simulation.import_legacy", ImportLegacy(import_path=import_path, instance=instance), InstanceConfig
        )


class AsyncSimulation(AsyncResource):
    """PLCSim Simulation: the runtime manager of PLCSIM Advanced, the connected instance, and archives of it."""

    async def runtime_status(self) -> RuntimeStatus:
        """Tell whether PLCSIM Advanced is installed and running, its version and its instances."""
        return await self._client.run("simulation.runtime_status", Nothing(), RuntimeStatus)

    async def start_runtime(self) -> RuntimeStatus:
        """Start the runtime manager."""
        return await self._client.run("simulation.start_runtime", Nothing(), RuntimeStatus)

    async def runtime_config(self) -> RuntimeConfig:
        """Get port, network mode, and what new instances get."""
        return await self._client.run("simulation.runtime_config", Nothing(), RuntimeConfig)

    async def configure_runtime(
        self,
        *,
        network_mode: str | None = None,
        default_storage_path: str | None = None,
        default_communication_interface: str | None = None,
        default_cpu_type: str | None = None,
    ) -> RuntimeConfig:
        """Change the network mode, and what new instances get.

        Args:
            network_mode: Softbus, TCPIPSingleAdapter or TCPIPMultipleAdapter; while no instance runs.
            default_storage_path: Folder below which new instances keep their data; empty for that of PLCSIM Advanced.
            default_communication_interface: Softbus or TCPIP, for new instances; empty for that of PLCSIM Advanced.
            default_cpu_type: Such as CPU1511, for new instances; empty for an unspecified one.
        """
        return await self._client.run(
            "simulation.configure_runtime",
            Configure(
                network_mode=network_mode,
                default_storage_path=default_storage_path,
                default_communication_interface=default_communication_interface,
                default_cpu_type=default_cpu_type,
            ),
            RuntimeConfig,
        )

    async def set_port(self, *, port: int) -> Port:
        """Open the port for runtime managers of other computers, or close it.

        Args:
            port: Port for other runtime managers, 1025 to 65535; 0 closes it.
        """
        return await self._client.run("simulation.set_port", SetPort(port=port), Port)

    async def status(self) -> RuntimeStatus:
        """Tell about the runtime manager, its instances and the connected one."""
        return await self._client.run("simulation.status", Nothing(), RuntimeStatus)

    async def connect(self, *, instance: str | None = None) -> Connected:
        """Connect to an instance: requests that name none go to it. The only one needs no name.

        Args:
            instance: Name of the instance; the connected one by default.
        """
        return await self._client.run("simulation.connect", Chosen(instance=instance), Connected)

    async def disconnect(self) -> Disconnected:
        """Disconnect from the instance; it stays registered and goes on."""
        return await self._client.run("simulation.disconnect", Nothing(), Disconnected)

    async def start(self, *, instance: str | None = None, timeout_ms: int = 60000) -> SimulationState:
        """Connect to an instance, switch it on and let it RUN.

        Args:
            instance: Name of the instance; the connected one by default.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return await self._client.run(
            "simulation.start", Start(instance=instance, timeout_ms=timeout_ms), SimulationState
        )

    async def stop(
        self, *, instance: str | None = None, timeout_ms: int = 60000, power_off: bool = True
    ) -> SimulationState:
        """Stop an instance, and switch it off unless it is to stay on.

        Args:
            instance: Name of the instance; the connected one by default.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
            power_off: Switch the instance off as well.
        """
        return await self._client.run(
            "simulation.stop", Stop(instance=instance, timeout_ms=timeout_ms, power_off=power_off), SimulationState
        )

    async def state(self) -> SimulationState:
        """Tell which instance is connected and whether its program runs."""
        return await self._client.run("simulation.state", Nothing(), SimulationState)

    async def import_legacy(self, *, import_path: str, instance: str | None = None) -> InstanceConfig:
        """Import an archive of PLCSIM Advanced. Files of the classic PLCSIM are refused: nothing can read them.

        Args:
            import_path: A .zip archive of PLCSIM Advanced on the server, inside its allowed folders.
            instance: Instance that is off; registered when there is none. By default named as the file.
        """
        return await self._client.run(
            "simulation.import_legacy", ImportLegacy(import_path=import_path, instance=instance), InstanceConfig
        )
