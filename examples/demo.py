"""The main job, all over HTTP: from spreadsheets and sources to a compiled, archived PLC project.

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engineering_api.remote import Remote

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "demo-output"
INPUT = HERE / "conveyor"
KEY = "demo"
PLC = "/api/devices/PLC_1"


@contextmanager
def server() -> Iterator[Remote]:
    """A server on a free port, on the simulated TIA Portal, ended with the demo."""
    command = [sys.executable, "-m", "engineering_api", "serve", "--backend", "fake", "--port", "0",
               "--data-dir", str(OUTPUT / "server"), "--root", str(OUTPUT), "--root", str(HERE)]  # fmt: skip
    environment = {**os.environ, "TIA_API_KEY": KEY}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        try:
            if address is None:
                sys.exit("The server did not start.")
            yield Remote(address[0], KEY)
        finally:
            process.terminate()


class Job:
    """The main job: each method is one step, each returns what it wants to say about it."""

    def __init__(self, api: Remote) -> None:
        self.api = api
        self.before: Any = None

    def create_the_project(self) -> str:
        body = {"name": "Conveyor", "directory": str(OUTPUT / "project"), "comment": "Packaging hall, line 2"}
        return str(self.api.call("POST", "/api/projects/actions/create-sync", body)["path"])

    def find_a_cpu_in_the_catalogue(self) -> str:
        hits = self.api.call("POST", "/api/catalog/actions/search-sync", {"query": "1511-1 PN", "limit": 5})
        found = self.api.call("POST", "/api/catalog/actions/find-sync", {"orderNumber": "6ES7 511-1AK02-0AB0"})
        versions = ", ".join(entry["version"] for entry in found)
        return f"{len(hits)} hits, {found[0]['typeName']} 6ES7 511-1AK02-0AB0 in {versions}"

    def add_the_cpu(self) -> str:
        body = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
        return str(self.api.call("POST", "/api/projects/devices/actions/add-sync", body)["name"])

    def set_its_network_address(self) -> str:
        body = {"ipAddress": "192.168.10.21", "subnetMask": "255.255.255.0", "subnetName": "PN/IE_1"}
        self.api.call("POST", f"{PLC}/actions/configure-network-sync", body)
        subnets = self.api.call("GET", "/api/projects/infrastructure")["subnets"]
        return f"192.168.10.21 on {subnets[0]['name']}"

    def import_tags_from_a_workbook(self) -> str:
        path = str(HERE / "tags" / "conveyor.xlsx")
        table = quote("Default tag table")
        body = {"filePath": path, "respectPath": True}
        report = self.wait("POST", f"{PLC}/tag-tables/{table}/actions/import-xlsx", body)
        return f"{report['created']} tags and constants in {len(report['tables'])} tables"

    def import_tags_from_csv(self) -> str:
        self.api.call("POST", f"{PLC}/tag-tables/actions/create-sync", {"name": "Field sensors"})
        body = {"filePath": str(HERE / "tags" / "sensors.csv")}
        report = self.api.call("POST", f"{PLC}/tag-tables/Field%20sensors/actions/import-csv-sync", body)
        return f"{report['created']} tags"

    def create_types(self) -> str:
        types = json.loads((INPUT / "types.json").read_text(encoding="utf-8"))
        for each in types:
            self.api.call("POST", f"{PLC}/udts", each)
        return ", ".join(each["name"] for each in types)

    def generate_blocks_from_scl(self) -> str:
        made = []
        for name in ("motor.scl", "statistics.scl"):
            text = (INPUT / name).read_text(encoding="utf-8")
            body = {"sclContent": text, "sourceName": name}
            made += self.api.call("POST", f"{PLC}/external-sources/import-and-generate", body)
        return ", ".join(f"{block['name']} ({block['type']}{block['number']})" for block in made)

    def create_a_ladder_block_from_json(self) -> str:
        block = json.loads((INPUT / "conveyor_control.json").read_text(encoding="utf-8"))
        info = self.api.call("POST", f"{PLC}/blocks", block)
        instance = {"kind": "InstanceDB", "name": "ConveyorControl_DB", "instanceOf": "ConveyorControl"}
        self.api.call("POST", f"{PLC}/blocks", instance)
        return f"{info['name']} ({info['type']}{info['number']}), {len(block['networks'])} networks"

    def import_a_simatic_ml_block(self) -> str:
        body = {"importFilePath": str(INPUT / "LevelScaling.xml"), "folder": "Analog"}
        (info,) = self.api.call("POST", f"{PLC}/blocks/actions/import-sync", body)
        self.api.call("POST", f"{PLC}/blocks", json.loads((INPUT / "main.json").read_text(encoding="utf-8")))
        return f"{info['name']} ({info['type']}{info['number']}) into {info['folder']}"

    def compile_with_one_mistake(self) -> str:
        report = self.api.call("POST", f"{PLC}/actions/compile-sync")
        errors = [entry for entry in report["diagnostics"] if entry["severity"] == "Error"]
        if len(errors) != 1 or "Box_Detectd" not in errors[0]["message"]:
            sys.exit(f"Expected the one deliberate error, got: {json.dumps(report, indent=1)}")
        return f"{errors[0]['path']}: {errors[0]['message']}"

    def mend_it_and_compile_clean(self) -> str:
        text = (INPUT / "statistics.scl").read_text(encoding="utf-8").replace("Box_Detectd", "Box_Detected")
        body = {"sclContent": text, "sourceName": "statistics.scl"}
        self.api.call("POST", f"{PLC}/external-sources/import-and-generate", body)
        report = self.api.call("POST", f"{PLC}/actions/compile-sync")
        if report["result"]["errorCount"]:
            sys.exit(f"Expected no error, got: {json.dumps(report, indent=1)}")
        return f"{report['result']['state']}, 0 errors, {report['result']['warningCount']} warnings"

    def list_the_tree_and_a_block(self) -> str:
        tree = self.api.call("GET", f"{PLC}/blocks/tree")
        content = self.api.call("GET", f"{PLC}/blocks/ConveyorControl/content")
        write("block-tree.json", tree)
        write("ConveyorControl.content.json", content)
        members, networks = len(content["interface"]), len(content["networks"])
        return f"{len(list(leaves(tree)))} blocks; ConveyorControl has {members} members, {networks} networks"

    def export_every_block_and_table(self) -> str:
        blocks = self.api.call("GET", f"{PLC}/blocks")
        for block in blocks:
            body = {"blockName": block["name"], "exportPath": str(OUTPUT / "blocks" / f"{block['name']}.xml")}
            self.api.call("POST", f"{PLC}/blocks/actions/export-sync", body)
        tables = self.api.call("GET", f"{PLC}/tag-tables")
        for table in tables:
            xml = self.api.call("GET", f"{PLC}/tag-tables/{quote(table['name'], safe='')}/export-xml")
            write(f"tags/{table['name']}.xml", xml)
        self.api.call("POST", f"{PLC}/actions/export-hardware", {"exportPath": str(OUTPUT / "hardware.aml")})
        return f"{len(blocks)} blocks, {len(tables)} tag tables, the hardware"

    def save_and_archive(self) -> str:
        self.before = self.api.call("GET", "/api/projects/overview")
        body = {"path": str(OUTPUT / "Conveyor.zap20"), "save": True}
        archive = self.wait("POST", "/api/projects/actions/archive", body)
        return f"{archive['name']}, {archive['size']:,} bytes"

    def close_and_restore(self) -> str:
        self.api.call("POST", "/api/projects/actions/close-sync")
        body = {"archivePath": str(OUTPUT / "Conveyor.zap20"), "targetDirectory": str(OUTPUT / "restored")}
        return str(self.api.call("POST", "/api/projects/actions/create-from-archive-sync", body)["path"])

    def find_everything_as_it_was(self) -> str:
        after = self.api.call("GET", "/api/projects/overview")
        if after["devices"] != self.before["devices"]:
            write("overview.before.json", self.before)
            write("overview.after.json", after)
            sys.exit("The restored project differs from the archived one: see overview.before.json and .after.json.")
        write("overview.json", after)
        device = after["devices"][0]
        return f"{len(device['blocks'])} blocks, {len(device['tagTables'])} tag tables, {len(device['udts'])} types"

    def run_and_test_the_program(self) -> str:
        body = {
            "projectPath": str(OUTPUT / "Conveyor.zap20"), "testPaths": [str(INPUT / "tests")],
            "coverage": True, "outputPath": str(OUTPUT / "tests"),
        }  # fmt: skip
        report = self.wait("POST", "/api/plc-tests/actions/run", body)
        if report["failed"]:
            sys.exit(f"Expected no failure, got: {[each['error'] for each in report['results'] if each['error']]}")
        virtual = sum(each["virtualMs"] for each in report["results"]) / 1000
        reached = report["coverage"]["statements"]["percent"]
        return f"{report['passed']} tests passed in {virtual:.1f} s of virtual time, {reached:g} % of the statements reached"

    def wait(self, method: str, path: str, body: Any) -> Any:
        """Start a job, show its progress, and return its result."""
        job = self.api.call(method, path, body)
        return self.api.follow(job["jobId"])


def leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The blocks of a tree."""
    for child in node["children"]:
        if child["isFolder"]:
            yield from leaves(child)
        else:
            yield child


