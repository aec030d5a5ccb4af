"""Devices: listed, added, renamed, deleted, compiled, addressed; and the parking lot."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.devices import articles
from engineering_api.features.devices.articles import ARTICLE
from engineering_api.operations.combinations import at_least_one, combine
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Right, Task, Trial, Undo
from openness_bridge.enumerations import one_of
from openness_bridge.hardware import devices, network_settings
from openness_bridge.hardware.devices import DeviceInfo, ParkingLot
from openness_bridge.hardware.interfaces import InterfaceState
from openness_bridge.hardware.network_settings import NetworkSettings
from openness_bridge.program import compile as compiling
from openness_bridge.program.compile import CompileReport

section = Section("Devices")
PARKING_LOT = "Parking lot"


CompileScope = Annotated[str, one_of("CompileScope", *compiling.SCOPES)]


class OnDevice(Request):
    """Which device."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


@combine(ARTICLE)
class Add(Request):
    """A new station, by order number or by type identifier."""

    order_number: Annotated[
        str | None, named("Order number of the CPU, interface module or panel.", "articleNumber")
    ] = None
    version: Annotated[
        str | None, named("Firmware, such as V2.9; the newest offered by default.", "firmwareVersion")
    ] = None
    type_identifier: Annotated[str | None, named("Instead of the order number: OrderNumber:…, GSD:… .")] = None
    name: Annotated[
        str | None, named("Name of the CPU or interface module; PLC_1 and so on by default.", "cpuName", "itemName")
    ] = None
    device_name: Annotated[
        str | None, named("Name of the station; TIA Portal's default when left out.", "stationName")
    ] = None
    group: Annotated[str, named("Device groups joined by /; created if it is missing.", "folder", "groupPath")] = ""


@combine(at_least_one("new_name", "cpu_name", code="device.no_name"))
class Rename(OnDevice):
    """New names; at least one of them."""

    device_name: Annotated[str, named("Present name of the station, its CPU or its program.", "oldName", "name")]
    new_name: Annotated[str | None, named("New name of the station.", "newDeviceName")] = None
    cpu_name: Annotated[
        str | None, named("New name of the CPU or interface module; its program follows.", "newCpuName")
    ] = None


class Compile(OnDevice):
    """What to compile."""

    scope: Annotated[CompileScope, named("all, hardware or software.")] = "all"


@combine(
    at_least_one(
        "ip_address",
        "subnet_mask",
        "router_address",
        "profinet_name",
        "subnet",
        "io_system",
        code="network.nothing",
    )
)
class ConfigureNetwork(OnDevice):
    """What to set; what is left out stays as it is."""

    interface: Annotated[str, named("X1, the interface's name, or module/X1.", "interfaceName")] = "X1"
    ip_address: Annotated[str | None, named("IPv4 address, or bus address on PROFIBUS.", "address", "ip")] = None
    subnet_mask: Annotated[str | None, named("Subnet mask.", "mask")] = None
    router_address: Annotated[str | None, named("Router; empty for none.", "router", "gateway", "defaultGateway")] = (
        None
    )
    profinet_name: Annotated[
        str | None, named("PROFINET device name; empty for the generated one.", "pnDeviceName", "profinetDeviceName")
    ] = None
    subnet: Annotated[str | None, named("Subnet to connect to; created if it is missing.", "subnetName")] = None
    io_system: Annotated[
        str | None,
        named("IO system that an IO device is assigned to, or that is created for an IO controller.", "ioSystemName"),
    ] = None
    allow_collision: Annotated[bool, named("Accept an address or name that another node of the subnet has.")] = False


class Parked(Request):
    """Which parking lot."""

    folder: Annotated[str, named("The device group that is set as parking lot in TIA Portal's options.")] = PARKING_LOT


class Deleted(Model):
    """The station that was deleted."""

    device_name: str


ADD = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_2", "deviceName": "Palletizing"}
NETWORK = {"deviceName": "PLC_1", "ipAddress": "192.168.0.10", "subnetMask": "255.255.255.0", "subnet": "PN/IE_1"}


