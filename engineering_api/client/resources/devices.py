"""Devices: listed, added, renamed, deleted, compiled, addressed; and the parking lot.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.devices.devices_operations import (
    Add,
    Compile,
    ConfigureNetwork,
    Deleted,
    OnDevice,
    Parked,
    Rename,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.hardware.devices import DeviceInfo, ParkingLot
from openness_bridge.hardware.interfaces import InterfaceState
from openness_bridge.program.compile import CompileReport


class Devices(Resource):
    """Devices: listed, added, renamed, deleted, compiled, addressed; and the parking lot."""

    @overload
    def list_(self, *, wait: Literal[True] = True) -> list[DeviceInfo]: ...

    @overload
    def list_(self, *, wait: Literal[False]) -> Job[list[DeviceInfo]]: ...

    def list_(self, *, wait: bool = True) -> list[DeviceInfo] | Job[list[DeviceInfo]]:
        """List the devices of the open project, in whatever group they lie.

        Args:
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("devices.list_", Nothing(), list[DeviceInfo])
        return self._client.run("devices.list_", Nothing(), list[DeviceInfo])

    def get(self, *, device_name: str) -> DeviceInfo:
        """Get one device.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("devices.get", OnDevice(device_name=device_name), DeviceInfo)

    @overload
    def add(
        self,
        *,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        device_name: str | None = None,
        group: str = "",
        wait: Literal[True] = True,
    ) -> DeviceInfo: ...

    @overload
    def add(
        self,
        *,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        device_name: str | None = None,
        group: str = "",
        wait: Literal[False],
    ) -> Job[DeviceInfo]: ...

    def add(
        self,
        *,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        device_name: str | None = None,
        group: str = "",
        wait: bool = True,
    ) -> DeviceInfo | Job[DeviceInfo]:
        """Add a device. The names are read back: TIA Portal has the last word on them.

        Args:
            order_number: Order number of the CPU, interface module or panel.
            version: Firmware, such as V2.9; the newest offered by default.
            type_identifier: Instead of the order number: OrderNumber:…, GSD:… .
            name: Name of the CPU or interface module; PLC_1 and so on by default.
            device_name: Name of the station; TIA Portal's default when left out.
            group: Device groups joined by /; made when missing.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "devices.add",
                Add(
                    order_number=order_number,
                    version=version,
                    type_identifier=type_identifier,
                    name=name,
                    device_name=device_name,
                    group=group,
                ),
                DeviceInfo,
            )
        return self._client.run(
            "devices.add",
            Add(
                order_number=order_number,
                version=version,
                type_identifier=type_identifier,
                name=name,
                device_name=device_name,
                group=group,
            ),
            DeviceInfo,
        )

    @overload
    def delete(self, *, device_name: str, wait: Literal[True] = True) -> Deleted: ...

    @overload
    def delete(self, *, device_name: str, wait: Literal[False]) -> Job[Deleted]: ...

    def delete(self, *, device_name: str, wait: bool = True) -> Deleted | Job[Deleted]:
        """Delete a device with its program and its connections.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("devices.delete", OnDevice(device_name=device_name), Deleted)
        return self._client.run("devices.delete", OnDevice(device_name=device_name), Deleted)

    @overload
    def rename(
        self, *, device_name: str, new_name: str | None = None, cpu_name: str | None = None, wait: Literal[True] = True
    ) -> DeviceInfo: ...

    @overload
    def rename(
        self, *, device_name: str, new_name: str | None = None, cpu_name: str | None = None, wait: Literal[False]
    ) -> Job[DeviceInfo]: ...

    def rename(
        self, *, device_name: str, new_name: str | None = None, cpu_name: str | None = None, wait: bool = True
    ) -> DeviceInfo | Job[DeviceInfo]:
        """Rename a station, its CPU, or both.

        Args:
            device_name: Present name of the station, its CPU or its program.
            new_name: New name of the station.
            cpu_name: New name of the CPU or interface module; its program follows.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "devices.rename", Rename(device_name=device_name, new_name=new_name, cpu_name=cpu_name), DeviceInfo
            )
        return self._client.run(
            "devices.rename", Rename(device_name=device_name, new_name=new_name, cpu_name=cpu_name), DeviceInfo
        )

    @overload
    def compile_(self, *, device_name: str, scope: str = "all", wait: Literal[True] = True) -> CompileReport: ...

    @overload
    def compile_(self, *, device_name: str, scope: str = "all", wait: Literal[False]) -> Job[CompileReport]: ...

    def compile_(
        self, *, device_name: str, scope: str = "all", wait: bool = True
    ) -> CompileReport | Job[CompileReport]:
        """Compile a device's hardware and software. Errors in it are the answer, not a failure of the request.

        Args:
            device_name: Name of the station, its CPU or its program.
            scope: all, hardware or software.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("devices.compile_", Compile(device_name=device_name, scope=scope), CompileReport)
        return self._client.run("devices.compile_", Compile(device_name=device_name, scope=scope), CompileReport)

    @overload
    def configure_network(
        self,
        *,
        device_name: str,
        interface: str = "X1",
        ip_address: str | None = None,
        subnet_mask: str | None = None,
        router_address: str | None = None,
        profinet_name: str | None = None,
        subnet: str | None = None,
        io_system: str | None = None,
        allow_collision: bool = False,
        wait: Literal[True] = True,
    ) -> InterfaceState: ...

    @overload
    def configure_network(
        self,
        *,
        device_name: str,
        interface: str = "X1",
        ip_address: str | None = None,
        subnet_mask: str | None = None,
        router_address: str | None = None,
        profinet_name: str | None = None,
        subnet: str | None = None,
        io_system: str | None = None,
        allow_collision: bool = False,
        wait: Literal[False],
    ) -> Job[InterfaceState]: ...

    def configure_network(
        self,
        *,
        device_name: str,
        interface: str = "X1",
        ip_address: str | None = None,
        subnet_mask: str | None = None,
        router_address: str | None = None,
        profinet_name: str | None = None,
        subnet: str | None = None,
        io_system: str | None = None,
        allow_collision: bool = False,
        wait: bool = True,
    ) -> InterfaceState | Job[InterfaceState]:
        """Set address, mask, router, PROFINET name, subnet and IO system of an interface; all or nothing.

        Args:
            device_name: Name of the station, its CPU or its program.
            interface: X1, the interface's name, or module/X1.
            ip_address: IPv4 address, or bus address on PROFIBUS.
            subnet_mask: Subnet mask.
            router_address: Router; empty for none.
            profinet_name: PROFINET device name; empty for the generated one.
            subnet: Subnet to connect to; made when missing.
            io_system: IO system: an IO device joins it, an IO controller's is made.
            allow_collision: Accept an address or name that another node of the subnet has.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "devices.configure_network",
                ConfigureNetwork(
                    device_name=device_name,
                    interface=interface,
                    ip_address=ip_address,
                    subnet_mask=subnet_mask,
                    router_address=router_address,
                    profinet_name=profinet_name,
                    subnet=subnet,
                    io_system=io_system,
                    allow_collision=allow_collision,
                ),
                InterfaceState,
            )
        return self._client.run(
            "devices.configure_network",
            ConfigureNetwork(
                device_name=device_name,
                interface=interface,
                ip_address=ip_address,
                subnet_mask=subnet_mask,
                router_address=router_address,
                profinet_name=profinet_name,
                subnet=subnet,
                io_system=io_system,
                allow_collision=allow_collision,
            ),
            InterfaceState,
        )

    def parking_lot(self, *, folder: str = "Parking lot") -> ParkingLot:
        """List the devices in the parking lot and the modules that no slot holds.

        Args:
            folder: The device group that TIA Portal's option names as parking lot.
        """
        return self._client.run("devices.parking_lot", Parked(folder=folder), ParkingLot)

    def clear_parking_lot(self, *, folder: str = "Parking lot") -> ParkingLot:
        """Delete the devices in the parking lot and the modules that no slot holds. Returns what was deleted.

        Args:
            folder: The device group that TIA Portal's option names as parking lot.
        """
        return self._client.run("devices.clear_parking_lot", Parked(folder=folder), ParkingLot)