def write(name: str, content: Any) -> None:
    """Write a result."""
    path = OUTPUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False)
    path.write_text(text, encoding="utf-8", newline="")


def steps(job: Job) -> list[tuple[str, Callable[[], str]]]:
    """The steps in their order."""
    return [
        ("Create the project", job.create_the_project),
        ("Find a CPU in the catalogue", job.find_a_cpu_in_the_catalogue),
        ("Add the CPU", job.add_the_cpu),
        ("Set its network address", job.set_its_network_address),
        ("Import tags from a workbook", job.import_tags_from_a_workbook),
        ("Import tags from CSV", job.import_tags_from_csv),
        ("Create data types", job.create_types),
        ("Generate blocks from SCL", job.generate_blocks_from_scl),
        ("Create a LAD block from JSON", job.create_a_ladder_block_from_json),
        ("Import a SimaticML block", job.import_a_simatic_ml_block),
        ("Compile, with one mistake", job.compile_with_one_mistake),
        ("Mend it and compile clean", job.mend_it_and_compile_clean),
        ("List the tree, read a block", job.list_the_tree_and_a_block),
        ("Export every block and table", job.export_every_block_and_table),
        ("Save and archive", job.save_and_archive),
        ("Close and restore", job.close_and_restore),
        ("Find everything as it was", job.find_everything_as_it_was),
        ("Run and test the program", job.run_and_test_the_program),
    ]


def main() -> None:
    """Do the job."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    begin = time.perf_counter()
    with server() as api:
        todo = steps(Job(api))
        for number, (title, step) in enumerate(todo, 1):
            print(f"{number:2}/{len(todo)}  {title:30}", end=" ", flush=True)
            print(step(), flush=True)
    print(f"Done in {time.perf_counter() - begin:.1f} s. Results: {OUTPUT}")


if __name__ == "__main__":
    main()
