"""Operands of sources of STEP 7: pointers, absolute operands of any type, the IEC library."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.fake_openness.classic_kit import DATA, TRIPLE_STL, run_source, scl_ob, stl_ob
from tests.fakes.fake_openness.plc import Plant, leaf_codes

# Pointers -----------------------------------------------------------------------------------------------------------

MOVE_FC = """FUNCTION FC7 : VOID
VAR_INPUT p : ANY; END_VAR
VAR_IN_OUT q : ANY; END_VAR
VAR_TEMP r : INT; END_VAR
BEGIN
 r := BLKMOV(SRCBLK := p, DSTBLK := q);
END_FUNCTION
"""
MOVE_FB = """FUNCTION_BLOCK FB 7
VAR_INPUT p : ANY; END_VAR
VAR_IN_OUT q : ANY; END_VAR
VAR_TEMP r : INT; END_VAR
BEGIN
NETWORK
LAR1 P##p; L W [AR1, P#2.0]; T MW 50; CALL SFC 20 (SRCBLK := #p, RET_VAL := #r, DSTBLK := #q);
END_FUNCTION_BLOCK
DATA_BLOCK DB 7 FB 7
BEGIN
END_DATA_BLOCK
"""
WHOLE = {'"DB10".b': list(range(1, 11))}
FILLED = {'"DB10".b': [1] * 10}
WORD = "L W#16#AFFE; T MW 10; "
BOTH = "SRCBLK := P#DB10.DBX0.0 {0}, RET_VAL := MW 40, DSTBLK := P#DB10.DBX 20.0 {0}"
MARKERS = "SRCBLK := P#{0}M10.0 BYTE 2, RET_VAL := #r, DSTBLK := P#M 20.0 BYTE 2"
FILLING = "BVAL := P#DB10.DBX 0.0 WORD 1, RET_VAL := MW 40, BLK := P#DB10.DBX 20.0 WORD 10"
FILES = {"STL": "a.awl", "SCL": "a.scl"}
COPIED = {"%MW20": 0xAFFE}
POINTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "STL SFC 20": (DATA + stl_ob(f"CALL SFC 20 ({BOTH.format('BYTE 20')});"), WHOLE),
    "STL BLKMOV": (stl_ob(f"{WORD} CALL BLKMOV ({MARKERS.format('')});"), COPIED),
    "STL symbol": (stl_ob(f'{WORD} CALL "BLKMOV" ({MARKERS.format(" ")});'), COPIED),
    "STL FILL": (DATA + stl_ob(f"CALL SFC 21 ({FILLING});"), FILLED),
    "STL UBLKMOV": (DATA + stl_ob(f"CALL SFC 81 ({BOTH.format('WORD 10')});"), WHOLE),
    "STL function block": (
        MOVE_FB + stl_ob(f"{WORD} CALL FB 7, DB 7 (p := P#M10.0 BYTE 2, q := P#M20.0 BYTE 2);"),
        COPIED | {"%MW50": 2},
    ),
    "SCL SFC20": (
        DATA + scl_ob("r := SFC20(SRCBLK := P#DB10.DBX0.0 BYTE 20, DSTBLK := P#DB10.DBX20.0 BYTE 20);"),
        WHOLE,
    ),
    "SCL BLKMOV": (
        DATA + scl_ob('r := "BLKMOV"(SRCBLK := P#DB10.DBX0.0 BYTE 20, DSTBLK => P#DB10.DBX20.0 BYTE 20);'),
        WHOLE,
    ),
    "SCL FILL": (
        DATA + scl_ob("r := FILL(BVAL := P# DB10.DBX0.0 BYTE 2, BLK => P# DB10.DBX 20.0 BYTE 20);"),
        FILLED,
    ),
    "SCL function": (
        MOVE_FC + scl_ob("MW10 := W#16#AFFE; FC7(p := P# M10.0 BYTE 2, q := P#M20.0 BYTE 2);"),
        COPIED,
    ),
}


@pytest.mark.parametrize("name", POINTERS)
def test_a_pointer_is_an_operand_wherever_any_is_taken(classic: Plant, name: str) -> None:
    text, expected = POINTERS[name]
    assert run_source(classic, text, FILES[name[:3]], *expected) == list(expected.values())


def test_a_pointer_to_an_output_of_another_type_is_refused(classic: Plant) -> None:
    text = TRIPLE_STL + stl_ob("CALL FC 5 (a := 7, RET_VAL := P#M10.0 BYTE 2);")
    classic.generate(text, "a.awl")
    assert "write.not_operand" in leaf_codes(classic.compile())


# Operands -----------------------------------------------------------------------------------------------------------

IN_OUT = """FUNCTION FC 5 : VOID
VAR_IN_OUT a : INT; r : REAL; d : DINT; END_VAR
VAR_OUTPUT o : REAL; END_VAR
BEGIN
NETWORK
L #a; L 3; +I; T #a; L #r; L 1.5; +R; T #r; T #o; L #d; L L#2; +D; T #d;
END_FUNCTION
"""
IN_OUT_SCL = """FUNCTION FC5 : VOID
VAR_IN_OUT a : INT; d : DINT; END_VAR
VAR_OUTPUT o : INT; END_VAR
BEGIN
 a := a + 3; d := d + 2; o := 5;
