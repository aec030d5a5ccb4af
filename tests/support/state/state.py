"""The common state: a small packaging line, saved, with files, libraries, snapshots and tests around it.

The names are those of the examples: the block Motor and its data, the tag table Conveyor, the library Shared.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import httpx

from tests.support.state import hmi
from tests.support.state.api import Step, run

PROJECT = "projects/Conveyor/Conveyor.ap20"
PLC = {"deviceName": "PLC_1"}
MOTOR = PLC | {"blockName": "Motor"}
LINE = PLC | {"tableName": "Conveyor"}
SOURCE = """DATA_BLOCK "Motor_Data"
VAR
  speed : Int;
  delay : Time := T#1s;
END_VAR
BEGIN
END_DATA_BLOCK
DATA_BLOCK "Motor_1"
"Motor"
BEGIN
END_DATA_BLOCK
FUNCTION_BLOCK "Lamp"
VAR_INPUT
  on : Bool;
END_VAR
VAR_OUTPUT
  q : Bool;
END_VAR
BEGIN
  #q := #on;
END_FUNCTION_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
  "Motor_1"(start := "bStart", stop := FALSE);
  "bRun" := "Motor_1".run;
  "Running" := "Start";
  "Motor_Data".speed := 1200;
END_ORGANIZATION_BLOCK
"""
NETWORKS = [{"title": "Start and stop", "source": {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}}]
INTERFACE = {
    "Input": [{"name": "start", "type": "Bool"}, {"name": "stop", "type": "Bool"}],
    "Output": [{"name": "run", "type": "Bool"}],
}

PROGRAM: tuple[Step, ...] = (
    ("projects.create", {"name": "Conveyor", "directory": "projects", "comment": "Packaging hall"}),
    ("devices.add", {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}),
    ("udts.create", PLC | {"name": "UDT_Motor", "folder": "Drives", "members": [{"name": "Speed", "dataType": "Int"}]}),
    ("tag_tables.create", PLC | {"name": "Conveyor", "folder": "Line 1"}),
    ("tag_tables.create", PLC | {"name": "Sensors"}),
    ("tags.add", LINE | {"name": "Start", "dataType": "Bool", "logicalAddress": "%I0.0"}),
    ("tags.add", LINE | {"name": "bStart", "dataType": "Bool", "logicalAddress": "%I0.2"}),
    ("tags.add", LINE | {"name": "bRun", "dataType": "Bool", "logicalAddress": "%Q0.0"}),
    ("tags.add", LINE | {"name": "Running", "dataType": "Bool", "logicalAddress": "%Q0.1"}),
    ("constants.create", LINE | {"name": "MAX_SPEED", "dataType": "Int", "value": "1500"}),
    (
        "blocks.create",
        PLC
        | {
            "kind": "FB",
            "name": "Motor",
            "language": "LAD",
            "folder": "Drives",
            "interface": INTERFACE,
            "networks": NETWORKS,
        },
    ),
    ("sources.import_and_generate", PLC | {"sclContent": SOURCE}),
    ("devices.compile_", PLC | {"scope": "all"}),
)
TABLES: tuple[Step, ...] = (
    ("watch_tables.create", PLC | {"name": "Motor", "folder": "Line 1"}),
    (
        "watch_tables.add_entries",
        PLC
        | {
            "tableName": "Motor",
            "entries": [{"name": "bStart", "displayFormat": "Bool", "modifyValue": "true"}, {"address": "%MW10"}],
        },
    ),
)
SAVED: tuple[Step, ...] = (("projects.save", {}),)


def make_remotes(folder: Path) -> None:
    """Make the folder of the remotes, with an empty repository in it, again."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(folder / "line.git")], check=True)


def prepare(http: httpx.Client, workspace: Path) -> None:
    """Make the state in an empty service on the stand-in.

    Args:
        http: A client with the server's address and key.
        workspace: The service's folder for files, where what comes from elsewhere is put: no route makes it.
    """
    (workspace / "export").mkdir()
    hmi.write_files(workspace)
    for name, arguments in (*PROGRAM, *TABLES, *hmi.STEPS, *SAVED):
        run(http, name, arguments)
    table = run(http, "tag_tables.export_xml", LINE)
    (workspace / "export" / "Conveyor.xml").write_text(table, encoding="utf-8")
