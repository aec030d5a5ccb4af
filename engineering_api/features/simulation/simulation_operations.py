"""PLCSim Simulation: the runtime manager of PLCSIM Advanced, the connected instance, and archives of it."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.simulation import instance_settings
from engineering_api.features.simulation.instance_settings import RuntimeDefaults
from engineering_api.files import archives
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Reach, Right, Task, Undo
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim import instances, tags
from openness_bridge.plcsim.errors import translate_errors
from openness_bridge.plcsim.instances import InstanceState
from openness_bridge.plcsim.runtime import RegisteredInstance, RuntimeStatus

section = Section("PLCSim Simulation", reach=Reach.ALL, lock=Lock.NONE)
INSTANCE = "Name of the instance; the connected one by default."
TIMEOUT = "Milliseconds to wait for the state; then the request fails, and the instance keeps running."


class Chosen(Request, kw_only=True):
    """Which instance."""

    instance: Annotated[str | None, named(INSTANCE, "instanceName", "name")] = None


class RuntimeConfig(Model):
    """The runtime manager's configuration.

    Attributes:
        port: Open for other runtime managers, 0 for none.
        network_mode: How all instances are reached; null before API version 6.
        defaults: What new instances get here.
    """

    port: int
    network_mode: str | None
    defaults: RuntimeDefaults


class Configure(Request, kw_only=True):
    """The settings to change; the others keep their values."""

    network_mode: Annotated[
        str | None, named("Softbus, TCPIPSingleAdapter or TCPIPMultipleAdapter; while no instance runs.")
    ] = None
    default_storage_path: Annotated[
        str | None,
        path_field(
            "Folder below which new instances keep their data; empty for that of PLCSIM Advanced.",
            "storagePath",
            writes=True,
        ),
    ] = None
    default_communication_interface: Annotated[
        str | None,
        named("Softbus or TCPIP, for new instances; empty for that of PLCSIM Advanced.", "communicationInterface"),
    ] = None
    default_cpu_type: Annotated[
        str | None, named("Such as CPU1511, for new instances; empty for an unspecified one.", "cpuType")
    ] = None


class SetPort(Request, kw_only=True):
    """Which port."""

    port: Annotated[int, named("Port for other runtime managers, 1025 to 65535; 0 closes it.", ge=0, le=65535)]


class Port(Model):
    """The open port, 0 for none."""

    port: int


class Connected(Model):
    """The connected instance and how many entries its tag list has; none while it is off."""

    instance: RegisteredInstance
    tag_count: int


class Disconnected(Model):
    """The instance that was connected; it does not change."""

    instance: RegisteredInstance | None


class Start(Chosen, kw_only=True):
    """Which instance, and how long to wait."""

    timeout_ms: Annotated[int, named(TIMEOUT, "timeout", ge=1, le=600_000)] = 60_000


class Stop(Start, kw_only=True):
    """Which instance, and whether it stays on."""

    power_off: Annotated[bool, named("Switch the instance off as well.")] = True


class SimulationState(Model):
    """The session: the connected instance and what it is doing.

    Attributes:
        is_connected: Whether requests that name no instance have one.
        is_running: Whether its program runs; in Freeze it does not.
    """

    is_connected: bool
    is_running: bool
    instance: InstanceState | None


class ImportLegacy(Request, kw_only=True):
    """What to import."""

    import_path: Annotated[
        str,
        path_field(
            "A .zip archive of PLCSIM Advanced on the server, inside its allowed folders.",
            "path",
            "filePath",
            "archivePath",
            "projectPath",
        ),
    ]
    instance: Annotated[
        str | None,
        named(
            "Instance that is off; registered when there is none. By default named as the file.", "instanceName", "name"
        ),
    ] = None


ONE = {"instance": "PLC_1"}


@section.operation(wait="GET /api/simulation/runtime/status", right=Right.VIEW, changes=False)
def runtime_status(ctx: Context, request: Nothing) -> RuntimeStatus:
    """Get whether PLCSIM Advanced is installed and running, its version and its instances."""
    del request
    return ctx.service.simulation.status()


@section.operation(
    wait="POST /api/simulation/runtime/start",
    done="Runtime manager running",
    destroys=False,
    undo=Undo.NEEDLESS,
    tool="plcsim_start_runtime",
)
def start_runtime(ctx: Context, request: Nothing) -> RuntimeStatus:
    """Start the runtime manager."""
    del request
    return ctx.service.simulation.start()


@section.operation(
    wait="GET /api/simulation/runtime/config",
    right=Right.VIEW,
    changes=False,
    tool="plcsim_get_runtime_config",
)
def runtime_config(ctx: Context, request: Nothing) -> RuntimeConfig:
    """Get port, network mode, and the settings of new instances."""
    del request
    return _config(ctx)


@section.operation(
    wait="PUT /api/simulation/runtime/config",
    done="Configuration changed",
    destroys=True,
    undo=Undo.NEVER,
    example={"defaultCpuType": "CPU1511", "defaultCommunicationInterface": "Softbus"},
    tool="plcsim_set_runtime_config",
)
def configure_runtime(ctx: Context, request: Configure) -> RuntimeConfig:
    """Change the network mode, and the settings of new instances."""
    instance_settings.change(
        ctx,
        storage_path=request.default_storage_path,
        communication_interface=request.default_communication_interface,
        cpu_type=request.default_cpu_type,
        network_mode=request.network_mode,
    )
    return _config(ctx)


def _config(ctx: Context) -> RuntimeConfig:
    simulation = ctx.service.simulation
    with translate_errors():
        port = int(simulation.manager.Port)
    return RuntimeConfig(port=port, network_mode=simulation.network_mode(), defaults=instance_settings.defaults(ctx))


@section.operation(
    wait="POST /api/simulation/runtime/port",
    example={"port": 50000},
    destroys=True,
    undo=Undo.NEVER,
    done="Port changed",
    tool="plcsim_set_runtime_port",
)
def set_port(ctx: Context, request: SetPort) -> Port:
    """Open the port for runtime managers of other computers, or close it."""
    return Port(port=ctx.service.simulation.set_port(request.port))


@section.operation(
    wait="GET /api/simulation/status",
    right=Right.VIEW,
    changes=False,
    tool="plcsim_status",
)
def status(ctx: Context, request: Nothing) -> RuntimeStatus:
    """Get the state of the runtime manager, its instances and the connected one."""
    del request
    return ctx.service.simulation.status()


@section.operation(
    wait="POST /api/simulation/connect",
    example=ONE,
    done="Connected",
    destroys=False,
    undo=Undo.NEEDLESS,
    tool="plcsim_connect",
)
def connect(ctx: Context, request: Chosen) -> Connected:
    """Connect to an instance. Requests that name no instance use it. If there is only one, it need not be named."""
    simulation = ctx.service.simulation
    instance = instances.connect(simulation, request.instance)
    on = instance.operating_state in {"Stop", "Startup", "Run", "Freeze"}
    return Connected(instance=instance, tag_count=tags.refresh(simulation, instance.name) if on else 0)


@section.operation(
    wait="POST /api/simulation/disconnect",
    done="Disconnected",
    destroys=False,
    undo=Undo.NEEDLESS,
    tool="plcsim_disconnect",
)
def disconnect(ctx: Context, request: Nothing) -> Disconnected:
    """Disconnect from the instance; it stays registered and keeps running."""
    del request
    return Disconnected(instance=instances.disconnect(ctx.service.simulation))


@section.operation(
    wait="POST /api/simulation/start",
    example=ONE,
    done="Simulation started",
    destroys=False,
    undo=Undo.NEEDLESS,
    tool="plcsim_start_simulation",
    task=Task.SIMULATE,
    when="to start the simulated PLC (PLCSIM Advanced) that has the program.",
    unless="to load a program: download_to_plc.",
)
def start(ctx: Context, request: Start) -> SimulationState:
    """Connect to an instance, switch it on and set it to RUN."""
    simulation = ctx.service.simulation
    instances.connect(simulation, request.instance or simulation.connected)
    instances.power_on(simulation, None, request.timeout_ms)
    instances.run(simulation, None, request.timeout_ms)
    return _state(ctx)


@section.operation(
    wait="POST /api/simulation/stop",
    example=ONE | {"powerOff": False},
    destroys=False,
    undo=Undo.NEVER,
    done="Simulation stopped",
    tool="plcsim_stop_simulation",
)
def stop(ctx: Context, request: Stop) -> SimulationState:
    """Stop an instance, and switch it off unless it is to stay on."""
    simulation = ctx.service.simulation
    handle = simulation.handle(request.instance)
    if handle.state() != "Off":
        instances.stop(simulation, handle.name, request.timeout_ms)
    if request.power_off:
        instances.power_off(simulation, handle.name, request.timeout_ms)
    return _state(ctx)


@section.operation(
    wait="GET /api/simulation/state",
    right=Right.VIEW,
    changes=False,
    tool="plcsim_get_simulation_state",
)
def state(ctx: Context, request: Nothing) -> SimulationState:
    """Get which instance is connected and whether its program runs."""
    del request
    return _state(ctx)


def _state(ctx: Context) -> SimulationState:
    simulation = ctx.service.simulation
    if simulation.connected is None:
        return SimulationState(is_connected=False, is_running=False, instance=None)
    found = instances.state(simulation, None)
    return SimulationState(is_connected=True, is_running=found.operating_state == "Run", instance=found)


@section.operation(
    wait="POST /api/simulation/import-legacy",
    done="Archive imported",
    destroys=False,
    undo=Undo.NEVER,
    example={"importPath": "archives/PLC_1.zip", "instance": "PLC_1"},
)
def import_legacy(ctx: Context, request: ImportLegacy) -> instances.InstanceConfig:
    """Import an archive of PLCSIM Advanced. Files of the classic PLCSIM are refused: nothing can read them."""
    path = ctx.roots.resolve(request.import_path)
    if path.suffix.lower() != ".zip":
        msg = (
            f"'{request.import_path}' is not an archive of PLCSIM Advanced (.zip). A simulation of the classic PLCSIM cannot be "
            "imported: it has no API and no format that can be read. Download the project's program to an instance instead."
        )
        raise Problem("plcsim.classic", msg, kind=Kind.UNSUPPORTED, place=Place(path=request.import_path))
    path = archives.resolve_archive(ctx.roots, request.import_path)
    simulation = ctx.service.simulation
    name = request.instance or path.stem
    registered = {each.name.casefold() for each in simulation.instances()}
    if name.casefold() in registered:
        return instances.retrieve(simulation, name, path)
    simulation.register(name, None)
    try:
        return instances.retrieve(simulation, name, path)
    except Problem:
        simulation.unregister(name)
        raise
