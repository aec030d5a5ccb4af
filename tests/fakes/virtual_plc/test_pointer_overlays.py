"""AT over ANY, REMOTE and POINTER shows the bytes of the pointer, and builds pointers."""

from __future__ import annotations

import pytest

from simatic_xml.program.symbols import Cpu
from tests.fakes.virtual_plc.agreement import TIERS, Run, program

POINTER_M10 = [0x83, 0x00, 0x00, 10 * 8]
"""Area M, byte 10, bit 0."""
STANDARD = "{ S7_Optimized_Access := 'FALSE' }\n"
BLOCK = (
    'FUNCTION_BLOCK "F"\n',
    f'END_FUNCTION_BLOCK\nDATA_BLOCK "I"\n{STANDARD}"F"\nBEGIN\nEND_DATA_BLOCK\n',
    '"I"',
)
OPERANDS = {
    "ANY": ("P#M10.0 BYTE 2", [0x10, 0x02, 0, 2, 0, 0, *POINTER_M10]),
    "REMOTE": ("P#M10.0 WORD 3", [0x10, 0x04, 0, 3, 0, 0, *POINTER_M10]),
    "POINTER": ("P#M10.0", [0, 0, *POINTER_M10]),
}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("data_type", OPERANDS)
def test_an_overlay_shows_the_bytes_of_a_pointer(tier: str, data_type: str) -> None:
    head, end, called = BLOCK
    operand, expected = OPERANDS[data_type]
    last = len(expected) - 1
    reads = "".join(f"%MB{50 + at} := #a[{at}];" for at in range(last + 1))
    made = program(
        f"{head}{STANDARD}VAR_INPUT\np : {data_type}; a AT p : ARRAY[0..{last}] OF BYTE;\nEND_VAR\nBEGIN\n{reads}\n{end}"
        f'ORGANIZATION_BLOCK "Main"\nBEGIN\n{called}(p := {operand});\nEND_ORGANIZATION_BLOCK\n'
    )
    run = Run(made, TIERS[tier])
    assert run.scan() == ""
    assert [run.memory.read(f"%MB{50 + at}") for at in range(last + 1)] == expected


BUILDING = """DATA_BLOCK "D"
{ S7_Optimized_Access := 'FALSE' }
STRUCT
 a : ARRAY[0..3] OF WORD := [1, 2, 3, 4]; b : ARRAY[0..3] OF WORD;
END_STRUCT
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
{ S7_Optimized_Access := 'FALSE' }
VAR_TEMP
 r : INT; p : ANY;
 v AT p : STRUCT id : BYTE; code : BYTE; count : INT; block : INT; place : DWORD; END_STRUCT;
END_VAR
BEGIN
 #v.id := 16#10; #v.code := 2; #v.count := 8; #v.block := 7; #v.place := 16#8400_0000;
 #r := BLKMOV(SRCBLK := #p, DSTBLK := "D".b);
END_ORGANIZATION_BLOCK
"""


@pytest.mark.parametrize("tier", TIERS)
def test_an_overlay_builds_a_pointer(tier: str) -> None:
    run = Run(program(BUILDING, cpu=Cpu(family="S7-300"), numbers={"D": 7}), TIERS[tier])
    assert run.scan() == ""
    assert run.memory.read('"D".b') == [1, 2, 3, 4]


WRONG = BUILDING.replace("#r := BLKMOV", "%MW20 := BLKMOV").replace("#v.block := 7", "#v.block := BLOCK")


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("change", "reading", "writing"),
    [
        (("16#10;", "16#01;"), 0x8124, 0x8325),
        (("code := 2", "code := 16#99"), 0x8124, 0x8325),
        (("code := 2; #v.count := 8", "code := 1; #v.count := 15"), 0x8122, 0x8323),
        (("block := BLOCK", "block := 0"), 0x813A, 0x833A),
        (("block := BLOCK", "block := 999"), 0x813A, 0x833A),
        (("16#8400_0000", "16#8400_0048"), 0x8124, 0x8325),
        (("code := 2; #v.count := 8; #v.block := BLOCK; #v.place := 16#8400_0000",
          "code := 1; #v.count := 8; #v.block := 0; #v.place := 16#8300_0001"), 0x8128, 0x8329),
        (("block := BLOCK", "block := 7"), 0, 0),
    ],
)  # fmt: skip
def test_a_wrong_pointer_has_its_error_number(tier: str, change: tuple[str, str], reading: int, writing: int) -> None:
    reads = WRONG.replace(*change).replace("block := BLOCK", "block := 7")
    writes = reads.replace('SRCBLK := #p, DSTBLK := "D".b', 'SRCBLK := "D".b, DSTBLK => #p')
    fills = writes.replace("BLKMOV", "FILL").replace("SRCBLK", "BVAL").replace("DSTBLK", "BLK")
    for source, expected in ((reads, reading), (writes, writing), (fills, writing)):
        run = Run(program(source, cpu=Cpu(family="S7-300"), numbers={"D": 7}), TIERS[tier])
        assert run.scan() == ""
        assert run.memory.read("%MW20") == expected
