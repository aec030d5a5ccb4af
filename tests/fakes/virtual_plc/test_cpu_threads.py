"""Many threads and one CPU, and time that moves by itself."""

import threading
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from simatic_xml.model import Tag
from tests.fakes.virtual_plc.cpu_kit import MAIN, Run, cpu_of
from virtual_plc.cpu.clock import MILLISECOND, MINUTE, SECOND
from virtual_plc.cpu.cpu import CpuError, Pace, State
from virtual_plc.cpu.gate import Gate

TAGS = (Tag("A", "DInt", "%MD0"), Tag("B", "DInt", "%MD4"), Tag("Sum", "DInt", "%MD8"))


def together(*actions: Callable[[], None]) -> None:
    """Run actions on threads and raise what they raise."""
    errors: list[BaseException] = []

    def guarded(action: Callable[[], None]) -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(each,)) for each in actions]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not any(each.is_alive() for each in threads)
    if errors:
        raise errors[0]


def test_a_gate_lets_one_in_at_a_time_and_its_owner_again() -> None:
    gate, inside, most = Gate(), [0], [0]

    def enter() -> None:
        for _ in range(500):
            with gate, gate:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    together(enter, enter, enter)
    assert (most, inside) == ([1], [0])


def test_a_scan_never_sees_half_of_what_is_written_together() -> None:
    seen: set[bool] = set()

    def main(run: Run) -> None:
        seen.add(run.memory.read("A") == run.memory.read("B"))

    cpu, _ = cpu_of(MAIN, items=TAGS, bodies={"Main": main}, pace=Pace.FREE)
    cpu.run()

    def writer(first: int) -> Callable[[], None]:
        def write() -> None:
            for value in range(first, first + 300):
                cpu.write_many({"A": value, "B": value})
                pair = cpu.read_many(["A", "B"])
                assert pair["A"] == pair["B"]

        return write

    together(writer(0), writer(10_000))
    assert cpu.cycles > 0
    cpu.close()
    assert seen == {True}


def test_two_callers_can_move_time() -> None:
    cpu, scripted = cpu_of(
        MAIN, items=TAGS, bodies={"Main": lambda run: run.memory.write("Sum", run.memory.read("Sum") + 1)}
    )
    cpu.run()
    together(lambda: cpu.run_for(3 * SECOND), lambda: cpu.run_for(3 * SECOND))
    assert cpu.read("Sum") == cpu.cycles == len(scripted.log)
    assert scripted.times("Main") == sorted(scripted.times("Main"))


def test_a_cpu_can_go_away_during_a_read() -> None:
    cpu, _ = cpu_of(MAIN, items=TAGS, pace=Pace.FREE)
    cpu.run()
    started = threading.Event()

    def read() -> None:
        with pytest.raises(CpuError):
            while True:
                cpu.read("A")
                started.set()

    def close() -> None:
        started.wait(60)
        cpu.close()

    together(read, read, close)
    assert cpu.state is State.OFF


def test_free_pace_is_faster_than_time_and_lets_others_in() -> None:
    cpu, _ = cpu_of(MAIN, items=TAGS, pace=Pace.FREE)
    cpu.run()
    for value in range(100):
        cpu.write("A", value)
        assert cpu.read("A") == value
    begin = time.perf_counter()
    cpu.run_for(MINUTE)
    assert cpu.clock.now >= MINUTE
    assert time.perf_counter() - begin < 60
    cpu.close()


@pytest.mark.parametrize("scale", [1.0, 10.0])
def test_real_pace_keeps_to_real_time_and_its_factor(scale: float) -> None:
    cpu, scripted = cpu_of(MAIN, pace=Pace.REAL, scale=scale)
    cpu.run()
    begin = time.perf_counter()
    cpu.run_for(round(0.4 * scale * SECOND))
    took = time.perf_counter() - begin
    cpu.close()
    assert took > 0.3
    assert scripted.times("Main") == sorted(set(scripted.times("Main")))


def test_a_cpu_that_is_late_does_not_make_up_for_it() -> None:
    def main(run: Run) -> None:
        if len(run.scripted.log) == 3:
            time.sleep(0.2)  # time: the scan is late

    cpu, scripted = cpu_of(MAIN, bodies={"Main": main}, pace=Pace.REAL)
    cpu.run()
    cpu.run_cycles(6)
    cpu.close()
    times = scripted.times("Main")
    assert times[3] - times[2] >= 190
    assert all(later - earlier >= 9.99 for earlier, later in pairwise(times))


def test_the_pace_can_be_changed_at_any_time() -> None:
    before = threading.active_count()
    cpu, _ = cpu_of(MAIN)
    cpu.run()
    cpu.run_cycles(2)
    cpu.pace = Pace.FREE
    cpu.run_for(5 * SECOND)
    cpu.pace = Pace.CALLER
    cycles = cpu.cycles
    assert threading.active_count() == before
    cpu.scale = 2.0
    cpu.run_for(20 * MILLISECOND)
    assert cpu.cycles == cycles + 2
    cpu.close()


@pytest.mark.parametrize("scale", [0.0, 0.001, 101.0])
def test_a_factor_has_limits(scale: float) -> None:
    cpu, _ = cpu_of(MAIN)
    with pytest.raises(ValueError, match="factor"):
        cpu.scale = scale
    cpu.close()


def test_cycles_can_be_followed_and_values_read_there() -> None:
    cpu, _ = cpu_of(MAIN, items=TAGS)
    seen: list[tuple[int, int]] = []
    cpu.on_cycle.append(lambda each: seen.append((each.cycles, each.read("A"))))
    cpu.run()
    cpu.write("A", 5)
    cpu.run_cycles(2)
    assert seen == [(1, 5), (2, 5)]


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    for _ in range(20):
        cpu, _ = cpu_of(MAIN, pace=Pace.REAL)
        cpu.run()
        cpu.close()
    assert threading.active_count() == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_the_simulation_on_its_thread_stops_the_cpu_which_runs_again() -> None:
    def broken(run: Run) -> None:
        raise ZeroDivisionError

    cpu, scripted = cpu_of(MAIN, bodies={"Main": broken}, pace=Pace.REAL)
    cpu.run()
    deadline = time.perf_counter() + 60
    while cpu.state is not State.STOP:
        assert time.perf_counter() < deadline
        time.sleep(0.01)
    scripted.bodies.clear()
    cpu.run()
    assert cpu.run_cycles(3) >= 3
    cpu.close()


def test_a_cpu_that_is_started_while_an_error_is_reported_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    reporting, started = threading.Event(), threading.Event()

    def report(_: object) -> None:
        reporting.set()
        started.wait(60)

    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(threading, "excepthook", report)
    cpu, _ = cpu_of(MAIN, pace=Pace.REAL)
    cpu.on_cycle.append(broken)
    cpu.run()
    assert reporting.wait(60)
    cpu.on_cycle.clear()
    cpu.run()
    started.set()
    waiting = threading.Thread(target=cpu.run_cycles, args=(3,))
    waiting.start()
    waiting.join(30)
    has_run = not waiting.is_alive()
    cpu.close()
    assert has_run
