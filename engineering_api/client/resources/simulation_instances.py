"""PLCSim Simulation: instances of PLCSIM Advanced, their states, settings, network and archives.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.simulation.simulation_instances_operations import (
    Archived,
    ArchiveFile,
    Configure,
    Create,
    Delete,
    OnInstance,
    OnInstanceWaiting,
    SetNetwork,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.plcsim.instances import InstanceConfig, InstanceNetwork, InstanceState
from openness_bridge.plcsim.runtime import RegisteredInstance


class SimulationInstances(Resource):
    """PLCSim Simulation: instances of PLCSIM Advanced, their states, settings, network and archives."""

    def create(
        self,
        *,
        name: str | None = None,
        cpu_type: str | None = None,
        communication_interface: str | None = None,
        storage_path: str | None = None,
        library: str | None = None,
        power_on: bool = False,
    ) -> InstanceConfig:
        """Register an instance; it is off and has no program, or that of the memory card in its folder.

        Args:
            name: Its name, up to 63 characters; Instance_0 and so on by default.
            cpu_type: Such as CPU1511 or CPU1500_Unspecified.
            communication_interface: Softbus or TCPIP; all running instances must have the same.
            storage_path: Folder of its virtual memory card, inside the allowed folders of the server.
            library: Library (DLL) of a custom virtual controller, inside the allowed folders.
            power_on: Switch it on at once.
        """
        return self._client.run(
            "simulation_instances.create",
            Create(
                name=name,
                cpu_type=cpu_type,
                communication_interface=communication_interface,
                storage_path=storage_path,
                library=library,
                power_on=power_on,
            ),
            InstanceConfig,
        )

    def delete(self, *, name: str, delete_storage: bool = False) -> RegisteredInstance:
        """Switch an instance off and unregister it.

        Args:
            name: Name of the instance, without regard to case.
            delete_storage: Delete its virtual memory card as well: program and retentive data.
        """
        return self._client.run(
            "simulation_instances.delete", Delete(name=name, delete_storage=delete_storage), RegisteredInstance
        )

    def power_on(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Switch an instance on.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return self._client.run(
            "simulation_instances.power_on", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    def power_off(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Switch an instance off.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return self._client.run(
            "simulation_instances.power_off", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    def run(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Set an instance to RUN.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return self._client.run(
            "simulation_instances.run", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    def stop(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Set an instance to STOP.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return self._client.run(
            "simulation_instances.stop", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    def memory_reset(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Reset the memory of an instance; it is in STOP afterwards.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return self._client.run(
            "simulation_instances.memory_reset", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    def state(self, *, name: str) -> InstanceState:
        """Tell what an instance is doing.

        Args:
            name: Name of the instance, without regard to case.
        """
        return self._client.run("simulation_instances.state", OnInstance(name=name), InstanceState)

    def config(self, *, name: str) -> InstanceConfig:
        """Get the settings of an instance.

        Args:
            name: Name of the instance, without regard to case.
        """
        return self._client.run("simulation_instances.config", OnInstance(name=name), InstanceConfig)

    def configure(
        self,
        *,
        name: str,
        cpu_type: str | None = None,
        communication_interface: str | None = None,
        storage_path: str | None = None,
        operating_mode: str | None = None,
        scale_factor: float | None = None,
        system_time: str | None = None,
        minimal_cycle_time_ms: float | None = None,
    ) -> InstanceConfig:
        """Change settings of an instance.

        Args:
            name: Name of the instance, without regard to case.
            cpu_type: Only while it is off.
            communication_interface: Softbus or TCPIP; only while it is off.
            storage_path: Only while it is off; inside the allowed folders of the server.
            operating_mode: Default, or how time passes on demand: SingleStep_C, SingleStep_CT, TimespanSynchronized_C…
            scale_factor: Virtual seconds in a real one, 0.01 to 100.
            system_time: What its clock is to show, ISO 8601.
            minimal_cycle_time_ms: Minimal cycle time of the modes with T.
        """
        return self._client.run(
            "simulation_instances.configure",
            Configure(
                name=name,
                cpu_type=cpu_type,
                communication_interface=communication_interface,
                storage_path=storage_path,
                operating_mode=operating_mode,
                scale_factor=scale_factor,
                system_time=system_time,
                minimal_cycle_time_ms=minimal_cycle_time_ms,
            ),
            InstanceConfig,
        )

    def network(self, *, name: str) -> InstanceNetwork:
        """Tell how an instance is reached.

        Args:
            name: Name of the instance, without regard to case.
        """
        return self._client.run("simulation_instances.network", OnInstance(name=name), InstanceNetwork)

    def set_network(
        self,
        *,
        name: str,
        ip_address: str,
        subnet_mask: str = "255.255.255.0",
        default_gateway: str = "0.0.0.0",
        interface_id: int = 0,
        is_remanent: bool = True,
    ) -> InstanceNetwork:
        """Set the IP suite of an instance that is on.

        Args:
            name: Name of the instance, without regard to case.
            ip_address: IPv4 address.
            subnet_mask: Subnet mask.
            default_gateway: Gateway; 0.0.0.0 for none.
            interface_id: Number of the interface.
            is_remanent: Keep it when the instance is switched off.
        """
        return self._client.run(
            "simulation_instances.set_network",
            SetNetwork(
                name=name,
                ip_address=ip_address,
                subnet_mask=subnet_mask,
                default_gateway=default_gateway,
                interface_id=interface_id,
                is_remanent=is_remanent,
            ),
            InstanceNetwork,
        )

    def list_(self) -> list[RegisteredInstance]:
        """List the registered instances."""
        return self._client.run("simulation_instances.list_", Nothing(), list[RegisteredInstance])

    def archive(self, *, name: str, path: str) -> Archived:
        """Write the virtual memory card of an instance that is off to a new file.

        Args:
            name: Name of the instance, without regard to case.
            path: A .zip file on the server, inside its allowed folders.
        """
        return self._client.run("simulation_instances.archive", ArchiveFile(name=name, path=path), Archived)

    def retrieve(self, *, name: str, path: str) -> InstanceConfig:
        """Take the virtual memory card of an instance that is off from a file.

        Args:
            name: Name of the instance, without regard to case.
            path: A .zip file on the server, inside its allowed folders.
        """
        return self._client.run("simulation_instances.retrieve", ArchiveFile(name=name, path=path), InstanceConfig)


class AsyncSimulationInstances(AsyncResource):
    """PLCSim Simulation: instances of PLCSIM Advanced, their states, settings, network and archives."""

    async def create(
        self,
        *,
        name: str | None = None,
        cpu_type: str | None = None,
        communication_interface: str | None = None,
        storage_path: str | None = None,
        library: str | None = None,
        power_on: bool = False,
    ) -> InstanceConfig:
        """Register an instance; it is off and has no program, or that of the memory card in its folder.

        Args:
            name: Its name, up to 63 characters; Instance_0 and so on by default.
            cpu_type: Such as CPU1511 or CPU1500_Unspecified.
            communication_interface: Softbus or TCPIP; all running instances must have the same.
            storage_path: Folder of its virtual memory card, inside the allowed folders of the server.
            library: Library (DLL) of a custom virtual controller, inside the allowed folders.
            power_on: Switch it on at once.
        """
        return await self._client.run(
            "simulation_instances.create",
            Create(
                name=name,
                cpu_type=cpu_type,
                communication_interface=communication_interface,
                storage_path=storage_path,
                library=library,
                power_on=power_on,
            ),
            InstanceConfig,
        )

    async def delete(self, *, name: str, delete_storage: bool = False) -> RegisteredInstance:
        """Switch an instance off and unregister it.

        Args:
            name: Name of the instance, without regard to case.
            delete_storage: Delete its virtual memory card as well: program and retentive data.
        """
        return await self._client.run(
            "simulation_instances.delete", Delete(name=name, delete_storage=delete_storage), RegisteredInstance
        )

    async def power_on(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Switch an instance on.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return await self._client.run(
            "simulation_instances.power_on", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    async def power_off(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Switch an instance off.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return await self._client.run(
            "simulation_instances.power_off", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    async def run(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Set an instance to RUN.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return await self._client.run(
            "simulation_instances.run", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    async def stop(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Set an instance to STOP.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return await self._client.run(
            "simulation_instances.stop", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    async def memory_reset(self, *, name: str, timeout_ms: int = 60000) -> InstanceState:
        """Reset the memory of an instance; it is in STOP afterwards.

        Args:
            name: Name of the instance, without regard to case.
            timeout_ms: Milliseconds to wait for the state; then the request fails, and the instance goes on.
        """
        return await self._client.run(
            "simulation_instances.memory_reset", OnInstanceWaiting(name=name, timeout_ms=timeout_ms), InstanceState
        )

    async def state(self, *, name: str) -> InstanceState:
        """Tell what an instance is doing.

        Args:
            name: Name of the instance, without regard to case.
        """
        return await self._client.run("simulation_instances.state", OnInstance(name=name), InstanceState)

    async def config(self, *, name: str) -> InstanceConfig:
        """Get the settings of an instance.

        Args:
            name: Name of the instance, without regard to case.
        """
        return await self._client.run("simulation_instances.config", OnInstance(name=name), InstanceConfig)

    async def configure(
        self,
        *,
        name: str,
        cpu_type: str | None = None,
        communication_interface: str | None = None,
        storage_path: str | None = None,
        operating_mode: str | None = None,
        scale_factor: float | None = None,
        system_time: str | None = None,
        minimal_cycle_time_ms: float | None = None,
    ) -> InstanceConfig:
        """Change settings of an instance.

        Args:
            name: Name of the instance, without regard to case.
            cpu_type: Only while it is off.
            communication_interface: Softbus or TCPIP; only while it is off.
            storage_path: Only while it is off; inside the allowed folders of the server.
            operating_mode: Default, or how time passes on demand: SingleStep_C, SingleStep_CT, TimespanSynchronized_C…
            scale_factor: Virtual seconds in a real one, 0.01 to 100.
            system_time: What its clock is to show, ISO 8601.
            minimal_cycle_time_ms: Minimal cycle time of the modes with T.
        """
        return await self._client.run(
            "simulation_instances.configure",
            Configure(
                name=name,
                cpu_type=cpu_type,
                communication_interface=communication_interface,
                storage_path=storage_path,
                operating_mode=operating_mode,
                scale_factor=scale_factor,
                system_time=system_time,
                minimal_cycle_time_ms=minimal_cycle_time_ms,
            ),
            InstanceConfig,
        )

    async def network(self, *, name: str) -> InstanceNetwork:
        """Tell how an instance is reached.

        Args:
            name: Name of the instance, without regard to case.
        """
        return await self._client.run("simulation_instances.network", OnInstance(name=name), InstanceNetwork)

    async def set_network(
        self,
        *,
        name: str,
        ip_address: str,
        subnet_mask: str = "255.255.255.0",
        default_gateway: str = "0.0.0.0",
        interface_id: int = 0,
        is_remanent: bool = True,
    ) -> InstanceNetwork:
        """Set the IP suite of an instance that is on.

        Args:
            name: Name of the instance, without regard to case.
            ip_address: IPv4 address.
            subnet_mask: Subnet mask.
            default_gateway: Gateway; 0.0.0.0 for none.
            interface_id: Number of the interface.
            is_remanent: Keep it when the instance is switched off.
        """
        return await self._client.run(
            "simulation_instances.set_network",
            SetNetwork(
                name=name,
                ip_address=ip_address,
                subnet_mask=subnet_mask,
                default_gateway=default_gateway,
                interface_id=interface_id,
                is_remanent=is_remanent,
            ),
            InstanceNetwork,
        )

    async def list_(self) -> list[RegisteredInstance]:
        """List the registered instances."""
        return await self._client.run("simulation_instances.list_", Nothing(), list[RegisteredInstance])

    async def archive(self, *, name: str, path: str) -> Archived:
        """Write the virtual memory card of an instance that is off to a new file.

        Args:
            name: Name of the instance, without regard to case.
            path: A .zip file on the server, inside its allowed folders.
        """
        return await self._client.run("simulation_instances.archive", ArchiveFile(name=name, path=path), Archived)

    async def retrieve(self, *, name: str, path: str) -> InstanceConfig:
        """Take the virtual memory card of an instance that is off from a file.

        Args:
            name: Name of the instance, without regard to case.
            path: A .zip file on the server, inside its allowed folders.
        """
        return await self._client.run(
            "simulation_instances.retrieve", ArchiveFile(name=name, path=path), InstanceConfig
        )
