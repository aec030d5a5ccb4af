"""Geographical addresses, diagnostic status and start information: values from the tables of the help."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.surroundings import Module

SYSTEM, DEVICE, FIRST, SECOND, CENTRAL, LOADED, PLUGGED, ALONE = 300, 400, 401, 402, 270, 500, 501, 600


def plant(cpu: VirtualCpu) -> None:
    modules = cpu.surroundings.modules
    modules.put(CENTRAL, Module(slot=2))
    modules.put(DEVICE, Module())
    modules.put(FIRST, Module())
    modules.put(SECOND, Module())
    modules.systems[SYSTEM] = {7: DEVICE}
    modules.slots[DEVICE] = {0: DEVICE, 1: FIRST, 2: SECOND}
    modules.put(LOADED, Module(station=LOADED, io_system=1, device_number=3))
    modules.put(PLUGGED, Module(station=LOADED, slot=4))
    modules.put(ALONE, Module(station=ALONE))


GEOGRAPHY = """
"D".status := LOG2GEO(LADDR := "D".number, GEOADDR := "D".place);
"D".found := GEO2LOG(GEOADDR := "D".wanted, LADDR => "D".back);
"""
PLACES = "number : HW_ANY; back : HW_ANY; status : Int; found : Int; place : GEOADDR; wanted : GEOADDR;"
PARTS = ("HWTYPE", "AREA", "IOSYSTEM", "STATION", "SLOT", "SUBSLOT")


@pytest.fixture(name="geography")
def _geography() -> Iterator[VirtualCpu]:
    with running(PLACES, GEOGRAPHY) as cpu:
        plant(cpu)
        yield cpu


@pytest.mark.parametrize(
    ("number", "place"),
    [
        (SYSTEM, (1, 1, 100, 0, 0, 0)),
        (DEVICE, (2, 1, 100, 7, 0, 0)),
        (FIRST, (4, 1, 100, 7, 1, 0)),
        (SECOND, (4, 1, 100, 7, 2, 0)),
        (CENTRAL, (4, 0, 0, 0, 2, 0)),
        (LOADED, (2, 2, 1, 3, 0, 0)),
        (PLUGGED, (4, 2, 1, 3, 4, 0)),
    ],
)
def test_an_identifier_has_a_place_and_a_place_its_identifier(
    geography: VirtualCpu, number: int, place: tuple[int, ...]
) -> None:
    geography.write('"D".number', number)
    geography.write_many({f'"D".wanted.{name}': value for name, value in zip(PARTS, place, strict=True)})
    assert cycle(geography, "status", "found", "back") == (0, 0, number)
    assert cycle(geography, *(f"place.{name}" for name in PARTS)) == place


@pytest.mark.parametrize("number", [0, 9, ALONE])
def test_an_identifier_without_a_place_is_invalid(geography: VirtualCpu, number: int) -> None:
    geography.write('"D".number', number)
    assert cycle(geography, "status", "place.HWTYPE") == (0x8090 - 0x10000, 0)


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ((0, 0, 0, 0, 0, 0), 0x8091),
        ((3, 0, 0, 0, 0, 0), 0x8091),
        ((1, 0, 101, 0, 0, 0), 0x8094),
        ((2, 0, 101, 7, 0, 0), 0x8094),
        ((2, 0, 100, 8, 0, 0), 0x8095),
        ((4, 0, 100, 8, 1, 0), 0x8095),
        ((4, 0, 0, 1, 2, 0), 0x8095),
        ((4, 0, 100, 7, 3, 0), 0x8096),
        ((4, 0, 0, 0, 3, 0), 0x8096),
        ((5, 0, 100, 7, 1, 1), 0x8097),
    ],
)
def test_a_part_of_an_address_that_does_not_exist_has_its_number(
    geography: VirtualCpu, place: tuple[int, ...], status: int
) -> None:
    geography.write_many({f'"D".wanted.{name}': value for name, value in zip(PARTS, place, strict=True)})
    geography.write('"D".back', 77)
    assert cycle(geography, "found", "back") == (status - 0x10000, 77)


def test_what_the_address_does_not_need_is_not_evaluated(geography: VirtualCpu) -> None:
    for place, number in (
        ((1, 9, 100, 9, 9, 9), SYSTEM),
        ((2, 9, 100, 7, 9, 9), DEVICE),
        ((4, 9, 100, 7, 1, 9), FIRST),
    ):
        geography.write_many({f'"D".wanted.{name}': value for name, value in zip(PARTS, place, strict=True)})
        assert cycle(geography, "found", "back") == (0, number)


DIAGNOSIS = """
"D".status := GET_DIAG(MODE := "D".mode, LADDR := "D".number, CNT_DIAG => "D".count, DIAG := "D".{});
"""
STATUSES = "number : HW_ANY; mode : UInt; status : Int; count : UInt := 9; all : DWord; own : DIS; below : DNN;"
DIS = ("MaintenanceState", "ComponentStateDetail", "OwnState", "IOState", "OperatingState")
DNN = ("SubordinateState", "SubordinateIOState", "DNNmode")


def disturb(cpu: VirtualCpu) -> None:
    plant(cpu)
    modules = cpu.surroundings.modules
    modules.put(FIRST, Module(faulty=True))
    modules.put(LOADED, Module(station=LOADED, present=False, disabled=True))
    modules.put(PLUGGED, Module(station=LOADED, slot=4, present=False))


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (CENTRAL, (0, 0x8000, 0, 0x0001, 0)),
        (FIRST, (7, 0x8040, 4, 0x8010, 0)),
        (LOADED, (1, 0x1_8000, 1, 0x0002, 0)),
        (PLUGGED, (8, 0x9800, 5, 0x0020, 0)),
        (49, (0, 0x8000, 0, 0x0001, 0)),
        (52, (0, 0x8000, 0, 0x0001, 8)),
    ],
)
def test_the_status_of_a_component(number: int, status: tuple[int, ...]) -> None:
    with running(STATUSES, DIAGNOSIS.format("own")) as cpu:
        disturb(cpu)
        cpu.write_many({'"D".number': number, '"D".mode': 1})
        assert cycle(cpu, "status", "count") == (0, 0)
        assert cycle(cpu, *(f"own.{name}" for name in DIS)) == status


@pytest.mark.parametrize(
    ("family", "number", "status"),
    [
        ("S7-1500", DEVICE, (4, 0x8011, 0)),
        ("S7-1200", DEVICE, (4, 0x0011, 0)),
        ("S7-1500", CENTRAL, (0, 0x0001, 0)),
        ("S7-1500", LOADED, (5, 0x0020, 0)),
        ("S7-1500", 49, (5, 0x8033, 0)),
    ],
)
def test_the_status_of_all_subordinate_components(family: str, number: int, status: tuple[int, ...]) -> None:
    firmware = "V4.5" if family == "S7-1200" else "V3.1"
    with running(STATUSES, DIAGNOSIS.format("below"), family=family, firmware=firmware) as cpu:
        disturb(cpu)
        cpu.write_many({'"D".number': number, '"D".mode': 2})
        assert cycle(cpu, "status", *(f"below.{name}" for name in DNN)) == (0, *status)


@pytest.mark.parametrize(
    ("family", "number", "mode", "target", "status", "shown"),
    [
        ("S7-1500", CENTRAL, 0, "all", 0, 7),
        ("S7-1200", 9, 0, "all", 0, 7),
        ("S7-1500", 9, 0, "all", 0x8090, 0),
        ("S7-1500", CENTRAL, 3, "all", 0x8080, 0),
        ("S7-1500", CENTRAL, 0, "own", 0x8081, 0),
        ("S7-1500", CENTRAL, 1, "below", 0x8081, 0),
        ("S7-1500", CENTRAL, 2, "all", 0x8081, 0),
    ],
)
def test_modes_and_types(family: str, number: int, mode: int, target: str, status: int, shown: int) -> None:
    firmware = "V4.5" if family == "S7-1200" else "V3.1"
    with running(STATUSES, DIAGNOSIS.format(target), family=family, firmware=firmware) as cpu:
        plant(cpu)
        cpu.write_many({'"D".number': number, '"D".mode': mode})
        assert cycle(cpu, "status", "all") == (status - 0x10000 if status else 0, shown)


OBS = """
ORGANIZATION_BLOCK OB100
BEGIN
  "D".early := RD_SINFO(TOP_SI => "D".first, START_UP_SI => "D".none);
  GET_DIAG(MODE := 1, LADDR := 52, CNT_DIAG => "D".count, DIAG := "D".own);
