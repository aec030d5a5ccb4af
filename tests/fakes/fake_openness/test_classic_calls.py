"""Calls, local data and system blocks in sources of STEP 7."""

from __future__ import annotations

import pytest

from fake_openness.online.download_run import executable
from tests.fakes.fake_openness.classic_kit import DATA, TRIPLE_STL, run_source, scl_ob, stl_ob
from tests.fakes.fake_openness.plc import Plant
from tests.fakes.virtual_plc.agreement import TIERS, Run

# Calls without parameters ---------------------------------------------------------------------------------------------

MARKING = "".join(
    f"FUNCTION FC {number} : VOID\nBEGIN\nNETWORK\nL {number}; T MW 10; L MW 12; + 1; T MW 12;\nEND_FUNCTION\n"
    for number in (5, 6)
)
HOLDING = """FUNCTION_BLOCK FB 5
VAR x : INT := 9; END_VAR
BEGIN
NETWORK
L #x; T MW 10; + 1; T #x;
END_FUNCTION_BLOCK
DATA_BLOCK DB 5 FB 5
BEGIN
END_DATA_BLOCK
DATA_BLOCK DB 6 FB 5
BEGIN
 x := 20;
END_DATA_BLOCK
"""


@pytest.mark.parametrize(
    ("body", "last", "calls"),
    [
        ("L 5; T MW 0; UC FC [MW 0];", 5, 1),
        ("L 6; T MW 0; UC FC[MW 0]; L 5; T MW 0; SET; CC FC[MW 0];", 5, 2),
        ("L 6; T MW 0; CLR; CC FC[MW 0];", 0, 0),
        ("L 6; T MW 0; CLR; CC FC[MW 0]; UC FC 5;", 5, 1),
    ],
)
def test_a_block_is_called_by_a_number_in_memory(classic: Plant, body: str, last: int, calls: int) -> None:
    assert run_source(classic, MARKING + stl_ob(body), "a.awl", "%MW10", "%MW12") == [last, calls]


@pytest.mark.parametrize("call", ["UC FB 5", "UC FB [MW 0]", "SET; CC FB [MW 0]"])
def test_a_function_block_without_parameters_works_on_the_opened_instance(classic: Plant, call: str) -> None:
    text = HOLDING + stl_ob(f"L 5; T MW 0; OPN DI 6; {call}; {call};")
    assert run_source(classic, text, "a.awl", "%MW10", '"DB5".x', '"DB6".x') == [21, 9, 22]


@pytest.mark.parametrize(
    "body", ["L 7; T MW 0; UC FC[MW 0];", "L 5; T MW 0; OPN DI 10; UC FB[MW 0];", "L 5; T MW 0; UC FB[MW 0];"]
)
def test_a_call_of_a_block_or_instance_that_does_not_exist_is_a_fault(classic: Plant, body: str) -> None:
    classic.generate(DATA + MARKING + HOLDING + stl_ob(body), "a.awl")
    assert classic.compile().ErrorCount == 0
    program = executable(classic.plc._view.index().workspace)
    for tier in TIERS.values():
        assert Run(program, tier).scan(ob="OB1") != ""


PASSING = """FUNCTION FC 1 : VOID
VAR_INPUT a : BLOCK_FC; b : BLOCK_FB; END_VAR
BEGIN
NETWORK
{0}
END_FUNCTION
FUNCTION FC 2 : VOID
VAR_INPUT a : BLOCK_FC; b : BLOCK_FB; END_VAR
BEGIN
NETWORK
CALL FC 1 (a := #a, b := #b);
END_FUNCTION
FUNCTION_BLOCK FB 7
VAR_INPUT a : BLOCK_FC; b : BLOCK_FB; END_VAR
BEGIN
NETWORK
UC #a;
END_FUNCTION_BLOCK
DATA_BLOCK DB 7 FB 7
BEGIN
END_DATA_BLOCK
"""


@pytest.mark.parametrize(
    ("inner", "call", "last", "calls"),
    [
        ("UC #a;", "CALL FC 1 (a := FC 6, b := FB 5);", 6, 1),
        ("UC #a; UC #a;", "CALL FC 1 (a := FC 5, b := FB 5);", 5, 2),
        ("CLR; CC #a; SET; CC #a;", "CALL FC 1 (a := FC 6, b := FB 5);", 6, 1),
        ("UC #a;", "CALL FC 2 (a := FC 6, b := FB 5);", 6, 1),
        ("UC #a;", "CALL FB 7, DB 7 (a := FC 6, b := FB 5);", 6, 1),
        ("UC #a;", 'CALL FC 1 (a := "FC6", b := "FB5");', 6, 1),
        ("OPN DI 6; UC #b;", "CALL FC 1 (a := FC 6, b := FB 5);", 20, 0),
    ],
)
def test_a_parameter_names_the_block_that_is_called(
    classic: Plant, inner: str, call: str, last: int, calls: int
) -> None:
    text = MARKING + HOLDING + PASSING.format(inner) + stl_ob(call)
    assert run_source(classic, text, "a.awl", "%MW10", "%MW12") == [last, calls]


@pytest.mark.parametrize("operand", ["FB 5", "FC 9", "MW 2", "5", '"DB5"'])
def test_only_a_block_of_its_kind_goes_to_a_block_parameter(classic: Plant, operand: str) -> None:
    text = MARKING + HOLDING + PASSING.format("UC #a;") + stl_ob(f"CALL FC 1 (a := {operand}, b := FB 5);")
    classic.generate(text, "a.awl")
    assert classic.compile().ErrorCount == 1


# Local data ---------------------------------------------------------------------------------------------------------

