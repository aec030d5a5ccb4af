"""The inside of devices: details, free slots, modules, and hardware as AML files."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.devices import articles
from engineering_api.features.devices.articles import ARTICLE
from engineering_api.features.devices.devices_operations import OnDevice
from engineering_api.operations.combinations import at_least_one, combine
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named, path_field
from engineering_api.operations.terms import Lock, Right, Trial, Undo
from openness_bridge.enumerations import AddressDirection
from openness_bridge.hardware import addresses, cax, modules
from openness_bridge.hardware.cax import HardwareExport, HardwareImport, ImportOption
from openness_bridge.hardware.modules import CompatibleSlots, HardwareDetails, ItemDetails, NewModule
from openness_bridge.lookup import locate

section = Section("Devices")
FILE = (
    "An AML file (.aml or .xml) on the server, inside its allowed folders; a relative path starts from its workspace."
)


class Slots(OnDevice):
    """Which device, and what should fit."""

    order_number: Annotated[str | None, named("Only articles with this in their number or name.", "articleNumber")] = (
        None
    )
    limit: Annotated[int, named("How many articles to try in each rack; each costs time.", ge=1, le=500)] = 20


@combine(ARTICLE)
class Plug(OnDevice):
    """A new module, by order number or by type identifier."""

    order_number: Annotated[str | None, named("Order number.", "articleNumber")] = None
    version: Annotated[
        str | None, named("Firmware, such as V2.1; the newest offered by default.", "firmwareVersion")
    ] = None
    type_identifier: Annotated[str | None, named("Instead of the order number: OrderNumber:…, GSD:… .")] = None
    name: Annotated[str | None, named("Name of the module; its type's name with a number by default.", "itemName")] = (
        None
    )
    slot: (
        Annotated[int, named("Slot; the first that takes it by default.", "position", "positionNumber", ge=0)] | None
    ) = None
    rack: Annotated[str | None, named("Name of the rack or CPU; the first that takes it by default.")] = None


class OnModule(OnDevice):
    """Which module."""

    item_name: Annotated[str, named("Name of the module.")]


@combine(at_least_one("input", "output"))
class StartAddresses(OnModule):
    """Where the inputs and the outputs of a module begin."""

    input: Annotated[int, named("First byte of its inputs; unchanged by default.", "startAddress", ge=0)] | None = None
    output: Annotated[int, named("First byte of its outputs; unchanged by default.", ge=0)] | None = None


class Export(OnDevice):
    """Where to."""

    export_path: Annotated[str, path_field(FILE, "path", "filePath", "targetPath", writes=True)]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class Import(Request):
    """The file, and what happens to existing devices."""

    import_file_path: Annotated[str, path_field(FILE, "path", "filePath", "importPath")]
    option: Annotated[
        ImportOption, named("For an existing device: parkingLot (the new one is put there), overwrite, or retain.")
    ] = "parkingLot"
    device_name: Annotated[str | None, named("A device that must exist, if it is to be overwritten.")] = None


class Unplugged(Model):
    """The module that was deleted."""

    device_name: str
    item_name: str


IMPORT = {"importFilePath": "hardware/PLC_1.aml", "option": "parkingLot"}


@section.operation(
    wait="GET /api/devices/{deviceName}/hardware-details",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example={"deviceName": "PLC_1"},
)
def details(ctx: Context, request: OnDevice) -> HardwareDetails:
    """Get a device down to its channels: modules, attributes, addresses, interfaces and nodes."""
    return modules.details(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/compatible-slots",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example={"deviceName": "PLC_1", "orderNumber": "6ES7 521"},
)
def compatible_slots(ctx: Context, request: Slots) -> CompatibleSlots:
    """Get the free slots of a device, and which articles fit into them."""
    return modules.compatible(ctx.session, request.device_name, request.order_number, request.limit)


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    also="POST /api/devices/{deviceName}/modules",
    lock=Lock.PROJECT,
    done="Module plugged",
    example={"deviceName": "PLC_1", "orderNumber": "6ES7 521-1BH00-0AB0", "name": "DI 16", "slot": 2},
)
def plug(ctx: Context, request: Plug) -> ItemDetails:
    """Plug a module into a rack, or a board into a CPU."""
    found = articles.choose_article(ctx.session, request.order_number, request.version, request.type_identifier)
    wanted = NewModule(found.type_identifier, request.name, articles.stem(found), request.slot, request.rack)
    return modules.plug(ctx.session, request.device_name, wanted)


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    also="PUT /api/devices/{deviceName}/modules/{itemName}/start-addresses",
    lock=Lock.PROJECT,
    done="Start addresses set",
    example={"deviceName": "PLC_1", "itemName": "DI 16", "input": 10},
)
def set_addresses(ctx: Context, request: StartAddresses) -> ItemDetails:
    """Set the start address of a module's inputs or outputs, in bytes. Tags keep their addresses."""
    given: dict[AddressDirection, int | None] = {"Input": request.input, "Output": request.output}
    starts = {direction: start for direction, start in given.items() if start is not None}
    return addresses.set_start(ctx.session, request.device_name, request.item_name, starts)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    also="DELETE /api/devices/{deviceName}/modules/{itemName}",
    lock=Lock.PROJECT,
    done="Module deleted",
    example={"deviceName": "PLC_1", "itemName": "DI 16"},
)
def unplug(ctx: Context, request: OnModule) -> Unplugged:
    """Delete a module and everything in it."""
    name = modules.unplug(ctx.session, request.device_name, request.item_name)
    return Unplugged(device_name=request.device_name, item_name=name)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/devices/{deviceName}/actions/export-hardware",
    job="POST /api/devices/{deviceName}/actions/export-hardware-async",
    also="POST /api/devices/{deviceName}/hardware/actions/export",
    right=Right.ENGINEER,
    example={"deviceName": "PLC_1", "exportPath": "hardware/PLC_1.aml"},
    done="Hardware exported",
)
def export_hardware(ctx: Context, request: Export) -> HardwareExport:
    """Export a device's hardware as AML (AutomationML)."""
    locate(ctx.session, request.device_name)
    target = ctx.roots.new(request.export_path, overwrite=request.overwrite)
    return cax.export_device(ctx.session, request.device_name, target)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/projects/devices/actions/import-hardware-sync",
    job="POST /api/projects/devices/actions/import-hardware",
    also="POST /api/devices/{deviceName}/hardware/actions/import",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=IMPORT,
    done="Hardware imported",
)
def import_hardware(ctx: Context, request: Import) -> HardwareImport:
    """Import devices from an AML file. TIA Portal does not undo a failed import: devices that were read before the error stay."""
    if request.device_name is not None:
        locate(ctx.session, request.device_name)
    return cax.import_file(ctx.session, ctx.roots.existing(request.import_file_path), request.option)
