"""Rules of STL on every tier: addresses, data blocks, jumps, calls, faults. Marks: docs/conformance-plc/stl.md."""

from __future__ import annotations

from typing import Any

import pytest

from simatic_xml.program.symbols import Cpu
from tests.fakes.virtual_plc.agreement import BUDGET, TIERS, Run, program
from virtual_plc.cpu.services import PlainServices
from virtual_plc.faults import Fault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import ProgramError

AROUND = """
DATA_BLOCK "Data"
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
VAR
  first : Word := 16#1122;
  second : Int := -5;
  bit : Bool;
  third : DWord := 16#AABBCCDD;
END_VAR
BEGIN
END_DATA_BLOCK
DATA_BLOCK "Other"
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
VAR
  first : Word := 16#3344;
END_VAR
BEGIN
END_DATA_BLOCK
FUNCTION "Twice" : Int
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
VAR_INPUT
  x : Int;
END_VAR
BEGIN
  #Twice := #x * 2;
  ENO := #x < 100;
END_FUNCTION
FUNCTION_BLOCK "Adds"
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
VAR_INPUT
  x : Int;
END_VAR
VAR_OUTPUT
  sum : Int;
END_VAR
BEGIN
  #sum := #sum + #x;
END_FUNCTION_BLOCK
DATA_BLOCK "Adds_DB"
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
"Adds"
BEGIN
END_DATA_BLOCK
FUNCTION "Marks" : Void
VERSION : 0.1
BEGIN
  %MW90 := 16#BEEF;
END_FUNCTION
"""


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Each way to execute a program."""
    return str(request.param)


def main(lines: str, declared: str = "") -> str:
    """Return the STL source of `Main`: statements, separated by line ends."""
    body = "".join(f"      {line.strip()};\n" for line in lines.strip().splitlines())
    head = "ORGANIZATION_BLOCK \"Main\"\n{ S7_Optimized_Access := 'FALSE' }\nVERSION : 0.1\n"
    return f"{head}{declared}BEGIN\nNETWORK\nTITLE =\n{body}\nEND_ORGANIZATION_BLOCK\n"


def prepared(tier: str, lines: str, *, declared: str = "", cpu: str = "S7-1500") -> Run:
    """Return a program in STL, with the blocks around it, on a tier."""
    numbers = {"Data": 1, "Other": 2, "Adds_DB": 3}
    made = program(AROUND, statements=main(lines, declared), cpu=Cpu(cpu), numbers=numbers)
    return Run(made, TIERS[tier])


def words(tier: str, lines: str, *numbers: int, **more: Any) -> list[int]:
    """Return marker words behind a scan."""
    run = prepared(tier, lines, **more)
    assert run.scan() == ""
    return [int(run.memory.read(f"%MW{number}")) for number in numbers]


# Loading and addresses -----------------------------------------------------------------------------------------------


def test_loading_moves_the_accumulators_and_extends_with_zeros(tier: str) -> None:
    lines = 'L DW#16#12345678\nL "Data".second\nT MD 0\nTAK\nT MD 4\nL MB 0\nT MW 8'
    assert words(tier, lines, 0, 2, 4, 6, 8) == [0, 0xFFFB, 0x1234, 0x5678, 0]


def test_text_and_characters_are_loaded_as_they_stand(tier: str) -> None:
    assert words(tier, "L 'AB'\nT MW 0\nL 'ABCD'\nT MD 2", 0, 2, 4) == [0x4142, 0x4142, 0x4344]


def test_addresses_in_memory(tier: str) -> None:
    lines = "L P#10.0\nT MD 100\nL W#16#ABCD\nT MW [MD 100]\nL 3\nT MW 104\nL P#10.7\nT MD 106\nA M [MD 106]\n= M 20.0"
    assert words(tier, lines, 10, 20) == [0xABCD, 0x0100]


def test_addresses_in_registers(tier: str) -> None:
    lines = """LAR1 P#M 30.0
