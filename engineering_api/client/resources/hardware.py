"""The inside of devices: details, free slots, modules, and hardware as AML files.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.devices.devices_operations import OnDevice
from engineering_api.features.devices.hardware_operations import Export, Import, OnModule, Plug, Slots, Unplugged
from openness_bridge.hardware.cax import HardwareExport, HardwareImport
from openness_bridge.hardware.modules import CompatibleSlots, HardwareDetails, ItemDetails


class Hardware(Resource):
    """The inside of devices: details, free slots, modules, and hardware as AML files."""

    def details(self, *, device_name: str) -> HardwareDetails:
        """Get a device down to its channels: modules, attributes, addresses, interfaces and nodes.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("hardware.details", OnDevice(device_name=device_name), HardwareDetails)

    def compatible_slots(
        self, *, device_name: str, order_number: str | None = None, limit: int = 20
    ) -> CompatibleSlots:
        """Get the free slots of a device, and which articles fit into them.

        Args:
            device_name: Name of the station, its CPU or its program.
            order_number: Only articles with this in their number or name.
            limit: How many articles to try in each rack; each costs time.
        """
        return self._client.run(
            "hardware.compatible_slots",
            Slots(device_name=device_name, order_number=order_number, limit=limit),
            CompatibleSlots,
        )

    def plug(
        self,
        *,
        device_name: str,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        slot: int | None = None,
        rack: str | None = None,
    ) -> ItemDetails:
        """Plug a module into a rack, or a board into a CPU.

        Args:
            device_name: Name of the station, its CPU or its program.
            order_number: Order number.
            version: Firmware, such as V2.1; the newest offered by default.
            type_identifier: Instead of the order number: OrderNumber:…, GSD:… .
            name: Name of the module; its type's name with a number by default.
            slot: Slot; the first that takes it by default.
            rack: Name of the rack or CPU; the first that takes it by default.
        """
        return self._client.run(
            "hardware.plug",
            Plug(
                device_name=device_name,
                order_number=order_number,
                version=version,
                type_identifier=type_identifier,
                name=name,
                slot=slot,
                rack=rack,
            ),
            ItemDetails,
        )

    def unplug(self, *, device_name: str, item_name: str) -> Unplugged:
        """Delete a module and everything in it.

        Args:
            device_name: Name of the station, its CPU or its program.
            item_name: Name of the module.
        """
        return self._client.run("hardware.unplug", OnModule(device_name=device_name, item_name=item_name), Unplugged)

    @overload
    def export_hardware(
        self, *, device_name: str, export_path: str, overwrite: bool = False, wait: Literal[True] = True
    ) -> HardwareExport: ...

    @overload
    def export_hardware(
        self, *, device_name: str, export_path: str, overwrite: bool = False, wait: Literal[False]
    ) -> Job[HardwareExport]: ...

    def export_hardware(
        self, *, device_name: str, export_path: str, overwrite: bool = False, wait: bool = True
    ) -> HardwareExport | Job[HardwareExport]:
        """Export a device's hardware as AML (AutomationML).

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: An .aml file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there already.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "hardware.export_hardware",
                Export(device_name=device_name, export_path=export_path, overwrite=overwrite),
                HardwareExport,
            )
        return self._client.run(
            "hardware.export_hardware",
            Export(device_name=device_name, export_path=export_path, overwrite=overwrite),
            HardwareExport,
        )

    @overload
    def import_hardware(
        self,
        *,
        import_file_path: str,
        option: str = "parkingLot",
        device_name: str | None = None,
        wait: Literal[True] = True,
    ) -> HardwareImport: ...

    @overload
    def import_hardware(
        self, *, import_file_path: str, option: str = "parkingLot", device_name: str | None = None, wait: Literal[False]
    ) -> Job[HardwareImport]: ...

    def import_hardware(
        self, *, import_file_path: str, option: str = "parkingLot", device_name: str | None = None, wait: bool = True
    ) -> HardwareImport | Job[HardwareImport]:
        """Import devices from an AML file. TIA Portal does not undo a failed import: what was read before stays.

        Args:
            import_file_path: An .aml file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            option: For a device that is there already: parkingLot (the new one is put there), overwrite, or retain.
            device_name: A device that must be there before, when it is to be overwritten.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "hardware.import_hardware",
                Import(import_file_path=import_file_path, option=option, device_name=device_name),
                HardwareImport,
            )
        return self._client.run(
            "hardware.import_hardware",
            Import(import_file_path=import_file_path, option=option, device_name=device_name),
            HardwareImport,
        )


