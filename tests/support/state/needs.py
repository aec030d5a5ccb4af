"""What single examples need besides the common state, and which the stand-in refuses because TIA Portal does.

A need is a list of operations that are run first. A value that only the server knows, such as the id of a snapshot, stands
in an example as a fixed text, and is told by an operation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from tests.support.state.api import CATALOGUE, Step, run
from tests.support.state.state import PLC


@dataclass(frozen=True)
class Told:
    """A value that the server knows.

    Attributes:
        by: The operation that tells it.
        at: Where in its answer, names and numbers joined by dots.
    """

    by: Step
    at: str


@dataclass(frozen=True)
class Need:
    """What an example needs.

    Attributes:
        first: Operations before it, in their order.
        values: What the server knows, by the text that stands for it in the example.
        refused: The code with which the stand-in refuses it; none when it works.
        why: Why it refuses.
    """

    first: tuple[Step, ...] = ()
    values: dict[str, Told] = field(default_factory=dict)
    refused: str = ""
    why: str = ""


def example(operation: str, **other: Any) -> Step:
    """The example of another operation, with some of its fields replaced."""
    op = CATALOGUE.named(operation)
    assert op is not None, operation
    return operation, op.example | other


def after(*operations: str | Step) -> Need:
    """What needs the examples of other operations, or operations, before it."""
    return Need(tuple(example(each) if isinstance(each, str) else each for each in operations))


def told(text: str, by: Step, at: str, *first: Step) -> Need:
    """What needs a value that an operation tells."""
    return Need(first, {text: Told(by, at)})


def never(code: str, why: str, *first: Step) -> Need:
    """What cannot be done on the stand-in, as it cannot on a TIA Portal of this version."""
    return Need(first, refused=code, why=why)


SNAPSHOT = "7b0c9c2e-3f53-4c3c-9d5b-5d1f7f3f6a10"
JOB = "784f4bc8-332e-4c26-a366-10db37298890"
EXECUTION = "2f1c7f0a-9a51-4a6c-8f3e-5b1f6f0f3a10"
SIMULATED: tuple[Step, ...] = (
    example("simulation_instances.create"),
    example("simulation_instances.power_on"),
    example("simulation.connect"),
)
LOADED: tuple[Step, ...] = (*SIMULATED, ("online.download", PLC))
ARCHIVED: tuple[Step, ...] = (
    *LOADED,
    example("simulation_instances.power_off"),
    example("simulation_instances.archive"),
)
RUNNING: tuple[Step, ...] = (*LOADED, ("online.start_cpu", PLC))
WITH_MODULE: tuple[Step, ...] = (
    example("hardware.plug"),
    *SIMULATED,
    ("online.download", PLC | {"scope": "HardwareAndSoftware"}),
    ("online.start_cpu", PLC),
)
TYPED: tuple[Step, ...] = (example("libraries_types.create_type"),)
SECOND: tuple[Step, ...] = (
    *TYPED,
    ("blocks.add_member", PLC | {"blockName": "Motor", "section": "Input", "name": "ramp", "dataType": "Time"}),
    ("devices.compile_", PLC),
    example("libraries_types.create_version"),
)
IN_WORK: tuple[Step, ...] = (
    *SECOND[:-1],
    example("libraries_types.create_version", release=False),
    ("devices.compile_", PLC),
)
UNUSED: tuple[Step, ...] = (*TYPED, ("blocks.delete", PLC | {"blockName": "Motor_1"}), example("blocks.delete"))
SHARED: tuple[Step, ...] = (example("libraries_global.create"),)
COPIED: tuple[Step, ...] = (*SHARED, example("libraries_global.create_copy"))
SHARED_TYPE: tuple[Step, ...] = (*TYPED, *SHARED, example("libraries.update_library"))
FROM_SNAPSHOT = told(SNAPSHOT, example("history.snapshot_block"), "snapshotId")
COMMITTED: tuple[Step, ...] = (
    example("source_control.init"),
    example("source_control.commit"),
    example("tags.add", name="Lift", logicalAddress="%Q0.2"),
    example("blocks.add_member", name="ramp"),
    ("devices.compile_", PLC),
    example("source_control.commit", message="A ramp"),
)
BRANCHED: tuple[Step, ...] = (*COMMITTED, example("source_control.create_branch"))
SHARED_REPOSITORY: tuple[Step, ...] = (*COMMITTED, example("source_control.add_remote", url="line.git"))
WAITING = {"name": "Wait", "action": "jobs.get", "params": {"jobId": JOB}, "retryCount": 1, "retryDelayMs": 600000}
"""A step that fails and is tried again much later, so that whatever runs it goes on."""
INITIALIZE: Step = (
    "POST /mcp",
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "example", "version": "1"},
        },
    },
)
HOOK = Told(example("webhooks.create", url="http://127.0.0.1:9/hook"), "id")
HOOKED = Need(values={"0f0c9a58-5a0b-4a86-9d66-5d5f0a3d1c11": HOOK})
DELIVERED = Need(values=HOOKED.values | {"9c3b2c54-1c55-4a4b-8f35-7f6f3a6b2d22": Told(example("webhooks.ping"), "id")})
RUN_PIPELINE = told(EXECUTION, example("pipelines.run"), "executionId", example("pipelines.save"))
SINK = after(
    example("runtime_sinks.create", send={"url": "http://127.0.0.1:9/x", "body": {"template": {"at": "{now}"}}}),
)
FIXED_FORCE_TABLE = "A PLC has exactly one force table."
PRESS: Step = (
    "runtime_sources.create",
    {"name": "Press", "kind": "webapi", "connection": {"host": "127.0.0.1", "port": 9, "plainHttp": True}},
)
NO_CPU = "There is no CPU at the address of the examples."
NO_FORCE = "Neither Openness nor PLCSIM Advanced can force."

HEATER: tuple[Step, ...] = (("technology.create", PLC | {"name": "Heater", "type": "PID_Compact", "version": "2.3"}),)
PUMP: tuple[Step, ...] = (
    ("technology.create", PLC | {"name": "Pump", "type": "PID_Compact", "version": "2.3"}),
    ("devices.compile_", PLC | {"scope": "all"}),
    ("technology.export", PLC | {"objectName": "Pump", "exportPath": "technology/Pump.xml"}),
    ("technology.delete", PLC | {"objectName": "Pump"}),
)

NEEDS: dict[str, Need] = {
    "technology": Need(HEATER),
    "technology.export": Need((*HEATER, ("devices.compile_", PLC | {"scope": "all"}))),
    "technology.import_": Need(PUMP),
    "access.local_key": never(
        "auth.not_local", "The key is given only where TIA_LOCAL_KEY is set, to a proved process of its user."
    ),
    "access.login": after("users.create"),
    "access.refresh": told(
        "6c1f0e5d2b7a4938a1b2c3d4_kq", example("access.login"), "refreshToken", example("users.create")
    ),
    "access.logout": never("auth.no_login", "The examples are sent with an API key, which no login ends."),
    "access.change_password": never("auth.no_login", "The examples are sent with an API key, which has no password."),
    "api_keys.get": told("5d0c1f2a9b3e", example("api_keys.create"), "id"),
    "api_keys.rotate": told("5d0c1f2a9b3e", example("api_keys.create"), "id"),
    "api_keys.revoke": told("5d0c1f2a9b3e", example("api_keys.create"), "id"),
    "runtime_logging.update": after("runtime_logging.create"),
    "runtime_logging.delete": after("runtime_logging.create"),
    "runtime_history.query": after("runtime_logging.create"),
    "runtime_history.query_many": after("runtime_logging.create"),
    "runtime_history.insert": after("runtime_logging.create"),
    "users.get": after("users.create"),
    "users.update": after("users.create"),
    "users.delete": after("users.create"),
    "users.logout": after("users.create"),
    "portals.attach": told("4711", ("portals.instances", {}), "0.processId"),
    **dict.fromkeys(("files.list_", "files.info", "files.delete", "files.unpack"), after("projects.archive")),
    "projects.create_from_archive": after("projects.archive", ("projects.close", {})),
    "projects.create": after("projects.close"),
    "demo_project.create": after("projects.close"),
    "plc_test_runs.list_": after("plc_tests.run"),
    "plc_test_runs.get": told("20261125T004011123-5f0c2a9e", example("plc_tests.run"), "run"),
    "projects.open_": after("projects.close"),
    "projects.forget": told("/data/projects/Conveyor/Conveyor.ap20", ("projects.history", {}), "0.path"),
    "catalog.cache_load": after("catalog.cache_build"),
    "catalog.image": never("catalog.no_images", "Openness hands out no pictures."),
    "hardware.unplug": after("hardware.plug"),
    "hardware.set_addresses": after("hardware.plug"),
    "hardware.import_hardware": after("hardware.export_hardware"),
    "blocks.create": after("blocks.delete"),
    "blocks.import_": after(example("blocks.export", exportPath="imports/Motor.xml")),
    "blocks.add_member": after("blocks.delete_member"),
    "blocks.delete_folder": after("blocks.create_folder"),
    "block_snapshots.load": after("block_snapshots.create"),
    "block_snapshots.load_start_values": never("tia.value_service_missing", "TIA Portal V20 has no service for it."),
    "block_snapshots.export_prodiag": never("block.no_prodiag", "A ProDiag block comes from the editor alone."),
    "sources.from_file": after(("blocks.export_source", PLC | {"blockName": "Lamp", "exportPath": "sources/lamp.scl"})),
    "sources.delete": after("sources.from_text"),
    "sources.generate": after("sources.from_text"),
    "sources.delete_folder": after("sources.create_folder"),
    "tags.add": after("tags.delete"),
    "tag_tables.create": after("tag_tables.delete"),
    "tag_tables.delete_folder": after("tag_tables.create_folder"),
    "tag_transfer.import_csv": after(example("tag_transfer.export_csv", exportPath="tags/sensors.csv")),
    "tag_transfer.import_xlsx": after("tag_transfer.export_excel"),
    "constants.create": after("constants.delete"),
    "udts.create": after("udts.delete"),
    "udts.import_": after("udts.export"),
    "udts.delete_folder": after("udts.create_folder"),
    "online": Need(RUNNING),
    "online.start_cpu": Need(LOADED),
    "simulation": Need(RUNNING),
    "simulation_instances": Need(RUNNING),
    "simulation_instances.create": Need(),
    "simulation_instances.archive": Need((*LOADED, example("simulation_instances.power_off"))),
    "simulation.import_legacy": Need(ARCHIVED),
    "simulation_instances.retrieve": Need(ARCHIVED),
    "simulation_tags": Need(RUNNING),
    "runtime_sources.update": after("runtime_sources.create"),
    "runtime_sources.delete": after("runtime_sources.create"),
    "runtime_sources": Need(RUNNING),
    "runtime_sources.connect": never("runtime.unreachable", NO_CPU, PRESS),
    "runtime_sources.disconnect": Need((PRESS,)),
    "runtime_sources.diagnostics": never("runtime.unreachable", NO_CPU, PRESS),
    "runtime_sources.create": Need(),
    "runtime_fleet": Need(RUNNING),
    "runtime_fleet.backup": never("plcsim.state", "The simulated PLC of the examples is on.", *RUNNING),
    "runtime_tags": Need(RUNNING),
    "runtime_tags.define": Need(),
    "runtime_tags.delete": after("runtime_tags.define"),
    "runtime_values": Need((*RUNNING, example("runtime_tags.define"))),
    "simulation_io": Need(WITH_MODULE),
    "simulation_io.stop_forcing": Need((*RUNNING, example("simulation_io.force"))),
    "simulation_io.change_model": Need((*RUNNING, example("simulation_io.add_model"))),
    "simulation_io.remove_model": Need((*RUNNING, example("simulation_io.add_model"))),
    "simulation_io.return_": Need((*WITH_MODULE, example("simulation_io.fail"))),
    "simulation_time": Need(RUNNING),
    "simulation_time.read_trace": Need((*RUNNING, example("simulation_time.start_trace"))),
    "simulation_time.export_trace": Need((*RUNNING, example("simulation_time.start_trace"))),
    "simulation_time.stop_trace": Need((*RUNNING, example("simulation_time.start_trace"))),
    "simulation_profiles.get": after("simulation_profiles.save"),
    "simulation_profiles.delete": after("simulation_profiles.save"),
    "simulation_profiles.apply": after("simulation_profiles.save"),
    "watch_tables.create": after("watch_tables.delete"),
    "watch_tables.read_values": Need(RUNNING),
    "watch_tables.modify": Need(RUNNING),
    "watch_tables.force": never("force_table.no_command", NO_FORCE, *RUNNING),
    "watch_tables.import_": after("watch_tables.export_watch"),
    "watch_tables.create_force": never("force_table.exists", FIXED_FORCE_TABLE),
    "watch_tables.delete_force": never("force_table.fixed", FIXED_FORCE_TABLE),
    "watch_tables.delete_folder": after("watch_tables.create_folder"),
    "history.get": FROM_SNAPSHOT,
    "history.content": FROM_SNAPSHOT,
    "history.compare": FROM_SNAPSHOT,
    "history.restore": FROM_SNAPSHOT,
    "history.delete": FROM_SNAPSHOT,
    "block_generation.generate_and_import": after("blocks.delete"),
    "block_generation.import_only": after(example("blocks.export", exportPath="imports/Motor.xml")),
    "block_generation.generate_from_design": after("udts.delete"),
    "security.set_password": after("security.configure"),
    "security.delete_password": after("security.configure"),
    "security.create_user": after(example("security.protect_project", userName="Anna")),
    "plc_tests.get": after("plc_tests.save"),
    "plc_tests.delete": after("plc_tests.save"),
    "plc_tests.run_stored": Need((*RUNNING, example("plc_tests.save"))),
    "plc_tests.run_on_device": Need((*RUNNING, example("plc_tests.save"))),
    "libraries.delete_copy": after("libraries.create_copy"),
    "libraries.instantiate_copy": after("libraries.create_copy"),
    "libraries.delete_copy_folder": after("libraries.create_copy_folder"),
    "libraries.update_project": Need(TYPED),
    "libraries.update_library": Need((*TYPED, *SHARED)),
    "libraries.harmonize": Need(TYPED),
    "libraries_types": Need(TYPED),
    "libraries_types.create_type": Need(),
    "libraries_types.create_version": Need(SECOND[:-1]),
    "libraries_types.release_version": Need(IN_WORK),
    "libraries_types.discard_version": Need(IN_WORK),
    "libraries_types.delete_type": Need(UNUSED),
    "libraries_types.delete_version": Need(UNUSED),
    "libraries_types.compare_types": Need(SECOND),
    "libraries_types.delete_type_folder": after("libraries_types.create_type_folder"),
    "libraries_global": Need(SHARED),
    "libraries_global.create": Need(),
    "libraries_global.open_": Need((*SHARED, example("libraries_global.close"))),
    "libraries_global.retrieve": Need((*SHARED, example("libraries_global.archive"))),
    "libraries_global.delete_copy": Need(COPIED),
    "libraries_global.instantiate_copy": Need(COPIED),
    "libraries_global.instantiate_type": Need(SHARED_TYPE),
    "libraries_global.delete_type": Need(SHARED_TYPE),
    "libraries_global.set_default": Need(SHARED_TYPE),
    "libraries_global.update_project": Need(SHARED_TYPE),
    "libraries_global.update_library": Need(SHARED_TYPE),
    "jobs.get": told(JOB, example("jobs.execute"), "jobId"),
    "jobs.cancel": told(JOB, example("pipelines.run"), "jobId", example("pipelines.save", steps=[WAITING])),
    "system.browse_file": after("udts.export"),
    "system.browse_folder": after("udts.export"),
    "source_control": Need(COMMITTED),
    "source_control.init": Need(),
    "source_control.commit": Need((*COMMITTED, example("tags.add", name="Stop", logicalAddress="%I0.3"))),
    "source_control.checkout": Need(BRANCHED),
    "source_control.delete_branch": Need(BRANCHED),
    "source_control.merge": Need(BRANCHED),
    "source_control.restore_all": Need(BRANCHED),
    "source_control.push": Need(SHARED_REPOSITORY),
    "source_control.pull": Need((*SHARED_REPOSITORY, example("source_control.push"))),
    "source_control.delete_remote": Need(SHARED_REPOSITORY),
    "pipelines.get": after("pipelines.save"),
    "pipelines.delete": after("pipelines.save"),
    "pipelines.update": after("pipelines.save"),
    "pipelines.run": after("pipelines.save"),
    "pipelines.run_sync": after("pipelines.save"),
    "pipelines.get_execution": RUN_PIPELINE,
    "pipelines.start": Need(
        (example("pipelines.save"), example("pipelines.run_sync")),
        {EXECUTION: Told(example("pipelines.executions"), "0.id")},
        "pipeline.execution_begun",
        "Every way to run a pipeline begins its execution.",
    ),
    "pipelines.cancel": told(
        EXECUTION, example("pipelines.run"), "executionId", example("pipelines.save", steps=[WAITING])
    ),
    "design_spec.get_model": after("design_spec.load"),
    "design_spec.delete_model": after("design_spec.load"),
    "design_spec.plan": after("design_spec.load"),
    "design_spec.generate_and_import": Need(
        (*UNUSED[1:], example("blocks.delete", blockName="Main"), example("tags.delete"), example("design_spec.load"))
    ),
    "design_spec.run_tests": after("design_spec.load"),
    "hmi.import_screens": after("hmi.export_screen"),
    "hmi.add_items": after("hmi.create_screen", "hmi_tags.create_tag"),
    "hmi_tags.import_tags": after("hmi_tags.export_tags"),
    "hmi_tags.import_connections": after("hmi_tags.export_connections"),
    "hmi_lists.import_text_lists": after("hmi_lists.export_text_list"),
    "hmi_lists.import_graphic_lists": after("hmi_lists.export_graphic_list"),
    "hmi_lists.import_graphics": after("hmi_lists.export_graphic"),
    "hmi_lists.library_type": never("library_type.not_found", "Openness makes no types of HMI: the library has none."),
    "runtime_alarm_definitions.get": after("runtime_alarm_definitions.create"),
    "runtime_alarm_definitions.delete": after("runtime_alarm_definitions.create"),
    "webhooks.get": HOOKED,
    "webhooks.update": HOOKED,
    "webhooks.delete": HOOKED,
    "webhooks.ping": HOOKED,
    "webhooks.deliveries": HOOKED,
    "webhooks.get_delivery": DELIVERED,
    "webhooks.redeliver": DELIVERED,
    **dict.fromkeys(
        (f"runtime_sinks.{verb}" for verb in ("get", "update", "delete", "test", "flush", "deliveries")), SINK
    ),
    "runtime_sinks.redeliver": never("push.not_found", "The sink of the examples has sent nothing yet.", *SINK.first),
    "assistant.turn": told(JOB, example("assistant.chat"), "turnId"),
    "mcp.session": told("0f8fad5bd9cb469fa16570867728950e", ("mcp.sessions", {}), "0.sessionId", INITIALIZE),
    "workers": never("gateway.none", "The server of the examples does everything itself."),
    "assistant.models": never("assistant.unreachable", "No language model runs beside the tests."),
    "assistant.write_block": never("assistant.no_provider", "No language model runs beside the tests."),
}
"""By operation, or by resource for all of its operations that have none of their own."""


def need(operation: str) -> Need:
    """What the example of an operation needs."""
    return NEEDS.get(operation, NEEDS.get(operation.partition(".")[0], Need()))


def first_of(asked: Need, http: httpx.Client) -> dict[str, str]:
    """Do what an example needs. Returns what the server knows, by the text that stands for it."""
    for step in asked.first:
        run(http, *step)
    known: dict[str, str] = {}
    for text, each in asked.values.items():
        arguments = msgspec.json.decode(filled(msgspec.json.encode(each.by[1]).decode(), known))
        known[text] = str(_at(run(http, each.by[0], arguments), each.at))
    return known


def filled(text: str, values: dict[str, str]) -> str:
    """An example's text with what the server knows, quoted as the text was."""
    for stands, value in values.items():
        text = text.replace(stands, value).replace(quote(stands, safe=""), quote(value, safe=""))
    return text


def _at(answer: Any, path: str) -> Any:
    for part in path.split("."):
        answer = answer[int(part) if part.isdigit() else part]
    return answer