L W#16#1234
T W [AR1, P#2.0]
LAR2 P#4.0
L W#16#5678
T MW [AR2, P#30.0]
+AR1 P#6.0
L W#16#9ABC
T W [AR1, P#0.0]
TAR1 MD 50"""
    assert words(tier, lines, 32, 34, 36, 50, 52) == [0x1234, 0x5678, 0x9ABC, 0x8300, 36 * 8]


def test_adding_to_an_address_keeps_the_area(tier: str) -> None:
    lines = "LAR1 P#M 0.0\nL -8\n+AR1\nTAR1 MD 0\nLAR1 P#Q 1.0\nCAR\nTAR2 MD 4"
    assert words(tier, lines, 0, 2, 4, 6) == [0x83FF, 0xFFF8, 0x8200, 8]


def test_data_blocks_are_opened(tier: str) -> None:
    lines = """OPN "Data"
L DBW 0
T MW 0
L DBNO
T MW 2
L DBLG
T MW 4
OPN "Other"
L DBW 0
T MW 6
L 2
T MW 8
OPN DB [MW 8]
L DBNO
T MW 10
CDB
L DINO
T MW 12
L DB1.DBD 6
T MD 14"""
    assert words(tier, lines, 0, 2, 4, 6, 10, 12, 14, 16) == [0x1122, 1, 10, 0x3344, 2, 2, 0xAABB, 0xCCDD]


def test_temporary_data_have_addresses(tier: str) -> None:
    declared = "VAR_TEMP\n  a : Word;\n  b : Word;\nEND_VAR\n"
    lines = "L W#16#1234\nT #b\nL LW 2\nT MW 0\nL W#16#5678\nT LW 0\nL #a\nT MW 2"
    assert words(tier, lines, 0, 2, declared=declared) == [0x1234, 0x5678]


def test_local_data_may_have_more_bytes_than_are_declared(tier: str) -> None:
    declared = "VAR_TEMP\n  a : Word;\nEND_VAR\n"
    lines = "L W#16#1234\nT LW 20\nSET\n= L 30.7\nL LW 20\nT MW 0\nL LB 30\nT MW 2\nL #a\nT MW 4"
    assert words(tier, lines, 0, 2, 4, declared=declared) == [0x1234, 0x80, 0]


def test_the_number_0_closes_a_data_block(tier: str) -> None:
    lines = 'OPN "Data"\nL 0\nT MW 8\nOPN DB [MW 8]\nL DBNO\nT MW 0\nL DBLG\nT MW 2'
    assert words(tier, lines, 0, 2) == [0, 0]


def test_pointers_to_peripherals(tier: str) -> None:
    assert words(tier, "L P#P 2.1\nT MD 0", 0, 2) == [0x8000, 2 * 8 + 1]


# Jumps ---------------------------------------------------------------------------------------------------------------


def test_a_loop_counts_down(tier: str) -> None:
    lines = "L 0\nT MW 0\nL 5\nagain: T MW 2\nL MW 0\nL MW 2\n+I\nT MW 0\nL MW 2\nLOOP again"
    assert words(tier, lines, 0) == [15]


@pytest.mark.parametrize(("number", "reached"), [(0, 1), (1, 2), (2, 3), (9, 9)])
def test_a_jump_list(tier: str, number: int, reached: int) -> None:
    lines = f"L {number}\nJL end\nJU one\nJU two\nJU three\nend: L 9\nJU done\none: L 1\nJU done\ntwo: L 2\nJU done\nthree: L 3\ndone: T MW 0"
    assert words(tier, lines, 0) == [reached]


def test_jumps_that_test_rlo_leave_it_set(tier: str) -> None:
    lines = "CLR\nJC never\nL STW\nT MW 0\nnever: CLR\nJCN always\nalways: L STW\nT MW 2"
    assert [word & 0xF for word in words(tier, lines, 0, 2)] == [0b0110, 0b0110]


def test_a_block_ends_by_condition(tier: str) -> None:
    lines = "CLR\nBEC\nL 1\nT MW 0\nSET\nBEC\nL 2\nT MW 0"
    assert words(tier, lines, 0) == [1]


# Calls ---------------------------------------------------------------------------------------------------------------


def test_calls_hand_over_parameters_and_eno_becomes_br(tier: str) -> None:
    lines = """CALL "Twice" (x := 21, Ret_Val := MW0)
A BR
= M 2.0
CALL "Twice" (x := 200, Ret_Val := MW4)
A BR
= M 2.1
CALL "Adds", "Adds_DB" (x := 7)
CALL "Adds", "Adds_DB" (x := 8, sum := MW6)"""
    assert words(tier, lines, 0, 2, 4, 6) == [42, 0x0100, 400, 15]


def test_calls_without_parameters(tier: str) -> None:
    lines = 'CLR\nCC "Marks"\nL MW 90\nT MW 0\nSET\nCC "Marks"\nL MW 90\nT MW 2'
    assert words(tier, lines, 0, 2) == [0, 0xBEEF]


def test_a_call_clears_the_stored_overflow(tier: str) -> None:
    assert words(tier, 'L 32767\nL 1\n+I\nUC "Marks"\nL STW\nT MW 0', 0)[0] & 0x30 == 0x20


# Numbers that awlsim is not asked about ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "value", "result", "cc1"),
    [("SLW 15", 0x8001, 0x8000, 0), ("SLW", 0xFFFF, 0, 0), ("SRW", 0xFFFF, 0, 0), ("SSI", 0x8000, 0xFFFF, 1)],
)
def test_shifting_by_more_than_the_width(tier: str, operation: str, value: int, result: int, cc1: int) -> None:
    lines = f"L 40\nL W#16#{value:04X}\n{operation}\nT MW 0\nL STW\nT MW 2"
    found = words(tier, lines, 0, 2)
    assert (found[0], found[1] >> 7 & 1) == (result, cc1)


def test_rotating_by_more_than_the_width_goes_round(tier: str) -> None:
    assert words(tier, "L 36\nL DW#16#80000001\nRLD\nT MD 0", 0, 2) == [0, 0x18]


def test_a_result_too_small_for_a_real_shows_as_overflow(tier: str) -> None:
    assert words(tier, "L 1.0e-30\nL 1.0e-30\n*R\nT MD 0\nL STW\nT MW 4", 0, 2, 4)[2] & 0xF0 == 0x30


def test_a_result_too_large_for_a_real_is_infinite(tier: str) -> None:
    found = words(tier, "L 1.0e30\nL 1.0e30\n*R\nT MD 0\nL STW\nT MW 4", 0, 4)
    assert (found[0], found[1] & 0xF0) == (0x7F80, 0xB0)


def test_comparing_what_is_no_number(tier: str) -> None:
    found = words(tier, "L DW#16#7FFFFFFF\nL 1.0\n==R\n= M 0.0\n<>R\n= M 0.1\nL STW\nT MW 2", 0, 2)
    assert (found[0], found[1] & 0xF0) == (0, 0xF0)


@pytest.mark.parametrize(("cpu", "second"), [("S7-1500", 1), ("S7-300", 1), ("S7-400", 3)])
def test_accumulators_move_down_behind_a_calculation_on_an_s7_400(tier: str, cpu: str, second: int) -> None:
    assert words(tier, "L 3\nL 9\nENT\nL 1\nL 2\n+I\nTAK\nT MW 0", 0, cpu=cpu) == [second]


def test_the_master_control_relay(tier: str) -> None:
    lines = """MCRA
CLR
MCR(
SET
= M 0.0
S M 0.1
L 5
T MW 2
)MCR
SET
= M 0.2
MCRD"""
    assert words(tier, lines, 0, 2, cpu="S7-300") == [0x0400, 0]


# Faults --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "L W#16#000A\nBTI",
        "L P#I 0.3\nT MD 0\nL MW [MD 0]",
        "L 999\nT MW 200\nOPN DB [MW 200]",
        "L 0\nT MW 200\nOPN DB [MW 200]\nL DBW 0",
        "L W#16#0FFF\nSET\nSP T 1",
        "LAR1 P#DBX 0.0\nL W [AR1, P#0.0]",
        'OPN "Other"\nL DBD 100',
    ],
)
def test_faults(tier: str, lines: str) -> None:
    run = prepared(tier, lines)
    run.services.budget = BUDGET
    with pytest.raises(Fault):
        run.executable.run("Main")


def test_what_is_no_operation_is_refused(tier: str) -> None:
    made = program(AROUND, statements=main("SET"))
    network = made.blocks["main"].networks[0]
    operation: Any = network.body[0]
    network.body = [type(operation)("MOVE", None, operation.place)]
    with pytest.raises(ProgramError, match="MOVE"):
        TIERS[tier](made, Memory(made), PlainServices())
