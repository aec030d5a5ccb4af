"""What makes the demo project: operations of the service, one after the other, with the files of an example."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engineering_api.features.blocks import blocks_operations, sources_operations
from engineering_api.features.devices import devices_operations
from engineering_api.features.online import online_operations
from engineering_api.features.projects import projects_operations
from engineering_api.features.simulation import simulation_instances_operations, simulation_io_operations
from engineering_api.features.tags import tag_tables_operations, tags_operations
from engineering_api.features.watch import watch_tables_operations
from runtime_data.native import (
    runtime_alarm_definitions_operations,
    runtime_logging_operations,
    runtime_values_operations,
)

EXAMPLE = "first-start"
INSTANCE = "Conveyor"
"""The simulated PLC, which is also the source of its values."""
DEVICE = "PLC_1"
ADDRESS = "192.168.0.1"
CPU = "6ES7 511-1AK02-0AB0"
FULL = 75
"""Percent of the hopper's level above which the alarm is raised; the valve closes at 80."""
LOGGED = ("Level_Percent", "Belt_Motor", "Run_Lamp", "Feed_Valve")
WATCHED = ("Start_Button", "Stop_Button", "Belt_Motor", "Hopper_Filled", "Run_Lamp", "Level_Percent", "Feed_Valve")
TANK = {
    "type": "Tank",
    "bind": {"inflow": "Feed_Valve", "outflow": "Belt_Motor", "raw": "Level_Raw"},
    "values": {"level": 0.5, "max_inflow": 0.1, "max_outflow": 0.06},
}
ALARM = {
    "name": "Hopper almost full",
    "tag": f"{INSTANCE}:Level_Percent",
    "trigger": "greater",
    "limit": FULL,
    "deadband": 10,
    "priority": 700,
    "texts": {"en-US": "The hopper is {value} % full", "de-DE": "Der Trichter ist zu {value} % voll"},
}


@dataclass(frozen=True, slots=True)
class Step:
    """One operation.

    Attributes:
        title: What is done, for the progress of the job.
        known: The code of a refusal that says that it was done before; empty for none.
    """

    title: str
    operation: Callable[..., Any]
    arguments: dict[str, Any] = field(default_factory=dict)
    known: str = ""


def steps(folder: Path, name: str) -> Iterator[Step]:
    """Yield the steps.

    Args:
        folder: The example.
        name: The new project.
    """
    device = {"deviceName": DEVICE}
    yield Step("Create the project", projects_operations.create, {"name": name, "comment": "Demo"})
    yield Step("Add the CPU", devices_operations.add, {"orderNumber": CPU, "version": "V2.9", "name": DEVICE})
    network = {"ipAddress": ADDRESS, "subnetMask": "255.255.255.0", "subnet": "PN/IE_1"}
    yield Step("Set its address", devices_operations.configure_network, device | network)
    yield from _tags(folder, device)
    yield from _blocks(folder, device)
    yield Step("Compile", devices_operations.compile_, device)
    yield from _watch_table(device)
    yield Step("Save the project", projects_operations.save)
    yield from _plc(device)
    yield from _runtime()


def _tags(folder: Path, device: dict[str, Any]) -> Iterator[Step]:
    table = _document(folder, "tags.json")
    yield Step("Create the tags", tag_tables_operations.create, device | {"name": table["name"]})
    for tag in table["tags"]:
        fields = {"name": tag["name"], "dataType": tag["type"], "logicalAddress": tag["address"]}
        more = {"comment": tag["comment"], "tableName": table["name"]}
        yield Step("Create the tags", tags_operations.add, device | fields | more)


def _blocks(folder: Path, device: dict[str, Any]) -> Iterator[Step]:
    for file in ("level.scl", "BeltControl.json", "HopperSignals.json", "instances.db", "main.json"):
        if file.endswith(".json"):
            document = device | {"override": True, **_document(folder, file)}
            yield Step("Create the blocks", blocks_operations.create, document)
        else:
            text = (folder / file).read_text(encoding="utf-8")
            source = {"sclContent": text, "sourceName": file}
            yield Step("Create the blocks", sources_operations.import_and_generate, device | source)


def _watch_table(device: dict[str, Any]) -> Iterator[Step]:
    yield Step("Create the watch table", watch_tables_operations.create, device | {"name": INSTANCE})
    entries = [{"name": each, **({"modifyValue": "true"} if each == "Stop_Button" else {})} for each in WATCHED]
    rows = {"tableName": INSTANCE, "entries": entries}
    yield Step("Create the watch table", watch_tables_operations.add_entries, device | rows)


def _plc(device: dict[str, Any]) -> Iterator[Step]:
    one = {"name": INSTANCE}
    create = one | {"cpuType": "CPU1511", "powerOn": True}
    yield Step("Start the simulated PLC", simulation_instances_operations.create, create)
    yield Step("Start the simulated PLC", simulation_instances_operations.set_network, one | {"ipAddress": ADDRESS})
    yield Step("Download the program", online_operations.download, device)
    yield Step("Connect the hopper", simulation_io_operations.add_model, one | {"model": "hopper", **TANK})
    yield Step("Start the simulated PLC", simulation_instances_operations.run, one)


def _runtime() -> Iterator[Step]:
    for tag in LOGGED:
        series = {"tag": f"{INSTANCE}:{tag}", "period": 0.25, "keep": 7}
        yield Step("Log values", runtime_logging_operations.create, series, known="runtime.series_exists")
    yield Step("Define an alarm", runtime_alarm_definitions_operations.update, ALARM)
    press = {"tag": f"{INSTANCE}:Start_Button"}
    yield Step("Press the start button", runtime_values_operations.put, press | {"value": True})


def release() -> Step:
    """Return the step that releases the start button, once the program has seen it."""
    return Step(
        "Release the start button",
        runtime_values_operations.put,
        {"tag": f"{INSTANCE}:Start_Button", "value": False},
    )


def _document(folder: Path, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return document