@section.operation(
    wait="GET /api/projects/devices",
    job="GET /api/projects/devices/async",
    right=Right.VIEW,
    changes=False,
    kept=True,
    tool="list_devices",
    task=Task.READ,
    when="to find names and types of the PLCs and other stations.",
    unless="for articles that can be added: search_catalog.",
)
def list_(ctx: Context, _: Nothing) -> list[DeviceInfo]:
    """List the devices of the open project, also those in groups."""
    return devices.list_devices(ctx.session)


@section.operation(
    also="GET /api/devices/{deviceName}",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example={"deviceName": "PLC_1"},
    tool="get_device",
    container=True,
)
def get(ctx: Context, request: OnDevice) -> DeviceInfo:
    """Get one device."""
    return devices.get(ctx.session, request.device_name)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/projects/devices/actions/add-sync",
    job="POST /api/projects/devices/actions/add",
    also="POST /api/projects/devices",
    lock=Lock.PROJECT,
    example=ADD,
    done="Device added",
    tool="add_device",
    task=Task.HARDWARE,
    when="to add a PLC or another station by its order number.",
    unless="without the order number: search_catalog first.",
)
def add(ctx: Context, request: Add) -> DeviceInfo:
    """Add a device. The answer has the names that TIA Portal gave it."""
    found = articles.choose_article(ctx.session, request.order_number, request.version, request.type_identifier)
    name = request.name or devices.free_name(ctx.session, articles.stem(found))
    return devices.add(ctx.session, found.type_identifier, name, request.device_name, request.group)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="DELETE /api/devices/{deviceName}",
    job="POST /api/devices/{deviceName}/actions/delete-async",
    lock=Lock.PROJECT,
    example={"deviceName": "PLC_1"},
    done="Device deleted",
)
def delete(ctx: Context, request: OnDevice) -> Deleted:
    """Delete a device with its program and its connections."""
    return Deleted(device_name=devices.delete(ctx.session, request.device_name))


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    wait="POST /api/devices/actions/rename",
    job="POST /api/devices/actions/rename-async",
    lock=Lock.PROJECT,
    example={"deviceName": "PLC_1", "newName": "Packaging", "cpuName": "PLC_Packaging"},
    done="Device renamed",
    resource=get,
)
def rename(ctx: Context, request: Rename) -> DeviceInfo:
    """Rename a station, its CPU, or both."""
    return devices.rename(ctx.session, request.device_name, request.new_name, request.cpu_name)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/devices/{deviceName}/actions/compile-sync",
    job="POST /api/devices/{deviceName}/actions/compile",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example={"deviceName": "PLC_1", "scope": "all"},
    done="Compiled",
    event="compile.finished",
    tool="compile_device",
    task=Task.CODE,
    when="to list all errors and warnings of a PLC, and after changes of tags or hardware.",
    unless="after write_scl, which compiles.",
)
def compile_(ctx: Context, request: Compile) -> CompileReport:
    """Compile a device's hardware and software. The answer lists compile errors; they are no failure of the request."""
    return compiling.compile_device(ctx.session, request.device_name, request.scope)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/devices/{deviceName}/actions/configure-network-sync",
    job="POST /api/devices/{deviceName}/actions/configure-network",
    lock=Lock.PROJECT,
    example=NETWORK,
    done="Network configured",
)
def configure_network(ctx: Context, request: ConfigureNetwork) -> InterfaceState:
    """Set address, mask, router, PROFINET name, subnet and IO system of an interface; all or nothing."""
    settings = NetworkSettings(
        interface=request.interface,
        address=request.ip_address,
        mask=request.subnet_mask,
        router=request.router_address,
        profinet_name=request.profinet_name,
        subnet=request.subnet,
        io_system=request.io_system,
        allow_collision=request.allow_collision,
    )
    return network_settings.configure(ctx.session, request.device_name, settings)


@section.operation(wait="GET /api/projects/devices/parking-lot", right=Right.VIEW, changes=False, kept=True)
def parking_lot(ctx: Context, request: Parked) -> ParkingLot:
    """List the devices in the parking lot and the modules that are in no slot."""
    return devices.parking_lot(ctx.session, request.folder)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/projects/devices/parking-lot/actions/clear",
    lock=Lock.PROJECT,
    example={"folder": PARKING_LOT},
)
def clear_parking_lot(ctx: Context, request: Parked) -> ParkingLot:
    """Delete the devices in the parking lot and the modules that are in no slot. The answer lists the deleted ones."""
    return devices.clear_parking_lot(ctx.session, request.folder)
