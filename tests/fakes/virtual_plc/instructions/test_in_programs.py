"""Instructions as programs call them, on each tier: types, references and outputs come from the typed program."""

from collections.abc import Callable
from typing import Any

import pytest

from simatic_xml import load
from simatic_xml.program import walking
from simatic_xml.program.nodes import InstructionCall
from simatic_xml.program.workspace import Workspace
from tests.oracle.tree_walker import interpret_program
from tests.simatic_xml.corpus import CORPUS, corpus_files
from virtual_plc.cpu.services import PlainServices
from virtual_plc.instructions import bind, find_unsupported, is_supported
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import program_of
from virtual_plc.python_tier import compile_program

SOURCE = """
FUNCTION "F" : Int
VAR_OUTPUT
  joined : String; number : String; part : String; normed : Real; scaled : Int; limited : Int;
  moved : Array[0..4] of Int; moment : DTL; span : LTime; pattern : Word; found : Int; bound : DInt;
  bytes : Array[0..11] of Byte; status : Int; chosen : Int; other : Int;
END_VAR
VAR_TEMP list : Array[1..5] of Int; at : DInt; text : String[20]; END_VAR
BEGIN
  #joined := CONCAT(IN1 := 'abc', IN2 := 'defghijklmn');
  #number := INT_TO_STRING(5);
  #part := MID(IN := #joined, L := 2, P := 3);
  #normed := NORM_X(MIN := 0, VALUE := 5, MAX := 10);
  #scaled := SCALE_X(MIN := 0, VALUE := 0.5, MAX := 10);
  #limited := LIMIT(MN := 0, IN := 50, MX := 10);
  #list[1] := 7; #list[2] := 8; #list[3] := 9;
  MOVE_BLK(IN := #list[1], COUNT := 3, OUT => #moved[1]);
  FILL_BLK(IN := 3, COUNT := 1, OUT => #moved[4]);
  #status := RD_SYS_T(#moment);
  #moment := T_ADD(IN1 := #moment, IN2 := T#1h);
  #span := #moment - #moment;
  #pattern := SHL(IN := W#16#1, N := 4);
  #found := LEN(#joined) + FIND(IN1 := 'hello', IN2 := 'l');
  #bound := UPPER_BOUND(ARR := #list, DIM := 1);
  #at := 2;
  #status := Serialize(SRC_VARIABLE := #list, DEST_ARRAY := #bytes, POS := #at);
  VAL_STRG(IN := 12, SIZE := 5, PREC := 0, FORMAT := 0, P := 1, OUT => #text);
  STRG_VAL(IN := #text, FORMAT := 0, P := 1, OUT => #chosen);
  #F := #chosen;
  #other := 1;
  DEMUX(K := 1, IN := 5, OUT0 => #other, OUT1 => #chosen, OUTELSE => #other);
  #status := MOVE_BLK_VARIANT(SRC := #list, COUNT := 1, SRC_INDEX := 2, DEST_INDEX := 0, DEST => #moved);
END_FUNCTION
"""
EXPECTED = {
    "joined": "abcdefghijklmn", "number": "+5", "part": "cd", "normed": 0.5, "scaled": 5, "limited": 10,
    "moved": [9, 7, 8, 9, 3], "span": 0, "pattern": 16, "found": 17, "bound": 5, "status": 0,
    "bytes": [0, 0, 0, 7, 0, 8, 0, 9, 0, 0, 0, 0], "chosen": 5, "other": 1, "Ret_Val": 12,
}  # fmt: skip


@pytest.mark.parametrize("tier", [compile_program, interpret_program])
def test_a_program_gets_from_instructions_what_they_give(tier: Callable[..., Any]) -> None:
    workspace = Workspace()
    assert workspace.put_source(SOURCE) == []
    program = program_of(workspace)
    assert find_unsupported(workspace.blocks()) == []
    found = tier(program, Memory(program), PlainServices()).call("F", {})
    found.pop("ENO", None)
    moment = found.pop("moment")
    assert (moment["YEAR"], moment["HOUR"]) == (1970, 1)
    assert {name: list(value) if name in ("moved", "bytes") else value for name, value in found.items()} == EXPECTED


REFUSED = {"CNT_CTRL"}
"""What real programs call and no CPU here does: counters of older CPUs."""


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="the collection of exports is not here")
def test_calls_of_real_programs_can_be_bound() -> None:
    refused = set()
    for file in corpus_files():
        workspace = Workspace()
        workspace.put_document(load(file.read_bytes()))
        for block in workspace.blocks():
            for statement in walking.block_statements(block):
                calls = (each for operand in walking.operands(statement) for each in walking.expressions(operand))
                for call in (each for each in calls if isinstance(each, InstructionCall)):
                    if is_supported(call.name):
                        assert callable(bind(call, PlainServices(), Memory()).function)
                    else:
                        refused.add(call.name)
    assert refused <= REFUSED


TYPES = """
TYPE "Motor" STRUCT a : Int; END_STRUCT; END_TYPE
FUNCTION "G" : Int
VAR_INPUT v : Variant; END_VAR
BEGIN
  IF TypeOf(#v) = INT THEN #G := 1; ELSIF TypeOf(#v) = "Motor" THEN #G := 2; ELSE #G := 3; END_IF;
  CASE TypeOf(#v) OF Word: #G := 7; END_CASE;
END_FUNCTION
FUNCTION "F" : Int
VAR_TEMP i : Int; m : "Motor"; w : Word; END_VAR
BEGIN
  #i := 0; #w := 0;
  #F := "G"(#i) + 10 * "G"(#m) + 100 * "G"(#w);
END_FUNCTION
"""


@pytest.mark.parametrize("tier", [compile_program, interpret_program])
def test_types_are_compared_by_name(tier: Callable[..., Any]) -> None:
    workspace = Workspace()
    assert workspace.put_source(TYPES) == []
    program = program_of(workspace)
    assert tier(program, Memory(program), PlainServices()).call("F", {})["Ret_Val"] == 721
