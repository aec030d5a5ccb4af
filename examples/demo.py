"""The main job, all over HTTP: from spreadsheets and sources to a compiled, archived and tested PLC project.

Run with `python3 dev.py demo`. Starts a server of its own on the simulated TIA
Portal, does the job step by step, and leaves its results in demo-output/.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict, TypeVar

import msgspec

from engineering_api.client import Client

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "demo-output"
INPUT, TAGS = HERE / "conveyor", HERE / "tags"
CPU = "6ES7 511-1AK02-0AB0"
KEY = "demo"
T = TypeVar("T")


class Device(TypedDict):
    """What most calls begin with."""

    device_name: str


PLC = Device(device_name="PLC_1")


def job(tia: Client, did: Steps) -> None:
    """The main job. `call` takes JSON documents by an operation's name; the other calls are typed."""
    did("Create the project", tia.projects.create(name="Conveyor", directory=out("project"), comment="Line 2").path)
    hits, found = tia.catalog.search(query="1511-1 PN", limit=5), tia.catalog.find(order_number=CPU)
    did("Find a CPU in the catalogue", f"{len(hits)} hits; {CPU} in {', '.join(entry.version for entry in found)}")
    did("Add the CPU", tia.devices.add(order_number=CPU, version="V2.9", name="PLC_1").name)
    tia.devices.configure_network(**PLC, ip_address="192.168.10.21", subnet_mask="255.255.255.0", subnet="PN/IE_1")
    did("Set its network address", f"192.168.10.21 on {tia.projects.infrastructure().subnets[0].name}")
    workbook = tia.tag_transfer.import_xlsx(
        **PLC, table_name="Default tag table", file_path=str(TAGS / "conveyor.xlsx"), respect_path=True
    )
    did("Import tags from a workbook", f"{workbook.created} tags and constants in {len(workbook.tables)} tables")
    sensors = tia.tag_tables.create(**PLC, name="Field sensors").name
    read = tia.tag_transfer.import_csv(**PLC, table_name=sensors, file_path=str(TAGS / "sensors.csv"))
    did("Import tags from CSV", f"{read.created} tags")
    did("Create data types", ", ".join(tia.call("udts.create", **PLC, **udt)["name"] for udt in document("types.json")))
    did("Generate blocks from SCL", generate(tia, "motor.scl"), generate(tia, "statistics.scl"))
    control = tia.call("blocks.create", **PLC, **document("conveyor_control.json"))
    tia.blocks.create(**PLC, kind="InstanceDB", name="ConveyorControl_DB", instance_of=control["name"])
    did("Create a LAD block from JSON", f"{control['name']} ({control['type']}{control['number']})")
    (scaling,) = tia.blocks.import_(**PLC, import_file_path=str(INPUT / "LevelScaling.xml"), folder="Analog")
    tia.call("blocks.create", **PLC, **document("main.json"))
    did("Import a SimaticML block", f"{scaling.name} ({scaling.type}{scaling.number}) into {scaling.folder}")
    (error,) = (entry for entry in tia.devices.compile_(**PLC).diagnostics if entry.severity == "Error")
    did("Compile, with one mistake", f"{error.path}: {error.message}")
    generate(tia, "statistics.scl", mend=("Box_Detectd", "Box_Detected"))
    compiled = tia.devices.compile_(**PLC).result
    did("Mend it and compile clean", f"{compiled.state}, {must_be(0, compiled.error_count)} errors")
    tree = write("block-tree.json", tia.blocks.tree(**PLC))
    content = write("ConveyorControl.content.json", tia.blocks.get_content(**PLC, block_name="ConveyorControl"))
    did("List the tree, read a block", f"{len(tree.children)} entries; {len(content.networks)} networks")
    for block in tia.blocks.list_(**PLC):
        tia.blocks.export(**PLC, block_name=block.name, export_path=out("blocks", f"{block.name}.xml"))
    for table in tia.tag_tables.list_(**PLC):
        write(f"tags/{table.name}.xml", tia.tag_tables.export_xml(**PLC, table_name=table.name))
    did("Export every block and table", tia.hardware.export_hardware(**PLC, export_path=out("hardware.aml")).path)
    before = write("overview.before.json", tia.projects.get_overview())
    archive = tia.projects.archive(path=out("Conveyor.zap20"), save=True, wait=False).result()
    did("Save and archive", f"{archive.name}, {archive.size:,} bytes")
    tia.projects.close()
    restored = tia.projects.create_from_archive(archive_path=archive.path, target_directory=out("restored"))
    did("Close and restore", restored.path)
    after = write("overview.json", tia.projects.get_overview())
    did("Find everything as it was", f"{len(must_be(before.devices, after.devices))} device, all equal")
    tests = tia.plc_tests.run(
        project_path=archive.path, test_paths=[str(INPUT / "tests")], coverage=True, output_path=out("tests")
    )
    did("Run and test the program", f"{tests.passed} tests passed, {must_be(0, tests.failed)} failed")


def generate(tia: Client, name: str, mend: tuple[str, str] = ("", "")) -> str:
    """Generate the blocks of a source."""
    text = (INPUT / name).read_text(encoding="utf-8").replace(*mend)
    made = tia.sources.import_and_generate(**PLC, scl_content=text, source_name=name)
    return ", ".join(f"{block.name} ({block.type}{block.number})" for block in made)


def document(name: str) -> Any:
    """A JSON file of the example."""
    return json.loads((INPUT / name).read_text(encoding="utf-8"))


def out(*names: str) -> str:
    """A file or folder of the results."""
    return str(OUTPUT.joinpath(*names))


def write(name: str, content: T) -> T:
    """Write a result, and give it back."""
    path = OUTPUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    as_text = content if isinstance(content, str) else msgspec.json.format(msgspec.json.encode(content)).decode()
    path.write_text(as_text, encoding="utf-8", newline="")
    return content


def must_be(expected: T, found: T) -> T:
    """What was found, which must be what is expected: otherwise the demo ends."""
    if found != expected:
        sys.exit(f"\nExpected {expected}, found {found}")
    return found


class Steps:
    """Prints what was done."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, title: str, *said: str) -> None:
        self.number += 1
        print(f"{self.number:2}  {title:30} {', '.join(said)}", flush=True)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server on a free port, on the simulated TIA Portal, ended with the demo."""
    command = [sys.executable, "-m", "engineering_api", "serve", "--backend", "fake", "--port", "0",
               "--data-dir", out("server"), "--root", str(OUTPUT), "--root", str(HERE)]  # fmt: skip
    environment = {**os.environ, "TIA_API_KEY": KEY}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        try:
            if address is None:
                sys.exit("The server did not start.")
            yield address[0]
        finally:
            process.terminate()


def main() -> None:
    """Do the job."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    begin = time.perf_counter()
    with server() as url, Client(url, KEY) as tia:
        job(tia, Steps())
    print(f"Done in {time.perf_counter() - begin:.1f} s. Results: {OUTPUT}")


if __name__ == "__main__":
    main()
