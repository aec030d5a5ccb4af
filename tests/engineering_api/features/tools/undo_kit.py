"""A project in which every kind of object is used by others, and calls of every operation that can be undone on it."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from engineering_api.app import catalogue
from engineering_api.documentation.calls import call
from engineering_api.features.tools.answers import ToolAnswer
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Mode, Right
from engineering_api.web.application import App
from tests.fakes.fake_openness import hmi_kit
from tests.support.service import CPU, FIRMWARE, KEY
from tests.support.whole_project import read_project

ME = Caller("engineer", Right.ADMINISTER)
ON = {"deviceName": "PLC_1"}
DEVICE = "S7-1500/ET200MP station_1"
CODE = """
TYPE "Valve"
VERSION : 0.1
  STRUCT
    open : Bool := TRUE;
    position : Int := 7;
  END_STRUCT;
END_TYPE
TYPE "Line"
VERSION : 0.1
  STRUCT
    inlet : "Valve";
    valves : Array[0..3] of "Valve";
  END_STRUCT;
END_TYPE
DATA_BLOCK "Data"
VERSION : 0.1
  STRUCT
    line : "Line";
    total : Int := 3;
  END_STRUCT;
BEGIN
  total := 5;
END_DATA_BLOCK
FUNCTION_BLOCK "Motor"
VERSION : 0.1
VAR_INPUT
  start : Bool;
  speed : Int;
END_VAR
VAR_OUTPUT
  run : Bool;
END_VAR
VAR
  valve : "Valve";
END_VAR
BEGIN
  #run := (#start OR "Lamp") AND #speed < "MAX_SPEED";
  #valve.position := "Level";
  "Data".total := "MAX_SPEED";
  "Data".line.inlet.open := #run;
END_FUNCTION_BLOCK
FUNCTION "Scale" : Int
VERSION : 0.1
VAR_INPUT
  raw : Int;
END_VAR
BEGIN
  #Scale := #raw * "MAX_SPEED";
END_FUNCTION
"""
MAIN = """
DATA_BLOCK "Motor_DB"
VERSION : 0.1
"Motor"
BEGIN
END_DATA_BLOCK
FUNCTION_BLOCK "Station"
VERSION : 0.1
VAR
  drive : "Motor";
END_VAR
BEGIN
  #drive(start := "Start", speed := "Scale"("Level"));
  "Lamp" := #drive.run;
END_FUNCTION_BLOCK
ORGANIZATION_BLOCK "Cycle"
VERSION : 0.1
BEGIN
  "Motor_DB"(start := "Start", speed := "Level", run => "Lamp");
