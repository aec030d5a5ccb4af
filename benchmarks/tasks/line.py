"""The filling line: the program of most tasks, with tags, a data type, SCL and LAD."""

from __future__ import annotations

from typing import Any

from benchmarks.tasks.plant import Call, call

RECIPE_TYPE = """\
TYPE "typeRecipe"
VERSION : 0.1
   STRUCT
      low : Real := 20.0;
      high : Real := 80.0;
      pieces : Int := 3;
   END_STRUCT;
END_TYPE
"""
RECIPE = """\
DATA_BLOCK "Recipe"
{ S7_Optimized_Access := 'TRUE' }
VAR
   active : "typeRecipe";
END_VAR
BEGIN
END_DATA_BLOCK
"""
BELT_CONTROL = """\
FUNCTION_BLOCK "BeltControl"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
   start : Bool;
   stop : Bool;
   jam : Bool;
   acknowledge : Bool;
   doorClosed : Bool;
END_VAR
VAR_OUTPUT
   motor : Bool;
   fault : Bool;
   horn : Bool;
END_VAR
VAR
   jamTimer {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
   hornTimer {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
END_VAR
BEGIN
   IF #start THEN
      #motor := TRUE;
   END_IF;
   IF #stop OR NOT #doorClosed THEN
      #motor := FALSE;
   END_IF;
   // A jam of two seconds is a fault.
   #jamTimer(IN := #jam AND #motor, PT := T#2s);
   IF #jamTimer.Q THEN
      #fault := TRUE;
   ELSIF #acknowledge AND NOT #jam THEN
      #fault := FALSE;
   END_IF;
   IF #fault THEN
      #motor := FALSE;
   END_IF;
   // The horn sounds for the first five seconds of a fault.
   #hornTimer(IN := #fault, PT := T#5s);
   #horn := #fault AND NOT #hornTimer.Q;
END_FUNCTION_BLOCK
"""
SCALE_LEVEL = """\
FUNCTION "ScaleLevel" : Real
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
   raw : Int;
END_VAR
BEGIN
   #ScaleLevel := LIMIT(MN := 0.0, IN := INT_TO_REAL(#raw) / 276.48, MX := 100.0);
END_FUNCTION
"""
FILLER = """\
FUNCTION_BLOCK "Filler"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
   level : Real;
END_VAR
VAR_OUTPUT
   valve : Bool;
END_VAR
BEGIN
   IF #level < "Recipe".active.low THEN
      #valve := TRUE;
   ELSIF #level > "Recipe".active.high THEN
      #valve := FALSE;
   END_IF;
END_FUNCTION_BLOCK
"""
PIECE_COUNTER = """\
FUNCTION_BLOCK "PieceCounter"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
   piece : Bool;
   reset : Bool;
END_VAR
VAR_OUTPUT
   count : Int;
   full : Bool;
END_VAR
VAR
   pieceBefore : Bool;
END_VAR
BEGIN
   IF #piece AND NOT #pieceBefore THEN
      #count := #count + 1;
   END_IF;
   #pieceBefore := #piece;
   IF #reset THEN
      #count := 0;
   END_IF;
   #full := #count >= "Recipe".active.pieces;
END_FUNCTION_BLOCK
"""
OLD_BELT = """\
FUNCTION "OldBelt" : Void
{ S7_Optimized_Access := 'TRUE' }
VAR_TEMP
   ready : Bool;
END_VAR
BEGIN
   #ready := TRUE;
END_FUNCTION
"""
INSTANCES = """\
DATA_BLOCK "Belt_DB"
{ S7_Optimized_Access := 'TRUE' }
"BeltControl"
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Filler_DB"
{ S7_Optimized_Access := 'TRUE' }
"Filler"
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Counter_DB"
{ S7_Optimized_Access := 'TRUE' }
"PieceCounter"
BEGIN
END_DATA_BLOCK
"""
PROCESS = """\
FUNCTION "Process" : Void
{ S7_Optimized_Access := 'TRUE' }
BEGIN
   "Belt_DB"(start := "Start", stop := "Stop", jam := "Jam", acknowledge := "Acknowledge", doorClosed := "Door_Closed",
             motor => "Belt_Motor", fault => "Fault", horn => "Horn");
   "Level" := "ScaleLevel"("Level_Raw");
   IF "Level" > INT_TO_REAL("LEVEL_ALARM") THEN
      "Lamp_Level" := TRUE;
   ELSE
      "Lamp_Level" := FALSE;
   END_IF;
   "Filler_DB"(level := "Level", valve => "Fill_Valve");
   "Counter_DB"(piece := "Piece", reset := "Box_Change", count => "Pieces", full => "Box_Full");
   "Lamps"();
END_FUNCTION
"""
MAIN = """\
ORGANIZATION_BLOCK "Main"
{ S7_Optimized_Access := 'TRUE' }
BEGIN
   "Process"();
END_ORGANIZATION_BLOCK
"""
LAMPS: dict[str, Any] = {
    "kind": "FC",
    "name": "Lamps",
    "language": "LAD",
    "networks": [
        {"title": "Belt runs", "source": {"rungs": [[{"contact": '"Belt_Motor"'}, {"coil": '"Lamp_Run"'}]]}},
        {"title": "Fault", "source": {"rungs": [[{"contact": '"Fault"'}, {"coil": '"Lamp_Fault"'}]]}},
    ],
}
TABLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Inputs": (
        ("Start", "Bool", "%I0.0"),
        ("Stop", "Bool", "%I0.1"),
        ("Jam", "Bool", "%I0.2"),
        ("Piece", "Bool", "%I0.3"),
        ("Acknowledge", "Bool", "%I0.4"),
        ("Door_Closed", "Bool", "%I0.5"),
        ("Box_Change", "Bool", "%I0.6"),
        ("Level_Raw", "Int", "%IW64"),
    ),
    "Outputs": (
        ("Belt_Motor", "Bool", "%Q0.0"),
        ("Horn", "Bool", "%Q0.1"),
        ("Fill_Valve", "Bool", "%Q0.2"),
        ("Box_Full", "Bool", "%Q0.3"),
        ("Lamp_Run", "Bool", "%Q0.4"),
        ("Lamp_Fault", "Bool", "%Q0.5"),
        ("Lamp_Level", "Bool", "%Q0.6"),
    ),
    "Memory": (
        ("Fault", "Bool", "%M0.0"),
        ("Spare_1", "Bool", "%M0.1"),
        ("Spare_2", "Bool", "%M0.2"),
        ("Pieces", "Int", "%MW2"),
        ("Level", "Real", "%MD4"),
    ),
}


