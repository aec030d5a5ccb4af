"""A small program that uses everything in more than one way, for the tests of lists and structures."""

from __future__ import annotations

from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.program.program_of import objects_of

SOURCE = """
TYPE "Motor_Data"
STRUCT
    speed : Int;
    run : Bool;
END_STRUCT
END_TYPE

TYPE "Never"
STRUCT
    x : Int;
END_STRUCT
END_TYPE

FUNCTION_BLOCK "Motor"
VAR_INPUT
    start : Bool;
END_VAR
VAR_OUTPUT
    running : Bool;
END_VAR
VAR
    delay : TON_TIME;
    data : "Motor_Data";
END_VAR
BEGIN
    #delay(IN := #start, PT := T#2s);
    #running := #delay.Q;
    #data.speed := "Scale"(#data.speed);
END_FUNCTION_BLOCK

FUNCTION "Scale" : Int
VAR_INPUT
    raw : Int;
END_VAR
BEGIN
    #Scale := #raw * "FACTOR";
END_FUNCTION

FUNCTION_BLOCK "Line"
VAR
    first : "Motor";
    second : "Motor";
END_VAR
BEGIN
    #first(start := "Start");
    #second(start := "Start");
    #second(start := FALSE);
    "Store".motors[3].speed := 5;
    "Store".count := "Store".count + 1;
END_FUNCTION_BLOCK

FUNCTION "Old" : Void
BEGIN
    "Lost" := "Forgotten".value;
    "Older"();
END_FUNCTION

FUNCTION "Older" : Void
BEGIN
    "Old"();
END_FUNCTION

DATA_BLOCK "Store"
VAR
    motors : Array[0.."COUNT"] of "Motor_Data";
    count : Int;
    spare : Int;
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Forgotten"
VAR
    value : Bool;
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Line_DB"
"Line"
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Motor_DB"
"Motor"
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
BEGIN
    "Line_DB"();
    "Motor_DB"(start := "Start", running => "Ok");
    "Word" := "Word" OR 16#1;
    %M10.1 := TRUE;
    %MW20 := "Word";
END_ORGANIZATION_BLOCK
"""
TAGS = {"Start": "Bool %I0.0", "Ok": "Bool %Q0.0", "Word": "Word %MW10", "Lost": "Bool %M1.0", "Half": "Word %MW21"}
CONSTANTS = {"FACTOR": "Int 3", "COUNT": "Int 9", "NOBODY": "Int 1"}
NUMBERS = {"Main": 1, "Line": 1, "Motor": 2, "Scale": 1, "Store": 1, "Line_DB": 2, "Motor_DB": 3}


def workspace() -> Workspace:
    """The program."""
    made = Workspace()
    for item in objects_of(SOURCE, tags=TAGS, constants=CONSTANTS, numbers=NUMBERS).objects.values():
        made.put(item)
    return made


def index() -> UseIndex:
    """Its uses."""
    return UseIndex(workspace())