END_ORGANIZATION_BLOCK
"""
RUNG = {"rungs": [[{"contact": '"Start"'}, {"coil": '"Lamp"'}]]}
NETWORK = {"title": "Lamp", "source": RUNG}
LADDER: dict[str, Any] = {"kind": "FC", "name": "Ladder", "language": "LAD", "networks": [NETWORK]}
GRAPH = {
    "name": "Mixer",
    "interface": {"Input": [{"name": "go", "type": "Bool"}], "Output": [{"name": "mix", "type": "Bool"}]},
    "graph": {
        "sequences": [
            {
                "steps": [
                    {"name": "Idle", "init": True},
                    {"name": "Mixing", "actions": [{"qualifier": "N", "operand": '"Lamp"'}]},
                ],
                "transitions": [
                    {"name": "Begin", "condition": {"rungs": [[{"contact": '"Start"'}]]}},
                    {"name": "Done"},
                ],
                "flow": ["Idle", "Begin", "Mixing", "Done", {"jump": "Idle"}],
            }
        ]
    },
}
NEW = 'FUNCTION_BLOCK "New"\nVERSION : 0.1\nBEGIN\n  "Lamp" := "Start";\nEND_FUNCTION_BLOCK\n'
OTHER = CODE[CODE.index("FUNCTION_BLOCK") :].replace("#start OR", "#start AND")
TABLE = ON | {"tableName": "Conveyor"}
LEVEL = [{"name": "position", "dataType": "DInt", "comment": "in mm"}]
REQUIRED = [{"name": "open", "dataType": "Bool"}, {"name": "position", "dataType": "Int"}]
GIVEN = {"override": True}
LADDERED, DRIVEN = ON | {"blockName": "Ladder"}, ON | {"blockName": "Motor"}


class Plant:
    """A service with that project, whose tools are called as MCP and the assistant call them."""

    def __init__(self, http: TestClient[App], workspace: Path) -> None:
        self.http = http
        self.toolbox = http.app.state["service"].part(Toolbox)
        workspace.mkdir(exist_ok=True)
        self.workspace = workspace

    def call(self, tool: str, /, **arguments: Any) -> ToolAnswer:
        """Call a tool."""
        answer: ToolAnswer = self.http.blocking_portal.call(
            partial(self.toolbox.call, tool, arguments, ME, writing=True)
        )
        return answer

    def ok(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """Call a tool that must succeed."""
        answer = self.call(tool, **arguments)
        assert not answer.is_error, f"{tool} {arguments}: {answer.text}"
        return answer.structured

    def apply(self, tool: str, arguments: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Call a tool, with a preview where it needs one. Returns the answer, and whether it can be undone."""
        answer = self.call(tool, **arguments)
        if answer.code != "change.needs_preview":
            assert not answer.is_error, f"{tool} {arguments}: {answer.text}"
            return answer.structured, True
        seen = self.ok("preview_change", tool=tool, arguments=arguments)
        made = self.ok("apply_change", tool=tool, arguments=arguments, token=seen["token"], compile=False)
        return made, seen["loss"]["canBeUndone"]

    def build(self) -> None:
        """Make the project, compile it, and write the files that imports read."""
        self.path = self.ok("create_project", name="Plant")["result"]["path"]
        self.ok("add_device", orderNumber=CPU, version=FIRMWARE, name="PLC_1")
        self.ok(
            "call_operation", operation="tag_tables.create", arguments=ON | {"name": "Conveyor", "folder": "Line 1"}
        )
        for name, kind, address in (
            ("Start", "Bool", "%I0.0"),
            ("Lamp", "Bool", "%Q0.0"),
            ("Level", "Int", "%IW2"),
        ):
            row = {"name": name, "dataType": kind, "logicalAddress": address, "comment": f"The {name}"}
            self.ok("create_tag", **TABLE, **row)
        for name, value in (("MAX_SPEED", "1500"), ("LIMIT", "3")):
            self.ok("constants.create", **TABLE, name=name, dataType="Int", value=value, comment=name)
        self.ok("write_scl", **ON, scl=CODE)
        self.ok("write_scl", **ON, scl=MAIN)
        self.ok("blocks.create", **ON, **LADDER, folder="Drives/Lamps")
        self.ok("block_generation.generate_graph", **ON, **GRAPH, compile=True)
        self.apply("watch_tables.create", ON | {"name": "Watch", "folder": "Line 1"})
        self.ok("sources.create_folder", **ON, folder="Texts")
        self._add_panel()
        self.compile()
        self.ok("block_snapshots.create", **ON, blockName="Motor")
        exported = self.look("tag_tables.export_xml", TABLE)
        for name, text in (
            ("Table.xml", exported),
            ("Spare.xml", _rename(exported)),
            ("New.xml", self.look("blocks.export_xml", ON | {"blockName": "Ladder"}).replace(">Ladder<", ">Ladder2<")),
            ("Ladder.xml", self.look("blocks.export_xml", LADDERED).replace(">Lamp<", ">Other lamp<")),
            ("New.scl", NEW),
            (
                "Rows.csv",
                "Name;Path;Data Type;Logical Address;Comment\nLamp;Conveyor;Bool;%Q4.0;Other\nHorn;Conveyor;Bool;%Q4.1;\n",
            ),
        ):
            (self.workspace / name).write_text(text, encoding="utf-8")
        self.ok("udts.export", **ON, udtName="Line", exportPath="Line.xml")
        text = (self.workspace / "Line.xml").read_text(encoding="utf-8")
        (self.workspace / "Line2.xml").write_text(text.replace(">Line<", ">Line2<"), encoding="utf-8")
        self.ok("save_project")

    def reopen(self) -> None:
        """Open the project again as it was saved."""
        self.apply("projects.close", {"discard": True})
        self.ok("open_project", path=self.path)
        self.compile()

    def _add_panel(self) -> None:
        panel = {"orderNumber": "6AV2 124-0GC01-0AX0", "version": "15.1.0.0", "name": "HMI_1", "deviceName": "HMI_1"}
        self.ok("devices.add", **panel)
        table = hmi_kit.table("Tank", hmi_kit.tag("Lamp", "Bool", "C1"))
        for name, objects in (("C.xml", hmi_kit.connection("C1")), ("Tags.xml", table)):
            (self.workspace / name).write_text(hmi_kit.document(objects), encoding="utf-8")
            operation = "hmi_tags.import_connections" if name == "C.xml" else "hmi_tags.import_tags"
            self.apply(operation, {"deviceName": "HMI_1", "importFilePath": name})

    def send(self, name: str, arguments: dict[str, Any]) -> Any:
        """Send an operation over HTTP, and return the response."""
        op = catalogue().named(name)
        assert op is not None, name
        route = next((each for each in op.routes if each.mode is Mode.WAIT), op.routes[0])
        request = call(route, arguments)
        headers = {"Content-Type": "application/json", "X-API-Key": KEY, "Cache-Control": "no-cache"}
        return self.http.request(route.method, request.target, content=request.body or None, headers=headers)

    def look(self, name: str, arguments: dict[str, Any]) -> Any:
        """Return what an operation answers over HTTP, without the limits for models; None where it is refused."""
        answer = self.send(name, arguments)
        return answer.json()["data"] if answer.status_code == 200 else None

    def compile(self) -> Any:
        """Compile the PLC. Returns the number of errors and warnings, and the messages."""
        report = self.look("devices.compile_", ON | {"scope": "software"})
        result = report["result"]
        said = sorted((each["severity"], each["message"]) for each in report["diagnostics"])
        return result["errorCount"], [each for each in said if each[0] == "Error"]

    def state(self) -> dict[str, Any]:
        """Compile, and return all that reads and exports show."""
        compiled = self.compile()
        return read_project(self.look) | {"compiled": compiled}


