"""Program alarms, and messages in the diagnostic buffer."""

from __future__ import annotations

from tests.fakes.virtual_plc.agreement import agree, program
from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.cpu import VirtualCpu

PUMP = """
FUNCTION_BLOCK "Pump"
VAR_INPUT level : Real; name : String; END_VAR
VAR high : Program_Alarm; low : Program_Alarm; END_VAR
BEGIN
  #high(SIG := #level > 90.0, SD_1 := #level, SD_2 := #name);
  #low(SIG := #level < 10.0, TIMESTAMP := LDT#2020-01-02-03:04:05);
END_FUNCTION_BLOCK
FUNCTION_BLOCK "Line" VAR left : "Pump"; right : "Pump"; END_VAR
BEGIN #left(level := "D".left, name := 'L'); #right(level := "D".right, name := 'R'); END_FUNCTION_BLOCK
DATA_BLOCK "Plant" "Line" BEGIN END_DATA_BLOCK
"""
MEMBERS = "left : Real := 50.0; right : Real := 50.0; free : UInt;"
MAIN = '"Plant"(); "D".free := Get_AlarmResources();'
NEW_YEAR = 1_577_934_245_000_000_000
"""2020-01-02 03:04:05 in nanoseconds since 1970."""


def events(cpu: VirtualCpu) -> list[tuple[str, bool, tuple[object, ...]]]:
    return [(each.alarm, each.coming, each.values[:2]) for each in cpu.surroundings.alarms.events]


def test_alarms_come_and_go_with_their_signal_and_have_the_name_of_their_instance() -> None:
    with running(MEMBERS, MAIN, before=PUMP) as cpu:
        cpu.run_cycles(2)
        assert events(cpu) == []
        cpu.write_many({'"D".left': 95.0, '"D".right': 5.0})
        before = cpu.surroundings.alarms.most
        assert cycle(cpu, "free", count=2) == before - 2
        assert events(cpu) == [('"Plant".left.high', True, (95.0, "L")), ('"Plant".right.low', True, (None, None))]
        found = list(cpu.surroundings.alarms.events)
        assert found[1].moment == NEW_YEAR
        assert found[0].moment > NEW_YEAR
        cpu.write('"D".left', 20.0)
        cpu.run_cycles(2)
        assert events(cpu)[2:] == [('"Plant".left.high', False, (20.0, "L"))]
        assert list(cpu.surroundings.alarms.pending) == ['"Plant".right.low']


def test_an_alarm_without_room_has_its_error_and_comes_later() -> None:
    with running(MEMBERS, MAIN, before=PUMP) as cpu:
        cpu.surroundings.alarms.most = 1
        cpu.write_many({'"D".left': 95.0, '"D".right': 95.0})
        cpu.run_cycles(2)
        assert [each[0] for each in events(cpu)] == ['"Plant".left.high']
        assert cpu.read('"Plant".right.high.Error') is True
        cpu.write('"D".left', 50.0)
        cpu.run_cycles(2)
        assert [each[:2] for each in events(cpu)[1:]] == [('"Plant".left.high', False), ('"Plant".right.high', True)]
        assert cpu.read('"Plant".right.high.Error') is False


def test_alarms_are_the_same_on_every_tier() -> None:
    source = PUMP + f'DATA_BLOCK "D" VAR {MEMBERS} END_VAR BEGIN END_DATA_BLOCK '
    made = program(source + f'ORGANIZATION_BLOCK "Main" BEGIN {MAIN} END_ORGANIZATION_BLOCK')
    assert agree(made, [{}, {'"D".left': 95.0}, {'"D".right': 1.0}, {'"D".left': 0.0}, {'"D".right': 50.0}]) == [""] * 5


def test_a_message_is_in_the_diagnostic_buffer() -> None:
    members = "mode : UInt; status : Int; values : AssocValues;"
    call = """
    IF "D".mode <> 0 THEN
      "D".status := Gen_UsrMsg(Mode := "D".mode, TextID := 7, TextListID := 3, AssocValues := "D".values);
      "D".mode := 0;
    END_IF;
    """
    with running(members, call) as cpu:
        cpu.write('"D".mode', 1)
        assert cycle(cpu, "status") == 0
        assert "Text 7 of text list 3" in cpu.diagnostics[0].text
        assert "comes" in cpu.diagnostics[0].text
        cpu.write('"D".mode', 2)
        cycle(cpu, "status")
        assert "goes" in cpu.diagnostics[0].text
        cpu.write('"D".mode', 3)
        assert cycle(cpu, "status") == 0x8080 - 0x10000
