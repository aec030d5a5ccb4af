"""A running plant for the console's tests: a project with a program, in a simulated PLC of the same name that is in RUN."""

from __future__ import annotations

from tests.console.console import Service

SOURCE = """DATA_BLOCK "Tank"
{ S7_Optimized_Access := 'TRUE' }
VAR
level : Real;
count : DInt;
hot : Bool;
many : Array[0..49] of DInt;
END_VAR
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Cycle"
VAR_TEMP i : Int; END_VAR
BEGIN
"Tank".count := "Tank".count + 1;
"Tank".level := "Tank".level + 0.5;
IF "Tank".level > 100.0 THEN "Tank".level := 0.0; END_IF;
FOR #i := 0 TO 49 DO "Tank".many[#i] := "Tank".count + #i; END_FOR;
"Lamp" := "Switch";
END_ORGANIZATION_BLOCK
"""
"""Counts in each cycle; the lamp follows the switch."""
TAGS = (("Switch", "Bool", "%I0.0"), ("Lamp", "Bool", "%Q0.0"), ("Speed", "Word", "%MW10"))


def start(service: Service, plc: str = "PLC_1") -> Service:
    """Make a project with the program, load it into a simulated PLC and set that to RUN."""
    service.create_project(plc=plc)
    for name, data_type, address in TAGS:
        body = {"name": name, "dataType": data_type, "address": address}
        service.send("POST", f"devices/{plc}/tag-tables/Default%20tag%20table/tags", body)
    service.generate(SOURCE, plc)
    service.send("POST", "simulation/instances/create", {"name": plc, "powerOn": True})
    service.send("POST", f"devices/{plc}/actions/download-sync", {"scope": "HardwareAndSoftware"})
    service.send("POST", f"devices/{plc}/cpu/actions/start")
    return service


def add_table(service: Service, name: str, rows: list[dict[str, object]], plc: str = "PLC_1") -> None:
    """Make a watch table with rows."""
    service.send("POST", f"devices/{plc}/watch-tables", {"name": name})
    service.send("POST", f"devices/{plc}/watch-tables/{name}/entries", {"entries": rows})
