"""Data logs and recipes on the memory card; the files are read with Python's own CSV reader."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.clock import MILLISECOND, SECOND
from virtual_plc.cpu.cpu import Settings, VirtualCpu

NOON = round(datetime(2025, 3, 4, 12, 0, 0, tzinfo=UTC).timestamp()) * SECOND
MEMBERS = """
create : Bool; open : Bool; write : Bool; clear : Bool; close : Bool; delete : Bool; renew : Bool;
id : DWord; name : String[20] := 'Batch'; other : String[20] := 'Batch2'; header : String[60] := 'Count,Level,On';
records : UDInt := 3; form : UInt := 1; timestamp : UInt := 1; mode : UInt; remove : Bool := TRUE;
data : Struct count : Int; level : Real; on : Bool; END_STRUCT;
busy : Bool; done : Bool; error : Bool; status : Word; dones : Int; failed : Word; full : Int;
"""
CREATE = """
RECORDS := "D".records, FORMAT := "D".form, TIMESTAMP := "D".timestamp, NAME := "D".name, ID := "D".id,
HEADER := "D".header, DATA := "D".data
"""
CALLS = {
    "create": ("DataLogCreate", CREATE),
    "open": ("DataLogOpen", 'MODE := "D".mode, NAME := "D".name, ID := "D".id'),
    "write": ("DataLogWrite", 'ID := "D".id'),
    "clear": ("DataLogClear", 'ID := "D".id'),
    "close": ("DataLogClose", 'ID := "D".id'),
    "delete": ("DataLogDelete", 'NAME := "D".name, DelFile := "D".remove, ID := "D".id'),
    "renew": ("DataLogNewFile", 'RECORDS := "D".records, NAME := "D".other, ID := "D".id'),
}
STATEMENTS = "\n".join(
    f'"{name}"(REQ := "D".{name}, {given});\n'
    f'IF "{name}".DONE THEN "D".dones := "D".dones + 1; END_IF;\n'
    f'IF "{name}".ERROR OR ("{name}".DONE AND "{name}".STATUS <> 0) THEN "D".failed := "{name}".STATUS; END_IF;'
    for name, (_, given) in CALLS.items()
)


@pytest.fixture(params=[True, False], ids=["optimized", "standard"])
def cpu(request: pytest.FixtureRequest) -> Iterator[VirtualCpu]:
    """A CPU with all instructions for data logs."""
    kinds = {name: kind for name, (kind, _) in CALLS.items()}
    settings = Settings(moment=NOON)
    with running(MEMBERS, STATEMENTS, instances=kinds, optimized=request.param, settings=settings) as made:
        yield made


def do(cpu: VirtualCpu, name: str) -> tuple[int, int]:
    """Do one job; return how many have ended without an error, and the last STATUS that is not 0."""
    cpu.write_many({f'"D".{name}': True, '"D".failed': 0, '"D".dones': 0})
    cpu.run_cycles(3)
    cpu.write(f'"D".{name}', False)
    found = cycle(cpu, "dones", "failed")
    return found[0], found[1]


def log(cpu: VirtualCpu, count: int, level: float = 0.5, *, on: bool = False) -> tuple[int, int]:
    cpu.write('"D".data', {"count": count, "level": level, "on": on})
    return do(cpu, "write")


def table(cpu: VirtualCpu, path: str = "DataLogs/Batch.csv") -> list[list[str]]:
    content = cpu.surroundings.card.files[path].decode()
    assert content.endswith("\r\n")
    return list(csv.reader(io.StringIO(content, newline="")))


def test_a_data_log_has_header_time_and_columns(cpu: VirtualCpu) -> None:
    assert do(cpu, "create") == (1, 0)
    assert table(cpu) == [["Record", "Date", "UTC Time", "Count", "Level", "On"], ["//END"]]
    assert cpu.cycle == 10 * MILLISECOND
    cpu.set_clock(NOON + 3_723_004 * MILLISECOND)
    assert log(cpu, -7, 1234.5, on=True) == (1, 0)
    head, row, end = table(cpu)
    assert row[:3] == ["1", "3/4/2025", "13:02:03.014"]
    assert (int(row[3]), float(row[4]), row[5]) == (-7, 1234.5, "1")
    assert end == ["//END"]
    assert len(row) == len(head)


def test_a_job_lasts_several_calls_and_needs_an_edge(cpu: VirtualCpu) -> None:
    def shown() -> tuple[object, ...]:
        return tuple(cpu.read(f'"create".{each}') for each in ("DONE", "BUSY", "ERROR", "STATUS"))

    cpu.run_cycles(1)
    assert shown() == (False, False, False, 0x7000)
    cpu.write('"D".create', True)
    for expected in ((False, True, False, 0x7001), (False, True, False, 0x7002), (True, False, False, 0)):
        cpu.run_cycles(1)
        assert shown() == expected
    cpu.run_cycles(1)
    assert shown() == (False, False, False, 0x7000)


def test_a_full_data_log_overwrites_its_oldest_record(cpu: VirtualCpu) -> None:
    cpu.write('"D".timestamp', 0)
    do(cpu, "create")
    assert [log(cpu, each) for each in (10, 20, 30)] == [(1, 0), (1, 0), (1, 1)]
    assert [row[:2] for row in table(cpu)] == [["Record", "Count"], ["1", "10"], ["2", "20"], ["3", "30"]]
    log(cpu, 40)
    log(cpu, 50)
    assert [row[:2] for row in table(cpu)[1:]] == [["1", "40"], ["2", "50"], ["3", "30"]]


def test_a_record_has_the_data_of_the_moment_of_the_request(cpu: VirtualCpu) -> None:
    do(cpu, "create")
    cpu.write('"D".data.count', 5)
    cpu.write('"D".write', True)
    cpu.run_cycles(1)
    cpu.write('"D".data.count', 6)
    cpu.run_cycles(2)
    assert table(cpu)[1][3] == "5"


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [
        ("name", "", 0x8090),
        ("name", "a:b", 0x8090),
        ("name", "a b", 0x8090),
        ("name", "../a", 0x8090),
        ("name", "..", 0x8090),
        ("records", 0, 0x8253),
        ("form", 0, 0x8353),
        ("timestamp", 3, 0x8453),
    ],
)
def test_what_a_data_log_cannot_have_is_refused(cpu: VirtualCpu, path: str, value: object, status: int) -> None:
    cpu.write(f'"D".{path}', value)
    assert do(cpu, "create") == (0, status)
    assert cpu.surroundings.card.files == {}


def test_a_data_log_exists_once_and_a_missing_one_has_its_status(cpu: VirtualCpu) -> None:
    assert do(cpu, "open") == (0, 0x8092)
    assert do(cpu, "write") == (0, 0x8092)
    do(cpu, "create")
    cpu.write('"D".name', "BATCH")
    assert do(cpu, "create") == (0, 0x8093)
    assert do(cpu, "delete") == (1, 0)
    assert cpu.surroundings.card.files == {}
    assert do(cpu, "delete") == (0, 0x8092)


def test_closing_opening_and_clearing(cpu: VirtualCpu) -> None:
    do(cpu, "create")
    log(cpu, 1)
    assert do(cpu, "close") == (1, 0)
    assert do(cpu, "close") == (1, 1)
    assert log(cpu, 2) == (0, 0x80B0)
    cpu.write('"D".id', 0)
    assert do(cpu, "open") == (1, 0)
    assert log(cpu, 3) == (1, 0)
    assert [row[3] for row in table(cpu)[1:-1]] == ["1", "3"]
    assert do(cpu, "clear") == (1, 0)
    assert len(table(cpu)) == 2
    log(cpu, 4)
    cpu.write('"D".mode', 1)
    do(cpu, "open")
    assert len(table(cpu)) == 2


def test_stop_closes_data_logs_and_a_download_keeps_their_data(cpu: VirtualCpu) -> None:
    do(cpu, "create")
    log(cpu, 1)
    assert cpu.program is not None
    cpu.load(cpu.program)
    identifier = cpu.read('"D".id')
    assert log(cpu, 2) == (1, 0)
    cpu.stop()
    cpu.run()
    cpu.write('"D".id', identifier)
    assert log(cpu, 3) == (0, 0x80B0)
    assert do(cpu, "open") == (1, 0)
    assert log(cpu, 4) == (1, 1)
    assert [row[3] for row in table(cpu)[1:]] == ["1", "2", "4"]


def test_a_new_file_is_like_the_old_one(cpu: VirtualCpu) -> None:
    do(cpu, "create")
    log(cpu, 1)
    first = cpu.read('"D".id')
    assert do(cpu, "renew") == (1, 0)
    assert cpu.read('"D".id') != first
    log(cpu, 2)
    assert [row[3] for row in table(cpu)[1:-1]] == ["1"]
    assert [row[3] for row in table(cpu, "DataLogs/Batch2.csv")[1:-1]] == ["2"]


def test_eight_data_logs_are_open_at_most_and_the_card_can_be_full(cpu: VirtualCpu) -> None:
    for number in range(8):
        cpu.write('"D".name', f"Log{number}")
        assert do(cpu, "create") == (1, 0)
    cpu.write('"D".name', "Log8")
    assert do(cpu, "create") == (0, 0x80C1)
    do(cpu, "close")
    cpu.surroundings.card.capacity = 0
    assert do(cpu, "create") == (0, 0x80B3)


# Recipes -------------------------------------------------------------------------------------------------------------

RECIPES = """
TYPE "Recipe" STRUCT name : String[12]; water : Int; ratio : Real; cold : Bool; grade : Char; END_STRUCT; END_TYPE
DATA_BLOCK "Beer"
{ S7_Optimized_Access := 'OPTIMIZED' }
VAR products : Array[1..3] of "Recipe"; END_VAR
BEGIN
products[1].name := 'Pils, light'; products[1].water := 10; products[1].ratio := 0.1; products[1].grade := 'A';
products[2].name := 'Lager'; products[2].water := -4; products[2].cold := TRUE; products[2].grade := 'B';
END_DATA_BLOCK
"""
TRANSFER = """
"out"(REQ := "D".export, RECIPE_DB := "Beer"); "in"(REQ := "D".import, RECIPE_DB := "Beer");
IF "out".DONE OR "in".DONE THEN "D".dones := "D".dones + 1; END_IF;
IF "in".ERROR THEN "D".failed := "in".STATUS; END_IF;
IF "out".ERROR THEN "D".failed := "out".STATUS; END_IF;
"""
KINDS = {"out": "RecipeExport", "in": "RecipeImport"}
STATE = "export : Bool; import : Bool; dones : Int; failed : Word; single : Int;"
PATH = "Recipes/Beer.csv"


@pytest.fixture(params=["TRUE", "FALSE"])
def brewery(request: pytest.FixtureRequest) -> Iterator[VirtualCpu]:
    """A CPU with a recipe data block, with optimized and with standard access."""
    with running(STATE, TRANSFER, instances=KINDS, before=RECIPES.replace("OPTIMIZED", request.param)) as made:
        yield made


def test_recipes_are_exported_from_the_load_memory(brewery: VirtualCpu) -> None:
    brewery.write('"Beer".products[1].water', 99)
    assert do(brewery, "export") == (1, 0)
    rows = list(csv.reader(io.StringIO(brewery.surroundings.card.files[PATH].decode(), newline="")))
    assert rows[0] == ["index", "name", "water", "ratio", "cold", "grade"]
    assert rows[1][:3] + rows[1][4:] == ["1", "Pils, light", "10", "0", "A"]
    assert struct.pack(">f", float(rows[1][3])) == struct.pack(">f", 0.1)
    assert rows[2][:3] == ["2", "Lager", "-4"]
    assert len(rows) == 4
    assert brewery.read('"Beer".products[1].water') == 99


def test_imported_recipes_are_start_values_after_the_next_restart(brewery: VirtualCpu) -> None:
    do(brewery, "export")
    card = brewery.surroundings.card
    made = io.StringIO(newline="")
    csv.writer(made).writerows([["index", "a", "b", "c", "d", "e"], ["1", 'Ale "x"', "7", "2.5", "TRUE", "C"]])
    card.files[PATH] = made.getvalue().encode()
    assert do(brewery, "import") == (1, 0)
    assert brewery.read('"Beer".products[1].water') == 10
    brewery.stop()
    brewery.run()
    expected = {"name": 'Ale "x"', "water": 7, "ratio": 2.5, "cold": True, "grade": "C"}
    assert brewery.read('"Beer".products[1]') == expected
    assert brewery.read('"Beer".products[2].name') == "Lager"


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("2,a,1,1.0,0,A", 0x80B0),
        ("x,a,1,1.0,0,A", 0x80B0),
        ("1,a,1,1.0,0,A,9", 0x80B1),
        ("1,a,1,1.0,0", 0x80B2),
        ("1,a,70000,1.0,0,A", 0x80D2),
        ("1,a,1,one,0,A", 0x80D3),
        ("1,a,1,nan,0,A", 0x80D3),
        ("1,a,1,1.0,2,A", 0x80D4),
        ("1,a,1,1.0,0,AB", 0x80D5),
        ("1,a name that is too long,1,1.0,0,A", 0x80D1),
    ],
)
def test_a_file_that_does_not_match_changes_nothing(brewery: VirtualCpu, row: str, status: int) -> None:
    brewery.surroundings.card.files[PATH] = f"index,name,water,ratio,cold,grade\r\n{row}\r\n".encode()
    assert do(brewery, "import") == (0, status)
    brewery.stop()
    brewery.run()
    assert brewery.read('"Beer".products[1].water') == 10


def test_without_a_file_or_a_recipe_data_block_there_is_an_error(brewery: VirtualCpu) -> None:
    assert do(brewery, "import") == (0, 0x8092)
    with running(STATE, TRANSFER.replace('"Beer"', '"D".single'), instances=KINDS) as cpu:
        assert do(cpu, "export") == (0, 0x8091)
        assert do(cpu, "import") == (0, 0x8091)
