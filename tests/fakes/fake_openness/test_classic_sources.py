"""Sources of STEP 7 (STL and classic SCL) come in as external sources, compile and run on an S7-300."""

from __future__ import annotations

from typing import Any

import pytest

from fake_openness.online.download_run import executable
from tests.fakes.fake_openness.classic_kit import DATA, TRIPLE_SCL, TRIPLE_STL, run_source, scl_ob, stl_ob
from tests.fakes.fake_openness.plc import Plant, code, refusal
from virtual_plc.cpu.cpu import VirtualCpu

COUNTING = """FUNCTION_BLOCK FB 1
VAR_INPUT
 i : INT := 4; t : TIMER;
END_VAR
VAR_OUTPUT
 o : INT;
END_VAR
VAR
 calls : INT;
END_VAR
BEGIN
NETWORK
L #i; L 2; +I; T #o; L #calls; + 1; T #calls;
END_FUNCTION_BLOCK
DATA_BLOCK DB 5 FB 1
BEGIN
 t := T 24;
END_DATA_BLOCK
DATA_BLOCK DB 6
FB 1
BEGIN
 i := 9;
END_DATA_BLOCK
"""
TYPE = "TYPE UDT 1\nSTRUCT\n x : INT := 5; y : REAL;\nEND_STRUCT\nEND_TYPE\n"
OF_TYPE = """DATA_BLOCK DB 8
UDT 1
BEGIN
 x := 9;
END_DATA_BLOCK
DATA_BLOCK DB 9
STRUCT
 u : UDT 1; v : ARRAY[1..2] OF UDT 1; w : UDT1;
END_STRUCT
BEGIN
 u.x := 8; v[2].x := 7;
END_DATA_BLOCK
"""
COUNTER_SCL = """FUNCTION_BLOCK FB1
VAR_INPUT a : INT; END_VAR
VAR_OUTPUT b : INT; END_VAR
VAR n : INT; END_VAR
BEGIN
 n := n + 1; b := a * 3;
END_FUNCTION_BLOCK
DATA_BLOCK DB5 FB1
BEGIN
END_DATA_BLOCK
"""
MULTI = """FUNCTION_BLOCK FB 1
VAR t : SFB 3; END_VAR
BEGIN
NETWORK
CALL #t (IN := TRUE, PT := T#1S, Q := M 0.1, ET := MD 10);
END_FUNCTION_BLOCK
DATA_BLOCK DB 1 FB 1
BEGIN
END_DATA_BLOCK
"""


# Names by number -----------------------------------------------------------------------------------------------------

STL: dict[str, tuple[str, dict[str, Any]]] = {
    "function": (TRIPLE_STL + stl_ob("CALL FC 5 (a := 7, RET_VAL := MW 10);"), {"%MW10": 21}),
    "instances": (
        COUNTING + stl_ob("CALL FB 1, DB 5 (i := 3, o := MW 10); CALL FB 1, DB 6 (o := MW 20); L DB6.i; T MW 22;"),
        {"%MW10": 5, "%MW20": 11, "%MW22": 9, '"DB5".calls': 1, '"DB5".t': 24},
    ),
    "data types": (
        TYPE
        + OF_TYPE
        + stl_ob("L DB9.u.x; T MW 10; L DB9.v[2].x; T MW 12; L DB8.x; T MW 14; OPN DB 9; L DBW 0; T MW 16;"),
        {"%MW10": 8, "%MW12": 7, "%MW14": 9, "%MW16": 8, '"DB9".w.x': 5},
    ),
    "members named like keywords": (
        DATA + stl_ob("L DB10.VAR[1]; T MW 10; L DB10.Return; T MW 12; L DB 10.m[2,1]; T MW 14;"),
        {"%MW10": 7, "%MW12": 4, "%MW14": 5, '"DB10".m': [1, 2, 3, 5, 5, 6], '"DB10".a': list(range(1, 11))},
    ),
    "system function": (stl_ob("L 5; T MW 4; CALL SFC 64 (RET_VAL := MD 10); L MW 4; T MW 20;"), {"%MW20": 5}),
    "system function block": (
        "DATA_BLOCK DB 1 SFB 3\nBEGIN\nEND_DATA_BLOCK\n"
        + stl_ob("CALL SFB 3, DB 1 (IN := TRUE, PT := T#1S, Q := M 0.1);"),
        {"%M0.1": True},
    ),
    "multi-instance of a system function block": (MULTI + stl_ob("CALL FB 1, DB 1;"), {"%M0.1": True}),
}


@pytest.mark.parametrize("name", STL)
def test_stl_names_blocks_by_number(classic: Plant, name: str) -> None:
    text, expected = STL[name]
    assert run_source(classic, text, "a.awl", *expected) == list(expected.values())


SCL: dict[str, tuple[str, dict[str, Any]]] = {
    "function": (
        TRIPLE_SCL + scl_ob("MW10 := INT_TO_WORD(FC5(a := 7)); MW12 := INT_TO_WORD(FC5(8));"),
        {"%MW10": 21, "%MW12": 24},
    ),
    "instance": (
        COUNTER_SCL + scl_ob("FB1.DB5(a := 7); MW10 := INT_TO_WORD(DB5.b); DB5(a := 8); MW12 := INT_TO_WORD(DB5.b);"),
        {"%MW10": 21, "%MW12": 24, '"DB5".n': 2},
    ),
    "data": (
        TYPE
        + OF_TYPE
        + scl_ob("MW10 := INT_TO_WORD(DB9.v[2].x); MW12 := DB9.DW0; DB9.DX1.7 := TRUE; DB9.DBX1.6 := TRUE;"),
        {"%MW10": 7, "%MW12": 8, '"DB9".u.x': 8 | 128 | 64},
    ),
    "system function": (scl_ob("MD10 := TIME_TO_DWORD(SFC64()); MW20 := 5;"), {"%MW20": 5}),
    "system function block": (
        "DATA_BLOCK DB1 SFB3\nBEGIN\nEND_DATA_BLOCK\n" + scl_ob("SFB3.DB1(IN := TRUE, PT := T#1S); M0.1 := DB1.Q;"),
        {"%M0.1": True},
    ),
}