def write_scl(*sources: str) -> Call:
    """Return the call that generates blocks from SCL; they replace those of their names."""
    return call("sources.import_and_generate", sclContent="\n".join(sources))


def add_tags(tables: dict[str, tuple[tuple[str, str, str], ...]]) -> tuple[Call, ...]:
    """Return the calls that make tag tables with their tags: name, data type, address."""
    calls = [call("tag_tables.create", name=table) for table in tables]
    calls += [
        call("tags.add", tableName=table, name=name, dataType=data_type, logicalAddress=address)
        for table, tags in tables.items()
        for name, data_type, address in tags
    ]
    return tuple(calls)


LEVEL_ALARM = {"tableName": "Memory", "constantName": "LEVEL_ALARM"}
START = (
    *add_tags(TABLES),
    call("constants.create", tableName="Memory", name="LEVEL_ALARM", dataType="Int", value=95),
    call("blocks.create", **LAMPS),
    write_scl(
        RECIPE_TYPE, RECIPE, BELT_CONTROL, SCALE_LEVEL, FILLER, PIECE_COUNTER, OLD_BELT, INSTANCES, PROCESS, MAIN
    ),
)
REGRESSION = """\
tests:
  - name: The belt starts and stops
    steps:
      - {write: {Door_Closed: true, Start: true}, expect: {Belt_Motor: true, Lamp_Run: true}}
      - {write: {Start: false}, run: 2, expect: {Belt_Motor: true}}
      - {write: {Stop: true, Start: true}, expect: {Belt_Motor: false}}
      - {write: {Stop: false}, expect: {Belt_Motor: true}}
      - {write: {Door_Closed: false}, expect: {Belt_Motor: false, Lamp_Run: false}}
  - name: A jam is a fault
    steps:
      - {write: {Door_Closed: true, Start: true, Jam: true}, wait: 1s900ms, expect: {Fault: false, Belt_Motor: true}}
      - {wait: 200ms, expect: {Fault: true, Belt_Motor: false, Lamp_Fault: true, Horn: true}}
      - {write: {Start: false, Jam: false}, run: 2, expect: {Fault: true, Lamp_Fault: true}}
      - {write: {Acknowledge: true}, run: 2, expect: {Fault: false, Lamp_Fault: false, Horn: false}}
  - name: The level
    steps:
      - {write: {Level_Raw: 1000}, expect: {Fill_Valve: true, Level: {expected: 3.617, tolerance: 0.01}}}
      - {write: {Level_Raw: 13824}, expect: {Fill_Valve: true, Level: {expected: 50, tolerance: 0.01}}}
      - {write: {Level_Raw: 23000}, expect: {Fill_Valve: false, Lamp_Level: false}}
      - {write: {Level_Raw: 27648}, expect: {Fill_Valve: false, Lamp_Level: true}}
      - {write: {Level_Raw: 13824}, expect: {Fill_Valve: false, Lamp_Level: false}}
  - name: Pieces
    steps:
      - {write: {Piece: true}, run: 5, expect: {Pieces: 1}}
      - {write: {Piece: false}, run: 2, expect: {Pieces: 1}}
      - {write: {Piece: true}, run: 2, expect: {Pieces: 2, Box_Full: false}}
      - {write: {Piece: false}, run: 2}
      - {write: {Piece: true}, run: 2, expect: {Pieces: 3, Box_Full: true}}
      - {write: {Box_Change: true}, run: 2, expect: {Pieces: 0, Box_Full: false}}
"""
"""The behaviour of the line that changes have to keep."""
HORN = """\
  - name: The horn sounds for a time
    steps:
      - {write: {Door_Closed: true, Start: true, Jam: true}, wait: 2s100ms, expect: {Horn: true}}
      - {wait: $BEFORE, expect: {Horn: true}}
      - {wait: 300ms, expect: {Horn: false, Fault: true}}
"""
"""The horn's time, which one task changes; $BEFORE is a moment shortly before its end."""
PARTS = (
    *(("tagTable", table) for table in TABLES),
    ("udt", "typeRecipe"),
    *(("block", name) for name in ("Main", "Process", "Lamps", "BeltControl", "Belt_DB", "ScaleLevel", "Recipe")),
    *(("block", name) for name in ("Filler", "Filler_DB", "PieceCounter", "Counter_DB", "OldBelt")),
)
"""Kind and name of each part of the line."""
