"""Controllers for tests: a program from SCL text and tags, on a simulated PLCSIM Advanced instance."""

from __future__ import annotations

from typing import Any

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.results import CaseResult
from engineering_api.features.plc_tests.running import run_case
from openness_bridge.plcsim import instances
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal import loader
from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Simulated
from virtual_plc.memory.program import program_of

BELT = """
DATA_BLOCK "Data"
VAR
   speed : Real;
   list : Array[0..3] of Int;
   motor : Struct
      starts : Int;
      delay : Time := T#1s;
   END_STRUCT;
   letter : Char := 'a';
   name : String[10] := 'belt';
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Timer"
TON_TIME
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
VAR_TEMP
   i : Int;
END_VAR
BEGIN
   "Timer".TON(IN := "Start", PT := "Data".motor.delay);
   IF "Start" AND NOT "Running" THEN
      "Data".motor.starts := "Data".motor.starts + 1;
   END_IF;
   "Running" := "Start";
   "Warm" := "Timer".Q;
   "Cycles" := "Cycles" + 1;
   "Data".speed := INT_TO_REAL("Cycles") / 3.0;
   FOR #i := 0 TO 3 DO
      "Data".list[#i] := #i * "Data".motor.starts;
   END_FOR;
   IF "Crash" THEN
      "Data".list["Cycles" + 100] := 1;
   END_IF;
END_ORGANIZATION_BLOCK
"""
TAGS = (
    Tag("Start", "Bool", "%I0.0"),
    Tag("Crash", "Bool", "%I0.1"),
    Tag("Running", "Bool", "%Q0.0"),
    Tag("Warm", "Bool", "%Q0.1"),
    Tag("Cycles", "Int", "%MW10"),
)


def workspace_of(source: str = BELT, tags: tuple[Any, ...] = TAGS) -> Workspace:
    workspace = Workspace()
    for tag in tags:
        workspace.put(tag)
    assert workspace.put_source(source) == []
    return workspace


def controller_of(source: str = BELT, tags: tuple[Any, ...] = TAGS) -> Controller:
    """A controller of an instance that has the program and is in STOP."""
    model = loader.load("fake").plcsim
    workspace = workspace_of(source, tags)
    instance = model.SimulationRuntimeManager.RegisterInstance("Test")
    instance.PowerOn(10_000)
    Simulated.behind(instance)._load(program_of(workspace))
    simulation = Simulation(lambda: model)
    instances.state(simulation, "Test")
    return Controller(simulation, "Test")


def run_text(controller: Controller, text: str, *, trace: bool = False) -> list[CaseResult]:
    """Run the tests of a text."""
    return [run_case(controller, case, trace=trace) for case in reading.parse(text, "belt.plctest.yaml")]
