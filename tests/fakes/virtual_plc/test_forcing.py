"""Forced inputs and outputs: what the program, the modules and the process image have."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.model import Tag
from tests.fakes.virtual_plc.cpu_kit import MAIN, Run, cpu_of, ob
from virtual_plc.cpu.cpu import CpuError, State, VirtualCpu
from virtual_plc.memory.path_values import PathError
from virtual_plc.surroundings import Module
from virtual_plc.surroundings.forces import MOST

TAGS = (
    Tag("In", "Int", "%IW0"),
    Tag("Out", "Int", "%QW0"),
    Tag("Start", "Bool", "%I2.0"),
    Tag("Lamp", "Bool", "%Q2.0"),
    Tag("Mark", "Int", "%MW10"),
)


def follow(run: Run) -> None:
    """Copy the inputs to the outputs; keep what the module of the input gives."""
    run.memory.write("Out", run.memory.read("In"))
    run.memory.write("Lamp", run.memory.read("Start"))
    run.memory.write("Mark", run.memory.read("In:P"))


def running(**bodies: Any) -> VirtualCpu:
    cpu, _ = cpu_of(MAIN, items=TAGS, bodies=bodies or {"Main": follow})
    cpu.run()
    return cpu


def outputs(cpu: VirtualCpu) -> tuple[int, bool]:
    return cpu.read("Out"), cpu.read("Lamp")


def test_a_forced_input_replaces_what_the_module_gives_until_forcing_stops() -> None:
    cpu = running()
    cpu.write("In", 5)
    cpu.force({"In": 7, "Start": True})
    cpu.run_cycles(1)
    assert outputs(cpu) == (7, True)
    assert cpu.read("Mark") == 7, "an access past the process image reads the forced value too"
    cpu.write("In", 6)
    cpu.run_cycles(1)
    assert outputs(cpu) == (7, True)
    assert [each.name for each in cpu.unforce(["%IW0"])] == ["In"]
    cpu.run_cycles(1)
    assert outputs(cpu) == (6, True)


def test_a_value_that_equals_the_forced_one_is_kept_as_that_of_the_module() -> None:
    cpu = running()
    cpu.force({"Start": True})
    cpu.run_cycles(1)
    cpu.write("Start", True)
    cpu.unforce()
    cpu.run_cycles(1)
    assert outputs(cpu) == (0, True)


def test_a_forced_output_replaces_what_the_program_writes_also_past_the_process_image() -> None:
    def direct(run: Run) -> None:
        run.memory.write("Out:P", 3)
        run.memory.write("Out", 3)

    cpu = running(Main=direct)
    cpu.force({"%QW0:P": 9})
    assert cpu.read("Out:P") == 9, "in RUN at once"
    cpu.run_cycles(1)
    assert (cpu.read("Out"), cpu.read("Out:P")) == (9, 9)
    cpu.run_cycles(1)
    assert (cpu.read("Out"), cpu.read("Out:P")) == (9, 9)
    cpu.unforce(["Out"])
    cpu.run_cycles(2)
    assert (cpu.read("Out"), cpu.read("Out:P")) == (3, 3)


def test_forces_survive_a_stop_a_power_cycle_and_a_memory_reset_and_outputs_are_off_in_stop() -> None:
    cpu = running()
    cpu.force({"Out": 9, "In": 4})
    cpu.run_cycles(1)
    cpu.stop()
    assert cpu.read("Out:P") == 0
    assert [(each.name, each.address, each.data_type, each.value) for each in cpu.forces] == [
        ("Out", "%QW0:P", "Int", 9),
        ("In", "%IW0:P", "Int", 4),
    ]
    cpu.power_off()
    cpu.power_on()
    cpu.memory_reset()
    cpu.run()
    cpu.run_cycles(1)
    assert (cpu.read("Out:P"), cpu.read("Mark")) == (9, 4)


def test_a_startup_ob_reads_forced_inputs_directly_and_writes_no_output() -> None:
    seen: list[Any] = []

    def startup(run: Run) -> None:
        seen.extend((run.memory.read("In"), run.memory.read("In:P")))

    cpu, _ = cpu_of(ob("Startup", 100, "Startup"), MAIN, items=TAGS, bodies={"Startup": startup})
    cpu.force({"In": 7, "Out": 8})
    cpu.run()
    assert seen == [0, 7]
    assert cpu.read("Out:P") == 0


def test_a_forced_input_covers_the_data_of_a_module_that_the_program_reads_in_a_scan() -> None:
    class Counter:
        count = 0

        def exchange(self, now: int, content: bytes) -> bytes:
            self.count += 1
            return self.count.to_bytes(2, "big")

    def main(run: Run) -> None:
        memory = run.memory
        run.services.surroundings.exchange(0, memory.peripheral_inputs, memory.peripheral_outputs)
        memory.write("Mark", memory.read("In:P"))

    cpu = running(Main=main)
    device = Counter()
    cpu.surroundings.modules.put(270, Module(inputs=range(2), device=device))
    cpu.force({"In": 100})
    cpu.run_cycles(3)
    assert (cpu.read("Mark"), device.count, cpu.read("In:P")) == (100, 6, 6)


@pytest.mark.parametrize(
    ("values", "code", "says"),
    [
        ({"Mark": 1}, "force.operand", "only single inputs and outputs"),
        ({"Nope": 1}, "path.unknown", "no tag or address 'Nope'"),
        ({"In": 40_000}, "value.range", "40000"),
        ({"Start": "x"}, "value.type", "Start"),
        ({"%IB5000000": 1}, "path.range", "ends after byte"),
        ({"In": 1, "%I0.3": True}, "force.refused", "overlaps 'In'"),
    ],
)
def test_what_cannot_be_forced_is_refused_and_nothing_is_forced(values: dict[str, Any], code: str, says: str) -> None:
    cpu = running()
    with pytest.raises(PathError, match=says) as caught:
        cpu.force(values)
    assert caught.value.code.split(".")[0] == code.split(".")[0]
    assert cpu.forces == []


def test_the_number_of_forced_operands_is_limited_and_a_forced_one_gets_another_value() -> None:
    cpu = running()
    cpu.force({f"%IB{byte}": 1 for byte in range(10, 10 + MOST)})
    with pytest.raises(PathError, match="which is the most"):
        cpu.force({"%IB9": 1})
    cpu.force({"%IB10": 2})
    assert cpu.forces[0].value == 2


def test_stopping_what_is_not_forced_names_what_is() -> None:
    cpu = running()
    cpu.force({"In": 1})
    with pytest.raises(PathError, match=r"'Out' is not forced\. Forced: In\."):
        cpu.unforce(["In", "Out"])
    assert len(cpu.forces) == 1
    cpu.power_off()
    with pytest.raises(CpuError):
        cpu.force({"In": 1})
    assert cpu.state is State.OFF


@given(given_=st.binary(min_size=2, max_size=2), bits=st.dictionaries(st.integers(0, 15), st.booleans(), max_size=6))
def test_forced_bits_change_no_other_bit(given_: bytes, bits: dict[int, bool]) -> None:
    cpu = running()
    cpu.write("%IB0", given_[0])
    cpu.write("%IB1", given_[1])
    cpu.force({f"%I{at // 8}.{at % 8}": value for at, value in bits.items()})
    cpu.run_cycles(1)
    actual = [bool(given_[at // 8] >> at % 8 & 1) for at in range(16)]
    seen = [cpu.read(f"%I{at // 8}.{at % 8}") for at in range(16)]
    assert seen == [bits.get(at, actual[at]) for at in range(16)]
    assert (cpu.read("%IB0:P"), cpu.read("%IB1:P")) == tuple(given_)
