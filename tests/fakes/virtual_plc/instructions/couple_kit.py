"""A CPU with a leading axis, a following axis, a cam and a measuring input, and instructions that a test names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from simatic_xml.model import Block
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.memory.program import program_of

_START = """
DATA_BLOCK "C"
VAR
  on, off, home, move, go, halt, stop, run, back, own, a, b, c : Bool;
  speed, distance, p, q, r : LReal; n, m : DInt := 1; mode : DInt;
END_VAR
BEGIN
  speed := 10.0;
END_DATA_BLOCK
"""
_MAIN = """
ORGANIZATION_BLOCK "Main"
BEGIN
  "PowerL"(Axis := "Leader", Enable := "C".on AND NOT "C".off);
  "PowerF"(Axis := "Follower", Enable := "C".on);
  "HomeL"(Axis := "Leader", Execute := "C".home, Position := 0.0, Mode := 0);
  "HomeF"(Axis := "Follower", Execute := "C".home, Position := 0.0, Mode := 0);
  "Run"(Axis := "Leader", Execute := "C".run, Velocity := "C".speed, Direction := 0, Current := FALSE);
  "Move"(Axis := "Leader", Execute := "C".move, Distance := "C".distance, Velocity := "C".speed);
  "Own"(Axis := "Follower", Execute := "C".own, Distance := "C".distance, Velocity := "C".speed);
  "Stop"(Axis := "Leader", Execute := "C".stop, Mode := 3);
  "Halt"(Axis := "Follower", Execute := "C".halt);
  CALLS
END_ORGANIZATION_BLOCK
"""
_INSTANCES = {
    "PowerL": "MC_POWER",
    "PowerF": "MC_POWER",
    "HomeL": "MC_HOME",
    "HomeF": "MC_HOME",
    "Run": "MC_MOVEVELOCITY",
    "Move": "MC_MOVERELATIVE",
    "Own": "MC_MOVERELATIVE",
    "Stop": "MC_STOP",
    "Halt": "MC_HALT",
}
_OBJECTS = {"Leader": "TO_PositioningAxis", "Follower": "TO_SynchronousAxis", "Cam": "TO_Cam"}


class Pair:
    """A CPU in RUN whose scan takes 10 ms, with both axes enabled and homed at 0.

    Attributes:
        cpu: the CPU.
    """

    def __init__(self, calls: str = "", objects: Mapping[str, str] = MappingProxyType({}), /, **instances: str) -> None:
        """Start with calls in SCL and the types of their instances by name."""
        all_instances = _INSTANCES | instances
        blocks = "".join(f'DATA_BLOCK "{name}" {of} BEGIN END_DATA_BLOCK\n' for name, of in all_instances.items())
        workspace = Workspace(Cpu("S7-1500"))
        source = blocks + _START + _MAIN.replace("CALLS", calls)
        assert workspace.put_source(source) == []
        for number, (name, kind) in enumerate({**_OBJECTS, **objects}.items(), start=100):
            attributes = {"OfSystemLibElement": kind, "OfSystemLibVersion": "8.0"}
            workspace.put(Block("TechnologicalInstanceDB", name, number, attributes=attributes))
        self.cpu = VirtualCpu(program_of(workspace))
        self.cpu.power_on()
        self.cpu.run()
        self.scan(on=True)
        self.scan(home=True)

    def scan(self, **inputs: Any) -> None:
        """Write inputs, then execute one scan."""
        for name, value in inputs.items():
            self.cpu.write(f"C.{name}", value)
        self.cpu.run_cycles(1)

    def run_for(self, seconds: float) -> None:
        self.cpu.run_cycles(round(seconds * 100))

    def at(self, axis: str, member: str = "Position") -> Any:
        return self.cpu.read(f'"{axis}".{member}')

    def bit(self, axis: str, number: int, word: str = "StatusWord") -> bool:
        return bool(self.at(axis, word) >> number & 1)

    def shows(self, block: str) -> set[str]:
        """The outputs of an instance that are TRUE."""
        data = self.cpu.read(f'"{block}"')
        inputs = ("Execute", "Enable", "MeasuringRange", "AbortAcceleration", "Direction", "_state")
        return {name for name, value in data.items() if value is True and name not in inputs}

    def error(self, block: str) -> int:
        found: int = self.cpu.read(f'"{block}".ErrorID')
        return found