END_FUNCTION
"""
REAL_1_5 = 0x3FC0_0000


def test_an_absolute_operand_takes_the_type_of_its_parameter(classic: Plant) -> None:
    body = "L 4; T MW 10; CALL FC 5 (a := MW 10, r := MD 12, d := MD 16, o := MD 20);"
    found = run_source(classic, IN_OUT + stl_ob(body), "a.awl", "%MW10", "%MD12", "%MD16", "%MD20")
    assert found == [7, REAL_1_5, 2, REAL_1_5]


def test_classic_scl_supplies_outputs_with_the_sign_of_inputs(classic: Plant) -> None:
    text = IN_OUT_SCL + scl_ob("MW10 := 4; FC5(a := MW10, d := MD12, o := MW20);")
    assert run_source(classic, text, "a.scl", "%MW10", "%MD12", "%MW20") == [7, 2, 5]


def test_an_instance_data_block_is_opened_by_its_number(classic: Plant) -> None:
    body = "OPN DI 10; L DIW 2; T MW 10; OPN DB 10; L DBW 4; T MW 12; L DINO; T MW 14;"
    assert run_source(classic, DATA + stl_ob(body), "a.awl", "%MW10", "%MW12", "%MW14") == [2, 3, 10]


MOMENTS = """DATA_BLOCK DB 3
STRUCT
 a : DATE_AND_TIME := DT#2020-1-1-0:0:0; b : DATE_AND_TIME := DT#2021-1-1-0:0:0;
 s : STRING[10] := 'abc'; t : STRING[10] := 'abd';
END_STRUCT
BEGIN
END_DATA_BLOCK
"""
LIBRARY = {
    "EQ": (9, 10, False),
    "GE": (12, 13, False),
    "GT": (14, 15, False),
    "LE": (18, 19, True),
    "LT": (23, 24, True),
    "NE": (28, 29, True),
}
"""Numbers of the comparisons of moments and of texts, and whether the relation holds for a smaller and a greater one."""


@pytest.mark.parametrize("relation", LIBRARY)
def test_the_iec_library_is_called_by_number_and_by_name(classic: Plant, relation: str) -> None:
    moments, texts, holds = LIBRARY[relation]
    body = f"""CALL FC {moments} (DT1 := DB3.a, DT2 := DB3.b, RET_VAL := M 10.0);
CALL "{relation}_DT" (DT1 := DB3.a, DT2 := DB3.b, RET_VAL := M 10.1);
CALL FC {texts} (S1 := DB3.s, S2 := DB3.t, RET_VAL := M 10.2);
CALL {relation}_STRNG (S1 := DB3.s, S2 := DB3.t, RET_VAL := M 10.3);"""
    reads = ("%M10.0", "%M10.1", "%M10.2", "%M10.3")
    assert run_source(classic, MOMENTS + stl_ob(body), "a.awl", *reads) == [holds] * 4
    body = f"M10.0 := FC{moments}(DT1 := DB3.a, DT2 := DB3.b); M10.1 := {relation}_STRNG(S1 := DB3.s, S2 := DB3.t);"
    assert run_source(classic, MOMENTS + scl_ob(body), "b.scl", *reads[:2]) == [holds] * 2


def test_a_function_of_the_program_goes_before_the_library(classic: Plant) -> None:
    own = "FUNCTION FC 9 : BOOL\nVAR_INPUT DT1 : DATE_AND_TIME; DT2 : DATE_AND_TIME; END_VAR\nBEGIN\nNETWORK\nSET; = #RET_VAL;\nEND_FUNCTION\n"
    text = MOMENTS + own + stl_ob("CALL FC 9 (DT1 := DB3.a, DT2 := DB3.b, RET_VAL := M 10.0);")
    assert run_source(classic, text, "a.awl", "%M10.0") == [True]
