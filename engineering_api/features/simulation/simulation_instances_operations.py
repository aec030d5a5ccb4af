"""PLCSim Simulation: instances of PLCSIM Advanced, their states, settings, network and archives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from engineering_api.features.simulation import instance_settings
from engineering_api.features.simulation.simulation_operations import TIMEOUT
from engineering_api.files import archives
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Problem
from openness_bridge.plcsim import instances
from openness_bridge.plcsim.instances import InstanceConfig, InstanceNetwork, InstanceState, Interface, Settings
from openness_bridge.plcsim.runtime import RegisteredInstance

section = Section("PLCSim Simulation", reach=Reach.ALL, lock=Lock.NONE)


class OnInstance(Request, kw_only=True):
    """Which instance."""

    name: Annotated[str, named("Name of the instance, without regard to case.")]


class OnInstanceWaiting(OnInstance, kw_only=True):
    """Which instance, and how long to wait."""

    timeout_ms: Annotated[int, named(TIMEOUT, "timeout", ge=1, le=600_000)] = 60_000


class Create(Request, kw_only=True):
    """A new instance."""

    name: Annotated[
        str | None, named("Its name, up to 63 characters; Instance_0 and so on by default.", "instanceName")
    ] = None
    cpu_type: Annotated[str | None, named("Such as CPU1511 or CPU1500_Unspecified.", "cpu")] = None
    communication_interface: Annotated[
        str | None, named("Softbus or TCPIP; all running instances must have the same.", "interface")
    ] = None
    storage_path: Annotated[
        str | None,
        path_field("Folder of its virtual memory card, inside the allowed folders of the server.", writes=True),
    ] = None
    library: Annotated[
        str | None, path_field("Library (DLL) of a custom virtual controller, inside the allowed folders.", "vplcDll")
    ] = None
    power_on: Annotated[bool, named("Switch it on immediately.")] = False


class Delete(OnInstance, kw_only=True):
    """Which instance, and whether with its data."""

    delete_storage: Annotated[
        bool, named("Delete its virtual memory card as well: program and retentive data.", destroys=True)
    ] = False


class Configure(OnInstance, kw_only=True):
    """The settings to change; the others keep their values."""

    cpu_type: Annotated[str | None, named("Only while it is off.")] = None
    communication_interface: Annotated[str | None, named("Softbus or TCPIP; only while it is off.")] = None
    storage_path: Annotated[
        str | None, path_field("Only while it is off; inside the allowed folders of the server.", writes=True)
    ] = None
    operating_mode: Annotated[
        str | None, named("Default, or how time passes on demand: SingleStep_C, SingleStep_CT, TimespanSynchronized_C…")
    ] = None
    scale_factor: Annotated[float, named("Virtual seconds in a real one, 0.01 to 100.", ge=0.01, le=100)] | None = None
    system_time: Annotated[str | None, named("The time that its clock is set to, ISO 8601.")] = None
    minimal_cycle_time_ms: Annotated[float, named("Minimal cycle time of the modes with T.", ge=0, le=6000)] | None = (
        None
    )


class SetNetwork(OnInstance, kw_only=True):
    """The IP suite of an interface."""

    ip_address: Annotated[str, named("IPv4 address.", "ip", "address")]
    subnet_mask: Annotated[str, named("Subnet mask.", "mask")] = "255.255.255.0"
    default_gateway: Annotated[str, named("Gateway; 0.0.0.0 for none.", "gateway")] = "0.0.0.0"  # noqa: S104
    interface_id: Annotated[int, named("Number of the interface.", "id", ge=0)] = 0
    is_remanent: Annotated[bool, named("Keep it when the instance is switched off.", "remanent")] = True


class ArchiveFile(OnInstance, kw_only=True):
    """Which instance, and the archive."""

    path: Annotated[
        str, path_field("A .zip file on the server, inside its allowed folders.", "filePath", "archivePath")
    ]


class NewArchive(ArchiveFile, kw_only=True):
    """Which instance, and the archive that is written."""

    path: Annotated[
        str,
        path_field(
            "A new .zip file on the server, inside its allowed folders.", "filePath", "archivePath", writes=True
        ),
    ]


class Archived(Model):
    """The archive that was written; its size is in bytes."""

    name: str
    path: str
    size: int


ONE = {"name": "PLC_1"}
PATH = "/api/simulation/instances/{name}"


@section.operation(
    wait="POST /api/simulation/instances/create",
    done="Instance created",
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ONE | {"cpuType": "CPU1511"},
    tool="plcsim_create_instance",
)
def create(ctx: Context, request: Create) -> InstanceConfig:
    """Register an instance. It is off; it has the program of the memory card in its folder, or none."""
    simulation, defaults = ctx.service.simulation, instance_settings.defaults(ctx)
    library = str(ctx.roots.existing(request.library)) if request.library else None
    storage = str(ctx.roots.resolve(request.storage_path)) if request.storage_path else None
    handle = simulation.register(request.name, request.cpu_type or defaults.cpu_type or None, library)
    if storage is None and defaults.storage_path:
        storage = str(Path(defaults.storage_path) / handle.name)
    interface = request.communication_interface or defaults.communication_interface or None
    try:
        instances.configure(simulation, handle.name, Settings(communication_interface=interface, storage_path=storage))
        if request.power_on:
            instances.power_on(simulation, handle.name)
    except Problem:
        simulation.unregister(handle.name)
        raise
    return instances.config(simulation, handle.name)


@section.operation(
    wait=f"DELETE {PATH}",
    example=ONE,
    done="Instance deleted",
    destroys=True,
    undo=Undo.NEVER,
    tool="plcsim_delete_instance",
)
def delete(ctx: Context, request: Delete) -> RegisteredInstance:
    """Switch an instance off and unregister it."""
    return ctx.service.simulation.unregister(request.name, delete_storage=request.delete_storage)


@section.operation(
    wait=f"POST {PATH}/power-on",
    example=ONE,
    done="Switched on",
    destroys=False,
    undo=Undo.NEEDLESS,
    tool="plcsim_power_on",
)
def power_on(ctx: Context, request: OnInstanceWaiting) -> InstanceState:
    """Switch an instance on."""
    return instances.power_on(ctx.service.simulation, request.name, request.timeout_ms)


@section.operation(
    wait=f"POST {PATH}/power-off",
    example=ONE,
    done="Switched off",
    destroys=False,
    undo=Undo.NEVER,
    tool="plcsim_power_off",
)
def power_off(ctx: Context, request: OnInstanceWaiting) -> InstanceState:
    """Switch an instance off."""
    return instances.power_off(ctx.service.simulation, request.name, request.timeout_ms)


@section.operation(
    wait=f"POST {PATH}/run",
    example=ONE,
    done="RUN",
    destroys=False,
    undo=Undo.NEEDLESS,
    tool="plcsim_run",
)
def run(ctx: Context, request: OnInstanceWaiting) -> InstanceState:
    """Set an instance to RUN."""
    return instances.run(ctx.service.simulation, request.name, request.timeout_ms)


@section.operation(
    wait=f"POST {PATH}/stop",
    example=ONE,
    done="STOP",
    destroys=False,
    undo=Undo.NEVER,
    tool="plcsim_stop",
)
def stop(ctx: Context, request: OnInstanceWaiting) -> InstanceState:
    """Set an instance to STOP."""
    return instances.stop(ctx.service.simulation, request.name, request.timeout_ms)


@section.operation(
    wait=f"POST {PATH}/memory-reset",
    example=ONE,
    done="Memory reset",
    destroys=True,
    undo=Undo.NEVER,
    tool="plcsim_memory_reset",
)
def memory_reset(ctx: Context, request: OnInstanceWaiting) -> InstanceState:
    """Reset the memory of an instance; it is in STOP afterwards."""
    return instances.memory_reset(ctx.service.simulation, request.name, request.timeout_ms)


@section.operation(
    wait=f"GET {PATH}/state",
    right=Right.VIEW,
    changes=False,
    example=ONE,
    tool="plcsim_get_instance_state",
)
def state(ctx: Context, request: OnInstance) -> InstanceState:
    """Get the state of an instance."""
    return instances.state(ctx.service.simulation, request.name)


@section.operation(
    wait=f"GET {PATH}/config",
    right=Right.VIEW,
    changes=False,
    example=ONE,
    tool="plcsim_get_instance_config",
)
def config(ctx: Context, request: OnInstance) -> InstanceConfig:
    """Get the settings of an instance."""
    return instances.config(ctx.service.simulation, request.name)


@section.operation(
    wait=f"PUT {PATH}/config",
    done="Settings changed",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"scaleFactor": 10},
    tool="plcsim_set_instance_config",
)
def configure(ctx: Context, request: Configure) -> InstanceConfig:
    """Change settings of an instance."""
    storage = str(ctx.roots.resolve(request.storage_path)) if request.storage_path is not None else None
    wanted = Settings(
        cpu_type=request.cpu_type,
        communication_interface=request.communication_interface,
        storage_path=storage,
        operating_mode=request.operating_mode,
        scale_factor=request.scale_factor,
        system_time=request.system_time,
        minimal_cycle_time_ms=request.minimal_cycle_time_ms,
    )
    return instances.configure(ctx.service.simulation, request.name, wanted)


@section.operation(wait=f"GET {PATH}/network", right=Right.VIEW, changes=False, example=ONE, tool="plcsim_get_network")
def network(ctx: Context, request: OnInstance) -> InstanceNetwork:
    """Get how an instance can be reached."""
    return instances.network(ctx.service.simulation, request.name)


@section.operation(
    wait=f"PUT {PATH}/network",
    done="Network changed",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"ipAddress": "192.168.0.10", "subnetMask": "255.255.255.0"},
    tool="plcsim_set_network",
)
def set_network(ctx: Context, request: SetNetwork) -> InstanceNetwork:
    """Set the IP suite of an instance that is on."""
    suite = Interface(request.interface_id, request.ip_address, request.subnet_mask, request.default_gateway)
    return instances.set_network(ctx.service.simulation, request.name, suite, remanent=request.is_remanent)


@section.operation(wait="GET /api/simulation/instances", right=Right.VIEW, changes=False, tool="plcsim_list_instances")
def list_(ctx: Context, request: Nothing) -> list[RegisteredInstance]:
    """List the registered instances."""
    del request
    return ctx.service.simulation.instances()


@section.operation(
    also=f"POST {PATH}/actions/archive",
    done="Archived",
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ONE | {"path": "archives/PLC_1.zip"},
)
def archive(ctx: Context, request: NewArchive) -> Archived:
    """Write the virtual memory card of an instance that is off to a new file."""
    path = ctx.roots.new(request.path)
    instances.archive(ctx.service.simulation, request.name, path)
    return Archived(name=request.name, path=str(path), size=path.stat().st_size)


@section.operation(
    also=f"POST {PATH}/actions/retrieve",
    done="Retrieved",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"path": "archives/PLC_1.zip"},
)
def retrieve(ctx: Context, request: ArchiveFile) -> InstanceConfig:
    """Read the virtual memory card of an instance that is off from a file."""
    return instances.retrieve(ctx.service.simulation, request.name, archives.resolve_archive(ctx.roots, request.path))