END_ORGANIZATION_BLOCK
ORGANIZATION_BLOCK OB35
BEGIN
  "D".late := RD_SINFO(TOP_SI => "D".cyclic, START_UP_SI => "D".last);
END_ORGANIZATION_BLOCK
"""
READ = '"D".status := RD_SINFO(TOP_SI => "D".top, START_UP_SI => "D".startup);'
TYPED = "status : Int; top : SI_ProgramCycle; startup : SI_Startup;"


def test_a_cyclic_program_has_optimized_start_information() -> None:
    with running(TYPED, READ) as cpu:
        assert cycle(cpu, "status", "top.SI_Format", "top.OB_Class", "top.OB_Nr") == (0, 0xFE, 1, 1)
        assert cpu.read('"D".top.Remanence') is True
        assert cycle(cpu, "startup.SI_Format", "startup.OB_Class", "startup.OB_Nr") == (0xFE, 100, 0)


def test_initial_call_is_that_of_the_first_cycle() -> None:
    statements = READ + ' "D".seen := "D".seen OR "D".top.Initial_Call;'
    with running(TYPED + "seen : Bool;", statements) as cpu:
        assert cycle(cpu, "seen", "top.Initial_Call") == (True, True)
        assert cycle(cpu, "seen", "top.Initial_Call") == (True, False)


@pytest.mark.parametrize(
    ("top", "startup", "status"),
    [
        ("SI_classic", "SI_classic", 0),
        ("SI_none", "SI_none", 0),
        ("SI_Cyclic", "SI_Startup", 0x8081),
        ("SI_ProgramCycle", "SI_ProgramCycle", 0x8083),
    ],
)
def test_a_type_has_to_be_that_of_the_start(top: str, startup: str, status: int) -> None:
    with running(f"status : Int; top : {top}; startup : {startup};", READ) as cpu:
        assert cycle(cpu, "status") == (status - 0x10000 if status else 0)
        if top == "SI_classic":
            assert cycle(cpu, "top.EV_CLASS", "top.PRIORITY", "top.NUM") == (0x10, 1, 1)


def test_startup_and_interrupts_have_their_own_start_information() -> None:
    members = "early : Int := 9; late : Int := 9; count : UInt; own : DIS;"
    members += "first : SI_Startup; none : SI_none; cyclic : SI_Cyclic; last : SI_Startup;"
    with running(members, ";", before=OBS) as cpu:
        cpu.run_for(500_000_000)
        assert cycle(cpu, "early", "late", "first.OB_Class", "none.OB_Nr", "last.OB_Nr") == (0, 0, 100, 100, 100)
        assert cycle(cpu, "cyclic.OB_Class", "cyclic.OB_Nr", "cyclic.Initial_Call") == (30, 35, False)
        assert cpu.read('"D".own.OperatingState') == 6
