"""Elements with parts in loops, which generated code looks up once a turn: against lists of Python, with random start values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import scan
from tests.support.examples import examples

COUNT = 5
SOURCE = f"""
TYPE "Part" STRUCT weight : Int; marks : Array[1..3] of Int; END_STRUCT; END_TYPE
TYPE "Line" STRUCT name : Int; parts : Array[0..{COUNT - 1}] of "Part"; END_STRUCT; END_TYPE
FUNCTION_BLOCK "Count"
VAR_INPUT step : Int; END_VAR
VAR_OUTPUT total : Int; END_VAR
BEGIN #total := #total + #step; END_FUNCTION_BLOCK
FUNCTION_BLOCK "Fb"
VAR_IN_OUT given : Array[1..{COUNT}] of "Part"; END_VAR
VAR
  parts : Array[1..{COUNT}] of "Part"; kept : "Part"; lines : Array[0..2] of "Line"; counters : Array[0..2] of "Count";
  first : Int; last : Int; found : Int; grid : Array[0..1, 1..2] of "Part"; turn : Int;
END_VAR
VAR_TEMP i : Int; j : Int; n : Int; END_VAR
BEGIN
  FOR #i := 1 TO {COUNT - 1} DO
    FOR #j := 1 TO {COUNT} - #i DO
      IF #j < {COUNT} THEN
        IF #parts[#j].weight > #parts[#j + 1].weight THEN
          #kept := #parts[#j]; #parts[#j] := #parts[#j + 1]; #parts[#j + 1] := #kept;
        END_IF;
      END_IF;
    END_FOR;
  END_FOR;
  FOR #i := 1 TO {COUNT} DO
    IF #parts[#i].weight < #first THEN CONTINUE; END_IF;
    IF #parts[#i].weight > #last THEN EXIT; END_IF;
    #found := #found + #parts[#i].weight;
    #parts[#i].marks[2] := #parts[#i].marks[2] + #i;
    #given[#i] := #parts[#i];
    #given[#i].weight := -#parts[#i].weight;
  END_FOR;
  FOR #n := 0 TO 2 DO
    FOR #i := 0 TO {COUNT - 1} DO
      #lines[#n].parts[#i].weight := #lines[#n].parts[#i].weight + #parts[#i + 1].weight + #n;
      FOR #j := 1 TO 3 DO #lines[#n].parts[#i].marks[#j] := #lines[#n].parts[#i].weight * #j; END_FOR;
    END_FOR;
    #counters[#n](step := #lines[#n].parts[0].weight, total => #lines[#n].name);
  END_FOR;
  FOR #i := 0 TO 1 DO
    FOR #j := 1 TO 2 DO #grid[#i, #j].weight := #grid[#i, #j].weight + 10 * #i + #j; END_FOR;
  END_FOR;
  #turn := 0;
  REPEAT
    #turn := #turn + 1;
    #parts[#turn].marks[1] := #parts[#turn].weight;
  UNTIL #parts[#turn].weight > #last OR #turn >= {COUNT} END_REPEAT;
END_FUNCTION_BLOCK
DATA_BLOCK "G" VAR given : Array[1..{COUNT}] of "Part"; END_VAR BEGIN END_DATA_BLOCK
DATA_BLOCK "D" "Fb" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "D"(given := "G".given); END_ORGANIZATION_BLOCK
"""


def expected(weights: list[int], first: int, last: int) -> dict[str, Any]:
    """Return the data behind one scan, by Python's own means; all numbers are small."""
    parts: list[dict[str, Any]] = [{"weight": each, "marks": [0, 0, 0]} for each in sorted(weights)]
    given_parts: list[dict[str, Any]] = [{"weight": 0, "marks": [0, 0, 0]} for _ in parts]
    found = 0
    for at, part in enumerate(parts):
        if part["weight"] > last and part["weight"] >= first:
            break
        if part["weight"] >= first:
            found += part["weight"]
            part["marks"][1] += at + 1
            given_parts[at] = {"weight": -part["weight"], "marks": list(part["marks"])}
    lines = []
    for number in range(3):
        values = [part["weight"] + number for part in parts]
        inner = [{"weight": each, "marks": [each, each * 2, each * 3]} for each in values]
        lines.append({"name": values[0], "parts": inner})
    for part in parts:
        part["marks"][0] = part["weight"]
        if part["weight"] > last:
            break
    grid = [[{"weight": 10 * i + j, "marks": [0, 0, 0]} for j in (1, 2)] for i in (0, 1)]
    return {"parts": parts, "given": given_parts, "found": found, "lines": lines, "grid": grid}


@pytest.mark.parametrize("tier", TIERS)
@examples(10)
@given(st.lists(st.integers(-50, 50), min_size=COUNT, max_size=COUNT), st.integers(-60, 60), st.integers(-60, 60))
def test_elements_in_loops(tier: str, weights: list[int], first: int, last: int) -> None:
    workspace = Workspace()
    assert [str(each) for each in workspace.put_source(SOURCE)] == []
    writes = {f'"D".parts[{at + 1}].weight': each for at, each in enumerate(weights)}
    memory = scan(workspace, tier, writes | {'"D".first': first, '"D".last': last})
    found = memory.read('"D"')
    wanted = expected(weights, first, last)
    assert found["parts"] == wanted["parts"]
    assert memory.read('"G".given') == wanted["given"]
    assert found["found"] == wanted["found"]
    assert found["lines"] == wanted["lines"]
    assert [each for row in wanted["grid"] for each in row] == [
        each for row in found["grid"] for each in (row if isinstance(row, list) else [row])
    ]
    assert [each["total"] for each in found["counters"]] == [each["name"] for each in wanted["lines"]]
