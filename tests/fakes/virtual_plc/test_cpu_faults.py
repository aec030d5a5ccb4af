"""Faults of a running program: which OB takes them, what happens without it, and that no program keeps the CPU busy."""

import threading

import pytest

from simatic_xml.model import Tag
from simatic_xml.program.diagnostics import Place
from tests.fakes.virtual_plc.cpu_kit import MAIN, Run, cpu_of, events, ob
from virtual_plc.cpu.clock import MILLISECOND, SECOND
from virtual_plc.cpu.cpu import Settings, State
from virtual_plc.faults import AccessFault, BcdFault, Fault, IndexReadFault, IndexWriteFault, StackFault

TAGS = (Tag("Mark", "Int", "%MW10"),)
ERROR_OB = ob("Error", 121, "ProgrammingError", "Block_Nr", "Fault_ID", "Csg_OBnr", "BlockType")
ACCESS_OB = ob("Access", 122, "IOAccessError")
TIME_OB = ob("Time", 80, "TimeErrorInterrupt", "Fault_ID", "Csg_OBnr")


def read_outside(run: Run) -> None:
    run.services.fault(IndexReadFault("Element 7 does not exist.", Place("Main", 2)))
    run.memory.write("Mark", 1)


@pytest.mark.parametrize(
    ("fault", "with_ob", "family", "state"),
    [
        (IndexReadFault, False, "S7-1500", State.STOP),
        (IndexReadFault, True, "S7-1500", State.RUN),
        (IndexWriteFault, False, "S7-300", State.STOP),
        (IndexWriteFault, False, "S7-1200", State.RUN),
        (BcdFault, False, "S7-400", State.STOP),
        (AccessFault, False, "S7-1500", State.RUN),
        (AccessFault, True, "S7-1500", State.RUN),
        (AccessFault, False, "S7-300", State.STOP),
    ],
)
@pytest.mark.parametrize("raised", [False, True])
def test_a_fault_finds_its_ob(fault: type[Fault], with_ob: bool, family: str, state: State, raised: bool) -> None:
    def main(run: Run) -> None:
        if raised:
            raise fault("It failed.")
        run.services.fault(fault("It failed."))

    handlers = (ERROR_OB, ACCESS_OB) if with_ob else ()
    cpu, scripted = cpu_of(MAIN, *handlers, family=family, bodies={"Main": main})
    cpu.run()
    cpu.run_cycles(2)
    assert cpu.state is state
    handler = "Access" if fault is AccessFault else "Error"
    assert scripted.names() == (["Main", handler] * 2 if with_ob else ["Main"] * (2 if state is State.RUN else 1))
    assert f"16#02:{fault.event & 0xFFFF:04X}" in events(cpu)


def test_the_program_goes_on_behind_a_fault_that_an_ob_took() -> None:
    cpu, scripted = cpu_of(MAIN, ERROR_OB, items=TAGS, bodies={"Main": read_outside})
    cpu.run()
    cpu.run_cycles(1)
    assert cpu.read("Mark") == 1
    information = {"Block_Nr": 1, "Fault_ID": 0x22, "Csg_OBnr": 1, "BlockType": 0x88}
    assert scripted.log[1] == ("Error", 0, information)


def test_the_diagnostic_buffer_names_the_place_of_a_fault() -> None:
    cpu, _ = cpu_of(MAIN, items=TAGS, bodies={"Main": read_outside})
    cpu.run()
    cpu.run_cycles(1)
    stop, fault = cpu.diagnostics[0], cpu.diagnostics[1]
    assert (stop.event_text, fault.code, fault.place) == ("16#02:4562", "index.read", Place("Main", 2))
    assert cpu.read("Mark") == 0


def test_a_fault_in_the_ob_for_faults_stops_the_cpu() -> None:
    cpu, scripted = cpu_of(MAIN, ERROR_OB, items=TAGS, bodies={"Main": read_outside, "Error": read_outside})
    cpu.run()
    cpu.run_cycles(1)
    assert (scripted.names(), cpu.state) == (["Main", "Error"], State.STOP)


