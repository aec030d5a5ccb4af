"""Operating states of the virtual CPU, startup, retentive data, and what is refused in which state."""

import gc
from itertools import pairwise

import pytest

from simatic_xml.model import Tag
from tests.fakes.virtual_plc.cpu_kit import MAIN, Run, cpu_of, events, ob
from virtual_plc.cpu.clock import MILLISECOND, SECOND
from virtual_plc.cpu.cpu import CpuError, Settings, State, VirtualCpu
from virtual_plc.faults import CpuStop
from virtual_plc.memory.memory import Retention

TAGS = (Tag("In", "Int", "%IW0"), Tag("Out", "Int", "%QW0"), Tag("Mark", "Int", "%MW10"), Tag("Kept", "Int", "%MW0"))
RETAINING = """
DATA_BLOCK "Data"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR RETAIN
      kept : Int := 1;
   END_VAR
   VAR
      plain : Int := 2;
   END_VAR
BEGIN
END_DATA_BLOCK
"""


def test_a_cpu_goes_through_its_states() -> None:
    cpu = VirtualCpu(name="P")
    seen: list[State] = []
    cpu.on_state.append(lambda _, new: seen.append(new))
    assert cpu.state is State.OFF
    cpu.power_on()
    assert seen == [State.BOOTING, State.STOP]
    cpu.power_off()
    assert seen[2:] == [State.SHUTTING_DOWN, State.OFF]
    cpu.power_off()
    assert len(seen) == 4


def test_run_goes_through_startup() -> None:
    cpu, _ = cpu_of(MAIN)
    seen: list[tuple[State, State]] = []
    cpu.on_state.append(lambda old, new: seen.append((old, new)))
    cpu.run()
    cpu.run()
    cpu.stop()
    cpu.stop()
    assert seen == [(State.STOP, State.STARTUP), (State.STARTUP, State.RUN), (State.RUN, State.STOP)]


def test_an_empty_cpu_does_not_run() -> None:
    cpu = VirtualCpu()
    cpu.power_on()
    with pytest.raises(CpuError) as caught:
        cpu.run()
    assert caught.value.code == "empty"


@pytest.mark.parametrize(
    "action",
    [
        VirtualCpu.run,
        VirtualCpu.stop,
        VirtualCpu.memory_reset,
        VirtualCpu.freeze,
        VirtualCpu.run_cycles,
        VirtualCpu.step,
        lambda cpu: cpu.run_for(1),
        lambda cpu: cpu.read("In"),
        lambda cpu: cpu.write("In", 1),
        lambda cpu: cpu.read_many(["In"]),
        lambda cpu: cpu.hardware_interrupt(1),
        lambda cpu: cpu.module_event(82, "gone"),
    ],
)
def test_a_cpu_that_is_off_does_nothing(action) -> None:
    cpu, _ = cpu_of(MAIN, items=TAGS)
    cpu.power_off()
    with pytest.raises(CpuError) as caught:
        action(cpu)
    assert caught.value.code == "state"


def test_startup_obs_run_in_ascending_order_without_inputs_and_outputs() -> None:
    def startup(run: Run) -> None:
        assert run.memory.read("In") == 0
        run.memory.write("Out", 7)

    second, first = ob("Second", 200, "Startup"), ob("First", 100, "Startup", "LostRetentive")
    cpu, scripted = cpu_of(second, MAIN, first, items=TAGS, bodies={"First": startup})
    cpu.write("In", 5)
    cpu.run()
    assert scripted.names() == ["First", "Second"]
    assert scripted.log[0][2] == {"LostRetentive": False}
    assert cpu.read("%QW0:P") == 0
    cpu.run_cycles(1)
    assert cpu.read("%QW0:P") == 7
    assert cpu.read("In") == 5


def test_no_interrupt_comes_during_startup() -> None:
    def startup(run: Run) -> None:
        run.services.request("SRT_DINT", OB_NR=20, DTIME=1, SIGN=0)
        run.services.request("WAIT", WT=5_000)

    blocks = (ob("Start", 100, "Startup"), ob("Delay", 20, "TimeDelayInterrupt"), MAIN)
    cpu, scripted = cpu_of(*blocks, bodies={"Start": startup})
    cpu.run()
    assert scripted.names() == ["Start"]
    cpu.run_cycles(1)
    assert scripted.names() == ["Start", "Delay", "Main"]


def test_restart_keeps_retentive_data_only() -> None:
    cpu, _ = cpu_of(MAIN, source=RETAINING, items=TAGS, settings=Settings(retention=Retention(marker_bytes=4)))
    cpu.run()
    values = {'"Data".kept': 11, '"Data".plain': 12, "Mark": 13, "Kept": 14, "Out": 15}
    cpu.write_many(values)
    cpu.stop()
    assert cpu.read_many(values) == values
    cpu.run()
    assert cpu.read_many(values) == {'"Data".kept': 11, '"Data".plain': 2, "Mark": 0, "Kept": 14, "Out": 0}
    cpu.power_off()
    cpu.power_on()
    assert cpu.read('"Data".kept') == 11
    cpu.memory_reset()
    assert cpu.state is State.STOP
    assert cpu.read_many(values) == {'"Data".kept': 1, '"Data".plain': 2, "Mark": 0, "Kept": 0, "Out": 0}