SAVING = """FUNCTION FC 1 : VOID
VAR_INPUT a : INT; b : INT; END_VAR
VAR_TEMP t : INT; END_VAR
BEGIN
NETWORK
L W#16#FFFF; T LW 0; T LW 2; T LW 4; L #a; T MW 10; L #b; T MW 12; L #t; T MW 14;
END_FUNCTION
"""
POINTED = """FUNCTION FC 1 : VOID
VAR_INPUT a : INT; b : INT; END_VAR
BEGIN
NETWORK
L P##b; L P##a; -D; T MD 10;
END_FUNCTION
"""
PLAIN = "FUNCTION_BLOCK FB 5\nBEGIN\nNETWORK\nL 7; T MW 10;\nEND_FUNCTION_BLOCK\n"


def test_local_data_come_before_the_parameters_of_a_function(classic: Plant) -> None:
    text = SAVING + stl_ob("CALL FC 1 (a := 3, b := 4);")
    assert run_source(classic, text, "a.awl", "%MW10", "%MW12", "%MW14") == [3, 4, 0xFFFF]


def test_the_parameters_of_a_function_have_addresses(classic: Plant) -> None:
    assert run_source(classic, POINTED + stl_ob("CALL FC 1 (a := 3, b := 4);"), "a.awl", "%MD10") == [2 * 8]


def test_a_function_block_without_data_needs_no_instance_for_uc(classic: Plant) -> None:
    assert run_source(classic, PLAIN + stl_ob("UC FB 5;"), "a.awl", "%MW10") == [7]


# Names and types of system blocks -----------------------------------------------------------------------------------

COUNTER = "DATA_BLOCK DB 1 SFB 1\nBEGIN\nEND_DATA_BLOCK\n"
TEXT = "DATA_BLOCK DB 1\nSTRUCT\n s : STRING[10] := 'abcd';\nEND_STRUCT\nBEGIN\nEND_DATA_BLOCK\n"


def test_an_instance_of_a_system_block_has_the_type_of_classic_cpus(classic: Plant) -> None:
    body = "CALL SFB 1, DB 1 (CD := TRUE, LOAD := TRUE, PV := 7, CV := MW 10); OPN DB 1; L DBLG; T MW 12; L DBW 2; T MW 14;"
    assert run_source(classic, COUNTER + stl_ob(body), "a.awl", "%MW10", "%MW12", "%MW14") == [7, 10, 7]


@pytest.mark.parametrize(("number", "edge", "bit"), [(0, "CU", 0), (1, "CD", 0), (2, "CU", 0), (2, "CD", 1)])
def test_a_counter_of_classic_cpus_keeps_its_edge(classic: Plant, number: int, edge: str, bit: int) -> None:
    calls = [
        f"CALL SFB {number}, DB 1 ({edge} := {state}); L DB1.DBB 8; T MB {at};"
        for at, state in ((10, "TRUE"), (11, "FALSE"))
    ]
    text = COUNTER.replace("SFB 1", f"SFB {number}") + stl_ob(" ".join(calls))
    assert run_source(classic, text, "a.awl", "%MB10", "%MB11") == [1 << bit, 0]


@pytest.mark.parametrize("number", [3, 4, 5])
@pytest.mark.parametrize(("duration", "enabled"), [("500MS", True), ("0MS", True), ("-500MS", False)])
def test_a_timer_of_classic_cpus_keeps_its_phase(classic: Plant, number: int, duration: str, enabled: bool) -> None:
    body = f"CALL SFB {number}, DB 1 (IN := TRUE, PT := T#{duration}); A BR; = M 12.0; L DB1.DBB 12; T MB 10;"
    source = f"DATA_BLOCK DB 1 SFB {number}\nBEGIN\nEND_DATA_BLOCK\n" + stl_ob(body)
    found = run_source(classic, source, "a.awl", "%MB10", "%M12.0", '"DB1".IN')
    assert found == [1 if duration == "500MS" else 0, enabled, duration != "0MS"]


def test_parameters_have_the_names_of_step_7(classic: Plant) -> None:
    body = "SFB1.DB1(CD := TRUE, LOAD := TRUE, PV := 7); MW10 := INT_TO_WORD(DB1.CV);"
    assert run_source(classic, COUNTER + scl_ob(body), "a.scl", "%MW10") == [7]
    assert run_source(classic, TEXT + stl_ob("CALL FC 21 (S := DB1.s, RET_VAL := MW 10);"), "b.awl", "%MW10") == [4]
    assert run_source(classic, TEXT + scl_ob("MW10 := INT_TO_WORD(FC21(S := DB1.s));"), "c.scl", "%MW10") == [4]


@pytest.mark.parametrize("body", ["SET; = A 4.0;", "CALL FC 5 (a := EW 10, RET_VAL := MW 10); L EW 10; T AW 4;"])
def test_german_addresses_name_the_mnemonics(classic: Plant, body: str) -> None:
    expected = {"SET": [1], "CAL": [0]}[body[:3]]
    assert run_source(classic, TRIPLE_STL + stl_ob(body), "a.awl", "%QB4") == expected


def test_the_data_block_0_closes_the_open_one(classic: Plant) -> None:
    body = "OPN DB 10; L DBNO; T MW 10; OPN DB 0; L DBNO; T MW 12;"
    assert run_source(classic, DATA + stl_ob(body), "a.awl", "%MW10", "%MW12") == [10, 0]


def test_the_parameters_of_a_function_are_in_the_local_data_of_the_caller(classic: Plant) -> None:
    text = POINTED.replace("L P##b; L P##a; -D;", "L P##a; AD DW#16#FF000000;")
    assert run_source(classic, text + stl_ob("CALL FC 1 (a := 3, b := 4);"), "a.awl", "%MD10") == [0x8700_0000]