def test_a_block_that_handles_its_faults_itself_keeps_the_first() -> None:
    def main(run: Run) -> None:
        run.services.local, run.services.error = True, None
        first = IndexReadFault("First.")
        run.services.fault(first)
        run.services.fault(IndexWriteFault("Second."))
        assert run.services.error is first
        run.memory.write("Mark", 1)

    cpu, _ = cpu_of(MAIN, items=TAGS, bodies={"Main": main})
    cpu.run()
    assert cpu.run_cycles(2) == 2
    assert cpu.read("Mark") == 1
    assert events(cpu)[-1] == "16#02:4302"


def test_a_fault_in_an_interrupt_stops_the_cpu_too() -> None:
    cpu, _ = cpu_of(MAIN, ob("Cyclic", 30, "CyclicInterrupt"), items=TAGS, bodies={"Cyclic": read_outside})
    cpu.run()
    cpu.run_for(SECOND)
    assert (cpu.state, cpu.clock.now) == (State.STOP, 100 * MILLISECOND)


def test_calls_nested_too_deep_stop_the_cpu() -> None:
    cpu, _ = cpu_of(MAIN, TIME_OB, ERROR_OB, bodies={"Main": lambda run: run.services.raise_stack_fault()})
    cpu.run()
    cpu.run_cycles(1)
    assert cpu.state is State.STOP
    assert cpu.diagnostics[1].code == StackFault.code
    assert "24 levels" in cpu.diagnostics[1].text


@pytest.mark.parametrize(("family", "levels"), [("S7-1200", 16), ("S7-1500", 24)])
def test_how_deep_calls_may_nest_goes_by_the_family(family: str, levels: int) -> None:
    _, scripted = cpu_of(MAIN, family=family)
    assert scripted.services.most_depth == levels


# Time ----------------------------------------------------------------------------------------------------------------


def forever(run: Run) -> None:
    while True:
        run.spend(1_000)


@pytest.mark.parametrize("with_ob", [False, True])
def test_an_endless_loop_stops_the_cpu(with_ob: bool) -> None:
    cpu, scripted = cpu_of(MAIN, *([TIME_OB] if with_ob else []), bodies={"Main": forever})
    cpu.run()
    cpu.run_cycles(1)
    assert cpu.state is State.STOP
    assert scripted.names() == (["Main", "Time"] if with_ob else ["Main"])
    assert events(cpu)[-2 - with_ob :] == ["16#02:3501"] * (1 + with_ob) + ["16#02:4569"]


_LATE = [
    # family, firmware, milliseconds that the scan waits, whether there is OB80, the state after the scan
    ("S7-1500", "V3.1", 150, False, State.RUN),
    ("S7-1500", "V3.1", 151, False, State.STOP),
    ("S7-1500", "V3.1", 151, True, State.RUN),
    ("S7-1500", "V3.1", 300, True, State.RUN),
    ("S7-1500", "V3.1", 301, True, State.STOP),
    ("S7-1200", "V4.5", 151, False, State.STOP),
    ("S7-1200", "V4.5", 301, True, State.STOP),
    ("S7-1200", "V3.0", 151, False, State.RUN),
    ("S7-1200", "V2.2", 301, False, State.STOP),
    ("S7-1200", "", 151, False, State.STOP),
    ("S7-300", "V3.3", 151, False, State.STOP),
    ("S7-400", "V6.0", 151, True, State.RUN),
]


@pytest.mark.parametrize("loops", [False, True])
def test_a_scan_that_exceeds_the_maximum_cycle_time_finds_the_reaction_of_its_cpu(loops: bool) -> None:
    """The CPU checks at the end of a scan, too; how long it takes by the real clock does not count."""
    found = []
    for family, firmware, waits, with_ob, _ in _LATE:

        def main(run: Run, waits: int = waits) -> None:
            if loops:
                run.spend(waits * 10)
            else:
                run.services.request("WAIT", WT=waits * 1_000)

        settings = Settings(step_time=100_000) if loops else Settings()
        handlers = (TIME_OB,) if with_ob else ()
        cpu, scripted = cpu_of(
            MAIN, *handlers, family=family, firmware=firmware, bodies={"Main": main}, settings=settings
        )
        cpu.run()
        cpu.run_cycles(1)
        assert ("Time" in scripted.names()) is (with_ob and waits > 150)
        found.append((family, firmware, waits, with_ob, cpu.state))
    assert found == _LATE


