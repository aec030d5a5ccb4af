"""READ_DBL and WRIT_DBL: the start values of data blocks."""

from __future__ import annotations

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running

RECIPES = """
DATA_BLOCK "Recipes"
{ S7_Optimized_Access := 'OPTIMIZED' }
VAR list : Array[0..2] of Struct sugar : Int; water : Real; END_STRUCT; other : Int := 4; END_VAR
BEGIN
list[1].sugar := 12;
list[1].water := 1.5;
END_DATA_BLOCK
"""
MEMBERS = "req : Bool; busy : Bool; status : Int; active : Struct sugar : Int; water : Real; END_STRUCT;"
READ = '"D".status := READ_DBL(REQ := "D".req, SRCBLK := "Recipes".list[1], BUSY => "D".busy, DSTBLK => "D".active);'
WRITE = '"D".status := WRIT_DBL(REQ := "D".req, SRCBLK := "D".active, BUSY => "D".busy, DSTBLK => "Recipes".list[1]);'
ACTIVE = {"sugar": 12, "water": 1.5}


@pytest.fixture(params=["TRUE", "FALSE"])
def recipes(request: pytest.FixtureRequest) -> str:
    """The recipes with optimized and with standard access."""
    return RECIPES.replace("OPTIMIZED", request.param)


def test_start_values_are_read_over_several_calls_whatever_the_actual_values_are(recipes: str) -> None:
    with running(MEMBERS, READ, before=recipes) as cpu:
        cpu.write('"Recipes".list[1].sugar', 99)
        assert cycle(cpu, "busy", "status") == (False, 0x7000)
        cpu.write('"D".req', True)
        assert cycle(cpu, "busy", "status") == (True, 0x7001)
        cpu.write('"D".req', False)
        assert cycle(cpu, "busy", "status") == (True, 0x7002)
        assert cycle(cpu, "busy", "status", "active") == (False, 0, ACTIVE)
        assert cpu.read('"Recipes".list[1].sugar') == 99


def test_written_start_values_apply_after_the_next_restart(recipes: str) -> None:
    with running(MEMBERS, WRITE, before=recipes) as cpu:
        cpu.write_many({'"D".active.sugar': 77, '"D".active.water': 2.5, '"Recipes".other': 5, '"D".req': True})
        assert cycle(cpu, "busy", "status", count=3) == (False, 0)
        assert cpu.read('"Recipes".list[1]') == ACTIVE
        cpu.stop()
        cpu.run()
        assert cpu.read('"Recipes".list[1]') == {"sugar": 77, "water": 2.5}
        assert cpu.read('"Recipes".other') == 4
        cpu.memory_reset()
        assert cpu.read('"Recipes".list[1].sugar') == 77


def test_what_was_written_is_read_back(recipes: str) -> None:
    with running(MEMBERS + "back : Bool;", f'IF "D".back THEN {READ} ELSE {WRITE} END_IF;', before=recipes) as cpu:
        cpu.write_many({'"D".active.sugar': -3, '"D".req': True})
        cpu.run_cycles(3)
        cpu.write_many({'"D".active.sugar': 0, '"D".back': True})
        assert cycle(cpu, "status", "active", count=3) == (0, {"sugar": -3, "water": 0.0})


def test_a_download_of_the_same_data_block_keeps_what_was_written(recipes: str) -> None:
    with running(MEMBERS, WRITE, before=recipes) as cpu:
        cpu.write_many({'"D".active.sugar': 77, '"D".req': True})
        cpu.run_cycles(3)
        assert cpu.program is not None
        cpu.load(cpu.program)
        cpu.stop()
        cpu.run()
        assert cpu.read('"Recipes".list[1].sugar') == 77


@pytest.mark.parametrize(("statement", "status"), [(READ, 0x8132), (WRITE, 0x8232)])
def test_the_operand_in_the_load_memory_is_one_of_a_data_block(statement: str, status: int) -> None:
    local = statement.replace('"Recipes".list[1]', "%MD20").replace('"D".active', '"D".number')
    with running(MEMBERS + "number : DInt;", local) as cpu:
        cpu.write('"D".req', True)
        assert cycle(cpu, "status", count=3) == status - 0x10000


ARRAY = "DATA_BLOCK \"List\" { S7_Optimized_Access := 'TRUE' } Array[0..3] of Int BEGIN END_DATA_BLOCK"


def test_elements_of_an_array_data_block_are_read_and_written_in_the_load_memory() -> None:
    members = "go : Bool; index : DInt := 2; value : Int; other : Real; write : Bool;"
    statements = """
    "get"(REQ := "D".go AND NOT "D".write, DB := "List", INDEX := "D".index, VALUE := "D".value);
    "put"(REQ := "D".go AND "D".write, DB := "List", INDEX := "D".index, VALUE := "D".value);
    "bad"(REQ := "D".go, DB := "List", INDEX := "D".index, VALUE := "D".other);
    """
    instances = {"get": "ReadFromArrayDBL", "put": "WriteToArrayDBL", "bad": "ReadFromArrayDBL"}
    with running(members, statements, before=ARRAY, instances=instances) as cpu:
        cpu.write_many({'"List"[2]': 5, '"D".value': 9, '"D".go': True})
        cpu.run_cycles(2)
        assert cpu.read('"get".BUSY') is True
        cpu.run_cycles(1)
        assert (cpu.read('"get".DONE'), cpu.read('"get".ERROR'), cpu.read('"D".value')) == (True, 0, 0)
        assert (cpu.read('"bad".DONE'), cpu.read('"bad".ERROR')) == (False, 0x80B4 - 0x10000)
        cpu.write_many({'"D".go': False, '"D".write': True, '"D".value': 77})
        cpu.run_cycles(2)
        cpu.write('"D".go', True)
        cpu.run_cycles(3)
        assert cpu.read('"put".DONE') is True
        assert cpu.read('"List"[2]') == 5
        cpu.write_many({'"D".go': False, '"D".write': False})
        cpu.run_cycles(2)
        cpu.write('"D".go', True)
        cpu.run_cycles(3)
        assert cpu.read('"D".value') == 77
        cpu.write_many({'"D".go': False, '"D".index': 4})
        cpu.run_cycles(2)
        cpu.write('"D".go', True)
        cpu.run_cycles(3)
        assert cpu.read('"get".ERROR') == 0x8382 - 0x10000
