"""Parameters that stand for something else: TIMER, COUNTER, ANY, POINTER, BLOCK_DB, and pointers to parameters with parts."""

from __future__ import annotations

from typing import Any

import pytest

from simatic_xml.program.symbols import Cpu
from tests.fakes.virtual_plc.agreement import TIERS, Run, program

CLASSIC = Cpu(family="S7-300")
DATA = """DATA_BLOCK "D"
STRUCT
 a : ARRAY[0..3] OF WORD := W#16#1122, W#16#3344, W#16#5566, W#16#7788;
 b : ARRAY[0..3] OF WORD;
 s : STRING[10] := 'hello';
 n : STRUCT x : INT := 5; y : INT := 6; END_STRUCT;
END_STRUCT;
BEGIN
END_DATA_BLOCK
"""
NUMBER = 7
"""Number of the data block."""


def _run(tier: str, blocks: str, body: str) -> Run:
    """Execute statements of an OB once, on an S7-300, where STL has addresses."""
    main = (
        'ORGANIZATION_BLOCK "Main"\nVAR_TEMP\ninfo : ARRAY[0..19] OF BYTE; r : INT; p1 : ANY; p2 : ANY;\nEND_VAR\n'
        f"BEGIN\nNETWORK\n{body}\nEND_ORGANIZATION_BLOCK\n"
    )
    made = program("", statements=DATA + blocks + main, cpu=CLASSIC)
    made.data_blocks["d"].number = NUMBER
    run = Run(made, TIERS[tier])
    assert run.scan() == ""
    return run


def _values(run: Run, *paths: str) -> list[Any]:
    return [run.memory.read(path) for path in paths]


# TIMER and COUNTER ---------------------------------------------------------------------------------------------------

TIMERS = """FUNCTION "Leaf" : VOID
VAR_INPUT
 t : TIMER; c : COUNTER; go : BOOL;
END_VAR
BEGIN
NETWORK
A #go; L S5T#2S; SE #t; A #t; = M 0.0; L #t; T MW 10; A #go; CU #c; L #c; T MW 12; A #c; = M 0.1;
END_FUNCTION
FUNCTION_BLOCK "Inner"
VAR_INPUT
 t : TIMER; c : COUNTER; go : BOOL;
END_VAR
BEGIN
NETWORK
CALL "Leaf" (t := #t, c := #c, go := #go);
END_FUNCTION_BLOCK
FUNCTION_BLOCK "Outer"
VAR_INPUT
 t : TIMER; c : COUNTER; go : BOOL;
END_VAR
VAR
 inner : "Inner";
END_VAR
BEGIN
NETWORK
CALL #inner (t := #t, c := #c, go := #go);
END_FUNCTION_BLOCK
DATA_BLOCK "I" "Inner"
BEGIN
END_DATA_BLOCK
DATA_BLOCK "O" "Outer"
BEGIN
END_DATA_BLOCK
DATA_BLOCK "Fixed" "Inner"
BEGIN
 t := T 24; c := C 30; go := TRUE;
END_DATA_BLOCK
"""


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("called", ['"Leaf"', '"Inner" , "I"', '"Outer" , "O"'])
def test_the_timer_and_counter_that_a_call_names_run(tier: str, called: str) -> None:
    run = _run(tier, TIMERS, f"CALL {called} (t := T 3, c := C 4, go := TRUE);")
    assert _values(run, "%M0.0", "%M0.1", "%MW10", "%MW12") == [True, True, 200, 1]
    assert [number for number, each in enumerate(run.memory.timers) if each] == [3]
    assert [number for number, each in enumerate(run.memory.counters) if each] == [4]


@pytest.mark.parametrize("tier", TIERS)
def test_an_instance_may_have_the_timer_as_its_start_value(tier: str) -> None:
    run = _run(tier, TIMERS, 'CALL "Inner" , "Fixed";')
    assert [number for number, each in enumerate(run.memory.timers) if each] == [24]
    assert [number for number, each in enumerate(run.memory.counters) if each] == [30]


# ANY and POINTER -----------------------------------------------------------------------------------------------------


