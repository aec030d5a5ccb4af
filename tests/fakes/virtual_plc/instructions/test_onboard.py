"""High-speed counters and pulses of an S7-1200; addresses and activation of modules."""

from __future__ import annotations

import pytest

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.surroundings import Module

COUNTER = """
hsc : HW_HSC := 258; dir : Bool; cv : Bool; rv : Bool; period : Bool;
newDir : Int := -1; newCv : DInt := -123456; newRv : DInt := 40; newPeriod : Int := 100; busy : Bool; status : Word;
"""
CONTROL = """
"c"(HSC := "D".hsc, DIR := "D".dir, CV := "D".cv, RV := "D".rv, PERIOD := "D".period, NEW_DIR := "D".newDir,
    NEW_CV := "D".newCv, NEW_RV := "D".newRv, NEW_PERIOD := "D".newPeriod, BUSY => "D".busy, STATUS => "D".status);
"""


def test_a_program_sets_what_it_asks_for_of_a_counter() -> None:
    with running(COUNTER, CONTROL, instances={"c": "CTRL_HSC"}, family="S7-1200") as cpu:
        counter = cpu.surroundings.onboard.counters[258]
        cpu.write("%ID1004:P", 7)
        assert cycle(cpu, "busy", "status") == (False, 0)
        assert (counter.direction, counter.reference, counter.period, cpu.read("%ID1004:P")) == (1, 0, 10, 7)
        cpu.write_many({f'"D".{each}': True for each in ("dir", "cv", "rv", "period")})
        assert cycle(cpu, "busy", "status") == (False, 0)
        assert (counter.direction, counter.reference, counter.period) == (-1, 40, 100)
        cpu.write('"D".cv', False)
        cpu.run_cycles(1)
        assert cpu.read("%ID1004") == 0x1_0000_0000 - 123_456


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"hsc": 1}, 0x80A1),
        ({"hsc": 259}, 0x80D0),
        ({"dir": True, "newDir": 0}, 0x80B1),
        ({"period": True, "newPeriod": 50}, 0x80B4),
    ],
)
def test_what_a_counter_cannot_do_has_its_status(changes: dict[str, object], status: int) -> None:
    with running(COUNTER, CONTROL, instances={"c": "CTRL_HSC"}, family="S7-1200") as cpu:
        cpu.surroundings.onboard.counters[259].enabled = False
        cpu.write_many({'"D".rv': True} | {f'"D".{path}': value for path, value in changes.items()})
        assert cycle(cpu, "status") == status
        assert cpu.surroundings.onboard.counters[258].reference == 0


def test_a_period_is_measured_while_the_program_enables_it() -> None:
    members = "hsc : HW_HSC := 257; ctrl : HSC_Period; done : Bool; busy : Bool; error : Bool; status : Word;"
    statement = """
    "c"(HSC := "D".hsc, CTRL := "D".ctrl, DONE => "D".done, BUSY => "D".busy, ERROR => "D".error, STATUS => "D".status);
    """
    with running(members, statement, instances={"c": "CTRL_HSC_EXT"}, family="S7-1200", firmware="V4.4") as cpu:
        counter = cpu.surroundings.onboard.counters[257]
        counter.elapsed, counter.edges = 4_000_000_000, 8
        assert cycle(cpu, "done", "busy", "error", "status", "ctrl.EdgeCount") == (True, False, False, 0, 0)
        cpu.write_many({'"D".ctrl.EnHSC': True, '"D".ctrl.NewPeriod': 1000})
        assert cycle(cpu, "ctrl.ElapsedTime", "ctrl.EdgeCount") == (4_000_000_000, 8)
        assert counter.period == 10
        cpu.write('"D".ctrl.EnPeriod', True)
        cpu.run_cycles(1)
        assert counter.period == 1000
        cpu.write('"D".ctrl.NewPeriod', 20)
        cpu.run_cycles(1)
        assert counter.period == 1000
        counter.enabled = False
        assert cycle(cpu, "done", "error", "status") == (False, True, 0x80D0)
        cpu.write('"D".hsc', 3)
        assert cycle(cpu, "error", "status") == (True, 0x80A1)


def test_pulses_run_while_the_program_enables_them_and_end_with_stop() -> None:
    members = "pwm : HW_PWM := 266; on : Bool; busy : Bool; status : Word;"
    statement = '"p"(PWM := "D".pwm, ENABLE := "D".on, BUSY => "D".busy, STATUS => "D".status);'
    with running(members, statement, instances={"p": "CTRL_PWM"}, family="S7-1200") as cpu:
        pulse = cpu.surroundings.onboard.pulses[266]
        for on in (True, False, True):
            cpu.write('"D".on', on)
            assert cycle(cpu, "busy", "status") == (False, 0)
            assert pulse.enabled is on
        cpu.stop()
        assert pulse.enabled is False
        cpu.run()
        cpu.write('"D".pwm', 300)
        assert cycle(cpu, "status") == 0x80A1
        cpu.write('"D".pwm', 266)
        pulse.configured = False
        assert cycle(cpu, "status") == 0x80D0


MODULE = """
laddr : HW_IO := 270; device : HW_DEVICE := 270; req : Bool; mode : USInt; busy : Bool; status : Int;
i : UDInt; ni : UInt; q : UDInt; nq : UInt;
"""


def test_the_addresses_of_a_module_are_read() -> None:
    statement = """
    "D".status := RD_ADDR(LADDR := "D".laddr, PIADDR => "D".i, PICOUNT => "D".ni, PQADDR => "D".q, PQCOUNT => "D".nq);
    """
    with running(MODULE, statement) as cpu:
        cpu.surroundings.modules.put(270, Module(range(256, 262), range(300, 304)))
        assert cycle(cpu, "status", "i", "ni", "q", "nq") == (0, 256, 6, 300, 4)
        cpu.write('"D".laddr', 271)
        assert cycle(cpu, "status", "i", "ni") == (0x8090 - 0x10000, 0, 0)


def test_a_module_is_deactivated_and_activated() -> None:
    statement = """
    "D".status := D_ACT_DP(REQ := "D".req, MODE := "D".mode, LADDR := "D".device, BUSY => "D".busy);
    """
    with running(MODULE, statement) as cpu:
        module = cpu.surroundings.modules.put(270, Module(range(4)))
        assert cycle(cpu, "busy", "status") == (False, 0x7000)
        cpu.write('"D".req', True)
        for mode, present, status in ((0, True, 1), (2, False, 0), (0, False, 2), (1, True, 0), (0, True, 1)):
            cpu.write('"D".mode', mode)
            assert cycle(cpu, "busy", "status") == (True, 0x7001)
            assert cycle(cpu, "busy", "status") == (True, 0x7002)
            assert cycle(cpu, "busy", "status") == (False, status)
            assert module.present is present
        cpu.write('"D".mode', 9)
        assert cycle(cpu, "busy", "status") == (False, 0x8091 - 0x10000)
        cpu.write('"D".device', 9)
        assert cycle(cpu, "busy", "status") == (False, 0x8090 - 0x10000)
