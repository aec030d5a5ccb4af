"""The cycle and virtual time: what runs when, in which order, with which process image and start information."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.model import Tag
from tests.fakes.virtual_plc.cpu_kit import MAIN, Run, cpu_of, ob
from virtual_plc.cpu.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND, Clock
from virtual_plc.cpu.cpu import CpuError, Settings, State, SyncPoint
from virtual_plc.cpu.scheduling import NEVER, Agenda
from virtual_plc.cpu.settings import Cyclic, TimeOfDay
from virtual_plc.cpu.system_memory import SystemMemory, clock_byte
from virtual_plc.cpu.time_of_day import Period, following

TAGS = (Tag("In", "Int", "%IW0"), Tag("Out", "Int", "%QW0"), Tag("Mark", "Int", "%MW10"))


def ran(cpu, scripted) -> list[tuple[str, float]]:
    return [(name, now / MILLISECOND) for name, now, _ in scripted.log]


# The cycle -----------------------------------------------------------------------------------------------------------


def test_a_scan_writes_outputs_then_reads_inputs_then_runs_the_cycle_obs_in_ascending_order() -> None:
    def main(run: Run) -> None:
        run.memory.write("Out", run.memory.read("In") + 1)

    def third(run: Run) -> None:
        run.memory.write("Mark", run.memory.read("Out"))

    cpu, scripted = cpu_of(
        ob("Third", 124, "ProgramCycle"),
        ob("Second", 123, "ProgramCycle"),
        MAIN,
        items=TAGS,
        bodies={"Main": main, "Third": third},
    )
    cpu.run()
    cpu.write("In", 41)
    cpu.run_cycles(1)
    assert scripted.names() == ["Main", "Second", "Third"]
    assert (cpu.read("Mark"), cpu.read("%QW0:P")) == (42, 0)
    cpu.run_cycles(1)
    assert cpu.read("%QW0:P") == 42


def test_inputs_keep_their_value_over_scans_even_if_the_program_writes_the_image() -> None:
    cpu, _ = cpu_of(MAIN, items=TAGS, bodies={"Main": lambda run: run.memory.inputs.__setitem__(0, 99)})
    cpu.run()
    cpu.write("In", 3)
    cpu.run_cycles(2)
    assert cpu.read("%IW0:P") == 3


def test_the_first_scan_is_the_initial_call() -> None:
    main = ob("Main", 1, "ProgramCycle", "Initial_Call", "Remanence")
    cpu, scripted = cpu_of(main)
    cpu.run()
    cpu.run_cycles(2)
    cpu.stop()
    cpu.run()
    cpu.run_cycles(1)
    assert [inputs["Initial_Call"] for _, _, inputs in scripted.log] == [True, False, True]


def test_time_is_that_of_the_cycle_and_stands_still_during_a_scan() -> None:
    seen: list[tuple[int, int, int]] = []
    body = lambda run: seen.append((run.services.now, run.services.wall_clock, run.services.local_clock))  # noqa: E731
    cpu, _ = cpu_of(
        MAIN, bodies={"Main": body}, cycle_ms=2.5, settings=Settings(moment=0, zone=ZoneInfo("Europe/Berlin"))
    )
    cpu.run()
    cpu.run_cycles(3)
    assert [now for now, _, _ in seen] == [0, 2_500_000, 5_000_000]
    assert all(wall == now and local == now + HOUR for now, wall, local in seen)


def test_run_for_does_what_is_due_at_its_last_moment() -> None:
    cpu, scripted = cpu_of(MAIN)
    cpu.run()
    cpu.run_for(25 * MILLISECOND)
    assert (scripted.times("Main"), cpu.clock.now) == ([0, 10, 20], 25 * MILLISECOND)
    cpu.run_for(5 * MILLISECOND)
    assert scripted.times("Main") == [0, 10, 20, 30]
    assert cpu.run_cycles(2) == 2
    assert cpu.clock.now == 50 * MILLISECOND


def test_run_until_ends_with_its_condition_or_at_its_limit() -> None:
    cpu, _ = cpu_of(MAIN)
    cpu.run()
    assert cpu.run_until(lambda each: each.cycles == 4, SECOND)
    assert cpu.clock.now == 30 * MILLISECOND
    assert not cpu.run_until(lambda each: False, 100 * MILLISECOND)
    assert cpu.clock.now == 130 * MILLISECOND


def test_a_scan_that_waits_longer_than_the_cycle_delays_the_next() -> None:
    cpu, scripted = cpu_of(MAIN, bodies={"Main": lambda run: run.services.request("WAIT", WT=12_000) and None})
    cpu.run()
    cpu.run_cycles(3)
    assert scripted.times("Main") == [0, 12, 24]
    assert cpu.scan_times == (12 * MILLISECOND,) * 3


def test_a_program_sees_the_time_that_it_has_waited() -> None:
    seen: list[tuple[int, int]] = []

    def main(run: Run) -> None:
        services = run.services
        for _ in range(2):
            seen.append((services.now // MILLISECOND, services.wall_clock // MILLISECOND))
            services.request("WAIT", WT=4_000)
        services.request("WR_SYS_T", IN=50 * SECOND)
        seen.append((services.now // MILLISECOND, services.wall_clock // MILLISECOND))

    cpu, _ = cpu_of(MAIN, bodies={"Main": main})
    cpu.set_clock(20 * SECOND)
    cpu.run()
    cpu.run_cycles(2)
    first = [(0, 20_000), (4, 20_004), (8, 50_000)]
    assert seen == [*first, (10, 50_002), (14, 50_006), (18, 50_000)]


def test_loops_take_time_as_counted() -> None:
    cpu, _ = cpu_of(MAIN, bodies={"Main": lambda run: run.spend(120_000)}, settings=Settings(step_time=1_000))
    cpu.run()
    cpu.run_cycles(1)
    assert cpu.scan_times == (120 * MILLISECOND,) * 3


def test_runtime_goes_on_within_a_scan() -> None:
    seen: list[int] = []

    def main(run: Run) -> None:
        seen.append(run.services.runtime())
        run.spend(101)
        seen.append(run.services.runtime())

    cpu, _ = cpu_of(MAIN, bodies={"Main": main})
    cpu.run()
    cpu.run_cycles(3)
    assert seen == sorted(set(seen))
    assert seen[1] - seen[0] >= 100 * cpu.settings.step_time


# Steps ---------------------------------------------------------------------------------------------------------------


def test_a_step_ends_at_the_point_that_is_asked_for() -> None:
    cpu, scripted = cpu_of(MAIN, items=TAGS)
    cpu.run()
    cpu.write("In", 5)
    both = (SyncPoint.CYCLE, SyncPoint.PROCESS_IMAGE)
    assert cpu.step(*both) is SyncPoint.PROCESS_IMAGE
    assert (scripted.log, cpu.state) == ([], State.FREEZE)
    assert cpu.step(*both) is SyncPoint.CYCLE
    assert scripted.times("Main") == [0]
    assert cpu.step() is SyncPoint.CYCLE
    assert scripted.times("Main") == [0, 10]
    assert cpu.step(SyncPoint.PROCESS_IMAGE) is SyncPoint.PROCESS_IMAGE
    cpu.run()
    cpu.run_cycles(1)
    assert scripted.times("Main") == [0, 10, 20]


def test_a_step_for_a_time_ends_behind_it() -> None:
    cpu, _ = cpu_of(MAIN)
    cpu.run()
    cpu.step_for(25 * MILLISECOND)
    assert cpu.clock.now == 30 * MILLISECOND


def test_a_step_into_stop_is_refused() -> None:
    cpu, _ = cpu_of(MAIN, bodies={"Main": lambda run: run.services.request("STP") and None})
    cpu.run()
    with pytest.raises(CpuError):
        cpu.step()
    assert cpu.state is State.STOP


# Interrupts ----------------------------------------------------------------------------------------------------------


def test_cyclic_interrupts_come_with_period_and_phase() -> None:
    cpu, scripted = cpu_of(
        MAIN,
        ob("Fast", 31, "CyclicInterrupt", "Initial_Call", "Event_Count"),
        ob("Other", 30, "CyclicInterrupt"),
        settings=Settings(cyclic={31: Cyclic(4 * MILLISECOND, MILLISECOND)}),
    )
    cpu.run()
    cpu.run_for(200 * MILLISECOND)
    assert scripted.times("Fast")[:4] == [5, 9, 13, 17]
    assert scripted.times("Other") == [100, 200]
    information = [inputs for name, _, inputs in scripted.log if name == "Fast"]
    assert information[:2] == [{"Initial_Call": True, "Event_Count": 0}, {"Initial_Call": False, "Event_Count": 0}]


def test_at_the_same_time_the_higher_priority_is_first() -> None:
    same = Cyclic(10 * MILLISECOND)
    blocks = (ob("Low", 30, "CyclicInterrupt"), ob("High", 38, "CyclicInterrupt"), MAIN)
    cpu, scripted = cpu_of(*blocks, settings=Settings(cyclic={30: same, 38: same}))
    cpu.run()
    cpu.run_for(10 * MILLISECOND)
    assert scripted.names() == ["Main", "High", "Low", "Main"]


def test_the_program_changes_a_cyclic_interrupt() -> None:
    def main(run: Run) -> None:
        ask = run.services.request
        if run.services.now == 0:
            assert ask("SET_CINT", OB_NR=31, CYCLE=5_000, PHASE=0) == 0x8090 - 0x10000
            assert ask("SET_CINT", OB_NR=30, CYCLE=1, PHASE=0) == 0x8091 - 0x10000
            assert ask("SET_CINT", OB_NR=30, CYCLE=5_000, PHASE=5_000) == 0x8092 - 0x10000
            assert ask("SET_CINT", OB_NR=30, CYCLE=5_000, PHASE=2_000) == 0
            answer = run.services.query("QRY_CINT", OB_NR=30)
            assert answer == {"Ret_Val": 0, "CYCLE": 5_000, "PHASE": 2_000, "STATUS": 0x14}
        if run.services.now == 20 * MILLISECOND:
            assert ask("SET_CINT", OB_NR=30, CYCLE=0, PHASE=0) == 0
            assert run.services.query("QRY_CINT", OB_NR=30)["STATUS"] == 0x10

    cpu, scripted = cpu_of(MAIN, ob("Cyclic", 30, "CyclicInterrupt"), bodies={"Main": main})
    cpu.run()
    cpu.run_for(100 * MILLISECOND)
    assert scripted.times("Cyclic") == [7, 12, 17]


def test_a_delay_interrupt_comes_once_after_its_time() -> None:
    def main(run: Run) -> None:
        if run.services.now == 0:
            assert run.services.request("SRT_DINT", OB_NR=20, DTIME=33, SIGN=7) == 0
            assert run.services.query("QRY_DINT", OB_NR=20) == {"Ret_Val": 0, "STATUS": 0x14}
            assert run.services.request("SRT_DINT", OB_NR=21, DTIME=5, SIGN=0) == 0
            assert run.services.request("CAN_DINT", OB_NR=21) == 0
            assert run.services.request("CAN_DINT", OB_NR=21) == 0x80A0 - 0x10000
            assert run.services.request("SRT_DINT", OB_NR=22, DTIME=5, SIGN=0) == 0x8090 - 0x10000
            assert run.services.request("SRT_DINT", OB_NR=20 + 1, DTIME=60_001, SIGN=0) == 0x8091 - 0x10000
            assert run.services.query("QRY_DINT", OB_NR=1)["Ret_Val"] == 0x8090 - 0x10000

    blocks = (MAIN, ob("Late", 20, "TimeDelayInterrupt", "Sign"), ob("Other", 21, "TimeDelayInterrupt"))
    cpu, scripted = cpu_of(*blocks, bodies={"Main": main})
    cpu.run()
    cpu.run_for(SECOND)
    assert scripted.times("Late") == [33]
    assert scripted.times("Other") == []
    assert next(inputs for name, _, inputs in scripted.log if name == "Late") == {"Sign": 7}


def test_hardware_interrupts_come_between_scans() -> None:
    cpu, scripted = cpu_of(MAIN, ob("Hard", 40, "HardwareInterrupt", "USI"), settings=Settings(hardware={77: 40}))
    with pytest.raises(CpuError):
        cpu.hardware_interrupt(77)
    cpu.run()
    cpu.run_for(5 * MILLISECOND)
    assert cpu.hardware_interrupt(77, USI=3)
    assert cpu.hardware_interrupt(block=40, USI=4)
    assert not cpu.hardware_interrupt(78)
    assert not cpu.hardware_interrupt(block=41)
    cpu.run_for(0)
    assert scripted.log[1:] == [("Hard", 5 * MILLISECOND, {"USI": 3}), ("Hard", 5 * MILLISECOND, {"USI": 4})]


def test_the_program_attaches_and_detaches_events() -> None:
    blocks = (MAIN, ob("Hard", 40, "HardwareInterrupt"))
    cpu, scripted = cpu_of(*blocks)
    cpu.run()
    ask = scripted.services.request
    assert ask("ATTACH", OB_NR=41, EVENT=1, ADD=False) == 0x8090 - 0x10000
    assert ask("ATTACH", OB_NR=40, EVENT=1, ADD=False) == 0
    assert ask("ATTACH", OB_NR=40, EVENT=2, ADD=True) == 0
    assert cpu.hardware_interrupt(1)
    assert cpu.hardware_interrupt(2)
    assert ask("ATTACH", OB_NR=40, EVENT=3, ADD=False) == 0
    assert not cpu.hardware_interrupt(1)
    assert ask("DETACH", OB_NR=40, EVENT=0) == 0
    assert ask("DETACH", OB_NR=40, EVENT=3) == 0x8093 - 0x10000
    assert ask("DIS_AIRT") == 1
    assert ask("EN_AIRT") == 0
    assert ask("EN_AIRT") == 0x8080 - 0x10000


def test_an_interrupt_by_time_of_day_follows_the_local_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin = round(datetime(2025, 3, 29, 12, tzinfo=UTC).timestamp()) * SECOND
    six = round(datetime(2025, 1, 1, 6, tzinfo=UTC).timestamp()) * SECOND
    settings = Settings(moment=begin, zone=zone, time_of_day={10: TimeOfDay(six, Period.DAY)})
    cpu, scripted = cpu_of(MAIN, ob("Daily", 10, "TimeOfDay"), settings=settings, cycle_ms=60_000)
    cpu.run()
    cpu.run_for(2 * DAY)
    local = [datetime.fromtimestamp((begin + round(at * MILLISECOND)) / SECOND, zone) for at in scripted.times("Daily")]
    assert [(each.day, each.hour, each.minute) for each in local] == [(30, 6, 0), (31, 6, 0)]


def test_the_program_sets_an_interrupt_by_time_of_day() -> None:
    cpu, scripted = cpu_of(MAIN, ob("Once", 10, "TimeOfDay"), settings=Settings(moment=1_000 * SECOND))
    cpu.run()
    ask = scripted.services.request
    assert ask("ACT_TINT", OB_NR=10) == 0x80A0 - 0x10000
    assert ask("SET_TINT", OB_NR=11, SDT=0, PERIOD=0) == 0x8090 - 0x10000
    assert ask("SET_TINT", OB_NR=10, SDT=0, PERIOD=5) == 0x8092 - 0x10000
    assert ask("SET_TINT", OB_NR=10, SDT=0, PERIOD=0) == 0x80A1 - 0x10000
    assert ask("SET_TINT", OB_NR=10, SDT=1_002 * SECOND, PERIOD=0) == 0
    cpu.run_for(3 * SECOND)
    assert scripted.times("Once") == []
    assert ask("SET_TINTL", OB_NR=10, SDT=1_004 * SECOND, PERIOD=0, LOCAL=True, ACTIVATE=True) == 0
    assert scripted.services.query("QRY_TINT", OB_NR=10) == {"Ret_Val": 0, "STATUS": 0x14}
    cpu.run_for(3 * SECOND)
    assert scripted.times("Once") == [4_000]
    assert scripted.services.query("QRY_TINT", OB_NR=10) == {"Ret_Val": 0, "STATUS": 0x10}
    assert ask("SET_TINTL", OB_NR=10, SDT=0, PERIOD=0x0201, LOCAL=False, ACTIVATE=True) == 0
    cpu.run_for(MINUTE)
    assert len(scripted.times("Once")) == 2
    assert ask("CAN_TINT", OB_NR=10) == 0
    assert ask("CAN_TINT", OB_NR=10) == 0x80A0 - 0x10000
    cpu.run_for(MINUTE)
    assert len(scripted.times("Once")) == 2


def test_setting_the_clock_moves_interrupts_by_time_of_day() -> None:
    settings = Settings(moment=0, time_of_day={10: TimeOfDay(HOUR, Period.ONCE, local=False)})
    cpu, scripted = cpu_of(MAIN, ob("Once", 10, "TimeOfDay"), settings=settings)
    cpu.run()
    cpu.run_for(SECOND)
    assert scripted.services.request("WR_SYS_T", IN=HOUR - SECOND) == 0
    assert scripted.services.wall_clock == HOUR - SECOND
    cpu.run_for(SECOND)
    assert scripted.times("Once") == [2_000]


def test_the_clock_can_be_set_from_outside() -> None:
    settings = Settings(moment=0, time_of_day={10: TimeOfDay(HOUR, Period.ONCE, local=False)})
    cpu, scripted = cpu_of(MAIN, ob("Once", 10, "TimeOfDay"), settings=settings)
    cpu.set_clock(5 * SECOND)
    cpu.run()
    cpu.set_clock(HOUR - SECOND)
    assert (cpu.clock.wall, cpu.clock.now) == (HOUR - SECOND, 0)
    cpu.run_for(SECOND)
    assert scripted.times("Once") == [1_000]


def test_interrupts_between_two_scans_do_not_add_up_to_a_time_error() -> None:
    def cyclic(run: Run) -> None:
        run.services.request("WAIT", WT=100_000)

    cpu, scripted = cpu_of(MAIN, ob("Cyclic", 30, "CyclicInterrupt"), bodies={"Cyclic": cyclic}, cycle_ms=1_000)
    cpu.run()
    cpu.run_for(SECOND)
    assert len(scripted.times("Cyclic")) == 10
    assert scripted.times("Main") == [0, 1_000]


def test_a_startup_forgets_what_the_program_set() -> None:
    cpu, scripted = cpu_of(MAIN, ob("Late", 20, "TimeDelayInterrupt"), ob("Once", 10, "TimeOfDay"))
    cpu.run()
    scripted.services.request("SRT_DINT", OB_NR=20, DTIME=5, SIGN=0)
    scripted.services.request("SET_TINT", OB_NR=10, SDT=0, PERIOD=0x0201)
    scripted.services.request("ACT_TINT", OB_NR=10)
    cpu.stop()
    cpu.run()
    cpu.run_for(2 * MINUTE)
    assert set(scripted.names()) == {"Main"}


def test_an_event_of_a_module_runs_its_ob() -> None:
    cpu, scripted = cpu_of(MAIN, ob("Diagnostics", 82, "DiagnosticErrorInterrupt", "LADDR", "IO_State"))
    cpu.run()
    assert cpu.module_event(82, "Wire break.", 0x08_0006, LADDR=258, IO_State=1)
    cpu.run_for(0)
    assert scripted.log[-2] == ("Diagnostics", 0, {"LADDR": 258, "IO_State": 1})
    assert cpu.diagnostics[0].text == "Wire break."
    assert not cpu.module_event(86, "Station failed.")
    assert cpu.state is State.RUN


def test_an_s7_300_stops_without_the_ob_for_a_module() -> None:
    cpu, _ = cpu_of(MAIN, family="S7-300")
    assert not cpu.module_event(86, "Station failed.")
    cpu.run()
    assert not cpu.module_event(86, "Station failed.")
    assert cpu.state is State.STOP


# Parts ---------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 4), st.booleans()), max_size=40))
def test_an_agenda_gives_what_was_put_and_not_cancelled_in_order(entries: list[tuple[int, int, int, bool]]) -> None:
    agenda, expected = Agenda(), {}
    for serial, (key, due, priority, cancel) in enumerate(entries):
        if cancel:
            assert agenda.cancel(key) == (expected.pop(key, None) is not None)
        else:
            agenda.put(key, due, priority, lambda: None)
            expected[key] = (due, -priority, serial)
        assert agenda.next_due == min((each[0] for each in expected.values()), default=NEVER)
        assert all(each in agenda for each in expected)
    popped = [agenda.pop().key for _ in range(len(expected))]
    assert popped == sorted(expected, key=lambda each: expected[each])
    with pytest.raises(IndexError):
        agenda.pop()


@given(st.integers(0, 4_000_000_000), st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"]))
def test_local_time_is_that_of_the_zone(seconds: int, name: str) -> None:
    zone = ZoneInfo(name)
    clock = Clock(seconds * SECOND, zone)
    shown = clock.local(clock.wall)
    local = datetime.fromtimestamp(seconds, zone)
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=shown // SECOND)
    assert local.replace(tzinfo=None) == expected.replace(tzinfo=None)
    assert clock.wall in (clock.from_local(shown), clock.from_local(shown, later=True))


@given(st.integers(0, 10_000_000), st.integers(0, 7))
def test_the_clock_byte_has_square_waves(milliseconds: int, bit: int) -> None:
    frequency = (10, 5, 2.5, 2, 1.25, 1, 0.625, 0.5)[bit]
    phase = milliseconds / 1000 * frequency % 1
    assert bool(clock_byte(milliseconds * MILLISECOND) >> bit & 1) is (phase < 0.5)


def test_system_memory_goes_by_its_tags() -> None:
    tags = (Tag("Clock_Byte", "Byte", "%MB5"), Tag("FirstScan", "Bool", "%M6.0"))
    startups = [ob("Start", 100, "Startup"), ob("Second", 123, "Startup")]
    cpu, scripted = cpu_of(MAIN, *startups, ob("Diagnostics", 82, "DiagnosticErrorInterrupt"), items=tags)
    seen: list[tuple[int, int]] = []
    for name in ("Start", "Second", "Main"):
        scripted.bodies[name] = lambda run: seen.append((run.memory.markers[5], run.memory.markers[6]))
    cpu.run()
    assert [system for _, system in seen] == [5, 5]
    seen.clear()
    cpu.run_cycles(2)
    cpu.module_event(82, "Wire break.")
    cpu.run_cycles(2)
    cpu.run_for(70 * MILLISECOND)
    assert [system for _, system in seen][:4] == [7, 4, 6, 4]
    assert [clock for clock, _ in seen][:6] == [255, 255, 255, 255, 255, 254]


def test_system_memory_goes_by_the_settings_first() -> None:
    tags = (Tag("Clock_Byte", "Byte", "%MB5"),)
    cpu, _ = cpu_of(MAIN, items=tags, settings=Settings(system_memory=SystemMemory(system_byte=1)))
    cpu.run()
    cpu.run_cycles(1)
    assert (cpu.memory.markers[1], cpu.memory.markers[5]) == (7, 0)


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda each: each.replace(microsecond=0))  # noqa: DTZ001


def _nanoseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1)) // timedelta(seconds=1) * SECOND  # noqa: DTZ001


def _series(start: datetime, period: Period, after: datetime) -> datetime:
    """The first of a series behind a moment, found day by day."""
    step = {Period.MINUTE: timedelta(minutes=1), Period.HOUR: timedelta(hours=1)}.get(period, timedelta(days=1))
    at = start
    if after > start:
        at = start + (after - start) // step * step - step
    while True:
        last = (at + timedelta(days=1)).day == 1
        fits = {
            Period.WEEK: (at - start).days % 7 == 0,
            Period.MONTH: at.day == start.day,
            Period.YEAR: (at.month, at.day) == (start.month, start.day),
            Period.END_OF_MONTH: last,
        }.get(period, True)
        if fits and at > after and at >= start:
            return at
        at += step


@given(MOMENTS, MOMENTS, st.sampled_from([each for each in Period if each is not Period.ONCE]))
def test_a_series_goes_on_with_its_next_moment(start: datetime, after: datetime, period: Period) -> None:
    expected = _series(start, period, after)
    assert following(_nanoseconds(start), period, _nanoseconds(after)) == _nanoseconds(expected)


@given(MOMENTS, MOMENTS)
def test_a_single_moment_comes_once(start: datetime, after: datetime) -> None:
    expected = _nanoseconds(start) if start > after else None
    assert following(_nanoseconds(start), Period.ONCE, _nanoseconds(after)) == expected
