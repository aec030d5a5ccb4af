"""Programs for native code."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import program
from virtual_plc.memory.program import Program

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "r": st.sampled_from([0.0, 1.0, -0.5, 2.5, 3.5, -1e30, 1e30, 0.1]).map(float) | st.floats(width=32),
    "rr": st.floats(width=32),
    "l": st.floats(),
    "i": st.integers(-32768, 32767) | st.integers(-3, 30),
    "d": st.integers(-(1 << 31), (1 << 31) - 1) | st.integers(-9, 9),
    "n": st.integers(-3, 3) | st.just(-32768),
    "w": st.integers(0, 65535),
    "u": st.integers(0, 40),
    "b": st.booleans(),
    "k": st.booleans(),
    "go": st.booleans(),
    "t": st.integers(-5, 60),
    "big": st.integers(-(1 << 63), (1 << 63) - 1),
}


def scans(*names: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({f'"D".{name}': VALUES[name] for name in names}), min_size=4, max_size=12)


FAULTY = """
ORGANIZATION_BLOCK "Main" VAR_TEMP n : Int; END_VAR
BEGIN
  "G".scans := "G".scans + 1; #n := 7;
  "G".list["G".i] := 5;
  "G".read := "G".list["G".i + 1] + 100;
  WHILE "G".endless DO "G".turns := "G".turns + 1; END_WHILE;
  "G".ends := "G".ends + #n;
END_ORGANIZATION_BLOCK
DATA_BLOCK "G" VAR list : Array[0..3] of Int; i : Int; scans : Int; ends : Int; faults : Int; read : Int; endless : Bool;
 turns : DInt; END_VAR BEGIN END_DATA_BLOCK
"""
HANDLER = 'ORGANIZATION_BLOCK "Error" BEGIN "G".faults := "G".faults + 1; END_ORGANIZATION_BLOCK'


def faulty(*, handled: bool) -> Program:
    made = program(FAULTY + (HANDLER if handled else ""))
    if handled:
        handler = made.blocks["error"]
        handler.number, handler.secondary_type = 121, "ProgrammingError"
    return made