def _built(name: str, block: int, byte: int) -> str:
    return (
        f"LAR1 P##{name}; L B#16#10; T B[AR1,P#0.0]; L B#16#2; T B[AR1,P#1.0]; L 8; T W[AR1,P#2.0]; "
        f"L {block}; T W[AR1,P#4.0]; L P#DBX{byte}.0; T D[AR1,P#6.0];\n"
    )


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("CALL BLKMOV (SRCBLK := #p1, RET_VAL := #r, DSTBLK := #p2);", [0x1122, 0x3344, 0x5566, 0x7788]),
        ('CALL BLKMOV (SRCBLK := "D".a, RET_VAL := #r, DSTBLK := #p2);', [0x1122, 0x3344, 0x5566, 0x7788]),
        ("CALL FILL (BVAL := #p1, RET_VAL := #r, BLK := #p2);", [0x1122, 0x3344, 0x5566, 0x7788]),
        ('CALL FILL (BVAL := "D".n.x, RET_VAL := #r, BLK := #p2);', [5, 5, 5, 5]),
    ],
)
def test_instructions_take_pointers_that_the_program_builds(tier: str, call: str, expected: list[int]) -> None:
    run = _run(tier, "", _built("p1", NUMBER, 0) + _built("p2", NUMBER, 8) + call)
    assert run.memory.read('"D".b') == expected


READS_ANY = """{0}
VAR_INPUT
 x : ANY;
END_VAR
BEGIN
NETWORK
L P##x; LAR1; T MD 96; L W[AR1,P#0.0]; T MW 100; L W[AR1,P#2.0]; T MW 102; L W[AR1,P#4.0]; T MW 104; L D[AR1,P#6.0]; T MD 106;
{1}
"""
ANY_IN_FC = READS_ANY.format('FUNCTION "F" : VOID', "END_FUNCTION")
ANY_IN_FB = READS_ANY.format('FUNCTION_BLOCK "F"', "END_FUNCTION_BLOCK") + 'DATA_BLOCK "I" "F"\nBEGIN\nEND_DATA_BLOCK\n'


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("blocks", "call"), [(ANY_IN_FC, '"F"'), (ANY_IN_FB, '"F" , "I"')])
@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        ('"D".a', [0x1002, 8, NUMBER, 0x8400_0000]),
        ('"D".b', [0x1002, 8, NUMBER, 0x8400_0040]),
        ('"D".a[1]', [0x1004, 1, NUMBER, 0x8400_0010]),
        ('"D".n', [0x1002, 4, NUMBER, 0x8400_00E0]),
        ('"D".n.y', [0x1005, 1, NUMBER, 0x8400_00F0]),
        ('"D"', [0x1002, 32, NUMBER, 0x8400_0000]),
        ("MW 20", [0x1004, 1, 0, 0x8300_00A0]),
        ("P#M 10.0 WORD 4", [0x1004, 4, 0, 0x8300_0050]),
        (f"P#DB{NUMBER}.DBX8.0 BYTE 8", [0x1002, 8, NUMBER, 0x8400_0040]),
    ],
)
def test_a_parameter_any_has_the_bytes_of_its_operand(
    tier: str, blocks: str, call: str, operand: str, expected: list[int]
) -> None:
    run = _run(tier, blocks, f"CALL {call} (x := {operand});")
    assert _values(run, "%MW100", "%MW102", "%MW104", "%MD106") == expected
    assert run.memory.read("%MD96") >> 24 == (0x87 if call == '"F"' else 0x85)


@pytest.mark.parametrize("tier", TIERS)
def test_a_parameter_any_is_handed_on(tier: str) -> None:
    outer = (
        ANY_IN_FC
        + 'FUNCTION "G" : VOID\nVAR_INPUT\n y : ANY;\nEND_VAR\nBEGIN\nNETWORK\nCALL "F" (x := #y);\nEND_FUNCTION\n'
    )
    run = _run(tier, outer, _built("p1", NUMBER, 8) + 'CALL "G" (y := #p1);')
    assert _values(run, "%MW100", "%MW102", "%MW104", "%MD106") == [0x1002, 8, NUMBER, 0x8400_0040]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("operand", "expected"),
    [('"D".a', [NUMBER, 0x8400_0000]), ('"D".n.y', [NUMBER, 0x8400_00F0]), ("P#M 10.0", [0, 0x8300_0050])],
)
def test_a_parameter_pointer_has_the_bytes_of_its_operand(tier: str, operand: str, expected: list[int]) -> None:
    source = (
        'FUNCTION "F" : VOID\nVAR_INPUT\n x : POINTER;\nEND_VAR\nBEGIN\nNETWORK\n'
        "L P##x; LAR1; L W[AR1,P#0.0]; T MW 100; L D[AR1,P#2.0]; T MD 102;\nEND_FUNCTION\n"
    )
    run = _run(tier, source, f'CALL "F" (x := {operand});')
    assert _values(run, "%MW100", "%MD102") == expected