class AsyncHardware(AsyncResource):
    """The inside of devices: details, free slots, modules, and hardware as AML files."""

    async def details(self, *, device_name: str) -> HardwareDetails:
        """Get a device down to its channels: modules, attributes, addresses, interfaces and nodes.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("hardware.details", OnDevice(device_name=device_name), HardwareDetails)

    async def compatible_slots(
        self, *, device_name: str, order_number: str | None = None, limit: int = 20
    ) -> CompatibleSlots:
        """Get the free slots of a device, and which articles fit into them.

        Args:
            device_name: Name of the station, its CPU or its program.
            order_number: Only articles with this in their number or name.
            limit: How many articles to try in each rack; each costs time.
        """
        return await self._client.run(
            "hardware.compatible_slots",
            Slots(device_name=device_name, order_number=order_number, limit=limit),
            CompatibleSlots,
        )

    async def plug(
        self,
        *,
        device_name: str,
        order_number: str | None = None,
        version: str | None = None,
        type_identifier: str | None = None,
        name: str | None = None,
        slot: int | None = None,
        rack: str | None = None,
    ) -> ItemDetails:
        """Plug a module into a rack, or a board into a CPU.

        Args:
            device_name: Name of the station, its CPU or its program.
            order_number: Order number.
            version: Firmware, such as V2.1; the newest offered by default.
            type_identifier: Instead of the order number: OrderNumber:…, GSD:… .
            name: Name of the module; its type's name with a number by default.
            slot: Slot; the first that takes it by default.
            rack: Name of the rack or CPU; the first that takes it by default.
        """
        return await self._client.run(
            "hardware.plug",
            Plug(
                device_name=device_name,
                order_number=order_number,
                version=version,
                type_identifier=type_identifier,
                name=name,
                slot=slot,
                rack=rack,
            ),
            ItemDetails,
        )

    async def unplug(self, *, device_name: str, item_name: str) -> Unplugged:
        """Delete a module and everything in it.

        Args:
            device_name: Name of the station, its CPU or its program.
            item_name: Name of the module.
        """
        return await self._client.run(
            "hardware.unplug", OnModule(device_name=device_name, item_name=item_name), Unplugged
        )

    @overload
    async def export_hardware(
        self, *, device_name: str, export_path: str, overwrite: bool = False, wait: Literal[True] = True
    ) -> HardwareExport: ...

    @overload
    async def export_hardware(
        self, *, device_name: str, export_path: str, overwrite: bool = False, wait: Literal[False]
    ) -> AsyncJob[HardwareExport]: ...

    async def export_hardware(
        self, *, device_name: str, export_path: str, overwrite: bool = False, wait: bool = True
    ) -> HardwareExport | AsyncJob[HardwareExport]:
        """Export a device's hardware as AML (AutomationML).

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: An .aml file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there already.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "hardware.export_hardware",
                Export(device_name=device_name, export_path=export_path, overwrite=overwrite),
                HardwareExport,
            )
        return await self._client.run(
            "hardware.export_hardware",
            Export(device_name=device_name, export_path=export_path, overwrite=overwrite),
            HardwareExport,
        )

    @overload
    async def import_hardware(
        self,
        *,
        import_file_path: str,
        option: str = "parkingLot",
        device_name: str | None = None,
        wait: Literal[True] = True,
    ) -> HardwareImport: ...

    @overload
    async def import_hardware(
        self, *, import_file_path: str, option: str = "parkingLot", device_name: str | None = None, wait: Literal[False]
    ) -> AsyncJob[HardwareImport]: ...

    async def import_hardware(
        self, *, import_file_path: str, option: str = "parkingLot", device_name: str | None = None, wait: bool = True
    ) -> HardwareImport | AsyncJob[HardwareImport]:
        """Import devices from an AML file. TIA Portal does not undo a failed import: what was read before stays.

        Args:
            import_file_path: An .aml file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            option: For a device that is there already: parkingLot (the new one is put there), overwrite, or retain.
            device_name: A device that must be there before, when it is to be overwritten.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "hardware.import_hardware",
                Import(import_file_path=import_file_path, option=option, device_name=device_name),
                HardwareImport,
            )
        return await self._client.run(
            "hardware.import_hardware",
            Import(import_file_path=import_file_path, option=option, device_name=device_name),
            HardwareImport,
        )