class AsyncDevices(AsyncResource):
    """Devices: listed, added, renamed, deleted, compiled, addressed; and the parking lot."""

    @overload
    async def list_(self, *, wait: Literal[True] = True) -> list[DeviceInfo]: ...

    @overload
    async def list_(self, *, wait: Literal[False]) -> AsyncJob[list[DeviceInfo]]: ...

    async def list_(self, *, wait: bool = True) -> list[DeviceInfo] | AsyncJob[list[DeviceInfo]]:
        """List the devices of the open project, in whatever group they lie.

        Args:
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("devices.list_", Nothing(), list[DeviceInfo])
        return await self._client.run("devices.list_", Nothing(), list[DeviceInfo])

    async def get(self, *, device_name: str) -> DeviceInfo:
        """Get one device.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("devices.get", OnDevice(device_name=device_name), DeviceInfo)

    @overload
    async def add(
        self,
        *,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        device_name: str | None = None,
        group: str = "",
        wait: Literal[True] = True,
    ) -> DeviceInfo: ...

    @overload
    async def add(
        self,
        *,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        device_name: str | None = None,
        group: str = "",
        wait: Literal[False],
    ) -> AsyncJob[DeviceInfo]: ...

    async def add(
        self,
        *,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        device_name: str | None = None,
        group: str = "",
        wait: bool = True,
    ) -> DeviceInfo | AsyncJob[DeviceInfo]:
        """Add a device. The names are read back: TIA Portal has the last word on them.

        Args:
            order_number: Order number of the CPU, interface module or panel.
            version: Firmware, such as V2.9; the newest offered by default.
            type_identifier: Instead of the order number: OrderNumber:…, GSD:… .
            name: Name of the CPU or interface module; PLC_1 and so on by default.
            device_name: Name of the station; TIA Portal's default when left out.
            group: Device groups joined by /; made when missing.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "devices.add",
                Add(
                    order_number=order_number,
                    version=version,
                    type_identifier=type_identifier,
                    name=name,
                    device_name=device_name,
                    group=group,
                ),
                DeviceInfo,
            )
        return await self._client.run(
            "devices.add",
            Add(
                order_number=order_number,
                version=version,
                type_identifier=type_identifier,
                name=name,
                device_name=device_name,
                group=group,
            ),
            DeviceInfo,
        )

    @overload
    async def delete(self, *, device_name: str, wait: Literal[True] = True) -> Deleted: ...

    @overload
    async def delete(self, *, device_name: str, wait: Literal[False]) -> AsyncJob[Deleted]: ...

    async def delete(self, *, device_name: str, wait: bool = True) -> Deleted | AsyncJob[Deleted]:
        """Delete a device with its program and its connections.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("devices.delete", OnDevice(device_name=device_name), Deleted)
        return await self._client.run("devices.delete", OnDevice(device_name=device_name), Deleted)

    @overload
    async def rename(
        self, *, device_name: str, new_name: str | None = None, cpu_name: str | None = None, wait: Literal[True] = True
    ) -> DeviceInfo: ...

    @overload
    async def rename(
        self, *, device_name: str, new_name: str | None = None, cpu_name: str | None = None, wait: Literal[False]
    ) -> AsyncJob[DeviceInfo]: ...

    async def rename(
        self, *, device_name: str, new_name: str | None = None, cpu_name: str | None = None, wait: bool = True
    ) -> DeviceInfo | AsyncJob[DeviceInfo]:
        """Rename a station, its CPU, or both.

        Args:
            device_name: Present name of the station, its CPU or its program.
            new_name: New name of the station.
            cpu_name: New name of the CPU or interface module; its program follows.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "devices.rename", Rename(device_name=device_name, new_name=new_name, cpu_name=cpu_name), DeviceInfo
            )
        return await self._client.run(
            "devices.rename", Rename(device_name=device_name, new_name=new_name, cpu_name=cpu_name), DeviceInfo
        )

    @overload
    async def compile_(self, *, device_name: str, scope: str = "all", wait: Literal[True] = True) -> CompileReport: ...

    @overload
    async def compile_(
        self, *, device_name: str, scope: str = "all", wait: Literal[False]
    ) -> AsyncJob[CompileReport]: ...

    async def compile_(
        self, *, device_name: str, scope: str = "all", wait: bool = True
    ) -> CompileReport | AsyncJob[CompileReport]:
        """Compile a device's hardware and software. Errors in it are the answer, not a failure of the request.

        Args:
            device_name: Name of the station, its CPU or its program.
            scope: all, hardware or software.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "devices.compile_", Compile(device_name=device_name, scope=scope), CompileReport
            )
        return await self._client.run("devices.compile_", Compile(device_name=device_name, scope=scope), CompileReport)

    @overload
    async def configure_network(
        self,
        *,
        device_name: str,
        interface: str = "X1",
        ip_address: str | None = None,
        subnet_mask: str | None = None,
        router_address: str | None = None,
        profinet_name: str | None = None,
        subnet: str | None = None,
        io_system: str | None = None,
        allow_collision: bool = False,
        wait: Literal[True] = True,
    ) -> InterfaceState: ...

    @overload
    async def configure_network(
        self,
        *,
        device_name: str,
        interface: str = "X1",
        ip_address: str | None = None,
        subnet_mask: str | None = None,
        router_address: str | None = None,
        profinet_name: str | None = None,
        subnet: str | None = None,
        io_system: str | None = None,
        allow_collision: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[InterfaceState]: ...

    async def configure_network(
        self,
        *,
        device_name: str,
        interface: str = "X1",
        ip_address: str | None = None,
        subnet_mask: str | None = None,
        router_address: str | None = None,
        profinet_name: str | None = None,
        subnet: str | None = None,
        io_system: str | None = None,
        allow_collision: bool = False,
        wait: bool = True,
    ) -> InterfaceState | AsyncJob[InterfaceState]:
        """Set address, mask, router, PROFINET name, subnet and IO system of an interface; all or nothing.

        Args:
            device_name: Name of the station, its CPU or its program.
            interface: X1, the interface's name, or module/X1.
            ip_address: IPv4 address, or bus address on PROFIBUS.
            subnet_mask: Subnet mask.
            router_address: Router; empty for none.
            profinet_name: PROFINET device name; empty for the generated one.
            subnet: Subnet to connect to; made when missing.
            io_system: IO system: an IO device joins it, an IO controller's is made.
            allow_collision: Accept an address or name that another node of the subnet has.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "devices.configure_network",
                ConfigureNetwork(
                    device_name=device_name,
                    interface=interface,
                    ip_address=ip_address,
                    subnet_mask=subnet_mask,
                    router_address=router_address,
                    profinet_name=profinet_name,
                    subnet=subnet,
                    io_system=io_system,
                    allow_collision=allow_collision,
                ),
                InterfaceState,
            )
        return await self._client.run(
            "devices.configure_network",
            ConfigureNetwork(
                device_name=device_name,
                interface=interface,
                ip_address=ip_address,
                subnet_mask=subnet_mask,
                router_address=router_address,
                profinet_name=profinet_name,
                subnet=subnet,
                io_system=io_system,
                allow_collision=allow_collision,
            ),
            InterfaceState,
        )

    async def parking_lot(self, *, folder: str = "Parking lot") -> ParkingLot:
        """List the devices in the parking lot and the modules that no slot holds.

        Args:
            folder: The device group that TIA Portal's option names as parking lot.
        """
        return await self._client.run("devices.parking_lot", Parked(folder=folder), ParkingLot)

    async def clear_parking_lot(self, *, folder: str = "Parking lot") -> ParkingLot:
        """Delete the devices in the parking lot and the modules that no slot holds. Returns what was deleted.

        Args:
            folder: The device group that TIA Portal's option names as parking lot.
        """
        return await self._client.run("devices.clear_parking_lot", Parked(folder=folder), ParkingLot)