# Parameters with parts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("section", ["VAR_INPUT", "VAR_IN_OUT"])
@pytest.mark.parametrize(
    ("data_type", "operand", "offset"),
    [
        ("STRING", '"D".s', 16),
        ("ARRAY[0..3] OF WORD", '"D".b', 8),
        ("STRUCT x : INT; y : INT; END_STRUCT", '"D".n', 28),
    ],
)
def test_the_pointer_to_a_parameter_with_parts_leads_to_its_data_block(
    tier: str, section: str, data_type: str, operand: str, offset: int
) -> None:
    source = (
        f'FUNCTION "F" : VOID\n{section}\n p : {data_type};\nEND_VAR\nBEGIN\nNETWORK\n'
        "L P##p; T MD 100; LAR1; L W[AR1,P#0.0]; T MW 104; L D[AR1,P#2.0]; T MD 106;\n"
        "OPN DB[MW 104]; L D[AR1,P#2.0]; LAR1; L W[AR1,P#0.0]; T MW 110;\nEND_FUNCTION\n"
    )
    run = _run(tier, source, f'CALL "F" (p := {operand});')
    area, number, pointer, first = _values(run, "%MD100", "%MW104", "%MD106", "%MW110")
    assert (area >> 24, number, pointer) == (0x87, NUMBER, 0x8400_0000 | offset * 8)
    data = run.memory.by_number[NUMBER]._buffer
    assert first == int.from_bytes(data[offset : offset + 2], "big")


@pytest.mark.parametrize("tier", TIERS)
def test_a_data_block_that_a_call_names_is_opened(tier: str) -> None:
    source = 'FUNCTION "F" : VOID\nVAR_INPUT\n db : BLOCK_DB;\nEND_VAR\nBEGIN\nNETWORK\nOPN #db; L DBW 2; T MW 102;\nEND_FUNCTION\n'
    assert _run(tier, source, 'CALL "F" (db := "D");').memory.read("%MW102") == 0x3344


# Names that look like addresses ---------------------------------------------------------------------------------------

NAMES = ["my_FB1", "FB1", "FC2", "DB3", "T3", "M0", "MW10", "x.DB1", "my FB 1", "FB 1", "UDT1", "C5", "AR1", "OV", "STW",
         "A", "L", "DBX0", "B", "S5T", "SFB4", "OB1", "PIW3", "DB10.DBX0", "FB12,", "e1_FC7"]  # fmt: skip


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", NAMES)
def test_names_in_quotes_or_behind_a_sharp_stand_for_themselves(tier: str, name: str) -> None:
    source = f"""FUNCTION_BLOCK "{name}_b"
VAR n : INT; END_VAR
BEGIN
NETWORK
L #n; + 1; T #n;
END_FUNCTION_BLOCK
FUNCTION "{name}" : VOID
VAR_INPUT p : INT; END_VAR
BEGIN
NETWORK
L #p; T MW 20;
END_FUNCTION
FUNCTION_BLOCK "Around"
VAR_INPUT "{name}_p" : INT; END_VAR
VAR "{name}" : "{name}_b"; "{name}_i" : INT; END_VAR
BEGIN
NETWORK
CALL #"{name}";
CALL #"{name}" ( );
L #"{name}_i"; + 2; T #"{name}_i"; L #"{name}".n; T #"{name}_i";
CALL "{name}" ( p := #"{name}_i");
CALL "{name}_b" , "{name}_d";
END_FUNCTION_BLOCK
DATA_BLOCK "{name}_d" "{name}_b"
BEGIN
END_DATA_BLOCK
DATA_BLOCK "I" "Around"
BEGIN
END_DATA_BLOCK
"""
    run = _run(tier, source, f'CALL "Around" , "I" ("{name}_p" := 3);')
    assert _values(run, f'"I"."{name}".n', "%MW20", f'"{name}_d".n') == [2, 2, 1]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", ["my_FB1", "DB2", "FC7x", "pump_DB12"])
def test_a_multi_instance_is_called_by_its_bare_name_behind_a_sharp(tier: str, name: str) -> None:
    source = f"""FUNCTION_BLOCK "Inner"
VAR n : INT; END_VAR
BEGIN
NETWORK
L #n; + 1; T #n;
END_FUNCTION_BLOCK
FUNCTION_BLOCK "Around"
VAR {name} : "Inner"; END_VAR
BEGIN
NETWORK
CALL #{name};
END_FUNCTION_BLOCK
DATA_BLOCK "I" "Around"
BEGIN
END_DATA_BLOCK
"""
    assert _run(tier, source, 'CALL "Around" , "I";').memory.read(f'"I".{name}.n') == 1
