"""Sources on disk for tests of whole runs."""

from __future__ import annotations

from pathlib import Path

MOTOR = """
FUNCTION_BLOCK "Motor"
{ S7_Optimized_Access := 'TRUE' }
   VAR_INPUT
      start : Bool;
      speed : Int := 5;
   END_VAR
   VAR_OUTPUT
      run : Bool;
   END_VAR
   VAR_IN_OUT
      state : "typeState";
      total : DInt;
   END_VAR
   VAR
      delay : TON_TIME;
      starts : Int;
   END_VAR
BEGIN
   #delay(IN := #start, PT := T#1s);
   IF #delay.Q AND NOT #run THEN
      #starts := #starts + 1;
   END_IF;
   #run := #delay.Q;
   #state.on := #run;
   #total := #total + #speed;
END_FUNCTION_BLOCK
"""
SCALE = """
FUNCTION "Scale" : Real
{ S7_Optimized_Access := 'TRUE' }
   VAR_INPUT
      raw : Int;
   END_VAR
   VAR_OUTPUT
      high : Bool;
   END_VAR
   VAR_IN_OUT
      calls : Int;
   END_VAR
BEGIN
   #calls := #calls + 1;
   #high := #raw > 100;
   #Scale := INT_TO_REAL(#raw) * 0.5;
END_FUNCTION
"""
ANY = """
FUNCTION "Anything" : Void
{ S7_Optimized_Access := 'TRUE' }
   VAR_INPUT
      what : Variant;
   END_VAR
BEGIN
   ;
END_FUNCTION
"""
STATE = """
TYPE "typeState"
VERSION : 0.1
   STRUCT
      on : Bool;
   END_STRUCT;
END_TYPE
"""
MAIN = """
DATA_BLOCK "Plant"
{ S7_Optimized_Access := 'TRUE' }
   VAR
      start : Bool;
      run : Bool;
      state : "typeState";
      total : DInt;
      level : Real;
      calls : Int;
      high : Bool;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Motor_DB"
{ S7_Optimized_Access := 'TRUE' }
"Motor"
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
{ S7_Optimized_Access := 'TRUE' }
BEGIN
   "Motor_DB"(start := "Plant".start, run => "Plant".run, state := "Plant".state, total := "Plant".total);
   "Plant".level := "Scale"(raw := 42, high => "Plant".high, calls := "Plant".calls);
END_ORGANIZATION_BLOCK
"""
BLOCKS_TESTS = """
tests:
- name: Motor starts after a second
  block: Motor
  steps:
  - write: {start: true}
    expect: {run: {expected: true, within: 1.1s}, starts: 1, state.on: true}
- name: Motor counts speed
  block: motor
  parameters: [{speed: 5, total: 50}, {speed: -1, total: -10}]
  steps:
  - {write: {speed: $(speed)}, run: 10, expect: {total: $(total), "#starts": 0}}
- name: Scale halves
  block: Scale
  steps:
  - {write: {raw: 150}, run: 2, expect: {Ret_Val: 75.0, high: true, calls: 2, Plant.total: 0}}
"""
WHOLE_TESTS = """
tests:
- name: Plant starts
  steps:
  - {write: {Plant.start: true}, wait: 1.1s, expect: {Plant.run: true, Plant.state.on: true, Plant.level: 21.0}}
"""


def put(folder: Path, *, tests: bool = True) -> Path:
    """Write the program, in an order of names in which no file finds what it needs, and its tests."""
    (folder / "a_main.scl").write_text(MAIN)
    (folder / "b_motor.scl").write_text(MOTOR + SCALE)
    (folder / "c_any.scl").write_text(ANY)
    (folder / "z_state.udt").write_text(STATE)
    if tests:
        (folder / "blocks.plctest.yaml").write_text(BLOCKS_TESTS)
        (folder / "whole.plctest.yaml").write_text(WHOLE_TESTS)
    return folder
