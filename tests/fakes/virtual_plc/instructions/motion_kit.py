"""A CPU with an axis and one instance of each motion control instruction, whose inputs are members of a data block."""

from __future__ import annotations

from typing import Any

from simatic_xml.model import Block, Member, Section
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.memory.program import Program, program_of

_SOURCE = """
DATA_BLOCK "C"
VAR
  on, on2, reset, restart, home, absolute, relative, velocity, jog_up, jog_down, halt, stop, current : Bool;
  stop_mode, home_mode, direction : Int; mode : DInt;
  position, distance, speed, other : NUMBER; acceleration, deceleration, jerk : NUMBER;
END_VAR
BEGIN
  speed := 10.0; acceleration := -1.0; deceleration := -1.0; jerk := -1.0; direction := 1;
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
  "Power"(Axis := "Axis", Enable := "C".on, StopMode := "C".stop_mode);
  "Power2"(Axis := "Axis", Enable := "C".on2);
  "Reset"(Axis := "Axis", Execute := "C".reset, Restart := "C".restart);
  "Home"(Axis := "Axis", Execute := "C".home, Position := "C".position, Mode := "C".home_mode);
  "Absolute"(Axis := "Axis", Execute := "C".absolute, Position := "C".position, Velocity := "C".speed, DYNAMICS,
    Direction := "C".direction);
  "Relative"(Axis := "Axis", Execute := "C".relative, Distance := "C".distance, Velocity := "C".speed, DYNAMICS);
  "Velocity"(Axis := "Axis", Execute := "C".velocity, Velocity := "C".speed, DYNAMICS, Direction := "C".stop_mode,
    Current := "C".current);
  "Jog"(Axis := "Axis", JogForward := "C".jog_up, JogBackward := "C".jog_down, Velocity := "C".speed, DYNAMICS);
  "Halt"(Axis := "Axis", Execute := "C".halt);
  STOP
END_ORGANIZATION_BLOCK
"""
_INSTANCES = {
    "Power": "MC_POWER", "Power2": "MC_POWER", "Reset": "MC_RESET", "Home": "MC_HOME", "Absolute": "MC_MOVEABSOLUTE",
    "Relative": "MC_MOVERELATIVE", "Velocity": "MC_MOVEVELOCITY", "Jog": "MC_MOVEJOG", "Halt": "MC_HALT",
}  # fmt: skip
_MODERN = ("LReal", "Acceleration := \"C\".acceleration, Deceleration := \"C\".deceleration, Jerk := \"C\".jerk",
           '"Stop"(Axis := "Axis", Execute := "C".stop, Mode := "C".mode);')  # fmt: skip


def axis_block(start: dict[str, str], kind: str = "TO_PositioningAxis", number_type: str = "LReal") -> Block:
    """The data block of an axis; start values by path, such as `DynamicLimits.MaxVelocity`."""
    groups: dict[str, list[Member]] = {}
    for path, text in start.items():
        group, _, name = path.partition(".")
        groups.setdefault(group, []).append(Member(name, number_type, start_value=text))
    members = [Member(group, "Struct", members=inner) for group, inner in groups.items()]
    attributes = {"OfSystemLibElement": kind, "OfSystemLibVersion": "8.0"}
    return Block("TechnologicalInstanceDB", "Axis", 10, attributes=attributes, interface=[Section("Static", members)])


def motion_program(family: str, start: dict[str, str], kind: str = "TO_PositioningAxis") -> Program:
    modern = family == "S7-1500"
    number, dynamics, stop = _MODERN if modern else ("Real", "", "")
    source = _SOURCE.replace("NUMBER", number).replace("STOP", stop)
    source = source.replace("DYNAMICS,", f"{dynamics}," if dynamics else "").replace(
        ", DYNAMICS", f", {dynamics}" if dynamics else ""
    )
    instances = _INSTANCES | ({"Stop": "MC_STOP"} if modern else {})
    blocks = "".join(f'DATA_BLOCK "{name}" {of} BEGIN END_DATA_BLOCK\n' for name, of in instances.items())
    workspace = Workspace(Cpu(family))
    assert workspace.put_source(blocks + source) == []
    workspace.put(axis_block(start, kind, number))
    return program_of(workspace)


class Rig:
    """A CPU in RUN whose scan takes 10 ms.

    Attributes:
        cpu: the CPU.
    """

    def __init__(self, family: str = "S7-1500", kind: str = "TO_PositioningAxis", **start: str) -> None:
        """Start with an axis; start values by path with `__` for the point."""
        paths = {name.replace("__", "."): text for name, text in start.items()}
        self.modern = family == "S7-1500"
        self.cpu = VirtualCpu(motion_program(family, paths, kind))
        self.cpu.power_on()
        self.cpu.run()

    def scan(self, **inputs: Any) -> None:
        """Write inputs, then execute one scan."""
        for name, value in inputs.items():
            self.cpu.write(f"C.{name}", value)
        self.cpu.run_cycles(1)

    def run_for(self, seconds: float) -> None:
        self.cpu.run_cycles(round(seconds * 100))

    def ready(self) -> Rig:
        """Enable the axis and home it at 0."""
        self.scan(on=True)
        self.scan(home=True, home_mode=0)
        self.scan(home=False)
        return self

    def axis(self, path: str) -> Any:
        return self.cpu.read(f'"Axis".{path}')

    def bit(self, number: int) -> bool:
        return bool(self.axis("StatusWord") >> number & 1)

    def shows(self, block: str) -> set[str]:
        """The outputs of an instance that are TRUE."""
        names = ("Status", "Done", "InVelocity", "Busy", "Active", "CommandAborted", "Error")
        data = self.cpu.read(f'"{block}"')
        return {name for name in names if data.get(name)}

    def error(self, block: str) -> tuple[int, int]:
        """ErrorID and ErrorInfo."""
        return self.cpu.read(f'"{block}".ErrorID'), self.cpu.read(f'"{block}".ErrorInfo')


CLASSIC = {"DynamicDefaults__Acceleration": "100.0", "DynamicDefaults__Deceleration": "100.0"}
"""Dynamics of an S7-1200 that are those of an S7-1500 by default."""


def rig(family: str, **start: str) -> Rig:
    return Rig(family, **({**CLASSIC, **start} if family == "S7-1200" else start)).ready()


def status(of: Rig, name: str) -> bool:
    """A status bit of the axis, by its name on an S7-1200."""
    bits = {"Enable": 0, "Error": 1, "HomingDone": 5, "Done": 6, "Standstill": 7, "PositioningCommand": 8,
            "VelocityCommand": 10, "HomingCommand": 11, "ConstantVelocity": 12, "Accelerating": 13, "Decelerating": 14,
            "SWLimitMinActive": 15, "SWLimitMaxActive": 16}  # fmt: skip
    return of.bit(bits[name]) if of.modern else of.axis(f"StatusBits.{name}")
