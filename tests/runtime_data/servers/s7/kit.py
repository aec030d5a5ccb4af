"""A simulated PLC with data of standard access, and a server of the S7 protocol over it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from snap7 import Client

import simatic_xml
from engineering_api.audit.log import Audit
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from runtime_data.fail_safe import IsFailSafe
from runtime_data.servers.s7.machine import CpuIdentity
from runtime_data.servers.s7.plc import SimulatedPlc
from runtime_data.servers.s7.server import Limits, ProtocolServer
from runtime_data.servers.s7.write_log import WriteLog
from runtime_data.sources.simulated import SimulatedSource
from simatic_xml import scl
from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from tests.runtime_data.plant import Plant, plant_in
from virtual_plc.memory.program import program_of

SCL = """
DATA_BLOCK "Plant"
{ S7_Optimized_Access := 'FALSE' }
VAR
  running : Bool;
  ready : Bool;
  speed : Real;
  count : Int;
  total : DInt;
  name : String[10];
  delay : Time;
  wait : S5Time;
  day : Date;
  clock : Time_Of_Day;
  moment : Date_And_Time;
  list : Array[0..199] of Int;
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Pair"
{ S7_Optimized_Access := 'FALSE' }
VAR
  first : DInt;
  second : DInt;
  image : Array[0..4999] of DInt;
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Hidden"
VAR
  value : Int;
END_VAR
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
BEGIN
  "Pair".first := "Pair".first + 1;
  "Out" := "In";
  "Pair".second := "Pair".first;
END_ORGANIZATION_BLOCK
"""
TAGS = (
    ("In", "Bool", "%I0.0"),
    ("Level", "Int", "%IW2"),
    ("Out", "Bool", "%Q0.0"),
    ("Flag", "Bool", "%M10.1"),
    ("Speed", "Real", "%MD20"),
    ("Upper", "Word", "%MW20"),
)
PLANT, PAIR, HIDDEN = 1, 2, 3


@cache
def workspace() -> Workspace:
    made, generated = Workspace(), scl.generate(SCL)
    assert generated.diagnostics == []
    for document in generated.documents:
        made.put_document(simatic_xml.load(document))
    for tag in TAGS:
        made.put(Tag(*tag))
    return made


def start_cpu(plant: Plant, program: Workspace | None = None) -> None:
    """Start PLC_1 with this program, or with another one."""
    handle = plant.simulation.register("PLC_1", "CPU1511")
    with handle.use() as api:
        api.PowerOn(60_000)
    made: Any = plant.simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1")
    loaded = program or workspace()
    made._load(program_of(loaded), loaded)
    with handle.use() as api:
        api.Run(60_000)


@dataclass
class Served:
    """A server, and what is behind it."""

    plant: Plant
    plc: SimulatedPlc
    server: ProtocolServer
    log: WriteLog
    audit: Audit

    @contextlib.contextmanager
    def client(self) -> Iterator[Client]:
        """Connect a client of another library."""
        client = Client()
        client.connect("127.0.0.1", 0, 1, self.server.port)
        try:
            yield client
        finally:
            client.disconnect()


@contextlib.contextmanager
def serve(
    folder: Path,
    right: Right = Right.OPERATE,
    *,
    limits: Limits | None = None,
    start_stop: bool = True,
    tags: tuple[str, ...] = (),
    is_fail_safe: IsFailSafe = lambda _plc, _block: False,
    program: Workspace | None = None,
) -> Iterator[Served]:
    """Serve the CPU of a plant in a folder."""
    with plant_in(folder, is_fail_safe) as plant:
        start_cpu(plant, program)
        source = plant.sources.find("PLC_1")
        assert isinstance(source, SimulatedSource)
        audit = Audit(plant.database, folder)
        log = WriteLog(audit, "PLC_1", "server:s7")
        who = CpuIdentity("PLC_1", "CPU 1511-1 PN", "6ES7 511-1AK02-0AB0", (2, 9, 4))
        caller = Caller("server:s7", right, kind="server", tags=tags)
        plc = SimulatedPlc(plant.simulation, source, plant.rules, caller, log, who, start_stop=start_stop)
        server = ProtocolServer(lambda: plc, "127.0.0.1", 0, limits or Limits())
        server.start()
        try:
            yield Served(plant, plc, server, log, audit)
        finally:
            server.stop()
            audit.close()
