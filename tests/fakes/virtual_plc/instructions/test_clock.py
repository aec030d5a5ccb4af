"""The clock of the CPU: time zones by rules, local time, runtime meters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.clock import HOUR, MINUTE, SECOND, Clock
from virtual_plc.cpu.cpu import Settings, VirtualCpu
from virtual_plc.cpu.time_zone import Changeover, RuleZone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = {
    "Europe/Berlin": RuleZone(60, 60, Changeover(3, 5, 1, 2), Changeover(10, 5, 1, 3)),
    "America/New_York": RuleZone(-300, 60, Changeover(3, 2, 1, 2), Changeover(11, 1, 1, 2)),
    "Australia/Sydney": RuleZone(600, 60, Changeover(10, 1, 1, 2), Changeover(4, 1, 1, 3)),
    "Asia/Kolkata": RuleZone(330, 0, Changeover(1, 1, 1, 0), Changeover(1, 1, 1, 0)),
}
"""Rules of time zones whose rules have not changed since 2010."""
RULE = """
zone.Bias := 60; zone.DaylightBias := 60;
zone.DaylightStartMonth := 3; zone.DaylightStartWeek := 5; zone.DaylightStartWeekday := 1; zone.DaylightStartHour := 2;
zone.StandardStartMonth := 10; zone.StandardStartWeek := 5; zone.StandardStartWeekday := 1; zone.StandardStartHour := 3;
"""
MEMBERS = """
req : Bool; done : Bool; busy : Bool; error : Bool; status : Word; zone : TimeTransformationRule;
system : LDT; local : LDT; summer : Int; wanted : DTL; dst : Bool; write : Bool; written : Int;
"""
STATEMENTS = """
"set"(REQ := "D".req, TimeZone := "D".zone, DONE => "D".done, BUSY => "D".busy, ERROR => "D".error, STATUS => "D".status);
IF "D".write THEN "D".written := WR_LOC_T(LOCTIME := "D".wanted, DST := "D".dst); END_IF;
"D".written := "D".written + 0 * RD_SYS_T("D".system);
"D".summer := RD_LOC_T("D".local);
"""
SET = {"set": "SET_TIMEZONE"}


def nanoseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1) * SECOND


@pytest.mark.parametrize("name", ZONES)
@given(seconds=st.integers(1_300_000_000, 2_100_000_000))
def test_the_local_time_is_that_of_the_time_zone(name: str, seconds: int) -> None:
    moment = EPOCH + timedelta(seconds=seconds)
    shown, expected = moment.astimezone(ZONES[name]), moment.astimezone(ZoneInfo(name))
    assert shown.replace(tzinfo=None) == expected.replace(tzinfo=None)
    assert (shown.dst(), shown.fold) == (expected.dst(), expected.fold)


@pytest.mark.parametrize("name", ZONES)
@given(seconds=st.integers(1_300_000_000, 2_100_000_000))
def test_a_local_time_leads_back_to_its_moment(name: str, seconds: int) -> None:
    clock = Clock(zone=ZONES[name])
    moment = seconds * SECOND
    shown = clock.local(moment)
    again = (EPOCH + timedelta(seconds=seconds)).astimezone(ZoneInfo(name)).fold
    assert clock.from_local(shown, later=bool(again)) == moment


def set_zone(cpu: VirtualCpu) -> None:
    cpu.write('"D".req', True)
    assert cycle(cpu, "done", "busy", "status") == (False, True, 0x7001)
    assert cycle(cpu, "done", "busy", "status") == (False, True, 0x7002)
    assert cycle(cpu, "done", "busy", "status") == (True, False, 0)
    assert cycle(cpu, "done", "busy", "status") == (False, False, 0x7000)


@pytest.mark.parametrize(("month", "hours", "summer"), [(1, 1, 0), (7, 2, 1)])
def test_a_program_sets_its_time_zone(month: int, hours: int, summer: int) -> None:
    settings = Settings(moment=nanoseconds(datetime(2025, month, 15, 12, tzinfo=UTC)))
    with running(MEMBERS, STATEMENTS, instances=SET, starts=RULE, settings=settings) as cpu:
        system, local = cycle(cpu, "system", "local")
        assert local == system
        set_zone(cpu)
        system, local, dst = cycle(cpu, "system", "local", "summer")
        assert (local - system, dst) == (hours * HOUR, summer)


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [("Bias", 1440, 0x8081), ("DaylightStartMonth", 0, 0x8083), ("StandardStartMinute", 60, 0x808C)],
)
def test_a_rule_outside_of_its_limits_has_the_number_of_its_part(path: str, value: int, status: int) -> None:
    with running(MEMBERS, STATEMENTS, instances=SET, starts=RULE) as cpu:
        cpu.write_many({f'"D".zone.{path}': value, '"D".req': True})
        assert cycle(cpu, "done", "error", "status", count=3) == (False, True, status)
        system, local = cycle(cpu, "system", "local")
        assert local == system


def write_local(cpu: VirtualCpu, text: str, *, dst: bool) -> tuple[int, int]:
    shown = datetime.fromisoformat(text)
    parts = {"YEAR": shown.year, "MONTH": shown.month, "DAY": shown.day, "HOUR": shown.hour, "MINUTE": shown.minute}
    cpu.write_many({'"D".wanted': parts, '"D".dst': dst, '"D".write': True})
    found = cycle(cpu, "written", "system")
    cpu.write('"D".write', False)
    return found[0], found[1]


def test_a_program_sets_the_local_time_in_both_hours_of_the_end_of_summer() -> None:
    with running(MEMBERS, STATEMENTS, instances=SET, starts=RULE) as cpu:
        set_zone(cpu)
        assert write_local(cpu, "2025-10-26T02:30", dst=True) == (
            0,
            nanoseconds(datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        )
        assert write_local(cpu, "2025-10-26T02:30", dst=False) == (
            0,
            nanoseconds(datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
        )


@pytest.mark.parametrize(
    ("text", "status"), [("2025-03-30T02:30", 0x8089), ("1969-03-30T02:30", 0x8081), ("2025-03-30T03:30", 0)]
)
def test_a_local_time_that_there_is_not_is_refused(text: str, status: int) -> None:
    with running(MEMBERS, STATEMENTS, instances=SET, starts=RULE) as cpu:
        set_zone(cpu)
        assert write_local(cpu, text, dst=False)[0] == (status - 0x10000 if status else 0)


METER = "mode : Byte; number : RTM; pv : DInt; cq : Bool; cv : DInt; status : Int;"
USE = '"D".status := RTM(NR := "D".number, MODE := "D".mode, PV := "D".pv, CQ => "D".cq, CV => "D".cv);'


def meter(cpu: VirtualCpu, mode: int, pv: int = 0, number: int = 0) -> tuple[bool, int, int]:
    cpu.write_many({'"D".mode': mode, '"D".pv': pv, '"D".number': number})
    cq, cv, status = cycle(cpu, "cq", "cv", "status")
    return cq, cv, status & 0xFFFF


def test_a_runtime_meter_counts_hours_while_it_runs() -> None:
    with running(METER, USE) as cpu:
        cpu.cycle = 10 * MINUTE
        assert meter(cpu, 0) == (False, 0, 0)
        assert meter(cpu, 5, 100) == (True, 100, 0)
        cpu.write('"D".mode', 0)
        assert cycle(cpu, "cq", "cv", count=11) == (True, 101)
        assert cycle(cpu, "cv", count=1) == 102
        assert meter(cpu, 2) == (False, 102, 0)
        cpu.write('"D".mode', 0)
        assert cycle(cpu, "cq", "cv", count=12) == (False, 102)
        assert meter(cpu, 1) == (True, 102, 0)
        cpu.stop()
        cpu.run()
        assert meter(cpu, 0) == (False, 102, 0)
        assert meter(cpu, 6, 7) == (False, 7, 0)


def test_errors_of_runtime_meters() -> None:
    with running(METER, USE) as cpu:
        assert meter(cpu, 4, -1)[2] == 0x8081
        assert meter(cpu, 3)[2] == 0x8091
        assert meter(cpu, 0, number=16)[2] == 0x8080
        assert meter(cpu, 0, number=15)[2] == 0
