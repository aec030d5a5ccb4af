"""Download / Upload: online and offline, CPU state, download, upload, comparison, live values of a PLC."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import msgspec

from engineering_api.features.online import cpu_state, live_values
from engineering_api.features.protection.secrets import passwords
from engineering_api.operations import terms
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.streaming.streams import Listening, LiveStream
from engineering_api.operations.terms import Lock, Place, Right, Task, Trial, Undo
from engineering_api.web import value_stream
from openness_bridge.errors import Detail, Problem
from openness_bridge.hardware.interfaces import addresses as addresses_of
from openness_bridge.lookup import locate_plc
from openness_bridge.online import compare as comparing
from openness_bridge.online import download as downloading
from openness_bridge.online import online, plc_instance, prompts
from openness_bridge.online import upload as uploading
from openness_bridge.online.compare import Comparison
from openness_bridge.online.download import DownloadReport, DownloadScope
from openness_bridge.online.online import OnlineReport, PcInterface, Via
from openness_bridge.online.plc_instance import CpuStatus
from openness_bridge.online.prompts import KnownPrompt, Policy
from openness_bridge.online.upload import UploadReport
from openness_bridge.plcsim import tags as plcsim_tags
from openness_bridge.plcsim.addresses import describe_instances
from openness_bridge.plcsim.tags import Outcome
from openness_bridge.program_identity import of_program

section = Section("Download / Upload")
PROMPTS = (
    "Answers to the questions of TIA Portal, by type of the question: such as StopModules: StopAll, CheckBeforeDownload: true. "
    "A question that is not named is not confirmed. GET /api/download/prompts lists them."
)
PASSWORDS = "Password questions by type, with the name of a secret: PLANT is the service's environment variable TIA_SECRET_PLANT."
USER = (
    "User of a CPU with users and roles (TIA Portal V19 and later). Its password is that of OnlineAuthenticationConfiguration "
    "in passwords; the kind of user is ProjectUser unless prompts names another."
)
TAG = "Name of the tag, such as bStart or Motor_Data.speed; quotes and case do not matter."
Value = bool | int | float | str


class OnDevice(Request, kw_only=True):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class Reach(OnDevice, kw_only=True):
    """Which PLC, over which interface, and the answers to questions."""

    mode: Annotated[str, named("Kind of network.", "connectionMode")] = "PN/IE"
    pc_interface: Annotated[
        str, named("Interface of the computer as Windows names it; PLCSIM when left out.", "pcInterfaceName")
    ] = ""
    pc_interface_number: Annotated[int, named("Distinguishes interfaces of the same name.", "interfaceNumber")] = 1
    target_interface: Annotated[str, named("Interface of the CPU, such as 1 X1; the first by default.")] = ""
    prompts: Annotated[dict[str, str | bool], named(PROMPTS, "answers", "policy")] = msgspec.field(default_factory=dict)
    passwords: Annotated[dict[str, str], named(PASSWORDS, "secrets")] = msgspec.field(default_factory=dict)
    user_name: Annotated[str, named(USER, "user")] = ""

    def via(self, address: str = "") -> Via:
        """The way."""
        return Via(
            mode=self.mode,
            pc_interface=self.pc_interface,
            pc_number=self.pc_interface_number,
            target_interface=self.target_interface,
            address=address,
        )

    def policy(self) -> Policy:
        """The answers to questions."""
        return Policy(answers=self.prompts, passwords=passwords(self.passwords), user=self.user_name)


class Interfaces(OnDevice, kw_only=True):
    """Which PLC."""

    search: Annotated[bool, named("Ask which devices answer on each interface; takes seconds on a real network.")] = (
        False
    )


class Download(Reach, kw_only=True):
    """What to download, and over which interface."""

    scope: Annotated[DownloadScope, named("What to load.", "options", "downloadScope")] = "HardwareAndSoftware"
    ip_address: Annotated[
        str, named("Address of the CPU where it is not yet the one of the project.", "address", "ip")
    ] = ""


class DownloadToFolder(OnDevice, kw_only=True):
    """Where the card is written, and the answers to questions."""

    folder_path: Annotated[
        str,
        path_field(
            "A folder on the server, inside its allowed folders; created if it is missing.",
            "folder",
            "path",
            "exportPath",
            writes=True,
        ),
    ]
    prompts: Annotated[dict[str, str | bool], named(PROMPTS, "answers", "policy")] = msgspec.field(default_factory=dict)


class Upload(Reach, kw_only=True):
    """Where the station comes from."""

    ip_address: Annotated[
        str, named("Address of the CPU; that of the device in the project by default.", "address", "ip")
    ] = ""


class Compare(Reach, kw_only=True):
    """What the program is compared with."""

    other_device: Annotated[
        str, named("Another PLC of the project; the program in the CPU by default.", "compareWith", "otherDeviceName")
    ] = ""


class ReadValues(OnDevice, kw_only=True):
    """Which tags of a PLC."""

    tags: Annotated[list[str], named(TAG, "names", "tagNames", min_length=1, max_length=10_000)]


class NewValue(Model):
    """A tag and its new value."""

    name: Annotated[str, named(TAG, "tag", "tagName")]
    value: Annotated[Value, named("A value of the tag's type, or its text as TIA Portal writes it, such as T#2s.")]


class WriteValues(OnDevice, kw_only=True):
    """Which tags of a PLC, and their new values."""

    values: Annotated[list[NewValue], named("The tags.", "tags", min_length=1, max_length=10_000)]


ON_DEVICE = {"deviceName": "PLC_1"}
AGREED = {
    "StopModules": "StopAll",
    "StartModules": "StartModule",
    "OverwriteSystemData": "Overwrite",
    "CheckBeforeDownload": True,
}


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    wait="POST /api/devices/{deviceName}/online",
    also="POST /api/devices/{deviceName}/online/connect",
    right=Right.OPERATE,
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=ON_DEVICE | {"pcInterface": "PLCSIM"},
    done="Connected",
    event="online.connected",
    tool="go_online",
    task=Task.ONLINE,
    when="to connect to a real or simulated CPU.",
    unless="to load the program: download_to_plc.",
)
def connect(ctx: Context, request: Reach) -> OnlineReport:
    """Go online with a PLC. The request fails if the connection is not established."""
    return online.go_online(ctx.session, request.device_name, request.via(), request.policy())


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    wait="DELETE /api/devices/{deviceName}/online",
    also="POST /api/devices/{deviceName}/online/disconnect",
    right=Right.OPERATE,
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=ON_DEVICE,
    done="Disconnected",
    event="online.disconnected",
    tool="go_offline",
)
def disconnect(ctx: Context, request: OnDevice) -> OnlineReport:
    """Go offline. Nothing happens if the PLC is offline already."""
    return online.go_offline(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/online/status", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def status(ctx: Context, request: OnDevice) -> OnlineReport:
    """Get whether a PLC is online."""
    return online.status(ctx.session, request.device_name)


@section.operation(
    also="GET /api/devices/{deviceName}/online/interfaces",
    right=Right.VIEW,
    changes=False,
    example=ON_DEVICE | {"search": True},
)
def interfaces(ctx: Context, request: Interfaces) -> list[PcInterface]:
    """List the ways to a PLC: interfaces of the computer, and the interfaces of the CPU that they reach."""
    return online.ways(ctx.session, request.device_name, search=request.search)


@section.operation(
    wait="GET /api/devices/{deviceName}/cpu/status",
    right=Right.VIEW,
    place=Place.WORKER,
    changes=False,
    example=ON_DEVICE,
)
def cpu_status(ctx: Context, request: OnDevice) -> CpuStatus:
    """Get the operating state of a CPU: of a PLCSIM Advanced instance, or of a real CPU with a source of the kind webapi.

    Without both it is `unknown`, because Openness cannot read it.
    """
    return cpu_state.status(ctx, request.device_name)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/devices/{deviceName}/actions/download-sync",
    job="POST /api/devices/{deviceName}/actions/download",
    right=Right.OPERATE,
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=ON_DEVICE | {"scope": "HardwareAndSoftware", "prompts": AGREED},
    done="Downloaded",
    event="download.finished",
    tool="download_to_plc",
    task=Task.ONLINE,
    when="to load the program into a CPU or its simulation.",
    unless="to test a block: run_tests needs no download.",
)
def download(ctx: Context, request: Download) -> DownloadReport:
    """Compile a PLC and download it to its CPU.

    If the compilation has errors, the answer names their places and nothing is downloaded. `prompts` answers the questions of
    TIA Portal, and the answer lists them. A question that must be confirmed and is not named ends the download. A PLC that is
    online goes offline for the download and online again.
    """
    ctx.progress.report(5, "Compiling and loading")
    via = request.via(request.ip_address)
    try:
        return downloading.download(ctx.session, request.device_name, request.scope, via, request.policy())
    except Problem as problem:
        if problem.code == "download.refused":
            problem.details = [*problem.details, Detail("download.target", _describe_target(ctx, request))]
        raise


def _describe_target(ctx: Context, request: Download) -> str:
    """Return where a download went, and which simulated instances are there, in two sentences."""
    own = addresses_of(ctx.session, locate_plc(ctx.session, request.device_name).device)
    went = f"The download went to {request.ip_address or ', '.join(own) or 'no address'}."
    with suppress(Problem):
        return f"{went} {describe_instances(ctx.service.simulation)}"
    return went


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    also="POST /api/devices/{deviceName}/actions/download-to-folder",
    right=Right.OPERATE,
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=ON_DEVICE | {"folderPath": "card", "prompts": {"TargetForSoftware": "PlcSimulationAdvanced"}},
    done="Written",
)
def download_to_folder(ctx: Context, request: DownloadToFolder) -> DownloadReport:
    """Compile a PLC and write what a memory card would hold into a folder; needs TIA Portal V19, but no connection."""
    folder = ctx.roots.resolve(request.folder_path)
    ctx.require(not folder.is_file(), "file.wrong_kind", f"'{request.folder_path}' is a file: name a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    return downloading.download_to_folder(ctx.session, request.device_name, folder, Policy(answers=request.prompts))


@section.operation(also="GET /api/download/prompts", right=Right.VIEW, changes=False)
def list_prompts(ctx: Context, _: Nothing) -> list[KnownPrompt]:
    """List the questions that a download can ask, with the possible answers and the default ones."""
    return prompts.list_prompts(ctx.session.model)


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    job="POST /api/devices/{deviceName}/actions/upload",
    wait="POST /api/devices/{deviceName}/actions/upload-sync",
    right=Right.OPERATE,
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=ON_DEVICE | {"ipAddress": "192.168.0.1"},
    done="Uploaded",
    event="upload.finished",
)
def upload(ctx: Context, request: Upload) -> UploadReport:
    """Upload the station of a CPU as a new station of the project, with hardware and program."""
    via = request.via(request.ip_address)
    return uploading.upload(ctx.session, request.device_name, via, request.policy())


@section.operation(
    wait="POST /api/devices/{deviceName}/cpu/actions/start",
    right=Right.OPERATE,
    place=Place.WORKER,
    example=ON_DEVICE,
    destroys=False,
    undo=Undo.NEVER,
    done="CPU started",
)
def start_cpu(ctx: Context, request: OnDevice) -> CpuStatus:
    """Set the CPU to RUN: a PLCSIM Advanced instance, or a real CPU with a source of the kind webapi whose `startStop` is set.

    Openness has no command for it.
    """
    return cpu_state.start(ctx, request.device_name)


@section.operation(
    wait="POST /api/devices/{deviceName}/cpu/actions/stop",
    right=Right.OPERATE,
    place=Place.WORKER,
    example=ON_DEVICE,
    destroys=False,
    undo=Undo.NEVER,
    done="CPU stopped",
)
def stop_cpu(ctx: Context, request: OnDevice) -> CpuStatus:
    """Set the CPU to STOP: a PLCSIM Advanced instance, or a real CPU with a source of the kind webapi whose `startStop` is set.

    Openness has no command for it.
    """
    return cpu_state.stop(ctx, request.device_name)


@section.operation(
    wait="POST /api/devices/{deviceName}/actions/compare",
    right=Right.VIEW,
    lock=Lock.PROJECT,
    changes=False,
    example=ON_DEVICE,
)
def compare(ctx: Context, request: Compare) -> Comparison:
    """Compare the program with the program in the CPU, or with that of another PLC, and list the objects that differ."""
    if request.other_device:
        return comparing.compare_with_other(ctx.session, request.device_name, request.other_device)
    return comparing.compare_with_online(ctx.session, request.device_name, request.via(), request.policy())


@section.operation(
    also="POST /api/devices/{deviceName}/online/values/actions/read",
    right=Right.VIEW,
    changes=False,
    example=ON_DEVICE | {"tags": ["bStart", "Motor_Data.speed"]},
    live=True,
)
def read_values(ctx: Context, request: ReadValues) -> list[Outcome]:
    """Read several tags of a simulated PLC at one moment. The answer names the reason for each tag that cannot be read."""
    simulation = ctx.service.simulation
    instance = plc_instance.name(ctx.session, simulation, request.device_name, "Reading live values")
    found = plcsim_tags.read_many(simulation, instance, request.tags)
    return of_program(found, live_values.program_of(ctx, request.device_name))


@section.operation(
    also="POST /api/devices/{deviceName}/online/values/actions/write",
    right=Right.OPERATE,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"values": [{"name": "bStart", "value": True}]},
    done="Values written",
    live=True,
)
def write_values(ctx: Context, request: WriteValues) -> list[Outcome]:
    """Write several tags of a simulated PLC between two cycles. If one cannot be written, none is."""
    simulation = ctx.service.simulation
    instance = plc_instance.name(ctx.session, simulation, request.device_name, "Writing live values")
    written = plcsim_tags.write_many(simulation, instance, [(each.name, each.value) for each in request.values])
    return of_program(written, live_values.program_of(ctx, request.device_name))


@section.stream(
    "GET /api/devices/{deviceName}/online/values/stream",
    reach=terms.Reach.PROJECT,
    query=value_stream.TAGS | value_stream.PERIOD,
    live=True,
)
async def stream_values(listening: Listening) -> LiveStream:
    """Stream the values of tags of a PLC."""
    return await live_values.stream(listening, live_values.tags)