def test_one_time_error_in_a_scan_runs_ob80_and_the_scan_goes_on() -> None:
    def main(run: Run) -> None:
        run.services.request("WAIT", WT=151_000)
        run.memory.write("Mark", run.memory.read("Mark") + 1)

    cpu, scripted = cpu_of(MAIN, TIME_OB, items=TAGS, bodies={"Main": main})
    cpu.run()
    cpu.run_cycles(2)
    assert scripted.log[1] == ("Time", 0, {"Fault_ID": 1, "Csg_OBnr": 1})
    assert (scripted.names(), cpu.read("Mark")) == (["Main", "Time"] * 2, 2)
    assert scripted.times("Main") == [0, 151]


def test_a_second_time_error_in_a_scan_stops_the_cpu() -> None:
    def main(run: Run) -> None:
        for _ in range(2):
            run.services.request("WAIT", WT=151_000)

    cpu, scripted = cpu_of(MAIN, TIME_OB, bodies={"Main": main})
    cpu.run()
    cpu.run_cycles(1)
    assert (scripted.names(), cpu.state) == (["Main", "Time"], State.STOP)


def test_the_maximum_cycle_time_can_be_set_and_begun_again() -> None:
    def main(run: Run) -> None:
        for _ in range(10):
            run.services.request("WAIT", WT=40_000)
            run.services.request("RE_TRIGR")

    cpu, _ = cpu_of(MAIN, bodies={"Main": main}, settings=Settings(max_cycle=50 * MILLISECOND))
    cpu.run()
    assert cpu.run_cycles(2) == 2
    assert cpu.clock.now == 400 * MILLISECOND


def test_startup_is_not_watched_but_ends() -> None:
    def slow(run: Run) -> None:
        run.services.request("WAIT", WT=1_000_000)

    cpu, _ = cpu_of(MAIN, ob("Start", 100, "Startup"), bodies={"Start": slow})
    cpu.run()
    assert cpu.state is State.RUN

    cpu, _ = cpu_of(MAIN, ob("Start", 100, "Startup"), bodies={"Start": forever}, settings=Settings(patience=0.2))
    cpu.run()
    assert cpu.state is State.STOP


def test_a_loop_that_restarts_its_monitoring_ends_by_the_real_clock() -> None:
    def main(run: Run) -> None:
        while True:
            run.spend(1_000)
            run.services.request("RE_TRIGR")

    cpu, _ = cpu_of(MAIN, bodies={"Main": main}, settings=Settings(patience=0.2))
    cpu.run()
    cpu.run_cycles(1)
    assert cpu.state is State.STOP
    assert "real time" in cpu.diagnostics[1].text


def test_a_request_for_stop_ends_a_scan_that_does_not_end() -> None:
    entered = threading.Event()

    def main(run: Run) -> None:
        entered.set()
        forever(run)

    settings = Settings(max_cycle=10**18, patience=3600)
    cpu, _ = cpu_of(MAIN, bodies={"Main": main}, settings=settings)
    cpu.run()
    worker = threading.Thread(target=cpu.run_cycles, args=(1,))
    worker.start()
    assert entered.wait(60)
    cpu.stop()
    worker.join(60)
    assert not worker.is_alive()
    assert (cpu.state, events(cpu)[-1]) == (State.STOP, "16#02:4304")


def test_after_a_fault_the_cpu_runs_again() -> None:
    cpu, scripted = cpu_of(MAIN, bodies={"Main": lambda run: run.services.raise_stack_fault()})
    cpu.run()
    cpu.run_cycles(1)
    scripted.bodies.clear()
    cpu.run()
    assert cpu.run_cycles(3) == 3
