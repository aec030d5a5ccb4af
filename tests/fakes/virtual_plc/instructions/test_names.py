"""Names of blocks, instances and operands, as the S7-1200 manual shows them."""

from __future__ import annotations

import pytest

from simatic_xml.model import Tag
from tests.fakes.virtual_plc.agreement import TIERS, Run, agree, program
from tests.fakes.virtual_plc.instructions.kit import call

LEVELS = """
DATA_BLOCK "D" VAR
  name : WString; path : WString; instance : WString; whole : WString; again : WString; cut : WString;
  list : Array[0..3] of Int; part : Struct speed : Int; END_STRUCT; size : DInt;
END_VAR BEGIN END_DATA_BLOCK
FUNCTION_BLOCK "Level3"
VAR_INPUT req3 : Int; END_VAR
VAR_IN_OUT both : Int; END_VAR
BEGIN
  "D".name := GetSymbolName(VARIABLE := #req3, SIZE := 0);
  "D".path := GetSymbolPath(VARIABLE := #req3, SIZE := 0);
  "D".again := GetSymbolPath(VARIABLE := #both, SIZE := 0);
  "D".instance := GetInstanceName(SIZE := 0);
  "D".whole := GetInstancePath(SIZE := 0);
  "D".cut := GetInstancePath(SIZE := "D".size);
END_FUNCTION_BLOCK
FUNCTION_BLOCK "Level2"
VAR_INPUT req2 : Int; END_VAR
VAR third : "Level3"; own : Int; END_VAR
BEGIN #third(req3 := #req2, both := #own); END_FUNCTION_BLOCK
FUNCTION_BLOCK "Level1"
VAR_INPUT req1 : Int; END_VAR
VAR second : "Level2"; END_VAR
BEGIN #second(req2 := #req1); END_FUNCTION_BLOCK
DATA_BLOCK "IDB_LEVEL_1" "Level1" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "IDB_LEVEL_1"(req1 := OPERAND); END_ORGANIZATION_BLOCK
"""
TAG = Tag("MyPLCTag", "Int", "%MW0")


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("operand", "path"),
    [('"MyPLCTag"', '"MyPLCTag"'), ('"D".part.speed', '"D".part.speed'), ('"D".list[2]', '"D".list[2]'), ("17", "17")],
)
def test_names_come_from_the_beginning_of_the_calls(tier: str, operand: str, path: str) -> None:
    run = Run(program(LEVELS.replace("OPERAND", operand), TAG), TIERS[tier])
    assert run.scan() == ""
    found = {name: run.memory.read(f'"D".{name}') for name in ("name", "path", "again", "instance", "whole")}
    assert found == {
        "name": "req2",
        "path": path,
        "again": '"IDB_LEVEL_1".second.own',
        "instance": '"IDB_LEVEL_1"',
        "whole": '"IDB_LEVEL_1".second.third',
    }


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (1, "…"),
        (2, '"…'),
        (3, '"I…'),
        (6, '"IDB_…'),
        (0, '"IDB_LEVEL_1".second.third'),
        (26, '"IDB_LEVEL_1".second.third'),
        (25, '"IDB_LEVEL_1".second.thi…'),
        (-1, "…"),
        (-6, "…third"),
    ],
)
def test_a_name_is_cut_to_size_with_one_character_for_the_rest(size: int, name: str) -> None:
    run = Run(program(LEVELS.replace("OPERAND", "1"), TAG), TIERS["python"])
    run.scan({'"D".size': size})
    assert run.memory.read('"D".cut') == name


def test_a_block_name_is_cut_like_the_others() -> None:
    assert call("GetBlockName", {"SIZE": 0}, block="Pump") == {"": "Pump"}
    assert call("GetBlockName", {"SIZE": 3}, block="Pump") == {"": "Pu…"}
    assert call("GetBlockName", {"SIZE": -3}, block="Pump") == {"": "…mp"}


FUNCTIONS = """
DATA_BLOCK "D" VAR first : WString; second : WString; none : WString; inner : WString; go : Bool; a : Int; n : Int; END_VAR
BEGIN END_DATA_BLOCK
FUNCTION "Tell" : WString
VAR_INPUT in : Bool; END_VAR
BEGIN "Tell" := GetSymbolPath(VARIABLE := #in, SIZE := 0); END_FUNCTION
FUNCTION "Between" : Int
VAR_INPUT x : Bool; text : WString; END_VAR
VAR_TEMP own : Bool; END_VAR
BEGIN
  "D".first := "Tell"(in := #x);
  "D".second := "Tell"(in := #own);
  "D".none := "Tell"(in := NOT #x);
  "D".inner := #text;
  "Between" := 1;
END_FUNCTION
ORGANIZATION_BLOCK "Main" BEGIN
  IF "D".go THEN "D".n := "Between"(x := "D".go, text := "Tell"("D".go)); END_IF;
END_ORGANIZATION_BLOCK
"""


def test_functions_know_the_names_of_their_callers_on_every_tier() -> None:
    made = program(FUNCTIONS)
    assert agree(made, [{}, {'"D".go': True}]) == ["", ""]
    run = Run(made, TIERS["python"])
    run.scan({'"D".go': True})
    names = [run.memory.read(f'"D".{each}') for each in ("first", "second", "none", "inner")]
    assert names == ['"D".go', "own", "", '"D".go']
