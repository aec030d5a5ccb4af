"""States of devices and modules, and modules by their addresses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.surroundings import Module

SYSTEM, DEVICE = 300, 400
MEMBERS = """
system : HW_IOSYSTEM := 300; device : HW_DEVICE := 400; mode : UInt := 4; status : Int; some : Int;
state : Array[0..1023] of Bool; slots : Array[0..120] of Bool; any : Bool; short : Array[0..99] of Bool; word : Word;
"""
CALL = """
"D".status := DeviceStates(LADDR := "D".system, MODE := "D".mode, STATE := "D".state);
"D".some := ModuleStates(LADDR := "D".device, MODE := "D".mode, STATE := "D".slots);
DeviceStates(LADDR := "D".system, MODE := "D".mode, STATE := "D".any);
"""


def plant(cpu: VirtualCpu) -> None:
    modules = cpu.surroundings.modules
    modules.put(400, Module())
    modules.put(401, Module(faulty=True))
    modules.put(402, Module(present=False))
    modules.put(403, Module(present=False, disabled=True))
    modules.systems[SYSTEM] = {1: 400, 2: 401, 7: 402, 1023: 403}
    modules.slots[DEVICE] = {0: 400, 1: 401, 2: 402}


@pytest.mark.parametrize(
    ("mode", "devices", "slots"),
    [
        (1, [0, 1, 2, 7, 1023], [0, 1, 2, 3]),
        (2, [0, 2], [0, 2]),
        (3, [0, 1023], []),
        (4, [0, 1, 2], [0, 1, 2]),
        (5, [0, 2, 7, 1023], [0, 2, 3]),
    ],
)
def test_bits_are_those_of_device_numbers_and_slots(mode: int, devices: list[int], slots: list[int]) -> None:
    with running(MEMBERS, CALL) as cpu:
        plant(cpu)
        cpu.write('"D".mode', mode)
        assert cycle(cpu, "status", "some") == (0, 0)
        assert [at for at, each in enumerate(cpu.read('"D".state')) if each] == devices
        assert [at for at, each in enumerate(cpu.read('"D".slots')) if each] == slots
        assert cpu.read('"D".any') is True


@pytest.mark.parametrize(
    ("system", "mode", "state", "status"),
    [
        (9, 4, "state", 0x8091),
        (400, 4, "state", 0x8092),
        (300, 6, "state", 0x80B2),
        (300, 4, "word", 0x8093),
        (300, 4, "short", 0x8452),
    ],
)
def test_what_is_wrong_has_its_number(system: int, mode: int, state: str, status: int) -> None:
    call = f'"D".status := DeviceStates(LADDR := "D".system, MODE := "D".mode, STATE := "D".{state});'
    with running(MEMBERS, call) as cpu:
        plant(cpu)
        cpu.write_many({'"D".system': system, '"D".mode': mode})
        assert cycle(cpu, "status") == status - 0x10000


def test_a_device_that_the_program_deactivates_is_disabled() -> None:
    call = CALL + '"D".some := D_ACT_DP(REQ := TRUE, MODE := 2, LADDR := 400, BUSY => "D".any);'
    with running(MEMBERS, call) as cpu:
        plant(cpu)
        cpu.write('"D".mode', 3)
        cpu.run_cycles(4)
        assert [at for at, each in enumerate(cpu.read('"D".state')) if each] == [0, 1, 1023]


ADDRESSES = """
area : Byte := 16#54; address : Word; hw : HW_IO; status : Int; inputs : Array[0..3] of Word; outputs : Array[1..2] of Word;
ins : Int; outs : Int; module : HW_ANY := 270; error : Int; bytes : Array[0..9] of Byte;
"""
FIND = """
"D".status := LOG2MOD(IOID := "D".area, ADDR := "D".address, HWID => "D".hw);
"D".error := RD_LGADR(IOID := 16#54, LADDR := "D".module, PEADDR => "D".inputs, PECOUNT => "D".ins,
                      PAADDR => "D".outputs, PACOUNT => "D".outs);
"""


@pytest.mark.parametrize(
    ("area", "address", "found"),
    [
        (0x54, 256, 270),
        (0x54, 259, 270),
        (0x54, 260, 0),
        (0x55, 301, 270),
        (0x55, 256, 0),
        (0, 257, 270),
        (0, 0x8000 | 300, 270),
        (1, 256, 0),
    ],
)
def test_a_module_is_found_by_an_address(area: int, address: int, found: int) -> None:
    with running(ADDRESSES, FIND, optimized=False) as cpu:
        cpu.surroundings.modules.put(270, Module(range(256, 260), range(300, 302)))
        cpu.write_many({'"D".area': area, '"D".address': address})
        assert cycle(cpu, "hw", "status") == (found, 0 if found else 0x8093 - 0x10000)


def test_all_addresses_of_a_module_are_read() -> None:
    with running(ADDRESSES, FIND, optimized=False) as cpu:
        modules = cpu.surroundings.modules
        modules.put(270, Module(range(256, 260), range(300, 302)))
        found: Any = cycle(cpu, "error", "ins", "outs", "inputs", "outputs")
        assert found == (0, 4, 2, [256, 257, 258, 259], [300, 301])
        modules.put(270, Module(range(256, 261), range(300, 302)))
        assert cycle(cpu, "error") == 0x80A2 - 0x10000
        modules.put(270, Module(range(256, 258), range(300, 303)))
        assert cycle(cpu, "error") == 0x80A3 - 0x10000
        cpu.write('"D".module', 271)
        assert cycle(cpu, "error") == 0x8090 - 0x10000


def test_addresses_go_into_words_only() -> None:
    with running(ADDRESSES, FIND.replace('"D".inputs', '"D".bytes'), optimized=False) as cpu:
        cpu.surroundings.modules.put(270, Module(range(256, 260)))
        assert cycle(cpu, "error") == 0x80A0 - 0x10000