@pytest.mark.parametrize("name", SCL)
def test_scl_names_blocks_by_number(classic: Plant, name: str) -> None:
    text, expected = SCL[name]
    assert run_source(classic, text, "a.scl", *expected) == list(expected.values())


def test_a_number_means_the_block_that_has_it(classic: Plant) -> None:
    classic.generate(
        'FUNCTION "Triple" : INT\nVAR_INPUT a : INT; END_VAR\nBEGIN\n#Triple := #a;\nEND_FUNCTION\n', "t.scl"
    )
    triple = classic.blocks.Find("Triple")
    triple.AutoNumber = False
    triple.Number = 5
    assert [each.Name for each in classic.generate(TRIPLE_STL, "t.awl")] == ["Triple"]
    found = run_source(classic, stl_ob("CALL FC 5 (a := 7, RET_VAL := MW 10);"), "a.awl", "%MW10")
    assert found == [21]


def test_a_system_block_without_a_known_number_is_named(classic: Plant) -> None:
    found = refusal(classic.source(stl_ob("CALL SFC 250;"), "a.awl").GenerateBlocksFromSource)
    assert "SFC 250" in found.DetailMessageData[0].Text


# Organization blocks ------------------------------------------------------------------------------------------------

EVENTS = {
    "OB 10": (10, "TimeOfDay"),
    "OB 20": (20, "TimeDelayInterrupt"),
    "OB 35": (35, "CyclicInterrupt"),
    "OB35": (35, "CyclicInterrupt"),
    '"CYC_INT5"': (35, "CyclicInterrupt"),
    "OB 40": (40, "HardwareInterrupt"),
    "OB 80": (80, "TimeErrorInterrupt"),
    "OB 82": (82, "DiagnosticErrorInterrupt"),
    "OB 85": (85, "AccessError"),
    "OB 86": (86, "RackOrStationFailure"),
    '"COMPLETE RESTART"': (100, "Startup"),
    "OB 100": (100, "Startup"),
    "OB 101": (101, "Startup"),
    "OB 102": (102, "Startup"),
    "OB 121": (121, "ProgrammingError"),
    "OB 122": (122, "IOAccessError"),
}


@pytest.mark.parametrize("name", EVENTS)
def test_the_number_or_symbol_of_an_ob_says_its_event(classic: Plant, name: str) -> None:
    number, event = EVENTS[name]
    text = f"ORGANIZATION_BLOCK {name}\nVAR_TEMP\n i : ARRAY[0..19] OF BYTE;\nEND_VAR\nBEGIN\nNETWORK\nSET;\nEND_ORGANIZATION_BLOCK\n"
    (made,) = classic.generate(text, "a.awl")
    assert (made.Number, made.SecondaryType) == (number, event)
    assert classic.compile().ErrorCount == 0


def test_an_ob_with_an_unknown_name_is_ob_0_until_it_is_renumbered(classic: Plant) -> None:
    for extension, text in (("a.awl", "NETWORK\nSET;"), ("b.scl", "VERSION : 0.1\nBEGIN\n;")):
        body = text if "BEGIN" in text else f"BEGIN\n{text}"
        (made,) = classic.generate(f'ORGANIZATION_BLOCK "Mine"\n{body}\nEND_ORGANIZATION_BLOCK\n', extension)
        assert made.Number == 0
        assert classic.compile().ErrorCount == 1
        made.AutoNumber = False
        made.Number = 35
        assert (made.SecondaryType, classic.compile().ErrorCount) == ("CyclicInterrupt", 0)
        (again,) = classic.generate(f'ORGANIZATION_BLOCK "Mine"\n{body}\nEND_ORGANIZATION_BLOCK\n', extension)
        assert (again.Number, again.SecondaryType) == (35, "CyclicInterrupt")
        again.Delete()


def test_an_ob_whose_number_says_no_event_is_refused(classic: Plant) -> None:
    source = classic.source("ORGANIZATION_BLOCK OB 60\nBEGIN\nNETWORK\nSET;\nEND_ORGANIZATION_BLOCK\n", "a.awl")
    assert code(source.GenerateBlocksFromSource) == "source.errors"


# Organization blocks on the virtual CPU ------------------------------------------------------------------------------


def _counting_ob(number: int, address: int) -> str:
    return f"ORGANIZATION_BLOCK OB {number}\nBEGIN\nNETWORK\nL MW {address}; + 1; T MW {address};\nEND_ORGANIZATION_BLOCK\n"


def test_obs_by_number_serve_their_events_on_the_cpu(classic: Plant) -> None:
    numbers = {100: 10, 101: 12, 102: 14, 35: 16, 82: 18}
    classic.generate(stl_ob("SET;") + "".join(_counting_ob(*each) for each in numbers.items()), "a.awl")
    assert classic.compile().ErrorCount == 0
    cpu = VirtualCpu(executable(classic.plc._view.index().workspace))
    cpu.power_on()
    cpu.run()
    cpu.run_for(1_050_000_000)
    found = {number: cpu.read(f"%MW{address}") for number, address in numbers.items()}
    assert found == {100: 1, 101: 0, 102: 0, 35: 10, 82: 0}