def _rename(table: str) -> str:
    """Return a table in which each name and each address is another one."""
    table = re.sub(r"<Name>(Conveyor|Start|Lamp|Level|MAX_SPEED|LIMIT)</Name>", r"<Name>\1_2</Name>", table)
    return re.sub(r"%(I|Q|IW)(\d)", r"%\g<1>1\2", table)


Arguments = dict[str, Any]
BLOCKS = ("Motor", "Ladder", "Data", "Motor_DB", "Scale", "Mixer", "Station", "Cycle")
TAG = TABLE | {"tagName": "Lamp"}
SHEET: dict[str, Any] = {"tags": [{"name": "Lamp", "dataType": "Bool", "logicalAddress": "%Q1.5", "path": "Conveyor"}]}
CALLS: dict[str, list[Arguments]] = {
    "devices.add": [
        {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_2", "deviceName": "Second"},
        {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_2", "deviceName": "Second", "group": "Hall/Left"},
    ],
    "blocks.create": [
        ON | LADDER | {"name": "Ladder2"},
        ON | LADDER | {"name": "Ladder2", "folder": "A/B"},
        ON | {"kind": "DB", "name": "Data2", "members": [{"name": "line", "type": '"Line"'}]},
        ON | {"kind": "InstanceDB", "name": "Motor_DB2", "instanceOf": "Motor"},
        ON | LADDER | {"folder": "Drives/Lamps", "title": "Other"} | GIVEN,
    ],
    "blocks.delete": [ON | {"blockName": name} for name in BLOCKS],
    "blocks.rename": [ON | {"blockName": name, "newName": f"{name}9"} for name in BLOCKS],
    "blocks.import_": [
        ON | {"importFilePath": "New.xml"},
        ON | {"importFilePath": "New.xml", "folder": "A/B"},
        ON | {"importFilePath": "Ladder.xml", "override": True},
    ],
    "blocks.add_networks": [LADDERED | {"networks": [NETWORK]}, LADDERED | {"networks": [NETWORK], "position": 1}],
    "blocks.add_member": [
        DRIVEN | {"section": "Input", "name": "extra", "dataType": "Int", "startValue": "4", "comment": "More"},
        DRIVEN | {"section": "Static", "name": "extra", "dataType": '"Line"', "retain": "Retain"},
    ],
    "blocks.update_member": [
        DRIVEN | {"memberName": "speed", "name": "rpm"},
        DRIVEN | {"memberName": "speed", "dataType": "DInt", "comment": "Speed", "startValue": "9"},
        DRIVEN | {"memberName": "speed", "section": "InOut"},
        ON | {"blockName": "Data", "memberName": "total", "name": "sum"},
    ],
    "blocks.delete_member": [DRIVEN | {"memberName": "speed"}, ON | {"blockName": "Data", "memberName": "line"}],
    "blocks.put_content": [
        LADDERED | {"networks": [NETWORK, NETWORK]},
        DRIVEN | {"sourceText": OTHER[: OTHER.index('FUNCTION "Scale"')]},
        LADDERED | {"interface": {"Temp": [{"name": "help", "type": "Bool"}]}, "networks": [NETWORK]},
    ],
    "blocks.create_folder": [ON | {"folder": "A"}, ON | {"folder": "Drives/Lamps/Green/Small"}],
    "block_snapshots.load": [DRIVEN],
    "sources.import_and_generate": [ON | {"sclContent": NEW}, ON | {"sclContent": OTHER}],
    "sources.write": [ON | {"scl": NEW}, ON | {"scl": OTHER}, ON | {"scl": CODE.replace("position : Int", "position : DInt")}],
    "sources.from_file": [ON | {"path": "New.scl"}, ON | {"path": "New.scl", "sourceName": "n.scl", "folder": "Texts"}],
    "sources.from_text": [ON | {"sourceName": "n.scl", "content": NEW}, ON | {"sourceName": "n.scl", "content": NEW, "folder": "Texts"}],
    "sources.create_folder": [ON | {"folder": "A/B"}],
    "tags.add": [ON | {"name": "Horn"}, TABLE | {"name": "Horn", "dataType": "Bool", "logicalAddress": "%Q7.0", "comment": "Horn"}],
    "tags.update": [
        TAG | {"newName": "Lamp2"},
        TAG | {"newName": "Lamp2", "logicalAddress": "%Q0.7", "comment": "Other", "externalWritable": False},
        TAG | {"logicalAddress": "%Q0.7"},
        TABLE | {"tagName": "Level", "dataType": "DInt"},
        TABLE | {"tagName": "Level", "newName": "LEVEL"},
        TAG | {"externalAccessible": False, "externalVisible": False},
        TAG | {"tagName": "lamp", "newName": "Lamp2", "comments": [{"culture": "en-US", "text": "Other"}]},
    ],
    "tags.delete": [TABLE | {"tagName": name} for name in ("Lamp", "Start", "Level")],
    "tag_tables.create": [ON | {"name": "T2"}, ON | {"name": "T2", "folder": "A/B"}],
    "tag_tables.update": [TABLE | {"newName": "Belt"}],
    "tag_tables.delete": [TABLE],
    "tag_tables.import_xml": [
        ON | {"importFilePath": "Table.xml", "folder": "Line 1"} | GIVEN,
        ON | {"importFilePath": "Spare.xml"},
        ON | {"importFilePath": "Spare.xml", "folder": "A/B"},
    ],
    "tag_tables.create_folder": [ON | {"folder": "A/B"}],
    "tag_transfer.import_json": [
        ON | SHEET | {"mode": "update"},
        ON | {"tags": [{"name": "Horn", "dataType": "Bool"}], "tableName": "Conveyor"},
        ON | {"tags": [{"name": "Horn", "dataType": "Bool"}], "tableName": "T2", "createTable": True},
        ON | {"filePath": "Rows.csv", "tableName": "Conveyor", "mode": "update"},
        ON | {"filePath": "Rows.csv", "tableName": "Conveyor", "mode": "skip"},
        ON | {"constants": [{"name": "MAX_SPEED", "dataType": "Int", "value": "7", "path": "Conveyor"}], "mode": "update"},
    ],
    "constants.create": [TABLE | {"name": "LOW", "dataType": "Int", "value": "1"}],
    "constants.update": [
        TABLE | {"constantName": "MAX_SPEED", "newName": "TOP_SPEED"},
        TABLE | {"constantName": "MAX_SPEED", "newName": "TOP_SPEED", "value": "9", "comment": "Other"},
        TABLE | {"constantName": "MAX_SPEED", "value": "9", "dataType": "DInt"},
    ],
    "constants.delete": [TABLE | {"constantName": name} for name in ("MAX_SPEED", "LIMIT")],
    "udts.create": [ON | {"name": "Pump", "members": LEVEL}, ON | {"name": "Pump", "members": LEVEL, "folder": "A/B"}],
    "udts.update": [
        ON | {"udtName": "Valve", "members": [*REQUIRED, {"name": "more", "dataType": "Int"}], "comment": "More"},
        ON | {"udtName": "Valve", "members": LEVEL},
    ],
    "udts.rename": [ON | {"udtName": name, "newName": f"{name}9"} for name in ("Valve", "Line")],
    "udts.delete": [ON | {"udtName": name} for name in ("Valve", "Line")],
    "udts.import_": [
        ON | {"importFilePath": "Line.xml"} | GIVEN,
        ON | {"importFilePath": "Line2.xml"},
        ON | {"importFilePath": "Line2.xml", "folder": "A/B"},
    ],
    "udts.create_folder": [ON | {"folder": "A/B"}],
    "watch_tables.create": [ON | {"name": "Motors"}, ON | {"name": "Motors", "folder": "A/B"}],
    "watch_tables.create_folder": [ON | {"folder": "A/B"}],
    "block_generation.generate_and_import": [
        ON | LADDER | {"folder": "Drives/Lamps", "comment": "Other", "number": 77} | GIVEN,
        ON | LADDER | {"name": "Ladder2", "folder": "A/B", "compile": True},
    ],
    "block_generation.generate_from_design": [
        ON | {"objects": [{"kind": "DB", "name": "Pumps", "members": [{"name": "pump", "type": '"Pump"'}]},
                          {"kind": "UDT", "name": "Pump", "members": [{"name": "speed", "type": "Int"}], "folder": "A"}]},
    ],
    "block_generation.generate_graph": [ON | GRAPH | {"name": "Mixer2", "folder": "A/B"}, ON | GRAPH | {"title": "Other"} | GIVEN],
    "block_generation.instantiate": [
        ON | {"templateName": "motor", "folder": "A", "compile": True, "parameters": {"blockName": "Pump", "instanceName": "Pump_1"}},
    ],
}  # fmt: skip
"""Calls of every operation that declares that it can be undone."""
