"""Faults of modules, stations and channels: start information by a table, inputs, states that a program reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fakes.virtual_plc.cpu_kit import MAIN, Run, Scripted, cpu_of, ob
from tests.fakes.virtual_plc.instructions import cpu_programs
from virtual_plc.cpu.cpu import State, VirtualCpu
from virtual_plc.cpu.inputs_outputs import module_faults
from virtual_plc.cpu.inputs_outputs.module_faults import ModuleFaultError
from virtual_plc.surroundings import ChannelError, Module

OBS = (
    ob("Diagnostics", 82, "DiagnosticErrorInterrupt", "IO_State", "LADDR", "Channel", "MultiError"),
    ob("PullPlug", 83, "PullOrPlugOfModules", "LADDR", "Event_Class", "Fault_ID"),
    ob("Station", 86, "RackOrStationFailure", "LADDR", "Event_Class", "Fault_ID"),
)
SYSTEM, STATION, DIGITAL, ANALOG, CENTRAL = 300, 400, 401, 402, 270
WIRE_BREAK, LOWER = ChannelError.WIRE_BREAK, ChannelError.LOWER_LIMIT


def configure(cpu: VirtualCpu) -> None:
    modules = cpu.surroundings.modules
    modules.put(STATION, Module(name="ET1"))
    modules.put(DIGITAL, Module(inputs=range(10, 12), name="DI_1"))
    modules.put(ANALOG, Module(inputs=range(20, 28), name="AI_1", analog=True))
    modules.put(CENTRAL, Module(inputs=range(2), outputs=range(2)))
    modules.systems[SYSTEM] = {1: STATION}
    modules.slots[STATION] = {0: STATION, 1: DIGITAL, 2: ANALOG}


@pytest.fixture
def plant() -> Iterator[tuple[VirtualCpu, Scripted]]:
    cpu, scripted = cpu_of(*OBS, MAIN)
    configure(cpu)
    cpu.run()
    yield cpu, scripted
    cpu.power_off()


def starts(scripted: Scripted) -> list[tuple[str, dict[str, Any]]]:
    return [(name, inputs) for name, _, inputs in scripted.log if name != "Main"]


Act = Callable[[VirtualCpu], None]
TABLE: list[tuple[list[Act], str, dict[str, Any], str]] = [
    (
        [lambda c: module_faults.pull(c, DIGITAL)],
        "PullPlug",
        {"LADDR": 401, "Event_Class": 0x39, "Fault_ID": 0x51},
        "16#02:3951",
    ),
    (
        [lambda c: module_faults.pull(c, DIGITAL), lambda c: module_faults.plug(c, DIGITAL)],
        "PullPlug",
        {"LADDR": 401, "Event_Class": 0x38, "Fault_ID": 0x54},
        "16#02:3854",
    ),
    (
        [lambda c: module_faults.pull(c, CENTRAL)],
        "PullPlug",
        {"LADDR": 270, "Event_Class": 0x39, "Fault_ID": 0x61},
        "16#02:3961",
    ),
    (
        [lambda c: module_faults.fail_station(c, STATION)],
        "Station",
        {"LADDR": 400, "Event_Class": 0x39, "Fault_ID": 0xCB},
        "16#02:39CB",
    ),
    (
        [lambda c: module_faults.fail_station(c, STATION), lambda c: module_faults.return_station(c, STATION)],
        "Station",
        {"LADDR": 400, "Event_Class": 0x38, "Fault_ID": 0xCB},
        "16#02:38CB",
    ),
    (
        [lambda c: module_faults.fail_channel(c, ANALOG, 2, WIRE_BREAK)],
        "Diagnostics",
        {"LADDR": 402, "IO_State": 0x11, "Channel": 2, "MultiError": False},
        "16#08:0006",
    ),
    (
        [
            lambda c: module_faults.fail_channel(c, ANALOG, 2, WIRE_BREAK),
            lambda c: module_faults.fail_channel(c, ANALOG, 0, ChannelError.SHORT_CIRCUIT),
        ],
        "Diagnostics",
        {"LADDR": 402, "IO_State": 0x11, "Channel": 0, "MultiError": True},
        "16#08:0001",
    ),
    (
        [
            lambda c: module_faults.fail_channel(c, ANALOG, 2, WIRE_BREAK),
            lambda c: module_faults.clear_channel(c, ANALOG, 2),
        ],
        "Diagnostics",
        {"LADDR": 402, "IO_State": 0x01, "Channel": 2, "MultiError": False},
        "16#08:0006",
    ),
]


@pytest.mark.parametrize(("acts", "block", "information", "event"), TABLE)
def test_each_event_starts_its_ob_with_the_documented_information(
    plant: tuple[VirtualCpu, Scripted], acts: list[Act], block: str, information: dict[str, Any], event: str
) -> None:
    cpu, scripted = plant
    for act in acts:
        act(cpu)
    cpu.run_cycles(1)
    assert starts(scripted)[-1] == (block, information)
    assert len(starts(scripted)) == len(acts)
    assert cpu.diagnostics[0].event_text == event


def test_inputs_of_a_pulled_module_read_0_and_have_their_values_again_when_it_is_plugged(
    plant: tuple[VirtualCpu, Scripted],
) -> None:
    cpu, _ = plant
    cpu.write("%IW10", 0x1234)
    cpu.write("%IW0", 7)
    module_faults.pull(cpu, DIGITAL)
    cpu.run_cycles(1)
    assert (cpu.read("%IW10"), cpu.read("%IW0")) == (0, 7)
    module_faults.plug(cpu, DIGITAL)
    cpu.run_cycles(1)
    assert cpu.read("%IW10") == 0x1234


def test_a_failed_station_takes_all_its_modules_with_it_and_a_force_still_applies(
    plant: tuple[VirtualCpu, Scripted],
) -> None:
    cpu, _ = plant
    cpu.write("%IW10", 0x1234)
    cpu.write("%IW20", 0x5678)
    module_faults.fail_station(cpu, STATION)
    cpu.force({"%IB11": 5})
    cpu.run_cycles(1)
    assert (cpu.read("%IW10"), cpu.read("%IW20")) == (5, 0)
    cpu.unforce()
    module_faults.return_station(cpu, STATION)
    cpu.run_cycles(1)
    assert (cpu.read("%IW10"), cpu.read("%IW20")) == (0x1234, 0x5678)


@pytest.mark.parametrize(("error", "value"), [(WIRE_BREAK, 0x7FFF), (LOWER, 0x8000), (ChannelError.ERROR, 0x7FFF)])
def test_a_channel_with_an_error_has_its_substitute_and_its_neighbours_keep_their_values(
    plant: tuple[VirtualCpu, Scripted], error: ChannelError, value: int
) -> None:
    cpu, _ = plant
    for at in range(4):
        cpu.write(f"%IW{20 + 2 * at}", 100 + at)
    cpu.write("%IW10", 0xFFFF)
    module_faults.fail_channel(cpu, ANALOG, 2, error)
    module_faults.fail_channel(cpu, DIGITAL, 9, WIRE_BREAK)
    cpu.run_cycles(1)
    assert [cpu.read(f"%IW{20 + 2 * at}") for at in range(4)] == [100, 101, value, 103]
    assert cpu.read("%IW10") == 0xFFFD, "channel 9 is bit 1 of the second byte"
    module_faults.clear_channel(cpu, ANALOG, 2)
    cpu.run_cycles(1)
    assert cpu.read("%IW24") == 102


@pytest.mark.parametrize(
    ("act", "code", "says"),
    [
        (lambda c: module_faults.pull(c, 9), "module.missing", "There are: 270, 'ET1' (400), 'DI_1' (401)"),
        (lambda c: module_faults.plug(c, DIGITAL), "module.state", "is plugged"),
        (lambda c: module_faults.fail_station(c, DIGITAL), "module.missing", "There are: 'ET1' (400)"),
        (lambda c: module_faults.return_station(c, STATION), "module.state", "has not failed"),
        (lambda c: module_faults.fail_channel(c, ANALOG, 4, LOWER), "module.channel", "has 4 channels"),
        (lambda c: module_faults.fail_channel(c, DIGITAL, 16, LOWER), "module.channel", "has 16 channels"),
        (lambda c: module_faults.clear_channel(c, ANALOG, 0), "module.state", "has no error"),
    ],
)
def test_a_fault_that_a_module_cannot_have_is_refused(
    plant: tuple[VirtualCpu, Scripted], act: Act, code: str, says: str
) -> None:
    cpu, scripted = plant
    with pytest.raises(ModuleFaultError) as caught:
        act(cpu)
    assert caught.value.code == code and says in caught.value.message
    cpu.run_cycles(1)
    assert starts(scripted) == []


def test_a_module_of_a_failed_station_returns_with_it_only(plant: tuple[VirtualCpu, Scripted]) -> None:
    cpu, _ = plant
    module_faults.fail_station(cpu, STATION)
    with pytest.raises(ModuleFaultError, match="return it first"):
        module_faults.plug(cpu, DIGITAL)


def test_an_s7_300_stops_when_a_station_fails_without_ob86() -> None:
    cpu, _ = cpu_of(MAIN, family="S7-300")
    configure(cpu)
    cpu.run()
    module_faults.fail_station(cpu, STATION)
    assert cpu.state is State.STOP


STATES = """
status : Int; devices : Array[0..1023] of Bool; slots : Array[0..127] of Bool; data : Array[0..1] of Byte; read : Int;
"""
READ = """
"D".status := DeviceStates(LADDR := 300, MODE := 5, STATE := "D".devices);
"D".status := ModuleStates(LADDR := 400, MODE := 5, STATE := "D".slots);
"D".read := DPRD_DAT(LADDR := 401, RECORD => "D".data);
"""


def test_a_program_finds_the_fault_with_devicestates_modulestates_and_dprd_dat() -> None:
    with cpu_programs.running(STATES, READ) as cpu:
        configure(cpu)

        def found() -> tuple[list[int], list[int], int]:
            cpu.run_cycles(1)
            devices, slots = cpu.read('"D".devices'), cpu.read('"D".slots')
            return (
                [at for at, each in enumerate(devices) if each],
                [at for at, each in enumerate(slots) if each],
                cpu.read('"D".read') & 0xFFFF,
            )

        assert found() == ([], [], 0)
        module_faults.pull(cpu, DIGITAL)
        assert found() == ([], [0, 2], 0x80A0)
        module_faults.fail_station(cpu, STATION)
        assert found() == ([0, 1], [0, 1, 2, 3], 0x80A0)
        module_faults.return_station(cpu, STATION)
        module_faults.fail_channel(cpu, ANALOG, 0, WIRE_BREAK)
        assert found() == ([], [0, 3], 0)


def test_an_ob_that_pulls_nothing_sees_the_module_that_was_pulled_before_it() -> None:
    seen: list[int] = []
    cpu, _ = cpu_of(*OBS, MAIN, bodies={"PullPlug": lambda run: seen.append(read_direct(run))})
    configure(cpu)
    cpu.run()
    cpu.write("%IW10", 5)
    module_faults.pull(cpu, DIGITAL)
    cpu.run_cycles(1)
    assert seen == [0]


def read_direct(run: Run) -> int:
    return int(run.memory.read("%IW10:P"))
