"""The main job over HTTP, step by step: from spreadsheets and sources to a compiled, archived and tested PLC project.

Each step is a function whose docstring is its title and whose text is the result; the front page shows its code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict, TypeVar

import msgspec

from engineering_api.client import Client

CPU = "6ES7 511-1AK02-0AB0"
MISTAKE = ("Box_Detected", "Box_Detectd")
T = TypeVar("T")


class Device(TypedDict):
    """What most calls begin with."""

    device_name: str


PLC = Device(device_name="PLC_1")


class DemoError(Exception):
    """A step had another result than the demonstration promises."""


@dataclass
class Job:
    """What the steps work with, and what the front page shows of it.

    Attributes:
        tia: A client of the server.
        inputs: The folder of the example.
        output: The folder of the results.
        mistake: What the compiler reported about the mistake.
        compiled: The compile report after the correction.
        tests: The report of the tests.
        archive: The archive.
        erp: The address of what receives pushes, in place of an ERP.
        pushes: What it has received.
        trend: The logged levels of the hopper.
        alarms: The journal of the alarms.
    """

    tia: Client
    inputs: Path
    output: Path
    mistake: list[Any] = field(default_factory=list)
    compiled: Any = None
    tests: Any = None
    archive: Path = field(default_factory=Path)
    erp: str = ""
    pushes: list[Any] = field(default_factory=list)
    trend: list[Any] = field(default_factory=list)
    alarms: list[Any] = field(default_factory=list)

    def document(self, name: str) -> Any:
        """Return a JSON file of the example."""
        return json.loads((self.inputs / name).read_text(encoding="utf-8"))

    def generate(self, name: str, replacement: tuple[str, str] = ("", "")) -> str:
        """Generate the blocks of a source; return them."""
        text = (self.inputs / name).read_text(encoding="utf-8").replace(*replacement)
        made = self.tia.sources.import_and_generate(**PLC, scl_content=text, source_name=name)
        return ", ".join(f"{block.name} ({block.type}{block.number})" for block in made)

    def path(self, *names: str) -> str:
        """Return a file or folder of the results."""
        return str(self.output.joinpath(*names))

    def write(self, name: str, content: T) -> T:
        """Write a result as a file, and give it back."""
        path = self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        as_text = (
            content
            if isinstance(content, str)
            else msgspec.json.format(msgspec.json.encode(content), indent=2).decode()
        )
        path.write_text(as_text, encoding="utf-8", newline="")
        return content


def require(expected: T, found: T) -> T:
    """Return a value that must be the expected one.

    Raises:
        DemoError: It is another one.
    """
    if found != expected:
        msg = f"Expected {expected}, found {found}"
        raise DemoError(msg)
    return found


def count(result: Any) -> str:
    """Return the errors and warnings of a compilation, in words."""
    return f"{result.error_count} errors, {result.warning_count} warning{'' if result.warning_count == 1 else 's'}"


def create_project(job: Job) -> str:
    """Create the project."""
    return job.tia.projects.create(name="Conveyor", directory=job.path("project"), comment="Line 2").name


def find_cpu(job: Job) -> str:
    """Find a CPU in the catalogue."""
    hits, found = job.tia.catalog.search(query="1511-1 PN", limit=5), job.tia.catalog.find(order_number=CPU)
    return f"{len(hits)} hits; {CPU} in {', '.join(entry.version for entry in found)}"


def add_cpu(job: Job) -> str:
    """Add the CPU."""
    return job.tia.devices.add(order_number=CPU, version="V2.9", name="PLC_1").name


def set_address(job: Job) -> str:
    """Set its network address."""
    job.tia.devices.configure_network(**PLC, ip_address="192.168.10.21", subnet_mask="255.255.255.0", subnet="PN/IE_1")
    return f"192.168.10.21 on {job.tia.projects.infrastructure().subnets[0].name}"


def import_workbook(job: Job) -> str:
    """Import tags from a workbook."""
    file = str(job.inputs / "conveyor.xlsx")
    workbook = job.tia.tag_transfer.import_xlsx(
        **PLC, table_name="Default tag table", file_path=file, respect_path=True
    )
    return f"{workbook.created} tags and constants in {len(workbook.tables)} tables"


def import_csv(job: Job) -> str:
    """Import tags from CSV."""
    table = job.tia.tag_tables.create(**PLC, name="Field sensors").name
    read = job.tia.tag_transfer.import_csv(**PLC, table_name=table, file_path=str(job.inputs / "sensors.csv"))
    return f"{read.created} tags"


def create_types(job: Job) -> str:
    """Create data types."""
    job.generate("types.udt")
    return ", ".join(each.name for each in job.tia.udts.list_(**PLC))


def generate_blocks(job: Job) -> str:
    """Generate blocks from SCL, with a mistake."""
    return f"{job.generate('motor.scl')}, {job.generate('statistics.scl', MISTAKE)}"


def create_lad_block(job: Job) -> str:
    """Create a LAD block from JSON."""
    made = job.tia.blocks.create(**PLC, folder="Conveyor", **job.document("conveyor_control.json"))
    return f"{made.name} ({made.type}{made.number})"


def import_simaticml(job: Job) -> str:
    """Import SimaticML: SCL and GRAPH."""
    names = ("LevelScaling.xml", "StopperSequence.xml")
    files = [str(job.inputs / name) for name in names]
    made = [job.tia.blocks.import_(**PLC, import_file_path=file, folder="Imported")[0] for file in files]
    return ", ".join(f"{block.name} ({block.type}{block.number})" for block in made)


def create_main(job: Job) -> str:
    """Create the instances and OB1."""
    job.generate("instances.db")
    made = job.tia.blocks.create(**PLC, override=True, **job.document("main.json"))
    return f"{made.name} ({made.type}{made.number})"


def compile_mistake(job: Job) -> str:
    """Compile: the mistake is reported."""
    report = job.write("compile-with-mistake.json", job.tia.devices.compile_(**PLC))
    job.mistake = [entry for entry in report.diagnostics if entry.severity == "Error"]
    require(1, len(job.mistake))
    return str(job.mistake[0].text)


def compile_again(job: Job) -> str:
    """Correct it and compile again."""
    job.generate("statistics.scl")
    job.compiled = job.write("compile.json", job.tia.devices.compile_(**PLC))
    require(0, job.compiled.result.error_count)
    return count(job.compiled.result)


def read_program(job: Job) -> str:
    """List the tree, read a block."""
    tree = job.write("block-tree.json", job.tia.blocks.tree(**PLC))
    content = job.tia.blocks.get_content(**PLC, block_name="ConveyorControl")
    job.write("ConveyorControl.content.json", content)
    return f"{len(tree.children)} entries; {len(content.networks)} networks"


def export_program(job: Job) -> str:
    """Export every block, table and the hardware."""
    blocks, tables = job.tia.blocks.list_(**PLC), job.tia.tag_tables.list_(**PLC)
    for block in blocks:
        job.tia.blocks.export(**PLC, block_name=block.name, export_path=job.path("blocks", f"{block.name}.xml"))
    for table in tables:
        job.write(f"tags/{table.name}.xml", job.tia.tag_tables.export_xml(**PLC, table_name=table.name))
    job.tia.hardware.export_hardware(**PLC, export_path=job.path("hardware.aml"))
    return f"{len(blocks)} blocks, {len(tables)} tag tables, hardware.aml"


def save_archive(job: Job) -> str:
    """Save and archive."""
    job.write("overview.before.json", job.tia.projects.get_overview())
    made = job.tia.projects.archive(path=job.path("Conveyor.zap20"), save=True, wait=False).result()
    job.archive = Path(made.path)
    return f"{made.name}, {made.size:,} bytes"


def restore_archive(job: Job) -> str:
    """Close, restore, and find everything unchanged."""
    before = job.tia.projects.get_overview()
    job.tia.projects.close()
    job.tia.projects.create_from_archive(archive_path=str(job.archive), target_directory=job.path("restored"))
    after = job.write("overview.json", job.tia.projects.get_overview())
    return f"{len(require(before.devices, after.devices))} device, all equal"


def run_tests(job: Job) -> str:
    """Run and test the program."""
    job.tests = job.tia.plc_tests.run(
        project_path=str(job.archive),
        test_paths=[str(job.inputs / "tests")],
        coverage=True,
        output_path=job.path("tests"),
    )
    return f"{job.tests.passed} tests passed, {require(0, job.tests.failed)} failed"


Step = Callable[[Job], str]
STEPS: tuple[Step, ...] = (
    create_project, find_cpu, add_cpu, set_address, import_workbook, import_csv, create_types, generate_blocks,
    create_lad_block, import_simaticml, create_main, compile_mistake, compile_again, read_program, export_program,
    save_archive, restore_archive, run_tests,
)  # fmt: skip