def test_power_on_goes_on_as_it_was() -> None:
    cpu, _ = cpu_of(MAIN)
    cpu.run()
    cpu.power_off()
    cpu.power_on()
    assert cpu.state is State.RUN
    cpu.stop()
    cpu.power_off()
    cpu.power_on()
    assert cpu.state is State.STOP


@pytest.mark.parametrize("wanted", [True, False])
def test_power_on_goes_where_the_settings_say(wanted: bool) -> None:
    cpu, _ = cpu_of(MAIN, settings=Settings(run_at_power_on=wanted))
    assert (cpu.state is State.RUN) is wanted


def test_virtual_time_begins_at_power_on_and_the_clock_goes_on() -> None:
    cpu, _ = cpu_of(MAIN)
    cpu.run()
    cpu.run_for(3 * SECOND)
    wall = cpu.clock.wall
    cpu.power_off()
    cpu.power_on()
    assert (cpu.clock.now, cpu.clock.wall) == (0, wall)


def test_stop_switches_the_outputs_off() -> None:
    cpu, _ = cpu_of(MAIN, items=TAGS, bodies={"Main": lambda run: run.memory.write("Out", 9)})
    cpu.run()
    cpu.run_cycles(2)
    assert cpu.read("%QW0:P") == 9
    cpu.stop()
    assert (cpu.read("%QW0:P"), cpu.read("Out")) == (0, 9)


def test_the_program_can_stop_the_cpu() -> None:
    cpu, _ = cpu_of(MAIN, bodies={"Main": lambda run: run.services.request("STP") and None})
    cpu.run()
    assert cpu.run_cycles(5) == 0
    assert cpu.state is State.STOP
    assert events(cpu)[-1] == "16#02:4307"


def test_a_startup_ob_can_stop_the_cpu() -> None:
    def stop(run: Run) -> None:
        raise CpuStop

    cpu, _ = cpu_of(MAIN, ob("Start", 100, "Startup"), bodies={"Start": stop})
    cpu.run()
    assert cpu.state is State.STOP


def test_frozen_time_stands_still() -> None:
    cpu, _ = cpu_of(MAIN)
    cpu.run()
    cpu.run_for(20 * MILLISECOND)
    cpu.freeze()
    with pytest.raises(CpuError):
        cpu.run_for(SECOND)
    assert cpu.clock.now == 20 * MILLISECOND
    cpu.run()
    cpu.run_for(10 * MILLISECOND)
    assert cpu.clock.now == 30 * MILLISECOND


def test_the_diagnostic_buffer_tells_what_happened() -> None:
    cpu, _ = cpu_of(MAIN)
    cpu.run()
    cpu.stop()
    cpu.memory_reset()
    cpu.power_off()
    expected = ["16#02:4308", "16#02:4300", "16#02:4301", "16#02:4302", "16#02:4304", "16#02:4306", "16#02:4309"]
    assert events(cpu) == expected
    newest = cpu.diagnostics[0]
    assert newest.serial == len(expected)
    assert newest.moment == cpu.clock.wall
    assert [each.serial for each in cpu.diagnostics[:2]] == [7, 6]


def test_the_diagnostic_buffer_has_an_end() -> None:
    cpu, _ = cpu_of(MAIN)
    for _ in range(4_000):
        cpu.memory_reset()
    assert len(cpu.diagnostics) == 3200
    assert cpu.diagnostics[0].serial == 4_002


def test_an_error_of_the_simulation_stops_the_cpu_as_a_fault() -> None:
    def broken(run: Run) -> None:
        raise ZeroDivisionError("of the simulation")

    cpu, _ = cpu_of(MAIN, bodies={"Main": broken})
    cpu.run()
    assert cpu.run_cycles(2) == 0
    assert cpu.state is State.STOP
    assert [each.code for each in cpu.diagnostics][:2] == ["", "internal"]


def test_an_error_of_who_watches_the_cycle_stops_the_cpu_and_is_raised() -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("of the watcher")

    cpu, _ = cpu_of(MAIN)
    cpu.on_cycle.append(broken)
    cpu.run()
    with pytest.raises(ZeroDivisionError):
        cpu.run_cycles(1)
    assert cpu.state is State.STOP
    assert "ZeroDivisionError: of the watcher" in cpu.diagnostics[0].text


def test_a_thousand_restarts_leave_nothing_behind() -> None:
    blocks = (
        MAIN,
        ob("Start", 100, "Startup"),
        ob("Cyclic", 30, "CyclicInterrupt"),
        ob("Delay", 20, "TimeDelayInterrupt"),
    )

    def delay(run: Run) -> None:
        run.services.request("SRT_DINT", OB_NR=20, DTIME=60_000, SIGN=0)
        run.scripted.log.clear()

    cpu, _ = cpu_of(*blocks, source=RETAINING, items=TAGS, bodies={"Main": delay})

    def restart(times: int) -> int:
        for _ in range(times):
            cpu.run()
            cpu.run_cycles(2)
            cpu.power_off()
            cpu.power_on()
            cpu.stop()
            cpu.diagnostics.clear()
            cpu.surroundings.alarms.events.clear()
        gc.collect()
        return len(gc.get_objects())

    counts = [restart(10), *(restart(250) for _ in range(4))]
    grown = [later - earlier for earlier, later in pairwise(counts)]
    assert min(grown) <= 5, grown  # a leak grows in each round; what else runs in this process does not
